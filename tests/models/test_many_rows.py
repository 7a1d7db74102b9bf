"""From thousands of paragraphs: another estimator, several processes, the same promises."""

import random

import numpy as np
import pytest
import scipy.sparse as sp

from workbench.models import linear
from workbench.models.evaluation import SEVERAL_REPORTS_OUT
from workbench.models.features import TextRow
from workbench.models.linear import (
    MANY_ROWS,
    LearningTable,
    Lesson,
    fit_codes,
    fit_weights,
    name_kinds,
)
from workbench.models.modelfile import ModelContents, dump_model, parse_model
from workbench.models.training import train_model

TOPICS = {
    "torture": ("beatings", "custody", "confession", "guards"),
    "assembly": ("rally", "permit", "marchers", "dispersal"),
    "expression": ("libel", "censor", "bloggers", "newspaper"),
    "labor": ("wages", "strike", "inspectors", "dockers"),
}
FILLING = [f"{a}{b}" for a in ("or", "ve", "ta", "li", "mu") for b in ("na", "ro", "sti", "mel")]
REPORTS = 20


@pytest.fixture(scope="module")
def many(make_coded):
    """2,600 invented recommendations of 20 sessions; some carry two codes."""
    draw = random.Random(4)
    coded = []
    for i in range(MANY_ROWS + 600):
        codes = draw.sample(sorted(TOPICS), draw.choice((0, 1, 1, 1, 2)))
        words = [draw.choice(TOPICS[code]) for code in codes] + draw.choices(FILLING, k=12)
        if i % 4 == 0:  # in passing
            words.append(draw.choice(TOPICS[draw.choice(sorted(TOPICS))]))
        draw.shuffle(words)
        coded.append(make_coded(" ".join(words), tuple(codes), f"session-{i % REPORTS:02d}", i))
    return coded


@pytest.fixture(scope="module")
def model_of_many(many, codebook):
    return train_model(many, codebook)


def dump(trained, codebook):
    return dump_model(
        ModelContents(trained.pipeline, trained.codes, trained.thresholds, codebook.sha256)
    )


def test_the_same_paragraphs_give_the_same_bytes_on_one_core_as_on_several(
    model_of_many, many, codebook, monkeypatch
):
    monkeypatch.setattr(linear, "cpu_count", lambda: 1)
    again = train_model(many, codebook)
    assert dump(again, codebook) == dump(model_of_many, codebook)
    assert again.metrics == model_of_many.metrics


def test_a_saved_model_answers_as_before(model_of_many, many, codebook):
    loaded = parse_model(dump(model_of_many, codebook), "model.skops").pipeline
    rows = [TextRow(item.paragraph.text) for item in many[:300]]
    before, after = (p.predict_proba(rows) for p in (model_of_many.pipeline, loaded))
    assert before.tobytes() == after.tobytes()


def test_the_figures_say_what_the_baseline_is_and_how_it_was_measured(model_of_many):
    metrics = model_of_many.metrics
    assert metrics["scheme"] == SEVERAL_REPORTS_OUT
    assert metrics["baseline"] == "TF-IDF + linear SVM"
    methods = metrics["methods"]
    for method in ("model", "baseline"):
        assert 0.7 < methods[method]["all"]["micro_f1"]["value"] < 0.99
    for of_code in metrics["calibration"].values():
        assert of_code["brier"]["value"] < of_code["brier_of_share"] / 2
        assert of_code["error"] < 0.1


def test_codes_come_back_in_their_order_each_from_its_own_rows():
    rng = np.random.default_rng(2)
    table = sp.csr_matrix((rng.random((MANY_ROWS + 50, 6)) < 0.4).astype(float))
    learned = LearningTable(table, 1, np.ones(6, dtype=bool))
    lessons = []
    for k in range(11):
        rows = np.flatnonzero(rng.random(MANY_ROWS + 50) < (0.99 if k % 2 else 0.5))
        lessons.append(Lesson(rows, rng.integers(0, 2, len(rows)), np.ones(len(rows))))
    fitted = fit_codes(learned, lessons, 0)
    for lesson, (weights, intercept) in zip(lessons, fitted, strict=True):
        alone = fit_weights(learned.pick(lesson.rows), lesson.labels, 0)
        assert weights.tobytes() == alone[0].tobytes()
        assert intercept == alone[1]


def test_where_folds_are_on_both_sides_of_the_bound_both_estimators_are_named():
    assert name_kinds([MANY_ROWS - 1, MANY_ROWS]) == "linear SVM or logistic regression"
    assert name_kinds([MANY_ROWS - 1]) == "logistic regression"


def test_without_calibration_the_ranking_is_the_same():
    rng = np.random.default_rng(3)
    table = sp.csr_matrix((rng.random((MANY_ROWS, 8)) < 0.4).astype(float))
    labels = (rng.random(MANY_ROWS) < 0.2 + 0.6 * table[:, [0]].toarray().ravel()).astype(int)
    learned = LearningTable(table, 1, np.ones(8, dtype=bool))
    (scaled, shift), (bare, start) = (fit_weights(learned, labels, 0, c) for c in (True, False))
    np.testing.assert_allclose(scaled / scaled[0], bare / bare[0])
    assert (shift, scaled[0]) != (start, bare[0])
