"""`workbench push`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import Lines, emit_json, tell
from workbench.cli.previewing import preview
from workbench.cli.selecting import Drawn, print_drawn
from workbench.cli.sending import Sending, print_pushed, project_url, push, push_options
from workbench.errors import StudioError


@click.command(
    short_help="Send paragraphs and pre-labels to Label Studio.",
    epilog="Example: workbench push --report kazakhstan-2018-state --select mixed --n 50",
)
@push_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="With --n: write what was drawn here, as JSONL: ids, why, first words.",
)
@json_option
@click.pass_obj
def command(app: App, sending: Sending, output: Path | None, as_json: bool) -> None:
    """Make a task of every paragraph and pre-label it; pushing twice creates nothing.

    After `workbench assign` each coder has a project of their own, with what is assigned to them.

    With --select and --n only the paragraphs that teach most become tasks, and a random share of
    them feeds `workbench prevalence`. From then on a push without --n sends what was drawn and is
    not there yet, and draws nothing. With --dry-run those to be drawn are listed, each with the
    reason; that needs no server.

    Pre-labels come from the latest model, or from the codebook's indicator phrases while there is
    none. Paragraphs with the same words, short ones under the same heading too, are one task. Where
    nearly the same text was coded in an earlier year, the task shows those codes and what changed;
    once paragraphs are assigned, only codes that are settled (see docs/coders.md).
    """
    app.use(**sending.settings())
    if sending.dry_run and sending.wish.number is not None and not _is_reachable(app):
        drawn = preview(app, sending)
        if as_json:
            emit_json({"dry_run": True, "drawn": drawn and asdict(drawn)})
        _give(drawn, output, shown=not as_json)
        return
    pushed, drawn = push(app, sending)
    _give(drawn, output, shown=sending.dry_run and not as_json)
    if as_json:
        shown = {**asdict(pushed), "drawn": drawn and asdict(drawn)}
        emit_json({**shown, "url": project_url(app, pushed.studio_id)})
    else:
        print_pushed(app, pushed)


def _is_reachable(app: App) -> bool:
    try:
        return bool(app.gateway)
    except StudioError as error:
        tell(f"without Label Studio, by what was pushed from here ({error.message})")
        return False


def _give(drawn: Drawn | None, output: Path | None, *, shown: bool) -> None:
    """Write what was drawn, and print it where it is to be `shown`."""
    if output is not None:
        with Lines(output) as file:
            for picked in drawn.paragraphs if drawn else ():
                file.write(json.dumps(asdict(picked), ensure_ascii=False) + "\n")
        tell(f"written: {output}")
    if shown and drawn is not None:
        print_drawn(drawn)
