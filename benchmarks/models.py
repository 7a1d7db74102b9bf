"""How well the product's model codes new text, beside its peers, and how fast.

    python benchmarks/models.py [--shared ../shared] [--embeddings FOLDER] [--setfit]

Two questions. UN recommendations: 54 codes, sessions 1-10 to learn from, 11-13 to
judge by, no codebook. Reports: four codes and the codebook, leave one report out with
paragraphs carried over from it neither learned from nor judged; then learned from all
reports and judged by recommendations, whose publisher and style nothing has seen.

Every method is shown twice: left to itself (a code is given from 0.5 on) and with
thresholds chosen as ours are, on scores out of fold within what it learned from.
Embeddings are remembered, so that texts a second say little of them: see the last line.
Ratios are to the first method of a table. Slow peers run if asked for.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from modeldata import MAPPED, Texts, as_coded, bare_codebook, read_recommendations, read_reports
from modelpeers import Method, Ours, Phrases, Plain, Sentences, SetFit, Textcat
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from workbench.models.folds import NEAR, fold_within, group_duplicates, split_folds
from workbench.models.reading import TextRow
from workbench.models.thresholds import choose_thresholds
from workbench.models.training import train_model
from workbench.reports.carried import carried_over
from workbench.taxonomy.codebook import Codebook, load_codebook

HERE = Path(__file__).resolve().parents[1]
LAST_LEARNED = "session-10"
OURS, EMBEDDED = "ours", "embeddings + LogisticRegression"
#: The texts that a pace is taken on.
PACED = 500


@dataclass(frozen=True)
class Peer:
    """A method by name; `tuned` says whether its thresholds are chosen on folds too."""

    name: str
    make: Callable[[], Method]
    tuned: bool = True


@dataclass(frozen=True)
class Figures:
    """Micro and macro F1 at 0.5 and with chosen thresholds; seconds to fit once, to score."""

    plain: tuple[float, float]
    tuned: tuple[float, float] | None
    fitting: float
    scored_a_second: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--shared", type=Path, default=HERE.parent / "shared")
    options.add_argument("--embeddings", help="a sentence model, by folder or name")
    options.add_argument("--setfit", action="store_true", help="run SetFit too (many minutes)")
    options.add_argument("--setfit-iterations", type=int, default=5)
    options.add_argument("--sample", type=int, default=3000, help="recommendations to judge by")
    options.add_argument("--only", choices=("upr", "reports"))
    options.add_argument("--seed", type=int, default=0)
    args = options.parse_args()
    recommendations = args.shared / "upr/recommendations-sessions-01-13.jsonl"
    annotations = args.shared / "annotations/kazakhstan-2012-2018.jsonl"
    for path in (recommendations, annotations):
        if not path.is_file():
            sys.exit(f"{path}: no such file; say where the labelled texts are with --shared")
    start = time.perf_counter()
    with threadpool_limits(1):
        if args.only != "reports":
            judge_recommendations(read_recommendations(recommendations), args.seed)
        if args.only != "upr":
            codebook = load_codebook(HERE / "taxonomy/rights.yaml")
            peers, missing = list_peers(codebook, args)
            reports = read_reports(annotations, codebook.code_names)
            judge_reports(reports, peers, missing)
            mapped = read_recommendations(recommendations, MAPPED)
            order = [mapped.codes.index(code) for code in codebook.code_names]
            mapped = Texts(mapped.rows, mapped.reports, mapped.labels[:, order], reports.codes)
            drawn = np.random.default_rng(args.seed).permutation(len(mapped.rows))[: args.sample]
            judge_elsewhere(reports, mapped.pick(np.sort(drawn)), peers)
    print(f"\nAll in {time.perf_counter() - start:.0f} s")


def list_peers(codebook: Codebook, args: argparse.Namespace) -> tuple[list[Peer], list[str]]:
    """The methods that can run here, and why others cannot."""
    peers = [
        Peer("TF-IDF + LogisticRegression", lambda: Plain(LogisticRegression(max_iter=1000))),
        Peer("spaCy textcat_multilabel (BOW)", lambda: Textcat(args.seed)),
        Peer("indicator phrases alone", lambda: Phrases(codebook), tuned=False),
    ]
    missing = []
    if args.embeddings:
        peers.append(Peer(EMBEDDED, lambda: Sentences(args.embeddings)))
    else:
        missing.append("embeddings: give --embeddings FOLDER")
    if not args.setfit:
        missing.append("SetFit: takes many minutes, give --setfit")
    elif not args.embeddings or find_spec("setfit") is None:
        missing.append("SetFit: needs the package setfit and --embeddings FOLDER")
    else:
        make = lambda: SetFit(args.embeddings, args.setfit_iterations, args.seed)  # noqa: E731
        peers.append(Peer("SetFit", make, tuned=False))
    peers.append(Peer(OURS, lambda: Ours(codebook, args.seed)))
    if args.embeddings:
        peers.append(Peer("ours + embeddings", lambda: Ours(codebook, args.seed, args.embeddings)))
    return peers, missing


def judge_recommendations(texts: Texts, seed: int) -> None:
    before = texts.reports <= LAST_LEARNED
    learned, judged = texts.pick(np.flatnonzero(before)), texts.pick(np.flatnonzero(~before))
    codebook = bare_codebook(texts.codes)
    peers = [
        Peer("TF-IDF + LinearSVC", lambda: Plain(LinearSVC())),
        Peer("TF-IDF + LogisticRegression", lambda: Plain(LogisticRegression(max_iter=1000))),
        Peer("spaCy textcat_multilabel (BOW)", lambda: Textcat(seed), tuned=False),
    ]
    print(
        f"\nUN recommendations: {len(texts.codes)} codes, learned from {len(learned.rows):,},"
        f" judged by {len(judged.rows):,}"
    )
    start = time.perf_counter()
    trained = train_model(as_coded(learned), codebook, seed=seed)
    seconds = time.perf_counter() - start
    thresholds = np.array([trained.thresholds[code] for code in trained.codes])
    given = np.zeros(judged.labels.shape, dtype=bool)
    places = [texts.codes.index(code) for code in trained.codes]
    given[:, places] = trained.pipeline.predict_proba(judged.rows) >= thresholds
    micro, macro = measure(judged.labels, given)
    print(
        f"ours by `train`: micro {micro:.3f}, macro {macro:.3f}; trained and evaluated in"
        f" {seconds:.0f} s, {len(trained.codes)} codes learned; beside it:",
        flush=True,
    )
    show((peer.name, judge(peer, learned, judged)) for peer in peers)


def judge_reports(texts: Texts, peers: Sequence[Peer], missing: Sequence[str]) -> None:
    duplicates = group_duplicates([row.text for row in texts.rows])
    rounds = []
    for report in sorted(set(texts.reports)):
        others = np.flatnonzero(texts.reports != report)
        held = np.flatnonzero(texts.reports == report)
        known = [texts.rows[place].text for place in others]
        new = ~np.array(carried_over([texts.rows[p].text for p in held], known, NEAR))
        rest = others[~np.isin(duplicates[others], duplicates[held])]
        rounds.append((texts.pick(rest), texts.pick(held[new])))
    count = sum(len(judged.rows) for _, judged in rounds)
    print(f"\nReports: {len(texts.codes)} codes, leave one report out, {count} new paragraphs")
    show((peer.name, judge_rounds(peer, rounds)) for peer in peers)
    for reason in missing:
        print(f"not run: {reason}")


def judge_elsewhere(learned: Texts, judged: Texts, peers: Sequence[Peer]) -> None:
    print(
        f"\nReports to recommendations: learned from {len(learned.rows)} paragraphs, judged by"
        f" {len(judged.rows):,} texts of another publisher"
    )
    show((peer.name, judge(peer, learned, judged)) for peer in peers)
    methods = {peer.name: peer.make() for peer in peers}
    if EMBEDDED in methods:
        fast, slow = (pace(methods[name], learned, judged) for name in (OURS, EMBEDDED))
        print(f"throughput on new texts: ours {fast / slow:.0f} times that of embeddings")


def pace(method: Method, learned: Texts, judged: Texts) -> float:
    """Texts a second on texts never seen: embeddings of those seen are remembered."""
    method.fit(learned.rows, learned.labels)
    method.score(judged.rows[:1])
    rows = [TextRow(f"{row.text} ", row.section) for row in judged.rows[:PACED]]
    start = time.perf_counter()
    method.score(rows)
    return len(rows) / (time.perf_counter() - start)


def judge(peer: Peer, learned: Texts, judged: Texts) -> Figures:
    return judge_rounds(peer, [(learned, judged)])


def judge_rounds(peer: Peer, rounds: Sequence[tuple[Texts, Texts]]) -> Figures:
    """Figures over all that is judged in the rounds together."""
    truths, plain, tuned = [], [], []
    fitting = scoring = 0.0
    for learned, judged in rounds:
        thresholds = choose(peer, learned) if peer.tuned else None
        start = time.perf_counter()
        method = peer.make().fit(learned.rows, learned.labels)
        method.score(judged.rows[:1])  # what is built when first needed
        fitted = time.perf_counter()
        scores = method.score(judged.rows)
        scoring += time.perf_counter() - fitted
        fitting += fitted - start
        truths.append(judged.labels)
        plain.append(scores >= 0.5)
        tuned.append(scores >= (0.5 if thresholds is None else thresholds))
    labels = np.concatenate(truths)
    return Figures(
        plain=measure(labels, np.concatenate(plain)),
        tuned=measure(labels, np.concatenate(tuned)) if peer.tuned else None,
        fitting=fitting / len(rounds),
        scored_a_second=len(labels) / scoring,
    )


def choose(peer: Peer, learned: Texts) -> np.ndarray:
    """Thresholds on scores out of fold, near duplicates together, as `train` chooses them."""
    duplicates = group_duplicates([row.text for row in learned.rows])
    everything = np.ones(len(learned.rows), dtype=bool)
    folds = fold_within(learned.reports, duplicates, everything)
    scores = np.zeros(learned.labels.shape)
    for split in split_folds(folds, duplicates, everything):
        inside = learned.pick(split.rest)
        method = peer.make().fit(inside.rows, inside.labels)
        scores[split.held] = method.score(learned.pick(split.held).rows)
    return choose_thresholds(learned.labels, scores)


def measure(labels: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    """Micro and macro F1."""
    hits = ((labels == 1) & given).sum(axis=0)
    size = (labels == 1).sum(axis=0) + given.sum(axis=0)
    return float(2 * hits.sum() / size.sum()), float(np.mean(2 * hits / np.maximum(size, 1)))


def show(results: Iterable[tuple[str, Figures]]) -> None:
    """Print each row as soon as it is there; the first one is what ratios are to."""
    print(
        f"{'method':<32} {'at 0.5: micro':>13} {'macro':>6} {'chosen: micro':>14} {'macro':>6}"
        f" {'fit, s':>7} {'ratio':>6} {'texts/s':>9} {'ratio':>6}"
    )
    first = None
    for name, figures in results:
        first = first or figures
        chosen = "{:>14.3f} {:>6.3f}".format(*figures.tuned) if figures.tuned else " " * 21
        print(
            f"{name:<32} {figures.plain[0]:>13.3f} {figures.plain[1]:>6.3f} {chosen}"
            f" {figures.fitting:>7.1f} {figures.fitting / first.fitting:>6.2f}"
            f" {figures.scored_a_second:>9,.0f}"
            f" {figures.scored_a_second / first.scored_a_second:>6.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
