"""`workbench adjudicate`."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from workbench.annotations.adjudicating import Case, choose_cases, find_cases
from workbench.annotations.adjudication import CasesPushed, adjudication_plan, push_cases
from workbench.cli.app import App
from workbench.cli.options import json_option, report_option, studio_options
from workbench.cli.output import emit_json, print_table, track
from workbench.errors import AnnotationError, UsageError
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports

#: Cases that are printed; --json has all.
_SHOWN = 10


@click.command(
    short_help="Send what coders differ on to an adjudicator.",
    epilog="Example: workbench adjudicate --code torture --undecided --n 50",
)
@report_option
@click.option("--code", "codes", multiple=True, help="Only disputes about this code; repeatable.")
@click.option("--undecided", is_flag=True, help="Only those that no majority decides.")
@click.option("--n", "number", type=click.IntRange(1), help="At most so many, most disputed first.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; write nothing.")
@studio_options
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    codes: tuple[str, ...],
    undecided: bool,
    number: int | None,
    dry_run: bool,
    url: str | None,
    project: str | None,
    as_json: bool,
) -> None:
    """Put the paragraphs on which coders differ into a project of their own.

    Its page shows each coder's choice and comment by name, what the codebook says of the codes in
    dispute, and asks for the reason. `workbench pull` brings the decisions back: they stand over
    the coders' own as gold labels; `workbench rulings` counts the reasons. Pull before, so that
    what coders have changed since is known.
    """
    app.use(url=url, project=project)
    if unknown := sorted({*codes} - {*app.codebook.code_names}):
        raise UsageError(
            f"--code {unknown[0]}: the taxonomy has no such code",
            f"use one of {', '.join(app.codebook.code_names)}",
        )
    with app.database.session() as session:
        reports = {report.report_id: report for report, _ in list_reports(session)}
        chosen = {report.report_id for report in choose_reports(session, wanted)}
        held = {p.paragraph_id: (p, reports[p.report_id]) for p in iterate_paragraphs(session)}
        annotations = list_annotations(session)
    if not annotations:
        raise AnnotationError("nothing is coded yet", "run `workbench pull`")
    cases = find_cases(annotations)
    ours = [case for case in cases if held[case.paragraph_id][0].report_id in chosen]
    open_ = choose_cases(ours, codes, undecided_only=undecided, most=number)
    pushed = push_cases(
        app.gateway,
        app.database,
        adjudication_plan(app.plan()),
        cases,
        open_,
        held,
        track,
        dry_run=dry_run,
    )
    if as_json:
        emit_json({**asdict(pushed), "cases": [_as_json(case) for case in open_]})
    else:
        _print(app, pushed, open_)


def _as_json(case: Case) -> dict[str, object]:
    return {
        "paragraph_id": case.paragraph_id,
        "distance": case.disputed.distance,
        "codes": list(case.disputed.codes),
        "undecided": list(case.undecided),
        "choices": {choice.coder: list(choice.codes) for choice in case.disputed.choices},
    }


def _print(app: App, pushed: CasesPushed, cases: Sequence[Case]) -> None:
    if not cases:
        click.echo("the coders differ on no paragraph that waits for a ruling")
    else:
        print_table(
            ("paragraph", "distance", "in dispute", "choices"),
            [
                (
                    case.paragraph_id,
                    f"{case.disputed.distance:.3f}",
                    ", ".join(case.disputed.codes),
                    "; ".join(
                        f"{choice.coder}: {', '.join(choice.codes) or 'none'}"
                        for choice in case.disputed.choices
                    ),
                )
                for case in cases[:_SHOWN]
            ],
        )
        if len(cases) > _SHOWN:
            click.echo(f"... and {len(cases) - _SHOWN} more")
    would = "would be " if pushed.dry_run else ""
    click.echo(
        f"project {pushed.title!r}: {pushed.created} tasks {would}created, {pushed.present} wait "
        f"already, {pushed.ruled} are decided, {pushed.updated} {would}renewed, {pushed.removed} "
        f"{would}removed"
    )
    if pushed.studio_id is not None:
        click.echo(
            f"decide at {app.gateway.url}/projects/{pushed.studio_id}/data?labeling=1, then run "
            "`workbench pull`"
        )
