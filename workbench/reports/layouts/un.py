"""United Nations documents: paragraphs with numbers, under headings with and without.

The masthead, the contents, page headers, footnotes, tables and what follows the
last paragraph are left out; `un_lines` tells the lines, `un_reading` the paragraphs.
"""

from collections.abc import Sequence

from workbench.reports.layouts.blocks import Block, group_lines
from workbench.reports.layouts.lines import read_lines
from workbench.reports.layouts.un_lines import known_lines, masthead_line
from workbench.reports.layouts.un_reading import Reading
from workbench.reports.paragraphs import RawParagraph

#: The masthead stands within so many characters, below what a web page puts first.
_FRONT = 3000
#: A document of this layout has so many numbered paragraphs, the numbers in order.
FEWEST_NUMBERED = 3


class UnText:
    """The layout of a United Nations document with numbered paragraphs."""

    name = "un"
    source: str | None = "un"

    def claims(self, text: str) -> bool:
        front = text[:_FRONT].splitlines()
        return any(masthead_line(line.strip()) for line in front) and (
            _read(text).numbered >= FEWEST_NUMBERED
        )

    def cut(self, text: str) -> list[RawParagraph]:
        pieces = _read(text).pieces
        return [RawParagraph(_spans(text, piece.blocks), piece.section) for piece in pieces]


def _read(text: str) -> Reading:
    lines = read_lines(text)
    reading = Reading(group_lines(text, lines, known_lines(lines)))
    reading.read()
    return reading


def _spans(text: str, blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """The spans of blocks; those with nothing but white space between them are one."""
    spans: list[tuple[int, int]] = []
    for block in blocks:
        if spans and not text[spans[-1][1] : block.start].strip():
            spans[-1] = (spans[-1][0], block.end)
        else:
            spans.append((block.start, block.end))
    return tuple(spans)
