"""Imported labels: records of `report, section, text, annotator, codes` matched to paragraphs.

Pure. A record is matched within its report: by normalised text first, else by
the best overlap of words.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from workbench.annotations.origins import ADJUDICATION
from workbench.errors import AnnotationError
from workbench.jsonlines import read_object
from workbench.records import Annotation, Paragraph, Report
from workbench.reports.rows.merging import RowLabel
from workbench.reports.words import normalise

#: A match by overlap must share this part of the shorter text's word pairs.
OVERLAP = 0.6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ImportedRecord:
    """One line of an imported file, checked; `line` counts from 1.

    `adjudicated` says that the annotator decided what others differed on.
    """

    line: int
    report: str
    text: str
    annotator: str
    codes: tuple[str, ...]
    comment: str
    adjudicated: bool = False


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A record that found no paragraph, and why."""

    record: ImportedRecord
    reason: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching gave.

    `exact` and `by_overlap` count records; `merged` are those that fell on a
    paragraph which the same coder had another record for, so that their codes
    were united.
    """

    annotations: tuple[Annotation, ...]
    exact: int
    by_overlap: int
    merged: tuple[ImportedRecord, ...]
    unmatched: tuple[Unmatched, ...]


def read_records(
    lines: Iterable[str], codes: Sequence[str], origin: str
) -> Iterator[ImportedRecord]:
    """Check JSONL `lines` one by one; AnnotationError names `origin`, line and field."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{origin}, line {number}"
        data = read_object(line, where)
        given = data.get("codes")
        if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
            raise AnnotationError(f"{where}: codes: a list of codes expected", "write [] for none")
        _check_codes(given, codes, where)
        adjudicated = data.get("adjudicated", False)
        if not isinstance(adjudicated, bool):
            raise AnnotationError(
                f"{where}: adjudicated: true or false expected", "leave it out for a coder's own"
            )
        yield ImportedRecord(
            line=number,
            report=_text(data, "report", where),
            text=_text(data, "text", where),
            annotator=_text(data, "annotator", where),
            codes=tuple(sorted(set(given))),
            comment=_text(data, "comment", where) if data.get("comment") else "",
            adjudicated=adjudicated,
        )


def mark_adjudicated(
    records: Iterable[ImportedRecord], adjudicators: Collection[str], origin: str
) -> list[ImportedRecord]:
    """The records, those of the `adjudicators` marked as adjudicated.

    AnnotationError, which names the file `origin`, for a name that is in no record.
    """
    records = list(records)
    names = {record.annotator for record in records}
    for name in adjudicators:
        if name not in names:
            raise AnnotationError(
                f"{origin}: no record is by {name!r}",
                f"name an annotator of the file: {', '.join(sorted(names))}",
            )
    return [replace(r, adjudicated=True) if r.annotator in adjudicators else r for r in records]


def annotations_of_rows(
    labels: Iterable[RowLabel], codes: Sequence[str], origin: str, now: datetime
) -> Iterator[Annotation]:
    """The annotations that rows bring with their paragraphs; nothing needs matching.

    `origin` is the file, for messages; `now` dates the annotations. They are
    what `match_records` makes of the same labels. AnnotationError for a code that is not
    one of `codes` names the row.
    """
    for label in labels:
        _check_codes(label.codes, codes, f"{origin}, {label.place}")
        yield _imported(label.paragraph_id, label.coder, label.codes, "", now, "import")


def match_records(
    records: Iterable[ImportedRecord],
    reports: Iterable[Report],
    paragraphs: Iterable[Paragraph],
    now: datetime,
) -> Matched:
    """Match each record to a paragraph of its report.

    A report is known by its id, its file name or that name without ending. Of
    equal texts in one report a coder's records are dealt out in order. `now`
    dates the annotations.
    """
    names = _names(reports)
    shelves: dict[str, _Shelf] = {}
    for paragraph in paragraphs:
        shelves.setdefault(paragraph.report_id, _Shelf()).add(paragraph)
    found: dict[tuple[str, str, bool], Annotation] = {}
    counts: Counter[str] = Counter()
    merged: list[ImportedRecord] = []
    unmatched: list[Unmatched] = []
    for record in records:
        shelf = shelves.get(names.get(record.report, ""))
        if shelf is None:
            reason = f"report {record.report!r} is not ingested, or two reports go by that name"
            unmatched.append(Unmatched(record, reason))
            continue
        paragraph_id, how = shelf.find(record)
        if paragraph_id is None:
            unmatched.append(Unmatched(record, "no paragraph of the report has this text"))
            continue
        counts[how] += 1
        key = (paragraph_id, record.annotator, record.adjudicated)
        if key in found:
            merged.append(record)
        found[key] = _annotation(record, paragraph_id, found.get(key), now)
    return Matched(
        tuple(found.values()),
        counts["exact"],
        counts["overlap"],
        tuple(merged),
        tuple(unmatched),
    )


class _Shelf:
    """One report's paragraphs, ready to be looked up by their words."""

    def __init__(self) -> None:
        self._by_text: dict[str, list[str]] = defaultdict(list)
        self._pairs: dict[str, frozenset[tuple[str, str]]] = {}
        self._by_pair: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._used: Counter[tuple[str, bool, str]] = Counter()

    def add(self, paragraph: Paragraph) -> None:
        self._by_text[normalise(paragraph.text)].append(paragraph.paragraph_id)
        pairs = _word_pairs(paragraph.text)
        self._pairs[paragraph.paragraph_id] = pairs
        for pair in pairs:
            self._by_pair[pair].append(paragraph.paragraph_id)

    def find(self, record: ImportedRecord) -> tuple[str | None, str]:
        """The paragraph's id and how it was found; None where nothing fits."""
        text = normalise(record.text)
        same = self._by_text.get(text)
        if same:
            who = (record.annotator, record.adjudicated, text)
            turn = self._used[who] % len(same)
            self._used[who] += 1
            return same[turn], "exact"
        wanted = _word_pairs(record.text)
        shared: Counter[str] = Counter()
        for pair in wanted:
            shared.update(self._by_pair.get(pair, ()))
        if not shared:
            return None, ""
        best, count = max(shared.items(), key=lambda item: (item[1], item[0]))
        shorter = min(len(wanted), len(self._pairs[best]))
        return (best, "overlap") if count >= OVERLAP * shorter and shorter >= 3 else (None, "")


def _annotation(
    record: ImportedRecord, paragraph_id: str, held: Annotation | None, now: datetime
) -> Annotation:
    codes, comment = record.codes, record.comment
    if held is not None:
        codes = tuple(sorted({*held.codes, *codes}))
        comment = "\n".join(dict.fromkeys(c for c in (held.comment, comment) if c))
    origin = ADJUDICATION if record.adjudicated else "import"
    return _imported(paragraph_id, record.annotator, codes, comment, now, origin)


def _imported(
    paragraph_id: str,
    coder: str,
    codes: tuple[str, ...],
    comment: str,
    now: datetime,
    origin: str,
) -> Annotation:
    digest = hashlib.sha256(f"{coder}\n{paragraph_id}".encode()).hexdigest()
    return Annotation(
        paragraph_id=paragraph_id,
        coder=coder,
        codes=codes,
        key=f"{origin}:{digest[:32]}",
        origin=origin,
        created_at=now,
        updated_at=now,
        comment=comment,
    )


def _check_codes(given: Iterable[str], codes: Sequence[str], where: str) -> None:
    for code in given:
        if code not in codes:
            raise AnnotationError(
                f"{where}: codes: unknown code {code!r}",
                f"use {', '.join(codes)}, or add it to the taxonomy",
            )


def _names(reports: Iterable[Report]) -> dict[str, str]:
    """Every name that means exactly one report, to its id; an id always means itself."""
    names: dict[str, set[str]] = defaultdict(set)
    ids = set()
    for report in reports:
        ids.add(report.report_id)
        file = PurePath(report.file)
        for name in (file.name, file.stem):
            names[name].add(report.report_id)
    unique = {name: next(iter(found)) for name, found in names.items() if len(found) == 1}
    return unique | {report_id: report_id for report_id in ids}


def _word_pairs(text: str) -> frozenset[tuple[str, str]]:
    words = _WORD.findall(normalise(text))
    return frozenset(pairwise(words))


def _text(data: Mapping[str, Any], field: str, where: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise AnnotationError(f"{where}: {field}: text expected", f"add {field} to the record")
    if any("\ud800" <= c <= "\udfff" or (c < " " and not c.isspace()) for c in value):
        raise AnnotationError(
            f"{where}: {field}: holds a character that is no text", f"mend {field} there"
        )
    return value.strip()
