"""`workbench studio`."""

import click

from workbench.annotations import server
from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, tell
from workbench.credentials import read_credentials
from workbench.errors import StudioError


@click.group(
    short_help="Run the local Label Studio server.", epilog="Example: workbench studio start"
)
def command() -> None:
    """Run a Label Studio of the workspace's own: on this machine only, without telemetry.

    It is installed apart from workbench (about 1 GB) when first started; its data lie in the
    workspace, its password and token in your user configuration, readable by you alone.
    """


@command.command(epilog="Example: workbench studio start --port 8090")
@click.option("--port", type=click.IntRange(1024, 65535), help="The port (else studio.port).")
@click.pass_obj
def start(app: App, port: int | None) -> None:
    """Start the server and print its address and sign-in."""
    state, started = server.start_server(app.workspace, port, tell)
    click.echo(f"Label Studio {'runs' if started else 'runs already'} at {state.url}")
    credentials = read_credentials(app.workspace.credentials_file)
    if credentials:
        click.echo(f"sign in as {credentials.username}, password {credentials.password}")


@command.command(epilog="Example: workbench studio stop")
@click.pass_obj
def stop(app: App) -> None:
    """Stop the server."""
    stopped = server.stop_server(app.workspace)
    click.echo("Label Studio stopped" if stopped else "Label Studio was not running")


@command.command(epilog="Example: workbench studio status --json")
@click.option("--show-password", is_flag=True, help="Print the sign-in too.")
@json_option
@click.pass_obj
def status(app: App, show_password: bool, as_json: bool) -> None:
    """Say whether the server runs, and where; exits with 1 when it does not."""
    state = server.running_server(app.workspace)
    credentials = read_credentials(app.workspace.credentials_file) if show_password else None
    if as_json:
        answer: dict[str, object] = {"running": state is not None, "url": state and state.url}
        if credentials:
            answer |= {"username": credentials.username, "password": credentials.password}
        emit_json(answer)
    elif state is not None:
        click.echo(f"runs at {state.url}")
    if credentials and not as_json:
        click.echo(f"sign in as {credentials.username}, password {credentials.password}")
    if state is None:
        raise StudioError("Label Studio is not running", "start it with `workbench studio start`")
