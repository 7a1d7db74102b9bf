"""Rows to documents: a report for each value of the group field, else one for the file."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import ReportError
from workbench.records import Document, Given
from workbench.reports.rows.fields import Row
from workbench.reports.rows.merging import Merger, RowLabel
from workbench.reports.rows.naming import Facts, describe, name_report
from workbench.reports.rows.spooling import Spool
from workbench.reports.rows.values import has_words


@dataclass(frozen=True, slots=True)
class RowDocument:
    """A report made of rows, and the labels that its rows bring.

    `source` is its rows-text in UTF-8, the bytes that `Report.sha256` is the hash
    of: the group's name, and the texts of its rows (`merging.Merged`). `group` is
    the value of the group field (None without one): the report is made of the
    rows of `Report.file` that have it.
    """

    document: Document
    labels: tuple[RowLabel, ...]
    source: bytes
    group: str | None = None


def group_documents(
    rows: Iterable[Row], file: Path, given: Given | None = None, coder: str | None = None
) -> Iterator[RowDocument]:
    """The reports that the rows of `file` make, in the order in which each begins.

    Rows of a group need not follow each other: all rows are read, and put
    aside on the disk where they are many, before the first report is given, so
    that an error in any row comes before any report. One report at a time is in
    memory. `given` stands over what the rows say (its `report_id` is the id of
    the one report, or goes before the groups' names), `coder` is who coded the
    rows that name nobody.

    A paragraph's id is the report's with the row's id and a hash of its words, or
    the hash alone. Its offsets count in the rows-text, which `Report.encoding`
    says and `Report.sha256` is the hash of, so a corrected file changes only the
    reports whose rows changed.

    Raises ReportError as `reading.read_rows`; for a file without text; for
    two groups whose names give one id; and, with the first report that has it,
    for an id twice (where rows do not name different coders of the same words)
    and for codes that nobody is named for.
    """
    given = given or Given()
    empty = 0
    with Spool() as spool:
        for row in rows:
            if has_words(row.text):
                spool.add(row)
            else:
                empty += 1
        if not spool.groups:
            raise ReportError(
                f"{file} has no row with text", "see that the text field is the one that you mean"
            )
        names = _name_all(spool.groups, file, given)
        passed = (f"{empty} rows have no text: passed over",) if empty else ()
        for report_id, group in names.items():
            made = _make(report_id, group, spool.rows_of(group), file, given, coder)
            document = replace(made.document, warnings=(*passed, *made.document.warnings))
            yield replace(made, document=document)
            passed = ()


def _name_all(groups: Iterable[str | None], file: Path, given: Given) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for group in groups:
        report_id = name_report(file, group, given)
        if report_id in names:
            raise ReportError(
                f"{file}: the groups {names[report_id]!r} and {group!r} give one report id, "
                f"{report_id}",
                "write the group in one way, or name the groups so that they differ in letters",
            )
        names[report_id] = group
    return names


def _make(
    report_id: str,
    group: str | None,
    rows: Iterable[Row],
    file: Path,
    given: Given,
    coder: str | None,
) -> RowDocument:
    merger = Merger(report_id, coder, str(file), group)
    facts = Facts()
    for row in rows:
        facts.add(row)
        merger.add(row)
    merged = merger.merged()
    source = merged.source.encode()
    sha256 = hashlib.sha256(source).hexdigest()
    report, warnings = describe(report_id, file, group, given, facts, sha256)
    document = Document(report, merged.paragraphs, (*warnings, *merged.warnings))
    return RowDocument(document, merged.labels, source, group)
