"""Tables of contents: rows of headings with no text between them, that name the report's own.

A page that was saved or printed has one above the report, and often a second one below.
Nothing under such a row belongs to it, so none of its lines is a heading or a paragraph.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.forms import MOST_HEADING_WORDS, finished
from workbench.reports.words import normalise

MARKS = "#*_ \t"
SUMMARY = re.compile(r"(?:executive )?summary:?", re.IGNORECASE)
SECTION = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})\b\s*[.:,\-–—]*", re.IGNORECASE)
LETTER = re.compile(r"\(?[a-z][.)]\s+", re.IGNORECASE)
_LISTED = re.compile(r"\d{1,2}\.\s+(?=\S)")

#: A row is a table of contents when it names so many sections and their summary.
FEWEST_SECTIONS = 2
#: So large a share of its lines stand as headings elsewhere too.
NAMED_AGAIN = 0.5

_SECTION, _LETTERED, _OTHER, _IN_A_LIST = range(4)


def contents_of(blocks: Sequence[Block]) -> frozenset[int]:
    """The indices of the blocks that are lines of a table of contents."""
    words = [block.text.strip(MARKS) for block in blocks]
    labels = [_is_label(text) for text in words]
    runs = [list(run) for label, run in groupby(range(len(blocks)), labels.__getitem__) if label]
    everywhere = Counter(_key(words[n]) for run in runs for n in run)
    above_text = Counter(_key(words[n]) for run in runs for n in _headings(words, run, len(blocks)))
    found: set[int] = set()
    for run in runs:
        if sum(_rank(words, n)[0] == _SECTION for n in run) < FEWEST_SECTIONS:
            continue
        kept = set(_headings(words, run, len(blocks)))
        # A row may end right above the text: its last lines head nothing if others do later.
        kept = {n for n in kept if above_text[_key(words[n])] < 2}
        found.update(_rows(words, [n for n in run if n not in kept], everywhere))
    return frozenset(found)
