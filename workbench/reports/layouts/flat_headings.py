"""The headings of a page flattened to one line, found again between the text that they run into.

A heading is a label between a sentence's end and a capital. The list of
headings at the top of such a page names it too, run into its neighbours; one
that no list names must read as a heading before a sentence.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench.reports.capitals import FUNCTION_WORDS, title_case
from workbench.reports.layouts.forms import finished
from workbench.reports.layouts.glue import camel_words, label_glue, sentence_glue

#: A heading's place: its first character and the one after its last.
Heading = tuple[int, int]

_SENTENCE = re.compile(r"[.?!;]\s")
_BEGINNING = re.compile(r"[“‘(\"¿¡]?[^\W_a-z]")
_FIRST_WORD = re.compile(r"[“‘(\"]?(\w+)(?=\W)")
_OTHER_STARTERS = (
    "according across although amid another because both despite each even every few following "
    "he her his however just less many media more most much no one only people police rights "
    "several she since so some such there these they this those three throughout two where "
    "authorities activists children government hundreds thousands women"
)
_STARTERS = FUNCTION_WORDS | frozenset(_OTHER_STARTERS.split())

LONGEST_HEADING = 140
#: A piece that reads as prose has at least this share of words in small letters.
SMALL_SHARE = 0.2
#: With fewer headings than this in a list, the page has no list of headings.
SHORTEST_LIST = 2
_KEY = 4


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A flattened page and where its pieces meet.

    `breaks` follow a sentence's end, `labels` a label; `menus` are the labels
    without those that are but names with a capital inside. `lengths` are the
    lengths of the labels, by their first letters.
    """

    text: str
    breaks: list[int]
    labels: list[int]
    menus: list[int]
    glued: frozenset[int]
    lengths: dict[str, frozenset[int]]


def page_of(text: str) -> FlatPage:
    """Where the pieces of a flattened page meet."""
    lines = {match.end() for match in re.finditer(r"[\r\n]+\s*", text)}
    credits = {m.start() for m in re.finditer(r"(?<=\S)©", text)}
    breaks = sorted((lines | credits | set(sentence_glue(text))) - {0, len(text)})
    labels = label_glue(text)
    glued = frozenset([0, *breaks, *labels])
    lengths: dict[str, set[int]] = {}
    for begin, end in pairwise(sorted(glued)):
        if end - begin <= LONGEST_HEADING:
            lengths.setdefault(text[begin : begin + _KEY], set()).add(end - begin)
    frozen = {key: frozenset(sizes) for key, sizes in lengths.items()}
    return FlatPage(text, breaks, labels, labels, glued, frozen)


def knowing_names(page: FlatPage, headings: Sequence[Heading]) -> FlatPage:
    """The page with its own names told from glue: inside the report only headings are glued."""
    if not headings:
        return page
    points = [point for heading in headings for point in heading]
    inside = zip(points[1::2], points[2::2], strict=False)
    names = camel_words(" ".join(page.text[begin:end] for begin, end in inside))
    return replace(page, menus=label_glue(page.text, names))


def find_headings(page: FlatPage) -> list[Heading]:
    """The headings that follow a sentence's end, in order.

    Where the page has a list of them, one that it leaves out must stand before
    a word that begins sentences; where it has none, before any sentence.
    """
    listed = headings_among(page, page.breaks)
    unlisted = _before_sentence if len(listed) < SHORTEST_LIST else _before_starter
    return headings_among(page, page.breaks, unlisted)


def headings_among(
    page: FlatPage,
    starts: Sequence[int],
    unlisted: Callable[[str, int, int], bool] | None = None,
) -> list[Heading]:
    """The headings that begin at one of `starts` and have prose below them, in order.

    `unlisted` says of a label that no list names whether it reads as a heading.
    """
    found: set[Heading] = set()
    for start in starts:
        chain: list[Heading] = []
        begin = start
        while (end := _heading_end(page, begin, unlisted)) is not None:
            chain.append((begin, end))
            begin = end
        following = bisect_right(page.breaks, begin)
        stop = page.breaks[following] if following < len(page.breaks) else len(page.text)
        if chain and reads_as_prose(page.text[begin:stop]):
            found.update(chain)
    return sorted(found)


def listed(page: FlatPage, begin: int, end: int) -> bool:
    """Whether a label stands between others earlier on the page too, as in its list of headings."""
    words = page.text[begin:end]
    if not words[0].isalnum() or not title_case(words, 0.75):
        return False
    if finished(words) or _SENTENCE.search(words):
        return False
    at = page.text.find(words, 0, begin)
    while at >= 0:
        if at in page.glued and at + len(words) in page.glued:
            return True
        at = page.text.find(words, at + 1, begin)
    return False


def reads_as_prose(piece: str) -> bool:
    """Whether a piece reads as sentences: it ends as one and has small letters enough."""
    words = piece.split()
    small = sum(word[0].islower() for word in words)
    return small > 0 and small >= SMALL_SHARE * len(words) and finished(piece)


def _heading_end(
    page: FlatPage, begin: int, unlisted: Callable[[str, int, int], bool] | None
) -> int | None:
    first = bisect_right(page.labels, begin)
    labels = page.labels[first : bisect_right(page.labels, begin + LONGEST_HEADING)]
    # A heading in capitals hides its end ("HIV/AIDSA law"); the list knows its length.
    known = page.lengths.get(page.text[begin : begin + _KEY], frozenset())
    for end in sorted({*labels, *(begin + length for length in known)}, reverse=True):
        if _BEGINNING.match(page.text, end) and listed(page, begin, end):
            return end
    if unlisted is None or not labels:
        return None
    return labels[0] if unlisted(page.text, begin, labels[0]) else None


def _before_starter(text: str, begin: int, end: int) -> bool:
    """Whether a label in title case stands before a word with which sentences begin."""
    words = text[begin:end]
    following = _FIRST_WORD.match(text, end)
    if not following or following[1].lower() not in _STARTERS:
        return False
    return _names_something(words)


def _before_sentence(text: str, begin: int, end: int) -> bool:
    """Whether a label in title case stands before words that are not all capitalised."""
    words = text[begin:end]
    if _before_starter(text, begin, end):
        return True
    following = text[end : end + LONGEST_HEADING].split()[1:7]
    small = sum(word[0].islower() for word in following)
    return small >= 2 and (" " in words or len(words) >= 7) and _names_something(words)


def _names_something(words: str) -> bool:
    if not words[0].isupper() or not title_case(words) or finished(words):
        return False
    if ":" in words or _SENTENCE.search(words):
        return False
    return " " in words or (len(words) >= 5 and words.isalpha())
