"""Secrets: where tokens and passwords lie. Never in the workspace, never in a text.

The Label Studio token comes from the environment, or from a file outside the
workspace that only its owner can read.
"""

import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_config_path

from workbench.errors import TokenError

TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Sign-in and token of the workspace's own Label Studio server. Never logged."""

    username: str
    password: str
    token: str

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r})"


def read_token_file(path: Path, root: Path) -> str:
    """The token in `path`, which must lie outside the workspace and be private (0600)."""
    path = path.expanduser().resolve()
    if path.is_relative_to(root.resolve()):
        raise TokenError(
            f"{path}: a token file must lie outside the workspace", "move it to your home folder"
        )
    return _read_private(path).strip()


def read_credentials(file: Path) -> Credentials | None:
    """The local server's credentials, None before its first start."""
    if not file.exists():
        return None
    try:
        data = json.loads(_read_private(file))
        return Credentials(data["username"], data["password"], data["token"])
    except (ValueError, KeyError, TypeError) as error:
        raise TokenError(
            f"{file}: is damaged",
            "delete it and the folder .workbench/studio",
        ) from error


def new_credentials() -> Credentials:
    """Fresh credentials for a local server."""
    return Credentials(
        "workbench@localhost.local", secrets.token_urlsafe(12), secrets.token_hex(20)
    )


def save_credentials(file: Path, credentials: Credentials) -> None:
    """Keep credentials in `file`, readable by its owner alone (mode 0600)."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(credentials), stream)


def default_token_file() -> Path:
    """Where the token of a remote server is looked for when no setting names a file."""
    return user_config_path("workbench") / "label-studio.token"


def _read_private(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise TokenError(
                f"{path}: other users can read it (mode {mode:04o})", f"run `chmod 600 {path}`"
            )
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TokenError(
            f"{path}: cannot be read: {error.strerror}",
            f"write the token there, or set {TOKEN_VARIABLE}",
        ) from error
