"""The commands that talk to Label Studio, against a real server."""

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import ROOT, Cli
from workbench.annotations import serverfiles
from workbench.annotations.address import studio_token
from workbench.annotations.gateway import Gateway
from workbench.config import read_workspace
from workbench.credentials import read_credentials

pytestmark = pytest.mark.studio
REPORTS = ROOT / "examples" / "reports"


def test_doctor_finds_everything_good(studio_cli) -> None:
    findings = studio_cli.json("doctor")
    assert {f["state"] for f in findings} == {"good"}
    server = next(f for f in findings if f["check"] == "Label Studio")
    assert "version 1." in server["detail"]


def test_doctor_names_a_wrong_token_without_showing_it(studio_cli, monkeypatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "wrong-token-1234")
    findings = {f["check"]: f for f in studio_cli.json("doctor", code=1)}
    assert findings["Label Studio"]["state"] == "good"
    assert findings["token"]["state"] == "wrong"
    assert "take a new one" in findings["token"]["mend"]
    assert "wrong-token-1234" not in studio_cli.out + studio_cli.err


def test_a_wrong_token_and_another_server_are_one_line_errors(
    studio_cli, other_server: str, monkeypatch
) -> None:
    studio_cli("ingest", REPORTS / "tavaria-2021-hrw.txt")
    assert "not Label Studio" in studio_cli.fails("push", "--url", other_server)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "wrong-token-1234")
    error = studio_cli.fails("push")
    assert "refuses the token" in error
    assert "wrong-token-1234" not in error


def test_sync_pushes_and_then_pulls_and_pushes_what_is_new(studio_cli) -> None:
    name = ("--project", "Sync test")
    studio_cli("ingest", REPORTS / "tavaria-2021-hrw.txt")
    first = studio_cli.json("sync", *name)
    assert first["pulled"] is None
    assert first["pushed"]["created"] == len(studio_cli("paragraphs").splitlines())
    studio_cli("ingest", REPORTS / "tavaria-2022-state.txt")
    second = studio_cli.json("sync", *name)
    assert second["pulled"]["on_server"] == 0
    assert second["pushed"]["present"] == first["pushed"]["created"]
    assert second["pushed"]["created"] > 20
    assert "tag at" in studio_cli("sync", *name)


def test_push_takes_only_the_wanted_report_and_leaves_cross_references_out(studio_cli) -> None:
    studio_cli("ingest", REPORTS)
    wanted = "tavaria-2022-state"
    pushed = studio_cli.json("push", "--report", wanted, "--project", "Wanted only")
    paragraphs = studio_cli("paragraphs", "--report", wanted).splitlines()
    assert 0 < pushed["created"] < len(paragraphs)


def test_a_title_that_label_studio_refuses_is_named(studio_cli) -> None:
    studio_cli("ingest", REPORTS / "tavaria-2021-hrw.txt")
    assert "3 to 50" in studio_cli.fails("push", "--project", "x" * 51)


@pytest.fixture
def own_server(cli: Cli, studio, monkeypatch) -> Cli:
    """A workspace whose local server has data but whose sign-in is lost."""
    source = studio.workspace.hidden / "studio"
    target = cli.folder / ".workbench" / "studio"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.sqlite3*", "*.json", "*.log"))
    with (
        sqlite3.connect(source / "label_studio.sqlite3") as live,
        sqlite3.connect(target / "label_studio.sqlite3") as copy,
    ):
        live.backup(copy)
    yield cli
    cli("studio", "stop")


def test_local_server_starts_once_recovers_a_lost_sign_in_and_stops(own_server: Cli) -> None:
    cli = own_server
    assert cli.json("studio", "status", code=1) == {"running": False, "url": None}
    assert "not running; start it with `workbench studio start`" in cli.fails("studio", "status")
    started = cli("studio", "start", "--port", "18090")
    assert "Label Studio runs at http://127.0.0.1:18090" in started
    assert "runs already" in cli("studio", "start")
    status = cli.json("studio", "status", "--show-password")
    assert status["running"]
    assert status["password"] in started
    assert {f["state"] for f in cli.json("doctor")} == {"good"}
    assert "stopped" in cli("studio", "stop")
    assert cli.json("studio", "status", code=1)["running"] is False


def test_starting_the_local_server_empties_its_exports_and_rotates_a_large_log(
    own_server: Cli, monkeypatch
) -> None:
    folder = own_server.folder / ".workbench" / "studio"
    left = [
        folder / "export" / f"project-7-at-2026-03-01-12-00-abc{end}.json" for end in ("", "-info")
    ]
    left[0].parent.mkdir(exist_ok=True)
    for file in left:
        file.write_text("[]", encoding="utf-8")
    kept = folder / "export" / "notes.txt"
    kept.write_text("mine", encoding="utf-8")
    (folder / "server.log").write_text("old\n" * 100, encoding="utf-8")
    monkeypatch.setattr(serverfiles, "LARGEST_LOG", 100)
    own_server("studio", "start", "--port", "18092")
    assert [file.exists() for file in (*left, kept)] == [False, False, True]
    assert (folder / "server.log.1").read_text(encoding="utf-8").startswith("old")
    assert "old\n" not in (folder / "server.log").read_text(encoding="utf-8", errors="replace")

    # A pull leaves such files; once no request can need them any more they go.
    own_server("ingest", REPORTS / "tavaria-2021-hrw.txt")
    pushed = own_server.json("push")
    state = json.loads((folder / "server.json").read_text(encoding="utf-8"))
    gateway = Gateway(
        state["url"], studio_token(read_workspace(own_server.folder, {}), state["url"])
    )
    gateway.create_annotation(gateway.task_ids(pushed["studio_id"])[0], result=[])
    gateway.close()
    own_server("pull")
    made = list((folder / "export").glob("project-*.json"))
    assert made
    own_server("pull")
    assert all(file.exists() for file in made)
    for file in made:
        os.utime(file, (0, 0))
    own_server("doctor")  # any command that talks to the server
    assert not any(file.exists() for file in made)


def test_no_secret_is_in_the_workspace_or_readable_by_others(own_server: Cli) -> None:
    own_server("studio", "start", "--port", "18091")
    file = read_workspace(own_server.folder, {}).credentials_file
    credentials = read_credentials(file)
    assert credentials is not None
    assert file.stat().st_mode & 0o777 == 0o600
    # Label Studio's own database must hold the token: nobody else may look into its folder.
    assert (own_server.folder / ".workbench" / "studio").stat().st_mode & 0o077 == 0
    for path in own_server.folder.rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            content = path.read_bytes()
            assert credentials.password.encode() not in content, path
            assert credentials.token.encode() not in content, path


def test_server_log_shows_no_call_to_the_outside(studio) -> None:
    log = Path(studio.workspace.hidden / "studio" / "server.log").read_text(errors="replace")
    for host in ("sentry.io", "google", "labelstud.io", "pypi.org", "humansignal"):
        assert host not in log.lower()


def test_snapshot_after_a_pull_has_no_secret(studio_cli, studio) -> None:
    studio_cli("ingest", REPORTS / "tavaria-2021-hrw.txt")
    studio_cli("push", "--project", "Snapshot test")
    pulled = studio_cli.json("pull", "--project", "Snapshot test")
    assert studio.credentials.token not in json.dumps(pulled)
    assert Path(pulled["snapshot"]).exists()
