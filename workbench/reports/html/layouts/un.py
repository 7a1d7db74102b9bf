"""United Nations documents as web pages: Word's own or those of the treaty bodies' sites.

The runs of text of a page are what the lines of a text are to `reports.layouts.un`,
whose rules of numbers and headings read them. What a page shows beyond its text is
added: the numbers of its lists, which headings are emphasised, which notes are notes.
"""

import re
from collections.abc import Sequence

from workbench.reports.html.blocks import emphasised
from workbench.reports.html.body import MOST_ATTRIBUTES, Body, link_only
from workbench.reports.html.cutting import PagePiece
from workbench.reports.html.hints import Hints
from workbench.reports.html.listing import mark_of
from workbench.reports.html.page import Page
from workbench.reports.html.scanning import attribute
from workbench.reports.html.tree import Element, Run
from workbench.reports.html.words import words_of
from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.un import FEWEST_NUMBERED
from workbench.reports.layouts.un_forms import heads
from workbench.reports.layouts.un_lines import DOTTED, ITEM, NUMBER, masthead_line
from workbench.reports.layouts.un_reading import Reading
from workbench.reports.mastheads import read_masthead

#: The masthead stands within so many characters that are no links.
_FRONT = 3000
# A symbol or the line of distribution; only such short lines are worth a closer look.
_SIGN = re.compile(r"(?=.{1,200}$)(?:.*[A-Z]/[A-Z0-9]|[Dd](?i:istr)\b)")
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_NOTE = re.compile(r"_?(?:ft|ed|f|e)n\d+|(?:mso|sd)?(?:foot|end)notes?-?(?:text|list)?\d*", re.I)
#: Longer lines are no headings.
_LONGEST_LINE = 200


class UnPage:
    """The layout of a United Nations document with numbered paragraphs."""

    name = "un-html"
    source: str | None = "un"

    def claims(self, page: Page) -> bool:
        front = _front(page)
        return (
            any(map(masthead_line, filter(_SIGN.match, front)))
            and read_masthead("\n".join(front)) is not None
            and _read(page)[0].numbered >= FEWEST_NUMBERED
        )

    def cut(self, page: Page) -> list[PagePiece]:
        reading, runs = _read(page)
        pieces: list[PagePiece] = []
        for piece in reading.pieces:
            parts = [runs[block.start] for block in piece.blocks]
            spans = [(run.start, run.end) for run in parts]
            words = [page.words(run) for run in parts]
            pieces.append(PagePiece(spans, words, piece.section, parts[-1].element))
        return pieces

    def hints(self, page: Page) -> Hints:
        """The country and the year that the masthead names."""
        masthead = read_masthead("\n".join(_front(page)), expected=True)
        return Hints(masthead.country, masthead.year) if masthead else Hints(None, None)


def _front(page: Page) -> list[str]:
    """The first lines of a page, without its menus."""
    lines: list[str] = []
    left = _FRONT
    for run in page.tree.runs:
        if left <= 0:
            break
        if link_only(run):
            continue
        shown = page.source[run.start : run.end]
        parted = map(words_of, _BREAK.split(shown)) if _BREAK.search(shown) else (page.words(run),)
        lines += [line[:left] for line in parted if line]
        left -= run.chars
    return lines


def _read(page: Page) -> tuple[Reading, dict[int, Run]]:
    """A page read as a text of blocks, and the run that each block is, by its start."""
    runs: dict[int, Run] = {}
    blocks: list[Block] = []
    noted = _notes(page.tree.elements)
    items: dict[int, int] = {}
    for run in Body(page).runs():
        words = page.words(run)
        if not words or noted[run.element.index]:
            continue
        mark = mark_of(run.element, items)
        text = _as_read(page, run, words)
        if mark and not (NUMBER.match(words) or DOTTED.match(words) or ITEM.match(words)):
            text = f"{mark} {text}"
        runs[run.start] = run
        blocks.append(Block(run.start, run.end, text, 1, False, False, run.linked / run.chars))
    reading = Reading(blocks)
    reading.read()
    return reading, runs


def _as_read(page: Page, run: Run, words: str) -> str:
    """The words of a run; a heading that the page shows as one without a stop at its end."""
    bare = words.rstrip(".: ")
    if len(words) > _LONGEST_LINE or bare == words or NUMBER.match(words) or ITEM.match(words):
        return words
    shown = run.element.heading is not None or emphasised(page, run, bare)
    return bare if shown and heads(bare) else words


def _notes(elements: Sequence[Element]) -> list[bool]:
    """Which elements are footnotes by their id or class, or stand in one."""
    noted = [False] * len(elements)
    for element in elements[1:]:
        attributes = element.attributes[:MOST_ATTRIBUTES]
        names = f"{attribute(attributes, 'id')} {attribute(attributes, 'class')}".split()
        above = element.parent is not None and noted[element.parent.index]
        noted[element.index] = above or any(map(_NOTE.fullmatch, names))
    return noted
