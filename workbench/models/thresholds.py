"""From which score on a code is given."""

import numpy as np

from workbench.models.classifier import UNDECIDED

#: Used where no score at hand tells better.
DEFAULT = 0.5
#: With so many paragraphs that carry a code, its own best threshold counts half.
HALF_TRUSTED = 100
#: With so many of all codes together, the best threshold for all of them counts half.
HALF_POOLED = 300
_CANDIDATES = np.round(np.arange(0.05, 0.951, 0.01), 2)


def choose_threshold(
    labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None
) -> float:
    """The threshold in 0.05, 0.06 ... 0.95 with the best F1 for one code.

    `labels` (1, 0 or UNDECIDED), `scores` and `weights`, how much each paragraph
    counts (else 1), have the shape (paragraphs,). Of
    several equally good thresholds the middle one, farthest from either end of
    the plateau, is taken. DEFAULT where no paragraph carries the code. The
    scores must be out of fold: on training texts they are too good.
    """
    known = labels != UNDECIDED
    truth, scores = labels[known] == 1, scores[known]
    counted = np.ones(len(truth)) if weights is None else weights[known]
    if not truth.any():
        return DEFAULT
    # Of the scores in rising order, `first` is where those begin that reach a candidate.
    order = np.argsort(scores, kind="stable")
    first = np.searchsorted(scores[order], _CANDIDATES)
    hits = _sum_from(counted[order] * truth[order])[first]
    given = _sum_from(counted[order])[first]
    f1 = 2 * hits / (given + counted[truth].sum())
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    return float(_CANDIDATES[best[len(best) // 2]])


def choose_thresholds(
    labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """A threshold for each column (code), drawn towards a common one where examples are few.

    The best threshold of few paragraphs is mostly chance, and fits the reports
    at hand. So a code with n paragraphs that carry it gets
    (n * its own best + HALF_TRUSTED * common) / (n + HALF_TRUSTED), where
    `common` lies between the best one for all codes together, drawn likewise
    by their number and HALF_POOLED, and DEFAULT. Each paragraph counts as much as
    `weights` says, of the shape of the labels (else 1).
    """
    weights = np.ones(labels.shape) if weights is None else weights
    columns = zip(labels.T, scores.T, weights.T, strict=True)
    own = np.array([choose_threshold(*column) for column in columns])
    carried = np.where(labels == 1, weights, 0.0).sum(axis=0)
    pooled = choose_threshold(labels.ravel(), scores.ravel(), weights.ravel())
    common = (carried.sum() * pooled + HALF_POOLED * DEFAULT) / (carried.sum() + HALF_POOLED)
    drawn = (carried * own + HALF_TRUSTED * common) / (carried + HALF_TRUSTED)
    return np.where(carried > 0, drawn, DEFAULT).round(4)


def _sum_from(values: np.ndarray) -> np.ndarray:
    """The sum of the values from each place on, and 0 beyond the last."""
    return np.append(np.cumsum(values[::-1])[::-1], 0.0)
