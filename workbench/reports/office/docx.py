"""DOCX to text: the format of Word since 2007, in its usual and its strict form."""

import posixpath

from lxml import etree

from workbench.errors import ReportError
from workbench.reports.extracting import Extracted
from workbench.reports.office.docx_body import Body
from workbench.reports.office.docx_names import attribute, child, children
from workbench.reports.office.docx_numbers import Numbering
from workbench.reports.office.docx_styles import Styles
from workbench.reports.office.parts import Parts, without_text
from workbench.reports.office.pieces import TITLE, most_language, split_piece
from workbench.reports.office.properties import title_of
from workbench.reports.office.writing import write_text

ENCODING = "docx-text"
_TRACKED = "it has tracked changes: what was inserted is read, what was deleted is not"


def extract_docx(data: bytes, name: str) -> Extracted:
    """The text of a DOCX, for a layout to cut: a line for each paragraph, Markdown's headings.

    `name` is the file's, for messages. The same bytes always give the same text.

    Raises ReportError for a file with a password, one that is cut off, damaged, a bomb, not a
    DOCX, without text, or whose XML is broken or declares entities.
    """
    parts = Parts(data, name, "DOCX")
    main = _target(parts, "", "officeDocument") or "word/document.xml"
    body = child(parts.need(main), "w:body")
    if body is None:
        raise ReportError(
            f"{name} is no DOCX: {main} has no body", "save it in a word processor as DOCX"
        )
    styles, numbering = (
        parts.parse(_target(parts, main, kind) or posixpath.join(posixpath.dirname(main), default))
        for kind, default in (("styles", "styles.xml"), ("numbering", "numbering.xml"))
    )
    read = Body(body, Styles(styles), Numbering(numbering))
    pieces = [part for piece in read.pieces for part in split_piece(piece)]
    if not pieces:
        if next(body.iter("{*}altChunk"), None) is not None:
            raise ReportError(
                f"{name} has its text in another file inside it",
                "open it in a word processor and save it again",
            )
        raise without_text(name)
    text = write_text(pieces)
    shown = next((piece.text for piece in pieces if piece.level == TITLE), None)
    properties = parts.parse(_target(parts, "", "core-properties") or "docProps/core.xml")
    return Extracted(
        text=text,
        encoding=ENCODING,
        title=title_of(_dublin_core(properties, "title"), shown, text),
        language=most_language(pieces),
        warnings=(_TRACKED,) if read.tracked else (),
    )


def _target(parts: Parts, part: str, kind: str) -> str | None:
    """The part that another one (or the file itself: "") names as its document, styles, ..."""
    folder, file = posixpath.split(part)
    root = parts.parse(posixpath.join(folder, "_rels", f"{file}.rels"))
    for relation in children(root, "rel:Relationship"):
        of_kind = (attribute(relation, "Type") or "").rpartition("/")[2] == kind
        if of_kind and attribute(relation, "TargetMode") != "External":
            target = attribute(relation, "Target") or ""
            return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return None


def _dublin_core(root: etree._Element | None, local: str) -> str | None:
    if root is None:
        return None
    return next((found.text for found in root.iter("{*}" + local)), None)
