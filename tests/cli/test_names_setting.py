"""The spaCy pipeline that finds names: whence it comes, and what train does with it."""

from pathlib import Path

import pytest
import spacy

from tests.conftest import ROOT
from workbench.config import new_workspace_text, read_workspace

EXAMPLES = ROOT / "examples"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    text = new_workspace_text("Study").replace('# names = ""', 'names = "of-file" #')
    (folder / "workbench.toml").write_text(text)
    return folder


def test_flag_beats_environment_beats_file_beats_default(root: Path, monkeypatch) -> None:
    assert read_workspace(root, {}).names_pipeline == "of-file"
    monkeypatch.setenv("WORKBENCH_NAMES", "of-environment")
    assert read_workspace(root, {}).names_pipeline == "of-environment"
    assert read_workspace(root, {"names": None}).names_pipeline == "of-environment"
    assert read_workspace(root, {"names": "of-flag"}).names_pipeline == "of-flag"
    assert read_workspace(root, {"names": ""}).names_pipeline is None
    monkeypatch.delenv("WORKBENCH_NAMES")
    (root / "workbench.toml").write_text(new_workspace_text("Study"))
    assert read_workspace(root, {}).names_pipeline is None


def test_a_folder_that_the_file_names_may_be_beside_it(root: Path, monkeypatch) -> None:
    (root / "of-file").mkdir()
    monkeypatch.chdir(root.parent)
    assert read_workspace(root, {}).names_pipeline == str(root / "of-file")
    assert read_workspace(root, {"names": "of-file"}).names_pipeline == "of-file"


@pytest.fixture
def labelled(cli):
    cli("ingest", EXAMPLES / "reports")
    cli("annotations", "import", EXAMPLES / "annotations" / "tavaria-2015-2021.jsonl")
    return cli


def test_train_with_names_that_a_pipeline_finds(labelled, tmp_path: Path) -> None:
    nlp = spacy.blank("en", meta={"name": "tavaria", "version": "3.1"})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Tavaria"}])
    nlp.to_disk(tmp_path / "names")
    meta = labelled.json("train", "--no-curve", "--names", tmp_path / "names")
    assert meta["metrics"]["names"] == "en_tavaria 3.1"
    assert "finding names" in labelled.err
    weights = meta["metrics"]["weights"]
    own = sum(meta["data"]["own"].values())  # what a twin's label says weighs for no publisher
    assert sum(p["paragraphs"] for p in weights["publishers"]) == own
    few, many = sorted(weights["publishers"], key=lambda p: p["paragraphs"])
    assert (few["name"], many["name"]) == ("hrw", "state")
    assert few["weight"] > many["weight"] == 1


def test_a_pipeline_that_cannot_be_loaded_is_a_clear_error(labelled) -> None:
    error = labelled.fails("train", "--no-curve", "--names", "en_no_such_pipeline")
    assert "names: the spaCy pipeline 'en_no_such_pipeline' cannot be loaded" in error
    assert not list((labelled.folder / "models").glob("2*"))
    error = labelled.fails("learning-curve", "--names", "en_no_such_pipeline")
    assert "cannot be loaded" in error


def test_the_baseline_of_evaluate_knows_the_labels_again(labelled, tmp_path: Path) -> None:
    labelled("train", "--no-curve")
    gold = EXAMPLES / "annotations" / "tavaria-2015-2021.jsonl"
    labelled("evaluate", "--gold", gold, "--baseline")
