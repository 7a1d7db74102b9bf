"""Which paragraphs were drawn for tagging, when and how: never changed afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from workbench.store.tables import BatchRow, ParagraphRow, SelectionRow


@dataclass(frozen=True, slots=True)
class Batch:
    """One draw.

    `reports` are the ids of those it drew from, `population` the number of
    their paragraphs then, tagged ones included, `labeller` the version whose
    scores guided it. With `audit_seed`, the audit of these reports reaches to
    the number `audited_to` since then (see `models.audit`).
    """

    strategy: str
    seed: int
    labeller: str
    reports: tuple[str, ...]
    population: int
    audit_seed: int
    audited_to: str
    drawn_at: datetime


def save_batch(
    session: Session, batch: Batch, audit: Iterable[str], chosen: Mapping[str, str]
) -> int:
    """Store a draw and return its number, from 1.

    `audit` are the ids of the paragraphs drawn at random, `chosen` maps the
    other ids to the strategy that chose them.
    """
    number = (session.scalar(select(func.max(BatchRow.batch))) or 0) + 1
    session.add(
        BatchRow(
            batch=number,
            strategy=batch.strategy,
            seed=batch.seed,
            labeller=batch.labeller,
            reports=list(batch.reports),
            population=batch.population,
            audit_seed=batch.audit_seed,
            audited_to=batch.audited_to,
            drawn_at=batch.drawn_at,
        )
    )
    session.flush()
    rows = [(paragraph_id, "random", True) for paragraph_id in audit]
    rows += [(paragraph_id, strategy, False) for paragraph_id, strategy in chosen.items()]
    values = [
        {"batch": number, "paragraph_id": paragraph_id, "strategy": strategy, "audit": at_random}
        for paragraph_id, strategy, at_random in rows
    ]
    if values:
        session.execute(insert(SelectionRow), values)
    return number


def list_batches(session: Session) -> list[Batch]:
    """Every draw, oldest first."""
    return [
        Batch(
            strategy=row.strategy,
            seed=row.seed,
            labeller=row.labeller,
            reports=tuple(row.reports),
            population=row.population,
            audit_seed=row.audit_seed,
            audited_to=row.audited_to,
            drawn_at=row.drawn_at,
        )
        for row in session.scalars(select(BatchRow).order_by(BatchRow.batch))
    ]


def list_selected(session: Session, *, audit: bool | None = None) -> set[str]:
    """The ids of the paragraphs drawn so far, without retired ones.

    With `audit` only those drawn at random, or only the others.
    """
    query = (
        select(SelectionRow.paragraph_id)
        .join(ParagraphRow, ParagraphRow.paragraph_id == SelectionRow.paragraph_id)
        .where(~ParagraphRow.retired)
    )
    if audit is not None:
        query = query.where(SelectionRow.audit == audit)
    return set(session.scalars(query))
