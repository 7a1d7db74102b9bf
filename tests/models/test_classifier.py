import numpy as np
import pytest
from sklearn.base import clone

from workbench.models.classifier import ParagraphClassifier
from workbench.models.features import TextRow, build_features
from workbench.models.reading import RowReader

READER = RowReader({"labor": ["strike*"]}, {"labor": ["work"]})
TEXTS = (
    "the strike at the mill went on",
    "the mill made cloth and went on",
    "a second strike at the harbour went on",
    "the harbour was dredged and went on",
)
LABELS = np.tile([[1], [0], [1], [0]], (4, 1))


def read(section=()):
    return READER.transform([TextRow(f"{text} {n}", section) for n in range(4) for text in TEXTS])


def fit(rows, **settings):
    return ParagraphClassifier(build_features(["labor"]), **settings).fit(rows, LABELS)


def test_without_headings_bare_copies_change_nothing():
    assert np.array_equal(fit(read()).coef_, fit(read(), bare_copies=False).coef_)
    headed = read(("Work",))
    assert not np.array_equal(fit(headed).coef_, fit(headed, bare_copies=False).coef_)


def test_the_same_rows_give_the_same_bits():
    classifier = ParagraphClassifier(build_features(["labor"]), seed=3)
    first, second = (clone(classifier).fit(read(("Work",)), LABELS) for _ in range(2))
    assert first.coef_.tobytes() == second.coef_.tobytes()
    assert first.intercept_.tobytes() == second.intercept_.tobytes()


def test_words_that_both_kinds_have_alike_weigh_nothing_and_those_that_differ_do():
    classifier = fit(read())
    words = dict(classifier.features_.transformer_list)["words"]
    start = dict(classifier.features_.transformer_list)["phrases"].width_
    weights = dict(zip(words.terms_.tolist(), classifier.coef_[0, start:], strict=False))
    assert weights["strike"] > 0
    assert abs(weights["went on"]) < abs(weights["strike"]) / 4


def test_scores_are_the_log_odds_of_the_table_that_features_make():
    classifier = fit(read(("Work",)))
    rows = READER.transform([TextRow("a strike", ("Work",)), TextRow("rain")])
    table = classifier.features_.transform(rows)
    odds = (table @ classifier.coef_.T + classifier.intercept_).ravel()
    scores = classifier.predict_proba(rows).ravel()
    assert np.log(scores / (1 - scores)) == pytest.approx(odds)
    assert scores[0] > scores[1]
