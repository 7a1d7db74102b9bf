"""`workbench serve` as a user runs it, in a process of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.conftest import Cli
from tests.models.conftest import invent_report
from workbench.models.prediction import LoadedModel
from workbench.models.reading import TextRow
from workbench.models.registry import find_model, load_model, save_model
from workbench.models.training import train_model
from workbench.taxonomy.codebook import Codebook

TEXT = "Guards in Karsk beat the prisoners until they signed old maps in May."
HEADING = "c. Treatment in Custody"


class Served:
    """A running command: `client` asks it, `said` is its standard error."""

    def __init__(self, folder: Path, log: Path, *args: str, **environment: str) -> None:
        self._log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workbench", "-w", str(folder), "serve", "--port", "0",
                 *args],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env={**os.environ, **environment},
            )  # fmt: skip
        self.wait_for("predicting with ")
        (url,) = re.findall(r" at (http://\S+)", self.said)
        self.client = httpx.Client(base_url=url, timeout=60, trust_env=False)

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 120
        while words not in self.said:
            assert time.monotonic() < until, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def predict(self, text: str, section: str = "") -> dict:
        tasks = [{"id": 1, "data": {"text": text, "section": section}}]
        return self.client.post("/predict", json={"tasks": tasks}).json()["results"][0]


@pytest.fixture
def served(workspace_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    begun: list[Served] = []

    def start(*args: str, **environment: str) -> Served:
        log = tmp_path / f"log-{len(begun)}"
        begun.append(Served(workspace_folder, log, *args, **environment))
        return begun[-1]

    yield start
    for one in begun:
        one.client.close()
        one.process.kill()
        one.process.wait()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, codebook: Codebook) -> Path:
    """Two models, the second a day younger."""
    folder = tmp_path_factory.mktemp("models")
    for day, seed in ((1, 1), (2, 2)):
        coded = invent_report("ostravia-2031", 40, seed) + invent_report("ostravia-2033", 40, 9)
        moment = datetime(2031, 5, day, tzinfo=UTC)
        save_model(folder, train_model(coded, codebook), codebook, trained_at=moment, coded=coded)
    return folder


def place(model: Path, folder: Path) -> None:
    """Put a model into the workspace as training does: whole, by a rename."""
    part = folder / "models" / f".{model.name}.part"
    shutil.copytree(model, part)
    part.rename(folder / "models" / model.name)


def test_models_that_come_while_it_runs_are_taken_up_and_broken_ones_are_not(
    served, shelf: Path, workspace_folder: Path, tmp_path: Path
) -> None:
    first, second = sorted(shelf.iterdir())
    now = served()
    phrases = now.predict(TEXT)
    assert phrases["model_version"].startswith("codebook-rights-")

    place(first, workspace_folder)
    now.wait_for(f"{first.name} from now on")
    assert now.predict(TEXT)["model_version"] == first.name

    broken = shutil.copytree(second, tmp_path / second.name)
    (broken / "model.skops").write_bytes(b"broken")
    place(broken, workspace_folder)
    now.wait_for("SHA-256 differs")
    now.wait_for(f"going on with {first.name}")
    assert now.predict(TEXT)["model_version"] == first.name
    shutil.rmtree(workspace_folder / "models" / second.name)
    place(second, workspace_folder)
    now.wait_for(f"{second.name} from now on")

    answer = now.predict(TEXT, HEADING)
    assert answer["model_version"] == second.name
    model: LoadedModel = load_model(find_model(shelf, second.name))
    (prediction,) = model.predict([TextRow(TEXT, (HEADING,))])
    assert answer["result"][0]["value"]["choices"] == sorted(prediction.codes) == ["torture"]
    spans = [item["value"] for item in answer["result"][1:]]
    assert [(s["start"], s["end"], s["text"]) for s in spans] == [
        (e.start, e.end, e.text) for e in prediction.evidence
    ]
    assert spans
    assert now.client.get("/health").json()["model_version"] == second.name


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_and_frees_the_port(served, number) -> None:
    now = served("--model", "codebook")
    port = now.client.base_url.port
    assert now.predict("The police tortured him.")["result"]
    now.process.send_signal(number)
    assert now.process.wait(30) == 0
    assert now.said.splitlines()[-1] == "ended"
    assert "Traceback" not in now.said
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_busy_port_is_a_one_line_error_that_names_it(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.0.1" in cli.fails("serve", "--port", str(port))


def test_other_addresses_need_a_password_and_get_one_from_a_file(
    cli: Cli, served, tmp_path: Path
) -> None:
    assert "no password is set" in cli.fails("serve", "--host", "0.0.0.0", "--port", "0")
    file = tmp_path / "sign-in"
    file.write_text("ada:hush-hush", encoding="utf-8")
    file.chmod(0o600)
    now = served("--host", "0.0.0.0", "--credentials", str(file))
    assert now.client.get("/health").status_code == 401
    assert now.client.get("/health", auth=("ada", "hush-hush")).status_code == 200
    assert "hush" not in now.said


def test_the_password_is_kept_from_training(served) -> None:
    now = served(
        "--model", "codebook", WORKBENCH_SERVE_USER="ada", WORKBENCH_SERVE_PASSWORD="hush-hush"
    )
    now.client.auth = ("ada", "hush-hush")
    begun = now.client.post("/webhook", json={"action": "START_TRAINING"})
    assert begun.json() == {"status": "training started"}
    now.wait_for("training again failed: error: ")  # there is no Label Studio to pull from
    assert "hush" not in now.said
    assert now.predict("The police tortured him.")["result"]


def test_everywhere_is_no_address_to_connect_to(cli: Cli, monkeypatch) -> None:
    monkeypatch.setenv("WORKBENCH_SERVE_USER", "ada")
    monkeypatch.setenv("WORKBENCH_SERVE_PASSWORD", "hush-hush")
    error = cli.fails("serve", "--host", "0.0.0.0", "--connect", "--port", "0")
    assert "--address" in error
    assert "hush" not in error
