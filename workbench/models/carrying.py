"""What still holds of a model's answer on a report unlike its training data. Pure.

The codebook's phrases carry over to any publisher, what a model learned of words
and headings does less. So its answer counts half there, and the phrases half.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from workbench.models.coldstart import ColdStart
from workbench.models.prediction import BATCH_SIZE, LoadedModel, Text
from workbench.records import Evidence, Prediction

T = TypeVar("T", bound=Text)


@dataclass(frozen=True, slots=True)
class Carrier(Generic[T]):
    """A model whose answers are carried over where `careful` says so of a row.

    Both must know the same phrases: `cold` answers from what the model has read.
    """

    model: LoadedModel
    cold: ColdStart
    phrased: frozenset[str]
    careful: Callable[[T], bool]

    def predict(
        self, rows: Iterable[T], *, evidence: bool = True, batch_size: int = BATCH_SIZE
    ) -> Iterator[Prediction]:
        """As `LoadedModel.predict`; `careful` is asked when a row's batch is answered."""
        remaining = iter(rows)
        while batch := list(islice(remaining, batch_size)):
            read, answers = self.model.answer(batch, evidence=evidence)
            asked = np.flatnonzero(list(map(self.careful, batch)))
            plain = self.cold.answer(read.take(asked), evidence=evidence) if asked.size else ()
            for row, phrases in zip(asked.tolist(), plain, strict=True):
                answers[row] = carry_over(
                    answers[row],
                    phrases,
                    self.model.info.thresholds,
                    self.cold.thresholds,
                    self.phrased,
                )
            yield from answers


def carry_over(
    learned: Prediction,
    plain: Prediction,
    thresholds: Mapping[str, float],
    plain_thresholds: Mapping[str, float],
    phrased: Collection[str],
) -> Prediction:
    """A model's prediction and the codebook's as one, on the model's scale.

    A score's margin is its distance from its threshold as a part of the way to
    the end of the scale, -1 to 1. The margin of a code is the mean of the two;
    for codes without indicator phrases (not in `phrased`) it is the model's.
    `scores` are such that the model's `thresholds` still decide.
    """
    scores = {}
    for code, score in learned.scores.items():
        threshold = thresholds[code]
        if code in phrased:
            margin = _margin(score, threshold)
            margin = (margin + _margin(plain.scores[code], plain_thresholds[code])) / 2
            way = 1 - threshold if margin >= 0 else threshold
            score = round(threshold + margin * way, 6)
        scores[code] = score
    codes = tuple(sorted(code for code, score in scores.items() if score >= thresholds[code]))
    return Prediction(codes, scores, _evidence(learned, plain, codes))


def _margin(score: float, threshold: float) -> float:
    if score < threshold:
        return score / threshold - 1
    return (score - threshold) / (1 - threshold) if threshold < 1 else 0.0


def _evidence(
    learned: Prediction, plain: Prediction, codes: tuple[str, ...]
) -> tuple[Evidence, ...]:
    found = [item for item in learned.evidence if item.code in codes]
    shown = {item.code for item in found}
    found += [item for item in plain.evidence if item.code in codes and item.code not in shown]
    return tuple(sorted(found, key=lambda item: (item.code, item.start)))
