"""Which words of a paragraph carried a code.

For a linear model this is exact: the log-odds of a code are the intercept plus
the sum over features of weight times value. Each feature of the text belongs
to certain words, so its share goes to them in equal parts; the shares of the
headings belong to no word of the text and are left out.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.pipeline import FeatureUnion

from workbench.models.classifier import ParagraphClassifier
from workbench.models.features import PhraseFeatures, WordFeatures
from workbench.models.hints import HintFeatures
from workbench.models.reading import ReadRow
from workbench.models.terms import TermPlaces
from workbench.records import Evidence

#: The most stretches of text shown per code, and the least share of the
#: strongest one's weight that any other must have (words likewise, in a run).
MOST = 5
LEAST_SHARE = 0.15

_START_OF, _END_OF = itemgetter(0), itemgetter(1)
_BETWEEN_WORDS = re.compile(r"[\s/\u2010-\u2015-]+")


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the words and the phrases of one text stand.

    `phrases` are the stretches that indicator phrases take up, `of_phrase` the
    number of the phrase that a word (by its number) belongs to, `finds` for
    each find its code, the number of its phrase, and its part in the code's share.
    """

    text: str
    words: tuple[tuple[int, int], ...]
    phrases: tuple[tuple[int, int], ...]
    of_phrase: Mapping[int, int]
    finds: tuple[tuple[str, int, float], ...]


class Explainer:
    """Finds the evidence in texts for what one fitted classifier said of them."""

    def __init__(self, classifier: ParagraphClassifier, codes: Sequence[str]) -> None:
        self._codes = tuple(codes)
        self._weights = classifier.coef_
        # The blocks of features that belong to words of the text, each with its first column.
        self._terms: list[tuple[int, WordFeatures | HintFeatures]] = []
        union: FeatureUnion = classifier.features_
        end = 0
        for _, part in union.transformer_list:
            first, end = end, end + part.width_
            if isinstance(part, PhraseFeatures):
                self._phrase_codes, self._phrases = part.codes, slice(first, end)
            elif isinstance(part, HintFeatures) or (
                isinstance(part, WordFeatures) and not part.heading
            ):
                self._terms.append((first, part))

    def explain(
        self, rows: Sequence[ReadRow], table: csr_matrix, given: np.ndarray
    ) -> list[tuple[Evidence, ...]]:
        """For each row the stretches that spoke for the codes given, by code, then by offset.

        `table` holds the features of `rows`; `given` (rows, codes) says which
        codes are asked for.
        """
        found: list[list[Evidence]] = [[] for _ in rows]
        asked = np.flatnonzero(given.any(axis=1))
        chosen = [rows[i] for i in asked]
        places = [_find_places(row) for row in chosen]
        ends = np.cumsum([0, *(len(row.words) for row in chosen)])
        spread = self.share_words(chosen, table[asked])
        of_phrases = self.share_phrases(table[asked])
        for k in sorted(range(len(self._codes)), key=self._codes.__getitem__):
            weights = spread(k)
            for n in np.flatnonzero(given[asked, k]).tolist():
                of_codes = dict(zip(self._phrase_codes, of_phrases[n, :, k].tolist(), strict=True))
                of_words = weights[ends[n] : ends[n + 1]].tolist()
                stretches = _weigh_stretches(places[n], of_words, of_codes)
                text = chosen[n].text
                found[asked[n]] += [
                    Evidence(self._codes[k], s.start, s.end, text[s.start : s.end])
                    for s in _strongest(stretches)
                ]
        return [tuple(evidence) for evidence in found]

    def share_words(
        self, rows: Sequence[ReadRow], table: csr_matrix
    ) -> Callable[[int], np.ndarray]:
        """For a code's number the share of each word of `rows`, its part of the pairs included."""
        at = self._find_terms(rows)
        cells = at.rows * table.shape[1] + at.columns
        _, place, counts = np.unique(cells, return_inverse=True, return_counts=True)
        values = _look_up(table, cells) / counts[place] / at.lengths
        pairs = at.lengths == 2
        words = np.concatenate([at.first, at.first[pairs] + 1])
        size = sum(len(row.words) for row in rows)

        def weigh(k: int) -> np.ndarray:
            shares = values * self._weights[k, at.columns]
            return np.bincount(words, np.concatenate([shares, shares[pairs]]), minlength=size)

        return weigh

    def _find_terms(self, rows: Sequence[ReadRow]) -> TermPlaces:
        """Where the terms of all blocks stand; columns are those of the whole table."""
        found = [(first, block.find_terms(rows)) for first, block in self._terms]
        return TermPlaces(
            np.concatenate([places.rows for _, places in found]),
            np.concatenate([places.first for _, places in found]),
            np.concatenate([places.lengths for _, places in found]),
            np.concatenate([places.columns + first for first, places in found]),
        )

    def share_phrases(self, table: csr_matrix) -> np.ndarray:
        """The shares (rows, codes of the phrases, codes) of each code's phrases in the text."""
        shape = (-1, len(self._phrase_codes), PhraseFeatures.WIDTH)
        values = table[:, self._phrases].toarray().reshape(shape)[:, :, :-1]
        weights = self._weights[:, self._phrases].reshape(shape)[:, :, :-1]
        return np.einsum("rjw,kjw->rjk", values, weights)


def _look_up(table: csr_matrix, cells: np.ndarray) -> np.ndarray:
    """The values of `table` in `cells`, which are row * width + column."""
    table.sort_indices()
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    held = rows * table.shape[1] + table.indices
    if not len(held):
        return np.zeros(len(cells))
    at = np.minimum(np.searchsorted(held, cells), len(held) - 1)
    return np.where(held[at] == cells, table.data[at], 0.0)


def _find_places(row: ReadRow) -> _Places:
    words = row.spans
    phrases = tuple(_merge((find.start, find.end) for find in row.finds))
    of_phrase: dict[int, int] = {}
    for number, (start, end) in enumerate(phrases):
        for word in range(bisect_right(words, start, key=_END_OF), len(words)):
            if words[word][0] >= end:
                break
            of_phrase.setdefault(word, number)
    numbers = Counter(find.code for find in row.finds)
    finds = tuple(
        (find.code, bisect_right(phrases, find.start, key=_START_OF) - 1, 1 / numbers[find.code])
        for find in row.finds
    )
    return _Places(row.text, words, phrases, of_phrase, finds)


def _weigh_stretches(
    places: _Places, of_words: Sequence[float], of_codes: Mapping[str, float]
) -> list[_Stretch]:
    """Indicator phrases, and runs of neighbouring words that count between them.

    `of_words` are the shares of the words, `of_codes` those of each code's finds together.
    """
    of_phrases = [0.0] * len(places.phrases)
    for code, number, part in places.finds:
        of_phrases[number] += of_codes[code] * part
    for word, number in places.of_phrase.items():
        of_phrases[number] += of_words[word]
    least = max(LEAST_SHARE * max(of_words, default=0.0), 0.0)
    stretches: list[_Stretch] = []
    last = -2
    for word, weight in enumerate(of_words):
        if weight <= least or word in places.of_phrase:
            continue
        start, end = places.words[word]
        if word == last + 1 and _BETWEEN_WORDS.fullmatch(places.text, places.words[last][1], start):
            run = stretches.pop()
            start, weight = run.start, run.weight + weight
        stretches.append(_Stretch(start, end, weight))
        last = word
    both = zip(places.phrases, of_phrases, strict=True)
    return stretches + [_Stretch(*span, weight) for span, weight in both]


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
