"""What of a DOCX or ODT is text, and how it is written: runs, lists, tables, boxes, escapes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_building import STRICT, Block, docx_parts, make_docx, make_odt, odt_parts, pack

from workbench.reports.office.docx import extract_docx
from workbench.reports.office.headings import heading_levels
from workbench.reports.office.numbers import as_letters, as_roman
from workbench.reports.office.odt import extract_odt
from workbench.reports.office.pieces import Look, Piece, Run
from workbench.reports.office.properties import language_code, title_of
from workbench.reports.office.writing import write_line
from workbench.reports.words import clean

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
MARKUP = st.text(
    st.sampled_from("ab .*_\\[](){}#!`<-:&'~^|\u00ad\u200b\u2028\x85\xa0"), max_size=40
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def lines(form: str, *blocks: Block) -> list[str]:
    found = (
        extract_docx(make_docx(blocks), "x.docx")
        if form == "docx"
        else extract_odt(make_odt(blocks), "x.odt")
    )
    return found.text.strip().split("\n\n")


def raw(xml: str) -> Block:
    return ("raw", xml)


def wp(inner: str) -> Block:
    return raw(f"<w:p>{inner}</w:p>")


def wr(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


both = pytest.mark.parametrize("form", ["docx", "odt"])


@both
def test_each_paragraph_is_a_line_whatever_is_in_it(form: str) -> None:
    content = ["One\tand ", ("b", "two"), "\nthree\u2028four\x85five  six.", ("i", " Seven.")]
    assert lines(form, ("p", content)) == ["One and two three four five six. Seven."]


@both
def test_two_line_ends_part_paragraphs_and_a_bold_line_heads_one(form: str) -> None:
    got = lines(form, ("p", ["The first ends.\n\nThe second ends."]), ("p", "A third ends."),
                ("p", [("b", "Use of Force"), "\nOne officer fired twice."]))  # fmt: skip
    assert got == ["The first ends.", "The second ends.", "A third ends.", "# Use of Force",
                   "One officer fired twice."]  # fmt: skip


@both
def test_notes_deleted_and_hidden_words_go_and_inserted_words_and_links_stay(form: str) -> None:
    content = ["Police ", ("del", "never "), ("ins", "often "), "came", ("note", "A note."), " to ",
               ("link", "the page"), ("hidden", " (check)"), "."]  # fmt: skip
    assert lines(form, ("p", content)) == ["Police often came to the page."]


@both
def test_list_items_keep_their_marks(form: str) -> None:
    got = lines(form, ("bullet", "a boat;"), ("number", "Orrin."), ("number", "Norvik."))
    assert got == ["- a boat;", "1. Orrin.", "2. Norvik."]


@both
def test_of_a_table_only_cells_with_a_sentence_are_text(form: str) -> None:
    table = ("table", [["Town", "What happened"], ["Orrin", "The ferry was closed."], ["9", "11"]])
    assert lines(form, ("p", "Before it stands this."), table) == [
        "Before it stands this.", "The ferry was closed.",
    ]  # fmt: skip


@both
def test_a_table_of_one_column_is_a_frame_around_text(form: str) -> None:
    got = lines(form, ("table", [["Rivers"], ["The Harl rose in May."]]), ("p", "It fell in June."))
    assert got == ["Rivers", "The Harl rose in May.", "It fell in June."]


@both
def test_typed_tables_of_contents_and_numbers_alone_are_left_out(form: str) -> None:
    got = lines(form, ("p", "Summary\t3"), ("p", "Method ........ 12"), ("p", "17"),
                ("p", "The text begins here."))  # fmt: skip
    assert got == ["The text begins here."]


@both
def test_a_paragraph_in_a_heading_style_is_no_heading_if_it_is_a_sentence(form: str) -> None:
    long = (
        "The committee recalls that the ferries of the upper lakes were closed in May of that year."
    )
    assert lines(form, ("h2", long), ("h2", "Ferries"), ("p", "They are shut.")) == [
        long, "# Ferries", "They are shut.",
    ]  # fmt: skip


@both
def test_bold_sentences_last_lines_and_whole_bold_documents_have_no_headings(form: str) -> None:
    got = lines(form, ("bold", "Nobody was charged with it."), ("p", "The text goes on here."),
                ("p", "It went on for years."), ("bold", "Orrin, May 2023"))  # fmt: skip
    assert not any(line.startswith("#") for line in got)
    got = lines(form, ("bold", "Rivers"), ("bold", "The Harl rose in the night of May."))
    assert got[0] == "Rivers"


@both
def test_a_label_set_off_at_the_start_is_marked_and_other_bold_words_are_not(form: str) -> None:
    got = lines(form, ("p", [("i", "Prisons."), " Cells were cold in May."]),
                ("p", [("b", "Police"), " arrested nobody that day."]),
                ("p", ["The ", ("b", "Lantern."), " It closed in the spring."]))  # fmt: skip
    assert got == ["**Prisons.** Cells were cold in May.", "Police arrested nobody that day.",
                   "The Lantern. It closed in the spring."]  # fmt: skip


@given(st.lists(st.tuples(WORDS | MARKUP, st.booleans()), min_size=1, max_size=4),
       st.sampled_from(["", "-", "12.", "(a)"]))  # fmt: skip
def test_a_line_gives_the_documents_own_words_back(runs: list[tuple[str, bool]], mark: str) -> None:
    piece = Piece(tuple(Run(text, Look(bold=bold)) for text, bold in runs), mark=mark)
    line = write_line(piece)
    assert len(line.splitlines()) <= 1
    words = f"{mark} {piece.text}" if mark else piece.text
    assert clean(line) == " ".join(_INVISIBLE.sub("", words).split())


@given(st.lists(WORDS | MARKUP, min_size=1, max_size=5))
def test_levels_are_markdowns_and_one_for_each_piece(texts: list[str]) -> None:
    pieces = [
        Piece((Run(text, Look(bold=n % 2 == 0, size=10 + n)),)) for n, text in enumerate(texts)
    ]
    pieces = [piece for piece in pieces if piece.text]
    levels = heading_levels(pieces)
    assert len(levels) == len(pieces)
    assert all(level is None or 1 <= level <= 6 for level in levels)


def test_kinds_of_number_tell_how_deep_headings_in_bold_lie() -> None:
    bold, plain = Look(bold=True, size=12), Look(size=12)
    texts = [
        "I. Rights",
        "A. Press",
        "1. Papers",
        "x",
        "H. Roads",
        "I. Rivers",
        "x",
        "II. Work",
        "x",
    ]
    long = "The text under this heading is a sentence of more than fourteen words, as it should."
    pieces = [
        Piece((Run(long, plain),)) if text == "x" else Piece((Run(text, bold),)) for text in texts
    ]
    assert heading_levels(pieces) == [1, 3, 2, None, 3, 3, None, 1, None]


def test_fields_show_their_words_but_no_page_numbers_and_no_contents() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def field(code: str, shown: str) -> str:
        instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        return f"{mark('begin')}{instruction}{mark('separate')}{wr(shown)}{mark('end')}"

    contents = mark("begin") + "<w:r><w:instrText> TOC \\o </w:instrText></w:r>" + mark("separate")
    got = lines(
        "docx",
        wp(contents + wr("Summary")),
        wp(wr("Method and sources") + field("PAGEREF x", "3") + mark("end")),
        wp(wr("See ") + field("REF a", "paragraph four") + wr(" on page") + field(" PAGE ", "9")),
        wp(
            '<w:fldSimple w:instr="NUMPAGES">'
            + wr("12")
            + "</w:fldSimple>"
            + wr("Next comes this.")
        ),
        wp(mark("begin") + mark("separate") + wr("A field without an end swallows nothing.")),
    )
    assert got == ["See paragraph four on page", "Next comes this.",
                   "A field without an end swallows nothing."]  # fmt: skip


def test_a_text_box_written_twice_is_read_once_behind_its_paragraph() -> None:
    box = "<w:txbxContent><w:p>" + wr("A box says this.") + "</w:p></w:txbxContent>"
    both_ways = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>" + box
        + "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>" + box
        + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )  # fmt: skip
    assert lines("docx", wp(wr("The text ") + both_ways + wr("goes on."))) == [
        "The text goes on.", "A box says this.",
    ]  # fmt: skip


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    first = "<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>" + wr("One begins ")
    assert lines("docx", wp(first), wp(wr("and goes on."))) == ["One begins and goes on."]


def test_contents_controls_hints_captions_and_moved_words_are_left_out() -> None:
    got = lines(
        "docx",
        raw("<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
            f"</w:docPartObj></w:sdtPr><w:sdtContent><w:p>{wr('Summary')}</w:p></w:sdtContent></w:sdt>"),
        raw("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            f"<w:p>{wr('Click here to write.')}</w:p></w:sdtContent></w:sdt>"),
        raw(f"<w:sdt><w:sdtContent><w:p>{wr('This was written.')}</w:p></w:sdtContent></w:sdt>"),
        wp("<w:pPr><w:pStyle w:val='Beschriftung'/></w:pPr>" + wr("Map of Veldoria")),
        wp("<w:moveFrom>" + wr("Moved away.") + "</w:moveFrom>" + wr("Stays.")),
    )  # fmt: skip
    assert got == ["This was written.", "Stays."]


def test_numbers_of_several_levels_are_counted_as_word_does() -> None:
    def item(number: int, depth: int) -> Block:
        return wp(f"<w:pPr><w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>"
                  f"</w:pPr>{wr('word')}")  # fmt: skip

    places = [(2, 0), (2, 1), (2, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 0), (2, 0), (9, 0)]
    marks = [
        line.removesuffix("word").strip() for line in lines("docx", *(item(*p) for p in places))
    ]
    assert marks == ["1.", "(a)", "(b)", "2.", "(a)", "2.IV", "1.", "2.", "3.", ""]


def test_numbers_of_several_levels_are_counted_as_libreoffice_does() -> None:
    inner = "<text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>"
    got = lines("odt", raw(
        '<text:list text:style-name="NUM"><text:list-item><text:p>a</text:p>' + inner + inner
        + '</text:list-item><text:list-header><text:p>no</text:p></text:list-header>'
        '<text:list-item text:start-value="7"><text:p>c</text:p><text:p>d</text:p></text:list-item>'
        '</text:list><text:list text:style-name="NUM"><text:list-item><text:p>e</text:p>'
        '</text:list-item></text:list>'
    ))  # fmt: skip
    assert got == ["1. a", "(a) b", "(a) b", "no", "7. c", "d", "1. e"]


def test_contents_indexes_boxes_and_captions_of_an_odt() -> None:
    got = lines(
        "odt",
        raw('<text:table-of-content><text:index-body><text:p>Summary and more of it.</text:p>'
            '</text:index-body></text:table-of-content>'),
        raw('<text:tracked-changes><text:changed-region><text:deletion><text:p>It was deleted.'
            '</text:p></text:deletion></text:changed-region></text:tracked-changes>'),
        raw('<text:p>The page<text:page-number>4</text:page-number> says<office:annotation>'
            '<text:p>A comment.</text:p></office:annotation> this.<draw:frame><draw:text-box>'
            '<text:p>A box says more.</text:p></draw:text-box><svg:desc>Seen.</svg:desc>'
            '</draw:frame></text:p>'),
        raw('<text:p text:style-name="Drawing">Map of Veldoria</text:p>'),
        raw('<text:section text:display="none"><text:p>Nobody sees it.</text:p></text:section>'),
    )  # fmt: skip
    assert got == ["The page says this.", "A box says more."]


def test_the_strict_form_of_docx_reads_the_same() -> None:
    blocks: list[Block] = [("h1", "Rivers"), ("p", "The Harl rose."), ("bullet", "in May;")]
    strict = extract_docx(pack(docx_parts(blocks, STRICT)), "strict.docx")
    assert strict.text == extract_docx(make_docx(blocks), "usual.docx").text
    assert strict.text.startswith("# Rivers\n")


def test_tracked_changes_are_a_doubt() -> None:
    (doubt,) = extract_docx(make_docx([("p", ["It ", ("ins", "rose.")])]), "x.docx").warnings
    assert "tracked changes" in doubt


def test_a_title_is_believed_where_the_text_bears_it_out() -> None:
    assert title_of("The Ferries", "Closed: The Ferries", "Closed: The Ferries\n") == "The Ferries"
    assert title_of("Last Year's", "The Ferries", "The Ferries\n") == "The Ferries"
    assert title_of("The Ferries", None, "Nothing") == "The Ferries"
    for program in (
        "Document1",
        "Microsoft Word - a.doc",
        "untitled",
        "x.docx",
        "",
        None,
        "C:\\a\\b",
    ):
        assert title_of(program, None, "x") is None
    assert title_of("Report", "The Ferries", "Report") == "The Ferries"


def test_languages_are_codes_of_two_letters() -> None:
    assert [language_code(tag) for tag in ("en-GB", "fr", "zxx", "none", "", None)] == [
        "en", "fr", None, None, None, None,
    ]  # fmt: skip


@given(st.integers(1, 3999))
def test_roman_numbers_count(number: int) -> None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    digits = [values[letter] for letter in as_roman(number)]
    signed = [-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True)]
    assert sum(signed) == number


def test_letters_go_on_after_z() -> None:
    assert [as_letters(n) for n in (1, 26, 27, 28, 10**9)] == ["a", "z", "aa", "bb", "1000000000"]


def test_an_odt_without_styles_and_a_docx_without_any_are_read() -> None:
    odt = odt_parts([("h1", "Rivers"), ("p", "The Harl rose.")])
    del odt["styles.xml"], odt["meta.xml"]
    assert extract_odt(pack(odt), "x.odt").text == "# Rivers\n\nThe Harl rose.\n"
    docx = docx_parts([wp('<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' + wr("Rivers")),
                       ("p", "The Harl rose.")])  # fmt: skip
    del docx["word/styles.xml"], docx["word/numbering.xml"], docx["docProps/core.xml"]
    assert extract_docx(pack(docx), "x.docx").text == "# Rivers\n\nThe Harl rose.\n"
