"""How many labels each way of choosing needs: simulated coding, figures against random.

    python benchmarks/selection.py ../shared

A. UN recommendations whose issues map onto the four codes: start with none, draw batches, train,
   test on recommendations about other States.
B. The Kazakhstan reports of 2012 and 2018: draw from one, test on the other.
C. A new publisher: trained on Kazakhstan, plus 0 to 100 labels drawn from UN recommendations.

The coder of the simulation answers what the data set says. Means over seeds.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.base import clone

from workbench.annotations.consensus import share_consensus
from workbench.annotations.matching import match_records, read_records
from workbench.models.classifier import UNDECIDED, ParagraphClassifier
from workbench.models.coldstart import THRESHOLD, score_row
from workbench.models.features import build_features
from workbench.models.folds import group_duplicates
from workbench.models.reading import ReadRow, TextRow, reader_for
from workbench.models.selection import Pool, build_space, choose_rows
from workbench.models.thresholds import choose_thresholds
from workbench.reports.reading import read_document
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook

STRATEGIES = ("random", "uncertain", "diverse", "rare", "mixed")
#: The issues of UPR Info that speak of one of our codes.
ISSUES = {
    "Torture and other CID treatment": "torture",
    "Freedom of opinion and expression": "expression",
    "Freedom of the press": "expression",
    "Freedom of association and peaceful assembly": "assembly",
    "Labour": "labor",
}
#: Of every batch drawn at random, as `workbench push` does.
AUDIT = 0.2
FOLDS = 4


@dataclass(frozen=True, eq=False)
class Coded:
    """Read paragraphs with what their coders would say, (paragraphs, codes)."""

    texts: list[str]
    rows: list[ReadRow]
    labels: np.ndarray

    def part(self, places: np.ndarray) -> "Coded":
        """Those at `places` (numbers, or Boolean)."""
        places = np.arange(len(self.texts))[places]
        return Coded(
            [self.texts[i] for i in places], [self.rows[i] for i in places], self.labels[places]
        )


def main() -> None:
    """Run the three simulations and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="ABC")
    options = parser.parse_args()
    began = time.monotonic()
    book = parse_codebook(default_codebook_text(), "rights.yaml")
    upr = load_recommendations(options.shared / "upr", book, book.code_names, ISSUES)
    reports = load_reports(options.shared, book)
    if "A" in options.only:
        print("\nA. UN recommendations, from nothing; micro-F1 on other States")
        compare(book.code_names, upr, None, (25, 50, 100, 150, 200, 300), options.seeds)
    if "D" in options.only:
        top = ("Women's rights", "Rights of the Child", "International instruments", "Justice", "Torture and other CID treatment", "Detention", "Trafficking", "Death penalty", "Migrants", "Labour")
        parts = load_recommendations(options.shared / "upr", book, top, {t: t for t in top})
        compare(top, parts, None, (25, 50, 100, 150, 200, 300, 400), options.seeds)
        print(micro_f1(parts[1].labels, (l := Labeller(top, parts[0], 0)).score(parts[1]) >= l.thresholds))
    if "B" in options.only:
        print("\nB. Kazakhstan, one report's labels drawn; micro-F1 on the other report")
        years = list(reports.values())
        compare(book.code_names, dict(enumerate(years)), None, (15, 30, 60, 90, 120), options.seeds)
    if "C" in options.only:
        print("\nC. Trained on Kazakhstan, labels drawn from UN recommendations; micro-F1 there")
        everything = join(list(reports.values()))
        compare(book.code_names, upr, everything, (0, 25, 50, 100), options.seeds)
    print(f"\n{time.monotonic() - began:.0f} s")


def load_reports(shared: Path, book: Codebook) -> dict[str, Coded]:
    """The coded Kazakhstan reports, by report id."""
    documents = [
        read_document(shared / "reports" / f"kazakhstan-{year}-state.txt") for year in (2012, 2018)
    ]
    path = shared / "annotations" / "kazakhstan-2012-2018.jsonl"
    paragraphs = [p for d in documents for p in d.paragraphs if p.kind == "text"]
    from datetime import UTC, datetime

    with path.open(encoding="utf-8") as lines:
        records = list(read_records(lines, book.code_names, str(path)))
    matched = match_records(
        records, [d.report for d in documents], paragraphs, datetime.now(UTC)
    )
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
        found[document.report.report_id] = Coded(texts, reader_for(book).transform(rows), labels)
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
        places = np.random.default_rng(part).permutation(len(mine))[:3000]
        mine = [mine[i] for i in places]
        labels = np.zeros((len(mine), len(codes)), dtype=int)
        for row, item in zip(labels, mine, strict=True):
            for issue in item["codes"]:
                if issue in issues:
                    row[codes.index(issues[issue])] = 1
        texts = [item["text"] for item in mine]
        rows = reader_for(book).transform(TextRow(text) for text in texts)
        parts[part] = Coded(texts, rows, labels)
    return parts


def join(parts: Sequence[Coded]) -> Coded:
    """Several as one."""
    return Coded(
        [t for p in parts for t in p.texts],
        [r for p in parts for r in p.rows],
        np.concatenate([p.labels for p in parts]),
    )


def micro_f1(labels: np.ndarray, given: np.ndarray) -> float:
    """Micro-averaged F1 of the decided labels."""
    known = labels != UNDECIDED
    hits = ((labels == 1) & given & known).sum()
    return float(2 * hits / max(1, (given & known).sum() + (labels == 1).sum()))


class Labeller:
    """Trained on what is tagged so far; codes with too few labels go by the codebook's phrases."""

    def __init__(self, codes: Sequence[str], coded: Coded, seed: int) -> None:
        self.codes = tuple(codes)
        self.model = ParagraphClassifier(build_features(self.codes), seed=seed)
        self.thresholds = np.full(len(self.codes), THRESHOLD)
        self.trained = np.zeros(len(self.codes), dtype=bool)
        if not len(coded.texts):
            return
        folds = np.random.default_rng(seed).permutation(len(coded.texts)) % FOLDS
        scores = np.zeros(coded.labels.shape)
        for fold in range(FOLDS):
            held, rest = coded.part(folds == fold), coded.part(folds != fold)
            fitted = clone(self.model).fit(rest.rows, rest.labels)
            scores[folds == fold] = fitted.predict_proba(held.rows)
        self.model.fit(coded.rows, coded.labels)
        self.trained = self.model.trained_.copy()
        chosen = choose_thresholds(coded.labels, scores)
        self.thresholds[self.trained] = chosen[self.trained]

    def score(self, coded: Coded) -> np.ndarray:
        """Scores of the shape (paragraphs, codes)."""
        scores = np.array([score_row(row, self.codes) for row in coded.rows])
        if self.trained.any():
            learned = self.model.predict_proba(coded.rows)
            scores[:, self.trained] = learned[:, self.trained]
        return scores


def simulate(
    codes: Sequence[str],
    pool: Coded,
    test: Coded,
    base: Coded | None,
    steps: Sequence[int],
    strategy: str,
    seed: int,
    start: int,
) -> list[float]:
    """Micro-F1 on `test` at each number of labels in `steps`; the first `start` are random."""
    clusters, space = pool_geometry(pool)
    random = np.random.default_rng(1000 + seed)
    audit = random.permutation(len(pool.texts)).tolist()
    tagged = np.zeros(len(pool.texts), dtype=bool)
    repeat = 0 if base is None else WEIGHT
    curve = []
    labeller = Labeller(codes, train_set(pool, tagged, base, repeat), seed)
    for number, step in enumerate(steps):
        lacking = step - int(tagged.sum())
        at_random = lacking if number < start else -(-lacking // 5)
        for _ in range(min(at_random, lacking)):
            row = audit.pop(0)
            while tagged[row]:
                row = audit.pop(0)
            tagged[row] = True
        left = step - int(tagged.sum())
        if left > 0:
            known = pool.labels[tagged]
            scores = labeller.score(pool)
            state = Pool(
                ~tagged, scores, labeller.thresholds, space, clusters, (known == 1).sum(axis=0)
            )
            tagged[choose_rows(state, strategy, left, seed)] = True
        labeller = Labeller(codes, train_set(pool, tagged, base, repeat), seed)
        curve.append(micro_f1(test.labels, labeller.score(test) >= labeller.thresholds))
    return curve


_GEOMETRY: dict[int, tuple] = {}


def pool_geometry(pool: Coded) -> tuple:
    """Clusters of near duplicates and the space of a pool, made once."""
    if id(pool) not in _GEOMETRY:
        _GEOMETRY[id(pool)] = (group_duplicates(pool.texts), build_space(pool.texts), pool)
    return _GEOMETRY[id(pool)][:2]


WEIGHT = 1


def train_set(pool: Coded, tagged: np.ndarray, base: Coded | None, repeat: int) -> Coded:
    new = pool.part(tagged)
    return new if base is None else join([base, *[new] * repeat])


def compare(codes, parts, base, steps, seeds):
    parts = list(parts.values())
    pairs = [(0, 1)] if base is not None or len(parts[0].texts) > 1000 else [(0, 1), (1, 0)]
    curves = {}
    for strategy in STRATEGIES:
        began = time.monotonic()
        runs = [
            simulate(codes, parts[a], parts[b], base, steps, strategy, seed, 0)
            for seed in range(seeds) for a, b in pairs
        ]
        curves[strategy] = np.array(runs)
        print(f"{strategy:10}", " ".join(f"{v:.3f}" for v in np.mean(runs, axis=0)), f"({time.monotonic()-began:.0f}s)", flush=True)
    return curves


if __name__ == "__main__":
    main()
