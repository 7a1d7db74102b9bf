"""The words of a paragraph: what coders read, what is compared, what names it."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.reports.paragraphs import (
    ParagraphNames,
    RawParagraph,
    build_paragraphs,
    paragraph_id,
)
from workbench.reports.reading import read_document
from workbench.reports.words import clean, normalise

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "reports"

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


def test_repeated_words_get_ids_of_their_own_and_empty_pieces_none() -> None:
    source = "Nobody came.\n***\nNobody came.\n"
    pieces = [RawParagraph((span,), ("A",)) for span in ((0, 12), (13, 16), (17, 29))]
    records = build_paragraphs("r", source, pieces)
    assert [record.position for record in records] == [0, 1]
    assert records[0].paragraph_id != records[1].paragraph_id
    assert [source[r.start : r.end] for r in records] == ["Nobody came.", "Nobody came."]


def test_names_count_the_turns_of_equal_words() -> None:
    names = ParagraphNames("r")
    given_out = [names.name(text) for text in ("Nobody came.", "Nine did.", "NOBODY came.")]
    assert given_out == [
        paragraph_id("r", "Nobody came."),
        paragraph_id("r", "Nine did."),
        paragraph_id("r", "Nobody came.", 1),
    ]


def sections(source: str, *pieces: tuple[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    raw = []
    for text, section in pieces:
        start = source.index(text)
        raw.append(RawParagraph(((start, start + len(text)),), section))
    return [record.section for record in build_paragraphs("r", source, raw)]


def test_a_run_in_heading_is_the_last_step_of_its_own_paragraph_alone() -> None:
    first, second = "Physical Conditions: Cells were wet.", "They were also cold."
    source = f"{first}\n{second}\n"
    above = ("a. Torture", "Prisons")
    assert sections(source, (first, above), (second, above)) == [
        (*above, "Physical Conditions"),
        above,
    ]
    record, _ = build_paragraphs(
        "r", source, [RawParagraph(((0, 36),), above), RawParagraph(((37, 57),), above)]
    )
    assert record.text == first


def test_a_run_in_heading_in_bold_needs_no_colon() -> None:
    bold = "**Physical Conditions.** Cells were wet."
    assert sections(bold, (bold, ("Prisons",))) == [("Prisons", "Physical Conditions")]


def test_a_boilerplate_paragraph_stays_with_its_kind() -> None:
    source = "Cells were wet.\nThis report does not compare countries.\n"
    records = build_paragraphs(
        "r", source, [RawParagraph(((0, 15),), ()), RawParagraph(((16, 55),), ())]
    )
    assert [record.kind for record in records] == ["text", "boilerplate"]


# The implementation by which the first ids were given: what is faster must name the same.
_OLD_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_OLD_HYPHEN = re.compile(r"(?<=\w-)[ \t]*[\r\n]\s*(?!(?:and|or|to)\s)(?=\w)")
_OLD_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\s]*\)")
_OLD_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_OLD_STARS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*\\])\1(?!\*)", re.DOTALL)
_OLD_BARS = re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_\\])\1(?!\w)", re.DOTALL)
_OLD_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_OLD_UNIFIED = str.maketrans(
    {"\\": None, "*": None}
    | dict.fromkeys("“”„‟«»″〝〞", '"')
    | dict.fromkeys("‘’‚‛‹›′´`", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_OLD_EDGE_BARS = re.compile(r"(?<!\w)_+|_+(?!\w)")


def old_clean(text: str) -> str:
    text = _OLD_HYPHEN.sub("", _OLD_INVISIBLE.sub("", text))
    if "](" in text:
        text = _OLD_LINK.sub(r"\1", _OLD_IMAGE.sub(" ", text))
    if "*" in text:
        text = _OLD_STARS.sub(r"\2", _OLD_STARS.sub(r"\2", text))
    if "_" in text:
        text = _OLD_BARS.sub(r"\2", text)
    if "\\" in text:
        text = _OLD_ESCAPE.sub(r"\1", text)
    return " ".join(text.split())


def old_normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", old_clean(text)).translate(_OLD_UNIFIED)
    if "](" in text:
        text = _OLD_LINK.sub(r"\1", text)
    if "_" in text:
        text = _OLD_EDGE_BARS.sub("", text)
    text = re.sub("-{2,}", "-", text).replace("''", '"')
    return " ".join(unicodedata.normalize("NFKC", text.casefold()).split())


@given(st.one_of(st.text(max_size=80), MARKED, st.text(alphabet="aA-\r\n\t`´ﬁ…¨ßİ\u00ad_ ")))
@example("a-\r\nb `` ´´ “‘x’” ﬁ ¨ \u200b")
def test_words_are_cleaned_and_compared_as_when_the_first_ids_were_given(text: str) -> None:
    assert clean(text) == old_clean(text)
    assert normalise(text) == old_normalise(text)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared reports are not here")
@pytest.mark.parametrize("path", sorted(SHARED.rglob("kazakhstan-*.*")), ids=lambda path: path.name)
def test_the_words_of_real_reports_are_compared_as_before(path: Path) -> None:
    for paragraph in read_document(path).paragraphs:
        assert normalise(paragraph.text) == old_normalise(paragraph.text)
