"""`workbench assign`."""

import click

from workbench.annotations.assigning import assign_paragraphs
from workbench.annotations.overlap import share_tasks
from workbench.annotations.projects import find_project
from workbench.cli.app import App
from workbench.cli.assigned import print_assigned, print_overlap
from workbench.cli.options import json_option, report_option
from workbench.cli.sharing import Wished, settle_draw, take_stock
from workbench.errors import StudioError, UsageError
from workbench.store.annotations import list_coders
from workbench.store.assignments import Draw, keep_draw, list_assignments, list_draws
from workbench.store.reports import choose_reports


@click.command(
    short_help="Share out paragraphs among coders.",
    epilog="Example: workbench assign --coders ana,ben,chloe --per-paragraph 2 --shared 30",
)
@click.option("--coders", metavar="NAMES", help="Who codes, with commas between.")
@click.option(
    "--weights", metavar="NUMBERS", help="Their shares of the work, as 2,1,1 (else equal)."
)
@click.option(
    "--per-paragraph",
    type=click.IntRange(1, 1000),
    help="How many coders each paragraph gets (else label_studio.coders_per_paragraph).",
)
@click.option(
    "--shared",
    type=click.IntRange(min=0),
    metavar="N",
    help="So many paragraphs, drawn at random, go to all coders, before all others.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), help="The draw's seed (else train.seed)."
)
@report_option
@click.option(
    "--one-project", is_flag=True, help="Leave it to Label Studio, in one project: not blind."
)
@click.option("--dry-run", is_flag=True, help="Show what would be assigned; keep nothing.")
@json_option
@click.pass_obj
def command(
    app: App,
    coders: str | None,
    weights: str | None,
    per_paragraph: int | None,
    shared: int | None,
    seed: int | None,
    wanted: tuple[str, ...],
    one_project: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give every paragraph its coders: balanced by weight and by report, everyone with everyone.

    What is assigned stays. The same again gives out only what is new: paragraphs, and those freed
    by a coder who left. What is not said is as it was the last time, so `workbench assign` alone
    goes on. What somebody coded already counts as one coder of a paragraph. Once `workbench push
    --select` drew paragraphs, only those drawn are given out; of twins always one.

    `workbench push` then makes one project for each coder, so that nobody sees another's work.
    """
    wished = Wished(coders, weights, per_paragraph, shared, seed, wanted, one_project)
    with app.database.session() as session:
        choose_reports(session, wanted)
        drawn, people = list_draws(session), list_coders(session)
    draw = settle_draw(wished, drawn, people, app.workspace, app.now())
    if draw.one_project:
        _overlap(app, draw, dry_run=dry_run, as_json=as_json)
        return
    stock = take_stock(app.database, draw)
    made = assign_paragraphs(
        stock.paragraphs,
        draw.weights,
        draw.per_paragraph,
        draw.shared,
        draw.seed,
        stock.existing,
        stock.coded,
    )
    if not dry_run:
        with app.database.session() as session:
            keep_draw(session, draw, made)
    print_assigned(draw, stock, made, dry_run=dry_run, as_json=as_json)


def _overlap(app: App, draw: Draw, *, dry_run: bool, as_json: bool) -> None:
    """--one-project: have Label Studio give out the tasks of the workspace's one project."""
    with app.database.session() as session:
        existing = list_assignments(session)
    if existing:
        raise UsageError(
            f"{len(existing)} assignments are given out to single coders already",
            "leave --one-project away",
        )
    project = find_project(app.gateway, app.database, app.plan())
    if project is None:
        raise StudioError(
            f"{app.gateway.url} has no project of this workspace", "run `workbench push` first"
        )
    done = share_tasks(
        app.gateway,
        project.studio_id,
        draw.per_paragraph,
        len(draw.weights),
        draw.shared,
        draw.seed,
        dry_run=dry_run,
    )
    if not dry_run:
        with app.database.session() as session:
            keep_draw(session, draw, ())
    print_overlap(draw, project.title, done, dry_run=dry_run, as_json=as_json)
