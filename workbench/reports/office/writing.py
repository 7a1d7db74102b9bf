"""Pieces to the text that layouts read: a line for each paragraph, Markdown's marks. Pure."""

import re
from collections.abc import Sequence

from workbench.reports.office.headings import heading_levels
from workbench.reports.office.pieces import BULLET, Piece, leading_label, words_of

_LITERAL = re.compile(r"[\\*_]|(?<=\])\(|^#(?=#{0,5}\s)")
#: A label set off at the start of a paragraph keeps its marks up to this length.
LONGEST_LABEL = 160


def write_text(pieces: Sequence[Piece]) -> str:
    """The text of a document: each paragraph a line, a blank line between.

    Headings have Markdown's marks, list items theirs. The label that heads a
    paragraph by its look ("Physical Conditions.") is in bold. What would read as
    mark-up is escaped, so that `words.clean` gives the document's own words.
    """
    levels = heading_levels(pieces)
    lines = [
        write_line(piece) if level is None else f"{'#' * level} {_heading(piece)}"
        for piece, level in zip(pieces, levels, strict=True)
    ]
    return "\n\n".join(lines) + "\n" if lines else ""


def write_line(piece: Piece) -> str:
    """A paragraph or list item as a line."""
    label = "" if piece.mark else leading_label(piece)
    if not 2 <= len(label) <= LONGEST_LABEL or escape(label) != label:
        return escape(words_of(piece))
    return f"**{label}**{escape(piece.text[len(label) :])}"


def escape(words: str) -> str:
    """Words as Markdown that reads as just these words."""
    return _LITERAL.sub(r"\\\g<0>", words)


def _heading(piece: Piece) -> str:
    return escape(piece.text if piece.mark == BULLET else words_of(piece))
