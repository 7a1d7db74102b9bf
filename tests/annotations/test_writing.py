"""Writes are sent once, and after a doubt only where nothing arrived."""

import pytest

from workbench.annotations import writing
from workbench.annotations.projects import ProjectPlan, Role, read_role
from workbench.annotations.writing import Doubts, send_once
from workbench.errors import ServerDownError, StudioRequestError, TokenError

CUT = StudioRequestError("the connection broke")


class Server:
    """Fails as told: "lost" does nothing, "dropped" carries it out and fails, "late" later."""

    def __init__(self, *fates: str, error: Exception = CUT) -> None:
        self.fates, self.error = list(fates), error
        self.sent = self.done = self.looked = 0

    def send(self) -> None:
        self.sent += 1
        fate = self.fates.pop(0) if self.fates else "good"
        self.done += fate in ("good", "dropped")
        self.late = fate == "late"
        if fate != "good":
            raise self.error

    def is_there(self) -> bool:
        self.looked += 1
        if self.late and self.looked == 2:
            self.done += 1
        return self.done > 0


def quick() -> Doubts:
    return Doubts(looks=(0, 0, 0), pauses=(0, 0))


@pytest.mark.parametrize(
    ("fates", "sent"),
    [((), 1), (("dropped",), 1), (("late",), 1), (("lost",), 2), (("lost", "dropped"), 2)],
)
def test_what_was_sent_is_done_once(fates: tuple[str, ...], sent: int) -> None:
    server, doubts = Server(*fates), quick()
    send_once(server.send, server.is_there, doubts)
    assert (server.done, server.sent) == (1, sent)
    assert doubts.number == len(fates)


@pytest.mark.parametrize("error", [CUT, StudioRequestError("x", status=502), ServerDownError("x")])
def test_it_ends_after_some_tries_with_the_error(error: Exception) -> None:
    server = Server(*["lost"] * 9, error=error)
    with pytest.raises(type(error)):
        send_once(server.send, server.is_there, quick())
    assert (server.sent, server.done) == (3, 0)


def test_a_server_that_takes_no_connection_is_given_up_sooner(monkeypatch) -> None:
    monkeypatch.setattr(writing, "_DOWN", 0.0)
    server = Server(*["lost"] * 9, error=ServerDownError("x"))
    with pytest.raises(ServerDownError):
        send_once(server.send, server.is_there, quick())
    assert server.sent == 1


def test_a_look_that_finds_nobody_ends_it() -> None:
    server = Server(*["lost"] * 9)

    def look() -> bool:
        raise ServerDownError("x")

    with pytest.raises(ServerDownError):
        send_once(server.send, look, quick())
    assert server.sent == 1


@pytest.mark.parametrize("error", [StudioRequestError("x", status=400), TokenError("x")])
def test_a_refusal_is_no_doubt(error: Exception) -> None:
    server = Server("lost", error=error)
    with pytest.raises(type(error)):
        send_once(server.send, server.is_there, quick())
    assert (server.sent, server.looked) == (1, 0)


@pytest.mark.parametrize("name", ["ana", "Ana Lía", "x/coder/y", "a]b[c", "50%", "%5D"])
@pytest.mark.parametrize("purpose", ["coding", "adjudication"])
def test_a_mark_is_read_back_as_the_role_it_stands_for(codebook, name, purpose) -> None:
    plan = ProjectPlan("Title", "w1", codebook, 2, Role(purpose)).for_coder(name)
    assert read_role(plan.description, "w1") == Role(purpose, name)
    assert read_role(plan.description, "w") is None
    assert len(plan.title) <= 50


def test_no_mark_is_the_start_of_another(codebook) -> None:
    common = ProjectPlan("Title", "w1", codebook, 2)
    assert common.mark not in common.for_coder("ana").description
    assert common.for_coder("ana").mark not in common.for_coder("anabel").description
    assert len(common.for_coder("x" * 80).title) <= 50
