"""Report files to documents: the only module of this room that touches files."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.errors import ReportError
from workbench.records import Document, Paragraph, Report
from workbench.reports.decoding import decode
from workbench.reports.formats import HTML, TEXT, format_of
from workbench.reports.html.decoding import decode_page
from workbench.reports.html.reading import build_page_paragraphs, read_page
from workbench.reports.layouts import choose_layout
from workbench.reports.metadata import Metadata, detect, make_report_id, make_title
from workbench.reports.paragraphs import build_paragraphs

#: The files that are taken from a folder; a file that is named is read whatever its name.
SUFFIXES = frozenset({".txt", ".text", ".md", ".html", ".htm"})


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
    not in a readable encoding, of another format than text or HTML, or without a
    paragraph.
    """
    name = str(path)
    data = _read(path)
    cut = _read_page(data, path) if format_of(data) == HTML else _read_text(data, path)
    doubts = cut.found.warnings
    if year is not None:
        doubts = tuple(doubt for doubt in doubts if not doubt.startswith("the year"))
    found = replace(
        cut.found,
        source=source or cut.found.source,
        country=country or cut.found.country,
        year=year if year is not None else cut.found.year,
        title=title or cut.found.title,
    )
    report_id = report_id or make_report_id(found, path.stem)
    paragraphs = cut.build(report_id)
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
        encoding=cut.encoding,
        layout=cut.layout,
    )
    return Document(report, paragraphs, (*cut.warnings, *doubts, *_unknown(report)))


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


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a format's reader made of a file; `build` gives the paragraphs of a report id."""

    encoding: str
    layout: str
    found: Metadata
    warnings: tuple[str, ...]
    build: Callable[[str], tuple[Paragraph, ...]]


def _read_text(data: bytes, path: Path) -> _Cut:
    kind = format_of(data)
    if kind != TEXT:
        raise ReportError(
            f"{path} is {kind}: this version reads text and HTML only",
            "save the report as plain text (UTF-8) and ingest that",
        )
    text, encoding = decode(data, str(path))
    layout, warnings = choose_layout(text)
    return _Cut(
        encoding,
        layout.name,
        detect(text, path.stem, layout.source),
        warnings,
        lambda report_id: build_paragraphs(report_id, text, layout.cut(text)),
    )


def _read_page(data: bytes, path: Path) -> _Cut:
    """A saved web page: what it says of itself first, its file name after that."""
    source, encoding = decode_page(data, str(path))
    content = read_page(source, str(path))
    named = detect(content.title, path.stem, content.source)
    found = Metadata(
        source=content.source or named.source,
        country=content.country or named.country,
        year=content.year or named.year,
        title=content.title or None,
        warnings=named.warnings,
    )
    return _Cut(
        encoding,
        content.layout,
        found,
        content.warnings,
        lambda report_id: build_page_paragraphs(report_id, content),
    )


def _unknown(report: Report) -> tuple[str, ...]:
    missing = [field for field in ("source", "country", "year") if getattr(report, field) is None]
    if not missing:
        return ()
    options = " ".join(f"--{field}" for field in missing)
    return (f"neither the report nor its name says its {', '.join(missing)}: give {options}",)
