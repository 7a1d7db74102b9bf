"""Text to lines: where each stands, and which of them are a page's and not the report's.

Page numbers, and headers that recur beside them, are told from the text by their
form and by where they stand.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.layouts.forms import finished, heading_form

_LINE = re.compile(r"([^\r\n\v\f\x85\u2028\u2029]*)(\r\n|[\r\n\v\f\x85\u2028\u2029]|\Z)")
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—\[(|]*\s*(\d{1,4})\s*[-–—\])|]*(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)
_RULE = re.compile(r"[-–—=_*~#•·|+\s]*")
_DIGITS = re.compile(r"\d+")

#: A running header has at most so many characters, and stands on this share of the pages.
LONGEST_HEADER = 60
HEADED_PAGES = 0.3
#: It stands within so many lines of the page's edge, blank ones counted.
BLANK_LINES = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line: source[start:end] is `text`, without the white space around it.

    `text` is empty where the line is blank or a rule. `width` is the column at
    which it ends, `indent` the one at which it begins; `after_feed` says that a
    form feed stands before it.
    """

    start: int
    end: int
    text: str
    width: int
    indent: int
    after_feed: bool


def read_lines(text: str) -> list[Line]:
    """The lines of a text, blank ones included."""
    lines: list[Line] = []
    feed = False
    for match in _LINE.finditer(text):
        raw = match[1]
        bare = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        start = match.start() + indent
        shown = "" if _RULE.fullmatch(bare) else bare
        width = len(raw.rstrip())
        lines.append(Line(start, start + len(bare), shown, width, indent, feed))
        feed = match[2] == "\f"
    return lines


def page_marks(lines: Sequence[Line]) -> set[int]:
    """The lines that are page numbers, or headers that recur beside them."""
    marks: set[int] = set()
    feeds = {number for number, line in enumerate(lines) if line.after_feed}
    for number, line in enumerate(lines):
        match = _PAGE_NUMBER.fullmatch(line.text) if line.text else None
        if not match:
            continue
        at_feed = _feed_beside(lines, number)
        alone = _blank(lines, number - 1) and _blank(lines, number + 1)
        year = 1900 <= int(match[1]) <= 2100
        if at_feed or (alone and not year):
            marks.add(number)
    beside = [_beside(lines, edge, edge in marks) for edge in sorted(feeds | marks)]
    recurring = Counter(
        _masked(lines[number]) for number in {n for runs in beside for run in runs for n in run}
    )
    fewest = max(2, HEADED_PAGES * max(len(feeds), len(marks)))
    for runs in beside:
        for run in runs:
            for number in run:
                if recurring[_masked(lines[number])] < fewest:
                    break
                marks.add(number)
    return marks


def _feed_beside(lines: Sequence[Line], number: int) -> bool:
    """Whether a form feed stands between a line and the filled one before or after it."""
    before = number
    while before > 0 and not lines[before].after_feed and not lines[before - 1].text:
        before -= 1
    after = number + 1
    while after < len(lines) and not lines[after].after_feed and not lines[after].text:
        after += 1
    return lines[before].after_feed or (after < len(lines) and lines[after].after_feed)


def _beside(lines: Sequence[Line], edge: int, is_mark: bool) -> list[list[int]]:
    """The two lines before a page's edge and the two after it that could be running headers."""
    runs = []
    above = range(edge - 1, max(-1, edge - 1 - BLANK_LINES), -1)
    below = range(edge + is_mark, min(len(lines), edge + is_mark + BLANK_LINES))
    for numbers in (above, below):
        filled = (n for n in numbers if lines[n].text)
        runs.append([n for n, _ in zip(filled, range(2), strict=False)])
    return [[n for n in run if _could_head_pages(lines, n)] for run in runs]


def _could_head_pages(lines: Sequence[Line], number: int) -> bool:
    """Whether a line could be a running header: no sentence, and no line of a paragraph."""
    text = lines[number].text
    if finished(text) or len(text) > LONGEST_HEADER:
        return False
    return heading_form(text) or (_blank(lines, number - 1) and _blank(lines, number + 1))


def _masked(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _blank(lines: Sequence[Line], number: int) -> bool:
    return not 0 <= number < len(lines) or not lines[number].text
