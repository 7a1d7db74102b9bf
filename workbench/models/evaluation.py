"""Honest figures: every paragraph is judged by a model that has not seen its report. Pure.

Leave one report out: each report is held out once, a model is fitted on the
others, and its thresholds are chosen on scores that are out of fold within
those others (nested), so that nothing of the held-out report, not even a
threshold, was fitted to it. With a single report its paragraphs are held out
in folds instead, near duplicates together, and the figures say so: they are
then too good for any other report.

Text that a report repeats from a training report ("carried over") is scored
apart from new text: on it a model looks better than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.errors import TrainingError
from workbench.models.classifier import UNDECIDED, ParagraphClassifier, describe_shortage
from workbench.models.coldstart import THRESHOLD, score_row
from workbench.models.figures import SAMPLES, Answers, compute_figures
from workbench.models.folds import NEAR, fold_by_report, fold_within, group_duplicates
from workbench.models.reading import ReadRow
from workbench.models.thresholds import DEFAULT, choose_thresholds
from workbench.progress import Track, track_silently
from workbench.reports.carried import carried_over

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
    """

    texts: Sequence[str]
    read: Sequence[ReadRow]
    reports: Sequence[str]
    labels: np.ndarray
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`metrics` in plain JSON types; `scores` out of fold, (paragraphs, codes)."""

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
    logistic regression, on the same folds, its thresholds chosen in the same
    way) and `cold_start` (the codebook's phrases, nothing learned) to the
    figures of `compute_figures` for `all`, `new` and `carried_over`
    paragraphs. Raises TrainingError where there is nothing to hold out.
    """
    duplicates = group_duplicates(labelled.texts)
    scheme, folds = _plan(labelled, duplicates)
    model, baseline = _blank_answers(labelled), _blank_answers(labelled)
    plain = ParagraphClassifier(TfidfVectorizer(), bare_copies=False, seed=seed)
    carried = np.zeros(len(folds), dtype=bool)
    described = []
    for number in progress(range(folds.max() + 1), "evaluating", folds.max() + 1):
        held, rest = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
        carried[held] = carried_over(_pick(labelled.texts, held), _pick(labelled.texts, rest), NEAR)
        inner = fold_within(_pick(labelled.reports, rest), duplicates[rest])
        thresholds = _answer(classifier, labelled.read, held, rest, inner, model)
        _answer(plain, labelled.texts, held, rest, inner, baseline)
        described.append(_describe_fold(labelled, held, rest, carried, thresholds))
    parts = {"all": np.ones(len(folds), dtype=bool), "new": ~carried, "carried_over": carried}
    methods = {"model": model, "baseline": baseline, "cold_start": _ask_cold_start(labelled)}
    metrics: dict[str, object] = {
        "scheme": scheme,
        "caveat": _CAVEATS[scheme],
        "paragraphs": len(folds),
        "reports": len(set(labelled.reports)),
        "undecided": int((labelled.labels == UNDECIDED).sum()),
        "bootstrap": {"samples": SAMPLES, "level": 0.95, "unit": "paragraph", "seed": seed},
        "folds": described,
        "methods": {
            name: {
                part: compute_figures(answers.keep(rows), labelled.codes, seed)
                for part, rows in parts.items()
            }
            for name, answers in methods.items()
        },
    }
    return Evaluation(metrics=metrics, scores=model.scores)


def _plan(labelled: LabelledSet, duplicates: np.ndarray) -> tuple[str, np.ndarray]:
    folds = fold_by_report(labelled.reports)
    if folds.max(initial=0) > 0:
        return LEAVE_ONE_REPORT_OUT, folds
    folds = fold_within(labelled.reports, duplicates)
    if folds.max(initial=0) == 0:
        raise TrainingError(
            "the coded paragraphs are near duplicates of one another, so none can be held out",
            "code paragraphs that differ, best of a second report",
        )
    return WITHIN_ONE_REPORT, folds


def _answer(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    held: np.ndarray,
    rest: np.ndarray,
    inner: np.ndarray,
    answers: Answers,
) -> np.ndarray:
    """Enter what a model of the `rest` says of the `held` into `answers`; its thresholds.

    `inner` is the fold of each of `rest` within which the thresholds' own
    scores are out of fold; with one such fold there are none to choose by.
    """
    labels = answers.labels
    thresholds = np.full(labels.shape[1], DEFAULT)
    if inner.max() > 0:
        scores = np.zeros((len(rest), labels.shape[1]))
        for number in range(inner.max() + 1):
            inside, outside = rest[inner == number], rest[inner != number]
            fitted = clone(classifier).fit(_pick(rows, outside), labels[outside])
            scores[inner == number] = fitted.predict_proba(_pick(rows, inside))
        thresholds = choose_thresholds(labels[rest], scores)
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
    labelled: LabelledSet,
    held: np.ndarray,
    rest: np.ndarray,
    carried: np.ndarray,
    thresholds: np.ndarray,
) -> dict[str, object]:
    """What was held out, and for which codes the rest was too little to learn from."""
    shortages = [describe_shortage(column) for column in labelled.labels[rest].T]
    return {
        "held_out": sorted(set(_pick(labelled.reports, held))),
        "paragraphs": len(held),
        "carried_over": int(carried[held].sum()),
        "thresholds": dict(zip(labelled.codes, thresholds.tolist(), strict=True)),
        "abstained": {c: why for c, why in zip(labelled.codes, shortages, strict=True) if why},
    }


def _pick(items: Sequence[Any], places: np.ndarray) -> list[Any]:
    return [items[place] for place in places]
