"""Which Label Studio a workspace talks to, and with which token."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from workbench.annotations.server import read_state
from workbench.config import Workspace
from workbench.credentials import (
    TOKEN_VARIABLE,
    default_token_file,
    read_credentials,
    read_token_file,
)
from workbench.errors import StudioError, TokenError


def studio_address(workspace: Workspace) -> str:
    """Label Studio's address: as set, else the workspace's own server."""
    given = str(workspace.values["url"]).strip().rstrip("/")
    if given:
        _check_address(given)
        return given
    state = read_state(workspace)
    if state is None:
        raise StudioError(
            "no Label Studio address",
            "run `workbench studio start`, or set label_studio.url in workbench.toml",
        )
    return state.url


def studio_token(workspace: Workspace, url: str) -> str:
    """The API token: from the environment, the local server's own, else from a file.

    Raises TokenError where there is none or its file is open to others.
    """
    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    if given:
        return _checked_token(given, TOKEN_VARIABLE)
    file = str(workspace.values["token_file"])
    state = read_state(workspace)
    if not file and state is not None and state.url == url:
        credentials = read_credentials(workspace.credentials_file)
        if credentials is not None:
            return credentials.token
    path = Path(file) if file else default_token_file()
    if not file and not path.exists():
        raise TokenError(
            f"no token for {url}", f"set {TOKEN_VARIABLE}, or write the token into {path}"
        )
    return _checked_token(read_token_file(path, workspace.root), str(path))


def _check_address(given: str) -> None:
    """Refuse what is no address, and one that holds a password, without repeating it."""
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        secret = "@" in parts.netloc
    except ValueError:
        good, secret = False, "@" in given
    if secret:
        raise StudioError(
            "label_studio.url holds a user name or password",
            f"leave it out of the address and set {TOKEN_VARIABLE}",
        )
    if not good:
        raise StudioError(
            f"label_studio.url {given!r} is not an address", "write it as http://host:port"
        )


def _checked_token(token: str, where: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        raise TokenError(
            f"{where} does not hold a token: it is empty, or has characters that no token has",
            "copy the token anew from Label Studio's account page",
        )
    return token
