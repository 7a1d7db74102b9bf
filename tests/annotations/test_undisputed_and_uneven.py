"""Codes without variation or dispute, paragraphs of unequal numbers of coders, order of codes."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.annotations import bootstrap, coefficients
from workbench.annotations.agreement import measure_agreement
from workbench.annotations.breakdowns import break_down
from workbench.annotations.codeagreement import alpha_interval, code_intervals
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.matrices import MISSING
from workbench.annotations.reportdraws import draw_reports


def code_rows(rows, code="labor"):
    """Codings of one code: a row of 1, 0 or None for every paragraph."""
    return [
        Coding(f"p{row:03}", f"coder-{place}", frozenset([code] if value else []))
        for row, values in enumerate(rows)
        for place, value in enumerate(values)
        if value is not None
    ]


def test_ac1_is_undefined_where_only_singly_coded_paragraphs_vary():
    rows = [[0, 0]] * 30 + [[1, None]] * 5
    code = measure_agreement(code_rows(rows), ["labor"], resamples=100).codes[0]
    for figure in (
        code.alpha, code.ac1, code.ac1_standard_error, code.conger_kappa, code.fleiss_kappa_gwet,
        code.brennan_prediger,
    ):  # fmt: skip
        assert figure.value is None
        assert figure.reason == "no variation: every coding is the same"
    assert code.ac1_interval.low is None


def test_whole_answers_that_only_singly_coded_paragraphs_vary_in_are_undefined():
    codings = [Coding(f"p{n}", coder, frozenset(["x"])) for n in range(9) for coder in "ab"]
    codings.append(Coding("alone", "a", frozenset(["y"])))
    answers = measure_agreement(codings, ["x", "y"], resamples=0).answers
    for figure in (
        answers.alpha, answers.ac1, answers.ac1_standard_error, answers.conger_kappa,
        answers.fleiss_kappa_gwet, answers.brennan_prediger,
    ):  # fmt: skip
        assert figure.value is None
        assert figure.reason


def test_ac1_of_every_resample_needs_variation_among_pairs():
    counts = np.array([[2.0, 0.0], [0.0, 2.0], [0.0, 1.0]])
    weights = np.array([[9.0, 0.0, 4.0], [8.0, 1.0, 4.0]])
    assert np.isnan(coefficients.gwet_ac1(counts, weights)).tolist() == [True, False]


def test_an_undisputed_code_counts_paragraphs_where_the_others_draw_reports():
    rows = [[n % 2, n % 2] for n in range(60)]
    units = [f"p{n:03}" for n in range(60)]
    of_reports = {unit: f"r{place // 5}" for place, unit in enumerate(units)}
    measured = measure_agreement(code_rows(rows), ["labor"], resamples=100, reports=of_reports)
    assert measured.drawn == "report"
    code = measured.codes[0]
    for interval in (code.alpha_interval, code.ac1_interval, measured.sets.masi_interval):
        assert (interval.method, interval.unit) == ("exact", "paragraph")
    assert any(
        note.startswith("No paragraph was disputed on labor") and "counts paragraphs" in note
        for note in measured.notes
    )
    by_paragraph = measure_agreement(code_rows(rows), ["labor"], resamples=100)
    assert not any("No paragraph was disputed" in note for note in by_paragraph.notes)


def test_paragraphs_weigh_in_each_figure_as_the_note_says():
    two, four = [1, 0, None, None], [1, 1, 0, 0]
    rest = [[0, 0, 0, 0]] * 20 + [[1, 1, 1, 1]] * 20
    rows = [two, four, *rest]
    note = next(
        note
        for note in measure_agreement(code_rows(rows), ["labor"], resamples=0).notes
        if "weighs m in alpha" in note
    )
    assert "some were coded by 2, some by up to 4" in note
    assert "m (m - 1) in positive and negative agreement" in note
    # Percent agreement: the two rows move it by their own shares, 0 and 1/3, once each.
    mean = coefficients.percent_agreement(*_tally([[1, 0, None, None], [1, 1, 0, 0], *rest]))
    assert mean == pytest.approx((0 + 1 / 3 + 40) / 42)
    # Positive agreement: pairs whose first gave the code and whose other did too.
    positive = coefficients.specific_agreement(*_tally(rows), 1)
    assert positive == pytest.approx((0 + 2 + 20 * 12) / (1 + 2 * 3 + 20 * 12))
    # Prevalence: codings.
    code = measure_agreement(code_rows(rows), ["labor"], resamples=0).codes[0]
    assert code.prevalence.value == pytest.approx((1 + 2 + 80) / (2 + 4 + 160))
    # Alpha: each row's disagreement times its codings.
    observed = (2 * 1 + 4 * (8 / 12)) / 166
    ones, zeros = 83, 83
    expected = 2 * ones * zeros / (166 * 165)
    assert code.alpha.value == pytest.approx(1 - observed / expected)


def _tally(rows):
    values = np.array([[MISSING if cell is None else cell for cell in row] for row in rows])
    tally = coefficients.tally_values(values, 2)
    return tally.counts, tally.weights


def test_coders_of_different_amounts_are_not_said_to_weigh_where_all_paragraphs_have_two():
    rows = [[n % 2, n % 2, None] for n in range(30)] + [[None, n % 2, n % 2] for n in range(9)]
    notes = measure_agreement(code_rows(rows), ["labor"], resamples=0).notes
    assert any("different amounts, 9 to 39 paragraphs" in note for note in notes)
    assert not any("weighs" in note or "in proportion" in note for note in notes)


def noisy(units=80, coders=3, codes=("a", "b", "c", "d"), seed=4):
    rng = np.random.default_rng(seed)
    truth = rng.random((units, len(codes))) < 0.4
    return [
        Coding(
            f"p{unit:03}",
            f"coder-{coder}",
            frozenset(
                code
                for code, given in zip(codes, truth[unit] ^ (rng.random(len(codes)) < 0.1),
                                       strict=True)
                if given
            ),
        )
        for unit in range(units)
        for coder in range(coders)
    ]  # fmt: skip


@pytest.mark.parametrize("reports", [None, {f"p{n:03}": f"r{n % 12}" for n in range(80)}])
def test_order_of_codes_and_codes_nobody_gave_do_not_move_an_interval(reports):
    codings = noisy()
    one = measure_agreement(codings, ["a", "b", "c", "d"], seed=5, reports=reports)
    other = measure_agreement(codings, ["zz", "d", "b", "aa", "a", "c"], seed=5, reports=reports)
    for name in ("masi_interval", "jaccard_interval", "exact_interval"):
        left, right = getattr(one.sets, name), getattr(other.sets, name)
        assert (left.low, left.high) == pytest.approx((right.low, right.high), abs=1e-12)
    by_name = {code.code: code for code in other.codes}
    for code in one.codes:
        assert code.alpha_interval == by_name[code.code].alpha_interval


@pytest.mark.parametrize("by_report", [False, True])
def test_alpha_alone_has_the_interval_that_it_has_beside_ac1(by_report):
    rng = np.random.default_rng(3)
    rows = [[int(rng.random() < 0.4) if rng.random() < 0.7 else None for _ in "abc"]
            for _ in range(90)]  # fmt: skip
    matrix = arrange_codings(code_rows(rows), ["labor"])
    values = matrix.values_of(0)
    tally = coefficients.tally_values(values, 2)
    assert len(tally.single().weights)
    reports = {unit: f"r{place % 12}" for place, unit in enumerate(matrix.units)}
    draws = draw_reports(matrix, reports, 300, 1) if by_report else None
    alone = alpha_interval(values, tally, 300, np.random.default_rng(2), draws)
    beside, _ = code_intervals(values, tally, 300, np.random.default_rng(2), draws)
    assert replace(alone, spread=0) == replace(beside, spread=0)


def test_parts_compute_no_interval_of_ac1(monkeypatch):
    def refuse(*_):
        raise AssertionError("AC1 is not shown of parts")

    monkeypatch.setattr(coefficients, "gwet_ac1", refuse)
    codings = noisy()
    matrix = arrange_codings(codings, ["a", "b", "c", "d"])
    groups = {unit: unit[-1] for unit in matrix.units}
    whole = dict.fromkeys(matrix.units, "all")
    assert len(break_down(matrix, "digit", groups, resamples=100).groups) == 10
    parts = break_down(matrix, "whole", whole, resamples=100).groups
    assert any(code.interval.low is not None for code in parts[0].codes)


def test_drawing_in_steps_is_drawing_row_by_row(monkeypatch):
    weights = np.array([3.0, 1.0, 4.0])
    whole = bootstrap.draw_weights(weights, 50, np.random.default_rng(8))
    monkeypatch.setattr(bootstrap, "_HELD", 1)
    assert (bootstrap.draw_weights(weights, 50, np.random.default_rng(8)) == whole).all()
    assert (whole.sum(axis=1) == 8).all()
    assert len(np.unique(whole, axis=0)) > 10
