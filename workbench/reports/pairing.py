"""Which paragraph of one report is which of another. Pure: paragraphs in, places out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from workbench.records import Paragraph
from workbench.reports.shingles import words_of
from workbench.reports.words import normalise

#: The share of words kept from which two paragraphs count as one that was changed; and the
#: share for those with fewer than `FEW_WORDS` in common. In a State Department report one
#: pair of different paragraphs in a thousand shares more than 0.27, set phrases of a few
#: words ("There were no reports of ...") up to two thirds.
SAME_PARAGRAPH, SAME_SHORT_PARAGRAPH, FEW_WORDS = 0.4, 0.75, 8
_ROWS_AT_A_TIME = 256


def pair_equal(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[tuple[int, int]]:
    """Places of paragraphs with the same words, one to one."""
    where: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for side, paragraphs in zip(where, (old, new), strict=True):
        for place, paragraph in enumerate(paragraphs):
            side[normalise(paragraph.text)].append(place)
    for words, places in where[0].items():
        free = where[1].get(words, [])
        rest = []
        for a in places:
            key = heading_key(old[a].section)
            b = next((b for b in free if heading_key(new[b].section) == key), None)
            if b is None:
                rest.append(a)
            else:
                free.remove(b)
                yield a, b
        yield from zip(rest, free, strict=False)


def pair_alike(
    old: Sequence[Paragraph], new: Sequence[Paragraph], rows: list[int], cols: list[int]
) -> Iterator[tuple[int, int, float]]:
    """One to one the places of paragraphs that are alike, the most similar first."""
    words = [[words_of(normalise(side[i].text)) for i in places]
             for side, places in ((old, rows), (new, cols))]  # fmt: skip
    found = []
    for row, col in _candidates(*words):
        one, other = words[0][row], words[1][col]
        common = common_words(one, other)
        similarity = 2 * common / (len(one) + len(other))
        if similarity >= (SAME_PARAGRAPH if common >= FEW_WORDS else SAME_SHORT_PARAGRAPH):
            a, b = rows[row], cols[col]
            moved = heading_key(old[a].section) != heading_key(new[b].section)
            distance = abs(a / len(old) - b / len(new))
            found.append((-similarity, moved, distance, a, b))
    used: tuple[set[int], set[int]] = (set(), set())
    for similarity, _, _, a, b in sorted(found):
        if a not in used[0] and b not in used[1]:
            used[0].add(a)
            used[1].add(b)
            yield a, b, -similarity


def _candidates(old: list[list[str]], new: list[list[str]]) -> Iterator[tuple[int, int]]:
    """Pairs with enough words in common in any order, which no order can exceed."""
    columns: dict[tuple[str, int], int] = {}
    one, other = _bags(old, columns), _bags(new, columns)
    one.resize(len(old), len(columns))
    transposed = other.T.tocsr()
    sizes = np.array([len(words) for words in new])
    for first in range(0, len(old), _ROWS_AT_A_TIME):
        common = (one[first : first + _ROWS_AT_A_TIME] @ transposed).tocoo()
        lengths = np.array([len(words) for words in old[first : first + _ROWS_AT_A_TIME]])
        enough = 2 * common.data >= SAME_PARAGRAPH * (lengths[common.row] + sizes[common.col])
        yield from zip(
            (common.row[enough] + first).tolist(), common.col[enough].tolist(), strict=True
        )


def _bags(texts: list[list[str]], columns: dict[tuple[str, int], int]) -> csr_matrix:
    """A row per text, a column per word and how often it came before: sets that act as bags."""
    indices: list[int] = []
    ends = [0]
    for words in texts:
        seen: Counter[str] = Counter()
        for word in words:
            indices.append(columns.setdefault((word, seen[word]), len(columns)))
            seen[word] += 1
        ends.append(len(indices))
    ones = np.ones(len(indices), dtype=np.int32)
    return csr_matrix((ones, indices, ends), shape=(len(texts), len(columns)))


def common_words(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence of two lists of words.

    Bit-parallel: Hyyrö 2004, "Bit-parallel LCS-length computation revisited".
    """
    places: dict[str, int] = defaultdict(int)
    for place, word in enumerate(one):
        places[word] |= 1 << place
    every = (1 << len(one)) - 1
    open_ = every
    for word in other:
        if match := open_ & places.get(word, 0):
            open_ = ((open_ + match) | (open_ - match)) & every
    return len(one) - open_.bit_count()


def heading_key(section: Iterable[str]) -> tuple[str, ...]:
    """A heading path by which two count as the same, whatever the case and the quotes."""
    return tuple(normalise(step) for step in section)
