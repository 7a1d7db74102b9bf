"""Reports unlike the training data: said so, and labelled with care."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.cli.app import App
from workbench.cli.labeller import Chosen
from workbench.cli.output import tell
from workbench.errors import ModelFileError
from workbench.models.carrying import carry_over
from workbench.models.coldstart import ColdStart, LabellerInfo
from workbench.models.likeness import (
    Likeness,
    ReportWords,
    judge_likeness,
    read_words,
    share_doubtful,
)
from workbench.models.reading import TextRow
from workbench.models.registry import read_held_out, read_meta
from workbench.records import ModelInfo, Paragraph, Prediction, Report
from workbench.store.reports import iterate_paragraphs, list_reports

#: Paragraphs of a report, evenly spread, that are scored to judge it.
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Careful:
    """A labeller that gives the codebook's phrases half the say on reports in `unlike`."""

    labeller: Chosen
    cold: ColdStart
    phrased: frozenset[str]
    unlike: Mapping[str, Likeness]

    def info_of(self, report_id: str) -> ModelInfo | LabellerInfo:
        """What made the predictions of a report; "+codebook" where the phrases had half the say."""
        info = self.labeller.info
        if report_id not in self.unlike:
            return info
        return LabellerInfo(
            f"{info.model_id}+codebook",
            info.sha256,
            info.taxonomy_name,
            info.taxonomy_version,
            info.taxonomy_sha256,
        )

    def predict(
        self, paragraphs: Sequence[Paragraph], *, evidence: bool = True
    ) -> Iterator[Prediction]:
        """A prediction for each paragraph, in order."""
        rows = (TextRow(p.text, p.section) for p in paragraphs)
        learned = self.labeller.predict_rows(rows, evidence=evidence)
        careful = [p for p in paragraphs if p.report_id in self.unlike]
        plain = self.cold.predict((TextRow(p.text, p.section) for p in careful), evidence=evidence)
        for paragraph, prediction in zip(paragraphs, learned, strict=True):
            if paragraph.report_id in self.unlike:
                prediction = carry_over(
                    prediction,
                    next(plain),
                    self.labeller.thresholds,
                    self.cold.thresholds,
                    self.phrased,
                )
            yield prediction


def take_care(app: App, labeller: Chosen, wanted: Sequence[Report]) -> Careful:
    """The labeller made careful about those `wanted` reports that are unlike its training data.

    Says on standard error which they are, why, and which command draws the
    paragraphs to tag first. Without a model there is nothing to be unlike.
    """
    book = app.codebook
    phrased = frozenset(code.code for code in book.codes if code.phrases)
    cold = ColdStart(book)
    found = {} if labeller.model is None else _judge(app, labeller, wanted)
    for report_id, likeness in found.items():
        tell(
            f"{report_id} is unlike the training data: {'; '.join(likeness.reasons)}."
            " The codebook's phrases get half the say there. To teach the model:"
            f" workbench push --report {report_id} --select mixed --n 50"
        )
    return Careful(labeller, cold, phrased, found)


def tell_unlike_texts(app: App, labeller: Chosen, texts: Sequence[str]) -> None:
    """Say on standard error where texts of no known report are unlike the training data."""
    if labeller.model is None:
        return
    likeness = judge_likeness(read_words("", None, texts), _training_words(app, labeller))
    if not likeness.like:
        tell(
            f"the input is unlike the training data: {'; '.join(likeness.reasons)}."
            " Read a sample of the answers before you count them; to teach the model, ingest"
            " the report and run `workbench push --select mixed --n 50`"
        )


def _judge(app: App, labeller: Chosen, wanted: Sequence[Report]) -> dict[str, Likeness]:
    training = _training_words(app, labeller)
    known = {report.report_id for report in training}
    held_out = _doubtful_held_out(labeller)
    found = {}
    for report in wanted:
        if not training or report.report_id in known:
            continue
        with app.database.session() as session:
            paragraphs = list(iterate_paragraphs(session, [report.report_id], kinds=("text",)))
        sample = paragraphs[:: max(1, len(paragraphs) // _SAMPLE)]
        likeness = judge_likeness(
            read_words(report.report_id, report.source, (p.text for p in paragraphs)),
            training,
            doubtful=_doubtful(labeller, sample) if sample else None,
            doubtful_held_out=held_out,
        )
        if not likeness.like:
            found[report.report_id] = likeness
    return found


def _training_words(app: App, labeller: Chosen) -> list[ReportWords]:
    """The words of those reports the model was trained on that are in the store."""
    if labeller.model is None:
        return []
    trained_on = set(read_meta(labeller.model)["data"]["reports"])
    with app.database.session() as session:
        held = [report for report, _ in list_reports(session) if report.report_id in trained_on]
        return [
            read_words(
                report.report_id,
                report.source,
                [p.text for p in iterate_paragraphs(session, [report.report_id], kinds=("text",))],
            )
            for report in held
        ]


def _doubtful(labeller: Chosen, paragraphs: Sequence[Paragraph]) -> float:
    codes = list(labeller.thresholds)
    scores = [[p.scores[code] for code in codes] for p in labeller.predict(paragraphs)]
    return share_doubtful(np.array(scores), np.array([labeller.thresholds[c] for c in codes]))


def _doubtful_held_out(labeller: Chosen) -> float | None:
    """The share of doubtful paragraphs when the model was evaluated; None where it was not kept."""
    if labeller.model is None:
        return None
    try:
        held_out = read_held_out(labeller.model)
    except ModelFileError:
        return None
    limits = np.array([labeller.thresholds[code] for code in held_out.codes])
    return share_doubtful(held_out.answers.scores, limits)
