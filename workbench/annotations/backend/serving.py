"""The backend's server: uvicorn on a socket that is ours already, and what runs beside it."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.annotations.backend.auth import Application

#: Seconds that requests under way have to end.
_GRACE = 10
#: Runs until its event is set.
Beside = Callable[[threading.Event], None]


def require_extra() -> None:
    """UsageError where the packages of `workbench[serve]` are not installed."""
    for package in ("starlette", "uvicorn"):
        _import(package)


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there; UsageError names the port where that is not possible."""
    listening = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        if listening is not None:
            listening.close()
        raise UsageError(
            f"port {port} of {host} cannot be used: {error.strerror}",
            "name another with --port, or end what uses it",
        ) from error
    return listening


def serve(app: "Application", listening: socket.socket, beside: Sequence[Beside] = ()) -> None:
    """Answer on the socket until SIGTERM, SIGINT or an error of what runs `beside`.

    Each of `beside` has a thread of its own; the first error of one ends the
    server and is raised here.
    """
    uvicorn = _import("uvicorn")
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    server = uvicorn.Server(config)

    def end() -> None:
        server.should_exit = True

    # uvicorn raises the signal anew after it has ended in order.
    with _running(beside, end), suppress(KeyboardInterrupt):
        server.run(sockets=[listening])


@contextmanager
def _running(beside: Sequence[Beside], end: Callable[[], None]) -> Iterator[None]:
    stop = threading.Event()
    errors: list[Exception] = []

    def run(work: Beside) -> None:
        try:
            work(stop)
        except Exception as error:
            errors.append(error)
            end()

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in beside]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_GRACE)
    if errors:
        raise errors[0]


def _import(package: str) -> ModuleType:
    try:
        return import_module(package)
    except ImportError:
        raise UsageError(
            f"`workbench serve` needs {package}, which is not installed",
            "pip install 'workbench[serve]'",
        ) from None
