"""`workbench source`."""

from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.intake import sources_of
from workbench.errors import UsageError
from workbench.files import open_whole_bytes
from workbench.records import Paragraph, Report
from workbench.reports.reading import source_text
from workbench.reports.sources import load_source
from workbench.store.reports import find_paragraph, find_report


@click.command(
    short_help="Show what a paragraph was in its file.",
    epilog="Example: workbench source kazakhstan-2018-state.3f9a0c1b2d4e",
)
@click.argument("wanted", metavar="ID")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the report's file, byte for byte, there.",
)
@click.pass_obj
def command(app: App, wanted: str, output: Path | None) -> None:
    """Show the raw text of a paragraph as it stands in the report's file, by its offsets.

    ID is a paragraph's, or a report's for the whole text. The bytes come from the copy that was
    kept when the file was ingested; its hash is checked.
    """
    report, paragraph = _find(app, wanted)
    data = load_source(sources_of(app), report.sha256)
    if output is not None:
        with open_whole_bytes(output) as file:
            file.write(data)
        return
    text = source_text(data, report)
    click.echo(text[paragraph.start : paragraph.end] if paragraph else text)


def _find(app: App, wanted: str) -> tuple[Report, Paragraph | None]:
    with app.database.session() as session:
        paragraph = find_paragraph(session, wanted)
        report = find_report(session, paragraph.report_id if paragraph else wanted)
    if report is None:
        raise UsageError(
            f"no report or paragraph {wanted!r}",
            "list them with `workbench reports` and `workbench paragraphs`",
        )
    return report, paragraph
