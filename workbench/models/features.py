"""Read paragraphs as numbers: indicator phrases, words of the text and of the headings, hints.

The state of these transformers is texts and numpy arrays only, so that skops
can save it and check it before it is loaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import FeatureUnion

from workbench.models.density import density_factors
from workbench.models.embeddings import SentenceEmbeddings
from workbench.models.hints import HintFeatures
from workbench.models.reading import RowReader
from workbench.models.rows import ReadRow, TextRow, count_distinct, gather_rows
from workbench.models.terms import TermPlaces, count_terms, index_of

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


#: A word with a capital is no name where reports on so many countries, and this share of all of
#: them, have it.
SPREAD, SPREAD_SHARE = 4, 0.05

#: How much a sentence embedding counts, as a row of length 1.
SENTENCES_WEIGHT = 4.0


class PhraseFeatures(TransformerMixin, BaseEstimator):
    """Per code: is a phrase in the text, how many are they, how dense, is one in the headings.

    Five columns a code, in the order of `codes`, for n different wordings: 1
    from one on; 1 from two on; log2(1 + n); log2(1 + n f), f being the
    `density_factors` of the text; 1 where a heading speaks for the code. All
    phrases of a code share their columns, so that a phrase which no training
    text holds weighs as much as those that occurred. Two wordings say much
    whatever the length of the text; one says more the shorter it is.
    """

    #: Columns per code; the last of them speaks of the headings, not of the text.
    WIDTH = 5

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes

    def fit(self, rows: Sequence[ReadRow], y: Any = None) -> Self:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    @property
    def width_(self) -> int:
        """The number of columns."""
        return len(self.codes) * self.WIDTH

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        read = gather_rows(rows)
        number_of = {code: column for column, code in enumerate(self.codes)}
        counts = np.zeros((len(rows), len(self.codes)))
        headed = np.zeros((len(rows), len(self.codes)))
        for row, finds in enumerate(read.finds):
            for code, number in count_distinct(finds).items() if finds else ():
                if code in number_of:
                    counts[row, number_of[code]] = number
        for row, codes in enumerate(read.heading_codes):
            for code in codes:
                if code in number_of:
                    headed[row, number_of[code]] = 1.0
        dense = counts * density_factors(read.words.sizes)[:, np.newaxis]
        columns = [counts > 0, counts > 1, np.log2(1 + counts), np.log2(1 + dense), headed]
        return csr_matrix(np.stack(columns, axis=2).reshape(len(rows), self.width_))


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

    def fit(self, rows: Sequence[ReadRow], y: Sequence[str] | None = None) -> Self:
        """Learn the terms; `y` are the subjects of `find_names`, if known."""
        read = gather_rows(rows)
        # Headings are written with capitals throughout.
        names = set() if self.heading else find_names(read, y)
        counts = count_terms(read.headings if self.heading else read.words, self.pairs)
        terms = sorted(
            term
            for term, count in counts.items()
            if count >= self.min_rows and names.isdisjoint(term.split())
        )
        frequency = np.array([counts[term] for term in terms], dtype=float)
        self.terms_ = np.array(terms, dtype=str)
        self.idf_ = np.log((1 + len(rows)) / (1 + frequency)) + 1
        return self

    @property
    def width_(self) -> int:
        """The number of columns."""
        return len(self.terms_)

    def find_terms(self, rows: Sequence[ReadRow]) -> TermPlaces:
        """Every place in `rows` where one of the terms stands."""
        read = gather_rows(rows)
        return index_of(self, self.terms_).find(read.headings if self.heading else read.words)

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        shape = (len(rows), len(self.terms_))
        found = self.find_terms(rows)
        cells, counts = np.unique(found.rows * shape[1] + found.columns, return_counts=True)
        places, columns = np.divmod(cells, max(shape[1], 1))
        ends = np.searchsorted(places, np.arange(shape[0] + 1))
        weights = (1 + np.log(counts.astype(float))) * self.idf_[columns]
        table = csr_matrix((weights, columns.astype(np.int32), ends.astype(np.int32)), shape=shape)
        lengths = np.sqrt(np.bincount(places, weights * weights, minlength=shape[0]))
        table.data /= lengths[places]
        return table


def build_features(
    codes: Sequence[str],
    hints: Mapping[str, Sequence[str]] | None = None,
    embeddings: str | None = None,
) -> FeatureUnion:
    """The features of the model side by side: `phrases`, `words`, `headings`, more if given.

    `hints` maps codes to hint words (block `hints`), `embeddings` is the folder
    or name of a sentence model (block `sentences`). The words weigh more
    because each is a small share of its row's length 1, while a phrase counts
    1 by itself; chosen on leave-one-report-out figures.
    """
    blocks: list[tuple[str, TransformerMixin]] = [
        ("phrases", PhraseFeatures(list(codes))),
        ("words", WordFeatures()),
        ("headings", WordFeatures(heading=True, pairs=False)),
    ]
    weights = {"words": 4.0}
    if hints and any(hints.values()):
        listed = {code: list(hints.get(code, ())) for code in codes}
        blocks.append(("hints", HintFeatures(listed)))
    if embeddings is not None:
        blocks.append(("sentences", SentenceEmbeddings(embeddings)))
        weights["sentences"] = SENTENCES_WEIGHT
    return FeatureUnion(blocks, transformer_weights=weights)


def find_names(rows: Sequence[ReadRow], subjects: Sequence[str] | None = None) -> set[str]:
    """The words that have a capital in mid-sentence in more than half of their occurrences.

    `subjects` says for each row which country its report is on, or which report
    it is from. A name that is spread over many of them (SPREAD of them, and
    SPREAD_SHARE of all) is a convention, an office or a people, not somebody's
    name, and is left out of the answer. Where names were looked for
    (`ReadRows.entities`), those words are names too, wherever they stand, of
    which more than half of the occurrences were found in one.
    """
    read = gather_rows(rows)
    words = read.words
    size = len(words.distinct)
    total = np.bincount(words.numbers, minlength=size)
    is_name = 2 * np.bincount(words.numbers[read.named], minlength=size) > total
    if subjects is not None:
        distinct, of_row = np.unique(np.asarray(subjects, dtype=str), return_inverse=True)
        named = np.flatnonzero(is_name[words.numbers])
        cells = np.unique(words.numbers[named] * len(distinct) + of_row[words.rows[named]])
        spread = np.bincount(cells // max(len(distinct), 1), minlength=size)
        is_name &= spread < max(SPREAD, SPREAD_SHARE * len(distinct))
    if read.entities is not None:
        is_name |= 2 * np.bincount(words.numbers[read.entities], minlength=size) > total
    return {words.distinct[number] for number in np.flatnonzero(is_name)}
