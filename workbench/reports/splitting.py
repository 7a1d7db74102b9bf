"""Very long paragraphs, cut at the ends of sentences; only where the user asks for it.

spaCy's rule-based sentencizer (no model) proposes where sentences end; it is
imported when the first long paragraph is met, and never otherwise.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.records import Paragraph
from workbench.reports.kinds import kind_of
from workbench.reports.layouts.forms import begins_lower, finished
from workbench.reports.paragraphs import ParagraphNames, join_spans
from workbench.reports.runins import headings_above
from workbench.reports.words import clean

if TYPE_CHECKING:
    from spacy.language import Language

Span = tuple[int, int]

# Where a source may be parted: at white space, of HTML too, but not within a tag.
_GAP = re.compile(r"<(?!br\b)[a-z/!][^<>]*>|((?:\s|&nbsp;|&#160;|&#xa0;|<br\b[^>]*>)+)", re.I)
# A single quotation mark is an apostrophe as often as not, and tells nothing of what is open.
_PAIRS = {"“": "”", "(": ")", "[": "]", "«": "»"}
_OPENERS = "([“‘«\"'"
# So many characters on each side of a place tell whether a sentence ends there.
_TAIL = 100


def split_long(
    paragraphs: Sequence[Paragraph],
    source: str,
    most_words: int,
    words: Callable[[str], str] = clean,
    page_at: Callable[[int], int | None] | None = None,
) -> tuple[Paragraph, ...]:
    """The paragraphs of a report, those of more than `most_words` words cut at sentence ends.

    The pieces of one are as few as can be and of nearly the same length. Only a
    sentence that is itself longer than `most_words` makes a longer piece, and a
    paragraph in which no place to cut is found in the source stays whole. Every
    piece has exact offsets and spans, a kind and an id of its own, as if it stood
    so in the report; all keep the section, run-in heading included, since it
    governs them all.

    `source` is what the offsets count in, `words` turns a slice of it into text:
    `clean`, or `html.words.words_of` for a web page. `page_at` gives the page of
    an offset (else a piece keeps its paragraph's).
    """
    if not any(_exceeds(paragraph.text, most_words) for paragraph in paragraphs):
        return tuple(paragraphs)
    names: dict[str, ParagraphNames] = {}
    result: list[Paragraph] = []
    for paragraph in paragraphs:
        pieces = [paragraph]
        if _exceeds(paragraph.text, most_words):
            pieces = _cut(paragraph, source, most_words, words)
        for piece in pieces:
            first = piece.spans[0][0]
            named = names.setdefault(piece.report_id, ParagraphNames(piece.report_id))
            record = replace(piece, paragraph_id=named.name(piece.text), position=len(result))
            if len(pieces) > 1:
                page = page_at(first) if page_at else piece.page
                record = replace(record, start=first, end=piece.spans[-1][1], page=page)
            result.append(record)
    return tuple(result)


def sentence_ends(text: str) -> list[int]:
    """The offsets of the spaces in `text` before which one sentence ends and another begins.

    Narrow: not after an abbreviation, not before a small letter, not within
    brackets or a quotation.
    """
    if not text.strip():
        return []
    document = _pipeline()(text)
    starts = [sentence.start_char for sentence in document.sents][1:]
    open_at = _open_places(text)
    ends = []
    for start in starts:
        while start < len(text) and text[start] == " ":
            start += 1
        # The sentencizer counts an opening mark to the sentence before.
        while text[start - 1] in _OPENERS:
            start -= 1
        space = start - 1
        if text[space : space + 1] != " " or start >= len(text) or space in open_at:
            continue
        if finished(text[max(0, space - _TAIL) : space]) and text[space - 1] != ":":
            following = text[start : start + _TAIL]
            if not begins_lower(following):
                ends.append(space)
    return ends


def balance(lengths: Sequence[int], most: int) -> list[int]:
    """How many of the items go in each of the fewest groups of at most `most`, as even as can be.

    Items stay in order; one that is longer than `most` is a group of its own.
    The greatest group is the smallest possible (binary search on its size).
    """
    if not lengths:
        return []
    fewest = len(_fill(lengths, most))
    low, high = max(min(max(lengths), most), 1), most
    while low < high:
        middle = (low + high) // 2
        if len(_fill(lengths, middle)) <= fewest:
            high = middle
        else:
            low = middle + 1
    return _fill(lengths, low)


def _fill(lengths: Sequence[int], most: int) -> list[int]:
    groups: list[int] = []
    size = most + 1
    for length in lengths:
        if size + length > most or not groups:
            groups.append(0)
            size = 0
        groups[-1] += 1
        size += length
    return groups


def _exceeds(text: str, most_words: int) -> bool:
    return text.count(" ") >= most_words


def _cut(
    paragraph: Paragraph, source: str, most_words: int, words: Callable[[str], str]
) -> list[Paragraph]:
    text = paragraph.text
    raw = join_spans(source, paragraph.spans)
    if words(raw) != text:
        return [paragraph]
    places = _locate(raw, text, sentence_ends(text), words)
    bounds = [0, *(end for end, _ in places), len(text)]
    groups = balance([len(text[a:b].split()) for a, b in pairwise(bounds)], most_words)
    chosen: list[tuple[int, Span]] = []
    taken = 0
    for size in groups[:-1]:
        taken += size
        chosen.append(places[taken - 1])
    ends = [*(end for end, _ in chosen), len(text)]
    starts = [0, *(end + 1 for end, _ in chosen)]
    slices = zip([0, *(gap[1] for _, gap in chosen)], [*(gap[0] for _, gap in chosen), len(raw)],
                 strict=True)  # fmt: skip
    pieces: list[Paragraph] = []
    for start, end, (low, high) in zip(starts, ends, slices, strict=True):
        spans = tuple(_spans_of(paragraph.spans, low, high))
        part = text[start:end]
        # Marks may reach over a place where each side alone reads right.
        if words(join_spans(source, spans)) != part:
            return [paragraph]
        kind = kind_of(part, headings_above(paragraph))
        pieces.append(replace(paragraph, text=part, spans=spans, kind=kind))
    return pieces


def _locate(
    raw: str, text: str, ends: Sequence[int], words: Callable[[str], str]
) -> list[tuple[int, Span]]:
    """Those of the `ends` in `text` that have a gap in `raw` that parts it in the same words."""
    gaps = [match.span() for match in _GAP.finditer(raw) if match[1]]
    found: list[tuple[int, Span]] = []
    for end in ends:
        # The words before a gap grow with it.
        near = bisect_left(gaps, end, key=lambda gap: len(words(raw[: gap[0]])))
        for gap in gaps[near : near + 2]:
            if words(raw[: gap[0]]) == text[:end] and words(raw[gap[1] :]) == text[end + 1 :]:
                found.append((end, gap))
                break
    return found


def _spans_of(spans: Sequence[Span], low: int, high: int) -> Iterator[Span]:
    """What the characters from `low` to `high` of the joined spans are in the source."""
    offset = 0
    for start, end in spans:
        first, last = max(low, offset), min(high, offset + end - start)
        if first < last:
            yield start + first - offset, start + last - offset
        offset += end - start + 1


def _open_places(text: str) -> set[int]:
    """The offsets within brackets or a quotation; a mark that none closes opens nothing."""
    places: set[int] = set()
    for left, right in _PAIRS.items():
        opened = text.find(left)
        while opened >= 0:
            closed = text.find(right, opened + 1)
            if closed < 0:
                break
            places.update(range(opened, closed))
            opened = text.find(left, closed)
    marks = [match.start() for match in re.finditer('"', text)]
    if len(marks) % 2 == 0:
        for opened, closed in zip(marks[::2], marks[1::2], strict=True):
            places.update(range(opened, closed))
    return places


@cache
def _pipeline() -> "Language":
    from spacy.lang.en import English

    pipeline = English()
    pipeline.max_length = 1 << 40
    pipeline.add_pipe("sentencizer")
    return pipeline
