"""Paragraphs as JSON records: what `workbench paragraphs` writes."""

from pathlib import PurePath

from workbench.records import Paragraph, Report


def paragraph_record(paragraph: Paragraph, report: Report) -> dict[str, object]:
    """The record of one paragraph, its fields in the order in which they are written.

    `start` and `end` are character offsets into the decoded report file, end
    exclusive; `page` is None where the format has no pages.
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
    }


def describe_report(report: Report) -> dict[str, object]:
    """What a record says of the report that a paragraph is from."""
    return {
        "title": report.title,
        "source": report.source,
        "country": report.country,
        "year": report.year,
        "file": PurePath(report.file).name,
        "sha256": report.sha256,
    }
