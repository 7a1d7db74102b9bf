"""`workbench rulings`."""

from collections.abc import Sequence

import click

from workbench.annotations.adjudicating import CodeReasons, reason_name, tabulate_reasons
from workbench.cli.app import App
from workbench.cli.options import json_option, report_option
from workbench.cli.output import emit_json, print_table
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports
from workbench.taxonomy.labelconfig import REASONS

#: Stands for the code where it is not known what the coders differed on.
_UNKNOWN = "(not known)"


@click.command(
    short_help="Show why coders differed, by code.", epilog="Example: workbench rulings --json"
)
@report_option
@click.option("--notes", is_flag=True, help="Print the adjudicators' notes as well.")
@json_option
@click.pass_obj
def command(app: App, wanted: tuple[str, ...], notes: bool, as_json: bool) -> None:
    """Count the adjudicators' decisions and their reasons by code.

    A code whose coders often differ because the codebook is unclear needs a better definition. A
    paragraph counts for every code on which its coders differed when it was decided, even if they
    have corrected themselves since. Rulings of which that is not known stand in the last row.
    """
    with app.database.session() as session:
        chosen = [report.report_id for report in choose_reports(session, wanted)]
        rows = tabulate_reasons(list_annotations(session, chosen))
    if as_json:
        emit_json([_as_json(row) for row in rows])
        return
    print_table(
        ("code", "adjudicated", "given", "majority overruled", *REASONS, "no reason"),
        [
            (
                row.code or _UNKNOWN,
                row.paragraphs,
                row.given,
                row.overruled,
                *(row.reasons.get(reason, 0) for reason in (*REASONS, "")),
            )
            for row in rows
        ],
    )
    click.echo("; ".join(f"{reason}: {reason_name(reason)}" for reason in REASONS))
    if notes:
        _print_notes(rows)


def _as_json(row: CodeReasons) -> dict[str, object]:
    return {
        "code": row.code,
        "paragraphs": row.paragraphs,
        "given": row.given,
        "overruled": row.overruled,
        "reasons": {reason: row.reasons.get(reason, 0) for reason in (*REASONS, "")},
        "notes": [{"paragraph_id": key, "note": note} for key, note in row.notes],
    }


def _print_notes(rows: Sequence[CodeReasons]) -> None:
    for row in rows:
        for paragraph_id, note in row.notes:
            click.echo(f"{row.code or _UNKNOWN}  {paragraph_id}: {' '.join(note.split())}")
