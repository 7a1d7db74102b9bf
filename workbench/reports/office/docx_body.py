"""The body of a DOCX to pieces: what a reader of the printed page would call its text.

Deleted (tracked) and hidden text, notes, comments, fields of page numbers and
tables of contents are left out; inserted text and the words of links stay. Of a
text box that is written twice, for old and new programs, one is read.
"""

from collections.abc import Callable, Iterable

from lxml import etree

from workbench.reports.office.docx_fields import Fields, shows_text
from workbench.reports.office.docx_names import attribute, child, children, name_of, switch, value
from workbench.reports.office.docx_numbers import Numbering
from workbench.reports.office.docx_styles import UNSET, Props, Styles, outline_level, props_of
from workbench.reports.office.numbers import whole
from workbench.reports.office.pieces import Piece, Run, keep_prose

# What holds paragraphs, or runs, without being one.
_AROUND = frozenset(
    ["w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:hyperlink", "w:dir", "w:bdo",
     "w:sdtContent", "w:rubyBase", "m:oMath", "m:oMathPara", "w:ruby"]
)  # fmt: skip
_LEFT_OUT = frozenset(
    ["w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:rt", "w:sdtPr", "w:sdtEndPr", "w:delText"]
)  # fmt: skip
_CHARACTERS = {
    "w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": "",
}  # fmt: skip
_DRAWN = frozenset(["w:drawing", "w:pict", "w:object"])
_NOTE_MARKS = frozenset(["w:footnoteReference", "w:endnoteReference"])
_GALLERIES = frozenset(["Table of Contents", "Table of Figures", "Page Numbers"])


class Body:
    """Reads the body of one document, in order: lists and fields count on from place to place."""

    def __init__(self, body: etree._Element, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._fields = Fields(body)
        self._runs: list[Run] = []
        self._boxes: list[Piece] = []
        self._base = UNSET
        #: Whether somebody's changes are tracked in it.
        self.tracked = False
        self.pieces = self._blocks(body)

    def _blocks(self, parent: Iterable[etree._Element]) -> list[Piece]:
        pieces: list[Piece] = []
        carried: list[Run] = []
        for element in parent:
            name = name_of(element)
            if name == "w:p":
                carried = self._paragraph(element, pieces, carried)
            elif name == "w:tbl":
                pieces += self._table(element)
            elif name == "w:sdt":
                pieces += self._blocks(_content(element))
            elif name == "mc:AlternateContent":
                pieces += next(filter(None, map(self._blocks, element)), [])
            elif name in _AROUND:
                pieces += self._blocks(element)
        return pieces

    def _paragraph(
        self, element: etree._Element, pieces: list[Piece], carried: list[Run]
    ) -> list[Run]:
        """Read a paragraph; the runs that belong to the next one, where no mark parts the two."""
        ppr = child(element, "w:pPr")
        named = value(ppr, "w:pStyle")
        style = self._styles.paragraph(named)
        outer = self._runs, self._boxes, self._base
        self._runs, self._boxes = [], []
        self._base = style.props.over(self._styles.defaults)
        self._inline(element)
        runs, boxes = [*carried, *self._runs], self._boxes
        self._runs, self._boxes, self._base = outer
        mark_props = child(ppr, "w:rPr")
        removed = any(child(mark_props, name) is not None for name in ("w:del", "w:moveFrom"))
        if removed or switch(mark_props, "w:specVanish"):
            self.tracked = self.tracked or removed
            pieces += boxes
            return runs if removed else [*runs, Run(" ")] if runs else []
        number = value(ppr, "w:numPr", "w:numId")
        mark = self._mark(ppr, number, named)
        outline = outline_level(ppr)
        level = style.level if outline is None else outline or None
        if runs and not style.aside:
            pieces.append(Piece(tuple(runs), level, mark))
        pieces += boxes
        return []

    def _mark(self, ppr: etree._Element | None, number: str | None, named: str | None) -> str:
        style = self._styles.paragraph(named)
        depth = value(ppr, "w:numPr", "w:ilvl")
        list_number = style.number if number is None else number
        if depth is not None:
            at = whole(depth)
        else:
            of_style = self._numbering.depth_of_style(list_number or "", named or "")
            at = of_style if of_style is not None else style.depth or 0
        return self._numbering.next_mark(list_number, at)

    def _inline(self, parent: Iterable[etree._Element]) -> None:
        for element in parent:
            name = name_of(element)
            if name == "w:r":
                self._run(element)
            elif name == "w:sdt":
                self._inline(_content(element))
            elif name == "mc:AlternateContent":
                self._alternative(element, self._inline)
            elif name == "w:fldSimple":
                if shows_text(attribute(element, "instr") or ""):
                    self._inline(element)
            elif name in _LEFT_OUT:
                self.tracked = self.tracked or name in ("w:del", "w:moveFrom")
            elif name == "m:t":
                self._say(element.text or "", self._base)
            elif name in _AROUND or name.startswith("m:"):
                self.tracked = self.tracked or name in ("w:ins", "w:moveTo")
                self._inline(element)

    def _run(self, run: etree._Element) -> None:
        rpr = child(run, "w:rPr")
        named = value(rpr, "w:rStyle")
        props = props_of(rpr)
        if named:
            props = props.over(self._styles.find(named).props)
        props = props.over(self._base)
        own_mark = any(
            attribute(note, "customMarkFollows") in ("1", "true", "on")
            for name in _NOTE_MARKS
            for note in children(run, name)
        )
        self._contents(run, props, silent=bool(props.hidden) or own_mark)

    def _contents(self, run: Iterable[etree._Element], props: Props, silent: bool) -> None:
        for element in run:
            name = name_of(element)
            if name in ("w:fldChar", "w:instrText"):
                self._fields.read(element)
            elif name in _DRAWN:
                self._drawing(element)
            elif name == "mc:AlternateContent":
                self._alternative(element, lambda part: self._contents(part, props, silent))
            elif name == "w:ruby":
                self._inline(element)
            elif silent:
                continue
            elif name == "w:t":
                self._say(element.text or "", props)
            elif name == "w:br":
                page = attribute(element, "type") in ("page", "column")
                self._say("\f" if page else "\n", props)
            elif name == "w:sym":
                self._say(_symbol(element), props)
            elif name in _CHARACTERS:
                self._say(_CHARACTERS[name], props)

    def _say(self, text: str, props: Props) -> None:
        if text and self._fields.show_text:
            self._runs.append(Run(text, props.look, props.language or ""))

    def _alternative(
        self, element: etree._Element, read: Callable[[Iterable[etree._Element]], None]
    ) -> None:
        """Read the first of the alternatives that gives anything."""
        for part in element:
            before = len(self._runs), len(self._boxes)
            read(part)
            if (len(self._runs), len(self._boxes)) != before:
                return

    def _drawing(self, element: Iterable[etree._Element]) -> None:
        """The text boxes in a drawing, each with its paragraphs, behind the text they hang on."""
        for part in element:
            name = name_of(part)
            if name == "w:txbxContent":
                self._boxes += keep_prose(self._blocks(part))
            elif name == "mc:AlternateContent":
                self._alternative(part, self._drawing)
            else:
                self._drawing(part)

    def _table(self, table: etree._Element) -> list[Piece]:
        """A table by rows: a column alone is text in a frame; of others, cells with sentences."""
        rows = [
            list(_inside(row, "w:tc"))
            for row in _inside(table, "w:tr")
            if child(row, "w:trPr", "w:del") is None
        ]
        frame = all(len(cells) <= 1 for cells in rows)
        pieces: list[Piece] = []
        for cells in rows:
            for cell in cells:
                inside = self._blocks(cell)
                pieces += inside if frame else keep_prose(inside)
        return pieces


def _inside(parent: etree._Element, name: str) -> Iterable[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for element in parent:
        found = name_of(element)
        if found == name:
            yield element
        elif found == "w:sdt":
            yield from _inside(_content(element), name)
        elif found in _AROUND:
            yield from _inside(element, name)


def _content(control: etree._Element) -> etree._Element:
    """What is in a content control; nothing of a table of contents or of a hint what to write."""
    properties = child(control, "w:sdtPr")
    gallery = value(properties, "w:docPartObj", "w:docPartGallery")
    content = child(control, "w:sdtContent")
    if content is None or gallery in _GALLERIES or switch(properties, "w:showingPlcHdr"):
        return etree.Element("nothing")
    return content


def _symbol(element: etree._Element) -> str:
    """A character of a font of symbols, by its number in hexadecimal digits."""
    code = attribute(element, "char") or ""
    try:
        number = int(code[:6], 16)
    except ValueError:
        return ""
    # What stands at F0xx in such a font has no meaning outside it.
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0xFFFD else ""
