"""`workbench doctor`."""

import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version

import click

from workbench.annotations.address import studio_address
from workbench.annotations.backend.registration import find_served, find_silent
from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, tell
from workbench.errors import StudioError, WorkbenchError
from workbench.store.database import upgrade_database
from workbench.store.reports import list_reports

_OLDEST_PYTHON = (3, 11)
_OLDEST_STUDIO = (1, 23)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `state` is good, wrong or unknown (it could not be checked)."""

    check: str
    state: str
    detail: str
    mend: str = ""


@click.command(
    short_help="Check the set-up and say what to mend.", epilog="Example: workbench doctor"
)
@click.option(
    "--upgrade-database", "upgrade", is_flag=True, help="Migrate an older database first."
)
@json_option
@click.pass_obj
def command(app: App, upgrade: bool, as_json: bool) -> None:
    """Check Python, packages, workspace, database, taxonomy, and Label Studio with its token.

    Exits with 1 when something is wrong; every finding says what to do about it.
    """
    if upgrade:
        before, after = upgrade_database(app.workspace.database_url)
        tell(f"database: schema version {before} -> {after}")
    findings = list(_examine(app))
    if as_json:
        emit_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.check) for finding in findings)
        marks = {"good": "ok   ", "wrong": "WRONG", "unknown": "?    "}
        for finding in findings:
            mend = f"\n{'':{width + 8}}mend: {finding.mend}" if finding.mend else ""
            click.echo(f"{marks[finding.state]} {finding.check:{width}}  {finding.detail}{mend}")
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise WorkbenchError(f"{wrong} of {len(findings)} checks found something wrong")


def _examine(app: App) -> Iterator[Finding]:
    yield _python()
    yield _packages()
    workspace = _try("workspace", lambda: f"{app.workspace.root} ({app.workspace.name})")
    yield workspace
    if workspace.state == "wrong":
        rest = ("settings", "database", "taxonomy", "Label Studio", "token")
        yield from (Finding(check, "unknown", "needs a workspace") for check in rest)
        return
    yield _try("settings", lambda: _settings(app))
    yield _try("database", lambda: _database(app))
    yield _try("taxonomy", lambda: _taxonomy(app))
    address = _try("address", lambda: studio_address(app.workspace))
    yield address
    if address.state == "wrong":
        yield Finding("Label Studio", "unknown", "needs an address")
        yield Finding("token", "unknown", "needs an address")
        return
    yield from _studio(app)


def _python() -> Finding:
    good = sys.version_info[:2] >= _OLDEST_PYTHON
    needed = ".".join(map(str, _OLDEST_PYTHON))
    mend = "" if good else f"install Python {needed} or newer"
    return Finding("Python", "good" if good else "wrong", platform.python_version(), mend)


def _packages() -> Finding:
    """Every requirement of ours, at least at its lower bound."""
    shown, lacking = [], []
    for requirement in requires("workbench") or ():
        match = re.fullmatch(r"([\w.-]+)>=([\d.]+)", requirement)
        if match is None:
            continue  # an extra, or a bound that pip has checked
        name, bound = match.groups()
        try:
            found = version(name)
        except PackageNotFoundError:
            lacking.append(f"{name} is missing")
            continue
        shown.append(f"{name} {found}")
        if _numbers(found) < _numbers(bound):
            lacking.append(f"{name} {found} is older than {bound}")
    if lacking:
        return Finding("packages", "wrong", "; ".join(lacking), "run `pip install -U workbench`")
    return Finding("packages", "good", ", ".join(shown))


def _settings(app: App) -> str:
    """The settings that are not defaults, and whence they come; never a secret."""
    workspace = app.workspace
    changed = [
        f"{name}={_without_secret(workspace.values[name])} ({origin})"
        for name, origin in workspace.origins.items()
        if origin != "default"
    ]
    return ", ".join(changed) or "all defaults"


def _without_secret(value: str | int) -> str:
    """A setting to show: an address loses its user name and password."""
    return re.sub(r"//[^/@]*@", "//...@", str(value))


def _database(app: App) -> str:
    with app.database.session() as session:
        held = list_reports(session)
    return f"{app.database.name}: {len(held)} reports, {sum(n for _, n in held)} paragraphs"


def _taxonomy(app: App) -> str:
    codebook = app.codebook
    codes = ", ".join(codebook.code_names)
    return f"{codebook.name}, version {codebook.version}: {codes}"


def _studio(app: App) -> Iterator[Finding]:
    token = _try("token", lambda: f"accepted, signed in as {app.gateway.whoami()[1]}")
    server = _try("Label Studio", lambda: _studio_version(app))
    if token.state == "wrong" and server.state == "wrong" and token.detail == server.detail:
        # One cause, one finding: the server is down, or there is no token at all.
        yield token
        return
    yield server
    yield token
    if token.state == server.state == "good":
        yield _try("live", lambda: _live(app))


def _live(app: App) -> str:
    """Whether a backend that ended without taking itself out hides the stored pre-labels."""
    try:
        projects = find_served(app.gateway, app.workspace.workspace_id)
        silent = find_silent(app.gateway, projects, app.workspace.workspace_id)
    except StudioError:
        return "no project yet"
    if silent:
        titles = ", ".join(project.title for project in silent)
        raise WorkbenchError(
            f"the live pre-labels of {titles} do not answer: coders see none",
            "run `workbench serve --connect` again, or `workbench serve --disconnect`",
        )
    return "stored pre-labels show, or live ones answer"


def _studio_version(app: App) -> str:
    release = app.gateway.version()
    if _numbers(release)[:2] < _OLDEST_STUDIO:
        needed = ".".join(map(str, _OLDEST_STUDIO))
        raise WorkbenchError(f"version {release} is too old", f"upgrade to {needed} or newer")
    return f"version {release} at {app.gateway.url}"


def _try(check: str, examine: Callable[[], str]) -> Finding:
    try:
        return Finding(check, "good", examine())
    except WorkbenchError as error:
        return Finding(check, "wrong", error.message, error.mend)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
