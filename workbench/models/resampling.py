"""What a bootstrap draws: whole reports, or paragraphs with their near duplicates. Pure.

Figures vary with the reports that happened to be coded, and paragraphs of one report resemble one
another. So whole reports are drawn where there are enough of them (the cluster bootstrap: Davison
and Hinkley 1997, section 3.8). With a few reports that would draw from a handful of values, so
paragraphs are drawn; near duplicates always together, or copies would narrow the interval.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

SAMPLES = 1000
LEVEL = 0.95
#: From so many reports on they are drawn, not their paragraphs.
ENOUGH_REPORTS = 10
BY_REPORT = "report"
BY_PARAGRAPH = "paragraph"
# Bounds the memory of one step to this many rows of resampled weights.
_SAMPLES_AT_A_TIME = 100


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is drawn: `name` is BY_REPORT or BY_PARAGRAPH, `groups` a number per paragraph.

    Paragraphs with the same number are drawn together or not at all.
    """

    name: str
    groups: np.ndarray

    def keep(self, rows: np.ndarray) -> "Units":
        """The units of the rows of a Boolean mask."""
        return Units(self.name, self.groups[rows])

    def describe(self, seed: int) -> dict[str, object]:
        """How intervals were drawn, as plain JSON types."""
        return {"samples": SAMPLES, "level": LEVEL, "unit": self.name, "seed": seed}


def choose_units(reports: Sequence[str], duplicates: np.ndarray) -> Units:
    """Reports where there are ENOUGH_REPORTS, else the clusters of near duplicates.

    `reports` and `duplicates` (see `folds.group_duplicates`) have an entry per paragraph.
    """
    by_report = np.unique(np.asarray(reports, dtype=str), return_inverse=True)[1]
    if len(np.unique(by_report)) >= ENOUGH_REPORTS:
        return Units(BY_REPORT, by_report)
    return Units(BY_PARAGRAPH, np.asarray(duplicates))


def draw_groups(count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """How often each of `count` groups was drawn, SAMPLES rows in blocks of (resamples, groups)."""
    for _ in range(0, SAMPLES, _SAMPLES_AT_A_TIME):
        if count:
            yield rng.multinomial(count, np.full(count, 1 / count), size=_SAMPLES_AT_A_TIME)
        else:
            yield np.zeros((_SAMPLES_AT_A_TIME, 0))


def sum_groups(group: np.ndarray, count: int, table: np.ndarray) -> np.ndarray:
    """The rows of `table` summed by `group`, the number of each in 0 ... `count` - 1."""
    ones = np.ones(len(group))
    summing = csr_matrix((ones, (group, np.arange(len(group)))), shape=(count, len(group)))
    return np.asarray(summing @ table.astype(float))


def interval_of(spread: np.ndarray) -> tuple[float | None, float | None]:
    """The percentile interval of resampled figures; None twice where under half are defined."""
    defined = spread[~np.isnan(spread)]
    if not len(spread) or 2 * len(defined) < len(spread):
        return None, None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)
