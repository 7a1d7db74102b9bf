"""A backend in a thread of its own, answered by labellers that say what a test wants."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest
import uvicorn

from workbench.annotations.backend.app import build_app
from workbench.annotations.backend.auth import SignIn
from workbench.records import Evidence, Paragraph, Prediction


class Echo:
    """Gives "torture" to every paragraph, with its first word as evidence."""

    def __init__(self, version: str = "v1") -> None:
        self.version = version
        self.asked: list[Paragraph] = []

    def predict(self, paragraphs: Sequence[Paragraph]) -> Iterator[Prediction]:
        for paragraph in paragraphs:
            self.asked.append(paragraph)
            if "spoil" in paragraph.text:
                raise ValueError(f"cannot read {paragraph.text}")
            word = paragraph.text.split()[0]
            start = paragraph.text.index(word)
            evidence = Evidence("torture", start, start + len(word), word)
            yield Prediction(("torture",), {"torture": 0.9}, (evidence,))


class Holder:
    """What holds the labeller of the moment."""

    def __init__(self, labeller: Echo) -> None:
        self.current = labeller


class Backend:
    """A running backend: `client` asks it, `log` is what it told, `noted` its webhooks."""

    def __init__(self, labeller: object, sign_in: SignIn | None, hint_key: str = "") -> None:
        self.holder = Holder(labeller)  # type: ignore[arg-type]
        self.log: list[str] = []
        self.noted: list[object] = []
        app = build_app(self.holder, self._note, sign_in, self.log.append, hint_key)
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, log_level="critical", lifespan="off", ws="none")
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self.client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def _note(self, payload: object) -> str:
        self.noted.append(payload)
        return "noted"

    def predict(self, *data: object) -> list:
        """The results for tasks with these data."""
        tasks = [{"id": number, "data": item} for number, item in enumerate(data)]
        body = json.dumps({"tasks": tasks, "project": "1.1"})
        answer = self.client.post("/predict", content=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    def end(self) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(20)


@pytest.fixture
def serve_with() -> Iterator[Callable[..., Backend]]:
    running: list[Backend] = []

    def start(
        labeller: object = None, sign_in: SignIn | None = None, hint_key: str = ""
    ) -> Backend:
        running.append(Backend(labeller or Echo(), sign_in, hint_key))
        return running[-1]

    yield start
    for backend in running:
        backend.end()


@pytest.fixture
def backend(serve_with) -> Backend:
    return serve_with()


@pytest.fixture
def echo() -> type[Echo]:
    return Echo
