"""Imported labels find their paragraphs, or are listed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.matching import ImportedRecord, match_records, read_records
from workbench.errors import AnnotationError

CODES = ("torture", "assembly", "expression", "labor")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG = (
    "Guards at the harbour prison beat two inmates until they signed a statement, and the "
    "prosecutor of the district declined to open an inquiry into their complaint."
)
OTHER = "The ministry registered nine associations during the year and turned down two requests."


def record(text: str, *codes: str, line: int = 1, report: str = "r.txt", coder: str = "ana"):
    return ImportedRecord(line, report, text, coder, tuple(sorted(codes)), "")


@pytest.fixture
def shelf(make_document):
    return make_document([LONG, OTHER, "Same.", "Same."], "r", file="folder/r.txt")


def match(shelf, *records):
    return match_records(records, [shelf.report], shelf.paragraphs, NOW)


def test_matched_by_normalised_text_whatever_quotes_space_and_case(shelf) -> None:
    matched = match(shelf, record("  " + LONG.upper().replace(" ", "\n "), "torture"))
    assert matched.exact == 1
    assert matched.annotations[0].paragraph_id == shelf.paragraphs[0].paragraph_id
    assert matched.annotations[0].codes == ("torture",)


@pytest.mark.parametrize("name", ["r", "r.txt"])
def test_a_report_is_known_by_id_and_by_file_name(shelf, name: str) -> None:
    assert match(shelf, record(OTHER, report=name)).exact == 1


def test_matched_by_best_overlap_when_words_differ(shelf) -> None:
    matched = match(shelf, record(LONG.replace("harbour", "northern").replace("two", "three")))
    assert matched.by_overlap == 1
    assert matched.annotations[0].paragraph_id == shelf.paragraphs[0].paragraph_id


def test_two_pieces_of_one_paragraph_unite_their_codes(shelf) -> None:
    matched = match(shelf, record(LONG[:80], "torture"), record(LONG[80:], "expression"))
    assert [r.codes for r in matched.merged] == [("expression",)]
    assert [a.codes for a in matched.annotations] == [("expression", "torture")]


def test_what_matches_nothing_is_listed_with_its_line_and_reason(shelf) -> None:
    matched = match(
        shelf,
        record("Quite another thing that nobody ever wrote in this report at all.", line=4),
        record(LONG, report="unknown.txt", line=5),
    )
    assert [u.record.line for u in matched.unmatched] == [4, 5]
    assert "no paragraph" in matched.unmatched[0].reason
    assert "unknown.txt" in matched.unmatched[1].reason
    assert matched.annotations == ()


def test_equal_texts_are_dealt_out_in_order_to_each_coder(shelf) -> None:
    matched = match(shelf, record("Same.", "labor"), record("Same."), record("Same.", coder="ben"))
    first, second = shelf.paragraphs[2].paragraph_id, shelf.paragraphs[3].paragraph_id
    assert {(a.coder, a.paragraph_id): a.codes for a in matched.annotations} == {
        ("ana", first): ("labor",),
        ("ana", second): (),
        ("ben", first): (),
    }


def test_importing_again_gives_the_same_keys(shelf) -> None:
    once, again = match(shelf, record(LONG, "torture")), match(shelf, record(LONG))
    assert once.annotations[0].key == again.annotations[0].key


@given(st.permutations([record(LONG, "torture"), record(OTHER, "assembly"), record("Same.")]))
def test_order_of_records_does_not_matter(records) -> None:
    from workbench.records import Paragraph, Report

    report = Report("r", "", None, None, None, "r.txt", "", "utf-8", "generic")
    paragraphs = [
        Paragraph(f"r.{i}", "r", i, (), text, 0, 1, ((0, 1),))
        for i, text in enumerate((LONG, OTHER, "Same."))
    ]
    matched = match_records(records, [report], paragraphs, NOW)
    assert {(a.paragraph_id, a.codes) for a in matched.annotations} == {
        ("r.0", ("torture",)),
        ("r.1", ("assembly",)),
        ("r.2", ()),
    }


GOOD = {"report": "r.txt", "section": ["a"], "text": "t", "annotator": "ana", "codes": ["labor"]}


def test_a_good_line_is_read() -> None:
    (got,) = read_records([json.dumps(GOOD)], CODES, "f.jsonl")
    assert (got.report, got.text, got.annotator, got.codes) == ("r.txt", "t", "ana", ("labor",))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{not json", "f.jsonl, line 2: not JSON"),
        ("[]", "f.jsonl, line 2: not a JSON object"),
        (json.dumps(GOOD | {"codes": ["health"]}), "line 2: codes: unknown code 'health'"),
        (json.dumps(GOOD | {"codes": "labor"}), "line 2: codes: a list of codes expected"),
        (json.dumps(GOOD | {"annotator": ""}), "line 2: annotator: text expected"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "text"}), "line 2: text: text expected"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_field(line: str, named: str) -> None:
    with pytest.raises(AnnotationError) as caught:
        list(read_records([json.dumps(GOOD), line], CODES, "f.jsonl"))
    assert named in str(caught.value)
