"""What kind of file bytes are, told from the bytes themselves, never from the name."""

import re

from workbench.reports.office.kinds import office_kind, ole_kind

TEXT, HTML, PDF = "text", "HTML", "PDF"

#: The largest file that is read, in bytes.
LARGEST_FILE = 200_000_000

_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "Parquet"),
)
#: How a zip archive begins, and an empty one.
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_HTML = re.compile(
    rb"\A\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")

#: A share of control characters above this is no text.
CONTROL_SHARE = 0.1


def format_of(data: bytes) -> str:
    """``TEXT`` or another format that has a reader, else a name for what the file is."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(ZIP_SIGNATURES):
        return office_kind(data)
    if kind := ole_kind(data):
        return kind
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    # A page in UTF-16 is told from every other byte of its mark-up.
    plain = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")
    return HTML if _HTML.match(plain) else TEXT


def looks_binary(text: str) -> bool:
    """Whether decoded text is no writing: it holds NUL, or many control characters."""
    if "\x00" in text:
        return True
    sample = text[:100_000]
    return len(_CONTROL.findall(sample)) > CONTROL_SHARE * len(sample)
