"""The backend over real HTTP: Label Studio's routes, bad requests, what is never told."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from workbench.annotations.backend import app as module
from workbench.annotations.backend.auth import SignIn
from workbench.annotations.tasks import task_data

TOKEN = "a-token-of-label-studio-0123456789"


def test_health_setup_and_versions_name_the_labeller(backend) -> None:
    for path in ("/", "/health"):
        assert backend.client.get(path).json()["status"] == "UP"
    setup = {"project": "3.1700000000", "schema": "<View/>", "hostname": "", "access_token": TOKEN}
    assert backend.client.post("/setup", json=setup).json() == {"model_version": "v1"}
    assert backend.client.get("/versions").json() == {"versions": ["v1"]}


def test_a_prediction_has_version_score_codes_and_evidence(backend) -> None:
    (answer,) = backend.predict({"text": "Guards beat him.", "section": "Section 1 › a. Prisons"})
    assert answer["model_version"] == "v1"
    assert answer["score"] == pytest.approx(0.8)
    choice, span = answer["result"]
    assert choice["value"] == {"choices": ["torture"]}
    assert span["value"] == {"start": 0, "end": 6, "text": "Guards", "labels": ["torture"]}
    (asked,) = backend.holder.current.asked
    assert asked.section == ("Section 1", "a. Prisons")


def test_hidden_tasks_and_those_without_text_get_nothing_in_their_place(backend) -> None:
    answers = backend.predict(
        {"text": "One."},
        {"text": "Two.", "prelabels": False},
        {"text": "Three.", "prelabels": True},
        {"image": "x.png"},
        {"text": None},
        {"text": "  \n"},
        {"text": 7},
        {"text": "half \ud800 a pair"},
        "no data at all",
        {"text": "Last."},
    )
    assert [bool(answer) for answer in answers] == [1, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert [a for a in answers if not a] == [[]] * 7
    assert [p.text for p in backend.holder.current.asked] == ["One.", "Three.", "Last."]


def test_one_bad_task_does_not_spoil_the_batch_and_its_text_is_not_told(backend) -> None:
    answers = backend.predict(
        {"text": "Good."}, {"text": "spoil this secret", "paragraph_id": "p-2"}, {"text": "Fine."}
    )
    assert [bool(answer) for answer in answers] == [True, False, True]
    assert any("p-2" in line and "ValueError" in line for line in backend.log)
    assert not any("secret" in line for line in backend.log)


def test_many_tasks_in_one_call_come_back_in_order(backend) -> None:
    answers = backend.predict(*({"text": f"word{n} here"} for n in range(500)))
    words = [answer["result"][1]["value"]["text"] for answer in answers]
    assert words == [f"word{n}" for n in range(500)]
    assert backend.predict() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[1]", b'"tasks"', b'{"tasks": 3}', b"{}", b"[" * 100_000]
)
def test_a_request_that_cannot_be_read_is_answered_400_and_serving_goes_on(backend, body) -> None:
    answer = backend.client.post("/predict", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert backend.predict({"text": "Good."})[0]


def test_a_body_over_the_limit_is_refused(backend, monkeypatch) -> None:
    monkeypatch.setattr(module, "LARGEST_BODY", 1000)
    stated = backend.client.post("/predict", json={"tasks": [{"data": {"text": "x" * 2000}}]})
    assert stated.status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    assert backend.client.post("/predict", content=pieces()).status_code == 413
    assert backend.predict({"text": "Good."})[0]


def test_unknown_paths_and_methods_are_refused_and_their_words_not_told(backend) -> None:
    assert backend.client.get(f"/nothing/{TOKEN}").status_code == 404
    assert backend.client.get("/predict").status_code == 405
    assert backend.client.request("PURGE", "/health").status_code == 405
    assert not any(TOKEN in line or "PURGE" in line for line in backend.log)


def test_webhooks_are_handed_on(backend) -> None:
    payload = {"action": "ANNOTATION_CREATED", "annotation": {"id": 4}}
    assert backend.client.post("/webhook", json=payload).json() == {"status": "noted"}
    assert backend.noted == [payload]


def test_health_is_answered_while_a_long_prediction_runs(serve_with, echo) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(echo):
        def predict(self, paragraphs):
            begun.set()
            assert go_on.wait(30)
            return super().predict(paragraphs)

    backend = serve_with(Slow())
    answers: list = []
    asking = threading.Thread(target=lambda: answers.extend(backend.predict({"text": "Slow."})))
    asking.start()
    assert begun.wait(30)
    assert httpx.get(f"{backend.url}/health", timeout=5, trust_env=False).status_code == 200
    assert not answers
    go_on.set()
    asking.join()
    assert answers


def test_a_single_paragraph_has_its_turn_between_the_parts_of_a_large_batch(
    serve_with, echo
) -> None:
    begun = threading.Event()

    class Counting(echo):
        def predict(self, paragraphs):
            begun.set()
            time.sleep(0.02)
            return super().predict(paragraphs)

    backend = serve_with(Counting())
    batch = threading.Thread(target=lambda: backend.predict(*[{"text": "many"}] * 1000))
    batch.start()
    assert begun.wait(30)
    tasks = {"tasks": [{"data": {"text": "single"}}]}
    httpx.post(f"{backend.url}/predict", json=tasks, timeout=30, trust_env=False)
    asked = [p.text for p in backend.holder.current.asked]
    batch.join()
    assert "single" in asked
    assert asked.count("many") < 1000


def test_a_request_keeps_the_labeller_it_began_with(serve_with, echo) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Waiting(echo):
        def predict(self, paragraphs):
            begun.set()
            assert go_on.wait(30)
            return super().predict(paragraphs)

    backend = serve_with(Waiting("old"))
    answers: list = []
    data = [{"text": f"word {n}"} for n in range(100)]
    asking = threading.Thread(target=lambda: answers.extend(backend.predict(*data)))
    asking.start()
    assert begun.wait(30)
    backend.holder.current = echo("new")
    go_on.set()
    asking.join()
    assert {answer["model_version"] for answer in answers} == {"old"}
    assert backend.predict({"text": "now"})[0]["model_version"] == "new"


def test_label_studios_token_is_neither_told_nor_kept(
    backend, capfd, caplog, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    setup = {"project": "3.17", "access_token": TOKEN, "extra_params": None}
    for path in ("/setup", "/predict", "/webhook", f"/health?token={TOKEN}"):
        backend.client.post(path, json=setup, headers={"X-Token": TOKEN})
    backend.client.post("/setup", content=json.dumps(setup)[:-1])
    with socket.create_connection(("127.0.0.1", backend.client.base_url.port)) as raw:
        raw.sendall(f"NONSENSE {TOKEN}\r\n\r\n".encode())
        raw.recv(1000)
    said = capfd.readouterr()
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    everything = "\n".join([*backend.log, *ours, said.out, said.err])
    assert "POST /setup: 200" in everything
    assert TOKEN not in everything
    assert not any(TOKEN in repr(vars(held)) for held in (backend.holder, backend.holder.current))
    assert list(tmp_path.rglob("*")) == []


def test_without_a_password_web_pages_may_not_ask(backend) -> None:
    assert backend.client.get("/health", headers={"Origin": "http://x.example"}).status_code == 403
    assert backend.client.get("/health", headers={"Host": "x.example:9090"}).status_code == 403
    assert backend.client.get("/health", headers={"Host": "[::1]:9090"}).status_code == 200
    assert backend.client.get("/health", headers={"Host": "localhost"}).status_code == 200


@pytest.mark.parametrize(
    "auth", [None, ("ada", "wrong"), ("eve", "right"), ("ada", ""), ("ada", "right ")]
)
def test_with_a_password_nothing_is_answered_without_it(serve_with, auth) -> None:
    backend = serve_with(sign_in=SignIn("ada", "right"))
    gets, posts = ("/", "/health", "/versions"), ("/setup", "/predict", "/webhook")
    for method, path in [*(("GET", p) for p in gets), *(("POST", p) for p in posts)]:
        answer = backend.client.request(method, path, auth=auth, content=b'{"tasks": []}')
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic")
    assert backend.noted == []
    assert not any("right" in line for line in backend.log)


def test_with_the_password_everything_is_answered(serve_with) -> None:
    sign_in = SignIn("ada", "right: with a colon")
    backend = serve_with(sign_in=sign_in)
    backend.client.auth = ("ada", "right: with a colon")
    assert backend.client.get("/health", headers={"Host": "models.example"}).status_code == 200
    assert backend.predict({"text": "Good."})[0]
    lower = {"Authorization": sign_in.header.replace("Basic", "basic")}
    assert httpx.get(f"{backend.url}/", headers=lower, trust_env=False).status_code == 200
    for broken in ("Basic", "Basic ???", "Bearer x", "Basic YWRh"):
        answer = httpx.get(f"{backend.url}/", headers={"Authorization": broken}, trust_env=False)
        assert answer.status_code == 401
    assert "right" not in repr(sign_in)


def test_a_webhooks_key_is_good_for_a_hint_and_nothing_else(serve_with) -> None:
    backend = serve_with(sign_in=SignIn("ada", "right"), hint_key="key-of-this-run")
    backend.client.headers["Authorization"] = "Bearer key-of-this-run"
    hint = {"action": "ANNOTATION_CREATED", "annotation": {"id": 4}}
    assert backend.client.post("/webhook", json=hint).json() == {"status": "noted"}
    for other in ({"action": "START_TRAINING"}, {"action": "TASKS_DELETED"}, {}, [], "x"):
        assert backend.client.post("/webhook", json=other).json() == {"status": "ignored"}
    assert backend.noted == [hint]
    for method, path in (
        ("GET", "/webhook"),
        ("POST", "/webhook/"),
        ("GET", "/health"),
        ("POST", "/predict"),
        ("POST", "/setup"),
        ("GET", "/versions"),
    ):
        assert backend.client.request(method, path, content=b'{"tasks": []}').status_code == 401
    backend.client.headers["Authorization"] = "Bearer key-of-another-run"
    assert backend.client.post("/webhook", json=hint).status_code == 401
    assert not any("key-of" in line for line in backend.log)


def test_without_a_key_no_webhook_goes_without_the_password(serve_with) -> None:
    backend = serve_with(sign_in=SignIn("ada", "right"))
    for header in ("Bearer", "Bearer None"):
        answer = backend.client.post("/webhook", json={}, headers={"Authorization": header})
        assert answer.status_code == 401


def test_a_failing_application_is_answered_500_without_its_words(serve_with, monkeypatch) -> None:
    backend = serve_with()

    def fail(*args: object) -> None:
        raise RuntimeError(f"failed at {TOKEN}")

    monkeypatch.setattr(module, "answer_tasks", fail)
    answer = backend.client.post("/predict", json={"tasks": [{"data": {"text": "x"}}]})
    assert answer.status_code == 500
    assert TOKEN not in answer.text
    assert any("RuntimeError" in line for line in backend.log)
    assert not any(TOKEN in line for line in backend.log)


def test_what_push_writes_is_what_is_predicted(backend, make_document) -> None:
    document = make_document(["Guards beat him."])
    paragraph = replace(document.paragraphs[0], section=("Section 1", "c. Torture"))
    backend.predict(task_data(paragraph, document.report))
    (asked,) = backend.holder.current.asked
    assert (asked.paragraph_id, asked.report_id) == (paragraph.paragraph_id, paragraph.report_id)
    assert (asked.text, asked.section) == (paragraph.text, paragraph.section)


def test_a_refusal_arrives_while_a_short_body_is_still_being_sent(serve_with) -> None:
    backend = serve_with(sign_in=SignIn("ada", "right"))
    url = backend.client.base_url
    for _ in range(20):
        with socket.create_connection((url.host, url.port), timeout=10) as line:
            line.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n")
            time.sleep(0.01)
            line.sendall(b'{"tasks": ')
            time.sleep(0.01)
            line.sendall(b"[]")
            assert line.recv(64).startswith(b"HTTP/1.1 401")
