"""The fields of a DOCX: which of the words they show are the report's. Pure."""

from lxml import etree

from workbench.reports.office.docx_names import attribute, name_of

#: What these show is no text of the report: page numbers, tables of contents, marks of notes.
_NOT_TEXT = frozenset(
    ["PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "TOC", "INDEX", "TOA", "NOTEREF",
     "FTNREF", "FILENAME", "NUMWORDS", "NUMCHARS", "REVNUM"]
)  # fmt: skip


def shows_text(instruction: str) -> bool:
    """Whether what a field shows is text of the report."""
    words = instruction.split(None, 1)
    return not words or words[0].upper() not in _NOT_TEXT


class Fields:
    """Where in its fields the reading of a document stands; one may lie in another.

    `root` is the document's: a field that is never ended is found beforehand and
    not entered, so that it does not swallow what follows.
    """

    def __init__(self, root: etree._Element) -> None:
        begun: list[etree._Element] = []
        self._ended: set[etree._Element] = set()
        for element in root.iter("{*}fldChar"):
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                begun.append(element)
            elif kind == "end" and begun:
                self._ended |= {begun.pop(), element}
        self._open: list[str] = []
        self._shown: list[bool] = []

    def read(self, element: etree._Element) -> None:
        """Go on over an element ``w:fldChar`` or ``w:instrText``."""
        if name_of(element) == "w:instrText":
            if self._open and not self._shown[-1]:
                self._open[-1] += element.text or ""
            return
        kind = attribute(element, "fldCharType")
        if kind == "begin" and element in self._ended:
            self._open.append("")
            self._shown.append(False)
        elif kind == "separate" and self._open:
            self._shown[-1] = True
        elif kind == "end" and self._open and element in self._ended:
            self._open.pop()
            self._shown.pop()

    @property
    def show_text(self) -> bool:
        """Whether words here are read: every field around them shows them, and they are text."""
        return all(self._shown) and all(map(shows_text, self._open))
