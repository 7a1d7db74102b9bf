"""`workbench paragraphs`."""

import json
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import output_option, report_option
from workbench.cli.output import Lines, tell
from workbench.exports.paragraphs import paragraph_record
from workbench.store.reports import choose_reports, iterate_paragraphs


@click.command(
    short_help="Write paragraphs as JSONL.",
    epilog="Example: workbench paragraphs --report kazakhstan-2018-state -o paragraphs.jsonl",
)
@report_option
@output_option
@click.pass_obj
def command(app: App, wanted: tuple[str, ...], output: Path | None) -> None:
    """Write the paragraphs as JSONL, one object a line.

    `start` and `end` are character offsets into the decoded file, end exclusive.
    """
    with app.database.session() as session:
        reports = {report.report_id: report for report in choose_reports(session, wanted)}
        number = 0
        with Lines(output) as file:
            for paragraph in iterate_paragraphs(session, list(reports)):
                record = paragraph_record(paragraph, reports[paragraph.report_id])
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                number += 1
    if output:
        tell(f"{number} paragraphs written to {output}")
