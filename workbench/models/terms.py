"""Where the terms of a vocabulary, words and pairs of neighbouring words, stand in texts.

Words are turned into numbers once; all the rest is arithmetic over whole batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from weakref import WeakKeyDictionary

import numpy as np


@dataclass(frozen=True, slots=True)
class TermPlaces:
    """Where terms stand: arrays of equal length.

    `rows` is the number of the text, `first` the place of the term's first word
    among the words of all texts, `lengths` how many words it has (1 or 2) and
    `columns` its place in the vocabulary. Single words come first.
    """

    rows: np.ndarray
    first: np.ndarray
    lengths: np.ndarray
    columns: np.ndarray


class TermIndex:
    """The vocabulary `terms` in numbers: every word of a term, and pairs of those."""

    def __init__(self, terms: np.ndarray) -> None:
        self.terms = terms
        self._words: dict[str, int] = {}
        pairs, single = [], []
        for column, term in enumerate(terms.tolist()):
            numbers = [self._words.setdefault(w, len(self._words)) for w in term.split(" ")]
            (pairs if len(numbers) > 1 else single).append((*numbers, column))
        # One more place: -1, for a word that is in no term, finds -1.
        self._columns = np.full(len(self._words) + 1, -1)
        for number, column in single:
            self._columns[number] = column
        keys = sorted((a * len(self._words) + b, column) for a, b, column in pairs)
        self._pairs = np.array([key for key, _ in keys], dtype=np.int64)
        self._pair_columns = np.array([column for _, column in keys], dtype=np.int64)

    def find(self, texts: Sequence[Sequence[str]]) -> TermPlaces:
        """Every place in `texts`, lists of words, where a term stands."""
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        flat = chain.from_iterable(texts)
        words = np.fromiter(map(self._words.get, flat, repeat(-1)), np.int64, sizes.sum())
        rows = np.repeat(np.arange(len(texts)), sizes)
        columns = self._columns[words]
        alone = np.flatnonzero(columns >= 0)
        paired, of_pairs = self._find_pairs(words, rows)
        first = np.concatenate([alone, paired])
        lengths = np.repeat([1, 2], [len(alone), len(paired)])
        return TermPlaces(rows[first], first, lengths, np.concatenate([columns[alone], of_pairs]))

    def _find_pairs(self, words: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        left, right = words[:-1], words[1:]
        both = np.flatnonzero((left >= 0) & (right >= 0) & (rows[:-1] == rows[1:]))
        if not len(self._pairs):
            return both[:0], both[:0]
        keys = left[both] * len(self._words) + right[both]
        at = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        known = self._pairs[at] == keys
        return both[known], self._pair_columns[at[known]]


# Beside the transformers that own the terms: skops saves all that is in them.
_indexes: "WeakKeyDictionary[object, TermIndex]" = WeakKeyDictionary()


def index_of(owner: object, terms: np.ndarray) -> TermIndex:
    """The index of `terms`, made once for their `owner`."""
    index = _indexes.get(owner)
    if index is None or index.terms is not terms:
        index = _indexes[owner] = TermIndex(terms)
    return index
