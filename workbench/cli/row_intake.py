"""What `workbench ingest` does with files of rows: reports and labels, a file at a time."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.annotations.matching import annotations_of_rows
from workbench.annotations.snapshot import write_snapshot
from workbench.cli.app import App
from workbench.cli.intake import Intake, place_of, sources_of
from workbench.cli.output import tell, track
from workbench.cli.rowfields import RowOptions
from workbench.errors import ReportError, WorkbenchError
from workbench.records import Given
from workbench.reports.gathering import ReportFile
from workbench.reports.rows.grouping import group_documents
from workbench.reports.rows.reading import read_rows
from workbench.reports.sources import keep_source
from workbench.store.annotations import list_annotations
from workbench.store.saving import save_annotations


def take_rows(
    app: App, intake: Intake, files: Sequence[ReportFile], options: RowOptions, given: Given
) -> None:
    """Read files of rows; each is stored whole or, with what is wrong, not at all."""
    for file in files:
        try:
            if file.member is not None:
                raise ReportError(f"{file.name} is in an archive", "unpack it and name the file")
            _take_file(app, intake, file, options, given)
        except WorkbenchError as error:
            intake.failures.append(error)
    if intake.storing and options.fields.codes:
        with app.database.session() as session:
            write_snapshot(app.workspace.folder("annotations"), list_annotations(session))


def _take_file(
    app: App, intake: Intake, file: ReportFile, options: RowOptions, given: Given
) -> None:
    rows = track(read_rows(file.path, options.fields), f"reading {file.name}")
    made = group_documents(rows, file.path, given, options.coder)
    before = len(intake.rows)
    labels = 0
    if not intake.storing:
        for item in made:
            intake.note(item.document, "not stored", file.name)
        return
    try:
        with app.database.session() as session:
            for item in made:
                report = replace(item.document.report, file=place_of(app, file))
                document = replace(item.document, report=report)
                document, done = intake.place(session, document)
                # The rows of a file that was moved are held under the id that they had there.
                old, new = report.report_id, document.report.report_id
                named = [
                    replace(label, paragraph_id=new + label.paragraph_id[len(old) :])
                    for label in item.labels
                ]
                keep_source(sources_of(app), item.source)
                annotations = list(
                    annotations_of_rows(named, app.codebook.code_names, file.name, app.now())
                )
                save_annotations(session, annotations, app.now())
                labels += len(annotations)
                intake.note(document, done, file.name)
    except BaseException:
        # The transaction is gone, and what was told of it must go too.
        del intake.rows[before:]
        raise
    if labels:
        tell(f"{file.name}: {labels} labels came along")
