"""`meta.json`: what made a model and how it was measured, with a seal that tells of a change. Pure.

Figures are printed from this file, so one that was edited, or damaged in a way that is still
JSON, is refused. The seal is no signature: who can write the file can seal it anew.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any

import workbench
from workbench.errors import ModelFileError
from workbench.models.evaluation import HELD_OUT
from workbench.models.training import TrainedModel
from workbench.taxonomy.codebook import Codebook

#: The field with the SHA-256 of all others.
SEAL = "meta_sha256"
_PACKAGES = ("numpy", "scipy", "scikit-learn", "skops", "spacy")
#: What to do about a file that is refused.
MEND = "restore it from a copy, or delete the model's folder"


def describe_training(
    trained: TrainedModel, codebook: Codebook, model_id: str, sha256: str, trained_at: datetime
) -> dict[str, Any]:
    """What is kept of a model's training, in plain JSON types; figures are those of `trained`.

    In `data`, `own` and `carried` count paragraphs by report (see `TrainedModel`); `reports`
    are those with any of their own.
    """
    return {
        "model_id": model_id,
        "sha256": sha256,
        "trained_at": trained_at.isoformat(timespec="seconds"),
        "taxonomy": {
            "name": codebook.name,
            "version": codebook.version,
            "sha256": codebook.sha256,
        },
        "codes": list(trained.codes),
        "insufficient": dict(trained.insufficient),
        "thresholds": dict(trained.thresholds),
        "seed": trained.seed,
        "data": {
            "sha256": trained.data_sha256,
            "paragraphs": trained.paragraphs,
            "reports": list(trained.reports),
            "own": dict(trained.own),
            "carried": dict(trained.carried),
        },
        "packages": {
            "workbench": workbench.__version__,
            **{name: version(name) for name in _PACKAGES},
        },
        "metrics": {name: value for name, value in trained.metrics.items() if name != HELD_OUT},
    }


def render_meta(meta: Mapping[str, Any]) -> str:
    """The file for `meta`, plain JSON types; ValueError where a number is not one."""
    sealed = {**meta, SEAL: _hash(meta)}
    return json.dumps(sealed, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def parse_meta(data: bytes, origin: str) -> dict[str, Any]:
    """What `render_meta` was given. ModelFileError, which names `origin`, where it was changed."""
    try:
        meta = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{origin}: cannot be read: {error}", MEND) from error
    if not isinstance(meta, dict):
        raise ModelFileError(f"{origin}: not a JSON object", MEND)
    if SEAL not in meta:
        raise ModelFileError(
            f"{origin}: damaged, or of a former version: {SEAL} is missing",
            "delete the model's folder and train again, or restore it from a copy",
        )
    seal = meta.pop(SEAL)
    if seal != _hash(meta):
        raise ModelFileError(
            f"{origin}: damaged, or changed after training: its {SEAL} differs, so its figures need"
            " not be those that were measured",
            MEND,
        )
    return meta


def _hash(meta: Mapping[str, Any]) -> str:
    canonical = json.dumps(meta, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
