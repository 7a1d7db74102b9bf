"""What phrases and hints say of a code in general."""

import numpy as np
import pytest
import scipy.sparse as sp

from workbench.models.classifier import UNDECIDED, ParagraphClassifier
from workbench.models.features import PhraseFeatures, build_features
from workbench.models.prior import find_own_columns, learn_prior
from workbench.models.reading import TextRow, reader_for

OWN = np.array([[0, 1], [2, 3]])


def table(*rows):
    return sp.csr_matrix(np.array(rows, dtype=float))


def test_each_code_has_its_own_phrases_and_hints(codebook) -> None:
    hints = {code.code: code.hints for code in codebook.codes}
    text = "Guards beat detainees and tortured them."
    rows = reader_for(codebook).transform([TextRow(text, ("Torture",))] * 2)
    features = build_features(codebook.code_names, hints).fit(rows)
    codes = codebook.code_names[::-1]
    own = find_own_columns(features, codes)
    assert own.shape == (len(codes), PhraseFeatures.WIDTH + 1)
    assert len(np.unique(own)) == own.size
    filled = set(features.transform(rows).indices)
    assert set(own[codes.index("torture")]) <= filled
    assert set(own[codes.index("labor")]).isdisjoint(filled)
    assert find_own_columns(features, ["torture", "unknown"]).shape == (2, 0)


def test_finds_of_one_code_speak_for_another() -> None:
    # Only the first code has examples with its columns; the second has finds in one row.
    features = table([1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0])
    labels = np.array([[1, UNDECIDED], [1, UNDECIDED], [0, 0], [0, UNDECIDED]])
    prior = learn_prior(features, labels, np.ones((4, 2)), OWN)
    assert prior[0, 0] == prior[2, 1] > 0
    assert prior[[1, 2, 3], 0] == pytest.approx(0)
    assert prior[[0, 1, 3], 1] == pytest.approx(0)


def test_there_is_no_prior_where_nothing_is_found_or_said() -> None:
    ones = np.ones((2, 2))
    labels = np.array([[1, 0], [0, 1]])
    assert learn_prior(table([0] * 4, [0] * 4), labels, ones, OWN) is None
    assert learn_prior(table([1] * 4, [1] * 4), np.ones((2, 2), int), ones, OWN) is None
    assert learn_prior(table([1] * 4, [1] * 4), labels, ones, np.zeros((2, 0), int)) is None


def test_from_few_labels_a_find_says_as_much_as_it_does_of_other_codes(codebook) -> None:
    teach = [
        ("Officers hurt Velm men", "torture", 4),
        ("Inmates were tortured", "torture", 2),
        ("The rally was dispersed", "assembly", 12),
        ("A newspaper was closed for libel", "expression", 12),
        ("The trade union called a strike", "labor", 12),
        ("Ships came into the harbour", "", 12),
    ]
    texts = [f"{text} {'abcdefghijklm'[n]} x" for text, _, times in teach for n in range(times)]
    given = [code for _, code, times in teach for _ in range(times)]
    codes = list(codebook.code_names)
    labels = np.array([[int(code == name) for name in codes] for code in given])
    reader = reader_for(codebook)
    rows = reader.transform([TextRow(text) for text in texts])
    asked = reader.transform([TextRow("They waterboarded him."), TextRow("They fed him.")])

    def find_counts(leaning):
        model = ParagraphClassifier(build_features(codes), codes=leaning)
        scores = model.fit(rows, labels).predict_proba(asked)[:, codes.index("torture")]
        return scores[0] - scores[1]

    assert find_counts(codes) > 2 * find_counts(None) > 0


def test_weights_with_a_prior_belong_to_the_features_alone(coded, codebook) -> None:
    codes = list(codebook.code_names)
    rows = reader_for(codebook).transform(
        [TextRow(item.paragraph.text, item.paragraph.section) for item in coded]
    )
    labels = np.array([[int(code in item.codes) for code in codes] for item in coded])
    model = ParagraphClassifier(build_features(codes), codes=codes).fit(rows, labels)
    assert model.coef_.shape[1] == model.features_.transform(rows).shape[1]
    again = ParagraphClassifier(build_features(codes), codes=codes).fit(rows, labels)
    assert (again.coef_ == model.coef_).all()
