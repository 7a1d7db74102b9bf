"""Zip archives read without trust: what is in them, and one member at a time.

An archive's list of members is only a claim: each member is checked against
the others here, and against its own bytes in `unpacking`.
"""

import io
import stat
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from workbench.errors import ReportError
from workbench.reports.office.kinds import ZIP, office_kind
from workbench.reports.unpacking import (
    DEFLATED,
    ENCRYPTED,
    LARGEST_MEMBER,
    LOCAL_HEADER,
    LOCAL_MAGIC,
    STORED,
    Member,
    megabytes,
    path_inside,
    too_large,
    unpack,
)

__all__ = ["Member", "list_members", "list_parts", "path_inside", "read_member"]

#: The most bytes that the members of an archive may unpack to together.
LARGEST_TOTAL = 16 * 2**30
#: The most members of an archive.
MOST_MEMBERS = 100_000

_UTF8 = 0x800
_UNICODE_NAME = 0x7075
# The end of the list of members, and how far from the file's end it may stand.
_ENTRIES_END, _TAIL = b"PK\x05\x06", 2**16 + 22
# What zipfile raises on a list of members that is broken.
_BROKEN = (
    zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, EOFError,
    IndexError, MemoryError,
)  # fmt: skip


def list_members(source: Path | bytes, name: str) -> list[Member]:
    """The files in a zip archive, in its order.

    Folders, hidden files and what macOS adds (``__MACOSX``) are passed over.
    Members that are not to be read are listed with their `error`: encrypted,
    outside the archive (``..``, an absolute path, a link), an archive
    themselves, overlapping another, twice there, packed in a way that we do
    not unpack, too large, or unpacking to too many times their size. `name`
    is the archive's, for messages.

    Raises ReportError for an archive that is cut off, damaged, unreadable,
    has too many members, or unpacks to too much.
    """
    try:
        with _opened(source) as file:
            entries = _entries(file, name)
            members = _checked(entries, name)
            return [_not_nested(file, member, name) for member in members]
    except OSError as error:
        raise _unreadable(name, error) from error


def read_member(
    source: Path | bytes, member: Member, name: str, largest: int = LARGEST_MEMBER
) -> bytes:
    """The bytes of one member, unpacked; never more than it says it has, nor than `largest`.

    Raises ReportError, which names ``archive.zip!/member``, for a member with
    an `error`, and for one that is cut off, damaged, larger than it says, or a bomb.
    """
    if member.error is not None:
        raise ReportError(member.error.message, member.error.mend)
    try:
        with _opened(source) as file:
            return unpack(file, member, name, largest)
    except OSError as error:
        raise _unreadable(name, error) from error


def list_parts(data: bytes, name: str) -> dict[str, Member]:
    """The members of an office file by their names in small letters, bad ones with their error.

    Raises ReportError as `list_members` does.
    """
    with _opened(data) as file:
        members = _checked(_entries(file, name), name, hidden=True)
    return {member.name.lower(): member for member in reversed(members)}


def _opened(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _unreadable(name: str, error: OSError) -> ReportError:
    return ReportError(
        f"{name} cannot be read: {error.strerror or error}",
        "see that it is there and that you may read it, for example with: ls -l",
    )


def _entries(file: BinaryIO, name: str) -> Sequence[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (*_BROKEN, OSError) as error:
        # zipfile seeks to where a broken list points, which the system refuses as a read error.
        file.seek(max(0, file.seek(0, io.SEEK_END) - _TAIL))
        what = "damaged" if _ENTRIES_END in file.read() else "cut off: its end is missing"
        raise ReportError(
            f"{name} is a zip archive that is {what}", "download or copy it again"
        ) from error
    if len(entries) > MOST_MEMBERS:
        raise ReportError(
            f"{name} holds {len(entries):,} files, more than {MOST_MEMBERS:,}",
            "pack the reports into several archives",
        )
    return entries


def _checked(entries: Sequence[zipfile.ZipInfo], name: str, hidden: bool = False) -> list[Member]:
    overlapping = _overlapping(entries)
    members: list[Member] = []
    seen: set[str] = set()
    total = 0
    for number, entry in enumerate(entries):
        inside = _name_of(entry)
        if inside.endswith("/") or (not hidden and _passed_over(inside)):
            continue
        why = _objection(entry, inside)
        if why is None and number in overlapping:
            why = ("overlaps another member, as in a zip bomb", "do not trust this archive")
        if why is None and inside in seen:
            why = ("is in the archive twice", "pack the archive again, each report once")
        seen.add(inside)
        error = ReportError(f"{path_inside(name, inside)} {why[0]}", why[1]) if why else None
        members.append(
            Member(
                inside,
                entry.file_size,
                error,
                entry.header_offset,
                entry.compress_size,
                entry.compress_type,
                entry.CRC,
            )
        )
        total += 0 if error else entry.file_size
    if total > LARGEST_TOTAL:
        raise ReportError(
            f"{name} unpacks to {megabytes(total)}, more than {megabytes(LARGEST_TOTAL)}",
            "unpack it yourself if you trust it, or pack the reports into several archives",
        )
    return members


def _objection(entry: zipfile.ZipInfo, inside: str) -> tuple[str, str] | None:
    """Why a member is not read, with the mend; None where its entry says nothing against it."""
    mode = entry.external_attr >> 16
    if inside.startswith("/") or inside[1:2] == ":" or ".." in inside.split("/"):
        return "is a path outside the archive", "pack the archive again, from one folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or device, not a file", "pack the file itself"
    if entry.flag_bits & ENCRYPTED:
        return "is encrypted", "unpack the archive with its password and ingest the folder"
    if entry.compress_type not in (STORED, DEFLATED):
        method = zipfile.compressor_names.get(entry.compress_type, "an unknown method")
        return f"is packed with {method}", "unpack the archive, or pack it again as a plain zip"
    return too_large(entry.file_size, entry.compress_size, LARGEST_MEMBER)


def _overlapping(entries: Sequence[zipfile.ZipInfo]) -> set[int]:
    """The places in the list of members that lie, in part or whole, where another lies."""
    order = sorted(range(len(entries)), key=lambda number: entries[number].header_offset)
    found: set[int] = set()
    end, last = -1, -1
    for number in order:
        entry = entries[number]
        if entry.header_offset < end:
            found |= {number, last}
        # A local header is at least this long; its extra field may differ from the list's.
        stop = entry.header_offset + LOCAL_HEADER.size + entry.compress_size
        if stop > end:
            end, last = stop, number
    return found


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a member, from UTF-8 where it is that, whatever the archive claims."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = _unicode_name(entry.extra) or name
    name = name.replace("\\", "/").removeprefix("./")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _unicode_name(extra: bytes) -> str | None:
    """The name in the field that Info-ZIP adds for names outside the old code pages."""
    while len(extra) >= 4:
        field, length = struct.unpack_from("<HH", extra)
        if field == _UNICODE_NAME:
            return extra[9 : 4 + length].decode("utf-8", "replace") or None
        extra = extra[4 + length :]
    return None


def _passed_over(inside: str) -> bool:
    steps = [step for step in inside.split("/") if step not in ("", "..")]
    return any(step.startswith(".") or step == "__MACOSX" for step in steps)


def _not_nested(file: BinaryIO, member: Member, name: str) -> Member:
    """The member, with an error if it is an archive itself: found by what is in it."""
    if member.error is not None or not member.size:
        return member
    try:
        if unpack(file, member, name, len(LOCAL_MAGIC), head=True) != LOCAL_MAGIC:
            return member
        if office_kind(unpack(file, member, name, LARGEST_MEMBER)) != ZIP:
            return member
    except ReportError as error:
        return replace(member, error=error)
    shown = path_inside(name, member.name)
    return replace(
        member, error=ReportError(f"{shown} is an archive in an archive", "unpack it and ingest it")
    )
