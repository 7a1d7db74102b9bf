"""Rows put aside by group, so that a group's rows need not follow each other in the file."""

import json
import tempfile
from array import array
from collections.abc import Iterator
from operator import attrgetter

from workbench.errors import ReportError
from workbench.reports.rows.fields import Row

#: Up to this size, in bytes, the rows are kept in memory, above it in a temporary file.
IN_MEMORY = 64 << 20
_NAMES = tuple(Row.__slots__)
_SECTION, _CODES = _NAMES.index("section"), _NAMES.index("codes")
_values = attrgetter(*_NAMES)


class Spool:
    """Keeps rows, and gives those of one group again; in memory are eight bytes a row."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - see close
        self._places: dict[str | None, array[int]] = {}
        self._end = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: Row) -> None:
        """Put a row aside."""
        line = json.dumps(_values(row), ensure_ascii=False).encode() + b"\n"
        try:
            self._file.write(line)
        except OSError as error:
            raise ReportError(
                f"the rows cannot be put aside: {error.strerror or error}",
                "make room in the folder for temporary files (TMPDIR)",
            ) from error
        self._places.setdefault(row.group, array("Q")).append(self._end)
        self._end += len(line)

    @property
    def groups(self) -> list[str | None]:
        """The groups, in the order in which each was first met."""
        return list(self._places)

    def rows_of(self, group: str | None) -> Iterator[Row]:
        """The rows of a group, in the order in which they came."""
        for place in self._places[group]:
            self._file.seek(place)
            values = json.loads(self._file.readline())
            values[_SECTION] = tuple(values[_SECTION])
            if values[_CODES] is not None:
                values[_CODES] = tuple(values[_CODES])
            yield Row(*values)
