"""`workbench reports`."""

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table
from workbench.exports.paragraphs import describe_report
from workbench.store.reports import list_reports


@click.command(short_help="List the ingested reports.", epilog="Example: workbench reports --json")
@json_option
@click.pass_obj
def command(app: App, as_json: bool) -> None:
    """List the ingested reports with their ids and numbers of paragraphs."""
    with app.database.session() as session:
        held = list_reports(session)
    if as_json:
        emit_json([{**describe_report(r), "paragraphs": n} for r, n in held])
        return
    if not held:
        click.echo("no report yet; run `workbench ingest PATH`")
        return
    print_table(
        ("report", "source", "country", "year", "paragraphs", "title"),
        [
            (r.report_id, r.source or "?", r.country or "?", r.year or "?", n, r.title)
            for r, n in held
        ],
    )
