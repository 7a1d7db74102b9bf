"""Storing annotations: what is new, changed or gone, and each new state in the history."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from workbench.records import Annotation, Coder
from workbench.store.annotations import evidence_to_json, prelabel_to_json, save_coder
from workbench.store.tables import AnnotationEventRow, AnnotationRow, CoderRow, ProjectRow

T = TypeVar("T")
#: What makes one state of an annotation differ from another.
_STATE = (
    "paragraph_id",
    "codes",
    "evidence",
    "comment",
    "skipped",
    "lead_time",
    "reason",
    "changed_by",
    "choices",
)
_TIMES = ("created_at", "updated_at")
_TOLD = (*_STATE, "coder_id", "prelabel")
_HELD = ("key", "coder_id", "project_id", "prelabel", "deleted", *_STATE, *_TIMES)
_COLUMNS = tuple(getattr(AnnotationRow, name) for name in _HELD)


@dataclass(frozen=True, slots=True)
class AnnotationChanges:
    """What saving annotations changed: numbers of annotations.

    Of those created or changed that were made from a pre-label, `kept` have
    just its codes, `corrected` others. Skipped ones are neither.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    kept: int = 0
    corrected: int = 0


def save_annotations(
    session: Session,
    annotations: Iterable[Annotation],
    now: datetime,
    *,
    project: int | None = None,
    complete: bool = False,
    whole: Collection[str] = (),
    changers: Mapping[str, str] | None = None,
    write: bool = True,
) -> AnnotationChanges:
    """Store annotations, and each new state in the history.

    `project` is the store's number of the Label Studio project they come from.
    With `complete`, what the store holds of that project and `annotations`
    does not has been deleted there, and is marked so; nothing is erased. The
    same goes for the paragraphs in `whole` alone; `changers` are who changed
    their tasks last, by paragraph. Without `write` it is only counted what would
    change.
    """
    annotations = list(annotations)
    held = _held(session, project, [a.key for a in annotations], complete, whole)
    coder_ids = _coder_ids(session, {a.coder for a in annotations}, write)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    moved: list[str] = []
    kept = corrected = 0
    for annotation in annotations:
        row = held.get(annotation.key)
        values = _values(annotation, coder_ids.get(annotation.coder, 0), project)
        if row is None:
            new.append(values)
        elif row["deleted"] or not _is_same(row, values):
            # A pre-label whose trace the server has lost since is still what the coder saw.
            values["prelabel"] = values["prelabel"] or row["prelabel"]
            changed.append(values)
        else:
            if project not in (None, row["project_id"]):
                moved.append(annotation.key)
            continue
        held[annotation.key] = values
        if values["prelabel"] is not None and not annotation.skipped:
            same = sorted(values["prelabel"]["codes"]) == values["codes"]
            kept, corrected = kept + same, corrected + (not same)
    gone = _gone(held, {a.key for a in annotations}, project, complete, whole)
    if write:
        _write(session, new, changed, gone, now, changers or {})
        # The same project at another address: what it holds did not change, but is its now.
        for part in _parts(moved):
            where = AnnotationRow.key.in_(part)
            session.execute(update(AnnotationRow).where(where).values(project_id=project))
    return AnnotationChanges(
        created=len(new),
        changed=len(changed),
        unchanged=len(annotations) - len(new) - len(changed),
        deleted=len(gone),
        kept=kept,
        corrected=corrected,
    )


def mark_deleted(
    session: Session, project: int, seen: Collection[str], now: datetime, *, write: bool = True
) -> int:
    """Mark a project's annotations whose keys were not `seen` as deleted; how many those are.

    Without `write` they are only counted.
    """
    query = select(AnnotationRow.key).where(
        AnnotationRow.project_id == project, ~AnnotationRow.deleted
    )
    lost = [key for key in session.scalars(query) if key not in seen]
    gone = list(_held(session, project, lost, False, ()).values())
    if write:
        _write(session, [], [], gone, now, {})
    return len(gone)


def count_annotations(session: Session, project: int) -> int:
    """How many annotations of a project stand, those of retired paragraphs too."""
    query = select(func.count()).select_from(AnnotationRow)
    return session.scalar(query.filter_by(project_id=project, deleted=False)) or 0


def newest_paragraphs(session: Session, project: int, number: int) -> list[str]:
    """The paragraphs of a project's annotations that were changed last, `number` at most."""
    query = (
        select(AnnotationRow.paragraph_id)
        .filter_by(project_id=project, deleted=False)
        .order_by(AnnotationRow.updated_at.desc())
        .limit(number)
    )
    return list(dict.fromkeys(session.scalars(query)))


def _held(
    session: Session,
    project: int | None,
    keys: Sequence[str],
    complete: bool,
    whole: Collection[str],
) -> dict[str, dict[str, Any]]:
    """What is stored under the keys, wherever, and in the project's part that is compared."""
    conditions: list[ColumnElement[bool]] = [AnnotationRow.key.in_(part) for part in _parts(keys)]
    if project is not None and complete:
        conditions.append(AnnotationRow.project_id == project)
    elif project is not None:
        conditions += [
            (AnnotationRow.project_id == project) & AnnotationRow.paragraph_id.in_(part)
            for part in _parts(sorted(whole))
        ]
    return {
        row["key"]: dict(row)
        for condition in conditions
        for row in session.execute(select(*_COLUMNS).where(condition)).mappings()
    }


def _gone(
    held: dict[str, dict[str, Any]],
    seen: set[str],
    project: int | None,
    complete: bool,
    whole: Collection[str],
) -> list[dict[str, Any]]:
    if project is None:
        return []
    return [
        row
        for key, row in held.items()
        if key not in seen
        and not row["deleted"]
        and row["project_id"] == project
        and (complete or row["paragraph_id"] in whole)
    ]


def _write(
    session: Session,
    new: list[dict[str, Any]],
    changed: list[dict[str, Any]],
    gone: list[dict[str, Any]],
    now: datetime,
    changers: Mapping[str, str],
) -> None:
    if new:
        session.execute(insert(AnnotationRow), new)
    if changed:
        session.execute(update(AnnotationRow), changed)
    for part in _parts([row["key"] for row in gone]):
        session.execute(
            update(AnnotationRow).where(AnnotationRow.key.in_(part)).values(deleted=True)
        )
    if new or changed or gone:
        _remember(
            session, (("created", new), ("changed", changed), ("deleted", gone)), now, changers
        )


def _remember(
    session: Session,
    happened: Iterable[tuple[str, list[dict[str, Any]]]],
    now: datetime,
    changers: Mapping[str, str],
) -> None:
    """Add events to the history, each with who did it ("" where that is not known)."""
    names = dict(session.execute(select(CoderRow.coder_id, CoderRow.name)).all())
    owned = select(ProjectRow.project_id, CoderRow.name).join(
        CoderRow, CoderRow.coder_id == ProjectRow.coder_id
    )
    owners = dict(session.execute(owned).all())
    events = []
    for action, rows in happened:
        for row in rows:
            by = row["changed_by"] or names[row["coder_id"]]
            if action == "deleted":
                by = changers.get(row["paragraph_id"], "")
            state = _state(row, by, owners.get(row["project_id"]))
            events.append({"key": row["key"], "action": action, "seen_at": now, "state": state})
    session.execute(insert(AnnotationEventRow), events)


def _values(annotation: Annotation, coder_id: int, project: int | None) -> dict[str, Any]:
    return {
        "key": annotation.key,
        "paragraph_id": annotation.paragraph_id,
        "coder_id": coder_id,
        "project_id": project,
        "codes": list(annotation.codes),
        "evidence": evidence_to_json(annotation.evidence),
        "comment": annotation.comment,
        "skipped": annotation.skipped,
        "origin": annotation.origin,
        "created_at": annotation.created_at,
        "updated_at": annotation.updated_at,
        "lead_time": annotation.lead_time,
        "prelabel": annotation.prelabel and prelabel_to_json(annotation.prelabel),
        "hidden": annotation.hidden,
        "reason": annotation.reason,
        "changed_by": annotation.changed_by,
        "choices": {name: list(codes) for name, codes in annotation.choices},
        "deleted": False,
    }


def _is_same(row: dict[str, Any], values: dict[str, Any]) -> bool:
    # Of who changed it only whether it was another: an account can be named differently later.
    return (
        row["coder_id"] == values["coder_id"]
        and bool(row["changed_by"]) == bool(values["changed_by"])
        and all(row[name] == values[name] for name in _STATE if name != "changed_by")
    )


def _state(row: dict[str, Any], by: str, project_of: str | None) -> dict[str, Any]:
    """A state as the history keeps it, with the pre-label on screen and whether it was kept.

    Its times are those of its origin; `by` is who brought it about, `project_of`
    the coder in whose own project it is.
    """
    shown = row["prelabel"]
    state = {name: row[name] for name in _TOLD}
    for name in _TIMES:
        state[name] = row[name].isoformat()
    kept = None if shown is None or row["skipped"] else sorted(shown["codes"]) == row["codes"]
    state["by"], state["project_of"], state["prelabel_kept"] = by, project_of, kept
    return state


def _coder_ids(session: Session, names: set[str], write: bool) -> dict[str, int]:
    """The coders' numbers by name; who is not stored yet is, with `write`."""
    known = dict(session.execute(select(CoderRow.name, CoderRow.coder_id)).all())
    for name in sorted(names - known.keys()) if write else ():
        known[name] = save_coder(session, Coder(name))
    return known


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for i in range(0, len(items), 500):  # SQLite limits bound values
        yield items[i : i + 500]
