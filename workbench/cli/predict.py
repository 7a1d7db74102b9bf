"""`workbench predict`."""

import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.labeller import Chosen, choose_labeller
from workbench.cli.options import model_option, output_option, report_option
from workbench.cli.output import Lines, tell, track
from workbench.cli.unlike import take_care, tell_unlike_texts
from workbench.errors import UsageError
from workbench.exports.inputs import InputText, read_input
from workbench.exports.predictions import (
    prediction_record,
    write_predictions,
    write_text_predictions,
)
from workbench.models.features import TextRow
from workbench.records import Prediction
from workbench.store.models import save_model_info, save_predictions
from workbench.store.reports import choose_reports, iterate_paragraphs

#: Lines of a file that are compared with the training data before the first is predicted.
_SAMPLE = 200
#: Objects made before the next look for garbage.
_COLLECT_AFTER = 200_000


@click.command(
    short_help="Write predictions as JSONL.",
    epilog="Example: workbench predict --report kazakhstan-2019-state -o exports/predictions.jsonl",
)
@report_option
@click.option(
    "--input",
    "input_file",
    type=click.Path(path_type=Path),
    help="Predict the {text, section} lines of this JSONL file instead; - is standard input.",
)
@click.option(
    "--evidence/--no-evidence",
    default=True,
    help="Say which words spoke for each code (the default); without, it is half as fast again.",
)
@model_option
@output_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    input_file: Path | None,
    evidence: bool,
    model: str | None,
    output: Path | None,
) -> None:
    """Write a prediction for each paragraph as JSONL: codes, scores, evidence, and what made them.

    Without a model yet, the codebook's indicator phrases predict; the record says so. Reports
    unlike the training data are named, and the phrases get half the say there. Every record
    fits the JSON Schema that the package ships (workbench/exports/prediction.schema.json).
    """
    if input_file and wanted:
        raise UsageError("--input and --report exclude each other", "give one of them")
    if input_file == Path("-"):
        input_file = Path("/dev/stdin")
    labeller = choose_labeller(app, model)
    if labeller.model is None:
        tell("no model: predicting with the codebook's indicator phrases")
    kept: list[tuple[str, Prediction]] = []
    now = app.now()
    with Lines(output) as file:
        if input_file:
            answered = _from_file(app, input_file, labeller, evidence)
            number = write_text_predictions(answered, labeller.info, labeller.thresholds, now, file)
        else:
            number = write_predictions(
                _from_store(app, wanted, labeller, evidence, kept, now), file
            )
    if kept and labeller.model is not None:
        with app.database.session() as session:
            save_model_info(session, labeller.model)
            save_predictions(session, labeller.model.model_id, kept, now)
    if output:
        tell(f"{number} predictions by {labeller.version} written to {output}")


def _from_file(
    app: App, path: Path, labeller: Chosen, evidence: bool
) -> Iterator[tuple[InputText, Prediction]]:
    """A file's lines with their predictions, read and predicted as they are asked for."""
    waiting: deque[InputText] = deque()
    lines = read_input(path)
    first = list(islice(lines, _SAMPLE))
    tell_unlike_texts(app, labeller, [line.text for line in first])

    def rows() -> Iterator[TextRow]:
        for line in chain(first, lines):
            waiting.append(line)
            yield TextRow(line.text, line.section)

    with _rarely_collecting():
        for prediction in labeller.predict_rows(rows(), evidence=evidence):
            yield waiting.popleft(), prediction


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Look for garbage in cycles rarely: a stream of predictions makes none to speak of."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _from_store(
    app: App,
    wanted: tuple[str, ...],
    labeller: Chosen,
    evidence: bool,
    kept: list[tuple[str, Prediction]],
    now: datetime,
) -> Iterator[dict[str, object]]:
    """Records for the store's paragraphs; `kept` collects what the store is to keep."""
    with app.database.session() as session:
        reports = {report.report_id: report for report in choose_reports(session, wanted)}
        paragraphs = list(iterate_paragraphs(session, list(reports), kinds=("text",)))
    if not paragraphs:
        raise UsageError("there are no paragraphs to predict", "run `workbench ingest PATH` first")
    careful = take_care(app, labeller, list(reports.values()))
    predictions = careful.predict(paragraphs, evidence=evidence)
    tracked = track(predictions, "predicting", len(paragraphs))
    for paragraph, prediction in zip(paragraphs, tracked, strict=True):
        kept.append((paragraph.paragraph_id, prediction))
        report = reports[paragraph.report_id]
        info = careful.info_of(paragraph.report_id)
        yield prediction_record(paragraph, report, prediction, info, labeller.thresholds, now)
