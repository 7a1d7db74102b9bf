"""What an adjudicator is shown, and what the decisions say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.adjudicating import (
    MAJORITY,
    case_data,
    case_predictions,
    choose_cases,
    find_cases,
    tabulate_reasons,
)
from workbench.annotations.consensus import find_consensus
from workbench.annotations.results import read_annotation
from workbench.annotations.tasks import CHOSEN
from workbench.errors import UsageError
from workbench.records import Annotation, Evidence, Paragraph, Report
from workbench.taxonomy.codebook import default_codebook_text, parse_codebook
from workbench.taxonomy.labelconfig import CHOICES, DEFINITIONS

BOOK = parse_codebook(default_codebook_text(), "default")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PARAGRAPH = Paragraph("tavaria#1", "tavaria", 1, ("Section 1",), "Guards beat them.", 0, 17, ())
REPORT = Report("tavaria", "Tavaria <2018>", "state", "Tavaria", 2018, "f", "", "utf-8", "text")


def coded(coder: str, *codes: str, unit: str = "tavaria#1", **fields) -> Annotation:
    return Annotation(
        unit, coder, tuple(sorted(codes)), f"{unit}/{coder}", "studio", NOW, NOW, **fields
    )


def ruled(*codes: str, unit: str = "tavaria#1", **fields) -> Annotation:
    return replace(coded("lead", *codes, unit=unit, **fields), origin="adjudication")


def test_cases_are_what_coders_differ_on_the_most_disputed_first() -> None:
    cases = find_cases(
        [
            coded("ana", "torture", unit="a"),
            coded("ben", "torture", unit="a"),
            coded("ana", "torture", unit="b"),
            coded("ben", "labor", unit="b"),
            coded("ana", "torture", "labor", unit="c"),
            coded("ben", "torture", unit="c"),
        ]
    )
    assert [case.paragraph_id for case in cases] == ["b", "c"]


def test_what_was_ruled_on_is_no_case_any_more() -> None:
    differing = [coded("ana", "torture"), coded("ben")]
    assert len(find_cases(differing)) == 1
    (case,) = find_cases([*differing, ruled("torture")])
    assert case.ruled
    assert choose_cases([case]) == []


def test_cases_can_be_of_one_code() -> None:
    differing = [
        coded("ana", "torture", unit="a"),
        coded("ben", unit="a"),
        coded("ana", "labor", unit="b"),
        coded("ben", unit="b"),
    ]
    assert [c.paragraph_id for c in choose_cases(find_cases(differing), ["labor"])] == ["b"]


def test_a_majority_of_three_is_disputed_but_not_undecided() -> None:
    three = [coded("ana", "torture"), coded("ben", "torture"), coded("chloe")]
    assert len(find_cases(three)) == 1
    assert choose_cases(find_cases(three), undecided_only=True) == []
    (case,) = choose_cases(find_cases(three[1:]), undecided_only=True)
    assert case.undecided == ("torture",)


def test_the_page_shows_each_coders_choice_and_comment_by_name_and_the_definitions() -> None:
    (case,) = find_cases(
        [coded("ana", "torture", comment="by <guards>"), coded("ben", "labor"), coded("chloe")]
    )
    data = case_data(case, PARAGRAPH, REPORT, BOOK)
    assert data["paragraph_id"] == "tavaria#1"
    assert data[CHOICES].index("ana") < data[CHOICES].index("ben") < data[CHOICES].index("chloe")
    assert "by &lt;guards&gt;" in data[CHOICES]
    assert BOOK.none_label in data[CHOICES]
    definitions = {code.code: code.definition for code in BOOK.codes}
    assert definitions["torture"][:40] in data[DEFINITIONS]
    assert definitions["expression"][:40] not in data[DEFINITIONS]
    assert data[CHOSEN] == {"ana": ["torture"], "ben": ["labor"], "chloe": []}


def test_predictions_are_the_majority_first_then_each_coder_by_name() -> None:
    words = Evidence("torture", 7, 11, "beat")
    (case,) = find_cases(
        [
            coded("ana", "torture", evidence=(words,), comment="clear"),
            coded("ben", "torture", "labor"),
            coded("chloe", "expression"),
        ]
    )
    first, ana, ben, chloe = case_predictions(case)
    assert [b["model_version"] for b in (first, ana, ben, chloe)] == [
        MAJORITY,
        "ana",
        "ben",
        "chloe",
    ]
    read = [
        read_annotation(
            {"result": body["result"], "created_at": NOW, "updated_at": NOW, "id": 1},
            "tavaria#1",
            "x",
            BOOK.code_names,
        )[0]
        for body in (first, ana, ben, chloe)
    ]
    assert [r.codes for r in read] == [
        ("torture",),
        ("torture",),
        ("labor", "torture"),
        ("expression",),
    ]
    assert read[0].evidence == read[1].evidence == (words,)
    assert read[1].comment == "clear"


def test_a_page_without_a_majority_begins_with_nothing_ticked() -> None:
    (tie,) = find_cases([coded("ana", "torture"), coded("ben")])
    assert case_predictions(tie)[0]["result"] == []
    (none,) = find_cases([coded("ana", "torture"), coded("ben"), coded("chloe")])
    assert case_predictions(none)[0]["result"][0]["value"] == {"choices": ["none"]}


def test_reasons_are_counted_for_every_code_that_was_in_dispute() -> None:
    rows = tabulate_reasons(
        [
            coded("ana", "torture", unit="a"),
            coded("ben", "labor", unit="a"),
            ruled("torture", unit="a", reason="codebook", comment="say what force is"),
            coded("ana", "torture", unit="b"),
            coded("ben", unit="b"),
            coded("chloe", unit="b"),
            ruled("torture", unit="b", reason="slip"),
            coded("ana", "labor", unit="c"),
            coded("ben", unit="c"),
        ]
    )
    torture, labor = rows
    assert (torture.code, torture.paragraphs, torture.given, torture.overruled) == (
        "torture", 2, 2, 1,
    )  # fmt: skip
    assert torture.reasons == {"codebook": 1, "slip": 1}
    assert torture.notes == (("a", "say what force is"),)
    assert (labor.code, labor.paragraphs, labor.given, labor.overruled) == ("labor", 1, 0, 0)


def test_rulings_keep_their_reasons_when_coders_correct_themselves() -> None:
    chosen = (("ana", ("torture",)), ("ben", ()), ("chloe", ()))
    rows = tabulate_reasons(
        [
            *(coded(name, "torture") for name in ("ana", "ben", "chloe")),
            ruled("torture", reason="slip", comment="all saw it", choices=chosen),
        ]
    )
    (row,) = rows
    assert (row.code, row.paragraphs, row.given, row.overruled) == ("torture", 1, 1, 1)
    assert row.reasons == {"slip": 1}


def test_rulings_on_what_nobody_knows_to_have_differed_stand_in_the_last_row() -> None:
    rows = tabulate_reasons(
        [
            coded("ana", "torture", unit="a"),
            coded("ben", unit="a"),
            ruled("torture", unit="a"),
            *(coded(name, "labor", unit=unit) for name in ("ana", "ben") for unit in "bc"),
            ruled("labor", unit="b", reason="slip", comment="well"),
            ruled("labor", unit="c", reason="slip"),
        ]
    )
    assert [row.code for row in rows] == ["torture", None]
    assert (rows[1].paragraphs, rows[1].reasons) == (2, {"slip": 2})
    assert (rows[1].given, rows[1].overruled, rows[1].notes) == (0, 0, (("b", "well"),))


@pytest.mark.parametrize("name", ["coders", MAJORITY, "Doe, Jane"])
def test_no_coders_name_is_taken_for_the_majority_or_cut_in_two(name: str) -> None:
    (case,) = find_cases([coded(name, "torture"), coded("ben")])
    versions = [body["model_version"] for body in case_predictions(case)]
    assert len(set(versions)) == 3
    assert versions[0] == MAJORITY
    assert not any("," in version for version in versions)


def test_the_gold_label_says_who_decided_and_why() -> None:
    annotations = [coded("ana", "torture"), coded("ben"), ruled("torture", reason="slip")]
    (label,) = find_consensus([PARAGRAPH], annotations)
    assert label.codes == ("torture",)
    assert label.provenance.adjudicators == ("lead",)
    assert label.provenance.reasons == ("slip",)


def test_the_newest_of_two_rulings_counts() -> None:
    old = ruled("torture", reason="slip")
    new = replace(
        ruled(reason="context"), coder="second", key="k2", updated_at=NOW + timedelta(days=1)
    )
    (row,) = tabulate_reasons([coded("ana", "torture"), coded("ben"), new, old])
    assert row.reasons == {"context": 1}
    assert row.given == 0


def test_without_rulings_the_table_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="workbench adjudicate"):
        tabulate_reasons([coded("ana", "torture"), coded("ben")])


CODES = st.sets(st.sampled_from(BOOK.code_names))


@given(st.dictionaries(st.sampled_from("abcde"), CODES, min_size=2))
def test_every_disputed_code_is_undecided_or_has_a_side_that_won(chosen) -> None:
    annotations = [coded(name, *codes) for name, codes in chosen.items()]
    cases = find_cases(annotations)
    assert bool(cases) == (len({frozenset(codes) for codes in chosen.values()}) > 1)
    for case in cases:
        majority = set(
            read_annotation(
                {**case_predictions(case)[0], "created_at": NOW, "updated_at": NOW, "id": 1},
                "tavaria#1",
                "x",
                BOOK.code_names,
            )[0].codes
        )
        assert not majority & set(case.undecided)
        for code in majority:
            assert 2 * sum(code in codes for codes in chosen.values()) > len(chosen)
