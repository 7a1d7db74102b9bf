"""Who is to code what, and how it was shared out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from workbench.records import Assignment
from workbench.store.tables import (
    AnnotationRow,
    AssignmentDrawRow,
    AssignmentRow,
    CoderRow,
    ParagraphRow,
)


@dataclass(frozen=True, slots=True)
class Draw:
    """How paragraphs were shared out: enough to do it again.

    `weights` are the coders' shares of the work by name, `reports` the ids of
    those whose paragraphs were in the draw (none: all). Weights of 0 leave it
    to Label Studio to give each paragraph of one project to `per_paragraph`
    of the coders.
    """

    seed: int
    weights: Mapping[str, float]
    per_paragraph: int
    shared: int
    reports: tuple[str, ...]
    drawn_at: datetime

    @property
    def one_project(self) -> bool:
        """Whether nobody is given a share."""
        return not any(self.weights.values())


def keep_draw(session: Session, draw: Draw, assignments: Sequence[Assignment]) -> None:
    """Store a draw, unless it assigns nothing and says what the last one said."""
    drawn = list_draws(session)
    if assignments or not drawn or replace(drawn[-1], drawn_at=draw.drawn_at) != draw:
        save_draw(session, draw, assignments)


def save_draw(session: Session, draw: Draw, assignments: Iterable[Assignment]) -> int:
    """Store a draw with the assignments that it made; its number, from 1.

    The coders must be in the store, the assignments new.
    """
    number = (session.scalar(select(func.max(AssignmentDrawRow.draw))) or 0) + 1
    session.add(
        AssignmentDrawRow(
            draw=number,
            seed=draw.seed,
            weights=dict(draw.weights),
            per_paragraph=draw.per_paragraph,
            shared=draw.shared,
            reports=list(draw.reports),
            drawn_at=draw.drawn_at,
        )
    )
    session.flush()
    numbers = dict(session.execute(select(CoderRow.name, CoderRow.coder_id)).all())
    values = [
        {
            "paragraph_id": assignment.paragraph_id,
            "coder_id": numbers[assignment.coder],
            "shared": assignment.shared,
            "draw": number,
        }
        for assignment in assignments
    ]
    if values:
        session.execute(insert(AssignmentRow), values)
    return number


def list_draws(session: Session) -> list[Draw]:
    """Every draw, oldest first."""
    return [
        Draw(
            seed=row.seed,
            weights=row.weights,
            per_paragraph=row.per_paragraph,
            shared=row.shared,
            reports=tuple(row.reports),
            drawn_at=row.drawn_at,
        )
        for row in session.scalars(select(AssignmentDrawRow).order_by(AssignmentDrawRow.draw))
    ]


def list_assignments(session: Session, report_ids: Sequence[str] = ()) -> list[Assignment]:
    """Who is to code what: the calibration set first, then by report, place in it and coder.

    Those of the given reports, of all where none is given. Retired paragraphs
    are left out; coders who have left are not.
    """
    done = _done_elsewhere(session)
    query = (
        select(AssignmentRow.paragraph_id, CoderRow.name, AssignmentRow.shared)
        .join(CoderRow, CoderRow.coder_id == AssignmentRow.coder_id)
        .join(ParagraphRow, ParagraphRow.paragraph_id == AssignmentRow.paragraph_id)
        .where(~ParagraphRow.retired)
        .order_by(
            AssignmentRow.shared.desc(),
            ParagraphRow.report_id,
            ParagraphRow.position,
            CoderRow.name,
        )
    )
    if report_ids:
        query = query.where(ParagraphRow.report_id.in_(report_ids))
    return [
        Assignment(key, coder, shared=shared, done=(key, coder) in done)
        for key, coder, shared in session.execute(query)
    ]


def _done_elsewhere(session: Session) -> set[tuple[str, str]]:
    """What coders did in projects that are gone: paragraph and name."""
    query = (
        select(AnnotationRow.paragraph_id, CoderRow.name)
        .join(CoderRow, CoderRow.coder_id == AnnotationRow.coder_id)
        .where(AnnotationRow.project_id.is_(None), ~AnnotationRow.deleted)
        .where(AnnotationRow.origin == "studio")
    )
    return {(key, coder) for key, coder in session.execute(query)}


def release_assignments(session: Session, coder: str) -> int:
    """Take back what a coder has neither coded nor skipped; how many paragraphs that were."""
    coder_id = session.scalar(select(CoderRow.coder_id).filter_by(name=coder))
    touched = exists().where(
        AnnotationRow.paragraph_id == AssignmentRow.paragraph_id,
        AnnotationRow.coder_id == AssignmentRow.coder_id,
        ~AnnotationRow.deleted,
    )
    open_ = delete(AssignmentRow).where(AssignmentRow.coder_id == coder_id, ~touched)
    return session.execute(open_).rowcount
