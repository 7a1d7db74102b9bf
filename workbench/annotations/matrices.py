"""Who coded what, as one matrix: the form in which every figure is computed.

Numbers stand for names throughout, so that millions of codings are arranged
in a few passes. Nothing here depends on the order of the codings but the order
of the rows, and no figure depends on that.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np

from workbench.errors import AgreementError

#: Stands in a matrix where a coder did not code a unit.
MISSING = -1
#: How many names are looked at to see whether nearly each is another.
_SAMPLE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class CodingMatrix:
    """Codings as arrays: units in rows, coders (in alphabetical order) in columns.

    `cells` (units x coders, int32) is an index into the distinct sets of
    codes, `MISSING` where that coder did not code that unit. `members`
    (distinct sets x codes, bool) says which codes a set holds.
    """

    units: tuple[str, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    cells: np.ndarray
    members: np.ndarray

    def values_of(self, code: int) -> np.ndarray:
        """Units x coders, int8: 1 where the code was given, 0 where not, MISSING where uncoded."""
        # The appended last row is what the index -1 finds.
        given = np.append(self.members[:, code].astype(np.int8), np.int8(MISSING))
        return given[self.cells.T].T

    def keep(self, rows: np.ndarray) -> "CodingMatrix":
        """Only these units (a Boolean mask or numbers); coders and codes stay as they are."""
        places = np.arange(len(self.units))[rows]
        units = tuple(self.units[place] for place in places.tolist())
        return CodingMatrix(units, self.coders, self.codes, self.cells[places], self.members)


def arrange_columns(
    units: Sequence[Hashable],
    coders: Sequence[Hashable],
    given: Sequence[Collection[str]] | np.ndarray,
    codes: Sequence[str],
) -> CodingMatrix:
    """Codings in columns of equal length as a matrix over `codes`.

    `units` and `coders` are lists of names or arrays; `given` has the codes of
    each coding, or is an array of Booleans (codings x codes). Raises
    AgreementError for a code outside `codes` and for a unit that one coder
    coded twice.
    """
    unit_names, rows = number_names(units)
    coder_names, places = number_names(coders)
    order = sorted(range(len(coder_names)), key=lambda place: str(coder_names[place]))
    ranks = np.empty(len(order), dtype=np.intp)
    ranks[order] = np.arange(len(order))
    members, sets = _number_sets(given, codes)
    cells = np.full((len(order), len(unit_names)), MISSING, dtype=np.int32)
    flat = ranks[places] * len(unit_names) + rows
    cells.ravel()[flat] = sets
    if np.count_nonzero(cells != MISSING) != len(flat):
        twice, times = Counter(flat.tolist()).most_common(1)[0]
        coder, unit = divmod(twice, len(unit_names))
        name = coder_names[order[coder]]
        raise AgreementError(
            f"{name} coded paragraph {unit_names[unit]} {times} times", "keep one of them"
        )
    names = tuple(str(coder_names[place]) for place in order)
    return CodingMatrix(tuple(map(str, unit_names)), names, tuple(codes), cells.T, members)


def number_names(names: Sequence[Hashable]) -> tuple[list[Hashable], np.ndarray]:
    """The distinct names, and the number of each name among them.

    Arrays give them in order, other sequences in order of appearance.
    """
    if not isinstance(names, np.ndarray):
        if len(set(names[:_SAMPLE])) > _SAMPLE // 2 and (numbered := _number_by_hash(names)):
            return numbered
        numbers: defaultdict[Hashable, int] = defaultdict(count().__next__)
        found = np.fromiter(map(numbers.__getitem__, names), np.intp, len(names))
        return list(numbers), found
    if names.size and names.dtype.kind in "iu":
        lowest, highest = int(names.min()), int(names.max())
        if highest - lowest < 8 * names.size:
            # A table of what occurs is faster than sorting.
            shifted = names - lowest
            occurs = np.zeros(highest - lowest + 1, dtype=bool)
            occurs[shifted] = True
            return (np.flatnonzero(occurs) + lowest).tolist(), (np.cumsum(occurs) - 1)[shifted]
    distinct, found = np.unique(names, return_inverse=True)
    return distinct.tolist(), found.reshape(-1)


def _number_by_hash(names: Sequence[Hashable]) -> tuple[list[Hashable], np.ndarray] | None:
    """`number_names` of very many texts, by their hashes; None where some are no texts.

    Looking each up in a large dictionary costs three times as much. Texts have
    keyed 64-bit hashes: among a million, two are the same once in 10^7 times.
    """
    hashes = np.fromiter(map(hash, names), np.int64, len(names))
    distinct, found = np.unique(hashes, return_inverse=True)
    first = np.empty(len(distinct), dtype=np.intp)
    # Written from the last to the first, so that the first stands.
    first[found[::-1]] = np.arange(len(names))[::-1]
    order = np.argsort(first)
    ranks = np.empty(len(order), dtype=np.intp)
    ranks[order] = np.arange(len(order))
    labels = [names[place] for place in first[order].tolist()]
    if not all(type(label) is str for label in labels):
        return None
    return labels, ranks[found]


def number_groups(
    units: Iterable[str], group_of: Mapping[str, str]
) -> tuple[tuple[str, ...], np.ndarray]:
    """The groups' names in order, and each unit's group as a number, MISSING where it has none."""
    mine = [group_of.get(unit) for unit in units]
    names = tuple(sorted({group for group in mine if group is not None}))
    number: dict[str | None, int] = {name: place for place, name in enumerate(names)}
    number[None] = MISSING
    return names, np.fromiter(map(number.__getitem__, mine), np.intp, len(mine))


def distinct_rows(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that hold the same sets, whoever chose them: one row number each, and how many.

    The order depends on the sets only, not on that of the rows or the coders.
    """
    first, _, counts = name_rows(cells)
    return first, counts


def name_rows(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `distinct_rows`, with the number of each row's pattern between the two."""
    base = int(cells.max(initial=0)) + 2
    key = np.zeros(len(cells), dtype=np.int64)
    span = 1
    for column in np.sort(cells, axis=1).T:
        if span * base >= 2**62:
            key = np.unique(key, return_inverse=True)[1]
            span = len(cells)
        key = key * base + column + 1
        span *= base
    _, first, names, counts = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    return first, names, counts


def _number_sets(
    given: Sequence[Collection[str]] | np.ndarray, codes: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The distinct sets as rows of Booleans, in an order of their own, and each coding's set."""
    if isinstance(given, np.ndarray):
        rows, numbers = given.astype(bool, copy=False), None
    else:
        try:
            found, numbers = number_names(given)
        except TypeError:  # lists, which cannot be counted by hash
            found, numbers = number_names([frozenset(chosen) for chosen in given])
        rows = np.zeros((len(found), len(codes)), dtype=bool)
        columns = {code: column for column, code in enumerate(codes)}
        sizes = np.fromiter(map(len, found), np.intp, len(found))
        try:
            chosen = map(columns.__getitem__, chain.from_iterable(found))
            places = np.fromiter(chosen, np.intp, int(sizes.sum()))
        except KeyError as error:
            raise AgreementError(
                f"code {error.args[0]!r} is not in the taxonomy",
                "add it to the taxonomy, or correct the annotation",
            ) from None
        rows[np.repeat(np.arange(len(found)), sizes), places] = True
    words = pack_sets(rows)
    if len(codes) < 63:
        distinct, same = number_names(words[:, 0].astype(np.int64))
        kept = np.array(distinct, dtype="<u8").reshape(-1, 1)
    else:
        kept, same = np.unique(words, axis=0, return_inverse=True)
    same = same.reshape(-1).astype(np.int32)
    return _unpack_sets(kept, len(codes)), same if numbers is None else same[numbers]


def _unpack_sets(words: np.ndarray, codes: int) -> np.ndarray:
    packed = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(packed, axis=1, count=codes, bitorder="little").astype(bool)


def pack_sets(members: np.ndarray) -> np.ndarray:
    """Sets as bit masks (sets x words, uint64): code 64 w + b is bit b of word w."""
    sets, codes = members.shape
    packed = np.packbits(members, axis=1, bitorder="little")
    words = np.zeros((sets, max(8, -(-codes // 64) * 8)), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    return words.view("<u8")
