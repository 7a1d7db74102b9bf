"""push --select and --n, and prevalence, on a Label Studio that is kept in memory."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Cli
from workbench.annotations.gateway import StudioProject, StudioTask
from workbench.annotations.tasks import digest_of
from workbench.cli import run
from workbench.cli.app import App
from workbench.errors import StudioError
from workbench.models.carrying import carry_over
from workbench.models.coldstart import ColdStart
from workbench.models.reading import TextRow
from workbench.models.registry import find_model, load_model
from workbench.reports.twins import twin_key
from workbench.store.database import Database
from workbench.store.reports import iterate_paragraphs
from workbench.store.saving import save_annotations
from workbench.store.selections import list_batches, list_selected

REPORTS = ROOT / "examples" / "reports"


class MemoryGateway:
    """As much of Label Studio as a push needs; `broken` requests to make tasks fail."""

    url = "http://memory"

    def __init__(self) -> None:
        self.held: list[StudioProject] = []
        self.made: dict[int, StudioTask] = {}
        self.broken = 0

    def projects(self) -> list[StudioProject]:
        return self.held

    def project(self, studio_id: int) -> StudioProject | None:
        return next((p for p in self.held if p.studio_id == studio_id), None)

    def create_project(self, **fields: Any) -> StudioProject:
        given = {name: fields[name] for name in ("title", "description", "label_config")}
        self.held = [StudioProject(1, model_version="", coders_per_paragraph=2, **given)]
        return self.held[0]

    def update_project(self, studio_id: int, **fields: Any) -> None:
        fields["coders_per_paragraph"] = fields.pop("maximum_annotations", 2)
        fields.pop("expert_instruction", None)
        fields.pop("show_collab_predictions", None)
        self.held = [replace(self.held[0], **fields)]

    def tasks(self, studio_id: int, keys: Sequence[str] | None = None) -> list[StudioTask]:
        made = self.made.values()
        return [task for task in made if keys is None or task.paragraph_id in keys]

    def import_tasks(self, studio_id: int, content: bytes) -> list[int]:
        if self.broken:
            self.broken -= 1
            raise StudioError("the server broke off", "try again")
        numbers = []
        for task in json.loads(content):
            number = len(self.made) + 1
            versions = tuple(p["model_version"] for p in task["predictions"])
            data = task["data"]
            self.made[number] = StudioTask(
                number,
                data["paragraph_id"],
                versions,
                data["context"],
                annotated=False,
                digest=digest_of(data),
                hidden=not data["prelabels"],
            )
            numbers.append(number)
        return numbers

    def model_versions(self, studio_id: int) -> dict[str, int]:
        return dict(Counter(version for task in self.made.values() for version in task.versions))

    def call(self, method: str, path: str, **fields: Any) -> list[dict[str, Any]]:
        """No model backend is registered with the project."""
        return []

    def close(self) -> None:
        pass

    @property
    def keys(self) -> list[str]:
        return [task.paragraph_id or "" for task in self.made.values()]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> MemoryGateway:
    gateway = MemoryGateway()
    monkeypatch.setattr(App, "gateway", gateway)
    return gateway


@pytest.fixture
def filled(cli, gateway):
    cli("ingest", REPORTS / "tavaria-2018-state.txt", REPORTS / "tavaria-2021-hrw.txt")
    return cli


def open_database(cli) -> Database:
    return Database(f"sqlite:///{cli.folder / '.workbench' / 'workbench.db'}")


def read_paragraphs(cli) -> list:
    with open_database(cli).session() as session:
        return list(iterate_paragraphs(session, kinds=("text",)))


def tag(cli, make_annotation, keys: Sequence[str], code: str = "torture", every: int = 2) -> None:
    """Tag the paragraphs, every so many of them with the code."""
    from tests.conftest import NOW

    made = [
        make_annotation(key, "ana", *((code,) if number % every == 0 else ()))
        for number, key in enumerate(sorted(keys))
    ]
    with open_database(cli).session() as session:
        save_annotations(session, made, NOW)


def test_a_draw_sends_so_many_and_records_which_were_random(filled, gateway) -> None:
    drawn = filled.json("push", "--select", "mixed", "--n", "12")["drawn"]
    picked = drawn.pop("paragraphs")
    assert drawn == {"strategy": "mixed", "at_random": 5, "chosen": 7, "waiting": 0}
    assert len(gateway.keys) == len(set(gateway.keys)) == 12
    assert {paragraph["paragraph_id"] for paragraph in picked} == set(gateway.keys)
    with open_database(filled).session() as session:
        (batch,) = list_batches(session)
        assert list_selected(session) == set(gateway.keys)
        assert len(list_selected(session, audit=True)) == 5
    assert batch.population == len(read_paragraphs(filled))
    assert batch.reports == ("tavaria-2018-state", "tavaria-2020-hrw")
    assert (batch.strategy, batch.seed) == ("mixed", 0)
    assert batch.labeller.startswith("codebook-")


@pytest.mark.parametrize("strategy", ["mixed", "uncertain", "diverse", "rare", "random"])
def test_every_strategy_is_the_same_for_the_same_seed(
    filled, gateway, strategy: str, tmp_path: Path
) -> None:
    filled("push", "--select", strategy, "--n", "10", "--seed", "7")
    first = set(gateway.keys)
    gateway.made.clear()
    (filled.folder / ".workbench" / "workbench.db").unlink()
    filled("ingest", REPORTS / "tavaria-2021-hrw.txt", REPORTS / "tavaria-2018-state.txt")
    filled("push", "--select", strategy, "--n", "10", "--seed", "7")
    assert set(gateway.keys) == first
    assert len(first) == 10


def test_pushing_again_without_n_draws_nothing(filled, gateway) -> None:
    filled("push", "--n", "10")
    for again in (("push",), ("push", "--select", "mixed"), ("sync",)):
        if again == ("sync",):
            gateway.export = lambda studio_id, ids, annotated: []
            gateway.newest_change = lambda studio_id: None
            gateway.task_ids = lambda studio_id: []
        filled(*again)
        assert len(gateway.keys) == 10
    filled("push", "--n", "10")
    assert len(set(gateway.keys)) == 20


def test_a_push_that_broke_off_sends_what_it_had_drawn(filled, gateway) -> None:
    gateway.broken = 2
    assert "broke off" in filled.fails("push", "--n", "10")
    with open_database(filled).session() as session:
        drawn = list_selected(session)
    assert len(drawn) == 10
    assert "broke off" in filled.fails("push", "--n", "10")
    filled("push", "--n", "10")
    assert set(gateway.keys) == drawn


def test_select_all_sends_the_rest(filled, gateway) -> None:
    filled("push", "--n", "5")
    filled("push", "--select", "all")
    keys = {twin_key(p) for p in read_paragraphs(filled)}
    assert len(gateway.keys) == len(keys)
    assert "draws nothing" in filled.fails("push", "--select", "all", "--n", "5")


def test_a_strategy_without_a_number_asks_for_it(filled) -> None:
    assert "--n" in filled.fails("push", "--select", "rare")


def test_a_draw_keeps_to_the_reports_named(filled, gateway) -> None:
    filled("push", "--report", "tavaria-2020-hrw", "--n", "6")
    assert all(key.startswith("tavaria-2020-hrw") for key in gateway.keys)
    assert len(gateway.keys) == 6


def test_asking_for_more_than_there_are_sends_all(filled, gateway) -> None:
    filled("push", "--select", "random", "--n", "100000")
    with open_database(filled).session() as session:
        audit = list_selected(session, audit=True)
    assert len(audit) == len(read_paragraphs(filled))
    assert f"100000 were asked for; {len(gateway.keys)} are all there is left" in filled.err


def test_what_is_tagged_is_not_drawn_for_tagging_again(filled, gateway, make_annotation) -> None:
    tagged = [p.paragraph_id for p in read_paragraphs(filled)[:20]]
    tag(filled, make_annotation, tagged)
    filled("push", "--select", "diverse", "--n", "15")
    with open_database(filled).session() as session:
        chosen = list_selected(session, audit=False)
    assert chosen
    assert chosen.isdisjoint(tagged)


def test_prevalence_rests_on_the_audit_alone(filled, gateway, make_annotation) -> None:
    assert "drawn at random" in filled.fails("prevalence")
    filled("push", "--select", "rare", "--n", "30")
    with open_database(filled).session() as session:
        audit, others = list_selected(session, audit=True), list_selected(session, audit=False)
    tag(filled, make_annotation, audit, every=3)
    tag(filled, make_annotation, others - audit, every=1)
    shown = filled.json("prevalence")
    figure = shown["codes"]["torture"]
    assert (shown["drawn"], shown["waiting"]) == (6, 0)
    assert (figure["positives"], figure["sample"]) == (2, 6)
    assert figure["share"] == pytest.approx(1 / 3)
    assert figure["low"] < 1 / 3 < figure["high"]
    assert shown["codes"]["labor"]["share"] == 0
    assert "33.3%" in filled("prevalence")


def test_prevalence_says_which_drawn_paragraphs_wait(filled, gateway, make_annotation) -> None:
    filled("push", "--report", "tavaria-2020-hrw", "--n", "25")
    with open_database(filled).session() as session:
        audit = sorted(list_selected(session, audit=True))
    tag(filled, make_annotation, audit[1:])
    filled("prevalence")
    assert "1 drawn paragraphs are not coded yet" in filled.err
    assert "nothing of tavaria-2018-state was drawn at random" in filled.err
    shown = filled.json("prevalence")
    assert shown["waiting"] == 1
    assert shown["not_audited"] == ["tavaria-2018-state"]


def test_a_second_draw_adds_to_the_audit_of_the_first(filled, gateway) -> None:
    filled("push", "--n", "10", "--seed", "3")
    with open_database(filled).session() as session:
        first = list_selected(session, audit=True)
    filled("push", "--n", "40", "--seed", "4")
    with open_database(filled).session() as session:
        both, batches = list_selected(session, audit=True), list_batches(session)
    assert first < both
    assert len(both) == 5 + 8
    assert [b.audit_seed for b in batches] == [3, 3]
    assert batches[0].audited_to < batches[1].audited_to


def test_a_dry_run_lists_what_to_tag_first_and_why_without_a_server(cli, tmp_path) -> None:
    cli("ingest", REPORTS / "tavaria-2018-state.txt", REPORTS / "tavaria-2021-hrw.txt")
    file = tmp_path / "next.jsonl"
    options = ("push", "--select", "mixed", "--n", "12", "--dry-run")
    drawn = cli.json(*options, "-o", file)["drawn"]
    assert "without Label Studio" in cli.err
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines == drawn["paragraphs"]
    texts = {p.paragraph_id: p.text for p in read_paragraphs(cli)}
    assert len({line["paragraph_id"] for line in lines}) == 12
    for line in lines:
        assert " ".join(texts[line["paragraph_id"]].split()).startswith(line["words"].strip(" ."))
    reasons = Counter(line["reason"] for line in lines)
    assert reasons == {"random": 5, "uncertain": 4, "uncertain and diverse": 2, "rare": 1}
    shown = cli(*options)
    assert all(line["paragraph_id"] in shown for line in lines)
    with open_database(cli).session() as session:
        assert not list_batches(session)


def test_with_a_server_a_dry_run_lists_the_same_that_a_push_sends(filled, gateway) -> None:
    dry = filled.json("push", "--select", "rare", "--n", "9", "--dry-run")["drawn"]["paragraphs"]
    assert not gateway.keys
    gateway.broken = 2
    filled.fails("push", "--select", "rare", "--n", "9")
    gateway.broken = 0
    waiting = filled.json("push", "--n", "9", "--dry-run")["drawn"]
    ids = {paragraph["paragraph_id"] for paragraph in dry}
    assert {paragraph["paragraph_id"] for paragraph in waiting["paragraphs"]} == ids
    assert {paragraph["reason"] for paragraph in waiting["paragraphs"]} == {"drawn before"}
    filled("push", "--n", "9")
    assert set(gateway.keys) == ids


@pytest.fixture(scope="module")
def trained_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a model trained on two reports of one publisher."""
    folder = tmp_path_factory.mktemp("trained") / "study"
    labels = ROOT / "examples" / "annotations" / "tavaria-2015-2021.jsonl"
    names = ("2015-state", "2018-state", "2019-state", "2021-hrw")
    assert run(["init", str(folder)]) == 0
    at = ["-w", str(folder)]
    assert run([*at, "ingest", *(str(REPORTS / f"tavaria-{name}.txt") for name in names)]) == 0
    tagged = folder / "labels.jsonl"
    lines = labels.read_text(encoding="utf-8").splitlines(keepends=True)
    tagged.write_text("".join(x for x in lines if "hrw" not in json.loads(x)["report"]))
    assert run([*at, "annotations", "import", str(tagged)]) == 0
    only = ["--report", "tavaria-2015-state", "--report", "tavaria-2018-state"]
    assert run([*at, "train", *only]) == 0
    return folder


@pytest.fixture
def trained(trained_folder: Path, capsys, tmp_path: Path):
    folder = tmp_path / "study"
    shutil.copytree(trained_folder, folder)
    return Cli(folder, capsys)


def test_predict_names_a_report_unlike_the_training_data_and_how_to_teach(trained) -> None:
    trained("predict")
    told = [line for line in trained.err.splitlines() if "is unlike the training data" in line]
    assert [line.split()[0] for line in told] == ["tavaria-2020-hrw"]
    assert "its publisher (hrw) is not one of theirs (state)" in told[0]
    there = sum(p.report_id == "tavaria-2020-hrw" for p in read_paragraphs(trained))
    assert there < 50  # no more is proposed than there is
    assert f"push --report tavaria-2020-hrw --select mixed --n {there}\n" in trained.err


def test_on_an_unlike_report_the_phrases_have_half_the_say(trained, codebook) -> None:
    model = load_model(find_model(trained.folder / "models"))
    cold = ColdStart(codebook)
    records = [json.loads(line) for line in trained("predict").splitlines()]
    moved = 0
    for record in records:
        row = [TextRow(record["text"], tuple(record["section"]))]
        learned, plain = next(model.predict(row)), next(cold.predict(row))
        limits = model.info.thresholds
        merged = carry_over(learned, plain, limits, cold.thresholds, set(codebook.code_names))
        unlike = record["paragraph_id"].startswith("tavaria-2020-hrw")
        assert record["scores"] == pytest.approx((merged if unlike else learned).scores)
        assert record["codes"] == list((merged if unlike else learned).codes)
        assert record["model"]["id"].endswith("+codebook") == unlike
        moved += unlike and merged.scores != learned.scores
    assert moved


def test_push_says_so_too_and_draws_from_the_unlike_report(trained, gateway) -> None:
    trained("push", "--report", "tavaria-2020-hrw", "--select", "mixed", "--n", "6")
    assert "tavaria-2020-hrw is unlike the training data" in trained.err
    shown = sum(not task.hidden for task in gateway.made.values())
    assert f"{shown} of the pre-labels are by 20" in trained.err
    assert "+codebook, of reports unlike" in trained.err
    assert len(gateway.keys) == 6
    assert all(key.startswith("tavaria-2020-hrw") for key in gateway.keys)
    trained("push", "--report", "tavaria-2019-state", "--n", "5")
    assert "unlike" not in trained.err


def test_lines_unlike_the_training_data_are_told_and_answered_with_care(
    trained, tmp_path: Path
) -> None:
    file = tmp_path / "posts.jsonl"
    text = "we call on you: free them now! why do you hide my brother, nobody told us, i saw it"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for _ in range(40)))
    records = [json.loads(line) for line in trained("predict", "--input", file).splitlines()]
    assert len(records) == 40
    assert "the input is unlike the training data" in trained.err
    assert "workbench push --select mixed" in trained.err
    assert all(record["model"]["id"].endswith("+codebook") for record in records)


def test_a_file_is_answered_as_the_store_is(trained, tmp_path: Path) -> None:
    stored = [json.loads(line) for line in trained("predict").splitlines()]
    file = tmp_path / "paragraphs.jsonl"
    trained("paragraphs", "-o", file)
    kept = {record["paragraph_id"] for record in stored}
    lines = [line for line in file.read_text().splitlines() if json.loads(line)["kind"] == "text"]
    file.write_text("".join(line + "\n" for line in lines))
    read = [json.loads(line) for line in trained("predict", "--input", file).splitlines()]
    assert "report 'tavaria-2020-hrw' of the input is unlike the training data" in trained.err
    assert {record["paragraph_id"] for record in read} == kept
    fields = ("paragraph_id", "report_id", "source", "codes", "scores", "evidence", "model", "text")
    for field in (*fields, "section"):
        assert [record[field] for record in read] == [record[field] for record in stored], field
    assert len({record["model"]["id"] for record in read}) == 2


def test_where_the_training_reports_are_not_held_it_is_said(trained, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    trained("init", folder)
    shutil.copytree(trained.folder / "models", folder / "models", dirs_exist_ok=True)
    trained.folder = folder
    file = tmp_path / "posts.jsonl"
    file.write_text(json.dumps({"text": "Guards beat them."}) + "\n")
    trained("predict", "--input", file)
    assert "it cannot be told whether others are like them" in trained.err


@pytest.mark.parametrize("broken", ["{", '{"text": ""}', '{"text": 3}'])
def test_a_broken_line_far_into_a_file_leaves_no_half_written_predictions(
    trained, tmp_path: Path, broken: str
) -> None:
    file, output = tmp_path / "texts.jsonl", tmp_path / "predictions.jsonl"
    output.write_text("as it was\n")
    line = json.dumps({"text": "Guards beat the prisoners."}) + "\n"
    file.write_text(line * 3000 + broken + "\n" + line)
    assert "texts.jsonl, line 3001: " in trained.fails("predict", "--input", file, "-o", output)
    assert output.read_text() == "as it was\n"
    assert sorted(path.name for path in tmp_path.glob("*predictions*")) == ["predictions.jsonl"]
