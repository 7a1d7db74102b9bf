"""`workbench agreement`."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import click

from workbench.annotations.figures import Agreement
from workbench.annotations.needs import WIDTH
from workbench.annotations.rawcodings import read_codings
from workbench.cli.app import App
from workbench.cli.options import json_option, report_option
from workbench.cli.output import emit_json, print_table, tell
from workbench.errors import AgreementError, AnnotationError, ModelError, UsageError
from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.compose import Subject, compose_report, subject_of, subject_of_raw
from workbench.exports.agreement.files import write_agreement
from workbench.exports.agreement.phrases import count
from workbench.exports.agreement.report import AgreementReport, show_figure, show_interval
from workbench.exports.agreement.terminal import agreement_table
from workbench.store.annotations import list_annotations
from workbench.store.assignments import list_assignments
from workbench.store.reports import choose_reports, iterate_paragraphs, list_reports

#: What names standard input in place of a file.
STDIN = Path("-")


@click.command(
    short_help="Measure how far coders agree.",
    epilog="Example: workbench agreement --min-alpha 0.667 -o exports/agreement/final",
)
@report_option
@click.option(
    "--input",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Codings of any tool instead: JSON lines or a table of unit, annotator, codes; - reads "
    "standard input. Needs no workspace.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The folder (else exports/agreement/DATE; with --input none).",
)
@click.option("--no-text", is_flag=True, help="Leave paragraphs and comments out of the report.")
@click.option(
    "--min-alpha",
    type=click.FloatRange(-1, 1),
    help="Exit with 1 when the lower end of a code's interval is below this, or a code that was "
    "given cannot be judged, or none can.",
)
@click.option(
    "--width",
    type=click.FloatRange(0.01, 1),
    default=WIDTH,
    show_default=True,
    help="The width of interval for which `how many more` is answered.",
)
@click.option(
    "--resamples",
    type=click.IntRange(100),
    default=1000,
    show_default=True,
    help="Bootstrap resamples.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), help="The seed of the intervals (else train.seed)."
)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    wanted: tuple[str, ...],
    file: Path | None,
    output: Path | None,
    no_text: bool,
    min_alpha: float | None,
    width: float,
    resamples: int,
    seed: int | None,
    as_json: bool,
) -> None:
    """Measure agreement per code and overall, with intervals.

    Prints a table and writes a folder: agreement.html, a page that stands alone with every figure's
    method, breakdowns and the disputed paragraphs; the same as agreement.json and agreement.csv;
    agreement.md and agreement.tex for an appendix.
    """
    app: App = ctx.obj
    app.use(seed=seed)
    now = app.now()
    folder: Path | None
    if file is None:
        subject, seed = _from_workspace(app, wanted), app.workspace.number("seed")
        title = f"{app.workspace.name}: agreement of the coders"
        folder = output or app.workspace.folder("exports") / "agreement" / f"{now:%Y-%m-%d}"
    else:
        if wanted:
            raise UsageError("--report is of a workspace, --input of a file", "use one of them")
        subject, seed = _from_file(file), seed or 0
        title, folder = f"{_name_of(file)}: agreement of the coders", output
    report = compose_report(
        subject, title, now, resamples=resamples, seed=seed, width=width, with_text=not no_text
    )
    paths = write_agreement(folder, report) if folder is not None else ()
    if as_json:
        emit_json(agreement_json(report))
    else:
        _print(report, paths)
    if min_alpha is not None and (failing := _below(report.agreement, min_alpha)):
        for line in failing:
            tell(line)
        ctx.exit(1)


def _from_workspace(app: App, wanted: tuple[str, ...]) -> Subject:
    with app.database.session() as session:
        chosen = [report.report_id for report in choose_reports(session, wanted)]
        reports = [report for report, _ in list_reports(session)]
        paragraphs = list(iterate_paragraphs(session, chosen))
        annotations = list_annotations(session, chosen)
        assignments = list_assignments(session, chosen)
    if not annotations:
        raise AgreementError(
            "no paragraph of these reports has an annotation",
            "run `workbench pull`, or `workbench annotations import FILE`",
        )
    unread: tuple[str, ...] = ()
    try:
        model = _model_says(app)
    except ModelError as error:
        tell(f"left out: {error}")
        model, unread = {}, ("The coders are not set against a model: it could not be read.",)
    subject = subject_of(
        annotations,
        paragraphs,
        reports,
        app.codebook.code_names,
        calibration={a.paragraph_id for a in assignments if a.shared},
        model=model,
    )
    return replace(subject, notes=(*subject.notes, *unread))


def _from_file(file: Path) -> Subject:
    name = _name_of(file) if file == STDIN else str(file)
    try:
        if file == STDIN:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
            return subject_of_raw(read_codings(io.StringIO(text, newline=""), name))
        with open(file, encoding="utf-8-sig", newline="") as lines:
            return subject_of_raw(read_codings(lines, name))
    except FileNotFoundError:
        raise AnnotationError(f"{name}: no such file", "name a JSONL or CSV file") from None
    except UnicodeDecodeError:
        raise AnnotationError(f"{name}: not UTF-8 text", "save it as UTF-8") from None


def _name_of(file: Path) -> str:
    return "standard input" if file == STDIN else file.name


def _model_says(app: App) -> dict[str, frozenset[str]]:
    """What the latest model said of each paragraph while its report was held out."""
    folder = app.workspace.folder("models")
    if not folder.is_dir() or not any(folder.iterdir()):
        return {}
    # Imported when there is a model: it takes longer than measuring agreement.
    from workbench.models.registry import list_models, read_held_out

    models = list_models(folder)
    if not models:
        return {}
    held = read_held_out(models[-1])
    return {
        paragraph_id: frozenset(code for code, given in zip(held.codes, row, strict=True) if given)
        for paragraph_id, row in zip(held.paragraph_ids, held.answers.given, strict=True)
    }


def _below(agreement: Agreement, wanted: float) -> list[str]:
    """A line for every code that is not known to reach `wanted`, or for all where none was judged.

    A code that no coder gave has nothing to agree on, and is let pass where
    another could be judged.
    """
    lines = []
    given = [code for code in agreement.codes if code.positives]
    for code in given:
        low = code.alpha_interval.low
        if low is None:
            lines.append(f"{code.code}: not judged: no interval: {code.alpha_interval.reason}")
        elif low < wanted:
            shown = f"{show_figure(code.alpha)} {show_interval(code.alpha_interval)}"
            lines.append(f"{code.code}: below {wanted:g}: alpha {shown}")
        elif code.band_reason:
            lines.append(f"{code.code}: not judged: {code.band}: {code.band_reason}")
    if not given:
        lines.append("no code could be judged: no coder gave any to a paragraph coded twice")
    return lines


def _print(report: AgreementReport, paths: tuple[Path, ...]) -> None:
    measured = report.agreement
    header, *rows = agreement_table(measured)
    print_table(header, rows)
    click.echo(
        f"\n{count(measured.pairable, 'paragraph')} coded by two or more of "
        f"{count(len(measured.coders), 'coder')}. {measured.drawn_reason}"
    )
    for note in measured.notes:
        click.echo(note)
    for need in report.needs:
        if need.more:
            about = "" if need.certain else "at least "
            click.echo(
                f"{need.code}: {about}{count(need.more, 'more paragraph')} coded twice for an "
                f"interval {need.wanted:g} wide"
            )
    if paths:
        names = ", ".join(path.name for path in paths[1:])
        click.echo(f"written: {paths[0]}, and beside it {names}")
