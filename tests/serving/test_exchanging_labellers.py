"""Taking up a new labeller, training again in the background, and who may sign in."""

import sys
import threading
import time
from pathlib import Path

import pytest

from workbench.annotations.backend.auth import SignIn, is_loopback, read_sign_in, require_sign_in
from workbench.annotations.backend.labellers import Provider
from workbench.annotations.backend.retraining import Retrainer
from workbench.errors import ConfigError, ModelFileError, TokenError, UsageError


class Shelf:
    """A shelf of labellers; an error on it is raised instead of given."""

    def __init__(self, echo) -> None:
        self.echo = echo
        self.there: object = "v1"
        self.looks = 0
        self.loads = 0

    def look(self) -> object:
        self.looks += 1
        return self.there

    def load(self):
        self.loads += 1
        if isinstance(self.there, Exception):
            raise self.there
        return self.echo(self.there)


@pytest.fixture
def shelf(echo) -> Shelf:
    return Shelf(echo)


def test_a_new_labeller_is_taken_up_and_the_same_one_not_loaded_again(shelf) -> None:
    told: list[str] = []
    provider = Provider(shelf.look, shelf.load, told.append)
    assert not provider.check()
    assert shelf.loads == 1
    shelf.there = "v2"
    assert provider.check()
    assert provider.current.version == "v2"
    assert not provider.check()
    assert shelf.loads == 2
    assert told == ["predicting with v2 from now on"]


@pytest.mark.parametrize(
    "error", [ModelFileError("models/x: damaged", "train again"), OSError("gone"), KeyError("x")]
)
def test_a_broken_labeller_is_told_once_and_the_former_goes_on(shelf, error) -> None:
    told: list[str] = []
    provider = Provider(shelf.look, shelf.load, told.append)
    shelf.there = error
    assert not provider.check()
    assert not provider.check()
    assert provider.current.version == "v1"
    assert len(told) == 1
    assert "going on with v1" in told[0]
    shelf.there = "v3"
    assert provider.check()
    assert provider.current.version == "v3"


def test_the_first_labeller_that_cannot_be_loaded_is_an_error(shelf) -> None:
    shelf.there = ModelFileError("models/x: damaged")
    with pytest.raises(ModelFileError):
        Provider(shelf.look, shelf.load, print)


def test_a_change_while_loading_is_seen_at_the_next_look(shelf) -> None:
    provider = Provider(shelf.look, shelf.load, lambda line: None)
    load = shelf.load

    def load_and_change():
        loaded = load()
        shelf.there = "v3"
        return loaded

    provider._load = load_and_change
    shelf.there = "v2"
    assert provider.check()
    assert provider.current.version == "v2"
    provider._load = load
    assert provider.check()
    assert provider.current.version == "v3"


def created(number: int, action: str = "ANNOTATION_CREATED") -> dict:
    return {"action": action, "annotation": {"id": number}, "task": {}, "project": {}}


class Training:
    """A retrainer whose run waits until `gate` exists and then adds a line to `runs`."""

    def __init__(self, folder: Path, after: int | None, *steps: str) -> None:
        self.gate, self.file = folder / "gate", folder / "runs"
        self.told: list[str] = []
        wait = (
            "import pathlib, time\n"
            f"while not pathlib.Path({str(self.gate)!r}).exists(): time.sleep(0.01)\n"
            f"with open({str(self.file)!r}, 'a') as runs: print('run', file=runs)"
        )
        commands = [[sys.executable, "-c", step] for step in (wait, *steps)]
        self.retrainer = Retrainer(commands, after, {"PATH": ""}, self.told.append)

    def open(self) -> None:
        self.gate.touch()

    def wait_for(self, runs: int) -> None:
        until = time.monotonic() + 60
        while self.runs < runs or self.retrainer.running:
            assert time.monotonic() < until, self.told
            time.sleep(0.01)

    @property
    def runs(self) -> int:
        return self.file.read_text().count("run") if self.file.exists() else 0


@pytest.fixture
def training(tmp_path: Path):
    made: list[Training] = []

    def make(after: int | None, *steps: str) -> Training:
        made.append(Training(tmp_path, after, *steps))
        return made[-1]

    yield make
    for training in made:
        training.retrainer.close()


def test_so_many_annotations_start_one_run_and_one_changed_often_counts_once(training) -> None:
    now = training(3)
    now.open()
    for action in ("ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATION_UPDATED"):
        assert now.retrainer.note(created(1, action)) == "noted"
    assert now.retrainer.note(created(2)) == "noted"
    assert not now.retrainer.running
    assert now.runs == 0
    now.retrainer.note(created(3))
    now.wait_for(1)
    for number in (4, 5):
        now.retrainer.note(created(number))
    assert now.runs == 1
    now.retrainer.note(created(6))
    now.wait_for(2)


def test_one_run_at_a_time_and_what_comes_meanwhile_counts_for_the_next(training) -> None:
    now = training(2)
    began = time.monotonic()
    for number in range(4):
        now.retrainer.note(created(number))
    assert now.retrainer.note({"action": "START_TRAINING"}) == "training already runs"
    assert time.monotonic() - began < 30
    assert now.runs == 0
    now.open()
    now.wait_for(2)
    time.sleep(0.2)
    assert now.runs == 2


def test_without_a_number_only_the_button_trains(training) -> None:
    now = training(None)
    now.open()
    for number in range(50):
        now.retrainer.note(created(number))
    assert not now.retrainer.running
    assert now.retrainer.note({"action": "START_TRAINING", "project": {}}) == "training started"
    now.wait_for(1)


@pytest.mark.parametrize(
    "payload", [None, [], "x", {}, {"action": "TASKS_CREATED"}, {"action": ["ANNOTATION_CREATED"]}]
)
def test_other_webhooks_are_ignored(training, payload) -> None:
    now = training(1)
    assert now.retrainer.note(payload) == "ignored"
    assert not now.retrainer.running


def test_webhooks_without_a_payload_count_each(training) -> None:
    now = training(2)
    now.open()
    now.retrainer.note({"action": "ANNOTATION_CREATED"})
    now.retrainer.note({"action": "ANNOTATION_CREATED"})
    now.wait_for(1)


def test_a_step_that_fails_ends_the_run_with_its_last_line(training, tmp_path) -> None:
    fails = "import sys; print('first'); sys.exit('error: no project; push first')"
    now = training(None, fails, f"open({str(tmp_path / 'never')!r}, 'w')")
    now.open()
    now.retrainer.start()
    now.wait_for(1)
    assert now.told[-1] == "training again failed: error: no project; push first"
    assert not (tmp_path / "never").exists()
    assert now.retrainer.start()
    now.wait_for(2)


def test_closing_ends_a_run_and_begins_no_other(training) -> None:
    now = training(1)
    now.retrainer.note(created(1))
    closing = threading.Thread(target=now.retrainer.close)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()
    assert not now.retrainer.running
    now.open()
    now.retrainer.note(created(2))
    assert not now.retrainer.start()
    assert now.runs == 0


def private(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "sign-in"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_the_sign_in_comes_from_the_environment_else_from_a_private_file(tmp_path) -> None:
    root = tmp_path / "study"
    root.mkdir()
    file = private(tmp_path, "ada:a:b\n")
    given = {"WORKBENCH_SERVE_USER": "eve", "WORKBENCH_SERVE_PASSWORD": "c"}
    assert read_sign_in({}, None, root) is None
    assert read_sign_in({}, file, root) == SignIn("ada", "a:b")
    assert read_sign_in(given, file, root) == SignIn("eve", "c")


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"WORKBENCH_SERVE_USER": "eve"}, None),
        ({"WORKBENCH_SERVE_PASSWORD": "hush-hush"}, None),
        ({"WORKBENCH_SERVE_USER": "e:ve", "WORKBENCH_SERVE_PASSWORD": "hush-hush"}, None),
        ({"WORKBENCH_SERVE_USER": "eve", "WORKBENCH_SERVE_PASSWORD": "hush-húsh"}, None),
        ({}, "hush-hush"),
        ({}, ":hush-hush"),
        ({}, "ada:"),
        ({}, ""),
        ({}, "ada:hush-hush\nada:hush-hush"),
    ],
)
def test_half_a_sign_in_is_refused_and_not_repeated(tmp_path, environ, text) -> None:
    file = None if text is None else private(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_sign_in(environ, file, tmp_path / "study")
    assert "hush" not in str(error.value)


def test_a_sign_in_file_that_others_read_or_that_is_missing_is_refused(tmp_path) -> None:
    root = tmp_path / "study"
    with pytest.raises(TokenError, match="chmod 600"):
        read_sign_in({}, private(tmp_path, "ada:x", 0o644), root)
    with pytest.raises(TokenError, match="outside the workspace"):
        read_sign_in({}, private(tmp_path, "ada:x"), tmp_path)
    with pytest.raises(ConfigError, match="user:password"):
        read_sign_in({}, tmp_path / "missing", root)


def test_only_addresses_of_this_machine_go_without_a_password() -> None:
    for host in ("127.0.0.1", "127.8.9.1", "::1", "localhost"):
        assert is_loopback(host)
        require_sign_in(host, None)
    for host in ("0.0.0.0", "::", "192.0.2.7", "models.example", "", "localhost.example"):
        assert not is_loopback(host)
        with pytest.raises(ConfigError, match="WORKBENCH_SERVE_USER"):
            require_sign_in(host, None)
        require_sign_in(host, SignIn("ada", "x"))


def test_a_missing_extra_is_one_line_with_the_mend(monkeypatch) -> None:
    from workbench.annotations.backend.serving import require_extra

    require_extra()
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(UsageError, match=r"uvicorn.*not installed.*workbench\[serve\]"):
        require_extra()
