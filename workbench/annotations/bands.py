"""How far a code can be relied on: the bands, and why a code has none."""

from dataclasses import dataclass

from workbench.annotations.figures import Figure, Interval

#: Krippendorff 2004, Content Analysis, p. 241: rely on .800, tentatively on .667.
RELIABLE, TENTATIVE = 0.800, 0.667
#: Below this many paragraphs with the code, or without it, an interval says little.
FEWEST_POSITIVES = 15


@dataclass(frozen=True, slots=True)
class Verdict:
    """A band, and the reason where it is "insufficient" or "undefined"."""

    band: str
    reason: str = ""


def judge(alpha: Figure, interval: Interval, positives: int, negatives: int) -> Verdict:
    """How far a code can be relied on, judged at the lower end of alpha's interval.

    `positives` are the pairable paragraphs to which a coder gave the code,
    `negatives` those from which one withheld it. Too few of either is
    insufficient: where nearly all paragraphs have the code, agreement rests on
    the few that do not.
    """
    if alpha.value is None:
        return Verdict("undefined", alpha.reason)
    if reason := too_few(positives, negatives):
        return Verdict("insufficient", reason)
    if interval.low is None:
        return Verdict("undefined", interval.reason)
    if interval.low >= RELIABLE:
        return Verdict("reliable")
    return Verdict("tentative" if interval.low >= TENTATIVE else "unreliable")


def too_few(positives: int, negatives: int) -> str:
    """Why these are too few paragraphs to judge agreement by; empty where they are enough."""
    for number, what in ((positives, "have"), (negatives, "lack")):
        if number < FEWEST_POSITIVES:
            some = f"only {number} paragraphs" if number != 1 else "only 1 paragraph"
            verb = what if number != 1 else {"have": "has", "lack": "lacks"}[what]
            return f"{some} {verb} the code by any coder; fewer than {FEWEST_POSITIVES} say little"
    return ""
