"""One part's agreement against another's: calibration against the rest, shown against hidden."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.annotations import bootstrap
from workbench.annotations.breakdowns import (
    GroupAgreement,
    measure_group,
    rows_of,
)
from workbench.annotations.figures import Figure, Interval
from workbench.annotations.matrices import CodingMatrix

#: The name under which alpha over sets of codes stands among the codes.
ALL_CODES = "all (MASI)"
HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear difference"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first part's alpha less the second's, for one code or over sets of codes.

    `verdict` is "higher" or "lower" (the first, where the interval leaves out
    0), "no clear difference", "insufficient" or "undefined", the last two with
    a `reason`.
    """

    code: str
    value: Figure
    interval: Interval
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """Two parts and, per code and then over sets of codes, how their alphas differ."""

    first: GroupAgreement
    second: GroupAgreement
    differences: tuple[Difference, ...]


def compare_groups(
    matrix: CodingMatrix,
    first: Collection[str],
    second: Collection[str],
    names: tuple[str, str],
    *,
    reports: Mapping[str, str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> GroupComparison:
    """Compare agreement on two sets of units that have none in common.

    The interval of the difference takes each part's own interval for how far
    its alpha may be off on either side (MOVER: Zou and Donner 2008, Statistics
    in Medicine 27), the parts being drawn apart.
    """
    one, other = (
        measure_group(matrix.keep(rows_of(matrix, units)), name, reports, resamples, seed)
        for units, name in zip((first, second), names, strict=True)
    )
    differences = [
        _difference(left.code, names, (left.alpha, right.alpha), (left.interval, right.interval))
        for left, right in zip(one.codes, other.codes, strict=True)
    ]
    differences.append(
        _difference(
            ALL_CODES, names, (one.masi, other.masi), (one.masi_interval, other.masi_interval)
        )
    )
    return GroupComparison(one, other, tuple(differences))


def _difference(
    code: str,
    names: tuple[str, str],
    alphas: tuple[Figure, Figure],
    intervals: tuple[Interval, Interval],
) -> Difference:
    for name, alpha in zip(names, alphas, strict=True):
        if alpha.value is None:
            reason = f"{name}: {alpha.reason}"
            missing = Interval(None, None, reason)
            return Difference(code, Figure(None, reason), missing, "undefined", reason)
    x, y = (alpha.value or 0.0 for alpha in alphas)
    value = Figure(x - y)
    ends = []
    for name, interval in zip(names, intervals, strict=True):
        if interval.low is None or interval.high is None:
            reason = f"{name}: {interval.reason}"
            return Difference(code, value, Interval(None, None, reason), "insufficient", reason)
        ends.append((interval.low, interval.high))
    (low_x, high_x), (low_y, high_y) = ends
    low = x - y - float(np.hypot(x - low_x, high_y - y))
    high = x - y + float(np.hypot(high_x - x, y - low_y))
    unit = intervals[0].unit if intervals[0].unit == intervals[1].unit else bootstrap.BY_PARAGRAPH
    verdict = HIGHER if low > 0 else LOWER if high < 0 else UNCLEAR
    return Difference(code, value, Interval(low, high, method="MOVER", unit=unit), verdict)
