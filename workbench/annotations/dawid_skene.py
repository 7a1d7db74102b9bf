"""How reliable each coder is, without knowing the truth: Dawid and Skene 1979, by EM. Pure.

A. P. Dawid and A. M. Skene, "Maximum likelihood estimation of observer
error-rates using the EM algorithm", Applied Statistics 28 (1979), pp. 20-28.
An item has one true class, and a coder says of an item of class j that it is of
class l with a probability of the coder's own, whatever the other coders say. For
a code there are two classes, withheld (0) and given (1), and each coder has a
sensitivity and a specificity.
"""

from dataclasses import dataclass, field

import numpy as np

from workbench.errors import AnnotationError

#: With the default smoothing a coder starts with this many imagined decisions on each class,
#: this share of them right: nobody is thought infallible, and a newcomer is an ordinary coder.
IMAGINED, RIGHT = 5.0, 0.8
#: EM stops when an item's mean log-likelihood grows by less than this from round to round.
TOLERANCE = 1e-9
MOST_ROUNDS = 5000


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """The fitted model of one question.

    `prevalence` (classes) is the probability of each true class; `rates`
    (coders x classes x classes) is [k, j, l], the probability that coder k says
    l of an item of class j. `probabilities` (items x classes) is what the model
    makes of each item. `objective` is what EM maximised (the log-likelihood, and
    with smoothing the log-density of the prior), before the first round and
    after each. `converged` is False where `MOST_ROUNDS` were not enough.
    """

    prevalence: np.ndarray
    rates: np.ndarray
    probabilities: np.ndarray = field(repr=False)
    objective: tuple[float, ...] = field(repr=False)
    converged: bool

    def judge(self, counts: np.ndarray) -> np.ndarray:
        """The probability of each class (items x classes) of other items by the same coders.

        `counts` is as in `fit_dawid_skene`; an item without decisions has the
        prevalence.
        """
        return _normalise(_joint(counts, self.prevalence, self.rates))[0]


def fit_dawid_skene(
    counts: np.ndarray, known: np.ndarray | None = None, *, smoothing: float = IMAGINED
) -> DawidSkene:
    """Fit the model to `counts` (items x coders x classes): how often who said what of which item.

    `known` (items) is the true class where somebody has settled it, else -1:
    there nothing is estimated. `smoothing` is the number of imagined decisions
    of each coder on each class, `RIGHT` of them right, with one imagined item
    of each class; 0 is maximum likelihood, as published. EM starts from the
    shares of the decisions, as published, so that the same counts give the same
    answer. Raises AnnotationError where no item has a decision.
    """
    counts = np.asarray(counts, dtype=float)
    if not counts.any():
        raise AnnotationError("nobody has decided anything", "have coders code some paragraphs")
    classes = counts.shape[2]
    settled = np.full(len(counts), -1) if known is None else np.asarray(known)
    wrong = (1 - RIGHT) / (classes - 1)
    prior = smoothing * (wrong + (RIGHT - wrong) * np.eye(classes))
    imagined = 1.0 if smoothing else 0.0

    says = counts.sum(axis=1)
    decided = says.sum(axis=1, keepdims=True)
    shares = np.divide(says, decided, out=np.full_like(says, 1 / classes), where=decided > 0)
    probabilities = _settle(shares, settled)
    objective: list[float] = []
    converged = False
    while not converged and len(objective) <= MOST_ROUNDS:
        prevalence = probabilities.sum(axis=0) + imagined
        prevalence /= prevalence.sum()
        rates = np.tensordot(probabilities, counts, axes=(0, 0)).transpose(1, 0, 2) + prior
        total = rates.sum(axis=2, keepdims=True)
        # A class that this coder never met, without smoothing: nothing is known of it.
        rates = np.divide(rates, total, out=np.full_like(rates, 1 / classes), where=total > 0)
        joint = _joint(counts, prevalence, rates)
        joint[_settle(np.ones_like(joint), settled) == 0] = -np.inf
        probabilities, likelihood = _normalise(joint)
        density = (prior * _log(rates)).sum() + imagined * _log(prevalence).sum()
        objective.append(float(likelihood.sum() + density))
        converged = len(objective) > 1 and (
            objective[-1] - objective[-2] <= TOLERANCE * len(counts)
        )
    return DawidSkene(prevalence, rates, probabilities, tuple(objective), converged)


def _joint(counts: np.ndarray, prevalence: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """The log-probability of an item's decisions together with each class: items x classes."""
    coders, classes = rates.shape[:2]
    log_rates = _log(rates).transpose(0, 2, 1).reshape(coders * classes, classes)
    return counts.reshape(len(counts), -1) @ log_rates + _log(prevalence)


def _normalise(joint: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the classes, and the log-probability of each item's decisions."""
    top = joint.max(axis=1, keepdims=True)
    unscaled = np.exp(joint - top)
    total = unscaled.sum(axis=1, keepdims=True)
    return unscaled / total, (top + np.log(total))[:, 0]


def _settle(table: np.ndarray, known: np.ndarray) -> np.ndarray:
    """`table` (items x classes) with certainty in the rows whose class is known."""
    certain = np.eye(table.shape[1])
    return np.where((known >= 0)[:, None], certain[np.maximum(known, 0)], table)


def _log(values: np.ndarray) -> np.ndarray:
    # Zero stays finite: zero decisions times its logarithm must be zero.
    return np.log(np.maximum(values, 1e-300))
