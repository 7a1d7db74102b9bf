"""What each part of the model is worth: every variant on the same held-out reports.

    python benchmarks/ablation.py [--shared ../shared] [--sample 1000]

Learns from the coded Kazakhstan reports. "Held out" is leave one report out, new text only, as
`workbench train` measures; "no headings" the same models on the same paragraphs without theirs;
"elsewhere" is UN recommendations whose issues map onto the codes (a rough mapping, a publisher
nobody coded), by the model of all reports. Variants that learn from text that nobody coded get the
paragraphs of the reports in SHARED/reports that are no near copies of coded ones.
The reports were looked at while the model was built: differences of less than 0.01 are chance.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from modeldata import MAPPED, Texts, as_coded, read_recommendations, read_reports
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.decomposition import TruncatedSVD
from sklearn.metrics import average_precision_score
from sklearn.pipeline import FeatureUnion

from workbench.models import prior
from workbench.models.classifier import ParagraphClassifier
from workbench.models.evaluation import LabelledSet, evaluate
from workbench.models.features import PhraseFeatures, WordFeatures, build_features
from workbench.models.reading import ReadRow, ReadRows, TextRow, gather_rows, reader_for
from workbench.models.thresholds import choose_thresholds
from workbench.models.weighting import weigh_labels
from workbench.reports.carried import carried_over
from workbench.reports.reading import read_document
from workbench.taxonomy.codebook import Codebook, load_codebook

HERE = Path(__file__).resolve().parents[1]
DIMENSIONS = 50
#: How much a paragraph counts that the model has labelled itself.
OWN_LABEL = 0.3


class FewerPhrases(PhraseFeatures):
    """Phrases without the columns that do not look at the text's length."""

    WIDTH = 3

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        whole = PhraseFeatures(self.codes)
        kept = [k * whole.WIDTH + column for k in range(len(self.codes)) for column in (0, 3, 4)]
        return whole.transform(rows)[:, kept]


class Structure(TransformerMixin, BaseEstimator):
    """Where a text lies in a truncated SVD of the words of texts that nobody coded."""

    def __init__(self, uncoded: ReadRows) -> None:
        self.uncoded = uncoded

    def fit(self, rows: Sequence[ReadRow], y: Any = None) -> Self:
        self.words_ = WordFeatures().fit(self.uncoded)
        self.svd_ = TruncatedSVD(DIMENSIONS, random_state=0)
        self.svd_.fit(self.words_.transform(self.uncoded))
        return self

    @property
    def width_(self) -> int:
        """The number of columns."""
        return DIMENSIONS

    def transform(self, rows: Sequence[ReadRow]) -> csr_matrix:
        return csr_matrix(self.svd_.transform(self.words_.transform(rows)))


class SelfTrained(ParagraphClassifier):
    """Learns once more, with its own answers to texts that nobody coded, doubtful ones less."""

    uncoded: ReadRows

    def fit(self, rows: Any, labels: np.ndarray, subjects: Any = None, weights: Any = None) -> Self:
        super().fit(rows, labels, subjects, weights)
        scores = self.predict_proba(self.uncoded)
        own = (scores >= 0.5).astype(int)
        doubt = OWN_LABEL * np.abs(2 * scores - 1)
        both = join(rows, self.uncoded)
        counted = np.ones(labels.shape) if weights is None else weights
        named = None if subjects is None else [*subjects, *["elsewhere"] * len(own)]
        return super().fit(both, np.vstack([labels, own]), named, np.vstack([counted, doubt]))


@dataclass(frozen=True)
class Variant:
    """One way to build the classifier; `scale` is that of the common prior."""

    name: str
    features: Callable[[], FeatureUnion]
    bare_copies: bool = True
    scale: float = prior.SCALE
    self_trained: bool = False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--shared", type=Path, default=HERE.parent / "shared")
    options.add_argument("--sample", type=int, default=1000, help="recommendations to judge by")
    args = options.parse_args()
    codebook = load_codebook(HERE / "taxonomy/rights.yaml")
    labelled = read_labelled(args.shared, codebook)
    uncoded = read_uncoded(args.shared / "reports", codebook, labelled.texts)
    elsewhere = read_elsewhere(args.shared, codebook, args.sample)
    print(
        f"{len(labelled.texts)} coded paragraphs, {len(uncoded)} that nobody coded,"
        f" {len(elsewhere.rows)} recommendations; micro-F1, macro-F1, mean average precision"
    )
    print(f"{'variant':<44}{'held out':>20}{'no headings':>20}{'elsewhere':>20}")
    for variant in list_variants(codebook, uncoded):
        prior.SCALE = variant.scale
        print(f"{variant.name:<44}", end="", flush=True)
        for figures in judge(variant, labelled, uncoded, elsewhere, codebook):
            print("  " + " ".join(f"{figure:.3f}" for figure in figures) + " ", end="")
        print(flush=True)


def list_variants(codebook: Codebook, uncoded: ReadRows) -> list[Variant]:
    codes = codebook.code_names
    hints = {code.code: code.hints for code in codebook.codes}

    def whole() -> FeatureUnion:
        return build_features(codes, hints)

    def without(block: str) -> Callable[[], FeatureUnion]:
        def build() -> FeatureUnion:
            union = whole()
            union.transformer_list = [b for b in union.transformer_list if b[0] != block]
            kept = {name for name, _ in union.transformer_list}
            weights = union.transformer_weights.items()
            union.transformer_weights = {name: w for name, w in weights if name in kept}
            return union

        return build

    def fewer() -> FeatureUnion:
        union = whole()
        union.transformer_list[0] = ("phrases", FewerPhrases(list(codes)))
        return union

    def structured() -> FeatureUnion:
        union = whole()
        union.transformer_list.append(("structure", Structure(uncoded)))
        union.transformer_weights["structure"] = 4.0
        return union

    return [
        Variant("the model", whole),
        Variant("without phrases", without("phrases")),
        Variant("phrases: only their density", fewer),
        Variant("without words", without("words")),
        Variant("without headings", without("headings")),
        Variant("without hints", without("hints")),
        Variant("without common prior", whole, scale=0.0),
        Variant("common prior of half the size", whole, scale=prior.SCALE / 2),
        Variant("common prior of twice the size", whole, scale=prior.SCALE * 2),
        Variant("without bare copies", whole, bare_copies=False),
        Variant(f"with SVD ({DIMENSIONS}) of text nobody coded", structured),
        Variant("trained again on text nobody coded", whole, self_trained=True),
    ]


def judge(
    variant: Variant,
    labelled: LabelledSet,
    uncoded: ReadRows,
    elsewhere: Texts,
    codebook: Codebook,
) -> list[tuple[float, float, float]]:
    """Figures on held-out reports, on these without headings, and elsewhere."""
    kind = SelfTrained if variant.self_trained else ParagraphClassifier
    codes = None if variant.scale == 0 else list(labelled.codes)
    made = kind(variant.features(), bare_copies=variant.bare_copies, codes=codes)
    SelfTrained.uncoded = uncoded
    evaluation = evaluate(labelled, made)
    new = evaluation.metrics["methods"]["model"]["new"]
    ranked = [code["average_precision"]["value"] for code in new["codes"].values()]
    held = (new["micro_f1"]["value"], new["macro_f1"]["value"], float(np.mean(ranked)))
    thresholds = choose_thresholds(labelled.labels, evaluation.scores)
    bare = replace(labelled, read=labelled.read.without_headings())
    return [
        held,
        judge_bare(made, labelled, bare),
        measure(
            elsewhere.labels,
            clone(made)
            .fit(labelled.read, labelled.labels, labelled.subjects, labelled.weights)
            .predict_proba(reader_for(codebook).transform(elsewhere.rows)),
            thresholds,
        ),
    ]


def judge_bare(
    made: ParagraphClassifier, labelled: LabelledSet, bare: LabelledSet
) -> tuple[float, float, float]:
    """Learned from one report as it is, judged by the other without its headings."""
    reports = np.array(labelled.reports)
    labels, scores = [], []
    for report in sorted(set(labelled.reports)):
        rest, held = np.flatnonzero(reports != report), np.flatnonzero(reports == report)
        fitted = clone(made).fit(
            labelled.read.take(rest), labelled.labels[rest], None, labelled.weights[rest]
        )
        labels.append(labelled.labels[held])
        scores.append(fitted.predict_proba(bare.read.take(held)))
    truth, given = np.concatenate(labels), np.concatenate(scores)
    return measure(truth, given, choose_thresholds(truth, given))


def measure(
    labels: np.ndarray, scores: np.ndarray, thresholds: np.ndarray
) -> tuple[float, float, float]:
    """Micro-F1, macro-F1, mean average precision."""
    given = scores >= thresholds
    hits = ((labels == 1) & given).sum(axis=0)
    size = np.maximum((labels == 1).sum(axis=0) + given.sum(axis=0), 1)
    columns = zip(labels.T, scores.T, strict=True)
    ranked = [average_precision_score(truth, column) for truth, column in columns]
    return (
        float(2 * hits.sum() / size.sum()),
        float(np.mean(2 * hits / size)),
        float(np.mean(ranked)),
    )


def read_labelled(shared: Path, codebook: Codebook) -> LabelledSet:
    texts = read_reports(shared / "annotations/kazakhstan-2012-2018.jsonl", codebook.code_names)
    coded = as_coded(texts)
    return LabelledSet(
        texts=[row.text for row in texts.rows],
        read=reader_for(codebook).transform(texts.rows),
        reports=texts.reports.tolist(),
        labels=texts.labels,
        codes=tuple(codebook.code_names),
        judged=np.ones(len(coded), dtype=bool),
        weights=weigh_labels(coded, codebook.code_names),
    )


def read_uncoded(folder: Path, codebook: Codebook, coded: Sequence[str]) -> ReadRows:
    """The paragraphs of the reports in a folder, without near copies of `coded` ones."""
    files = sorted([*folder.glob("*.txt"), *folder.glob("html/*.html")])
    documents = [read_document(path) for path in files]
    found = {p.text: p.section for d in documents for p in d.paragraphs if p.kind == "text"}
    known = carried_over(list(found), coded)
    rows = [
        TextRow(text, section)
        for (text, section), known in zip(found.items(), known, strict=True)
        if not known
    ]
    return reader_for(codebook).transform(rows)


def read_elsewhere(shared: Path, codebook: Codebook, number: int) -> Texts:
    path = shared / "upr/recommendations-sessions-01-13.jsonl"
    mapped = read_recommendations(path, MAPPED)
    order = [mapped.codes.index(code) for code in codebook.code_names]
    drawn = np.sort(np.random.default_rng(0).permutation(len(mapped.rows))[:number])
    labels = mapped.labels[:, order]
    return Texts(mapped.rows, mapped.reports, labels, tuple(codebook.code_names)).pick(drawn)


def join(rows: Any, more: ReadRows) -> ReadRows:
    """Two batches as one."""
    return gather_rows([*gather_rows(rows), *more])


if __name__ == "__main__":
    main()
