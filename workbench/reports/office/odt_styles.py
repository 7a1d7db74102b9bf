"""The styles of an ODT and the short names of its elements. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from workbench.reports.office.numbers import whole
from workbench.reports.office.pieces import PLAIN, TITLE, Look
from workbench.reports.office.properties import language_code

_NAMESPACE = re.compile(r"\{(?:urn:oasis:names:tc:opendocument:xmlns:)?([^}:]*)[^}]*\}(.*)")
_HEADING = re.compile(r"Heading(?:_20_|\s)?([1-9]|10)")
_NOT_TEXT = re.compile(
    r"(?:Contents|(?:\w+_20_)?Index)_20_(?:Heading|\d+)|Caption|Illustration|Figure|Footnote|Endnote"
)
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)(pt|%)")
_LONGEST_CHAIN = 12
#: The weight from which letters are bold.
_BOLD = 600


def name_of(element: etree._Element) -> str:
    """``text:p`` for a paragraph: the last step of its namespace and the bare name."""
    match = _NAMESPACE.match(element.tag)
    return f"{match[1]}:{match[2]}" if match else element.tag


def attribute(element: etree._Element, local: str) -> str | None:
    """An attribute's value by its local name, None where it is not there."""
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == local:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Props:
    """What a style says with all that it inherits.

    `level` is its outline level, None for text; `aside` that its paragraphs are no text of the
    report; `list_style` the list that it numbers by.
    """

    look: Look = PLAIN
    hidden: bool = False
    language: str = ""
    level: int | None = None
    aside: bool = False
    list_style: str | None = None


class Styles:
    """The styles of one document; `roots` those of ``styles.xml`` and ``content.xml``, in order.

    What the second defines, the automatic styles, goes before what the first does.
    """

    def __init__(self, roots: list[etree._Element]) -> None:
        self._elements: dict[tuple[str, str], etree._Element] = {}
        self._default = Props()
        self.lists: dict[str, etree._Element] = {}
        self.outline: etree._Element | None = None
        for root in roots:
            for element in _definitions(root):
                self._take(element)
        self._known: dict[tuple[str, str, Props], Props] = {}

    def _take(self, element: etree._Element) -> None:
        kind, name = name_of(element), attribute(element, "name") or ""
        family = attribute(element, "family") or ""
        if kind == "style:style":
            self._elements[family, name] = element
        elif kind == "style:default-style" and family == "paragraph":
            self._default = _over(element, self._default)
        elif kind == "text:list-style":
            self.lists[name] = element
        elif kind == "text:outline-style":
            self.outline = element
            self.lists.setdefault(name or "Outline", element)

    def paragraph(self, name: str | None) -> Props:
        """What the style of a paragraph says."""
        return self._find("paragraph", name, self._default)

    def words(self, name: str | None, around: Props) -> Props:
        """What the style of words says, within `around`."""
        return self._find("text", name, around)

    def _find(self, family: str, name: str | None, base: Props) -> Props:
        key = family, name or "", base
        if key not in self._known:
            props = base
            for element in reversed(self._chain(family, name or "")):
                props = _over(element, props)
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[key] = props
        return self._known[key]

    def _chain(self, family: str, name: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        element = self._elements.get((family, name))
        while element is not None and len(chain) < _LONGEST_CHAIN:
            chain.append(element)
            element = self._elements.get((family, attribute(element, "parent-style-name") or ""))
        return chain


def _definitions(root: etree._Element) -> Iterator[etree._Element]:
    for part in root:
        if name_of(part) in ("office:styles", "office:automatic-styles"):
            yield from part


def _over(element: etree._Element, base: Props) -> Props:
    """What a style says, with what it does not say from `base`."""
    name = attribute(element, "name") or ""
    look, hidden, language = base.look, base.hidden, base.language
    for part in element:
        if name_of(part) != "style:text-properties":
            continue
        said = {key.rpartition("}")[2]: value for key, value in part.attrib.items()}
        weight, slant = said.get("font-weight"), said.get("font-style")
        line = said.get("text-underline-style")
        look = Look(
            bold=look.bold if weight is None else weight == "bold" or whole(weight) >= _BOLD,
            italic=look.italic if slant is None else slant in ("italic", "oblique"),
            underlined=look.underlined if line is None else line != "none",
            size=_size(said.get("font-size"), look.size),
        )
        hidden = said["display"] == "none" if "display" in said else hidden
        language = language_code(said.get("language")) or language
    outline = attribute(element, "default-outline-level")
    level = base.level
    if name == "Title":
        level = TITLE
    elif match := _HEADING.fullmatch(name):
        level = int(match[1])
    elif outline is not None:
        level = whole(outline) or None
    listed = attribute(element, "list-style-name")
    return Props(
        look,
        hidden,
        language,
        level,
        base.aside or bool(_NOT_TEXT.fullmatch(name)),
        base.list_style if listed is None else listed or None,
    )


def _size(said: str | None, inherited: float) -> float:
    match = _SIZE.fullmatch(said or "")
    if not match:
        return inherited
    number = float(match[1])
    return number if match[2] == "pt" else inherited * number / 100
