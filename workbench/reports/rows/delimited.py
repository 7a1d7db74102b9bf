"""CSV and TSV to rows."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from workbench.errors import ReportError
from workbench.reports.rows.fields import Fields, Row, RowMaker, no_such_field, not_once
from workbench.reports.rows.opening import LONGEST, open_text, read_lines, too_long

#: How many characters of a file its delimiter is told from.
SAMPLE = 1 << 18
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Form:
    """How a file delimits and quotes; `escape` is the backslash where quotes have one."""

    delimiter: str
    quoted: bool = True
    escape: str | None = None

    def read(self, lines: Iterator[str]) -> "csv._reader":
        """A strict reader of the lines."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            doublequote=self.escape is None,
            escapechar=self.escape,
            strict=True,
        )


def read_delimited(path: Path, fields: Fields) -> Iterator[Row]:
    """The rows of a CSV or TSV file whose first line names its columns.

    The form is the one in which the first lines hold the columns asked for and
    come out even. Raises ReportError as `reading.read_rows` says.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))  # one for the whole process
    origin = str(path)
    with open_text(path) as file:
        lines = read_lines(file, origin)
        sample, complete = _sample(lines)
        if not any(line.strip("\ufeff \t\r\n") for line in sample):
            raise ReportError(f"{path} is empty", "give a file with a line of column names")
        maker = RowMaker(fields, origin)
        form = choose_form(sample, complete, maker.names, path.suffix.lower() == ".tsv")
        records = _records(form.read(chain(sample, lines)), origin)
        _, header = next(records)
        names = [name.strip("\ufeff \t\r\n") for name in header]
        at = [_column(origin, name, names) for name in maker.names]
        for line, record in records:
            if len(record) != len(names):
                raise ReportError(
                    f"{origin}, line {line}: has {len(record)} cells, the header {len(names)}",
                    "put a cell that holds the delimiter into quotation marks",
                )
            yield maker.make([record[i] for i in at], f"line {line}")


def choose_form(
    sample: Sequence[str], complete: bool, wanted: Sequence[str], tabs_first: bool
) -> Form:
    """The form in which the sampled lines hold most columns `wanted` and least is wrong.

    Among equals it is the one with more columns, then the more usual one.
    `complete` says that the sample is the whole file.
    """
    delimiters = sorted(_DELIMITERS, key=lambda mark: tabs_first and mark != "\t")
    forms = [Form(delimiter) for delimiter in delimiters]
    if any('\\"' in line for line in sample):
        forms += [Form(delimiter, escape="\\") for delimiter in delimiters]
    forms.append(Form("\t", quoted=False))
    return min(forms, key=lambda form: _faults(form, sample, complete, wanted))


def _faults(
    form: Form, sample: Sequence[str], complete: bool, wanted: Sequence[str]
) -> tuple[int, bool, int, int]:
    """Columns missing, whether quotation marks do not pair, uneven rows, less the columns."""
    reader = form.read(iter(sample))
    header: list[str] | None = None
    uneven = good = 0
    broken = False
    try:
        for record in reader:
            if header is None and record:
                header = [name.strip("\ufeff \t\r\n") for name in record]
            elif record and len(record) != len(header or ()):
                uneven += 1
            good = reader.line_num
    except csv.Error:
        cut_short = not complete and reader.line_num == len(sample)
        broken = not cut_short or (len(sample) - good) * 2 > len(sample)
    columns = header or []
    return len(set(wanted) - set(columns)), broken, uneven, -len(columns)


def _sample(lines: Iterator[str]) -> tuple[list[str], bool]:
    """The first lines, and whether they are all."""
    sample: list[str] = []
    size = 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if size >= SAMPLE:
            return sample, False
    return sample, True


def _records(reader: "csv._reader", origin: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it begins."""
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise too_long(f"{origin}, line {line}") from None
        raise ReportError(
            f"{origin}, line {line}: the quotation marks of this record do not pair ({error})",
            'double a quotation mark inside a quoted cell (""), or give the rows as JSONL',
        ) from None


def _column(origin: str, name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise no_such_field(origin, name, names)
    if names.count(name) > 1:
        raise not_once(origin, name)
    return names.index(name)
