"""Reports unlike the training data: said so, and labelled with care."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from workbench.cli.app import App
from workbench.cli.labeller import Chosen
from workbench.cli.output import tell
from workbench.exports.inputs import InputText
from workbench.exports.lookahead import show_first
from workbench.models.coldstart import ColdStart, LabellerInfo
from workbench.models.likeness import (
    Likeness,
    ReportWords,
    Yardstick,
    choose_known,
    read_words,
    share_doubtful,
)
from workbench.models.rows import Text
from workbench.records import ModelInfo, Paragraph, Prediction, Report
from workbench.store.reports import (
    count_paragraphs,
    iterate_paragraphs,
    list_reports,
    sample_paragraphs,
)

#: Paragraphs of a report that are read to judge it, and those of them that are scored.
_SAMPLE, _SCORED = 200, 100
#: Reports that are named one by one.
_NAMED = 10
#: Paragraphs that are proposed to be tagged, where there are so many.
_PROPOSED = 50


class Reported(Text, Protocol):
    """A text that says which report it is from: a `Paragraph`, a line of a file."""

    @property
    def report_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Careful:
    """A labeller that gives the codebook's phrases half the say on reports in `unlike`.

    `halved` is what made the predictions there.
    """

    labeller: Chosen
    cold: ColdStart
    phrased: frozenset[str]
    unlike: Mapping[str | None, Likeness]
    halved: LabellerInfo

    def info_of(self, report_id: str | None) -> ModelInfo | LabellerInfo:
        """What made the predictions of a report; "+codebook" where the phrases had half the say."""
        return self.halved if report_id in self.unlike else self.labeller.info

    def predict(self, rows: Iterable[Reported], *, evidence: bool = True) -> Iterator[Prediction]:
        """A prediction for each row, a paragraph or a line of a file, in order."""
        if self.labeller.loaded is None:
            return self.labeller.predict(rows, evidence=evidence)
        # Imported here, as the registry below: scikit-learn takes seconds, and only models need it.
        from workbench.models.carrying import Carrier

        carrier: Carrier[Reported] = Carrier(
            self.labeller.loaded, self.cold, self.phrased, lambda row: row.report_id in self.unlike
        )
        return carrier.predict(rows, evidence=evidence)


class Counting:
    """Predicts; `blended` has the ids of paragraphs where the phrases had half the say."""

    def __init__(self, careful: Careful) -> None:
        self._careful = careful
        self.blended: set[str] = set()

    def predict(self, paragraphs: Sequence[Paragraph]) -> Iterator[Prediction]:
        """A prediction for each paragraph, in order."""
        self.blended |= {p.paragraph_id for p in paragraphs if p.report_id in self._careful.unlike}
        return self._careful.predict(paragraphs)

    def tell(self) -> None:
        """Say how many pre-labels are not the model's alone: a project shows one version of all."""
        if self.blended:
            tell(
                f"{len(self.blended)} of the pre-labels are by {self._careful.halved.model_id}, of"
                " reports unlike the training data; Label Studio shows the model's id there too"
            )


def take_care(app: App, labeller: Chosen, wanted: Sequence[Report]) -> Careful:
    """The labeller made careful about those `wanted` reports that are unlike its training data.

    Says on standard error which they are, why, and which command draws the
    paragraphs to tag first. Without a model there is nothing to be unlike.
    """
    unlike: dict[str | None, Likeness] = {}
    judge = _Judge(app, labeller, unlike)
    for report in wanted if judge.can_judge else ():
        if report.report_id in judge.known:
            continue
        with app.database.session() as session:
            sample = sample_paragraphs(session, report.report_id, _SAMPLE, kinds=("text",))
        judge.judge(report.report_id, report.source, sample, report.report_id)
    if unlike:
        named = "".join(f" --report {report_id}" for report_id in list(unlike)[:_NAMED])
        with app.database.session() as session:
            there = count_paragraphs(session, list(unlike)[:_NAMED], kinds=("text",))
        number = min(_PROPOSED, there)
        judge.tell_all(f"to teach the model: workbench push{named} --select mixed --n {number}")
    return _make_careful(app, labeller, unlike)


def take_care_of_lines(
    app: App,
    labeller: Chosen,
    lines: Iterable[InputText],
    say: Callable[[str], None] = tell,
) -> tuple[Careful, Iterator[InputText]]:
    """The same for the lines of a file, and the lines: a report is judged as they are read.

    It is judged by the first 200 of its lines that are among the next 1,024.
    Lines that name no report are taken for one. `say` gets what there is to say.
    """
    unlike: dict[str | None, Likeness] = {}
    judge = _Judge(app, labeller, unlike, say)

    def show(report_id: str | None, texts: Sequence[InputText]) -> None:
        name = "the input" if report_id is None else f"report {report_id!r} of the input"
        source = next((line.source for line in texts if line.source), None)
        judge.judge(report_id, source, texts, name)

    def read() -> Iterator[InputText]:
        yield from show_first(lines, show, most=_SAMPLE)
        if unlike:
            judge.tell_all(
                "to teach the model, ingest the report, then: workbench push --select mixed --n 50"
            )

    careful = _make_careful(app, labeller, unlike)
    return careful, read() if judge.can_judge else iter(lines)


def _make_careful(app: App, labeller: Chosen, unlike: Mapping[str | None, Likeness]) -> Careful:
    phrased = frozenset(code.code for code in app.codebook.codes if code.phrases)
    info = labeller.info
    halved = LabellerInfo(
        f"{info.model_id}+codebook",
        info.sha256,
        info.taxonomy_name,
        info.taxonomy_version,
        info.taxonomy_sha256,
    )
    return Careful(labeller, ColdStart(app.codebook), phrased, unlike, halved)


class _Judge:
    """Judges reports by those that the labeller learned from; enters into `unlike` which are."""

    def __init__(
        self,
        app: App,
        labeller: Chosen,
        unlike: dict[str | None, Likeness],
        say: Callable[[str], None] = tell,
    ) -> None:
        training, publishers = _read_training(app, labeller)
        self._labeller, self._unlike, self._say = labeller, unlike, say
        self._yardstick = Yardstick(training, publishers)
        self._held_out = _doubtful_held_out(labeller)
        self.known = {report.report_id for report in training}
        self.can_judge = bool(training)
        if labeller.model is not None and not training:
            say(
                f"the reports that {labeller.version} learned from are not in this workspace:"
                " it cannot be told whether others are like them"
            )

    def judge(
        self, report_id: str | None, source: str | None, sample: Sequence[Text], name: str
    ) -> None:
        """Judge a report by some of its texts; say of the first few that are unlike why."""
        words = read_words(report_id or "", source, (row.text for row in sample))
        likeness = self._yardstick.judge(
            words,
            doubtful=self._share_doubtful(sample[:: -(-len(sample) // _SCORED) or 1]),
            doubtful_held_out=self._held_out,
        )
        if likeness.like:
            return
        self._unlike[report_id] = likeness
        if len(self._unlike) <= _NAMED:
            self._say(f"{name} is unlike the training data: {'; '.join(likeness.reasons)}")

    def tell_all(self, teach: str) -> None:
        """Say what comes of being unlike, how many reports are where not all were named."""
        if len(self._unlike) > _NAMED:
            self._say(f"{len(self._unlike)} reports in all are unlike the training data")
        self._say(f"the codebook's phrases get half the say there; {teach}")

    def _share_doubtful(self, sample: Sequence[Text]) -> float | None:
        if not sample or self._held_out is None:
            return None
        limits = self._labeller.thresholds
        answers = self._labeller.predict(sample, evidence=False)
        scores = [[answer.scores[code] for code in limits] for answer in answers]
        return share_doubtful(np.array(scores), np.array(list(limits.values())))


def _read_training(app: App, labeller: Chosen) -> tuple[list[ReportWords], frozenset[str]]:
    """The words of the reports in the store that the model knows, and the publishers it knows.

    See `choose_known`: one labelled paragraph, or one with a twin's codes, makes nothing known.
    """
    if labeller.model is None:
        return [], frozenset()
    from workbench.models.registry import read_meta

    own: dict[str, int] = read_meta(labeller.model)["data"]["own"]
    of_publishers: Counter[str] = Counter()
    there: Counter[str] = Counter()
    with app.database.session() as session:
        held = {report.report_id: (report, number) for report, number in list_reports(session)}
        for report_id, (report, number) in held.items():
            if report.source:
                of_publishers[report.source] += own.get(report_id, 0)
                there[report.source] += number
        numbers = {report_id: number for report_id, (_, number) in held.items()}
        known = choose_known({name: n for name, n in own.items() if name in held}, numbers)
        words = [
            read_words(
                report_id,
                held[report_id][0].source,
                (p.text for p in iterate_paragraphs(session, [report_id], kinds=("text",))),
            )
            for report_id in sorted(known)
        ]
    return words, choose_known(of_publishers, there)


def _doubtful_held_out(labeller: Chosen) -> float | None:
    """The share of doubtful paragraphs when the model was evaluated; None where it was not kept."""
    if labeller.model is None:
        return None
    from workbench.models.registry import keeps_held_out, read_held_out

    if not keeps_held_out(labeller.model):
        return None
    held_out = read_held_out(labeller.model)
    limits = np.array([labeller.thresholds[code] for code in held_out.codes])
    return share_doubtful(held_out.answers.scores, limits)
