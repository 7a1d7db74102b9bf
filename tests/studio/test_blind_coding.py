"""Blind coding from start to end on a real server: a team, its work, who leaves, what is lost."""

import json
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.conftest import Cli
from tests.studio.ownserver import ServerProject, codes_in, read_server
from tests.studio.study import CODES, invent
from tests.studio.test_coders import Stream, email, gateway  # noqa: F401
from workbench.annotations.tasks import result_of
from workbench.config import read_workspace
from workbench.records import Assignment
from workbench.store.annotations import list_annotations
from workbench.store.assignments import list_assignments
from workbench.store.database import Database

pytestmark = pytest.mark.studio
TEAM = ("ana", "ben", "chloe")
SHARED = 3


class Person(Stream):
    """A coder who codes what the stream serves, each in a way of their own."""

    def __init__(self, cli: Cli, gateway, email: str, name: str) -> None:  # noqa: F811
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

    def __init__(self, cli: Cli, studio, gateway, email: str) -> None:  # noqa: F811
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


@pytest.fixture
def team(studio_cli, studio, gateway, email) -> Team:  # noqa: F811
    made = Team(studio_cli, studio, gateway, email)
    made.hire(*TEAM)
    return made


def share_out(team: Team) -> None:
    names = ",".join(TEAM)
    said = team.cli.json(
        "assign", "--coders", names, "--per-paragraph", "2", "--shared", str(SHARED)
    )
    assert (said["new"], said["shared"]) == (3 * SHARED + 2 * (16 - SHARED), SHARED)


def keys_of(project: ServerProject) -> list[str]:
    return [task.paragraph_id for task in project.tasks]


def test_a_team_codes_blind_from_assignment_to_agreement(team: Team) -> None:
    share_out(team)
    dry = team.cli.json("push", "--dry-run", "--hidden-share", "0.4", "--project", "Blind")
    pushed = team.cli.json("push", "--hidden-share", "0.4", "--project", "Blind")
    assert (dry["created"], pushed["created"], pushed["unassigned"]) == (35, 35, 0)
    assert set(team.projects) == set(TEAM)
    for name, project in team.projects.items():
        assert sorted(keys_of(project)) == sorted(team.assigned(name))
        assert set(keys_of(project)[:SHARED]) == team.assigned(name, shared=True)
    hidden = [{t.paragraph_id for t in p.tasks if t.hidden} for p in team.projects.values()]
    both = hidden[0] | hidden[1] | hidden[2]
    for project, unseen in zip(team.projects.values(), hidden, strict=True):
        assert unseen == both & set(keys_of(project)), "hidden for one and shown to another"

    for name, person in team.people.items():
        served = person.code(team.projects[name].studio_id)
        keys = [task["data"]["paragraph_id"] for task in served]
        assert set(keys[:SHARED]) == team.assigned(name, shared=True)
        assert set(keys) == team.assigned(name)
        for task in served:
            wanted = 0 if task["data"]["prelabels"] is False else 1
            assert len(task["predictions"]) == wanted
    pulled = team.cli.json("pull")
    assert (pulled["on_server"], pulled["changes"]["created"], pulled["remarks"]) == (35, 35, [])
    assert {p["coder"]: p["on_server"] for p in pulled["projects"]} == {
        name: len(team.assigned(name)) for name in TEAM
    }
    coded = {(key, coder) for _, key, coder, _ in team.annotations}
    assert coded == {(a.paragraph_id, a.coder) for a in team.assignments}

    told = team.cli.json("agreement", "--resamples", "100")
    calibration = told["calibration"]
    assert calibration["first"]["group"] == "calibration set"
    assert (calibration["first"]["paragraphs"], calibration["second"]["paragraphs"]) == (SHARED, 13)
    effect = told["prelabels"]
    number_hidden = sum(task.hidden for p in team.projects.values() for task in p.tasks)
    assert (effect["shown"], effect["hidden"]) == (35 - number_hidden, number_hidden)
    assert number_hidden > 0
    progress = {row["coder"]: row for row in team.cli.json("coders", "list")}
    assert {name: row["done"] for name, row in progress.items()} == dict.fromkeys(TEAM, 1.0)
    assert {name: row["coded"] for name, row in progress.items()} == {
        name: len(team.assigned(name)) for name in TEAM
    }


def test_a_coder_is_replaced_and_a_lost_database_doubles_and_loses_nothing(team: Team) -> None:
    share_out(team)
    team.cli("push", "--project", "Replaced")
    for name in ("ana", "chloe"):
        team.people[name].code(team.projects[name].studio_id)
    begun = team.people["ben"].code(team.projects["ben"].studio_id, most=SHARED + 2)
    team.cli("pull")
    before = team.annotations
    rows = {row["coder"]: row for row in team.cli.json("coders", "list")}
    assert rows["ben"]["to_do"] == len(team.assigned("ben")) - len(begun)

    # Ben leaves, his account is closed, and what he has done is still his.
    team.cli("coders", "remove", "ben", "--close-account")
    team.hire("dora")
    given = team.cli.json("assign", "--coders", "ana,chloe,dora")
    pushed = team.cli.json("push")
    assert pushed["created"] == given["new"]
    done = {task["data"]["paragraph_id"] for task in begun}
    assert set(keys_of(team.projects["ben"])) == done
    assert set(keys_of(team.projects["dora"])) == team.assigned("dora")
    assert team.assigned("dora", shared=True) == team.assigned("ana", shared=True)
    for name in ("ana", "chloe", "dora"):
        team.people[name].code(team.projects[name].studio_id)
    pulled = team.cli.json("pull")
    assert pulled["changes"]["changed"] == pulled["changes"]["deleted"] == 0
    after = team.annotations
    assert set(before) <= set(after)
    counts = team.coders_of()
    assert {counts[key] for key in team.assigned("ana", shared=True)} == {4}
    assert set(counts.values()) == {2, 4}
    assert len(counts) == 16

    # The database is lost: who codes what is read off the projects.
    held = set(team.assignments)
    there = {name: keys_of(project) for name, project in team.projects.items()}
    team.lose_database()
    team.ingest()
    dry = team.cli.json("push", "--dry-run")
    assert (dry["created"], dry["removed"], len(dry["projects"])) == (0, 0, 4)
    assert team.assignments == []
    again = team.cli.json("push")
    assert "coders add" in team.cli.err
    assert (again["created"], again["removed"], again["unassigned"]) == (0, 0, 0)
    assert again["prelabelled"] == 0
    assert {name: keys_of(project) for name, project in team.projects.items()} == there
    assert set(team.assignments) == held
    assert team.cli.json("pull")["changes"]["created"] == len(after)
    for name in ("ana", "chloe", "dora"):
        assert "already" in team.cli("coders", "add", name, "--email", team.people[name].email), (
            "no second account"
        )
    assert team.annotations == after
    team.cli("coders", "remove", "ben")
    assert team.cli.json("assign")["new"] == 0
    assert team.cli.json("sync")["pushed"]["created"] == 0
    assert len(team.annotations) == len(after)


def test_what_is_assigned_later_leaves_the_project_for_all(team: Team) -> None:
    """Or coders would meet the same paragraphs in both."""
    common = team.cli.json("push", "--project", "Common first")["studio_id"]
    ana = team.people["ana"]
    begun = {task["data"]["paragraph_id"] for task in ana.code(common, most=4)}
    team.cli("pull")
    given = team.cli.json(
        "assign", "--coders", ",".join(TEAM), "--per-paragraph", "2", "--shared", str(SHARED)
    )
    dry = team.cli.json("push", "--dry-run")
    pushed = team.cli.json("push")
    for said in (dry, pushed):
        assert (said["created"], said["removed"], said["orphaned"]) == (given["new"], 12, 4)
    assert [p["coder"] for p in pushed["projects"]] == [*TEAM, None]
    assert set(keys_of(team.projects[""])) == begun
    # They count as ana's work, so she does not code them again.
    assert not begun & team.assigned("ana")
    again = team.cli.json("push")
    assert (again["created"], again["removed"], again["prelabelled"]) == (0, 0, 0)
    for name, person in team.people.items():
        person.code(team.projects[name].studio_id)
    pulled = team.cli.json("pull")
    assert pulled["changes"]["deleted"] == 0
    assert set(team.coders_of().values()) == {2, 3}
    assert len(team.annotations) == given["new"] + 4


def test_what_is_drawn_once_coders_have_their_own_projects_waits_for_its_coders(
    team: Team,
) -> None:
    team.cli("push", "--project", "Drawn", "--select", "mixed", "--n", "6")
    asked = ("assign", "--coders", ",".join(TEAM), "--per-paragraph", "2")
    assert team.cli.json(*asked)["new"] == 12
    team.cli("push")
    team.cli("push", "--select", "mixed", "--n", "5")
    assert "drawn: " in team.cli.err
    assert "5 paragraphs are assigned to nobody" in team.cli.err
    assert "run `workbench assign`" in team.cli.err
    assert sum(len(project.tasks) for project in team.projects.values()) == 12
    assert team.cli.json("assign")["new"] == 10
    sent = team.cli.json("push")
    assert (sent["created"], sent["unassigned"]) == (10, 0)


def test_one_who_was_taken_out_of_the_organisation_keeps_the_name(team: Team) -> None:
    team.cli("push", "--project", "Taken out")
    common = team.projects[""].studio_id
    team.people["ben"].code(common, most=2)
    team.people["chloe"].code(common, most=1)
    for name in ("ben", "chloe"):
        team.cli("coders", "remove", name, "--close-account")
    assert list(team.gateway.users().values()).count("Deleted") >= 2
    team.cli("pull")
    assert Counter(coder for _, _, coder, _ in team.annotations) == {"ben": 2, "chloe": 1}


def test_a_submission_that_label_studio_stored_twice_counts_once(team: Team) -> None:
    """Its own repeats do so on SQLite: two annotations of one coder, alike, seconds apart."""
    share_out(team)
    team.cli("push", "--project", "Stored twice")
    ana = team.people["ana"]
    (task,) = ana.code(team.projects["ana"].studio_id, most=1)
    url = f"/api/tasks/{task['id']}/annotations/"
    held = ana.client.get(url).json()
    ana.client.post(url, json={"result": held[0]["result"], "lead_time": 2.0}).raise_for_status()
    pulled = team.cli.json("pull")
    assert pulled["on_server"] == 2
    assert pulled["remarks"] == [f"task {task['id']} (ana): 2 annotations; the newest counts"]
    assert len(team.annotations) == 2
    (decided,) = [json.loads(line) for line in team.cli("annotations", "consensus").splitlines()]
    assert decided["codes"] == sorted(codes_in(held[0]["result"]))
    assert list(team.coders_of().values()) == [1]
    rows = {row["coder"]: row for row in team.cli.json("coders", "list")}
    assert rows["ana"]["coded"] == 1
