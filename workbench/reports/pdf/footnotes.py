"""Footnotes: the smaller lines at the foot of a page that begin with a mark.

Pure. They are left out: a footnote is no paragraph of a report, and its place in the
middle of one would cut it.
"""

import re
from collections.abc import Sequence

from workbench.reports.pdf.words import Line

#: Footnotes are set smaller than this share of the body's size.
SMALLER = 0.94

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3}|[¹²³⁰⁴-⁹]{1,3})[\]).:]?$")


def drop_footnotes(lines: Sequence[Line], body: float) -> list[Line]:
    """The lines without footnotes; `body` is the font size of most of the text.

    A note stands below all lines of the body in its column and begins with a mark,
    or it is of the size of a note that stood on the page before, and goes on.
    """
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    gone: set[int] = set()
    size: float | None = None
    for members in pages.values():
        foot = _foot(members, body)
        first = next((n for n, line in enumerate(foot) if _is_note(line)), None)
        if first is not None and size is None:
            foot = foot[first:]
        elif first is None:
            foot = [line for line in foot if size is not None and abs(line.size - size) < 0.3]
        size = min((line.size for line in foot), default=None) if foot else None
        gone.update(id(line) for line in foot)
    return [line for line in lines if id(line) not in gone]


def _foot(lines: Sequence[Line], body: float) -> list[Line]:
    """The small lines below which no line of the body stands, from the top down."""
    floors = [line for line in lines if line.size >= SMALLER * body]
    low = [
        line
        for line in lines
        if line.size < SMALLER * body
        and not any(
            floor.y > line.y and floor.x0 < line.x1 and line.x0 < floor.x1 for floor in floors
        )
    ]
    return sorted(low, key=lambda line: (line.region, line.y)) if floors else []


def _is_note(line: Line) -> bool:
    first = line.words[0]
    raised = line.y - first.y > 0.1 * line.size and first.size < line.size
    return len(line.words) > 1 and (raised or bool(_MARK.match(first.text)))
