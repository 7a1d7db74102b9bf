"""How many labels each way of choosing needs: simulated coding, figures against random.

    python benchmarks/selection.py ../shared

A. UN recommendations, ten frequent issues, no codebook: begin with none, draw batches, train,
   test on recommendations about other States.
B. The Kazakhstan reports of 2012 and 2018 with the four codes: draw from one, test on the other.
C. A new publisher: trained on Kazakhstan, plus labels drawn from UN recommendations whose issues
   map onto the four codes; tested on those about other States.

The coder of the simulation answers what the data set says. Every batch holds the audit slice that
`workbench push` draws. Codes that have too few labels go by the codebook's phrases. Means over
seeds; "labels for F1" is interpolated on the mean curve.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.base import clone

from workbench.annotations.consensus import share_consensus
from workbench.annotations.matching import match_records, read_records
from workbench.models.audit import size_audit
from workbench.models.classifier import UNDECIDED, ParagraphClassifier
from workbench.models.coldstart import THRESHOLD, score_row
from workbench.models.evaluation import subject_of
from workbench.models.features import build_features
from workbench.models.folds import group_duplicates
from workbench.models.reading import ReadRow, TextRow, pick_rows, reader_for
from workbench.models.selection import STRATEGIES, Pool, build_space, choose_rows
from workbench.models.thresholds import choose_thresholds
from workbench.reports.reading import read_document
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook

#: The issues of UPR Info that speak of one of our codes.
ISSUES = {
    "Torture and other CID treatment": "torture",
    "Freedom of opinion and expression": "expression",
    "Freedom of the press": "expression",
    "Freedom of association and peaceful assembly": "assembly",
    "Labour": "labor",
}
TOP = (
    "Women's rights", "Rights of the Child", "International instruments", "Justice", "Detention",
    "Torture and other CID treatment", "Trafficking", "Death penalty", "Migrants", "Labour",
)  # fmt: skip
#: Recommendations to draw from, and to test on.
SIZES = (1200, 1000)
FOLDS = 3


@dataclass(frozen=True, eq=False)
class Coded:
    """Read paragraphs with what their coders would say, (paragraphs, codes).

    `subjects` is the country that each is on.
    """

    texts: list[str]
    rows: Sequence[ReadRow]
    labels: np.ndarray
    subjects: list[str]

    def part(self, places: np.ndarray) -> "Coded":
        """Those at `places` (numbers, or Boolean)."""
        places = np.arange(len(self.texts))[places]
        return Coded(
            [self.texts[i] for i in places],
            pick_rows(self.rows, places),
            self.labels[places],
            [self.subjects[i] for i in places],
        )


@dataclass(frozen=True, eq=False)
class Case:
    """Where labels are drawn from, and where the figures are taken."""

    codes: tuple[str, ...]
    hints: Mapping[str, Sequence[str]]
    pool: Coded
    test: Coded
    clusters: np.ndarray
    space: object
    base: Coded | None = None
    weight: int = 1


def main() -> None:
    """Run the three simulations and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    began = time.monotonic()
    book = parse_codebook(default_codebook_text(), "rights.yaml")
    reports = list(load_reports(options.shared, book).values())
    folder = options.shared / "upr"
    issues = load_recommendations(folder, book, TOP, {name: name for name in TOP})
    print("A. UN recommendations, ten issues, from nothing: micro-F1 on other States")
    cases = [make_case(TOP, {}, issues[0], issues[1])]
    compare(cases, (50, 100, 200, 300), STRATEGIES, options.seeds)
    print("\nB. Kazakhstan, drawn from one report: micro-F1 on the other")
    codes, hints = book.code_names, {code.code: code.hints for code in book.codes}
    one, other = reports
    cases = [make_case(codes, hints, one, other), make_case(codes, hints, other, one)]
    compare(cases, (40, 80, 120), STRATEGIES, options.seeds)
    mapped = load_recommendations(folder, book, codes, ISSUES)
    kazakhstan = join(reports)
    for weight in (1, 4):
        print(f"\nC. Kazakhstan plus labels of UN recommendations, weight {weight}: micro-F1 there")
        cases = [make_case(codes, hints, mapped[0], mapped[1], kazakhstan, weight)]
        compare(cases, (0, 50), ("mixed", "uncertain", "random"), options.seeds)
    whole = Labeller(codes, hints, mapped[0], 0)
    given = whole.score(mapped[1]) >= whole.thresholds
    print(f"trained on all {len(mapped[0].texts)} of them: {micro_f1(mapped[1].labels, given):.3f}")
    print(f"\n{time.monotonic() - began:.0f} s")


def load_reports(shared: Path, book: Codebook) -> dict[str, Coded]:
    """The coded Kazakhstan reports, by report id."""
    documents = [
        read_document(shared / "reports" / f"kazakhstan-{year}-state.txt") for year in (2012, 2018)
    ]
    path = shared / "annotations" / "kazakhstan-2012-2018.jsonl"
    paragraphs = [p for d in documents for p in d.paragraphs if p.kind == "text"]
    with path.open(encoding="utf-8") as lines:
        records = list(read_records(lines, book.code_names, str(path)))
    matched = match_records(records, [d.report for d in documents], paragraphs, datetime.now(UTC))
    coded = share_consensus(paragraphs, matched.annotations).coded
    found = {}
    for document in documents:
        mine = [c for c in coded if c.paragraph.report_id == document.report.report_id]
        labels = np.zeros((len(mine), len(book.code_names)), dtype=int)
        for row, item in zip(labels, mine, strict=True):
            for k, code in enumerate(book.code_names):
                row[k] = 1 if code in item.codes else UNDECIDED if code in item.tied else 0
        rows = [TextRow(c.paragraph.text, c.paragraph.section) for c in mine]
        texts = [row.text for row in rows]
        subjects = [subject_of(c.paragraph.report_id) for c in mine]
        read = reader_for(book).transform(rows)
        found[document.report.report_id] = Coded(texts, read, labels, subjects)
    return found


def load_recommendations(
    folder: Path, book: Codebook, codes: Sequence[str], issues: Mapping[str, str]
) -> dict[int, Coded]:
    """A sample of the recommendations in two parts, 0 to draw from and 1 to test, by State."""
    path = folder / "recommendations-sessions-01-13.jsonl"
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    states = sorted({item["state_under_review"] for item in items})
    testing = set(np.random.default_rng(0).permutation(states)[: len(states) // 2].tolist())
    parts = {}
    for part in (0, 1):
        mine = [item for item in items if (item["state_under_review"] in testing) == bool(part)]
        places = np.random.default_rng(part).permutation(len(mine))[: SIZES[part]]
        mine = [mine[i] for i in places]
        labels = np.zeros((len(mine), len(codes)), dtype=int)
        for row, item in zip(labels, mine, strict=True):
            for issue in item["codes"]:
                if issue in issues:
                    row[codes.index(issues[issue])] = 1
        texts = [item["text"] for item in mine]
        rows = reader_for(book).transform(TextRow(text) for text in texts)
        subjects = [item["state_under_review"] for item in mine]
        parts[part] = Coded(texts, rows, labels, subjects)
    return parts


def join(parts: Sequence[Coded]) -> Coded:
    """Several as one."""
    return Coded(
        [t for p in parts for t in p.texts],
        [r for p in parts for r in p.rows],
        np.concatenate([p.labels for p in parts]),
        [s for p in parts for s in p.subjects],
    )


def micro_f1(labels: np.ndarray, given: np.ndarray) -> float:
    """Micro-averaged F1 of the decided labels."""
    known = labels != UNDECIDED
    hits = ((labels == 1) & given & known).sum()
    return float(2 * hits / max(1, (given & known).sum() + (labels == 1).sum()))


class Labeller:
    """Trained as `workbench train` does on what is tagged so far.

    Codes with too few labels go by the codebook's phrases.

    The last `heavy` paragraphs of `coded` count `weight` times.
    """

    def __init__(
        self,
        codes: Sequence[str],
        hints: Mapping[str, Sequence[str]],
        coded: Coded,
        seed: int,
        heavy: int = 0,
        weight: int = 1,
    ) -> None:
        self.codes = tuple(codes)
        features = build_features(self.codes, hints)
        self.model = ParagraphClassifier(features, seed=seed, codes=list(self.codes))
        self.thresholds = np.full(len(self.codes), THRESHOLD)
        self.trained = np.zeros(len(self.codes), dtype=bool)
        if not coded.texts:
            return
        number = len(coded.texts)
        counts = np.where(np.arange(number) >= number - heavy, float(weight), 1.0)
        weights = np.repeat(counts[:, np.newaxis], len(self.codes), axis=1)
        folds = np.random.default_rng(seed).permutation(number) % FOLDS
        scores = np.zeros(coded.labels.shape)
        for fold in range(FOLDS):
            rest, counted = coded.part(folds != fold), weights[folds != fold]
            fitted = clone(self.model).fit(rest.rows, rest.labels, rest.subjects, counted)
            scores[folds == fold] = fitted.predict_proba(coded.part(folds == fold).rows)
        self.model.fit(coded.rows, coded.labels, coded.subjects, weights)
        self.trained = self.model.trained_.copy()
        chosen = choose_thresholds(coded.labels, scores, weights)
        self.thresholds[self.trained] = chosen[self.trained]

    def score(self, coded: Coded) -> np.ndarray:
        """Scores of the shape (paragraphs, codes)."""
        scores = np.array([score_row(row, self.codes) for row in coded.rows])
        if self.trained.any():
            learned = self.model.predict_proba(coded.rows)
            scores[:, self.trained] = learned[:, self.trained]
        return scores


def make_case(
    codes: Sequence[str],
    hints: Mapping[str, Sequence[str]],
    pool: Coded,
    test: Coded,
    base: Coded | None = None,
    weight: int = 1,
) -> Case:
    """A case with what is the same for every run of it."""
    clusters, space = group_duplicates(pool.texts), build_space(pool.texts)
    return Case(tuple(codes), hints, pool, test, clusters, space, base, weight)


def simulate(case: Case, steps: Sequence[int], strategy: str, seed: int) -> list[float]:
    """Micro-F1 on the test at each number of labels in `steps`."""
    pool = case.pool
    at_random = np.random.default_rng(1000 + seed).permutation(len(pool.texts)).tolist()
    tagged = np.zeros(len(pool.texts), dtype=bool)
    labeller = train(case, tagged, seed)
    curve = []
    for step in steps:
        lacking = step - int(tagged.sum())
        if lacking:
            audit, at_random = at_random[: size_audit(lacking)], at_random[size_audit(lacking) :]
            tagged[audit] = True
            state = Pool(
                open_=~tagged,
                scores=labeller.score(pool),
                thresholds=labeller.thresholds,
                features=case.space,
                clusters=case.clusters,
                positives=(pool.labels[tagged] == 1).sum(axis=0),
            )
            tagged[choose_rows(state, strategy, step - int(tagged.sum()), seed)] = True
            labeller = train(case, tagged, seed)
        given = labeller.score(case.test) >= labeller.thresholds
        curve.append(micro_f1(case.test.labels, given))
    return curve


def train(case: Case, tagged: np.ndarray, seed: int) -> Labeller:
    """What the labels so far make, those of the case's base included."""
    new = case.pool.part(tagged)
    if case.base is None:
        return Labeller(case.codes, case.hints, new, seed)
    whole = join([case.base, new])
    return Labeller(case.codes, case.hints, whole, seed, len(new.texts), case.weight)


def compare(
    cases: Sequence[Case], steps: Sequence[int], strategies: Sequence[str], seeds: int
) -> None:
    """Print the mean curve of each strategy, and what it needs to reach what random reaches."""
    curves = {}
    for strategy in strategies:
        runs = [simulate(case, steps, strategy, seed) for seed in range(seeds) for case in cases]
        curves[strategy] = (np.mean(runs, axis=0), np.std(runs, axis=0))
    goal = curves["random"][0][-1]
    print("strategy   " + "".join(f"{step:>15}" for step in steps), end="")
    print(f"   labels for {goal:.3f}")
    for strategy, (mean, spread) in curves.items():
        cells = [f"{m:.3f} +-{s:.3f}" for m, s in zip(mean, spread, strict=True)]
        need = labels_for(goal, steps, mean)
        text = f">{steps[-1]}" if need is None else f"{need:.0f} (x{need / steps[-1]:.2f})"
        print(
            f"{strategy:11}" + "".join(f"{cell:>15}" for cell in cells) + f"{text:>19}", flush=True
        )


def labels_for(goal: float, steps: Sequence[int], mean: np.ndarray) -> float | None:
    """The number of labels at which the curve first reaches `goal`; None where it does not."""
    for place, value in enumerate(mean):
        if value >= goal - 1e-12:
            if place == 0:
                return float(steps[0])
            low = mean[place - 1]
            part = (goal - low) / (value - low)
            return float(steps[place - 1] + part * (steps[place] - steps[place - 1]))
    return None


if __name__ == "__main__":
    main()
