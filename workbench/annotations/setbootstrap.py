"""Bootstrap intervals for alpha over sets of codes.

Expected disagreement is a sum over every two codings, so a resample would have
to compare every two distinct sets again. With many distinct sets it is taken
to second order instead (Hoeffding's decomposition of a U-statistic: Serfling
1980, Approximation Theorems of Mathematical Statistics, chapter 5): what each
drawn paragraph or report adds to first order, and the mean of what remains,
whose spread is smaller by the square root of their number. Observed
disagreement is exact always.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workbench.annotations.bootstrap import (
    BY_PARAGRAPH,
    BY_REPORT,
    bca_interval,
    draw_weights,
    normal_interval,
    undisputed_limit,
)
from workbench.annotations.figures import NO_VARIATION, Interval
from workbench.annotations.matrices import MISSING, pack_sets
from workbench.annotations.reportdraws import ReportDraws
from workbench.annotations.setagreement import SetCounts, ratio
from workbench.annotations.setdistances import count_shared, distances

#: Up to so many distinct sets, every two are compared anew in each resample.
MOST_SETS = 1_000
#: Beyond so many paragraphs drawn in all, the normal interval is taken.
MOST_DRAWN = 300_000_000
#: How many resampled weights are held in memory at once.
HELD = 4_000_000
_BLOCKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class _Things:
    """What is drawn, by kind: `holds` (kinds x used sets) and, per metric, sums over its units.

    `size` codings, `observed` their disagreement (size times the mean
    distance), `reach` their distances to all codings, `own` to each other.
    """

    weights: np.ndarray
    holds: sparse.csr_matrix
    size: np.ndarray
    observed: np.ndarray
    reach: np.ndarray
    own: np.ndarray
    unit: str

    @property
    def count(self) -> int:
        return int(self.weights.sum())


def set_intervals(
    counts: SetCounts, resamples: int, rng: np.random.Generator, draws: ReportDraws | None = None
) -> tuple[Interval, ...]:
    """The 95 % interval of alpha over sets, per metric; whole reports are drawn if given."""
    unit = BY_PARAGRAPH if draws is None else BY_REPORT
    if not counts.expected.all():
        return tuple(Interval(None, None, NO_VARIATION, unit=unit) for _ in counts.metrics)
    if not counts.disagreed.any():
        # As if the largest share that may go unseen were wholly different.
        n = counts.used.sum()
        lows = 1 - undisputed_limit(len(counts.rows)) * n * (n - 1) / counts.expected
        return tuple(Interval(float(low), 1.0, method="exact") for low in lows)
    things = _by_paragraph(counts) if draws is None else _by_report(counts, draws)
    alphas = counts.alpha
    n = counts.used.sum() - things.size
    left = things.weights @ things.observed.T - things.observed.T
    expected = counts.expected[:, None] - 2 * things.reach + things.own
    without = 1 - ratio(left.T * (n - 1), expected)
    if draws is None and things.count * resamples > MOST_DRAWN:
        return tuple(
            normal_interval(float(alpha), row, things.weights, things.count, unit)
            for alpha, row in zip(alphas, without, strict=True)
        )
    values = _resampled(counts, things, resamples, rng, draws)
    strata = np.zeros(len(things.weights), dtype=np.intp)
    return tuple(
        bca_interval(row, float(alpha), left_out, things.weights, strata, things.count, unit)
        for row, alpha, left_out in zip(values, alphas, without, strict=True)
    )


def _resampled(
    counts: SetCounts,
    things: _Things,
    resamples: int,
    rng: np.random.Generator,
    draws: ReportDraws | None,
) -> np.ndarray:
    """Alpha in each resample (metrics x resamples)."""
    exact = len(counts.members) <= MOST_SETS
    apart = _distances_between(counts) if exact else []
    total = counts.expected
    remains = things.own @ things.weights - total / things.count
    values = np.empty((len(counts.metrics), resamples))
    step = max(1, HELD // len(things.weights))
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        if draws is None:
            drawn = draw_weights(things.weights, stop - start, rng)
        else:
            drawn = draws.times[start:stop, : draws.pairable].astype(float)
        observed = (drawn @ things.observed.T).T * (drawn @ things.size - 1)
        if exact:
            chosen = (things.holds.T @ drawn.T).T
            expected = np.stack([((chosen @ table) * chosen).sum(axis=1) for table in apart])
        else:
            expected = 2 * (drawn @ things.reach.T).T + (remains - total)[:, None]
        values[:, start:stop] = 1 - ratio(observed, expected)
    return values


def _by_paragraph(counts: SetCounts) -> _Things:
    """The kinds of paragraphs are the patterns."""
    holds = _holdings(counts.cells, len(counts.members))
    size = counts.size
    return _Things(
        weights=np.bincount(counts.pattern_of, minlength=len(size)).astype(float),
        holds=holds,
        size=size,
        observed=counts.disagreed * size,
        reach=(holds @ counts.reach.T).T,
        own=counts.disagreed * size * (size - 1),
        unit=BY_PARAGRAPH,
    )


def _by_report(counts: SetCounts, draws: ReportDraws) -> _Things:
    """Each report is a kind of its own."""
    kinds = _by_paragraph(counts)
    places = (draws.report_of[counts.rows], counts.pattern_of)
    shape = (draws.pairable, len(counts.size))
    held = sparse.coo_matrix((np.ones(len(counts.rows)), places), shape=shape).tocsr()
    holds = (held @ kinds.holds).tocsr()
    return _Things(
        weights=np.ones(draws.pairable),
        holds=holds,
        size=held @ kinds.size,
        observed=(held @ kinds.observed.T).T,
        reach=(held @ kinds.reach.T).T,
        own=_own_distances(counts, holds),
        unit=BY_REPORT,
    )


def _own_distances(counts: SetCounts, holds: sparse.csr_matrix) -> np.ndarray:
    """The distances of every two codings of each row, both ways (metrics x rows)."""
    words, sizes = pack_sets(counts.members), counts.members.sum(axis=1)
    side = int(sizes.max(initial=0)) + 1
    by_key = [distances(metric, side - 1).ravel() for metric in counts.metrics]
    own = np.zeros((len(by_key), holds.shape[0]))
    for row in range(holds.shape[0]):
        part = slice(holds.indptr[row], holds.indptr[row + 1])
        mine, times = holds.indices[part], holds.data[part]
        # In blocks, so that the distances on one side of the diagonal do for both.
        step = min(max(1, HELD // max(len(mine), 1)), len(mine) // _BLOCKS + 1)
        for start in range(0, len(mine), step):
            some, others = mine[start : start + step], mine[start:]
            both_ways = 2 * times[start:]
            both_ways[: len(some)] /= 2
            key = count_shared(words, some[:, None], others[None, :]).astype(np.int32)
            key += ((sizes[some][:, None] * side + sizes[others]) * side).astype(np.int32)
            for index, table in enumerate(by_key):
                own[index, row] += times[start : start + step] @ table[key] @ both_ways
    return own


def _holdings(cells: np.ndarray, sets: int) -> sparse.csr_matrix:
    """How often each pattern (row) holds each used set (column)."""
    rows, columns = np.nonzero(cells != MISSING)
    places = (rows, cells[rows, columns])
    return sparse.coo_matrix((np.ones(len(rows)), places), shape=(len(cells), sets)).tocsr()


def _distances_between(counts: SetCounts) -> list[np.ndarray]:
    words, sizes = pack_sets(counts.members), counts.members.sum(axis=1)
    every = np.arange(len(sizes))
    shared = count_shared(words, every[:, None], every[None, :])
    largest = int(sizes.max(initial=0))
    return [
        distances(metric, largest)[sizes[:, None], sizes[None, :], shared]
        for metric in counts.metrics
    ]
