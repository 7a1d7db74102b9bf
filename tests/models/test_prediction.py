import itertools

import pytest

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
