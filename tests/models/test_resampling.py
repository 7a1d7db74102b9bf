import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.models.figures import Answers, compute_figures
from workbench.models.resampling import (
    BY_PARAGRAPH,
    BY_REPORT,
    ENOUGH_REPORTS,
    SAMPLES,
    choose_units,
    draw_groups,
    interval_of,
)


@given(st.integers(0, 12), st.integers(0, 1000))
def test_as_many_groups_are_drawn_as_there_are_in_every_resample(count, seed):
    drawn = np.vstack(list(draw_groups(count, np.random.default_rng(seed))))
    assert drawn.shape == (SAMPLES, count)
    assert (drawn.sum(axis=1) == count).all()
    assert (drawn >= 0).all()


def test_few_reports_give_their_paragraphs_and_many_are_drawn_whole():
    few = [f"r{i % (ENOUGH_REPORTS - 1)}" for i in range(40)]
    many = [f"r{i % ENOUGH_REPORTS}" for i in range(40)]
    duplicates = np.arange(40) // 2
    assert choose_units(few, duplicates).name == BY_PARAGRAPH
    assert (choose_units(few, duplicates).groups == duplicates).all()
    units = choose_units(many, duplicates)
    assert units.name == BY_REPORT
    assert len(set(zip(many, units.groups.tolist(), strict=True))) == ENOUGH_REPORTS


def test_copies_do_not_narrow_an_interval():
    labels = np.array([[1], [1], [0], [0], [1]] * 8)
    scores = np.array([[0.9], [0.2], [0.7], [0.1], [0.8]] * 8)

    def width(copies, together):
        many = np.tile(scores, (copies, 1))
        answers = Answers(np.tile(labels, (copies, 1)), many, many >= 0.5)
        groups = np.tile(np.arange(len(labels)), copies) if together else None
        f1 = compute_figures(answers, ("a",), 0, groups)["codes"]["a"]["f1"]
        return f1["high"] - f1["low"]

    assert width(4, True) == pytest.approx(width(1, True), abs=1e-9)
    assert width(4, False) < 0.7 * width(1, True)


def test_an_interval_needs_half_of_the_resamples():
    spread = np.array([0.5] * 40 + [np.nan] * 60)
    assert interval_of(spread) == (None, None)
    assert interval_of(spread[:60]) == (0.5, 0.5)
    assert interval_of(np.zeros(0)) == (None, None)
