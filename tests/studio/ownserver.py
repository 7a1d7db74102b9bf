"""A Label Studio of one's own: a copy of one that has been set up, to be killed and restarted."""

import json
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import httpx

from workbench.annotations.accounts import ensure_account
from workbench.annotations.gateway import Gateway
from workbench.annotations.server import read_state, start_server, stop_server
from workbench.annotations.tasks import result_of
from workbench.config import Workspace, new_workspace_text, read_workspace
from workbench.credentials import read_credentials, save_credentials

PASSWORD = "coder-password-1"


def fresh_workspace(folder: Path, port: int, name: str = "Server") -> Workspace:
    """A workspace with nothing but a server in view."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workbench.toml").write_text(new_workspace_text(name), encoding="utf-8")
    return read_workspace(folder, {"port": port})


def copy_workspace(source: Workspace, folder: Path, port: int) -> Workspace:
    """`source` with its server's data, whose sign-in is the same; it may be running."""
    held, target = source.hidden / "studio", folder / ".workbench" / "studio"
    target.parent.mkdir(parents=True)
    shutil.copy(source.root / "workbench.toml", folder)
    shutil.copytree(held, target, ignore=shutil.ignore_patterns("*.sqlite3*", "*.json", "*.log"))
    with (
        closing(sqlite3.connect(held / "label_studio.sqlite3")) as live,
        closing(sqlite3.connect(target / "label_studio.sqlite3")) as copy,
    ):
        live.backup(copy)
    return read_workspace(folder, {"port": port})


@dataclass
class OwnServer:
    """The Label Studio server of `workspace`; its port stays the same from start to start."""

    workspace: Workspace
    url: str = ""
    token: str = ""
    _port: int | None = None

    @property
    def data(self) -> Path:
        """Label Studio's own database."""
        return self.workspace.hidden / "studio" / "label_studio.sqlite3"

    def start(self) -> None:
        state, _ = start_server(self.workspace, self._port, lambda text: None)
        credentials = read_credentials(self.workspace.credentials_file)
        assert credentials is not None
        self.url, self.token, self._port = state.url, credentials.token, state.port

    def stop(self) -> None:
        stop_server(self.workspace)

    def backup(self) -> bytes:
        """Label Studio's database as it is now, whole."""
        with closing(sqlite3.connect(self.data)) as db:
            return db.serialize()

    def kill(self) -> None:
        """End the process as a power cut does."""
        state = read_state(self.workspace)
        assert state is not None
        os.killpg(state.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(state.pid, 0)


@contextmanager
def own_server(folder: Path, port: int, like: Path | None = None) -> Iterator[OwnServer]:
    """A server in `folder` while the block runs, with its sign-in in there too.

    Its first start takes most of a minute; `like` is a workspace whose server
    has had it, and is copied.
    """
    source = None if like is None else read_workspace(like, {})
    credentials = source and read_credentials(source.credentials_file)
    with patch.dict(os.environ, {"XDG_CONFIG_HOME": str(folder / "config")}):
        if source is not None and credentials is not None:
            workspace = copy_workspace(source, folder, port)
            save_credentials(workspace.credentials_file, credentials)
        else:
            workspace = fresh_workspace(folder, port)
        server = OwnServer(workspace)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class Coder:
    """A coder who talks to the server directly, not through workbench."""

    email: str
    number: int
    client: httpx.Client = field(repr=False)

    def code(self, task_id: int, codes: Iterable[str], *, skipped: bool = False) -> int:
        """Submit or skip a task; the annotation's number."""
        answer = self.client.post(
            f"/api/tasks/{task_id}/annotations/",
            json={"result": result_of(codes), "was_cancelled": skipped, "lead_time": 3.0},
        )
        answer.raise_for_status()
        return answer.json()["id"]

    def recode(self, annotation_id: int, codes: Iterable[str]) -> None:
        """Change one's mind."""
        body = {"result": result_of(codes), "was_cancelled": False}
        self.client.patch(f"/api/annotations/{annotation_id}/", json=body).raise_for_status()

    def delete(self, annotation_id: int) -> None:
        self.client.delete(f"/api/annotations/{annotation_id}/").raise_for_status()


def make_coders(url: str, token: str, number: int) -> list[Coder]:
    """Accounts of coders, made if need be, each with a connection signed in with its token."""
    gateway = Gateway(url, token)
    path = gateway.invite_path()
    gateway.close()
    return [sign_in(url, path, f"coder{n}@example.org") for n in range(1, number + 1)]


def sign_in(url: str, invite_path: str, email: str) -> Coder:
    """A coder's account, made if need be."""
    token = ensure_account(url, invite_path, email, PASSWORD)
    client = httpx.Client(
        base_url=url, headers={"Authorization": f"Token {token}"}, timeout=120, trust_env=False
    )
    return Coder(email, client.get("/api/current-user/whoami").json()["id"], client)


@dataclass(frozen=True)
class ServerAnnotation:
    """An annotation as it lies in Label Studio's database."""

    annotation_id: int
    paragraph_id: str
    email: str
    codes: tuple[str, ...]
    skipped: bool
    unique_id: str


@dataclass(frozen=True)
class ServerTask:
    """A task as it lies in Label Studio's database; `versions` has one entry a pre-label."""

    task_id: int
    paragraph_id: str
    hidden: bool
    versions: tuple[str, ...]
    annotations: tuple[ServerAnnotation, ...]


@dataclass(frozen=True)
class ServerProject:
    """A project as it lies in Label Studio's database; `mark` is what workbench wrote there."""

    studio_id: int
    mark: str
    model_version: str
    tasks: tuple[ServerTask, ...]


def read_server(data: Path, workspace_id: str) -> list[ServerProject]:
    """The projects of a workspace, read past the server: what is there, not what it says."""
    found = []
    with closing(sqlite3.connect(data, timeout=60)) as db:
        for number, description, version in db.execute(
            "SELECT id, description, model_version FROM project WHERE deleted_at IS NULL"
        ).fetchall():
            mark = re.search(rf"\[(workbench:{workspace_id}[^\]]*)\]", description or "")
            if mark is None:
                continue
            versions: dict[int, list[str]] = {}
            for task, name in db.execute(
                "SELECT p.task_id, p.model_version FROM prediction p "
                "JOIN task t ON t.id = p.task_id WHERE t.project_id = ?",
                (number,),
            ):
                versions.setdefault(task, []).append(name or "")
            held = db.execute(
                "SELECT id, data FROM task WHERE project_id = ? ORDER BY id", (number,)
            ).fetchall()
            data_of = {task: json.loads(text) for task, text in held}
            annotations: dict[int, list[ServerAnnotation]] = {}
            for row in db.execute(
                "SELECT c.id, c.task_id, u.email, c.result, c.was_cancelled, c.unique_id "
                "FROM task_completion c JOIN task t ON t.id = c.task_id "
                "LEFT JOIN htx_user u ON u.id = c.completed_by_id WHERE t.project_id = ?",
                (number,),
            ):
                annotations.setdefault(row[1], []).append(
                    ServerAnnotation(
                        annotation_id=row[0],
                        paragraph_id=str(data_of[row[1]].get("paragraph_id")),
                        email=row[2] or "",
                        codes=codes_in(json.loads(row[3])),
                        skipped=bool(row[4]),
                        unique_id=str(UUID(row[5])) if row[5] else "",
                    )
                )
            found.append(
                ServerProject(
                    studio_id=number,
                    mark=mark[1],
                    model_version=version or "",
                    tasks=tuple(
                        ServerTask(
                            task_id=task,
                            paragraph_id=str(values.get("paragraph_id")),
                            hidden=values.get("prelabels") is False,
                            versions=tuple(versions.get(task, ())),
                            annotations=tuple(annotations.get(task, ())),
                        )
                        for task, values in data_of.items()
                    ),
                )
            )
    return found


def codes_in(result: list[dict]) -> tuple[str, ...]:
    """The codes chosen in a Label Studio result, without the choice "none"."""
    chosen = {c for item in result for c in (item.get("value") or {}).get("choices") or ()}
    return tuple(sorted(chosen - {"none"}))
