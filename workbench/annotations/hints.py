"""Webhooks as hints: Label Studio says that something happened, so that polling may come sooner.

They are no more than that: Label Studio sends each once, and none for what was
imported or drafted. Their address begins with the workspace's mark, so that those
which a run left behind when it was killed are known again.
"""

import secrets
import threading
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from workbench.annotations.gateway import Gateway
from workbench.errors import StudioError

_ACTIONS = (
    "ANNOTATION_CREATED",
    "ANNOTATION_UPDATED",
    "ANNOTATIONS_DELETED",
    "TASKS_DELETED",
)


class Hints:
    """Listens at `host` and `port` while it is entered; Label Studio is to call there (`cover`).

    Only calls to an address that is drawn anew each time count; what they
    carry is not read. The webhooks are removed at the end. StudioError where
    the address cannot be listened at.
    """

    def __init__(self, gateway: Gateway, workspace_id: str, host: str, port: int) -> None:
        self._gateway = gateway
        self._event = threading.Event()
        self._mark = f"/workbench-sync/{workspace_id}/"
        self._path = self._mark + secrets.token_urlsafe(16)
        #: The webhook of each project.
        self._webhooks: dict[int, int] = {}
        try:
            self._server = ThreadingHTTPServer((host, port), self._handler())
        except (OSError, OverflowError) as error:
            raise StudioError(
                f"cannot listen at {host}:{port} ({error})", "name another with --listen"
            ) from None
        self.url = f"http://{host}:{self._server.server_port}{self._path}"

    def __enter__(self) -> "Hints":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in self._webhooks.values():
            with suppress(StudioError):  # a server that is gone calls nobody
                self._gateway.call("DELETE", f"api/webhooks/{number}/")
        self._server.shutdown()
        self._server.server_close()

    def cover(self, projects: Iterable[int]) -> None:
        """Have Label Studio call for these projects too; webhooks left by earlier runs go."""
        for project in set(projects) - self._webhooks.keys():
            there = self._gateway.call("GET", "api/webhooks/", params={"project": project})
            for webhook in there:
                if urlsplit(webhook["url"]).path.startswith(self._mark):
                    self._gateway.call("DELETE", f"api/webhooks/{webhook['id']}/")
            made = self._gateway.call(
                "POST",
                "api/webhooks/",
                {
                    "url": self.url,
                    "project": project,
                    "send_payload": False,
                    "send_for_all_actions": False,
                    "actions": list(_ACTIONS),
                    "is_active": True,
                },
            )
            self._webhooks[project] = made["id"]

    def wait(self, seconds: float) -> bool:
        """Wait for a hint, so long at most; whether one came."""
        hinted = self._event.wait(seconds)
        self._event.clear()
        return hinted

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hints = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_POST(self) -> None:
                known = secrets.compare_digest(self.path.encode(), hints._path.encode())
                self.send_response(204 if known else 404)
                self.end_headers()
                if known:
                    hints._event.set()

            def log_message(self, *args: object) -> None:
                """Keep still: the address is a secret."""

        return Handler
