"""The charts of a model's figures: precision and recall, calibration, the learning curve. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.models.charts import Bar, Chart, Line
from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.figures import Answers


def trace_precision_recall(
    labels: np.ndarray, scores: np.ndarray
) -> tuple[tuple[float, float], ...]:
    """The points (recall, precision) of one code from the highest threshold to the lowest.

    `labels` (1, 0 or UNDECIDED) and `scores` have the shape (paragraphs,).
    Paragraphs with the same score share one threshold. Empty where no
    paragraph carries the code.
    """
    known = labels != UNDECIDED
    truth, scores = labels[known] == 1, scores[known]
    if not truth.any():
        return ()
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    hits = np.cumsum(truth[order])[last_of_ties]
    given = np.arange(1, len(order) + 1)[last_of_ties]
    recall, precision = hits / truth.sum(), hits / given
    return tuple(zip(recall.round(4).tolist(), precision.round(4).tolist(), strict=True))


def chart_precision_recall(answers: Answers, codes: Sequence[str]) -> Chart:
    """Precision over recall of each code as its threshold falls; insufficient codes are named."""
    lines, notes = [], []
    for k, code in enumerate(codes):
        if (answers.labels[:, k] == 1).sum() < MIN_EXAMPLES:
            notes.append(f"{code}: insufficient, too few held-out paragraphs carry it")
            continue
        lines.append(Line(code, trace_precision_recall(answers.labels[:, k], answers.scores[:, k])))
    return Chart(
        title="Precision and recall on held-out new text",
        x_label="recall",
        y_label="precision",
        lines=tuple(lines),
        notes=tuple(notes),
    )


def chart_calibration(calibration: Mapping[str, Any]) -> Chart:
    """The share that carries a code over the score, for what `measure_calibration` returned."""
    lines, notes = [], []
    for code, of_code in calibration.items():
        if of_code["insufficient"]:
            notes.append(f"{code}: insufficient, too few held-out paragraphs carry it")
            continue
        bins = [b for b in of_code["bins"] if b["paragraphs"] >= MIN_EXAMPLES]
        lines.append(
            Line(
                code,
                tuple((b["score"], b["share"]) for b in bins),
                dots=True,
                bars=tuple(Bar(b["score"], b["share_low"], b["share_high"]) for b in bins),
            )
        )
    return Chart(
        title="Calibration on held-out new text",
        x_label="mean score of the model",
        y_label="share that carries the code",
        lines=tuple(lines),
        diagonal=True,
        notes=(
            *notes,
            "Dashed: scores that mean what they say. Bars: 95 % intervals.",
            f"Points of fewer than {MIN_EXAMPLES} paragraphs are not drawn.",
        ),
    )


def chart_learning_curve(points: Sequence[Mapping[str, Any]]) -> Chart:
    """Micro- and macro-F1 over training paragraphs; `points` are `CurvePoint`s as mappings."""
    sizes = tuple(point["size"] for point in points)
    most = max(sizes)
    lines = tuple(
        Line(
            name,
            tuple((point["size"], point[f"{key}_f1"]) for point in points),
            dots=True,
            bars=tuple(Bar(p["size"], p[f"{key}_low"], p[f"{key}_high"]) for p in points),
        )
        for key, name in (("micro", "micro-F1"), ("macro", "macro-F1"))
    )
    # Each size is half the next: the smallest would stand on one another.
    return Chart(
        title="F1 on held-out text as labels grow",
        x_label="training paragraphs",
        y_label="F1",
        lines=lines,
        x_most=float(most),
        x_ticks=tuple(float(size) for size in sizes if size >= most / 8),
        notes=("Bars: lowest and highest of the draws. Every point is measured on the same text.",),
    )
