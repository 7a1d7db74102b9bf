"""`workbench compare`."""

import re
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table
from workbench.errors import UsageError
from workbench.exports.comparison import (
    ComparisonReport,
    comparison_json,
    comparison_table,
    notes_on,
    write_comparison,
)
from workbench.reports.comparing import compare_reports
from workbench.store.reports import choose_reports, iterate_paragraphs


@click.command(
    short_help="Show what changed between two reports.",
    epilog="Example: workbench compare veldoria-2019-state veldoria-2020-state",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page (else exports/compare/OLD--NEW.html).",
)
@json_option
@click.pass_obj
def command(app: App, old: str, new: str, output: Path | None, as_json: bool) -> None:
    """Show what the report NEW carries over from OLD, changes, adds and drops.

    Prints the numbers of paragraphs by section and writes a self-contained page with every
    paragraph and, where it changed, a diff word by word.
    """
    if old == new:
        raise UsageError(f"{old!r} is compared with itself", "name two reports")
    with app.database.session() as session:
        before, after = choose_reports(session, [old, new])
        comparison = compare_reports(
            list(iterate_paragraphs(session, [old])), list(iterate_paragraphs(session, [new]))
        )
    report = ComparisonReport(before, after, comparison, app.now())
    if output is None:
        name = re.sub(r"[^\w.-]+", "_", f"{old}--{new}")
        output = app.workspace.folder("exports") / "compare" / f"{name}.html"
    write_comparison(output, report)
    if as_json:
        emit_json(comparison_json(report))
        return
    header, *rows = comparison_table(report.comparison)
    print_table(header, rows)
    click.echo()
    for note in notes_on(report.old, report.new, report.comparison):
        click.echo(note)
    click.echo(f"written: {output}")
