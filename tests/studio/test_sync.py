"""Sync against a real server: nothing lost, nothing doubled, one project a coder, hidden ones."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.studio.test_push_and_pull import NOW, Bench, bench, document  # noqa: F401
from workbench.annotations import surveying
from workbench.annotations.gateway import Gateway
from workbench.annotations.projects import CODING, Role, find_projects
from workbench.annotations.pull import pull_annotations
from workbench.annotations.push import push_paragraphs
from workbench.annotations.tasks import PRELABELS, result_of
from workbench.errors import StudioError
from workbench.records import Assignment, Coder, Prediction
from workbench.store.annotations import list_annotations, list_history, save_coder
from workbench.store.reports import iterate_paragraphs, list_reports
from workbench.store.tasks import list_projects, tasks_of

pytestmark = pytest.mark.studio


def push(bench: Bench, version: str = "v1", **options):  # noqa: F811
    with bench.database.session() as session:
        reports = {r.report_id: r for r, _ in list_reports(session)}
        held = [(p, reports[p.report_id]) for p in iterate_paragraphs(session)]
        for assignment in options.get("assignments", ()):
            save_coder(session, Coder(assignment.coder))
    return push_paragraphs(
        bench.gateway,
        bench.database,
        bench.plan,
        held,
        frozenset(p.paragraph_id for p, _ in held),
        lambda paragraphs: (Prediction(("torture",), {"torture": 0.9}) for _ in paragraphs),
        version,
        **options,
    )


def dump(bench: Bench) -> list[str]:  # noqa: F811
    with bench.database.session() as session:
        return list(session.connection().connection.driver_connection.iterdump())


def test_each_coder_has_a_project_of_their_own(bench, document) -> None:  # noqa: F811
    bench.save(document)
    one, two, three = (p.paragraph_id for p in document.paragraphs)
    assignments = [Assignment(one, "ana"), Assignment(two, "ana"), Assignment(two, "ben")]
    pushed = push(bench, assignments=assignments)
    assert [(p.coder, p.created) for p in pushed.projects] == [("ana", 2), ("ben", 1)]
    assert (pushed.created, pushed.unassigned) == (3, 1)
    again = push(bench, assignments=assignments)
    assert (again.created, again.present, again.unassigned) == (0, 3, 1)
    found = find_projects(bench.gateway, bench.plan.workspace_id)
    assert set(found) == {Role(CODING, "ana"), Role(CODING, "ben")}
    assert {p.coders_per_paragraph for p in found.values()} == {1}
    assert all("(ana)" in p.title or "(ben)" in p.title for p in found.values())
    with bench.database.session() as session:
        tasks = {
            held.coder: tasks_of(session, held.project_id)
            for held in list_projects(session, bench.gateway.url)
        }
    bench.gateway.create_annotation(tasks["ana"][two], result=result_of(["labor"]))
    bench.gateway.create_annotation(tasks["ben"][two], result=result_of(["torture"]))
    pulled = bench.pull()
    assert [(p.coder, p.on_server) for p in pulled.projects] == [("ana", 1), ("ben", 1)]
    assert Counter(a.paragraph_id for a in bench.annotations()) == {two: 2}
    # What is taken from a coder goes, unless the coder has worked on it.
    less = push(bench, assignments=[Assignment(three, "ana"), Assignment(one, "ben")])
    assert (less.created, less.removed, less.orphaned) == (2, 1, 2)
    assert bench.pull().on_server == 2


def test_hidden_paragraphs_show_no_prelabels_and_stay_hidden(bench, document) -> None:  # noqa: F811
    bench.save(document)
    pushed = push(bench, hidden_share=1.0)
    assert (pushed.hidden, pushed.prelabelled) == (3, 0)
    assert bench.gateway.model_versions(pushed.studio_id) == {}
    for key, task in bench.tasks().items():
        assert bench.data_of(key)[PRELABELS] is False
        served = bench.gateway.call(
            "GET", f"api/tasks/{task}/", params={"project": pushed.studio_id}
        )
        assert served["predictions"] == []
    again = push(bench, "v2", hidden_share=0.0)
    assert (again.hidden, again.prelabelled) == (3, 0)
    bench.code("ana@example.org", document.paragraphs[0].paragraph_id, "labor")
    bench.pull()
    assert [a.hidden for a in bench.annotations()] == [True]


def test_a_dry_run_says_what_would_change_and_changes_nothing(bench, document) -> None:  # noqa: F811
    bench.save(document)
    before = dump(bench)
    asked = push(bench, dry_run=True)
    assert (asked.created, asked.prelabelled, asked.project_made) == (3, 3, True)
    assert asked.studio_id is None
    assert dump(bench) == before
    assert find_projects(bench.gateway, bench.plan.workspace_id) == {}
    studio_id = push(bench).studio_id
    bench.code("ana@example.org", document.paragraphs[0].paragraph_id, "labor")
    before = dump(bench)
    listed = bench.gateway.tasks(studio_id)
    pulled = pull_annotations(
        bench.gateway, bench.database, bench.plan, bench.folder / "annotations", NOW, dry_run=True
    )
    assert (pulled.on_server, pulled.changes.created) == (1, 1)
    renewed = push(bench, "v2", dry_run=True)
    assert (renewed.created, renewed.present, renewed.prelabelled) == (0, 3, 3)
    assert dump(bench) == before
    assert bench.gateway.tasks(studio_id) == listed
    assert not (bench.folder / "annotations").exists()
    assert bench.pull().changes.created == 1


def test_a_task_deleted_by_hand_is_made_again_though_another_was_doubled(
    bench,  # noqa: F811
    document,  # noqa: F811
    monkeypatch,
) -> None:
    monkeypatch.setattr(surveying, "_FEW", 1)
    bench.save(document)
    studio_id = push(bench).studio_id
    monkeypatch.setattr(Gateway, "tasks", lambda *args: pytest.fail("listed"))
    push(bench)
    monkeypatch.undo()
    monkeypatch.setattr(surveying, "_FEW", 1)
    keys = [p.paragraph_id for p in document.paragraphs]

    def spoil(gone: int, doubled: int, *, first: bool) -> None:
        """Delete one task and make another twice, so that their number is as before."""
        double = {
            "data": bench.data_of(keys[doubled]),
            "predictions": [{"model_version": "v1", "result": []}],
        }
        steps = [
            lambda: bench.gateway.call("DELETE", f"api/tasks/{bench.tasks()[keys[gone]]}/"),
            lambda: bench.gateway.import_tasks(studio_id, [double]),
        ]
        for step in steps if first else reversed(steps):
            step()

    def is_whole() -> bool:
        there = bench.gateway.tasks(studio_id)
        return sorted(task.paragraph_id for task in there) == sorted(keys)

    spoil(0, 1, first=False)
    assert not is_whole()
    push(bench)
    assert is_whole()
    # SQLite gives the double the number of the newest task, which was deleted: seen some day.
    newest = max(keys, key=lambda key: bench.tasks()[key])
    spoil(keys.index(newest), keys.index(newest) - 1, first=True)
    for _ in range(40):
        push(bench)
        if is_whole():
            break
    assert is_whole()


def test_annotations_of_a_retired_paragraph_are_kept(bench, document, make_document) -> None:  # noqa: F811
    bench.save(document)
    bench.push()
    gone = document.paragraphs[0].paragraph_id
    bench.code("ana@example.org", gone, "labor")
    bench.pull()
    bench.save(make_document(["Two is here.", "Three is here."], sha256="1" * 64))
    bench.push()
    pulled = bench.pull()
    assert (pulled.on_server, pulled.strange, pulled.changes.deleted) == (1, 0, 0)
    assert bench.annotations() == []
    bench.save(document)
    (annotation,) = bench.annotations()
    assert annotation.paragraph_id == gone


def test_a_second_pull_fetches_only_what_changed(bench, document) -> None:  # noqa: F811
    bench.save(document)
    bench.push()
    one, two, _ = (p.paragraph_id for p in document.paragraphs)
    bench.code("ana@example.org", one, "labor")
    assert [p.full for p in bench.pull().projects] == [True]
    bench.code("ana@example.org", two, "torture")
    bench.code("ben@example.org", one, "labor")
    second = bench.pull()
    assert [p.full for p in second.projects] == [False]
    assert (second.changes.created, second.changes.unchanged, second.on_server) == (2, 1, 3)
    assert (second.changes.kept, second.changes.corrected) == (1, 1)
    lines = (bench.folder / "annotations" / "annotations.jsonl").read_text().splitlines()
    (bench.folder / "annotations" / "annotations.jsonl").unlink()
    bench.pull()
    assert (bench.folder / "annotations" / "annotations.jsonl").read_text().splitlines() == lines
    assert len({json.loads(line)["key"] for line in lines}) == 3


def test_a_task_deleted_with_its_annotations_is_noticed_by_the_count(bench, document) -> None:  # noqa: F811
    bench.save(document)
    bench.push()
    one, two = (p.paragraph_id for p in document.paragraphs[:2])
    for key in (one, two):
        bench.code("ana@example.org", key, "labor")
    bench.pull()
    key = bench.annotations()[0].key
    bench.gateway.call("DELETE", f"api/tasks/{bench.tasks()[one]}/")
    pulled = bench.pull()
    assert [p.full for p in pulled.projects] == [True]
    assert (pulled.on_server, pulled.changes.deleted) == (1, 1)
    with bench.database.session() as session:
        assert [action for action, _, _ in list_history(session, key)] == ["created", "deleted"]
    assert bench.push().created == 1
    assert bench.pull().on_server == 1


def test_a_number_that_differs_is_an_error_that_names_both(bench, document, monkeypatch) -> None:  # noqa: F811
    bench.save(document)
    studio_id = bench.push().studio_id
    bench.code("ana@example.org", document.paragraphs[0].paragraph_id, "labor")
    asked = bench.gateway.project
    monkeypatch.setattr(bench.gateway, "project", lambda n: replace(asked(n), annotations=7))
    with pytest.raises(StudioError, match=rf"project {studio_id}: .* 7 annotations, 1 arrived"):
        bench.pull()
    assert len(bench.annotations()) == 1


def test_a_lost_database_gets_every_annotation_back(bench, document) -> None:  # noqa: F811
    bench.save(document)
    bench.push()
    bench.code("ana@example.org", document.paragraphs[0].paragraph_id, "labor")
    bench.pull()
    with bench.database.session() as session:
        before = list_annotations(session)
    bench.database.close()
    (bench.folder / "w.db").unlink()
    bench.database = type(bench.database)(f"sqlite:///{bench.folder / 'w.db'}")
    bench.save(document)
    assert bench.pull().changes.created == 1
    assert bench.annotations() == before


def test_tasks_that_were_doubled_are_made_one_again(bench, document) -> None:  # noqa: F811
    bench.save(document)
    studio_id = bench.push().studio_id
    one, two, _ = (p.paragraph_id for p in document.paragraphs)
    bodies = [{"data": bench.data_of(key), "predictions": []} for key in (one, two)]
    extra = dict(zip((one, two), bench.gateway.import_tasks(studio_id, bodies), strict=True))
    bench.coder("ana@example.org").create_annotation(extra[two], result=result_of(["labor"]))
    pushed = bench.push()
    assert (pushed.removed, pushed.doubled, pushed.created) == (2, (), 0)
    assert bench.tasks()[two] == extra[two]
    assert bench.tasks()[one] != extra[one]
    assert len(bench.gateway.tasks(studio_id)) == 3
    assert bench.pull().on_server == 1


def test_prelabels_that_were_doubled_or_not_shown_are_mended(bench, document) -> None:  # noqa: F811
    bench.save(document)
    studio_id = bench.push().studio_id
    task = next(iter(bench.tasks().values()))
    body = {"task": task, "model_version": "v1", "score": 0.5, "result": result_of(["torture"])}
    bench.gateway.import_predictions(studio_id, [body])
    bench.gateway.update_project(studio_id, model_version="", show_collab_predictions=False)
    bench.push()
    assert bench.gateway.model_versions(studio_id) == {"v1": 3}
    project = bench.gateway.project(studio_id)
    assert (project.model_version, project.shows_prelabels) == ("v1", True)


def test_of_what_changed_all_are_named_or_where_that_is_too_much_none(gateway) -> None:
    made = gateway.create_project(title="Changes", label_config="<View></View>").studio_id
    beginning = datetime.now(UTC) - timedelta(hours=1)
    # More than a short first page holds.
    numbers = set(gateway.import_tasks(made, [{"data": {"text": str(n)}} for n in range(25)]))
    every = gateway.changed_tasks(made, beginning)
    assert every.keys() == numbers
    assert gateway.changed_tasks(made, beginning, most=25) == every
    for most in (10, 24):
        assert gateway.changed_tasks(made, beginning, most=most) == {}
    newest = max(moment for moment, _ in every.values())
    assert gateway.changed_tasks(made, newest, most=25) == {}
    assert gateway.changed_tasks(made, beginning, until=newest, most=25) == every
