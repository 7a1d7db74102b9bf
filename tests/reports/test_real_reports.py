"""The real reports beside a checkout: every paragraph, none more, each under its heading."""

import json
from pathlib import Path

import pytest

from workbench.records import Document
from workbench.reports.reading import read_document
from workbench.reports.runins import headings_above
from workbench.reports.words import clean, normalise

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
REPORTS = SHARED / "reports"
ANNOTATIONS = SHARED / "annotations" / "kazakhstan-2012-2018.jsonl"

pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="the shared reports are not here")

COUNTS = {
    "kazakhstan-2012-state.txt": ("state-page", 193),
    "kazakhstan-2018-state.txt": ("state-text", 221),
    "kazakhstan-2019-state.txt": ("state-text", 131),
    "kazakhstan-2021-hrw.txt": ("hrw-flat", 32),
}


def document_of(name: str) -> Document:
    return read_document(REPORTS / name)


@pytest.mark.parametrize(("name", "layout", "count"), [(n, *c) for n, c in COUNTS.items()])
def test_a_real_report_is_claimed_and_cut(name: str, layout: str, count: int) -> None:
    document = document_of(name)
    assert document.report.layout == layout
    assert len(document.paragraphs) == count
    assert document.report.country == "Kazakhstan"
    source = (REPORTS / name).read_bytes().decode(document.report.encoding)
    for paragraph in document.paragraphs:
        pieces = "\n".join(source[start:end] for start, end in paragraph.spans)
        assert clean(pieces) == paragraph.text


@pytest.mark.parametrize("name", ["kazakhstan-2012-state.txt", "kazakhstan-2018-state.txt"])
def test_paragraphs_and_paths_are_those_of_the_annotations(name: str) -> None:
    gold: dict[tuple[tuple[str, ...], str], None] = {}
    with ANNOTATIONS.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["report"] == name:
                gold[tuple(record["section"]), normalise(record["text"])] = None
    # The annotations have run-in headings in the text alone.
    found = [(headings_above(p), normalise(p.text)) for p in document_of(name).paragraphs]
    assert found == list(gold)


def test_a_report_that_lost_its_headings_keeps_every_line_between_title_and_site() -> None:
    name = "kazakhstan-2019-state.txt"
    lines = [line for line in (REPORTS / name).read_text(encoding="utf-8").split("\n") if line]
    marked = ("Section ", "a. ", "b. ")
    # The site's own form begins with the line after the last sentence of the report.
    site = next(n for n, line in enumerate(lines) if line.startswith("01 /")) - 2
    expected = [line for line in lines[2:site] if not line.startswith(marked)]
    assert [p.text for p in document_of(name).paragraphs] == expected


def test_a_flat_page_gives_each_listed_heading_once_and_nothing_of_its_menus() -> None:
    document = document_of("kazakhstan-2021-hrw.txt")
    text = (REPORTS / "kazakhstan-2021-hrw.txt").read_text(encoding="utf-8")
    headings = list(dict.fromkeys(p.section[0] for p in document.paragraphs if p.section))
    assert len(headings) == 14
    assert "".join(headings) in text
    assert document.report.year == 2020
    assert all(p.text[-1] in ".”" for p in document.paragraphs)
    last = document.paragraphs[-1].end
    assert text[last:].startswith("Browse")
    between = "".join(
        text[a.end : b.start]
        for a, b in zip(document.paragraphs, document.paragraphs[1:], strict=False)
    )
    assert between == "".join(headings)
