"""`workbench push`."""

from dataclasses import asdict

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json
from workbench.cli.sending import Sending, print_pushed, project_url, push, push_options


@click.command(
    short_help="Send paragraphs and pre-labels to Label Studio.",
    epilog="Example: workbench push --report kazakhstan-2018-state --select mixed --n 50",
)
@push_options
@json_option
@click.pass_obj
def command(app: App, sending: Sending, as_json: bool) -> None:
    """Make a task of every paragraph and pre-label it; pushing twice creates nothing.

    After `workbench assign` each coder has a project of their own, with what is assigned to them.

    With --select and --n only the paragraphs that teach most become tasks, and a random share of
    them feeds `workbench prevalence`. From then on a push without --n sends what was drawn and is
    not there yet, and draws nothing.

    Pre-labels come from the latest model, or from the codebook's indicator phrases while there is
    none. Paragraphs with the same words, short ones under the same heading too, are one task. Where
    nearly the same text was coded in an earlier year, the task shows those codes and what changed.
    """
    app.use(**sending.settings())
    pushed, drawn = push(app, sending)
    if as_json:
        shown = {**asdict(pushed), "drawn": drawn and asdict(drawn)}
        emit_json({**shown, "url": project_url(app, pushed.studio_id)})
    else:
        print_pushed(app, pushed)
