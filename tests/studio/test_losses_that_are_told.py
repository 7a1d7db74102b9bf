"""What is lost is told, on a real server: databases, projects, work that others changed."""

import json
from collections import Counter

import pytest

from tests.studio.people import Team, keys_of, share_out
from workbench.annotations.tasks import result_of

pytestmark = pytest.mark.studio


def test_a_lost_database_does_not_empty_the_snapshot(team: Team) -> None:
    share_out(team)
    team.cli("push", "--project", "Snapshot kept")
    team.people["ana"].code(team.projects["ana"].studio_id)
    team.cli("pull")
    snapshot = team.cli.folder / "annotations" / "annotations.jsonl"
    before = snapshot.read_bytes()
    assert before.count(b"\n") == len(team.assigned("ana"))
    team.lose_database()
    for command in (("pull",), ("pull", "--dry-run"), ("sync",)):
        assert "run `workbench ingest` first" in team.cli.fails(*command)
        assert snapshot.read_bytes() == before
    # With one of two reports there it would lose half of its lines.
    team.cli("ingest", team.file(1), "--text-field", "text")
    for command in (("pull",), ("sync",)):
        told = team.cli.fails(*command)
        assert "does not know" in told
        assert "run `workbench ingest` first" in told
        assert snapshot.read_bytes() == before
    team.ingest()
    team.cli("push")
    assert "give --weights and --seed again" in team.cli.err
    team.cli("coders", "add", "ana", "--email", team.people["ana"].email)
    assert team.cli.json("pull")["remarks"] == []
    assert snapshot.read_bytes() == before


def test_a_coders_project_that_is_gone_is_told_and_nothing_is_coded_twice(team: Team) -> None:
    share_out(team)
    team.cli("push", "--project", "Gone")
    ben = team.people["ben"]
    done = {t["data"]["paragraph_id"] for t in ben.code(team.projects["ben"].studio_id, most=5)}
    team.cli("pull")
    before = team.annotations
    team.gateway.call("DELETE", f"api/projects/{team.projects['ben'].studio_id}/")
    dry = team.cli.json("pull", "--dry-run")["remarks"]
    (told,) = team.cli.json("pull")["remarks"]
    assert dry == [told]
    assert "(ben)' is gone from the server; its 5 annotations are kept here" in told
    assert team.cli.json("pull")["remarks"] == [], "told once"
    assert team.annotations == before

    rest = team.assigned("ben") - done
    assert team.cli.json("push", "--dry-run")["created"] == len(rest)
    made = team.cli.json("push")
    assert (made["created"], made["unassigned"]) == (len(rest), 0)
    assert "5 paragraphs that ben coded there are kept here" in team.cli.err
    assert set(keys_of(team.projects["ben"])) == rest
    assert team.cli.json("push")["created"] == 0
    assert "ben" not in team.cli.err
    ben.code(team.projects["ben"].studio_id)
    team.cli("pull")
    coded = Counter(key for _, key, coder, _ in team.annotations if coder == "ben")
    assert coded == Counter(team.assigned("ben"))


def test_what_others_did_to_a_coders_work_is_told_and_kept(team: Team) -> None:
    share_out(team)
    team.cli("push", "--project", "Changed by others")
    ana, ben = team.people["ana"], team.people["ben"]
    number = team.projects["ana"].studio_id
    one, two, three, four = ana.code(number, most=4)
    assert team.cli.json("pull")["remarks"] == []

    def annotation(task: dict) -> str:
        (held,) = ana.client.get(f"/api/tasks/{task['id']}/annotations/").json()
        return f"/api/annotations/{held['id']}/"

    body = {"result": result_of(["torture", "labor"])}
    ben.client.patch(annotation(one), json=body).raise_for_status()
    ben.client.delete(annotation(two)).raise_for_status()
    ana.client.patch(annotation(three), json=body).raise_for_status()
    ana.client.delete(annotation(four)).raise_for_status()
    key = [task["data"]["paragraph_id"] for task in (one, two, three, four)]
    foreign = next(t for t in team.gateway.tasks(number) if t.paragraph_id not in key)
    key.append(foreign.paragraph_id)
    url = f"/api/tasks/{foreign.task_id}/annotations/"
    ben.client.post(url, json={"result": result_of([]), "lead_time": 1.0}).raise_for_status()

    remarks = team.cli.json("pull")["remarks"]
    (changed,) = (
        r for r in remarks if r.startswith(f"task {one['id']} (ana): last changed by ben")
    )
    expected = {
        changed,
        f"task {foreign.task_id} of ana's project was annotated by ben and counts as ben's",
        f"{key[1]}: the annotation of ana was deleted; ben changed the task last",
    }
    assert set(remarks) == expected

    def history(place: int) -> list[tuple[str, str, str]]:
        events = team.cli.json("annotations", "history", key[place])
        return [(e["action"], e["coder"], e["by"]) for e in events]

    made = ("created", "ana", "ana")
    assert history(0) == [made, ("changed", "ana", "ben")]
    assert history(1) == [made, ("deleted", "ana", "ben")]
    assert history(2) == [made, ("changed", "ana", "ana")]
    assert history(3) == [made, ("deleted", "ana", "ana")]
    assert history(4) == [("created", "ben", "ben")]
    (event,) = team.cli.json("annotations", "history", key[4])
    assert event["project_of"] == "ana"
    shown = team.cli("annotations", "history", key[4])
    assert "ben (in the project of ana)" in shown
    assert "labor, torture" in team.cli("annotations", "history", key[0])
    lines = (team.cli.folder / "annotations" / "annotations.jsonl").read_text().splitlines()
    told = {r["paragraph_id"]: r.get("changed_by") for r in map(json.loads, lines)}
    assert told == {key[0]: "ben", key[2]: None, key[4]: None}
    assert "no paragraph 'nowhere'" in team.cli.fails("annotations", "history", "nowhere")
    nobody = next(iter(team.assigned("ana") - set(key)))
    assert "nobody has annotated it" in team.cli("annotations", "history", nobody)
