"""Coders' accounts on Label Studio Community, which has no API for them.

An account is made as a person makes it: by the invite link and the sign-up
form. The token is read from the session that this opens.
"""

import re
from html import unescape
from urllib.parse import urlsplit

import httpx

from workbench.annotations.gateway import Gateway
from workbench.errors import ServerDownError, StudioError, StudioRequestError, TokenError

_FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')
_REFUSALS = re.compile(r'<ul class="field_errors">(.*?)</ul>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
TIMEOUT = 60.0


def ensure_account(url: str, invite_path: str, email: str, password: str) -> str:
    """Sign in as `email`, making the account first if need be; the account's API token.

    `invite_path` comes from `Gateway.invite_path`. TokenError where the account
    exists with another password, StudioError where the server refuses the form.
    """
    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT, follow_redirects=True) as client:
            if not _is_signed_in(_fill_in(client, "/user/login/", email, password)):
                client.cookies.clear()
                if not _is_signed_in(_fill_in(client, invite_path, email, password)):
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
        raise _down(url) from None


def make_account(url: str, invite_path: str, email: str, password: str) -> None:
    """Make an account that is not there yet, by the sign-up form at `invite_path`.

    StudioError, in the form's own words, where the server refuses;
    StudioRequestError where its answer was lost, so that the account may be there.
    """
    with httpx.Client(base_url=url, timeout=TIMEOUT, follow_redirects=True) as client:
        try:
            answer = _fill_in(client, invite_path, email, password)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise _down(url) from None
        except httpx.TransportError as error:
            raise _doubt(email, f"the connection broke ({type(error).__name__})") from None
    if answer is None:
        raise StudioError(
            f"{url} shows no sign-up form", "make the account there by hand, then run this again"
        )
    if answer.status_code >= 500:
        raise _doubt(email, f"Label Studio answered {answer.status_code}")
    if not _is_signed_in(answer):
        words = _read_refusal(answer.text) or f"answer {answer.status_code}"
        raise StudioError(
            f"{url} makes no account for {email}: {words}",
            "an account that was closed there stays closed: give another e-mail"
            if "already exists" in words
            else "mend that, or make the account there by hand",
        )


def close_account(gateway: Gateway, studio_id: int) -> None:
    """Take a person out of the organisation: what the account made stays, it sees nothing more.

    Label Studio Community has no way back, and calls the person "Deleted" from
    then on. StudioError where the token is not that of the organisation's owner.
    """
    try:
        organisation = gateway.call("GET", "api/organizations/")[0]["id"]
        gateway.call("DELETE", f"api/organizations/{organisation}/memberships/{studio_id}/")
    except TokenError:
        raise StudioError(
            f"{gateway.url} lets only the owner of its organisation close accounts",
            "use the token of who set the server up",
        ) from None
    except StudioRequestError as error:
        if error.status != 404:
            raise


def _fill_in(client: httpx.Client, path: str, email: str, password: str) -> httpx.Response | None:
    """Fill in the form at `path`; what came of it, None where there is no form."""
    page = client.get(path)
    found = _FORM_TOKEN.search(page.text)
    if found is None:
        return None
    return client.post(
        path,
        data={
            "csrfmiddlewaretoken": found.group(1),
            "email": email,
            "password": password,
            "allow_newsletters": "false",
        },
        headers={"Referer": str(page.url)},
    )


def _read_refusal(page: str) -> str:
    """What a form that is shown again says is wrong with it."""
    found = _REFUSALS.search(page)
    words = unescape(_TAG.sub(" ", found.group(1))) if found else ""
    return " ".join(words.split()).rstrip(".")


def _is_signed_in(answer: httpx.Response | None) -> bool:
    if answer is None or not answer.is_success:
        return False
    arrived = urlsplit(str(answer.url)).path
    return not arrived.rstrip("/").endswith(("/user/login", "/user/signup"))


def _doubt(email: str, what: str) -> StudioRequestError:
    return StudioRequestError(
        f"making the account of {email}: {what}, so the account may be there",
        "run the same command again: an account that is there is taken as it is",
    )


def _down(url: str) -> ServerDownError:
    return ServerDownError(f"no Label Studio answers at {url}", "run `workbench studio start`")
