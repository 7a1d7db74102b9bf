"""Drawing whole reports: the paragraphs of a report are not independent of each other.

The cluster bootstrap (Davison and Hinkley 1997, Bootstrap Methods and their
Application, section 3.8) draws as many reports as there are, each with all its
paragraphs. With a handful of reports it would draw from a handful of values,
so paragraphs are drawn there, and the records say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.annotations.bootstrap import BY_REPORT, Resampled, draw_weights, seed_for
from workbench.annotations.matrices import MISSING, CodingMatrix, number_groups

#: From so many reports with paragraphs that two coders coded, reports are drawn.
ENOUGH_REPORTS = 10
#: How many numbers a step holds in memory at once.
HELD = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ReportDraws:
    """How often each report was drawn in each resample, the same for every figure.

    `report_of` numbers each unit's report; the first `pairable` reports hold
    paragraphs that two coders coded, the others do not and are drawn apart.
    `times` (resamples x reports, uint16).
    """

    report_of: np.ndarray
    pairable: int
    times: np.ndarray

    def resample(self, pattern_of: np.ndarray, patterns: int) -> Resampled:
        """Resampled weights of patterns, from each unit's pattern (MISSING: none)."""
        held = self.count_patterns(pattern_of, patterns)
        reports = len(held)
        return Resampled(
            drawn=self.weigh(held),
            without=held.sum(axis=0) - held,
            times=np.ones(reports),
            strata=(np.arange(reports) >= self.pairable).astype(np.intp),
            count=self.pairable,
            unit=BY_REPORT,
        )

    def count_patterns(self, pattern_of: np.ndarray, patterns: int) -> np.ndarray:
        """Reports x patterns: how many units of a report have a pattern."""
        reports = self.times.shape[1]
        known = pattern_of != MISSING
        places = self.report_of[known] * patterns + pattern_of[known]
        counted = np.bincount(places, minlength=reports * patterns)
        return counted.reshape(reports, patterns).astype(float)

    def weigh(self, held: np.ndarray) -> np.ndarray:
        """Resamples x columns: what the drawn reports hold together; `held` has a row a report."""
        resamples, reports = self.times.shape
        weighed = np.empty((resamples, held.shape[1]))
        step = max(1, HELD // max(reports, 1))
        for start in range(0, resamples, step):
            block = self.times[start : start + step]
            weighed[start : start + step] = block.astype(float) @ held
        return weighed


def draw_reports(
    matrix: CodingMatrix, reports: Mapping[str, str] | None, resamples: int, seed: int
) -> ReportDraws | None:
    """The draws, or None where there are fewer than ENOUGH_REPORTS reports to draw.

    `reports` maps a unit to its report; a unit that it does not name is a
    report of its own.
    """
    if reports is None or count_reports(matrix, reports) < ENOUGH_REPORTS:
        return None
    names, numbers = number_groups(matrix.units, reports)
    alone = numbers == MISSING
    numbers = np.where(alone, len(names) + np.cumsum(alone) - 1, numbers)
    paired = (matrix.cells != MISSING).sum(axis=1) >= 2
    some = np.bincount(numbers, paired) > 0
    order = np.argsort(~some, kind="stable")
    ranks = np.empty(len(order), dtype=np.intp)
    ranks[order] = np.arange(len(order))
    rng = seed_for(seed, "reports")
    pairable = int(some.sum())
    strata = [draw_weights(np.ones(n), resamples, rng) for n in (pairable, len(some) - pairable)]
    return ReportDraws(ranks[numbers], pairable, np.concatenate(strata, axis=1).astype(np.uint16))


def count_reports(matrix: CodingMatrix, reports: Mapping[str, str] | None) -> int:
    """How many known reports have a paragraph that two coders coded."""
    if reports is None:
        return 0
    paired = (matrix.cells != MISSING).sum(axis=1) >= 2
    _, numbers = number_groups(matrix.units, reports)
    return len(np.unique(numbers[paired & (numbers != MISSING)]))
