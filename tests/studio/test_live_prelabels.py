"""`workbench serve` as the model backend of a real Label Studio."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Cli
from workbench.annotations.accounts import ensure_account
from workbench.annotations.backend import keeping
from workbench.annotations.backend.auth import SignIn
from workbench.annotations.backend.keeping import Registration
from workbench.annotations.backend.registration import Place, disconnect
from workbench.annotations.gateway import Gateway
from workbench.annotations.tasks import result_of, task_data
from workbench.records import Paragraph

pytestmark = pytest.mark.studio
REPORT = ROOT / "examples" / "reports" / "tavaria-2021-hrw.txt"
TORTURE = "In Veldoria the police tortured two men, who died in custody."
PASSWORD = "backend-password-1"


class Serving:
    """A `workbench serve --connect` of its own process."""

    def __init__(self, folder: Path, log: Path, *args: str, **environment: str) -> None:
        self.log = log
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workbench", "-w", str(folder), "serve", "--connect",
                 "--port", "0", *args],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env={**os.environ, **environment},
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str, times: int = 1, seconds: float = 300) -> None:
        until = time.monotonic() + seconds
        while self.said.count(words) < times:
            assert time.monotonic() < until, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.1)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def start(cli: Cli, tmp_path: Path, studio_cli: Cli) -> Iterator[Callable[..., Serving]]:
    begun: list[Serving] = []

    def make(*args: str, **environment: str) -> Serving:
        begun.append(Serving(cli.folder, tmp_path / "serve.log", *args, **environment))
        return begun[-1]

    yield make
    for serving in begun:
        if serving.process.poll() is None:
            serving.process.kill()
            serving.process.wait()


class Project:
    """The workspace's pushed project, with tasks of the test's own."""

    def __init__(self, studio, pushed: dict) -> None:
        self.gateway = Gateway(studio.url, studio.credentials.token)
        self.studio_id = pushed["studio_id"]
        self.version = pushed["version"]
        self.made = pushed["created"]

    def add(self, make_report, text: str, *, hidden: bool = False) -> int:
        """A task without a stored prediction."""
        paragraph = Paragraph(
            f"x.{text[:9]}", "x", 0, ("Section 1",), text, 0, len(text), ((0, len(text)),)
        )
        data = task_data(paragraph, make_report("x"), hidden=hidden)
        return self.gateway.import_tasks(self.studio_id, [{"data": data}])[0]

    def open(self, task: int) -> list[dict]:
        """The predictions that the page of a task gets."""
        return self.gateway.call("GET", f"api/tasks/{task}/")["predictions"]

    @property
    def model_version(self) -> str:
        return self.gateway.project(self.studio_id).model_version

    def backends(self) -> list[dict]:
        return self.gateway.call("GET", "api/ml", params={"project": self.studio_id})

    def webhooks(self) -> list[dict]:
        return self.gateway.call("GET", "api/webhooks/", params={"project": self.studio_id})


@pytest.fixture
def project(studio, studio_cli: Cli, request) -> Iterator[Project]:
    studio_cli("ingest", REPORT)
    name = request.node.name.removeprefix("test_")[:50]
    made = Project(studio, studio_cli.json("push", "--project", name, "--hidden-share", "0"))
    yield made
    made.gateway.close()


def next_of(studio, project: Project, email: str) -> tuple[Gateway, Callable[[], dict]]:
    """A coder and what the stream gives them."""
    token = ensure_account(studio.url, project.gateway.invite_path(), email, "coder-password-1")
    coder = Gateway(studio.url, token)
    return coder, lambda: coder.call("GET", f"api/projects/{project.studio_id}/next")


def key_of(coder: Gateway, project: Project) -> str:
    """The webhook's key, as every coder reads it; nothing of the sign-in is there."""
    (webhook,) = coder.call("GET", "api/webhooks/", params={"project": project.studio_id})
    kind, key = webhook["headers"]["Authorization"].split()
    assert (kind, len(key) > 40) == ("Bearer", True)
    backends = coder.call("GET", "api/ml", params={"project": project.studio_id})
    readable = json.dumps([webhook, backends])
    assert PASSWORD not in readable
    assert SignIn("studio", PASSWORD).header not in readable
    return key


def test_a_task_without_pre_labels_gets_them_live_and_a_hidden_one_none(
    studio, start, project: Project, make_report
) -> None:
    plain = project.add(make_report, TORTURE)
    hidden = project.add(make_report, TORTURE + " Twice.", hidden=True)
    serving = start(WORKBENCH_SERVE_USER="studio", WORKBENCH_SERVE_PASSWORD=PASSWORD)
    serving.wait_for("connected to project")
    (backend,) = project.backends()
    assert backend["state"] == "CO"
    assert not backend["is_interactive"]

    (prediction,) = project.open(plain)
    assert prediction["model_version"] == project.version == project.model_version
    kinds = {item["type"] for item in prediction["result"]}
    assert kinds == {"choices", "labels"}
    spans = [item["value"] for item in prediction["result"] if item["type"] == "labels"]
    assert all(TORTURE[s["start"] : s["end"]] == s["text"] for s in spans)
    assert project.open(hidden) == []
    assert project.open(plain) == [prediction]

    coder, following = next_of(studio, project, "stream@example.org")
    key = key_of(coder, project)
    seen = {}
    for _ in range(project.made + 2):
        task = following()
        seen[task["id"]] = [p["model_version"] for p in task["predictions"]]
        coder.create_annotation(task["id"], result=result_of(()), lead_time=1.0)
    assert seen.pop(hidden) == []
    assert seen.pop(plain) == [project.version]
    assert set(map(tuple, seen.values())) == {(project.version,)}
    serving.wait_for("POST /webhook: 200", times=project.made + 2)

    assert serving.end() == 0
    assert project.backends() == []
    assert project.webhooks() == []
    assert project.model_version == project.version
    for secret in (studio.credentials.token, PASSWORD, key):
        assert secret not in serving.said
        for file in serving.log.parent.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes(), file


def test_connecting_again_after_a_crash_makes_no_second_registration(
    start, project: Project, studio_cli: Cli, studio
) -> None:
    first = start()
    first.wait_for("connected to project")
    (before,) = project.backends()
    first.end(signal.SIGKILL)
    second = start()
    second.wait_for("connected to project", times=2)
    (after,) = project.backends()
    assert after["id"] == before["id"]
    assert after["url"] != before["url"]  # another free port
    assert [w["url"] for w in project.webhooks()] == [f"{after['url']}/webhook"]
    second.end(signal.SIGKILL)
    assert "do not answer: coders see none" in studio_cli("doctor", code=1)

    _, following = next_of(studio, project, "after-crash@example.org")
    assert "disconnected" in studio_cli("serve", "--disconnect")
    assert project.backends() == []
    assert project.model_version == project.version
    assert [p["model_version"] for p in following()["predictions"]] == [project.version]
    assert "not connected" in studio_cli("serve", "--disconnect")


def test_a_webhook_with_the_password_that_an_older_run_left_is_replaced(
    studio, start, project: Project
) -> None:
    signed = {"WORKBENCH_SERVE_USER": "studio", "WORKBENCH_SERVE_PASSWORD": PASSWORD}
    first = start(**signed)
    first.wait_for("connected to project")
    first.end(signal.SIGKILL)
    (webhook,) = project.webhooks()
    old = {"Authorization": SignIn("studio", PASSWORD).header}
    project.gateway.call("PATCH", f"api/webhooks/{webhook['id']}/", {"headers": old})
    # Another that is ours by its mark alone.
    project.gateway.call(
        "POST",
        "api/webhooks/",
        {"project": project.studio_id, "url": "http://127.0.0.1:9/webhook",
         "headers": {**webhook["headers"], **old}},
    )  # fmt: skip
    second = start(**signed)
    second.wait_for("connected to project", times=2)
    coder, _ = next_of(studio, project, "older@example.org")
    assert key_of(coder, project) not in webhook["headers"].values()


def test_a_push_disconnects_a_backend_that_was_killed_so_that_stored_ones_show(
    studio, start, project: Project, studio_cli: Cli
) -> None:
    _, following = next_of(studio, project, "silence@example.org")
    name = ("--project", project.gateway.project(project.studio_id).title, "--hidden-share", "0")
    serving = start()
    serving.wait_for("connected to project")
    assert studio_cli.json("push", *name)["silent"] == []
    assert len(project.backends()) == 1

    serving.end(signal.SIGKILL)
    assert following()["predictions"] == []
    assert len(studio_cli.json("push", "--dry-run", *name)["silent"]) == 1
    assert len(project.backends()) == 1
    said = studio_cli("push", *name)
    assert "are in place" in said
    (line,) = [line for line in studio_cli.err.splitlines() if "did not answer" in line]
    assert "disconnected" in line
    assert [p["model_version"] for p in following()["predictions"]] == [project.version]
    assert (project.backends(), project.webhooks()) == ([], [])
    assert studio_cli.json("sync", *name)["pushed"]["silent"] == []


def test_one_that_was_disconnected_though_it_lives_connects_again(
    start, project: Project, monkeypatch
) -> None:
    monkeypatch.setattr(keeping, "INTERVAL", 0.1)
    serving = start()
    serving.wait_for("connected to project")
    workspace_id = re.findall(
        r"\[workbench:(\w+)\]", project.gateway.project(project.studio_id).description
    )[0]
    place = Place(project.backends()[0]["url"], None, workspace_id, "key")
    told: list[str] = []
    kept = Registration(project.gateway, place, lambda: project.version, told.append)
    stop = threading.Event()
    thread = threading.Thread(target=kept.hold, args=(stop,))
    thread.start()
    try:
        until = time.monotonic() + 60
        while not told and time.monotonic() < until:
            time.sleep(0.1)
        here = project.gateway.project(project.studio_id)
        assert disconnect(project.gateway, here, place)
        while len(told) < 2 and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        stop.set()
        thread.join()
    assert len(told) == 2
    assert len(project.backends()) == 1


def test_new_annotations_train_a_model_whose_pre_labels_come_next(
    studio, start, project: Project, studio_cli: Cli
) -> None:
    studio_cli("ingest", REPORT.parent)
    studio_cli("annotations", "import", ROOT / "examples/annotations/tavaria-2015-2021.jsonl")
    serving = start("--retrain-after", "2")
    serving.wait_for("connected to project")
    coder, following = next_of(studio, project, "trainer@example.org")
    for _ in range(2):
        task = following()
        assert [p["model_version"] for p in task["predictions"]] == [project.version]
        coder.create_annotation(task["id"], result=result_of(()), lead_time=1.0)
    serving.wait_for("from now on")
    (model,) = re.findall(r"predicting with (\S+) from now on", serving.said)
    assert (studio_cli.folder / "models" / model / "meta.json").exists()
    assert "trainer@example.org" in studio_cli("annotations", "export")  # it pulled first

    until = time.monotonic() + 30
    while project.model_version != model and time.monotonic() < until:
        time.sleep(0.2)
    (backend,) = project.backends()
    assert (backend["title"], backend["model_version"]) == (model, model)
    task = following()
    assert [p["model_version"] for p in task["predictions"]] == [model]

    # Ended, it gives the project back to what all tasks have.
    assert serving.end(signal.SIGINT) == 0
    assert project.model_version == project.version
    assert [p["model_version"] for p in following()["predictions"]] == [project.version]


def test_a_coders_own_project_made_later_is_connected_and_one_to_adjudicate_is_not(
    start, project: Project
) -> None:
    serving = start()
    serving.wait_for("connected to project")
    (mark,) = re.findall(
        r"\[(workbench:\w+)\]", project.gateway.project(project.studio_id).description
    )
    made = {}
    for purpose in ("adjudication", "coder/ana"):
        made[purpose] = project.gateway.create_project(
            title=purpose, description=f"Made by workbench. [{mark}/{purpose}]",
            label_config=project.gateway.project(project.studio_id).label_config,
            show_collab_predictions=True,
        )  # fmt: skip
    serving.wait_for("connected to project 'coder/ana'")
    count = {
        purpose: len(project.gateway.call("GET", "api/ml", params={"project": one.studio_id}))
        for purpose, one in made.items()
    }
    assert count == {"adjudication": 0, "coder/ana": 1}


def test_what_empties_the_projects_version_is_mended_while_connected(start, project) -> None:
    serving = start()
    serving.wait_for("connected to project")
    project.gateway.call(
        "DELETE",
        f"api/projects/{project.studio_id}/model-versions/",
        {"model_version": "none such"},
    )
    assert project.model_version == ""  # Label Studio does so while a backend is connected
    until = time.monotonic() + 60
    while project.model_version != project.version and time.monotonic() < until:
        time.sleep(0.2)
    assert project.model_version == project.version


def test_a_project_that_is_not_there_and_an_address_out_of_reach_are_one_line_errors(
    studio_cli: Cli,
) -> None:
    assert "run `workbench push`" in studio_cli.fails("serve", "--connect", "--port", "0")
    studio_cli("ingest", REPORT)
    studio_cli("push", "--project", "Out of reach")
    error = studio_cli.fails("serve", "--connect", "--port", "0", "--address", "http://127.0.0.1:9")
    assert "http://127.0.0.1:9" in error
