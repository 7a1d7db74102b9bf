"""A proxy between workbench and Label Studio that breaks a call on demand.

It passes every request on and answers what the server answers, but for the one
call that a `Strike` names. It knows nothing of workbench: a call's kind is its
method and path, with N for numbers, so calls that are new are struck too.
"""

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

_PAGE = b"<html><head><title>Server Error</title></head><body><h1>Sorry</h1></body></html>"
#: Seconds that the server may take to answer.
_ONWARD = 300.0
_HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Fault(StrEnum):
    """What happens to a call."""

    CUT = "connection cut before the server"
    BODY = "cut in the middle of the request"
    DROP = "answer dropped"
    SLOW = "answer delayed"
    LATE = "request delayed"
    ERROR = "500 instead of the server"
    GATEWAY = "502 instead of the server"
    FALSE = "500 after the server did it"
    HALF = "cut in the middle of the answer"


#: Faults of which the server notices nothing but a call like any other: pointless for a GET.
WRITES_ONLY = frozenset({Fault.BODY, Fault.DROP, Fault.LATE, Fault.FALSE})


@dataclass(frozen=True)
class Strike:
    """Break the `nth` call (from 1) of `kind` (None: of any kind), and the `more` that follow it.

    `seconds` is the delay of SLOW and LATE. `action` is called when the first
    such call has arrived in whole; with no `fault` the call is then passed on.
    """

    kind: str | None
    fault: Fault | None
    nth: int = 1
    more: int = 0
    seconds: float = 0.0
    action: Callable[[], None] | None = None


@dataclass(frozen=True)
class Call:
    """A call that came by; `status` is the server's, 0 where it was not asked or did not answer."""

    kind: str
    status: int
    struck: bool


class FaultProxy:
    """Listens on a port of its own (`url`) and passes on to `target`, a context manager."""

    def __init__(self, target: str) -> None:
        self.calls: list[Call] = []
        self._host = urlsplit(target).netloc
        self._strike: Strike | None = None
        self._seen = 0
        self._lock = threading.Lock()
        self._under_way = 0
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.settle()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def plan(self, strike: Strike | None) -> None:
        """Forget the calls so far and strike as told from now on; None: pass everything on."""
        with self._lock:
            self._strike, self._seen = strike, 0
            self.calls.clear()

    @property
    def struck(self) -> list[Call]:
        """The calls that were broken since the last plan."""
        return [call for call in self.calls if call.struck]

    def kinds(self) -> list[str]:
        """The kinds of call since the last plan, in order of their first."""
        return list(dict.fromkeys(call.kind for call in self.calls))

    def settle(self) -> None:
        """Wait until every call has ended, late ones too; TimeoutError where one never does."""
        end = time.monotonic() + _ONWARD
        while self._under_way:
            if time.monotonic() > end:
                raise TimeoutError(f"{self._under_way} calls do not end")
            time.sleep(0.01)

    def take(self, kind: str) -> tuple[Strike | None, bool]:
        """The strike if it falls on this call, and whether it is the first that it falls on."""
        with self._lock:
            strike = self._strike
            if strike is None or strike.kind not in (None, kind):
                return None, False
            self._seen += 1
            if not strike.nth <= self._seen <= strike.nth + strike.more:
                return None, False
            return strike, self._seen == strike.nth

    def began(self) -> None:
        with self._lock:
            self._under_way += 1

    def ended(self) -> None:
        with self._lock:
            self._under_way -= 1

    def pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the server; status, headers and body of its answer."""
        onward = http.client.HTTPConnection(self._host, timeout=_ONWARD)
        try:
            onward.request(method, path, body=body or None, headers=headers)
            answer = onward.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            onward.close()

    def pass_half(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """Send the server half of the request and hang up."""
        onward = http.client.HTTPConnection(self._host, timeout=_ONWARD)
        try:
            onward.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                onward.putheader(name, value)
            onward.endheaders(body[: len(body) // 2])
        finally:
            onward.close()


def kind_of(method: str, path: str) -> str:
    """A call's kind: its method and path, with N for numbers and without what is asked."""
    return f"{method} {re.sub(r'/[0-9]+(?=/|$)', '/N', urlsplit(path).path).rstrip('/')}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up (it may have been killed) is nothing to print."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: FaultProxy

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests look at `calls`."""

    def _serve(self) -> None:
        self.proxy.began()
        try:
            self._answer()
        finally:
            self.proxy.ended()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        kind = kind_of(self.command, self.path)
        strike, first = self.proxy.take(kind)
        fault = strike.fault if strike else None
        if strike and first and strike.action:
            strike.action()
        headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
        request = (self.command, self.path, headers, body)
        status = 0
        try:
            if strike and fault is Fault.LATE:
                time.sleep(strike.seconds)
            if fault in (Fault.ERROR, Fault.GATEWAY):
                self._send(500 if fault is Fault.ERROR else 502, [], _PAGE)
                return
            if fault is Fault.CUT:
                self.close_connection = True
                return
            if fault is Fault.BODY:
                self.proxy.pass_half(*request)
                self.close_connection = True
                return
            status, given, answer = self.proxy.pass_on(*request)
            if strike and fault is Fault.SLOW:
                time.sleep(strike.seconds)
            if fault is Fault.DROP:
                self.close_connection = True
            elif fault is Fault.FALSE:
                self._send(500, [], _PAGE)
            else:
                self._send(status, given, answer, half=fault is Fault.HALF)
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # the server is gone, or the client
        finally:
            self.proxy.calls.append(Call(kind, status, strike is not None))

    def _send(
        self, status: int, headers: list[tuple[str, str]], body: bytes, *, half: bool = False
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        if not headers:
            self.send_header("Content-Type", "text/html")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        if half:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half else body)
        self.wfile.flush()
