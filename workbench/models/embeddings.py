"""Sentence embeddings as features: what a paragraph means, from a model that somebody else trained.

Optional, with the extra `workbench[embeddings]`. A saved model keeps the
place and the hash of the embedding model, never its weights, and refuses to
answer with another one.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Protocol, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from threadpoolctl import threadpool_limits

from workbench.errors import ModelError
from workbench.models.encoders import Encode, ModelFolder, find_model, open_model

#: The texts whose embeddings are kept in memory, so that folds embed each once;
#: with 384 numbers a text about 80 MB.
KEPT = 50_000


class HasText(Protocol):
    """A row with the text to embed, as `TextRow` and `ReadRow` are."""

    @property
    def text(self) -> str: ...


class SentenceEmbeddings(TransformerMixin, BaseEstimator):
    """Embeddings of the rows' texts by the model of a folder, an .onnx file or a name.

    A name is looked up among the models downloaded before; nothing is fetched.
    Each text is embedded by itself, so its embedding, of length 1, depends
    neither on the texts beside it nor on the number of cores. A text longer
    than the model takes is cut off there.

    `sha256_` is the hash of the model's files when it was fitted, `width_` the
    number of columns. Methods raise ModelError where the model is missing, is
    not the one it was fitted with, or needs a package that is not installed.
    """

    def __init__(self, model: str) -> None:
        self.model = model

    def fit(self, rows: Sequence[HasText], y: Any = None) -> Self:
        folder = find_model(self.model)
        self.sha256_ = folder.sha256
        self.width_ = len(_embed(folder, folder.sha256, ""))
        return self

    def transform(self, rows: Sequence[HasText]) -> np.ndarray:
        """The embeddings, 32-bit floats of the shape (rows, width_)."""
        folder = self._find_same()
        # Parallel over texts, not within one: sums then come in one order.
        with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = list(
                pool.map(lambda row: _embed(folder, self.sha256_, row.text), rows, chunksize=1)
            )
        return np.array(vectors, dtype=np.float32).reshape(len(vectors), self.width_)

    def _find_same(self) -> ModelFolder:
        """The model's folder, if it still is what `fit` saw."""
        folder = find_model(self.model)
        if folder.sha256 != self.sha256_:
            raise ModelError(
                f"embedding model {self.model}: differs from the one that the model was trained"
                f" with (SHA-256 {folder.sha256[:12]}, not {self.sha256_[:12]})",
                "put the former files back, or train again",
            )
        return folder


@lru_cache(maxsize=2)
def _opened(folder: ModelFolder, sha256: str) -> Encode:
    return open_model(folder)


# `sha256` makes the key another one when the files of a folder change.
@lru_cache(maxsize=KEPT)
def _embed(folder: ModelFolder, sha256: str, text: str) -> np.ndarray:
    vector = np.asarray(_opened(folder, sha256)(text), dtype=np.float32)
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector
