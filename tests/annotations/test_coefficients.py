"""The formulas against published figures, other implementations and brute force."""

import json
from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from workbench.annotations import coefficients
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.kappas import contingency_tables
from workbench.annotations.matrices import MISSING
from workbench.annotations.setagreement import set_alpha, unit_disagreement

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "agreement"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no shared material here")

#: Named in the references and not computed: codes are nominal, and these are for
#: ordered or measured values, or weigh disagreements by hand.
NOT_COMPUTED = {
    "gwet_ac2_bipolar",
    "gwet_ac2_quadratic",
    "krippendorff_alpha_custom",
    "krippendorff_alpha_interval",
    "krippendorff_alpha_ordinal",
    "krippendorff_alpha_ratio",
    "weighted_kappa_custom",
}


def as_values(matrix):
    """A reference's matrix with null for missing as numbers 0..q-1, and q."""
    found = sorted({cell for row in matrix for cell in row if cell is not None}, key=str)
    number = {cell: index for index, cell in enumerate(found)}
    number[None] = MISSING
    return np.array([[number[cell] for cell in row] for row in matrix]), len(found)


def of_tally(formula):
    def compute(matrix):
        values, q = as_values(matrix)
        tally = coefficients.tally_values(values, q)
        return formula(tally.counts, tally.weights)

    return compute


def specific(value):
    def compute(matrix):
        values, _ = as_values(matrix)
        tally = coefficients.tally_values(values, 2)
        return coefficients.specific_agreement(tally.counts, tally.weights, value)

    return compute


def cohen(matrix):
    values, q = as_values(matrix)
    table = np.zeros((q, q))
    for one, other in values:
        table[one, other] += 1
    return coefficients.cohen_kappa(table)


def as_matrix(matrix):
    codings = [
        Coding(str(row), str(column), frozenset(map(str, cell)))
        for row, cells in enumerate(matrix)
        for column, cell in enumerate(cells)
        if cell is not None
    ]
    return arrange_codings(codings, sorted(frozenset().union(*(c.codes for c in codings))))


def over_sets(metric):
    return lambda matrix: set_alpha(as_matrix(matrix), (metric,))[0]


COMPUTED = {
    "bennett_s": of_tally(coefficients.brennan_prediger),
    "brennan_prediger": of_tally(coefficients.brennan_prediger),
    "cohen_kappa": cohen,
    "conger_kappa": lambda matrix: coefficients.conger_kappa(*as_values(matrix)),
    "fleiss_kappa": of_tally(coefficients.fleiss_kappa),
    "fleiss_kappa_gwet_missing": of_tally(coefficients.fleiss_kappa),
    "gwet_ac1": of_tally(coefficients.gwet_ac1),
    "gwet_ac1_se": of_tally(coefficients.ac1_standard_error),
    "krippendorff_alpha_masi_dkpro": over_sets("masi_weighted"),
    "krippendorff_alpha_nominal": of_tally(coefficients.krippendorff_alpha),
    "krippendorff_alpha_set_jaccard": over_sets("jaccard"),
    "krippendorff_alpha_set_masi": over_sets("masi"),
    "krippendorff_alpha_set_nominal": over_sets("exact"),
    "masi_distance": lambda matrix: unit_disagreement(as_matrix(matrix), ("masi",))[0, 0],
    "negative_specific_agreement": specific(0),
    "percent_agreement": of_tally(coefficients.percent_agreement),
    "positive_specific_agreement": specific(1),
    "scott_pi": of_tally(coefficients.fleiss_kappa),
}


def references():
    path = SHARED / "references.json"
    return json.loads(path.read_text(encoding="utf-8"))["references"] if path.is_file() else []


def computed_references():
    return [reference for reference in references() if reference["coefficient"] in COMPUTED]


@needs_shared
def test_every_reference_is_either_computed_or_named_as_not_computed():
    named = {reference["coefficient"] for reference in references()}
    assert named - set(COMPUTED) == NOT_COMPUTED
    assert set(COMPUTED) - named == set()
    assert len(computed_references()) >= 57


@needs_shared
@pytest.mark.parametrize("reference", computed_references(), ids=lambda r: r["name"])
def test_reference_is_met_within_its_tolerance(reference):
    value = float(COMPUTED[reference["coefficient"]](reference["matrix"]))
    assert value == pytest.approx(reference["value"], abs=reference["tolerance"])


# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, sections C and D.
FOUR_OBSERVERS = [
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, 3, None, None],
]


def test_krippendorffs_own_example_with_missing_values_gives_743():
    alpha = COMPUTED["krippendorff_alpha_nominal"](FOUR_OBSERVERS)
    assert alpha == pytest.approx(0.743, abs=0.0005)


def test_cohens_own_example_of_1960_gives_492():
    # Cohen 1960, p. 45: agreement .70 where .41 is expected by chance.
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert coefficients.cohen_kappa(table) == pytest.approx(0.492, abs=0.0005)


def test_two_tables_with_the_same_agreement_show_the_kappa_paradox():
    # Feinstein and Cicchetti 1990: 85 % agreement in both, kappa .70 and .32.
    balanced, skewed = np.array([[40, 9], [6, 45]]), np.array([[80, 10], [5, 5]])
    assert coefficients.cohen_kappa(balanced) == pytest.approx(0.70, abs=0.005)
    assert coefficients.cohen_kappa(skewed) == pytest.approx(0.32, abs=0.005)


def test_rare_code_reads_high_in_ac1_and_low_in_alpha():
    rows = [[1, 1]] * 2 + [[1, 0]] * 3 + [[0, 1]] * 3 + [[0, 0]] * 192
    assert COMPUTED["gwet_ac1"](rows) > 0.95
    assert COMPUTED["krippendorff_alpha_nominal"](rows) < 0.40


@pytest.mark.parametrize("value", [0, 1])
def test_without_variation_every_corrected_coefficient_is_undefined(value):
    tally = coefficients.tally_values(np.full((20, 3), value, dtype=np.int8), 2)
    for formula in (
        coefficients.krippendorff_alpha,
        coefficients.fleiss_kappa,
        coefficients.gwet_ac1,
        coefficients.brennan_prediger,
    ):
        assert np.isnan(formula(tally.counts, tally.weights)), formula
    assert np.isnan(coefficients.conger_kappa(np.full((20, 3), value), 2))
    assert np.isnan(coefficients.cohen_kappa(np.array([[20, 0], [0, 0]])))
    assert coefficients.percent_agreement(tally.counts, tally.weights) == 1


def test_nothing_pairable_is_undefined():
    values = np.array([[1, MISSING], [MISSING, 0], [MISSING, 1]])
    tally = coefficients.tally_values(values, 2)
    assert np.isnan(coefficients.krippendorff_alpha(tally.counts, tally.weights))
    assert np.isnan(coefficients.percent_agreement(tally.counts, tally.weights))
    assert np.isnan(coefficients.cohen_kappa(np.zeros((2, 2))))


def test_unit_that_nobody_coded_changes_nothing():
    values = np.array([[1, 1], [0, 1], [0, 0], [1, 0], [0, 0]])
    padded = np.vstack([values, [[MISSING, MISSING]] * 4])
    one, other = coefficients.tally_values(values, 2), coefficients.tally_values(padded, 2)
    assert one.counts.tolist() == other.counts.tolist()
    assert one.weights.tolist() == other.weights.tolist()


def matrices(largest=3, missing=True):
    """Small matrices (units x coders) with values 0..largest-1 and holes."""
    cell = st.integers(MISSING if missing else 0, largest - 1)
    return st.integers(2, 4).flatmap(
        lambda coders: st.lists(
            st.lists(cell, min_size=coders, max_size=coders), min_size=1, max_size=9
        )
    )


def alpha_by_hand(rows):
    """Krippendorff's alpha from the coincidence matrix, as his steps say, in fractions."""
    coincidences = Counter()
    for row in rows:
        given = [value for value in row if value != MISSING]
        for one, other in permutations(range(len(given)), 2):
            coincidences[given[one], given[other]] += Fraction(1, len(given) - 1)
    totals = Counter()
    for (value, _), times in coincidences.items():
        totals[value] += times
    n = sum(totals.values())
    observed = sum(times for (one, other), times in coincidences.items() if one != other)
    expected = sum(totals[a] * totals[b] for a in totals for b in totals if a != b)
    return 1 - (n - 1) * observed / expected if expected else None


def specific_by_hand(rows, value):
    agreed = given = 0
    for row in rows:
        known = [cell for cell in row if cell != MISSING]
        for one, other in permutations(range(len(known)), 2):
            given += known[one] == value
            agreed += known[one] == value == known[other]
    return agreed / given if given else None


def agree(value, expected):
    return np.isnan(value) if expected is None else value == pytest.approx(float(expected))


@settings(max_examples=300, deadline=None)
@given(matrices())
def test_alpha_equals_the_coincidence_matrix_worked_by_hand(rows):
    tally = coefficients.tally_values(np.array(rows), 3)
    assert agree(coefficients.krippendorff_alpha(tally.counts, tally.weights), alpha_by_hand(rows))


@settings(max_examples=200, deadline=None)
@given(matrices(largest=2))
def test_binary_tally_equals_the_general_one(rows):
    values = np.array(rows)
    fast = coefficients.tally_values(values, 2)
    slow = coefficients.tally_values(values, 3)
    assert sorted(zip(fast.counts.tolist(), fast.weights.tolist(), strict=True)) == sorted(
        zip(slow.counts[:, :2].tolist(), slow.weights.tolist(), strict=True)
    )
    assert fast.weights.sum() == sum(any(cell != MISSING for cell in row) for row in rows)


@settings(max_examples=200, deadline=None)
@given(matrices(largest=2), st.integers(0, 1))
def test_specific_agreement_equals_counting_pairs(rows, value):
    tally = coefficients.tally_values(np.array(rows), 2)
    result = coefficients.specific_agreement(tally.counts, tally.weights, value)
    assert agree(result, specific_by_hand(rows, value))


@settings(max_examples=200, deadline=None)
@given(matrices(largest=3, missing=False))
def test_fleiss_kappa_equals_his_steps(rows):
    values = np.array(rows)
    tally = coefficients.tally_values(values, 3)
    n = values.shape[1]
    counts = np.stack([(values == value).sum(axis=1) for value in range(3)], axis=1)
    shares = counts.sum(axis=0) / counts.sum()
    agreed = (((counts**2).sum(axis=1) - n) / (n * (n - 1))).mean()
    chance = (shares**2).sum()
    expected = None if len(np.unique(values)) == 1 else (agreed - chance) / (1 - chance)
    assert agree(coefficients.fleiss_kappa(tally.counts, tally.weights), expected)


@settings(max_examples=200, deadline=None)
@given(matrices(largest=2, missing=False))
def test_pairwise_kappa_equals_scikit_learn(rows):
    values = np.array(rows)
    kappas = coefficients.cohen_kappa(contingency_tables(values))
    for one, other in combinations(range(values.shape[1]), 2):
        both = values[:, [one, other]]
        if len(np.unique(both)) == 1:
            assert np.isnan(kappas[one, other])
        else:
            expected = cohen_kappa_score(values[:, one], values[:, other])
            assert kappas[one, other] == pytest.approx(expected)


@settings(max_examples=100, deadline=None)
@given(matrices(largest=2, missing=False))
def test_conger_kappa_of_two_coders_is_cohens(rows):
    values = np.array(rows)[:, :2]
    table = contingency_tables(values)[0, 1]
    expected = coefficients.cohen_kappa(table)
    assert agree(coefficients.conger_kappa(values, 2), None if np.isnan(expected) else expected)


@settings(max_examples=150, deadline=None)
@given(matrices(), st.randoms(use_true_random=False), st.permutations([0, 1, 2]))
def test_order_of_units_and_coders_and_names_of_values_do_not_matter(rows, random, names):
    values = np.array(rows)
    units, coders = list(range(values.shape[0])), list(range(values.shape[1]))
    random.shuffle(units)
    random.shuffle(coders)
    renamed = np.array([*names, MISSING])[values][units][:, coders]
    one, other = coefficients.tally_values(values, 3), coefficients.tally_values(renamed, 3)
    for formula in (
        coefficients.krippendorff_alpha,
        coefficients.fleiss_kappa,
        coefficients.gwet_ac1,
        coefficients.percent_agreement,
    ):
        before = formula(one.counts, one.weights)
        after = formula(other.counts, other.weights)
        assert before == pytest.approx(after, nan_ok=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=2, max_size=20), st.integers(2, 4))
def test_perfect_agreement_is_exactly_one_where_there_is_variation(column, coders):
    values = np.tile(np.array([[0], [1], *([value] for value in column)]), coders)
    tally = coefficients.tally_values(values, 2)
    for formula in (coefficients.krippendorff_alpha, coefficients.gwet_ac1):
        assert formula(tally.counts, tally.weights) == 1


def test_weights_of_many_resamples_give_each_its_own_figure():
    counts = np.array([[2.0, 0], [1, 1], [0, 2], [0, 1]])
    weights = np.array([[5.0, 1, 2, 3], [0, 4, 1, 1], [3, 0, 0, 0]])
    for formula in (
        coefficients.krippendorff_alpha,
        coefficients.gwet_ac1,
        coefficients.fleiss_kappa,
        coefficients.percent_agreement,
        coefficients.brennan_prediger,
    ):
        together = formula(counts, weights)
        apart = [float(formula(counts, row)) for row in weights]
        assert together == pytest.approx(apart, nan_ok=True)
