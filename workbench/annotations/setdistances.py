"""Distances between sets of codes, and each set's distance to all codings together.

A distance here depends on three numbers only: how many codes the two sets
hold, |A| and |B|, and how many they share. With J = shared / (|A| + |B| -
shared), Jaccard's distance is 1 - J, and MASI's 1 - J * M with M = 1 for equal
sets, 2/3 where one contains the other, 1/3 where they overlap and 0 where they
do not (Passonneau 2006, Measuring Agreement on Set-valued Items (MASI), LREC).
Another distance of that name, "masi_weighted" here, is (1 - J) weighted by 0,
1/3, 2/3 and 1 for equal, contained (as the empty set is in every other),
overlapping and separate sets (DKPro Statistics); it gives other
figures. Two empty sets are equal: both coders said "none".
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from workbench.annotations.matrices import pack_sets

METRICS = ("masi", "jaccard", "exact", "masi_weighted")
#: Counting one subset costs about so many times what comparing two sets costs.
_DEARER = 40
#: How many comparisons a step holds in memory at once.
_HELD = 1_000_000


def distances(metric: str, largest: int) -> np.ndarray:
    """Distance by (|A|, |B|, shared), each 0..largest; impossible combinations hold 0."""
    a, b, shared = np.ogrid[: largest + 1, : largest + 1, : largest + 1]
    possible = (shared <= a) & (shared <= b)
    equal = (a == shared) & (b == shared)
    jaccard = shared / np.maximum(a + b - shared, 1)
    inside = shared == np.minimum(a, b)
    if metric == "masi_weighted":
        weight = np.where(inside, 1 / 3, np.where(shared > 0, 2 / 3, 1.0))
        apart = (1 - jaccard) * weight
    else:
        kinship = np.where(equal, 1.0, np.where(inside, 2 / 3, np.where(shared > 0, 1 / 3, 0.0)))
        near = {"masi": jaccard * kinship, "jaccard": jaccard, "exact": equal.astype(float)}
        apart = 1 - near[metric]
    return np.where(possible & ~equal, apart, 0.0)


def distance_sums(members: np.ndarray, used: np.ndarray, metrics: Sequence[str]) -> np.ndarray:
    """Per metric and set, the sum of its distances to all codings (metrics x sets).

    `members` (sets x codes, bool) are distinct sets, `used` how often each was
    chosen. Both ways to count are exact; small sets are counted by subsets
    where that is cheaper, large sets are compared with every other.
    """
    sizes = members.sum(axis=1)
    sums = np.zeros((len(metrics), len(members)))
    small = sizes <= _largest_by_subsets(sizes)
    large = np.flatnonzero(~small)
    if len(large):
        sums[:, large] = sums_by_comparison(members, large, np.arange(len(members)), used, metrics)
        rest = np.flatnonzero(small)
        if len(rest):
            sums[:, rest] = sums_by_comparison(members, rest, large, used, metrics)
    if small.any():
        sums[:, small] += sums_by_subsets(members[small], used[small], metrics)
    return sums


def sums_by_comparison(
    members: np.ndarray,
    rows: np.ndarray,
    others: np.ndarray,
    used: np.ndarray,
    metrics: Sequence[str],
) -> np.ndarray:
    """The sums of the sets `rows` over the sets `others` (metrics x rows), by comparing each two.

    Sets of one size are taken together: then the number of shared codes alone
    tells the distance.
    """
    words, sizes = pack_sets(members), members.sum(axis=1)
    tables = [distances(metric, int(sizes.max(initial=0))) for metric in metrics]
    sums = np.zeros((len(metrics), len(rows)))
    for b in np.unique(sizes[others]):
        mates = others[sizes[others] == b]
        weights = used[mates].astype(float)
        for a in np.unique(sizes[rows]):
            mine = np.flatnonzero(sizes[rows] == a)
            step = max(1, _HELD // len(mates))
            for start in range(0, len(mine), step):
                places = mine[start : start + step]
                shared = count_shared(words, rows[places][:, None], mates[None, :])
                for index, table in enumerate(tables):
                    sums[index, places] += table[a, b][shared] @ weights
    return sums


def sums_by_subsets(members: np.ndarray, used: np.ndarray, metrics: Sequence[str]) -> np.ndarray:
    """The sums of all sets over all sets, from how many codings contain each set of t codes.

    With C_b(T) the codings of size b that contain T, the sum of C_b(T) over the
    subsets T of t codes of a set A is the sum over i of binomial(i, t) H(b, i):
    H(b, i) codings of size b share i codes with A. This is inverted, and the
    distances applied, before summing.
    """
    codes = members.shape[1]
    sizes = members.sum(axis=1)
    classes = np.unique(sizes)
    side = int(sizes.max(initial=0)) + 1
    # gains[metric, a, b, t]: what one C_b(T), T of t codes, adds for a set of size a.
    tables = np.stack([distances(metric, side - 1) for metric in metrics])
    gains = tables @ _inverse_binomials(side).T.astype(float)
    rows = {a: np.flatnonzero(sizes == a) for a in classes}
    places = {a: np.nonzero(members[rows[a]])[1].reshape(len(rows[a]), a) for a in classes}
    # prefixes[a][:, j] names the j-th subset of t codes of each set of size a.
    prefixes = {a: np.zeros((len(rows[a]), 1), dtype=np.int64) for a in classes}
    sums = np.zeros((len(metrics), len(members)))
    for t in range(side):
        present = [a for a in classes if a >= t]
        if t:
            prefixes = _name_subsets(prefixes, places, present, t, codes)
        subsets = max(int(prefixes[a].max(initial=0)) for a in present) + 1
        holders = np.stack(
            [
                np.bincount(
                    prefixes[a].ravel(),
                    np.repeat(used[rows[a]].astype(float), prefixes[a].shape[1]),
                    subsets,
                )
                for a in present
            ],
            axis=1,
        )
        for a in present:
            worth = holders @ gains[:, a, present, t].T
            for index in range(len(metrics)):
                sums[index, rows[a]] += worth[:, index][prefixes[a]].sum(axis=1)
    return sums


def count_shared(words: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many codes the sets `one` and `other` (numbers) share, from their bit masks."""
    shared = np.zeros(np.broadcast(one, other).shape, dtype=np.uint16)
    for word in range(words.shape[1]):
        column = words[:, word]
        shared += np.bitwise_count(column[one] & column[other])
    return shared


def _largest_by_subsets(sizes: np.ndarray) -> int:
    """The size up to which sets are counted by subsets, the cheapest choice; -1 for none."""
    per_size = np.bincount(sizes)
    best, cost = -1, float(len(sizes)) ** 2
    counted = 0.0
    for size, number in enumerate(per_size[:40].tolist()):
        counted += number * 2.0**size
        beyond = float(per_size[size + 1 :].sum())
        if (now := _DEARER * counted + 2 * beyond * len(sizes)) < cost:
            best, cost = size, now
    return best


def _name_subsets(
    prefixes: dict[int, np.ndarray],
    places: dict[int, np.ndarray],
    present: Sequence[int],
    t: int,
    codes: int,
) -> dict[int, np.ndarray]:
    """Numbers of the subsets of t codes, the same subset the same number, from those of t - 1."""
    keys = {a: _extend(prefixes[a], places[a], a, t, codes) for a in present}
    names = _number_keys(np.concatenate([key.ravel() for key in keys.values()]))
    parts = np.split(names, np.cumsum([key.size for key in keys.values()])[:-1])
    return {a: part.reshape(keys[a].shape) for a, part in zip(keys, parts, strict=True)}


def _number_keys(keys: np.ndarray) -> np.ndarray:
    """The same keys the same number, from 0 on."""
    if not keys.size or (span := int(keys.max()) + 1) > 8 * keys.size:
        return np.unique(keys, return_inverse=True)[1]
    # A table of what occurs is faster than sorting.
    occurs = np.zeros(span, dtype=bool)
    occurs[keys] = True
    return (np.cumsum(occurs, dtype=np.int32) - 1)[keys]


def _extend(prefix: np.ndarray, places: np.ndarray, a: int, t: int, codes: int) -> np.ndarray:
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
