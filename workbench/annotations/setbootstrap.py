"""Bootstrap intervals for alpha over sets of codes, one multinomial draw per resample."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from workbench.annotations.bootstrap import (
    draw_weights,
    percentile_interval,
    undisputed_limit,
)
from workbench.annotations.codings import MISSING, CodingMatrix, distinct_rows
from workbench.annotations.figures import NO_VARIATION, Interval
from workbench.annotations.setagreement import (
    chance_disagreement,
    distances,
    pairable_use,
    unit_disagreement,
)

#: Each resample compares every two distinct sets; beyond this many that takes too long.
MOST_SETS = 1_500
#: How many resampled weights are held in memory at once.
HELD = 4_000_000


def set_intervals(
    matrix: CodingMatrix, metrics: Sequence[str], resamples: int, rng: np.random.Generator
) -> tuple[Interval, ...]:
    """The 95 % interval of alpha over sets, per metric, resampling the pairable units."""
    used = np.flatnonzero(pairable_use(matrix))
    if len(used) > MOST_SETS:
        reason = f"not resampled: {len(used)} different sets of codes, more than {MOST_SETS}"
        return tuple(Interval(None, None, reason) for _ in metrics)
    m = (matrix.cells != MISSING).sum(axis=1)
    rows = np.flatnonzero(m >= 2)
    first, weights = distinct_rows(matrix.cells[rows])
    patterns = rows[first]
    size = m[patterns].astype(float)
    mean = unit_disagreement(matrix, metrics)[:, patterns] * size
    if not mean.any():
        return _undisputed(matrix, metrics, len(rows))
    holds = _holdings(matrix.cells[patterns], used)
    apart = _distances_between(matrix.members[used], metrics)
    values = np.empty((len(metrics), resamples))
    step = max(1, HELD // max(len(patterns), 1))
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        drawn = draw_weights(weights.astype(float), stop - start, rng)
        chosen = (holds.T @ drawn.T).T
        n = drawn @ size
        for index, matrix_apart in enumerate(apart):
            observed = drawn @ mean[index] * (n - 1)
            expected = ((chosen @ matrix_apart) * chosen).sum(axis=1)
            # Rounding can leave a trace of distance between equal sets: there is none.
            ratio = np.full(len(n), np.nan)
            np.divide(observed, expected, out=ratio, where=expected > 1e-9)
            values[index, start:stop] = 1 - ratio
    return tuple(percentile_interval(row) for row in values)


def _undisputed(matrix: CodingMatrix, metrics: Sequence[str], units: int) -> tuple[Interval, ...]:
    """Every set equal: as if the largest share that may go unseen were wholly different."""
    expected = chance_disagreement(matrix, metrics)
    if not expected.all():
        return tuple(Interval(None, None, NO_VARIATION) for _ in metrics)
    lows = 1 - undisputed_limit(units) / expected
    return tuple(Interval(float(low), 1.0, method="exact") for low in lows)


def _holdings(cells: np.ndarray, used: np.ndarray) -> sparse.csr_matrix:
    """How often each pattern (row) holds each used set (column)."""
    rows, columns = np.nonzero(cells != MISSING)
    names = np.searchsorted(used, cells[rows, columns])
    ones = np.ones(len(rows))
    return sparse.csr_matrix((ones, (rows, names)), shape=(len(cells), len(used)))


def _distances_between(members: np.ndarray, metrics: Sequence[str]) -> list[np.ndarray]:
    given = members.astype(np.int64)
    sizes = given.sum(axis=1)
    shared = given @ given.T
    largest = int(sizes.max(initial=0))
    return [
        distances(metric, largest)[sizes[:, None], sizes[None, :], shared] for metric in metrics
    ]
