"""PDFs of invented reports, set in many ways, against the paragraphs that were set."""

import html
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from typesetting import Look, Piece, invent, state_report, typeset

from workbench.reports.extracting import Extracted
from workbench.reports.layouts import choose_layout
from workbench.reports.paragraphs import build_paragraphs
from workbench.reports.pdf.reading import ENCODING, extract_pdf
from workbench.reports.words import normalise

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def cut(extracted: Extracted) -> tuple[str, list[tuple[tuple[str, ...], str, int]]]:
    layout, _ = choose_layout(extracted.text)
    records = build_paragraphs("r", extracted.text, layout.cut(extracted.text))
    return layout.name, [(p.section, p.text, p.start) for p in records]


def score(pdf: bytes, gold: list[str]) -> float:
    """F1 of exact paragraphs, from the PDF's bytes to records."""
    _, found = cut(extract_pdf(pdf, "report.pdf"))
    ours, theirs = Counter(normalise(text) for _, text, _ in found), Counter(map(normalise, gold))
    return 2 * sum((ours & theirs).values()) / (sum(ours.values()) + sum(theirs.values()))


@pytest.mark.parametrize(
    "name", ["veldoria-2017-state", "veldoria-2018-state", "veldoria-2019-state"]
)
@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look(font="Helvetica", size=12, leading=1.5, justified=False, footer="Page {page} of 9"),
        Look(space=0, indent=1.5, hyphenated=True),
        Look(larger_headings=False, margin=100, space=0.3),
    ],
    ids=["plain", "ragged", "indented", "small-headings"],
)
def test_a_state_report_is_read_as_one(name: str, look: Look) -> None:
    pieces, gold = state_report(name)
    pdf = typeset(pieces, look)
    layout, _ = cut(extract_pdf(pdf, "report.pdf"))
    assert layout == "state-text"
    assert score(pdf, gold) >= 0.98


def test_section_headings_become_the_heading_path() -> None:
    pieces, _ = state_report()
    _, found = cut(extract_pdf(typeset(pieces, Look()), "report.pdf"))
    paths = {section for section, _, _ in found}
    assert any(len(path) == 3 and path[0].startswith("Section 1.") for path in paths)


def look_of(seed: int) -> Look:
    """A setting drawn at random: fonts, margins, marks of paragraphs, columns."""
    pick = random.Random(seed)
    indented = pick.random() < 0.4
    return Look(
        font=pick.choice(["Times-Roman", "Helvetica"]),
        size=pick.choice([8.5, 9, 10, 11, 12, 13]),
        leading=pick.choice([1.1, 1.2, 1.35, 1.5, 2.0]),
        margin=pick.choice([50, 60, 72, 100]),
        space=0 if indented else pick.choice([0.25, 0.4, 0.6, 1.0]),
        indent=pick.choice([1, 1.5, 2.5]) if indented else 0,
        justified=pick.random() < 0.5,
        hyphenated=pick.random() < 0.5,
        columns=pick.choice([1, 1, 2, 3]),
        gutter=pick.choice([12, 18, 30]),
        header=pick.choice(["", "Veldoria: a year in the cantons"]),
        footer=pick.choice(["", "{page}", "Page {page} of 9", "Harbour Watch | {page}"]),
        a4=pick.random() < 0.5,
    )


def test_paragraphs_are_found_whatever_the_setting() -> None:
    """Where a page or column ends with a full line and a full stop, nothing tells; hence 0.9."""
    scores = []
    for seed in range(200, 216):
        look = look_of(seed)
        notes = look.columns == 1 and seed % 2 == 0
        pieces, gold = invent(seed, 30, notes, compounds=not look.hyphenated)
        scores.append(score(typeset(pieces, look), gold))
    assert min(scores) >= 0.9, scores
    assert sum(scores) / len(scores) >= 0.98, scores


def test_footnotes_headers_and_numbers_are_not_in_the_text() -> None:
    pieces, _ = invent(5, 30, notes=True)
    notes = [piece.note for piece in pieces if piece.note]
    text = extract_pdf(typeset(pieces, Look(footer="Harbour Watch | {page}")), "r.pdf").text
    assert notes
    assert not any(note in text for note in notes)
    assert "Harbour Watch" not in text
    assert "a year in the cantons" not in text


def test_pages_tell_where_a_paragraph_begins() -> None:
    pieces = [Piece("text", f"Paragraph number {n} was written in Orrin.") for n in range(120)]
    extracted = extract_pdf(typeset(pieces, Look()), "r.pdf")
    assert extracted.encoding == ENCODING
    assert len(extracted.pages) > 2
    assert extracted.page_at(extracted.text.index("number 0 ")) == 1
    assert extracted.page_at(extracted.text.index("number 119 ")) == len(extracted.pages)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Behind the Harbour Wall: Abuses in Veldoria", True),
        ("Microsoft Word - final_v3.docx", False),
        ("untitled", False),
        ("Annual budget of a bakery", False),
    ],
)
def test_the_files_title_counts_where_the_text_bears_it_out(title: str, kept: bool) -> None:
    pieces, _ = invent(1, 6)
    assert (extract_pdf(typeset(pieces, Look(), title), "r.pdf").title == title) is kept


def test_marks_of_markdown_in_the_report_come_back_as_they_were() -> None:
    words = "The file *list*_of_[names](x) cost \\$5 and # was *not* _here_ in May."
    pieces = [Piece("text", "A first paragraph stands here."), Piece("text", words)]
    _, found = cut(extract_pdf(typeset(pieces, Look()), "r.pdf"))
    assert found[1][1] == words


STYLES = {
    "web": "body{font:16px sans-serif;margin:40px}",
    # A page long enough for all: at its end Chromium leaves out lines of what stands in columns.
    "columns": "@page{size:21.6cm 36cm;margin:2cm}body{font:10pt/1.3 serif;columns:2;"
    "text-align:justify;hyphens:auto}h1,h2{column-span:all}p{margin:0;text-indent:1.2em}",
    "book": "@page{margin:3cm}body{font:11pt/1.4 serif;text-align:justify;hyphens:auto}"
    "p{margin:0;text-indent:1.5em}h2,h3{font-weight:normal;font-style:italic}",
    "tight": "@page{margin:2.5cm}body{font:11pt serif}p{margin:0 0 3pt}"
    "h1,h2,h3{font-size:11pt;margin:6pt 0 2pt}",
}
TAGS = {"title": "h1", "section": "h2", "heading": "h3", "text": "p"}


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("style", STYLES)
def test_a_page_printed_from_a_browser_is_read(style: str, tmp_path: Path) -> None:
    pieces, gold = state_report("veldoria-2019-state")
    body = "".join(f"<{TAGS[p.kind]}>{html.escape(p.text)}</{TAGS[p.kind]}>" for p in pieces)
    page = f"<html lang=en><style>{STYLES[style]}</style><body>{body}</body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    pdf = tmp_path / "page.pdf"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", f"--print-to-pdf={pdf}"]
    subprocess.run([*command, str(tmp_path / "page.html")], capture_output=True, timeout=90)
    assert score(pdf.read_bytes(), gold) >= 0.98
    assert extract_pdf(pdf.read_bytes(), "page.pdf").language == "en"
