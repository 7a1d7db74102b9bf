"""`workbench push`."""

from dataclasses import asdict

import click

from workbench.cli.app import App
from workbench.cli.options import json_option, model_option, report_option, studio_options
from workbench.cli.output import emit_json
from workbench.cli.selecting import Wish, select_options
from workbench.cli.sync import carried_options, print_pushed, project_url, push


@click.command(
    short_help="Send paragraphs and pre-labels to Label Studio.",
    epilog="Example: workbench push --report kazakhstan-2018-state --select mixed --n 50",
)
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
    """Make a task of every paragraph and pre-label it; pushing twice creates nothing.

    With --select and --n only the paragraphs that teach most become tasks, and a random share of
    them feeds `workbench prevalence`. From then on a push without --n sends what was drawn and is
    not there yet, and draws nothing.

    Pre-labels come from the latest model, or from the codebook's indicator phrases while there is
    none. Paragraphs with the same words, short ones under the same heading too, are one task. Where
    nearly the same text was coded in an earlier year, the task shows those codes and what changed.
    """
    app.use(url=url, project=project)
    pushed, drawn = push(
        app,
        wanted,
        model,
        Wish(strategy, number, seed),
        all_duplicates=all_duplicates,
        context=not no_context,
    )
    if as_json:
        shown = {**asdict(pushed), "drawn": drawn and asdict(drawn)}
        emit_json({**shown, "url": project_url(app, pushed)})
    else:
        print_pushed(app, pushed)
