"""An invented report as DOCX and ODT, with styles and without, against paragraphs cut by hand."""

import json
from pathlib import Path

import pytest
from ferries_report import BOLD_ONLY, REPORT
from office_building import Block, make_docx, make_odt

from workbench.reports.extracting import Extracted
from workbench.reports.layouts import choose_layout
from workbench.reports.office.docx import extract_docx
from workbench.reports.office.odt import extract_odt
from workbench.reports.paragraphs import build_paragraphs

GOLD = json.loads((Path(__file__).parent / "fixtures" / "ferries.json").read_text("utf-8"))
STATE: list[Block] = [
    ("h1", "Section 1. Respect for the Integrity of the Person, Including Freedom from:"),
    ("h2", "a. Arbitrary Deprivation of Life"),
    ("p", "There were no reports that the government of Veldoria killed anybody in 2019."),
    ("h2", "b. Disappearance"),
    ("p", "Two men from Norvik disappeared in May. The police opened no case."),
    ("h1", "Section 2. Respect for Civil Liberties, Including:"),
    ("h2", "a. Freedom of Expression, Including for the Press"),
    (
        "p",
        [("b", "Censorship:"), " The Lantern was told what to leave out. It printed white space."],
    ),
]


def extract(form: str, blocks: list[Block]) -> Extracted:
    if form == "docx":
        return extract_docx(make_docx(blocks), "ferries.docx")
    return extract_odt(make_odt(blocks), "ferries.odt")


def cut(found: Extracted) -> list[tuple[tuple[str, ...], str]]:
    layout, _ = choose_layout(found.text)
    records = build_paragraphs("r", found.text, layout.cut(found.text))
    # DOCX has an element for the hyphen that does not break, ODT a character.
    return [(record.section, record.text.replace("\u2011", "-")) for record in records]


@pytest.mark.parametrize("form", ["docx", "odt"])
@pytest.mark.parametrize("blocks", [REPORT, BOLD_ONLY], ids=["styles", "bold"])
def test_a_report_is_cut_as_its_gold_says(form: str, blocks: list[Block]) -> None:
    found = extract(form, blocks)
    assert cut(found) == [(tuple(piece["section"]), piece["text"]) for piece in GOLD]
    assert found.title == "The Closed Ferries"
    assert found.language == "en"
    assert found.encoding == f"{form}-text"


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_headings_in_bold_of_one_size_part_the_same_paragraphs(form: str) -> None:
    headings = ("title", "h1", "h2", "h3")
    blocks = [("bold" if kind in headings else kind, content) for kind, content in REPORT]
    found = cut(extract(form, blocks))
    assert [text for _, text in found] == [piece["text"] for piece in GOLD]
    assert {section[0] for section, _ in found} >= {"Summary", "Method", "The Press"}


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_state_report_is_read_by_its_layout(form: str) -> None:
    found = extract(form, STATE)
    assert choose_layout(found.text)[0].name == "state-text"
    assert [(section[-2:], text[:9]) for section, text in cut(found)] == [
        ((STATE[0][1], STATE[1][1]), "There wer"),
        ((STATE[0][1], STATE[3][1]), "Two men f"),
        ((STATE[6][1], "Censorship"), "Censorshi"),
    ]


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_the_same_bytes_give_the_same_text(form: str) -> None:
    assert extract(form, REPORT) == extract(form, REPORT)
