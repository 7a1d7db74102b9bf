"""Bytes to text, so that character offsets can be found again in the file."""

import codecs

from workbench.errors import ReportError
from workbench.reports.formats import looks_binary

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the codec that gave it.

    UTF-8, or UTF-8, UTF-16 and UTF-32 with a byte order mark, which is not
    part of the text. Line ends stay as they are: ``data.decode(codec)`` is the
    text that character offsets count in. `name` is for messages only.

    Raises ReportError for an empty file, a binary one, and bytes that are not
    in the encoding; the last names the first byte that fails.
    """
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(data, name, codec, error) from error
    if not text.strip("\ufeff \t\r\n\f\v\x00"):
        if "\x00" in text:
            raise _binary(name)
        raise ReportError(f"{name} is empty", "give a report with text in it")
    if looks_binary(text):
        raise _binary(name)
    return text, codec


def _binary(name: str) -> ReportError:
    return ReportError(
        f"{name} is binary, not text: it holds NUL or other control characters",
        "save the report as plain text in UTF-8",
    )


def _wrong_encoding(data: bytes, name: str, codec: str, error: UnicodeDecodeError) -> ReportError:
    if codec == "utf-8" and b"\x00" in data:
        return _binary(name)
    label = codec.removesuffix("-sig").upper()
    byte = data[error.start]
    if codec == "utf-8":
        line = data.count(b"\n", 0, error.start) + 1
        place = f"byte {error.start} (line {line}) is 0x{byte:02x}"
        mend = (
            "re-encode it, for example if it is Windows-1252: "
            f"iconv -f WINDOWS-1252 -t UTF-8 '{name}' > utf8.txt"
        )
    else:
        place = f"byte {error.start} is 0x{byte:02x}"
        mend = "the file seems cut off or damaged: save it again as UTF-8"
    return ReportError(f"{name} is not {label} text: {place}", mend)
