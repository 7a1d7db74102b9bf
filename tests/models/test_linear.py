import numpy as np
import pytest
import scipy.sparse as sp
from scipy.special import expit

from workbench.models import linear
from workbench.models.linear import MANY_ROWS, LearningTable, fit_weights


def draw_rows(count):
    """Rows of ten terms, of which the first raises the odds of the label."""
    rng = np.random.default_rng(5)
    table = rng.random((count, 10)) < 0.3
    labels = (rng.random(count) < expit(-1.5 + 3.0 * table[:, 0])).astype(int)
    return sp.csr_matrix(table.astype(float)), labels


def learn(table, labels, copies=1):
    stacked = sp.vstack([table] * copies).tocsr()
    learned = LearningTable(stacked, copies, np.ones(table.shape[1], dtype=bool))
    return fit_weights(learned, labels, seed=0)


def test_with_many_rows_scores_are_probabilities_still():
    table, labels = draw_rows(2 * MANY_ROWS)
    weights, intercept = learn(table, labels)
    scores = expit(table @ weights + intercept)
    with_term = table[:, [0]].toarray().ravel() > 0
    for part in (with_term, ~with_term):
        assert scores[part].mean() == pytest.approx(labels[part].mean(), abs=0.03)


def test_the_same_many_rows_give_the_same_bits():
    first, second = (learn(*draw_rows(MANY_ROWS)) for _ in range(2))
    assert first[0].tobytes() == second[0].tobytes()
    assert first[1] == second[1]


def test_copies_of_all_rows_change_nothing_much():
    table, labels = draw_rows(MANY_ROWS)
    once, twice = learn(table, labels), learn(table, labels, copies=2)
    np.testing.assert_allclose(once[0], twice[0], atol=0.05)


def test_a_code_that_nothing_tells_is_not_ranked_upside_down(monkeypatch):
    monkeypatch.setattr(linear, "MANY_ROWS", 20)
    table = sp.csr_matrix(np.eye(40))
    labels = np.tile([0, 1], 20)
    weights, intercept = learn(table, labels)
    assert (expit(table @ weights + intercept)[labels == 1] >= 0.49).all()
