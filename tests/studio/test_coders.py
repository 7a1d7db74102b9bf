"""Coders and one project's overlap on a real Label Studio server."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, Cli
from tests.studio.faultproxy import Fault, FaultProxy, Strike
from tests.studio.people import Stream, password_in, token_of
from workbench.annotations.accounts import ensure_account
from workbench.cli import coders as command
from workbench.config import read_workspace
from workbench.errors import StoreError
from workbench.records import Coder
from workbench.store.annotations import list_coders
from workbench.store.database import Database

pytestmark = pytest.mark.studio
SIGN_UP = "POST /user/signup"


def held(cli: Cli) -> list[Coder]:
    database = Database(f"sqlite:///{cli.folder / '.workbench' / 'workbench.db'}")
    with database.session() as session:
        found = list_coders(session)
    database.close()
    return found


def projects_seen(studio, token: str) -> int:
    answer = httpx.get(f"{studio.url}/api/projects/", headers={"Authorization": f"Token {token}"})
    return answer.json()["count"]


def test_a_coder_gets_an_account_and_a_sign_in_that_is_shown_once_and_kept_nowhere(
    studio_cli, gateway, email
) -> None:
    out = studio_cli("coders", "add", "zoe", "--email", email.upper())
    password = password_in(out)
    assert gateway.url in out
    assert email in out
    assert token_of(gateway, email, password)
    number = next(n for n, held_email in gateway.users().items() if held_email == email)
    assert held(studio_cli) == [Coder("zoe", number, email)]
    for file in Path(studio_cli.folder).rglob("*"):
        assert not file.is_file() or password.encode() not in file.read_bytes(), file


def test_adding_a_coder_again_is_harmless(studio_cli, gateway, email) -> None:
    password = password_in(studio_cli("coders", "add", "zoe", "--email", email))
    before = held(studio_cli)
    out = studio_cli("coders", "add", "zoe", "--email", email)
    assert "already" in out
    assert password not in out
    assert "is not known here" in out
    assert held(studio_cli) == before
    assert token_of(gateway, email, password)
    assert list(gateway.users().values()).count(email) == 1


def test_json_holds_the_password_only_where_asked(studio_cli, gateway, email) -> None:
    said = studio_cli.json("coders", "add", "zoe", "--email", email)
    assert said == {
        "name": "zoe", "email": email, "url": gateway.url, "made": True, "formerly": None
    }  # fmt: skip
    assert token_of(gateway, email, password_in(studio_cli.err))
    shown = studio_cli.json("coders", "add", "yan", "--email", f"yan.{email}", "--show-password")
    assert token_of(gateway, f"yan.{email}", shown["password"])
    again = studio_cli.json("coders", "add", "yan", "--email", f"yan.{email}", "--show-password")
    assert (again["made"], again["password"]) == (False, None)


def test_an_account_made_by_hand_is_taken_as_it_is(studio_cli, gateway, email) -> None:
    ensure_account(gateway.url, gateway.invite_path(), email, "a-password-of-hers")
    assert "already" in studio_cli("coders", "add", "zoe", "--email", email)
    assert token_of(gateway, email, "a-password-of-hers")
    assert [(c.name, c.email) for c in held(studio_cli)] == [("zoe", email)]


def test_a_database_that_fails_after_the_account_was_made_is_mended_by_the_next_run(
    studio_cli, gateway, email, monkeypatch
) -> None:
    def fail(*args: object) -> None:
        raise StoreError("the database is full", "make room")

    with monkeypatch.context() as patch:
        patch.setattr(command, "save_coder", fail)
        assert "full" in studio_cli.fails("coders", "add", "zoe", "--email", email)
    password = password_in(studio_cli.out)
    assert held(studio_cli) == []
    studio_cli("coders", "add", "zoe", "--email", email)
    assert [c.email for c in held(studio_cli)] == [email]
    assert token_of(gateway, email, password)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.FALSE])
def test_when_the_answer_is_lost_the_account_is_looked_up(
    studio_cli, studio, gateway, email, fault, monkeypatch
) -> None:
    with FaultProxy(studio.url) as proxy:
        monkeypatch.setenv("LABEL_STUDIO_URL", proxy.url)
        proxy.plan(Strike(SIGN_UP, fault))
        out = studio_cli("coders", "add", "zoe", "--email", email)
        assert len(proxy.struck) == 1
    assert token_of(gateway, email, password_in(out))
    assert [c.email for c in held(studio_cli)] == [email]


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.ERROR])
def test_when_the_form_never_arrives_nothing_is_kept_and_the_next_run_succeeds(
    studio_cli, studio, gateway, email, fault, monkeypatch
) -> None:
    with FaultProxy(studio.url) as proxy:
        monkeypatch.setenv("LABEL_STUDIO_URL", proxy.url)
        proxy.plan(Strike(SIGN_UP, fault))
        assert "may be there" in studio_cli.fails("coders", "add", "zoe", "--email", email)
        assert held(studio_cli) == []
        assert email not in gateway.users().values()
        out = studio_cli("coders", "add", "zoe", "--email", email)
    assert token_of(gateway, email, password_in(out))


def test_what_the_form_says_is_the_error(studio_cli, gateway) -> None:
    told = studio_cli.fails("coders", "add", "zoe", "--email", "zoe@example..org")
    assert "makes no account for zoe@example..org: Enter a valid email" in told
    assert held(studio_cli) == []


def test_a_name_that_is_taken_makes_no_account(studio_cli, gateway, email) -> None:
    studio_cli("coders", "add", "zoe", "--email", email)
    other = f"other.{email}"
    assert "has the account" in studio_cli.fails("coders", "add", "zoe", "--email", other)
    assert other not in gateway.users().values()


def test_a_closed_account_sees_nothing_more(studio_cli, studio, gateway, email) -> None:
    token = token_of(
        gateway, email, password_in(studio_cli("coders", "add", "zoe", "--email", email))
    )
    made = gateway.create_project(title="Something to see", label_config="<View></View>")
    assert projects_seen(studio, token) > 0
    said = studio_cli.json("coders", "remove", "zoe", "--close-account")
    assert said["account_closed"]
    assert projects_seen(studio, token) == 0
    assert projects_seen(studio, studio.credentials.token) > 0
    assert held(studio_cli)[0].left
    studio_cli("coders", "remove", "zoe", "--close-account")
    told = studio_cli.fails("coders", "add", "zoe", "--email", email)
    assert "already exists" in told
    assert "another e-mail" in told
    assert gateway.project(made.studio_id) is not None


def test_only_the_owner_can_close_accounts(studio_cli, gateway, email, monkeypatch) -> None:
    token = token_of(
        gateway, email, password_in(studio_cli("coders", "add", "zoe", "--email", email))
    )
    studio_cli("coders", "add", "yan", "--email", f"yan.{email}")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    told = studio_cli.fails("coders", "remove", "yan", "--close-account")
    assert "only the owner" in told
    assert [c.left for c in held(studio_cli)] == [False, False]


def test_one_project_leaves_it_to_label_studio_with_a_set_for_all(
    studio_cli, gateway, email
) -> None:
    people = [Stream(studio_cli, gateway, email, name) for name in ("ana", "ben", "chloe")]
    asked = ("assign", "--one-project", "--coders", "ana,ben,chloe", "--shared", "4")
    assert "workbench push" in studio_cli.fails(*asked)
    studio_cli("ingest", ROOT / "examples" / "reports" / "tavaria-2021-hrw.txt")
    studio_cli("push")
    planned = studio_cli.json(*asked, "--dry-run")
    said = studio_cli.json(*asked)
    assert {**said, "dry_run": True} == planned
    assert (said["shared"], said["changed"]) == (4, 4)
    again = studio_cli.json("assign")
    assert (again["one_project"], again["shared"], again["changed"]) == (True, 4, 0)
    studio_cli("push")
    assert studio_cli.json("assign")["changed"] == 0
    mark = read_workspace(studio_cli.folder, {}).workspace_id
    (number,) = (p.studio_id for p in gateway.projects() if mark in p.description)
    served = [person.work(number) for person in people]
    assert len(served[0]) == len(served[1]) == said["tasks"]
    assert len(served[2]) == 4
