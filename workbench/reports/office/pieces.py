"""What DOCX and ODT have in common once their mark-up is read: paragraphs of runs.

Pure. A run's text holds a line feed for a line that was ended inside its
paragraph and a form feed for a page that was.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from workbench.reports.layouts.forms import finished, heading_form, sentence

#: The level of a document's title, above the headings, which count from 1.
TITLE = 0
#: The mark of an item in a list without numbers.
BULLET = "-"

_BREAKS = re.compile(r"[ \t\xa0]*(?:\f[\s\xa0]*|\n(?:[ \t\xa0]*\n)+[\s\xa0]*)")
# A bullet that was typed in a font of symbols.
_SYMBOL_BULLET = re.compile("^\\s*[\ue000-\uf8ff]\\s+")
_SYMBOLS = re.compile("[\ue000-\uf8ff]")
_CONTENTS_LINE = re.compile(r"\S[^\n]*(?:\t|\.{4,}|…{2,})\s*(?:\d{1,4}|[ivxl]{1,6})\s*")
_SUBLABEL = re.compile(r"[.:–—-]")


@dataclass(frozen=True, slots=True)
class Look:
    """How words look: `size` in points, 0 where the file does not say."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    size: float = 0.0


#: The look of words of which nothing is known.
PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look and one language (an ISO 639-1 code, "" where unknown)."""

    text: str
    look: Look = PLAIN
    language: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, heading or list item.

    `level` is that of a heading by its style, None for other paragraphs; `mark`
    stands before a list item or a numbered paragraph ("-", "12.", "(a)").
    `boxed` says that it stands in a table or a text box beside the text.
    """

    runs: tuple[Run, ...]
    level: int | None = None
    mark: str = ""
    boxed: bool = False
    text: str = field(init=False)

    def __post_init__(self) -> None:
        raw = "".join(run.text for run in self.runs)
        object.__setattr__(self, "text", one_line(raw))


def one_line(raw: str) -> str:
    """The words of a paragraph with one space between them, symbols without a meaning left out."""
    return " ".join(_SYMBOLS.sub(" ", raw).split()) if raw else ""


def words_of(piece: Piece) -> str:
    """The words that a coder is to read of a piece, its mark first."""
    return f"{piece.mark} {piece.text}" if piece.mark else piece.text


def split_piece(piece: Piece) -> list[Piece]:
    """The paragraphs that a piece really is, without those that hold no word.

    Lines that were ended twice part paragraphs, so does the end of a page; a bold
    line above plain words is their heading. A line of a table of contents (its
    last word the number of a page, after a tab or dots) is none.
    """
    raw = "".join(run.text for run in piece.runs)
    if not any(letter.isalpha() for letter in raw):
        return []
    if "\n" not in raw and "\f" not in raw:
        return [_with_symbol(piece)] if _has_words(piece) else []
    cuts = [match.span() for match in _BREAKS.finditer(raw)]
    parts: list[Piece] = []
    start = 0
    for stop, after in [*cuts, (len(raw), len(raw))]:
        parts += _split_heading(_between(piece, start, stop))
        start = after
    kept = [_with_symbol(part) for part in parts if _has_words(part)]
    if kept and piece.mark:
        kept[0] = replace(kept[0], mark=piece.mark)
    return kept


def _has_words(piece: Piece) -> bool:
    if not any(letter.isalpha() for letter in piece.text):
        return False
    raw = "".join(run.text for run in piece.runs).strip()
    return not _CONTENTS_LINE.fullmatch(raw)


def _between(piece: Piece, start: int, stop: int) -> Piece:
    """The piece of a piece between two places in its raw text, without its mark."""
    runs: list[Run] = []
    at = 0
    for run in piece.runs:
        text = run.text[max(0, start - at) : max(0, stop - at)]
        at += len(run.text)
        if text:
            runs.append(replace(run, text=text))
    return replace(piece, runs=tuple(runs), mark="")


def _split_heading(piece: Piece) -> list[Piece]:
    """A bold line, in a heading's form, and the plain words that begin on the line below it."""
    if piece.level is not None:
        return [piece]
    at = 0
    bold_to = 0
    for run in piece.runs:
        if not run.look.bold and run.text.strip():
            break
        at += len(run.text)
        bold_to = at
    raw = "".join(run.text for run in piece.runs)
    head, rest = raw[:bold_to], raw[bold_to:]
    following = re.match(r"[ \t\xa0]*\n", rest)
    ended = head.rstrip(" \t\xa0").endswith("\n")
    if not rest.strip() or "\n" in head.strip() or not (ended or following):
        return [piece]
    if not heading_form(one_line(head) or "."):
        return [piece]
    return [_between(piece, 0, bold_to), _between(piece, bold_to, len(raw))]


def _with_symbol(piece: Piece) -> Piece:
    """The piece with its typed bullet of a symbol font as its mark."""
    raw = "".join(run.text for run in piece.runs)
    return replace(piece, mark=BULLET) if not piece.mark and _SYMBOL_BULLET.match(raw) else piece


def keep_prose(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces of a cell or a box if there is a sentence among them, else none."""
    kept = [part for piece in pieces for part in split_piece(piece)]
    if not any(sentence(piece.text) for piece in kept):
        return []
    return [replace(piece, boxed=True) for piece in kept]


def leading_label(piece: Piece) -> str:
    """The words at a paragraph's start that are set off by their look and head it, or "".

    They end in a colon, a full stop or a dash, or one stands right after them.
    """
    first = next((run for run in piece.runs if run.text.strip()), None)
    if first is None or not (first.look.bold or first.look.italic or first.look.underlined):
        return ""
    raw = ""
    for run in piece.runs:
        if run.text.strip() and (run.look.bold, run.look.italic, run.look.underlined) != (
            first.look.bold, first.look.italic, first.look.underlined,
        ):  # fmt: skip
            break
        raw += run.text
    label = one_line(raw)
    rest = piece.text[len(label) :].lstrip() if piece.text.startswith(label) else ""
    if not rest or not label:
        return ""
    return label if _SUBLABEL.match(label[-1]) or _SUBLABEL.match(rest) else ""


def most_language(pieces: Sequence[Piece]) -> str | None:
    """The language that most of the words are marked as, None where they are not."""
    counts: dict[str, int] = {}
    for piece in pieces:
        for run in piece.runs:
            counts[run.language] = counts.get(run.language, 0) + len(run.text)
    best = max(counts, key=lambda language: counts[language], default="")
    return best or None


def is_sentence(text: str) -> bool:
    """Whether a paragraph is too much of a sentence to be a heading, whatever its style."""
    words = len(text.split())
    return words > 40 or (words > 14 and finished(text) and not text.endswith((":", "?")))
