"""The weights of one code: logistic regression, or a support vector machine for many rows.

The decision values of the latter are calibrated. Either way the log-odds of the
code are linear in the table, so that evidence stays exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, cpu_count, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from threadpoolctl import ThreadpoolController

#: From so many rows on the support vector machine: a logistic regression's penalty then holds
#: back the weights of rare terms too much, and its fit takes several times as long.
MANY_ROWS = 2000
#: The support vector machine's cost of an error, for rows of length 1, as the baseline's are.
_COST = 0.5
#: When the machine is fitted well enough: decision values are then within about a thousandth
#: of what they would end at, and within a hundredth where only a slope is learned from them.
_TOLERANCE, _COARSE = 0.01, 0.1
_HALVES = 2
#: The codes are shared out in so many parts, so that no core is idle for long.
_PARTS = 8


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

    @property
    def rows(self) -> int:
        """How many rows there are, each counted once."""
        return int(self.table.shape[0] // self.copies)

    def pick(self, rows: np.ndarray) -> "LearningTable":
        """The same of some of the rows, by their numbers in order, with all their copies."""
        if len(rows) == self.rows:
            return self
        places = np.concatenate([rows + copy * self.rows for copy in range(self.copies)])
        return LearningTable(self.table[places], self.copies, self.terms, self.scale)

    def widen(self, column: np.ndarray) -> "LearningTable":
        """The same with one column more, at the end; `column` is of all rows and copies."""
        table = sp.hstack([self.table, sp.csr_matrix(column[:, np.newaxis])]).tocsr()
        return LearningTable(table, self.copies, np.append(self.terms, False), self.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is known of one code: numbers of rows, their labels (1, 0) and how much each counts."""

    rows: np.ndarray
    labels: np.ndarray
    counted: np.ndarray


def fit_codes(
    learned: LearningTable,
    lessons: Sequence[Lesson],
    seed: int,
    calibrated: bool = True,
) -> list[tuple[np.ndarray, float]]:
    """`fit_weights` for several codes, each with a lesson of its own.

    With MANY_ROWS the codes are shared out over the cores: on processes, as all
    machines of one process would draw from the same random numbers. The bits
    do not depend on how many cores there are.
    """
    if learned.rows < MANY_ROWS:
        return _fit_part(learned, lessons, seed, calibrated)
    parts = min(_PARTS, len(lessons))
    fitted = Parallel(n_jobs=min(parts, cpu_count()), max_nbytes=None)(
        delayed(_fit_part)(learned, lessons[part::parts], seed, calibrated) for part in range(parts)
    )
    return [fitted[k % parts][k // parts] for k in range(len(lessons))]


def name_kinds(sizes: Iterable[int]) -> str:
    """What is fitted to so many rows, or in several fits to each of these numbers, in words."""
    kinds = {"linear SVM" if size >= MANY_ROWS else "logistic regression" for size in sizes}
    return " or ".join(sorted(kinds))


def _fit_part(
    learned: LearningTable,
    lessons: Sequence[Lesson],
    seed: int,
    calibrated: bool,
) -> list[tuple[np.ndarray, float]]:
    # Sums over several threads come out in another order, and not the same bits.
    with _thread_pools().limit(limits=1):
        return [
            fit_weights(learned.pick(lesson.rows), lesson.labels, seed, calibrated, lesson.counted)
            for lesson in lessons
        ]


@cache
def _thread_pools() -> ThreadpoolController:
    """Looked for once: that takes as long as a fit to few paragraphs."""
    return ThreadpoolController()


def fit_weights(
    learned: LearningTable,
    labels: np.ndarray,
    seed: int,
    calibrated: bool = True,
    counted: np.ndarray | None = None,
) -> tuple[np.ndarray, float]:
    """The weight of each column and the intercept, in log-odds, for `labels` (rows,), 1 and 0.

    `counted` (rows,) says how much each label counts, 1 where it is None.
    What the machine says of many rows is no log-odds where it is not `calibrated`.
    """
    counted = np.ones(len(labels)) if counted is None else counted
    if len(labels) < MANY_ROWS:
        regression = LogisticRegression(max_iter=1000, random_state=seed)
        return _fit_stretched(regression, learned, labels, counted)
    weights, intercept = _fit_stretched(_build_machine(learned.scale), learned, labels, counted)
    if not calibrated:
        return weights, intercept
    slope, shift = _calibrate(learned, labels, counted, seed)
    return weights * slope, intercept * slope + shift


def _build_machine(scale: float, tolerance: float = _TOLERANCE) -> LinearSVC:
    # The intercept is penalised as if it were a term. The order in which rows
    # are visited is drawn by chance, always the same.
    return LinearSVC(C=_COST / scale**2, intercept_scaling=scale, tol=tolerance, random_state=0)


def _fit_stretched(
    model: LogisticRegression | LinearSVC,
    learned: LearningTable,
    labels: np.ndarray,
    counted: np.ndarray,
) -> tuple[np.ndarray, float]:
    """`model` fitted on the table with terms stretched by `_contrast`, its weights for the table
    as it was; each row counts as `counted` says with all its copies."""
    labels, counted = np.tile(labels, learned.copies), np.tile(counted, learned.copies)
    whole = learned.table
    stretch = _contrast(whole, labels, counted, learned.terms)
    table = sp.csr_matrix(
        (whole.data * stretch[whole.indices], whole.indices, whole.indptr), whole.shape
    )
    model.fit(table, labels, sample_weight=counted / learned.copies)
    return model.coef_[0] * stretch, float(model.intercept_[0])


def _calibrate(
    learned: LearningTable, labels: np.ndarray, counted: np.ndarray, seed: int
) -> tuple[float, float]:
    """Slope and shift that turn the machine's decision values into log-odds (Platt 1999).

    They are learned from decision values that are out of fold: each half of
    the rows is judged by a machine that learned from the other half.
    """
    half = _halve(labels)
    values = np.zeros(len(labels))
    for number in range(_HALVES):
        inside, outside = np.flatnonzero(half == number), np.flatnonzero(half != number)
        weights, intercept = _fit_stretched(
            _build_machine(learned.scale, _COARSE),
            learned.pick(outside),
            labels[outside],
            counted[outside],
        )
        values[inside] = learned.table[inside] @ weights + intercept
    regression = LogisticRegression(max_iter=1000, random_state=seed)
    regression.fit(values[:, None], labels, sample_weight=counted)
    # A slope below 0 would turn the ranking round on the evidence of chance.
    return max(float(regression.coef_[0, 0]), 0.0), float(regression.intercept_[0])


def _halve(labels: np.ndarray) -> np.ndarray:
    """0 or 1 for each row by chance, always the same, each in half of the 1s and of the 0s."""
    half = np.zeros(len(labels), dtype=int)
    rng = np.random.default_rng(0)
    for label in (0, 1):
        half[rng.permutation(np.flatnonzero(labels == label))[::_HALVES]] = 1
    return half


def _contrast(
    table: sp.csr_matrix, labels: np.ndarray, counted: np.ndarray, terms: np.ndarray
) -> np.ndarray:
    """By how much each column is stretched: sqrt |ln (p / q)| for terms, 1 for the rest.

    p and q are the shares of a term among all that stand in paragraphs with
    the code and without it, each counted once a paragraph, as much as that
    counts, and one more (Wang and Manning 2012, "Baselines and Bigrams", with
    the root as a middle way).
    """
    stands = sp.csr_matrix((np.ones(len(table.data)), table.indices, table.indptr), table.shape)
    both = np.stack([labels == 1, labels == 0], axis=1) * counted[:, np.newaxis]
    p, q = (1 + stands.T @ both).T
    ratio = np.sqrt(np.abs(np.log((p / p.sum()) / (q / q.sum()))))
    return np.where(terms, ratio, 1.0)
