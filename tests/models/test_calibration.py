import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from workbench.models.calibration import BINS, measure_calibration
from workbench.models.charts import draw_chart
from workbench.models.classifier import UNDECIDED
from workbench.models.figures import Answers
from workbench.models.plots import chart_calibration


def measure(labels, scores):
    labels, scores = np.array(labels), np.array(scores, dtype=float)
    answers = Answers(labels, scores, scores >= 0.5)
    return measure_calibration(answers, ("a",), 0, np.arange(len(labels)))["a"]


def test_the_brier_score_is_that_of_scikit_learn_and_its_interval_holds_it():
    draw = np.random.default_rng(4)
    labels, scores = draw.integers(0, 2, (200, 1)), draw.random((200, 1))
    brier = measure(labels, scores)["brier"]
    assert brier["value"] == pytest.approx(brier_score_loss(labels, scores), abs=1e-4)
    assert brier["low"] < brier["value"] < brier["high"]


def test_scores_that_mean_what_they_say_have_hardly_any_error_and_turned_ones_much():
    draw = np.random.default_rng(5)
    scores = draw.random((20_000, 1))
    labels = (draw.random((20_000, 1)) < scores).astype(int)
    honest, turned = measure(labels, scores), measure(1 - labels, scores)
    assert honest["error"] < 0.02
    assert turned["error"] > 0.4
    for part in honest["bins"]:
        assert part["share_low"] <= part["share"] <= part["share_high"]
        assert part["share"] == pytest.approx(part["score"], abs=0.03)
    assert sum(part["paragraphs"] for part in honest["bins"]) == 20_000
    assert len(honest["bins"]) == BINS


def test_knowing_only_the_share_scores_as_the_share():
    measured = measure([[1]] * 3 + [[0]] * 9, [[0.25]] * 12)
    assert measured["brier"]["value"] == measured["brier_of_share"] == 0.1875


def test_undecided_labels_and_scores_of_one_are_in_the_right_place():
    measured = measure([[1], [UNDECIDED], [0]], [[1.0], [0.5], [0.0]])
    assert [(b["low"], b["high"], b["paragraphs"]) for b in measured["bins"]] == [
        (0.0, 1 / BINS, 1),
        (1 - 1 / BINS, 1.0, 1),
    ]
    assert measured["brier"]["value"] == 0.0


def test_no_paragraphs_have_no_calibration():
    measured = measure(np.zeros((0, 1), int), np.zeros((0, 1)))
    assert measured["brier"]["value"] is None
    assert measured["error"] is None
    assert measured["bins"] == []


def test_the_chart_draws_bins_with_enough_paragraphs_and_names_insufficient_codes():
    labels = np.array([[1, 0]] * 8 + [[0, 0]] * 3)
    scores = np.array([[0.9, 0.1]] * 8 + [[0.1, 0.1]] * 3)
    answers = Answers(labels, scores, scores >= 0.5)
    measured = measure_calibration(answers, ("a", "b"), 0, np.arange(11))
    chart = chart_calibration(measured)
    assert [(line.name, line.points) for line in chart.lines] == [("a", ((0.9, 1.0),))]
    assert any("b: insufficient" in note for note in chart.notes)
    assert "b: insufficient" in draw_chart(chart)
