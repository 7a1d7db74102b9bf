"""Krippendorff's alpha over sets of codes; the distances are in `setdistances.py`.

Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, with a
distance between sets in place of his metrics (Passonneau 2006). Empty sets
count: a coder who chose "none" made a decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from workbench.annotations.matrices import MISSING, CodingMatrix, name_rows, pack_sets
from workbench.annotations.setdistances import (
    METRICS,
    count_shared,
    distance_sums,
    distances,
)

__all__ = ["METRICS", "SetCounts", "count_sets", "pairable_use", "set_alpha", "unit_disagreement"]


@dataclass(frozen=True, slots=True, eq=False)
class SetCounts:
    """All that alpha over sets needs to know of the pairable units.

    Units with the same sets are one pattern: `cells` (patterns x coders)
    numbers its sets among those used, `size` is its codings and `disagreed`
    (metrics x patterns) the mean distance between two of them; `pattern_of`
    is each pairable unit's pattern, `rows` those units. `members` and `used`
    are the used sets and how often each was chosen; `reach` (metrics x sets)
    the sum of a set's distances to all codings.
    """

    metrics: tuple[str, ...]
    rows: np.ndarray
    pattern_of: np.ndarray
    cells: np.ndarray
    size: np.ndarray
    disagreed: np.ndarray
    members: np.ndarray
    used: np.ndarray
    reach: np.ndarray

    def only(self, metrics: Sequence[str]) -> "SetCounts":
        """The same for some of the metrics."""
        places = [self.metrics.index(metric) for metric in metrics]
        return replace(
            self,
            metrics=tuple(metrics),
            disagreed=self.disagreed[places],
            reach=self.reach[places],
        )

    @property
    def expected(self) -> np.ndarray:
        """The sum of the distances of every two codings, both ways, per metric."""
        return self.reach @ self.used

    @property
    def alpha(self) -> np.ndarray:
        """Krippendorff's alpha per metric; nan without pairs or without variation."""
        n = self.used.sum()
        weights = np.bincount(self.pattern_of, minlength=len(self.size))
        observed = self.disagreed @ (weights * self.size) * (n - 1)
        return 1 - ratio(observed, self.expected)


def count_sets(matrix: CodingMatrix, metrics: Sequence[str] = METRICS) -> SetCounts:
    """Count the pairable units' sets of codes."""
    coded = (matrix.cells != MISSING).sum(axis=1)
    rows = np.flatnonzero(coded >= 2)
    used = pairable_use(matrix)
    kept = _in_order(matrix, np.flatnonzero(used))
    numbers = np.full(len(matrix.members) + 1, MISSING, dtype=np.int32)
    numbers[kept] = np.arange(len(kept))
    cells = numbers[matrix.cells[rows]]
    first, pattern_of, _ = name_rows(cells)
    members = matrix.members[kept]
    patterns = cells[first]
    return SetCounts(
        metrics=tuple(metrics),
        rows=rows,
        pattern_of=pattern_of,
        cells=patterns,
        size=coded[rows][first].astype(float),
        disagreed=_disagreement(patterns, members, metrics),
        members=members,
        used=used[kept].astype(float),
        reach=distance_sums(members, used[kept], metrics),
    )


def _in_order(matrix: CodingMatrix, kept: np.ndarray) -> np.ndarray:
    """These sets in an order that the names of their codes decide.

    What is drawn from sets in order must depend neither on the order in which
    the codes are listed nor on codes that nobody gave.
    """
    members = matrix.members[kept]
    names = sorted(np.flatnonzero(members.any(axis=0)).tolist(), key=lambda c: matrix.codes[c])
    return kept[np.lexsort(pack_sets(members[:, names]).T)] if names else kept


def set_alpha(matrix: CodingMatrix, metrics: Sequence[str]) -> np.ndarray:
    """Krippendorff's alpha over sets, per metric; nan without pairs or without variation."""
    m = (matrix.cells != MISSING).sum(axis=1)
    used = pairable_use(matrix)
    kept, n = used > 0, used.sum()
    mean = np.nan_to_num(unit_disagreement(matrix, metrics))
    observed = mean @ np.where(m >= 2, m, 0) * (n - 1)
    return 1 - ratio(
        observed, distance_sums(matrix.members[kept], used[kept], metrics) @ used[kept]
    )


def unit_disagreement(matrix: CodingMatrix, metrics: Sequence[str]) -> np.ndarray:
    """Mean distance between a unit's codings (metrics x units); nan with fewer than two."""
    return _disagreement(matrix.cells, matrix.members, metrics)


def pairable_use(matrix: CodingMatrix) -> np.ndarray:
    """How often each distinct set was chosen in units with two codings or more."""
    pairable = (matrix.cells != MISSING).sum(axis=1) >= 2
    use = np.zeros(len(matrix.members) + 1, dtype=np.int64)
    for column in matrix.cells.T:
        # MISSING counts as the one set beyond the last.
        use += np.bincount(column[pairable] % len(use), minlength=len(use))
    return use[:-1]


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above / below; nan where below is nothing but what rounding leaves of equal sets."""
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 1e-9)


def _disagreement(cells: np.ndarray, members: np.ndarray, metrics: Sequence[str]) -> np.ndarray:
    words, sizes = pack_sets(members), members.sum(axis=1)
    side = int(sizes.max(initial=0)) + 1
    by_key = [distances(metric, side - 1).ravel() for metric in metrics]
    total = np.zeros((len(metrics), len(cells)))
    m = (cells != MISSING).sum(axis=1)
    columns = [np.ascontiguousarray(column) for column in cells.T]
    for left, right in combinations(columns, 2):
        rows = np.flatnonzero((left != MISSING) & (right != MISSING) & (left != right))
        one, other = left[rows], right[rows]
        key = (sizes[one] * side + sizes[other]) * side + count_shared(words, one, other)
        for index, lookup in enumerate(by_key):
            total[index, rows] += lookup[key]
    pairs = m * (m - 1) / 2
    return np.divide(total, pairs, out=np.full(total.shape, np.nan), where=pairs > 0)
