"""PDF files to text: the door of this package.

The words and their places come from pdfium; columns, lines and paragraphs are worked out
from the places. Left out of the text: running headers and footers, page numbers, footnotes
and their marks, tables of contents with leaders, text at another angle than the page's.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from workbench.errors import ReportError
from workbench.reports.extracting import Extracted
from workbench.reports.pdf.columns import read_columns
from workbench.reports.pdf.footnotes import drop_footnotes
from workbench.reports.pdf.lines import read_lines
from workbench.reports.pdf.margins import drop_margins
from workbench.reports.pdf.measures import measure_setting, roomy_pages
from workbench.reports.pdf.paragraphs import group_lines
from workbench.reports.pdf.process import read_words
from workbench.reports.pdf.words import Page, body_size, drop_artifacts
from workbench.reports.pdf.writing import Written, write_text

ENCODING = "pdf-text"
#: A page with fewer letters than this has no text to speak of.
FEWEST_LETTERS = 20
#: Text of which a smaller share is letters and digits comes from fonts without codes.
FEWEST_READABLE = 0.5

_TAIL = 4096
_TITLE_START = re.compile(r"microsoft\s+(?:word|powerpoint)\s*-\s*", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|rtf|odt|pptx?|html?|qxd|tmp)\b|[\\/_]|^\W*$", re.I)


def extract_pdf(data: bytes, name: str) -> Extracted:
    """The text of a PDF report: each paragraph one line, blank lines between them.

    Headings are marked as in Markdown (``## ``), characters that would be marks have a
    backslash. A paragraph that a page's end cuts is whole and stands on the page where it
    begins. Footnotes are left out. `name` is the file's, for errors. `pages` has the offset
    of each page's first word; `title` is the file's own where the text bears it out.

    Raises ReportError for a file that is empty, no PDF, cut short, damaged, encrypted, too
    large, or without text, as scanned pages are.
    """
    warnings = _check_ends(data, name)
    found = read_words(data, name)
    warnings += _check_text(found.pages, name)
    written = lay_out(found.pages)
    if not written.text.strip():
        raise _without_text(name, found.pages)
    language = re.match(r"[A-Za-z]{2,3}\b", found.language)
    return Extracted(
        written.text,
        ENCODING,
        written.pages,
        _plausible_title(found.title, written.text),
        language[0].lower() if language else None,
        tuple(warnings),
    )


def lay_out(pages: Sequence[Page]) -> Written:
    """The text of pages of words; pure."""
    kept = drop_artifacts(pages)
    body = body_size(kept)
    kept = drop_margins(kept, body)
    printed = read_lines(read_columns(kept, body), body)
    lines = drop_footnotes(printed, body)
    setting = measure_setting(lines, body)
    setting = replace(setting, roomy_pages=roomy_pages(printed, setting.pitch * body))
    return write_text(group_lines(lines, setting), setting, len(pages))


def _check_ends(data: bytes, name: str) -> list[str]:
    """Whether the file begins and ends as a PDF does; a mended index is worth a warning."""
    if not data.strip():
        raise ReportError(f"{name} is empty", "get the file again")
    if b"%PDF-" not in data[:1024]:
        raise ReportError(f"{name} is no PDF", "see that the file is what its name says")
    tail = data[-_TAIL:]
    if b"startxref" not in tail and b"%%EOF" not in tail:
        raise ReportError(
            f"{name} is cut short: the end of the PDF is missing", "get the whole file again"
        )
    start = re.findall(rb"startxref\s+(\d{1,12})", tail)
    index = data[int(start[-1]) :][:40].lstrip() if start else b""
    if not re.match(rb"xref|\d+\s+\d+\s+obj", index):
        return ["the index of the PDF is damaged and was made anew: see that no page is missing"]
    return []


def _check_text(pages: Sequence[Page], name: str) -> list[str]:
    """Whether the pages have text that can be read, and which of them are pictures."""
    if not pages:
        raise ReportError(f"{name} is a PDF without pages", "get the file again")
    text = "".join(word.text for page in pages for word in page.words)
    pictured = [
        number
        for number, page in enumerate(pages, 1)
        if page.pictured and sum(len(word.text) for word in page.words) < FEWEST_LETTERS
    ]
    if len(text) < FEWEST_LETTERS or (pictured and len(pictured) > 0.8 * len(pages)):
        raise _without_text(name, pages)
    readable = sum(c.isalnum() or c in ".,;:'’“”\"()-" for c in text)
    if readable < FEWEST_READABLE * len(text) or text.count("\ufffd") > 0.2 * len(text):
        raise ReportError(
            f"{name} has text that cannot be read: its fonts do not say which letters they show",
            "run OCR on it, for example with ocrmypdf --force-ocr, and ingest the result",
        )
    if pictured:
        numbers = ", ".join(map(str, pictured[:10])) + (" ..." if len(pictured) > 10 else "")
        return [f"images without text were not read on page {numbers}"]
    return []


def _without_text(name: str, pages: Sequence[Page]) -> ReportError:
    if any(page.pictured for page in pages):
        return ReportError(
            f"{name} is a scanned PDF: its pages are images without text, and OCR is needed",
            "run OCR on it, for example with ocrmypdf, and ingest the result",
        )
    return ReportError(
        f"{name} is a PDF without text", "see that it shows text that can be selected, or run OCR"
    )


def _plausible_title(title: str, text: str) -> str | None:
    """The file's title, where it reads as one and the report's first words bear it out."""
    title = " ".join(_TITLE_START.sub("", title).split())
    words = [word.lower() for word in re.findall(r"[^\W_]{2,}", title)]
    if not 3 <= len(title) <= 250 or not words or _FILE_NAME.search(title):
        return None
    front = set(re.findall(r"[^\W_]{2,}", text[:4000].lower()))
    return title if sum(word in front for word in words) >= 0.6 * len(words) else None
