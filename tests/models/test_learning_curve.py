from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import TrainingError
from workbench.models.charts import draw_chart
from workbench.models.classifier import ParagraphClassifier
from workbench.models.curve import (
    FEWEST,
    LEVEL,
    MOST_POINTS,
    PAYS,
    UNKNOWN,
    choose_sizes,
    explain_gain,
    measure_curve,
    measure_curve_of,
)
from workbench.models.evaluation import LabelledSet
from workbench.models.judging import tabulate_labels
from workbench.models.plots import chart_learning_curve
from workbench.models.reading import TextRow, reader_for
from workbench.models.training import train_model


def tabulate(coded, codebook):
    rows = [TextRow(item.paragraph.text, item.paragraph.section) for item in coded]
    return LabelledSet(
        texts=[row.text for row in rows],
        read=reader_for(codebook).transform(rows),
        reports=[item.paragraph.report_id for item in coded],
        labels=tabulate_labels(coded, codebook.code_names),
        codes=codebook.code_names,
        judged=np.ones(len(coded), dtype=bool),
    )


class Spy(ParagraphClassifier):
    """Remembers what it was fitted on, and what was asked of which fit."""

    fits: list = []  # noqa: RUF012 - shared by the clones on purpose
    asked: list = []  # noqa: RUF012

    subjects: list = []  # noqa: RUF012

    def fit(self, rows, labels, subjects=None, weights=None):
        self.subjects.append((len(rows), subjects))
        self.learned_, self.width_ = frozenset(rows), labels.shape[1]
        self.fits.append(self.learned_)
        return self

    def predict_proba(self, rows):
        self.asked.append((self.learned_, tuple(rows)))
        return np.full((len(rows), self.width_), len(self.learned_) / 1000)


@given(st.integers(2 * FEWEST, 100_000))
def test_each_size_is_half_the_next(most):
    sizes = choose_sizes(most)
    assert sizes[-1] == most
    assert 2 <= len(sizes) <= MOST_POINTS
    assert all(small == large // 2 >= FEWEST for small, large in pairwise(sizes))


def test_too_few_paragraphs_are_refused(invent, codebook):
    with pytest.raises(TrainingError, match="too few for a learning curve"):
        choose_sizes(2 * FEWEST - 1)
    few = tabulate(invent("ostravia-2031", 15, 1) + invent("ostravia-2033", 15, 2), codebook)
    with pytest.raises(TrainingError, match="code more paragraphs"):
        measure_curve(few, Spy(None))


def test_every_size_is_asked_the_same_and_larger_sets_hold_the_smaller(invent, codebook):
    coded = invent("ostravia-2031", 50, 1) + invent("ostravia-2033", 45, 2)
    labelled = tabulate(coded, codebook)
    Spy.fits.clear()
    Spy.asked.clear()
    curve = measure_curve(labelled, Spy(None), draws=2)
    small, large = (point.size for point in curve.points)
    assert 2 * small <= large <= 45
    assert curve.paragraphs == 95
    in_report = {
        report: frozenset(
            row for row, of in zip(labelled.read, labelled.reports, strict=True) if of == report
        )
        for report in set(labelled.reports)
    }
    held = [(learned, frozenset(rows)) for learned, rows in Spy.asked
            if frozenset(rows) in in_report.values()]  # fmt: skip
    assert len(held) == 2 * 2 * 2  # draws, reports, sizes
    for learned, rows in Spy.asked:
        assert learned.isdisjoint(rows)  # thresholds too
    for small, large in zip(held[::2], held[1::2], strict=True):
        assert small[1] == large[1]
        assert small[0] < large[0]
        assert not large[0] & large[1]
    smallest = [learned for learned, _ in held[::2]]
    assert len(set(smallest)) == 4  # another draw is another subset


def test_models_of_the_curve_are_told_what_their_reports_are_on_as_in_training(invent, codebook):
    coded = invent("ostravia-2031-state", 50, 1) + invent("velmia-2033-state", 45, 2)
    labelled = tabulate(coded, codebook)
    Spy.subjects.clear()
    measure_curve(labelled, Spy(None), draws=1)
    for count, subjects in Spy.subjects:
        assert len(subjects) == count
        assert set(subjects) in ({"ostravia"}, {"velmia"})


def test_more_labels_pay_where_the_model_still_learns(coded, codebook):
    trained = train_model(coded, codebook)
    curve = measure_curve_of(trained, draws=2)
    first, last = curve.points[0], curve.points[-1]
    assert last.micro_f1 > first.micro_f1 + 0.05
    assert curve.verdict == PAYS
    assert curve.words.startswith("More labels still pay: going from 20 to 40 ")
    assert measure_curve_of(trained, draws=2) == curve


def test_nothing_is_gained_from_a_model_that_learns_nothing(coded, codebook):
    class Constant(ParagraphClassifier):
        def fit(self, rows, labels, subjects=None, weights=None):
            self.width_ = labels.shape[1]
            return self

        def predict_proba(self, rows):
            return np.full((len(rows), self.width_), 0.99)

    curve = measure_curve(tabulate(coded, codebook), Constant(None), draws=2)
    assert curve.gain == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert curve.verdict == LEVEL
    assert "hardly pay" in curve.words


def test_copies_of_a_decision_are_not_counted_as_labels(coded, codebook):
    labelled = tabulate(coded + coded[:20], codebook)
    judged = labelled.judged.copy()
    judged[len(coded) :] = False
    curve = measure_curve(replace(labelled, judged=judged), Spy(None), draws=2)
    assert curve.paragraphs == len(coded)
    assert curve.points[-1].size == 40


def test_an_interval_that_holds_nothing_and_something_shows_neither():
    gain = {"value": 0.02, "low": -0.01, "high": 0.05}
    assert "is not shown" in explain_gain(UNKNOWN, gain, [20, 40], "report")


def test_the_chart_has_a_line_for_each_figure_and_a_point_for_each_size(coded, codebook):
    curve = measure_curve(tabulate(coded, codebook), Spy(None), draws=2)
    chart = chart_learning_curve(asdict(curve)["points"])
    assert [line.name for line in chart.lines] == ["micro-F1", "macro-F1"]
    assert [x for x, _ in chart.lines[0].points] == [20, 40]
    assert draw_chart(chart).count("<circle") == 4
