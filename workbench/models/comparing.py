"""Is one model really better than another? The same paragraphs, drawn alike for both. Pure.

Paired bootstrap (Efron and Tibshirani 1993; for F1, Berg-Kirkpatrick, Burkett and Klein 2012, "An
empirical investigation of statistical significance in NLP"): each resample draws the same
paragraphs for both models, so that what is hard for both does not blur the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.figures import Answers, Figure, Tallies, describe
from workbench.models.resampling import Units, draw_groups

FIRST, SECOND, UNDECIDABLE = "first", "second", "neither shown"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both models, and second minus first with its interval.

    `second_better` is the share of the resamples in which the second model's
    figure is higher (equal ones count half); None where none is defined.
    """

    first: float | None
    second: float | None
    difference: Figure
    second_better: float | None

    @property
    def verdict(self) -> str:
        """FIRST or SECOND where the interval excludes 0, else UNDECIDABLE."""
        low, high = self.difference["low"], self.difference["high"]
        if low is not None and low > 0:
            return SECOND
        if high is not None and high < 0:
            return FIRST
        return UNDECIDABLE


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models on the same `paragraphs`; `codes` has each code's F1.

    `support` is how many of the paragraphs carry a code; under
    `classifier.MIN_EXAMPLES` it is one of the `insufficient`. `identical` where both
    gave the same codes with the same scores throughout.
    """

    paragraphs: int
    unit: str
    micro_f1: Difference
    macro_f1: Difference
    codes: dict[str, Difference]
    support: dict[str, int]
    identical: bool = False

    @property
    def insufficient(self) -> tuple[str, ...]:
        """The codes that too few paragraphs carry: their figures hang on one or two."""
        return tuple(code for code, n in self.support.items() if n < MIN_EXAMPLES)


def compare_answers(
    first: Answers, second: Answers, codes: Sequence[str], units: Units, seed: int
) -> ModelComparison:
    """Compare two models' answers to the same paragraphs, in the same order.

    A paragraph on whose code either table of labels is undecided counts for
    neither. Raises ValueError where the answers are not to the same labels.
    """
    decided = (first.labels != UNDECIDED) & (second.labels != UNDECIDED)
    if (
        first.labels.shape != second.labels.shape
        or ((first.labels != second.labels) & decided).any()
    ):
        raise ValueError("the two models were judged by different labels")
    labels = np.where(decided, first.labels, UNDECIDED)
    pair = [Answers(labels, side.scores, side.given) for side in (first, second)]
    tallies = [Tallies.of(side, units.groups) for side in pair]
    count = tallies[0].groups
    exact = [tally.measure(np.ones((1, count))) for tally in tallies]
    drawn = draw_groups(count, np.random.default_rng(seed))
    samples = [[tally.measure(weights) for tally in tallies] for weights in drawn]

    def differ(name: str, column: int = 0) -> Difference:
        a, b = (float(side[name][0, column]) for side in exact)
        spread = np.concatenate(
            [two[name][:, column] - one[name][:, column] for one, two in samples]
        )
        defined = spread[~np.isnan(spread)]
        wins = (defined > 0).mean() + (defined == 0).mean() / 2 if len(defined) else None
        return Difference(
            _plain(a), _plain(b), describe(b - a, spread), None if wins is None else _plain(wins)
        )

    return ModelComparison(
        paragraphs=len(labels),
        unit=units.name,
        micro_f1=differ("micro_f1"),
        macro_f1=differ("macro_f1"),
        codes={code: differ("f1", k) for k, code in enumerate(codes)},
        support=dict(zip(codes, (labels == 1).sum(axis=0).tolist(), strict=True)),
        identical=np.array_equal(first.given, second.given)
        and np.array_equal(first.scores, second.scores),
    )


def explain_difference(name: str, measured: Difference, first: str, second: str) -> str:
    """The verdict on one figure in a plain sentence; `name` is what the figure is called."""
    shift = measured.difference
    if shift["value"] is None:
        return f"{name} is undefined for one of the two: no paragraph has or is given a code."
    if shift["low"] is None or shift["high"] is None:
        return f"Too few paragraphs to say which of the two has the higher {name}."
    interval = f"[{shift['low']:+.3f}, {shift['high']:+.3f}]"
    if measured.verdict == UNDECIDABLE:
        narrow = " More gold paragraphs would narrow it." if shift["low"] < shift["high"] else ""
        return (
            f"It is not shown that either is better: {second} has {shift['value']:+.3f} {name}"
            f" {interval}, an interval that holds 0.{narrow}"
        )
    if measured.verdict == SECOND:
        better, worse, low, high = second, first, shift["low"], shift["high"]
    else:
        better, worse, low, high = first, second, -shift["high"], -shift["low"]
    return (
        f"{better} is really better than {worse}: its {name} is higher by"
        f" {abs(shift['value']):.3f} [{low:.3f}, {high:.3f}], an interval without 0."
    )


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
