"""Where the text of a United Nations document begins: below its masthead and its contents."""

from collections.abc import Sequence

from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.forms import sentence
from workbench.reports.layouts.un_forms import CONTENTS, MARKS, OPENING, heads
from workbench.reports.layouts.un_lines import DOTTED, LETTER, NUMBER, ROMAN, ended

#: At most so many headings stand above the first paragraph.
MOST_OPENING = 4


def counted(blocks: Sequence[Block], at: int) -> bool:
    """Whether the block `at` is prose with a number before it; the number may stand alone."""
    words = blocks[at].text
    match = NUMBER.match(words) or DOTTED.match(words)
    if not match:
        return False
    rest = words[match.end() :]
    if not rest and at + 1 < len(blocks):
        rest = blocks[at + 1].text
    return (sentence(rest) or ended(rest)) and not CONTENTS.search(rest)


def first_numbered(blocks: Sequence[Block]) -> tuple[int, int]:
    """The index of the first numbered paragraph, and the number that would stand before it."""
    for at, block in enumerate(blocks):
        if counted(blocks, at):
            match, dotted = NUMBER.match(block.text), DOTTED.match(block.text)
            return at, int(match[1]) - 1 if match else int(dotted[1]) if dotted else 0
    return len(blocks), 0


def opening_headings(blocks: Sequence[Block], first: int) -> int:
    """The first of the headings that stand right above the block `first`.

    A heading without a mark is one if another with a mark stands above it; else
    it is the document's title.
    """
    opening = at = first
    while at > 0 and first - at < MOST_OPENING:
        at -= 1
        words = blocks[at].text.strip(MARKS)
        if not heads(words) or CONTENTS.search(words):
            break
        if ROMAN.match(words) or LETTER.match(words) or OPENING.fullmatch(words):
            opening = at
    return opening
