"""Precision, recall, F1 and average precision with bootstrap intervals. Pure.

Every figure is a mapping `value, low, high`: the figure and the bounds of its
95 % interval, each None where it is undefined (0/0). Intervals are percentile
bootstrap (Efron and Tibshirani 1993, chapter 13) over what `resampling` draws:
they say how far the figure depends on which paragraphs or reports happened to
be coded, not what another publisher's report would bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix

from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.resampling import SAMPLES, draw_groups, interval_of, sum_groups

__all__ = ["SAMPLES", "Answers", "Figure", "Tallies", "compute_figures", "describe", "measure"]

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
    tallies = Tallies.of(answers, groups)
    exact = tallies.measure(np.ones((1, tallies.groups)))
    draws = draw_groups(tallies.groups, np.random.default_rng(seed))
    samples = [tallies.measure(drawn) for drawn in draws]
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


def compute_micro_f1(answers: Answers, seed: int, groups: np.ndarray) -> dict[str, object]:
    """`paragraphs`, how many labels they carry (`positives`) and `micro_f1` over all codes.

    With fewer than `classifier.MIN_EXAMPLES` positives it is `insufficient`.
    """
    positives = int((answers.labels == 1).sum())
    tallies = Tallies.of(answers, groups)
    draws = draw_groups(tallies.groups, np.random.default_rng(seed))
    spread = np.concatenate([tallies.micro_f1(drawn.astype(float)) for drawn in draws])
    exact = tallies.micro_f1(np.ones((1, tallies.groups)))[0]
    return {
        "paragraphs": len(answers.labels),
        "positives": positives,
        "insufficient": positives < MIN_EXAMPLES,
        "micro_f1": describe(float(exact), spread),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """What the figures need of answers, added up by what is drawn together.

    Counting anew for each of a thousand resamples, or sorting the scores, takes
    most of the time of an evaluation with many paragraphs and codes. `hits`,
    `given` and `carried` have the shape (groups, codes), `rankings` an entry
    per code.
    """

    hits: np.ndarray
    given: np.ndarray
    carried: np.ndarray
    rankings: tuple["_Ranking", ...]

    @classmethod
    def of(cls, answers: Answers, groups: np.ndarray) -> Self:
        """The tallies of `answers`; paragraphs with the same number in `groups` count as one."""
        distinct, group = np.unique(groups, return_inverse=True)
        known, truth = answers.labels != UNDECIDED, answers.labels == 1
        tables = (answers.given & truth, answers.given & known, truth)
        return cls(
            *(sum_groups(group, len(distinct), table) for table in tables),
            tuple(
                _rank(truth[:, k], known[:, k], answers.scores[:, k], group, len(distinct))
                for k in range(answers.labels.shape[1])
            ),
        )

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.hits)

    def micro_f1(self, weights: np.ndarray) -> np.ndarray:
        """The micro-averaged F1 for each row of `weights` (rows, groups)."""
        hits, given, carried = (
            weights @ table.sum(axis=1) for table in (self.hits, self.given, self.carried)
        )
        return _divide(2 * hits, given + carried)

    def measure(self, weights: np.ndarray) -> dict[str, np.ndarray]:
        """Each figure for each row of `weights` (rows, groups): (rows, codes) or (rows, 1)."""
        weights = weights.astype(float)
        hits, given, carried = (weights @ table for table in (self.hits, self.given, self.carried))
        f1 = _divide(2 * hits, given + carried)
        by_group = np.ascontiguousarray(weights.T)
        return {
            "precision": _divide(hits, given),
            "recall": _divide(hits, carried),
            "f1": f1,
            "average_precision": np.column_stack(
                [ranking.average_precision(by_group) for ranking in self.rankings]
            ),
            "micro_f1": self.micro_f1(weights)[:, None],
            "macro_f1": _divide(np.nansum(f1, axis=1), (~np.isnan(f1)).sum(axis=1))[:, None],
        }


def measure(answers: Answers, weights: np.ndarray) -> dict[str, np.ndarray]:
    """`Tallies.measure` where each paragraph is drawn alone: `weights` is (rows, paragraphs)."""
    return Tallies.of(answers, np.arange(len(answers.labels))).measure(weights)


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """Of one code and each threshold, from the highest down, counts by group.

    Sparse tables of the shape (thresholds, groups): the paragraphs that reach
    this threshold and none above it, and those of them that carry the code.
    Paragraphs with the same score share a threshold. Recall only rises where
    one carries the code: only those thresholds are kept.
    """

    reaching: csr_matrix
    carrying: csr_matrix

    def average_precision(self, weights: np.ndarray) -> np.ndarray:
        """Sum over thresholds of (R_i - R_(i-1)) * P_i, as scikit-learn defines it.

        One for each column of `weights` (groups, columns).
        """
        if not self.carrying.shape[0]:
            return np.full(weights.shape[1], np.nan)
        given = np.cumsum(self.reaching @ weights, axis=0)
        gained = self.carrying @ weights
        hits = np.cumsum(gained, axis=0)
        precision = np.divide(hits, given, out=np.zeros_like(hits), where=given > 0)
        return _divide((gained * precision).sum(axis=0), hits[-1])


def _rank(
    truth: np.ndarray, known: np.ndarray, scores: np.ndarray, group: np.ndarray, groups: int
) -> _Ranking:
    places = np.flatnonzero(known)
    order = places[np.argsort(-scores[places], kind="stable")]
    carrying = np.flatnonzero(truth[order])
    last_of_ties = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    reached = np.unique(np.searchsorted(last_of_ties, carrying))
    # The last paragraph that reaches each threshold. Those below all of them have no part.
    lasts = last_of_ties[reached]
    shape = (len(lasts), groups)

    def count(at: np.ndarray) -> csr_matrix:
        cells = (np.searchsorted(lasts, at), group[order[at]])
        return csr_matrix((np.ones(len(at)), cells), shape=shape)

    return _Ranking(count(np.arange(lasts[-1] + 1 if len(lasts) else 0)), count(carrying))


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
