"""The body of an ODT to pieces: what a reader of the printed page would call its text.

Notes, comments, deleted (tracked) and hidden text, numbers of pages, and tables
of contents are left out; inserted text and the words of links stay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from workbench.reports.office.numbers import whole
from workbench.reports.office.odt_lists import Counter
from workbench.reports.office.odt_styles import Props, Styles, attribute, name_of
from workbench.reports.office.pieces import Piece, Run, keep_prose

_LEFT_OUT = frozenset(
    ["text:note", "office:annotation", "office:annotation-end", "text:page-number",
     "text:page-count", "text:page-continuation", "text:chapter", "text:file-name",
     "text:note-ref", "text:ruby-text", "text:hidden-text", "text:number", "text:tracked-changes",
     "svg-compatible:title", "svg-compatible:desc", "office:forms"]
)  # fmt: skip
_INDEXES = frozenset(
    ["text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index",
     "text:user-index", "text:alphabetical-index", "text:sequence-decls", "text:variable-decls"]
)  # fmt: skip
_SPACES = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_ROWS = frozenset(["table:table-header-rows", "table:table-rows", "table:table-row-group"])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a list a paragraph stands: in whose, how deep, and whether it has a number."""

    counter: Counter
    level: int
    numbered: bool


class Body:
    """Reads the body of one document, in order: lists count on from place to place."""

    def __init__(self, body: etree._Element, styles: Styles) -> None:
        self._styles = styles
        self._headings = Counter(styles.outline)
        self._by_style: dict[str, Counter] = {}
        self._by_id: dict[str, Counter] = {}
        self._runs: list[Run] = []
        self._boxes: list[Piece] = []
        #: Whether somebody's changes are tracked in it.
        self.tracked = False
        self.pieces = self._blocks(body)

    def _blocks(self, parent: Iterable[etree._Element], place: _Place | None = None) -> list[Piece]:
        pieces: list[Piece] = []
        for element in parent:
            name = name_of(element)
            if name in ("text:p", "text:h"):
                pieces += self._paragraph(element, place)
                place = None if place is None else _Place(place.counter, place.level, False)
            elif name == "text:list":
                pieces += self._list(element, place)
            elif name == "text:numbered-paragraph":
                pieces += self._numbered(element)
            elif name == "table:table":
                pieces += self._table(element)
            elif name == "text:tracked-changes":
                self.tracked = self.tracked or len(element) > 0
            elif name in ("text:section", "text:index-body", "text:bibliography"):
                if attribute(element, "display") != "none":
                    pieces += self._blocks(element)
            elif name.startswith("drawing:"):
                pieces += self._drawing(element)
        return pieces

    def _paragraph(self, element: etree._Element, place: _Place | None) -> list[Piece]:
        named = attribute(element, "style-name")
        props = self._styles.paragraph(named)
        outer = self._runs, self._boxes
        self._runs, self._boxes = [], []
        self._inline(element, props)
        runs, boxes = self._runs, self._boxes
        self._runs, self._boxes = outer
        heading = name_of(element) == "text:h"
        level = props.level
        if heading:
            level = max(1, whole(attribute(element, "outline-level"), 1))
        mark = self._mark(element, place, level if heading else None, props)
        if not runs or props.aside:
            return boxes
        return [Piece(tuple(runs), level, mark), *boxes]

    def _mark(
        self, element: etree._Element, place: _Place | None, level: int | None, props: Props
    ) -> str:
        written = next((part for part in element if name_of(part) == "text:number"), None)
        mark = ""
        if place is not None:
            mark = place.counter.next_mark(place.level) if place.numbered else ""
        elif level is not None:
            if attribute(element, "is-list-header") != "true":
                start = attribute(element, "start-value")
                if start is not None:
                    self._headings.restart(level, whole(start, 1))
                mark = self._headings.next_mark(level)
        elif props.list_style in self._styles.lists:
            mark = self._counter(props.list_style).next_mark(1)
        return " ".join("".join(written.itertext()).split())[:40] if written is not None else mark

    def _counter(self, style: str | None) -> Counter:
        if style not in self._by_style:
            self._by_style[style or ""] = Counter(self._styles.lists.get(style or ""))
        return self._by_style[style or ""]

    def _list(self, element: etree._Element, around: _Place | None) -> list[Piece]:
        """A list; one in another's item is a level deeper, in the same numbers if of its style."""
        style = attribute(element, "style-name")
        level = 1 if around is None else around.level + 1
        if around is not None and not style:
            counter = around.counter
            counter.begin(level)
        else:
            counter = self._begin_list(element, style, level)
        pieces: list[Piece] = []
        for item in element:
            if name_of(item) not in ("text:list-item", "text:list-header"):
                continue
            start = attribute(item, "start-value")
            if start is not None:
                counter.restart(level, whole(start, 1))
            numbered = name_of(item) == "text:list-item"
            pieces += self._blocks(item, _Place(counter, level, numbered))
        return pieces

    def _begin_list(self, element: etree._Element, style: str | None, level: int) -> Counter:
        """The numbers of a list that begins, or that goes on from an earlier one."""
        if not style:
            first = next(element.iter("{*}p", "{*}h"), None)
            named = attribute(first, "style-name") if first is not None else None
            style = self._styles.paragraph(named).list_style
        earlier = self._by_id.get(attribute(element, "continue-list") or "")
        if earlier is None and attribute(element, "continue-numbering") == "true":
            earlier = self._by_style.get(style or "")
        if earlier is None:
            is_outline = style and self._styles.lists.get(style) is self._styles.outline
            earlier = self._headings if is_outline else Counter(self._styles.lists.get(style or ""))
        self._by_style[style or ""] = earlier
        if name := attribute(element, "id"):
            self._by_id[name] = earlier
        return earlier

    def _numbered(self, element: etree._Element) -> list[Piece]:
        counter = self._counter(attribute(element, "style-name"))
        level = max(1, whole(attribute(element, "level"), 1))
        return self._blocks(element, _Place(counter, level, True))

    def _inline(self, parent: etree._Element, props: Props) -> None:
        self._say(parent.text, props)
        for element in parent:
            name = name_of(element)
            if name in _SPACES:
                self._say(_SPACES[name], props)
            elif name == "text:span":
                self._inline(element, self._styles.words(attribute(element, "style-name"), props))
            elif name.startswith("drawing:"):
                self._boxes += self._drawing(element)
            elif name not in _LEFT_OUT and name not in _INDEXES:
                self._inline(element, props)
            self._say(element.tail, props)

    def _say(self, text: str | None, props: Props) -> None:
        if text and not props.hidden:
            self._runs.append(Run(text, props.look, props.language))

    def _drawing(self, element: etree._Element) -> list[Piece]:
        """The sentences in a frame or a shape, its text box; descriptions are none."""
        pieces: list[Piece] = []
        if any(name_of(part) in ("text:p", "text:h", "text:list") for part in element):
            return keep_prose(self._blocks(element))
        for part in element:
            if name_of(part).startswith("drawing:"):
                pieces += self._drawing(part)
            elif name_of(part) == "table:table":
                pieces += self._table(part)
        return pieces

    def _table(self, table: etree._Element) -> list[Piece]:
        """A table by rows: a column alone is text in a frame; of others, cells with sentences."""
        rows = [
            [cell for cell in row if name_of(cell) == "table:table-cell"] for row in _rows(table)
        ]
        frame = all(len(cells) <= 1 for cells in rows)
        pieces: list[Piece] = []
        for cells in rows:
            for cell in cells:
                inside = self._blocks(cell)
                pieces += inside if frame else keep_prose(inside)
        return pieces


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        name = name_of(element)
        if name == "table:table-row":
            yield element
        elif name in _ROWS:
            yield from _rows(element)
