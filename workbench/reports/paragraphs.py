"""The words of a paragraph: as coders read them, as they are compared, as they are named.

Pure: text in, text and records out.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.records import Paragraph

#: Hexadecimal digits of a paragraph's id: 48 bits, ample within one report.
ID_DIGITS = 12

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WRAPPED_HYPHEN = re.compile(r"(?<=\w-)[ \t]*[\r\n]\s*(?!(?:and|or|to)\s)(?=\w)")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\s]*\)")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_STARS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s*\\])\1(?!\*)", re.DOTALL)
_BARS = re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_\\])\1(?!\w)", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_UNIFIED = str.maketrans(
    {"\\": None, "*": None}
    | dict.fromkeys("“”„‟«»″〝〞", '"')
    | dict.fromkeys("‘’‚‛‹›′´`", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
)
_DASHES = re.compile("-{2,}")
_EDGE_BARS = re.compile(r"(?<!\w)_+|_+(?!\w)")

_POINTER = re.compile(
    r"^\(?(?:also,?\s+|please\s+)*(?:for\s[^.]{3,160}?,\s+)?(?:also,?\s+|please\s+)*"
    r"(?:see|refer\sto|consult)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"https?:|\bwww\.|\b(?:reports?|findings|list|annex|appendix|sections?|subsections?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!])[)”\"’]?\s+(?=[A-Z“\"(])")


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """Where a paragraph stands in the source, as a layout cut it.

    `spans` are the pieces that belong to it, in order, as (start, end) character
    offsets; `section` is the heading path above it, outermost first.
    """

    spans: tuple[tuple[int, int], ...]
    section: tuple[str, ...]
    page: int | None = None


def clean(text: str) -> str:
    """The text that a coder reads: one line, without Markdown marks or escapes.

    White space is collapsed, emphasis (``*x*``, ``**x**``, ``_x_``), links
    (``[x](y)``) and escapes (``\\$``) give their words, images and invisible
    characters go. A hyphen at a line's end keeps its word together.
    """
    text = _INVISIBLE.sub("", text)
    text = _WRAPPED_HYPHEN.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(" ", text))
    if "*" in text:
        text = _STARS.sub(r"\2", _STARS.sub(r"\2", text))
    if "_" in text:
        text = _BARS.sub(r"\2", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split())


def normalise(text: str) -> str:
    """The text by which two paragraphs count as the same words; never shown.

    NFKC and case-folded; quotation marks and dashes are unified, Markdown
    marks and escapes dropped, white space collapsed. Applied to raw text and to
    its `clean` form it gives the same.
    """
    text = unicodedata.normalize("NFKC", clean(text)).translate(_UNIFIED)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "_" in text:
        text = _EDGE_BARS.sub("", text)
    text = _DASHES.sub("-", text).replace("''", '"')
    text = unicodedata.normalize("NFKC", text.casefold())
    return " ".join(text.split())


def paragraph_id(report_id: str, text: str, occurrence: int = 0) -> str:
    """The stable name of a paragraph: its report and a hash of its own words.

    `occurrence` counts paragraphs of the same words earlier in the report
    (0 for the first), so that a repeated sentence has ids of its own.
    """
    return _id_of(report_id, normalise(text), occurrence)


def _id_of(report_id: str, words: str, occurrence: int) -> str:
    digest = hashlib.sha256(f"{words}\x00{occurrence}".encode("utf-8", "surrogatepass"))
    return f"{report_id}.{digest.hexdigest()[:ID_DIGITS]}"


def kind_of(text: str) -> str:
    """``cross-reference`` where every sentence only points to another text, else ``text``."""
    for sentence in _SENTENCE_END.split(text):
        if not (_POINTER.match(sentence) and _ELSEWHERE.search(sentence)):
            return "text"
    return "cross-reference"


def join_spans(source: str, spans: Iterable[tuple[int, int]]) -> str:
    """The raw text of a paragraph: its pieces, a line each."""
    return "\n".join(source[start:end] for start, end in spans)


def build_paragraphs(
    report_id: str, source: str, pieces: Iterable[RawParagraph]
) -> tuple[Paragraph, ...]:
    """The records for what a layout cut from `source`, in order, empty pieces left out."""
    seen: Counter[str] = Counter()
    records: list[Paragraph] = []
    for piece in pieces:
        text = clean(join_spans(source, piece.spans))
        if not any(character.isalnum() for character in text):
            continue
        words = normalise(text)
        records.append(
            Paragraph(
                paragraph_id=_id_of(report_id, words, seen[words]),
                report_id=report_id,
                position=len(records),
                section=piece.section,
                text=text,
                start=piece.spans[0][0],
                end=piece.spans[-1][1],
                spans=piece.spans,
                page=piece.page,
                kind=kind_of(text),
            )
        )
        seen[words] += 1
    return tuple(records)
