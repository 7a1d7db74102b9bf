import itertools
import tracemalloc

import numpy as np
import pytest

from workbench.models.evidence import Explainer
from workbench.models.features import TextRow
from workbench.models.registry import load_model, save_model


@pytest.fixture(scope="module")
def model(tmp_path_factory, trained, codebook):
    info = save_model(tmp_path_factory.mktemp("models"), trained, codebook)
    return load_model(info, codebook)


@pytest.fixture(scope="module")
def rows(invent):
    return [
        TextRow(item.paragraph.text, item.paragraph.section)
        for item in invent("ostravia-2040", 30, 9)
    ]


def test_codes_are_those_whose_score_reaches_the_threshold(model, rows):
    for prediction in model.predict(rows):
        reached = {c for c, s in prediction.scores.items() if s >= model.info.thresholds[c]}
        assert prediction.codes == tuple(sorted(reached))
        assert all(0 <= score <= 1 for score in prediction.scores.values())


def test_the_size_of_the_batch_changes_nothing(model, rows):
    assert list(model.predict(rows, batch_size=7)) == list(model.predict(rows))


def test_endless_input_is_answered_as_it_comes(model):
    stream = model.predict(itertools.repeat(TextRow("Guards beat the prisoners.")), batch_size=2)
    assert [p.codes for p in itertools.islice(stream, 5)] == [("torture",)] * 5


def test_evidence_has_the_exact_offsets_and_only_codes_that_were_given(model, rows):
    found = 0
    for row, prediction in zip(rows, model.predict(rows), strict=True):
        for find in prediction.evidence:
            assert row.text[find.start : find.end] == find.text != ""
            assert find.code in prediction.codes
            found += 1
        order = [(find.code, find.start, find.end) for find in prediction.evidence]
        assert order == sorted(order)
        assert all(a[2] <= b[1] for a, b in itertools.pairwise(order) if a[0] == b[0])
    assert found > 20


def test_evidence_is_what_the_code_hangs_on(model):
    text = "In Velm, after the flood, a newspaper lost its licence."
    (prediction,) = model.predict([TextRow(text)])
    stretches = [find.text for find in prediction.evidence if find.code == "expression"]
    assert any("newspaper" in stretch for stretch in stretches)
    blotted = text
    for find in prediction.evidence:
        blotted = blotted[: find.start] + "#" * (find.end - find.start) + blotted[find.end :]
    (without,) = model.predict([TextRow(blotted)])
    assert without.scores["expression"] < prediction.scores["expression"] / 2


def test_names_of_places_and_people_are_not_evidence(model, rows):
    for prediction in model.predict(rows):
        assert not any("Velm" in f.text or "Karsk" in f.text for f in prediction.evidence)


def test_without_evidence_the_answers_are_the_same(model, rows):
    bare = list(model.predict(rows, evidence=False))
    assert all(prediction.evidence == () for prediction in bare)
    assert [p.scores for p in bare] == [p.scores for p in model.predict(rows)]


def test_a_text_without_words_is_answered(model):
    (prediction,) = model.predict([TextRow("12 %")])
    assert prediction.codes == ()
    assert set(prediction.scores) == set(model.info.codes)


def test_the_shares_of_words_phrases_and_headings_add_up_to_the_score(model, rows):
    read = model.pipeline.named_steps["read"].transform(rows)
    classifier = model.pipeline.named_steps["codes"]
    table = classifier.features_.transform(read)
    explainer = Explainer(classifier, model.info.codes)
    words, phrases = explainer.share_words(read, table), explainer.share_phrases(table)
    bare = classifier.features_.transform(read.without_headings())
    scores = table @ classifier.coef_.T + classifier.intercept_
    headings = (table - bare) @ classifier.coef_.T
    row_of = np.repeat(np.arange(len(rows)), [len(row.words) for row in read])
    for k in range(len(model.info.codes)):
        of_words = np.bincount(row_of, words(k), minlength=len(rows))
        whole = of_words + phrases[:, :, k].sum(axis=1) + headings[:, k] + classifier.intercept_[k]
        assert whole == pytest.approx(scores[:, k])


def test_each_word_has_the_share_that_goes_when_nothing_else_is_there(model):
    classifier = model.pipeline.named_steps["codes"]
    explainer = Explainer(classifier, model.info.codes)
    read = model.pipeline.named_steps["read"].transform([TextRow("Bread, bread; the newspaper")])
    shares = explainer.share_words(read, classifier.features_.transform(read))
    expression = shares(model.info.codes.index("expression"))
    assert expression[0] == pytest.approx(expression[1])
    assert expression.argmax() == 3


def test_evidence_of_a_text_does_not_depend_on_the_texts_beside_it(model, rows):
    alone = [prediction for row in rows for prediction in model.predict([row])]
    assert alone == list(model.predict(rows))


def test_rows_by_themselves_have_the_features_and_evidence_of_the_batch(model, rows):
    batch = model.pipeline.named_steps["read"].transform(rows)
    classifier = model.pipeline.named_steps["codes"]
    table = classifier.features_.transform(batch)
    assert (table != classifier.features_.transform(list(batch))).nnz == 0
    given = classifier.weigh(table) >= 0.5
    explainer = Explainer(classifier, model.info.codes)
    assert explainer.explain(list(batch), table, given) == explainer.explain(batch, table, given)


def test_nothing_to_predict_is_no_prediction(model):
    assert list(model.predict([])) == []


def test_memory_does_not_grow_with_the_number_of_texts(model, rows):
    peaks = []
    for number in (2000, 8000):
        tracemalloc.start()
        for _ in model.predict(itertools.islice(itertools.cycle(rows), number), batch_size=100):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]
