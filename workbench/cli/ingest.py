"""`workbench ingest`."""

import re
from dataclasses import replace
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table, tell, track
from workbench.errors import UsageError, WorkbenchError
from workbench.records import Document
from workbench.reports.reading import list_report_files, read_document
from workbench.store.reports import Changes, find_report, find_report_by_hash, save_document

REPORT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@click.command(
    short_help="Read report files into paragraphs.",
    epilog="Example: workbench ingest reports/ --source state",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="The publisher, for all files of this run (else detected).")
@click.option("--country", help="The country reported on (else detected).")
@click.option("--year", type=click.IntRange(1900, 2100), help="The year covered (else detected).")
@click.option("--title", help="The title; only with a single file (else detected).")
@click.option("--id", "report_id", help="The report's id; only with a single file.")
@click.option("--replace", "replacing", is_flag=True, help="Take the file in place of another.")
@json_option
@click.pass_obj
def command(
    app: App,
    paths: tuple[Path, ...],
    source: str | None,
    country: str | None,
    year: int | None,
    title: str | None,
    report_id: str | None,
    replacing: bool,
    as_json: bool,
) -> None:
    """Read report files, or folders of them, into paragraphs.

    The same file again changes nothing. A corrected file changes only what is different: paragraphs
    whose words stayed keep their ids and their annotations. A file that cannot be read is named and
    the others go on; the exit code is then 1.
    """
    if report_id is not None and not REPORT_ID.fullmatch(report_id):
        raise UsageError(
            f"--id {report_id!r} is not usable", "use lower-case letters, digits, - and _"
        )
    files = list_report_files(paths)
    if len(files) > 1 and (title or report_id):
        raise UsageError("--title and --id fit one file, not several", "ingest that file alone")
    texts = {"source": source, "country": country, "title": title}
    given = {"year": year} | {name: (value or "").strip() or None for name, value in texts.items()}
    rows: list[dict[str, object]] = []
    failures: list[WorkbenchError] = []
    for file in track(files, "reading reports", len(files)):
        try:
            document = read_document(file, report_id=report_id, **given)
            document, changes = _save(app, file, document, report_id, replacing)
        except WorkbenchError as error:
            failures.append(error)
            continue
        rows.append(_row(document, changes))
        for warning in document.warnings:
            tell(f"{file}: {warning}")
    if as_json:
        emit_json({"reports": rows, "failed": [str(error) for error in failures]})
    elif rows:
        columns = ("report", "source", "country", "year", "layout", "paragraphs", "changes")
        print_table(
            columns, [[row[c] if row[c] is not None else "?" for c in columns] for row in rows]
        )
    for error in failures[:-1]:
        click.echo(f"error: {error}", err=True)
    if failures:
        raise failures[-1]


def _save(
    app: App, file: Path, document: Document, given_id: str | None, replacing: bool
) -> tuple[Document, Changes]:
    """Store the document, unless that would silently put one report in another's place."""
    here = _place(app, file)
    with app.database.session() as session:
        report = replace(document.report, file=here)
        same = find_report_by_hash(session, report.sha256)
        if same is not None and same.report_id != report.report_id:
            if given_id:
                raise UsageError(
                    f"{file}: already ingested as {same.report_id}", "leave --id away to update it"
                )
            # Other metadata for the same bytes: the report keeps its id.
            document = read_document(
                file,
                report_id=same.report_id,
                source=report.source,
                country=report.country,
                year=report.year,
                title=report.title,
            )
            report = replace(document.report, file=here)
        held = find_report(session, report.report_id)
        if held and held.sha256 != report.sha256 and held.file != here and not replacing:
            raise UsageError(
                f"{file}: the report {held.report_id} is already held, from {held.file}",
                "use --replace to take this file instead, or --id to keep both",
            )
        document = replace(document, report=report)
        return document, save_document(session, document, app.now())


def _place(app: App, file: Path) -> str:
    """The file's path as kept: relative where it lies in the workspace."""
    path = file.resolve()
    root = app.workspace.root
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _row(document: Document, changes: Changes) -> dict[str, object]:
    report = document.report
    parts = [
        f"{number} {name}"
        for name, number in (
            ("added", changes.added),
            ("moved", changes.moved),
            ("removed", changes.removed),
            ("retired", changes.retired),
        )
        if number
    ]
    if changes.metadata:
        parts.append("metadata")
    return {
        "report": report.report_id,
        "source": report.source,
        "country": report.country,
        "year": report.year,
        "title": report.title,
        "layout": report.layout,
        "paragraphs": len(document.paragraphs),
        "changes": ", ".join(parts) or "none",
        "warnings": list(document.warnings),
    }
