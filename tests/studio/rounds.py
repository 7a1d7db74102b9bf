"""One round of a fault test: a command that is struck, a clean one after it, and the verdict."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partialmethod
from typing import Any
from unittest.mock import patch

import httpx

from tests.studio.faultproxy import WRITES_ONLY, Fault, FaultProxy, Strike, kind_of
from tests.studio.ownserver import OwnServer
from tests.studio.running import Outcome
from tests.studio.study import Study

SYNC = ("sync", "--json")
#: Seconds that a struck command waits for the answer to a delayed call, and that the delay takes.
PATIENCE, DELAY = 1.0, 1.5


@dataclass(frozen=True)
class Round:
    """What came of a round. `wrongs` lists what was not right in the end, or what was said of it.

    `first` is the struck command's outcome, None where it was killed; `second`
    that of the clean one, None where it was not needed. `met` says that the
    fault fell on a call at all.
    """

    first: Outcome | None
    second: Outcome | None
    wrongs: tuple[str, ...]
    met: bool

    @property
    def told(self) -> str:
        """In two words how it went."""
        if self.wrongs:
            return "NOT RIGHT"
        if self.first is None:
            return "killed, then mended"
        return "mended by itself" if self.second is None else "error, then mended"


def play(study: Study, proxy: FaultProxy, strike: Strike) -> Round:
    """Run `workbench sync` with a call struck, then as often as is needed, which is at most once.

    A command that says it succeeded must have: it is checked at once, unless a
    request is still to reach the server.
    """
    proxy.plan(strike)
    with impatience(strike):
        first = study.command(*SYNC)
    proxy.settle()
    met = bool(proxy.struck)
    proxy.plan(None)
    wrongs = list(wrong_ending(first))
    if first.code == 0 and strike.fault is not Fault.LATE:
        wrongs += [f"said all is well: {wrong}" for wrong in study.wrongs(version_of(first))]
        return Round(first, None, tuple(wrongs), met)
    second, more = finish(study)
    return Round(first, second, (*wrongs, *more), met)


def play_killing(study: Study, proxy: FaultProxy, strike: Strike, seconds: float = 60.0) -> Round:
    """Kill `workbench sync` (SIGKILL) when a call has arrived, or after `seconds`; then run it.

    With no fault the call still reaches the server. A command that was quicker
    must have succeeded.
    """
    victim: list[subprocess.Popen[str]] = []
    proxy.plan(replace(strike, action=lambda: victim[0].kill()))
    victim.append(study.process(*SYNC))
    try:
        out, err = victim[0].communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        victim[0].kill()
        out, err = victim[0].communicate()
    proxy.settle()
    proxy.plan(None)
    code = victim[0].returncode
    first = None if code < 0 else Outcome(code, out, err)
    second, wrongs = finish(study)
    told = wrong_ending(first) if first else ()
    return Round(first, second, (*told, *wrongs), met=first is None)


def play_server_killing(
    study: Study, proxy: FaultProxy, server: OwnServer, strike: Strike
) -> Round:
    """Kill the server `strike.seconds` after a call has arrived, restart it, and run again."""
    timers: list[threading.Timer] = []

    def act() -> None:
        timers.append(threading.Timer(strike.seconds, server.kill))
        timers[0].start()

    proxy.plan(replace(strike, fault=None, action=act))
    with impatience(strike):
        first = study.command(*SYNC)
    for timer in timers:
        timer.join()
    proxy.settle()
    proxy.plan(None)
    server.start()
    second, wrongs = finish(study)
    return Round(first, second, (*wrong_ending(first), *wrongs), met=bool(timers))


def finish(study: Study) -> tuple[Outcome, list[str]]:
    """The clean run after a fault: its outcome, and whatever is not right after it."""
    second = study.command(*SYNC)
    if second.code:
        return second, [f"the clean run failed ({second.code}): {last_line(second.err)}"]
    return second, study.wrongs(version_of(second))


def version_of(outcome: Outcome) -> str:
    """The version of the pre-labels that a sync wants to show."""
    return outcome.answer["pushed"]["version"]


def wrong_ending(outcome: Outcome) -> Iterator[str]:
    """A command ends well or with one known error, in one line that says what to do."""
    errors = [line for line in outcome.err.splitlines() if line.startswith("error: ")]
    if outcome.code not in (0, 1) or (outcome.code == 1 and len(errors) != 1):
        yield f"ended with {outcome.code}: {last_line(outcome.err)}"


def last_line(text: str) -> str:
    """The line that says what went wrong."""
    lines = text.strip().splitlines()
    errors = [line for line in lines if line.startswith("error: ") or "Error" in line]
    return (errors or lines or ["nothing said"])[-1]


def strike_at(kind: str, fault: Fault | None, nth: int = 1) -> Strike:
    """A strike that no further try smooths over; only slow answers end after two, to save time."""
    more = 0 if not kind.startswith("GET") else 1 if fault is Fault.SLOW else 4
    return Strike(kind, fault, nth, more, seconds=DELAY)


def strikes(kinds: Sequence[str], fault: Fault) -> list[Strike]:
    """A strike for each kind of call that the fault makes sense for."""
    return [
        strike_at(kind, fault)
        for kind in kinds
        if not (kind.startswith("GET") and fault in WRITES_ONLY)
    ]


@contextmanager
def impatience(strike: Strike) -> Iterator[None]:
    """Within it all waiting is short; where an answer is delayed nobody waits for it.

    Nothing else is changed: what is asked again, and how often, stays.
    """
    from label_studio_sdk.core import http_client

    from workbench.annotations import connection, writing

    hurry = {"looks": _part(writing.LOOKS, 0.1), "pauses": _part(writing.PAUSES, 0.1)}
    delayed = strike.fault in (Fault.SLOW, Fault.LATE)
    build = httpx.Client.build_request

    def build_hurried(
        client: httpx.Client, method: str, url: httpx.URL | str, **options: Any
    ) -> httpx.Request:
        if delayed and strike.kind in (None, kind_of(method, str(url))):
            options["timeout"] = PATIENCE
        return build(client, method, url, **options)

    with ExitStack() as stack:
        stack.enter_context(patch.object(httpx.Client, "build_request", build_hurried))
        stack.enter_context(patch.object(http_client, "INITIAL_RETRY_DELAY_SECONDS", 0.02))
        stack.enter_context(patch.object(connection, "_PAUSES", _part(connection._PAUSES, 0.02)))
        init = partialmethod(writing.Doubts.__init__, **hurry)
        stack.enter_context(patch.object(writing.Doubts, "__init__", init))
        yield


def _part(pauses: Sequence[float], part: float) -> tuple[float, ...]:
    return tuple(pause * part for pause in pauses)
