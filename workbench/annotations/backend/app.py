"""The backend as a web application (Starlette): Label Studio's routes, pure of models."""

import json
import time
from collections.abc import Callable
from typing import Any, Protocol

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.annotations.backend.auth import (
    ONLY_HINTS,
    Application,
    Guard,
    Receive,
    Scope,
    Send,
    SignIn,
    refuse,
)
from workbench.annotations.backend.protocol import Labeller, answer_tasks, read_tasks
from workbench.annotations.backend.retraining import is_counted
from workbench.errors import AnnotationError

#: Bytes of a request; ten thousand long paragraphs, with annotations, are less.
LARGEST_BODY = 64 * 2**20
#: Tasks that are predicted before another request has its turn.
CHUNK = 32
_ROUTES = ("/", "/health", "/setup", "/predict", "/versions", "/webhook")


class HasLabeller(Protocol):
    """Where the labeller of the moment comes from."""

    @property
    def current(self) -> Labeller: ...


def build_app(
    provider: HasLabeller,
    note: Callable[[Any], str],
    sign_in: SignIn | None,
    tell: Callable[[str], None],
    hint_key: str = "",
) -> Application:
    """The application. `note` takes in webhooks, `tell` the lines of the log.

    With `hint_key`, in place of the sign-in, a request may only say that
    something was annotated.

    A line of the log has method, path, status and duration, never a query, a
    header or anything of a body: Label Studio sends its owner's token there.
    """
    # One at a time: a labeller is not asked from two threads, and turns are fair.
    turn = CapacityLimiter(1)

    async def health(request: Request) -> Response:
        version = provider.current.version
        return JSONResponse({"status": "UP", "model_class": "workbench", "model_version": version})

    async def setup(request: Request) -> Response:
        # Only checked to be JSON: it holds a token, which is not looked at.
        await _read_json(request)
        return JSONResponse({"model_version": provider.current.version})

    async def predict(request: Request) -> Response:
        try:
            tasks = read_tasks(await _read_json(request))
        except AnnotationError as error:
            raise HTTPException(400, error.message) from None
        labeller = provider.current
        results: list[Any] = []
        for first in range(0, len(tasks), CHUNK):
            answers, remarks = await to_thread.run_sync(
                answer_tasks, tasks[first : first + CHUNK], labeller, limiter=turn
            )
            results += answers
            for remark in remarks:
                tell(remark)
        return JSONResponse({"results": results, "model_version": labeller.version})

    async def versions(request: Request) -> Response:
        return JSONResponse({"versions": [provider.current.version]})

    async def webhook(request: Request) -> Response:
        payload = await _read_json(request)
        if ONLY_HINTS in request.scope and not is_counted(payload):
            return JSONResponse({"status": "ignored"})
        # Apart, since it may start a process.
        return JSONResponse({"status": await to_thread.run_sync(note, payload)})

    routes = [
        Route("/", health),
        Route("/health", health),
        Route("/setup", setup, methods=["POST"]),
        Route("/predict", predict, methods=["POST"]),
        Route("/versions", versions, methods=["GET", "POST"]),
        Route("/webhook", webhook, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _explain})
    return _Log(Guard(app, sign_in, hint_key), tell)


class _Log:
    """A line for each request, and an answer even where the application fails."""

    def __init__(self, app: Application, tell: Callable[[str], None]) -> None:
        self._app, self._tell = app, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watch(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        remark = ""
        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            # Named by its kind alone: its text may quote the request.
            remark = f" ({type(error).__name__})"
            if not status:
                await refuse(watch, 500, "the backend failed; see its log")
        took = 1000 * (time.perf_counter() - began)
        # Other paths are not repeated: they are the sender's own words.
        path = scope["path"] if scope["path"] in _ROUTES else "another path"
        method = scope["method"] if scope["method"] in ("GET", "POST") else "another method,"
        self._tell(f"{method} {path}: {status}, {took:.0f} ms{remark}")


async def _read_json(request: Request) -> Any:
    """The body; 413 where it is too large, 400 where it is not JSON."""
    too_large = HTTPException(413, f"the body is over {LARGEST_BODY >> 20} MB")
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > LARGEST_BODY:
        raise too_large
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise too_large
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "the body is not JSON") from None


async def _explain(request: Request, error: Exception) -> Response:
    status, why = 500, "failed"
    if isinstance(error, HTTPException):
        status, why = error.status_code, error.detail
    # What is left of a body is not read, so the connection is of no more use.
    return JSONResponse({"error": why}, status, headers={"connection": "close"})
