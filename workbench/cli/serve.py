"""`workbench serve`."""

import os
import secrets
import sys
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from platformdirs import user_config_path

from workbench.annotations.backend.auth import (
    PASSWORD_VARIABLE,
    USER_VARIABLE,
    read_sign_in,
    require_sign_in,
)
from workbench.annotations.backend.keeping import Registration
from workbench.annotations.backend.labellers import Provider
from workbench.annotations.backend.registration import (
    Place,
    disconnect,
    find_served,
)
from workbench.annotations.backend.retraining import Retrainer
from workbench.annotations.backend.serving import open_socket, require_extra, serve
from workbench.cli.app import App
from workbench.cli.labeller import choose_labeller
from workbench.cli.options import model_option, studio_options
from workbench.cli.output import tell
from workbench.cli.unlike import Careful, take_care
from workbench.errors import UsageError
from workbench.records import Paragraph, Prediction
from workbench.store.reports import choose_reports

HOST, PORT = "127.0.0.1", 9090
_EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class _Live:
    """A labeller careful about the store's reports, as push is, with the name push gives it."""

    careful: Careful

    @property
    def version(self) -> str:
        return self.careful.labeller.version

    def predict(self, paragraphs: Sequence[Paragraph]) -> Iterator[Prediction]:
        return self.careful.predict(paragraphs)


@click.command(
    short_help="Give live pre-labels to Label Studio.",
    epilog="Example: workbench serve --connect --retrain-after 50",
)
@click.option("--host", default=HOST, show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option("--connect", is_flag=True, help="Register with the workspace's projects meanwhile.")
@click.option("--disconnect", "leave", is_flag=True, help="Only remove a registration left behind.")
@click.option("--address", help="Where Label Studio reaches it (else http://HOST:PORT).")
@click.option(
    "--retrain-after",
    type=click.IntRange(min=1),
    metavar="K",
    help="After K new annotations, pull and train in the background.",
)
@click.option(
    "--credentials",
    type=click.Path(path_type=Path),
    help="A file with the line user:password, outside the workspace, mode 0600.",
)
@model_option
@studio_options
@click.pass_obj
def command(
    app: App,
    host: str,
    port: int,
    connect: bool,
    leave: bool,
    address: str | None,
    retrain_after: int | None,
    credentials: Path | None,
    model: str | None,
    url: str | None,
    project: str | None,
) -> None:
    """Answer Label Studio's questions for pre-labels until interrupted: a model backend.

    The latest model answers, or the codebook's phrases while there is none; a model that is trained
    meanwhile is taken up without a restart. With --connect, coders get its pre-labels as they open
    a paragraph, and those that are stored when it ends.

    It listens on this machine only. At another address it needs a user and a password, from
    WORKBENCH_SERVE_USER and WORKBENCH_SERVE_PASSWORD or from --credentials.
    """
    app.use(url=url, project=project)
    workspace = app.workspace
    if leave:
        _leave(app, host, port, address)
        return
    require_extra()
    sign_in = read_sign_in(os.environ, _sign_in_file(credentials), workspace.root)
    require_sign_in(host, sign_in)
    if connect and host in _EVERYWHERE and address is None:
        raise UsageError(f"--host {host} is no address to connect to", "name one with --address")
    if connect:
        find_served(app.gateway, workspace.workspace_id)
    listening = open_socket(host, port)
    place = Place(
        _address(host, listening.getsockname()[1], address),
        sign_in,
        workspace.workspace_id,
        secrets.token_urlsafe(32),
    )
    provider = Provider(lambda: _look(app), lambda: _load(app, model), tell)
    retrainer = Retrainer(
        _retraining(workspace.root, url), retrain_after, _environment_without_sign_in(), tell
    )
    registration = None
    if connect:
        registration = Registration(app.gateway, place, lambda: provider.current.version, tell)
    from workbench.annotations.backend.app import build_app

    backend = build_app(provider, retrainer.note, sign_in, tell, place.hint_key)
    tell(f"predicting with {provider.current.version} at {place.url}")
    try:
        serve(backend, listening, [provider.watch, *([registration.hold] if registration else [])])
    finally:
        listening.close()
        if registration:
            registration.release()
        retrainer.close()
    tell("ended")


def _leave(app: App, host: str, port: int, address: str | None) -> None:
    """Take registrations out that a backend left behind when it was killed."""
    workspace_id = app.workspace.workspace_id
    place = Place(_address(host, port, address), None, workspace_id)
    for project in find_served(app.gateway, workspace_id):
        gone = disconnect(app.gateway, project, place)
        click.echo(f"project {project.title!r}: {'disconnected' if gone else 'not connected'}")


def _look(app: App) -> Hashable:
    """What changes when a model is added, or the codebook edited."""
    folder = app.workspace.folder("models")
    files = [*folder.glob("[!.]*/*.json"), *folder.glob("[!.]*/*.skops")]
    files.append(app.workspace.taxonomy_file)
    return tuple(sorted((str(f), f.stat().st_mtime_ns) for f in files if f.exists()))


def _load(app: App, model: str | None) -> _Live:
    """The labeller, with everything read anew; the store is closed again."""
    fresh = App(app.workspace.root)
    try:
        with fresh.database.session() as session:
            reports = choose_reports(session, ())
        return _Live(take_care(fresh, choose_labeller(fresh, model), reports))
    finally:
        fresh.close()


def _sign_in_file(given: Path | None) -> Path | None:
    """The file named, else that of the user's configuration if it is there."""
    usual = user_config_path("workbench") / "serve.credentials"
    return given or (usual if usual.exists() else None)


def _address(host: str, port: int, given: str | None) -> str:
    if given:
        return given.rstrip("/")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _retraining(root: Path, url: str | None) -> Sequence[Sequence[str]]:
    """The commands that retraining is; at a lower priority, so that predictions go first."""
    polite = ["nice", "-n", "10"] if os.name == "posix" else []
    workbench = [*polite, sys.executable, "-m", "workbench", "-w", str(root)]
    return (
        [*workbench, "pull", *(["--url", url] if url else [])],
        [*workbench, "train", "--no-curve"],
    )


def _environment_without_sign_in() -> dict[str, str]:
    secret = (USER_VARIABLE, PASSWORD_VARIABLE)
    return {name: value for name, value in os.environ.items() if name not in secret}
