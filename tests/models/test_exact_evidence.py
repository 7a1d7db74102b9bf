"""Shares add up to the decision and offsets are exact, whatever the script and the estimator."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import logit

from workbench.models.classifier import ParagraphClassifier
from workbench.models.evidence import Explainer
from workbench.models.features import build_features
from workbench.models.linear import MANY_ROWS
from workbench.models.prediction import LoadedModel
from workbench.models.reading import TextRow, reader_for
from workbench.models.registry import load_model, save_model

ODD = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
#: Accents in one character and in two, CJK, Arabic, emoji of several characters, empty widths.
FOREIGN = (
    *(
        "café",
        "cafe\u0301s",
        "Ża\u0300łość",
        "警察は記者を殴った",
        "警察",
        "التعذيب",
        "नागरिक",
        "ỉ",
    ),
    *("👮🏽\u200d♀️", "🇰🇿", "\u200b", "\ufeff", "ﬁne", "İSTANBUL", "straße", "\U0001f600torture"),
)
KNOWN = (
    *("guards", "beat", "the prisoners", "Torture", "a newspaper", "trade union", "strike"),
    *("freedom of assembly", "censorship", "in custody", "Velm", "rally", "journalists"),
)
BETWEEN = (" ", "  ", ", ", "-", "\u2014", ". ", "/", "\u00a0", "'", "\u2019s ", "")


@st.composite
def texts(draw):
    parts = draw(st.lists(st.sampled_from(KNOWN + FOREIGN) | st.text(max_size=6), max_size=14))
    return "".join(part + draw(st.sampled_from(BETWEEN)) for part in parts)


rows_of_text = st.lists(
    st.builds(TextRow, texts(), st.lists(st.sampled_from(KNOWN + FOREIGN), max_size=2).map(tuple)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def few(tmp_path_factory, trained, codebook):
    """A model of few labels, with the prior of the codebook in its weights."""
    assert trained.pipeline.named_steps["codes"].codes is not None
    return load_model(save_model(tmp_path_factory.mktemp("models"), trained, codebook), codebook)


@pytest.fixture(scope="module")
def many(few, codebook, invent):
    """The same with a calibrated support vector machine, and labels that count unequally."""
    draw = random.Random(3)
    coded = invent("ostravia-2035", MANY_ROWS + 40, 5)
    rows = [
        TextRow(f"{item.paragraph.text} {draw.choice(KNOWN + FOREIGN)}", item.paragraph.section)
        for item in coded
    ]
    codes = few.info.codes
    labels = np.array([[int(code in item.codes) for code in codes] for item in coded])
    hints = {code.code: code.hints for code in codebook.codes}
    classifier = ParagraphClassifier(
        build_features(codebook.code_names, hints, None), codes=list(codes)
    )
    weights = np.random.default_rng(0).uniform(0.1, 2, labels.shape)
    pipeline = few.pipeline.__class__(
        [
            ("read", reader_for(codebook)),
            (
                "codes",
                classifier.fit(reader_for(codebook).transform(rows), labels, None, weights),
            ),
        ]
    )
    return LoadedModel(few.info, pipeline)


@pytest.fixture(params=["few", "many"])
def model(request):
    return request.getfixturevalue(request.param)


@ODD
@given(rows=rows_of_text)
def test_shares_of_words_phrases_and_headings_are_the_log_odds(model, rows):
    codes = model.info.codes
    classifier = model.pipeline.named_steps["codes"]
    read = model.pipeline.named_steps["read"].transform(rows)
    table = classifier.features_.transform(read)
    explainer = Explainer(classifier, codes)
    words, phrases = explainer.share_words(read, table), explainer.share_phrases(table)
    bare = classifier.features_.transform(read.without_headings())
    row_of = np.repeat(np.arange(len(rows)), [len(row.words) for row in read])
    answers = list(model.predict(rows))
    for k, code in enumerate(codes):
        whole = (
            np.bincount(row_of, words(k), minlength=len(rows))
            + phrases[:, :, k].sum(axis=1)
            + (table - bare) @ classifier.coef_[k]
            + classifier.intercept_[k]
        )
        assert whole == pytest.approx(logit(classifier.weigh(table)[:, k]), abs=1e-6)
        scores = [answer.scores[code] for answer in answers]
        assert scores == pytest.approx(1 / (1 + np.exp(-whole)), abs=1e-6)
        given_where = {row for row, answer in enumerate(answers) if code in answer.codes}
        limit = model.info.thresholds[code]
        assert given_where == {row for row, score in enumerate(scores) if score >= limit}


@ODD
@given(rows=rows_of_text)
def test_offsets_count_characters_of_the_text_in_any_script(model, rows):
    for row, answer in zip(rows, model.predict(rows), strict=True):
        last = {}
        for find in answer.evidence:
            assert find.code in answer.codes
            assert 0 <= find.start < find.end <= len(row.text)
            assert row.text[find.start : find.end] == find.text
            assert find.start >= last.get(find.code, 0)
            last[find.code] = find.end


def test_evidence_stands_at_its_place_behind_characters_of_any_width(model):
    text = "👮🏽\u200d♀️ 警察 cafe\u0301 łość: guards beat the prisoners until they signed 🇰🇿."
    (answer,) = model.predict([TextRow(text)])
    assert "torture" in answer.codes
    found = [find for find in answer.evidence if find.code == "torture"]
    assert any("beat" in find.text for find in found)
    for find in found:
        assert text[find.start : find.end] == find.text
