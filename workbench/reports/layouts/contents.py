"""Tables of contents: rows of headings with no text between them, that name the report's own.

A page that was saved or printed has one above the report, and often a second one below.
None of its lines is a heading of the text that happens to follow it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.forms import MOST_HEADING_WORDS, finished

_MARKS = "#*_ \t"
SUMMARY = re.compile(r"(?:executive )?summary:?", re.IGNORECASE)
SECTION = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})\b\s*[.:,\-–—]*", re.IGNORECASE)
LETTER = re.compile(r"\(?[a-z][.)]\s+", re.IGNORECASE)
_LISTED = re.compile(r"\d{1,2}\.\s+(?=\S)")

#: A row is a table of contents when it names so many sections, the summary among them.
FEWEST_SECTIONS = 2
#: So large a share of its lines stand elsewhere too.
NAMED_AGAIN = 0.5
# Ranks of headings by their marks, outermost first.
_AT_SECTION, _AT_LETTER, _AT_WORDS, _AT_LIST = range(4)


def heading_words(text: str) -> str:
    """A heading as it reads, without the Markdown marks around it."""
    return text.strip(_MARKS)


def bare_section(words: str) -> bool:
    """Whether a heading is "Section 1." alone, its name on the next line."""
    match = SECTION.match(words)
    return match is not None and match.end() == len(words)


def contents_of(blocks: Sequence[Block]) -> frozenset[int]:
    """The indices of the blocks that are lines of a table of contents."""
    words = [heading_words(block.text) for block in blocks]
    labels = [_is_label(text) for text in words]
    runs = [list(run) for label, run in groupby(range(len(blocks)), labels.__getitem__) if label]
    chains = [_headings(words, run) if run[-1] + 1 < len(blocks) else [] for run in runs]
    everywhere = Counter(_key(words[number]) for run in runs for number in run)
    heading_text = Counter(_key(words[number]) for chain in chains for number in chain)
    found: set[int] = set()
    for run, chain in zip(runs, chains, strict=True):
        if sum(_names_section(words[number]) for number in run) < FEWEST_SECTIONS:
            continue
        # The last lines of a table right above the introduction stand above their text later.
        if chain and heading_text[_key(words[chain[0]])] < 2:
            run = run[: -len(chain)]
        found.update(_table(words, run, everywhere))
    return frozenset(found)


def _table(words: Sequence[str], run: Sequence[int], everywhere: Counter[str]) -> Sequence[int]:
    """The part of a row of labels that names headings: from the first section to the last."""
    first = next(number for number in run if _names_section(words[number]))
    again = [n for n in run if n >= first and everywhere[_key(words[n])] > 1]
    between = range(first, again[-1] + 1) if again else range(0)
    return between if len(again) >= NAMED_AGAIN * len(between) else []


def _is_label(words: str) -> bool:
    if len(words.split(None, MOST_HEADING_WORDS + 4)) > MOST_HEADING_WORDS + 4:
        return False
    return bare_section(words) or not finished(words.rstrip(":"))


def _headings(words: Sequence[str], run: Sequence[int]) -> list[int]:
    """The last labels of a row that are the headings of the text below it: each in the next."""
    chain = [run[-1]]
    for number in reversed(run[:-1]):
        pair = bare_section(words[number])
        if not pair and _rank(words, number) >= _rank(words, chain[-1]):
            break
        chain.append(number)
    return chain[::-1]


def _names_section(words: str) -> bool:
    bare = _LISTED.sub("", words, count=1)
    return bool(SUMMARY.fullmatch(bare) or SECTION.match(bare))


def _rank(words: Sequence[str], number: int) -> int:
    text = words[number]
    if _names_section(text):
        return _AT_SECTION
    if _LISTED.match(text):
        return _AT_LIST
    if LETTER.match(text):
        return _AT_LETTER
    # The name of a section whose number stands on the line before.
    return _AT_SECTION if number and bare_section(words[number - 1]) else _AT_WORDS


def _key(words: str) -> str:
    """The letters of a heading without its marks and the number of its page."""
    text = _LISTED.sub("", words, count=1)
    if bare_section(text):
        return "".join(filter(str.isalnum, text.casefold()))
    for mark in (SECTION, LETTER):
        if match := mark.match(text):
            text = text[match.end() :]
            break
    return "".join(filter(str.isalpha, text.casefold()))
