"""The styles of a DOCX: which are headings, how their words look, what they number. Pure."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from workbench.reports.office.docx_names import attribute, child, children, switch, value
from workbench.reports.office.numbers import whole
from workbench.reports.office.pieces import TITLE, Look
from workbench.reports.office.properties import language_code

# Names of built-in styles are English whatever the language of the program; only ids differ.
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_NOT_TEXT = re.compile(
    r"toc ?\d|toc ?heading|contents ?(?:\d|heading)|table ?of ?(?:figures|authorities)|toa ?heading"
    r"|index ?(?:\d|heading)|caption|(?:foot|end)note ?text|annotation ?text",
    re.IGNORECASE,
)
#: Outline levels count from 0; this one is the text's.
_BODY_LEVEL = 9
_LONGEST_CHAIN = 12


@dataclass(frozen=True, slots=True)
class Props:
    """Properties of words; None where they are left to the style below."""

    bold: bool | None = None
    italic: bool | None = None
    underlined: bool | None = None
    size: float | None = None
    hidden: bool | None = None
    language: str | None = None

    def over(self, base: "Props") -> "Props":
        """These properties where they are set, else those of `base`."""
        if self is UNSET:
            return base
        return Props(
            *(
                below if own is None else own
                for own, below in (
                    (self.bold, base.bold),
                    (self.italic, base.italic),
                    (self.underlined, base.underlined),
                    (self.size, base.size),
                    (self.hidden, base.hidden),
                    (self.language, base.language),
                )
            )
        )

    @property
    def look(self) -> Look:
        """How the words look."""
        return Look(bool(self.bold), bool(self.italic), bool(self.underlined), self.size or 0.0)


#: Properties of which none is set.
UNSET = Props()


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits.

    `level` is its level as a heading, None for text; `number` and `depth` the
    list that it numbers by. `aside` says that its paragraphs are no text of
    the report: tables of contents, captions, notes.
    """

    level: int | None = None
    aside: bool = False
    number: str | None = None
    depth: int | None = None
    props: Props = UNSET


def props_of(element: etree._Element | None) -> Props:
    """The properties of words that an element ``w:rPr`` sets."""
    if element is None or not len(element):
        return UNSET
    underline = value(element, "w:u")
    size = whole(value(element, "w:sz"))
    return Props(
        bold=switch(element, "w:b"),
        italic=switch(element, "w:i"),
        underlined=None if underline is None else underline != "none",
        size=size / 2 if size > 0 else None,
        hidden=switch(element, "w:vanish"),
        language=language_code(value(element, "w:lang")),
    )


class Styles:
    """The styles of one document; `root` is that of its ``styles.xml``, None where it has none."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._default: dict[str, str] = {}
        for element in children(root, "w:style"):
            name, kind = attribute(element, "styleId"), attribute(element, "type") or ""
            if name:
                self._elements.setdefault(name, element)
                if attribute(element, "default") in ("1", "true", "on"):
                    self._default.setdefault(kind, name)
        self.defaults = props_of(child(root, "w:docDefaults", "w:rPrDefault", "w:rPr"))
        self._known: dict[str, Style] = {}

    def paragraph(self, name: str | None) -> Style:
        """The style of a paragraph that names it, or none."""
        return self.find(name or self._default.get("paragraph", ""))

    def find(self, name: str) -> Style:
        """A style by its id; one that is not defined is known by its id alone."""
        if name not in self._known:
            self._known[name] = self._make(name)
        return self._known[name]

    def _make(self, name: str) -> Style:
        chain = self._chain(name)
        if not chain:
            return replace(Style(), level=_level_by(name), aside=_aside(name))
        made = Style()
        for element in reversed(chain):
            called = value(element, "w:name") or ""
            ppr = child(element, "w:pPr")
            number = value(ppr, "w:numPr", "w:numId")
            depth = value(ppr, "w:numPr", "w:ilvl")
            made = Style(
                level=_level(ppr, called, made.level),
                aside=made.aside or _aside(called),
                number=made.number if number is None else number,
                depth=made.depth if depth is None else whole(depth),
                props=props_of(child(element, "w:rPr")).over(made.props),
            )
        return made

    def _chain(self, name: str) -> list[etree._Element]:
        """The style and those that it is based on, the nearest first."""
        chain: list[etree._Element] = []
        element = self._elements.get(name)
        while element is not None and len(chain) < _LONGEST_CHAIN:
            chain.append(element)
            element = self._elements.get(value(element, "w:basedOn") or "")
        return chain


def outline_level(ppr: etree._Element | None) -> int | None:
    """The outline level that paragraph properties set: 1 to 9, 0 for text, None for neither."""
    said = value(ppr, "w:outlineLvl")
    if said is None:
        return None
    level = whole(said, _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else 0


def _level(ppr: etree._Element | None, called: str, inherited: int | None) -> int | None:
    named = _level_by(called)
    if named is not None:
        return named
    outline = outline_level(ppr)
    if outline is None:
        return inherited
    return outline or None


def _level_by(name: str) -> int | None:
    if name.lower() == "title":
        return TITLE
    match = _HEADING.fullmatch(name)
    return int(match[1]) if match else None


def _aside(name: str) -> bool:
    return bool(_NOT_TEXT.fullmatch(name))
