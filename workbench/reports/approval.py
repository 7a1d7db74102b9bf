"""What was detected of many report files, as a table to correct and give back.

Pure: what was detected in, CSV out, and CSV in, what is given for each file out.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.errors import ReportError
from workbench.records import Given, Report

#: The columns that are taken when the table is given back; the others are for information.
EDITABLE = ("source", "country", "year", "title", "language")
COLUMNS = ("file", *EDITABLE, "country_code", "report", "layout", "paragraphs", "remarks")


@dataclass(frozen=True, slots=True)
class Detected:
    """What a file was taken for, its number of paragraphs, and what the reader doubts."""

    report: Report
    paragraphs: int
    warnings: tuple[str, ...] = ()


def render_approval(found: Iterable[Detected]) -> str:
    """The table as CSV: a line for each file, in the columns `COLUMNS`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in found:
        report = item.report
        about = [getattr(report, name) for name in (*EDITABLE, "country_code")]
        counted = [report.report_id, report.layout, item.paragraphs]
        line = [report.file, *about, *counted, " ".join(item.warnings)]
        writer.writerow(["" if value is None else value for value in line])
    return out.getvalue()


def parse_approval(text: str, name: str) -> dict[str, Given]:
    """What the table says of each file, by its name as the table writes it.

    An empty field leaves the value to be detected; columns may be missing. `name` is
    for messages. Raises ReportError, naming line and column, for a table without
    a column ``file``, a file listed twice and a year that is none.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if "file" not in (reader.fieldnames or ()):
        raise ReportError(
            f"{name} has no column `file`",
            "make the table with: workbench ingest FOLDER --dry-run -o FILE",
        )
    found: dict[str, Given] = {}
    try:
        for row in reader:
            place = f"{name}, line {reader.line_num}"
            file = (row["file"] or "").strip()
            if not file or file in found:
                what = f"the file {file} is listed twice" if file else "`file` is empty"
                raise ReportError(f"{place}: {what}", "leave one line for each file")
            said = {key: (row.get(key) or "").strip() or None for key in EDITABLE}
            found[file] = Given(**said | {"year": _year(said["year"], place)})
    except csv.Error as error:
        raise ReportError(f"{name} is not a CSV table: {error}", "save it as CSV") from error
    return found


def _year(value: str | None, place: str) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and 1900 <= int(value) <= 2100):
        raise ReportError(f"{place}: year {value!r} is none", "write it as 2019, or leave it empty")
    return int(value)
