"""What kind of file bytes are, told from the bytes themselves, never from the name.

Text and HTML have readers in this version; the other formats are named so that the
reader can say what it was given.
"""

import re

TEXT = "text"
HTML = "HTML"

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a zip archive (DOCX, ODT or zip)"),
    (b"PK\x05\x06", "a zip archive (DOCX, ODT or zip)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document (DOC)"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "a gzip archive"),
)
_HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")

#: A share of control characters above this is no text.
CONTROL_SHARE = 0.1


def format_of(data: bytes) -> str:
    """``TEXT``, or the name of the format that the first bytes are the signature of."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return HTML if _HTML.match(head) else TEXT


def looks_binary(text: str) -> bool:
    """Whether decoded text is no writing: it holds NUL, or many control characters."""
    if "\x00" in text:
        return True
    sample = text[:100_000]
    return len(_CONTROL.findall(sample)) > CONTROL_SHARE * len(sample)
