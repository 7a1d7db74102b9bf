"""Report files to documents: what a file is, its text, its layout, its paragraphs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import ReportError
from workbench.records import Document, Given, Paragraph, Report
from workbench.reports.countries import country_of, find_country
from workbench.reports.decoding import decode, doubts, refuse_garbled
from workbench.reports.extracting import Extracted
from workbench.reports.formats import HTML, PDF, TEXT, format_of
from workbench.reports.gathering import ReportFile, load_file
from workbench.reports.html.decoding import MOST_BYTES, declared_codec, decode_page
from workbench.reports.html.reading import build_page_paragraphs, read_page
from workbench.reports.html.words import words_of
from workbench.reports.languages import detect_language
from workbench.reports.layouts import choose_layout
from workbench.reports.metadata import Metadata, amend, detect, make_report_id, make_title
from workbench.reports.office.kinds import DOCX, ODT
from workbench.reports.paragraphs import build_paragraphs
from workbench.reports.splitting import split_long
from workbench.reports.words import clean

#: Raised when the same file would give other paragraphs than before: it is then read again.
READER_VERSION = 2
#: So many paragraphs of a page tell its language.
LANGUAGE_PIECES = 40
_NOTHING = Given()


def read_document(
    file: Path | ReportFile, given: Given = _NOTHING, most_words: int | None = None
) -> Document:
    """Read a report file: its text, what it is, its paragraphs, and what is doubtful.

    As `build_document`, which see; the file is loaded first. Raises ReportError for
    a file that is missing or unreadable too.
    """
    file = ReportFile(file) if isinstance(file, Path) else file
    return build_document(load_file(file), file.name, file.stem, given, most_words)


def build_document(
    data: bytes, name: str, stem: str, given: Given = _NOTHING, most_words: int | None = None
) -> Document:
    """The document that the bytes of a report file hold; pure.

    What is given stands; the rest is detected, from the content first, then from
    `stem`, the file's name without its suffix. `name` is what messages call it.
    Paragraphs of more than `most_words` words are split at sentences where it is
    given. Character offsets count in `source_text` of the same bytes.

    Raises ReportError for a file that is empty, damaged, not in a readable encoding,
    of a format without a reader, or without a paragraph.
    """
    cut = _read_page(data, name, stem) if format_of(data) == HTML else _read_text(data, name, stem)
    found = amend(
        cut.found,
        source=given.source,
        country=given.country,
        year=given.year,
        title=given.title,
        language=given.language,
    )
    report_id = given.report_id or make_report_id(found, stem)
    paragraphs = cut.build(report_id)
    if not paragraphs:
        raise ReportError(
            f"{name} has no paragraph: no sentence was found in it",
            "see that it is a report as text, with line ends or headings between paragraphs",
        )
    refuse_garbled("\n".join(paragraph.text for paragraph in paragraphs), name)
    if most_words is not None:
        paragraphs = split_long(paragraphs, cut.source, most_words, cut.words, cut.page_at)
    report = Report(
        report_id=report_id,
        title=found.title or make_title(found, stem),
        source=found.source,
        country=found.country,
        year=found.year,
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=cut.encoding,
        layout=cut.layout,
        country_code=found.country_code,
        language=found.language,
        reader=reader_of(most_words),
        given=given,
    )
    warnings = (*cut.warnings, *found.warnings, *_contradicted(cut.found, given))
    return Document(report, paragraphs, (*warnings, *_unknown(report)))


def reader_of(most_words: int | None) -> str:
    """What a report's `reader` says: our version, and the length at which we split."""
    return str(READER_VERSION) if most_words is None else f"{READER_VERSION}/{most_words}"


def split_of(reader: str) -> int | None:
    """The length at which a report with this `reader` was split, None where it was not."""
    _, _, most_words = reader.partition("/")
    return int(most_words) if most_words else None


def source_text(data: bytes, report: Report) -> str:
    """The text in which the character offsets of a report's paragraphs count.

    `data` are the bytes of its file. Raises ReportError as `build_document` does.
    """
    if format_of(data) == HTML:
        return decode_page(data, report.file)[0]
    return _extract(data, report.file).text


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a format's reader made of a file; `build` gives the paragraphs of a report id.

    `source` is the text in which offsets count, `words` what coders read of a
    piece of it, `page_at` the page on which a place of it stands.
    """

    source: str
    words: Callable[[str], str]
    page_at: Callable[[int], int | None] | None
    encoding: str
    layout: str
    found: Metadata
    warnings: tuple[str, ...]
    build: Callable[[str], tuple[Paragraph, ...]]


def _read_text(data: bytes, name: str, stem: str) -> _Cut:
    extracted = _extract(data, name)
    text = extracted.text
    layout, why = choose_layout(text)
    found = detect(text, stem, layout.source, declared=extracted.language, title=extracted.title)

    def build(report_id: str) -> tuple[Paragraph, ...]:
        pieces = layout.cut(text)
        if extracted.pages:
            pieces = [replace(p, page=extracted.page_at(p.spans[0][0])) for p in pieces]
        return build_paragraphs(report_id, text, pieces)

    return _Cut(
        text,
        clean,
        extracted.page_at if extracted.pages else None,
        extracted.encoding,
        layout.name,
        found,
        (*extracted.warnings, *why),
        build,
    )


def _read_page(data: bytes, name: str, stem: str) -> _Cut:
    """A saved web page: what it says of itself first, its file name after that."""
    source, encoding = decode_page(data, name)
    content = read_page(source, name)
    found = detect(content.title, stem, content.source, declared=content.language)
    hint = content.country
    # A page of nobody we know may show any name where a publisher shows the country.
    if hint and hint != found.country and (content.source or find_country(hint)):
        found = amend(found, country=hint)
    body = "\n".join(piece.text for piece in content.pieces[:LANGUAGE_PIECES])
    found = replace(
        found,
        source=content.source or found.source,
        year=content.year or found.year,
        title=content.title or None,
        language=detect_language(body, content.language),
    )
    declared = declared_codec(data)
    wrong = declared and declared != encoding.removesuffix("-sig") and not source.isascii()
    misled = (f"the page says that it is {declared}; it is {encoding}",) if wrong else ()
    return _Cut(
        source,
        words_of,
        None,
        encoding,
        content.layout,
        found,
        # Of its encoding only: a page's scripts may hold what in its text would be garbled.
        (*misled, *doubts("", encoding, declared), *content.warnings),
        lambda report_id: build_page_paragraphs(report_id, content),
    )


def _extract(data: bytes, name: str) -> Extracted:
    kind = format_of(data)
    if kind not in EXTRACTORS:
        raise ReportError(
            f"{name} is {kind}, which has no reader",
            f"save it as one of {', '.join(EXTRACTORS)}, HTML, and ingest that",
        )
    return EXTRACTORS[kind](data, name)


def _extract_text(data: bytes, name: str) -> Extracted:
    if len(data) > MOST_BYTES:
        raise ReportError(
            f"{name} is a text of {len(data) / 1e6:.0f} MB: at most "
            f"{MOST_BYTES / 1e6:.0f} MB are read",
            "split it into its reports",
        )
    text, encoding = decode(data, name)
    return Extracted(text, encoding, warnings=doubts(text, encoding))


def _extract_pdf(data: bytes, name: str) -> Extracted:
    # Imported when needed, as those below: their libraries cost every other command time.
    from workbench.reports.pdf.reading import extract_pdf

    return extract_pdf(data, name)


def _extract_docx(data: bytes, name: str) -> Extracted:
    from workbench.reports.office.docx import extract_docx

    return extract_docx(data, name)


def _extract_odt(data: bytes, name: str) -> Extracted:
    from workbench.reports.office.odt import extract_odt

    return extract_odt(data, name)


#: The formats whose text is extracted for a layout to cut, and how. HTML has layouts of its own.
EXTRACTORS: dict[str, Callable[[bytes, str], Extracted]] = {
    TEXT: _extract_text,
    PDF: _extract_pdf,
    DOCX: _extract_docx,
    ODT: _extract_odt,
}


def _contradicted(found: Metadata, given: Given) -> tuple[str, ...]:
    """What is given and is not what the report says: it stands, but may be a slip."""
    doubts = [
        f"the {name} is given as {said}, the report says {own}"
        for name in ("source", "country", "year", "language")
        if (said := getattr(given, name)) is not None
        and (own := getattr(found, name)) is not None
        and said not in (own, found.country_code)
    ]
    if given.country is not None and not (country_of(given.country) or find_country(given.country)):
        doubts.append(f"{given.country} is no country that ISO 3166 has: it gets no code")
    return tuple(doubts)


def _unknown(report: Report) -> tuple[str, ...]:
    missing = [field for field in ("source", "country", "year") if getattr(report, field) is None]
    if not missing:
        return ()
    options = " ".join(f"--{field}" for field in missing)
    return (f"neither the report nor its name says its {', '.join(missing)}: give {options}",)
