"""The models on disk: one folder per model, written once, never changed.

`models/<id>/` holds `model.skops` (see `modelfile`), `meta.json` (what made
it and how it was measured), `card.md` (the same for people), plots, and what
later commands need of its training (see `keepsakes`).
"""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
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
from workbench.models.metafile import MEND, describe_training, parse_meta, render_meta
from workbench.models.modelfile import ModelContents, dump_model, parse_model
from workbench.models.prediction import LoadedModel
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
) -> ModelInfo:
    """Write `trained` into a folder of its own and return what `find_model` will.

    With `coded`, what it learned from, it can later tell texts that it has
    seen, and be compared with other models on what was held out.
    The id is the day (UTC) and the start of the model file's hash. Written to
    a temporary folder, then renamed: the model is there whole or not at all.
    The same model on the same day is the same folder, which is left as it is.
    Raises ModelError where `models_dir` cannot be written.
    """
    trained_at = (trained_at or datetime.now(UTC)).astimezone(UTC)
    contents = ModelContents(trained.pipeline, trained.codes, trained.thresholds, codebook.sha256)
    data = dump_model(contents)
    sha256 = hashlib.sha256(data).hexdigest()
    model_id = f"{trained_at:%Y-%m-%d}-{sha256[:8]}"
    folder = models_dir / model_id
    if folder.exists():
        return _read_info(folder)
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
    return _read_info(folder)


def list_models(models_dir: Path) -> list[ModelInfo]:
    """The registered models, oldest first. ModelFileError names a damaged `meta.json`."""
    infos = [_read_info(models_dir / name) for name in list_ids(models_dir)]
    return sorted(infos, key=lambda info: (info.trained_at, info.model_id))


def find_model(models_dir: Path, wanted: str = LATEST) -> ModelInfo:
    """The model with the id `wanted`, the one whose id begins so, or the latest.

    Raises ModelError where there is none, or where several ids begin so.
    """
    ids = list_ids(models_dir)
    if not ids:
        raise ModelError(f"{models_dir}: there is no model yet", "run `workbench train` first")
    if wanted == LATEST:
        return list_models(models_dir)[-1]
    fitting = [wanted] if wanted in ids else [name for name in ids if name.startswith(wanted)]
    if not wanted or not fitting:
        raise ModelError(
            f"{models_dir}: no model {wanted!r}", "see `workbench models list` for their ids"
        )
    if len(fitting) > 1:
        raise ModelError(
            f"{models_dir}: {wanted!r} could be {', '.join(fitting)}", "write more of the id"
        )
    return _read_info(models_dir / fitting[0])


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
            "train again, or restore the taxonomy file that the model was trained with",
        )
    path = Path(info.path) / MODEL_FILE
    data = _read_bytes(path, "restore the file, or train again")
    if hashlib.sha256(data).hexdigest() != info.sha256:
        raise ModelFileError(
            f"{path}: is not the file that was registered, its SHA-256 differs",
            "restore it from a copy, or train again; do not use it",
        )
    contents = parse_model(data, str(path))
    stated = (info.codes, dict(info.thresholds), info.taxonomy_sha256)
    if stated != (contents.codes, dict(contents.thresholds), contents.taxonomy_sha256):
        raise ModelFileError(
            f"{path.parent / META_FILE}: codes, thresholds or taxonomy are not those of the model",
            "restore it from a copy, or train again",
        )
    return LoadedModel(info=info, pipeline=contents.pipeline)


def read_meta(info: ModelInfo) -> dict[str, Any]:
    """All that `meta.json` says of a model, see `metafile`. ModelFileError where parts lack."""
    path = Path(info.path) / META_FILE
    meta = _read_json(path)
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
    registered = _read_json(folder / META_FILE).get("files", {})
    if name not in registered:
        raise ModelFileError(
            f"{folder}: the model was registered without {name}", "train again, it is kept now"
        )
    path = folder / name
    data = _read_bytes(path, "restore the file, or train again")
    if hashlib.sha256(data).hexdigest() != registered[name]:
        raise ModelFileError(
            f"{path}: is not the file that was registered, its SHA-256 differs",
            "restore it from a copy, or train again",
        )
    return data.decode("utf-8"), path


def _read_info(folder: Path) -> ModelInfo:
    path = folder / META_FILE
    meta = _read_json(path)
    try:
        info = ModelInfo(
            model_id=meta["model_id"],
            sha256=meta["sha256"],
            path=str(folder),
            trained_at=datetime.fromisoformat(meta["trained_at"]),
            taxonomy_name=meta["taxonomy"]["name"],
            taxonomy_version=meta["taxonomy"]["version"],
            taxonomy_sha256=meta["taxonomy"]["sha256"],
            codes=tuple(meta["codes"]),
            thresholds={code: float(value) for code, value in meta["thresholds"].items()},
            metrics=meta["metrics"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFileError(
            f"{path}: damaged, {error} is missing or wrong",
            MEND,
        ) from error
    if not info.model_id.endswith(f"-{info.sha256[:8]}"):
        raise ModelFileError(
            f"{path}: model_id and sha256 do not belong together",
            MEND,
        )
    if info.model_id != folder.name:
        raise ModelFileError(
            f"{path}: is about model {info.model_id}", "give the folder its own name again"
        )
    return info


def _read_json(path: Path) -> dict[str, Any]:
    return parse_meta(_read_bytes(path, MEND), str(path))


def _read_bytes(path: Path, mend: str) -> bytes:
    try:
        # A pipe or a device, linked to in its place, might never end.
        if path.exists() and not path.is_file():
            raise ModelFileError(f"{path}: is not a file", mend)
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read: {error.strerror}", mend) from error
