"""Running headers, footers and page numbers: what recurs at the edges of the pages.

Pure. A row is taken for one where the same words, numbers apart, stand at the same
height on several pages, where it is a page's number, or where it stands at the height
at which other pages have theirs. Text at the very edge of a single page is one when
it is smaller than the body and stands far from it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.reports.layouts.forms import finished
from workbench.reports.pdf.words import Page, Word, join_words, rows_of

#: So many rows at the top and at the bottom of a page can be headers and footers.
DEEPEST = 4
#: They stand in the outer part of the page, this share of its height.
MARGIN = 0.2
#: Rows at heights that differ by less than this are at the same place.
SAME_HEIGHT = 4.0

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:page\s*|p\.\s*)?[-–—\[(|]*\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—\])|]*(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    words: tuple[Word, ...]
    text: str
    y: float
    size: float
    gap: float


def drop_margins(pages: Sequence[Page], body: float) -> list[Page]:
    """The pages without their running headers, footers and numbers; `body` is its font size."""
    tops = [_edge_rows(page, top=True) for page in pages]
    bottoms = [_edge_rows(page, top=False) for page in pages]
    dropped: list[set[Word]] = [set() for _ in pages]
    for edges in (tops, bottoms):
        for number, found in enumerate(_running(edges, body)):
            dropped[number].update(found)
    return [
        replace(page, words=tuple(word for word in page.words if word not in gone))
        if gone
        else page
        for page, gone in zip(pages, dropped, strict=True)
    ]


def _edge_rows(page: Page, top: bool) -> list[_Row]:
    """The outermost rows of a page, from its edge inwards; `gap` is to the next row inwards."""
    rows = rows_of(page.words)
    if not top:
        rows.reverse()
    found: list[_Row] = []
    for number, row in enumerate(rows[:DEEPEST]):
        y = row[0].y
        if (y if top else page.height - y) > MARGIN * page.height:
            break
        following = rows[number + 1][0].y if number + 1 < len(rows) else y
        size = max(word.size for word in row)
        found.append(_Row(tuple(row), join_words(row), y, size, abs(following - y)))
    return found


def _running(pages: Sequence[list[_Row]], body: float) -> list[list[Word]]:
    """For each page the words of the rows at one of its edges that are no part of the report."""
    seen = Counter[tuple[str, int]]()
    for rows in pages:
        for row in rows:
            for slot in _slots(row.y):
                seen[(_masked(row.text), slot)] += 1
    numbered = _numbered(pages)
    marked: list[int] = []
    for number, rows in enumerate(pages):
        depth = 0
        for at, row in enumerate(rows):
            times = max(seen[(_masked(row.text), slot)] for slot in _slots(row.y))
            # A row outside of one that most pages have may change, as a chapter's name does.
            near = at == depth or (at == depth + 1 and times > 0.5 * len(pages))
            recurs = times > 1 and not _only_digits(row.text)
            stands_off = len(pages) <= 2 and _stands_off(row, body)
            if near and ((number, at) in numbered or recurs or stands_off):
                depth = at + 1
        marked.append(depth)
    places = Counter[int]()
    for rows, depth in zip(pages, marked, strict=True):
        for row in rows[:depth]:
            places.update(_slots(row.y))
    found: list[list[Word]] = []
    for rows, depth in zip(pages, marked, strict=True):
        # Where half of the pages have a header at this height, a row there is one too.
        while depth < len(rows) and any(
            places[slot] >= max(3, 0.5 * len(pages)) for slot in _slots(rows[depth].y)
        ):
            if rows[depth].gap < 1.4 * rows[depth].size:
                break
            depth += 1
        found.append([word for row in rows[:depth] for word in row.words])
    return found


def _numbered(pages: Sequence[list[_Row]]) -> set[tuple[int, int]]:
    """Which rows, as (page, row), hold a page's number alone: it counts on from page to page."""
    numbers: dict[tuple[int, int], int | None] = {}
    for number, rows in enumerate(pages):
        for at, row in enumerate(rows):
            match = _NUMBER.fullmatch(row.text.strip())
            if match:
                digits = match[1]
                numbers[(number, at)] = int(digits) - number if digits.isdigit() else None
    shifts = Counter(shift for shift in numbers.values() if shift is not None)
    return {
        place
        for place, shift in numbers.items()
        if shift is None
        or shifts[shift] > 1
        or (place[1] == 0 and pages[place[0]][0].gap > 1.4 * pages[place[0]][0].size)
    }


def _stands_off(row: _Row, body: float) -> bool:
    return row.size < 0.93 * body and row.gap > 2.2 * body


def _slots(y: float) -> tuple[int, int]:
    slot = round(y / SAME_HEIGHT)
    return (slot, slot + (1 if y / SAME_HEIGHT > slot else -1))


def _masked(text: str) -> str:
    """A row's words, in which numbers may change from page to page; a sentence is as it is."""
    return text if finished(text) else " ".join(_DIGITS.sub("#", text).split()).lower()


def _only_digits(text: str) -> bool:
    return not any(character.isalpha() for character in text)
