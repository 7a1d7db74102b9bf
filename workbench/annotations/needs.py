"""How many more paragraphs must be coded twice for an interval of a given width. Pure.

The standard error of alpha falls with the square root of the number of
paragraphs (or reports), so n * (width now / width wanted)^2 of them give the
width wanted, if what is coded next is like what was coded so far: the same
prevalence, the same agreement, as many coders a paragraph. The width now is
that of 2 * 1.96 standard deviations of the resampled alphas. Where no
paragraph was disputed the limit falls with n itself.
"""

import math
from dataclasses import dataclass

from workbench.annotations.bands import FEWEST_POSITIVES
from workbench.annotations.bootstrap import BY_REPORT, student_z
from workbench.annotations.figures import Agreement, CodeAgreement

#: The width of a 95 % interval that is asked for unless said otherwise.
WIDTH = 0.2
#: An infinite number of things drawn: the normal distribution's own reach.
_ENDLESS = 10**9


@dataclass(frozen=True, slots=True)
class Need:
    """What a code needs for an alpha interval as wide as `wanted`.

    `width` is that of the interval now, `paragraphs` how many coded by two or
    more are needed in all, `more` how many beyond those there are, `reports`
    how many reports in all where reports were drawn. Each None, with the
    `reason`, where it cannot be said. `certain` is False where the code is
    insufficient: the estimate then rests on few paragraphs, and is at least
    what it takes for the code to be judged at all.
    """

    code: str
    wanted: float
    width: float | None
    paragraphs: int | None
    more: int | None
    reports: int | None = None
    certain: bool = True
    reason: str = ""


def paragraphs_needed(agreement: Agreement, width: float = WIDTH) -> tuple[Need, ...]:
    """What each code needs for an alpha interval as wide as `width`."""
    return tuple(_need(code, agreement, width) for code in agreement.codes)


def _need(code: CodeAgreement, agreement: Agreement, wanted: float) -> Need:
    interval = code.alpha_interval
    if interval.low is None or interval.high is None:
        reason = interval.reason or code.alpha.reason
        return Need(code.code, wanted, None, None, None, certain=False, reason=reason)
    now = interval.high - interval.low
    if interval.spread is not None:
        factor = (2 * student_z(_ENDLESS) * interval.spread / wanted) ** 2
    else:
        factor = now / wanted
    few = min(code.positives, code.negatives)
    # Fewer positives than it takes to judge a code are not enough, however narrow the interval.
    factor = max(factor, FEWEST_POSITIVES / few)
    needed = max(2, math.ceil(code.pairable * factor))
    by_report = agreement.drawn == BY_REPORT and interval.spread is not None
    return Need(
        code=code.code,
        wanted=wanted,
        width=now,
        paragraphs=needed,
        more=max(0, needed - code.pairable),
        reports=math.ceil(agreement.reports * factor) if by_report else None,
        certain=few >= FEWEST_POSITIVES,
        reason="" if few >= FEWEST_POSITIVES else code.band_reason,
    )
