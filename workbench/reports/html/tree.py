"""Tags to the elements that hold paragraphs, and the runs of text between them.

Only elements that begin a line of their own are kept; which of them a tag ends
follows the HTML Living Standard (13.2.6): an end tag closes all that is open
inside its element, paragraphs and list items end where the next one begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.reports.html.scanning import UNREAD, Tag, name_set, tags

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ENDS_P = HEADINGS | name_set(
    "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption "
    "figure footer form header hgroup hr li main menu nav ol p pre search section summary table "
    "ul"
)
BLOCKS = _ENDS_P | name_set(
    "html head body frameset table tbody thead tfoot tr td th caption colgroup legend option "
    "optgroup label"
)
#: Elements are nested no deeper than this, as in browsers.
DEEPEST = 512
_SCOPE = name_set("table td th caption template html")
_VOID = name_set("hr option optgroup")
# What stands after their end tags is in them still.
_LASTING = name_set("body html")
_CELLS = {
    "td": ("td", "th"), "th": ("td", "th"), "tr": ("tr",), "tbody": ("tbody", "thead", "tfoot"),
    "thead": ("tbody", "thead", "tfoot"), "tfoot": ("tbody", "thead", "tfoot"),
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Element:
    """An element; its descendants are those of `index` above its own, up to `last`."""

    index: int
    name: str
    attributes: str
    parent: "Element | None"
    start: int
    last: int = -1
    heading: "Element | None" = None

    def holds(self, other: "Element") -> bool:
        """Whether `other` is this element or stands in it."""
        return self.index <= other.index <= self.last


@dataclass(slots=True, eq=False)
class Run:
    """Text between two block tags or double line breaks: source[start:end].

    `chars` counts its characters without mark-up, `linked` those of them in links.
    """

    start: int
    end: int
    element: Element
    chars: int
    linked: int


@dataclass(slots=True)
class Tree:
    """The elements of a page in the order of their start tags, and its runs of text."""

    elements: list[Element] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


def build_tree(source: str) -> Tree:
    """The block elements and runs of text of a page."""
    builder = _Builder(source)
    builder.read(tags(source))
    return builder.tree


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = Tree()
        self.root = Element(0, "#page", "", None, 0)
        self.tree.elements.append(self.root)
        self.open = [self.root]
        self.counts: dict[str, int] = {}
        self.start = 0
        self.chars = self.linked = 0
        self.link_owner: Element | None = None
        self.break_at: int | None = None

    def read(self, stream: Iterable[Tag]) -> None:
        source = self.source
        last = 0
        # The order of the questions is that of how often a page's tags answer them.
        for start, end, name, closing, attributes in stream:
            if start > last:
                self._text(source[last:start])
            last = end
            if name in BLOCKS:
                if self.chars:
                    self._flush(start)
                self.break_at = None
                if not closing:
                    self._begin(name, attributes, start)
                elif self.open[-1].name == name and name not in _LASTING:
                    self._pop()
                else:
                    self._close(name)
                self.start = end
            elif name == "a":
                linking = not closing and "href" in attributes.lower()
                self.link_owner = self.open[-1] if linking else None
            elif name == "br":
                self._line_break(start, end)
            elif name in UNREAD and not self.chars:
                self.start = end
        if last < len(source):
            self._text(source[last:])
        self._flush(len(source))
        self._pop_to(0)

    def _text(self, text: str) -> None:
        text = text.strip()
        if not text or ("&nbsp;" in text and not text.replace("&nbsp;", "").strip()):
            return
        self.break_at = None
        self.chars += len(text)
        if self.link_owner is not None:
            self.linked += len(text)

    def _line_break(self, start: int, end: int) -> None:
        if self.break_at is not None:
            # Two breaks in a row part paragraphs where no element does.
            self._flush(self.break_at)
            self.start = end
        self.break_at = start

    def _flush(self, end: int) -> None:
        if self.chars:
            text = self.source[self.start : end].rstrip()
            end = self.start + len(text)
            start = end - len(text.lstrip())
            run = Run(start, end, self.open[-1], self.chars, self.linked)
            self.tree.runs.append(run)
            self.chars = self.linked = 0

    def _begin(self, name: str, attributes: str, start: int) -> None:
        if name in _ENDS_P and self.counts.get("p") and self._p_in_scope():
            self._close("p")
        heads = name in HEADINGS
        if heads and self.open[-1].name in HEADINGS:
            self._pop()
        elif name == "li":
            self._end_item(("li",))
        elif name in ("dd", "dt"):
            self._end_item(("dd", "dt"))
        elif name in _CELLS:
            self._end_cells(_CELLS[name])
        if name in _VOID:
            return
        if len(self.open) >= DEEPEST:
            self._pop_to(DEEPEST - 1)
        parent = self.open[-1]
        elements = self.tree.elements
        element = Element(len(elements), name, attributes, parent, start, -1, parent.heading)
        if heads:
            element.heading = element
        elements.append(element)
        self.open.append(element)
        self.counts[name] = self.counts.get(name, 0) + 1

    def _end_item(self, names: tuple[str, ...]) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            name = self.open[depth].name
            if name in names:
                self._pop_to(depth)
                return
            if name not in ("address", "div", "p"):
                return

    def _end_cells(self, names: tuple[str, ...]) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].name in names:
                self._pop_to(depth)
                return
            if self.open[depth].name == "table":
                return

    def _p_in_scope(self) -> bool:
        for element in reversed(self.open):
            if element.name == "p":
                return True
            if element.name in _SCOPE:
                return False
        return False

    def _close(self, name: str) -> None:
        names = HEADINGS if name in HEADINGS else (name,)
        if name in _LASTING or not any(self.counts.get(each) for each in names):
            return
        walls: frozenset[str] = _SCOPE
        if name == "li":
            walls = _SCOPE | {"ul", "ol"}
        elif name in _SCOPE or name in _CELLS:
            walls = frozenset({"table"})
        for depth in range(len(self.open) - 1, 0, -1):
            here = self.open[depth].name
            if here in names:
                self._pop_to(depth)
                return
            if here in walls:
                return

    def _pop_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self._pop()

    def _pop(self) -> None:
        element = self.open.pop()
        element.last = len(self.tree.elements) - 1
        if element.parent is not None:
            self.counts[element.name] -= 1
        if self.link_owner is element:
            self.link_owner = None
