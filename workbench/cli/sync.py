"""`workbench sync`."""

import time
from dataclasses import asdict
from typing import Any

import click

from workbench.annotations.projects import find_projects
from workbench.annotations.pull import Pulled
from workbench.annotations.push import Pushed
from workbench.annotations.server import tidy_server
from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json
from workbench.cli.pulling import print_pulled, pull
from workbench.cli.selecting import Drawn
from workbench.cli.sending import Sending, print_pushed, project_url, push, push_options
from workbench.cli.watch import EVERY, Address, cover, rest, tell_away, watching
from workbench.errors import StudioError, UsageError
from workbench.store.saving import AnnotationChanges


@click.command(short_help="Pull, then push.", epilog="Example: workbench sync --watch --every 60")
@push_options
@click.option("--watch", is_flag=True, help="Keep going until interrupted.")
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    default=EVERY,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: how often to look.",
)
@click.option(
    "--listen",
    type=Address(),
    help="With --watch: an address of this machine at which Label Studio can call when something"
    " happens, so that it is fetched at once.",
)
@json_option
@click.pass_obj
def command(
    app: App,
    sending: Sending,
    watch: bool,
    every: float,
    listen: tuple[str, int] | None,
    as_json: bool,
) -> None:
    """Fetch the annotations, then send what is new: paragraphs and pre-labels.

    With --select and --n it draws which to send next, as `workbench push` does.

    With --watch it goes on doing so and speaks up when something changed; a server that is away
    for a while is waited for.
    """
    app.use(**sending.settings())
    if watch and (sending.dry_run or sending.wish.number is not None):
        raise UsageError("--watch goes on by itself", "leave --dry-run and --n away")
    show(app, *run(app, sending), as_json=as_json)
    if not watch:
        return
    with watching(app, listen) as hints:
        away = 0
        while True:
            rest(hints, every if not away else 0)
            try:
                tidy_server(app.workspace)
                cover(app, hints)
                pulled, pushed, drawn = run(app, sending)
                away = 0
            except StudioError as error:
                time.sleep(tell_away(error, away))
                away += 1
                continue
            if has_changed(pulled, pushed):
                show(app, pulled, pushed, drawn, as_json=as_json)


def show(
    app: App, pulled: Pulled | None, pushed: Pushed, drawn: Drawn | None, *, as_json: bool
) -> None:
    """Print what was done."""
    if as_json:
        emit_json(as_plain(app, pulled, pushed, drawn))
        return
    if pulled is not None:
        print_pulled(pulled)
    print_pushed(app, pushed)


def has_changed(pulled: Pulled | None, pushed: Pushed) -> bool:
    """Whether there is anything to tell."""
    changes = pulled.changes if pulled is not None else AnnotationChanges()
    fetched = changes.created or changes.changed or changes.deleted
    sent = pushed.created or pushed.updated or pushed.removed or pushed.prelabelled
    return bool(fetched or sent or pushed.silent)


def run(app: App, sending: Sending) -> tuple[Pulled | None, Pushed, Drawn | None]:
    """Pull (None while there is no project), then push."""
    pulled = None
    if find_projects(app.gateway, app.workspace.workspace_id):
        pulled = pull(app, dry_run=sending.dry_run)
    return pulled, *push(app, sending)


def as_plain(
    app: App, pulled: Pulled | None, pushed: Pushed, drawn: Drawn | None
) -> dict[str, Any]:
    """What was done, for programs."""
    return {
        "pulled": pulled and asdict(pulled),
        "pushed": asdict(pushed),
        "drawn": drawn and asdict(drawn),
        "url": project_url(app, pushed.studio_id),
    }
