"""The workspace and its settings, in the order flag, environment, workbench.toml, default.

Secrets are not settings; they are in `credentials.py`.
"""

import json
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path

from workbench.credentials import TOKEN_VARIABLE
from workbench.errors import ConfigError, WorkspaceError

FILE_NAME = "workbench.toml"
NUMBER = re.compile(r"-?\d{1,18}")
SHARE = re.compile(r"\d{1,9}(\.\d{1,9})?")
WORKSPACE_VARIABLE = "WORKBENCH_WORKSPACE"
_SECRET_WORDS = ("token", "api_key", "apikey", "password", "secret")


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set: its key in workbench.toml, its variable, its default and meaning.

    A number lies between `least` and `most`.
    """

    key: str
    variable: str
    default: str | int | float
    meaning: str
    least: int = 0
    most: int = 2**32 - 1


#: Every setting, by the name that commands use for it.
SETTINGS: dict[str, Setting] = {
    "taxonomy": Setting(
        "taxonomy.file", "WORKBENCH_TAXONOMY", "taxonomy/rights.yaml", "the codebook"
    ),
    "database": Setting(
        "database.url", "WORKBENCH_DATABASE_URL", "", "SQLAlchemy URL; empty: .workbench/"
    ),
    "url": Setting(
        "label_studio.url", "LABEL_STUDIO_URL", "", "address; empty: the workspace's own server"
    ),
    "project": Setting(
        "label_studio.project", "WORKBENCH_PROJECT", "", "project title; empty: the workspace name"
    ),
    "coders_per_paragraph": Setting(
        "label_studio.coders_per_paragraph",
        "WORKBENCH_CODERS_PER_PARAGRAPH",
        2,
        "how many coders get each paragraph",
        least=1,
        most=1000,
    ),
    "hidden_share": Setting(
        "label_studio.hidden_share",
        "WORKBENCH_HIDDEN_SHARE",
        0.1,
        "share of the paragraphs shown without pre-labels, to measure their effect",
        most=1,
    ),
    "token_file": Setting(
        "label_studio.token_file", "LABEL_STUDIO_TOKEN_FILE", "", "file with the token, mode 0600"
    ),
    "port": Setting(
        "studio.port", "WORKBENCH_STUDIO_PORT", 8080, "port of the local server", 1024, 65535
    ),
    "studio_environment": Setting(
        "studio.environment",
        "WORKBENCH_STUDIO_ENV",
        "",
        "where Label Studio is installed; empty: the user's data folder",
    ),
    "seed": Setting("train.seed", "WORKBENCH_SEED", 0, "seed of training and of intervals"),
    "names": Setting(
        "train.names",
        "WORKBENCH_NAMES",
        "",
        "spaCy pipeline that finds names of people and places; empty: by their capitals",
    ),
}


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with workbench.toml. `values` holds the settings, `origins` whence each came."""

    root: Path
    name: str
    workspace_id: str
    values: Mapping[str, str | int | float]
    origins: Mapping[str, str]

    @property
    def hidden(self) -> Path:
        """Where the database and the local server keep their files; not for git."""
        return self.root / ".workbench"

    @property
    def database_url(self) -> str:
        return self._text("database") or f"sqlite:///{self.hidden / 'workbench.db'}"

    @property
    def taxonomy_file(self) -> Path:
        return self.root / self._text("taxonomy")

    @property
    def project_title(self) -> str:
        return self._text("project") or self.name

    @property
    def studio_environment(self) -> Path:
        given = self._text("studio_environment")
        return Path(given).expanduser() if given else user_data_path("workbench") / "label-studio"

    @property
    def names_pipeline(self) -> str | None:
        """A spaCy pipeline, by name or folder; one that workbench.toml names may be beside it."""
        given = self._text("names")
        beside = self.root / given
        if given and self.origins["names"] == FILE_NAME and beside.is_dir():
            return str(beside)
        return given or None

    @property
    def credentials_file(self) -> Path:
        return user_config_path("workbench") / f"studio-{self.workspace_id}.json"

    def folder(self, room: str) -> Path:
        """The data folder of a room: annotations, models or exports."""
        return self.root / room

    def number(self, name: str) -> int:
        return int(self.values[name])

    def share(self, name: str) -> float:
        return float(self.values[name])

    def _text(self, name: str) -> str:
        return str(self.values[name])


def find_workspace(given: Path | None, flags: Mapping[str, str | int | float | None]) -> Workspace:
    """The workspace at `given`, else at WORKBENCH_WORKSPACE, else here or in a parent folder.

    `flags` are settings given on the command line (None: not given). Raises
    WorkspaceError where there is none, ConfigError where a setting is wrong.
    """
    named = given or (Path(v) if (v := os.environ.get(WORKSPACE_VARIABLE)) else None)
    start = (named or Path.cwd()).expanduser().resolve()
    for folder in (start,) if named else (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return read_workspace(folder, flags)
    raise WorkspaceError(
        f"{start}: no workspace here (no {FILE_NAME})",
        "run `workbench init`, or name one with --workspace",
    )


def read_workspace(root: Path, flags: Mapping[str, str | int | float | None]) -> Workspace:
    """Read workbench.toml and resolve every setting."""
    file = root / FILE_NAME
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file}: cannot be read as UTF-8 text", "save it as UTF-8, where you may read it"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}", "mend the TOML there") from error
    given = _flatten(data, file)
    head = {key: given.pop(f"workspace.{key}", None) for key in ("name", "id")}
    for key, value in head.items():
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(
                f"{file}: workspace.{key} is missing", f'write {key} = "..." under [workspace]'
            )
    values: dict[str, str | int | float] = {}
    origins: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        from_file = given.pop(setting.key, None)
        variable = os.environ.get(setting.variable) or None
        for value, origin in (
            (flags.get(name), "flag"),
            (variable, f"environment, {setting.variable}"),
            (from_file, FILE_NAME),
            (setting.default, "default"),
        ):
            if value is not None:
                values[name] = _typed(value, setting, origin, file)
                origins[name] = origin
                break
    for key in given:
        raise ConfigError(f"{file}: {key} is not a known setting", "check its spelling")
    return Workspace(root, str(head["name"]), str(head["id"]), values, origins)


def new_workspace_text(name: str) -> str:
    """The workbench.toml of a new workspace: every setting, with its default, commented out."""
    lines = [
        "# Settings of this workspace. A flag or an environment variable overrides them.",
        "# No secrets here: the Label Studio token comes from LABEL_STUDIO_API_KEY or from a",
        "# file outside this folder (label_studio.token_file) that only you can read.",
        "[workspace]",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        f'id = "{secrets.token_hex(8)}"',
    ]
    section = ""
    for setting in SETTINGS.values():
        table, key = setting.key.split(".")
        if table != section:
            lines += ["", f"[{table}]"]
            section = table
        lines.append(f"# {key} = {json.dumps(setting.default)}  # {setting.meaning}")
    return "\n".join(lines) + "\n"


def _flatten(data: Mapping[str, Any], file: Path) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for table, entries in data.items():
        if not isinstance(entries, Mapping):
            raise ConfigError(f"{file}: {table} stands outside a table", "put it under [workspace]")
        for key, value in entries.items():
            if any(word in key.lower() for word in _SECRET_WORDS) and key != "token_file":
                raise ConfigError(
                    f"{file}: {table}.{key}: secrets do not belong in this file",
                    f"remove it and set {TOKEN_VARIABLE} instead",
                )
            flat[f"{table}.{key}"] = value
    return flat


def _typed(value: Any, setting: Setting, origin: str, file: Path) -> str | int | float:
    where = f"{file}: {setting.key}" if origin == FILE_NAME else f"{origin} ({setting.key})"
    if isinstance(setting.default, float):
        share = float(value) if isinstance(value, str) and SHARE.fullmatch(value) else value
        if type(share) not in (int, float) or not setting.least <= share <= setting.most:
            raise ConfigError(
                f"{where}: a number expected, not {value!r}",
                f"write one from {setting.least} to {setting.most}",
            )
        return float(share)
    if isinstance(setting.default, int):
        number = int(value) if isinstance(value, str) and NUMBER.fullmatch(value) else value
        if type(number) is not int or not setting.least <= number <= setting.most:
            raise ConfigError(
                f"{where}: a whole number expected, not {value!r}",
                f"write one from {setting.least} to {setting.most}",
            )
        return number
    if not isinstance(value, str):
        raise ConfigError(f"{where}: text expected, not {value!r}", "put it in quotes")
    return value
