"""One member of a zip archive to bytes, as it lies in the file; nothing is believed of it.

Bytes are counted as they are inflated: a member gives at most what it says it
has, or an error. A member carries all that is needed to read it, so that it can
be read from disk by another process, with no more in memory than itself.
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from workbench.errors import ReportError

#: The most bytes that one member may unpack to.
LARGEST_MEMBER = 256 * 2**20
#: A member that unpacks to more than so many times its packed size is a bomb, if it is larger
#: than `HARMLESS` bytes. Text packs to a tenth, monotonous mark-up to a hundredth.
LARGEST_RATIO = 250
HARMLESS = 4 * 2**20
STORED, DEFLATED = 0, 8
LOCAL_MAGIC = b"PK\x03\x04"
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
ENCRYPTED = 0x1

_CHUNK = 2**16
_HEAD_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive.

    `name` is its path inside, with "/" between folders; `size` the bytes that it
    says it unpacks to, and the most that are ever unpacked. `error` says why it
    is not read, None where nothing speaks against it. The rest says where it lies.
    """

    name: str
    size: int
    error: ReportError | None
    offset: int
    packed: int
    method: int
    crc: int


def path_inside(name: str, member: str) -> str:
    """How a member of an archive is named in messages and records."""
    return f"{name}!/{member}"


def too_large(size: int, packed: int, largest: int) -> tuple[str, str] | None:
    """Why a member of these sizes is not unpacked, with the mend; None where it may be."""
    if size > largest:
        words = f"unpacks to {megabytes(size)}, more than {megabytes(largest)}"
        return words, "unpack it yourself if you trust it, and split it"
    if size > max(HARMLESS, LARGEST_RATIO * packed):
        words = f"unpacks to more than {LARGEST_RATIO} times its size, as a zip bomb does"
        return words, "unpack it yourself if you trust it"
    return None


def unpack(file: BinaryIO, member: Member, name: str, largest: int, head: bool = False) -> bytes:
    """The bytes of a member of an open archive; with `head` its first `largest`, unchecked.

    Raises ReportError for a member that is cut off, damaged, larger than it says, or a bomb.
    """
    shown = path_inside(name, member.name)
    _seek_data(file, member, shown)
    limit = min(member.size, largest)
    why = None if head else too_large(member.size, member.packed, largest)
    if why:
        raise ReportError(f"{shown} {why[0]}", why[1])
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == DEFLATED else None
    pieces: list[bytes] = []
    got, left = 0, member.packed
    while left and got <= limit and not (head and got >= limit):
        packed = file.read(min(_HEAD_CHUNK if head else _CHUNK, left))
        if not packed:
            raise ReportError(f"{shown} is cut off", "download or copy the archive again")
        left -= len(packed)
        try:
            # One byte more than is allowed shows that the size was a lie.
            piece = unpacker.decompress(packed, limit + 1 - got) if unpacker else packed
        except zlib.error as error:
            raise _damaged(shown) from error
        pieces.append(piece)
        got += len(piece)
    data = b"".join(pieces)
    if head:
        return data[:limit]
    if got > limit:
        raise ReportError(
            f"{shown} unpacks to more than the {member.size:,} bytes that the archive says",
            "do not trust this archive; ask for it again",
        )
    ended = unpacker is None or (unpacker.eof and not unpacker.unused_data)
    if got < limit or not ended or zlib.crc32(data) != member.crc:
        raise _damaged(shown)
    return data


def _seek_data(file: BinaryIO, member: Member, shown: str) -> None:
    """Go to where the packed bytes of a member begin, behind its own header."""
    try:
        file.seek(member.offset)
    except (ValueError, OverflowError, OSError) as error:
        raise _damaged(shown) from error
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size:
        raise ReportError(f"{shown} is cut off", "download or copy the archive again")
    magic, _, flags, method, *_, name_length, extra_length = LOCAL_HEADER.unpack(header)
    if magic != LOCAL_MAGIC or method != member.method or flags & ENCRYPTED:
        raise _damaged(shown)
    file.seek(name_length + extra_length, io.SEEK_CUR)


def _damaged(shown: str) -> ReportError:
    return ReportError(
        f"{shown} is damaged: it does not unpack to what the archive says",
        "download or copy the archive again",
    )


def megabytes(size: int) -> str:
    """A size as messages write it."""
    return f"{size / 2**20:,.0f} MB"
