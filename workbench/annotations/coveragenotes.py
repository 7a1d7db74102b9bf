"""What the agreement report notes on what was coded, and on what its intervals draw. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.annotations.figures import CodeAgreement, CoderShare
from workbench.annotations.reportdraws import ENOUGH_REPORTS, ReportDraws

#: Codes that a note names; of more the number is told.
_NAMED = 5


def count_of(number: int, what: str) -> str:
    """`number` things, `what` in the singular."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def why_drawn(draws: ReportDraws | None, known: int, given: bool) -> str:
    """What the intervals draw, and why, as sentences.

    `known` is how many reports have a paragraph that two coders coded, `given`
    whether it is known of any paragraph which report it is from.
    """
    if draws is not None:
        return (
            f"Whole reports were drawn, {known} of them: paragraphs of one report are not "
            "independent of each other."
        )
    if not given:
        return "Paragraphs were drawn: it is not known which reports they are from."
    have = "has" if known == 1 else "have"
    return (
        f"Paragraphs were drawn: {count_of(known, 'report')} {have} paragraphs that two coders "
        f"coded, and it takes {ENOUGH_REPORTS} to draw reports. Paragraphs of one report resemble "
        "one another, so the intervals may be too narrow."
    )


def notes_on_coverage(
    paragraphs: int, shares: Sequence[CoderShare], per_unit: np.ndarray
) -> Iterable[str]:
    """What is missing of a full table of coders, and how each figure weighs what is there.

    `per_unit` is how many coders coded each of the `paragraphs`. The weights
    are those of the formulas in `coefficients.py`.
    """
    if alone := paragraphs - int((per_unit >= 2).sum()):
        were, they = ("was", "it counts") if alone == 1 else ("were", "they count")
        yield (
            f"{alone:,} of {count_of(paragraphs, 'paragraph')} {were} coded by one coder only: "
            f"{they} only towards the chance agreement of AC1, of Conger's kappa and of Gwet's "
            "form of Fleiss' kappa."
        )
    for share in shares:
        if not share.pairable:
            yield f"{share.coder} coded no paragraph that another coder coded."
    numbers = [share.paragraphs for share in shares]
    if min(numbers) != max(numbers):
        yield (
            f"The coders coded different amounts, {min(numbers):,} to {max(numbers):,} paragraphs."
        )
    several = per_unit[per_unit >= 2]
    if several.min() != several.max():
        yield (
            f"Of the paragraphs coded by two coders or more, some were coded by {several.min()}, "
            f"some by up to {several.max()}. One of m codings weighs m in alpha (of a code and "
            "over sets) and in prevalence, m (m - 1) in positive and negative agreement, "
            "and as much as any other in AC1, percent agreement, the kappas of Fleiss and Conger "
            "and Brennan-Prediger. A kappa of two coders is of what both coded."
        )


def notes_on_undisputed(codes: Iterable[CodeAgreement], reports_drawn: bool) -> Iterable[str]:
    """That intervals of undisputed codes count paragraphs, where the others draw reports."""
    names = [code.code for code in codes if code.alpha_interval.method == "exact"]
    names = names if reports_drawn else []
    if names:
        more = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
        yield (
            f"No paragraph was disputed on {', '.join(names[:_NAMED])}{more}, so that drawing "
            "reports would show nothing: the interval there is exact and counts paragraphs. As "
            "paragraphs of one report resemble one another, it may be too narrow."
        )
