"""What texts are compared by: the runs of three words in them.

Broder 1997, "On the resemblance and containment of documents". Two texts are
as similar as their sets A and B of shingles are: Jaccard, |A ∩ B| / |A ∪ B|.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix

from workbench.reports.words import normalise

#: Words in a shingle.
SHINGLE = 3
#: Pairs of rows that are compared at a time: what they hold in memory together.
_PAIRS_AT_A_TIME = 1 << 16
#: A similarity that rounding alone keeps below the threshold still reaches it.
ROUNDING = 1e-9

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# Odd numbers without a pattern, so that the order of the words in a shingle counts.
_SECOND, _THIRD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def words_of(normalised: str) -> list[str]:
    """The words of a text that `normalise` has made, without punctuation."""
    return _WORD.findall(normalised)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words in a text, normalised; the whole text if it has fewer."""
    words = words_of(normalise(text))
    if len(words) < SHINGLE:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


@dataclass(frozen=True, slots=True, eq=False)
class ShingleTable:
    """The shingle sets of many texts, ready for comparing.

    `sizes` has each text's number of different shingles. `shared` has a row per
    text and a column per shingle that occurs more than once in all the texts,
    rare ones first, 1 where the text has it; a row's columns are in order.
    """

    sizes: np.ndarray
    shared: csr_matrix

    @classmethod
    def of(cls, normalised: Iterable[str]) -> Self:
        """The table of texts that `normalise` has made, a row for each.

        Shingles are told apart by 64-bit hashes of their words. The odds that
        any two of n different ones are confused are about n² / 2⁶⁵: one in
        60,000 for the 25 million of 250,000 paragraphs. The hashes depend on
        the words alone, so the table does not change from run to run.
        """
        hashes, ends = _hash_shingles(normalised)
        _, column, count = np.unique(hashes, return_inverse=True, return_counts=True)
        del hashes
        rarest_first = np.argsort(count, kind="stable")
        rank = np.empty(len(count), dtype=np.int64)
        rank[rarest_first] = np.arange(len(count))
        cells = np.repeat(np.arange(len(ends) - 1, dtype=np.int64) << 32, np.diff(ends))
        cells |= rank[column]
        del column
        cells.sort()
        cells = cells[np.diff(cells, prepend=-1) != 0]
        sizes = np.bincount(cells >> 32, minlength=len(ends) - 1)
        single = int(np.count_nonzero(count == 1))
        cells = cells[(cells & 0xFFFFFFFF) >= single]
        rows = np.bincount(cells >> 32, minlength=len(ends) - 1)
        columns = ((cells & 0xFFFFFFFF) - single).astype(np.int32)
        shared = csr_matrix(
            (np.ones(len(cells), dtype=np.int8), columns, np.concatenate(([0], np.cumsum(rows)))),
            shape=(len(sizes), len(count) - single),
        )
        return cls(sizes, shared)

    def take(self, rows: np.ndarray) -> Self:
        """The table of some of the texts."""
        return type(self)(self.sizes[rows], self.shared[rows])

    def similarity(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The Jaccard similarity of row left[k] and row right[k], for each k."""
        common = np.zeros(len(left), dtype=np.int64)
        for first in range(0, len(left), _PAIRS_AT_A_TIME):
            part = slice(first, first + _PAIRS_AT_A_TIME)
            both = self.shared[left[part]].multiply(self.shared[right[part]])
            common[part] = np.diff(both.tocsr().indptr)
        union = self.sizes[left] + self.sizes[right] - common
        # A text shares with itself also those shingles that no other text has.
        return np.where(left == right, 1.0, common / np.maximum(union, 1))


class _WordHashes(dict[str, int]):
    """A 64-bit hash for each word, made when the word is first seen."""

    def __missing__(self, word: str) -> int:
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        value = self[word] = int.from_bytes(digest, "little")
        return value


def _hash_shingles(normalised: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Every shingle's hash, text after text, and where each text's begin and end."""
    hash_of = _WordHashes()
    flat, flat_ends = array("Q"), array("q", [0])
    for text in normalised:
        words = words_of(text)
        # A text shorter than a shingle is its one shingle, filled up with a word that no text has.
        words += [""] * (SHINGLE - len(words) if words else 0)
        flat.extend(map(hash_of.__getitem__, words))
        flat_ends.append(len(flat))
    ends = np.frombuffer(flat_ends, dtype=np.int64)
    if not flat:
        return np.zeros(0, dtype=np.uint64), np.zeros_like(ends)
    word = np.frombuffer(flat, dtype=np.uint64)
    hashes = word[:-2] + word[1:-1] * _SECOND + word[2:] * _THIRD
    # Runs that begin in the last two words of a text reach into the next one.
    inside = np.ones(len(word), dtype=bool)
    lasts = ends[1:][np.diff(ends) > 0]
    inside[lasts - 1] = inside[lasts - 2] = False
    counts = np.maximum(np.diff(ends) - (SHINGLE - 1), 0)
    return hashes[inside[:-2]], np.concatenate(([0], np.cumsum(counts)))
