"""Annotations that the model doubts: those to look at again. Pure.

Confident learning (Northcutt, Jiang and Chuang 2021): a label is doubted where the model, which has
not seen the paragraph's report, is as sure of the opposite as it is on average of those that have
the opposite label. So a code on which the model is never sure does not fill the list.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Coding(Protocol):
    """One coder's decision on one paragraph (`unit`)."""

    @property
    def unit(self) -> str: ...
    @property
    def coder(self) -> str: ...
    @property
    def codes(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """One coder's decision on one code that the model would have taken the other way.

    `given` says whether the coder gave the code, `score` is the model's for it.
    `confidence` is what the model gives the coder's decision (Northcutt's
    self-confidence): the lower, the more doubted. `agreeing` of the `others`
    coders of the paragraph decided as this one did.
    """

    paragraph_id: str
    coder: str
    code: str
    given: bool
    score: float
    confidence: float
    agreeing: int
    others: int


def find_doubts(
    codings: Iterable[Coding], scores: Mapping[str, Sequence[float]], codes: Sequence[str]
) -> list[Doubt]:
    """The doubted decisions, the most doubted first.

    `scores` has, for each paragraph that was held out, the score of each of
    `codes`; decisions on other paragraphs cannot be judged and are left out.
    A decision is doubted where the score of its opposite is at least the mean
    score of the opposite among the decisions that are so, and above a half.
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
        sure = _mean_where(table[:, k], given[:, k]), _mean_where(1 - table[:, k], ~given[:, k])
        needed = np.where(given[:, k], sure[1], sure[0])
        for place in np.flatnonzero((opposite >= needed) & (opposite > 0.5)):
            coding, chose = held[place], bool(given[place, k])
            yes, others = int(counts[coding.unit][k]), coders[coding.unit] - 1
            doubts.append(
                Doubt(
                    paragraph_id=coding.unit,
                    coder=coding.coder,
                    code=code,
                    given=chose,
                    score=round(float(table[place, k]), 4),
                    confidence=round(float(confidence[place]), 4),
                    agreeing=yes - 1 if chose else others - yes,
                    others=others,
                )
            )
    return sorted(doubts, key=lambda d: (d.confidence, d.agreeing, d.paragraph_id, d.coder, d.code))


def _mean_where(values: np.ndarray, rows: np.ndarray) -> float:
    """The mean of some values; above 1, which no score reaches, where there are none."""
    return float(values[rows].mean()) if rows.any() else 2.0
