"""Who coded what, as records and as one matrix."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import AgreementError
from workbench.records import Annotation

#: Stands in a matrix where a coder did not code a unit.
MISSING = -1
#: The origin of an adjudicator's annotation, which is no independent coding.
ADJUDICATION = "adjudication"


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's codes for one unit (a paragraph); no codes means "none of these"."""

    unit: str
    coder: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class CodingMatrix:
    """Codings as arrays: units in rows, coders in columns, both in alphabetical order.

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
        return given[self.cells]


def codings_from(annotations: Iterable[Annotation]) -> list[Coding]:
    """The codings to compare: see `standing`."""
    return [Coding(a.paragraph_id, a.coder, frozenset(a.codes)) for a in standing(annotations)]


def standing(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The coders' annotations that count: each one's newest per paragraph that is not skipped.

    None of an adjudicator, who has seen what the others chose.
    """
    return keep_newest(a for a in annotations if a.origin != ADJUDICATION)


def adjudications(annotations: Iterable[Annotation]) -> list[Annotation]:
    """The adjudicators' annotations that count: each one's newest per paragraph, unskipped."""
    return keep_newest(a for a in annotations if a.origin == ADJUDICATION)


def keep_newest(annotations: Iterable[Annotation]) -> list[Annotation]:
    """None skipped, and of two by one person on one paragraph the newer."""
    kept: dict[tuple[str, str], Annotation] = {}
    for annotation in annotations:
        place = (annotation.paragraph_id, annotation.coder)
        other = kept.get(place)
        if not annotation.skipped and (other is None or _age(annotation) > _age(other)):
            kept[place] = annotation
    return list(kept.values())


def notes_on(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """What `codings_from` leaves out of these annotations, one sentence each."""
    everything = list(annotations)
    coded = [a for a in everything if a.origin != ADJUDICATION]
    skipped = sum(annotation.skipped for annotation in coded)
    older = len(coded) - skipped - len(standing(coded))
    notes = []
    if skipped:
        notes.append(f"Left out: {skipped} skipped, which say nothing about the codes.")
    if older:
        notes.append(f"Left out: {older} that the same coder replaced by a newer one.")
    if settled := len(everything) - len(coded):
        notes.append(f"Left out: {settled} of adjudicators, who saw what the coders chose.")
    return tuple(notes)


def arrange_codings(codings: Iterable[Coding], codes: Sequence[str]) -> CodingMatrix:
    """Codings as a matrix over `codes`.

    Raises AgreementError for a code outside `codes` and for a unit that one
    coder coded twice.
    """
    given = list(codings)
    sets = {chosen: index for index, chosen in enumerate(_in_order({c.codes for c in given}))}
    members = np.zeros((len(sets), len(codes)), dtype=bool)
    columns = {code: column for column, code in enumerate(codes)}
    for chosen, index in sets.items():
        for code in chosen:
            if code not in columns:
                raise AgreementError(
                    f"code {code!r} is not in the taxonomy",
                    "add it to the taxonomy, or correct the annotation",
                )
            members[index, columns[code]] = True
    units = {unit: row for row, unit in enumerate(sorted({c.unit for c in given}))}
    coders = {coder: column for column, coder in enumerate(sorted({c.coder for c in given}))}
    cells = np.full((len(units), len(coders)), MISSING, dtype=np.int32)
    rows = np.array([units[c.unit] for c in given], dtype=np.intp)
    places = np.array([coders[c.coder] for c in given], dtype=np.intp)
    cells[rows, places] = [sets[c.codes] for c in given]
    if np.count_nonzero(cells != MISSING) != len(given):
        (unit, coder), times = Counter((c.unit, c.coder) for c in given).most_common(1)[0]
        raise AgreementError(f"{coder} coded paragraph {unit} {times} times", "keep one of them")
    return CodingMatrix(tuple(units), tuple(coders), tuple(codes), cells, members)


def distinct_rows(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that hold the same sets, whoever chose them: one row number each, and how many.

    The order depends on the sets only, not on that of the rows or the coders.
    """
    base = int(cells.max(initial=0)) + 2
    key = np.zeros(len(cells), dtype=np.int64)
    span = 1
    for column in np.sort(cells, axis=1).T:
        if span * base >= 2**62:
            key = np.unique(key, return_inverse=True)[1]
            span = len(cells)
        key = key * base + column + 1
        span *= base
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    return first, counts


def _age(annotation: Annotation) -> tuple[object, ...]:
    # The key breaks a tie, so that the order of reading does not decide.
    return (annotation.updated_at, annotation.created_at, annotation.key)


def _in_order(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    return sorted(sets, key=sorted)
