"""How commands speak: results on standard output, progress and remarks on standard error."""

import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from workbench.files import open_whole

T = TypeVar("T")

#: Seconds between progress lines where there is no terminal.
_PAUSE = 5.0


def tell(text: str) -> None:
    """A remark or a step of progress."""
    click.echo(text, err=True)


def emit_json(data: object) -> None:
    """A result for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def track(items: Iterable[T], doing: str, total: int | None = None) -> Iterator[T]:
    """Progress: a bar on a terminal, plain lines elsewhere, nothing where there is nothing.

    Where `total` is not known it is lines on a terminal too.
    """
    if total == 0:
        yield from items
    elif total is not None and sys.stderr.isatty():
        with click.progressbar(items, length=total, label=doing, file=sys.stderr) as bar:
            yield from bar
    else:
        of = "" if total is None else f" of {total}"
        told = time.monotonic()
        number = 0
        for number, item in enumerate(items, 1):
            yield item
            if (now := time.monotonic()) - told >= _PAUSE:
                told = now
                tell(f"{doing}: {number}{of}")
        tell(f"{doing}: done, {number}")


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table with aligned columns; numbers stand to the right."""
    lines = [[str(cell) for cell in row] for row in rows]
    columns = list(zip(header, *lines, strict=True))
    widths = [max(_width(cell) for cell in column) for column in columns]
    right = [bool(lines) and all(_is_number(cell) for cell in column[1:]) for column in columns]
    for line in ([str(cell) for cell in header], ["-" * width for width in widths], *lines):
        cells = [
            " " * (width - _width(cell)) + cell if to_right else cell + " " * (width - _width(cell))
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


class Lines:
    """Where JSONL goes: a file, written whole or not at all, or standard output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._manager = open_whole(path) if path is not None else None

    def __enter__(self) -> IO[str]:
        return self._manager.__enter__() if self._manager else sys.stdout

    def __exit__(self, *error: Any) -> Any:
        if self._manager:
            return self._manager.__exit__(*error)
        sys.stdout.flush()
        return None


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian characters take two, accents none."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace("-", "", 1).replace("%", "", 1).strip().isdigit()
