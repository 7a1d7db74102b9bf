"""Parquet to rows. pyarrow, the one library for it, is the extra ``workbench[parquet]``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.errors import ReportError
from workbench.reports.rows.fields import Fields, Row, no_such_field, not_once
from workbench.reports.rows.nested import Finder
from workbench.reports.rows.opening import unreadable

#: How many rows are in memory at a time.
BATCH = 1_000
#: How much of a column is read ahead, in bytes.
AHEAD = 1 << 20


def read_parquet(path: Path, fields: Fields) -> Iterator[Row]:
    """The rows of a Parquet file; only the columns asked for are read.

    Raises ReportError as `reading.read_rows` says, and where pyarrow is not installed.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ReportError(
            f"{path}: Parquet needs the package pyarrow, which is not installed",
            "install it: pip install 'workbench[parquet]', or give the rows as JSONL",
        ) from error
    finder = Finder(fields, str(path))
    with _known_errors(path, "begin"):
        file = parquet.ParquetFile(path, buffer_size=AHEAD, pre_buffer=False)
    with file:
        columns = _columns(str(path), finder.names, file.schema_arrow)
        batches = file.iter_batches(BATCH, columns=columns, use_threads=False)
        number = 0
        while True:
            with _known_errors(path, f"row {number + 1}"):
                batch = next(batches, None)
                names = [] if batch is None else batch.schema.names
                values = [] if batch is None else [c.to_pylist() for c in batch.columns]
            if batch is None:
                return
            for cells in zip(*values, strict=True):
                number += 1
                yield finder.find(dict(zip(names, cells, strict=True)), f"row {number}")


def _columns(origin: str, wanted: Sequence[str], schema: Any) -> list[str]:
    """The columns to read: of a nested one the whole, for its keys are looked up row by row."""
    columns: dict[str, None] = {}
    for name in wanted:
        column = name if name in schema.names else name.split(".")[0]
        if column not in schema.names or (column != name and not _has(schema, name.split("."))):
            raise no_such_field(origin, name, _all_names(schema))
        if schema.names.count(column) > 1:
            raise not_once(origin, column)
        columns[column] = None
    return list(columns)


def _has(schema: Any, path: Sequence[str]) -> bool:
    kind = schema.field(path[0]).type
    for step in path[1:]:
        names = _inside(kind)
        if step not in names:
            return False
        kind = names[step]
    return True


def _all_names(fields: Any, before: str = "") -> Iterator[str]:
    for field in fields:
        inside = getattr(field.type, "fields", None) if _inside(field.type) else None
        if inside:
            yield from _all_names(inside, f"{before}{field.name}.")
        else:
            yield f"{before}{field.name}"


def _inside(kind: Any) -> Mapping[str, Any]:
    """The fields of a struct type with their types; empty for any other type."""
    from pyarrow import types

    return {field.name: field.type for field in kind} if types.is_struct(kind) else {}


@contextmanager
def _known_errors(path: Path, place: str) -> Iterator[None]:
    """What pyarrow raises at a damaged file, or at a value Python cannot hold, as ReportError."""
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, OSError) and error.errno:
            raise unreadable(path, error) from error
        raise ReportError(
            f"{path}, {place}: cannot be read as Parquet: {error}"[:300],
            "it seems cut off or damaged: export it again, or as JSONL",
        ) from error
