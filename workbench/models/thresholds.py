"""From which score on a code is given."""

import numpy as np

from workbench.models.classifier import UNDECIDED

#: Used where no score at hand tells better.
DEFAULT = 0.5
_CANDIDATES = np.round(np.arange(0.05, 0.951, 0.01), 2)


def choose_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """The threshold in 0.05, 0.06 ... 0.95 with the best F1 for one code.

    `labels` (1, 0 or UNDECIDED) and `scores` have the shape (paragraphs,). Of
    several equally good thresholds the middle one, farthest from either end of
    the plateau, is taken. DEFAULT where no paragraph carries the code. The
    scores must be out of fold: on training texts they are too good.
    """
    known = labels != UNDECIDED
    truth, scores = labels[known] == 1, scores[known]
    if not truth.any():
        return DEFAULT
    given = scores[None, :] >= _CANDIDATES[:, None]
    hits = (given & truth).sum(axis=1)
    f1 = 2 * hits / (given.sum(axis=1) + truth.sum())
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    return float(_CANDIDATES[best[len(best) // 2]])


def choose_thresholds(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """`choose_threshold` for each column (code)."""
    columns = zip(labels.T, scores.T, strict=True)
    return np.array([choose_threshold(*column) for column in columns])
