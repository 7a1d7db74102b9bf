"""Coders and annotations in the store, each annotation with its history."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.records import Annotation, Coder, Evidence, PreLabel
from workbench.store.tables import AnnotationEventRow, AnnotationRow, CoderRow, ParagraphRow

_PLAIN = (
    "paragraph_id",
    "comment",
    "skipped",
    "origin",
    "created_at",
    "updated_at",
    "lead_time",
    "hidden",
    "reason",
)


@dataclass(frozen=True, slots=True)
class AnnotationChanges:
    """What saving annotations changed: numbers of annotations."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0


def save_coder(session: Session, coder: Coder) -> int:
    """Store a coder by name and return the store's number for it."""
    row = session.scalars(select(CoderRow).filter_by(name=coder.name)).first()
    if row is None:
        row = CoderRow(name=coder.name, studio_id=coder.studio_id)
        session.add(row)
    elif coder.studio_id is not None:
        row.studio_id = coder.studio_id
    session.flush()
    return row.coder_id


def list_coders(session: Session) -> list[Coder]:
    """Every coder, in order of name."""
    rows = session.scalars(select(CoderRow).order_by(CoderRow.name))
    return [Coder(row.name, row.studio_id) for row in rows]


def save_annotations(
    session: Session,
    annotations: Iterable[Annotation],
    now: datetime,
    *,
    project: int | None = None,
    complete: bool = False,
) -> AnnotationChanges:
    """Store annotations, and each new state in the history.

    `project` is the store's number of the Label Studio project they come from.
    With `complete`, what the store holds of that project and `annotations`
    does not has been deleted there, and is marked so; nothing is erased.
    """
    annotations = list(annotations)
    held = _held(session, project, [annotation.key for annotation in annotations])
    coder_ids = {
        name: save_coder(session, Coder(name)) for name in sorted({a.coder for a in annotations})
    }
    events: list[tuple[str, AnnotationRow]] = []
    for annotation in annotations:
        row = held.get(annotation.key)
        if row is None:
            row = held[annotation.key] = AnnotationRow(key=annotation.key, deleted=False)
            session.add(row)
            action = "created"
        elif row.deleted or _state(row) != _state_of(annotation, coder_ids[annotation.coder]):
            action = "changed"
        else:
            continue
        _assign(row, annotation, coder_ids[annotation.coder])
        row.project_id = project
        events.append((action, row))
    if complete:
        seen = {annotation.key for annotation in annotations}
        for key, row in held.items():
            if key not in seen and not row.deleted:
                row.deleted = True
                events.append(("deleted", row))
    session.flush()  # the history refers to the rows
    session.add_all(
        AnnotationEventRow(key=row.key, action=action, seen_at=now, state=_state(row))
        for action, row in events
    )
    session.flush()
    counts = Counter(action for action, _ in events)
    return AnnotationChanges(
        created=counts["created"],
        changed=counts["changed"],
        unchanged=len(annotations) - counts["created"] - counts["changed"],
        deleted=counts["deleted"],
    )


def list_annotations(
    session: Session, report_ids: Sequence[str] = (), *, origins: Sequence[str] = ()
) -> list[Annotation]:
    """The annotations that stand, in order of report, paragraph and coder."""
    query = (
        select(AnnotationRow, CoderRow.name)
        .join(CoderRow, CoderRow.coder_id == AnnotationRow.coder_id)
        .join(ParagraphRow, ParagraphRow.paragraph_id == AnnotationRow.paragraph_id)
        .where(~AnnotationRow.deleted, ~ParagraphRow.retired)
        .order_by(
            ParagraphRow.report_id, ParagraphRow.position, CoderRow.name, AnnotationRow.created_at
        )
    )
    if report_ids:
        query = query.where(ParagraphRow.report_id.in_(report_ids))
    if origins:
        query = query.where(AnnotationRow.origin.in_(origins))
    return [_to_annotation(row, name) for row, name in session.execute(query)]


def list_history(session: Session, key: str) -> list[tuple[str, datetime, dict[str, Any]]]:
    """What happened to an annotation, oldest first: action, when it was seen, the state."""
    rows = session.scalars(
        select(AnnotationEventRow).filter_by(key=key).order_by(AnnotationEventRow.event_id)
    )
    return [(row.action, row.seen_at, row.state) for row in rows]


def _held(session: Session, project: int | None, keys: Sequence[str]) -> dict[str, AnnotationRow]:
    """The rows of a project, and those with the given keys wherever they are."""
    found: dict[str, AnnotationRow] = {}
    if project is not None:
        query = select(AnnotationRow).filter_by(project_id=project)
        found = {row.key: row for row in session.scalars(query)}
    for i in range(0, len(keys), 500):  # SQLite limits bound values
        query = select(AnnotationRow).where(AnnotationRow.key.in_(keys[i : i + 500]))
        found |= {row.key: row for row in session.scalars(query)}
    return found


def _assign(row: AnnotationRow, annotation: Annotation, coder_id: int) -> None:
    for name in _PLAIN:
        setattr(row, name, getattr(annotation, name))
    row.coder_id = coder_id
    row.codes = list(annotation.codes)
    row.evidence = evidence_to_json(annotation.evidence)
    # A pre-label whose trace the server has lost since is still what the coder saw.
    if annotation.prelabel is not None:
        row.prelabel = _prelabel_to_json(annotation.prelabel)
    row.deleted = False


def _state(row: AnnotationRow) -> dict[str, Any]:
    """What makes one state of an annotation differ from another."""
    return {
        "paragraph_id": row.paragraph_id,
        "coder_id": row.coder_id,
        "codes": row.codes,
        "evidence": row.evidence,
        "comment": row.comment,
        "skipped": row.skipped,
        "lead_time": row.lead_time,
        "reason": row.reason,
    }


def _state_of(annotation: Annotation, coder_id: int) -> dict[str, Any]:
    row = AnnotationRow(key=annotation.key)
    _assign(row, annotation, coder_id)
    return _state(row)


def evidence_to_json(evidence: Iterable[Evidence]) -> list[Any]:
    """Evidence as plain JSON lists, for a column."""
    return [[e.code, e.start, e.end, e.text] for e in evidence]


def evidence_from_json(values: Iterable[Any]) -> tuple[Evidence, ...]:
    """The inverse of `evidence_to_json`."""
    return tuple(Evidence(*value) for value in values)


def _prelabel_to_json(prelabel: PreLabel) -> dict[str, Any]:
    return {
        "version": prelabel.version,
        "codes": list(prelabel.codes),
        "score": prelabel.score,
        "evidence": evidence_to_json(prelabel.evidence),
    }


def _to_annotation(row: AnnotationRow, coder: str) -> Annotation:
    prelabel = row.prelabel
    return Annotation(
        key=row.key,
        coder=coder,
        codes=tuple(row.codes),
        evidence=evidence_from_json(row.evidence),
        prelabel=None
        if prelabel is None
        else PreLabel(
            prelabel["version"],
            tuple(prelabel["codes"]),
            prelabel["score"],
            evidence_from_json(prelabel["evidence"]),
        ),
        **{name: getattr(row, name) for name in _PLAIN},
    )
