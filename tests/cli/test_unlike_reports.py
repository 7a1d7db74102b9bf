"""Which reports a model knows: by their own labels, and enough of them."""

import json
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT, Cli
from workbench.cli import run

REPORTS = ROOT / "examples" / "reports"
LABELS = ROOT / "examples" / "annotations" / "tavaria-2015-2021.jsonl"
STATE = ("tavaria-2015-state", "tavaria-2018-state")
HRW = "tavaria-2020-hrw"
BULLETIN = "reprint-bulletin"


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State reports that are coded, one of HRW of which one paragraph is, and a reprint."""
    folder = tmp_path_factory.mktemp("few") / "study"
    lines = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    state = [x for x in lines if x["report"].removesuffix(".txt") in STATE]
    first = next(line for line in lines if "hrw" in line["report"])
    theirs = [line for line in lines if line["text"] == first["text"]]
    assert run(["init", str(folder)]) == 0
    at = ["-w", str(folder)]
    names = ("tavaria-2015-state", "tavaria-2018-state", "tavaria-2021-hrw")
    # A report of a publisher of its own that nobody codes, but with words that are coded elsewhere.
    reprint = folder / "reprint.jsonl"
    texts = [line["text"] for line in state if "2015" in line["report"]][:1]
    texts += [f"free them now! i saw it myself, number {n}, and nobody helped us" for n in range(9)]
    reprint.write_text(
        "".join(json.dumps({"text": text, "report": "bulletin"}) + "\n" for text in texts)
    )
    assert run([*at, "ingest", *(str(REPORTS / f"{name}.txt") for name in names)]) == 0
    fields = ["--text-field", "text", "--group-field", "report", "--source", "bulletin"]
    assert run([*at, "ingest", str(reprint), *fields]) == 0
    file = folder / "labels.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in [*state, *theirs]))
    assert run([*at, "annotations", "import", str(file)]) == 0
    assert run([*at, "train", "--no-curve"]) == 0
    return folder


@pytest.fixture
def study(labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    folder = tmp_path / "study"
    shutil.copytree(labelled, folder)
    return Cli(folder, capsys)


def test_own_labels_and_those_of_twins_are_counted_apart(study) -> None:
    data = study.json("models", "show")["data"]
    assert data["own"][HRW] == 1
    assert data["carried"] == {BULLETIN: 1}
    assert set(data["reports"]) == set(data["own"]) == {*STATE, HRW}
    assert data["paragraphs"] == sum(data["own"].values()) + 1
    (card,) = (study.folder / "models").glob("*/card.md")
    trained = next(x for x in card.read_text().splitlines() if x.startswith("- Trained"))
    assert f"{HRW} (1)" in trained
    assert BULLETIN not in trained
    assert "learned from 1 paragraphs that nobody coded themselves" in card.read_text()
    weights = study.json("models", "show")["metrics"]["weights"]["publishers"]
    assert {publisher["name"] for publisher in weights} == {"state", "hrw"}


def test_one_label_or_a_twins_label_makes_no_report_known(study) -> None:
    study("predict")
    told = study.err
    assert f"{HRW} is unlike the training data: its publisher (hrw) is not one of theirs" in told
    assert f"{BULLETIN} is unlike the training data: its publisher (bulletin) is not" in told
    assert "tavaria-2018-state is unlike" not in told


def test_a_baseline_learns_from_what_the_model_did(study) -> None:
    gold = ROOT / "examples" / "annotations" / "tavaria-2022-gold.jsonl"
    assert "baseline" in study.json("evaluate", "--gold", gold, "--baseline")["methods"]


def test_predict_sums_up_and_stores_blended_answers_under_an_id_that_says_so(
    study, tmp_path
) -> None:
    file = tmp_path / "predictions.jsonl"
    summary = study.json("predict", "-o", file)
    records = [json.loads(line) for line in file.read_text().splitlines()]
    given = Counter(code for record in records for code in record["codes"])
    assert summary["predictions"] == len(records)
    assert summary["codes"] == {code: given[code] for code in summary["codes"]}
    assert {unlike["report"] for unlike in summary["unlike"]} == {HRW, BULLETIN}
    assert summary["output"] == str(file)
    by_id = Counter(record["model"]["id"] for record in records)
    plain = summary["model"]
    assert set(by_id) == {plain, f"{plain}+codebook"}
    stored = "select model_id, count(*) from predictions group by 1"
    with sqlite3.connect(study.folder / ".workbench" / "workbench.db") as database:
        assert dict(database.execute(stored).fetchall()) == by_id
        # What was said under the other id before does not stay beside it.
        database.execute("delete from predictions where model_id like '%+codebook'")
        ids = [(r["paragraph_id"], plain) for r in records if r["model"]["id"] != plain]
        database.executemany(
            "insert into predictions select ?, ?, codes, scores, evidence, predicted_at"
            " from predictions limit 1",
            ids,
        )
    study("predict", "-o", file)
    with sqlite3.connect(study.folder / ".workbench" / "workbench.db") as database:
        assert dict(database.execute(stored).fetchall()) == by_id
    assert "--json prints a summary" in study.fails("predict", "--json")


def test_labels_of_paragraphs_that_are_no_text_are_counted_as_left_out(study) -> None:
    study("label-issues", "-n", "1")
    assert "are left out" not in study.err
    with sqlite3.connect(study.folder / ".workbench" / "workbench.db") as database:
        one = "select paragraph_id from annotations where paragraph_id like 'tavaria-2015%' limit 1"
        (key,) = database.execute(one).fetchone()
        database.execute(
            "update paragraphs set kind = 'cross-reference' where paragraph_id = ?", (key,)
        )
    study("label-issues", "-n", "1")
    assert "1 labelled paragraphs are left out: they are no text to code" in study.err


def score(answers: list[dict], gold: list[dict]) -> float:
    """The micro-F1 of the answers' codes."""
    pairs = [(set(a["codes"]), set(g["codes"])) for a, g in zip(answers, gold, strict=True)]
    hits = sum(len(a & g) for a, g in pairs)
    return 2 * hits / sum(len(a) + len(g) for a, g in pairs)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """One coder's labels of the HRW report, as if it were another one's."""
    file = tmp_path / "gold.jsonl"
    lines = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    coder = next(line["annotator"] for line in lines if "hrw" in line["report"])
    theirs = [x for x in lines if "hrw" in x["report"] and x["annotator"] == coder]
    file.write_text(
        "".join(
            json.dumps({k: x[k] for k in ("text", "section", "codes")} | extra) + "\n"
            for x in theirs
            for extra in [{"report": "velm-2021-watch", "source": "watch"}]
        )
    )
    return file


def test_what_predict_answers_on_unlike_reports_is_scored_beside_the_model(study, gold) -> None:
    result = study.json("evaluate", "--gold", gold)
    (unlike,) = result["unlike"]
    assert unlike["report"] == "velm-2021-watch"
    assert "its publisher (watch) is not one of theirs (state)" in unlike["reasons"]
    assert list(result["methods"]) == ["model", "predict", "cold_start"]
    answers = [json.loads(line) for line in study("predict", "--input", gold).splitlines()]
    assert all(answer["model"]["id"].endswith("+codebook") for answer in answers)
    lines = [json.loads(line) for line in gold.read_text().splitlines()]
    figure = result["methods"]["predict"]["all"]["micro_f1"]["value"]
    assert figure == pytest.approx(score(answers, lines), abs=1e-4)
    assert result["methods"]["predict"] != result["methods"]["model"]
    shown = study("evaluate", "--gold", gold)
    assert "as predict answers (codebook half the say on unlike reports)" in shown
    assert "report 'velm-2021-watch' of the input is unlike the training data: its pub" in shown


def test_gold_like_the_training_data_has_no_second_answer(study) -> None:
    like = ROOT / "examples" / "annotations" / "tavaria-2022-gold.jsonl"
    result = study.json("evaluate", "--gold", like)
    assert result["unlike"] == []
    assert "predict" not in result["methods"]


def test_the_codebooks_phrases_can_be_scored_without_any_model(cli, gold) -> None:
    result = cli.json("evaluate", "--gold", gold, "--model", "codebook")
    assert result["model"].startswith("codebook-rights-")
    assert list(result["methods"]) == ["model"]
    assert "calibration" not in result
    answers = [json.loads(x) for x in cli("predict", "--input", gold).splitlines()]
    lines = [json.loads(line) for line in gold.read_text().splitlines()]
    figure = result["methods"]["model"]["new"]["micro_f1"]["value"]
    assert figure == pytest.approx(score(answers, lines), abs=1e-4)
    assert "indicator phrases alone" in cli("evaluate", "--gold", gold, "--model", "codebook")
    learned = ("evaluate", "--gold", gold, "--model", "codebook", "--baseline")
    assert "`codebook` has learned nothing" in cli.fails(*learned)


def test_contradicting_gold_lines_are_remarked_on(cli, tmp_path) -> None:
    file = tmp_path / "twice.jsonl"
    file.write_text(
        "".join(
            json.dumps({"text": "Guards beat him.", "codes": codes}) + "\n"
            for codes in (["torture"], [])
        )
    )
    shown = cli("evaluate", "--gold", file, "--model", "codebook")
    assert "different codes in several lines (such as lines 1, 2)" in shown
