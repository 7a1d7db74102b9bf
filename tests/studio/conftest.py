"""A web server that is not Label Studio."""

import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.studio.people import TEAM, Team
from workbench.annotations.gateway import Gateway


class _Friendly(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Welcome</html>")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def other_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Friendly)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def email() -> str:
    """An e-mail that no other test uses."""
    return f"{uuid.uuid4().hex}@example.org"


@pytest.fixture
def gateway(studio) -> Iterator[Gateway]:
    made = Gateway(studio.url, studio.credentials.token)
    yield made
    made.close()


@pytest.fixture
def team(studio_cli, studio, gateway, email) -> Team:
    made = Team(studio_cli, studio, gateway, email)
    made.hire(*TEAM)
    return made
