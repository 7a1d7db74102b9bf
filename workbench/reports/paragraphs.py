"""Paragraphs as records: what a layout cut gets its words, its path, its kind and its name.

Pure: text in, records out.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.records import Paragraph
from workbench.reports.kinds import kind_of
from workbench.reports.runins import marked_start, run_in_of, with_run_in
from workbench.reports.words import clean, normalise

#: Hexadecimal digits of a paragraph's id: 48 bits, ample within one report.
ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """Where a paragraph stands in the source, as a layout cut it.

    `spans` are the pieces that belong to it, in order, as (start, end) character
    offsets; `section` is the heading path above it, outermost first.
    """

    spans: tuple[tuple[int, int], ...]
    section: tuple[str, ...]
    page: int | None = None


def paragraph_id(report_id: str, text: str, occurrence: int = 0) -> str:
    """The stable name of a paragraph: its report and a hash of its own words.

    `occurrence` counts paragraphs of the same words earlier in the report
    (0 for the first), so that a repeated sentence has ids of its own.
    """
    return _id_of(report_id, normalise(text), occurrence)


def _id_of(report_id: str, words: str, occurrence: int) -> str:
    digest = hashlib.sha256(f"{words}\x00{occurrence}".encode("utf-8", "surrogatepass"))
    return f"{report_id}.{digest.hexdigest()[:ID_DIGITS]}"


class ParagraphNames:
    """The ids of one report's paragraphs, given out in reading order."""

    def __init__(self, report_id: str) -> None:
        self._report_id = report_id
        self._seen: Counter[str] = Counter()

    def name(self, text: str) -> str:
        """The id of the next paragraph: `paragraph_id`, its turn among equals counted."""
        words = normalise(text)
        self._seen[words] += 1
        return _id_of(self._report_id, words, self._seen[words] - 1)


def join_spans(source: str, spans: Iterable[tuple[int, int]]) -> str:
    """The raw text of a paragraph: its pieces, a line each."""
    return "\n".join(source[start:end] for start, end in spans)


def build_paragraphs(
    report_id: str, source: str, pieces: Iterable[RawParagraph]
) -> tuple[Paragraph, ...]:
    """The records for what a layout cut from `source`, in order, empty pieces left out."""
    names = ParagraphNames(report_id)
    records: list[Paragraph] = []
    for piece in pieces:
        raw = join_spans(source, piece.spans)
        text = clean(raw)
        if not any(character.isalnum() for character in text):
            continue
        records.append(
            Paragraph(
                paragraph_id=names.name(text),
                report_id=report_id,
                position=len(records),
                section=with_run_in(piece.section, run_in_of(text, marked_start(raw))),
                text=text,
                start=piece.spans[0][0],
                end=piece.spans[-1][1],
                spans=piece.spans,
                page=piece.page,
                kind=kind_of(text, piece.section),
            )
        )
    return tuple(records)
