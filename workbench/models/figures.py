"""Precision, recall, F1 and average precision with bootstrap intervals. Pure.

Every figure is a mapping `value, low, high`: the figure and the bounds of its
95 % interval, each None where it is undefined (0/0). Intervals are percentile
bootstrap (Efron and Tibshirani 1993, chapter 13) over paragraphs: they say how
far the figure depends on which paragraphs happened to be coded, not what
another publisher's report would bring.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.models.classifier import UNDECIDED

SAMPLES = 1000
_LEVEL = 0.95
# Bounds the memory of one step to this many rows of resampled weights.
_SAMPLES_AT_A_TIME = 100

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


def compute_figures(answers: Answers, codes: Sequence[str], seed: int) -> dict[str, object]:
    """`paragraphs`, `micro_f1`, `macro_f1` and, per code, support and four figures.

    The macro F1 is the mean over the codes whose F1 is defined, that is which
    some paragraph carries or is given. Undecided labels count nowhere.
    """
    exact = _measure(answers, np.ones((1, len(answers.labels))))
    samples = [
        _measure(answers, weights)
        for weights in _draw_weights(len(answers.labels), np.random.default_rng(seed))
    ]
    spread = {name: np.concatenate([sample[name] for sample in samples]) for name in exact}

    def figure(name: str, code: int = 0) -> Figure:
        return _describe(exact[name][0, code], spread[name][:, code])

    return {
        "paragraphs": len(answers.labels),
        "micro_f1": figure("micro_f1"),
        "macro_f1": figure("macro_f1"),
        "codes": {
            code: {
                "support": int((answers.labels[:, k] == 1).sum()),
                "given": int((answers.given[:, k] & (answers.labels[:, k] != UNDECIDED)).sum()),
                "precision": figure("precision", k),
                "recall": figure("recall", k),
                "f1": figure("f1", k),
                "average_precision": figure("average_precision", k),
            }
            for k, code in enumerate(codes)
        },
    }


def _draw_weights(count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """How often each paragraph was drawn, in blocks of (resamples, paragraphs)."""
    for _ in range(0, SAMPLES, _SAMPLES_AT_A_TIME):
        if count:
            yield rng.multinomial(count, np.full(count, 1 / count), size=_SAMPLES_AT_A_TIME)
        else:
            yield np.zeros((_SAMPLES_AT_A_TIME, 0))


def _measure(answers: Answers, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Each figure for each row of `weights`, of the shape (rows, codes) or (rows, 1)."""
    known = answers.labels != UNDECIDED
    truth = answers.labels == 1
    weights = weights.astype(float)
    hits = weights @ (answers.given & truth)
    given = weights @ (answers.given & known)
    carried = weights @ truth
    f1 = _divide(2 * hits, given + carried)
    columns = range(answers.labels.shape[1])
    return {
        "precision": _divide(hits, given),
        "recall": _divide(hits, carried),
        "f1": f1,
        "average_precision": np.column_stack(
            [
                _average_precision(
                    truth[known[:, k], k], answers.scores[known[:, k], k], weights[:, known[:, k]]
                )
                for k in columns
            ]
        ),
        "micro_f1": _divide(2 * hits.sum(axis=1), (given + carried).sum(axis=1))[:, None],
        "macro_f1": _divide(np.nansum(f1, axis=1), (~np.isnan(f1)).sum(axis=1))[:, None],
    }


def _average_precision(truth: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum over thresholds of (R_i - R_(i-1)) * P_i, as scikit-learn defines it, per weights row.

    Paragraphs with the same score share one threshold.
    """
    if not len(scores):
        return np.full(len(weights), np.nan)
    order = np.argsort(-scores, kind="stable")
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    given = np.cumsum(weights[:, order], axis=1)[:, last_of_ties]
    hits = np.cumsum(weights[:, order] * truth[order], axis=1)[:, last_of_ties]
    gained = np.diff(hits, axis=1, prepend=0)
    precision = np.divide(hits, given, out=np.zeros_like(hits), where=given > 0)
    return _divide((gained * precision).sum(axis=1), hits[:, -1])


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """The quotient, nan where it is 0/0."""
    out = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)


def _describe(value: float, spread: np.ndarray) -> Figure:
    """A figure with its interval; none where under half of the resamples define it."""
    defined = spread[~np.isnan(spread)]
    if np.isnan(value):
        return {"value": None, "low": None, "high": None}
    if 2 * len(defined) < len(spread):
        return {"value": _plain(value), "low": None, "high": None}
    low, high = np.quantile(defined, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return {"value": _plain(value), "low": _plain(low), "high": _plain(high)}


def _plain(value: float) -> float:
    return round(float(value), 4)
