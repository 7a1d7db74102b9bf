"""What a folder of models holds, read and checked, but no model loaded."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.errors import ModelFileError
from workbench.models.folders import META_FILE, list_ids
from workbench.models.metafile import MEND, parse_meta
from workbench.records import ModelInfo

_MEND_FILE = "restore it from a copy, or train again; do not use it"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models of a folder, oldest first, and why others of it, by id, cannot be read."""

    models: tuple[ModelInfo, ...]
    broken: Mapping[str, ModelFileError]


def survey_models(models_dir: Path) -> Shelf:
    """The models whose `meta.json` can be read, and those whose cannot."""
    infos: list[ModelInfo] = []
    broken: dict[str, ModelFileError] = {}
    for name in list_ids(models_dir):
        try:
            infos.append(read_info(models_dir / name))
        except ModelFileError as error:
            broken[name] = error
    return Shelf(tuple(sorted(infos, key=lambda i: (i.trained_at, i.model_id))), broken)


def read_info(folder: Path) -> ModelInfo:
    """What `meta.json` says of the model in `folder`. ModelFileError where it is damaged."""
    path = folder / META_FILE
    meta = read_json(path)
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


def read_json(path: Path) -> dict[str, Any]:
    """The content of a `meta.json`, its seal checked. ModelFileError where it is damaged."""
    return parse_meta(_read_bytes(path, MEND), str(path))


def read_registered(path: Path, sha256: str) -> bytes:
    """The bytes of a file. ModelFileError where it is missing, or has another hash."""
    data = _read_bytes(path, "restore the file, or train again")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelFileError(
            f"{path}: is not the file that was registered, its SHA-256 differs", _MEND_FILE
        )
    return data


def _read_bytes(path: Path, mend: str) -> bytes:
    try:
        # A pipe or a device, linked to in its place, might never end.
        if path.exists() and not path.is_file():
            raise ModelFileError(f"{path}: is not a file", mend)
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be read: {error.strerror}", mend) from error
