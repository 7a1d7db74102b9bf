"""`meta.json` says what was measured, or is refused."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ModelFileError
from workbench.models.metafile import SEAL, parse_meta, render_meta
from workbench.models.registry import find_model, list_models, load_model, save_model

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
metas = st.dictionaries(st.text("abcdef", min_size=1), plain, min_size=1, max_size=4)


@given(meta=metas)
def test_what_is_written_is_read(meta) -> None:
    assert parse_meta(render_meta(meta).encode(), "meta.json") == meta


@given(meta=metas, draw=st.data())
def test_a_value_that_was_changed_is_noticed(meta, draw) -> None:
    sealed = json.loads(render_meta(meta))
    key = draw.draw(st.sampled_from(sorted(meta)))
    sealed[key] = draw.draw(plain.filter(lambda value: json.dumps(value) != json.dumps(meta[key])))
    with pytest.raises(ModelFileError, match="changed after training"):
        parse_meta(json.dumps(sealed).encode(), "meta.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"a": 1', b"\xff", b"[" * 100_000])
def test_what_is_no_such_file_is_refused_in_one_line(data) -> None:
    with pytest.raises(ModelFileError, match=r"meta\.json: ") as caught:
        parse_meta(data, "meta.json")
    assert "\n" not in str(caught.value)
    assert caught.value.mend


@pytest.fixture
def saved(tmp_path, trained, codebook):
    return save_model(tmp_path / "models", trained, codebook)


def test_an_edited_figure_is_never_printed(saved) -> None:
    path = Path(saved.path) / "meta.json"
    meta = json.loads(path.read_text())
    meta["metrics"]["methods"]["model"]["new"]["micro_f1"]["value"] = 0.99
    path.write_text(json.dumps(meta))
    for read in (find_model, list_models):
        with pytest.raises(ModelFileError, match=r"meta\.json: .*changed after training"):
            read(path.parent.parent)


def test_an_id_of_another_model_is_refused_even_if_sealed(saved) -> None:
    path = Path(saved.path) / "meta.json"
    meta = parse_meta(path.read_bytes(), "meta.json")
    assert SEAL not in meta
    path.write_text(render_meta(meta | {"sha256": "0" * 64}))
    with pytest.raises(ModelFileError, match="model_id and sha256 do not belong together"):
        find_model(path.parent.parent)


def test_a_pipe_in_the_place_of_the_model_is_refused_and_not_waited_for(saved) -> None:
    path = Path(saved.path) / "model.skops"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ModelFileError, match=r"model\.skops: is not a file"):
        load_model(saved)
