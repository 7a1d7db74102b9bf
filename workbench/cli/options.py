"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """--json, of a command that reports."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def report_option(command: F) -> F:
    """--report, as `wanted`: the ids of the reports to work on, all where none is given."""
    return click.option(
        "--report", "wanted", multiple=True, metavar="ID", help="Only this report; repeatable."
    )(command)


def output_option(command: F) -> F:
    """-o, as `output`: a file, written whole or not at all."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="A file; else standard output.",
    )(command)


def studio_options(command: F) -> F:
    """--url and --project, of every command that talks to Label Studio."""
    command = click.option(
        "--project", help="The project's title, when it is made (else label_studio.project)."
    )(command)
    return click.option("--url", help="Label Studio's address (else label_studio.url).")(command)


def dry_run_option(command: F) -> F:
    """--dry-run, of the commands that write to Label Studio or fetch from it."""
    return click.option(
        "--dry-run", is_flag=True, help="Show what would change; write nothing anywhere."
    )(command)


def model_option(command: F) -> F:
    """--model: which labeller pre-labels or predicts."""
    return click.option(
        "--model", metavar="ID", help="This model, or `codebook` (else the latest model)."
    )(command)
