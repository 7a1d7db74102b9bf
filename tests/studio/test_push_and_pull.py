"""Push and pull against a real Label Studio server."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workbench.annotations import showing
from workbench.annotations.accounts import ensure_account
from workbench.annotations.consensus import share_consensus
from workbench.annotations.gateway import Gateway
from workbench.annotations.projects import ProjectPlan
from workbench.annotations.pull import Pulled, pull_annotations
from workbench.annotations.push import Pushed, push_paragraphs
from workbench.annotations.tasks import result_of
from workbench.errors import (
    NotLabelStudioError,
    ServerDownError,
    StudioError,
    StudioRequestError,
    TokenError,
)
from workbench.records import Document, Evidence, Prediction
from workbench.store.annotations import list_annotations, list_coders, list_history
from workbench.store.database import Database
from workbench.store.reports import iterate_paragraphs, list_reports, save_document
from workbench.store.tasks import list_projects, tasks_of

pytestmark = pytest.mark.studio
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PASSWORD = "coder-password-1"


class Bench:
    """A workspace of one's own on the session's server."""

    def __init__(self, studio, folder: Path, name: str, codebook) -> None:
        self.studio = studio
        self.folder = folder
        self.gateway = Gateway(studio.url, studio.credentials.token)
        self.plan = ProjectPlan(name[-50:], name, codebook, 2)
        self.database = Database(f"sqlite:///{folder / 'w.db'}")

    def save(self, document: Document) -> None:
        with self.database.session() as session:
            save_document(session, document, NOW)

    def push(
        self,
        version: str = "v1",
        code: str = "torture",
        only: set[str] | None = None,
        *,
        all_duplicates: bool = False,
        context: bool = True,
    ) -> Pushed:
        with self.database.session() as session:
            reports = {r.report_id: r for r, _ in list_reports(session)}
            held = [(p, reports[p.report_id]) for p in iterate_paragraphs(session)]
            annotations = list_annotations(session) if context else []
        consensus = share_consensus((p for p, _ in held), annotations)
        wanted = frozenset(
            p.paragraph_id for p, _ in held if only is None or p.paragraph_id in only
        )

        def predict(paragraphs) -> Iterator[Prediction]:
            for p in paragraphs:
                yield Prediction((code,), {code: 0.9}, (Evidence(code, 0, 3, p.text[:3]),))

        return push_paragraphs(
            self.gateway,
            self.database,
            self.plan,
            held,
            wanted,
            predict,
            version,
            coded=consensus.coded,
            all_duplicates=all_duplicates,
        )

    def pull(self) -> Pulled:
        return pull_annotations(
            self.gateway, self.database, self.plan, self.folder / "annotations", NOW
        )

    def coder(self, email: str) -> Gateway:
        token = ensure_account(self.studio.url, self.gateway.invite_path(), email, PASSWORD)
        return Gateway(self.studio.url, token)

    def next_task(self, studio_id: int) -> dict:
        """What the stream serves to ana."""
        return self.coder("ana@example.org").call("GET", f"api/projects/{studio_id}/next")

    def tasks(self) -> dict[str, int]:
        with self.database.session() as session:
            project = list_projects(session, self.gateway.url)[0]
            return tasks_of(session, project.project_id)

    def data_of(self, paragraph_id: str) -> dict:
        return self.gateway._client.tasks.get(str(self.tasks()[paragraph_id])).data

    def code(self, email: str, paragraph_id: str, *codes: str) -> None:
        self.coder(email).create_annotation(
            self.tasks()[paragraph_id], result=result_of(codes), lead_time=1.0
        )

    def annotations(self):
        with self.database.session() as session:
            return list_annotations(session)


@pytest.fixture
def bench(studio, tmp_path: Path, request: pytest.FixtureRequest, codebook):
    made = Bench(studio, tmp_path, request.node.name, codebook)
    yield made
    made.gateway.close()
    made.database.close()


@pytest.fixture
def document(make_document) -> Document:
    return make_document(["One is here.", "Two is here.", "Three is here."])


def test_pushing_twice_creates_nothing(bench, document) -> None:
    bench.save(document)
    first, second = bench.push(), bench.push()
    assert (first.project_made, first.created, first.present) == (True, 3, 0)
    assert (second.project_made, second.created, second.present) == (False, 0, 3)
    assert second.prelabelled == 0
    listed = bench.gateway.tasks(first.studio_id)
    assert sorted(t.paragraph_id for t in listed) == sorted(
        p.paragraph_id for p in document.paragraphs
    )
    assert {t.versions for t in listed} == {("v1",)}


def test_a_lost_database_is_made_good_by_the_next_push(bench, document) -> None:
    bench.save(document)
    first = bench.push()
    bench.database.close()
    (bench.folder / "w.db").unlink()
    bench.database = Database(f"sqlite:///{bench.folder / 'w.db'}")
    bench.save(document)
    again = bench.push()
    assert (again.studio_id, again.created, again.present) == (first.studio_id, 0, 3)
    assert len(bench.tasks()) == 3


def test_a_task_deleted_by_hand_comes_back(bench, document) -> None:
    bench.save(document)
    bench.push()
    gone = document.paragraphs[1].paragraph_id
    bench.gateway._client.tasks.delete(str(bench.tasks()[gone]))
    assert bench.push().created == 1
    assert gone in bench.tasks()


def test_new_paragraphs_are_added_to_the_old(bench, document, make_document) -> None:
    bench.save(document)
    bench.push()
    bench.save(make_document(["Four is here."], "veldoria-2021-state", sha256="1" * 64))
    pushed = bench.push()
    assert (pushed.created, pushed.present) == (1, 3)


def test_only_the_wanted_paragraphs_become_tasks(bench, document) -> None:
    bench.save(document)
    assert bench.push(only={document.paragraphs[0].paragraph_id}).created == 1


def test_the_prelabels_of_a_new_labeller_are_the_ones_shown(bench, document) -> None:
    bench.save(document)
    bench.push("v1", "torture")
    pushed = bench.push("v2", "labor")
    assert pushed.prelabels == {"labor": 3}
    assert bench.gateway.project(pushed.studio_id).model_version == "v2"
    assert [p["model_version"] for p in bench.next_task(pushed.studio_id)["predictions"]] == ["v2"]
    # Those of the old one stay, since they may be on somebody's page.
    assert bench.gateway.model_versions(pushed.studio_id) == {"v1": 3, "v2": 3}
    assert bench.push("v2", "labor").prelabelled == 0


def test_a_page_opened_before_new_prelabels_came_can_be_submitted(bench, document) -> None:
    bench.save(document)
    studio_id = bench.push("v1", "torture").studio_id
    page = bench.next_task(studio_id)
    bench.push("v2", "labor")
    bench.push("v3", "labor")
    bench.coder("ana@example.org").create_annotation(
        page["id"], result=result_of(["labor"]), parent_prediction=page["predictions"][0]["id"]
    )
    bench.pull()
    (annotation,) = bench.annotations()
    assert (annotation.prelabel.version, annotation.prelabel.codes) == ("v1", ("torture",))


def test_prelabels_that_were_replaced_long_ago_are_removed(bench, document, monkeypatch) -> None:
    bench.save(document)
    bench.push("v1", "torture")
    studio_id = bench.push("v10", "labor").studio_id
    monkeypatch.setattr(showing, "_LONG", timedelta(0))
    monkeypatch.setattr(showing, "_PORTION", 2)
    bench.push("v3", "labor")
    assert bench.gateway.model_versions(studio_id) == {"v10": 3, "v3": 3}
    bench.push("v3", "labor")
    assert bench.gateway.model_versions(studio_id) == {"v3": 3}
    assert {t.versions for t in bench.gateway.tasks(studio_id)} == {("v3",)}


def test_annotations_come_back_with_coder_comment_evidence_and_prelabel(bench, document) -> None:
    bench.save(document)
    bench.push()
    key = document.paragraphs[0].paragraph_id
    ana = bench.coder("ana@example.org")
    evidence = (Evidence("labor", 4, 6, "is"),)
    comment = {
        "id": "c",
        "from_name": "comment",
        "to_name": "text",
        "type": "textarea",
        "value": {"text": ["unsure"]},
    }
    result = [*result_of(["labor"], evidence), comment]
    ana.create_annotation(bench.tasks()[key], result=result, lead_time=4.0)
    pulled = bench.pull()
    assert (pulled.on_server, pulled.changes.created) == (1, 1)
    (annotation,) = bench.annotations()
    assert annotation.coder == "ana@example.org"
    assert annotation.codes == ("labor",)
    assert annotation.comment == "unsure"
    assert annotation.evidence == evidence
    assert annotation.lead_time == 4.0
    assert annotation.prelabel.version == "v1"
    assert annotation.prelabel.codes == ("torture",)
    with bench.database.session() as session:
        assert [c.name for c in list_coders(session)] == ["ana@example.org"]


def test_replacing_prelabels_keeps_annotations_and_what_their_coders_saw(bench, document) -> None:
    bench.save(document)
    bench.push("v1", "torture")
    key = document.paragraphs[0].paragraph_id
    bench.coder("ana@example.org").create_annotation(bench.tasks()[key], result=result_of([]))
    bench.push("v2", "labor")
    bench.pull()
    (annotation,) = bench.annotations()
    assert annotation.codes == ()
    assert annotation.prelabel.version == "v1"


def test_changed_skipped_and_deleted_annotations_are_followed(bench, document) -> None:
    bench.save(document)
    bench.push()
    first, second, third = (bench.tasks()[p.paragraph_id] for p in document.paragraphs)
    ana = bench.coder("ana@example.org")
    ana.create_annotation(first, result=result_of(["labor"]))
    ana.create_annotation(second, result=result_of(["labor"]))
    ana.create_annotation(third, result=[], was_cancelled=True)
    bench.pull()
    before = {a.paragraph_id: a for a in bench.annotations()}
    assert [a.skipped for a in before.values()] == [False, False, True]
    client = bench.gateway._client
    numbers = {t: client.annotations.list(t)[0].id for t in (first, second)}
    client.annotations.update(numbers[first], result=result_of(["torture"]))
    client.annotations.delete(numbers[second])
    pulled = bench.pull()
    changes = pulled.changes
    assert (changes.changed, changes.deleted, changes.unchanged) == (1, 1, 1)
    codes = {a.paragraph_id: a.codes for a in bench.annotations()}
    assert codes == {
        document.paragraphs[0].paragraph_id: ("torture",),
        document.paragraphs[2].paragraph_id: (),
    }
    with bench.database.session() as session:
        history = list_history(session, before[document.paragraphs[0].paragraph_id].key)
    assert [state["codes"] for _, _, state in history] == [["labor"], ["torture"]]


OLD = (
    "Inspectors visited the weaving mill at Karsk twice in the spring and wrote down that forty "
    "workers had lost two days of pay after the strike of the dockers in the harbour"
)
NEW = OLD.replace("forty", "sixty")


def test_twins_are_coded_once_and_a_later_report_adds_no_task_for_them(
    bench, document, make_document
) -> None:
    bench.save(document)
    bench.save(make_document(["Two is here.", "One is here.", "Own."], "veldoria-2017", year=2017))
    first = bench.push()
    assert (first.created, first.present, first.repeated) == (4, 0, 2)
    kept = set(bench.tasks())
    assert {key.split(".")[0] for key in kept if "one_is" in key} == {"veldoria-2017"}
    bench.save(make_document(["One is here.", "New here."], "veldoria-2016", year=2016))
    second = bench.push()
    assert (second.created, second.present, second.repeated) == (1, 4, 3)
    assert kept < set(bench.tasks())
    every = bench.push(all_duplicates=True)
    assert (every.created, every.repeated) == (3, 0)
    again = bench.push()
    assert (again.created, again.present, again.repeated) == (0, 8, 0)


def test_a_twin_takes_over_when_the_paragraph_with_the_task_is_gone(
    bench, document, make_document
) -> None:
    bench.save(make_document(["One is here.", "Own."], "veldoria-2017", year=2017))
    bench.save(document)
    assert bench.push().repeated == 1
    bench.save(make_document(["Own."], "veldoria-2017", year=2017, sha256="1" * 64))
    pushed = bench.push()
    assert (pushed.created, pushed.repeated) == (1, 0)
    assert document.paragraphs[0].paragraph_id in bench.tasks()


def test_codes_of_an_earlier_year_reach_the_task_once_they_are_there(bench, make_document) -> None:
    early = make_document([OLD], "veldoria-2019", year=2019, title="Veldoria 2019")
    late = make_document([NEW, "Quite another thing."])
    bench.save(early)
    bench.save(late)
    first = bench.push()
    assert (first.with_context, first.context_renewed) == (0, 0)
    before, after = early.paragraphs[0].paragraph_id, late.paragraphs[0].paragraph_id
    assert bench.data_of(after)["context"] == ""
    bench.code("ana@example.org", before, "labor")
    bench.pull()
    second = bench.push()
    assert (second.created, second.with_context, second.context_renewed) == (0, 1, 1)
    data = bench.data_of(after)
    assert "<b>Rights at work</b>" in data["context"]
    assert "<del>forty</del> <ins>sixty</ins>" in data["context"]
    assert "ana" not in data["context"]
    assert (data["text"], data["paragraph_id"]) == (NEW, after)
    assert bench.push().context_renewed == 0
    without = bench.push(context=False)
    assert (without.with_context, without.context_renewed) == (0, 1)
    assert bench.data_of(after)["context"] == ""


def test_what_a_coder_has_coded_stays_as_it_was_shown(bench, make_document) -> None:
    early = make_document([OLD], "veldoria-2019", year=2019)
    late = make_document([NEW])
    bench.save(early)
    bench.save(late)
    bench.push()
    before, after = early.paragraphs[0].paragraph_id, late.paragraphs[0].paragraph_id
    bench.code("ana@example.org", after, "labor")
    bench.code("ana@example.org", before, "labor")
    bench.pull()
    pushed = bench.push()
    assert (pushed.with_context, pushed.context_renewed) == (0, 0)
    assert bench.data_of(after)["context"] == ""


def test_a_project_from_before_contexts_is_mended(bench, document, make_document) -> None:
    """Its page has no place for a context and its tasks carry none."""
    bench.save(make_document([OLD], "veldoria-2019", year=2019))
    bench.save(make_document([NEW], "veldoria-2020", year=2020))
    studio_id = bench.push().studio_id
    old_page = re.sub(
        r'<View className="wb-context">.*?</View>',
        "",
        bench.gateway.project(studio_id).label_config,
        flags=re.DOTALL,
    )
    assert "$context" not in old_page
    bench.gateway.update_project(studio_id, label_config=old_page)
    for key, task_id in bench.tasks().items():
        data = {k: v for k, v in bench.data_of(key).items() if k != "context"}
        bench.gateway.update_task(task_id, data)
        assert "context" not in bench.data_of(key)
    (before,) = (key for key in bench.tasks() if key.startswith("veldoria-2019"))
    bench.code("ana@example.org", before, "labor")
    bench.pull()
    bench.save(document)
    pushed = bench.push()
    assert (pushed.created, pushed.context_renewed) == (3, 1)
    assert "$context" in bench.gateway.project(studio_id).label_config
    assert bench.pull().on_server == 1


def test_snapshot_holds_the_annotations_sorted(bench, document) -> None:
    bench.save(document)
    bench.push()
    for email in ("ben@example.org", "ana@example.org"):
        coder = bench.coder(email)
        for task in bench.tasks().values():
            coder.create_annotation(task, result=result_of(["labor"]))
    snapshot = bench.pull().snapshot
    records = [json.loads(line) for line in snapshot.read_text().splitlines()]
    order = [(r["paragraph_id"], r["annotator"]) for r in records]
    assert len(order) == 6
    assert order == sorted(order)
    before = snapshot.read_bytes()
    bench.pull()
    assert snapshot.read_bytes() == before


def test_an_edited_codebook_reaches_the_project(bench, document, codebook) -> None:
    bench.save(document)
    studio_id = bench.push().studio_id
    first = replace(codebook.codes[0], definition="A new definition of it.")
    edited = replace(codebook, version="edited", codes=(first, *codebook.codes[1:]))
    bench.plan = replace(bench.plan, codebook=edited)
    bench.push()
    project = bench.gateway.project(studio_id)
    assert "A new definition of it." in project.label_config
    assert "codebook rights edited" in project.description


def test_another_number_of_coders_reaches_the_project(bench, document) -> None:
    bench.save(document)
    studio_id = bench.push().studio_id
    assert bench.gateway.project(studio_id).coders_per_paragraph == 2
    bench.plan = replace(bench.plan, coders_per_paragraph=3)
    bench.push()
    assert bench.gateway.project(studio_id).coders_per_paragraph == 3


def test_removing_a_code_that_is_in_use_is_refused(bench, document, codebook) -> None:
    bench.save(document)
    studio_id = bench.push().studio_id
    task = bench.tasks()[document.paragraphs[0].paragraph_id]
    bench.coder("ana@example.org").create_annotation(task, result=result_of(["torture"]))
    bench.plan = replace(bench.plan, codebook=replace(codebook, codes=codebook.codes[1:]))
    with pytest.raises(StudioRequestError):
        bench.push(code="labor")
    assert 'alias="torture"' in bench.gateway.project(studio_id).label_config


def test_pull_before_any_push_says_to_push(bench, document) -> None:
    with pytest.raises(StudioError, match="run `workbench push` first"):
        bench.pull()


def test_a_wrong_token_is_refused_without_showing_it(bench) -> None:
    with pytest.raises(TokenError) as caught:
        Gateway(bench.studio.url, "a-wrong-token").whoami()
    assert "a-wrong-token" not in str(caught.value)


def test_a_server_that_is_down_is_named_with_the_mend() -> None:
    with pytest.raises(ServerDownError, match=r"no Label Studio answers at http://127\.0\.0\.1:9"):
        Gateway("http://127.0.0.1:9", "token").version()


def test_a_server_that_is_not_label_studio_is_recognised(other_server: str) -> None:
    with pytest.raises(NotLabelStudioError, match="not Label Studio"):
        Gateway(other_server, "token").version()


def test_an_account_with_another_password_is_refused_without_showing_it(bench) -> None:
    bench.coder("dora@example.org")
    with pytest.raises(TokenError) as caught:
        ensure_account(
            bench.studio.url, bench.gateway.invite_path(), "dora@example.org", "a-wrong-password"
        )
    assert "a-wrong-password" not in str(caught.value)
