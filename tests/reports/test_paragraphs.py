"""The words of a paragraph: what coders read, what is compared, what names it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.paragraphs import (
    RawParagraph,
    build_paragraphs,
    clean,
    kind_of,
    normalise,
    paragraph_id,
)

MARKED = st.text(alphabet="ab c.*_\\$[](){}“”\"'’—--\n\t#!é", max_size=60)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a  line\r\nand\tanother", "a line and another"),
        (r"a fine of 200 crowns (\$79)", "a fine of 200 crowns ($79)"),
        ("the paper *Lanterna* and **612** men", "the paper Lanterna and 612 men"),
        ("_Lanterna_ and file_name_here", "Lanterna and file_name_here"),
        ("see [the report](https://example.org/a) now", "see the report now"),
        ("2 * 3 * 4, note *", "2 * 3 * 4, note *"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("a long-\nstanding quarrel", "a long-standing quarrel"),
        ("pre-\nand post-war", "pre- and post-war"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("non\u00a0breaking", "non breaking"),
        ("* an item * of a list", "* an item * of a list"),
    ],
)
def test_clean_gives_the_words_on_one_line(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s over” — he said", '"It\'s over" - he said'),
        ("one--two", "one—two"),
        ("The *Lanterna*", "the lanterna"),
        (r"costs \$5", "costs $5"),
        ("ﬁne", "FINE"),
        ("a [link](http://x.org)", "a link"),
    ],
)
def test_what_differs_only_in_marks_is_the_same_when_normalised(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_other_words_stay_different_when_normalised() -> None:
    assert normalise("nine men were held") != normalise("nine women were held")


@given(MARKED)
def test_cleaning_first_changes_nothing_of_the_normalised_text(text: str) -> None:
    assert normalise(clean(text)) == normalise(text)


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_an_id_is_the_report_and_twelve_hexadecimal_digits() -> None:
    report, digits = paragraph_id("veldoria-2018-state", "Nobody came.").split(".")
    assert report == "veldoria-2018-state"
    assert len(digits) == 12
    assert int(digits, 16) >= 0


def test_an_id_depends_on_words_and_occurrence_only() -> None:
    first = paragraph_id("r", "Nobody came.")
    assert paragraph_id("r", "  NOBODY   came. ") == first
    assert paragraph_id("r", "Nobody came.", 1) != first
    assert paragraph_id("r", "Somebody came.") != first
    assert paragraph_id("s", "Nobody came.") != first


@pytest.mark.parametrize(
    "text",
    [
        "See the Department’s Report on Belief at www.example.org/belief/.",
        "Also see the Ministry's *Findings on Small Hands* at www.example.org/hands.htm.",
        "Also, see the list of goods at https://example.org/goods/.",
        "For further information, see section 1.c.",
        "Please see Annex B. Also see the Report on Rivers at https://example.org/r.",
    ],
)
def test_a_paragraph_that_only_points_elsewhere_is_a_cross_reference(text: str) -> None:
    assert kind_of(clean(text)) == "cross-reference"


@pytest.mark.parametrize(
    "text",
    [
        "The colony held 612 men (see section 1.c.).",
        "See the burns for yourself, a doctor told the court.",
        "See the Report on Belief at www.example.org. Nine believers were fined.",
        "Seen from the bridge, the report looked thin.",
    ],
)
def test_a_paragraph_with_a_finding_is_text(text: str) -> None:
    assert kind_of(text) == "text"


def test_repeated_words_get_ids_of_their_own_and_empty_pieces_none() -> None:
    source = "Nobody came.\n***\nNobody came.\n"
    pieces = [RawParagraph((span,), ("A",)) for span in ((0, 12), (13, 16), (17, 29))]
    records = build_paragraphs("r", source, pieces)
    assert [record.position for record in records] == [0, 1]
    assert records[0].paragraph_id != records[1].paragraph_id
    assert [source[r.start : r.end] for r in records] == ["Nobody came.", "Nobody came."]
