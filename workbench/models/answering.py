"""What a model says of the held out, and the thresholds that it gives codes by. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.models.classifier import ParagraphClassifier
from workbench.models.figures import Answers
from workbench.models.folds import Split
from workbench.models.linear import name_kinds
from workbench.models.reading import pick_rows
from workbench.models.thresholds import DEFAULT, choose_threshold, choose_thresholds


def build_baseline(seed: int) -> ParagraphClassifier:
    """TF-IDF of the text and the linear model of `linear`, unfitted, over texts.

    It is not calibrated: thresholds of its own do as well.
    """
    return ParagraphClassifier(TfidfVectorizer(), bare_copies=False, seed=seed, calibrated=False)


def name_baseline(sizes: Iterable[int]) -> str:
    """What the baseline is where it learned from so many paragraphs, in one fit or in several."""
    return f"TF-IDF + {name_kinds(sizes)}"


Choose = Callable[[np.ndarray, np.ndarray, np.ndarray | None], np.ndarray]


def choose_own(
    labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None = None
) -> np.ndarray:
    """For each code the threshold that is best for it alone, as suits the baseline.

    Its scores are low all over, so that drawing them towards a common one (see
    `choose_thresholds`) would make it look worse than it is.
    """
    weights = np.ones(labels.shape) if weights is None else weights
    columns = zip(labels.T, scores.T, weights.T, strict=True)
    return np.array([choose_threshold(*column) for column in columns])


def answer_held(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    split: Split,
    inner: Sequence[Split],
    answers: Answers,
    choose: Choose = choose_thresholds,
    subjects: Sequence[str] | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Enter what a model of the rest says of the held into `answers`; its thresholds.

    `rows` are what `classifier` (unfitted) takes, one for each of the labels,
    `choose` makes a threshold per code of labels, scores and weights, `subjects`
    and `weights` are those of `ParagraphClassifier.fit`.
    `inner` are the folds of the rest, in places within it, in which the
    thresholds' own scores are out of fold. Where nothing is left to learn
    from, no code is given.
    """
    labels, held, rest = answers.labels, split.held, split.rest
    thresholds = np.full(labels.shape[1], DEFAULT)
    asked, scores = [], []
    for fold in inner:
        inside, outside = rest[fold.held], rest[fold.rest]
        if outside.size:
            fitted = _fit(classifier, rows, labels, subjects, weights, outside)
            asked.append(inside)
            scores.append(fitted.predict_proba(pick_rows(rows, inside)))
    if scores:
        places = np.concatenate(asked)
        counted = None if weights is None else weights[places]
        thresholds = choose(labels[places], np.concatenate(scores), counted)
    if not rest.size:
        return thresholds
    fitted = _fit(classifier, rows, labels, subjects, weights, rest)
    answers.scores[held] = fitted.predict_proba(pick_rows(rows, held))
    answers.given[held] = answers.scores[held] >= thresholds
    return thresholds


def choose_crosswise(
    split: Split,
    judged: np.ndarray,
    answers: Answers,
    choose: Choose = choose_thresholds,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Thresholds for the held, chosen on the answers to what is in no cluster with them.

    All scores must be in `answers`; the codes given to the held are entered.
    """
    others = split.rest[judged[split.rest]]
    counted = None if weights is None else weights[others]
    thresholds = choose(answers.labels[others], answers.scores[others], counted)
    answers.given[split.held] = answers.scores[split.held] >= thresholds
    return thresholds


def _fit(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    labels: np.ndarray,
    subjects: Sequence[str] | None,
    weights: np.ndarray | None,
    places: np.ndarray,
) -> ParagraphClassifier:
    known = None if subjects is None else pick_rows(subjects, places)
    counted = None if weights is None else weights[places]
    return clone(classifier).fit(pick_rows(rows, places), labels[places], known, counted)
