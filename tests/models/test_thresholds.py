import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.models.thresholds import (
    DEFAULT,
    HALF_POOLED,
    HALF_TRUSTED,
    choose_threshold,
    choose_thresholds,
)


def f1(labels, scores, threshold):
    known = labels >= 0
    truth, given_ = labels[known] == 1, scores[known] >= threshold
    return 2 * (truth & given_).sum() / max(truth.sum() + given_.sum(), 1)


@given(
    arrays(int, 30, elements=st.sampled_from([-1, 0, 1])),
    arrays(float, 30, elements=st.floats(0, 1)),
)
def test_no_candidate_is_better_than_the_one_chosen(labels, scores):
    chosen = f1(labels, scores, choose_threshold(labels, scores))
    best = max(f1(labels, scores, t) for t in np.round(np.arange(0.05, 0.951, 0.01), 2))
    assert np.isclose(chosen, best)


def separated(carried, low, high):
    """A code carried by `carried` paragraphs that score `high`; as many others score `low`."""
    return np.repeat([1, 0], carried), np.repeat([high, low], carried)


def test_a_code_of_many_examples_keeps_its_own_threshold_and_one_of_few_does_not():
    for carried in (5, HALF_TRUSTED, 100 * HALF_TRUSTED):
        labels, scores = separated(carried, 0.1, 0.3)
        own = choose_threshold(labels, scores)
        (drawn,) = choose_thresholds(labels[:, None], scores[:, None])
        share = carried / (carried + HALF_TRUSTED)
        pooled = carried / (carried + HALF_POOLED)
        common = pooled * own + (1 - pooled) * DEFAULT
        assert np.isclose(drawn, share * own + (1 - share) * common, atol=1e-4)
        assert own < drawn < DEFAULT


def test_a_code_that_no_paragraph_carries_keeps_the_default():
    labels, scores = separated(20, 0.1, 0.3)
    table = np.column_stack([labels, np.zeros_like(labels)])
    assert choose_thresholds(table, np.column_stack([scores, scores]))[1] == DEFAULT
