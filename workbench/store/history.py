"""What happened to annotations, read back from the events that `saving` keeps."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.store.tables import AnnotationEventRow, AnnotationRow, CoderRow


@dataclass(frozen=True, slots=True)
class Event:
    """One state of an annotation, as a pull or an import saw it at `seen_at`.

    `action` is "created", "changed" or "deleted"; `by` is who did it as far as
    the server tells ("" where not): of a deletion, who changed the task last.
    `changed_at` is when, by the server's clock; of a deletion, when the
    annotation was changed last. `project_of` is the coder in whose own project
    it is, None in one for all. `kept` says whether the codes of the pre-label on
    screen (`prelabel`, its version) were kept; None where there was none.
    """

    key: str
    coder: str
    action: str
    by: str
    seen_at: datetime
    changed_at: datetime | None
    project_of: str | None
    codes: tuple[str, ...]
    skipped: bool
    comment: str
    reason: str
    lead_time: float | None
    prelabel: str | None
    kept: bool | None


def paragraph_history(session: Session, paragraph_id: str) -> list[Event]:
    """All that happened to a paragraph's annotations, those deleted too, oldest first."""
    names = dict(session.execute(select(CoderRow.coder_id, CoderRow.name)).all())
    query = (
        select(AnnotationEventRow)
        .join(AnnotationRow, AnnotationRow.key == AnnotationEventRow.key)
        .where(AnnotationRow.paragraph_id == paragraph_id)
        .order_by(AnnotationEventRow.event_id)
    )
    return [_to_event(row, names) for row in session.scalars(query)]


def list_deleted(
    session: Session, project_id: int, seen_at: datetime
) -> list[tuple[str, str, str]]:
    """What a pull at `seen_at` found deleted of a project: paragraph, coder, by whom."""
    query = (
        select(AnnotationRow.paragraph_id, CoderRow.name, AnnotationEventRow.state)
        .join(AnnotationRow, AnnotationRow.key == AnnotationEventRow.key)
        .join(CoderRow, CoderRow.coder_id == AnnotationRow.coder_id)
        .where(AnnotationRow.project_id == project_id, AnnotationEventRow.action == "deleted")
        .where(AnnotationEventRow.seen_at == seen_at)
        .order_by(AnnotationEventRow.event_id)
    )
    return [(key, coder, state.get("by", "")) for key, coder, state in session.execute(query)]


def _to_event(row: AnnotationEventRow, names: dict[int, str]) -> Event:
    state = row.state
    changed_at, prelabel = state.get("updated_at"), state["prelabel"]
    return Event(
        key=row.key,
        coder=names[state["coder_id"]],
        action=row.action,
        by=state.get("by", ""),
        seen_at=row.seen_at,
        changed_at=None if changed_at is None else datetime.fromisoformat(changed_at),
        project_of=state.get("project_of"),
        codes=tuple(state["codes"]),
        skipped=state["skipped"],
        comment=state["comment"],
        reason=state.get("reason", ""),
        lead_time=state["lead_time"],
        prelabel=prelabel and prelabel["version"],
        kept=state["prelabel_kept"],
    )
