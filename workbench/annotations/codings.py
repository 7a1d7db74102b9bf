"""Who coded what: the decisions to compare, of all the annotations that there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from workbench.annotations.matrices import CodingMatrix, arrange_columns
from workbench.annotations.origins import ADJUDICATION
from workbench.records import Annotation


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's codes for one unit (a paragraph); no codes means "none of these"."""

    unit: str
    coder: str
    codes: frozenset[str]


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
        say = "says" if skipped == 1 else "say"
        notes.append(f"Left out: {skipped} skipped, which {say} nothing about the codes.")
    if older:
        notes.append(f"Left out: {older} that the same coder replaced by a newer one.")
    if settled := len(everything) - len(coded):
        who = "an adjudicator" if settled == 1 else "adjudicators"
        notes.append(f"Left out: {settled} of {who}, who saw what the coders chose.")
    return tuple(notes)


def arrange_codings(codings: Iterable[Coding], codes: Sequence[str]) -> CodingMatrix:
    """Codings as a matrix over `codes`.

    Raises AgreementError for a code outside `codes` and for a unit that one
    coder coded twice.
    """
    given = list(codings)
    columns = [list(map(attrgetter(name), given)) for name in ("unit", "coder", "codes")]
    return arrange_columns(*columns, codes)


def _age(annotation: Annotation) -> tuple[object, ...]:
    # The key breaks a tie, so that the order of reading does not decide.
    return (annotation.updated_at, annotation.created_at, annotation.key)
