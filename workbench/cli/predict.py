"""`workbench predict`."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from workbench.cli.app import App
from workbench.cli.labeller import Chosen, choose_labeller
from workbench.cli.options import json_option, model_option, output_option, report_option
from workbench.cli.output import Lines, emit_json, tell, track
from workbench.cli.unlike import Careful, Reported, take_care, take_care_of_lines
from workbench.errors import UsageError
from workbench.exports.inputs import InputText, read_input
from workbench.exports.predictions import (
    Labeller,
    prediction_record,
    write_predictions,
    write_text_predictions,
)
from workbench.models.rows import BATCH_SIZE
from workbench.records import ModelInfo, Prediction
from workbench.store.models import save_model_info, save_predictions
from workbench.store.reports import choose_reports, count_paragraphs, iterate_paragraphs
from workbench.store.spool import PredictionSpool, open_spool

R = TypeVar("R", bound=Reported)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where predictions wait for the store: the model's own, and those with the phrases' say."""

    plain: PredictionSpool
    blended: PredictionSpool


@dataclass(slots=True)
class _Told:
    """What there is to tell of predictions once they are made; `codes` only if asked for."""

    careful: Careful | None = None
    codes: Counter[str] | None = None

    def count(self, prediction: Prediction) -> None:
        if self.codes is not None:
            self.codes.update(prediction.codes)


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
@json_option
@click.pass_obj
def command(
    app: App,
    wanted: tuple[str, ...],
    input_file: Path | None,
    evidence: bool,
    model: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write a prediction for each paragraph as JSONL: codes, scores, evidence, and what made them.

    Without a model yet, the codebook's indicator phrases predict; the record says so. Every record
    fits the JSON Schema that the package ships (workbench/exports/prediction.schema.json).

    Reports unlike the training data are named, and the phrases get half the say there; the model's
    id ends in +codebook in their records. Lines of --input may name their report (report_id, or
    report) and its source; those that do not are taken for one report. Each report of a file is
    judged by its first 200 lines among the next 1,024, so memory stays flat however long it is.

    With --json and -o a summary is printed: how many, by what, how often each code was given, and
    which reports are unlike the training data.
    """
    if as_json and output is None:
        raise UsageError("--json prints a summary where the predictions would go", "add -o FILE")
    if input_file and wanted:
        raise UsageError("--input and --report exclude each other", "give one of them")
    if input_file == Path("-"):
        input_file = Path("/dev/stdin")
    labeller = choose_labeller(app, model)
    if labeller.model is None:
        tell(f"{'' if model else 'no model: '}predicting with the codebook's indicator phrases")
    now = app.now()
    told = _Told(codes=Counter() if as_json else None)
    with open_spool() as plain, open_spool() as blended:
        kept = _Kept(plain, blended)
        with Lines(output) as file:
            if input_file:
                answered = _from_file(app, input_file, labeller, evidence, told)
                number = write_text_predictions(answered, labeller.thresholds, now, file)
            else:
                records = _from_store(app, wanted, labeller, evidence, kept, told, now)
                number = write_predictions(records, file)
        if labeller.model is not None and told.careful is not None:
            _store(app, labeller.model, told.careful, kept, now)
    if as_json:
        emit_json(_summarise(labeller, told, number, output))
    if output:
        tell(f"{number} predictions by {labeller.version} written to {output}")


def _from_file(
    app: App, path: Path, labeller: Chosen, evidence: bool, told: _Told
) -> Iterator[tuple[InputText, Prediction, Labeller]]:
    """A file's lines with their predictions, read and predicted as they are asked for."""
    careful, lines = take_care_of_lines(app, labeller, read_input(path))
    told.careful = careful
    with _rarely_collecting():
        for line, prediction in track(_pair(careful, lines, evidence), "predicting"):
            told.count(prediction)
            yield line, prediction, careful.info_of(line.report_id)


def _store(app: App, model: ModelInfo, careful: Careful, kept: _Kept, now: datetime) -> None:
    """Keep what was said; where the phrases had half the say, under an id that says so."""
    halved = replace(model, model_id=careful.halved.model_id)
    with app.database.session() as session:
        for info, spool, other in ((model, kept.plain, halved), (halved, kept.blended, model)):
            if len(spool):
                save_model_info(session, info)
                save_predictions(session, info.model_id, spool, now, instead_of=other.model_id)


def _summarise(
    labeller: Chosen, told: _Told, number: int, output: Path | None
) -> dict[str, object]:
    unlike = told.careful.unlike if told.careful else {}
    codes = told.codes or Counter()
    return {
        "predictions": number,
        "model": labeller.version,
        "output": str(output),
        "codes": {code: codes[code] for code in labeller.thresholds},
        "unlike": [
            {"report": report_id, "reasons": list(likeness.reasons)}
            for report_id, likeness in unlike.items()
        ],
    }


def _pair(careful: Careful, rows: Iterable[R], evidence: bool) -> Iterator[tuple[R, Prediction]]:
    """Each row with its prediction; a batch of rows is held at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_SIZE)):
        yield from zip(batch, careful.predict(batch, evidence=evidence), strict=True)


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
    kept: _Kept,
    told: _Told,
    now: datetime,
) -> Iterator[dict[str, object]]:
    """Records for the store's paragraphs, one by one; `kept` gets what the store is to keep."""
    with app.database.session() as session:
        reports = {report.report_id: report for report in choose_reports(session, wanted)}
        number = count_paragraphs(session, wanted, kinds=("text",))
    if not number:
        raise UsageError("there are no paragraphs to predict", "run `workbench ingest PATH` first")
    careful = take_care(app, labeller, list(reports.values()))
    told.careful = careful
    with app.database.session() as session, _rarely_collecting():
        paragraphs = iterate_paragraphs(session, wanted, kinds=("text",))
        answered = _pair(careful, paragraphs, evidence)
        for paragraph, prediction in track(answered, "predicting", number):
            told.count(prediction)
            if labeller.model is not None:
                spool = kept.blended if paragraph.report_id in careful.unlike else kept.plain
                spool.add(paragraph.paragraph_id, prediction)
            report = reports[paragraph.report_id]
            info = careful.info_of(paragraph.report_id)
            yield prediction_record(paragraph, report, prediction, info, labeller.thresholds, now)
