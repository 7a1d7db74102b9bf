"""JSON lines, and a JSON array, to rows."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from workbench.errors import ReportError
from workbench.reports.rows.fields import Fields, Row
from workbench.reports.rows.nested import Finder
from workbench.reports.rows.opening import LONGEST, open_text, read_lines, too_long

#: How many characters of an array are read at a time.
CHUNK = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")


def read_json(path: Path, fields: Fields) -> Iterator[Row]:
    """The rows of a file with one JSON object a line, or with one array of objects.

    Which of the two it is shows in its first character. Raises ReportError as
    `reading.read_rows` says.
    """
    finder = Finder(fields, str(path))
    with open_text(path) as file:
        is_array = _first_character(file) == "["
        for line, record in (_scan_array if is_array else _scan_lines)(file, str(path)):
            yield finder.find(record, f"line {line}")
    finder.check_all_found()


def _first_character(file: TextIO) -> str:
    found = ""
    while not found and (chunk := file.read(4096)):
        found = chunk.lstrip("\ufeff \t\r\n")[:1]
    file.seek(0)
    return found


def _scan_lines(file: TextIO, origin: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(read_lines(file, origin), 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            data = _DECODER.decode(line.lstrip("\ufeff"))
        except (ValueError, RecursionError) as error:
            raise _not_json(f"{origin}, line {number}", error) from None
        yield number, _object(data, f"{origin}, line {number}")


def _scan_array(file: TextIO, origin: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects of an array one by one, each with its line; one is in memory at a time."""
    buffer = _Buffer(file)
    buffer.skip_space()
    buffer.take()  # the bracket
    first = True
    while (mark := buffer.skip_space()) != "]":
        if not first:
            if mark != ",":
                raise _array_error(f"{origin}, line {buffer.line}", mark)
            buffer.take()
            mark = buffer.skip_space()
        first = False
        where = f"{origin}, line {buffer.line}"
        if mark != "{":
            raise _array_error(where, mark)
        line = buffer.line
        yield line, _object(buffer.decode(where), where)
    buffer.take()
    if buffer.skip_space():
        raise ReportError(
            f"{origin}, line {buffer.line}: something follows the end of the array",
            "keep one array of objects, or write one object a line",
        )


class _Buffer:
    """The part of a file that is being read, and the line that its first character is on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self.line = 1

    def skip_space(self) -> str:
        """Go to the next character that is not space, and return it; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            if found:
                self._move(found.end())
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self) -> None:
        """Go one character on."""
        self._move(self._at + 1)

    def decode(self, where: str) -> object:
        """The value that begins here, reading on as far as it needs."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > LONGEST:
                    raise too_long(where) from None
                if not self._fill():
                    raise _not_json(where, error) from None
            except (ValueError, RecursionError) as error:
                raise _not_json(where, error) from None
            else:
                self._move(end)
                return value

    def _move(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to

    def _fill(self) -> bool:
        # At least as much again: a long record is then tried a few times, not a thousand.
        rest = self._text[self._at :]
        more = self._file.read(max(CHUNK, len(rest)))
        self._text, self._at = rest + more, 0
        return bool(more)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return held


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _object(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise ReportError(f"{where}: not a JSON object", "write one object a line")
    return data


def _not_json(where: str, error: Exception) -> ReportError:
    reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return ReportError(f"{where}: not JSON ({reason})", "write one object a line")


def _array_error(where: str, found: str) -> ReportError:
    what = f"found {found!r}" if found else "the file ends"
    return ReportError(
        f"{where}: not an array of objects: {what}", "write one object a line, as JSONL"
    )
