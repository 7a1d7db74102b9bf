"""Files of rows as streams of text; memory does not grow with the file."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from workbench.errors import ReportError
from workbench.reports.decoding import BYTE_ORDER_MARKS

#: The longest line or record that is read, in characters.
LONGEST = 16_000_000


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """The file as text, line ends as they are: UTF-8, or as its byte order mark says.

    Raises ReportError, also while it is read, for a file that cannot be read
    and for bytes that are not in the encoding; for UTF-8 it names the line.
    """
    codec = "utf-8"
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            codec = next(
                (codec for mark, codec in BYTE_ORDER_MARKS if head.startswith(mark)), codec
            )
            with io.TextIOWrapper(raw, encoding=codec, newline="") as file:
                yield file
    except UnicodeDecodeError:
        raise _wrong_encoding(path, codec) from None
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ReportError:
    """The error for a file that the system does not let us read."""
    return ReportError(
        f"{path} cannot be read: {error.strerror or error}",
        "see that it is a file and that you may read it, for example with: ls -l",
    )


def read_lines(file: TextIO, origin: str) -> Iterator[str]:
    """The lines with their ends; ReportError for NUL and for a line over `LONGEST`."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise too_long(f"{origin}, line {number}")
        if "\x00" in line:
            raise ReportError(
                f"{origin}, line {number}: holds NUL: the file is binary, or UTF-16 without a mark",
                "save it as text in UTF-8",
            )
        yield line


def too_long(where: str) -> ReportError:
    """The error for a record over `LONGEST`."""
    return ReportError(
        f"{where}: a record of more than {LONGEST:,} characters",
        "see that it is a file of rows, one paragraph a row",
    )


def _wrong_encoding(path: Path, codec: str) -> ReportError:
    if codec in ("utf-8", "utf-8-sig"):
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode()
                except UnicodeDecodeError as error:
                    return ReportError(
                        f"{path}, line {number}: is not UTF-8 text: byte {error.start + 1} of the "
                        f"line is 0x{line[error.start]:02x}",
                        "re-encode it, for example if it is Windows-1252: "
                        f"iconv -f WINDOWS-1252 -t UTF-8 '{path}' > utf8{path.suffix}",
                    )
    return ReportError(
        f"{path} is not {codec.removesuffix('-sig').upper()} text, as its mark says it is",
        "the file seems cut off or damaged: save it again as UTF-8",
    )
