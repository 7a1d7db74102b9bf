"""From coded paragraphs to a model with honest figures."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.pipeline import Pipeline

from workbench.errors import TrainingError
from workbench.models.classifier import UNDECIDED, ParagraphClassifier, describe_shortage
from workbench.models.embeddings import SentenceEmbeddings
from workbench.models.evaluation import LabelledSet, evaluate
from workbench.models.features import build_features
from workbench.models.folds import group_duplicates
from workbench.models.judging import tabulate_labels
from workbench.models.learnable import find_unlearnable
from workbench.models.names import find_entities, load_pipeline
from workbench.models.reading import TextRow, reader_for
from workbench.models.thresholds import choose_thresholds
from workbench.models.weighting import describe_weights, weigh_labels
from workbench.progress import Track, track_silently
from workbench.records import CodedParagraph
from workbench.reports.twins import twin_key
from workbench.taxonomy.codebook import Codebook


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A fitted model that is not yet on disk.

    `pipeline` turns `TextRow`s into probabilities of the shape (rows, codes),
    in the order of `codes`. `insufficient` names the codebook's other codes,
    each with the reason; the model abstains on them. `metrics` is what
    `evaluation.evaluate` returned, with `insufficient` added, the `weights` (see
    `weighting.describe_weights`), `names`, the pipeline that found them, and
    `embeddings_sha256`, the hash of the sentence model, None without one. `labelled`
    is what it learned from. `data_sha256` is the hash of the coded paragraphs: the
    same labels give the same hash in whatever order they came. `own` counts each
    report's paragraphs that were coded themselves, `carried` those that only have
    a twin's codes; reports without any are in neither.
    """

    pipeline: Pipeline = field(repr=False)
    codes: tuple[str, ...]
    thresholds: Mapping[str, float]
    insufficient: Mapping[str, str]
    metrics: Mapping[str, object] = field(repr=False)
    labelled: LabelledSet = field(repr=False)
    seed: int
    data_sha256: str
    own: Mapping[str, int]
    carried: Mapping[str, int]

    @property
    def paragraphs(self) -> int:
        """How many paragraphs it learned from, carried ones included."""
        return sum(self.own.values()) + sum(self.carried.values())

    @property
    def reports(self) -> tuple[str, ...]:
        """The reports of which something was coded itself, by id."""
        return tuple(self.own)


def train_model(
    coded: Sequence[CodedParagraph],
    codebook: Codebook,
    *,
    seed: int = 0,
    progress: Track = track_silently,
    carried: Collection[str] = (),
    embeddings: str | None = None,
    sources: Mapping[str, str | None] | None = None,
    names: str | None = None,
) -> TrainedModel:
    """Evaluate on held-out reports, then fit on all of `coded`.

    A code is learned from the paragraphs that are not tied on it. One with
    fewer than `classifier.MIN_EXAMPLES` paragraphs that carry it, or that do
    not, is insufficient, and so is one that no fold leaves enough of to be
    measured. Of twins (see `reports.twins`) one is judged and counted, first one
    that is not `carried`: an id whose codes are those of a twin. `embeddings` is
    the folder or name of a sentence model to learn from too. `sources` has the
    publisher of each report: labels count by it and by the coders' agreement, see
    `weighting`. `names` is the spaCy pipeline that finds the names which are not
    learned, see `names`; without one their capitals tell them. The same data and
    seed give the same model.

    Raises TrainingError where nothing is coded, where a code is not in the
    codebook, or where every code is insufficient; ModelError as `load_pipeline`.
    """
    coded = sorted(coded, key=lambda item: item.paragraph.paragraph_id)
    _check(coded, codebook)
    everything = tabulate_labels(coded, codebook.code_names)
    judged = _choose_judged(coded, carried)
    shortages = {
        code: describe_shortage(column)
        for code, column in zip(codebook.code_names, everything[judged].T, strict=True)
    }
    codes = _keep_learnable(shortages, bool((everything == UNDECIDED).any()))
    rows = [TextRow(item.paragraph.text, item.paragraph.section) for item in coded]
    reader = reader_for(codebook)
    read = reader.transform(rows)
    pipeline = None if names is None else load_pipeline(names)
    if pipeline is not None:
        read = read.with_entities(find_entities(pipeline, read, progress))
    whole = LabelledSet(
        texts=[row.text for row in rows],
        read=read,
        reports=[item.paragraph.report_id for item in coded],
        labels=_pick_codes(everything, codebook, codes),
        codes=codes,
        judged=judged,
        decided=np.array([item.paragraph.paragraph_id not in carried for item in coded]),
    )
    duplicates = group_duplicates(whole.texts)
    shortages |= find_unlearnable(whole, duplicates)
    codes = _keep_learnable(shortages, bool((everything == UNDECIDED).any()))
    labels = _pick_codes(everything, codebook, codes)
    weights = weigh_labels(coded, codes, sources, carried)
    labelled = replace(whole, labels=labels, codes=codes, weights=weights)
    hints = {code.code: code.hints for code in codebook.codes}
    features = build_features(codebook.code_names, hints, embeddings)
    classifier = ParagraphClassifier(features, seed=seed, codes=list(codes))
    evaluation = evaluate(labelled, classifier, seed=seed, progress=progress, duplicates=duplicates)
    insufficient = {code: why for code, why in shortages.items() if why}
    chosen = choose_thresholds(labels[judged], evaluation.scores[judged], weights[judged])
    classifier.fit(labelled.read, labels, labelled.subjects, weights)
    return TrainedModel(
        pipeline=Pipeline([("read", reader), ("codes", classifier)]),
        codes=codes,
        thresholds=dict(zip(codes, chosen.tolist(), strict=True)),
        insufficient=insufficient,
        metrics={
            **evaluation.metrics,
            "insufficient": insufficient,
            "weights": describe_weights(coded, labels, codes, sources, carried),
            "names": None if pipeline is None else pipeline.title,
            "embeddings_sha256": _hash_of_embeddings(classifier),
        },
        labelled=labelled,
        seed=seed,
        data_sha256=hash_labels(coded, sources),
        own=_count_reports(i for i in coded if i.paragraph.paragraph_id not in carried),
        carried=_count_reports(i for i in coded if i.paragraph.paragraph_id in carried),
    )


def _keep_learnable(shortages: Mapping[str, str], tied: bool) -> tuple[str, ...]:
    """The codes without a shortage; TrainingError where each has one."""
    codes = tuple(code for code, why in shortages.items() if not why)
    if not codes:
        reasons = ", ".join(f"{code}: {why}" for code, why in shortages.items())
        raise TrainingError(
            f"no code has enough labels to learn from ({reasons})",
            "code more paragraphs, some that carry the code and some that do not"
            + (", or adjudicate what coders are tied on" if tied else ""),
        )
    return codes


def _pick_codes(labels: np.ndarray, codebook: Codebook, codes: Sequence[str]) -> np.ndarray:
    return labels[:, [codebook.code_names.index(code) for code in codes]]


def _count_reports(coded: Iterable[CodedParagraph]) -> dict[str, int]:
    return dict(sorted(Counter(item.paragraph.report_id for item in coded).items()))


def _hash_of_embeddings(classifier: ParagraphClassifier) -> str | None:
    """The hash of the sentence model that a fitted classifier learned from, if of any."""
    for _, part in classifier.features_.transformer_list:
        if isinstance(part, SentenceEmbeddings):
            return part.sha256_
    return None


def hash_labels(
    coded: Sequence[CodedParagraph], sources: Mapping[str, str | None] | None = None
) -> str:
    """The SHA-256 of what is learned from, in the order of the paragraph ids.

    That is texts and labels, and what the labels count by: the coders' support
    and the publisher of each report.
    """
    digest = hashlib.sha256()
    for item in sorted(coded, key=lambda item: item.paragraph.paragraph_id):
        paragraph = item.paragraph
        fields = [
            paragraph.paragraph_id,
            paragraph.report_id,
            list(paragraph.section),
            paragraph.text,
            sorted(item.codes),
            sorted(item.tied),
            sorted(item.provenance.support.items()),
            (sources or {}).get(paragraph.report_id),
        ]
        digest.update(json.dumps(fields).encode() + b"\n")
    return digest.hexdigest()


def _check(coded: Sequence[CodedParagraph], codebook: Codebook) -> None:
    if not coded:
        raise TrainingError(
            "there are no labels to learn from",
            "pull the coders' annotations, or import a file of them",
        )
    known = set(codebook.code_names)
    for item in coded:
        for code in (*item.codes, *item.tied):
            if code not in known:
                raise TrainingError(
                    f"paragraph {item.paragraph.paragraph_id} is coded {code!r}, which the"
                    f" taxonomy {codebook.name} {codebook.version} does not have",
                    "add the code to the taxonomy or correct the annotation",
                )


def _choose_judged(coded: Sequence[CodedParagraph], carried: Collection[str]) -> np.ndarray:
    """Whether each is the one of its twins that stands for them all."""
    chosen: dict[bytes, int] = {}
    own_first = sorted(
        range(len(coded)), key=lambda place: coded[place].paragraph.paragraph_id in carried
    )
    for place in own_first:
        chosen.setdefault(twin_key(coded[place].paragraph), place)
    judged = np.zeros(len(coded), dtype=bool)
    judged[list(chosen.values())] = True
    return judged
