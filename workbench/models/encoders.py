"""An embedding model in a folder: found without the network, opened with what is installed.

How a model is run depends on its folder alone, so that it gives the same
answers everywhere: an ONNX file by onnxruntime, BERT weights by `bert`
(neither needs PyTorch), any other kind by sentence-transformers.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import ModelError
from workbench.models.bert import Bert, read_weights

#: From a text to its embedding, of the shape (width,).
Encode = Callable[[str], np.ndarray]

_CONFIGS = ("config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json")
_ONNX = ("model.onnx", "onnx/model.onnx")
_PLAIN_MODULES = {"Transformer", "Pooling", "Normalize"}
_LONGEST = 512
_GET = "get it with `hf download NAME --local-dir FOLDER` and give --embeddings FOLDER"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """An embedding model on disk: `files` are all those that its answers depend on.

    `weights` is the ONNX or safetensors file, None where only
    sentence-transformers can tell.
    """

    path: Path
    weights: Path | None
    files: tuple[Path, ...]

    @property
    def sha256(self) -> str:
        """The hash of the names and contents of `files`, read again only if they changed."""
        marks = tuple((stat.st_size, stat.st_mtime_ns) for stat in map(os.stat, self.files))
        return _hash_files(self.path, self.files, marks)


def find_model(model: str) -> ModelFolder:
    """The folder of a model given by path (a folder or an .onnx file) or by name.

    A name, as on Hugging Face, is looked up among what has been downloaded
    before; nothing is ever fetched. Raises ModelError where there is none.
    """
    if not model:
        raise ModelError("embedding model: no name or folder is given", _GET)
    path = Path(model).expanduser()
    if path.is_file() and path.suffix == ".onnx":
        return _describe(path.parent, path)
    if not path.is_dir():
        path = _find_download(model)
    onnx = next((path / name for name in _ONNX if (path / name).is_file()), None)
    safetensors = path / "model.safetensors"
    plain = safetensors.is_file() and _read_json(path / "config.json").get("model_type") == "bert"
    return _describe(path, onnx or (safetensors if plain else None))


def open_model(folder: ModelFolder) -> Encode:
    """The function that embeds one text. Raises ModelError where a package or file lacks."""
    if folder.weights is None or not _is_plain(folder.path):
        model = _need("sentence_transformers", "sentence-transformers").SentenceTransformer(
            str(folder.path), device="cpu", local_files_only=True
        )
        return lambda text: model.encode(text, show_progress_bar=False)
    tokenizer = _open_tokenizer(_tokenizer_of(folder), _longest(folder.path))
    run = _open_onnx(folder.weights) if folder.weights.suffix == ".onnx" else _open_bert(folder)
    first_only = bool(_read_json(folder.path / _CONFIGS[3]).get("pooling_mode_cls_token"))

    def encode(text: str) -> np.ndarray:
        tokens = tokenizer.encode(text)
        states = run(tokens.ids, tokens.type_ids)
        if states.ndim == 1 or first_only:
            return states if states.ndim == 1 else states[0]
        return states.mean(axis=0)

    return encode


def _open_tokenizer(path: Path, longest: int) -> Any:
    kind = _need("tokenizers").Tokenizer
    try:
        tokenizer = kind.from_file(str(path))
    # The package raises bare Exceptions.
    except Exception as error:
        raise ModelError(f"{path}: not a usable tokenizer ({error})", _GET) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def _open_bert(folder: ModelFolder) -> Callable[[list[int], list[int]], np.ndarray]:
    weights = read_weights(folder.path / "model.safetensors")
    try:
        model = Bert(weights, _read_json(folder.path / "config.json"))
        model.run([0], [0])  # what is missing shows now, not amid the work
    except (KeyError, ValueError, IndexError) as error:
        raise ModelError(
            f"{folder.path}: config.json and model.safetensors do not make a BERT model ({error})",
            _GET,
        ) from error
    return model.run


def _open_onnx(path: Path) -> Callable[[list[int], list[int]], np.ndarray]:
    onnxruntime = _need("onnxruntime")
    options = onnxruntime.SessionOptions()
    # One thread a text: sums in one order, the same bits each time.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    # onnxruntime raises a class of its own per kind of damage, without a common base.
    except Exception as error:
        raise ModelError(f"{path}: not a usable ONNX model ({error})", _GET) from error
    names = [entry.name for entry in session.get_inputs()]

    def run(ids: list[int], kinds: list[int]) -> np.ndarray:
        given = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds}
        inputs = {name: np.array([given[name]], dtype=np.int64) for name in names}
        return session.run(None, inputs)[0][0]

    return run


def _find_download(name: str) -> Path:
    hub = _need("huggingface_hub")
    for repo in (name,) if "/" in name else (f"sentence-transformers/{name}", name):
        try:
            return Path(hub.snapshot_download(repo, local_files_only=True))
        # Not there, or not even a possible name: either way there is no such model here.
        except (OSError, ValueError):
            continue
    raise ModelError(f"embedding model {name}: no such folder, nor a model downloaded before", _GET)


def _describe(path: Path, weights: Path | None) -> ModelFolder:
    if weights is None or not _is_plain(path):
        if not (path / "config.json").is_file() and not (path / "modules.json").is_file():
            raise ModelError(f"embedding model {path}: holds no model", _GET)
        files = sorted(f for f in path.rglob("*") if f.is_file() and _counts(f.relative_to(path)))
        return ModelFolder(path, weights, tuple(files))
    folder = ModelFolder(path, weights, ())
    # Large ONNX models keep their arrays in files beside.
    beside = sorted(weights.parent.glob(f"{weights.name}*"))
    configs = [path / name for name in _CONFIGS if (path / name).is_file()]
    return ModelFolder(path, weights, (*beside, *configs, _tokenizer_of(folder)))


def _counts(relative: Path) -> bool:
    hidden = any(part.startswith(".") for part in relative.parts)
    return not hidden and relative.suffix in (".json", ".txt", ".model", ".safetensors", ".bin")


def _tokenizer_of(folder: ModelFolder) -> Path:
    for place in (folder.path, folder.path.parent):
        if (place / "tokenizer.json").is_file():
            return place / "tokenizer.json"
    raise ModelError(f"embedding model {folder.path}: has no tokenizer.json", _GET)


def _is_plain(path: Path) -> bool:
    """Whether it is a transformer with the mean or the first of its tokens, and no more."""
    pooling = _read_json(path / _CONFIGS[3])
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode") and on is True}
    modules = _read_json(path / "modules.json") or []
    kinds = {str(module["type"]).rpartition(".")[2] for module in modules}
    return modes <= {"pooling_mode_mean_tokens", "pooling_mode_cls_token"} and (
        kinds <= _PLAIN_MODULES
    )


def _longest(path: Path) -> int:
    config = _read_json(path / "config.json")
    stated = _read_json(path / "sentence_bert_config.json").get("max_seq_length")
    return int(stated or config.get("max_position_embeddings") or _LONGEST)


def _read_json(path: Path) -> Any:
    """The content of a file, {} where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error})", _GET) from error


def _need(module: str, package: str = "") -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        mend = f"pip install {package}" if package else "pip install 'workbench[embeddings]'"
        raise ModelError(
            f"sentence embeddings need {package or module}, which is not installed", mend
        ) from error


@lru_cache(maxsize=8)
def _hash_files(path: Path, files: tuple[Path, ...], marks: tuple[tuple[int, int], ...]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            inner = hashlib.file_digest(content, "sha256").hexdigest()
        digest.update(f"{file.name}\0{inner}\n".encode())
    return digest.hexdigest()
