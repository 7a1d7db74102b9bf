"""The rows of one report to paragraphs and labels.

Pure. Where rows name their coder, several rows may hold one paragraph: they
become one paragraph with a label of each coder.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from workbench.errors import ReportError
from workbench.records import Paragraph
from workbench.reports.kinds import kind_of
from workbench.reports.paragraphs import paragraph_id
from workbench.reports.rows.fields import Row
from workbench.reports.rows.naming import slug_of_id
from workbench.reports.rows.values import tidy
from workbench.reports.words import normalise

#: What stands between the texts of two paragraphs in the rows-text.
GAP = "\n\n"
#: Hexadecimal digits of the words' hash behind a row's own id.
WORDS_DIGITS = 8


@dataclass(frozen=True, slots=True)
class RowLabel:
    """One coder's codes for a paragraph, as the rows give them; `codes` is sorted.

    Empty means that no code applies. `place` says where the (first) row stands,
    for messages.
    """

    paragraph_id: str
    coder: str
    codes: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What the rows of one report gave.

    `source` is its rows-text, in whose characters offsets count: the raw texts of
    the rows that gave a paragraph, in order, with a blank line between. A row
    that repeats a paragraph under another coder gives none, so that labels do
    not change offsets.
    """

    paragraphs: tuple[Paragraph, ...]
    labels: tuple[RowLabel, ...]
    warnings: tuple[str, ...]
    source: str


class Merger:
    """Takes the rows of one report in order. `coder` is who coded rows that name nobody.

    `heading` stands at the head of the rows-text: the group's name, which keeps
    apart two groups of the same words.
    """

    def __init__(
        self, report_id: str, coder: str | None, origin: str, heading: str | None = None
    ) -> None:
        self._report_id, self._coder, self._origin = report_id, coder, origin
        self._paragraphs: list[Paragraph] = []
        self._texts: list[str] = [] if heading is None else [heading]
        self._end = -len(GAP) if heading is None else len(heading)
        self._by_id: dict[str, tuple[int, str]] = {}
        self._turns: Counter[str] = Counter()
        self._alike: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
        self._used: Counter[tuple[str, tuple[str, ...], str]] = Counter()
        self._labels: dict[tuple[str, str], RowLabel] = {}
        self._united = self._unsaid = 0

    def add(self, row: Row) -> bool:
        """Take a row with words; whether it gave a paragraph.

        ReportError for an id that an earlier row has, unless both name their
        coders and have the same words, and for codes without a coder.
        """
        text = tidy(row.text)
        find = self._by_its_words if row.id is None else self._by_its_id
        known, wanted = find(row, text)
        if not known:
            self._append(row, text, wanted)
        self._label(row, wanted)
        return not known

    def merged(self) -> Merged:
        """What the rows gave."""
        warnings = []
        if self._labels and self._unsaid:
            warnings.append(
                f"{self._unsaid} rows say nothing of codes and give no label: "
                "write none where a coder found no code"
            )
        if self._united:
            warnings.append(
                f"{self._united} rows repeat a paragraph that their coder has coded before: "
                "the codes are united"
            )
        return Merged(
            tuple(self._paragraphs),
            tuple(self._labels.values()),
            tuple(warnings),
            GAP.join(self._texts),
        )

    def _by_its_id(self, row: Row, text: str) -> tuple[bool, str]:
        """Whether the row's paragraph is there already, and its id."""
        name = slug_of_id(row.id or "")
        if name not in self._by_id:
            self._by_id[name] = (len(self._paragraphs), row.place)
            # With the words' hash, so that labels never pass to words that were changed.
            digest = paragraph_id("", text)[1 : 1 + WORDS_DIGITS]
            return False, f"{self._report_id}.{name}-{digest}"
        position, place = self._by_id[name]
        wrong = f"{self._origin}, {row.place}: the id {row.id!r} is that of {place} too"
        if row.annotator is None:
            raise ReportError(
                wrong, "give every row its own id, or name the coder's field: --annotator-field"
            )
        if normalise(text) != normalise(self._paragraphs[position].text):
            raise ReportError(f"{wrong}, with other words", "give every paragraph its own id")
        return True, self._paragraphs[position].paragraph_id

    def _by_its_words(self, row: Row, text: str) -> tuple[bool, str]:
        """As `_by_its_id`. A coder's n-th row of some words is the n-th paragraph of them."""
        first = paragraph_id(self._report_id, text)
        same: list[str] = []
        if row.annotator is not None:
            use = (row.annotator, row.section, first)
            same = self._alike[row.section, first]
            turn = self._used[use]
            self._used[use] += 1
            if turn < len(same):
                return True, same[turn]
        turn = self._turns[first]
        self._turns[first] += 1
        wanted = paragraph_id(self._report_id, text, turn) if turn else first
        same.append(wanted)
        return False, wanted

    def _append(self, row: Row, text: str, wanted: str) -> None:
        start = self._end + len(GAP)
        self._end = start + len(row.text)
        self._texts.append(row.text)
        self._paragraphs.append(
            Paragraph(
                paragraph_id=wanted,
                report_id=self._report_id,
                position=len(self._paragraphs),
                section=row.section,
                text=text,
                start=start,
                end=self._end,
                spans=((start, self._end),),
                kind=kind_of(text),
            )
        )

    def _label(self, row: Row, paragraph: str) -> None:
        if row.codes is None:
            self._unsaid += 1
            return
        coder = row.annotator or self._coder
        if not coder:
            raise ReportError(
                f"{self._origin}, {row.place}: has codes and names no coder",
                "say who coded: --annotator NAME, or the field that says it: --annotator-field",
            )
        held = self._labels.get((paragraph, coder))
        codes = row.codes
        if held is not None:
            self._united += 1
            codes = tuple(sorted({*held.codes, *codes}))
        place = held.place if held else row.place
        self._labels[paragraph, coder] = RowLabel(paragraph, coder, codes, place)
