"""The models on disk: one folder per model, written once, never changed.

`models/<id>/` holds `model.skops` (see `modelfile`), `meta.json` (what made
it and how it was measured), `card.md` (the same for people), plots, and what
later commands need of its training (see `keepsakes`).
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.errors import ModelError, ModelFileError
from workbench.models.card import render_card
from workbench.models.folders import META_FILE, MODEL_FILE, list_ids
from workbench.models.heldout import HeldOut, parse_held_out
from workbench.models.keepsakes import (
    HELD_OUT_FILE,
    TRAINING_FILE,
    hash_text,
    render_keepsakes,
)
from workbench.models.memory import Remembered, parse_memory
from workbench.models.metafile import MEND, describe_training, render_meta
from workbench.models.modelfile import ModelContents, dump_model, parse_model
from workbench.models.prediction import LoadedModel
from workbench.models.shelf import read_info, read_json, read_registered, survey_models
from workbench.models.training import TrainedModel
from workbench.records import CodedParagraph, ModelInfo
from workbench.taxonomy.codebook import Codebook

CARD_FILE = "card.md"
LATEST = "latest"
METHODS = ("model", "baseline", "cold_start")


def save_model(
    models_dir: Path,
    trained: TrainedModel,
    codebook: Codebook,
    *,
    trained_at: datetime | None = None,
    coded: Sequence[CodedParagraph] = (),
    remark: Callable[[str], None] = lambda _: None,
) -> ModelInfo:
    """Write `trained` into a folder of its own and return what `find_model` will.

    With `coded`, what it learned from, it can later tell texts that it has
    seen, and be compared with other models on what was held out.
    The id is the day (UTC) and the start of the model file's hash. Written to
    a temporary folder, then renamed: the model is there whole or not at all.
    The same model on the same day is the same folder, which is left as it is; one
    that is damaged is moved aside, which `remark` is told, and written anew.
    Raises ModelError where `models_dir` cannot be written.
    """
    trained_at = (trained_at or datetime.now(UTC)).astimezone(UTC)
    contents = ModelContents(trained.pipeline, trained.codes, trained.thresholds, codebook.sha256)
    data = dump_model(contents)
    sha256 = hashlib.sha256(data).hexdigest()
    model_id = f"{trained_at:%Y-%m-%d}-{sha256[:8]}"
    folder = models_dir / model_id
    if folder.exists() and (held := _find_sound(folder, sha256, remark)):
        return held
    files = render_keepsakes(trained, coded)
    meta = describe_training(trained, codebook, model_id, sha256, trained_at)
    meta["files"] = {name: hash_text(text) for name, text in files.items()}
    part = None
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".{model_id}."))
        (part / MODEL_FILE).write_bytes(data)
        (part / META_FILE).write_text(render_meta(meta), encoding="utf-8", newline="\n")
        (part / CARD_FILE).write_text(render_card(meta), encoding="utf-8", newline="\n")
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        part.chmod(0o755)  # mkdtemp makes folders private; a model is meant to be shared
        part.rename(folder)
    except OSError as error:
        raise ModelError(
            f"{folder}: cannot be written: {error.strerror}",
            "choose a models folder that you may write to",
        ) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
    return read_info(folder)


def list_models(models_dir: Path) -> list[ModelInfo]:
    """The registered models, oldest first. ModelFileError names a damaged `meta.json`."""
    shelf = survey_models(models_dir)
    for error in shelf.broken.values():
        raise error
    return list(shelf.models)


def find_model(models_dir: Path, wanted: str = LATEST) -> ModelInfo:
    """The model with the id `wanted`, the one whose id begins so, or the latest.

    Raises ModelError where there is none, or where several ids begin so, and
    ModelFileError where it is damaged, or one that may be the latest is.
    """
    ids = list_ids(models_dir)
    if not ids:
        raise ModelError(f"{models_dir}: there is no model yet", "run `workbench train` first")
    if wanted == LATEST:
        return _find_latest(models_dir)
    fitting = [wanted] if wanted in ids else [name for name in ids if name.startswith(wanted)]
    if not wanted or not fitting:
        raise ModelError(
            f"{models_dir}: no model {wanted!r}", "see `workbench models list` for their ids"
        )
    if len(fitting) > 1:
        raise ModelError(
            f"{models_dir}: {wanted!r} could be {', '.join(fitting)}", "write more of the id"
        )
    return read_info(models_dir / fitting[0])


def load_model(info: ModelInfo, codebook: Codebook | None = None) -> LoadedModel:
    """The model of `info`, its file checked against the hash in `info` before it is parsed.

    With `codebook`, the model must have been trained with exactly that
    taxonomy, else ModelError. Raises ModelFileError where the file is missing,
    changed, damaged or asks for types that are not trusted.
    """
    if codebook is not None and codebook.sha256 != info.taxonomy_sha256:
        raise ModelError(
            f"model {info.model_id} was trained with taxonomy {info.taxonomy_name}"
            f" {info.taxonomy_version} ({info.taxonomy_sha256[:8]}), but the workspace has"
            f" {codebook.name} {codebook.version} ({codebook.sha256[:8]})",
            "train again, or restore the taxonomy file that the model was trained with (each byte"
            " counts, those of a comment too)",
        )
    path = Path(info.path) / MODEL_FILE
    contents = parse_model(read_registered(path, info.sha256), str(path))
    stated = (info.codes, dict(info.thresholds), info.taxonomy_sha256)
    if stated != (contents.codes, dict(contents.thresholds), contents.taxonomy_sha256):
        raise ModelFileError(
            f"{path.parent / META_FILE}: codes, thresholds or taxonomy are not those of the model",
            "restore it from a copy, or train again",
        )
    return LoadedModel(info=info, pipeline=contents.pipeline)


def check_model(info: ModelInfo) -> None:
    """ModelFileError where a file of the model is missing, or not the one registered.

    The model is not loaded; its card, which no hash covers, may be anything.
    """
    read_registered(Path(info.path) / MODEL_FILE, info.sha256)
    for name, sha256 in read_meta(info)["files"].items():
        read_registered(Path(info.path) / name, sha256)


def read_meta(info: ModelInfo) -> dict[str, Any]:
    """All that `meta.json` says of a model, see `metafile`. ModelFileError where parts lack."""
    path = Path(info.path) / META_FILE
    meta = read_json(path)
    try:
        meta["data"]["paragraphs"], meta["data"]["reports"], meta["insufficient"]
        meta["data"]["own"], meta["data"]["carried"]
        meta["metrics"]["scheme"], meta["metrics"]["caveat"], meta["files"]
        meta["metrics"]["bootstrap"]["unit"], meta["metrics"]["calibration"]
        for method in METHODS:
            for part in ("all", "new", "carried_over"):
                meta["metrics"]["methods"][method][part]["codes"]
    except (KeyError, TypeError) as error:
        raise ModelFileError(
            f"{path}: damaged, or of a former version: {error} is missing",
            MEND,
        ) from error
    return dict(meta)


def read_training(info: ModelInfo) -> list[Remembered]:
    """What a model remembers of the texts it learned from.

    Raises ModelFileError where it was registered without them, or the file is
    not the one that was.
    """
    text, path = _read_kept(info, TRAINING_FILE)
    return parse_memory(text, str(path))


def keeps_held_out(info: ModelInfo) -> bool:
    """Whether the model was registered with what `read_held_out` reads."""
    return HELD_OUT_FILE in read_meta(info).get("files", {})


def read_held_out(info: ModelInfo) -> HeldOut:
    """What was said of each paragraph while its report was held out; errors as above."""
    text, path = _read_kept(info, HELD_OUT_FILE)
    return parse_held_out(text, info.codes, str(path))


def _read_kept(info: ModelInfo, name: str) -> tuple[str, Path]:
    folder = Path(info.path)
    registered = read_json(folder / META_FILE).get("files", {})
    if name not in registered:
        raise ModelFileError(
            f"{folder}: the model was registered without {name}", "train again, it is kept now"
        )
    path = folder / name
    return read_registered(path, registered[name]).decode("utf-8"), path


def _find_sound(folder: Path, sha256: str, remark: Callable[[str], None]) -> ModelInfo | None:
    """The model in `folder` if it is whole and the one wanted; else None, and it is moved aside."""
    try:
        info = read_info(folder)
        check_model(info)
        if info.sha256 == sha256:
            return info
        problem = f"{folder}: is about another model"
    except ModelFileError as error:
        problem = error.message
    aside = folder.with_name(f".{folder.name}.damaged")
    number = 1
    while aside.exists():
        number += 1
        aside = folder.with_name(f".{folder.name}.damaged-{number}")
    try:
        folder.rename(aside)
    except OSError as error:
        raise ModelError(
            f"{problem}; {folder} cannot be moved aside: {error.strerror}",
            "delete the folder and train again",
        ) from error
    remark(f"{problem}; what was there is now in {aside}, and the model was written anew")
    return None


def _find_latest(models_dir: Path) -> ModelInfo:
    shelf = survey_models(models_dir)
    latest = shelf.models[-1] if shelf.models else None
    for name, error in shelf.broken.items():
        # Of a damaged one only its id tells when it was trained, to the day.
        if latest is None or name[:10] >= f"{latest.trained_at:%Y-%m-%d}":
            raise ModelFileError(
                f"{error.message} (it may be the latest model)",
                f"delete or move {models_dir / name}, or train again and choose a model by its id",
            )
    return latest
