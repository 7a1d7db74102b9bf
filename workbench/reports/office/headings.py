"""Which paragraphs of a document are headings, and how deep: by style, else by their look.

Pure. Styles speak first. Many documents have none: there a line in bold, underlined
or in larger letters, without a sentence's end, is a heading, and larger letters,
capitals and the kinds of number (I., 1., a.) tell how deep it lies.
"""

import re
from collections import Counter
from collections.abc import Sequence

from workbench.reports.layouts.forms import (
    LONGEST_HEADING,
    MOST_HEADING_WORDS,
    begins_lower,
    dangling,
    finished,
    marked_heading,
    menu,
    sentence,
)
from workbench.reports.office.pieces import BULLET, Look, Piece, is_sentence, words_of

#: The deepest level that Markdown has.
DEEPEST = 6
#: Letters so many times the size of the text's are larger.
LARGER = 1.15
#: A question in bold with more words is a sentence.
MOST_QUESTION_WORDS = 14

_SECTION = re.compile(r"(?:section|chapter|part|article)\s+(?:\d+|[ivxlc]+)\b", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLC]+[.)]\s")
_NUMBER = re.compile(r"\d{1,3}((?:\.\d{1,3})*)[.)]?\s")
_LETTER = re.compile(r"\(?([A-Za-z])[.)]\s")

#: What makes two headings of the same depth; smaller is further out.
Rank = tuple[float, int, int, bool]


def heading_levels(pieces: Sequence[Piece]) -> list[int | None]:
    """For each piece its level as a heading, from 1 to `DEEPEST`, None for other paragraphs."""
    styled = [_styled(piece) for piece in pieces]
    body = _body_look(pieces)
    ranks = [
        _rank(piece, body) if level is None and _shows(piece, body) else None
        for piece, level in zip(pieces, styled, strict=True)
    ]
    _drop_last(pieces, styled, ranks)
    _split_letters(pieces, ranks)
    _drop_front(pieces, styled, ranks)
    outer = sorted({level for level in styled if level is not None})
    inner = sorted({rank for rank in ranks if rank is not None})
    levels: list[int | None] = []
    for level, rank in zip(styled, ranks, strict=True):
        if level is not None:
            levels.append(min(outer.index(level) + 1, DEEPEST))
        elif rank is not None:
            levels.append(min(len(outer) + inner.index(rank) + 1, DEEPEST))
        else:
            levels.append(None)
    return levels


def _styled(piece: Piece) -> int | None:
    return None if piece.level is None or is_sentence(piece.text) else piece.level


def _body_look(pieces: Sequence[Piece]) -> Look:
    """The look of most of the words."""
    counts: Counter[Look] = Counter()
    for piece in pieces:
        for run in piece.runs:
            counts[run.look] += len(run.text)
    return counts.most_common(1)[0][0] if counts else Look()


def _shared_look(piece: Piece) -> Look:
    """The look that all words of a piece share."""
    looks = [run.look for run in piece.runs if any(c.isalnum() for c in run.text)]
    return Look(
        all(look.bold for look in looks),
        all(look.italic for look in looks),
        all(look.underlined for look in looks),
        min((look.size for look in looks), default=0.0),
    )


def _shows(piece: Piece, body: Look) -> bool:
    """Whether a piece looks like a heading and has the form of one."""
    if piece.boxed or piece.mark == BULLET:
        return False
    look = _shared_look(piece)
    larger = body.size > 0 and look.size >= LARGER * body.size
    bold, underlined = look.bold and not body.bold, look.underlined and not body.underlined
    return (larger or bold or underlined) and _heading_words(words_of(piece))


def _heading_words(text: str) -> bool:
    if len(text) > LONGEST_HEADING or len(text.split()) > MOST_HEADING_WORDS:
        return False
    if begins_lower(text) and not _LETTER.match(text):
        return False
    if text.endswith(":"):
        return bool(_SECTION.match(text)) or marked_heading(text.rstrip(":"))
    if text.endswith("?"):
        return len(text.split()) <= MOST_QUESTION_WORDS
    return not (finished(text) or menu(text) or dangling(text) or text[-1] == ";")


def _rank(piece: Piece, body: Look) -> Rank:
    look = _shared_look(piece)
    kind, dots = _numbered(words_of(piece))
    # Unequal sizes of the same heading, by half a point, come from converters.
    size = round(max(look.size, body.size))
    return -size, kind, dots, not piece.text.isupper()


def _numbered(text: str) -> tuple[int, int]:
    """The kind of a heading's number, outermost first, and how many points are in it."""
    if _SECTION.match(text) or _ROMAN.match(text):
        return 0, 0
    if match := _NUMBER.match(text):
        return 1, match[1].count(".")
    return (2, 0) if _LETTER.match(text) else (3, 0)


def _split_letters(pieces: Sequence[Piece], ranks: list[Rank | None]) -> None:
    """Tell, in place, the letters among the Roman numbers: "I." after "H." is a letter."""
    last = ""
    for number, rank in enumerate(ranks):
        match = _LETTER.match(words_of(pieces[number])) if rank is not None else None
        if rank is None or match is None:
            continue
        if rank[1] == 0 and last and ord(match[1]) == ord(last) + 1:
            ranks[number] = (rank[0], 2, *rank[2:])
        if ranks[number][1] == 2:
            last = match[1]


def _drop_last(
    pieces: Sequence[Piece], styled: Sequence[int | None], ranks: list[Rank | None]
) -> None:
    """Headings by look under which nothing stands are none: signatures, captions."""
    for number in range(len(pieces) - 1, -1, -1):
        if styled[number] is None and ranks[number] is None:
            return
        ranks[number] = None


def _drop_front(
    pieces: Sequence[Piece], styled: Sequence[int | None], ranks: list[Rank | None]
) -> None:
    """Lines above the text that look like headings but are of the title page: none is like them.

    The last before the text is its heading.
    """
    first = next(
        (
            n
            for n, piece in enumerate(pieces)
            if styled[n] is None and ranks[n] is None and sentence(piece.text)
        ),
        0,
    )
    front = [n for n in range(first) if styled[n] is not None or ranks[n] is not None]
    later = {rank for rank in ranks[first:] if rank is not None}
    kept = {ranks[front[-1]]} if front else set()
    for number in front:
        if ranks[number] is not None and ranks[number] not in later | kept:
            ranks[number] = None
