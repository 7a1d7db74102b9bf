"""United Nations documents as web pages: masthead, numbers, lists, notes."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ReportError
from workbench.reports.html.layouts import LAYOUTS, choose_layout
from workbench.reports.html.listing import mark_of
from workbench.reports.html.page import parse_page
from workbench.reports.html.reading import raw_words, read_page
from workbench.reports.html.tree import build_tree

MASTHEAD = (
    "<p class=MsoNormal>United Nations A/VRC/12/4</p>"
    "<p class=MsoNormal>Distr.: General<br>3 March 2015</p>"
)
NUMBERED = (
    "<p>1.&nbsp;&nbsp;The first light was lit by hand.</p>"
    "<p>2.&nbsp;&nbsp;The second light was lit by nobody.</p>"
    "<p>3.&nbsp;&nbsp;The third light is out.</p>"
)
SENTENCES = [
    "The first light was lit by hand.",
    "The second light was lit by nobody.",
    "The third light is out.",
]


def texts(body: str) -> list[str]:
    content = read_page(body, "un.html")
    assert content.layout == "un-html"
    return [piece.text for piece in content.pieces]


def sections(body: str) -> list[tuple[str, ...]]:
    return [piece.section for piece in read_page(body, "un.html").pieces]


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        (MASTHEAD + NUMBERED, True),
        ("<table><tr><td>United Nations<td>A/VRC/12/4</table>" + NUMBERED, True),
        (NUMBERED, False),
        (MASTHEAD + NUMBERED.partition("<p>3.")[0], False),
        (MASTHEAD + "<p>The lights of Norland were all out in March.</p>" * 4, False),
        ("<p>Page 2</p>" + NUMBERED, False),
        ("<p>The council adopted A/VRC/12/4, of which more below.</p>" + NUMBERED, False),
        ("<ul><li><a href=/x>A/VRC/12/4</a></ul>" + NUMBERED, False),
    ],
)
def test_a_masthead_and_three_numbered_paragraphs_make_a_document(body: str, claimed: bool) -> None:
    page = parse_page(f"<html><body>{body}</body></html>")
    assert LAYOUTS["un-html"].claims(page) == claimed
    assert choose_layout(page)[0].name == ("un-html" if claimed else "generic-html")


def test_list_numbers_that_go_on_below_a_heading_begin_paragraphs() -> None:
    first, second, third = (f"{words} Nobody in Norland could say why." for words in SENTENCES)
    body = (
        f"{MASTHEAD}<h2>A. Lights</h2><ol><li>{first}</li><li>{second}</li></ol>"
        f"<h2>B. Wrecks</h2><ol start=3><li>{third}</li><li>{first}</li>"
        "<li value=6>The fourth is lost:<ul><li>With its keeper;</li><li>And his dog.</li></ul>"
        "</li></ol>"
    )
    fourth = "The fourth is lost: With its keeper; And his dog."
    assert texts(body) == [first, second, third, first, fourth]
    assert sections(body) == [("A. Lights",)] * 2 + [("B. Wrecks",)] * 3


@pytest.mark.parametrize(
    "note",
    [
        "<p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a> Noted by nobody in the harbour.</p>",
        "<div id=edn1><p>Noted by nobody in the harbour.</p></div>",
        "<div id='sdfootnote1'><p>Noted by nobody in the harbour.</p></div>",
        "<ol class='footnotes'><li id=fn1>Noted by nobody in the harbour.</li></ol>",
    ],
)
def test_notes_are_left_out_wherever_they_stand(note: str) -> None:
    first, _, rest = NUMBERED.partition("<p>2.")
    assert texts(f"{MASTHEAD}{first}{note}<p>2.{rest}") == texts(MASTHEAD + NUMBERED)


def test_an_emphasised_line_that_ends_in_a_colon_is_a_heading_and_a_lead_in_is_none() -> None:
    body = (
        f"{MASTHEAD}{NUMBERED}<p><b><i>Wages of keepers:</i></b></p><p>4. None were paid.</p>"
        "<p><b>5. He recommends that the prefect:</b></p><p>(a) Pay the keepers at once.</p>"
    )
    assert texts(body)[3:] == [
        "4. None were paid.",
        "5. He recommends that the prefect: (a) Pay the keepers at once.",
    ]
    assert sections(body)[3:] == [("Wages of keepers",)] * 2


def test_the_parts_that_word_makes_of_a_document_are_read_together() -> None:
    long = "".join(f"<p>{number}. {SENTENCES[0]}</p>" for number in range(4, 60))
    body = f"<div class=WordSection1>{MASTHEAD}{NUMBERED}</div><div class=WordSection2>{long}</div>"
    assert len(texts(body)) == 59


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("<ol><li>x<li>y</ol>", ["1.", "2."]),
        ("<ol start=12><li>x<li>y<li value=20>z</ol>", ["12.", "13.", "20."]),
        ("<ol start=none><li>x</ol>", ["1."]),
        ("<ol start=99999999999><li>x</ol>", ["1."]),
        ("<ol type=a start=3><li>x<li>y</ol>", ["(c)", "(d)"]),
        ("<ol type=i start=4><li>x<li>y</ol>", ["(iv)", "(v)"]),
        ("<ol type=I start=9><li>x<li>y</ol>", ["IX.", "X."]),
        ("<ol type=A><li>x</ol>", ["A."]),
        ("<ol type=a start=27><li>x</ol>", ["•"]),
        ("<ul><li>x</ul>", ["•"]),
        ("<ol><li>x<ol><li>y</ol><li>z</ol>", ["1.", "•", "2."]),
        ("<ol><li><p>x</p><p>more</p><li>y</ol>", ["1.", "", "2."]),
        ("<p>x</p>", [""]),
    ],
)
def test_the_first_text_of_an_item_has_its_mark(source: str, marks: list[str]) -> None:
    items: dict[int, int] = {}
    assert [mark_of(run.element, items) for run in build_tree(source).runs] == marks


_SCRAPS = """
    <p> </p> <ol> <ol~start=4> </ol> <ul> <li> </li> <h2> </h2> <b> </b> <br> <table> <td>
    Summary Notes Annex I. A. (a) (i) 4. 5. 6. 7.1 <div~id=ftn1> </div>
"""
SCRAPS = st.sampled_from([scrap.replace("~", " ") for scrap in _SCRAPS.split()])


@settings(max_examples=200, deadline=None)
@given(st.lists(SCRAPS | st.sampled_from(SENTENCES), max_size=40))
def test_any_document_gives_paragraphs_in_order_found_again_by_offsets(parts: list[str]) -> None:
    source = MASTHEAD + NUMBERED + " ".join(parts)
    with suppress(ReportError):
        pieces = read_page(source, "soup.html").pieces
        assert pieces
        assert all(raw_words(source, piece) == piece.text for piece in pieces)
        assert all(a.end <= b.start for a, b in pairwise(pieces))
