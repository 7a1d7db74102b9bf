"""Intervals that draw whole reports."""

import numpy as np
import pytest

from workbench.annotations import coefficients, setbootstrap
from workbench.annotations.agreement import measure_agreement
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.matrices import MISSING
from workbench.annotations.reportdraws import draw_reports
from workbench.annotations.setagreement import count_sets, set_alpha
from workbench.annotations.setbootstrap import set_intervals

CODES = ("assembly", "labor")


def code_reports(rng, reports=20, paragraphs=12, coders=3, singles=False):
    """Codings of reports that differ in how often codes occur and how hard they are."""
    codings, report_of = [], {}
    for report in range(reports):
        often, hard = rng.beta(1, 3), rng.choice([0.01, 0.25])
        for paragraph in range(paragraphs):
            unit = f"r{report:03}-p{paragraph:03}"
            report_of[unit] = f"report-{report}"
            truth = rng.random(len(CODES)) < often
            last = 1 if singles and paragraph % 4 == 0 else coders
            for coder in range(last):
                given = truth != (rng.random(len(CODES)) < hard)
                chosen = frozenset(c for c, g in zip(CODES, given, strict=True) if g)
                codings.append(Coding(unit, f"coder-{coder}", chosen))
    return codings, report_of


def resample_by_hand(rng, matrix, report_of, formula, times):
    """`formula` of the values of the first code, reports drawn one by one."""
    values = matrix.values_of(0)
    names = np.array([report_of[unit] for unit in matrix.units])
    rows = [np.flatnonzero(names == name) for name in np.unique(names)]
    drawn = []
    for _ in range(times):
        chosen = np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])
        tally = coefficients.tally_values(values[chosen], 2)
        drawn.append(formula(tally.counts, tally.weights))
    return np.array(drawn)


@pytest.mark.parametrize("singles", [False, True])
def test_spread_is_that_of_drawing_reports_one_by_one(singles):
    rng = np.random.default_rng(1)
    codings, report_of = code_reports(rng, singles=singles)
    matrix = arrange_codings(codings, CODES)
    measured = measure_agreement(codings, CODES, resamples=4000, reports=report_of)
    assert (measured.drawn, measured.reports) == ("report", 20)
    for interval, formula in (
        (measured.codes[0].alpha_interval, coefficients.krippendorff_alpha),
        (measured.codes[0].ac1_interval, coefficients.gwet_ac1),
    ):
        by_hand = resample_by_hand(rng, matrix, report_of, formula, 1500)
        assert interval.unit == "report"
        assert interval.spread == pytest.approx(np.nanstd(by_hand), rel=0.08)
        assert interval.low < np.nanquantile(by_hand, 0.2)
        assert interval.high > np.nanquantile(by_hand, 0.8)


def test_interval_by_report_is_wider_where_reports_differ():
    codings, report_of = code_reports(np.random.default_rng(2), reports=30, paragraphs=40)
    by_report = measure_agreement(codings, CODES, reports=report_of).codes[0].alpha_interval
    by_paragraph = measure_agreement(codings, CODES).codes[0].alpha_interval
    assert by_report.high - by_report.low > 1.3 * (by_paragraph.high - by_paragraph.low)


def test_paragraphs_are_drawn_where_there_are_fewer_than_ten_reports_and_the_reason_is_given():
    rng = np.random.default_rng(3)
    nine, reports_of_nine = code_reports(rng, reports=9)
    measured = measure_agreement(nine, CODES, resamples=100, reports=reports_of_nine)
    assert (measured.drawn, measured.reports) == ("paragraph", 9)
    assert "9 reports" in measured.drawn_reason
    assert measured.codes[0].alpha_interval.unit == "paragraph"
    ten, reports_of_ten = code_reports(rng, reports=10)
    assert measure_agreement(ten, CODES, resamples=100, reports=reports_of_ten).drawn == "report"
    assert "not known" in measure_agreement(nine, CODES, resamples=100).drawn_reason


def test_reports_with_paragraphs_of_one_coder_only_do_not_count():
    codings, report_of = code_reports(np.random.default_rng(4), reports=9)
    for number in range(5):
        codings.append(Coding(f"alone-{number}", "coder-0", frozenset()))
        report_of[f"alone-{number}"] = f"alone-{number}"
    measured = measure_agreement(codings, CODES, resamples=100, reports=report_of)
    assert (measured.drawn, measured.reports) == ("paragraph", 9)


def test_paragraph_without_a_known_report_is_drawn_alone():
    codings, report_of = code_reports(np.random.default_rng(5), reports=12)
    known = {unit: report for unit, report in report_of.items() if report != "report-0"}
    matrix = arrange_codings(codings, CODES)
    draws = draw_reports(matrix, known, 50, 0)
    assert draws.times.shape == (50, 11 + 12)
    assert (draws.times.sum(axis=1) == 23).all()


def test_patterns_of_the_drawn_reports_are_counted_together():
    codings, report_of = code_reports(np.random.default_rng(6), reports=11, paragraphs=5)
    matrix = arrange_codings(codings, CODES)
    draws = draw_reports(matrix, report_of, 30, 0)
    pattern_of = np.arange(len(matrix.units)) % 3
    pattern_of[0] = MISSING
    resampled = draws.resample(pattern_of, 3)
    names = np.array([report_of[unit] for unit in matrix.units])
    places = {name: draws.report_of[names == name][0] for name in set(names)}
    for row in range(30):
        expected = np.zeros(3)
        for name, place in places.items():
            mine = pattern_of[names == name]
            expected += draws.times[row, place] * np.bincount(mine[mine >= 0], minlength=3)
        assert resampled.drawn[row].tolist() == expected.tolist()
    assert resampled.without.sum(axis=0).tolist() == (10 * np.bincount(pattern_of[1:])).tolist()


@pytest.mark.parametrize("most", [1000, 1])
def test_set_interval_by_report_is_that_of_drawing_reports_one_by_one(most, monkeypatch):
    monkeypatch.setattr(setbootstrap, "MOST_SETS", most)
    rng = np.random.default_rng(7)
    codings, report_of = code_reports(rng, reports=25)
    matrix = arrange_codings(codings, CODES)
    draws = draw_reports(matrix, report_of, 3000, 0)
    interval = set_intervals(count_sets(matrix, ("masi",)), 3000, rng, draws)[0]
    by_report = {}
    for coding in codings:
        by_report.setdefault(report_of[coding.unit], []).append(coding)
    held = list(by_report.values())
    drawn = []
    for _ in range(300):
        chosen = [
            Coding(f"{place}-{c.unit}", c.coder, c.codes)
            for place, report in enumerate(rng.integers(0, len(held), len(held)))
            for c in held[report]
        ]
        drawn.append(set_alpha(arrange_codings(chosen, CODES), ("masi",))[0])
    assert interval.unit == "report"
    assert interval.spread == pytest.approx(np.std(drawn), rel=0.15)
    assert interval.low < np.quantile(drawn, 0.1)
    assert interval.high > np.quantile(drawn, 0.9)
