import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from workbench.models.classifier import MIN_EXAMPLES, UNDECIDED
from workbench.models.figures import Answers, Tallies, compute_figures, measure
from workbench.models.thresholds import DEFAULT, choose_threshold


def answer(labels, scores, threshold=0.5):
    labels, scores = np.array(labels), np.array(scores, dtype=float)
    return Answers(labels, scores, scores >= threshold)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_figures_agree_with_scikit_learn(seed):
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 2, (30, 3))
    labels[0], labels[1] = 1, 0
    scores = draw.integers(0, 8, (30, 3)) / 8  # many ties
    scores[0] = 1
    given = scores >= 0.5
    figures = compute_figures(Answers(labels, scores, given), ("a", "b", "c"), seed)
    p, r, f, _ = precision_recall_fscore_support(labels, given, average=None, zero_division=0)
    for k, code in enumerate("abc"):
        of_code = figures["codes"][code]
        assert of_code["precision"]["value"] == pytest.approx(p[k], abs=1e-4)
        assert of_code["recall"]["value"] == pytest.approx(r[k], abs=1e-4)
        assert of_code["f1"]["value"] == pytest.approx(f[k], abs=1e-4)
        expected = average_precision_score(labels[:, k], scores[:, k])
        assert of_code["average_precision"]["value"] == pytest.approx(expected, abs=1e-4)
    micro = precision_recall_fscore_support(labels, given, average="micro")[2]
    assert figures["micro_f1"]["value"] == pytest.approx(micro, abs=1e-4)
    assert figures["macro_f1"]["value"] == pytest.approx(f.mean(), abs=1e-4)


def test_intervals_hold_the_figure_and_narrow_with_more_paragraphs():
    def width(copies):
        labels = [[1], [1], [0], [0], [1]] * copies
        scores = [[0.9], [0.2], [0.7], [0.1], [0.8]] * copies
        f1 = compute_figures(answer(labels, scores), ("a",), 0)["codes"]["a"]["f1"]
        assert f1["low"] < f1["value"] < f1["high"]
        return f1["high"] - f1["low"]

    assert width(40) < width(4) / 2


def test_the_same_seed_gives_the_same_intervals():
    answers = answer([[1], [0], [1], [0]] * 5, [[0.9], [0.6], [0.4], [0.2]] * 5)
    assert compute_figures(answers, ("a",), 3) == compute_figures(answers, ("a",), 3)
    assert compute_figures(answers, ("a",), 3) != compute_figures(answers, ("a",), 4)


def test_undecided_labels_count_nowhere():
    with_tied = answer([[1], [0], [UNDECIDED], [UNDECIDED]], [[0.9], [0.1], [0.9], [0.1]])
    figures = compute_figures(with_tied, ("a",), 0)["codes"]["a"]
    assert (figures["support"], figures["given"]) == (1, 1)
    assert figures["precision"]["value"] == figures["average_precision"]["value"] == 1.0


def test_what_is_undefined_is_none_and_not_zero():
    figures = compute_figures(answer([[0, 1], [0, 0]], [[0.1, 0.2], [0.2, 0.1]]), ("a", "b"), 0)
    assert figures["codes"]["a"]["f1"] == {"value": None, "low": None, "high": None}
    assert figures["codes"]["b"]["precision"]["value"] is None
    assert figures["codes"]["b"]["recall"]["value"] == 0.0
    assert figures["macro_f1"]["value"] == 0.0


def test_a_code_that_few_carry_is_marked_insufficient():
    labels = np.array([[1, 1]] * (MIN_EXAMPLES - 1) + [[1, 0]] + [[0, 0]] * 9)
    codes = compute_figures(Answers(labels, labels * 0.9, labels == 1), ("a", "b"), 0)["codes"]
    assert (codes["a"]["insufficient"], codes["b"]["insufficient"]) == (False, True)
    assert codes["b"]["support"] == MIN_EXAMPLES - 1


def test_no_paragraphs_give_no_figures():
    empty = Answers(np.zeros((0, 1), int), np.zeros((0, 1)), np.zeros((0, 1), bool))
    figures = compute_figures(empty, ("a",), 0)
    assert figures["paragraphs"] == 0
    assert figures["micro_f1"]["value"] is None


def test_a_threshold_separates_what_the_scores_separate_from_the_middle():
    threshold = choose_threshold(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.6, 0.9]))
    assert threshold == pytest.approx(0.4, abs=0.02)


def test_undecided_paragraphs_do_not_move_a_threshold():
    labels, scores = np.array([0, 1]), np.array([0.2, 0.6])
    tied = np.array([UNDECIDED] * 9)
    assert choose_threshold(labels, scores) == choose_threshold(
        np.append(labels, tied), np.append(scores, np.linspace(0.1, 0.9, 9))
    )


def test_a_code_that_nothing_carries_has_the_default_threshold():
    assert choose_threshold(np.array([0, 0]), np.array([0.3, 0.9])) == DEFAULT


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_what_is_drawn_together_may_be_added_up_first(seed):
    """Tallies by group and the paragraphs one by one give the same figures, ties and all."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, 2, (40, 3))
    scores = rng.integers(0, 8, (40, 3)) / 8
    answers = Answers(labels, scores, scores >= 0.5)
    groups = rng.integers(0, 6, 40) * 10
    distinct, place = np.unique(groups, return_inverse=True)
    drawn = rng.multinomial(len(distinct), np.full(len(distinct), 1 / len(distinct)), size=7)
    together = Tallies.of(answers, groups).measure(drawn)
    alone = measure(answers, drawn[:, place])
    for name in alone:
        assert np.array_equal(together[name], alone[name], equal_nan=True)
    for row, weights in enumerate(drawn[:, place]):
        for k in range(3):
            known = labels[:, k] >= 0
            truth, w = labels[known, k], weights[known]
            if truth @ w:
                expected = average_precision_score(truth, scores[known, k], sample_weight=w)
                assert together["average_precision"][row, k] == pytest.approx(expected)
