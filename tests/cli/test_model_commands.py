"""Training, and what judges, compares and doubts: the commands as their user types them."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, Cli
from workbench.cli import run

EXAMPLES = ROOT / "examples"
REPORTS = EXAMPLES / "reports"
LABELS = EXAMPLES / "annotations" / "tavaria-2015-2021.jsonl"
GOLD = EXAMPLES / "annotations" / "tavaria-2022-gold.jsonl"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sample labels and two models; tests read it only."""
    folder = tmp_path_factory.mktemp("study")
    for args in (
        ["init", str(folder)],
        ["-w", str(folder), "ingest", str(REPORTS)],
        ["-w", str(folder), "annotations", "import", str(LABELS)],
        ["-w", str(folder), "train", "--report", "tavaria-2015-state"],
        ["-w", str(folder), "train", "--report", "tavaria-2015-state", "--report",
         "tavaria-2018-state", "--report", "tavaria-2020-hrw", "--report", "tavaria-2020-state"],
    ):  # fmt: skip
        assert run(args) == 0, args
    return folder


@pytest.fixture
def trained(study: Path, capsys) -> Cli:
    return Cli(study, capsys)


def models(trained: Cli) -> list[str]:
    """The smaller model, then the larger."""
    listed = sorted(trained.json("models", "list"), key=lambda meta: meta["data"]["paragraphs"])
    return [meta["model_id"] for meta in listed]


def write_gold(path: Path, *records: dict) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_model_is_shown_with_its_methods_its_coders_and_its_calibration(trained) -> None:
    _, large = models(trained)
    shown = trained("models", "show", large)
    for words in (
        "leave one report out",
        "bootstrap over paragraphs (near duplicates together)",
        "TF-IDF + logistic regression",
        "indicator phrases alone",
        "one coder against the others",
        "coders' F1",
        "each held-out report, new text only",
        "calibration on new text",
        "training paragraphs changed the micro-F1 by",
    ):
        assert words in shown
    meta = trained.json("models", "show", large)
    assert meta["metrics"]["ceiling"]["micro_f1"]["value"] > 0.5
    assert meta["metrics"]["learning_curve"]["points"][-1]["size"] > 40
    assert set(meta["files"]) == {
        "training.jsonl", "heldout.jsonl", "precision-recall.svg", "calibration.svg",
        "learning-curve.svg",
    }  # fmt: skip
    for name in meta["files"]:
        assert (trained.folder / "models" / large / name).is_file()


def test_training_says_why_there_is_no_learning_curve(cli) -> None:
    cli("ingest", REPORTS / "tavaria-2015-state.txt")
    cli("annotations", "import", LABELS)
    meta = cli.json("train", "--no-curve")
    assert "learning_curve" not in meta["metrics"]
    assert "learning curve" not in cli.err
    cli("train", "--report", "tavaria-2015-state")
    assert "no learning curve: only" in cli.err


def test_evaluating_scores_a_model_on_gold_paragraphs_beside_simpler_ones(
    trained, tmp_path
) -> None:
    file = tmp_path / "figures.json"
    result = trained.json("evaluate", "--gold", GOLD, "--baseline", "-o", file)
    assert json.loads(file.read_text()) == result
    assert set(result["methods"]) == {"model", "cold_start", "baseline"}
    assert result["baseline"] == "TF-IDF + logistic regression"
    new = result["methods"]["model"]["new"]
    assert new["paragraphs"] + result["seen_in_training"] == result["paragraphs"]
    assert new["micro_f1"]["low"] < new["micro_f1"]["value"] < new["micro_f1"]["high"]
    shown = trained("evaluate", "--gold", GOLD)
    assert "new to the model" in shown
    assert "indicator phrases alone" in shown
    assert "TF-IDF" not in shown


def test_what_the_model_learned_from_is_scored_apart(trained, tmp_path) -> None:
    known = [json.loads(line) for line in LABELS.read_text().splitlines()]
    known = [{k: r[k] for k in ("text", "codes")} for r in known if "2015" in r["report"]][:12]
    known[0]["text"] = known[0]["text"].upper() + " AGAIN."
    new = {"text": "The mayor of Karsk forbade the march and fined those who came.", "codes": []}
    gold = write_gold(tmp_path / "gold.jsonl", *known, new)
    result = trained.json("evaluate", "--gold", gold, "--model", models(trained)[0])
    assert result["seen_in_training"] == 12
    assert result["methods"]["model"]["new"]["paragraphs"] == 1
    gold = write_gold(tmp_path / "known.jsonl", *known)
    shown = trained("evaluate", "--gold", gold, "--model", models(trained)[0])
    assert "learned from every one of them: there is no figure for new text" in shown
    assert "\nnew to the model" not in shown
    assert "has learned from every paragraph" in trained.fails(
        "models", "compare", *models(trained), "--gold", gold
    )


def test_a_code_that_is_undecided_in_the_gold_counts_neither_for_nor_against(
    trained, tmp_path
) -> None:
    beaten = "Officers beat the detainees and tortured them with electric shocks in the cells."
    lines = [{"text": f"{beaten} Case {name}.", "codes": ["torture"]} for name in "abcdef"]
    rain = {"text": "It rained in the hills for a week.", "codes": []}
    tied = [
        {"text": f"{beaten} {words}", "codes": [], "tied": ["torture"]}
        for words in ("They said so in court, in tears.", "Nobody was charged with anything.")
    ]
    torture = {}
    against = [record | {"tied": []} for record in tied]
    for name, more in (("without", []), ("tied", tied), ("against", against)):
        gold = write_gold(tmp_path / f"{name}.jsonl", *lines, rain, *more)
        result = trained.json("evaluate", "--gold", gold)
        torture[name] = result["methods"]["model"]["all"]["codes"]["torture"]
    assert torture["tied"] == torture["without"]
    assert torture["against"]["precision"]["value"] < torture["tied"]["precision"]["value"]
    gold = tmp_path / "tied.jsonl"
    assert trained.json("evaluate", "--gold", gold)["undecided"] == {"torture": 2}
    assert "torture: undecided on 2 of them; left out there" in trained("evaluate", "--gold", gold)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no paragraph"),
        ("{", "line 1: not JSON"),
        ('{"text": "a"}', "line 1: codes"),
        ('{"text": "a", "codes": ["housing"]}', "unknown code 'housing'"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_bad_gold_files_are_named(trained, tmp_path, content, message) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_bytes(content if isinstance(content, bytes) else content.encode())
    error = trained.fails("evaluate", "--gold", gold)
    assert str(gold) in error
    assert message in error
    assert "cannot be read" in trained.fails("evaluate", "--gold", tmp_path / "nowhere")
    assert "no model 'x'" in trained.fails("evaluate", "--gold", GOLD, "--model", "x")


def test_a_baseline_of_other_labels_is_refused(cli) -> None:
    cli("ingest", REPORTS)
    cli("annotations", "import", LABELS)
    cli("train", "--report", "tavaria-2015-state", "--report", "tavaria-2018-state", "--no-curve")
    changed = []
    for line in LABELS.read_text().splitlines():
        record = json.loads(line)
        turned = [] if record["codes"] else ["torture"]
        changed.append(record | {"codes": turned} if "2015" in record["report"] else record)
    file = write_gold(cli.folder / "labels.jsonl", *changed)
    cli("annotations", "import", file)
    assert "labels have changed" in cli.fails("evaluate", "--gold", GOLD, "--baseline")


def test_models_are_compared_on_the_same_paragraphs(trained) -> None:
    small, large = models(trained)
    result = trained.json("models", "compare", small, large, "--gold", GOLD)
    assert (result["first"], result["second"]) == (small, large)
    figure = result["micro_f1"]
    assert figure["difference"]["value"] == pytest.approx(
        figure["second"] - figure["first"], abs=2e-4
    )
    assert figure["verdict"] in ("first", "second", "neither shown")
    shown = trained("models", "compare", small, large, "--gold", GOLD)
    assert "left out: copies, edited ones too, of what one of the models learned from" in shown
    assert "better" in shown.splitlines()[-1]


def test_without_gold_what_was_held_out_is_compared_and_other_tests_are_told_apart(
    trained,
) -> None:
    small, large = models(trained)
    shown = trained("models", "compare", small, large)
    assert "held-out new text" in shown
    assert f"not the same test: {small} by folds of paragraphs within one report" in shown
    same = trained.json("models", "compare", large, large)
    assert same["remarks"] == []
    assert same["micro_f1"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert same["micro_f1"]["verdict"] == "neither shown"


def test_models_without_a_paragraph_in_common_need_gold(cli) -> None:
    cli("ingest", REPORTS)
    cli("annotations", "import", LABELS)
    ids = [
        cli.json("train", "--report", report, "--no-curve")["model_id"]
        for report in ("tavaria-2015-state", "tavaria-2020-hrw")
    ]
    assert "judged on no paragraph in common" in cli.fails("models", "compare", *ids)


def test_a_damaged_file_of_a_model_is_refused_and_never_changes_an_answer(cli, tmp_path) -> None:
    cli("ingest", REPORTS)
    cli("annotations", "import", LABELS)
    model = cli.json("train", "--no-curve")["model_id"]
    cli("train", "--no-curve")
    assert f"{model} is registered already" in cli.err
    held_out = cli.folder / "models" / model / "heldout.jsonl"
    held_out.write_text(held_out.read_text().replace("0.", "1.", 1))
    out = tmp_path / "predictions.jsonl"
    assert "heldout.jsonl: is not the file" in cli.fails("predict", "-o", out)
    assert not out.exists()


def test_the_learning_curve_is_printed_and_drawn(trained, tmp_path) -> None:
    file = tmp_path / "curve.svg"
    options = ("--report", "tavaria-2018-state", "--report", "tavaria-2020-hrw", "--report",
               "tavaria-2015-state", "--draws", "2", "-o", file)  # fmt: skip
    shown = trained("learning-curve", *options)
    assert "training paragraphs" in shown
    assert "changed the micro-F1 by" in shown
    assert file.read_text().startswith("<svg")
    result = trained.json("learning-curve", *options)
    sizes = [point["size"] for point in result["points"]]
    assert sizes[-2] == sizes[-1] // 2
    assert result["verdict"] in ("pays", "level", "unknown")
    assert len(models(trained)) == 2  # nothing is registered
    assert "too few for a learning curve" in trained.fails(
        "learning-curve", "--report", "tavaria-2015-state"
    )


def test_planted_mistakes_of_a_coder_are_listed_to_be_rechecked(cli, tmp_path) -> None:
    cli("ingest", REPORTS)
    planted, changed = set(), []
    for line in LABELS.read_text().splitlines():
        record = json.loads(line)
        hers = record["annotator"] == "bela@example.org" and "torture" in record["codes"]
        if hers and "2018" in record["report"] and len(planted) < 6:
            record["codes"] = [code for code in record["codes"] if code != "torture"]
            planted.add(record["text"])
        changed.append(record)
    assert len(planted) == 6
    cli("annotations", "import", write_gold(tmp_path / "labels.jsonl", *changed))
    file = tmp_path / "recheck.jsonl"
    reports = [
        option
        for name in ("tavaria-2015-state", "tavaria-2018-state", "tavaria-2020-hrw")
        for option in ("--report", name)
    ]
    result = cli.json("label-issues", *reports, "-n", "30", "-o", file)
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert records == result["issues"]
    assert len(records) <= 30
    mine = [r for r in records if r["coder"] == "bela@example.org" and r["code"] == "torture"]
    assert len({r["text"] for r in mine} & planted) >= 4
    assert set(records[0]) >= {
        "paragraph_id", "coder", "code", "given", "score", "codes", "consensus", "text", "section",
        "link", "quality", "agreeing", "others",
    }  # fmt: skip
    assert sum(result["by_coder"].values()) == sum(result["by_code"].values()) == result["doubted"]
    shown = cli("label-issues", *reports, "-n", "3")
    assert f"3 of {result['doubted']} doubted decisions" in shown
    assert "by coder: " in shown


@pytest.mark.parametrize("command", ["learning-curve", "label-issues", "train"])
def test_without_labels_the_commands_say_what_to_do(cli, command) -> None:
    cli("ingest", REPORTS / "tavaria-2021-hrw.txt")
    assert "has an annotation" in cli.fails(command)
