"""HTML source to tags with their places in it.

A parser that builds a tree forgets where in the source an element stood, and
libxml2 nests the rest of a page in a menu whose tags do not match. So the
source is read once, here, by the rules that browsers follow (HTML Living
Standard, 13.2.5) as far as text and its places depend on them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Quotes count only after "="; a "<" outside them begins another tag. The loops
# are possessive, so that no source takes more than linear time.
_TAG = re.compile(
    r"<(?:(!--)|(/?)([a-zA-Z][^\s/><]*+)"
    r"([^><=]*+(?:=\s*+(?:\"[^\"]*+\"|'[^']*+')?+[^><=]*+)*+)>|[!?/][^>]*+>)"
)


def name_set(listed: str) -> frozenset[str]:
    """The names in a text, parted by white space."""
    return frozenset(listed.split())


#: Elements passed over whole: their content is no HTML, or no text of the page.
UNREAD = name_set(
    "script style textarea title iframe noframes noembed xmp noscript template svg math object "
    "audio video canvas select datalist button"
)
_CLOSERS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE) for name in UNREAD}
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")


class Tag(NamedTuple):
    """A tag, `source[start:end]`: its name in small letters, whether it closes, its attributes.

    Comments and declarations have the name "!"; an unread element is one tag from
    its first character to its last.
    """

    start: int
    end: int
    name: str
    closing: bool
    attributes: str


# Made so, a tag takes half the time; a page has thousands.
_new = tuple.__new__


def tags(source: str) -> Iterator[Tag]:
    """The tags of a page in order.

    A comment, script or style that never ends hides the rest of the page, as in
    a browser; any other unread element without an end is its first tag alone.
    """
    position = 0
    unclosed: set[str] = set()
    # Beyond the last ">" only a comment can begin.
    last = source.rfind(">") + 1
    matches = _TAG.finditer(source, 0, last)
    while match := next(matches, None):
        start, position = match.span()
        comment, slash, name, attributes = match.groups()
        if name is None:
            if comment:
                # "<!-->" is a whole comment.
                end = source.find("-->", start + 2)
                if end < 0:
                    position = start
                    break
                position = end + 3
                matches = _TAG.finditer(source, position, last)
            yield _new(Tag, (start, position, "!", False, ""))
            continue
        name = name.lower()
        if name in UNREAD and not slash and name not in unclosed:
            closer = _CLOSERS[name].search(source, position, last)
            if closer:
                position = closer.end()
            elif name in ("script", "style"):
                position = len(source)
            else:
                unclosed.add(name)
            matches = _TAG.finditer(source, position, last)
        yield _new(Tag, (start, position, name, bool(slash), attributes))
    start = source.find("<!--", position)
    if start >= 0:
        yield Tag(start, len(source), "!", False, "")


def attribute(attributes: str, name: str) -> str | None:
    """The value of an attribute as it is written, "" for one without a value, None if absent."""
    if name not in attributes.lower():
        return None
    for match in _ATTRIBUTE.finditer(attributes):
        if match[1].lower() == name:
            return next((value for value in match.groups()[1:] if value is not None), "")
    return None
