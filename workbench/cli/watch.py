"""`workbench sync --watch`: pull and push again and again, until it is ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from workbench.annotations.hints import Hints
from workbench.annotations.projects import find_projects
from workbench.cli.app import App
from workbench.cli.output import tell
from workbench.errors import ServerDownError, StudioError, StudioRequestError

#: Seconds between looks, and those before the next try while the server is away.
EVERY = 30.0
_AWAY = (2.0, 5.0, 15.0, 30.0)


@contextmanager
def watching(app: App, listen: tuple[str, int] | None) -> Iterator[Hints | None]:
    """With `listen`, Label Studio calls there when something happens, while this lasts."""
    if listen is None:
        yield None
        return
    with Hints(app.gateway, app.workspace.workspace_id, *listen) as hints:
        cover(app, hints)
        tell("Label Studio says when something happens; polling goes on beside it")
        yield hints


def cover(app: App, hints: Hints | None) -> None:
    """Hear of every project of the workspace, those made in the meantime too."""
    if hints is not None:
        projects = find_projects(app.gateway, app.workspace.workspace_id)
        hints.cover(project.studio_id for project in projects.values())


def rest(hints: Hints | None, seconds: float) -> None:
    """Wait so long, or until Label Studio says that something happened."""
    if hints is None:
        time.sleep(seconds)
    else:
        hints.wait(seconds)


def tell_away(error: StudioError, turn: int) -> float:
    """Say that the server is away; the seconds to wait. Other errors are raised again."""
    if not isinstance(error, ServerDownError | StudioRequestError):
        raise error
    pause = _AWAY[min(turn, len(_AWAY) - 1)]
    tell(f"{error.message}; trying again in {pause:.0f} s")
    return pause


class Address(click.ParamType):
    """HOST:PORT."""

    name = "HOST:PORT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """The host and the port."""
        host, colon, port = str(value).rpartition(":")
        if not (colon and host and port.isdigit() and int(port) < 65536):
            self.fail(f"{value!r} is not HOST:PORT", param, ctx)
        return host, int(port)
