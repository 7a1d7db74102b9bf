"""Words and lines with their places: what the geometry of a page is told in.

Pure. Lengths are points; `y` is a baseline's distance from the top of the page.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    # pdfium's sign for a hyphen at a line's end; bullets of symbol fonts, which have no code.
    | {"\x02": "-", "\ufffe": "-", "\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "•", "\uf076": "•"}
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page. `joined` says that no space parts it from the one before."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    italic: bool = False
    artifact: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its width and height, its words, and whether a large image is on it."""

    width: float
    height: float
    words: tuple[Word, ...]
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column.

    `page` counts from 0. `region` numbers the columns of the whole report in
    reading order; `left` and `right` are the edges between which its text is set.
    """

    words: tuple[Word, ...]
    page: int
    region: int
    y: float
    x0: float
    x1: float
    size: float
    left: float = 0.0
    right: float = 0.0

    @property
    def text(self) -> str:
        """The words of the line, a space between those that are not joined."""
        return join_words(self.words)

    @property
    def bold(self) -> bool:
        """Whether all of its words are bold."""
        return all(word.bold for word in self.words)

    @property
    def italic(self) -> bool:
        """Whether all of its words are italic."""
        return all(word.italic for word in self.words)


def join_words(words: Iterable[Word]) -> str:
    """The text of words of one line."""
    text = ""
    for word in words:
        text += word.text if word.joined or not text else f" {word.text}"
    return text


def make_page(
    box: Sequence[float], found: Iterable[Sequence[object]], pictured: bool = False
) -> Page:
    """A page from what the worker says of it, turned upright.

    `box` is left, bottom, right, top; a word is text, x, y, width, size, the angle of
    its line in degrees, and whether bold, italic, artifact, joined. Words that
    stand at another angle than most, or off the page, are left out.
    """
    left, bottom, right, top = box
    found = list(found)
    angles = Counter[int]()
    for word in found:
        angles[int(word[5])] += len(str(word[0]))
    angle = angles.most_common(1)[0][0] if angles else 0
    turn = math.radians(-angle)
    cos, sin = round(math.cos(turn), 6), round(math.sin(turn), 6)
    corners = [(x * cos - y * sin, x * sin + y * cos) for x in (left, right) for y in (bottom, top)]
    first, last = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    words: list[Word] = []
    for text, x, y, width, size, of_word, bold, italic, artifact, joined in found:
        if abs((of_word - angle + 180) % 360 - 180) > 2:
            continue
        across, down = x * cos - y * sin - first, high - (x * sin + y * cos)
        clean = clean_characters(text)
        inside = -size < across < last - first and 0 <= down <= high - low + size
        if clean and inside:
            words.append(
                Word(
                    clean, across, across + width, down, size,
                    bool(bold), bool(italic), bool(artifact), bool(joined),
                )
            )  # fmt: skip
    return Page(last - first, high - low, tuple(_once(words)), pictured)


def clean_characters(text: str) -> str:
    """A word's characters as they are read: ligatures spelt out, invisible ones left out."""
    text = text.translate(_LIGATURES)
    if text.isascii() and text.isprintable():
        return text
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", text).replace("\u00ad", "-" if text.endswith("\u00ad") else "")


def _once(words: list[Word]) -> list[Word]:
    """The words without those printed twice over each other to look bold."""
    seen: dict[tuple[str, int, int], Word] = {}
    for word in words:
        key = (word.text, round(word.x0 / 2), round(word.y / 2))
        if key not in seen:
            seen[key] = word
    return list(seen.values())


def drop_artifacts(pages: Sequence[Page]) -> list[Page]:
    """The pages without what the file itself marks as no content of the report.

    Not done where that would take a large part of the text: then the marks are wrong.
    """
    total = sum(len(word.text) for page in pages for word in page.words)
    marked = sum(len(word.text) for page in pages for word in page.words if word.artifact)
    if not marked or marked > 0.3 * total:
        return list(pages)
    return [
        replace(page, words=tuple(word for word in page.words if not word.artifact))
        for page in pages
    ]


def body_size(pages: Sequence[Page]) -> float:
    """The size of most of the text."""
    sizes = Counter[float]()
    for page in pages:
        for word in page.words:
            sizes[round(word.size * 4) / 4] += len(word.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=10.0)


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand on about the same baseline, from the top down, each row from the left."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y, word.x0)):
        if rows and word.y - rows[-1][0].y <= 0.25 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return rows
