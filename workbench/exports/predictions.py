"""Predictions as JSON Lines, each record checked against `prediction.schema.json`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Protocol

from workbench.exports.inputs import InputText, read_input
from workbench.exports.paragraphs import describe_report
from workbench.exports.prediction_lines import SCHEMA_FILE, LineEncoder, prediction_schema
from workbench.records import Paragraph, Prediction, Report

__all__ = [
    "SCHEMA_FILE",
    "InputText",
    "Labeller",
    "prediction_record",
    "prediction_schema",
    "read_input",
    "write_predictions",
    "write_text_predictions",
]


class Labeller(Protocol):
    """What made a prediction: a `ModelInfo`, or the cold-start labeller's info."""

    @property
    def model_id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def taxonomy_name(self) -> str: ...
    @property
    def taxonomy_version(self) -> str: ...
    @property
    def taxonomy_sha256(self) -> str: ...


def prediction_record(
    subject: Paragraph | InputText,
    report: Report | None,
    prediction: Prediction,
    labeller: Labeller,
    thresholds: Mapping[str, float],
    predicted_at: datetime,
) -> dict[str, object]:
    """The record of one prediction, its fields in the order in which they are written.

    `report` is None, and so are `start`, `end` and `page`, for a text that did
    not come from the database; `report_id` and `source` are then what the input
    says. `predicted_at` must know its time zone.
    """
    start = end = page = None
    if isinstance(subject, Paragraph):
        start, end, page = subject.start, subject.end, subject.page
        report_id, source = subject.report_id, report.source if report else None
    else:
        report_id, source = subject.report_id, subject.source
    evidence: dict[str, list[dict[str, object]]] = {code: [] for code in prediction.codes}
    for find in prediction.evidence:
        evidence[find.code].append({"start": find.start, "end": find.end, "text": find.text})
    return {
        "paragraph_id": subject.paragraph_id,
        "report": report and {"report_id": report.report_id, **describe_report(report)},
        "report_id": report_id,
        "source": source,
        "section": list(subject.section),
        "text": subject.text,
        "start": start,
        "end": end,
        "page": page,
        "codes": list(prediction.codes),
        "scores": dict(prediction.scores),
        "thresholds": dict(thresholds),
        "evidence": evidence,
        "model": {"id": labeller.model_id, "sha256": labeller.sha256},
        "taxonomy": {
            "name": labeller.taxonomy_name,
            "version": labeller.taxonomy_version,
            "sha256": labeller.taxonomy_sha256,
        },
        "predicted_at": _format_time(predicted_at),
    }


def write_predictions(records: Iterable[Mapping[str, object]], out: IO[str]) -> int:
    """Write `records` to `out`, one JSON object a line, as they come; how many there were.

    Raises WorkbenchError, naming the record and the field, before writing one
    that breaks the schema.
    """
    encoder = LineEncoder()
    count = 0
    for count, record in enumerate(records, 1):
        out.write(encoder.encode(record, count) + "\n")
    return count


def write_text_predictions(
    answered: Iterable[tuple[InputText, Prediction, Labeller]],
    thresholds: Mapping[str, float],
    predicted_at: datetime,
    out: IO[str],
) -> int:
    """`write_predictions` for the records of texts that did not come from the database.

    Each comes with what made its prediction. The lines are the same; most are
    written without a record being made.
    """
    encoders: dict[str, LineEncoder] = {}
    count = 0
    for count, (line, prediction, labeller) in enumerate(answered, 1):
        encoder = encoders.get(labeller.model_id)
        if encoder is None:
            encoder = encoders[labeller.model_id] = LineEncoder()
        encoded = encoder.encode_text(line, prediction)
        if encoded is None:
            record = prediction_record(line, None, prediction, labeller, thresholds, predicted_at)
            encoded = encoder.encode(record, count)
        out.write(encoded + "\n")
    return count


@lru_cache(maxsize=8)
def _format_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
