"""A slice of HTML source to the words that a reader sees."""

import html
import re

from workbench.reports.html.scanning import UNREAD, name_set, tags
from workbench.reports.layouts.forms import SENTENCE_WORDS, finished, sentence

#: Elements within a line; a tag of any other one parts words.
INLINE = name_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q "
    "rp rt ruby s samp small span strike strong sub sup time tt u var wbr !"
)
_PLAIN_TAG = re.compile(
    r"</?(?:a|b|em|font|i|span|strong|sub|sup|u)(?:\s[^<>\"'=]*+(?:=\"[^\"<>]*+\"[^<>\"'=]*+)*+)?>",
    re.IGNORECASE,
)
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")
#: So many last characters tell how a text ends; any text may be given, of any length.
TAIL = 400
ENDING = 100
_INTO_ONE_LINE = INLINE | UNREAD


def ends_whole(words: str) -> bool:
    """Whether a text ends as a paragraph does, told from its last characters alone."""
    return finished(words[-ENDING:])


def is_sentence(words: str) -> bool:
    """Whether a text on one line reads as a sentence: it ends as one, or is as long as one."""
    # Counting the words of a long text is enough, and takes a tenth of the time.
    return words.count(" ", -TAIL) >= SENTENCE_WORDS or sentence(words[-TAIL:])


def words_of(markup: str) -> str:
    """The text of a slice of source, on one line: no tags, entities read, white space collapsed."""
    if "<" in markup:
        # Most paragraphs have no other tags than these, which need no scanner.
        plain = _PLAIN_TAG.sub("", markup)
        markup = plain if "<" not in plain else _without_tags(markup)
    if "&" in markup:
        markup = html.unescape(markup)
    if not markup.isascii():
        for mark in _INVISIBLE:
            markup = markup.replace(mark, "")
    return " ".join(markup.split())


def _without_tags(markup: str) -> str:
    pieces: list[str] = []
    last = 0
    for tag in tags(markup):
        pieces.append(markup[last : tag.start])
        if tag.name not in _INTO_ONE_LINE:
            pieces.append(" ")
        last = tag.end
    pieces.append(markup[last:])
    return "".join(pieces)
