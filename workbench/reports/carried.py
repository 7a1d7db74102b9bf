"""Which paragraphs of a report were already in an earlier one.

Reports repeat themselves from year to year. A model that is tested on a
paragraph that it has all but seen looks better than it is.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from workbench.reports.shingles import ROUNDING, shingles
from workbench.reports.words import normalise

#: Rows of the comparison held in memory at a time.
ROWS_AT_A_TIME = 256


def carried_over(
    texts: Sequence[str], earlier: Sequence[str], threshold: float = 0.8
) -> list[bool]:
    """For each text, whether some earlier text is the same or nearly so.

    Nearly so: the Jaccard similarity |A ∩ B| / |A ∪ B| of their sets of word
    3-shingles (Broder 1997, "On the resemblance and containment of documents")
    is `threshold` or more. Exact, not estimated. Texts whose normalised form
    is equal always count.

    Raises ValueError where `threshold` is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
    if not texts or not earlier:
        return [False] * len(texts)
    same = {normalise(text) for text in earlier}
    columns: dict[tuple[str, ...], int] = {}
    known = _incidence(earlier, columns)
    new = _incidence(texts, columns)
    known.resize(len(earlier), len(columns))
    known_sizes = np.asarray(known.sum(axis=1)).ravel()
    transposed = known.T.tocsr()
    result = [normalise(text) in same for text in texts]
    for first in range(0, len(texts), ROWS_AT_A_TIME):
        rows = new[first : first + ROWS_AT_A_TIME]
        shared = (rows @ transposed).tocoo()
        sizes = np.asarray(rows.sum(axis=1)).ravel()
        union = sizes[shared.row] + known_sizes[shared.col] - shared.data
        for row in np.unique(shared.row[shared.data >= threshold * union - ROUNDING]):
            result[first + int(row)] = True
    return result


def _incidence(texts: Sequence[str], columns: dict[tuple[str, ...], int]) -> csr_matrix:
    """A row for each text, a column for each shingle; `columns` learns new shingles."""
    indices: list[int] = []
    offsets = [0]
    for text in texts:
        indices.extend(columns.setdefault(shingle, len(columns)) for shingle in shingles(text))
        offsets.append(len(indices))
    data = np.ones(len(indices), dtype=np.int32)
    return csr_matrix((data, indices, offsets), shape=(len(texts), len(columns)))
