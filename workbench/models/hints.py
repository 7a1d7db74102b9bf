"""The codebook's hints as features: words too weak to label by themselves, but not to be ignored.

A phrase labels, a hint only adds: "wages" speaks for rights at work by itself,
"factory" only beside others. Hints know words that no training text holds.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin

from workbench.models.density import density_factors
from workbench.models.rows import ReadRow, freeze, gather_rows
from workbench.models.terms import NumberedWords, TermPlaces, add_up, number, spread
from workbench.taxonomy.phrases import Remembered

_Hints = tuple[tuple[int, str], ...]


class HintFeatures(TransformerMixin, BaseEstimator):
    """One column a code: log2(1 + n sqrt f), of n different hints and the `density_factors` f.

    `hints` maps each code to single words in lower case, `*` at the end
    standing for any ending. All hints of a code share its column, so that one
    which no training text holds weighs as much as those that occurred.
    """

    def __init__(self, hints: dict[str, list[str]]) -> None:
        self.hints = hints

    def fit(self, rows: Sequence[ReadRow], y: Any = None) -> Self:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    @property
    def width_(self) -> int:
        """The number of columns."""
        return len(self.hints)

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        words = gather_rows(rows).words
        at, hints, columns = self._find(words)
        # Each hint once a text, however often it stands there.
        cells = np.unique(words.rows[at] * max(len(columns), 1) + hints)
        owners, different = np.divmod(cells, max(len(columns), 1))
        size = len(rows) * self.width_
        counts = np.bincount(owners * self.width_ + columns[different], minlength=size)
        table = counts.reshape(len(rows), self.width_)
        dense = np.sqrt(density_factors(words.sizes))[:, np.newaxis]
        return csr_matrix(np.log2(1 + table * dense))

    def find_terms(self, rows: Sequence[ReadRow]) -> TermPlaces:
        """Every place in `rows` where a hint stands; `columns` are those of the codes."""
        words = gather_rows(rows).words
        at, hints, columns = self._find(words)
        # A word that fits two hints of a code stands for it once.
        cells = np.unique(at * max(self.width_, 1) + columns[hints])
        first, of_codes = np.divmod(cells, max(self.width_, 1))
        return TermPlaces(words.rows[first], first, np.ones_like(first), of_codes)

    def _find(self, words: NumberedWords) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Places of words that fit hints, the number of each hint, the column of each number."""
        fits = list(map(self._fits.__getitem__, words.distinct))
        ends = add_up(np.fromiter(map(len, fits), np.int64, len(fits)))
        distinct, numbers = number(chain.from_iterable(fits), int(ends[-1]))
        columns = np.array([column for column, _ in distinct], dtype=np.int64)
        sizes = np.diff(ends)[words.numbers]
        at = np.flatnonzero(sizes)
        hints = numbers[spread(ends, words.numbers[at])]
        return np.repeat(at, sizes[at]), hints, columns

    @property
    def _fits(self) -> Remembered[_Hints]:
        """For a word the hints that it fits: the column and the hint of each."""
        return _remember(freeze(self.hints))


class _Matcher:
    def __init__(self, hints: Mapping[str, Sequence[str]]) -> None:
        listed = [(column, hint) for column, words in enumerate(hints.values()) for hint in words]
        self._whole: dict[str, list[tuple[int, str]]] = {}
        self._stems: dict[str, list[tuple[int, str]]] = {}
        for column, hint in listed:
            kind = self._stems if hint.endswith("*") else self._whole
            kind.setdefault(hint.removesuffix("*"), []).append((column, hint))
        self._longest = max(map(len, self._stems), default=0)

    def __call__(self, word: str) -> _Hints:
        starts = (word[:end] for end in range(1, min(len(word), self._longest) + 1))
        stems = [hint for start in starts for hint in self._stems.get(start, ())]
        return (*self._whole.get(word, ()), *stems)


# Beside the transformers that own the hints: skops saves all that is in them, and folds clone them.
@lru_cache(maxsize=8)
def _remember(hints: tuple[tuple[str, tuple[str, ...]], ...]) -> Remembered[_Hints]:
    return Remembered(_Matcher(dict(hints)))
