"""`workbench predict`."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from workbench.cli.app import App
from workbench.cli.labeller import Chosen, choose_labeller
from workbench.cli.options import model_option, output_option, report_option
from workbench.cli.output import Lines, tell, track
from workbench.errors import UsageError
from workbench.exports.inputs import InputText, read_input
from workbench.exports.predictions import prediction_record, write_predictions
from workbench.models.features import TextRow
from workbench.records import Prediction
from workbench.store.models import save_model_info, save_predictions
from workbench.store.reports import choose_reports, iterate_paragraphs


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
@model_option
@output_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    input_file: Path | None,
    model: str | None,
    output: Path | None,
) -> None:
    """Write a prediction for each paragraph as JSONL: codes, scores, evidence, and what made them.

    Without a model yet, the codebook's indicator phrases predict; the record says so. Every record
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
            number = write_predictions(_from_file(input_file, labeller, now), file)
        else:
            number = write_predictions(_from_store(app, wanted, labeller, kept, now), file)
    if kept and labeller.model is not None:
        with app.database.session() as session:
            save_model_info(session, labeller.model)
            save_predictions(session, labeller.model.model_id, kept, now)
    if output:
        tell(f"{number} predictions by {labeller.version} written to {output}")


def _from_file(path: Path, labeller: Chosen, now: datetime) -> Iterator[dict[str, object]]:
    """Records for a file's lines, read and predicted as they are asked for."""
    waiting: deque[InputText] = deque()

    def rows() -> Iterator[TextRow]:
        for line in read_input(path):
            waiting.append(line)
            yield TextRow(line.text, line.section)

    for prediction in labeller.predict_rows(rows()):
        line = waiting.popleft()
        yield prediction_record(line, None, prediction, labeller.info, labeller.thresholds, now)


def _from_store(
    app: App,
    wanted: tuple[str, ...],
    labeller: Chosen,
    kept: list[tuple[str, Prediction]],
    now: datetime,
) -> Iterator[dict[str, object]]:
    """Records for the store's paragraphs; `kept` collects what the store is to keep."""
    with app.database.session() as session:
        reports = {report.report_id: report for report in choose_reports(session, wanted)}
        paragraphs = list(iterate_paragraphs(session, list(reports), kinds=("text",)))
    if not paragraphs:
        raise UsageError("there are no paragraphs to predict", "run `workbench ingest PATH` first")
    predictions = track(labeller.predict(paragraphs), "predicting", len(paragraphs))
    for paragraph, prediction in zip(paragraphs, predictions, strict=True):
        kept.append((paragraph.paragraph_id, prediction))
        report = reports[paragraph.report_id]
        yield prediction_record(
            paragraph, report, prediction, labeller.info, labeller.thresholds, now
        )
