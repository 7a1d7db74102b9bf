import pytest

from workbench.models.coldstart import ColdStart
from workbench.models.features import TextRow


@pytest.fixture(scope="module")
def cold_start(codebook):
    return ColdStart(codebook)


def label(cold_start, text, section=()):
    return next(cold_start.predict([TextRow(text, section)]))


def test_a_phrase_in_the_text_labels_and_is_the_evidence(cold_start):
    text = "Guards in Velm tortured two dockers."
    prediction = label(cold_start, text)
    assert prediction.codes == ("torture",)
    (find,) = prediction.evidence
    assert (find.code, text[find.start : find.end]) == ("torture", "tortured")


def test_a_heading_alone_does_not_label_but_strengthens(cold_start):
    headed = label(cold_start, "The river rose.", ("Torture and Ill-Treatment",))
    assert headed.codes == ()
    assert 0 < headed.scores["torture"] < 0.5
    alone = label(cold_start, "They were tortured.")
    both = label(cold_start, "They were tortured.", ("Torture and Ill-Treatment",))
    assert both.scores["torture"] > alone.scores["torture"]


def test_more_wordings_score_higher_and_scores_stay_below_one(cold_start):
    one = label(cold_start, "A newspaper closed.").scores["expression"]
    many = label(
        cold_start, "Newspapers, journalists, bloggers and editors spoke of censorship and libel."
    ).scores["expression"]
    assert 0.5 < one < many < 1


def test_a_text_without_phrases_gets_no_code_and_every_score_is_named(cold_start, codebook):
    prediction = label(cold_start, "The river near Velm rose.")
    assert prediction.codes == ()
    assert prediction.evidence == ()
    assert prediction.scores == dict.fromkeys(codebook.code_names, 0.0)


def test_the_version_names_the_codebook_and_its_hash(cold_start, codebook):
    assert cold_start.version == f"codebook-rights-{codebook.version}-{codebook.sha256[:8]}"


def test_predictions_come_lazily_and_in_order(cold_start):
    def rows():
        yield TextRow("A newspaper closed.")
        yield TextRow("Workers went unpaid.")
        raise AssertionError("read further than asked")

    stream = cold_start.predict(rows(), batch_size=2)
    assert next(stream).codes == ("expression",)
    assert next(stream).codes == ("labor",)
