import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.models.classifier import UNDECIDED
from workbench.models.comparing import (
    FIRST,
    SECOND,
    UNDECIDABLE,
    compare_answers,
    explain_difference,
)
from workbench.models.figures import Answers
from workbench.models.resampling import BY_PARAGRAPH, Units


def answer(labels, wrong):
    given = np.where(wrong, 1 - labels, labels) == 1
    return Answers(labels, given.astype(float), given)


def units(count):
    return Units(BY_PARAGRAPH, np.arange(count))


def compare(labels, first, second):
    return compare_answers(
        answer(labels, first), answer(labels, second), ("a", "b"), units(len(labels)), 0
    )


@pytest.fixture
def labels():
    return np.random.default_rng(1).integers(0, 2, (120, 2))


def test_a_model_is_no_better_than_itself(labels):
    wrong = np.random.default_rng(2).random(labels.shape) < 0.2
    measured = compare(labels, wrong, wrong)
    assert measured.micro_f1.difference == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert measured.micro_f1.verdict == UNDECIDABLE
    assert measured.micro_f1.second_better == 0.5
    assert measured.identical
    assert "narrow" not in explain_difference("micro-F1", measured.micro_f1, "old", "new")


def test_a_model_that_is_plainly_better_is_found_in_either_place(labels):
    wrong = np.random.default_rng(2).random(labels.shape) < 0.3
    fewer = wrong & (np.random.default_rng(3).random(labels.shape) < 0.3)
    assert compare(labels, wrong, fewer).micro_f1.verdict == SECOND
    assert not compare(labels, wrong, fewer).identical
    turned = compare(labels, fewer, wrong)
    assert turned.micro_f1.verdict == FIRST
    words = explain_difference("micro-F1", turned.micro_f1, "old", "new")
    assert words.startswith("old is really better than new: its micro-F1 is higher by 0.")
    assert turned.codes["a"].first > turned.codes["a"].second


def test_a_code_that_hardly_any_paragraph_carries_is_insufficient(labels):
    labels[:, 1] = 0
    labels[:4, 1] = 1
    measured = compare(labels, np.zeros(labels.shape, bool), np.zeros(labels.shape, bool))
    assert measured.support == {"a": labels[:, 0].sum(), "b": 4}
    assert measured.insufficient == ("b",)


def test_a_difference_of_one_paragraph_is_not_called_real(labels):
    none, one = np.zeros(labels.shape, bool), np.zeros(labels.shape, bool)
    one[0, 0] = True
    measured = compare(labels, one, none).micro_f1
    assert measured.difference["value"] > 0
    assert measured.verdict == UNDECIDABLE
    assert "not shown that either is better" in explain_difference("F1", measured, "a", "b")


def test_pairing_shows_what_two_intervals_apart_would_hide(labels):
    """Both fail on the same hard third; the second gets a little more right of the rest."""
    hard = np.zeros(labels.shape, bool)
    hard[:40] = True
    more = hard.copy()
    more[40:52] = True
    measured = compare(labels, more, hard).micro_f1
    assert measured.verdict == SECOND
    assert measured.difference["high"] - measured.difference["low"] < 0.15


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_turning_the_two_round_turns_the_difference_round(seed):
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 2, (25, 2))
    one, two = draw.random(labels.shape) < 0.3, draw.random(labels.shape) < 0.3
    there, back = compare(labels, one, two), compare(labels, two, one)
    for name in ("micro_f1", "macro_f1"):
        a, b = getattr(there, name), getattr(back, name)
        assert a.first == b.second
        if a.difference["low"] is not None:
            assert a.difference["low"] == pytest.approx(-b.difference["high"], abs=2e-4)
            assert a.second_better == pytest.approx(1 - b.second_better, abs=2e-4)


def test_different_labels_are_refused_and_undecided_ones_count_for_neither(labels):
    other = labels.copy()
    other[0, 0] = 1 - other[0, 0]
    wrong = np.zeros(labels.shape, bool)
    with pytest.raises(ValueError, match="different labels"):
        compare_answers(answer(labels, wrong), answer(other, wrong), ("a", "b"), units(120), 0)
    other[0, 0] = UNDECIDED
    given = labels == 1
    given[0, 0] = not given[0, 0]
    second = Answers(other, given.astype(float), given)
    measured = compare_answers(answer(labels, wrong), second, ("a", "b"), units(120), 0)
    assert measured.micro_f1.first == measured.micro_f1.second == 1.0


def test_what_is_undefined_is_said_to_be():
    labels = np.zeros((4, 2), int)
    measured = compare(labels, np.zeros((4, 2), bool), np.zeros((4, 2), bool))
    assert measured.micro_f1.difference["value"] is None
    assert "undefined" in explain_difference("micro-F1", measured.micro_f1, "a", "b")
