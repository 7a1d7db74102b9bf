"""Text to blocks: runs of lines that stand together, page marks taken out.

A block is what blank lines or line ends set apart. Where lines are wrapped at
a width, a block is the lines that one paragraph fills; otherwise every line is
a block of its own. Page numbers, running headers and form feeds are no blocks:
the block after them says that a page ended before it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from workbench.reports.layouts.forms import (
    bullet,
    finished,
    heading_form,
    marked_heading,
    title_case,
)
from workbench.reports.paragraphs import clean

_LINE = re.compile(r"([^\r\n\v\f\x85\u2028\u2029]*)(\r\n|[\r\n\v\f\x85\u2028\u2029]|\Z)")
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—\[(|]*\s*(\d{1,4})\s*[-–—\])|]*(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)
_RULE = re.compile(r"[-–—=_*~#•·|+\s]*")
_LINK_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_DIGITS = re.compile(r"\d+")

#: Wrapped lines are between these widths; a file with more than a fifth of
#: longer lines is not wrapped.
NARROWEST, WIDEST = 40, 130
LONG_LINES = 0.2
#: A running header has at most so many characters, and stands on this share of the pages.
LONGEST_HEADER = 60
HEADED_PAGES = 0.3
#: A line shorter than this share of the width was ended on purpose.
SHORT_LINE = 0.6


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text: source[start:end] without white space around it.

    `text` is clean. `gap` is the number of blank lines before it, `page_break`
    whether a page ended there; `flows_on` says that the last line of that page
    was full, so that its paragraph may go on here though a sentence ended.
    `links` is the share of its characters that are labels of Markdown links.
    """

    start: int
    end: int
    text: str
    gap: int
    page_break: bool
    flows_on: bool
    links: float


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    width: int
    after_feed: bool


def split_blocks(text: str) -> list[Block]:
    """The blocks of a text, in order."""
    lines = _lines(text)
    marks = _page_marks(lines)
    wrapping = _wrapping(lines)
    blocks: list[Block] = []
    run: list[_Line] = []
    last: _Line | None = None
    gap, page_break = 0, False

    def close() -> None:
        nonlocal gap, page_break, last
        if run:
            flows_on = page_break and last is not None and _full(last, run[0], wrapping.width)
            blocks.append(_block(text, run, gap, page_break, flows_on))
            last = run[-1]
            run.clear()
            gap, page_break = 0, False

    for number, line in enumerate(lines):
        if number in marks or line.after_feed:
            close()
            page_break = page_break or bool(blocks)
        if number in marks:
            continue
        if not line.text:
            close()
            gap += 1
            continue
        if run and not _goes_on(run, line, wrapping):
            close()
        run.append(line)
    close()
    return blocks


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    feed = False
    for match in _LINE.finditer(text):
        raw = match[1]
        bare = raw.strip()
        start = match.start() + len(raw) - len(raw.lstrip())
        lines.append(
            _Line(
                start,
                start + len(bare),
                "" if _RULE.fullmatch(bare) else bare,
                len(raw.rstrip()),
                feed,
            )
        )
        feed = match[2] == "\f"
    return lines


def _block(text: str, run: list[_Line], gap: int, page_break: bool, flows_on: bool) -> Block:
    start, end = run[0].start, run[-1].end
    raw = text[start:end]
    words = clean(raw)
    links = 0.0
    if "](" in raw:
        links = sum(len(clean(match[1])) for match in _LINK_LABEL.finditer(raw)) / (len(words) or 1)
    return Block(start, end, words, gap, page_break, flows_on, links)


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How lines are wrapped: at which width, None where they are not.

    `blanks` says that blank lines part the paragraphs, so that only a short
    line was ended on purpose; `tight` that headings stand right above their
    text, without a blank line.
    """

    width: int | None = None
    blanks: bool = False
    tight: bool = False


def _wrapping(lines: list[_Line]) -> _Wrapping:
    filled = [line for line in lines if line.text]
    if sum(line.width > WIDEST for line in filled) > LONG_LINES * len(filled):
        return _Wrapping()
    pairs = [(a, b) for a, b in pairwise(lines) if a.text and b.text]
    widths = sorted(a.width for a, _ in pairs if a.width <= WIDEST)
    if not widths or sum(finished(a.text) for a, _ in pairs) > 0.5 * len(pairs):
        return _Wrapping()
    width = widths[int(0.9 * (len(widths) - 1))]
    if width < NARROWEST:
        return _Wrapping()
    closing = [not b.text for a, b in pairwise(lines) if a.text and a.width < SHORT_LINE * width]
    return _Wrapping(
        width,
        blanks=sum(closing) >= 0.7 * len(closing),
        tight=any(marked_heading(a.text) and _begins_text(b) for a, b in pairs),
    )


def _begins_text(line: _Line) -> bool:
    """Whether a line begins a sentence rather than go on with a heading."""
    return line.text[0].isupper() and not title_case(line.text)


def _goes_on(run: list[_Line], following: _Line, wrapping: _Wrapping) -> bool:
    """Whether `following` continues the paragraph whose lines so far are `run`."""
    if wrapping.width is None:
        return False
    line = run[-1]
    if bullet(following.text) and (finished(line.text) or bullet(line.text)):
        return False
    full = _full(line, following, wrapping.width)
    if wrapping.tight and (not full or _begins_text(following)):
        if marked_heading(" ".join(line.text for line in run)):
            return False
        if len(run) == 1 and not full and heading_form(line.text):
            return False
    return full or (wrapping.blanks and line.width >= SHORT_LINE * wrapping.width)


def _full(line: _Line, following: _Line, width: int | None) -> bool:
    """Whether `line` had no room left for the first word of `following`."""
    first_word = following.text.split(None, 1)[0]
    return width is not None and line.width + 1 + len(first_word) > width


def _page_marks(lines: list[_Line]) -> set[int]:
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


def _feed_beside(lines: list[_Line], number: int) -> bool:
    """Whether a form feed stands between a line and the filled one before or after it."""
    before = number
    while before > 0 and not lines[before].after_feed and not lines[before - 1].text:
        before -= 1
    after = number + 1
    while after < len(lines) and not lines[after].after_feed and not lines[after].text:
        after += 1
    return lines[before].after_feed or (after < len(lines) and lines[after].after_feed)


def _beside(lines: list[_Line], edge: int, is_mark: bool) -> list[list[int]]:
    """The two lines before a page's edge and the two after it that could be running headers."""
    runs = []
    for numbers in (range(edge - 1, -1, -1), range(edge + is_mark, len(lines))):
        filled = (n for n in numbers if lines[n].text)
        runs.append([n for n, _ in zip(filled, range(2), strict=False)])
    return [[n for n in run if _could_head_pages(lines, n)] for run in runs]


def _could_head_pages(lines: list[_Line], number: int) -> bool:
    """Whether a line could be a running header: no sentence, and no line of a paragraph."""
    text = lines[number].text
    if finished(text) or len(text) > LONGEST_HEADER:
        return False
    return heading_form(text) or (_blank(lines, number - 1) and _blank(lines, number + 1))


def _masked(line: _Line) -> str:
    return _DIGITS.sub("#", line.text)


def _blank(lines: list[_Line], number: int) -> bool:
    return not 0 <= number < len(lines) or not lines[number].text
