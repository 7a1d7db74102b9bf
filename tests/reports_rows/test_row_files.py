"""Files of rows to rows: CSV, TSV, JSON lines, a JSON array, Parquet."""

import csv
import io
import json
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from workbench.errors import ReportError
from workbench.reports.rows import jsonrows, opening
from workbench.reports.rows.fields import Fields, Row
from workbench.reports.rows.reading import read_rows

SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
#: Text that every format can hold; one word at least.
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")).map(
    lambda text: f"W{text}"
)
ALL = Fields(
    "text", id="id", section="section", group="report", codes="codes", annotator="annotator"
)


def read(path: Path, fields: Fields = ALL) -> list[Row]:
    return list(read_rows(path, fields))


def fails(path: Path, fields: Fields = ALL) -> str:
    with pytest.raises(ReportError) as caught:
        read(path, fields)
    assert "\n" not in str(caught.value)
    assert caught.value.mend
    assert path.name in str(caught.value)
    return str(caught.value)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_csv_gives_every_field(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.csv",
        "\ufeffid,report,section,text,codes,annotator\r\n"
        '7,v-2018.txt,"Section 1 > a. Life","Police ""held""\r\ntwo, then three.",a;b,Ana\r\n'
        "\r\n"
        "8,v-2018.txt,,Nobody was tried.,,Ana\r\n"
        "9,v-2018.txt,,Nobody was freed.,,\r\n"
        ",,,,,\r\n",
    )
    assert read(path) == [
        Row(
            "line 2",
            'Police "held"\r\ntwo, then three.',
            "7",
            ("Section 1", "a. Life"),
            "v-2018.txt",
            ("a", "b"),
            "Ana",
        ),
        Row("line 5", "Nobody was tried.", "8", (), "v-2018.txt", (), "Ana"),
        Row("line 6", "Nobody was freed.", "9", (), "v-2018.txt", None, ""),
        Row("line 7", ""),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_delimiter_is_told_from_the_columns(tmp_path: Path, delimiter: str, name: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["text", "a,b;c|d\te"])
    writer.writerow(["One, two; three | four.", "x"])
    path = write(tmp_path, name, out.getvalue())
    assert [row.text for row in read(path, Fields("text"))] == ["One, two; three | four."]


def test_a_single_column_needs_no_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text\nOne; two; three.\nFour | five.\n")
    assert [r.text for r in read(path, Fields("text"))] == ["One; two; three.", "Four | five."]


def test_quotation_marks_with_backslashes_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'id,text\n1,"He said \\"no\\", then left."\n')
    assert [r.text for r in read(path, Fields("text", id="id"))] == ['He said "no", then left.']


def test_tabs_without_quoting_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tsv", 'id\ttext\n1\t"No" was all he said.\n2\tShe left.\n')
    assert read(path, Fields("text"))[0].text == '"No" was all he said.'


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_encodings_with_their_mark_are_read(tmp_path: Path, codec: str, name: str) -> None:
    text = {
        "a.csv": "text\n“Çáô” said Ж.\n",
        "a.jsonl": '{"text": "“Çáô” said Ж."}\n',
        "a.json": '[{"text": "“Çáô” said Ж."}]',
    }[name]
    path = write(tmp_path, name, text.encode(codec))
    assert [row.text for row in read(path, Fields("text"))] == ["“Çáô” said Ж."]


def test_json_gives_nested_fields_lists_and_line_numbers(tmp_path: Path) -> None:
    records = [
        {"body": {"text": "One.", "n": 1}, "a.b": "whole", "a": {"b": "inner"}, "codes": ["x"]},
        {"body": {"text": "Two.", "n": 2}, "a": {"b": "inner"}, "codes": None},
        {"body": None, "a": None},
    ]
    fields = Fields("body.text", id="body.n", section="a.b", codes="codes")
    wanted = [
        Row("line 1", "One.", "1", ("whole",), codes=("x",)),
        Row("line 3", "Two.", "2", ("inner",), codes=None),
        Row("line 4", ""),
    ]
    lines = [json.dumps(record) for record in records]
    text = f"{lines[0]}\r\n\r\n{lines[1]}\n{lines[2]}"
    assert read(write(tmp_path, "a.ndjson", text), fields) == wanted
    assert read(write(tmp_path, "a.json", text), fields) == wanted
    array = f"[{lines[0]},\n\n{lines[1]}\n,{lines[2]}] \n"
    assert read(write(tmp_path, "b.json", array), fields)[:1] == wanted[:1]
    assert [row.place for row in read(tmp_path / "b.json", fields)] == [
        "line 1",
        "line 3",
        "line 4",
    ]


def test_parquet_gives_nested_fields_and_lists(tmp_path: Path) -> None:
    records = [
        {"text": "One.", "meta": {"id": 1, "path": ["A", "B"]}, "codes": ["x"], "c.d": "g"},
        {"text": "Two.", "meta": {"id": 2, "path": None}, "codes": [], "c.d": "g"},
        {"text": None, "meta": None, "codes": None, "c.d": None},
    ]
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(records), path)
    fields = Fields("text", id="meta.id", section="meta.path", group="c.d", codes="codes")
    assert read(path, fields) == [
        Row("row 1", "One.", "1", ("A", "B"), "g", ("x",)),
        Row("row 2", "Two.", "2", (), "g", ()),
        Row("row 3", ""),
    ]
    message = fails(path, Fields("text", section="meta.paths"))
    assert "'meta.path'" in message
    assert "no field 'meta.paths'" in message


@SAME_FOLDER
@given(st.lists(st.tuples(WORDS, st.integers()), min_size=1, max_size=8), st.integers(1, 20))
def test_every_format_gives_texts_back_as_they_were(
    tmp_path: Path, rows: list[tuple[str, int]], chunk: int
) -> None:
    fields = Fields("text", id="id")
    records = [{"id": number, "text": text} for text, number in rows]
    wanted = [(text, str(number)) for text, number in rows]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "text"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    write(tmp_path, "a.csv", out.getvalue())
    write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, records)))
    write(tmp_path, "a.json", json.dumps(records, indent=1, ensure_ascii=False))
    as_text = [record | {"id": str(record["id"])} for record in records]  # Arrow's are 64 bits
    parquet.write_table(pyarrow.Table.from_pylist(as_text), tmp_path / "a.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonrows, "CHUNK", chunk)
        for name in ("a.csv", "a.jsonl", "a.json", "a.parquet"):
            assert [(row.text, row.id) for row in read(tmp_path / name, fields)] == wanted, name


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "\ufeff \n\n", "is empty"),
        ("a.csv", "id,body\n1,One.\n", "no field 'text'; it has 'id', 'body'"),
        ("a.csv", "text,id,text\nOne.,1,Two.\n", "the field 'text' more than once"),
        ("a.csv", "id,text\n1,One.\n2,Two, three.\n", "line 3: has 3 cells, the header 2"),
        ("a.csv", 'id,text\n1,"One\nand".\n2\n', "line 2: the quotation marks"),
        ("a.csv", 'id,text\n1,a\n2,"One.\n3,b\n', "line 3: the quotation marks"),
        ("a.csv", "id,text\n1,One.\n2,T\x00wo.\n", "line 3: holds NUL"),
        ("a.csv", "id,text\n1,One.\n,Two.\n", "line 3: id is empty"),
        ("a.csv", "text\nOne.\nAm Flu\u00df.\n".encode("latin-1"), "line 3: is not UTF-8 text"),
        ("a.csv", "text\nOne.\n".encode("utf-16")[:-1], "is not UTF-16 text"),
        ("a.csv", "text\nOne.\n".encode("utf-16-le"), "line 1: holds NUL"),
        ("a.jsonl", '{"text": "One.", "id": 1}\n{"text": "Two"\n', "line 2: not JSON"),
        ("a.jsonl", '{"text": "One.", "id": 1}\n\n"Two"\n', "line 3: not a JSON object"),
        ("a.jsonl", '{"body": {"text": "One."}, "id": 1}', "line 1 has no field 'text'; it has 'b"),
        ("a.jsonl", '{"text": "One.", "key": 1}', "no field 'id'; it has 'text', 'key'"),
        ("a.jsonl", '{"text": 3, "id": 1}', "line 1: text: text expected, found the number 3"),
        ("a.jsonl", '{"text": ["One."], "id": 1}', "line 1: text: text expected, found a list"),
        ("a.jsonl", '{"text": "One.", "text": "Two.", "id": 1}', "stands twice"),
        ("a.jsonl", '{"text": "O\\u0000ne.", "id": 1}', "line 1: text: holds a character"),
        ("a.jsonl", '{"text": "O\\ud800ne.", "id": 1}', "line 1: text: holds a character"),
        ("a.jsonl", '{"text": "One.", "id": {"n": 1}}', "line 1: id: a name expected"),
        ("a.jsonl", '{"text": "One.", "id": null}', "line 1: id is empty"),
        ("a.jsonl", '{"text": "One.", "id": %s}' % ("9" * 5000), "line 1: not JSON"),
        ("a.jsonl", "[" * 100_000, "not an array of objects"),
        ("a.jsonl", '{"text":' * 100_000, "line 1: not JSON (nested too deeply)"),
        ("a.json", '[{"text": "One.", "id": 1},\n{"text"', "line 2: not JSON"),
        ("a.json", '[{"text": "One.", "id": 1}', "line 1: not an array of objects: the file ends"),
        ("a.json", '[{"text": "One.", "id": 1},]', "not an array of objects: found ']'"),
        ("a.json", '[{"text": "One.", "id": 1}\n{}]', "line 2: not an array of objects: found '{'"),
        ("a.json", '[{"text": "One.", "id": 1}]\nx', "line 2: something follows"),
        ("a.json", "[1, 2]", "not an array of objects: found '1'"),
        ("a.parquet", "", "cannot be read as Parquet"),
        ("a.parquet", b"PAR1 and no more", "cannot be read as Parquet"),
        ("a.xlsx", "text\nOne.\n", "does not end in .csv, .tsv"),
    ],
)
def test_a_bad_file_is_a_known_error_that_names_the_place(
    tmp_path: Path, name: str, text: str | bytes, says: str
) -> None:
    assert says in fails(write(tmp_path, name, text), Fields("text", id="id"))


def test_a_csv_of_single_texts_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"text\nOne.\nAm Flu\xdf.\n")
    assert "line 3: is not UTF-8 text: byte 7 of the line is 0xdf" in fails(path, Fields("text"))


def test_missing_files_and_folders_are_known_errors(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.parquet").mkdir()
    for name in ("none.csv", "none.jsonl", "none.parquet", "folder.csv", "folder.parquet"):
        assert "cannot be read" in fails(tmp_path / name)


def test_a_quotation_mark_that_never_closes_does_not_take_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.reports.rows.delimited.SAMPLE", 40)
    csv.field_size_limit(1000)
    monkeypatch.setattr("workbench.reports.rows.delimited.LONGEST", 1000)
    rows = "".join(f"{n},Something was said.\n" for n in range(400))
    path = write(tmp_path, "a.csv", f'id,text\n{rows}400,"No\n{rows}')
    assert "line 402: a record of more than" in fails(path, Fields("text", id="id"))


def test_a_line_without_end_does_not_take_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LONGEST", 1000)
    monkeypatch.setattr(jsonrows, "LONGEST", 1000)
    monkeypatch.setattr(jsonrows, "CHUNK", 100)
    long = "a" * 3000
    for name, text in (("a.csv", f"text\n{long}\n"), ("a.jsonl", f'{{"text": "{long}"}}')):
        assert "a record of more than" in fails(write(tmp_path, name, text), Fields("text"))
    path = write(tmp_path, "a.json", f'[{{"text": "{long}"}}]')
    assert "line 1: a record of more than" in fails(path, Fields("text"))


def test_large_cells_are_read(tmp_path: Path) -> None:
    long = "many words " * 30_000
    path = write(tmp_path, "a.csv", f'id,text\n1,"{long}"\n')
    assert read(path, Fields("text"))[0].text == long


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"text": ["One."]}), path)
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert "workbench[parquet]" in fails(path, Fields("text"))


def test_parquet_columns_that_cannot_be_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = {"bytes": [b"One."], "struct": [{"a": {"b": 1}}], "map": [[("k", 1)]], "n": [1]}
    types = {"map": pyarrow.map_(pyarrow.string(), pyarrow.int64())}
    columns = {name: pyarrow.array(v, types.get(name)) for name, v in table.items()}
    parquet.write_table(pyarrow.table(columns), path)
    for name in table:
        assert f"row 1: {name}: text expected" in fails(path, Fields(name))
    assert "no field 'text'; it has 'bytes', 'struct.a.b', 'map', 'n'" in fails(
        path, Fields("text")
    )


def test_two_parquet_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    two = pyarrow.Table.from_arrays([["One."], ["Two."]], names=["text", "text"])
    parquet.write_table(two, path)
    assert "more than once" in fails(path, Fields("text"))


def test_a_truncated_parquet_is_a_known_error(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    parquet.write_table(pyarrow.table({"text": [f"Row {n} of them." for n in range(500)]}), whole)
    data = whole.read_bytes()
    for end in range(0, len(data) - 1, 97):
        assert "cannot be read as Parquet" in fails(
            write(tmp_path, "cut.parquet", data[:end]), Fields("text")
        )
