"""What a model says of the held out, and the thresholds that it gives codes by. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from workbench.models.classifier import ParagraphClassifier
from workbench.models.figures import Answers
from workbench.models.folds import Split
from workbench.models.thresholds import DEFAULT, choose_threshold, choose_thresholds


def build_baseline(seed: int) -> ParagraphClassifier:
    """TF-IDF of the text and logistic regression (as in `linear`), unfitted, over texts."""
    return ParagraphClassifier(TfidfVectorizer(), bare_copies=False, seed=seed)


def choose_own(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """For each code the threshold that is best for it alone, as suits the baseline.

    Its scores are low all over, so that drawing them towards a common one (see
    `choose_thresholds`) would make it look worse than it is.
    """
    columns = zip(labels.T, scores.T, strict=True)
    return np.array([choose_threshold(*column) for column in columns])


def answer_held(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    split: Split,
    inner: Sequence[Split],
    answers: Answers,
    choose: Callable[[np.ndarray, np.ndarray], np.ndarray] = choose_thresholds,
    subjects: Sequence[str] | None = None,
) -> np.ndarray:
    """Enter what a model of the rest says of the held into `answers`; its thresholds.

    `rows` are what `classifier` (unfitted) takes, one for each of the labels,
    `choose` makes a threshold per code of labels and scores, `subjects` are
    those of `ParagraphClassifier.fit`.
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
            fitted = _fit(classifier, rows, labels, subjects, outside)
            truths.append(labels[inside])
            scores.append(fitted.predict_proba(_pick(rows, inside)))
    if scores:
        thresholds = choose(np.concatenate(truths), np.concatenate(scores))
    if not rest.size:
        return thresholds
    fitted = _fit(classifier, rows, labels, subjects, rest)
    answers.scores[held] = fitted.predict_proba(_pick(rows, held))
    answers.given[held] = answers.scores[held] >= thresholds
    return thresholds


def choose_crosswise(
    split: Split,
    judged: np.ndarray,
    answers: Answers,
    choose: Callable[[np.ndarray, np.ndarray], np.ndarray] = choose_thresholds,
) -> np.ndarray:
    """Thresholds for the held, chosen on the answers to what is in no cluster with them.

    All scores must be in `answers`; the codes given to the held are entered.
    """
    others = split.rest[judged[split.rest]]
    thresholds = choose(answers.labels[others], answers.scores[others])
    answers.given[split.held] = answers.scores[split.held] >= thresholds
    return thresholds


def _fit(
    classifier: ParagraphClassifier,
    rows: Sequence[Any],
    labels: np.ndarray,
    subjects: Sequence[str] | None,
    places: np.ndarray,
) -> ParagraphClassifier:
    known = None if subjects is None else _pick(subjects, places)
    return clone(classifier).fit(_pick(rows, places), labels[places], known)


def _pick(items: Sequence[Any], places: np.ndarray) -> list[Any]:
    return [items[place] for place in places]
