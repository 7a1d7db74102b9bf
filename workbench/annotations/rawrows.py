"""The lines of a file of codings from any tool, under our names of its fields. Pure.

Column names are read whatever their case and by the names that other tools
give them (`ALIASES`).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from workbench.errors import AnnotationError
from workbench.jsonlines import read_object

#: The fields, and what other tools call them; of several in a file the first named here counts.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "unit": (
        "unit", "unit_id", "item", "item_id", "paragraph", "paragraph_id", "document",
        "document_id", "doc_id", "task", "task_id", "subject", "id",
    ),
    "annotator": (
        "annotator", "annotator_id", "coder", "coder_id", "rater", "rater_id", "worker",
        "worker_id", "observer", "judge", "user", "username", "completed_by",
    ),
    "codes": (
        "codes", "code", "labels", "label", "categories", "category", "annotation", "answer",
        "value", "choices", "tags", "rating",
    ),
    "report": ("report", "report_id"),
    "source": ("source",),
    "section": ("section", "heading"),
    "created_at": ("created_at", "created", "timestamp", "date", "time"),
    "comment": ("comment", "note", "remark"),
    "text": ("text", "sentence", "content"),
    "prelabel": ("prelabel", "pre_label", "prediction", "suggested", "proposed"),
}  # fmt: skip
REQUIRED = ("unit", "annotator", "codes")
FORM = "give lines of unit, annotator, codes: JSONL, or a table with these headings"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of the file: its number, from 1, and its fields under our names."""

    line: int
    fields: Mapping[str, object]


def read_rows(lines: Iterable[str], origin: str) -> Iterator[RawRow]:
    """The rows of `lines`, JSONL or a table with a header, told apart by the first of them.

    AnnotationError, which names the file `origin` and the line, for a line that
    cannot be read and for a file without a field that is needed.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1))
    first = next(((number, line) for number, line in numbered if line.strip("\ufeff \t\r\n")), None)
    if first is None:
        return
    number, line = first[0], first[1].removeprefix("\ufeff")
    rest = chain([(number, line)], numbered)
    if line.lstrip().startswith("{"):
        yield from _json_rows(rest, origin)
    else:
        yield from _table_rows(rest, origin)


def _json_rows(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[RawRow]:
    for number, line in lines:
        if not line.strip():
            continue
        where = f"{origin}, line {number}"
        data = read_object(line, where)
        names = _columns(list(data), where)
        yield RawRow(number, {name: data[column] for name, column in names.items()})


def _table_rows(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[RawRow]:
    read = 0

    def count() -> Iterator[str]:
        nonlocal read
        for number, line in lines:
            read = number
            yield line

    stream = count()
    head = next(stream)
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(chain([head], stream), delimiter=delimiter, strict=True)
    try:
        header = next(rows)
        names = _columns(header, f"{origin}, line {read}")
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise AnnotationError(
                    f"{origin}, line {read}: {len(cells)} fields where the header has "
                    f"{len(header)}",
                    'put quotes (") around a field that holds the separator',
                )
            by_column = dict(zip(header, cells, strict=True))
            fields = {name: by_column[column] for name, column in names.items()}
            if not str(fields.get("prelabel", "")).strip():
                # A table cannot tell "none shown" from "nothing proposed": it says nothing.
                fields.pop("prelabel", None)
            yield RawRow(read, fields)
    except csv.Error as error:
        raise AnnotationError(f"{origin}, line {read}: {error}", FORM) from None


def _columns(header: Sequence[str], where: str) -> dict[str, str]:
    """Our field names to the file's; AnnotationError where one that is needed is missing."""
    known = {re.sub(r"[\s-]+", "_", column.strip().casefold()): column for column in header}
    names = {}
    for name, aliases in ALIASES.items():
        if found := next((known[alias] for alias in aliases if alias in known), None):
            names[name] = found
    for name in REQUIRED:
        # Without ids, a paragraph is told by its text.
        if name not in names and not (name == "unit" and "text" in names):
            others = ", ".join(alias for alias in ALIASES[name][1:4])
            raise AnnotationError(
                f"{where}: no field {name} (nor {others} ...); it has {', '.join(header)}", FORM
            )
    return names
