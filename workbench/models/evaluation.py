"""Honest figures: every paragraph is judged by a model that has not seen its report. Pure.

Leave one report out: each report is held out once, a model is fitted on the
others, and its thresholds are chosen on scores that are out of fold within
those others (nested), so that nothing of the held-out report, not even a
threshold, was fitted to it. With a single report its paragraphs are held out
in folds instead, near duplicates together, and the figures say so: they are
then too good for any other report.

Many reports are held out several at a time. Where there are MANY_ROWS, a
fold's thresholds are chosen on what the models of the other folds said of
these folds: their labels alone choose it, though the models that made the
scores had learned from the held out too. One threshold a code, out of
thousands of paragraphs, can hardly pick that up; nested it would take five
times as long.

Text is repeated from report to report. What is a duplicate of something held
out, if only nearly, is not learned from meanwhile (see `folds.split_folds`),
and text that another report has too ("carried over"), edited or not, is scored
apart from new text (see `copies`). A decision that carried over to the same words
elsewhere is judged once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.errors import TrainingError
from workbench.models.answering import (
    answer_held,
    build_baseline,
    choose_crosswise,
    choose_own,
    name_baseline,
)
from workbench.models.calibration import measure_calibration
from workbench.models.classifier import UNDECIDED, ParagraphClassifier, describe_shortage
from workbench.models.coldstart import THRESHOLD, score_row
from workbench.models.copies import NEW_BELOW, Copies, is_copy
from workbench.models.figures import Answers, compute_figures, compute_micro_f1
from workbench.models.folds import (
    FOLDS,
    NEAR,
    Split,
    fold_by_report,
    fold_within,
    group_duplicates,
    split_folds,
)
from workbench.models.linear import MANY_ROWS
from workbench.models.reading import ReadRow
from workbench.models.resampling import choose_units
from workbench.progress import Track, track_silently

#: In the metrics: what was said of each paragraph, a list for each field.
HELD_OUT = "held_out"
LEAVE_ONE_REPORT_OUT = "leave one report out"
SEVERAL_REPORTS_OUT = f"leave a fifth of the reports out, in {FOLDS} folds"
WITHIN_ONE_REPORT = "folds of paragraphs within one report"
_YEAR = re.compile(r"(?<=.)-(?:19|20)\d\d(?=-|$)")
#: With more reports than these, or than FOLDS where paragraphs are many, several share a fold.
MOST_REPORTS = 10
_CAVEATS = {
    LEAVE_ONE_REPORT_OUT: "",
    SEVERAL_REPORTS_OUT: "",
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
    have one decision, one. The others are learned from only. `decided` (Boolean,
    None for all) says which were coded themselves: text that only stands again in
    a report that nobody coded is not carried over from training. `weights`, of
    the shape of the labels, says how much each counts in learning (else 1).
    """

    texts: Sequence[str]
    read: Sequence[ReadRow]
    reports: Sequence[str]
    labels: np.ndarray
    codes: tuple[str, ...]
    judged: np.ndarray
    decided: np.ndarray | None = None
    weights: np.ndarray | None = None

    @property
    def subjects(self) -> list[str]:
        """What the report of each paragraph is on, see `subject_of`."""
        return [subject_of(report) for report in self.reports]


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
    duplicates: np.ndarray | None = None,
) -> Evaluation:
    """Judge `classifier` (unfitted, over read rows) beside two simpler methods.

    `metrics["methods"]` maps `model`, `baseline` (TF-IDF of the text and a
    linear model, which `metrics["baseline"]` names, on the same folds, its
    thresholds chosen out of fold too) and `cold_start` (the codebook's phrases,
    nothing learned) to the figures of `compute_figures` for `all`, `new` and
    `carried_over` paragraphs; each of `metrics["folds"]` has the model's micro-F1 on the
    new text of each of its `reports`. `metrics["edited"]` of those carried over are less
    like what is in the other folds than NEAR: those were learned from. `metrics["calibration"]`
    is that of `measure_calibration` for the model on new text. `metrics["held_out"]`
    lists what the model said of each paragraph judged: its place in `labelled`, the
    number that it shares with its near duplicates, whether it is carried over, and per
    code label, score (six digits) and whether the code was given.
    `duplicates` are the clusters of `group_duplicates`, where they are known.
    Raises TrainingError where there is nothing to hold out.
    """
    if duplicates is None:
        duplicates = group_duplicates(labelled.texts)
    scheme, folds = plan_folds(labelled, duplicates)
    judged = labelled.judged
    splits = list(split_folds(folds, duplicates, judged))
    model, baseline = _blank_answers(labelled), _blank_answers(labelled)
    plain = build_baseline(seed)
    copies = Copies.of(labelled.texts)
    likeness = np.zeros(len(folds))
    subjects = labelled.subjects
    nested = judged.sum() < MANY_ROWS
    chosen_in: list[np.ndarray] = []
    for split in progress(splits, "evaluating", len(splits)):
        held, rest = split.held, split.rest
        others = split.others
        if labelled.decided is not None:
            others = others[labelled.decided[others]]
        likeness[held] = copies.measure(held, others)
        inner: list[Split] = []
        if nested:
            within = fold_within(_pick(labelled.reports, rest), duplicates[rest], judged[rest])
            inner = list(split_folds(within, duplicates[rest], judged[rest]))
        chosen_in.append(
            answer_held(
                classifier,
                labelled.read,
                split,
                inner,
                model,
                subjects=subjects,
                weights=labelled.weights,
            )
        )
        answer_held(plain, labelled.texts, split, inner, baseline, choose_own)
    if not nested:
        chosen_in = [
            choose_crosswise(split, judged, model, weights=labelled.weights) for split in splits
        ]
        for split in splits:
            choose_crosswise(split, judged, baseline, choose_own)
    carried = is_copy(likeness)
    described = [
        _describe_fold(labelled, split, carried, thresholds)
        | {"reports": _measure_reports(labelled, split.held[~carried[split.held]], model, seed)}
        for split, thresholds in zip(splits, chosen_in, strict=True)
    ]
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
        "new_below": NEW_BELOW,
        "edited": int((judged & carried & ~is_copy(likeness, NEAR)).sum()),
        "undecided": int((labelled.labels[judged] == UNDECIDED).sum()),
        "bootstrap": chosen.describe(seed),
        "folds": described,
        "baseline": name_baseline(len(split.rest) for split in splits),
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


def subject_of(report_id: str) -> str:
    """What names are told by: a report's country where its id says so, else the report itself.

    Ids are `country-year-source` where ingest knew all three. The names of one
    country's places stand in all reports on it.
    """
    return _YEAR.split(report_id, maxsplit=1)[0]


def plan_folds(labelled: LabelledSet, duplicates: np.ndarray) -> tuple[str, np.ndarray]:
    """What is held out together: the scheme and the fold of each paragraph.

    Raises TrainingError where there is nothing to hold out.
    """
    folds = fold_by_report(labelled.reports)
    reports = len(np.unique(folds[labelled.judged]))
    few = MOST_REPORTS if labelled.judged.sum() < MANY_ROWS else FOLDS
    if 1 < reports <= few:
        return LEAVE_ONE_REPORT_OUT, folds
    folds = fold_within(labelled.reports, duplicates, labelled.judged)
    if reports > 1:
        return SEVERAL_REPORTS_OUT, folds
    if len(np.unique(folds[labelled.judged])) == 1:
        raise TrainingError(
            "the coded paragraphs are near duplicates of one another, so none can be held out",
            "code paragraphs that differ, best of a second report",
        )
    return WITHIN_ONE_REPORT, folds


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


def _measure_reports(
    labelled: LabelledSet, places: np.ndarray, answers: Answers, seed: int
) -> dict[str, object]:
    """For each report of a fold the figure of its paragraphs at `places`."""
    reports = np.array(_pick(labelled.reports, places))
    found: dict[str, object] = {}
    for report in sorted(set(reports.tolist())):
        rows = places[reports == report]
        found[report] = compute_micro_f1(answers.keep(rows), seed, np.arange(len(rows)))
    return found


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
