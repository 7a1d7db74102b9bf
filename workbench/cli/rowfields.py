"""The options of `workbench ingest` for text that is split already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from workbench.errors import UsageError
from workbench.reports.rows.fields import Fields

F = TypeVar("F", bound=Callable[..., Any])

#: What `--field` can name besides the fields that have an option.
OTHER_FIELDS = ("source", "country", "year", "title", "language")


@dataclass(frozen=True, slots=True)
class RowOptions:
    """Which fields mean what, and who coded the rows that name nobody."""

    fields: Fields
    coder: str | None


def row_options(command: F) -> F:
    """--text-field and what goes with it; given on as `row_options`, None without it."""
    for name, meaning in (
        ("--annotator", "Who coded the rows that name nobody."),
        ("--annotator-field", "The field of a row's coder."),
        ("--codes-field", "The field of a row's codes: labels come along."),
        ("--group-field", "The field that tells reports apart (else one for the file)."),
        ("--section-field", "The field of the heading path: a list, or steps with ' > '."),
        ("--id-field", "The field of a row's own id."),
        ("--text-field", "The field of the text: PATHS are CSV, TSV, JSONL or Parquet files."),
    ):
        command = click.option(name, metavar="NAME", help=meaning)(command)
    return click.option(
        "--field",
        "others",
        multiple=True,
        metavar="WHAT=NAME",
        help=f"The field of a row's {', '.join(OTHER_FIELDS)}.",
    )(command)


def parse_rows(said: dict[str, Any]) -> RowOptions | None:
    """Take the options of `row_options` out of `said`; None where --text-field is not given.

    Raises UsageError for options that need it or one another.
    """
    others = said.pop("others")
    coder = said.pop("annotator")
    names = ("text", "id", "section", "group", "codes", "annotator")
    given = {name: value for name in names if (value := said.pop(f"{name}_field"))}
    for pair in others:
        what, _, name = pair.partition("=")
        if what not in OTHER_FIELDS or not name:
            raise UsageError(
                f"--field {pair!r} is not usable",
                f"write one of {', '.join(OTHER_FIELDS)}, = and the field's name",
            )
        given[what] = name
    if "text" not in given:
        if given or coder:
            raise UsageError("these options are for split text", "name its field: --text-field")
        return None
    if "codes" in given and not (coder or "annotator" in given):
        raise UsageError("--codes-field needs a coder", "add --annotator or --annotator-field")
    return RowOptions(Fields(**given), coder)
