"""A saved web page to its paragraphs: the way in for the rest of `reports`."""

from dataclasses import dataclass

from workbench.errors import ReportError
from workbench.records import Paragraph
from workbench.reports.decoding import garbled
from workbench.reports.html.cutting import PagePiece
from workbench.reports.html.layouts import choose_layout
from workbench.reports.html.page import parse_page
from workbench.reports.html.words import words_of
from workbench.reports.kinds import kind_of
from workbench.reports.paragraphs import ParagraphNames
from workbench.reports.runins import marked_start_of_html, run_in_of, with_run_in

#: So many characters of a paragraph's mark-up show the heading that it begins with.
_START = 1200


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a page.

    `text` is what a coder reads. `section` is the path of the headings above it,
    outermost first, `run_in` the heading that it begins with, if it does.
    `spans` are the blocks it was made of, as (start, end) character offsets into
    the source of the page, end exclusive, and `start`, `end` reach from the first
    to the last of them: `source[start:end]` is the paragraph's mark-up. `raw_words`
    gives the text again. `kind` is one of `records.KINDS`.
    """

    text: str
    section: tuple[str, ...]
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    kind: str
    run_in: str | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page holds: its paragraphs in reading order, and what it says of itself.

    `country` is as the page writes it, `year` the year covered, `source` who
    publishes it, `language` the two letters of its declared language; each None
    where the page does not tell. `warnings` say what the reader doubts.
    """

    pieces: tuple[Piece, ...]
    title: str
    country: str | None
    year: int | None
    source: str | None
    language: str | None
    layout: str
    warnings: tuple[str, ...]


def read_page(html: str, name: str) -> PageContent:
    """The paragraphs of the report on a saved web page; pure.

    `html` is the decoded source, in whose characters the offsets count; `name`
    is for messages only. The layout is chosen by content; with two claims or
    none the generic one reads the page and a warning says so.

    Raises ReportError where no paragraph of a report is found.
    """
    page = parse_page(html)
    layout, doubt = choose_layout(page)
    pieces = tuple(
        Piece(
            text=piece.text,
            section=piece.section,
            start=piece.spans[0][0],
            end=piece.spans[-1][1],
            spans=tuple(piece.spans),
            kind=kind_of(piece.text, piece.section),
            run_in=_run_in_of(html, piece),
        )
        for piece in layout.cut(page)
    )
    if not pieces:
        raise ReportError(
            f"{name} is a web page without paragraphs of a report",
            "save the page when its text is shown, not only its frame",
        )
    hints = layout.hints(page)
    return PageContent(
        pieces=pieces,
        title=page.title,
        country=hints.country,
        year=hints.year,
        source=layout.source,
        language=page.head.language or None,
        layout=layout.name,
        warnings=(
            *((doubt,) if doubt else ()),
            *garbled("\n".join(piece.text for piece in pieces)),
        ),
    )


def _run_in_of(html: str, piece: PagePiece) -> str | None:
    start, end = piece.spans[0]
    marked = marked_start_of_html(html[start : min(end, start + _START)])
    return run_in_of(piece.text, words_of(marked) if marked else "")


def build_page_paragraphs(report_id: str, content: PageContent) -> tuple[Paragraph, ...]:
    """The records for the pieces of a page, named as those of text reports are."""
    names = ParagraphNames(report_id)
    records: list[Paragraph] = []
    for piece in content.pieces:
        records.append(
            Paragraph(
                paragraph_id=names.name(piece.text),
                report_id=report_id,
                position=len(records),
                section=with_run_in(piece.section, piece.run_in),
                text=piece.text,
                start=piece.start,
                end=piece.end,
                spans=piece.spans,
                kind=piece.kind,
            )
        )
    return tuple(records)


def raw_words(html: str, piece: Piece) -> str:
    """The text of a piece got again from the source by its offsets alone."""
    return " ".join(words_of(html[start:end]) for start, end in piece.spans)
