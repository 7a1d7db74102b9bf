"""Whole answers as nominal values, the arranging of columns, and how many paragraphs more."""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.annotations import coefficients
from workbench.annotations.agreement import measure_agreement
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.matrices import MISSING, arrange_columns, number_names
from workbench.annotations.needs import paragraphs_needed
from workbench.errors import AgreementError

REFERENCES = Path(__file__).resolve().parents[2].parent / "shared" / "agreement" / "references.json"


def code_values(rows):
    """Codings of one code each: rows of values, None where uncoded."""
    return [
        Coding(f"p{row:03}", f"coder-{place}", frozenset([f"value-{value}"]))
        for row, values in enumerate(rows)
        for place, value in enumerate(values)
        if value is not None
    ]


def measure_values(rows):
    codings = code_values(rows)
    codes = sorted(frozenset().union(*(c.codes for c in codings)))
    return measure_agreement(codings, codes, resamples=0).answers


cell = st.one_of(st.none(), st.integers(0, 3))
tables = (
    st.integers(2, 4)
    .flatmap(
        lambda coders: st.lists(
            st.lists(cell, min_size=coders, max_size=coders).filter(any), min_size=2, max_size=12
        )
    )
    .filter(lambda rows: any(sum(v is not None for v in row) > 1 for row in rows))
)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_answers_of_one_code_each_have_the_nominal_coefficients(rows):
    answers = measure_values(rows)
    # Coders who coded nothing are no coders.
    kept = [c for c in range(len(rows[0])) if any(row[c] is not None for row in rows)]
    found = sorted({v for row in rows for v in row if v is not None})
    number = {value: place for place, value in enumerate(found)} | {None: MISSING}
    values = np.array([[number[row[c]] for c in kept] for row in rows])
    values = values[(values != MISSING).any(axis=1)]
    tally = coefficients.tally_values(values, len(found))
    pairable = tally.pairable()
    counted, paired = (tally.counts, tally.weights), (pairable.counts, pairable.weights)
    assert answers.single
    assert answers.values == len(found)
    for figure, expected in (
        (answers.alpha, coefficients.krippendorff_alpha(*paired)),
        (answers.ac1, coefficients.gwet_ac1(*counted)),
        (answers.percent_agreement, coefficients.percent_agreement(*paired)),
        (answers.ac1_standard_error, coefficients.ac1_standard_error(*counted)),
        (answers.fleiss_kappa_gwet, coefficients.fleiss_kappa(*counted)),
        (answers.conger_kappa, coefficients.conger_kappa(values, len(found))),
        (answers.brennan_prediger, coefficients.brennan_prediger(*counted)),
    ):
        if np.isnan(expected):
            assert figure.value is None
            assert figure.reason
        else:
            assert figure.value == pytest.approx(float(expected), abs=1e-9)
    for pair, (one, other) in zip(answers.pairs, combinations(range(len(kept)), 2), strict=True):
        both = values[(values[:, [one, other]] != MISSING).all(axis=1)][:, [one, other]]
        table = np.zeros((len(found), len(found)))
        for left, right in both:
            table[left, right] += 1
        expected = coefficients.cohen_kappa(table)
        assert pair.paragraphs == len(both)
        if np.isnan(expected):
            assert pair.kappa.value is None
        else:
            assert pair.kappa.value == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.skipif(not REFERENCES.is_file(), reason="no shared material here")
def test_published_nominal_figures_are_met_by_whole_answers():
    fields = {
        "krippendorff_alpha_nominal": "alpha",
        "fleiss_kappa": "fleiss_kappa",
        "scott_pi": "scott_pi",
        "cohen_kappa": "mean_kappa",
        "gwet_ac1": "ac1",
        "bennett_s": "brennan_prediger",
        "brennan_prediger": "brennan_prediger",
        "percent_agreement": "percent_agreement",
        "fleiss_kappa_gwet_missing": "fleiss_kappa_gwet",
        "gwet_ac1_se": "ac1_standard_error",
    }
    met = 0
    for reference in json.loads(REFERENCES.read_text(encoding="utf-8"))["references"]:
        if reference["coefficient"] in fields:
            figure = getattr(measure_values(reference["matrix"]), fields[reference["coefficient"]])
            expected = pytest.approx(reference["value"], abs=reference["tolerance"])
            assert figure.value == expected, reference["name"]
            met += 1
    assert met >= 39


def test_answers_without_variation_are_undefined_with_the_reason():
    answers = measure_values([[1, 1], [1, 1]])
    assert answers.ac1.reason == answers.conger_kappa.reason == answers.alpha.reason
    assert answers.percent_agreement.value == 1


# Columns


coded = st.dictionaries(
    st.tuples(st.integers(0, 30), st.integers(0, 4)),
    st.frozensets(st.sampled_from("abc")),
    min_size=1,
)


@settings(max_examples=150, deadline=None)
@given(coded, st.sampled_from([3, 70]))
def test_columns_of_arrays_give_the_matrix_that_records_give(cells, width):
    codes = list("abc") + [f"code-{n}" for n in range(width - 3)]
    records = [Coding(f"{u:02}", str(c), chosen) for (u, c), chosen in sorted(cells.items())]
    units, coders = (np.array(column) for column in zip(*sorted(cells), strict=True))
    given_sets = [cells[place] for place in sorted(cells)]
    rows = np.array([[code in chosen for code in codes] for chosen in given_sets])
    expected = arrange_codings(records, codes)
    for column in (rows, given_sets, [list(chosen) for chosen in given_sets]):
        matrix = arrange_columns(units, coders, column, codes)
        assert [unit.zfill(2) for unit in matrix.units] == list(expected.units)
        assert matrix.coders == expected.coders
        assert matrix.cells.tolist() == expected.cells.tolist()
        assert matrix.members.tolist() == expected.members.tolist()


@pytest.mark.parametrize("kind", [str, int, lambda n: str(n) if n % 2 else n])
def test_very_many_names_are_numbered_as_few_are(kind):
    numbers = np.random.default_rng(5).integers(-4000, 4000, 9000).tolist()
    names = [kind(number) for number in numbers]
    labels, found = number_names(names)
    assert labels == list(dict.fromkeys(names))
    assert [labels[place] for place in found.tolist()] == names


def test_order_of_the_codes_of_a_coding_makes_no_other_set():
    matrix = arrange_columns(["p"] * 2, ["a", "b"], [("x", "y"), ("y", "x")], ["x", "y"])
    assert matrix.cells.tolist() == [[0, 0]]


def test_paragraph_that_one_coder_coded_twice_is_named_in_columns_too():
    with pytest.raises(AgreementError, match="7 coded paragraph 3 2 times"):
        arrange_columns(np.array([3, 3, 2]), np.array([7, 7, 7]), [(), (), ()], ["x"])


def test_matrix_of_some_units_keeps_coders_and_codes():
    codings = code_values([[1, 2], [2, None], [1, 1]])
    matrix = arrange_codings(codings, ["value-1", "value-2"])
    part = matrix.keep(np.array([True, False, True]))
    assert part.units == ("p000", "p002")
    assert part.coders == matrix.coders
    assert part.values_of(0).tolist() == [[1, 0], [1, 1]]


# How many more


def simulate(rng, paragraphs, prevalence=0.2, coders=2):
    truth = rng.random((paragraphs, 1)) < prevalence
    values = rng.random((paragraphs, coders)) < np.where(truth, 0.9, 0.03)
    return [
        Coding(f"p{row}", f"coder-{place}", frozenset(["labor"] if given else []))
        for row, cells in enumerate(values)
        for place, given in enumerate(cells)
    ]


def test_the_number_needed_gives_an_interval_of_the_width_asked_for():
    rng = np.random.default_rng(1)
    widths = []
    for _ in range(12):
        pilot = measure_agreement(simulate(rng, 250), ["labor"])
        (need,) = paragraphs_needed(pilot, 0.1)
        assert need.more == need.paragraphs - 250
        assert need.certain
        after = measure_agreement(simulate(rng, need.paragraphs), ["labor"])
        interval = after.codes[0].alpha_interval
        widths.append(interval.high - interval.low)
    assert np.mean(widths) == pytest.approx(0.1, abs=0.015)


def test_half_the_width_needs_four_times_the_paragraphs():
    measured = measure_agreement(simulate(np.random.default_rng(2), 300), ["labor"])
    (wide,), (narrow,) = paragraphs_needed(measured, 0.1), paragraphs_needed(measured, 0.05)
    assert narrow.paragraphs == pytest.approx(4 * wide.paragraphs, rel=0.01)
    (enough,) = paragraphs_needed(measured, 1.0)
    assert enough.more == 0


def test_code_that_is_too_rare_to_judge_needs_at_least_as_many_as_make_it_judged():
    codings = simulate(np.random.default_rng(3), 200, prevalence=0)
    codings = [replace(c, codes=frozenset()) for c in codings]
    some = {"p1", "p2", "p3", "p4", "p5"}
    codings = [replace(c, codes=frozenset(["labor"])) if c.unit in some else c for c in codings]
    (need,) = paragraphs_needed(measure_agreement(codings, ["labor"]), 0.9)
    assert need.paragraphs == 600
    assert not need.certain
    assert need.reason.startswith("only 5 paragraphs")


def test_code_that_nobody_gave_has_no_number_but_a_reason():
    codings = [Coding(f"p{n}", coder, frozenset()) for n in range(30) for coder in "ab"]
    (need,) = paragraphs_needed(measure_agreement(codings, ["labor"]), 0.2)
    assert (need.paragraphs, need.more, need.width) == (None, None, None)
    assert need.reason == "no variation: every coding is the same"


def test_undisputed_code_needs_as_many_as_bring_its_exact_limit_down():
    chosen = frozenset(["labor"])
    codings = [
        Coding(f"p{n}", c, chosen if n < 20 else frozenset()) for n in range(60) for c in "ab"
    ]
    (need,) = paragraphs_needed(measure_agreement(codings, ["labor"]), 0.05)
    many = need.paragraphs
    codings = [
        Coding(f"p{n}", c, chosen if n < many // 3 else frozenset())
        for n in range(many)
        for c in "ab"
    ]
    interval = measure_agreement(codings, ["labor"]).codes[0].alpha_interval
    assert interval.high - interval.low == pytest.approx(0.05, abs=0.005)


def test_where_reports_are_drawn_the_number_of_reports_is_given_too():
    rng = np.random.default_rng(4)
    codings = simulate(rng, 400)
    reports = {f"p{n}": f"r{n // 20}" for n in range(400)}
    measured = measure_agreement(codings, ["labor"], reports=reports)
    (need,) = paragraphs_needed(measured, 0.05)
    assert need.reports == pytest.approx(need.paragraphs / 20, abs=1)


def test_one_paragraph_alone_has_no_interval():
    codings = [Coding("p", "ann", frozenset({"labor"})), Coding("p", "ben", frozenset())]
    measured = measure_agreement(codings, ("labor",), resamples=100)
    for interval in (measured.codes[0].alpha_interval, measured.sets.masi_interval):
        assert interval.low is None
        assert "one paragraph alone" in interval.reason
