"""`workbench predict`."""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from workbench.cli.app import App
from workbench.cli.labeller import Chosen, choose_labeller
from workbench.cli.options import model_option, output_option, report_option
from workbench.cli.output import Lines, tell, track
from workbench.cli.unlike import Careful, Reported, take_care, take_care_of_lines
from workbench.errors import UsageError
from workbench.exports.inputs import InputText, read_input
from workbench.exports.predictions import (
    Labeller,
    prediction_record,
    write_predictions,
    write_text_predictions,
)
from workbench.records import Prediction
from workbench.store.models import save_model_info, save_predictions
from workbench.store.reports import choose_reports, count_paragraphs, iterate_paragraphs
from workbench.store.spool import PredictionSpool, open_spool

R = TypeVar("R", bound=Reported)

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
    help="Predict the {text, section, report_id} lines of this JSONL file instead; - is standard"
    " input. Only text must be there.",
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

    Without a model yet, the codebook's indicator phrases predict; the record says so. Every record
    fits the JSON Schema that the package ships (workbench/exports/prediction.schema.json).

    Reports unlike the training data are named, and the phrases get half the say there; the model's
    id ends in +codebook in their records. Lines of --input may name their report (report_id, or
    report) and its source; those that do not are taken for one report. Each report of a file is
    judged by its first 200 lines among the next 1,024, so memory stays flat however long it is.
    """
    if input_file and wanted:
        raise UsageError("--input and --report exclude each other", "give one of them")
    if input_file == Path("-"):
        input_file = Path("/dev/stdin")
    labeller = choose_labeller(app, model)
    if labeller.model is None:
        tell(f"{'' if model else 'no model: '}predicting with the codebook's indicator phrases")
    now = app.now()
    with open_spool() as kept:
        with Lines(output) as file:
            if input_file:
                answered = _from_file(app, input_file, labeller, evidence)
                number = write_text_predictions(answered, labeller.thresholds, now, file)
            else:
                records = _from_store(app, wanted, labeller, evidence, kept, now)
                number = write_predictions(records, file)
        if len(kept) and labeller.model is not None:
            with app.database.session() as session:
                save_model_info(session, labeller.model)
                save_predictions(session, labeller.model.model_id, kept, now)
    if output:
        tell(f"{number} predictions by {labeller.version} written to {output}")


def _from_file(
    app: App, path: Path, labeller: Chosen, evidence: bool
) -> Iterator[tuple[InputText, Prediction, Labeller]]:
    """A file's lines with their predictions, read and predicted as they are asked for."""
    careful, lines = take_care_of_lines(app, labeller, read_input(path))
    with _rarely_collecting():
        for line, prediction in track(_pair(careful, lines, evidence), "predicting"):
            yield line, prediction, careful.info_of(line.report_id)


def _pair(careful: Careful, rows: Iterable[R], evidence: bool) -> Iterator[tuple[R, Prediction]]:
    """Each row with its prediction; rows are held until they have one."""
    waiting: deque[R] = deque()

    def pass_on() -> Iterator[R]:
        for row in rows:
            waiting.append(row)
            yield row

    for prediction in careful.predict(pass_on(), evidence=evidence):
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
    kept: PredictionSpool,
    now: datetime,
) -> Iterator[dict[str, object]]:
    """Records for the store's paragraphs, one by one; `kept` gets what the store is to keep."""
    with app.database.session() as session:
        reports = {report.report_id: report for report in choose_reports(session, wanted)}
        number = count_paragraphs(session, wanted, kinds=("text",))
    if not number:
        raise UsageError("there are no paragraphs to predict", "run `workbench ingest PATH` first")
    careful = take_care(app, labeller, list(reports.values()))
    with app.database.session() as session, _rarely_collecting():
        paragraphs = iterate_paragraphs(session, wanted, kinds=("text",))
        answered = _pair(careful, paragraphs, evidence)
        for paragraph, prediction in track(answered, "predicting", number):
            if labeller.model is not None:
                kept.add(paragraph.paragraph_id, prediction)
            report = reports[paragraph.report_id]
            info = careful.info_of(paragraph.report_id)
            yield prediction_record(paragraph, report, prediction, info, labeller.thresholds, now)
