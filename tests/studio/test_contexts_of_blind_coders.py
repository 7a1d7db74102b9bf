"""What blind coders are shown of near copies, on a real server: nothing that is under way."""

import json

import pytest

from tests.studio.people import Team
from tests.studio.test_push_and_pull import NEW, OLD, bench  # noqa: F401
from tests.studio.test_sync import push
from workbench.annotations.projects import CODING, Role, find_projects
from workbench.annotations.tasks import result_of
from workbench.records import Assignment, CodedParagraph

pytestmark = pytest.mark.studio


def contexts(gateway, projects, key: str) -> dict[str, str]:
    """What the tasks of a paragraph show, by coder."""
    return {
        name: task.context
        for name, number in projects.items()
        for task in gateway.tasks(number)
        if task.paragraph_id == key
    }


@pytest.fixture
def team(studio_cli, studio, gateway, email) -> Team:
    made = Team(studio_cli, studio, gateway, email)
    made.hire("ana", "ben")
    return made


def test_no_page_shows_what_others_are_coding_now(team: Team) -> None:
    for year, text in ((2019, OLD), (2020, NEW)):
        file = team.cli.folder / f"karsk-{year}.txt"
        file.write_text(f"{text}.\n\nAnother thing of {year} was told.\n", encoding="utf-8")
        team.cli("ingest", file, "--year", str(year), "--country", "Karsk", "--source", "state")
    reports = ("--report", "karsk-2019-state", "--report", "karsk-2020-state")
    team.cli("assign", "--coders", "ana,ben", "--per-paragraph", "2", *reports)
    team.cli("push", "--project", "Near copies")
    projects = {name: project.studio_id for name, project in team.projects.items()}
    held = [json.loads(line) for line in team.cli("paragraphs", *reports).splitlines()]
    (late,) = (p["paragraph_id"] for p in held if "sixty" in p["text"])
    assert contexts(team.gateway, projects, late) == {"ana": "", "ben": ""}

    def code_2019(name: str, most: int) -> None:
        person, done = team.people[name], 0
        for task in team.gateway.tasks(projects[name]):
            if task.paragraph_id.startswith("karsk-2019") and not task.annotated and done < most:
                body = {"result": result_of(["labor"]), "lead_time": 1.0}
                url = f"/api/tasks/{task.task_id}/annotations/"
                person.client.post(url, json=body).raise_for_status()
                done += 1

    code_2019("ana", 2)
    code_2019("ben", 1)
    assert team.cli.json("sync")["pushed"]["with_context"] == 0
    assert contexts(team.gateway, projects, late) == {"ana": "", "ben": ""}
    code_2019("ben", 1)
    assert team.cli.json("sync")["pushed"]["context_renewed"] == 2
    shown = set(contexts(team.gateway, projects, late).values())
    assert len(shown) == 1
    assert "<b>Rights at work</b>" in shown.pop()


@pytest.mark.parametrize("first", [True, False])
def test_what_one_coder_has_begun_shows_all_others_the_same(bench, make_document, first) -> None:  # noqa: F811
    before, after = make_document([OLD], "veldoria-2019", year=2019), make_document([NEW])
    for document in (before, after):
        bench.save(document)
    key = after.paragraphs[0].paragraph_id
    coded = [CodedParagraph(before.paragraphs[0], ("labor",), (), ("lead",))]
    given = [Assignment(key, name) for name in ("ana", "ben")]
    push(bench, assignments=given, coded=coded if first else ())

    def shown() -> dict[str, str]:
        found = find_projects(bench.gateway, bench.plan.workspace_id)
        names = [name for name in ("ana", "ben", "chloe") if Role(CODING, name) in found]
        numbers = {name: found[Role(CODING, name)].studio_id for name in names}
        return contexts(bench.gateway, numbers, key)

    seen = shown()
    assert bool(seen["ben"]) == first
    number = find_projects(bench.gateway, bench.plan.workspace_id)[Role(CODING, "ana")].studio_id
    (task,) = bench.gateway.tasks(number)
    bench.gateway.create_annotation(task.task_id, result=result_of(["labor"]))
    given.append(Assignment(key, "chloe"))
    pushed = push(bench, assignments=given, coded=() if first else coded)
    assert (pushed.created, pushed.context_renewed) == (1, 0)
    assert shown() == dict.fromkeys(("ana", "ben", "chloe"), seen["ana"])
