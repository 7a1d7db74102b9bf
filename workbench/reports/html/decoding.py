"""The bytes of a saved page to its source, in the encoding that they are in."""

import codecs
import re

from workbench.errors import ReportError
from workbench.reports.decoding import decode
from workbench.reports.formats import looks_binary

_DECLARED = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding=[\"']"
    rb"([\w.:-]{2,40})",
    re.IGNORECASE,
)
#: A declaration is looked for in so many first bytes; browsers stop at 1024.
HEAD_BYTES = 8192
#: A larger page is refused: reading takes some 15 times a page's size in memory.
MOST_BYTES = 50_000_000
# What browsers read these labels as (WHATWG Encoding Standard, 4.2).
_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}


def decode_page(data: bytes, name: str) -> tuple[str, str]:
    """The source of a page and the codec that gave it; ``data.decode(codec)`` is the source.

    UTF-8 or a byte order mark first, whatever the page declares: bytes of another
    encoding are almost never UTF-8. Then the encoding that it declares, and last
    what `decode` makes of bytes that are not UTF-8.

    Raises ReportError for an empty or binary page, for one larger than
    `MOST_BYTES`, and for bytes that are in no such encoding.
    """
    if len(data) > MOST_BYTES:
        raise ReportError(
            f"{name} is a web page of {len(data) / 1e6:.0f} MB: "
            f"at most {MOST_BYTES / 1e6:.0f} MB are read",
            "save the page again without its pictures, or save its text only",
        )
    codec = declared_codec(data)
    if codec is None or codec.startswith("utf") or _is_utf8(data):
        return decode(data, name)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise ReportError(
            f"{name} is neither UTF-8 nor {codec}, which it declares: "
            f"byte {error.start} is 0x{byte:02x}",
            "save the page again from a browser",
        ) from error
    if looks_binary(text) or not text.strip():
        return decode(data, name)
    return text, codec


def declared_codec(data: bytes) -> str | None:
    """The Python codec of the encoding that a page declares, None where none is known."""
    match = _DECLARED.search(data, 0, HEAD_BYTES)
    if match is None:
        return None
    try:
        codec = codecs.lookup((match[1] or match[2]).decode("ascii"))
    except (LookupError, ValueError):
        return None
    # Codecs such as "base64" or "rot13" make no text of bytes.
    if not getattr(codec, "_is_text_encoding", True):
        return None
    return _READ_AS.get(codec.name, codec.name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True
