"""The lines of a United Nations document that its paper has and its text has not.

Symbols of documents, job numbers, bar codes and page numbers stand at the ends
of pages, footnotes above them; each is told by its own form. Numbers tell
which lines begin a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workbench.reports.layouts.blocks import Known
from workbench.reports.layouts.forms import begins_lower, finished
from workbench.reports.layouts.lines import Line, page_marks
from workbench.reports.layouts.wrapping import full

_SYMBOL = r"[A-Z]{1,8}(?:/[A-Z0-9][\w.\-]*)+(?:/?\s?\((?:Vol|Part|Supp)[^()]*\))?[*†]*"
_JOB = r"(?:GE|HR|CN|NY|V)?\.?\s?\d{2}[-–—‑]\d{4,6}|GE\.\d{2}[-–—‑]?"
_PIECES = (
    _SYMBOL, _JOB, r"\([A-Z]\)", r"\*?\d{6,10}\*?", r"\*\d[\d\-]*\*", r"(?:page|p\.)\s*\d{1,4}",
    r"\d{1,4}\s*/\s*\d{1,4}", r"[-–—]?\s*\d{1,4}\s*[-–—]?", r"\|", r"Please recycle[^\w]*",
    r"English", r"[ivxl]{1,6}",
)  # fmt: skip
_RUNNING = re.compile(rf"(?:(?:{'|'.join(_PIECES)})(?:\s+|$))+", re.IGNORECASE)
_TELLS = re.compile(rf"{_SYMBOL}|{_JOB}|\*\d{{6,}}|recycle")
_NOTED = re.compile(
    r"(?<=[^\W\d_][.;:,?!”])\d{1,3}$|(?<=[.;:,?!][”)])\d{1,3}$|(?<=\d{4}\.)\d{1,3}$"
)
_MASTHEAD = re.compile(
    rf"(?:United Nations\s+)?{_SYMBOL}|(?i:distr\.?\s*:?\s*(?:general|limited|restricted)?)"
)

#: A numbered paragraph; a number with a point in it stands with its paragraph's ("123.45").
NUMBER = re.compile(r"(\d{1,3})\.(?!\d)\s*")
DOTTED = re.compile(r"(\d{1,3})\.(\d{1,3})\.?(?!\d)\s*(?=[^\W\d_]|[“\"'(\[]|$)")
ROMAN = re.compile(
    r"(?:[Cc]hapter\s+|[Pp]art\s+)?([IVX]{1,6})(?:\.\s+(?=[^\W\d_]|[“\"(\[])|\.(?=[A-Z][a-z]|$))"
)
LETTER = re.compile(r"([A-Z])(?:\.\s+(?=[^\W\d_]|[“\"(\[])|\.(?=[A-Z][a-z]|$))")
ITEM = re.compile(r"\(?(?:[a-z]{1,2}|[ivx]{1,6}|\d{1,2})\)\s*(?=\S)|[•‣▪●■–—-]\s+(?=\S)")
NOTE = re.compile(r"(\d{1,3})\s*(?=[A-Z“\"‘(])|[*†‡]{1,4}\s*(?=[A-Z“\"])|[a-z]\s+(?=[A-Z][a-z])")
MARKED_NOTE = re.compile(r"[*†‡]{1,4}\s*(?=[A-Z“\"])")
_PLAIN_MARKS = (NUMBER, ROMAN, LETTER, ITEM)
_MARKS = (*_PLAIN_MARKS, DOTTED)
#: A footnote follows the one before by at most this; some are lost with a table.
NOTE_STEP = 3


def known_lines(lines: Sequence[Line]) -> Known:
    """Which lines are a page's own, footnotes included, and which begin a paragraph or heading."""
    aside = {number for number, line in enumerate(lines) if running(line.text)}
    aside |= page_marks(lines)
    aside |= _footnotes(lines, aside)
    starts = set()
    filled = [n for n, line in enumerate(lines) if line.text and n not in aside]
    marks = _MARKS if _has_dotted([lines[number].text for number in filled]) else _PLAIN_MARKS
    for above, number in pairwise(filled):
        begins = any(mark.match(lines[number].text) for mark in marks)
        if begins and _ends(lines[above].text):
            starts.add(number)
    width = _width([lines[number] for number in filled])
    for above, number, below in zip(filled, filled[1:], [*filled[2:], len(lines)], strict=False):
        heading = _could_head(lines[number].text)
        numbered = below in starts and not ITEM.match(lines[below].text)
        if heading and numbered and ended(lines[above].text):
            starts.add(number)
        # A heading with a mark ends where its line had room for more.
        if (
            above in starts
            and _marked_heading(lines[above].text)
            and not begins_lower(lines[number].text)
            and not full(lines[above], lines[number], width)
        ):
            starts.add(number)
    return Known(frozenset(aside), frozenset(starts))


def _width(lines: Sequence[Line]) -> int:
    widths = sorted(line.width for line in lines)
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0


def _marked_heading(text: str) -> bool:
    return bool(ROMAN.match(text) or LETTER.match(text)) and _could_head(text)


def masthead_line(text: str) -> bool:
    """Whether a line is one of those that stand above every document: its symbol, its circle."""
    return bool(_MASTHEAD.fullmatch(text)) or running(text)


def ended(text: str) -> bool:
    """Whether a text ends as a paragraph does; the number of a footnote may stand after that."""
    return finished(_NOTED.sub("", text))


def running(text: str) -> bool:
    """Whether a line is nothing but a document's symbol, its job number and the like."""
    if not text or not _RUNNING.fullmatch(text):
        return False
    return bool(_TELLS.search(text)) or text.lower().startswith(("page", "p."))


def _has_dotted(texts: Sequence[str]) -> bool:
    """Whether lines begin with numbers in a row that have a point inside: no decimal fractions."""
    found = [match for text in texts if (match := DOTTED.match(text))]
    return any(a[1] == b[1] and int(a[2]) + 1 == int(b[2]) for a, b in pairwise(found))


def _ends(text: str) -> bool:
    """Whether what stands below a line may begin anew: it is no sentence cut in the middle."""
    return ended(text) or text[-1] in ":;," or text.endswith((" and", " or")) or _could_head(text)


def _could_head(text: str) -> bool:
    return not begins_lower(text) and text[-1] not in ".;:,?!" and len(text.split()) <= 16


def _footnotes(lines: Sequence[Line], aside: set[int]) -> set[int]:
    """The lines of the footnotes that stand above a page's end, numbered through the document."""
    found: set[int] = set()
    last = 0
    for page in _pages(lines, aside):
        filled = [n for n in page if lines[n].text and n not in aside]
        for place, number in enumerate(filled):
            match = NOTE.match(lines[number].text)
            below_text = place and _ends_page_text(lines, filled[place - 1], number)
            if not match or not below_text:
                continue
            noted = int(match[1]) if match[1] else last + 1
            if not last < noted <= last + NOTE_STEP or _number_below(lines, filled[place:]):
                continue
            found.update(filled[place:])
            last = _last_note(lines, filled[place:], last)
            break
    return found


def _pages(lines: Sequence[Line], aside: set[int]) -> Iterator[range]:
    """The stretches of lines that page ends part; the last ends with the document."""
    begin = 0
    for number, line in enumerate(lines):
        if number in aside or line.after_feed:
            if number > begin:
                yield range(begin, number)
            begin = number
    yield range(begin, len(lines))


def _ends_page_text(lines: Sequence[Line], above: int, number: int) -> bool:
    return number - above > 1 or _ends(lines[above].text)


def _number_below(lines: Sequence[Line], below: Sequence[int]) -> bool:
    """Whether a paragraph with a number stands below: then these are no footnotes."""
    return any(
        ended(lines[above].text)
        and (NUMBER.match(lines[number].text) or DOTTED.match(lines[number].text))
        for above, number in pairwise(below)
    )


def _last_note(lines: Sequence[Line], numbers: Sequence[int], last: int) -> int:
    for number in numbers:
        match = NOTE.match(lines[number].text)
        if match and match[1] and last < int(match[1]) <= last + NOTE_STEP:
            last = int(match[1])
    return last
