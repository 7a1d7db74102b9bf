import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import TrainingError
from workbench.models.classifier import UNDECIDED, ParagraphClassifier
from workbench.models.evaluation import (
    LEAVE_ONE_REPORT_OUT,
    MOST_REPORTS,
    SEVERAL_REPORTS_OUT,
    WITHIN_ONE_REPORT,
    LabelledSet,
    evaluate,
    subject_of,
)
from workbench.models.features import TextRow, build_features
from workbench.models.folds import (
    FOLDS,
    fold_by_report,
    fold_within,
    group_duplicates,
    split_folds,
)
from workbench.models.reading import reader_for
from workbench.models.training import train_model
from workbench.reports.carried import carried_over


def tabulate(coded, codebook, judged=None):
    rows = [TextRow(item.paragraph.text, item.paragraph.section) for item in coded]
    codes = codebook.code_names
    return LabelledSet(
        texts=[row.text for row in rows],
        read=reader_for(codebook).transform(rows),
        reports=[item.paragraph.report_id for item in coded],
        labels=np.array([[int(code in item.codes) for code in codes] for item in coded]),
        codes=codes,
        judged=np.ones(len(coded), dtype=bool) if judged is None else np.array(judged),
    )


class Rote(ParagraphClassifier):
    """Knows by heart what it was fitted on and nothing else."""

    def fit(self, rows, labels, subjects=None, weights=None):
        self.known_ = dict(zip(rows, labels == 1, strict=True))
        self.width_ = labels.shape[1]
        return self

    def predict_proba(self, rows):
        unknown = np.zeros(self.width_)
        return np.array([self.known_.get(row, unknown) for row in rows], dtype=float)


@pytest.fixture(scope="module")
def classifier(codebook):
    return ParagraphClassifier(build_features(codebook.code_names))


def test_every_report_is_held_out_once(coded, codebook, classifier):
    metrics = evaluate(tabulate(coded, codebook), classifier).metrics
    assert metrics["scheme"] == LEAVE_ONE_REPORT_OUT
    assert metrics["caveat"] == ""
    held = [fold["held_out"] for fold in metrics["folds"]]
    assert held == [["ostravia-2031"], ["ostravia-2033"]]
    assert sum(fold["paragraphs"] for fold in metrics["folds"]) == len(coded)


def test_text_learned_by_heart_earns_nothing(coded, codebook):
    """No figure is from a paragraph that its model, or its thresholds, had seen."""
    metrics = evaluate(tabulate(coded, codebook), Rote(None)).metrics
    assert metrics["methods"]["model"]["all"]["micro_f1"]["value"] == 0.0


def test_carried_over_text_is_scored_apart(coded, codebook, make_coded):
    repeated = [
        make_coded(item.paragraph.text, item.codes, "ostravia-2033", 900 + i)
        for i, item in enumerate(coded[:20])
    ]
    metrics = evaluate(tabulate(coded + repeated, codebook), Rote(None)).metrics
    parts = metrics["methods"]["model"]
    assert parts["carried_over"]["paragraphs"] == 40  # in either report
    assert parts["new"]["paragraphs"] == len(coded) - 20
    assert parts["new"]["micro_f1"]["value"] == 0.0
    assert [fold["carried_over"] for fold in metrics["folds"]] == [20, 20]


def test_each_held_out_report_has_a_figure_of_its_new_text(coded, codebook, classifier):
    labelled = tabulate(coded, codebook)
    labelled.labels[np.array(labelled.reports) == "ostravia-2033", 1:] = 0
    labelled.labels[44:, 0] = 0
    metrics = evaluate(labelled, classifier).metrics
    first, second = (fold["reports"] for fold in metrics["folds"])
    assert list(first) == ["ostravia-2031"]
    figure = first["ostravia-2031"]
    assert (figure["paragraphs"], figure["positives"], figure["insufficient"]) == (40, 32, False)
    held = metrics["held_out"]
    hits = given = 0
    for labels, said in zip(held["labels"][:40], held["given"][:40], strict=True):
        hits += sum(a == b == 1 for a, b in zip(labels, said, strict=True))
        given += sum(said)
    micro = figure["micro_f1"]
    assert micro["value"] == pytest.approx(2 * hits / (given + 32), abs=1e-4)
    assert micro["low"] <= micro["value"] <= micro["high"]
    assert second["ostravia-2033"]["positives"] < 5
    assert second["ostravia-2033"]["insufficient"]


def test_an_edited_copy_is_learned_from_but_is_no_new_text(coded, codebook, make_coded):
    words = coded[0].paragraph.text.split()
    edited = " ".join([*words[:3], "elsewhere", *words[3:9], "again", *words[9:]])
    copy = make_coded(edited, coded[0].codes, "ostravia-2033", 900)
    metrics = evaluate(tabulate([*coded, copy], codebook), Rote(None)).metrics
    assert metrics["methods"]["model"]["carried_over"]["paragraphs"] == metrics["edited"] == 2
    assert metrics["new_below"] == 0.5
    assert sum(fold["left_out"] for fold in metrics["folds"]) == 0


def test_each_method_is_judged_on_the_same_paragraphs(coded, codebook, classifier):
    methods = evaluate(tabulate(coded, codebook), classifier).metrics["methods"]
    assert list(methods) == ["model", "baseline", "cold_start"]
    for parts in methods.values():
        assert parts["all"]["paragraphs"] == len(coded)
        assert [c["support"] for c in parts["all"]["codes"].values()] == [16, 16, 16, 16]
    assert methods["model"]["all"]["micro_f1"]["value"] > 0.7


def test_thresholds_of_a_report_do_not_depend_on_its_labels(coded, codebook, classifier):
    whole = tabulate(coded, codebook)
    turned = whole.labels.copy()
    held = np.array(whole.reports) == "ostravia-2031"
    turned[held] = 1 - turned[held]
    other = replace(whole, labels=turned)
    thresholds = [
        evaluate(labelled, classifier).metrics["folds"][0]["thresholds"]
        for labelled in (whole, other)
    ]
    assert thresholds[0] == thresholds[1]


def test_one_report_is_held_out_in_parts_and_the_figures_say_so(invent, codebook, classifier):
    metrics = evaluate(tabulate(invent("ostravia-2031", 40, 5), codebook), classifier).metrics
    assert metrics["scheme"] == WITHIN_ONE_REPORT
    assert "lower figures on any other report" in metrics["caveat"]
    assert len(metrics["folds"]) == FOLDS


def test_near_duplicates_of_one_report_are_held_out_together(invent, codebook, make_coded):
    coded = invent("ostravia-2031", 30, 5)
    twins = [make_coded(f"{i.paragraph.text} Again.", i.codes, position=500 + n)
             for n, i in enumerate(coded)]  # fmt: skip
    labelled = tabulate(coded + twins, codebook)
    groups = group_duplicates(labelled.texts)
    folds = fold_within(labelled.reports, groups, labelled.judged)
    assert (folds[:30] == folds[30:]).all()
    assert len(set(folds)) == FOLDS
    metrics = evaluate(labelled, Rote(None)).metrics
    assert metrics["methods"]["model"]["carried_over"]["paragraphs"] == 0


def test_paragraphs_that_are_all_alike_cannot_be_held_out(make_coded, codebook, classifier):
    coded = [make_coded("Guards beat the inmates of Velm.", (), position=i) for i in range(8)]
    with pytest.raises(TrainingError, match="near duplicates"):
        evaluate(tabulate(coded, codebook), classifier)


def test_a_code_with_too_few_examples_elsewhere_is_abstained_on_in_that_fold(
    coded, codebook, classifier
):
    labelled = tabulate(coded, codebook)
    assembly = labelled.codes.index("assembly")
    in_first = np.array(labelled.reports) == "ostravia-2031"
    labelled.labels[~in_first, assembly] = 0
    first, second = evaluate(labelled, classifier).metrics["folds"]
    assert first["abstained"] == {"assembly": "no paragraph carries it"}
    assert second["abstained"] == {}


def test_metrics_are_plain_json_and_repeatable(coded, codebook, classifier):
    labelled = tabulate(coded, codebook)
    texts = [json.dumps(evaluate(labelled, classifier).metrics, allow_nan=False) for _ in "ab"]
    assert texts[0] == texts[1]


def test_folds_cut_no_report_in_two():
    reports = [f"r{i % 7}" for i in range(50)]
    assert len(set(fold_by_report(reports))) == 7
    folds = fold_within(reports, np.arange(50), np.ones(50, dtype=bool))
    assert len(set(zip(reports, folds.tolist(), strict=True))) == 7
    assert len(set(folds)) == FOLDS


def test_a_code_that_returns_every_few_paragraphs_is_not_all_in_one_fold():
    """Dealt out in turn, every fifth of equal paragraphs would share a fold."""
    folds = fold_within(["r"] * 100, np.arange(100), np.ones(100, dtype=bool))
    assert np.bincount(folds).tolist() == [20] * FOLDS
    assert len(set(folds[::FOLDS])) == FOLDS
    again = fold_within(["r"] * 100, np.arange(100), np.ones(100, dtype=bool))
    assert (folds == again).all()


def test_more_reports_than_one_can_leave_out_singly_share_folds(invent, codebook):
    many = [item for n in range(MOST_REPORTS + 1) for item in invent(f"ostravia-{n}", 5, n)]
    metrics = evaluate(tabulate(many, codebook), Rote(None)).metrics
    assert metrics["scheme"] == SEVERAL_REPORTS_OUT
    held = [report for fold in metrics["folds"] for report in fold["held_out"]]
    assert sorted(held) == sorted({item.paragraph.report_id for item in many})
    assert len(metrics["folds"]) == FOLDS


def test_with_many_rows_thresholds_come_from_the_other_folds_and_nothing_is_fitted_for_them(
    coded, codebook, classifier, monkeypatch
):
    monkeypatch.setattr("workbench.models.evaluation.MANY_ROWS", len(coded))
    labelled = tabulate(coded, codebook)
    Spy.met.clear()
    evaluate(labelled, Spy(None))
    assert len(Spy.met) == len(set(labelled.reports))
    turned = labelled.labels.copy()
    turned[np.array(labelled.reports) == "ostravia-2031"] ^= 1
    evaluations = [evaluate(replace(labelled, labels=y), classifier) for y in (turned, turned)]
    assert evaluations[0].metrics == evaluations[1].metrics
    figures = evaluate(labelled, classifier).metrics["methods"]
    assert figures["model"]["all"]["micro_f1"]["value"] > 0.7
    assert figures["baseline"]["all"]["micro_f1"]["value"] > 0.5


def test_a_report_is_on_the_country_before_its_year():
    assert subject_of("ostravia-2031-state") == subject_of("ostravia-2033") == "ostravia"
    assert subject_of("session-08") == "session-08"
    assert subject_of("2031-state") == "2031-state"


def test_duplicates_are_grouped_through_links_and_strangers_apart():
    long = " ".join(f"word{chr(97 + i)}" for i in range(26))
    groups = group_duplicates([long, f"{long} end", "quite another text here", long.upper()])
    assert groups[0] == groups[1] == groups[3] != groups[2]


def test_tied_paragraphs_are_learned_from_for_other_codes_only(codebook):
    rows = [TextRow("strike pay"), TextRow("river road")] * 10
    read = reader_for(codebook).transform(rows)
    labels = np.array([[1, 1], [0, 0]] * 10)
    tied = labels.copy()
    tied[:, 1] = UNDECIDED
    features = build_features(codebook.code_names)
    full = ParagraphClassifier(features).fit(read, labels)
    part = ParagraphClassifier(features).fit(read, tied)
    assert full.trained_.tolist() == [True, True]
    assert part.trained_.tolist() == [True, False]
    np.testing.assert_array_equal(full.coef_[0], part.coef_[0])
    assert (part.predict_proba(read)[:, 1] == 0).all()


def carry_over(make_coded, coded, report_id, ending=""):
    """The same paragraphs in another report, under the same headings."""
    return [
        make_coded(
            item.paragraph.text + ending, item.codes, report_id, i, section=item.paragraph.section
        )
        for i, item in enumerate(coded)
    ]


@st.composite
def clustered(draw):
    count = draw(st.integers(1, 40))
    column = st.lists(st.integers(0, 6), min_size=count, max_size=count)
    judged = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    judged[draw(st.integers(0, count - 1))] = True
    return np.array(draw(column)), np.array(draw(column)), np.array(judged)


@given(clustered())
def test_no_cluster_is_on_both_sides_of_a_split_and_each_paragraph_is_judged_once(case):
    folds, clusters, judged = case
    held = []
    for split in split_folds(folds, clusters, judged):
        assert split.held.size
        held += split.held.tolist()
        assert set(clusters[split.held]).isdisjoint(clusters[split.rest])
        assert set(folds[split.held]).isdisjoint(folds[split.others])
        assert set(split.rest) <= set(split.others)
        strangers = [p for p in split.others if clusters[p] not in set(clusters[split.held])]
        assert split.rest.tolist() == strangers
    assert sorted(held) == np.flatnonzero(judged).tolist()


def test_copies_of_a_paragraph_do_not_narrow_the_intervals(invent, codebook, make_coded):
    """In one report twins are judged each, but drawn together."""
    coded = invent("ostravia-2031", 40, 5)
    twins = [make_coded(f"{i.paragraph.text} Again.", i.codes, position=500 + n)
             for n, i in enumerate(coded)]  # fmt: skip

    def width(items):
        f1 = evaluate(tabulate(items, codebook), Rote(None)).metrics["methods"]["cold_start"]
        return f1["all"]["micro_f1"]["high"] - f1["all"]["micro_f1"]["low"]

    assert width(coded + twins) > 0.9 * width(coded)


def test_ten_reports_are_drawn_whole_and_fewer_are_not(invent, codebook):
    many = [item for n in range(10) for item in invent(f"ostravia-{n}", 5, n)]
    units = [
        evaluate(tabulate(items, codebook), Rote(None)).metrics["bootstrap"]["unit"]
        for items in (many, many[:45])
    ]
    assert units == ["report", "paragraph"]


def test_what_was_said_of_the_held_out_is_listed_and_calibrated_on_new_text(
    coded, codebook, make_coded, classifier
):
    repeated = carry_over(make_coded, coded[:20], "ostravia-2035")
    judged = [True] * len(coded) + [False] * 20
    evaluation = evaluate(tabulate(coded + repeated, codebook, judged), classifier)
    listed = evaluation.metrics["held_out"]
    assert listed["places"] == list(range(len(coded)))
    assert listed["carried_over"] == [True] * 20 + [False] * 60
    np.testing.assert_allclose(listed["scores"], evaluation.scores[: len(coded)], atol=1e-6)
    for of_code in evaluation.metrics["calibration"].values():
        assert sum(part["paragraphs"] for part in of_code["bins"]) == 60
        assert of_code["brier"]["value"] < of_code["brier_of_share"]


def test_the_baseline_is_no_straw_man(coded, invent, codebook, classifier):
    """It gets the thresholds that are best for it: at 0.5 it would give hardly anything."""
    three = tabulate(coded + invent("ostravia-2035", 40, 3), codebook)
    figures = evaluate(three, classifier).metrics["methods"]["baseline"]["all"]
    assert figures["micro_f1"]["value"] > 0.7
    for of_code in figures["codes"].values():
        assert of_code["given"] >= 0.5 * of_code["support"]


class Spy(ParagraphClassifier):
    """Knows nothing, but remembers what was learned from before what was asked."""

    met: list = []  # noqa: RUF012 - shared by the clones on purpose

    def fit(self, rows, labels, subjects=None, weights=None):
        self.learned_, self.width_ = list(rows), labels.shape[1]
        return self

    def predict_proba(self, rows):
        self.met.append((self.learned_, list(rows)))
        return np.full((len(rows), self.width_), 0.4)


@pytest.mark.parametrize("ending", ["", " Again."])
def test_no_model_learns_from_a_duplicate_of_what_it_judges_not_even_for_thresholds(
    invent, codebook, make_coded, ending
):
    first = invent("ostravia-2031", 30, 1)
    second = invent("ostravia-2033", 30, 2) + carry_over(
        make_coded, first[:12], "ostravia-2033-b", ending
    )
    third = invent("ostravia-2035", 20, 3) + carry_over(
        make_coded, second[:9], "ostravia-2035-b", ending
    )
    labelled = tabulate(first + second + third, codebook)
    Spy.met.clear()
    evaluate(labelled, Spy(None))
    assert len(Spy.met) > len(set(labelled.reports))  # those of the thresholds too
    text_of = dict(zip(labelled.read, labelled.texts, strict=True))
    for learned, asked in Spy.met:
        assert not any(carried_over([text_of[r] for r in asked], [text_of[r] for r in learned]))


def test_what_is_left_out_of_training_is_counted_and_still_scored_apart(
    coded, codebook, make_coded
):
    repeated = carry_over(make_coded, coded[:20], "ostravia-2035")
    metrics = evaluate(tabulate(coded + repeated, codebook), Rote(None)).metrics
    assert [fold["left_out"] for fold in metrics["folds"]] == [20, 0, 20]
    parts = metrics["methods"]["model"]
    assert parts["carried_over"]["paragraphs"] == 40
    assert parts["carried_over"]["micro_f1"]["value"] == 0.0


def test_a_decision_is_judged_once_however_often_its_words_return(coded, codebook, make_coded):
    repeated = carry_over(make_coded, coded[:20], "ostravia-2035")
    judged = [True] * len(coded) + [False] * len(repeated)
    metrics = evaluate(tabulate(coded + repeated, codebook, judged), Rote(None)).metrics
    assert (metrics["paragraphs"], metrics["repeated"], metrics["reports"]) == (len(coded), 20, 2)
    parts = metrics["methods"]["model"]
    assert parts["all"]["paragraphs"] == len(coded)
    assert parts["carried_over"]["paragraphs"] == 20
    assert [c["support"] for c in parts["all"]["codes"].values()] == [16, 16, 16, 16]


def test_a_report_with_nothing_but_carried_codes_is_no_second_report(invent, codebook, make_coded):
    coded = invent("ostravia-2031", 40, 5)
    repeated = carry_over(make_coded, coded[:25], "ostravia-2029")
    judged = [True] * 40 + [False] * 25
    metrics = evaluate(tabulate(coded + repeated, codebook, judged), Rote(None)).metrics
    assert metrics["scheme"] == WITHIN_ONE_REPORT
    assert metrics["methods"]["model"]["all"]["micro_f1"]["value"] == 0.0


def test_reports_that_repeat_each_other_whole_give_no_code_instead_of_failing(
    invent, codebook, make_coded, classifier
):
    coded = invent("ostravia-2031", 30, 5)
    labelled = tabulate(coded + carry_over(make_coded, coded, "ostravia-2033"), codebook)
    metrics = evaluate(labelled, classifier).metrics
    assert metrics["methods"]["model"]["all"]["micro_f1"]["value"] == 0.0
    assert metrics["folds"][0]["abstained"]["labor"] == "no paragraph carries it"


def test_training_judges_the_paragraph_that_was_coded_not_its_twin(coded, codebook, make_coded):
    repeated = carry_over(make_coded, coded[:20], "aaa-2000")  # before the coded one by its id
    carried = {item.paragraph.paragraph_id for item in repeated}
    trained = train_model([*coded, *repeated], codebook, carried=carried)
    held = [fold["held_out"] for fold in trained.metrics["folds"]]
    assert held == [["ostravia-2031"], ["ostravia-2033"]]
    assert trained.metrics["repeated"] == 20
    assert trained.paragraphs == len(coded) + 20
    # What only stands again in a report that nobody coded is as new as it was.
    assert sum(fold["carried_over"] for fold in trained.metrics["folds"]) == 0


def test_copies_of_a_decision_are_no_more_examples(coded, codebook, make_coded):
    few = [item for item in coded if "labor" not in item.codes]
    labor = make_coded("Dockers lost pay.", ("labor",), "ostravia-2031", 700)
    copies = [make_coded(labor.paragraph.text, ("labor",), f"r-{i}", i) for i in range(9)]
    carried = {item.paragraph.paragraph_id for item in copies}
    trained = train_model([*few, labor, *copies], codebook, carried=carried)
    assert "only 1 paragraph(s) carry it" in trained.insufficient["labor"]
