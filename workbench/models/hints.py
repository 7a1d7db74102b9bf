"""The codebook's hints as features: words too weak to label by themselves, but not to be ignored.

A phrase labels, a hint only adds: "wages" speaks for rights at work by itself,
"factory" only beside others. Hints know words that no training text holds.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin

from workbench.models.density import density_factor
from workbench.models.reading import ReadRow
from workbench.models.terms import TermPlaces
from workbench.taxonomy.phrases import Remembered

_Hints = tuple[tuple[int, str], ...]


class HintFeatures(TransformerMixin, BaseEstimator):
    """One column a code: log2(1 + n sqrt f), of n different hints and the `density_factor` f.

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
        fits = self._fits
        table = np.zeros((len(rows), self.width_))
        for values, row in zip(table, rows, strict=True):
            for column, _ in {hint for word in set(row.words) for hint in fits[word]}:
                values[column] += 1
            values *= np.sqrt(density_factor(row))
        return csr_matrix(np.log2(1 + table))

    def find_terms(self, rows: Sequence[ReadRow]) -> TermPlaces:
        """Every place in `rows` where a hint stands; `columns` are those of the codes."""
        fits = self._fits
        words = [(n, word) for n, row in enumerate(rows) for word in row.words]
        found = [
            (n, first, column)
            for first, (n, word) in enumerate(words)
            for column in sorted({column for column, _ in fits[word]})
        ]
        numbers, first, columns = np.array(found, dtype=np.int64).reshape(-1, 3).T
        return TermPlaces(numbers, first, np.ones(len(found), dtype=np.int64), columns)

    @property
    def _fits(self) -> Remembered[_Hints]:
        """For a word the hints that it fits: the column and the hint of each."""
        found = _remembered.get(self)
        if found is None:
            found = _remembered[self] = Remembered(_Matcher(self.hints))
        return found


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


# Beside the transformers that own the hints: skops saves all that is in them.
_remembered: WeakKeyDictionary[object, Remembered[_Hints]] = WeakKeyDictionary()
