import json

import numpy as np

from workbench.models.judging import (
    answer_baseline,
    judge,
    tabulate_answers,
    tabulate_labels,
    units_of,
)
from workbench.models.resampling import BY_PARAGRAPH, BY_REPORT
from workbench.records import Prediction

CODES = ("torture", "labor")


def test_labels_are_tabulated_with_the_tied_ones_undecided(make_coded):
    coded = [make_coded("a", ("labor",)), make_coded("b", (), tied=("torture",))]
    assert tabulate_labels(coded, CODES).tolist() == [[0, 1], [-1, 0]]


def test_a_code_that_a_method_does_not_know_is_not_given():
    predictions = [Prediction(("labor",), {"labor": 0.75}), Prediction((), {"labor": 0.25})]
    answers = tabulate_answers(np.zeros((2, 2), int), predictions, CODES)
    assert answers.scores.tolist() == [[0, 0.75], [0, 0.25]]
    assert answers.given.tolist() == [[False, True], [False, False]]


def test_what_was_seen_in_training_is_scored_apart(coded):
    labels = tabulate_labels(coded, CODES)
    seen = np.arange(len(coded)) < 30
    turned = np.where(seen[:, None], labels, 1 - labels)  # right only on what it has seen
    predictions = [
        Prediction(tuple(c for c, k in zip(CODES, row, strict=True) if k), {}) for row in turned
    ]
    answers = tabulate_answers(labels, predictions, CODES)
    result = judge({"model": answers}, seen, CODES, units_of(coded), 0)
    parts = result["methods"]["model"]
    assert parts["seen"]["micro_f1"]["value"] == 1.0
    assert parts["new"]["micro_f1"]["value"] == 0.0
    assert (parts["new"]["paragraphs"], result["seen_in_training"]) == (50, 30)
    json.dumps(result, allow_nan=False)


def test_intervals_are_over_reports_where_there_are_enough(invent):
    few = invent("r-1", 10, 1) + invent("r-2", 10, 2)
    many = [item for n in range(10) for item in invent(f"r-{n}", 5, n)]
    assert units_of(few).name == BY_PARAGRAPH
    assert units_of(many).name == BY_REPORT


def test_the_baseline_learns_from_the_labels_only(invent):
    learned, asked = invent("r-1", 60, 1), invent("r-2", 40, 2)
    answers = answer_baseline(learned, asked, CODES, 0)
    assert answers.labels.tolist() == tabulate_labels(asked, CODES).tolist()
    truth = answers.labels == 1
    assert (answers.given == truth).mean() > 0.8
    blank = [type(item)(item.paragraph, (), (), item.coders) for item in asked]
    again = answer_baseline(learned, blank, CODES, 0)
    assert (again.scores == answers.scores).all()
