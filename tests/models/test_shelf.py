"""Damaged models: told apart from sound ones, and written anew by training again."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.errors import ModelFileError
from workbench.models.registry import check_model, find_model, list_models, load_model, save_model
from workbench.models.shelf import survey_models

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
LATER = NOON.replace(month=6)


def damage(path: Path, how: str) -> None:
    if how == "missing":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(path.read_bytes()[:100])
    else:
        path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("how", ["missing", "truncated", "changed"])
@pytest.mark.parametrize("name", ["model.skops", "meta.json", "heldout.jsonl", "training.jsonl"])
def test_the_same_model_again_is_written_anew_where_it_is_damaged(
    tmp_path, trained, codebook, coded, name: str, how: str
) -> None:
    def save(remark=lambda text: pytest.fail(text)):
        return save_model(tmp_path, trained, codebook, trained_at=NOON, coded=coded, remark=remark)

    info = save()
    assert save() == info  # a sound one is left
    if (name, how) == ("meta.json", "changed"):
        path = Path(info.path) / name
        path.write_text(path.read_text().replace('"seed": 0', '"seed": 1'))
    else:
        damage(Path(info.path) / name, how)
    told: list[str] = []
    assert save(told.append) == info
    check_model(info)
    load_model(info, codebook)
    assert name in told[0]
    assert str(tmp_path / f".{info.model_id}.damaged") in told[0]
    assert list_models(tmp_path) == [info]


def test_damaged_twice_is_moved_aside_twice(tmp_path, trained, codebook) -> None:
    told: list[str] = []
    for _ in range(3):
        info = save_model(tmp_path, trained, codebook, trained_at=NOON, remark=told.append)
        (Path(info.path) / "model.skops").write_bytes(b"")
    assert len(told) == 2
    assert f".{info.model_id}.damaged-2 " in f"{told[1]} ".replace(",", " ")


def test_sound_models_are_found_beside_broken_ones(tmp_path, trained, codebook) -> None:
    older, middle, newer = (
        save_model(tmp_path, trained, codebook, trained_at=NOON.replace(month=month))
        for month in (5, 6, 7)
    )
    (Path(older.path) / "meta.json").write_text("{")
    shelf = survey_models(tmp_path)
    assert shelf.models == (middle, newer)
    assert list(shelf.broken) == [older.model_id]
    assert find_model(tmp_path) == newer
    # What may be the latest must not be passed over in silence.
    (Path(newer.path) / "meta.json").unlink()
    with pytest.raises(ModelFileError, match=rf"{newer.model_id}/meta\.json.*may be the latest"):
        find_model(tmp_path)
    assert find_model(tmp_path, middle.model_id) == middle


def test_what_a_model_needs_is_listed_and_shown(cli, trained, codebook) -> None:
    folder = cli.folder / "models"
    save_model(folder, trained, codebook, trained_at=NOON)
    assert "embeddings" not in cli("models", "list")
    assert "made with:" not in cli("models", "show")
    made = {"embeddings": "/home/ana/minilm", "labels": "dawid-skene"}
    metrics = {**trained.metrics, **made}
    info = save_model(folder, replace(trained, metrics=metrics), codebook, trained_at=LATER)
    told = "embeddings minilm, dawid-skene labels"
    listed = [line for line in cli("models", "list").splitlines() if info.model_id in line]
    assert told in listed[0]
    assert f"made with: {told}" in cli("models", "show")


def test_models_that_answer_alike_are_said_to(cli, trained, codebook, coded) -> None:
    infos = [
        save_model(cli.folder / "models", trained, codebook, trained_at=moment, coded=coded)
        for moment in (NOON, LATER)
    ]
    shown = cli("models", "compare", *(info.model_id for info in infos))
    assert shown.endswith("Both give every paragraph the same codes with the same scores.\n")
