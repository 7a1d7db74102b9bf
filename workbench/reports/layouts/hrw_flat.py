"""Human Rights Watch country chapters, saved as a page flattened to one line.

Menus, the list of headings, share links and essays run into each other and
into the text, which begins after the last of them and ends where menus begin
again. A paragraph ends where a sentence runs into a capital.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from workbench.reports.capitals import title_case
from workbench.reports.layouts.flat_headings import (
    LONGEST_HEADING,
    FlatPage,
    Heading,
    find_headings,
    headings_among,
    knowing_names,
    listed,
    page_of,
    reads_as_prose,
)
from workbench.reports.layouts.forms import finished
from workbench.reports.layouts.glue import sentence_glue
from workbench.reports.paragraphs import RawParagraph
from workbench.reports.words import clean

_PUBLISHER = re.compile(r"human rights watch", re.IGNORECASE)
_CHAPTER = re.compile(r"world report\s+\d{4}|events of\s+\d{4}", re.IGNORECASE)

_FRONT = 2500
#: The page is flat when its longest line holds this share of it.
FLAT_SHARE = 0.6
FEWEST_GLUED = 3
LONGEST_CAPTION = 400
#: Fewer words than this, run into a label or without a sentence's end, are a label.
FEWEST_WORDS = 6
#: A piece with more glued labels than one in so many words is a menu.
WORDS_A_LABEL = 8


class HrwFlat:
    """The layout of a Human Rights Watch page flattened to one line."""

    name = "hrw-flat"
    source: str | None = "hrw"

    def claims(self, text: str) -> bool:
        if not (_PUBLISHER.search(text[:_FRONT]) and _CHAPTER.search(text[:_FRONT])):
            return False
        longest = max((len(line) for line in text.splitlines()), default=0)
        return longest >= FLAT_SHARE * len(text) and len(sentence_glue(text)) >= FEWEST_GLUED

    def cut(self, text: str) -> list[RawParagraph]:
        page = page_of(text)
        headings = find_headings(page)
        page = knowing_names(page, headings)
        start = _introduction(page, headings)
        headings = _opening_heading(page, start, headings) + [h for h in headings if h[0] >= start]
        end = _page_foot(page, start, headings)
        inside = [point for point in page.labels if start < point < end]
        headings = sorted({*headings, *headings_among(page, inside)})
        return _paragraphs(page, start, end, [h for h in headings if h[0] < end])


def _introduction(page: FlatPage, headings: Sequence[Heading]) -> int:
    """Where the report begins: its first paragraph, glued to the last label of the menus."""
    pieces = list(zip([0, *page.breaks], [*page.breaks, len(page.text)], strict=True))
    if headings:
        start = headings[0][0]
        number = bisect_right(page.breaks, start)
    else:
        number = _longest_prose(page, pieces)
        start = pieces[number][0]
    before = [_begins_as_prose(page, begin, end) for begin, end in pieces[:number]]
    for at in range(number - 1, -1, -1):
        begin, end = pieces[at]
        # Menus do not stand right after a paragraph: a label there is a heading missed.
        if at > 0 and (before[at] or before[at - 1]):
            start = begin
            continue
        labels = _inside(page.menus, begin, end)
        last = _past_menus(page, [begin, *labels])
        return last if reads_as_prose(page.text[last:end]) else start
    return start


def _begins_as_prose(page: FlatPage, begin: int, end: int) -> bool:
    """Whether a piece is a paragraph from its start: no label of a menu stands before it."""
    label = next(iter(_inside(page.menus, begin, end)), end)
    words = page.text[begin:label].split()
    small = sum(word[0].islower() for word in words)
    own = label == end or (len(words) >= FEWEST_WORDS and small >= len(words) / 3)
    return begin > 0 and own and reads_as_prose(page.text[begin:end])


def _past_menus(page: FlatPage, points: Sequence[int]) -> int:
    """The point after the last label of a menu among `points`.

    A label is in title case, or stands on the page more than once; other words
    before a capital are the paragraph's own, with a name that looks like glue.
    """
    for before, point in zip(reversed(points[:-1]), reversed(points), strict=False):
        words = page.text[before:point]
        if title_case(words, 0.75) or page.text.count(words) > 1:
            return point
    return points[0]


def _longest_prose(page: FlatPage, pieces: Sequence[tuple[int, int]]) -> int:
    """The index of the piece with which the longest run of prose begins."""
    best, most = 0, 0
    first, length = 0, 0
    for number, (begin, end) in enumerate(pieces):
        if _inside(page.menus, begin, end) or not reads_as_prose(page.text[begin:end]):
            first, length = number + 1, 0
            continue
        length += end - begin
        if length > most:
            best, most = first, length
    return best


def _opening_heading(page: FlatPage, start: int, headings: Sequence[Heading]) -> list[Heading]:
    """The heading above the first paragraph, where the report has no introduction.

    It stands in the list of headings right before the next one.
    """
    later = next((heading for heading in headings if heading[0] >= start), None)
    if later is None:
        return []
    following = page.text[later[0] : later[1]]
    for begin in reversed(page.labels[: bisect_right(page.labels, start - 1)]):
        if start - begin > LONGEST_HEADING:
            break
        neighbours = page.text[begin:start] + following
        if page.text.find(neighbours, 0, begin) >= 0 and listed(page, begin, start):
            return [(begin, start)]
    return []


def _page_foot(page: FlatPage, start: int, headings: Sequence[Heading]) -> int:
    """Where the report ends: at the first menu below its last heading."""
    begin = max([start, *(end for _, end in headings)])
    for end in [*(point for point in page.breaks if point > begin), len(page.text)]:
        if begin > start and _is_menu(page, begin, end):
            return begin
        begin = end
    return len(page.text)


def _paragraphs(
    page: FlatPage, start: int, end: int, headings: Sequence[Heading]
) -> list[RawParagraph]:
    named = dict(headings)
    inside = (point for point in page.breaks if start < point < end)
    cuts = sorted({start, end, *named, *named.values(), *inside})
    section: tuple[str, ...] = ()
    paragraphs: list[RawParagraph] = []
    for begin, stop in pairwise(cuts):
        if begin in named:
            section = (clean(page.text[begin:stop]),)
            continue
        if page.text.startswith("©", begin):
            # A credit ends with its label; what is glued to it is the next paragraph.
            begin = next(iter(_inside(page.menus, begin, stop)), stop)
        elif page.text.startswith("©", stop) and stop - begin <= LONGEST_CAPTION:
            continue
        raw = page.text[begin:stop]
        span = (begin + len(raw) - len(raw.lstrip()), begin + len(raw.rstrip()))
        if span[0] < span[1] and not _is_menu(page, *span):
            paragraphs.append(RawParagraph((span,), section))
    return paragraphs


def _inside(points: Sequence[int], begin: int, end: int) -> Sequence[int]:
    return points[bisect_right(points, begin) : bisect_left(points, end)]


def _is_menu(page: FlatPage, begin: int, end: int) -> bool:
    """Whether a piece is labels run into each other, or a label alone."""
    words = len(page.text[begin:end].split())
    labels = len(_inside(page.menus, begin, end))
    if labels * WORDS_A_LABEL > words and (labels >= 2 or words < FEWEST_WORDS):
        return True
    return not finished(page.text[begin:end]) and (labels > 0 or words < FEWEST_WORDS)
