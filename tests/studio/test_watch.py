"""`workbench sync --watch` and `--dry-run`, as a user runs them."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT, Cli
from workbench.annotations.gateway import Gateway
from workbench.annotations.hints import Hints
from workbench.annotations.tasks import result_of
from workbench.config import read_workspace

pytestmark = pytest.mark.studio
REPORT = ROOT / "examples" / "reports" / "tavaria-2021-hrw.txt"


def test_watching_fetches_what_coders_do_until_it_is_interrupted(
    studio_cli: Cli, gateway: Gateway
) -> None:
    studio_cli("ingest", REPORT)
    pushed = studio_cli.json("push", "--project", "Watched")
    snapshot = studio_cli.folder / "annotations" / "annotations.jsonl"
    command = [sys.executable, "-m", "workbench", "-w", str(studio_cli.folder), "sync", "--watch"]
    # Polling alone would take longer than this test waits.
    command += ["--every", "3000", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command, env=dict(os.environ), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            for line in process.stderr:
                if "Label Studio says" in line:
                    break
            hooks = gateway.call("GET", "api/webhooks/", params={"project": pushed["studio_id"]})
            assert [hook["url"].startswith("http://127.0.0.1:") for hook in hooks] == [True]
            task = gateway.task_ids(pushed["studio_id"])[0]
            gateway.create_annotation(task, result=result_of(["labor"]))
            for line in process.stdout:
                if "1 new" in line:
                    break
            assert json.loads(snapshot.read_text())["codes"] == ["labor"]
        finally:
            process.send_signal(signal.SIGINT)
            try:
                _, err = process.communicate(timeout=60)
            finally:
                process.kill()
    assert process.returncode == 130, err
    assert "Traceback" not in err
    hooks = gateway.call("GET", "api/webhooks/", params={"project": pushed["studio_id"]})
    assert hooks == []


def test_webhooks_that_a_killed_run_left_go_and_new_projects_are_heard_of(
    studio_cli: Cli, gateway: Gateway
) -> None:
    studio_cli("ingest", REPORT)
    first = studio_cli.json("push", "--project", "Left behind")["studio_id"]

    def hooks_of(project: int) -> list[str]:
        hooks = gateway.call("GET", "api/webhooks/", params={"project": project})
        return sorted(hook["url"] for hook in hooks)

    strange = "http://127.0.0.1:9/workbench-sync/other/x"
    gateway.call("POST", "api/webhooks/", {"url": strange, "project": first})
    workspace_id = read_workspace(studio_cli.folder, {}).workspace_id
    old = None
    for _ in range(2):
        hints = Hints(gateway, workspace_id, "127.0.0.1", 0).__enter__()  # as if killed: no end
        hints.cover([first])
        assert hooks_of(first) == sorted([hints.url, strange])
        assert hints.url != old
        old = hints.url
    second = gateway.create_project(title="Made later", label_config="<View/>").studio_id
    with Hints(gateway, workspace_id, "127.0.0.1", 0) as hints:
        hints.cover([first])
        hints.cover([first, second])
        hints.cover([first, second])
        assert hooks_of(first) == sorted([hints.url, strange])
        assert hooks_of(second) == [hints.url]
        assert hints.wait(0) is False
    assert (hooks_of(first), hooks_of(second)) == ([strange], [])


def test_a_server_that_goes_away_is_waited_for(studio_cli: Cli, monkeypatch) -> None:
    from workbench.cli import sync
    from workbench.errors import ServerDownError

    fates = [None, ServerDownError("no Label Studio answers"), None, KeyboardInterrupt()]
    calls = []
    done = sync.run

    def run(app, sending):
        calls.append(app)
        if (fate := fates[len(calls) - 1]) is not None:
            raise fate
        return done(app, sending)

    monkeypatch.setattr(sync, "run", run)
    monkeypatch.setattr(sync.time, "sleep", lambda seconds: None)
    studio_cli("ingest", REPORT)
    studio_cli("sync", "--watch", "--every", "1", "--project", "Waited", code=130)
    assert len(calls) == 4
    assert "trying again in 2 s" in studio_cli.err


def test_dry_runs_print_the_plan_and_leave_the_workspace_alone(studio_cli: Cli) -> None:
    studio_cli("ingest", REPORT)
    name = ("--project", "Dry")
    planned = studio_cli.json("push", "--dry-run", *name)
    assert planned["dry_run"]
    assert planned["created"] > 10
    assert planned["url"] is None
    assert "to be made" in studio_cli("sync", "--dry-run", *name)
    assert "run `workbench push` first" in studio_cli.fails("pull", "--dry-run")
    assert studio_cli.json("push", *name)["created"] == planned["created"]
    assert "to fetch: 0 new" in studio_cli("pull", "--dry-run")
    assert not (studio_cli.folder / "annotations" / "annotations.jsonl").exists()
