"""`workbench ingest`."""

import re
from pathlib import Path
from typing import Any

import click

from workbench.cli.app import App
from workbench.cli.intake import Intake, Wishes, plan_jobs, show_outcome
from workbench.cli.options import json_option
from workbench.cli.output import tell, track
from workbench.cli.row_intake import take_rows
from workbench.cli.rowfields import parse_rows, row_options
from workbench.errors import StoreError, UsageError
from workbench.files import open_whole
from workbench.records import Given
from workbench.reports.approval import render_approval
from workbench.reports.batch import choose_processes, read_jobs
from workbench.reports.gathering import SUFFIXES, gather_files
from workbench.reports.languages import language_code
from workbench.reports.rows.reading import READERS

#: Sentences are cut apart below about this length.
FEWEST_WORDS = 20
REPORT_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@click.command(
    short_help="Read report files into paragraphs.",
    epilog="Example: workbench ingest reports/ --dry-run -o metadata.csv",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", help="The publisher, for all files of this run (else detected).")
@click.option("--country", help="The country reported on (else detected).")
@click.option("--year", type=click.IntRange(1900, 2100), help="The year covered (else detected).")
@click.option("--language", help="The language, as an ISO 639-1 code (else detected).")
@click.option("--title", help="The title; only with a single file (else detected).")
@click.option("--id", "report_id", help="The report's id; only with a single file.")
@click.option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV table of what each file is, as --dry-run -o writes it.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be read; store nothing.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="With --dry-run: write what was detected as a table to correct, for --metadata.",
)
@click.option(
    "--split-longer-than",
    "most_words",
    type=click.IntRange(min=0),
    metavar="WORDS",
    help="Split longer paragraphs at sentences; 0: no longer (else as before).",
)
@click.option("--processes", type=click.IntRange(1, 256), help="How many to read with (else fit).")
@row_options
@click.option("--forget", is_flag=True, help="Drop what earlier runs said of these files.")
@click.option("--replace", "replacing", is_flag=True, help="Take the file in place of another.")
@json_option
@click.pass_obj
def command(
    app: App,
    paths: tuple[Path, ...],
    metadata: Path | None,
    dry_run: bool,
    output: Path | None,
    most_words: int | None,
    processes: int | None,
    forget: bool,
    replacing: bool,
    as_json: bool,
    **said: Any,
) -> None:
    """Read report files into paragraphs: single files, folders, zip archives.

    Text, Markdown, saved web pages, PDF, DOCX and ODT are read; what a file is, is told from its
    content. The same file again changes nothing and costs next to nothing, so that an interrupted
    run goes on where it stopped. A corrected file changes only what is different: paragraphs whose
    words stayed keep their ids and their annotations. A file that cannot be read is named and the
    others go on; the exit code is then 1.

    With --text-field the files are rows of text that is split already, a paragraph a row.
    """
    rows = parse_rows(said)
    given = _given(said)
    if most_words is not None and 0 < most_words < FEWEST_WORDS:
        raise UsageError(
            f"--split-longer-than {most_words} is too few", f"give {FEWEST_WORDS} or more, or 0"
        )
    if output and not dry_run:
        raise UsageError("-o goes with --dry-run", "add --dry-run, or leave -o away")
    gathered = gather_files(paths, frozenset(READERS) if rows else SUFFIXES)
    if len(gathered.files) > 1 and (given.title or given.report_id):
        raise UsageError("--title and --id fit one file, not several", "ingest that file alone")
    intake = Intake(
        app,
        storing=not dry_run,
        replacing=replacing,
        forgetting=forget,
        failures=[*gathered.failures],
    )
    if rows:
        take_rows(app, intake, gathered.files, rows, given)
    else:
        files = [file for file in gathered.files if not intake.refuse_rows(file)]
        wishes = Wishes(given, metadata, most_words, forget)
        jobs = plan_jobs(app, files, wishes, storing=not dry_run)
        outcomes = read_jobs(jobs, processes or choose_processes(jobs))
        try:
            for outcome in track(outcomes, "reading reports", len(jobs)):
                intake.take(outcome)
        except StoreError as error:
            intake.failures.append(error)
    if output:
        with open_whole(output) as file:
            file.write(render_approval(intake.detected))
        tell(f"what was detected is in {output}: correct it, then ingest with --metadata {output}")
    show_outcome(intake, as_json)


def _given(said: dict[str, Any]) -> Given:
    """What the options say of the reports; empty ones say nothing."""
    given = Given(
        **{
            name: (value.strip() or None) if isinstance(value, str) else value
            for name, value in said.items()
        }
    )
    if given.report_id is not None and not REPORT_ID.fullmatch(given.report_id):
        raise UsageError(
            f"--id {given.report_id!r} is not usable", "use lower-case letters, digits, - and _"
        )
    if given.language is not None and language_code(given.language) is None:
        raise UsageError(
            f"--language {given.language!r} is no language", "write an ISO 639-1 code such as en"
        )
    return given
