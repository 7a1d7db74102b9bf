"""A comparison of two reports as files and as rows for the terminal."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from workbench.exports.comparison_html import NO_HEADING, notes_on, render_sections
from workbench.exports.page import render_page
from workbench.exports.paragraphs import describe_report
from workbench.files import open_whole
from workbench.records import Paragraph, Report
from workbench.reports.comparing import STATUSES, Comparison, Entry, Section

__all__ = [
    "ComparisonReport",
    "comparison_json",
    "comparison_table",
    "notes_on",
    "render_comparison_html",
    "write_comparison",
]

FORMAT, FORMAT_VERSION = "workbench-comparison", 1
#: Characters of a heading that a row shows.
_SHOWN = 72


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """What is told about two reports; `new` is the later one."""

    old: Report
    new: Report
    comparison: Comparison
    made_at: datetime


def write_comparison(path: Path, report: ComparisonReport) -> None:
    """Write the page, whole or not at all. Raises WorkbenchError where it cannot be written."""
    with open_whole(path) as file:
        file.write(render_comparison_html(report))


def render_comparison_html(report: ComparisonReport) -> str:
    """A page that stands alone, without script; every text that came from outside is escaped."""
    return render_page(
        f"{report.old.title} and {report.new.title}, compared",
        report.made_at,
        render_sections(report.old, report.new, report.comparison),
        "comparison.css",
    )


def comparison_table(comparison: Comparison) -> list[tuple[str, ...]]:
    """Rows for the terminal, the header first, the totals last."""
    rows = [("section", *STATUSES)]
    for part in comparison.sections:
        heading = shorten(part.heading, _SHOWN, placeholder="…") or NO_HEADING
        rows.append((heading, *(str(part.count(s)) for s in STATUSES)))
    rows.append(("all", *(str(comparison.count(status)) for status in STATUSES)))
    return rows


def comparison_json(report: ComparisonReport) -> dict[str, object]:
    """The comparison as plain JSON types; a `diff` is a list of [op, words]."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "made_at": report.made_at.isoformat(),
        "old": {"report_id": report.old.report_id, **describe_report(report.old)},
        "new": {"report_id": report.new.report_id, **describe_report(report.new)},
        "counts": _counts(report.comparison),
        "notes": list(notes_on(report.old, report.new, report.comparison)),
        "sections": [
            {
                "heading": section.heading,
                "counts": _counts(section),
                "entries": [_entry_json(entry) for entry in section.entries],
            }
            for section in report.comparison.sections
        ],
    }


def _counts(part: Comparison | Section) -> dict[str, int]:
    return {status.replace(" ", "_"): part.count(status) for status in STATUSES}


def _entry_json(entry: Entry) -> dict[str, object]:
    return {
        "status": entry.status.replace(" ", "_"),
        "similarity": round(entry.similarity, 4),
        "moved": entry.moved,
        "old": _paragraph_json(entry.old),
        "new": _paragraph_json(entry.new),
        "diff": [[op, list(words)] for op, words in entry.diff],
    }


def _paragraph_json(paragraph: Paragraph | None) -> dict[str, object] | None:
    if paragraph is None:
        return None
    return {
        "paragraph_id": paragraph.paragraph_id,
        "section": list(paragraph.section),
        "text": paragraph.text,
    }
