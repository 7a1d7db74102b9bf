"""How a text's lines are wrapped, and which line goes on with the paragraph of the one before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.reports.capitals import title_case
from workbench.reports.layouts.forms import (
    MOST_HEADING_WORDS,
    begins_lower,
    bullet,
    finished,
    heading_form,
    marked_heading,
)
from workbench.reports.layouts.lines import Line
from workbench.reports.runins import run_in_of

#: Wrapped lines are between these widths; a file with more than a fifth of
#: longer lines is not wrapped.
NARROWEST, WIDEST = 40, 130
LONG_LINES = 0.2
#: A line shorter than this share of the width was ended on purpose.
SHORT_LINE = 0.6
#: A heading of one line that stands in wrapped text without blank lines is this much shorter.
HEADING_LINE = 0.85
#: Where so many indented lines are, for each that is not, and most begin a sentence after
#: one has ended, they begin paragraphs.
FEWEST_INDENTED, MOST_INDENTED = 0.03, 0.5
INDENTED_BEGIN = 0.9
#: Text is ragged when so many of the lines that end inside a sentence had room left.
LOOSE_LINES = 0.1


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How lines are wrapped: at which width, None where they are not.

    `blanks` says that blank lines part the paragraphs, so that only a short
    line was ended on purpose; `tight` that headings stand right above their
    text, without a blank line. `margin` is the column at which lines begin
    where those that begin further in begin paragraphs, else None. `ragged` says
    that lines were ended with room left in the middle of sentences, too.
    """

    width: int | None = None
    blanks: bool = False
    tight: bool = False
    margin: int | None = None
    ragged: bool = False


def measure(lines: Sequence[Line]) -> Wrapping:
    """How the lines of a text are wrapped."""
    filled = [line for line in lines if line.text]
    if sum(line.width > WIDEST for line in filled) > LONG_LINES * len(filled):
        return Wrapping()
    pairs = [(a, b) for a, b in pairwise(lines) if a.text and b.text]
    widths = sorted(a.width for a, _ in pairs if a.width <= WIDEST)
    if not widths or sum(finished(a.text) for a, _ in pairs) > 0.5 * len(pairs):
        return Wrapping()
    width = widths[int(0.9 * (len(widths) - 1))]
    if width < NARROWEST:
        return Wrapping()
    closing = [not b.text for a, b in pairwise(lines) if a.text and a.width < SHORT_LINE * width]
    blanks = sum(closing) >= 0.7 * len(closing)
    inside = [(a, b) for a, b in pairs if begins_lower(b.text)]
    loose = sum(not full(a, b, width) for a, b in inside)
    return Wrapping(
        width,
        blanks=blanks,
        tight=any(marked_heading(a.text) and _begins_text(b) for a, b in pairs),
        margin=None if blanks else _margin(pairs),
        ragged=loose > LOOSE_LINES * len(inside),
    )


def _margin(pairs: Sequence[tuple[Line, Line]]) -> int | None:
    """The column of the lines that go on with a paragraph, where others are set further in."""
    columns = Counter(line.indent for _, line in pairs)
    margin, common = columns.most_common(1)[0]
    further = [(a, b) for a, b in pairs if b.indent > margin + 1]
    if not FEWEST_INDENTED * common <= len(further) <= MOST_INDENTED * common:
        return None
    begin = sum(not begins_lower(b.text) and _could_end(a.text) for a, b in further)
    return margin if begin >= INDENTED_BEGIN * len(further) else None


def _could_end(text: str) -> bool:
    return finished(text) or heading_form(text) or text[-1] in ":;"


def _begins_text(line: Line) -> bool:
    """Whether a line begins a sentence rather than go on with a heading."""
    return line.text[0].isupper() and not title_case(line.text)


def goes_on(run: Sequence[Line], following: Line, wrapping: Wrapping) -> bool:
    """Whether `following` continues the paragraph whose lines so far are `run`."""
    if wrapping.width is None:
        return False
    line = run[-1]
    if bullet(following.text) and (finished(line.text) or bullet(line.text)):
        return False
    filled = full(line, following, wrapping.width)
    if wrapping.tight and (not filled or _begins_text(following)):
        if marked_heading(_beginning(run)):
            return False
        if len(run) == 1 and not filled and heading_form(line.text):
            return False
    if wrapping.blanks:
        return filled or line.width >= SHORT_LINE * wrapping.width
    return _goes_on_without_blanks(run, following, wrapping, filled)


def _goes_on_without_blanks(
    run: Sequence[Line], following: Line, wrapping: Wrapping, filled: bool
) -> bool:
    """The same where nothing but the lines themselves parts the paragraphs.

    Where paragraphs are set in, that says it all but for headings. Else one
    ends with a sentence on a line that had room left; on one that had none
    only a heading shows it.
    """
    line, width, margin = run[-1], wrapping.width or 0, wrapping.margin
    ended = finished(line.text)
    if margin is not None and following.indent > margin + 1:
        return False
    if ended and _announces(following, width):
        return False
    if filled or begins_lower(following.text):
        return True
    if ended:
        return margin is not None and line.width > HEADING_LINE * width
    if heading_form(_beginning(run)):
        return False
    return wrapping.ragged and line.width >= SHORT_LINE * width


def _beginning(run: Sequence[Line]) -> str:
    """So many lines of a paragraph that it is no heading where there are more: each has a word."""
    return " ".join(line.text for line in run[: MOST_HEADING_WORDS + 4])


def _announces(line: Line, width: int) -> bool:
    """Whether a line is a heading, or begins with one."""
    if marked_heading(line.text) or run_in_of(line.text):
        return True
    return line.width <= HEADING_LINE * width and heading_form(line.text)


def full(line: Line, following: Line, width: int | None) -> bool:
    """Whether `line` had no room left for the first word of `following`."""
    first_word = following.text.split(None, 1)[0]
    return width is not None and line.width + 1 + len(first_word) > width
