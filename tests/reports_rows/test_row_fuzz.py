"""Whatever the bytes, reading rows gives documents or a known error."""

import json
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from workbench.errors import ReportError
from workbench.reports.rows.fields import Fields
from workbench.reports.rows.grouping import group_documents
from workbench.reports.rows.reading import READERS, read_rows

FUZZ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)
FIELDS = Fields("text", id="meta.id", section="section", group="group", codes="codes", year="year")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def take(path: Path) -> int:
    """How many documents a file gives; ReportError is the only way not to."""
    with suppress(ReportError):
        return len(list(group_documents(read_rows(path, FIELDS), path, coder="Ana")))
    return 0


@pytest.mark.parametrize("ending", READERS)
@FUZZ
@given(data=st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, ending: str, data: bytes) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(data)
    take(path)


@pytest.mark.parametrize("ending", [".csv", ".tsv"])
@FUZZ
@given(data=st.text(alphabet='text,;|\t"\\\r\nid\ufeff\x00a '))
def test_any_text_that_looks_like_csv(tmp_path: Path, ending: str, data: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("text,meta.id,section,group,codes,year\n" + data, encoding="utf-8")
    take(path)


@pytest.mark.parametrize("ending", [".jsonl", ".json"])
@FUZZ
@given(
    records=st.lists(
        st.fixed_dictionaries(
            {"text": ANYTHING | st.just("Words.")},
            optional={
                "meta": ANYTHING | st.fixed_dictionaries({"id": ANYTHING}),
                "section": ANYTHING,
                "group": ANYTHING,
                "codes": ANYTHING,
                "year": ANYTHING,
            },
        ),
        max_size=4,
    ),
    cut=st.integers(0, 40),
)
def test_any_records(tmp_path: Path, ending: str, records: list[object], cut: int) -> None:
    text = json.dumps(records) if ending == ".json" else "\n".join(map(json.dumps, records))
    path = tmp_path / f"a{ending}"
    path.write_text(text[: len(text) - cut], encoding="utf-8")
    take(path)


@FUZZ
@given(
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_any_damage_to_parquet(tmp_path: Path, places: list[tuple[float, int]]) -> None:
    rows = [
        {"text": f"Row {n}.", "meta": {"id": n}, "section": ["A"], "group": "g", "codes": ["x"],
         "year": 2018}
        for n in range(20)
    ]  # fmt: skip
    buffer = BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), buffer)
    data = bytearray(buffer.getvalue())
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    assert take(path) == 1
    for place, byte in places:
        data[int(place * (len(data) - 1))] = byte
    path.write_bytes(data)
    take(path)
