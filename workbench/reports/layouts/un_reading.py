"""The paragraphs of a United Nations document, read from its blocks by their numbers.

A number that follows the one before begins a paragraph; items with letters and
dashes stay with it. What stands between a paragraph's end and the next number
without being a sentence is a heading. A long row of such lines is a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.forms import (
    begins_lower,
    dangling,
    menu,
    sentence,
)
from workbench.reports.layouts.un_forms import (
    ANNEX,
    CONTENTS,
    IN_BRACKETS,
    MARKS,
    NOTES,
    REFERS,
    ROMANS,
    STATE_NAMED,
    SUMMARY,
    heads,
)
from workbench.reports.layouts.un_front import counted, first_numbered, opening_headings
from workbench.reports.layouts.un_lines import (
    DOTTED,
    ITEM,
    LETTER,
    MARKED_NOTE,
    NUMBER,
    ROMAN,
    ended,
    running,
)

#: A number may follow the one before by this: some are lost with a table.
NUMBER_STEP = 3
#: So many lines in a row that are neither numbered nor sentences are a table.
TABLE_LINES = 4

# Depths of headings, outermost first.
_AT_ROMAN, _AT_LETTER, _AT_NUMBER, _AT_ITEM, _AT_WORDS = 0, 1, 2, 3, 4


@dataclass(slots=True)
class Piece:
    """A paragraph: its blocks in order, and the headings above it, outermost first."""

    blocks: list[Block]
    section: tuple[str, ...]


class Reading:
    """A document as far as it is read; `pieces` are its paragraphs, `numbered` how many count."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.pieces: list[Piece] = []
        self.numbered = 0
        self._blocks = blocks
        self._open: Piece | None = None
        self._path: dict[int, str] = {}
        self._number = 0
        self._letter = ""
        counts = (n for n in range(len(blocks)) if counted(blocks, n))
        self._last_counted = max(counts, default=-1)

    def read(self) -> None:
        """All of it: the summary, if there is one, then from the first number on."""
        first, self._number = first_numbered(self._blocks)
        self._read_summary(first)
        at = opening_headings(self._blocks, first)
        while at < len(self._blocks):
            at = self._take(at)

    def _read_summary(self, first: int) -> None:
        """The prose under the heading of a summary, up to the first line that is none."""
        headings = (n for n in range(first) if SUMMARY.fullmatch(self._words(n)))
        heading = next(headings, first)
        for block in self._blocks[heading + 1 : first]:
            if MARKED_NOTE.match(block.text):
                continue
            if self.pieces and (begins_lower(block.text) or ITEM.match(block.text)):
                self._go_on(block)
            elif sentence(block.text) and not CONTENTS.search(block.text):
                self._path = {_AT_ROMAN: self._words(heading)}
                self._begin(block)
            elif self.pieces:
                break
        self._path, self._open = {}, None

    # Block by block.

    def _words(self, at: int) -> str:
        return self._blocks[at].text.strip(MARKS)

    def _take(self, at: int) -> int:
        """Reads the block `at`; the next one to read."""
        block, words = self._blocks[at], self._words(at)
        over = at > self._last_counted
        if over and NOTES.fullmatch(words):
            return self._next_annex(at)
        if menu(block.text) or IN_BRACKETS.fullmatch(words) or running(words):
            return at + 1
        if ANNEX.fullmatch(words) and not ended(words) and self._ended():
            self._enter(_AT_ROMAN, words)
            self._number = 0
            return at + 1
        if self._dotted(block) or self._numbered(at) or self._item(at):
            return at + 1
        return self._marked_heading(at, words) or self._unnumbered(at, words, over)

    def _dotted(self, block: Block) -> bool:
        match = DOTTED.match(block.text)
        if not match or not self._number <= int(match[1]) <= self._number + 1:
            return False
        self._number = int(match[1])
        self._begin(block, counts=True)
        return True

    def _numbered(self, at: int) -> bool:
        """Whether a number stands before the block: of a paragraph, a heading or an item."""
        block = self._blocks[at]
        match = NUMBER.match(block.text)
        if not match:
            return False
        number, rest = int(match[1]), block.text[match.end() :]
        heading = bool(rest) and heads(rest) and self._ended()
        follows = self._number < number <= self._number + NUMBER_STEP
        anew = number == 1 and self._open is None and counted(self._blocks, at)
        if (
            follows and self._may_begin(block) and not (heading and self._again(at, number))
        ) or anew:
            self._number = number
            self._begin(block, counts=True)
        elif heading and not STATE_NAMED.search(rest):
            self._enter(_AT_NUMBER, block.text)
        elif STATE_NAMED.search(rest) and self._open is not None:
            # A recommendation of the first reviews has a number of its own and names a State.
            self._begin(block)
        else:
            self._go_on(block)
        return True

    def _again(self, at: int, number: int) -> bool:
        """Whether the next number is this one again: then this one is a heading's."""
        for block in self._blocks[at + 1 :]:
            match = NUMBER.match(block.text)
            if match:
                return int(match[1]) == number
        return False

    def _item(self, at: int) -> bool:
        """Whether the block is an item of a list, or a heading with such a mark."""
        block = self._blocks[at]
        match = ITEM.match(block.text)
        if not match:
            return False
        rest = block.text[match.end() :]
        if heads(rest) and self._stopped() and self._begins_at(at + 1):
            self._enter(_AT_ITEM, block.text)
        else:
            self._go_on(block)
        return True

    def _marked_heading(self, at: int, words: str) -> int:
        """The block after a heading with a Roman number or a letter; 0 where this is none."""
        roman, letter = ROMAN.match(words), LETTER.match(words)
        match = roman or letter
        if not match or not (self._ended() or self._blocks[at].gap):
            return 0
        after = at + 1
        if match.end() == len(words) and after < len(self._blocks):
            words, after = f"{words} {self._words(after)}", after + 1
        if not heads(words[match.end() :].strip()):
            return 0
        if letter and self._letter and ord(letter[1]) == ord(self._letter) + 1 and roman:
            roman = roman if self._next_roman() == letter[1] else None
        if roman:
            self._letter = ""
            self._enter(_AT_ROMAN, words)
        else:
            self._letter = match[1]
            self._enter(_AT_LETTER, words)
        return after

    def _next_roman(self) -> str:
        above = ROMAN.match(self._path.get(_AT_ROMAN, ""))
        if not above or above[1] not in ROMANS[:-1]:
            return "I"
        return ROMANS[ROMANS.index(above[1]) + 1]

    def _unnumbered(self, at: int, words: str, over: bool) -> int:
        """Reads a block without any mark: more of a paragraph, one itself, a heading, a table."""
        block = self._blocks[at]
        if self._goes_on(at, words):
            self._go_on(block)
            return at + 1
        if MARKED_NOTE.match(block.text):
            return at + 1
        if sentence(words) and not (heads(words) and self._begins_at(at + 1)):
            self._begin(block)
            return at + 1
        if over and not self._in_annex():
            return self._next_annex(at)
        row = at
        while row < len(self._blocks) and self._is_label(row):
            row += 1
        if row - at >= TABLE_LINES:
            # A table; of its rows the last may be the heading above the next paragraph.
            at, words = row - 1, self._words(row - 1)
            if any(character.isdigit() for character in words):
                return row
        if heads(words):
            nested = self._open is None and max(self._path, default=0) == _AT_WORDS
            self._enter(_AT_WORDS + nested, words)
        return at + 1

    def _is_label(self, at: int) -> bool:
        words = self._words(at)
        return not (sentence(words) or self._begins_at(at) or ANNEX.fullmatch(words))

    def _in_annex(self) -> bool:
        return bool(ANNEX.fullmatch(self._path.get(_AT_ROMAN, "")))

    def _goes_on(self, at: int, words: str) -> bool:
        """Whether a block without a number is more of the paragraph before it."""
        block = self._blocks[at]
        if self._open is None:
            return False
        last = self._open.blocks[-1].text
        alone = NUMBER.match(last) or DOTTED.match(last)
        if (alone and alone.end() == len(last)) or begins_lower(words):
            return True
        if self._ended():
            return block.flows_on and sentence(words)
        return dangling(last) or block.page_break or not heads(words)

    def _next_annex(self, at: int) -> int:
        """The next annex after the block `at`, else the end."""
        for after in range(at + 1, len(self._blocks)):
            if ANNEX.fullmatch(self._words(after)):
                return after
        return len(self._blocks)

    # Where the paragraph that is open stands.

    def _begins_at(self, at: int) -> bool:
        """Whether a numbered paragraph or a marked heading begins with a block."""
        if at >= len(self._blocks):
            return False
        words = self._words(at)
        match = NUMBER.match(words)
        if match:
            return self._number < int(match[1]) <= self._number + NUMBER_STEP
        dotted = DOTTED.match(words)
        if dotted:
            return self._number <= int(dotted[1]) <= self._number + 1
        return bool(ROMAN.match(words) or LETTER.match(words))

    def _ended(self) -> bool:
        """Whether something new may begin: the paragraph before ends, or a part of it."""
        if self._open is None:
            return True
        last = self._open.blocks[-1].text
        return ended(last) or last[-1] in ";,"

    def _stopped(self) -> bool:
        last = self._open.blocks[-1].text if self._open is not None else "."
        return ended(last) and not last.endswith(":")

    def _may_begin(self, block: Block) -> bool:
        if self._open is None or block.gap or self._ended():
            return True
        last = self._open.blocks[-1].text
        return not dangling(last) and not REFERS.search(last)

    def _begin(self, block: Block, counts: bool = False) -> None:
        section = tuple(self._path[depth] for depth in sorted(self._path))
        self._open = Piece([block], section)
        self.pieces.append(self._open)
        self.numbered += counts

    def _go_on(self, block: Block) -> None:
        if self._open is None:
            self._begin(block)
        else:
            self._open.blocks.append(block)

    def _enter(self, depth: int, words: str) -> None:
        self._path = {level: name for level, name in self._path.items() if level < depth}
        self._path[depth] = words
        self._open = None
