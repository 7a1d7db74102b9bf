"""Files of codings as tools write them, and what is said of how they were read."""

import json

import pytest

from workbench.annotations.codings import Coding
from workbench.annotations.rawcells import read_time
from workbench.annotations.rawcodings import read_codings
from workbench.errors import AnnotationError

HEAD = "unit,annotator,codes\n"


def read(text, **options):
    return read_codings(text.splitlines(keepends=True), "codings.x", **options)


def read_lines(*lines):
    return read("\n".join(json.dumps(line) for line in lines))


def decided(raw):
    return {(c.unit, c.coder): set(c.codes) for c in raw.codings}


def test_long_numbers_stay_different_codes():
    raw = read_lines(
        {"unit": 1, "annotator": "a", "codes": 12345671},
        {"unit": 2, "annotator": "a", "codes": 12345672},
        {"unit": 3, "annotator": "a", "codes": [3.0, 2.5]},
        {"unit": 4, "annotator": "a", "codes": 12345678901234567890},
    )
    assert raw.codes == ("12345671", "12345672", "12345678901234567890", "2.5", "3")


def test_lines_of_one_code_each_are_joined_where_the_column_is_for_one():
    raw = read("unit,annotator,code\nu1,a,x\nu1,a,y\nu1,b,x\nu2,a,\nu2,a,z\n")
    assert decided(raw) == {("u1", "a"): {"x", "y"}, ("u1", "b"): {"x"}, ("u2", "a"): {"z"}}
    assert any(note.startswith("Joined: 2 lines give a further code") for note in raw.notes)


@pytest.mark.parametrize(
    "text",
    [
        "unit,annotator,codes\nu1,a,x\nu1,a,y\n",
        "unit,annotator,label\nu1,a,x\nu1,a,y\nu2,a,x;y\n",
    ],
)
def test_without_times_the_last_line_counts_and_nobody_is_told_of_a_newer_one(text):
    raw = read(text)
    assert decided(raw)["u1", "a"] == {"y"}
    assert not any("newer" in note for note in raw.notes)
    assert any("1 that a later line of the same coder" in note for note in raw.notes)


def test_lines_of_one_code_each_at_other_times_replace_each_other():
    raw = read("unit,annotator,code,created_at\nu1,a,x,2024-02-02\nu1,a,y,2024-01-01\n")
    assert decided(raw) == {("u1", "a"): {"x"}}
    assert "Left out: 1 that the same coder replaced by a newer one." in raw.notes


def test_an_adjudicator_is_no_coder_and_what_they_decided_is_kept_apart():
    raw = read_lines(
        {"unit": "p", "annotator": "a", "codes": ["x"]},
        {"unit": "p", "annotator": "b", "codes": []},
        {"unit": "p", "annotator": "lead", "codes": ["z"], "adjudicated": True},
    )
    assert {c.coder for c in raw.codings} == {"a", "b"}
    assert raw.settled == (Coding("p", "lead", frozenset(["z"])),)
    assert raw.codes == ("x", "z")
    assert any("1 of an adjudicator" in note for note in raw.notes)


@pytest.mark.parametrize("heading", ["skipped", "was_cancelled"])
@pytest.mark.parametrize("yes", ["true", "True", "1"])
def test_what_was_skipped_is_no_decision_for_none(heading, yes):
    raw = read(f"unit,annotator,codes,{heading}\np,a,,{yes}\np,b,x,\np,c,x,false\n")
    assert decided(raw) == {("p", "b"): {"x"}, ("p", "c"): {"x"}}
    assert "Left out: 1 skipped, which says nothing about the codes." in raw.notes


def test_answers_of_prodigy_are_no_codes_and_only_what_was_accepted_counts():
    raw = read_lines(
        {"text": "One.", "label": "x", "answer": "accept", "_annotator_id": "a"},
        {"text": "Two.", "label": "x", "answer": "reject", "_annotator_id": "a"},
        {"text": "Two.", "answer": "ignore", "_annotator_id": "b"},
        {"text": "One.", "accept": ["x", "y"], "answer": "accept", "_annotator_id": "b"},
    )
    assert decided(raw) == {("paragraph 1", "a"): {"x"}, ("paragraph 1", "b"): {"x", "y"}}
    assert raw.codes == ("x", "y")
    assert any("1 line answered with ignore" in note for note in raw.notes)
    assert any("1 line answered with reject" in note for note in raw.notes)
    alone = {"text": "One.", "answer": "accept", "_annotator_id": "a"}
    with pytest.raises(AnnotationError, match="line 1: no field codes"):
        read_lines(alone)


@pytest.mark.parametrize("column", ["codes", "choices"])
def test_cells_of_label_studio_hold_their_choices(column):
    raw = read(
        f'unit,annotator,{column}\np,a,"{{""choices"":[""a"",""b, c""]}}"\np,b,a\n'
        f'p,c,"[{{""choices"": [""b, c""]}}]"\n'
    )
    assert decided(raw) == {("p", "a"): {"a", "b, c"}, ("p", "b"): {"a"}, ("p", "c"): {"b, c"}}


def test_an_object_with_choices_is_read_in_lines_of_json_and_others_are_refused():
    assert decided(read_lines({"id": 1, "user": 2, "choices": {"choices": ["a", "b"]}})) == {
        ("1", "2"): {"a", "b"}
    }
    with pytest.raises(AnnotationError, match="line 1: codes: a list of codes"):
        read_lines({"id": 1, "user": 2, "codes": {"rectangle": [1, 2]}})


@pytest.mark.parametrize("indent", [None, 2])
def test_one_json_array_is_read_as_its_items(indent):
    items = [{"unit": "p", "annotator": c, "codes": ["x"]} for c in "ab"]
    assert decided(read(json.dumps(items, indent=indent))) == {
        ("p", "a"): {"x"}, ("p", "b"): {"x"},
    }  # fmt: skip


@pytest.mark.parametrize("word", ["NA", "NaN", "nan", "None"])
def test_a_table_that_says_there_is_no_value_has_no_code_of_that_name(word):
    raw = read(f"{HEAD}p,a,{word}\np,b,x\nq,b,\nr,b,\n")
    assert decided(raw) == {("p", "b"): {"x"}, ("q", "b"): set(), ("r", "b"): set()}
    assert raw.codes == ("x",)
    assert f"Left out: 1 line that has {word} for its codes: not coded." in raw.notes
    assert "2 lines have no code and count as decisions that none applies." in raw.notes
    assert read(f"{HEAD}p,a,{word}\n", codes=[word]).codings[0].codes == {word}


def test_commas_never_separate_where_any_cell_has_another_separator():
    raw = read(f'{HEAD}p,a,"free, fair elections"\nq,a,"free, fair elections;labor"\n')
    assert raw.codes == ("free, fair elections", "labor")
    assert "Codes were told apart by ; or |: a comma is part of a code." in raw.notes
    raw = read(f'{HEAD}p,a,"elections, labor"\n')
    assert raw.codes == ("elections", "labor")
    assert "Codes were told apart by commas." in raw.notes
    assert read(f"{HEAD}p,a,x\n").notes == ()


def test_a_separator_in_the_prelabels_counts_too():
    raw = read("unit,annotator,codes,prelabel\np,a,x,x;y\n")
    assert raw.prelabels == {("p", "a"): {"x", "y"}}


def test_hidden_lines_had_no_prelabel_on_the_page():
    raw = read_lines(
        {"unit": "p", "annotator": "a", "codes": [], "hidden": True, "prelabel": ["x"]},
        {"unit": "q", "annotator": "a", "codes": [], "hidden": False, "prelabel": ["x"]},
    )
    assert raw.hidden == {("p", "a")}
    assert raw.prelabels == {("q", "a"): {"x"}}


def test_whole_numbers_written_with_a_point_name_reports_and_units():
    raw = read_lines({"unit": 7.0, "annotator": 1.0, "codes": [], "report": 2019.0})
    assert raw.codings[0] == Coding("7", "1", frozenset())
    assert raw.reports == {"7": "2019"}
    with pytest.raises(AnnotationError, match="line 1: unit: a name"):
        read_lines({"unit": 7.5, "annotator": 1, "codes": []})


def test_columns_that_are_not_called_as_ours_are_named():
    raw = read("Item,Rater,codes\np,a,x\n")
    assert raw.notes == ("Columns taken: unit from Item, annotator from Rater.",)
    assert raw.columns["unit"] == ("Item",)
    assert read("Unit,ANNOTATOR,codes\np,a,x\n").notes == ()
    by_text = read("text,annotator,codes\nOne.,a,x\n")
    assert any("told apart by their report and text" in note for note in by_text.notes)


def test_the_same_letters_in_two_forms_of_unicode_are_one_name():
    raw = read_lines(
        {"unit": "e\u0301", "annotator": "Jose\u0301", "codes": ["liberte\u0301"]},
        {"unit": "\xe9", "annotator": "b", "codes": ["libert\xe9"]},
    )
    assert raw.codes == ("libert\xe9",)
    assert decided(raw) == {("\xe9", "Jos\xe9"): {"libert\xe9"}, ("\xe9", "b"): {"libert\xe9"}}


def test_a_date_that_cannot_be_read_is_ignored_and_told():
    raw = read("unit,annotator,codes,date\np,a,x,1 May 2024\np,b,x,2024-05-01\n")
    assert raw.weeks == {"p": "2024-W18"}
    assert "Ignored: 1 date that cannot be read ('1 May 2024')." in raw.notes


@pytest.mark.parametrize("spent", ["12.5", "00:12"])
def test_how_long_a_coding_took_is_no_date(spent):
    raw = read(f"unit,annotator,codes,time\np,a,x,{spent}\np,b,x,2024-05-01\n")
    assert raw.weeks == {}
    assert "The column time was not read: not all of it are dates." in raw.notes
    assert read("unit,annotator,codes,time\np,a,x,2024-05-01\n").weeks == {"p": "2024-W18"}


@pytest.mark.parametrize("value", [1714557600, "1714557600", 1714557600000, "2024-05-01T10:00Z"])
def test_times_are_read_in_seconds_and_milliseconds_too(value):
    assert read_time(value).isoformat() == "2024-05-01T10:00:00+00:00"


@pytest.mark.parametrize("value", [True, 12, float("nan"), float("inf"), [], "soon", 1e30])
def test_what_is_no_time_is_none(value):
    assert read_time(value) is None


def test_a_value_that_is_neither_true_nor_false_is_told_and_taken_for_false():
    raw = read("unit,annotator,codes,skipped\np,a,x,perhaps\n")
    assert decided(raw) == {("p", "a"): {"x"}}
    assert "Ignored: 1 value that is neither true nor false (skipped 'perhaps')." in raw.notes


def test_a_file_of_which_nothing_is_left_says_what_was_left_out():
    with pytest.raises(AnnotationError, match=r"no codings in it \(Left out: 1 skipped"):
        read("unit,annotator,codes,skipped\np,a,x,true\n")
