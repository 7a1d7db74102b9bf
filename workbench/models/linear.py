"""The weights of one code: logistic regression, or a support vector machine for many rows.

The decision values of the latter are calibrated. Either way the log-odds of the
code are linear in the table, so that evidence stays exact.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

#: From so many rows on the support vector machine: a logistic regression's penalty then holds
#: back the weights of rare terms too much, and its fit takes several times as long.
MANY_ROWS = 2000
#: The support vector machine's cost of an error, for rows of length 1, as the baseline's are.
_COST = 0.5
_HALVES = 2


@dataclass(frozen=True, slots=True, eq=False)
class LearningTable:
    """What one code is learned from: `copies` tables of the same rows, one below the other.

    `terms` (Boolean, columns) says which columns are terms of texts or headings,
    `scale` how long a row of them is.
    """

    table: sp.csr_matrix
    copies: int
    terms: np.ndarray
    scale: float = 1.0

    def pick(self, rows: np.ndarray) -> "LearningTable":
        """The same of some of the rows, given by number, with all their copies."""
        size = self.table.shape[0] // self.copies
        places = np.concatenate([rows + copy * size for copy in range(self.copies)])
        return LearningTable(self.table[places], self.copies, self.terms, self.scale)


def fit_weights(learned: LearningTable, labels: np.ndarray, seed: int) -> tuple[np.ndarray, float]:
    """The weight of each column and the intercept, in log-odds, for `labels` (rows,), 1 and 0."""
    if len(labels) < MANY_ROWS:
        regression = LogisticRegression(max_iter=1000, random_state=seed)
        return _fit_stretched(regression, learned, labels)
    weights, intercept = _fit_stretched(_build_machine(learned.scale), learned, labels)
    slope, shift = _calibrate(learned, labels, seed)
    return weights * slope, intercept * slope + shift


def _build_machine(scale: float) -> LinearSVC:
    # The intercept is penalised as if it were a term. The order in which rows
    # are visited is drawn by chance, always the same.
    return LinearSVC(C=_COST / scale**2, intercept_scaling=scale, random_state=0)


def _fit_stretched(
    model: LogisticRegression | LinearSVC, learned: LearningTable, labels: np.ndarray
) -> tuple[np.ndarray, float]:
    """`model` fitted on the table with terms stretched by `_contrast`, its weights for the table
    as it was; each row counts 1 with all its copies."""
    labels = np.tile(labels, learned.copies)
    stretch = _contrast(learned.table, labels, learned.terms)
    table = learned.table.copy()
    table.data = table.data * stretch[table.indices]
    model.fit(table, labels, sample_weight=np.full(len(labels), 1 / learned.copies))
    return model.coef_[0] * stretch, float(model.intercept_[0])


def _calibrate(learned: LearningTable, labels: np.ndarray, seed: int) -> tuple[float, float]:
    """Slope and shift that turn the machine's decision values into log-odds (Platt 1999).

    They are learned from decision values that are out of fold: each half of
    the rows is judged by a machine that learned from the other half.
    """
    half = _halve(labels)
    values = np.zeros(len(labels))
    for number in range(_HALVES):
        inside, outside = np.flatnonzero(half == number), np.flatnonzero(half != number)
        weights, intercept = _fit_stretched(
            _build_machine(learned.scale), learned.pick(outside), labels[outside]
        )
        values[inside] = learned.table[inside] @ weights + intercept
    regression = LogisticRegression(max_iter=1000, random_state=seed)
    regression.fit(values[:, None], labels)
    # A slope below 0 would turn the ranking round on the evidence of chance.
    return max(float(regression.coef_[0, 0]), 0.0), float(regression.intercept_[0])


def _halve(labels: np.ndarray) -> np.ndarray:
    """0 or 1 for each row by chance, always the same, each in half of the 1s and of the 0s."""
    half = np.zeros(len(labels), dtype=int)
    rng = np.random.default_rng(0)
    for label in (0, 1):
        half[rng.permutation(np.flatnonzero(labels == label))[::_HALVES]] = 1
    return half


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
