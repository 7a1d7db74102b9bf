"""How far each coder has come, and how fast. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from workbench.annotations.origins import ADJUDICATION
from workbench.records import Annotation, Assignment, Coder


@dataclass(frozen=True, slots=True)
class Workload:
    """A coder's work, in numbers of paragraphs.

    `assigned` are to be coded, of which `to_do` are neither coded nor skipped.
    `coded` and `skipped` count all that the coder did, assigned or not. `done`
    is the share of what is assigned that is no longer to do, None where nothing
    is; `share` the coder's part of all that coders coded, from 0 to 1.
    `seconds` is the median time on the page, `a_day` the number coded or
    skipped per day on which the coder worked (UTC); both only of what was done
    in Label Studio, None where nothing was. `last` is the newest change.
    """

    coder: str
    email: str | None
    left: bool
    assigned: int
    coded: int
    skipped: int
    to_do: int
    done: float | None
    share: float
    seconds: float | None
    a_day: float | None
    last: datetime | None


def measure_workloads(
    coders: Iterable[Coder], assignments: Iterable[Assignment], annotations: Iterable[Annotation]
) -> list[Workload]:
    """One of each coder, in their order; what adjudicators decided is left out."""
    assigned: dict[str, set[str]] = {}
    for assignment in assignments:
        assigned.setdefault(assignment.coder, set()).add(assignment.paragraph_id)
    given: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        if annotation.origin != ADJUDICATION:
            given.setdefault(annotation.coder, []).append(annotation)
    coded = {
        coder: {a.paragraph_id for a in items if not a.skipped} for coder, items in given.items()
    }
    total = sum(map(len, coded.values()))
    return [
        _measure(
            coder,
            assigned.get(coder.name, set()),
            coded.get(coder.name, set()),
            given.get(coder.name, []),
            total,
        )
        for coder in coders
    ]


def _measure(
    coder: Coder, assigned: set[str], coded: set[str], given: list[Annotation], total: int
) -> Workload:
    touched = {annotation.paragraph_id for annotation in given}
    there = [annotation for annotation in given if annotation.origin == "studio"]
    times = [a.lead_time for a in there if a.lead_time is not None and not a.skipped]
    days = {annotation.created_at.date() for annotation in there}
    to_do = len(assigned - touched)
    return Workload(
        coder=coder.name,
        email=coder.email,
        left=coder.left,
        assigned=len(assigned),
        coded=len(coded),
        skipped=len(touched - coded),
        to_do=to_do,
        done=round(1 - to_do / len(assigned), 4) if assigned else None,
        share=round(len(coded) / total, 4) if total else 0.0,
        seconds=round(median(times), 1) if times else None,
        a_day=round(len({a.paragraph_id for a in there}) / len(days), 1) if days else None,
        last=max((annotation.updated_at for annotation in given), default=None),
    )
