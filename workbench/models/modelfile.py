"""A model as bytes: skops, never pickle; the same model always the same bytes.

skops writes a zip of a `schema.json` and arrays. It names them by where they
happened to lie in memory and stamps them with the time of writing, so both
are put in a fixed order here.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import skops.io
from sklearn.pipeline import Pipeline

from workbench.errors import ModelFileError
from workbench.models.classifier import ParagraphClassifier
from workbench.models.embeddings import SentenceEmbeddings
from workbench.models.features import PhraseFeatures, WordFeatures
from workbench.models.hints import HintFeatures
from workbench.models.reading import RowReader, TextRow

#: What a model's features may be, in this order; each of the last two may be missing.
FEATURES = (PhraseFeatures, WordFeatures, WordFeatures, HintFeatures, SentenceEmbeddings)
#: The types beyond those that skops itself vouches for. All are ours and hold
#: plain data; a file that asks for any other is refused before it is built.
TRUSTED = tuple(
    f"{kind.__module__}.{kind.__qualname__}" for kind in (RowReader, *FEATURES, ParagraphClassifier)
)
# Whatever is wrong inside a part comes to light when it has to answer.
_PROBE = TextRow("The probe of a model.", ("Its heading",))
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ModelContents:
    """What the hash of a model file covers: everything that an answer depends on."""

    pipeline: Pipeline
    codes: tuple[str, ...]
    thresholds: Mapping[str, float]
    taxonomy_sha256: str


def dump_model(contents: ModelContents) -> bytes:
    """The model file for `contents`."""
    whole = {
        "pipeline": contents.pipeline,
        "codes": list(contents.codes),
        "thresholds": dict(contents.thresholds),
        "taxonomy_sha256": contents.taxonomy_sha256,
    }
    return _normalise(skops.io.dumps(whole))


def parse_model(data: bytes, origin: str) -> ModelContents:
    """The contents of a model file; nothing is built that is not trusted.

    Raises ModelFileError, naming `origin`, where the file is damaged, asks for
    a type outside TRUSTED (the message names them), or is not such a model.
    """
    mend = "restore the file from a copy, or train again"
    try:
        foreign = sorted(set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED))
    # A damaged or crafted file can fail anywhere in the parser, in any way.
    except Exception as error:
        raise ModelFileError(f"{origin}: damaged, not a model file ({error})", mend) from error
    if foreign:
        raise ModelFileError(
            f"{origin}: holds types that are not trusted: {', '.join(foreign)}",
            "do not use this file; train again or get it from a source that you trust",
        )
    try:
        whole = skops.io.loads(data, trusted=list(TRUSTED))
        contents = ModelContents(
            pipeline=whole["pipeline"],
            codes=tuple(whole["codes"]),
            thresholds=dict(whole["thresholds"]),
            taxonomy_sha256=whole["taxonomy_sha256"],
        )
        fits = _fits(contents)
    except Exception as error:
        raise ModelFileError(f"{origin}: damaged, cannot be built ({error})", mend) from error
    if not fits:
        raise ModelFileError(f"{origin}: is not a model of workbench", mend)
    return contents


def _fits(contents: ModelContents) -> bool:
    """Whether the parts are of the kinds and shapes that prediction relies on."""
    pipeline = contents.pipeline
    if not isinstance(pipeline, Pipeline):
        return False
    kinds = [(name, type(step)) for name, step in pipeline.steps]
    if kinds != [("read", RowReader), ("codes", ParagraphClassifier)]:
        return False
    classifier = pipeline.named_steps["codes"]
    numbers = [classifier.coef_, classifier.intercept_, list(contents.thresholds.values())]
    if not all(np.isfinite(np.asarray(held, dtype=float)).all() for held in numbers):
        raise ValueError("a weight or threshold is no finite number")
    parts = [type(step) for _, step in classifier.features_.transformer_list]
    optional = [kind for kind in FEATURES[3:] if kind in parts]
    if parts != [*FEATURES[:3], *optional] or list(contents.thresholds) != list(contents.codes):
        return False
    if SentenceEmbeddings in parts:  # they need a model of their own, which may be elsewhere
        return len(classifier.coef_) == len(contents.codes)
    return pipeline.predict_proba([_PROBE]).shape == (1, len(contents.codes))


def _normalise(data: bytes) -> bytes:
    """The same archive with names by content, ids by position and no time."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        schema = json.loads(archive.read("schema.json"))
        arrays = {name: archive.read(name) for name in archive.namelist() if name != "schema.json"}
    names = {
        name: f"{hashlib.sha256(content).hexdigest()[:16]}{name[name.rindex('.') :]}"
        for name, content in arrays.items()
    }
    _renumber(schema, names, count(1))
    files = {names[name]: content for name, content in arrays.items()}
    files["schema.json"] = json.dumps(schema, separators=(",", ":")).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name])
    return out.getvalue()


def _renumber(node: Any, names: Mapping[str, str], numbers: "count[int]") -> None:
    """Give each node an id of its own, and each file reference its new name, in place."""
    if isinstance(node, dict):
        if "__id__" in node:
            node["__id__"] = next(numbers)
        # A taxonomy may have a code called "file": then this is no file's name.
        if isinstance(node.get("file"), str):
            node["file"] = names[node["file"]]
        for child in node.values():
            _renumber(child, names, numbers)
    elif isinstance(node, list):
        for child in node:
            _renumber(child, names, numbers)
