"""Coders and annotations in the store, each annotation with its history."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, func, select, type_coerce, update
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.records import Annotation, Coder, Evidence, PreLabel
from workbench.store.tables import (
    AnnotationEventRow,
    AnnotationRow,
    AssignmentRow,
    CoderRow,
    ParagraphRow,
    ProjectRow,
)

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
    "changed_by",
)
_COLUMNS = tuple(
    getattr(AnnotationRow, name)
    for name in ("key", "codes", "evidence", "prelabel", "choices", *_PLAIN)
)


def save_coder(session: Session, coder: Coder) -> int:
    """Store a coder by name and return the store's number for it.

    What the record does not say of the account stays; whether the coder has
    left stays in any case (see `add_coder`, `mark_left`).
    """
    row = session.scalars(select(CoderRow).filter_by(name=coder.name)).first()
    if row is None:
        row = CoderRow(name=coder.name, left=False)
        session.add(row)
    if coder.studio_id is not None:
        row.studio_id = coder.studio_id
    if coder.email is not None:
        row.email = coder.email.lower()
    session.flush()
    return row.coder_id


def add_coder(session: Session, name: str, email: str, studio_id: int | None) -> str | None:
    """Name the owner of an account; the name that the store knew the owner by, None if new.

    A coder whom a pull stored under the e-mail, or an import under the name,
    is the same one: the annotations stay. So is one of whom nothing but the name
    on a project and assignments is stored. One who had left is back. UsageError
    where the name is another account's, the e-mail another coder's, or the
    coder has assignments under another name.
    """
    email = email.lower()
    named = session.scalars(select(CoderRow).filter_by(name=name)).first()
    if named is not None and named.email not in (None, email):
        raise UsageError(f"coder {name!r} has the account {named.email}", "choose another name")
    query = select(CoderRow).where((CoderRow.email == email) | (func.lower(CoderRow.name) == email))
    owner = session.scalars(query).first()
    if owner is not None and named is not None and owner is not named:
        if owner.name.lower() != email or _has_annotations(session, named):
            raise UsageError(
                f"annotations are stored both of {name!r} and of {owner.name!r}",
                "choose another name, so that the two stay apart",
            )
        _take_over(session, owner, named)
        former, owner.name, named = owner.name, name, None
    else:
        former = owner.name if owner else named.name if named else None
    row = owner or named
    if row is None:
        row = CoderRow(name=name)
        session.add(row)
    elif row.name != name:
        if row.email is not None and row.name.lower() != row.email:
            raise UsageError(f"{email} is coder {row.name!r} already", "leave the name as it is")
        if session.scalars(select(AssignmentRow).filter_by(coder_id=row.coder_id)).first():
            raise UsageError(
                f"paragraphs are assigned to {row.name!r} under this name already",
                "leave the name as it is",
            )
    row.name, row.email, row.left = name, email, False
    row.studio_id = row.studio_id if studio_id is None else studio_id
    session.flush()
    return former


def _has_annotations(session: Session, row: CoderRow) -> bool:
    found = session.scalars(select(AnnotationRow.key).filter_by(coder_id=row.coder_id).limit(1))
    return found.first() is not None


def _take_over(session: Session, row: CoderRow, other: CoderRow) -> None:
    """Give a coder the projects and assignments of another, of whom nothing else is stored."""
    for table in (ProjectRow, AssignmentRow):
        session.execute(
            update(table).filter_by(coder_id=other.coder_id).values(coder_id=row.coder_id)
        )
    session.delete(other)
    session.flush()


def mark_left(session: Session, name: str) -> None:
    """Mark a coder as one to whom nothing more is assigned."""
    row = session.scalars(select(CoderRow).filter_by(name=name)).one()
    row.left = True
    session.flush()


def coder_names(session: Session) -> dict[str, str]:
    """The coders' names by the e-mail of their account, which is in lower case."""
    query = select(CoderRow.email, CoderRow.name).where(CoderRow.email.is_not(None))
    return dict(session.execute(query).all())


def list_coders(session: Session) -> list[Coder]:
    """Every coder, in order of name."""
    rows = session.scalars(select(CoderRow).order_by(CoderRow.name))
    return [Coder(row.name, row.studio_id, row.email, row.left) for row in rows]


def list_annotations(
    session: Session,
    report_ids: Sequence[str] = (),
    *,
    origins: Sequence[str] = (),
    paragraph_ids: Sequence[str] = (),
) -> list[Annotation]:
    """The annotations that stand, in order of report, paragraph and coder.

    Of these reports, origins and paragraphs (500 at most), of all where none is named.
    """
    query = (
        select(*_COLUMNS, CoderRow.name)
        .join(CoderRow, CoderRow.coder_id == AnnotationRow.coder_id)
        .join(ParagraphRow, ParagraphRow.paragraph_id == AnnotationRow.paragraph_id)
        .where(~AnnotationRow.deleted, ~ParagraphRow.retired)
        .order_by(
            ParagraphRow.report_id, ParagraphRow.position, CoderRow.name, AnnotationRow.created_at
        )
    )
    if report_ids:
        query = query.where(ParagraphRow.report_id.in_(report_ids))
    if paragraph_ids:
        query = query.where(AnnotationRow.paragraph_id.in_(paragraph_ids))
    if origins:
        query = query.where(AnnotationRow.origin.in_(origins))
    return [_to_annotation(row) for row in session.execute(query)]


def list_standing(session: Session) -> list[tuple[str, str, str, datetime]]:
    """Paragraph, coder, key and last change of every annotation that stands."""
    names = dict(session.execute(select(CoderRow.coder_id, CoderRow.name)).all())
    retired = select(ParagraphRow.paragraph_id).where(ParagraphRow.retired)
    query = select(
        AnnotationRow.paragraph_id,
        AnnotationRow.coder_id,
        AnnotationRow.key,
        # As it is stored, which is in UTC: its type's own reading takes longer than all the rest.
        type_coerce(AnnotationRow.updated_at, DateTime),
    ).where(~AnnotationRow.deleted, AnnotationRow.paragraph_id.not_in(retired))
    return [
        (paragraph, names[coder], key, moment.replace(tzinfo=UTC))
        for paragraph, coder, key, moment in session.execute(query)
    ]


def list_history(session: Session, key: str) -> list[tuple[str, datetime, dict[str, Any]]]:
    """What happened to an annotation, oldest first: action, when it was seen, the state."""
    rows = session.scalars(
        select(AnnotationEventRow).filter_by(key=key).order_by(AnnotationEventRow.event_id)
    )
    return [(row.action, row.seen_at, row.state) for row in rows]


def evidence_to_json(evidence: Iterable[Evidence]) -> list[Any]:
    """Evidence as plain JSON lists, for a column."""
    return [[e.code, e.start, e.end, e.text] for e in evidence]


def evidence_from_json(values: Iterable[Any]) -> tuple[Evidence, ...]:
    """The inverse of `evidence_to_json`."""
    return tuple(Evidence(*value) for value in values)


def prelabel_to_json(prelabel: PreLabel) -> dict[str, Any]:
    """A pre-label as plain JSON, for a column."""
    return {
        "version": prelabel.version,
        "codes": list(prelabel.codes),
        "score": prelabel.score,
        "evidence": evidence_to_json(prelabel.evidence),
    }


def _to_annotation(row: Any) -> Annotation:
    """From the columns of `_COLUMNS` and the coder's name, which is much faster than an object."""
    key, codes, evidence, prelabel, choices, *plain, coder = row
    return Annotation(
        key=key,
        coder=coder,
        codes=tuple(codes),
        evidence=evidence_from_json(evidence),
        choices=tuple((name, tuple(chosen)) for name, chosen in choices.items()),
        prelabel=None
        if prelabel is None
        else PreLabel(
            prelabel["version"],
            tuple(prelabel["codes"]),
            prelabel["score"],
            evidence_from_json(prelabel["evidence"]),
        ),
        **dict(zip(_PLAIN, plain, strict=True)),
    )
