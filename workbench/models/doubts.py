"""Annotations that the model doubts: those to look at again. Pure.

Confident learning (Northcutt, Jiang and Chuang 2021): a decision is judged by a model that has not
seen the paragraph's report. Its score is held against the mean score of all decisions like it, that
of its opposite against the mean of those like the opposite. It is doubted where the opposite comes
out further above its mean, or less below it. So a code on which the model is seldom sure neither
fills the list nor stays out of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.models.ceiling import Coding


@dataclass(frozen=True, slots=True)
class Doubt:
    """One coder's decision on one code that the model would have taken the other way.

    `given` says whether the coder gave the code, `score` is the model's for it.
    `confidence` is what the model gives the coder's decision (Northcutt's
    self-confidence). `agreeing` of the `others` coders of the paragraph decided
    as this one did. `quality` is the share that stands for the decision when
    the model counts as one more coder: (confidence + agreeing) / (1 + others).
    """

    paragraph_id: str
    coder: str
    code: str
    given: bool
    score: float
    confidence: float
    agreeing: int
    others: int

    @property
    def quality(self) -> float:
        return (self.confidence + self.agreeing) / (1 + self.others)


def find_doubts(
    codings: Iterable[Coding], scores: Mapping[str, Sequence[float]], codes: Sequence[str]
) -> list[Doubt]:
    """The doubted decisions, the lowest quality first.

    `scores` has, for each paragraph that was held out, the score of each of
    `codes`; decisions on other paragraphs cannot be judged and are left out.
    Where nobody, or everybody, was given a code there is no mean to hold a
    score against, and no doubt.
    """
    held = sorted(
        (coding for coding in codings if coding.unit in scores),
        key=lambda coding: (coding.unit, coding.coder),
    )
    if not held:
        return []
    given = np.array([[code in coding.codes for code in codes] for coding in held])
    table = np.array([scores[coding.unit] for coding in held], dtype=float)
    counts: dict[str, np.ndarray] = {}
    coders: dict[str, int] = {}
    for coding, row in zip(held, given, strict=True):
        counts[coding.unit] = counts.get(coding.unit, np.zeros(len(codes), int)) + row
        coders[coding.unit] = coders.get(coding.unit, 0) + 1
    doubts = []
    for k, code in enumerate(codes):
        opposite = np.where(given[:, k], 1 - table[:, k], table[:, k])
        confidence = 1 - opposite
        yes, no = given[:, k], ~given[:, k]
        if not yes.any() or not no.any():
            continue
        usual_yes, usual_no = table[yes, k].mean(), (1 - table[no, k]).mean()
        usual = np.where(yes, usual_yes, usual_no), np.where(yes, usual_no, usual_yes)
        for place in np.flatnonzero(opposite - usual[1] > confidence - usual[0]):
            coding, chose = held[place], bool(given[place, k])
            gave, others = int(counts[coding.unit][k]), coders[coding.unit] - 1
            doubts.append(
                Doubt(
                    paragraph_id=coding.unit,
                    coder=coding.coder,
                    code=code,
                    given=chose,
                    score=round(float(table[place, k]), 4),
                    confidence=round(float(confidence[place]), 4),
                    agreeing=gave - 1 if chose else others - gave,
                    others=others,
                )
            )
    return sorted(doubts, key=lambda d: (d.quality, d.paragraph_id, d.coder, d.code))
