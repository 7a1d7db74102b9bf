"""Coders' accounts on Label Studio Community, which has no API for them.

An account is made as a person makes it: by the invite link and the sign-up
form. The token is read from the session that this opens.
"""

import re
from urllib.parse import urlsplit

import httpx

from workbench.errors import ServerDownError, StudioError, TokenError

_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')
TIMEOUT = 60.0


def ensure_account(url: str, invite_path: str, email: str, password: str) -> str:
    """Sign in as `email`, making the account first if need be; the account's API token.

    `invite_path` comes from `Gateway.invite_path`. TokenError where the account
    exists with another password, StudioError where the server refuses the form.
    """
    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT, follow_redirects=True) as client:
            if not _submit(client, "/user/login/", email, password):
                client.cookies.clear()
                if not _submit(client, invite_path, email, password):
                    raise TokenError(
                        f"{url}: no account can be made for {email}, or its password is another",
                        "reset its password with `label-studio reset_password`",
                    )
            answer = client.get("/api/current-user/token")
            if not answer.is_success:
                raise StudioError(
                    f"{url} gives no token for {email} ({answer.status_code})",
                    "enable legacy tokens in the organisation's settings",
                )
            return str(answer.json()["token"])
    except httpx.TransportError:
        raise ServerDownError(
            f"no Label Studio answers at {url}", "run `workbench studio start`"
        ) from None


def _submit(client: httpx.Client, path: str, email: str, password: str) -> bool:
    """Fill in the form at `path`; whether it led on to a signed-in page."""
    page = client.get(path)
    found = _FORM_TOKEN.search(page.text)
    if found is None:
        return False
    answer = client.post(
        path,
        data={
            "csrfmiddlewaretoken": found.group(1),
            "email": email,
            "password": password,
            "allow_newsletters": "false",
        },
        headers={"Referer": str(page.url)},
    )
    arrived = urlsplit(str(answer.url)).path
    return answer.is_success and not arrived.startswith(("/user/login", "/user/signup"))
