"""A registered model's figures on paragraphs from elsewhere. Pure.

They are new paragraphs only if the model has not learned from them: copies of what it learned
from, edited ones too (see `copies`), are scored apart, as everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from workbench.models.calibration import measure_calibration
from workbench.models.classifier import UNDECIDED
from workbench.models.evaluation import answer_held, build_baseline, choose_own
from workbench.models.figures import Answers, compute_figures
from workbench.models.folds import Split, fold_within, group_duplicates, split_folds
from workbench.models.resampling import Units, choose_units
from workbench.records import CodedParagraph, Prediction


def tabulate_labels(coded: Sequence[CodedParagraph], codes: Sequence[str]) -> np.ndarray:
    """Labels of the shape (paragraphs, codes): 1, 0 and, where the coders are tied, UNDECIDED."""
    table = np.zeros((len(coded), len(codes)), dtype=int)
    for row, item in zip(table, coded, strict=True):
        for k, code in enumerate(codes):
            if code in item.codes:
                row[k] = 1
            elif code in item.tied:
                row[k] = UNDECIDED
    return table


def tabulate_answers(
    labels: np.ndarray, predictions: Iterable[Prediction], codes: Sequence[str]
) -> Answers:
    """Predictions as arrays beside the `labels` of the same paragraphs."""
    listed = list(predictions)
    shape = (len(listed), len(codes))
    scores = [[p.scores.get(code, 0.0) for code in codes] for p in listed]
    given = [[code in p.codes for code in codes] for p in listed]
    return Answers(
        labels,
        np.array(scores, dtype=float).reshape(shape),
        np.array(given, dtype=bool).reshape(shape),
    )


def answer_baseline(
    coded: Sequence[CodedParagraph],
    asked: Sequence[CodedParagraph],
    codes: Sequence[str],
    seed: int,
) -> Answers:
    """What the baseline, learned from `coded`, says of `asked` (see `answering.name_baseline`).

    As the baseline of `evaluation.evaluate`: its thresholds are chosen out of
    fold within `coded`.
    """
    both = [*coded, *asked]
    texts = [item.paragraph.text for item in both]
    rest = np.arange(len(coded))
    held = np.arange(len(coded), len(both))
    labels = tabulate_labels(both, codes)
    answers = Answers(labels, np.zeros(labels.shape), np.zeros(labels.shape, dtype=bool))
    reports = [item.paragraph.report_id for item in coded]
    duplicates, judged = group_duplicates(texts[: len(coded)]), np.ones(len(coded), dtype=bool)
    inner = list(split_folds(fold_within(reports, duplicates, judged), duplicates, judged))
    answer_held(build_baseline(seed), texts, Split(held, rest, rest), inner, answers, choose_own)
    return answers.keep(np.isin(np.arange(len(both)), held))


def units_of(coded: Sequence[CodedParagraph]) -> Units:
    """What is drawn together for the intervals: see `resampling.choose_units`."""
    texts = [item.paragraph.text for item in coded]
    return choose_units([item.paragraph.report_id for item in coded], group_duplicates(texts))


def judge(
    methods: Mapping[str, Answers],
    seen: np.ndarray,
    codes: Sequence[str],
    units: Units,
    seed: int,
) -> dict[str, object]:
    """Figures of each of `methods` for `new`, `seen` and `all` paragraphs, plain JSON types.

    `seen` (Boolean) tells the paragraphs that are copies of what the model
    learned from. The calibration is that of the method `model` on new
    paragraphs.
    """
    everything = np.ones(len(seen), dtype=bool)
    parts = {"new": ~seen, "seen": seen, "all": everything}
    return {
        "paragraphs": len(seen),
        "seen_in_training": int(seen.sum()),
        "bootstrap": units.describe(seed),
        "methods": {
            name: {
                part: compute_figures(answers.keep(rows), codes, seed, units.groups[rows])
                for part, rows in parts.items()
            }
            for name, answers in methods.items()
        },
        "calibration": measure_calibration(
            methods["model"].keep(~seen), codes, seed, units.groups[~seen]
        ),
    }
