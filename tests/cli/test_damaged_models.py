"""A damaged model stops neither training nor listing, and training again mends it."""

import json

from tests.conftest import ROOT

LABELS = ROOT / "examples" / "annotations" / "tavaria-2015-2021.jsonl"
NAMES = ("tavaria-2015-state", "tavaria-2018-state")


def test_training_again_mends_a_model_and_a_broken_one_is_named(cli, tmp_path) -> None:
    cli("ingest", *(ROOT / "examples" / "reports" / f"{name}.txt" for name in NAMES))
    lines = LABELS.read_text(encoding="utf-8").splitlines(keepends=True)
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(x for x in lines if json.loads(x)["report"].startswith(NAMES)))
    cli("annotations", "import", file)
    train = ("train", "--no-curve", "--report", NAMES[0])
    model = cli.json(*train)["model_id"]
    folder = cli.folder / "models" / model

    (folder / "model.skops").write_bytes(b"half")
    assert cli.json("models", "list") == []
    assert f"{folder}/model.skops: is not the file that was registered" in cli.err
    assert "model.skops: is not the file" in cli.fails("predict")
    cli(*train)
    assert "written anew" in cli.err
    assert "registered already" not in cli.err
    assert [meta["model_id"] for meta in cli.json("models", "list")] == [model]
    cli("predict", "-o", tmp_path / "predictions.jsonl")

    (folder / "meta.json").unlink()
    other = cli.json("train", "--no-curve", "--report", NAMES[1])["model_id"]
    assert f"{folder}/meta.json: cannot be read" in cli.err
    shown = cli("models", "list")
    assert other in shown
    assert model not in shown
    assert f"not listed: {folder}/meta.json" in cli.err
    error = cli.fails("predict", "-o", tmp_path / "again.jsonl")
    assert f"{folder}/meta.json: cannot be read" in error
    assert "it may be the latest model" in error
    cli("predict", "--model", other, "-o", tmp_path / "again.jsonl")
