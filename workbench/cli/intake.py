"""What `workbench ingest` does with each document: plan, store, tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.output import emit_json, print_table, tell
from workbench.errors import ReportError, StoreError, WorkbenchError
from workbench.records import Document, Given, Report
from workbench.reports.approval import Detected, parse_approval
from workbench.reports.batch import Job, Outcome
from workbench.reports.gathering import ReportFile
from workbench.reports.reading import reader_of, split_of
from workbench.reports.rows.reading import READERS
from workbench.reports.sources import FOLDER
from workbench.store.database import Session
from workbench.store.placing import combine_given, place_document
from workbench.store.reports import Changes, find_report_by_hash, list_reports

_COLUMNS = ("report", "source", "country", "year", "language", "layout", "paragraphs", "changes")


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to read: what is said of all files, and of each in a table.

    `most_words` None leaves paragraphs split as they were, 0 splits none. `forget`
    leaves out what earlier runs said of a file.
    """

    given: Given
    metadata: Path | None = None
    most_words: int | None = None
    forget: bool = False


def plan_jobs(app: App, files: Sequence[ReportFile], wishes: Wishes, *, storing: bool) -> list[Job]:
    """What to read, with what is said of it: by options, by the table, by earlier runs."""
    approved = _approved(wishes.metadata, files)
    held: dict[str, Report] = {}
    if storing:
        with app.database.session() as session:
            held = {report.file: report for report, _ in list_reports(session)}
    keep = sources_of(app) if storing else None
    jobs = []
    for file in files:
        before = held.get(place_of(app, file)) if storing else None
        said = combine_given(wishes.given, approved.get(_full(file.name), Given()))
        most_words = wishes.most_words
        unless = None
        if before is not None:
            if not wishes.forget:
                said = combine_given(said, before.given)
            if most_words is None:
                most_words = split_of(before.reader)
            if before.given == said and before.reader == reader_of(most_words or None):
                unless = before.sha256
        jobs.append(Job(file, said, unless, most_words or None, keep))
    return jobs


def sources_of(app: App) -> Path:
    """The folder in which the bytes of report files are kept."""
    return app.workspace.root / ".workbench" / FOLDER


def place_of(app: App, file: ReportFile) -> str:
    """The file's path as kept: relative where it lies in the workspace."""
    path = file.path.resolve()
    root = app.workspace.root
    place = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
    return file.place(place)


class Intake:
    """The documents of a run, stored one by one, each in a transaction of its own.

    What could not be read is in `failures`; `rows` tell of the rest. With
    `storing` off nothing is stored and `detected` holds what the files were taken for.
    """

    def __init__(
        self,
        app: App,
        *,
        storing: bool,
        replacing: bool,
        forgetting: bool,
        failures: list[WorkbenchError],
    ) -> None:
        self._app = app
        self._replacing = replacing
        self._forgetting = forgetting
        self.storing = storing
        self.failures = failures
        self.rows: list[dict[str, object]] = []
        self.detected: list[Detected] = []

    def take(self, outcome: Outcome) -> None:
        """Store the document of an outcome, or note what is wrong."""
        if outcome.error is not None:
            self.failures.append(outcome.error)
        elif outcome.document is None:
            self._note_unchanged(outcome.job)
        else:
            try:
                self._take(outcome.document, outcome.job.file)
            except StoreError:
                raise  # no file's own fault, and the next would meet it too
            except WorkbenchError as error:
                self.failures.append(error)

    def refuse_rows(self, file: ReportFile) -> bool:
        """Whether a file holds rows by its name: it would be read as one text."""
        if file.member is not None or file.path.suffix.lower() not in READERS:
            return False
        self.failures.append(
            ReportError(f"{file.name} holds rows", "name the field of their text: --text-field")
        )
        return True

    def place(self, session: Session, document: Document) -> tuple[Document, str]:
        """Store a document; as it is kept now, and what that changed."""
        same = find_report_by_hash(session, document.report.sha256)
        # A copy of a file that is still there does not take its place.
        if same is not None and (self._app.workspace.root / same.file).exists():
            report = replace(document.report, file=same.file)
            document = replace(document, report=report)
        document, changes = place_document(
            session,
            document,
            self._app.now(),
            replacing=self._replacing,
            forgetting=self._forgetting,
        )
        return document, _describe(changes)

    def note(self, document: Document, done: str, name: str) -> None:
        """Tell of a document that was read; `name` is its file's."""
        row = _row(document.report, len(document.paragraphs), done)
        self.rows.append(row | {"warnings": list(document.warnings)})
        if not self.storing:
            self.detected.append(
                Detected(document.report, len(document.paragraphs), document.warnings)
            )
        for warning in document.warnings:
            tell(f"{name}: {warning}")

    def _take(self, document: Document, file: ReportFile) -> None:
        done = "not stored"
        if self.storing:
            report = replace(document.report, file=place_of(self._app, file))
            with self._app.database.session() as session:
                document, done = self.place(session, replace(document, report=report))
        self.note(document, done, file.name)

    def _note_unchanged(self, job: Job) -> None:
        with self._app.database.session() as session:
            for report, number in list_reports(session, job.unless):
                self.rows.append(_row(report, number, "none"))


def show_outcome(intake: Intake, as_json: bool) -> None:
    """The table, the errors and the summary of a run; ends with exit code 1 where a file failed."""
    failed = [str(error) for error in intake.failures]
    if as_json:
        emit_json({"reports": intake.rows, "failed": failed})
    elif intake.rows:
        print_table(
            _COLUMNS,
            [["?" if row[c] is None else row[c] for c in _COLUMNS] for row in intake.rows],
        )
    for message in failed:
        click.echo(f"error: {message}", err=True)
    done = len(intake.rows)
    if done + len(failed) > 1:
        unchanged = sum(row["changes"] == "none" for row in intake.rows)
        tell(f"{done} read, {unchanged} of them unchanged; {len(failed)} failed")
    if failed:
        raise click.exceptions.Exit(1)


def _approved(metadata: Path | None, files: Sequence[ReportFile]) -> dict[str, Given]:
    """What the table says of each file, by the file's full path."""
    if metadata is None:
        return {}
    try:
        text = metadata.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(
            f"{metadata} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}",
            "make it with: workbench ingest FOLDER --dry-run -o FILE",
        ) from error
    table = {_full(name): given for name, given in parse_approval(text, str(metadata)).items()}
    if idle := len(table.keys() - {_full(file.name) for file in files}):
        tell(f"{metadata}: {idle} of its lines name no file of this run")
    return table


def _full(name: str) -> str:
    path, mark, member = name.partition("!/")
    return f"{Path(path).resolve()}{mark}{member}"


def _row(report: Report, paragraphs: int, changes: str) -> dict[str, object]:
    return {
        "report": report.report_id,
        "source": report.source,
        "country": report.country,
        "country_code": report.country_code,
        "year": report.year,
        "language": report.language,
        "title": report.title,
        "layout": report.layout,
        "paragraphs": paragraphs,
        "changes": changes,
        "warnings": [],
    }


def _describe(changes: Changes) -> str:
    counted = {
        "added": changes.added,
        "moved": changes.moved,
        "removed": changes.removed,
        "retired": changes.retired,
    }
    parts = [f"{number} {name}" for name, number in counted.items() if number]
    if changes.metadata:
        parts.append("metadata")
    return ", ".join(parts) or "none"
