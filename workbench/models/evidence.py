"""Which words of a paragraph carried a code.

For a linear model this is exact: the log-odds of a code are the intercept plus
the sum over features of weight times value. Each feature of the text belongs
to certain words, so its share goes to them in equal parts; the shares of the
headings belong to no word of the text and are left out.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.pipeline import FeatureUnion

from workbench.models.classifier import ParagraphClassifier
from workbench.models.features import PhraseFeatures, WordFeatures
from workbench.models.hints import HintFeatures
from workbench.models.reading import ReadRow, ReadRows, gather_rows
from workbench.models.terms import TermPlaces
from workbench.records import Evidence

#: The most stretches of text shown per code, and the least share of the
#: strongest one's weight that any other must have (words likewise, in a run).
MOST = 5
LEAST_SHARE = 0.15

_BETWEEN_WORDS = re.compile(r"[\s/\u2010-\u2015-]+")

_START_OF = itemgetter(0)
_START_OF_STRETCH = itemgetter(1)

# A stretch of text: how much it counts, less than nothing, so that the strongest
# is the first when they are sorted; start; end.
_Stretch = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the words and the phrases of texts stand.

    For each word of all texts `row_of` is the number of its text, `spans` where
    it stands there, `of_phrase` the number of the phrase that it belongs to or
    -1. For each phrase, a stretch that finds take up, `phrase_rows` is the
    number of its text and `phrase_spans` its place. For each find there are the
    number of its text, of its code and of its phrase, and its part in the
    code's share.
    """

    row_of: np.ndarray
    spans: np.ndarray
    of_phrase: np.ndarray
    phrase_rows: np.ndarray
    phrase_spans: np.ndarray
    find_rows: np.ndarray
    find_codes: np.ndarray
    find_phrases: np.ndarray
    find_parts: np.ndarray


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
        found: list[list[Evidence]] = [[] for _ in range(len(rows))]
        asked = np.flatnonzero(given.any(axis=1))
        read = gather_rows(rows)
        chosen = read.take(asked)
        places = _find_places(chosen, read.find_spans(asked), self._phrase_codes)
        share = self.share_words(chosen, table[asked])
        of_phrases = self.share_phrases(table[asked])
        for k in sorted(range(len(self._codes)), key=self._codes.__getitem__):
            wanted = given[asked, k]
            weighed = _weigh_stretches(chosen, places, share(k), of_phrases[:, :, k], wanted)
            for row in np.flatnonzero(wanted).tolist():
                text = chosen.texts[row]
                found[asked[row]] += [
                    Evidence(self._codes[k], start, end, text[start:end])
                    for _, start, end in _strongest(weighed[row])
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
        size = len(gather_rows(rows).words.numbers)

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


def _find_places(rows: ReadRows, spans: np.ndarray, codes: Sequence[str]) -> _Places:
    number_of = {code: number for number, code in enumerate(codes)}
    phrases: list[tuple[int, int, int]] = []
    finds: list[tuple[int, int, int]] = []
    parts: list[float] = []
    for row, of_row in enumerate(rows.finds):
        if not of_row:
            continue
        first = len(phrases)
        merged = _merge((find.start, find.end) for find in of_row)
        phrases += [(row, start, end) for start, end in merged]
        numbers = Counter(find.code for find in of_row)
        for find in of_row:
            of = first + bisect_right(merged, find.start, key=_START_OF) - 1
            finds.append((row, number_of[find.code], of))
            parts.append(1 / numbers[find.code])
    phrase_rows, starts, ends = np.array(phrases, dtype=np.int64).reshape(-1, 3).T
    row_of = rows.words.rows
    # Offsets as if the texts stood one after the other.
    wide = 2 + max(map(len, rows.texts), default=0)
    at = np.searchsorted(phrase_rows * wide + ends, row_of * wide + spans[:, 0], side="right")
    reaches = np.append(phrase_rows * wide + starts, np.iinfo(np.int64).max)[at]
    of_phrase = np.where(reaches < row_of * wide + spans[:, 1], at, -1)
    find_rows, find_codes, find_phrases = np.array(finds, dtype=np.int64).reshape(-1, 3).T
    return _Places(
        row_of,
        spans,
        of_phrase,
        phrase_rows,
        np.stack([starts, ends], axis=1),
        find_rows,
        find_codes,
        find_phrases,
        np.array(parts),
    )


def _weigh_stretches(
    rows: ReadRows,
    places: _Places,
    of_words: np.ndarray,
    of_codes: np.ndarray,
    wanted: np.ndarray,
) -> dict[int, list[_Stretch]]:
    """For each row indicator phrases, and runs of neighbouring words that count between them.

    `of_words` are the shares of the words, `of_codes` (rows, codes of the phrases) those
    of each code's finds together; `wanted` (rows,) says which rows are asked for.
    """
    weighed: defaultdict[int, list[_Stretch]] = defaultdict(list)
    within = np.flatnonzero(places.of_phrase >= 0)
    of_finds = of_codes[places.find_rows, places.find_codes] * places.find_parts
    of_phrases = np.bincount(
        np.concatenate([places.find_phrases, places.of_phrase[within]]),
        np.concatenate([of_finds, of_words[within]]),
        minlength=len(places.phrase_rows),
    )
    counting = np.flatnonzero((of_phrases > 0) & wanted[places.phrase_rows])
    for row, (start, end), weight in zip(
        places.phrase_rows[counting].tolist(),
        places.phrase_spans[counting].tolist(),
        of_phrases[counting].tolist(),
        strict=True,
    ):
        weighed[row].append((-weight, start, end))
    strongest = np.zeros(len(rows))
    np.maximum.at(strongest, places.row_of, of_words)
    least = LEAST_SHARE * strongest
    counting = np.flatnonzero(
        (of_words > least[places.row_of]) & (places.of_phrase < 0) & wanted[places.row_of]
    )
    last = (-2, -1, 0)
    for word, row, (start, end), weight in zip(
        counting.tolist(),
        places.row_of[counting].tolist(),
        places.spans[counting].tolist(),
        of_words[counting].tolist(),
        strict=True,
    ):
        weight = -weight
        if last[:2] == (word - 1, row) and _BETWEEN_WORDS.fullmatch(
            rows.texts[row], last[2], start
        ):
            before, start, _ = weighed[row].pop()
            weight += before
        weighed[row].append((weight, start, end))
        last = (word, row, end)
    return weighed


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _strongest(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """The few that count, in the order of the text."""
    ranked = sorted(stretches)
    top = [s for s in ranked[:MOST] if s[0] <= LEAST_SHARE * ranked[0][0]]
    return sorted(top, key=_START_OF_STRETCH)
