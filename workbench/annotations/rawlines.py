"""The lines of a file of codings as it stands: JSONL, one JSON array, or a table. Pure."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from workbench.errors import AnnotationError
from workbench.jsonlines import read_object

FORM = "give lines of unit, annotator, codes: JSONL, or a table with these headings"


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line (of an array: item): where it stands, for messages, and its values by heading."""

    where: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RawFile:
    """All lines; of a table, where every value is a text, without the `header`."""

    lines: Sequence[RawLine] = ()
    header: RawLine | None = None

    @property
    def is_table(self) -> bool:
        """Whether it is a table; JSON otherwise."""
        return self.header is not None


def read_file(lines: Iterable[str], origin: str) -> RawFile:
    """Read `lines` of the file `origin`, whose kind is told by the first that is not blank.

    AnnotationError, which names `origin` and the line, for a line that cannot
    be read and for a table with two equal headings.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1))
    first = next(((number, line) for number, line in numbered if line.strip("\ufeff \t\r\n")), None)
    if first is None:
        return RawFile()
    number, line = first[0], first[1].removeprefix("\ufeff")
    rest = chain([(number, line)], numbered)
    if line.lstrip().startswith("{"):
        return RawFile(list(_json_lines(rest, origin)))
    if line.lstrip().startswith("["):
        return RawFile(list(_json_items("".join(line for _, line in rest), origin)))
    header, *table = _table_lines(rest, origin)
    return RawFile(table, header)


def plain_heading(heading: str) -> str:
    """A heading as it is compared: whatever its case, with _ for spaces and dashes."""
    return re.sub(r"[\s-]+", "_", heading.strip().casefold())


def _json_lines(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[RawLine]:
    for number, line in lines:
        if line.strip():
            where = f"{origin}, line {number}"
            yield RawLine(where, read_object(line, where))


def _json_items(text: str, origin: str) -> Iterator[RawLine]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{origin}: not a JSON array ({error})", FORM) from None
    for number, item in enumerate(items, 1):
        where = f"{origin}, item {number}"
        if not isinstance(item, Mapping):
            raise AnnotationError(f"{where}: not a JSON object", FORM)
        yield RawLine(where, item)


def _table_lines(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[RawLine]:
    """The header, each heading under its own name, then the lines."""
    read = 0

    def follow() -> Iterator[str]:
        nonlocal read
        for number, line in lines:
            read = number
            yield line

    stream = follow()
    head = next(stream)
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(chain([head], stream), delimiter=delimiter, strict=True)
    try:
        header = next(rows)
        _refuse_equal(header, f"{origin}, line {read}")
        yield RawLine(f"{origin}, line {read}", dict(zip(header, header, strict=True)))
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise AnnotationError(
                    f"{origin}, line {read}: {len(cells)} fields where the header has "
                    f"{len(header)}",
                    'put quotes (") around a field that holds the separator',
                )
            yield RawLine(f"{origin}, line {read}", dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise AnnotationError(f"{origin}, line {read}: {error}", FORM) from None


def _refuse_equal(header: Sequence[str], where: str) -> None:
    plain = Counter(heading for cell in header if (heading := plain_heading(cell)))
    for heading, times in plain.items():
        if times > 1:
            raise AnnotationError(
                f"{where}: {times} columns are called {heading}",
                "give every column a name of its own",
            )
