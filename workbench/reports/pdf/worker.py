"""The words of a PDF and where they stand, read by pdfium in a process of its own.

    python worker.py < report.pdf

Run as a program, never imported by workbench: the file comes from anywhere and
pdfium is C++, so that a crash, a hang or a bomb must end this process only. It
writes one JSON object; `process` says what is in it.
"""

import ctypes
import json
import math
import sys

import pypdfium2.raw as pdfium

#: Far more pages and words than a report has: what claims more is a bomb or damaged.
MOST_PAGES = 4_000
MOST_WORDS = 4_000_000
#: Bytes of memory and seconds of a processor that reading one file may take.
MEMORY = 4 << 30
PROCESSOR_SECONDS = 300

# A character further from the one before it than these shares of the font's size
# belongs to another word, though no space was written between them.
_RISE, _BACK, _AHEAD = 0.12, -0.3, 2.0
_BREAKS = frozenset("\t\n\r\x0b\x0c \x00\u00a0\u2000\u2001\u2002\u2003\u2009\u200a\u202f\u3000")
_LARGE_IMAGE = 0.25

_Box = list[float]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits.
        return
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(kind, (most, hard))


def _string(read: object, *args: object) -> str:
    """What a pdfium function writes as UTF-16 into a buffer of the size that it asks for."""
    size = read(*args, None, 0)  # type: ignore[operator]
    if not 2 < size < 100_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    read(*args, buffer, size)  # type: ignore[operator]
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _read(data: bytes) -> dict[str, object]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        code = pdfium.FPDF_GetLastError()
        known = {pdfium.FPDF_ERR_PASSWORD: "password", pdfium.FPDF_ERR_SECURITY: "password"}
        return {"error": known.get(code, "damaged")}
    count = pdfium.FPDF_GetPageCount(document)
    if count > MOST_PAGES:
        return {"error": "pages", "pages": count}
    pages: list[dict[str, object]] = []
    words = 0
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page) if page else None
        if not text:
            return {"error": "page", "pages": number + 1}
        found = _Words(text).read()
        words += len(found)
        if words > MOST_WORDS:
            return {"error": "words", "pages": number + 1}
        pages.append({"box": _box_of(page), "words": found, "pictured": _pictured(page)})
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    return {
        "pages": pages,
        "title": _string(pdfium.FPDF_GetMetaText, document, b"Title"),
        "language": _string(pdfium.FPDFCatalog_GetLanguage, document),
    }


def _box_of(page: object) -> _Box:
    """The part of a page that is shown: left, bottom, right, top, in points."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box):
        return [0.0, 0.0, 612.0, 792.0]
    return [box.left, box.bottom, box.right, box.top]


def _pictured(page: object) -> bool:
    """Whether an image covers a large part of a page."""
    left, bottom, right, top = _box_of(page)
    edges = [ctypes.c_float() for _ in range(4)]
    for number in range(min(pdfium.FPDFPage_CountObjects(page), 1000)):
        thing = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if pdfium.FPDFPageObj_GetBounds(thing, *edges):
            x0, y0, x1, y1 = (edge.value for edge in edges)
            if (x1 - x0) * (y1 - y0) > _LARGE_IMAGE * (right - left) * (top - bottom):
                return True
    return False


class _Words:
    """The words of a page, in the order of its content."""

    def __init__(self, text: object) -> None:
        self._text = text
        self._objects: dict[int, tuple[float, bool, bool, bool]] = {}
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._found: list[list[object]] = []

    def read(self) -> list[list[object]]:
        text = self._text
        get_unicode, get_origin = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharOrigin
        x, y = ctypes.c_double(), ctypes.c_double()
        word: list[str] = []
        first = last = 0
        x0 = y0 = at = size = 0.0
        across, up = 1.0, 0.0
        style: tuple[bool, bool, bool] = (False, False, False)
        joined = False
        for index in range(pdfium.FPDFText_CountChars(text)):
            character = chr(min(get_unicode(text, index), 0x10FFFF))
            if character in _BREAKS:
                if word:
                    self._add(word, x0, y0, last, at, (across, up), size, style, joined)
                    word = []
                joined = False
                continue
            get_origin(text, index, x, y)
            dx, dy = x.value - x0, y.value - y0
            along = dx * across + dy * up
            if word:
                rise = abs(dy * across - dx * up)
                step = along - at
                if rise > _RISE * size or not _BACK * size <= step <= _AHEAD * size:
                    self._add(word, x0, y0, last, at, (across, up), size, style, joined)
                    word = []
                    joined = rise <= size and _BACK * size <= step <= _AHEAD * size
            if not word:
                x0, y0, along = x.value, y.value, 0.0
                first = index
                size, across, up, style = self._style(first)
            word.append(character)
            last, at = index, along
        if word:
            self._add(word, x0, y0, last, at, (across, up), size, style, joined)
        return self._found

    def _style(self, index: int) -> tuple[float, float, float, tuple[bool, bool, bool]]:
        """The size of a character, the direction of its line, whether bold, italic, artifact."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text, index, matrix)
        thing = pdfium.FPDFText_GetTextObject(self._text, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if address not in self._objects:
            self._objects[address] = _look_at(thing)
        points, *style = self._objects[address]
        length = math.hypot(matrix.a, matrix.b)
        size = points * math.hypot(matrix.c, matrix.d)
        if not (length and math.isfinite(length) and size > 0 and math.isfinite(size)):
            return 1.0, 1.0, 0.0, tuple(style)
        return size, matrix.a / length, matrix.b / length, tuple(style)

    def _add(
        self,
        word: list[str],
        x: float,
        y: float,
        last: int,
        at: float,
        direction: tuple[float, float],
        size: float,
        style: tuple[bool, bool, bool],
        joined: bool,
    ) -> None:
        across, up = direction
        width = at + 0.5 * size
        if across > 0.99:
            pdfium.FPDFText_GetCharBox(self._text, last, *self._edges)
            width = max(self._edges[1].value - x, at)
        angle = round(math.degrees(math.atan2(up, across))) % 360
        numbers = [round(number, 2) for number in (x, y, width, size)]
        self._found.append(["".join(word), *numbers, angle, *map(int, (*style, joined))])


def _look_at(thing: object) -> tuple[float, bool, bool, bool]:
    """A text object's font size, and whether it is bold, italic, marked as an artifact."""
    points = ctypes.c_float()
    if not thing or not pdfium.FPDFTextObj_GetFontSize(thing, points):
        return 1.0, False, False, False
    font = pdfium.FPDFTextObj_GetFont(thing)
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
    name = buffer.value.decode("latin-1").lower()
    bold = any(sign in name for sign in ("bold", "black", "heavy", "demi")) or name.endswith(
        ("-bd", "cmbx10", "cmbx12")
    )
    bold = bold or pdfium.FPDFFont_GetWeight(font) >= 600
    italic = "italic" in name or "oblique" in name
    return points.value, bold, italic, _is_artifact(thing)


def _is_artifact(thing: object) -> bool:
    size = ctypes.c_ulong()
    buffer = (ctypes.c_ushort * 32)()
    for number in range(max(pdfium.FPDFPageObj_CountMarks(thing), 0)):
        mark = pdfium.FPDFPageObj_GetMark(thing, number)
        named = pdfium.FPDFPageObjMark_GetName(mark, buffer, 64, size)
        if named and bytes(buffer)[: size.value].decode("utf-16-le", "replace") == "Artifact\0":
            return True
    return False


def main() -> None:
    """Read a PDF from standard input and write what was found to standard output."""
    _limit()
    found = _read(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(found, separators=(",", ":")).encode("ascii"))


if __name__ == "__main__":
    main()
