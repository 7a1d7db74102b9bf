"""Which paragraphs are held out together."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from workbench.reports.carried import shingles

#: Folds where paragraphs, or several reports, have to share one.
FOLDS = 5
#: As in `carried_over`: the Jaccard similarity from which two texts are near duplicates.
NEAR = 0.8
_ROWS_AT_A_TIME = 256


def fold_by_report(reports: Sequence[str]) -> np.ndarray:
    """The fold of each paragraph, one fold per report, in the order of the report ids."""
    return np.unique(np.asarray(reports, dtype=str), return_inverse=True)[1]


def fold_within(reports: Sequence[str], duplicates: np.ndarray) -> np.ndarray:
    """At most `FOLDS` folds that cut no report in two, or with one report no near duplicates.

    `duplicates` is what `group_duplicates` gave for the same paragraphs.
    """
    by_report = fold_by_report(reports)
    return _share_out(by_report if by_report.max(initial=0) > 0 else duplicates)


def group_duplicates(texts: Sequence[str]) -> np.ndarray:
    """A number per text, the same for near duplicates, and for what they link to.

    Near duplicates share `NEAR` or more of their word 3-shingles (Jaccard).
    """
    columns: dict[tuple[str, ...], int] = {}
    ends = [0]
    indices: list[int] = []
    for text in texts:
        indices.extend(columns.setdefault(s, len(columns)) for s in shingles(text))
        ends.append(len(indices))
    table = csr_matrix(
        (np.ones(len(indices), dtype=np.int32), indices, ends), shape=(len(texts), len(columns))
    )
    sizes = np.diff(table.indptr)
    transposed = table.T.tocsr()
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    for first in range(0, len(texts), _ROWS_AT_A_TIME):
        shared = (table[first : first + _ROWS_AT_A_TIME] @ transposed).tocoo()
        rows = shared.row + first
        near = shared.data >= NEAR * (sizes[rows] + sizes[shared.col] - shared.data) - 1e-9
        pairs.append((rows[near], shared.col[near]))
    rows, cols = (np.concatenate(side) for side in zip(*pairs, strict=True))
    links = coo_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(texts), len(texts)))
    return connected_components(links, directed=False)[1]


def _share_out(groups: np.ndarray) -> np.ndarray:
    """Whole groups into at most `FOLDS` folds of about one size, largest groups first."""
    sizes = np.bincount(groups)
    filled = np.zeros(min(FOLDS, len(sizes)), dtype=int)
    fold_of_group = np.zeros(len(sizes), dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of_group[group] = filled.argmin()
        filled[fold_of_group[group]] += sizes[group]
    return fold_of_group[groups]
