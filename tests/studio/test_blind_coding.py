"""Blind coding from start to end on a real server: a team, its work, who leaves, what is lost."""

import json
from collections import Counter

import pytest

from tests.studio.ownserver import codes_in
from tests.studio.people import SHARED, TEAM, Team, keys_of, share_out

pytestmark = pytest.mark.studio


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
