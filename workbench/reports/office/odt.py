"""ODT to text: the OpenDocument format of LibreOffice and others."""

import re

from workbench.errors import ReportError
from workbench.reports.extracting import Extracted
from workbench.reports.office.odt_body import Body
from workbench.reports.office.odt_styles import Styles, name_of
from workbench.reports.office.parts import Parts, locked, without_text
from workbench.reports.office.pieces import TITLE, most_language, split_piece
from workbench.reports.office.properties import title_of
from workbench.reports.office.writing import write_text

ENCODING = "odt-text"
_TRACKED = "it has tracked changes: what was inserted is read, what was deleted is not"
_MANIFEST = "META-INF/manifest.xml"
_LOCKED = re.compile(rb"<(?:[\w.-]+:)?encryption-data\b")


def extract_odt(data: bytes, name: str) -> Extracted:
    """The text of an ODT, for a layout to cut: a line for each paragraph, Markdown's headings.

    `name` is the file's, for messages. The same bytes always give the same text.

    Raises ReportError for a file with a password, one that is cut off, damaged, a bomb, not an
    ODT, without text, or whose XML is broken or declares entities.
    """
    parts = Parts(data, name, "ODT")
    if _LOCKED.search(parts.read(_MANIFEST) or b""):
        raise locked(name)
    content = parts.need("content.xml")
    body = next(
        (
            part
            for element in content
            if name_of(element) == "office:body"
            for part in element
            if name_of(part) == "office:text"
        ),
        None,
    )
    if body is None:
        raise ReportError(
            f"{name} is no ODT: content.xml has no text document",
            "save it in a word processor as ODT",
        )
    styles = parts.parse("styles.xml")
    read = Body(body, Styles([root for root in (styles, content) if root is not None]))
    pieces = [part for piece in read.pieces for part in split_piece(piece)]
    if not pieces:
        raise without_text(name)
    text = write_text(pieces)
    shown = next((piece.text for piece in pieces if piece.level == TITLE), None)
    properties = parts.parse("meta.xml")
    said = None if properties is None else next(properties.iter("{*}title"), None)
    return Extracted(
        text=text,
        encoding=ENCODING,
        title=title_of(None if said is None else said.text, shown, text),
        language=most_language(pieces),
        warnings=(_TRACKED,) if read.tracked else (),
    )
