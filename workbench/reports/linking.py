"""Which texts are linked by near duplicates: every one of them, none guessed.

Two texts with a Jaccard similarity of t or more share at least one of the
n - ⌈t·n⌉ + 1 rarest shingles of each (prefix filtering: Chaudhuri, Ganti and
Kaushik 2006, "A primitive operator for similarity joins in data cleaning";
Bayardo, Ma and Srikant 2007, "Scaling up all pairs similarity search"). So only
texts that share such a shingle are compared, few of all pairs. Unlike MinHash
with locality-sensitive hashing, nothing is drawn at random and no pair missed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from workbench.reports.shingles import ROUNDING, ShingleTable

#: Pairs that are collected before they are compared.
_PAIRS_AT_A_TIME = 1 << 19


def link_texts(table: ShingleTable, threshold: float) -> np.ndarray:
    """A number per text, the same for near duplicates and for what they link to.

    These are the connected components of the graph in which texts with a
    similarity of `threshold` or more are joined.
    """
    links = _Links(table, threshold)
    entries = _prefixes(table, threshold)
    near: np.ndarray = np.arange(len(entries.text))
    step = 1
    # Entries of one shingle stand together, small texts first: each meets the next but `step`.
    while near.size:
        far = near + step
        within = far < len(entries.text)
        near, far = near[within], far[within]
        small, large = entries.size[near], entries.size[far]
        alike = (entries.shingle[near] == entries.shingle[far]) & (
            small >= threshold * large - ROUNDING
        )
        near, far = near[alike], far[alike]
        # Where the first shingle in common stands, what follows must suffice (PPJoin's
        # positional filter: Xiao, Wang, Lin and Yu 2008).
        follow = np.minimum(entries.rest[near], entries.rest[far])
        needed = (small[alike] + large[alike]) * (threshold / (1 + threshold))
        enough = follow >= needed - ROUNDING
        links.consider(entries.text[near[enough]], entries.text[far[enough]])
        if step & (step - 1) == 0:
            near = near[~entries.settled(links.labels())[near]]
        step += 1
    return links.labels()


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """The rare shingles of every text: parallel arrays in order of shingle, then size.

    `rest` is how many shingles of the text are not before this one.
    """

    shingle: np.ndarray
    text: np.ndarray
    size: np.ndarray
    rest: np.ndarray

    def settled(self, labels: np.ndarray) -> np.ndarray:
        """Which entries are of a shingle whose texts are all linked already."""
        if not len(self.text):
            return np.zeros(0, dtype=bool)
        first = np.flatnonzero(np.diff(self.shingle, prepend=-1))
        label = labels[self.text]
        done = np.minimum.reduceat(label, first) == np.maximum.reduceat(label, first)
        return np.repeat(done, np.diff(first, append=len(label)))


def _prefixes(table: ShingleTable, threshold: float) -> _Entries:
    shared, sizes = table.shared, table.sizes
    counts = np.diff(shared.indptr)
    # Shingles of one text only are its rarest; they are in no row, but take up the prefix.
    single = sizes - counts
    length = sizes - np.ceil(threshold * sizes - ROUNDING).astype(np.int64) + 1
    taken = np.clip(length - single, 0, counts)
    text = np.repeat(np.arange(len(sizes)), taken)
    place = np.arange(len(text)) - np.repeat(np.cumsum(taken) - taken, taken)
    shingle = shared.indices[shared.indptr[:-1][text] + place]
    size = sizes[text]
    rest = size - single[text] - place
    order = np.lexsort((size, shingle))
    return _Entries(*(column[order] for column in (shingle, text, size, rest)))


class _Links:
    """The texts as they are linked so far. Pairs are compared in batches."""

    def __init__(self, table: ShingleTable, threshold: float) -> None:
        self._table = table
        self._threshold = threshold
        self._labels = np.arange(len(table.sizes))
        self._waiting: list[np.ndarray] = []
        self._count = 0

    def consider(self, left: np.ndarray, right: np.ndarray) -> None:
        """Link left[k] and right[k] if they are near duplicates, soon."""
        open_ = self._labels[left] != self._labels[right]
        left, right = left[open_], right[open_]
        self._waiting.append(np.minimum(left, right) << 32 | np.maximum(left, right))
        self._count += len(left)
        if self._count >= _PAIRS_AT_A_TIME:
            self.labels()

    def labels(self) -> np.ndarray:
        """A number per text, the same for linked ones, all waiting pairs compared."""
        pairs = np.unique(np.concatenate(self._waiting)) if self._waiting else np.zeros(0, int)
        self._waiting, self._count = [], 0
        left, right = pairs >> 32, pairs & 0xFFFFFFFF
        near = self._table.similarity(left, right) >= self._threshold - ROUNDING
        if near.any():
            joined = (self._labels[left[near]], self._labels[right[near]])
            graph = coo_matrix(
                (np.ones(near.sum(), np.int8), joined), shape=(len(self._labels),) * 2
            )
            self._labels = connected_components(graph, directed=False)[1][self._labels]
        return self._labels
