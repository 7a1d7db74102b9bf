"""One linear model per code over shared features."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from scipy.special import expit
from sklearn.base import BaseEstimator, clone

from workbench.models.features import WordFeatures
from workbench.models.linear import MANY_ROWS, LearningTable, Lesson, fit_codes
from workbench.models.prior import find_own_columns, learn_prior
from workbench.models.reading import gather_rows

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
    (see `linear`), so that terms that tell nothing have to be paid for. Where
    only the order of the scores matters, `calibrated` can be False: with many
    rows that takes a third of the time.

    `codes` are the codes of the labels, if they are to be learned from what the
    codebook's phrases and hints say of a code in general, see `prior`. With many
    rows they are not: there the labels say enough.

    `coef_` has the shape (codes, features) and belongs to the table as
    `features_` makes it, `intercept_` (codes,), `trained_` (codes,) says which
    codes had enough examples; the others get 0.
    """

    def __init__(
        self,
        features: Any,
        bare_copies: bool = True,
        seed: int = 0,
        calibrated: bool = True,
        codes: Sequence[str] | None = None,
    ) -> None:
        self.features = features
        self.bare_copies = bare_copies
        self.seed = seed
        self.calibrated = calibrated
        self.codes = codes

    def fit(
        self,
        rows: Sequence[Any],
        labels: np.ndarray,
        subjects: Sequence[str] | None = None,
        weights: np.ndarray | None = None,
    ) -> Self:
        """Learn from `labels`, of shape (rows, codes), with 1, 0 and UNDECIDED.

        `subjects` says for each row which country its report is on, or which
        report it is from: so that names peculiar to few of them are not
        learned, see `features.find_names`. `weights`, of the shape of the labels,
        says how much each of them counts, else 1.
        """
        weights = np.ones(labels.shape) if weights is None else weights
        if self.bare_copies:
            rows = gather_rows(rows)
        self.features_ = clone(self.features).fit(rows, subjects)
        table = self.features_.transform(rows)
        copies = 1
        # Without any heading the copies would be the same again.
        if self.bare_copies and (rows.headings.numbers.size or any(rows.heading_codes)):
            table = sp.vstack([table, self.features_.transform(rows.without_headings())]).tocsr()
            copies = 2
        terms = _find_terms(self.features_, table.shape[1])
        scale = (getattr(self.features_, "transformer_weights", None) or {}).get("words", 1.0)
        learned = LearningTable(table, copies, terms, scale)
        self.coef_ = np.zeros((labels.shape[1], table.shape[1]))
        self.intercept_ = np.zeros(labels.shape[1])
        self.trained_ = np.zeros(labels.shape[1], dtype=bool)
        self.trained_[:] = [not describe_shortage(column) for column in labels.T]
        taught = np.flatnonzero(self.trained_)
        known = [np.flatnonzero(labels[:, code] != UNDECIDED) for code in taught]
        lessons = [
            Lesson(rows, labels[rows, code], weights[rows, code])
            for code, rows in zip(taught, known, strict=True)
        ]
        prior = self._learn_prior(learned, labels, weights)
        if prior is None:
            fitted = fit_codes(learned, lessons, self.seed, self.calibrated)
        else:
            fitted = [
                _fit_from(learned, prior[:, code], lesson, self.seed)
                for code, lesson in zip(taught, lessons, strict=True)
            ]
        for code, (coefficients, intercept) in zip(taught, fitted, strict=True):
            self.coef_[code], self.intercept_[code] = coefficients, intercept
        return self

    def _learn_prior(
        self, learned: LearningTable, labels: np.ndarray, weights: np.ndarray
    ) -> np.ndarray | None:
        """`prior.learn_prior`, where `codes` are known and rows are not many."""
        if self.codes is None or learned.rows >= MANY_ROWS:
            return None
        times = (learned.copies, 1)
        return learn_prior(
            learned.table,
            np.tile(labels, times),
            np.tile(weights, times) / learned.copies,
            find_own_columns(self.features_, self.codes),
        )

    def predict_proba(self, rows: Sequence[Any]) -> np.ndarray:
        """Probabilities of the shape (rows, codes)."""
        return self.weigh(self.features_.transform(rows))

    def weigh(self, table: sp.csr_matrix) -> np.ndarray:
        """`predict_proba` for a table that `features_` has made."""
        return expit(table @ self.coef_.T + self.intercept_) * self.trained_


def _fit_from(
    learned: LearningTable, prior: np.ndarray, lesson: Lesson, seed: int
) -> tuple[np.ndarray, float]:
    """The weights of one code where what `prior` (columns,) says of a row is one column more.

    Its weight is then shared out among the columns that it came from.
    """
    [(weights, intercept)] = fit_codes(learned.widen(learned.table @ prior), [lesson], seed)
    return weights[:-1] + weights[-1] * prior, intercept


def _find_terms(features: Any, width: int) -> np.ndarray:
    """Which of the `width` columns are terms of texts or headings, in a union of features."""
    terms = np.zeros(width, dtype=bool)
    end = 0
    for _, part in getattr(features, "transformer_list", ()):
        start, end = end, end + part.width_
        terms[start:end] = isinstance(part, WordFeatures)
    return terms


def describe_shortage(labels: np.ndarray) -> str:
    """Why `labels` of one code are too few to learn from; empty when they are enough."""
    positives, negatives = int((labels == 1).sum()), int((labels == 0).sum())
    if positives == negatives == 0 and labels.size:
        return "its coders are tied on every paragraph"
    if positives == 0:
        return "no paragraph carries it"
    if negatives == 0:
        return "every paragraph carries it"
    if positives < MIN_EXAMPLES:
        return f"only {positives} paragraph(s) carry it, {MIN_EXAMPLES} are needed"
    if negatives < MIN_EXAMPLES:
        return f"only {negatives} paragraph(s) do not carry it, {MIN_EXAMPLES} are needed"
    return ""
