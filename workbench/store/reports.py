"""Reports and paragraphs in the store."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from workbench.errors import UsageError
from workbench.records import Document, Given, Paragraph, Report
from workbench.store.tables import (
    AnnotationRow,
    AssignmentRow,
    ParagraphRow,
    PredictionRow,
    ReportRow,
    SelectionRow,
    TaskRow,
)

_REPORT_FIELDS = (
    "title", "source", "country", "country_code", "year", "language",
    "file", "sha256", "encoding", "layout", "reader",
)  # fmt: skip
_PARAGRAPH_FIELDS = ("report_id", "position", "text", "start", "end", "page", "kind")
# What a paragraph is read from: columns are much faster than an object.
_COLUMNS = tuple(
    getattr(ParagraphRow, name) for name in ("paragraph_id", "section", "spans", *_PARAGRAPH_FIELDS)
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving a document changed: numbers of paragraphs, and whether the metadata did.

    `moved` paragraphs have the same words at another place, or in another section.
    """

    new_report: bool
    metadata: bool
    added: int
    moved: int
    unchanged: int
    removed: int
    retired: int

    @property
    def nothing(self) -> bool:
        return self == Changes(False, False, 0, 0, self.unchanged, 0, 0)


def save_document(session: Session, document: Document, now: datetime) -> Changes:
    """Store a document; the same file again changes nothing.

    A corrected file updates only what changed. Paragraphs keep their id as long
    as their words stay, so their annotations stay with them. A paragraph that
    is gone is deleted, or retired where a task, annotation or prediction
    refers to it.
    """
    report = document.report
    row = session.get(ReportRow, report.report_id)
    new_report = row is None
    if row is None:
        row = ReportRow(report_id=report.report_id, ingested_at=now)
        session.add(row)
    given = {name: value for name, value in asdict(report.given).items() if value is not None}
    changed = _assign(row, report, _REPORT_FIELDS)
    if row.given != given:
        row.given, changed = given, True
    metadata = changed and not new_report
    if metadata:
        row.ingested_at = now
    session.flush()
    held = {
        p.paragraph_id: p
        for p in session.scalars(select(ParagraphRow).filter_by(report_id=report.report_id))
    }
    new: list[dict[str, object]] = []
    moved = unchanged = 0
    for paragraph in document.paragraphs:
        paragraph_row = held.pop(paragraph.paragraph_id, None)
        if paragraph_row is None:
            new.append(_to_values(paragraph))
        elif _assign_paragraph(paragraph_row, paragraph):
            moved += 1
        else:
            unchanged += 1
    if new:
        session.execute(insert(ParagraphRow), new)
    referred = _referred(session, [key for key, p in held.items() if not p.retired])
    gone = [p for p in held.values() if not p.retired]
    for paragraph_row in gone:
        if paragraph_row.paragraph_id in referred:
            paragraph_row.retired = True
        else:
            session.delete(paragraph_row)
    retired = sum(1 for p in gone if p.paragraph_id in referred)
    session.flush()
    return Changes(new_report, metadata, len(new), moved, unchanged, len(gone) - retired, retired)


def find_report_by_hash(session: Session, sha256: str) -> Report | None:
    """The report that was read from a file with these bytes, if any."""
    row = session.scalars(select(ReportRow).filter_by(sha256=sha256)).first()
    return None if row is None else _to_report(row)


def find_report(session: Session, report_id: str) -> Report | None:
    """The report of this id, if any."""
    row = session.get(ReportRow, report_id)
    return None if row is None else _to_report(row)


def find_reports_at(session: Session, file: str) -> list[Report]:
    """The reports that were read from the file at this place, in order of id."""
    rows = session.scalars(select(ReportRow).filter_by(file=file).order_by(ReportRow.report_id))
    return [_to_report(row) for row in rows]


def list_paragraph_ids(session: Session, report_id: str) -> list[str]:
    """The ids of a report's paragraphs, those of retired ones left out."""
    query = select(ParagraphRow.paragraph_id).filter_by(report_id=report_id)
    return list(session.scalars(query.where(~ParagraphRow.retired)))


def find_paragraph(session: Session, paragraph_id: str) -> Paragraph | None:
    """The paragraph of this id, if any; retired ones too."""
    row = session.execute(select(*_COLUMNS).filter_by(paragraph_id=paragraph_id)).first()
    return None if row is None else _to_paragraph(row)


def list_reports(session: Session, sha256: str | None = None) -> list[tuple[Report, int]]:
    """Every report with its number of paragraphs, in order of id.

    With `sha256` those that were read from a file with this hash.
    """
    counted = (
        select(ParagraphRow.report_id, func.count())
        .where(~ParagraphRow.retired)
        .group_by(ParagraphRow.report_id)
    )
    wanted = select(ReportRow).order_by(ReportRow.report_id)
    if sha256 is not None:
        wanted = wanted.where(ReportRow.sha256 == sha256)
        counted = counted.join(ReportRow).where(ReportRow.sha256 == sha256)
    counts = dict(session.execute(counted).all())
    return [(_to_report(row), counts.get(row.report_id, 0)) for row in session.scalars(wanted)]


def choose_reports(session: Session, wanted: Sequence[str]) -> list[Report]:
    """The reports with the ids `wanted`, all where it is empty.

    UsageError names an id that is not there, with those that are.
    """
    held = {report.report_id: report for report, _ in list_reports(session)}
    for report_id in wanted:
        if report_id not in held:
            known = ", ".join(held) or "none ingested yet"
            raise UsageError(f"no report {report_id!r}", f"choose from: {known}")
    return [held[report_id] for report_id in (dict.fromkeys(wanted) or held)]


def iterate_paragraphs(
    session: Session, report_ids: Sequence[str] = (), kinds: Sequence[str] = ()
) -> Iterator[Paragraph]:
    """The paragraphs in reading order, report by report; all reports where none is named.

    `kinds` limits them ("text" alone is tagged). Retired ones are left out.
    """
    query = _choose_paragraphs(report_ids, kinds)
    query = query.with_only_columns(*_COLUMNS)
    query = query.order_by(ParagraphRow.report_id, ParagraphRow.position)
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield _to_paragraph(row)


def count_paragraphs(
    session: Session, report_ids: Sequence[str] = (), kinds: Sequence[str] = ()
) -> int:
    """How many paragraphs `iterate_paragraphs` gives."""
    chosen = _choose_paragraphs(report_ids, kinds).subquery()
    return session.scalar(select(func.count()).select_from(chosen)) or 0


def sample_paragraphs(
    session: Session, report_id: str, most: int, kinds: Sequence[str] = ()
) -> list[Paragraph]:
    """At most `most` paragraphs of a report, evenly spread over it, in reading order."""
    step = -(-count_paragraphs(session, [report_id], kinds) // most)
    turn = func.row_number().over(order_by=ParagraphRow.position) - 1
    turns = _choose_paragraphs([report_id], kinds).add_columns(turn.label("turn")).subquery()
    query = (
        select(*_COLUMNS)
        .join(turns, turns.c.paragraph_id == ParagraphRow.paragraph_id)
        .where(turns.c.turn % max(step, 1) == 0)
        .order_by(ParagraphRow.position)
    )
    return [_to_paragraph(row) for row in session.execute(query)]


def _choose_paragraphs(report_ids: Sequence[str], kinds: Sequence[str]) -> Select[Any]:
    query = select(ParagraphRow).where(~ParagraphRow.retired)
    if report_ids:
        query = query.where(ParagraphRow.report_id.in_(report_ids))
    if kinds:
        query = query.where(ParagraphRow.kind.in_(kinds))
    return query


def _referred(session: Session, paragraph_ids: Sequence[str]) -> set[str]:
    """Those of `paragraph_ids` that a task, annotation, prediction or draw refers to."""
    found: set[str] = set()
    for row in (TaskRow, AnnotationRow, AssignmentRow, PredictionRow, SelectionRow):
        for i in range(0, len(paragraph_ids), 500):  # SQLite limits bound values
            part = paragraph_ids[i : i + 500]
            found.update(
                session.scalars(select(row.paragraph_id).where(row.paragraph_id.in_(part)))
            )
    return found


def _assign(row: object, record: object, fields: Sequence[str]) -> bool:
    """Copy `fields` from the record to the row; whether any changed."""
    changed = False
    for name in fields:
        value = getattr(record, name)
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _assign_paragraph(row: ParagraphRow, paragraph: Paragraph) -> bool:
    changed = _assign(row, paragraph, _PARAGRAPH_FIELDS)
    section, spans = list(paragraph.section), [list(span) for span in paragraph.spans]
    if row.section != section or row.spans != spans or row.retired:
        row.section, row.spans, row.retired = section, spans, False
        changed = True
    return changed


def _to_report(row: ReportRow) -> Report:
    fields = {name: getattr(row, name) for name in _REPORT_FIELDS}
    return Report(row.report_id, given=Given(**row.given), **fields)


def _to_values(paragraph: Paragraph) -> dict[str, object]:
    """A new row as plain values: many at once are stored much faster than as objects."""
    values = {name: getattr(paragraph, name) for name in _PARAGRAPH_FIELDS}
    section, spans = list(paragraph.section), [list(span) for span in paragraph.spans]
    named = {"paragraph_id": paragraph.paragraph_id, "section": section, "spans": spans}
    return values | named | {"retired": False}


def _to_paragraph(row: Any) -> Paragraph:
    """From `_COLUMNS`."""
    paragraph_id, section, spans, *plain = row
    return Paragraph(
        paragraph_id=paragraph_id,
        section=tuple(section),
        spans=tuple([(start, end) for start, end in spans]),
        **dict(zip(_PARAGRAPH_FIELDS, plain, strict=True)),
    )
