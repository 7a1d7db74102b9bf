"""Files of rows to `Row`: by the file's ending, one row at a time."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from workbench.errors import ReportError
from workbench.reports.rows.delimited import read_delimited
from workbench.reports.rows.fields import Fields, Row
from workbench.reports.rows.jsonrows import read_json
from workbench.reports.rows.parquet import read_parquet

#: What reads the files of each ending.
READERS: Mapping[str, Callable[[Path, Fields], Iterator[Row]]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".jsonl": read_json,
    ".ndjson": read_json,
    ".json": read_json,
    ".parquet": read_parquet,
}


def read_rows(path: Path, fields: Fields) -> Iterator[Row]:
    """The rows of a file, in order; memory does not grow with their number.

    CSV and TSV have a first line of column names; their delimiter (comma,
    semicolon, tab or bar) is told from it. JSON is one object a line or one array
    of objects. Text is UTF-8, or as its byte order mark says. A row whose text is
    empty comes as one without text.

    Raises ReportError, before or between rows, for a file that is unreadable,
    empty, cut off, or of another ending; not in its encoding; with a record
    that does not parse, has more or fewer cells than the header, or a key
    twice; without a field that is asked for, or with two of its name; and for a
    value that cannot mean what its field says. The message names the line (for
    Parquet the row) and the field. What was read before the error is not safe
    to keep: take all rows first.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ReportError(
            f"{path} does not end in {', '.join(READERS)}", "name a file of rows by its format"
        )
    return reader(path, fields)
