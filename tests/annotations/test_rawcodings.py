"""Codings from any tool: JSONL and tables, and what is wrong with them."""

import csv
import io
import json
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.codings import Coding
from workbench.annotations.rawcodings import read_codings
from workbench.errors import AnnotationError

TABLE = """\
unit,annotator,codes,report,created_at
p1,ann,"torture; labor",r1,2024-01-02
p1,ben,,r1,2024-01-09T10:00:00Z
p2,ann,labor,r2,
"""
EXPECTED = {
    Coding("p1", "ann", frozenset(["torture", "labor"])),
    Coding("p1", "ben", frozenset()),
    Coding("p2", "ann", frozenset(["labor"])),
}


def read(text, **options):
    return read_codings(text.splitlines(keepends=True), "codings.x", **options)


def test_table_is_read_with_what_else_it_says():
    raw = read(TABLE)
    assert set(raw.codings) == EXPECTED
    assert raw.codes == ("labor", "torture")
    assert raw.reports == {"p1": "r1", "p2": "r2"}
    assert raw.weeks == {"p1": "2024-W02"}
    assert raw.notes == (
        "Codes were told apart by ; or |: a comma is part of a code.",
        "1 line has no code and counts as a decision that none applies.",
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_a_byte_order_mark_are_understood(separator):
    text = "\ufeff" + TABLE.replace("; ", "|").replace(",", separator)
    assert set(read(text).codings) == EXPECTED


def test_lines_of_json_are_read():
    lines = [
        {"unit": "p1", "annotator": "ann", "codes": ["torture", "labor"], "comment": "see rule 2"},
        {"unit": "p1", "annotator": "ben", "codes": [], "text": "On prisons.", "prelabel": []},
        {"unit": "p2", "annotator": "ann", "codes": "labor", "section": ["Section 1", "A"]},
    ]
    raw = read("\n".join(map(json.dumps, lines)) + "\n\n")
    assert set(raw.codings) == EXPECTED
    assert raw.comments == {("p1", "ann"): "see rule 2"}
    assert raw.texts == {"p1": "On prisons."}
    assert raw.sections == {"p2": "Section 1"}
    assert raw.prelabels == {("p1", "ben"): frozenset()}


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("item,coder,labels", "7,ann,labor"),
        ("ID,Rater,Category", "7,ann,labor"),
        ("Task ID,completed-by,Choices", "7,ann,labor"),
        ("worker,item,answer", "ann,7,labor"),
        ("comment,document_id,username,tags", "x,7,ann,labor"),
    ],
)
def test_names_that_other_tools_give_the_columns_are_understood(heading, values):
    raw = read(f"{heading}\n{values}\n")
    assert raw.codings == (Coding("7", "ann", frozenset(["labor"])),)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("a;b", {"a", "b"}),
        ("a | b", {"a", "b"}),
        ("a, b", {"a", "b"}),
        ("no, never; yes", {"no, never", "yes"}),
        ('["a, b", "c"]', {"a, b", "c"}),
        ("  ", set()),
        ("[]", set()),
        ("a;;a", {"a"}),
        ("free speech", {"free speech"}),
    ],
)
def test_codes_in_a_text_are_told_apart(cell, codes):
    line = io.StringIO()
    csv.writer(line).writerow(["p", "ann", cell])
    assert read(f"unit,annotator,codes\n{line.getvalue()}").codings[0].codes == codes


def test_numbers_are_codes_units_and_coders_too():
    raw = read('{"unit": 3, "annotator": 1, "codes": [2, "b"]}\n{"id": 3, "coder": 2, "label": 4}')
    assert raw.codings[0] == Coding("3", "1", frozenset(["2", "b"]))
    assert raw.codings[1] == Coding("3", "2", frozenset(["4"]))


def test_repeated_coding_replaces_the_earlier_one_by_its_time_else_its_place():
    timed = (
        "unit,annotator,codes,created_at,comment\n"
        "p1,ann,new,2024-02-02,kept\np1,ann,old,2024-01-01,dropped\np1,ann,older,2023-01-01,\n"
    )
    raw = read(timed)
    assert raw.codings == (Coding("p1", "ann", frozenset(["new"])),)
    assert raw.comments == {("p1", "ann"): "kept"}
    assert raw.notes == ("Left out: 2 that the same coder replaced by a newer one.",)
    untimed = read("unit,annotator,codes\np1,ann,old\np1,ann,new\n")
    assert untimed.codings == (Coding("p1", "ann", frozenset(["new"])),)


def test_paragraphs_without_ids_are_told_by_report_and_text():
    lines = [
        {"report": "r1", "text": "One.", "annotator": "ann", "codes": []},
        {"report": "r2", "text": "One.", "annotator": "ann", "codes": []},
        {"report": "r1", "text": "One.", "annotator": "ben", "codes": ["labor"]},
        {"report": "r1", "text": "Two.", "annotator": "ann", "codes": []},
    ]
    raw = read("\n".join(map(json.dumps, lines)))
    assert [c.unit for c in raw.codings] == ["r1 1", "r2 1", "r1 1", "r1 2"]


def test_codes_given_are_kept_in_their_order_and_others_refused():
    assert read(TABLE, codes=["torture", "assembly", "labor"]).codes == (
        "torture", "assembly", "labor",
    )  # fmt: skip
    with pytest.raises(AnnotationError, match=r"codings.x, line 2: codes: code 'labor'"):
        read(TABLE, codes=["torture"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no codings in it"),
        ("unit,annotator,codes\n", "no codings in it"),
        ("unit,codes\np1,a\n", "line 1: no field annotator"),
        ("a,b\n1,2\n", "line 1: no field unit"),
        ('{"unit": "p", "annotator": "a"}', "line 1: no field codes"),
        ('{"unit": "p", "annotator": "a", "codes": []}\n{"unit"', "line 2: not JSON"),
        ('{"unit": "p", "annotator": "a", "codes": []}\n[1]', "line 2: not a JSON object"),
        ('{"unit": "", "annotator": "a", "codes": []}', "line 1: unit: a name"),
        ('{"unit": "p", "annotator": null, "codes": []}', "line 1: annotator: a name"),
        ('{"unit": "p", "annotator": "a", "codes": null}', "line 1: codes: a list"),
        ('{"unit": "p", "annotator": "a", "codes": [{}]}', "line 1: codes: a list"),
        ('{"unit": "p", "annotator": "a", "codes": true}', "line 1: codes: a list"),
        ("unit,annotator,codes\np1,ann\n", "line 2: 2 fields where the header has 3"),
        ('unit,annotator,codes\np1,ann,"[1"\n', "line 2: codes: not a JSON list"),
        ('unit,annotator,codes\np1,ann,"lab\n', "line 2: "),
        ('[{"unit": "p", "annotator": "a"', "codings.x: not a JSON array"),
        ('[{"unit": "p", "annotator": "a", "codes": []}, 3]', "item 2: not a JSON object"),
        ('{"unit": "p", "annotator": "a", "codes": NaN}', "line 1: codes: a list"),
        ('{"unit": "p", "annotator": "a", "codes": [Infinity]}', "line 1: codes: a list"),
        ("unit,annotator,codes,Codes\np1,ann,a,b\n", "line 1: 2 columns are called codes"),
        ("unit,annotator,skipped\np1,ann,\n", "line 2: no field codes"),
        (
            "unit,annotator,codes,report\np1,a,x,r1\np1,b,x,r2\n",
            "line 3: report: unit p1 has another report",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_file_line_and_field(text, message):
    with pytest.raises(AnnotationError, match=r"codings\.x") as raised:
        read(text)
    assert message in raised.value.message
    assert raised.value.mend


names = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    .map(lambda name: normalize("NFC", name))
    .filter(lambda name: name.strip() == name and "\ufeff" not in name and "\u2028" not in name)
)
codings = st.dictionaries(
    st.tuples(names, names),
    st.frozensets(names.filter(lambda n: not n.startswith("["))),
    min_size=1,
)


@given(codings)
def test_codings_written_as_lines_of_json_are_read_back(given_codings):
    expected = [Coding(unit, coder, codes) for (unit, coder), codes in given_codings.items()]
    lines = [
        json.dumps({"unit": c.unit, "annotator": c.coder, "codes": sorted(c.codes)})
        for c in expected
    ]
    assert list(read_codings(lines, "x").codings) == expected


@given(codings)
def test_codings_written_as_a_table_are_read_back(given_codings):
    expected = [Coding(unit, coder, codes) for (unit, coder), codes in given_codings.items()]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["unit", "annotator", "codes"])
    for c in expected:
        writer.writerow([c.unit, c.coder, json.dumps(sorted(c.codes))])
    assert list(read_codings(io.StringIO(file.getvalue()), "x").codings) == expected
