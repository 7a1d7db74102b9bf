"""Which words of a paragraph carried a code.

For a linear model this is exact: the log-odds of a code are the intercept plus
the sum over features of weight times value. Each feature of the text belongs
to certain words, so its share goes to them in equal parts; the shares of the
headings belong to no word of the text and are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.pipeline import FeatureUnion

from workbench.models.classifier import ParagraphClassifier
from workbench.models.features import PhraseFeatures
from workbench.models.reading import ReadRow
from workbench.records import Evidence

#: The most stretches of text shown per code, and the least share of the
#: strongest one's weight that any other must have (words likewise, in a run).
MOST = 5
LEAST_SHARE = 0.15

_BETWEEN_WORDS = re.compile(r"[\s/\u2010-\u2015-]+")


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    weight: float


class Explainer:
    """Finds the evidence in texts for what one fitted classifier said of them."""

    def __init__(self, classifier: ParagraphClassifier, codes: Sequence[str]) -> None:
        union: FeatureUnion = classifier.features_
        steps = dict(union.transformer_list)
        phrases: PhraseFeatures = steps["phrases"]
        self._weights = dict(zip(codes, classifier.coef_, strict=True))
        self._phrase_codes = phrases.codes
        self._first_word = len(phrases.codes) * phrases.WIDTH
        self._terms: list[str] = steps["words"].terms_.tolist()

    def explain(
        self, text: str, row: ReadRow, features: csr_matrix, codes: Iterable[str]
    ) -> tuple[Evidence, ...]:
        """The stretches of `text` that spoke for each of `codes`, by code, then by offset.

        `features` is the one row of the feature table that belongs to `row`.
        """
        found = []
        for code in codes:
            shares = features.data * self._weights[code][features.indices]
            carried = dict(zip(features.indices.tolist(), shares.tolist(), strict=True))
            stretches = self._weigh_stretches(text, row, carried)
            found += [
                Evidence(code, s.start, s.end, text[s.start : s.end]) for s in _strongest(stretches)
            ]
        return tuple(found)

    def _weigh_stretches(
        self, text: str, row: ReadRow, carried: Mapping[int, float]
    ) -> list[_Stretch]:
        """Indicator phrases, and runs of neighbouring words that count between them."""
        words = self._weigh_words(row, carried)
        least = LEAST_SHARE * max(words.max(initial=0.0), 0.0)
        phrases = self._weigh_phrases(row, carried)
        stretches: list[_Stretch] = []
        run: _Stretch | None = None
        for (start, end), weight in zip(row.spans, words, strict=True):
            inside = [span for span in phrases if span[0] < end and start < span[1]]
            if inside:
                phrases[inside[0]] += weight
            if inside or weight <= least:
                run = None
            elif run is not None and _BETWEEN_WORDS.fullmatch(text, run.end, start):
                stretches[-1] = run = _Stretch(run.start, end, run.weight + weight)
            else:
                run = _Stretch(start, end, weight)
                stretches.append(run)
        stretches += [_Stretch(*span, weight) for span, weight in phrases.items()]
        return stretches

    def _weigh_words(self, row: ReadRow, carried: Mapping[int, float]) -> np.ndarray:
        """The share of each word of the text, its part of the pairs included."""
        places: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for i, word in enumerate(row.words):
            places[word].append((i,))
            if i:
                places[f"{row.words[i - 1]} {word}"].append((i - 1, i))
        weights = np.zeros(len(row.words))
        for column, share in carried.items():
            term = column - self._first_word
            if 0 <= term < len(self._terms):
                occurrences = places[self._terms[term]]
                for occurrence in occurrences:
                    for i in occurrence:
                        weights[i] += share / len(occurrences) / len(occurrence)
        return weights

    def _weigh_phrases(
        self, row: ReadRow, carried: Mapping[int, float]
    ) -> dict[tuple[int, int], float]:
        """The share of each indicator phrase; those that overlap become one stretch."""
        per_code = defaultdict(list)
        for find in row.finds:
            per_code[find.code].append((find.start, find.end))
        spans = _merge([span for spans in per_code.values() for span in spans])
        weights = dict.fromkeys(spans, 0.0)
        for k, code in enumerate(self._phrase_codes):
            first = k * PhraseFeatures.WIDTH
            of_text = range(first, first + PhraseFeatures.WIDTH - 1)
            share = sum(carried.get(column, 0.0) for column in of_text)
            for start, end in per_code[code]:
                whole = next(span for span in spans if span[0] <= start and end <= span[1])
                weights[whole] += share / len(per_code[code])
        return weights


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _strongest(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The few that count, in the order of the text."""
    ranked = sorted((s for s in stretches if s.weight > 0), key=lambda s: (-s.weight, s.start))
    top = [s for s in ranked[:MOST] if s.weight >= LEAST_SHARE * ranked[0].weight]
    return sorted(top, key=lambda s: s.start)
