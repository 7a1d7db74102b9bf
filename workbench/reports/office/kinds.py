"""What the files are that are zip archives or old Office files, told from what is in them.

Never from the name. Broken archives are told by what is left of them, so that
a cut-off DOCX is called one.
"""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

DOCX = "DOCX"
ODT = "ODT"
ZIP = "zip"
LOCKED = "an Office document with a password"
DOC = "an old Word document (DOC)"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIME_TYPES = {
    "application/vnd.oasis.opendocument.text": ODT,
    "application/vnd.oasis.opendocument.text-template": ODT,
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.oasis.opendocument.presentation": "ODP",
    "application/epub+zip": "EPUB",
}
# The folder of the main part of each Office Open XML format.
_FOLDERS = (("word/", DOCX), ("xl/", "XLSX"), ("ppt/", "PPTX"), ("visio/", "VSDX"))
_CONTENT_TYPES = "[content_types].xml"
_LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_LONGEST_NAME = 200


def office_kind(source: bytes | Path) -> str:
    """``DOCX``, ``ODT``, ``zip``, or the name of another format that is a zip archive.

    For bytes pure, and never an error: what is no format that we know is
    ``zip``. A path is read only where the list of members lies.
    """
    names, mime_type = _contents(source)
    lower = [name.replace("\\", "/").lower() for name in names]
    if mime_type in _MIME_TYPES:
        return _MIME_TYPES[mime_type]
    if mime_type.startswith("application/vnd.oasis.opendocument."):
        return "another OpenDocument format"
    if _CONTENT_TYPES in lower or "_rels/.rels" in lower:
        for folder, kind in _FOLDERS:
            if any(name.startswith(folder) for name in lower):
                return kind
        return "another Office format" if _CONTENT_TYPES in lower else ZIP
    if "word/document.xml" in lower:
        return DOCX
    if "content.xml" in lower and "meta-inf/manifest.xml" in lower:
        return ODT
    return "JAR" if "meta-inf/manifest.mf" in lower else ZIP


def ole_kind(data: bytes) -> str | None:
    """What an old Office file (its first bytes are D0CF11E0) is, None for other bytes.

    A DOCX or XLSX with a password is one, too: it lies encrypted inside.
    """
    if not data.startswith(_OLE):
        return None
    return LOCKED if "EncryptedPackage".encode("utf-16-le") in data else DOC


def _contents(source: bytes | Path) -> tuple[list[str], str]:
    """The names in an archive, and what its member ``mimetype`` says."""
    try:
        file = io.BytesIO(source) if isinstance(source, bytes) else source
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            return names, _mime_type(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError,
            IndexError, OverflowError, RuntimeError, MemoryError):  # fmt: skip
        return _leftovers(source) if isinstance(source, bytes) else ([], "")


def _mime_type(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:
        return member.read(_LONGEST_NAME).decode("ascii", "replace").strip()


def _leftovers(data: bytes) -> tuple[list[str], str]:
    """The same from the headers in front of each member, where the list of them is lost."""
    names = []
    for match in _LOCAL_NAME.finditer(data):
        length = int.from_bytes(match[1], "little")
        names.append(data[match.end() : match.end() + min(length, _LONGEST_NAME)].decode("cp437"))
    mime_type = ""
    if names and names[0] == "mimetype":
        start = data.index(b"mimetype") + len(b"mimetype")
        said = data[start : start + _LONGEST_NAME]
        mime_type = next((m for m in sorted(_MIME_TYPES, key=len, reverse=True)
                          if said.startswith(m.encode())), "")  # fmt: skip
    return names, mime_type
