"""One logistic regression per code over shared features."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from scipy.special import expit
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from workbench.models.features import WordFeatures

#: In a table of labels: the coders are tied, the paragraph says nothing of this code.
UNDECIDED = -1

#: A code needs this many paragraphs that carry it, and this many that do not.
#: With fewer, a held-out report would hold one or two and the figure would be chance.
MIN_EXAMPLES = 5


class ParagraphClassifier(BaseEstimator):
    """Probabilities per code for read paragraphs.

    `features` is an unfitted transformer over them. With `bare_copies` every
    paragraph is learned from twice at half weight, with and without its
    headings, so that the model can do without them: another publisher's
    headings are other ones, or none.

    Where `features` is a union, terms (`WordFeatures`) are stretched by how
    much more often they stand in paragraphs that carry the code than in others
    (see `_contrast`), so that terms that tell nothing have to be paid for.

    `coef_` has the shape (codes, features) and belongs to the table as
    `features_` makes it, `intercept_` (codes,), `trained_` (codes,) says which
    codes had enough examples; the others get 0.
    """

    def __init__(self, features: Any, bare_copies: bool = True, seed: int = 0) -> None:
        self.features = features
        self.bare_copies = bare_copies
        self.seed = seed

    def fit(self, rows: Sequence[Any], labels: np.ndarray) -> Self:
        """Learn from `labels`, of shape (rows, codes), with 1, 0 and UNDECIDED."""
        self.features_ = clone(self.features).fit(rows)
        table = self.features_.transform(rows)
        copies = 1
        # Without any heading the copies would be the same again.
        if self.bare_copies and any(row.heading_words or row.heading_codes for row in rows):
            bare = self.features_.transform([row.without_heading() for row in rows])
            table = sp.vstack([table, bare]).tocsr()
            copies = 2
        terms = _find_terms(self.features_, table.shape[1])
        self.coef_ = np.zeros((labels.shape[1], table.shape[1]))
        self.intercept_ = np.zeros(labels.shape[1])
        self.trained_ = np.zeros(labels.shape[1], dtype=bool)
        # Sums over several threads come out in another order, and not the same bits.
        with threadpool_limits(1):
            for code, column in enumerate(labels.T):
                if not describe_shortage(column):
                    self._fit_code(code, table, np.tile(column, copies), 1 / copies, terms)
        return self

    def _fit_code(
        self, code: int, table: sp.csr_matrix, labels: np.ndarray, weight: float, terms: np.ndarray
    ) -> None:
        known = np.flatnonzero(labels != UNDECIDED)
        labels = labels[known]
        learned = table[known]
        stretch = _contrast(learned, labels, terms)
        learned.data = learned.data * stretch[learned.indices]
        regression = LogisticRegression(max_iter=1000, random_state=self.seed)
        regression.fit(learned, labels, sample_weight=np.full(len(known), weight))
        self.coef_[code] = regression.coef_[0] * stretch
        self.intercept_[code] = regression.intercept_[0]
        self.trained_[code] = True

    def predict_proba(self, rows: Sequence[Any]) -> np.ndarray:
        """Probabilities of the shape (rows, codes)."""
        return self.weigh(self.features_.transform(rows))

    def weigh(self, table: sp.csr_matrix) -> np.ndarray:
        """`predict_proba` for a table that `features_` has made."""
        return expit(table @ self.coef_.T + self.intercept_) * self.trained_


def _find_terms(features: Any, width: int) -> np.ndarray:
    """Which of the `width` columns are terms of texts or headings, in a union of features."""
    terms = np.zeros(width, dtype=bool)
    end = 0
    for _, part in getattr(features, "transformer_list", ()):
        start, end = end, end + part.width_
        terms[start:end] = isinstance(part, WordFeatures)
    return terms


def _contrast(table: sp.csr_matrix, labels: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """By how much each column is stretched: sqrt |ln (p / q)| for terms, 1 for the rest.

    p and q are the shares of a term among all that stand in paragraphs with
    the code and without it, each counted once a paragraph and one more (Wang
    and Manning 2012, "Baselines and Bigrams", with the root as a middle way).
    """
    stands = sp.csr_matrix((np.ones(len(table.data)), table.indices, table.indptr), table.shape)
    p = 1 + stands.T @ (labels == 1)
    q = 1 + stands.T @ (labels == 0)
    ratio = np.sqrt(np.abs(np.log((p / p.sum()) / (q / q.sum()))))
    return np.where(terms, ratio, 1.0)


def describe_shortage(labels: np.ndarray) -> str:
    """Why `labels` of one code are too few to learn from; empty when they are enough."""
    positives, negatives = int((labels == 1).sum()), int((labels == 0).sum())
    if positives == 0:
        return "no paragraph carries it"
    if negatives == 0:
        return "every paragraph carries it"
    if positives < MIN_EXAMPLES:
        return f"only {positives} paragraph(s) carry it, {MIN_EXAMPLES} are needed"
    if negatives < MIN_EXAMPLES:
        return f"only {negatives} paragraph(s) do not carry it, {MIN_EXAMPLES} are needed"
    return ""
