"""The agreement page in a real browser: wide, narrow, dark, on paper, by keyboard."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from tests.conftest import ROOT
from tests.exports.agreement_files import LONG_CODER, awkward_lines, report_of, study_lines
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.html_disputed import choose_shown

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("WORKBENCH_NEED_BROWSER"),
        reason="Chromium is not installed",
    ),
]
PICTURE = ROOT / "docs" / "agreement-report.png"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDE, NARROW = 1280, 390
#: The width of a sheet of A4 less its margins, in pixels of style sheets.
SHEET = 680

#: What sticks out of the page to the right and is in nothing that scrolls by itself.
STICKING_OUT = """() => [...document.querySelectorAll('main *')].filter(e =>
  e.getClientRects().length && !e.closest('.scroll') && !e.closest('.hidden')
  && !e.matches('.hidden *')
  && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).map(e => `${e.tagName} ${e.className.baseVal ?? e.className} ${e.textContent.slice(0, 40)}`)"""
#: Texts whose contrast with what lies behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3).
PALE = """() => {
  const parts = colour => {
    const numbers = colour.match(/[\\d.]+/g).map(Number);
    if (colour.startsWith('color(')) return [...numbers.slice(0, 3), numbers[3] ?? 1];
    return [...numbers.slice(0, 3).map(n => n / 255), numbers[3] ?? 1];
  };
  const light = colour => {
    const [r, g, b] = parts(colour).slice(0, 3)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (parts(colour)[3] > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const pale = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.matches('title, desc')) continue;
    const style = getComputedStyle(e);
    const ink = light(e.closest('svg') ? style.fill : style.color), paper = light(behind(e));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) pale.push(`${ratio.toFixed(2)} ${e.textContent.slice(0, 30)}`);
  }
  return pale;
}"""


@pytest.fixture(scope="module")
def report():
    return report_of(awkward_lines())


@pytest.fixture(scope="module")
def file(report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "agreement.html"
    path.write_text(render_agreement_html(report), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser, file: Path) -> Iterator:
    contexts = []

    def open_it(width: int, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.requested.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_page_never_scrolls_sideways_and_nothing_is_cut(open_page, width: int) -> None:
    page = open_page(width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(STICKING_OUT) == []
    # There is something wider than the page, and it scrolls by itself.
    wide = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_but_the_file_itself_is_asked_for(open_page, file: Path, scheme: str) -> None:
    assert open_page(WIDE, scheme).requested == [file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(open_page, scheme: str) -> None:
    page = open_page(WIDE, scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}[scheme]
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(PALE) == []


def test_filters_work_by_keyboard_and_hide_what_does_not_fit(open_page, report) -> None:
    page = open_page(NARROW)
    items = choose_shown(report.disputed)
    articles = "[...document.querySelectorAll('article')].map(a => a.offsetParent !== null)"
    assert page.evaluate(articles) == [True] * len(items)
    page.locator("input[name=report]").first.focus()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("label:has(input[name=report]:checked)").inner_text().strip()
    expected = [report.paragraphs[item.unit].report_id == chosen for item in items]
    assert 0 < sum(expected) < len(items)
    assert page.evaluate(articles) == expected
    page.get_by_label(LONG_CODER, exact=True).check()
    both = [
        fits and any(choice.coder == LONG_CODER for choice in item.choices)
        for fits, item in zip(expected, items, strict=True)
    ]
    assert both != expected
    assert page.evaluate(articles) == both
    page.locator("input[name=report]").first.check()
    page.locator("input[name=coder]").first.check()
    assert page.evaluate(articles) == [True] * len(items)


def test_a_wide_table_scrolls_by_keyboard(open_page) -> None:
    page = open_page(NARROW)
    page.locator("[aria-labelledby=codes-table]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    # The page's own rules forbid what wait_for_function does when it has to look twice.
    moved = "document.querySelector('[aria-labelledby=codes-table]').scrollLeft"
    for _ in range(100):
        if page.evaluate(moved) > 20:
            return
        page.wait_for_timeout(50)
    pytest.fail("the table did not scroll")


def test_contents_lead_to_every_section_and_headings_are_in_order(open_page) -> None:
    page = open_page(WIDE)
    headings = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3')].map(h => [+h.tagName[1], h.id])"
    )
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    links = page.evaluate("[...document.querySelectorAll('nav a')].map(a => a.hash)")
    assert links == [f"#{name}" for level, name in headings if level == 2]
    page.click("nav a[href='#appendix']")
    assert page.evaluate("document.getElementById('appendix').getBoundingClientRect().top") < 100


def test_a_band_is_told_by_a_mark_too_not_by_colour_alone(open_page) -> None:
    page = open_page(WIDE)
    marks = page.evaluate(
        "[...new Set([...document.querySelectorAll('td .band')].map(b => "
        "b.textContent + getComputedStyle(b, '::before').content))]"
    )
    assert len(marks) > 1
    assert all(re.search(r'"[●◐✕○]', mark) for mark in marks)
    names = page.evaluate("[...document.querySelectorAll('.plot .name')].map(t => t.textContent)")
    assert all(name[0] in "●◐✕○" for name in names)


def test_paper_shows_what_is_folded_on_the_screen_and_cuts_no_table(open_page, tmp_path) -> None:
    page = open_page(SHEET)
    folded = page.locator("details:not([open]) table")
    assert folded.count() > 3
    assert not folded.first.is_visible()
    page.emulate_media(media="print")
    widths = page.evaluate(
        "[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right)"
    )
    assert max(widths) <= SHEET + 1
    file = tmp_path / "page.pdf"
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
    page.pdf(path=str(file), format="A4", margin=margin)
    pages = pypdfium2.PdfDocument(file)
    text = " ".join(" ".join(p.get_textpage().get_text_bounded() for p in pages).split())
    assert "How much each coder coded." in text  # folded: there are many coders
    assert "Only paragraphs that fit" not in text  # a filter is of no use on paper


def test_a_phone_shows_the_plots_whole(open_page) -> None:
    page = open_page(NARROW)
    for box in page.evaluate(
        "[...document.querySelectorAll('svg text')].filter(t => t.checkVisibility())"
        ".map(t => t.getBoundingClientRect()).map(b => [b.left, b.right])"
    ):
        assert 0 <= box[0] <= box[1] <= NARROW


def test_the_picture_in_the_documentation_shows_the_page(browser, tmp_path: Path) -> None:
    path = tmp_path / "agreement.html"
    report = replace(report_of(study_lines()), title="Veldria: agreement of the coders")
    path.write_text(render_agreement_html(report), encoding="utf-8")
    assert {code.band for code in report.agreement.codes} == {
        "reliable", "tentative", "unreliable", "insufficient",
    }  # fmt: skip
    if os.environ.get("WORKBENCH_RENEW_PICTURES"):
        page = browser.new_page(viewport={"width": 1100, "height": 1180})
        page.goto(path.as_uri())
        page.screenshot(path=str(PICTURE))
    assert 10_000 < PICTURE.stat().st_size < 250_000
