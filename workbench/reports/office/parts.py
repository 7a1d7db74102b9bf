"""The parts of an office file: its zip and its XML, read without trust."""

from lxml import etree

from workbench.errors import ReportError
from workbench.reports.archives import list_parts, path_inside, read_member
from workbench.reports.office.kinds import LOCKED, ole_kind

#: The largest part that is read, in bytes: some ten thousand pages of text.
LARGEST_PART = 96 * 2**20

_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_AGAIN = "open it in a word processor and save it again"


class Parts:
    """The parts of one office file; `name` is the file's, `kind` its format, for messages.

    Raises ReportError for bytes that are no zip archive or a broken one.
    """

    def __init__(self, data: bytes, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        old = ole_kind(data)
        if old == LOCKED:
            raise locked(name)
        if old:
            raise ReportError(f"{name} is {old}, not {kind}", f"save it as {kind} or PDF")
        self._data = data
        try:
            self._members = list_parts(data, name)
        except ReportError as error:
            message = error.message.replace("a zip archive that is", f"{kind}, but", 1)
            raise ReportError(message, error.mend) from error

    def read(self, part: str) -> bytes | None:
        """The bytes of a part, None where there is none of that name.

        Raises ReportError, which names the part, for a damaged or dangerous one.
        """
        member = self._members.get(part.lower().lstrip("/"))
        if member is None:
            return None
        return read_member(self._data, member, self.name, LARGEST_PART)

    def parse(self, part: str) -> etree._Element | None:
        """The root of a part's XML, None where there is no such part.

        Raises ReportError as `read` does, and for XML that is broken, too deep, not in its
        encoding, or that declares a document type: entities are what attacks are made of, and
        no office program writes any.
        """
        data = self.read(part)
        if data is None:
            return None
        shown = path_inside(self.name, part)
        if any(doctype in data for doctype in _DOCTYPES):
            raise _with_entities(shown)
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError, LookupError) as error:
            why = str(error).removesuffix("(<string>, line 1)")[:120]
            raise ReportError(f"{shown} is broken XML: {why}", _AGAIN) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise _with_entities(shown)
        return root

    def need(self, part: str) -> etree._Element:
        """The root of a part that must be there.

        Raises ReportError as `parse` does, and where the part is missing.
        """
        root = self.parse(part)
        if root is None:
            raise ReportError(f"{self.name} is no {self.kind}: it has no {part}", _AGAIN)
        return root


def locked(name: str) -> ReportError:
    """The error for a file that only a password opens."""
    return ReportError(
        f"{name} is protected by a password",
        "open it in a word processor and save a copy without a password",
    )


def without_text(name: str) -> ReportError:
    """The error for a document without a word."""
    return ReportError(
        f"{name} has no text in it: it is empty, or its pages are pictures",
        "see what a word processor shows; pictures of pages need text recognition (OCR) first",
    )


def _with_entities(shown: str) -> ReportError:
    return ReportError(
        f"{shown} declares a document type (DOCTYPE), which may hold dangerous entities",
        f"do not trust the file; if you do, {_AGAIN}",
    )
