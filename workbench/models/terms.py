"""Where the terms of a vocabulary, words and pairs of neighbouring words, stand in texts.

Words are turned into numbers once; all the rest is arithmetic over whole batches.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count, repeat
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class NumberedWords:
    """The words of texts as numbers: each different word is looked at once.

    `distinct` are the different words; `numbers` says which of them the texts
    consist of, one text after the other, `ends` (texts + 1) starts with 0 and
    says where among the numbers each text ends.
    """

    distinct: list[str]
    numbers: np.ndarray
    ends: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """How many words each text has."""
        return np.diff(self.ends)

    @property
    def rows(self) -> np.ndarray:
        """For each word the number of its text."""
        return np.repeat(np.arange(len(self.ends) - 1), self.sizes)

    def words_of(self, row: int) -> tuple[str, ...]:
        """The words of one text."""
        numbers = self.numbers[self.ends[row] : self.ends[row + 1]].tolist()
        return tuple(map(self.distinct.__getitem__, numbers))

    def take(self, rows: np.ndarray) -> "NumberedWords":
        """The words of some of the texts, by their numbers."""
        at = spread(self.ends, rows)
        return NumberedWords(self.distinct, self.numbers[at], add_up(self.sizes[rows]))


def number_words(texts: Sequence[Sequence[str]]) -> NumberedWords:
    """The words of `texts`, lists of words, as numbers."""
    ends = add_up(np.fromiter(map(len, texts), np.int64, len(texts)))
    distinct, numbers = number(chain.from_iterable(texts), int(ends[-1]))
    return NumberedWords(distinct, numbers, ends)


def number(items: Iterable[T], size: int) -> tuple[list[T], np.ndarray]:
    """The different ones of `size` items, in order, and for each item which of them it is."""
    numbered: defaultdict[T, int] = defaultdict(count().__next__)
    numbers = np.fromiter(map(numbered.__getitem__, items), np.int64, size)
    return list(numbered), numbers


def add_up(sizes: np.ndarray) -> np.ndarray:
    """Where pieces of these sizes end that stand one after the other, after a 0."""
    ends = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=ends[1:])
    return ends


def spread(ends: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The places of all that stands in the pieces `rows`, one piece after the other.

    `ends` is as `add_up` gives it.
    """
    sizes = ends[rows + 1] - ends[rows]
    moved = ends[rows] - add_up(sizes)[:-1]
    return np.arange(sizes.sum()) + np.repeat(moved, sizes)


def count_terms(texts: NumberedWords, pairs: bool) -> dict[str, int]:
    """In how many of `texts` each word stands and, with `pairs`, each pair of neighbours."""
    size = max(len(texts.distinct), 1)
    rows, words = texts.rows, texts.numbers
    counts = np.bincount(np.unique(rows * size + words) % size)
    found = {texts.distinct[n]: int(counts[n]) for n in np.flatnonzero(counts)}
    if pairs:
        both = np.flatnonzero(rows[:-1] == rows[1:])
        keys, numbers = np.unique(words[both] * size + words[both + 1], return_inverse=True)
        cells = np.unique(rows[both] * max(len(keys), 1) + numbers)
        counts = np.bincount(cells % max(len(keys), 1))
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            first, second = divmod(key, size)
            found[f"{texts.distinct[first]} {texts.distinct[second]}"] = count
    return found


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

    def find(self, texts: NumberedWords) -> TermPlaces:
        """Every place in `texts` where a term stands."""
        distinct = map(self._words.get, texts.distinct, repeat(-1))
        words = np.fromiter(distinct, np.int64, len(texts.distinct))[texts.numbers]
        rows = texts.rows
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
