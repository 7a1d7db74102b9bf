import dataclasses

import pytest

from workbench.errors import TrainingError
from workbench.models.training import train_model


def recode(item, codes, tied=()):
    return dataclasses.replace(item, codes=tuple(codes), tied=tuple(tied))


def test_training_learns_every_code_with_enough_labels(trained, codebook):
    assert trained.codes == codebook.code_names
    assert set(trained.thresholds) == set(trained.codes)
    assert trained.insufficient == {}
    assert trained.paragraphs == 80
    assert trained.reports == ("ostravia-2031", "ostravia-2033")


def test_the_order_of_the_labels_changes_nothing(trained, coded, codebook):
    again = train_model(coded[::-1], codebook)
    assert again.data_sha256 == trained.data_sha256
    assert again.metrics == trained.metrics
    assert again.thresholds == trained.thresholds


def test_another_label_is_other_data(trained, coded, codebook):
    changed = [recode(coded[0], ("labor",)), *coded[1:]]
    assert train_model(changed, codebook).data_sha256 != trained.data_sha256


def test_no_labels_are_refused(codebook):
    with pytest.raises(TrainingError, match="no labels") as caught:
        train_model([], codebook)
    assert "import" in caught.value.mend


def test_a_code_with_few_paragraphs_is_insufficient_and_never_given(coded, codebook):
    few = [recode(item, set(item.codes) - {"labor"}) for item in coded[:-2]] + coded[-2:]
    model = train_model(few, codebook)
    assert model.codes == ("torture", "assembly", "expression")
    assert "only 1 paragraph" in model.insufficient["labor"]
    assert model.metrics["insufficient"] == model.insufficient
    assert "labor" not in model.metrics["methods"]["model"]["all"]["codes"]


def test_a_code_that_no_fold_could_learn_is_insufficient(coded, codebook):
    # Four in either report: enough together, too few while one is held out.
    kept = [item for item in coded if "labor" in item.codes][2:6]
    kept += [item for item in coded if "labor" in item.codes][-4:]
    few = [i if i in kept else recode(i, {*i.codes} - {"labor"}) for i in coded]
    model = train_model(few, codebook)
    assert "labor" not in model.codes
    assert "labor" not in model.thresholds
    assert model.insufficient == {
        "labor": "nothing can be held out to measure it: of the rest only 4 paragraph(s) carry it,"
        " 5 are needed"
    }
    assert not any(fold["abstained"] for fold in model.metrics["folds"])


def test_a_code_that_every_paragraph_carries_is_insufficient(coded, codebook):
    one_sided = [recode(item, {*item.codes, "labor"}) for item in coded]
    assert train_model(one_sided, codebook).insufficient == {"labor": "every paragraph carries it"}


def test_labels_that_are_all_one_sided_are_refused_with_the_reasons(coded, codebook):
    with pytest.raises(TrainingError, match="torture: no paragraph carries it, assembly: no"):
        train_model([recode(item, ()) for item in coded], codebook)


def test_labels_that_are_all_tied_are_refused_as_such(coded, codebook):
    tied = [recode(item, (), codebook.code_names) for item in coded]
    with pytest.raises(TrainingError, match="labor: its coders are tied on every") as caught:
        train_model(tied, codebook)
    assert "adjudicate" in caught.value.mend


def test_tied_paragraphs_count_neither_way(coded, codebook):
    tied = [recode(item, (), ("labor",)) if "labor" in item.codes else item for item in coded]
    model = train_model(tied, codebook)
    assert model.insufficient == {"labor": "no paragraph carries it"}
    mixed = [recode(coded[3], (), ("labor",)), *coded[:3], *coded[4:]]
    metrics = train_model(mixed, codebook).metrics
    assert metrics["undecided"] == 1
    assert metrics["methods"]["model"]["all"]["codes"]["labor"]["support"] == 15


def test_a_code_outside_the_taxonomy_is_named(coded, codebook):
    with pytest.raises(TrainingError, match="'housing'"):
        train_model([recode(coded[0], ("housing",)), *coded[1:]], codebook)


def test_a_single_report_trains_with_the_caveat(invent, codebook):
    model = train_model(invent("ostravia-2031", 40, 3), codebook)
    assert "Only one report is coded" in model.metrics["caveat"]


def test_progress_follows_the_evaluation(coded, codebook):
    seen = []

    def track(items, doing, total):
        for item in items:
            yield item
            seen.append((doing, total))

    train_model(coded, codebook, progress=track)
    assert seen == [("evaluating", 2)] * 2
