"""`workbench sync`, and the steps that push and pull share with it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import click

from workbench.annotations.consensus import share_consensus
from workbench.annotations.projects import find_project
from workbench.annotations.pull import Pulled, pull_annotations
from workbench.annotations.push import Pushed, push_paragraphs
from workbench.cli.app import App
from workbench.cli.labeller import choose_labeller
from workbench.cli.options import json_option, model_option, report_option, studio_options
from workbench.cli.output import emit_json, print_table, tell, track
from workbench.cli.selecting import ALL, Drawing, Drawn, Wish, select_options, tell_drawn
from workbench.cli.unlike import take_care
from workbench.errors import UsageError
from workbench.store.annotations import list_annotations
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports

F = TypeVar("F", bound=Callable[..., Any])


def carried_options(command: F) -> F:
    """--all-duplicates and --no-context, of the commands that push."""
    command = click.option(
        "--no-context", is_flag=True, help="Do not show the codes of an earlier year's near copy."
    )(command)
    return click.option(
        "--all-duplicates", is_flag=True, help="Tag each of the paragraphs with the same words."
    )(command)


@click.command(short_help="Pull, then push.", epilog="Example: workbench sync")
@report_option
@select_options
@model_option
@carried_options
@studio_options
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    strategy: str | None,
    number: int | None,
    seed: int | None,
    model: str | None,
    all_duplicates: bool,
    no_context: bool,
    url: str | None,
    project: str | None,
    as_json: bool,
) -> None:
    """Fetch the annotations, then send what is new: paragraphs and pre-labels.

    With --select and --n it draws which to send next, as `workbench push` does.
    """
    wish = Wish(strategy, number, seed)
    app.use(url=url, project=project)
    pulled = None
    if find_project(app.gateway, app.database, app.plan()) is not None:
        pulled = pull(app)
    pushed, drawn = push(
        app, wanted, model, wish, all_duplicates=all_duplicates, context=not no_context
    )
    if as_json:
        emit_json(
            {
                "pulled": pulled and asdict(pulled),
                "pushed": asdict(pushed),
                "drawn": drawn and asdict(drawn),
                "url": project_url(app, pushed),
            }
        )
        return
    if pulled is not None:
        print_pulled(pulled)
    print_pushed(app, pushed)


def push(
    app: App,
    wanted: Sequence[str],
    model: str | None,
    wish: Wish,
    *,
    all_duplicates: bool,
    context: bool,
) -> tuple[Pushed, Drawn | None]:
    """Push the wanted reports' paragraphs (all where none is named); what was drawn for it.

    Those that `wish` draws, and once anything was drawn no others. One of those
    with the same words, or `all_duplicates`; with `context`, what an earlier
    year's near copy was coded is shown.
    """
    if wish.strategy == ALL and wish.number is not None:
        raise UsageError("--select all draws nothing", "leave --n away")
    with app.database.session() as session:
        held_reports = {report.report_id: report for report, _ in list_reports(session)}
        chosen = {report.report_id for report in choose_reports(session, wanted)}
        held = [
            (p, held_reports[p.report_id]) for p in iterate_paragraphs(session, kinds=("text",))
        ]
        annotations = list_annotations(session)
    if not held:
        raise UsageError("there are no paragraphs to push", "run `workbench ingest PATH` first")
    labeller = choose_labeller(app, model)
    careful = take_care(app, labeller, [held_reports[report_id] for report_id in sorted(chosen)])
    consensus = share_consensus((p for p, _ in held), annotations)
    drawing = Drawing(
        app,
        wish,
        careful,
        held,
        chosen,
        annotations,
        consensus.coded,
        all_duplicates=all_duplicates,
    )
    pushed = push_paragraphs(
        app.gateway,
        app.database,
        app.plan(),
        held,
        frozenset(p.paragraph_id for p, _ in held if p.report_id in chosen),
        careful.predict,
        labeller.version,
        track,
        coded=consensus.coded if context else (),
        all_duplicates=all_duplicates,
        narrow=drawing.narrow,
    )
    tell_drawn(drawing.drawn)
    return pushed, drawing.drawn


def pull(app: App) -> Pulled:
    """Pull the annotations and write the snapshot."""
    folder = app.workspace.folder("annotations")
    return pull_annotations(app.gateway, app.database, app.plan(), folder, app.now())


def project_url(app: App, pushed: Pushed) -> str:
    """Where a person goes on tagging."""
    return f"{app.gateway.url}/projects/{pushed.studio_id}/data?labeling=1"


def print_pushed(app: App, pushed: Pushed) -> None:
    """What a push did, for a person."""
    made = "made" if pushed.project_made else "found"
    click.echo(
        f"project {pushed.title!r} {made}: {pushed.created} tasks created, "
        f"{pushed.present} already there"
    )
    if pushed.repeated:
        several = "paragraphs repeat" if pushed.repeated > 1 else "paragraph repeats"
        click.echo(f"{pushed.repeated} {several} the words of another: coded once")
    if pushed.with_context:
        click.echo(f"{pushed.with_context} tasks show how an earlier year's near copy was coded")
    if pushed.prelabelled:
        click.echo(f"pre-labels of {pushed.version} on {pushed.prelabelled} tasks:")
        codes = [c for c in (*app.codebook.code_names, "none") if c in pushed.prelabels]
        print_table(("code", "tasks"), [(code, pushed.prelabels[code]) for code in codes])
    else:
        click.echo(f"pre-labels of {pushed.version} are in place")
    for key in pushed.doubled[:10]:
        tell(f"the server has more than one task for {key}")
    if pushed.strange:
        tell(f"{pushed.strange} tasks of the project are not this workspace's; left alone")
    click.echo(f"tag at {project_url(app, pushed)}")


def print_pulled(pulled: Pulled) -> None:
    """What a pull brought, for a person."""
    changes = pulled.changes
    click.echo(
        f"{pulled.on_server} annotations on the server: {changes.created} new, "
        f"{changes.changed} changed, {changes.unchanged} unchanged, {changes.deleted} deleted"
    )
    for remark in pulled.remarks[:20]:
        tell(remark)
    if len(pulled.remarks) > 20:
        tell(f"... and {len(pulled.remarks) - 20} more remarks (--json has all)")
    if pulled.strange:
        tell(f"{pulled.strange} annotations are on tasks of no ingested paragraph; not stored")
    click.echo(f"snapshot written to {pulled.snapshot}")
