"""Paragraphs to text: one line each, headings marked, and where in it each page begins.

Pure. The text is Markdown as far as the layouts read it: headings are marked by rank of
their font, and characters that would be marks have a backslash.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.reports.layouts.forms import begins_lower, finished, heading_form
from workbench.reports.pdf.hyphens import Lexicon, read_lexicon
from workbench.reports.pdf.measures import Setting
from workbench.reports.pdf.paragraphs import CELL_GAP, Group
from workbench.reports.pdf.words import Line, Word, join_words

#: A heading's font is so many times the body's, or its words are bold or capitals.
LARGER = 1.08
MOST_HEADING_WORDS = 30
MOST_HEADING_LINES = 4
_LEVELS = 6

_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])|(?<!^)\*|^\*(?=\S)|(?<!\w)_|_(?!\w)|\[|^#(?=#*\s)")
_ADDRESS_END = re.compile(r"(?:https?://|www\.)\S*[/_=&?.-]$")
_HYPHENS = ("-", "‐", "‑")

_Style = tuple[float, bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a report and, for each page, the offset at which its text begins."""

    text: str
    pages: tuple[int, ...]


def write_text(groups: Sequence[Group], setting: Setting, pages: int) -> Written:
    """The text of `groups`, blank lines between them; `pages` is the number of pages."""
    lexicon = read_lexicon(line.text for group in groups for line in group.lines)
    levels = _levels(groups, setting)
    pieces: list[str] = []
    starts: dict[int, int] = {}
    offset = 0
    for group in groups:
        text, begins = _write(group, lexicon)
        style = _style_of(group)
        if style in levels and _is_heading(group, setting):
            mark = f"{'#' * levels[style]} "
            text, begins = mark + text, {page: at + len(mark) for page, at in begins.items()}
            begins[group.lines[0].page] = 0
        for page, at in begins.items():
            starts.setdefault(page, offset + at)
        pieces.append(text)
        offset += len(text) + 2
    text = "\n\n".join(pieces) + "\n"
    return Written(text, _page_starts(starts, pages, len(text)))


def _page_starts(starts: dict[int, int], pages: int, end: int) -> tuple[int, ...]:
    """Where each page begins; one without text begins where the next one does."""
    found = []
    for page in range(pages - 1, -1, -1):
        end = min(starts.get(page, end), end)
        found.append(end)
    found.reverse()
    return (0, *found[1:]) if found else ()


def _write(group: Group, lexicon: Lexicon) -> tuple[str, dict[int, int]]:
    """A group's text in one line, and the offset in it at which each of its pages begins."""
    text = ""
    begins: dict[int, int] = {}
    for line in group.lines:
        words = _row(line) if group.cells else line.text
        text = _join(text, words, lexicon) if text else ""
        begins.setdefault(line.page, len(_escape(text)))
        text += words
    return _escape(text), begins


def _row(line: Line) -> str:
    cells: list[list[Word]] = [[line.words[0]]]
    for a, b in pairwise(line.words):
        if b.x0 - a.x1 > CELL_GAP * line.size:
            cells.append([])
        cells[-1].append(b)
    return " | ".join(join_words(cell) for cell in cells)


def _join(before: str, after: str, lexicon: Lexicon) -> str:
    """`before` as it stands right before `after`, with a space or without."""
    if before.endswith(_HYPHENS) and before[-2:-1].isalnum():
        if _ADDRESS_END.search(before):
            return before
        link = lexicon.join(before, after)
        return f"{before} " if link is None else f"{before[:-1]}{link and before[-1]}"
    if before.endswith("—") and before[-2:-1].isalnum():
        return before
    if after.startswith("—") and after[1:2].isalnum():
        return before
    if _ADDRESS_END.search(before) and not before.endswith("."):
        return before
    return f"{before} "


def _escape(text: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", text)


def _style_of(group: Group) -> _Style:
    line = group.lines[0]
    bold = all(each.bold for each in group.lines)
    italic = all(each.italic for each in group.lines)
    letters = [c for each in group.lines for c in each.text if c.isalpha()]
    capitals = bool(letters) and all(c.isupper() for c in letters)
    return (round(line.size * 2) / 2, bold, capitals, italic)


def _levels(groups: Sequence[Group], setting: Setting) -> dict[_Style, int]:
    """The level of each style of heading: larger first, then bold, capitals, italics."""
    styles = Counter(_style_of(group) for group in groups if _is_heading(group, setting))
    ranked = sorted(styles, key=lambda style: (-style[0], not style[1], not style[2], style[3]))
    return {style: min(rank + 1, _LEVELS) for rank, style in enumerate(ranked)}


def _is_heading(group: Group, setting: Setting) -> bool:
    """Whether a group is a heading by its font and its form."""
    size, bold, capitals, italic = _style_of(group)
    text = " ".join(line.text for line in group.lines)
    if group.cells or len(group.lines) > MOST_HEADING_LINES:
        return False
    if len(text.split()) > MOST_HEADING_WORDS or not any(c.isalpha() for c in text):
        return False
    if begins_lower(text) or text.endswith((",", ";")):
        return False
    ended = finished(text) and not text.endswith((":", "?", "!"))
    if size >= LARGER * setting.body:
        return not ended or len(text.split()) <= 8
    if size < 0.92 * setting.body:
        return False
    if bold:
        return not ended
    if capitals:
        return not ended and len(text) > 3
    return italic and not finished(text) and heading_form(text)
