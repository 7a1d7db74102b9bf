"""Learning curves: would more labels pay? Pure.

Every point of the curve is measured on the same paragraphs (each report, or fold, held out once),
and a larger training set holds the smaller ones. So points differ by the number of labels alone,
not by what was asked or by the luck of another draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.base import clone

from workbench.errors import TrainingError
from workbench.models.classifier import ParagraphClassifier
from workbench.models.evaluation import LabelledSet, plan_folds
from workbench.models.figures import Answers, Figure, Tallies, describe, measure
from workbench.models.folds import Split, group_duplicates, split_folds
from workbench.models.reading import pick_rows
from workbench.models.resampling import BY_PARAGRAPH, choose_units, draw_groups
from workbench.models.thresholds import choose_thresholds
from workbench.models.training import TrainedModel
from workbench.progress import Track, track_silently

#: Draws of the training paragraphs at each size.
DRAWS = 5
#: No point has fewer training paragraphs than this.
FEWEST = 20
#: Each point has half the paragraphs of the next; no more than so many points.
MOST_POINTS = 6
#: A gain below this is none to tag for, whatever the interval says.
WORTH = 0.01
_INNER_FOLDS = 3
PAYS, LEVEL, UNKNOWN = "pays", "level", "unknown"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The mean F1 over the draws of `size` training paragraphs, with the lowest and the highest."""

    size: int
    micro_f1: float
    micro_low: float
    micro_high: float
    macro_f1: float
    macro_low: float
    macro_high: float


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The curve in order of size, and what the last doubling brought.

    `gain` is the micro-F1 at the largest size less that at half of it, with its
    95 % interval over test paragraphs (or reports, see `unit`) and draws.
    `verdict` is PAYS, LEVEL or UNKNOWN; `words` says it in a sentence.
    """

    scheme: str
    paragraphs: int
    draws: int
    unit: str
    points: tuple[CurvePoint, ...]
    gain: Figure = field(hash=False)
    verdict: str
    words: str


def measure_curve(
    labelled: LabelledSet,
    classifier: ParagraphClassifier,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Track = track_silently,
) -> LearningCurve:
    """The learning curve of `classifier` (unfitted, over read rows) on `labelled`.

    Thresholds are chosen out of fold within the training paragraphs of each
    point. Copies of a decision (not `judged`) are not learned from: the curve
    counts decisions. Raises TrainingError where there is nothing to hold out or
    fewer than 2 * FEWEST paragraphs to learn from.
    """
    duplicates = group_duplicates(labelled.texts)
    scheme, folds = plan_folds(labelled, duplicates)
    splits = list(split_folds(folds, duplicates, labelled.judged))
    pools = [split.rest[labelled.judged[split.rest]] for split in splits]
    sizes = choose_sizes(min(len(pool) for pool in pools))
    tasks = [(draw, number) for draw in range(draws) for number in range(len(splits))]
    blank = labelled.labels.shape
    answers = {
        (draw, size): Answers(labelled.labels, np.zeros(blank), np.zeros(blank, dtype=bool))
        for draw in range(draws)
        for size in sizes
    }
    for draw, number in progress(tasks, "learning curve", len(tasks)):
        order = np.random.default_rng([seed, draw, number]).permutation(pools[number])
        for size in sizes:
            part = np.sort(order[:size])
            _answer(labelled, classifier, duplicates, splits[number], part, answers[draw, size])
    judged = labelled.judged
    kept = {key: held.keep(judged) for key, held in answers.items()}
    reports = [labelled.reports[place] for place in np.flatnonzero(judged)]
    units = choose_units(reports, duplicates[judged])
    gain = _measure_gain(kept, sizes[-2:], draws, units.groups, seed)
    verdict = _judge(gain)
    return LearningCurve(
        scheme=scheme,
        paragraphs=int(judged.sum()),
        draws=draws,
        unit=units.name,
        points=tuple(_point(size, [kept[draw, size] for draw in range(draws)]) for size in sizes),
        gain=gain,
        verdict=verdict,
        words=explain_gain(verdict, gain, sizes, units.name),
    )


def measure_curve_of(
    trained: TrainedModel,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Track = track_silently,
) -> LearningCurve:
    """`measure_curve` of the kind of model that `trained` is, on what it was trained on."""
    classifier = clone(trained.pipeline.named_steps["codes"])
    return measure_curve(trained.labelled, classifier, draws=draws, seed=seed, progress=progress)


def choose_sizes(most: int) -> list[int]:
    """`most`, half of it, a quarter ... down to FEWEST, in ascending order.

    Raises TrainingError where there are not two sizes to compare.
    """
    sizes = [most]
    while sizes[-1] // 2 >= FEWEST and len(sizes) < MOST_POINTS:
        sizes.append(sizes[-1] // 2)
    if len(sizes) < 2:
        raise TrainingError(
            f"only {most} coded paragraph(s) can be learned from while another report is held out,"
            f" too few for a learning curve ({2 * FEWEST} are needed)",
            "code more paragraphs",
        )
    return sizes[::-1]


def _answer(
    labelled: LabelledSet,
    classifier: ParagraphClassifier,
    duplicates: np.ndarray,
    split: Split,
    part: np.ndarray,
    answers: Answers,
) -> None:
    """Enter what a model of the paragraphs `part` says of the held into `answers`."""
    fold = np.unique(duplicates[part], return_inverse=True)[1] % _INNER_FOLDS
    scores = np.zeros((len(part), labelled.labels.shape[1]))
    for number in np.unique(fold):
        inside, outside = part[fold == number], part[fold != number]
        if outside.size:
            fitted = _fit(labelled, classifier, outside)
            scores[fold == number] = fitted.predict_proba(pick_rows(labelled.read, inside))
    counted = None if labelled.weights is None else labelled.weights[part]
    thresholds = choose_thresholds(labelled.labels[part], scores, counted)
    fitted = _fit(labelled, classifier, part)
    held = fitted.predict_proba(pick_rows(labelled.read, split.held))
    answers.scores[split.held] = held
    answers.given[split.held] = held >= thresholds


def _fit(
    labelled: LabelledSet, classifier: ParagraphClassifier, places: np.ndarray
) -> ParagraphClassifier:
    subjects = pick_rows(labelled.subjects, places)
    counted = None if labelled.weights is None else labelled.weights[places]
    return clone(classifier).fit(
        pick_rows(labelled.read, places), labelled.labels[places], subjects, counted
    )


def _point(size: int, drawn: Sequence[Answers]) -> CurvePoint:
    ones = np.ones((1, len(drawn[0].labels)))
    measured = [measure(answers, ones) for answers in drawn]

    def spread(name: str) -> tuple[float, float, float]:
        values = np.nan_to_num([float(one[name][0, 0]) for one in measured])
        mean, low, high = values.mean(), values.min(), values.max()
        return round(float(mean), 4), round(float(low), 4), round(float(high), 4)

    return CurvePoint(size, *spread("micro_f1"), *spread("macro_f1"))


def _measure_gain(
    kept: dict[tuple[int, int], Answers],
    last: Sequence[int],
    draws: int,
    groups: np.ndarray,
    seed: int,
) -> Figure:
    """The gain of the last size over the one before; test units and draws are both resampled."""
    rng = np.random.default_rng(seed)
    tallies = {key: Tallies.of(kept[key], groups) for key in kept if key[1] in last}

    def gains(weights: np.ndarray) -> np.ndarray:
        """Of the shape (draws, resamples)."""
        sides = [
            np.array([tallies[draw, size].micro_f1(weights) for draw in range(draws)])
            for size in last
        ]
        return np.nan_to_num(sides[1]) - np.nan_to_num(sides[0])

    blocks = []
    for weights in draw_groups(len(np.unique(groups)), rng):
        found = gains(weights)
        chosen = rng.integers(draws, size=found.shape)
        blocks.append(np.take_along_axis(found, chosen, axis=0).mean(axis=0))
    exact = float(gains(np.ones((1, len(np.unique(groups))))).mean())
    return describe(exact, np.concatenate(blocks))


def _judge(gain: Figure) -> str:
    if gain["low"] is None or gain["high"] is None:
        return UNKNOWN
    if gain["low"] > 0 and (gain["value"] or 0) >= WORTH:
        return PAYS
    return LEVEL if gain["high"] < WORTH else UNKNOWN


def explain_gain(verdict: str, gain: Figure, sizes: Sequence[int], unit: str) -> str:
    """What the last doubling brought, in a sentence for whoever decides on more tagging."""
    if gain["low"] is None or gain["high"] is None:
        return "Too few paragraphs to say whether more labels pay."
    step = (
        f"going from {sizes[-2]} to {sizes[-1]} training paragraphs changed the micro-F1 by"
        f" {gain['value']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"
    )
    if verdict == PAYS:
        words = f"More labels still pay: {step}."
    elif verdict == LEVEL:
        words = f"More labels of this kind hardly pay: {step}."
    else:
        words = f"Whether more labels pay is not shown: {step}."
    # A curve on a few reports says nothing of text unlike them.
    few = " It speaks of reports like these, not of another publisher's."
    return words + (few if unit == BY_PARAGRAPH else "")
