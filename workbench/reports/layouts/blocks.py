"""Text to blocks: runs of lines that stand together, page marks taken out.

A block is what blank lines or line ends set apart. Where lines are wrapped at
a width, a block is the lines that one paragraph fills; otherwise every line is
a block of its own. Page numbers, running headers and form feeds are no blocks:
the block after them says that a page ended before it.
"""

import re
from dataclasses import dataclass

from workbench.reports.layouts.lines import Line, page_marks, read_lines
from workbench.reports.layouts.wrapping import full, goes_on, measure
from workbench.reports.words import clean

_LINK_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")


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
class Known:
    """What a layout knows of lines by their words, as indices into `read_lines`.

    `aside` are lines of the page and not of the report, `starts` those that
    begin a block whatever stands above them.
    """

    aside: frozenset[int] = frozenset()
    starts: frozenset[int] = frozenset()


def split_blocks(text: str) -> list[Block]:
    """The blocks of a text, in order."""
    return group_lines(text, read_lines(text), Known())


def group_lines(text: str, lines: list[Line], known: Known) -> list[Block]:
    """The blocks that the lines of a text make, in order; `known` goes before their form."""
    marks = page_marks(lines) | known.aside
    wrapping = measure([line for number, line in enumerate(lines) if number not in known.aside])
    blocks: list[Block] = []
    run: list[Line] = []
    last: Line | None = None
    gap, page_break = 0, False

    def close() -> None:
        nonlocal gap, page_break, last
        if run:
            flows_on = page_break and last is not None and full(last, run[0], wrapping.width)
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
        if run and (number in known.starts or not goes_on(run, line, wrapping)):
            close()
        run.append(line)
    close()
    return blocks


def _block(text: str, run: list[Line], gap: int, page_break: bool, flows_on: bool) -> Block:
    start, end = run[0].start, run[-1].end
    raw = text[start:end]
    words = clean(raw)
    links = 0.0
    if "](" in raw:
        links = sum(len(clean(match[1])) for match in _LINK_LABEL.finditer(raw)) / (len(words) or 1)
    return Block(start, end, words, gap, page_break, flows_on, links)
