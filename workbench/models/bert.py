"""A BERT encoder in numpy: sentence models of that kind run without PyTorch.

The forward pass of Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional
Transformers", section 3, in the layout of the weights that Hugging Face's
`BertModel` saves. Only inference, one text at a time.
"""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

from workbench.errors import ModelError

_KINDS = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I64": np.dtype("<i8")}


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file by name, floats as 32 bits.

    The format: 8 bytes with the length of a JSON header, the header, the
    arrays. Raises ModelError where the file is not such a one.
    """
    try:
        data = path.read_bytes()
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        return {
            name: _read_array(entry, data, 8 + length)
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: cannot be read as safetensors weights ({error})",
            "get the embedding model again",
        ) from error


def _read_array(entry: Mapping[str, Any], data: bytes, origin: int) -> np.ndarray:
    start, end = entry["data_offsets"]
    array = np.frombuffer(data[origin + start : origin + end], _KINDS[entry["dtype"]])
    array = array.reshape(entry["shape"])
    return array.astype(np.float32) if array.dtype.kind == "f" else array


class Bert:
    """A model of the kind `BertModel` with the weights and the `config.json` of a folder."""

    def __init__(self, weights: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> None:
        self._weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config.get("layer_norm_eps", 1e-12))

    def run(self, ids: Sequence[int], kinds: Sequence[int]) -> np.ndarray:
        """The last hidden states of one text's tokens, of the shape (tokens, width).

        `ids` are the token ids, special tokens included, `kinds` their segments.
        """
        word = self._weights["embeddings.word_embeddings.weight"][list(ids)]
        place = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][list(kinds)]
        states = self._normalise(word + place + kind, "embeddings.LayerNorm")
        for number in range(self._layers):
            states = self._run_layer(states, f"encoder.layer.{number}")
        return states

    def _run_layer(self, states: np.ndarray, layer: str) -> np.ndarray:
        query, key, value = (
            self._split_heads(self._map(states, f"{layer}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        # (heads, tokens, tokens); the sum over the last axis is 1.
        scores = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(query.shape[-1]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ value).transpose(1, 0, 2).reshape(states.shape)
        attended = self._map(seen, f"{layer}.attention.output.dense")
        states = self._normalise(states + attended, f"{layer}.attention.output.LayerNorm")
        inner = self._map(states, f"{layer}.intermediate.dense")
        inner *= np.float32(0.5) * (1 + erf(inner * np.float32(math.sqrt(0.5))))  # GELU
        outer = self._map(inner, f"{layer}.output.dense")
        return self._normalise(states + outer, f"{layer}.output.LayerNorm")

    def _map(self, states: np.ndarray, name: str) -> np.ndarray:
        return states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _split_heads(self, states: np.ndarray) -> np.ndarray:
        """From (tokens, width) to (heads, tokens, width / heads)."""
        return states.reshape(len(states), self._heads, -1).transpose(1, 0, 2)

    def _normalise(self, states: np.ndarray, name: str) -> np.ndarray:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        scaled = centred / spread * self._weights[f"{name}.weight"]
        return scaled + self._weights[f"{name}.bias"]
