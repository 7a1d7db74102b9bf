"""Who may ask the backend: anyone on this machine, on other addresses who knows the password.

Webhooks come with a key of their own: Label Studio shows the headers of a webhook
to everybody who has an account there.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio import move_on_after

from workbench.credentials import read_token_file
from workbench.errors import ConfigError

USER_VARIABLE, PASSWORD_VARIABLE = "WORKBENCH_SERVE_USER", "WORKBENCH_SERVE_PASSWORD"
_MEND = f"set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or name a file with --credentials"

#: Set in the scope of a request that may only give a hint.
ONLY_HINTS = "workbench.only_hints"
_WEBHOOK = "/webhook"
#: Of a body that is not let in so many bytes are read, for so many seconds.
_SHORT, _PATIENCE = 1 << 16, 1.0

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SignIn:
    """User and password of the backend. Never logged."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"SignIn(user={self.user!r})"

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        pair = f"{self.user}:{self.password}".encode("ascii")
        return f"Basic {base64.b64encode(pair).decode('ascii')}"


def read_sign_in(environ: Mapping[str, str], file: Path | None, root: Path) -> SignIn | None:
    """The sign-in of the environment, else of `file` (a line `user:password`), else None.

    The file must lie outside the workspace `root` and be its owner's alone.
    Raises ConfigError or TokenError; neither repeats what it found.
    """
    user, password = environ.get(USER_VARIABLE, ""), environ.get(PASSWORD_VARIABLE, "")
    where = f"{USER_VARIABLE} and {PASSWORD_VARIABLE}"
    if not user and not password:
        if file is None:
            return None
        if not file.is_file() or not os.access(file, os.R_OK):
            raise ConfigError(f"{file}: cannot be read", "write `user:password` there, mode 0600")
        user, _, password = read_token_file(file, root).partition(":")
        where = str(file)
    good = all(value and value.isascii() and value.isprintable() for value in (user, password))
    if not good or ":" in user:
        raise ConfigError(
            f"{where}: no user and password of ASCII characters, without a colon in the user",
            "write both",
        )
    return SignIn(user, password)


def require_sign_in(host: str, sign_in: SignIn | None) -> None:
    """ConfigError where other machines can reach `host` and no sign-in is set."""
    if sign_in is None and not is_loopback(host):
        raise ConfigError(f"--host {host}: other machines reach it, and no password is set", _MEND)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address or name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Guard:
    """Lets a request through if it may.

    With a sign-in, if it carries that; without, if it comes from a program on
    this machine: a web page that a browser has open may not ask, neither by
    itself (Origin) nor by a name that it made point here (Host).

    With a sign-in, webhooks may carry `hint_key` instead, which opens nothing
    else; their scope has `ONLY_HINTS` then.
    """

    def __init__(self, app: Application, sign_in: SignIn | None, hint_key: str = "") -> None:
        self._app = app
        self._expected = sign_in and _digestible(sign_in.header)
        self._hint = hint_header(hint_key).encode("ascii") if hint_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if self._expected is None:
            if b"origin" in headers or not _names_loopback(headers.get(b"host", b"")):
                await take_in(receive)
                await refuse(send, 403, "only programs on this machine may ask")
                return
        elif self._is_hint(scope, headers):
            scope[ONLY_HINTS] = True
        elif not _is_expected(headers.get(b"authorization", b""), self._expected):
            realm = (b"www-authenticate", b'Basic realm="workbench"')
            await take_in(receive)
            await refuse(send, 401, "user or password is missing or wrong", realm)
            return
        await self._app(scope, receive, send)

    def _is_hint(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        if self._hint is None or (scope["method"], scope["path"]) != ("POST", _WEBHOOK):
            return False
        return hmac.compare_digest(headers.get(b"authorization", b""), self._hint)


def hint_header(key: str) -> str:
    """The Authorization header of a webhook that has the `key`."""
    return f"Bearer {key}"


async def take_in(receive: Receive) -> None:
    """Take in a short body, and ignore it, so that an answer to it arrives.

    Who still sends when the connection closes sees a broken one in place of the answer.
    """
    with move_on_after(_PATIENCE):
        taken, more = 0, True
        while more and taken < _SHORT:
            message = await receive()
            taken += len(message.get("body", b""))
            more = message.get("more_body", False)


async def refuse(send: Send, status: int, why: str, *headers: tuple[bytes, bytes]) -> None:
    """Answer with an error of one line."""
    body = f'{{"error": "{why}"}}'.encode()
    kind = (b"content-type", b"application/json")
    length = (b"content-length", str(len(body)).encode())
    # What a longer body still has to say is not read.
    close = (b"connection", b"close")
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [kind, length, close, *headers]})
    await send({"type": "http.response.body", "body": body})


def _is_expected(header: bytes, expected: bytes) -> bool:
    return hmac.compare_digest(_digestible(header.decode("latin-1")), expected)


def _digestible(header: str) -> bytes:
    """User and password of a header; the scheme's case and spaces do not count."""
    scheme, _, pair = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(pair.strip().encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _names_loopback(host: bytes) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host.decode('ascii')}").hostname or "")
    except ValueError:
        return False
