"""Read paragraphs as numbers: indicator phrases, words of the text, words of the headings.

The state of these transformers is texts and numpy arrays only, so that skops
can save it and check it before it is loaded.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import FeatureUnion

from workbench.models.reading import ReadRow, RowReader, TextRow
from workbench.records import Evidence

__all__ = [
    "PhraseFeatures",
    "ReadRow",
    "RowReader",
    "TextRow",
    "WordFeatures",
    "build_features",
    "count_distinct",
    "find_names",
]


class PhraseFeatures(TransformerMixin, BaseEstimator):
    """Per code: is a phrase in the text, how many different ones, is one in the headings.

    Three columns a code, in the order of `codes`: 0 or 1; log2(1 + number of
    different wordings), which grows ever more slowly; 0 or 1. All phrases of a
    code share their columns, so that a phrase which no training text holds
    weighs as much as those that occurred.
    """

    #: Columns per code; the last of them speaks of the headings, not of the text.
    WIDTH = 3

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes

    def fit(self, rows: Sequence[ReadRow], y: Any = None) -> Self:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        table = np.zeros((len(rows), len(self.codes), self.WIDTH))
        for values, row in zip(table, rows, strict=True):
            distinct = count_distinct(row.finds)
            for column, code in enumerate(self.codes):
                if code in distinct:
                    values[column, 0] = 1.0
                    values[column, 1] = np.log2(1 + distinct[code])
                values[column, 2] = code in row.heading_codes
        return csr_matrix(table.reshape(len(rows), len(self.codes) * self.WIDTH))


class WordFeatures(TransformerMixin, BaseEstimator):
    """TF-IDF over words and pairs of neighbouring words, without names.

    `heading` takes the words of the headings instead of those of the text.
    Terms of fewer than `min_rows` rows are left out, and so are names (see
    `find_names`): they say which report a paragraph is from, not which right
    is at stake. Weights are (1 + ln tf) * idf with the smoothed
    idf = ln((1 + n) / (1 + df)) + 1 of scikit-learn; rows have length 1.
    """

    def __init__(self, heading: bool = False, pairs: bool = True, min_rows: int = 2) -> None:
        self.heading = heading
        self.pairs = pairs
        self.min_rows = min_rows

    def fit(self, rows: Sequence[ReadRow], y: Any = None) -> Self:
        # Headings are written with capitals throughout.
        names = set() if self.heading else find_names(rows)
        counts = Counter(term for row in rows for term in set(self.terms_of(row)))
        terms = sorted(
            term
            for term, count in counts.items()
            if count >= self.min_rows and names.isdisjoint(term.split())
        )
        frequency = np.array([counts[term] for term in terms], dtype=float)
        self.terms_ = np.array(terms, dtype=str)
        self.idf_ = np.log((1 + len(rows)) / (1 + frequency)) + 1
        return self

    def terms_of(self, row: ReadRow) -> list[str]:
        """The words of `row` in order, then its pairs of neighbours in order."""
        words = list(row.heading_words if self.heading else row.words)
        if self.pairs:
            words += [f"{a} {b}" for a, b in pairwise(words)]
        return words

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        index = {term: i for i, term in enumerate(self.terms_.tolist())}
        ends = [0]
        columns: list[int] = []
        counts: list[int] = []
        for row in rows:
            found = Counter(index[term] for term in self.terms_of(row) if term in index)
            columns.extend(found)
            counts.extend(found.values())
            ends.append(len(columns))
        places = np.array(columns, dtype=np.int32)
        weights = (1 + np.log(np.array(counts, dtype=float))) * self.idf_[places]
        table = csr_matrix((weights, places, ends), shape=(len(rows), len(self.terms_)))
        table.sort_indices()
        lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        table.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(table.indptr))
        return table


def build_features(codes: Sequence[str]) -> FeatureUnion:
    """The features of the model: `phrases`, `words` and `headings`, side by side.

    The words weigh double because each is a small share of its row's length 1,
    while a phrase counts 1 by itself; chosen on leave-one-report-out figures.
    """
    return FeatureUnion(
        [
            ("phrases", PhraseFeatures(list(codes))),
            ("words", WordFeatures()),
            ("headings", WordFeatures(heading=True, pairs=False)),
        ],
        transformer_weights={"words": 2.0},
    )


def find_names(rows: Iterable[ReadRow]) -> set[str]:
    """The words that have a capital in mid-sentence in more than half of their occurrences."""
    capital: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.words)
        capital.update(w for w, named in zip(row.words, row.named, strict=True) if named)
    return {word for word, count in capital.items() if 2 * count > total[word]}


def count_distinct(finds: Iterable[Evidence]) -> dict[str, int]:
    """How many different wordings speak for each code."""
    return Counter(code for code, _ in {(find.code, find.text.lower()) for find in finds})
