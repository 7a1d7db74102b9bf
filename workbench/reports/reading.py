"""Report files to documents: the only module of this room that touches files."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import ReportError
from workbench.records import Document, Report
from workbench.reports.decoding import decode
from workbench.reports.formats import TEXT, format_of
from workbench.reports.layouts import choose_layout
from workbench.reports.metadata import detect, make_report_id, make_title
from workbench.reports.paragraphs import build_paragraphs

#: The files that are taken from a folder; a file that is named is read whatever its name.
SUFFIXES = frozenset({".txt", ".text", ".md"})


def read_document(
    path: Path,
    *,
    source: str | None = None,
    country: str | None = None,
    year: int | None = None,
    title: str | None = None,
    report_id: str | None = None,
) -> Document:
    """Read a report file: its text, what it is, its paragraphs, and what is doubtful.

    What is given stands; the rest is detected. `year` is the year covered.
    Character offsets count in the file's text as `Report.encoding` decodes it,
    line ends as they are.

    Raises ReportError for a file that is missing, unreadable, empty, binary,
    not in UTF-8 (or UTF-16 with its mark), of another format than text, or
    without a paragraph.
    """
    name = str(path)
    data = _read(path)
    text, encoding = _text_of(data, name)
    layout, warnings = choose_layout(text)
    found = detect(text, path.stem, layout.source)
    doubts = found.warnings
    if year is not None:
        doubts = tuple(doubt for doubt in doubts if not doubt.startswith("the year"))
    found = replace(
        found,
        source=source or found.source,
        country=country or found.country,
        year=year if year is not None else found.year,
        title=title or found.title,
    )
    report_id = report_id or make_report_id(found, path.stem)
    paragraphs = build_paragraphs(report_id, text, layout.cut(text))
    if not paragraphs:
        raise ReportError(
            f"{name} has no paragraph: no sentence was found in it",
            "see that it is a report as text, with line ends or headings between paragraphs",
        )
    report = Report(
        report_id=report_id,
        title=found.title or make_title(found, path.stem),
        source=found.source,
        country=found.country,
        year=found.year,
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        layout=layout.name,
    )
    return Document(report, paragraphs, (*warnings, *doubts, *_unknown(report)))


def list_report_files(paths: Sequence[Path]) -> list[Path]:
    """The report files that `paths` name: files as they are, folders by what is in them.

    Of a folder, and the folders in it, the files whose suffix is in `SUFFIXES`,
    sorted; hidden files and folders and those named README are passed over. No
    file is listed twice.

    Raises ReportError for a path that does not exist and for a folder without a
    report.
    """
    files: dict[Path, Path] = {}
    for path in paths:
        try:
            inside = _reports_at(path)
        except OSError as error:
            raise _unreadable(path, error) from error
        for file in inside:
            files.setdefault(file.resolve(), file)
    return list(files.values())


def _reports_at(path: Path) -> list[Path]:
    if not path.exists():
        raise _missing(path)
    if not path.is_dir():
        return [path]
    inside = _reports_in(path)
    if not inside:
        raise ReportError(
            f"{path} has no report in it: no file ends in {', '.join(sorted(SUFFIXES))}",
            "name the folder that holds the reports, or the files themselves",
        )
    return inside


def _reports_in(folder: Path) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(root, name)
            for name in names
            if Path(name).suffix.lower() in SUFFIXES
            and not name.startswith(".")
            and Path(name).stem.lower() != "readme"
        ]
    return sorted(found)


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "not a file"
            raise ReportError(f"{path} is {kind}, not a report", "name a report file")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ReportError:
    return ReportError(
        f"{path} cannot be read: {error.strerror or error}",
        "see that you may read it, for example with: ls -l",
    )


def _missing(path: Path) -> ReportError:
    return ReportError(f"{path} does not exist", "check the path")


def _text_of(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file's bytes and its codec. Readers of other formats belong here."""
    kind = format_of(data)
    if kind != TEXT:
        raise ReportError(
            f"{name} is {kind}: this version reads text only",
            "save the report as plain text (UTF-8) and ingest that",
        )
    return decode(data, name)


def _unknown(report: Report) -> tuple[str, ...]:
    missing = [field for field in ("source", "country", "year") if getattr(report, field) is None]
    if not missing:
        return ()
    options = " ".join(f"--{field}" for field in missing)
    return (f"neither the report nor its name says its {', '.join(missing)}: give {options}",)
