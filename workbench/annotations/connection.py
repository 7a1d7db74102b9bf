"""Plain requests to Label Studio: signed in, their errors ours, each write sent once."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import httpx

from workbench.errors import (
    NotLabelStudioError,
    ServerDownError,
    StudioError,
    StudioRequestError,
    TokenError,
)

#: Seconds; an import or export of 10,000 tasks takes up to half a minute.
TIMEOUT = 300.0
#: Seconds to wait for a connection.
_CONNECT = 10.0
#: Seconds before each further try of a request that only reads.
_PAUSES = (0.3, 1.0, 3.0, 5.0)
#: Seconds after which a server that takes no connection is given up.
_DOWN = 10.0
#: Seconds before its end at which a bearer is renewed.
_EARLY = 30.0


class Connection:
    """Label Studio at `url`, signed in with `token`, a legacy or a personal one.

    `timeout` is in seconds, of each request. Raises ServerDownError,
    NotLabelStudioError, TokenError or StudioRequestError; none of their texts
    holds the token. May be used from several threads.
    """

    def __init__(self, url: str, token: str, timeout: float = TIMEOUT) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.http = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)), follow_redirects=True
        )
        self._token = token
        self._personal = _is_personal(token)
        self._bearer, self._bearer_ends = "", 0.0
        self._lock = threading.Lock()
        self._answered = False

    def close(self) -> None:
        self.http.close()

    def request(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        params: Any = None,
        body: Any = None,
        content: bytes | None = None,
        turn: AbstractContextManager[Any] | None = None,
    ) -> Any:
        """The JSON that is answered, None where there is none.

        `content` is a body that is JSON already; `doing` says in errors what
        the call was for. `turn` is held while the server works, until it begins
        to answer: the next request need not wait for the body to arrive. Calls
        that only read are tried again after a broken connection or a server's
        error, all others are sent once.
        """
        pauses = iter(_PAUSES if method == "GET" else ())
        start = time.monotonic()
        while True:
            try:
                with self.translated(doing):
                    answer = self._send(method, path, params, body, content, turn)
                    self._answered = True
                    return answer
            except StudioError as error:
                pause = next(pauses, None)
                if pause is None or not is_doubtful(error) or not self._answered:
                    raise
                if isinstance(error, ServerDownError) and time.monotonic() - start >= _DOWN:
                    raise
            time.sleep(pause)

    def version(self) -> str:
        """The server's version; checks on the way that it is a Label Studio at all."""
        with self.translated("asking for the version"):
            try:
                answer = self.http.get(f"{self.url}/api/version", timeout=min(self.timeout, 15))
                release = answer.json()["release"] if answer.is_success else None
            except (ValueError, KeyError, TypeError):
                release = None
        if not isinstance(release, str):
            raise NotLabelStudioError(
                f"{self.url} answers, but it is not Label Studio",
                "check label_studio.url in workbench.toml",
            )
        return release

    def _send(
        self,
        method: str,
        path: str,
        params: Any,
        body: Any,
        content: bytes | None,
        turn: AbstractContextManager[Any] | None,
    ) -> Any:
        headers = {"Authorization": self._authorization()}
        if content is not None:
            headers["Content-Type"] = "application/json"
        given: dict[str, Any] = {"content": content} if content is not None else {"json": body}
        request = self.http.build_request(
            method, f"{self.url}/{path.lstrip('/')}", params=params, headers=headers, **given
        )
        with turn or nullcontext():
            answer = self.http.send(request, stream=True)
        try:
            answer.read()
        finally:
            answer.close()
        if not answer.is_success:
            raise Refusal(answer.status_code, _read(answer))
        return _read(answer) if answer.content else None

    def _authorization(self) -> str:
        if not self._personal:
            return f"Token {self._token}"
        with self._lock:
            if time.monotonic() >= self._bearer_ends:
                answer = self.http.post(
                    f"{self.url}/api/token/refresh", json={"refresh": self._token}
                )
                if not answer.is_success:
                    raise Refusal(answer.status_code, _read(answer))
                self._bearer = str(answer.json()["access"])
                claims = _claims(self._bearer)
                lasts = float(claims.get("exp", 0)) - float(claims.get("iat", 0))
                self._bearer_ends = time.monotonic() + max(0.0, lasts - _EARLY)
            return f"Bearer {self._bearer}"

    @contextmanager
    def translated(self, doing: str, refusals: tuple[type[Exception], ...] = ()) -> Iterator[None]:
        """Turn the network's errors, refusals and those of the SDK (`refusals`) into ours."""
        try:
            yield
        except (Refusal, *refusals) as error:
            status, answer = error.status_code, error.body  # type: ignore[attr-defined]
            raise self._refused(doing, status or 0, answer) from None
        except httpx.ConnectTimeout:
            raise self._down() from None
        except httpx.TimeoutException:
            raise StudioRequestError(
                f"{doing}: no answer within {self.timeout:.0f} s",
                "run the same command again: it goes on from what arrived",
            ) from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise self._down() from None
        except httpx.TransportError as error:
            raise StudioRequestError(
                f"{doing}: the connection broke ({type(error).__name__})",
                "run the same command again: it goes on from what arrived",
            ) from None

    def _down(self) -> ServerDownError:
        return ServerDownError(
            f"no Label Studio answers at {self.url}",
            "run `workbench studio start`, or check label_studio.url",
        )

    def _refused(self, doing: str, status: int, body: Any) -> StudioError:
        if status in (401, 403):
            return TokenError(
                f"{self.url} refuses the token ({status})",
                "take a new one from Label Studio's account page",
            )
        text = " ".join(_detail(body).split())
        if text.startswith("<"):
            text = "an HTML page"
        return StudioRequestError(
            f"{doing}: Label Studio answered {status}: {text[:300]}",
            "see the server's log",
            status,
        )


class Refusal(Exception):
    """An answer that is no success; does not leave `Connection.translated`."""

    def __init__(self, status_code: int, body: Any) -> None:
        super().__init__(str(status_code))
        self.status_code, self.body = status_code, body


def is_doubtful(error: StudioError) -> bool:
    """Whether a request may have been carried out though it failed, or may be later.

    So it is after a time-out, a broken connection, an error of the server, and
    while nothing answers.
    """
    if isinstance(error, StudioRequestError):
        return error.status is None or error.status >= 500
    return isinstance(error, ServerDownError)


def _detail(body: Any) -> str:
    """What a refusal says: its reasons where it names any."""
    if not isinstance(body, Mapping):
        return str(body)
    reasons = body.get("validation_errors")
    if isinstance(reasons, Mapping) and reasons:
        told = (" ".join(map(str, r)) if isinstance(r, list) else str(r) for r in reasons.values())
        return "; ".join(told)
    return str(body.get("detail") or dict(body))


def _read(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _is_personal(token: str) -> bool:
    """Whether the token must be exchanged for short-lived bearers first."""
    return _claims(token).get("token_type") == "refresh"


def _claims(token: str) -> dict[str, Any]:
    """What a JSON web token says of itself, {} for any other token. Nothing is verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
