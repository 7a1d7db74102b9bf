"""People who code on a real server: one whom Label Studio serves, and a team that codes blind."""

import json
import random
import re
from collections import Counter
from pathlib import Path

import httpx

from tests.conftest import Cli
from tests.studio.ownserver import ServerProject, read_server
from tests.studio.study import CODES, invent
from workbench.annotations.accounts import ensure_account
from workbench.annotations.gateway import Gateway
from workbench.annotations.tasks import result_of
from workbench.config import read_workspace
from workbench.records import Assignment
from workbench.store.annotations import list_annotations
from workbench.store.assignments import list_assignments
from workbench.store.database import Database

TEAM = ("ana", "ben", "chloe")
SHARED = 3


def password_in(text: str) -> str:
    found = re.findall(r"password(?: is)? +(\S+)", text)
    assert len(found) == 1, text
    return found[0]


def token_of(gateway: Gateway, email: str, password: str) -> str:
    """Signs in; TokenError where the password is another (an account is not made: no invite)."""
    return ensure_account(gateway.url, "/user/login/", email, password)


class Stream:
    """A coder who codes what Label Studio serves next."""

    def __init__(self, cli: Cli, gateway: Gateway, email: str, name: str) -> None:
        address = f"{name}.{email}"
        password = password_in(cli("coders", "add", name, "--email", address))
        self.token = token_of(gateway, address, password)
        self.url = gateway.url

    def work(self, project: int) -> list[int]:
        """Code until nothing is served; the tasks, in order."""
        served: list[int] = []
        headers = {"Authorization": f"Token {self.token}"}
        while True:
            answer = httpx.get(f"{self.url}/api/projects/{project}/next", headers=headers)
            if answer.status_code == 404:
                return served
            served.append(answer.json()["id"])
            httpx.post(
                f"{self.url}/api/tasks/{served[-1]}/annotations/",
                headers=headers,
                json={"result": result_of(("torture",)), "lead_time": 1.0},
            ).raise_for_status()


class Person(Stream):
    """A coder who codes what the stream serves, each in a way of their own."""

    def __init__(self, cli: Cli, gateway, email: str, name: str) -> None:
        super().__init__(cli, gateway, email, name)
        self.name, self.email = name, f"{name}.{email}"
        self.client = httpx.Client(
            base_url=gateway.url, headers={"Authorization": f"Token {self.token}"}, timeout=60
        )

    def code(self, project: int, most: int = 1000) -> list[dict]:
        """Code what is served, `most` tasks at most; the tasks, in order."""
        served: list[dict] = []
        while len(served) < most:
            answer = self.client.get(f"/api/projects/{project}/next")
            if answer.status_code == 404:
                break
            task = answer.json()
            key = task["data"]["paragraph_id"]
            # Mostly the same codes as the others give, now and then others.
            rng = random.Random(key if len(served) % 4 else f"{key}/{self.name}")
            shown = task["predictions"]
            body = {
                "result": result_of(rng.sample(CODES, rng.randint(0, 2))),
                "lead_time": 2.0,
                "parent_prediction": shown[0]["id"] if shown else None,
            }
            self.client.post(f"/api/tasks/{task['id']}/annotations/", json=body).raise_for_status()
            served.append(task)
        return served


class Team:
    """A workspace with two reports of invented paragraphs, and the people who code them."""

    def __init__(self, cli: Cli, studio, gateway, email: str) -> None:
        self.cli, self.gateway, self.email = cli, gateway, email
        self.data: Path = studio.workspace.hidden / "studio" / "label_studio.sqlite3"
        self.people: dict[str, Person] = {}
        for number in (1, 2):
            rows = [
                json.dumps({"report": f"veldria-202{number}", "section": "Rights", "text": text})
                for text in invent(8, number)
            ]
            self.file(number).write_text("\n".join(rows) + "\n", encoding="utf-8")
        self.ingest()

    def file(self, number: int) -> Path:
        return self.cli.folder / f"veldria-202{number}.jsonl"

    def ingest(self) -> None:
        self.cli("ingest", self.file(1), self.file(2), "--text-field", "text")

    def hire(self, *names: str) -> None:
        for name in names:
            self.people[name] = Person(self.cli, self.gateway, self.email, name)

    def lose_database(self) -> None:
        for file in (self.cli.folder / ".workbench").glob("workbench.db*"):
            file.unlink()

    @property
    def projects(self) -> dict[str, ServerProject]:
        """What the server holds, past its API, by the coder whose project it is."""
        found = read_server(self.data, read_workspace(self.cli.folder, {}).workspace_id)
        return {project.mark.partition("/coder/")[2]: project for project in found}

    @property
    def assignments(self) -> list[Assignment]:
        with self._database().session() as session:
            return list_assignments(session)

    @property
    def annotations(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        with self._database().session() as session:
            found = list_annotations(session)
        return sorted((a.key, a.paragraph_id, a.coder, a.codes) for a in found)

    def assigned(self, name: str, *, shared: bool = False) -> set[str]:
        return {
            a.paragraph_id for a in self.assignments if a.coder == name and (a.shared or not shared)
        }

    def coders_of(self) -> Counter[str]:
        """How many coders each paragraph has, of those who coded it."""
        return Counter(key for key, _ in {(a[1], a[2]) for a in self.annotations})

    def _database(self) -> Database:
        return Database(f"sqlite:///{self.cli.folder / '.workbench' / 'workbench.db'}")


def share_out(team: Team) -> None:
    names = ",".join(TEAM)
    said = team.cli.json(
        "assign", "--coders", names, "--per-paragraph", "2", "--shared", str(SHARED)
    )
    assert (said["new"], said["shared"]) == (3 * SHARED + 2 * (16 - SHARED), SHARED)


def keys_of(project: ServerProject) -> list[str]:
    return [task.paragraph_id for task in project.tasks]
