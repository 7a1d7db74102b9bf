"""Paragraphs as JSON records: what `workbench paragraphs` writes."""

from pathlib import PurePath

from workbench.records import Paragraph, Report
from workbench.reports.runins import run_in


def paragraph_record(paragraph: Paragraph, report: Report) -> dict[str, object]:
    """The record of one paragraph, its fields in the order in which they are written.

    `start` and `end` are character offsets into the decoded report file, end
    exclusive (into the text extracted from it, where its format is no text); `page`
    is None where the format has no pages. `run_in` is the heading in the
    paragraph's own first line, which is then the last step of `section`.
    """
    return {
        "paragraph_id": paragraph.paragraph_id,
        "report_id": paragraph.report_id,
        "report": describe_report(report),
        "section": list(paragraph.section),
        "text": paragraph.text,
        "start": paragraph.start,
        "end": paragraph.end,
        "page": paragraph.page,
        "kind": paragraph.kind,
        "run_in": run_in(paragraph),
    }


def describe_report(report: Report) -> dict[str, object]:
    """What a record says of the report that a paragraph is from."""
    return {
        "title": report.title,
        "source": report.source,
        "country": report.country,
        "country_code": report.country_code,
        "year": report.year,
        "language": report.language,
        "file": PurePath(report.file).name,
        "sha256": report.sha256,
    }
