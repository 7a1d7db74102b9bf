"""Which report files the user means: files, folders, and zip archives of them."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ReportError
from workbench.reports.archives import Member, list_members, path_inside, read_member
from workbench.reports.formats import LARGEST_FILE, ZIP_SIGNATURES
from workbench.reports.office.kinds import ZIP, office_kind

#: The files that are taken from a folder; a file that is named is read whatever its name.
SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".odt"}
)
ARCHIVE = ".zip"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report file: `path` on disk, or the member of the archive there."""

    path: Path
    member: Member | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.place(str(self.path))

    def place(self, path: str) -> str:
        """Where it lies, with its path written as `path`."""
        return path if self.member is None else path_inside(path, self.member.name)

    @property
    def stem(self) -> str:
        """The file's name without folders and suffix."""
        return self.path.stem if self.member is None else Path(self.member.name).stem


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files that were found, in order, and what of an archive cannot be taken."""

    files: tuple[ReportFile, ...]
    failures: tuple[ReportError, ...] = ()


def gather_files(paths: Sequence[Path], suffixes: frozenset[str] = SUFFIXES) -> Gathered:
    """The report files that `paths` name: files as they are, folders and zips by what is in them.

    Of a folder, and the folders in it, the files whose suffix is in `suffixes`
    and zip archives, sorted; hidden files and folders and those named README are
    passed over. Of an archive its members likewise. No file is listed twice.

    Links are followed, each folder once.

    Raises ReportError for a path that does not exist and for a folder or an
    archive without a report; what is wrong with a file, a folder or an archive
    among others, or with a member, is among the failures.
    """
    found: dict[tuple[Path, str | None], ReportFile] = {}
    failures: list[ReportError] = []
    for path in paths:
        for file in _files_at(path, suffixes, failures):
            try:
                whole = _resolve(file)
                if not _is_archive(file):
                    found.setdefault((whole, None), ReportFile(file))
                    continue
                for member in _members(file, suffixes):
                    if member.error is not None:
                        failures.append(member.error)
                    else:
                        found.setdefault((whole, member.name), ReportFile(file, member))
            except ReportError as error:
                if file == path and len(paths) == 1:
                    raise
                failures.append(error)
    return Gathered(tuple(found.values()), tuple(failures))


def load_file(file: ReportFile) -> bytes:
    """The bytes of a report file.

    Raises ReportError where it is missing, no file, unreadable, or larger than
    `formats.LARGEST_FILE`, and for a damaged or dangerous archive.
    """
    if file.member is not None:
        return read_member(file.path, file.member, str(file.path), LARGEST_FILE)
    path = file.path
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "neither a file nor a folder"
            raise ReportError(f"{path} is {kind}", "name a report file")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ReportError(
                f"{path} is too large: {size / 1e6:.0f} MB, at most {LARGEST_FILE / 1e6:.0f}",
                "split it, or save the report without its pictures",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ReportError:
    """The error for a path that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return _missing(path)
    return ReportError(
        f"{path} cannot be read: {error.strerror or error}",
        "see that you may read it, for example with: ls -l",
    )


def _missing(path: Path) -> ReportError:
    return ReportError(f"{path} does not exist", "check the path")


def _files_at(path: Path, suffixes: frozenset[str], failures: list[ReportError]) -> list[Path]:
    try:
        if not path.exists():
            raise _missing(path)
        if not path.is_dir():
            return [path]
    except OSError as error:
        raise unreadable(path, error) from error
    inside: list[Path] = []
    seen = {path.resolve()}
    refused: list[ReportError] = []

    def refuse(error: OSError) -> None:
        refused.append(unreadable(Path(error.filename or path), error))

    for root, folders, names in os.walk(path, onerror=refuse, followlinks=True):
        folders[:] = [
            name for name in folders if not name.startswith(".") and _is_new(Path(root, name), seen)
        ]
        inside += [Path(root, name) for name in _wanted(names, suffixes | {ARCHIVE})]
    if not inside and not refused:
        raise _nothing_in(path, suffixes | {ARCHIVE})
    failures += refused
    return sorted(inside)


def _is_new(folder: Path, seen: set[Path]) -> bool:
    """Whether a folder is met for the first time: links can lead in a circle."""
    try:
        whole = _resolve(folder)
    except ReportError:
        return False
    new = whole not in seen
    seen.add(whole)
    return new


def _resolve(path: Path) -> Path:
    """The path without links; ReportError where it cannot be followed, or be written down."""
    try:
        whole = path.resolve(strict=True)
        str(whole).encode()
        return whole
    except UnicodeEncodeError as error:
        shown = str(path).encode("utf-8", "backslashreplace").decode()
        raise ReportError(f"{shown}: its name is not UTF-8", "rename the file") from error
    except RuntimeError as error:  # what Python 3.11 and 3.12 raise for a circle of links
        raise ReportError(f"{path} is a link in a circle", "remove the link") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _wanted(names: Iterable[str], suffixes: frozenset[str]) -> list[str]:
    return [
        name
        for name in names
        if Path(name).suffix.lower() in suffixes
        and not Path(name).name.startswith(".")
        and Path(name).stem.lower() != "readme"
    ]


def _nothing_in(path: Path, suffixes: frozenset[str]) -> ReportError:
    return ReportError(
        f"{path} has no report in it: no file ends in {', '.join(sorted(suffixes))}",
        "name the folder that holds the reports, or the files themselves",
    )


def _is_archive(path: Path) -> bool:
    """Whether a file is a plain zip, by its content: DOCX and ODT are zips too."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(4) in ZIP_SIGNATURES and office_kind(path) == ZIP
    except OSError as error:
        raise unreadable(path, error) from error


def _members(path: Path, suffixes: frozenset[str]) -> list[Member]:
    """The reports in an archive, sorted by name."""
    members = {member.name: member for member in list_members(path, str(path))}
    wanted = sorted(_wanted(members, suffixes))
    if not wanted:
        raise _nothing_in(path, suffixes)
    return [members[name] for name in wanted]
