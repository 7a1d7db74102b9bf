"""Which paragraphs are twins: the same words, to be coded once. Pure.

The same words can mean different things in different places: "The law prohibits
such practices." speaks of torture here and of forced labour there. So short
paragraphs are twins only where they stand under the same heading. A paragraph of
`LONG` words or more says itself what it speaks of, wherever it stands.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

from workbench.records import Paragraph
from workbench.reports.words import normalise

#: Words from which a paragraph does not need its heading to be understood.
LONG = 25

# "section 1. ", "section 7 ", "1.c. ", "c) ", "(iv) ", "2.3 ": what numbers a heading.
_NUMBER = re.compile(
    r"^(?:(?:section|chapter|part)\s+(?:\d+|[a-z]|[ivxlc]+)\b[.):]*\s*"
    r"|\(?(?:\d+(?:\.\d+)*(?:\.?[a-z])?|[a-z]|[ivxlc]+)[.):]+\s+|\d+(?:\.\d+)+\s+)+"
)


def twin_key(paragraph: Paragraph) -> bytes:
    """Equal for twins and for nobody else (a hash of 128 bits)."""
    words = normalise(paragraph.text)
    place = "" if _count(words) >= LONG else heading_of(paragraph.section)
    whole = f"{words}\x00{place}"
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def heading_of(section: Sequence[str]) -> str:
    """The last heading, normalised, without its number or letter; "" where there is none."""
    if not section:
        return ""
    heading = normalise(section[-1])
    return (_NUMBER.sub("", heading) or heading).rstrip(" .:")


def is_long(text: str) -> bool:
    """Whether a text can be understood without its heading."""
    return _count(normalise(text)) >= LONG


def _count(normalised: str) -> int:
    return normalised.count(" ") + 1
