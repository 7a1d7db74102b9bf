"""Clusters of paragraphs that say the same in the same words, or nearly so.

Pure: texts in, clusters out. The same texts in any order give the same clusters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from workbench.reports.linking import link_texts
from workbench.reports.shingles import ROUNDING, ShingleTable
from workbench.reports.words import normalise


@dataclass(frozen=True, slots=True)
class Member:
    """One text of a cluster.

    Members with the same `variant` have the same words (equal normalised
    text); 0 is the representative's. `similarity` is the Jaccard similarity to
    the representative, 1.0 for its copies.
    """

    id: str
    variant: int
    similarity: float

    @property
    def exact(self) -> bool:
        """Whether it has the representative's words; else it is a near duplicate."""
        return self.variant == 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that are duplicates of each other, the representative first, alone if it has none."""

    members: tuple[Member, ...]

    @property
    def exact(self) -> bool:
        """Whether all members have the same words."""
        return self.members[-1].exact


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of a cluster, the representative first, and their similarity to it."""

    rows: np.ndarray
    similarity: np.ndarray


def find_clusters(items: Sequence[tuple[str, str]], threshold: float = 0.8) -> list[Cluster]:
    """Every (id, text) in exactly one cluster, large clusters first, then by id.

    Texts of equal normalised form are in one cluster. So are near duplicates,
    texts whose Jaccard similarity (see `shingles`) is `threshold` or more, and
    what they link to, as long as the chain does not lead too far: the member
    that is most like all others represents the cluster, and who has less than
    threshold² in common with it (0.64 for 0.8: what two changes that each just
    reach the threshold leave, about) forms clusters with others of its kind.

    Raises ValueError where an id occurs twice, or `threshold` is not above 0
    and at most 1. Time grows steeply below 0.5.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
    if len({key for key, _ in items}) < len(items):
        raise ValueError("two texts have the same id")
    copies: dict[bytes, list[str]] = {}
    table = ShingleTable.of(_variants(items, copies))
    # Sorted by the words, so that the order of the items decides nothing.
    order = np.array(sorted(range(len(copies)), key=list(copies).__getitem__), dtype=np.int64)
    ids = [sorted(same) for same in copies.values()]
    weights = np.array([len(same) for same in ids], dtype=np.int64)
    clusters = [
        Cluster(
            tuple(
                Member(key, variant, float(similarity))
                for variant, (row, similarity) in enumerate(
                    zip(group.rows.tolist(), group.similarity.tolist(), strict=True)
                )
                for key in ids[row]
            )
        )
        for group in _groups(table, order, weights, threshold)
    ]
    return sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.members[0].id))


def _variants(items: Sequence[tuple[str, str]], copies: dict[bytes, list[str]]) -> Iterator[str]:
    """Each different normalised text once; `copies` learns whose it is, by its hash."""
    for key, text in items:
        words = normalise(text)
        digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        same = copies.setdefault(digest, [])
        same.append(key)
        if len(same) == 1:
            yield words


def _groups(
    table: ShingleTable, order: np.ndarray, weights: np.ndarray, threshold: float
) -> Iterator[_Group]:
    """Cut what near duplicates link into groups that are like their representative."""
    rows = order
    while rows.size:
        labels = link_texts(table.take(rows), threshold)
        sequence = np.argsort(labels, kind="stable")
        cuts = np.flatnonzero(np.diff(labels[sequence])) + 1
        left_over = []
        for part in np.split(rows[sequence], cuts):
            group, others = _around_centre(table, part, weights[part], threshold**2)
            yield group
            left_over.append(others)
        rows = np.concatenate(left_over)


def _around_centre(
    table: ShingleTable, rows: np.ndarray, weights: np.ndarray, floor: float
) -> tuple[_Group, np.ndarray]:
    """The most central of `rows` with those like it, most similar first; and the others."""
    if len(rows) == 1:
        return _Group(rows, np.ones(1)), rows[:0]
    centre = rows[_most_central(table, rows, weights)]
    similarity = table.similarity(rows, np.full(len(rows), centre))
    nearest_first = np.lexsort((-similarity, rows != centre))
    rows, similarity = rows[nearest_first], similarity[nearest_first]
    like = similarity >= floor - ROUNDING
    return _Group(rows[like], similarity[like]), rows[~like]


def _most_central(table: ShingleTable, rows: np.ndarray, weights: np.ndarray) -> int:
    """Which row has most in common with all, copies counted, for its own size.

    Σ |x ∩ y| over the members y is Σ over the shingles of x of how many
    members have it: no pair need be compared. Divided by the mean of
    |x| + |y|, as Dice's coefficient is.
    """
    shared = table.shared[rows]
    counts = np.diff(shared.indptr)
    _, column = np.unique(shared.indices, return_inverse=True)
    members = np.bincount(column, weights=np.repeat(weights, counts))
    common = np.concatenate(([0.0], np.cumsum(members[column])))
    in_common = common[shared.indptr[1:]] - common[shared.indptr[:-1]]
    sizes = table.sizes[rows]
    return int(np.argmax(in_common / (sizes * weights.sum() + (sizes * weights).sum())))
