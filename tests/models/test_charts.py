import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from workbench.models.charts import MOST_LINES, Chart, Line, draw_chart
from workbench.models.classifier import UNDECIDED
from workbench.models.figures import Answers
from workbench.models.plots import chart_precision_recall, trace_precision_recall

SVG = "{http://www.w3.org/2000/svg}"


@given(st.integers(0, 5000))
def test_precision_and_recall_are_those_of_scikit_learn(seed):
    draw = np.random.default_rng(seed)
    labels, scores = draw.integers(0, 2, 30), draw.integers(0, 9, 30) / 8
    labels[0] = 1
    traced = trace_precision_recall(labels, scores)
    precision, recall, _ = precision_recall_curve(labels, scores)
    theirs = list(zip(recall[:-1].tolist(), precision[:-1].tolist(), strict=True))[::-1]
    # Theirs may leave out points once all are found.
    for point in theirs:
        assert any(point == pytest.approx(ours, abs=1e-4) for ours in traced)


def test_nothing_to_find_gives_no_curve_and_undecided_labels_count_nowhere():
    assert trace_precision_recall(np.array([0, 0]), np.array([0.1, 0.9])) == ()
    labels, scores = np.array([1, UNDECIDED, 0]), np.array([0.9, 0.95, 0.1])
    assert trace_precision_recall(labels, scores) == ((1.0, 1.0), (1.0, 0.5))


def test_insufficient_codes_are_named_and_not_drawn():
    labels = np.array([[1, 0]] * 6 + [[0, 1]])
    chart = chart_precision_recall(Answers(labels, labels * 0.8, labels == 1), ("a", "b"))
    assert [line.name for line in chart.lines] == ["a"]
    assert chart.notes == ("b: insufficient, too few held-out paragraphs carry it",)


@given(st.text(max_size=20), st.integers(0, 30))
def test_any_name_and_any_number_of_lines_give_one_well_formed_file(name, count):
    name = "".join(c for c in name if c.isprintable())
    lines = tuple(Line(f"{name}{i}", ((0.0, 0.2), (1.0, 7.0)), dots=True) for i in range(count))
    root = ET.fromstring(draw_chart(Chart(name, name, name, lines)))
    assert root.tag == f"{SVG}svg"
    assert len(root.findall(f"{SVG}polyline")) == min(count, MOST_LINES)
    assert root.find(f"{SVG}title").text in (name, None)
    told = [t.text for t in root.findall(f"{SVG}text") if t.text and "not drawn" in t.text]
    assert bool(told) == (count > MOST_LINES)
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image"))]


def test_points_stand_where_they_belong():
    chart = Chart("t", "x", "y", (Line("l", ((0.0, 0.0), (1.0, 1.0), (2.0, -3.0))),))
    (line,) = ET.fromstring(draw_chart(chart)).findall(f"{SVG}polyline")
    low, high, clipped = (tuple(map(float, p.split(","))) for p in line.attrib["points"].split())
    assert low[0] < high[0]
    assert low[1] > high[1]
    assert clipped == (high[0], low[1])
