"""Krippendorff's alpha over sets of codes, with MASI and Jaccard distances.

A distance here depends on three numbers only: how many codes the two sets
hold, |A| and |B|, and how many they share, |A and B|. With J = shared /
(|A| + |B| - shared), Jaccard's distance is 1 - J, and MASI's 1 - J * M with
M = 1 for equal sets, 2/3 where one contains the other, 1/3 where they overlap
and 0 where they do not (Passonneau 2006, Measuring Agreement on Set-valued
Items (MASI), LREC; another MASI, 1 - J weighted, is in use elsewhere and
gives other figures). Two empty sets are equal: both coders said "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workbench.annotations.codings import MISSING, CodingMatrix

METRICS = ("masi", "jaccard", "exact")


@dataclass(frozen=True, slots=True, eq=False)
class SetTable:
    """Distinct sets: `words` (sets x words, uint64) are bit masks, `sizes` (sets,) counts."""

    words: np.ndarray
    sizes: np.ndarray


def table_of(members: np.ndarray) -> SetTable:
    """The bit masks of sets given as rows of bool (sets x codes)."""
    sets, codes = members.shape
    padded = np.zeros((sets, max(64, -(-codes // 64) * 64)), dtype=np.uint8)
    padded[:, :codes] = members
    words = np.packbits(padded, axis=1, bitorder="little").view("<u8")
    return SetTable(words, members.sum(axis=1).astype(np.intp))


def distances(metric: str, largest: int) -> np.ndarray:
    """Distance by (|A|, |B|, shared), each 0..largest; impossible combinations hold 0."""
    a, b, shared = np.ogrid[: largest + 1, : largest + 1, : largest + 1]
    possible = (shared <= a) & (shared <= b)
    equal = (a == shared) & (b == shared)
    jaccard = shared / np.maximum(a + b - shared, 1)
    inside = shared == np.minimum(a, b)
    kinship = np.where(equal, 1.0, np.where(inside, 2 / 3, np.where(shared > 0, 1 / 3, 0.0)))
    near = {"masi": jaccard * kinship, "jaccard": jaccard, "exact": equal.astype(float)}[metric]
    return np.where(possible & ~equal, 1 - near, 0.0)


def unit_disagreement(matrix: CodingMatrix, metrics: Sequence[str]) -> np.ndarray:
    """Mean distance between a unit's codings (metrics x units); nan with fewer than two."""
    table = table_of(matrix.members)
    cells = matrix.cells
    side = int(table.sizes.max(initial=0)) + 1
    by_key = [distances(metric, side - 1).ravel() for metric in metrics]
    total = np.zeros((len(metrics), len(cells)))
    m = (cells != MISSING).sum(axis=1)
    columns = [np.ascontiguousarray(column) for column in cells.T]
    for left, right in combinations(columns, 2):
        rows = np.flatnonzero((left != MISSING) & (right != MISSING) & (left != right))
        one, other = left[rows], right[rows]
        shared = _shared(table.words, one, other)
        key = (table.sizes[one] * side + table.sizes[other]) * side + shared
        for index, lookup in enumerate(by_key):
            total[index, rows] += lookup[key]
    pairs = m * (m - 1) / 2
    return np.divide(total, pairs, out=np.full(total.shape, np.nan), where=pairs > 0)


def chance_disagreement(matrix: CodingMatrix, metrics: Sequence[str]) -> np.ndarray:
    """Krippendorff's D_e per metric: the mean distance of any two pairable codings."""
    used = pairable_use(matrix)
    kept = used > 0
    members, used = matrix.members[kept], used[kept]
    n = used.sum()
    if n < 2:
        return np.full(len(metrics), np.nan)
    histogram = pair_histogram(members, used)
    largest = histogram.shape[0] - 1
    totals = [(histogram * distances(metric, largest)).sum() for metric in metrics]
    return np.array(totals) / (n * (n - 1))


def pairable_use(matrix: CodingMatrix) -> np.ndarray:
    """How often each distinct set was chosen in units with two codings or more."""
    pairable = (matrix.cells != MISSING).sum(axis=1) >= 2
    chosen = matrix.cells[pairable].ravel()
    return np.bincount(chosen[chosen != MISSING], minlength=len(matrix.members))


def set_alpha(matrix: CodingMatrix, metrics: Sequence[str]) -> np.ndarray:
    """Krippendorff's alpha over sets, per metric; nan without pairs or without variation."""
    m = (matrix.cells != MISSING).sum(axis=1)
    pairable = m >= 2
    n = m[pairable].sum()
    mean = unit_disagreement(matrix, metrics)[:, pairable]
    observed = (mean * m[pairable]).sum(axis=1) / max(n, 1)
    expected = chance_disagreement(matrix, metrics)
    ratio = np.divide(observed, expected, out=np.full(len(metrics), np.nan), where=expected > 0)
    return 1 - ratio


def pair_histogram(members: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Ordered pairs of codings by (|A|, |B|, shared); `used` is how often each set occurs.

    A coding is paired with itself too, at distance 0. Both ways are exact; the
    cheaper is taken: comparing every two distinct sets, or counting subsets.
    """
    sizes = members.sum(axis=1)
    comparisons = float(len(members)) ** 2 * (1 + members.shape[1] // 64)
    subsets = (2.0**sizes).sum()
    if comparisons <= 20 * subsets:
        return histogram_by_comparison(members, used)
    return histogram_by_subsets(members, used)


def histogram_by_comparison(members: np.ndarray, used: np.ndarray) -> np.ndarray:
    """The histogram by comparing every two distinct sets, in blocks."""
    table = table_of(members)
    side = int(table.sizes.max(initial=0)) + 1
    histogram = np.zeros(side**3)
    everything = np.arange(len(members))
    block = max(1, 1_000_000 // max(len(members), 1))
    for start in range(0, len(members), block):
        rows = everything[start : start + block]
        shared = _shared(table.words, rows[:, None], everything[None, :])
        key = (table.sizes[rows, None] * side + table.sizes) * side + shared
        weights = used[rows, None] * used.astype(float)
        histogram += np.bincount(key.ravel(), weights.ravel(), minlength=side**3)
    return histogram.reshape(side, side, side)


def histogram_by_subsets(members: np.ndarray, used: np.ndarray) -> np.ndarray:
    """The histogram from how many codings of each size contain each set of t codes.

    Sum over sets T of t codes of C_a(T) C_b(T), with C_a(T) the codings of size
    a that contain T, counts each pair (A, B) once for every T inside both: it
    is the sum over i of binomial(i, t) H(a, b, i), which is then inverted.
    """
    codes = members.shape[1]
    sizes = members.sum(axis=1)
    classes = np.unique(sizes)
    side = int(sizes.max(initial=0)) + 1
    weights = {a: used[sizes == a].astype(np.int64) for a in classes}
    places = {a: np.nonzero(members[sizes == a])[1].reshape(len(weights[a]), a) for a in classes}
    # prefixes[a][:, j] names the j-th subset of t codes of each set of size a.
    prefixes = {a: np.zeros((len(weights[a]), 1), dtype=np.int64) for a in classes}
    sums = np.zeros((side, side, side), dtype=np.int64)
    totals = np.array([weights[a].sum() for a in classes])
    sums[np.ix_(classes, classes, [0])] = np.multiply.outer(totals, totals)[..., None]
    for t in range(1, side):
        present = [a for a in classes if a >= t]
        keys = {a: _extended(prefixes[a], places[a], a, t, codes) for a in present}
        shapes = {a: keys[a].shape for a in present}
        flat = np.concatenate([keys.pop(a).ravel() for a in present])
        subsets, names = np.unique(flat, return_inverse=True)
        holders = np.zeros((len(subsets), len(present)))
        start = 0
        for column, a in enumerate(present):
            stop = start + shapes[a][0] * shapes[a][1]
            repeated = np.repeat(weights[a], shapes[a][1])
            prefixes[a] = names[start:stop].reshape(shapes[a])
            holders[:, column] = np.bincount(names[start:stop], repeated, len(subsets))
            start = stop
        counts = holders.astype(np.int64)
        sums[np.ix_(present, present, [t])] = (counts.T @ counts)[..., None]
    return (sums @ _inverse_binomials(side)).astype(float)


def _extended(prefix: np.ndarray, places: np.ndarray, a: int, t: int, codes: int) -> np.ndarray:
    known = {chosen: index for index, chosen in enumerate(combinations(range(a), t - 1))}
    grown = list(combinations(range(a), t))
    before = [known[chosen[:-1]] for chosen in grown]
    last = [chosen[-1] for chosen in grown]
    return prefix[:, before] * codes + places[:, last]


def _inverse_binomials(side: int) -> np.ndarray:
    # H_i = sum over t of (-1)^(t-i) binomial(t, i) S_t: column i holds the signs.
    pascal = np.zeros((side, side), dtype=np.int64)
    pascal[:, 0] = 1
    for t in range(1, side):
        pascal[t, 1:] = pascal[t - 1, 1:] + pascal[t - 1, :-1]
    t, i = np.indices((side, side))
    return pascal * np.where((t - i) % 2, -1, 1)


def _shared(words: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    shared = np.zeros(np.broadcast(one, other).shape, dtype=np.intp)
    for word in range(words.shape[1]):
        column = words[:, word]
        shared += np.bitwise_count(column[one] & column[other])
    return shared
