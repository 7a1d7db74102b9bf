"""The labelled texts that benchmarks/models.py learns from and judges by."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.models.reading import TextRow
from workbench.records import CodedParagraph, Paragraph
from workbench.taxonomy.codebook import Code, Codebook

#: Issues of the Universal Periodic Review that say the same as a code of the rights taxonomy.
MAPPED = {
    "Torture and other CID treatment": "torture",
    "Freedom of association and peaceful assembly": "assembly",
    "Freedom of opinion and expression": "expression",
    "Freedom of the press": "expression",
    "Labour": "labor",
}


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Rows, the report (or session) of each, and labels of the shape (rows, codes), 1 and 0."""

    rows: list[TextRow]
    reports: np.ndarray
    labels: np.ndarray
    codes: tuple[str, ...]

    def pick(self, places: np.ndarray) -> "Texts":
        rows = [self.rows[place] for place in places]
        return Texts(rows, self.reports[places], self.labels[places], self.codes)


def read_reports(path: Path, codes: Sequence[str]) -> Texts:
    """The coded paragraphs of a file of annotations; a code stands by the majority of coders."""
    votes: dict[tuple[str, str, tuple[str, ...]], list[set[str]]] = defaultdict(list)
    for record in _read_lines(path):
        key = (record["report"], record["text"], tuple(record["section"]))
        votes[key].append(set(record["codes"]))
    given = [
        {code for code in codes if 2 * sum(code in vote for vote in cast) > len(cast)}
        for cast in votes.values()
    ]
    rows = [TextRow(text, section) for _, text, section in votes]
    return _tabulate(rows, [report for report, _, _ in votes], given, codes)


def read_recommendations(path: Path, mapping: Mapping[str, str] | None = None) -> Texts:
    """The recommendations of the UPR, by session, with their issues, or codes by `mapping`.

    The state under review is no part of a row: a recommendation is judged by its words.
    """
    records = list(_read_lines(path))
    issues = {issue for record in records for issue in record["codes"]}
    mapping = mapping or {issue: issue for issue in issues}
    codes = list(dict.fromkeys(mapping.values())) if len(mapping) < len(issues) else sorted(issues)
    given = [{mapping[i] for i in record["codes"] if i in mapping} for record in records]
    sessions = [f"session-{record['session']:02d}" for record in records]
    return _tabulate([TextRow(record["text"]) for record in records], sessions, given, codes)


def as_coded(texts: Texts) -> list[CodedParagraph]:
    """The same as `train_model` takes it."""
    return [
        CodedParagraph(
            paragraph=Paragraph(
                paragraph_id=f"{report}-{place:06d}",
                report_id=str(report),
                position=place,
                section=row.section,
                text=row.text,
                start=0,
                end=len(row.text),
                spans=((0, len(row.text)),),
            ),
            codes=tuple(texts.codes[k] for k in np.flatnonzero(labels)),
            tied=(),
            coders=("gold",),
        )
        for place, (row, report, labels) in enumerate(
            zip(texts.rows, texts.reports, texts.labels, strict=True)
        )
    ]


def bare_codebook(codes: Sequence[str]) -> Codebook:
    """A codebook that says nothing but the names of its codes: no phrase, no hint."""
    entries = tuple(
        Code(
            code=code,
            name=code,
            definition="",
            include=(),
            exclude=(),
            examples=(),
            instruments=(),
            phrases=(),
            headings=(),
            colour="#000000",
            hotkey="",
        )
        for code in codes
    )
    return Codebook("upr", "1", "", "", "", (), "None", "0", "#000000", entries, "0" * 64)


def _read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _tabulate(
    rows: list[TextRow], reports: Sequence[str], given: Sequence[set[str]], codes: Sequence[str]
) -> Texts:
    labels = np.array([[int(code in of_row) for code in codes] for of_row in given])
    return Texts(rows, np.array(reports), labels, tuple(codes))
