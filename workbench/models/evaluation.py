"""Honest figures: every paragraph is judged by a model that has not seen its report. Pure.

Leave one report out: each report is held out once, a model is fitted on the
others, and its thresholds are chosen on scores that are out of fold within
those others (nested), so that nothing of the held-out report, not even a
threshold, was fitted to it. With a single report its paragraphs are held out
in folds instead, near duplicates together, and the figures say so: they are
then too good for any other report.

Text is repeated from report to report. What is a duplicate of something held
out, if only nearly, is not learned from meanwhile (see `folds.split_folds`),
and text that another report has too ("carried over") is scored apart from new
text. A decision that carried over to the same words elsewhere is judged once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.errors import TrainingError
from workbench.models.calibration import measure_calibration
from workbench.models.classifier import UNDECIDED, ParagraphClassifier, describe_shortage
from workbench.models.coldstart import THRESHOLD, score_row
from workbench.models.figures import Answers, compute_figures
from workbench.models.folds import (
    NEAR,
    Split,
    fold_by_report,
    fold_within,
    group_duplicates,
    split_folds,
)
from workbench.models.reading import ReadRow
from workbench.models.resampling import choose_units
from workbench.models.thresholds import DEFAULT, choose_threshold, choose_thresholds
from workbench.progress import Track, track_silently
from workbench.reports.carried import carried_over

#: In the metrics: what was said of each paragraph, a list for each field.
HELD_OUT = "held_out"
LEAVE_ONE_REPORT_OUT = "leave one report out"
WITHIN_ONE_REPORT = "folds of paragraphs within one report"
_CAVEATS = {
    LEAVE_ONE_REPORT_OUT: "",
    WITHIN_ONE_REPORT: (
        "Only one report is coded, so its paragraphs were held out in folds, near duplicates"
        " together. Expect lower figures on any other report."
    ),
}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """What there is to learn and judge from, one entry per paragraph.

    `labels` has the shape (paragraphs, codes) and holds 1, 0 and UNDECIDED
    (see `classifier`); `texts` are as coded, `read` the same paragraphs read.
    `judged` (Boolean, one at least) says which are scored: of twins, which
    have one decision, one. The others are learned from only.
    """

    texts: Sequence[str]
    read: Sequence[ReadRow]
    reports: Sequence[str]
    labels: np.ndarray
    codes: tuple[str, ...]
    judged: np.ndarray


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`metrics` in plain JSON types; `scores` out of fold, (paragraphs, codes).

    The scores of paragraphs that are not judged are 0.
    """

    metrics: dict[str, object] = field(repr=False)
    scores: np.ndarray = field(repr=False)


def evaluate(
    labelled: LabelledSet,
    classifier: ParagraphClassifier,
    *,
    seed: int = 0,
    progress: Track = track_silently,
) -> Evaluation:
    """Judge `classifier` (unfitted, over read rows) beside two simpler methods.

    `metrics["methods"]` maps `model`, `baseline` (TF-IDF of the text and
    logistic regression, on the same folds, its thresholds chosen out of fold
    too) and `cold_start` (the codebook's phrases, nothing learned) to the
    figures of `compute_figures` for `all`, `new` and `carried_over`
    paragraphs. `metrics["calibration"]` is that of `measure_calibration` for
    the model on new text. `metrics["held_out"]` lists what the model said of
    each paragraph judged: its place in `labelled`, the number that it shares
    with its near duplicates, whether it is carried over, and per code label,
    score (six digits) and whether the code was given.
    Raises TrainingError where there is nothing to hold out.
    """
    duplicates = group_duplicates(labelled.texts)
    scheme, folds = plan_folds(labelled, duplicates)
    judged = labelled.judged
    splits = list(split_folds(folds, duplicates, judged))
    model, baseline = _blank_answers(labelled), _blank_answers(labelled)
    plain = build_baseline(seed)
    carried = np.zeros(len(folds), dtype=bool)
    described = []
    for split in progress(splits, "evaluating", len(splits)):
        held, rest = split.held, split.rest
        carried[held] = carried_over(
            _pick(labelled.texts, held), _pick(labelled.texts, split.others), NEAR
        )
        within = fold_within(_pick(labelled.reports, rest), duplicates[rest], judged[rest])
        inner = list(split_folds(within, duplicates[rest], judged[rest]))
        thresholds = answer_held(classifier, labelled.read, split, inner, model)
        answer_held(plain, labelled.texts, split, inner, baseline, choose_own)
        described.append(_describe_fold(labelled, split, carried, thresholds))
    parts = {"all": judged, "new": judged & ~carried, "carried_over": judged & carried}
    rows = np.flatnonzero(judged)
    chosen = choose_units(_pick(labelled.reports, rows), duplicates[rows])
    groups = np.zeros(len(folds), dtype=int)
    groups[rows] = chosen.groups
    methods = {"model": model, "baseline": baseline, "cold_start": _ask_cold_start(labelled)}
    metrics: dict[str, object] = {
        "scheme": scheme,
        "caveat": _CAVEATS[scheme],
        "paragraphs": int(judged.sum()),
        "repeated": int((~judged).sum()),
        "reports": len(set(_pick(labelled.reports, np.flatnonzero(judged)))),
        "undecided": int((labelled.labels[judged] == UNDECIDED).sum()),
        "bootstrap": chosen.describe(seed),
        "folds": described,
        "methods": {
            name: {
                part: compute_figures(answers.keep(rows), labelled.codes, seed, groups[rows])
                for part, rows in parts.items()
            }
            for name, answers in methods.items()
        },
        "calibration": measure_calibration(
            model.keep(parts["new"]), labelled.codes, seed, groups[parts["new"]]
        ),
        HELD_OUT: _list_held_out(model, judged, carried, duplicates),
    }
    return Evaluation(metrics=metrics, scores=model.scores)


def build_baseline(seed: int) -> ParagraphClassifier:
    """TF-IDF of the text and logistic regression, unfitted, over texts."""
    return ParagraphClassifier(TfidfVectorizer(), bare_copies=False, seed=seed)


def choose_own(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """For each code the threshold that is best for it alone, as suits the baseline.

    Its scores are low all over, so that drawing them towards a common one (see
    `choose_thresholds`) would make it look worse than it is.
    """
    columns = zip(labels.T, scores.T, strict=True)
    return np.array([choose_threshold(*column) for column in columns])


def plan_folds(labelled: LabelledSet, duplicates: np.ndarray) -> tuple[str, np.ndarray]:
    """What is held out together: the scheme and the fold of each paragraph.

    Raises TrainingError where there is nothing to hold out.
    """
    folds = fold_by_report(labelled.reports)
    if len(np.unique(folds[labelled.judged])) > 1:
        return LEAVE_ONE_REPORT_OUT, folds
    folds = fold_within(labelled.reports, duplicates, labelled.judged)
    if len(np.unique(folds[labelled.judged])) == 1:
        raise TrainingError(
            "the coded paragraphs are near duplicates of one another, so none can be held out",
            "code paragraphs that differ, best of a second report",
        )
    return WITHIN_ONE_REPORT, folds


def answer_held(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    split: Split,
    inner: Sequence[Split],
    answers: Answers,
    choose: Callable[[np.ndarray, np.ndarray], np.ndarray] = choose_thresholds,
) -> np.ndarray:
    """Enter what a model of the rest says of the held into `answers`; its thresholds.

    `rows` are what `classifier` (unfitted) takes, one for each of the labels,
    `choose` makes a threshold per code of labels and scores.
    `inner` are the folds of the rest, in places within it, in which the
    thresholds' own scores are out of fold. Where nothing is left to learn
    from, no code is given.
    """
    labels, held, rest = answers.labels, split.held, split.rest
    thresholds = np.full(labels.shape[1], DEFAULT)
    truths, scores = [], []
    for fold in inner:
        inside, outside = rest[fold.held], rest[fold.rest]
        if outside.size:
            fitted = clone(classifier).fit(_pick(rows, outside), labels[outside])
            truths.append(labels[inside])
            scores.append(fitted.predict_proba(_pick(rows, inside)))
    if scores:
        thresholds = choose(np.concatenate(truths), np.concatenate(scores))
    if not rest.size:
        return thresholds
    fitted = clone(classifier).fit(_pick(rows, rest), labels[rest])
    answers.scores[held] = fitted.predict_proba(_pick(rows, held))
    answers.given[held] = answers.scores[held] >= thresholds
    return thresholds


def _ask_cold_start(labelled: LabelledSet) -> Answers:
    scores = np.array([score_row(row, labelled.codes) for row in labelled.read])
    return Answers(labelled.labels, scores, scores >= THRESHOLD)


def _blank_answers(labelled: LabelledSet) -> Answers:
    shape = labelled.labels.shape
    return Answers(labelled.labels, np.zeros(shape), np.zeros(shape, dtype=bool))


def _describe_fold(
    labelled: LabelledSet, split: Split, carried: np.ndarray, thresholds: np.ndarray
) -> dict[str, object]:
    """What was held out, and for which codes the rest was too little to learn from."""
    held = split.held
    shortages = [describe_shortage(column) for column in labelled.labels[split.rest].T]
    return {
        "held_out": sorted(set(_pick(labelled.reports, held))),
        "paragraphs": len(held),
        "carried_over": int(carried[held].sum()),
        "left_out": len(split.others) - len(split.rest),
        "thresholds": dict(zip(labelled.codes, thresholds.tolist(), strict=True)),
        "abstained": {c: why for c, why in zip(labelled.codes, shortages, strict=True) if why},
    }


def _list_held_out(
    answers: Answers, judged: np.ndarray, carried: np.ndarray, clusters: np.ndarray
) -> dict[str, object]:
    return {
        "places": np.flatnonzero(judged).tolist(),
        "clusters": clusters[judged].tolist(),
        "carried_over": carried[judged].tolist(),
        "labels": answers.labels[judged].tolist(),
        "scores": np.round(answers.scores[judged], 6).tolist(),
        "given": answers.given[judged].astype(int).tolist(),
    }


def _pick(items: Sequence[Any], places: np.ndarray) -> list[Any]:
    return [items[place] for place in places]
