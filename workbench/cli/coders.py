"""`workbench coders`."""

import re
import secrets
from dataclasses import asdict
from urllib.parse import urlsplit

import click

from workbench.annotations.accounts import close_account, make_account
from workbench.annotations.gateway import Gateway
from workbench.annotations.workload import Workload, measure_workloads
from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table, tell
from workbench.errors import StudioError, StudioRequestError, UsageError
from workbench.records import Coder
from workbench.store.annotations import (
    add_coder,
    list_annotations,
    list_coders,
    mark_left,
    save_coder,
)
from workbench.store.assignments import list_assignments, release_assignments

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LENGTH = 40


@click.group(
    short_help="Add coders, see how far they are.", epilog="Example: workbench coders list"
)
def command() -> None:
    """The people who code: their accounts in Label Studio and how far they have come."""


@command.command(epilog="Example: workbench coders add ana --email ana@example.org")
@click.argument("name")
@click.option("--email", required=True, help="The e-mail with which the coder signs in.")
@click.option("--url", help="Label Studio's address (else label_studio.url).")
@click.option("--show-password", is_flag=True, help="With --json: put the password there too.")
@json_option
@click.pass_obj
def add(
    app: App, name: str, email: str, url: str | None, show_password: bool, as_json: bool
) -> None:
    """Make a coder's account in Label Studio and print its sign-in, once.

    The password is made here and kept nowhere: hand it on, and let the coder change it. An account
    that exists already is taken as it is, and only named. What a pull stored under the e-mail, or
    an import under the name, is the coder's from then on.
    """
    app.use(url=url)
    name, email = name.strip(), email.strip().lower()
    _check(name, email)
    gateway = app.gateway
    password = None
    with app.database.session() as session:
        # First, so that no account is made for a coder who cannot be stored.
        former = add_coder(session, name, email, None)
        number = _number_of(gateway.users(), email)
        if number is None:
            password = secrets.token_urlsafe(12)
            _sign_up(gateway, email, password)
            # Before anything else can go wrong: nobody can read it anywhere later.
            _print_sign_in(gateway.url, email, password, to_stderr=as_json)
            number = _number_of(gateway.users(), email)
        save_coder(session, Coder(name, number, email))
    if as_json:
        shown = {"name": name, "email": email, "url": gateway.url, "made": password is not None}
        shown["formerly"] = former if former != name else None
        emit_json({**shown, "password": password} if show_password else shown)
        return
    if password is None:
        click.echo(f"{email} has an account at {gateway.url} already: it is coder {name}'s now")
        click.echo("its password is not known here")
    if former not in (None, name):
        click.echo(f"what is stored of {former} is {name}'s now")


@command.command("list", epilog="Example: workbench coders list --json")
@json_option
@click.pass_obj
def list_(app: App, as_json: bool) -> None:
    """Show what is assigned to each coder, what is done, and how fast.

    Done is the share of what is assigned; share the coder's part of all that is coded. Seconds are
    the median time on the page, a day is the average over the days on which the coder worked. It
    shows what is stored: pull first.
    """
    with app.database.session() as session:
        found = measure_workloads(
            list_coders(session), list_assignments(session), list_annotations(session)
        )
    if as_json:
        emit_json([asdict(workload) for workload in found])
        return
    if not found:
        click.echo("no coders yet; add one with `workbench coders add NAME --email ...`")
        return
    header = ("coder", "account", "assigned", "coded", "skipped", "to do", "done", "share")
    print_table((*header, "seconds", "a day", "last"), [_row(workload) for workload in found])


@command.command(epilog="Example: workbench coders remove ben")
@click.argument("name")
@click.option("--close-account", is_flag=True, help="Take away the access to Label Studio, too.")
@click.option("--url", help="Label Studio's address (else label_studio.url).")
@json_option
@click.pass_obj
def remove(app: App, name: str, close_account: bool, url: str | None, as_json: bool) -> None:
    """Mark a coder as one who left, and free what was assigned and not begun.

    What the coder coded or skipped stays, and counts; pull first, so that all of it is known. Then
    `workbench assign` gives what is free to others.
    """
    app.use(url=url)
    with app.database.session() as session:
        coder = _find(list_coders(session), name)
    if close_account:
        _close(app, coder)
    with app.database.session() as session:
        mark_left(session, name)
        released = release_assignments(session, name)
    if as_json:
        emit_json({"name": name, "released": released, "account_closed": close_account})
        return
    click.echo(f"{name} has left; {released} assignments that were not begun are free")
    if released:
        click.echo("give them to others with `workbench assign`, then `workbench push`")
    if coder.studio_id is not None and not close_account:
        tell(
            f"the account of {coder.email or name} still opens every project in Label Studio;"
            f" `workbench coders remove {name} --close-account` takes that away, for good"
        )


def _sign_up(gateway: Gateway, email: str, password: str) -> None:
    """Make an account; where the answer was lost, see whether the account is there."""
    try:
        make_account(gateway.url, gateway.invite_path(), email, password)
    except StudioRequestError:
        try:
            made = _number_of(gateway.users(), email) is not None
        except StudioError:
            made = False
        if not made:
            tell(f"should the account of {email} be there all the same: its password is {password}")
            raise


def _close(app: App, coder: Coder) -> None:
    """Close a coder's account; UsageError where none is known."""
    if coder.studio_id is None:
        raise UsageError(
            f"no Label Studio account of {coder.name!r} is known", "leave --close-account away"
        )
    close_account(app.gateway, coder.studio_id)


def _check(name: str, email: str) -> None:
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise UsageError(f"--email {email!r} is no e-mail address", "write it as name@example.org")
    # The name stands in lists with commas and in the mark of the coder's project.
    if not name or len(name) > _LENGTH or not name.isprintable() or set(name) & set(",/[]@"):
        raise UsageError(
            f"{name!r} cannot be a coder's name",
            f"give 1 to {_LENGTH} letters, without , / [ ] and @",
        )


def _find(coders: list[Coder], name: str) -> Coder:
    for coder in coders:
        if coder.name == name:
            return coder
    known = ", ".join(coder.name for coder in coders) or "none yet"
    raise UsageError(f"no coder {name!r}", f"choose from: {known}")


def _number_of(users: dict[int, str], email: str) -> int | None:
    return next((number for number, held in users.items() if held.lower() == email), None)


def _print_sign_in(url: str, email: str, password: str, *, to_stderr: bool) -> None:
    lines = ["account made; this is shown once:", f"  {url}", f"  e-mail   {email}"]
    click.echo("\n".join([*lines, f"  password {password}"]), err=to_stderr)
    if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1"):
        tell("that address works on this machine only: a team needs a server that all can reach")


def _row(workload: Workload) -> tuple[object, ...]:
    w = workload
    account = "left" if w.left else w.email or "-"
    return (
        w.coder,
        account,
        w.assigned,
        w.coded,
        w.skipped,
        w.to_do,
        "-" if w.done is None else f"{w.done:.0%}",
        f"{w.share:.0%}",
        "-" if w.seconds is None else f"{w.seconds:.0f}",
        "-" if w.a_day is None else f"{w.a_day:.0f}",
        "-" if w.last is None else f"{w.last:%Y-%m-%d}",
    )
