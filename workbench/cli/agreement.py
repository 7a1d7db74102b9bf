"""`workbench agreement`."""

from pathlib import Path

import click

from workbench.annotations.agreement import measure_agreement
from workbench.annotations.codings import codings_from, notes_on
from workbench.annotations.disagreement import comments_from, find_confused, rank_disputed
from workbench.cli.app import App
from workbench.cli.options import json_option, report_option
from workbench.cli.output import emit_json, print_table
from workbench.errors import AgreementError
from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.files import write_agreement
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.agreement.terminal import agreement_table
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs


@click.command(
    short_help="Measure how far coders agree.",
    epilog="Example: workbench agreement -o exports/agreement",
)
@report_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The folder (else exports/agreement/DATE).",
)
@click.option("--no-text", is_flag=True, help="Leave the paragraphs' text out of the report.")
@click.option("--resamples", type=click.IntRange(100), default=1000, help="Bootstrap resamples.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), help="The seed of the intervals (else train.seed)."
)
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    output: Path | None,
    no_text: bool,
    resamples: int,
    seed: int | None,
    as_json: bool,
) -> None:
    """Measure agreement per code and overall, with intervals.

    Prints a table and writes agreement.json and a self-contained agreement.html with every figure's
    method and the paragraphs that coders dispute.
    """
    app.use(seed=seed)
    with app.database.session() as session:
        chosen = [report.report_id for report in choose_reports(session, wanted)]
        paragraphs = {p.paragraph_id: p for p in iterate_paragraphs(session, chosen)}
        annotations = list_annotations(session, chosen)
    if not annotations:
        raise AgreementError(
            "no paragraph of these reports has an annotation",
            "run `workbench pull`, or `workbench annotations import FILE`",
        )
    codings = codings_from(annotations)
    measured = measure_agreement(
        codings,
        app.codebook.code_names,
        resamples=resamples,
        seed=app.workspace.number("seed"),
        notes=notes_on(annotations),
    )
    now = app.now()
    report = AgreementReport(
        title=f"{app.workspace.name}: agreement of the coders",
        made_at=now,
        agreement=measured,
        disputed=tuple(rank_disputed(codings, comments_from(annotations))),
        confused=tuple(find_confused(codings)),
        paragraphs=paragraphs,
        with_text=not no_text,
    )
    folder = output or app.workspace.folder("exports") / "agreement" / f"{now:%Y-%m-%d}"
    data, page = write_agreement(folder, report)
    if as_json:
        emit_json(agreement_json(report))
        return
    header, *rows = agreement_table(measured)
    print_table(header, rows)
    click.echo(
        f"\n{measured.pairable} paragraphs coded by two or more of {len(measured.coders)} coders"
    )
    for note in measured.notes:
        click.echo(note)
    click.echo(f"written: {page}, {data}")
