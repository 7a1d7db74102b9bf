"""Precision, recall, F1 and average precision with bootstrap intervals. Pure.

Every figure is a mapping `value, low, high`: the figure and the bounds of its
95 % interval, each None where it is undefined (0/0). Intervals are percentile
bootstrap (Efron and Tibshirani 1993, chapter 13) over what `resampling` draws:
they say how far the figure depends on which paragraphs or reports happened to
be coded, not what another publisher's report would bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.resampling import SAMPLES, draw_weights, interval_of

__all__ = ["SAMPLES", "Answers", "Figure", "compute_figures", "describe", "measure"]

Figure = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one method said: arrays of the shape (paragraphs, codes).

    `labels` holds 1, 0 and UNDECIDED, `scores` what the method ranked by,
    `given` whether it gave the code.
    """

    labels: np.ndarray
    scores: np.ndarray
    given: np.ndarray

    def keep(self, rows: np.ndarray) -> "Answers":
        """The answers for the rows of a Boolean mask."""
        return Answers(self.labels[rows], self.scores[rows], self.given[rows])


def compute_figures(
    answers: Answers, codes: Sequence[str], seed: int, groups: np.ndarray | None = None
) -> dict[str, object]:
    """`paragraphs`, `micro_f1`, `macro_f1` and, per code, support and four figures.

    The macro F1 is the mean over the codes whose F1 is defined, that is which
    some paragraph carries or is given. Undecided labels count nowhere. A code
    that fewer than `classifier.MIN_EXAMPLES` paragraphs carry is `insufficient`:
    its figures hang on one or two paragraphs. `groups` numbers the paragraphs
    that are drawn together for the intervals; without it each is drawn alone.
    """
    groups = np.arange(len(answers.labels)) if groups is None else groups
    exact = measure(answers, np.ones((1, len(answers.labels))))
    samples = [
        measure(answers, weights) for weights in draw_weights(groups, np.random.default_rng(seed))
    ]
    spread = {name: np.concatenate([sample[name] for sample in samples]) for name in exact}
    support = (answers.labels == 1).sum(axis=0)

    def figure(name: str, code: int = 0) -> Figure:
        return describe(exact[name][0, code], spread[name][:, code])

    return {
        "paragraphs": len(answers.labels),
        "micro_f1": figure("micro_f1"),
        "macro_f1": figure("macro_f1"),
        "codes": {
            code: {
                "support": int(support[k]),
                "insufficient": bool(support[k] < MIN_EXAMPLES),
                "given": int((answers.given[:, k] & (answers.labels[:, k] != UNDECIDED)).sum()),
                "precision": figure("precision", k),
                "recall": figure("recall", k),
                "f1": figure("f1", k),
                "average_precision": figure("average_precision", k),
            }
            for k, code in enumerate(codes)
        },
    }


def measure(answers: Answers, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Each figure for each row of `weights`, of the shape (rows, codes) or (rows, 1)."""
    known = answers.labels != UNDECIDED
    truth = answers.labels == 1
    weights = weights.astype(float)
    hits = weights @ (answers.given & truth)
    given = weights @ (answers.given & known)
    carried = weights @ truth
    f1 = _divide(2 * hits, given + carried)
    columns = range(answers.labels.shape[1])
    by_paragraph = np.ascontiguousarray(weights.T)
    return {
        "precision": _divide(hits, given),
        "recall": _divide(hits, carried),
        "f1": f1,
        "average_precision": np.column_stack(
            [
                _average_precision(truth[:, k], known[:, k], answers.scores[:, k], by_paragraph)
                for k in columns
            ]
        ),
        "micro_f1": _divide(2 * hits.sum(axis=1), (given + carried).sum(axis=1))[:, None],
        "macro_f1": _divide(np.nansum(f1, axis=1), (~np.isnan(f1)).sum(axis=1))[:, None],
    }


def _average_precision(
    truth: np.ndarray, known: np.ndarray, scores: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Sum over thresholds of (R_i - R_(i-1)) * P_i, as scikit-learn defines it.

    One for each column of `weights` (paragraphs, columns). Paragraphs with the
    same score share one threshold. Recall only rises where a paragraph carries
    the code: only those thresholds are looked at, which is what makes a
    thousand resamples of many paragraphs affordable.
    """
    places = np.flatnonzero(known)
    order = places[np.argsort(-scores[places], kind="stable")]
    carrying = np.flatnonzero(truth[order])
    if not len(carrying):
        return np.full(weights.shape[1], np.nan)
    last_of_ties = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    # For each threshold that matters, one place beyond the last paragraph that reaches it.
    reached, threshold = np.unique(np.searchsorted(last_of_ties, carrying), return_inverse=True)
    ends = last_of_ties[reached] + 1
    starts = np.append(0, ends[:-1])
    given = np.cumsum(np.add.reduceat(weights[order[: ends[-1]]], starts, axis=0), axis=0)
    firsts = np.flatnonzero(np.diff(threshold, prepend=-1))
    gained = np.add.reduceat(weights[order[carrying]], firsts, axis=0)
    hits = np.cumsum(gained, axis=0)
    precision = np.divide(hits, given, out=np.zeros_like(hits), where=given > 0)
    return _divide((gained * precision).sum(axis=0), hits[-1])


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The quotient, nan where it is 0/0."""
    out = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)


def describe(value: float, spread: np.ndarray) -> Figure:
    """A figure with its interval; none where under half of the resamples define it."""
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    low, high = interval_of(spread)
    return {"value": round(float(value), 4), "low": low, "high": high}
