"""Which of some texts are near duplicates of which of some others. Pure.

Pairs, where `linking` gives clusters. The same filter finds them (see there): two
texts with a Jaccard similarity of t or more share one of their rarest shingles.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from scipy.sparse import csr_matrix

from workbench.reports.shingles import ROUNDING, ShingleTable
from workbench.reports.words import normalise

#: Rows of candidate pairs that are in memory at a time.
_ROWS_AT_A_TIME = 2048


def find_near(
    texts: Sequence[str], others: Sequence[str], threshold: float = 0.8
) -> Iterator[tuple[int, int, float]]:
    """Every (place in `texts`, place in `others`, similarity) of near duplicates.

    Near: other words, but a Jaccard similarity (see `shingles`) of `threshold`
    or more, exactly. Texts with the same words (`normalise`) are no pair.
    """
    rows: dict[str, int] = {}
    copies: tuple[dict[int, list[int]], ...] = ({}, {})
    for side, places in zip((texts, others), copies, strict=True):
        for place, text in enumerate(side):
            places.setdefault(rows.setdefault(normalise(text), len(rows)), []).append(place)
    table = ShingleTable.of(rows)
    prefixes = _prefixes(table, threshold)
    left, right = (np.fromiter(places, dtype=np.int64, count=len(places)) for places in copies)
    transposed = prefixes[right].T.tocsr()
    for start in range(0, len(left), _ROWS_AT_A_TIME):
        part = left[start : start + _ROWS_AT_A_TIME]
        met = (prefixes[part] @ transposed).tocoo()
        one, other = part[met.row], right[met.col]
        apart = one != other
        one, other = one[apart], other[apart]
        similarity = table.similarity(one, other)
        near = similarity >= threshold - ROUNDING
        for a, b, alike in zip(
            one[near].tolist(), other[near].tolist(), similarity[near].tolist(), strict=True
        ):
            for place, other_place in product(copies[0][a], copies[1][b]):
                yield place, other_place, alike


def _prefixes(table: ShingleTable, threshold: float) -> csr_matrix:
    """Of each text the rare shingles, one of which it must share with a near duplicate."""
    shared, sizes = table.shared, table.sizes
    counts = np.diff(shared.indptr)
    # Shingles of one text only are its rarest; they are in no row, but take up the prefix.
    length = sizes - np.ceil(threshold * sizes - ROUNDING).astype(np.int64) + 1
    taken = np.clip(length - (sizes - counts), 0, counts)
    starts = np.concatenate(([0], np.cumsum(taken)))
    place = np.arange(starts[-1]) - np.repeat(starts[:-1], taken)
    columns = shared.indices[np.repeat(shared.indptr[:-1], taken) + place]
    ones = np.ones(len(columns), dtype=np.int32)
    return csr_matrix((ones, columns, starts), shape=shared.shape)
