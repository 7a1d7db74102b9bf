"""What is measured from codings, alpha over sets, intervals, and what is undefined."""

import json
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import bootstrap as scipy_bootstrap

from workbench.annotations import bootstrap, coefficients, setbootstrap
from workbench.annotations.agreement import (
    Coding,
    codings_from,
    measure_agreement,
    notes_on,
)
from workbench.annotations.bands import Verdict, judge
from workbench.annotations.codings import arrange_codings
from workbench.annotations.figures import Figure, Interval
from workbench.annotations.matrices import distinct_rows
from workbench.annotations.setagreement import count_sets, set_alpha
from workbench.annotations.setbootstrap import set_intervals
from workbench.annotations.setdistances import (
    METRICS,
    distance_sums,
    distances,
    sums_by_comparison,
    sums_by_subsets,
)
from workbench.errors import AgreementError
from workbench.records import Annotation

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "agreement"
ROUNDS = SHARED / "upr-coding-rounds.json"
CODES = ("assembly", "expression", "labor")


def code_column(code, *columns):
    """Codings of one code: one column of 1, 0 or None per coder."""
    return [
        Coding(f"p{row:04}", f"coder-{place}", frozenset([code]) if value else frozenset())
        for place, column in enumerate(columns)
        for row, value in enumerate(column)
        if value is not None
    ]


def measure_column(*columns, **options):
    return measure_agreement(code_column("labor", *columns), ["labor"], **options)


@pytest.mark.skipif(not ROUNDS.is_file(), reason="no shared material here")
def test_published_coding_rounds_are_met_to_four_places():
    rounds = json.loads(ROUNDS.read_text(encoding="utf-8"))
    undefined = 0
    for entry in rounds:
        measured = measure_column(entry["coding_1"], entry["coding_2"], resamples=0).codes[0]
        published = entry["published"]
        percent = measured.percent_agreement.value
        assert percent * 100 == pytest.approx(published["percent_agreement"], abs=1e-4)
        for name, figure in (
            ("scott_pi", measured.scott_pi),
            ("cohen_kappa", measured.pairs[0].kappa),
            ("krippendorff_alpha_nominal", measured.alpha),
        ):
            if published[name] is None:
                undefined += 1
                assert figure.value is None, (entry["code"], name)
                assert figure.reason
            else:
                assert figure.value == pytest.approx(published[name], abs=1e-4), entry["code"]
    assert (len(rounds), undefined) == (230, 255)


def test_every_figure_of_a_small_example_worked_by_hand():
    # 20 paragraphs: both gave the code on 6, one of them on 4, none on 10.
    first = [1] * 6 + [1, 1, 1, 0] + [0] * 10
    second = [1] * 6 + [0, 0, 0, 1] + [0] * 10
    agreement = measure_column(first, second, resamples=200)
    code = agreement.codes[0]
    assert (code.positives, code.disputed, code.pairable) == (10, 4, 20)
    assert code.prevalence.value == pytest.approx(16 / 40)
    assert code.percent_agreement.value == pytest.approx(0.8)
    assert code.positive_agreement.value == pytest.approx(12 / 16)
    assert code.negative_agreement.value == pytest.approx(20 / 24)
    # D_o = 8/40; D_e = 2 * 16 * 24 / (40 * 39).
    assert code.alpha.value == pytest.approx(1 - (8 / 40) / (2 * 16 * 24 / (40 * 39)))
    assert code.pairs[0].kappa.value == pytest.approx((0.8 - 0.515) / (1 - 0.515))
    assert code.mean_kappa.value == code.pairs[0].kappa.value
    assert code.scott_pi.value == pytest.approx((0.8 - 0.52) / (1 - 0.52))
    assert code.fleiss_kappa.value == pytest.approx(code.scott_pi.value)
    assert code.ac1.value == pytest.approx((0.8 - 0.48) / (1 - 0.48))
    assert code.brennan_prediger.value == pytest.approx(0.6)
    assert code.alpha_interval.low < code.alpha.value < code.alpha_interval.high
    assert code.ac1_interval.low < code.ac1.value < code.ac1_interval.high
    assert code.band == "insufficient"
    assert agreement.sets.percent_agreement.value == pytest.approx(0.8)
    # With one code every distance between sets is that of the code itself.
    assert agreement.sets.masi.value == pytest.approx(code.alpha.value)
    assert agreement.sets.jaccard.value == pytest.approx(code.alpha.value)


def test_code_that_nobody_gave_is_undefined_with_the_reason():
    code = measure_column([0] * 30, [0] * 30).codes[0]
    for figure in (code.alpha, code.ac1, code.scott_pi, code.fleiss_kappa, code.mean_kappa):
        assert figure == Figure(None, "no variation: every coding is the same")
    assert code.positive_agreement == Figure(None, "no coder gave the code")
    assert code.alpha_interval.low is None
    assert code.alpha_interval.reason == "no variation: every coding is the same"
    assert code.percent_agreement.value == 1
    assert code.band == "undefined"


def test_code_that_everybody_gave_is_undefined_with_the_reason():
    code = measure_column([1] * 30, [1] * 30).codes[0]
    assert code.alpha.value is None
    assert code.negative_agreement == Figure(None, "every coder gave the code")
    assert code.band == "undefined"


def test_sets_without_variation_are_undefined():
    sets = measure_column([0] * 5, [0] * 5).sets
    assert sets.masi == Figure(None, "no variation: every coding is the same")
    assert sets.masi_interval.low is None
    assert sets.percent_agreement.value == 1


def test_empty_sets_agree_with_empty_sets():
    none, labor = frozenset(), frozenset(["labor"])
    agreed = [Coding(f"p{n}", c, none if n < 5 else labor) for n in range(9) for c in "ab"]
    sets = measure_agreement(agreed, ["labor"], resamples=50).sets
    assert sets.masi.value == 1
    assert sets.jaccard.value == 1


def test_fewer_than_fifteen_positives_is_insufficient_however_high_alpha_is():
    fourteen = [1] * 14 + [0] * 500
    code = measure_column(fourteen, fourteen).codes[0]
    assert code.alpha.value == 1
    assert code.band == "insufficient"
    fifteen = [1] * 15 + [0] * 500
    assert measure_column(fifteen, fifteen).codes[0].band == "reliable"


@pytest.mark.parametrize(
    ("low", "band"),
    [(0.8, "reliable"), (0.7999, "tentative"), (0.667, "tentative"), (0.6669, "unreliable")],
)
def test_band_is_judged_at_the_lower_end_of_the_interval(low, band):
    verdict = judge(Figure(0.95), Interval(low, 0.99), positives=15, negatives=15)
    assert verdict == Verdict(band)


def test_code_that_nearly_all_paragraphs_have_is_insufficient_with_the_reason():
    code = measure_column([0] * 14 + [1] * 500, [0] * 14 + [1] * 500).codes[0]
    assert (code.positives, code.negatives, code.alpha.value) == (500, 14, 1)
    assert code.band == "insufficient"
    assert code.band_reason.startswith("only 14 paragraphs lack the code")
    enough = measure_column([0] * 15 + [1] * 500, [0] * 15 + [1] * 500).codes[0]
    assert (enough.band, enough.band_reason) == ("reliable", "")


def test_rare_code_says_why_it_is_insufficient():
    code = measure_column([1] + [0] * 40, [0] * 41).codes[0]
    assert code.band_reason.startswith("only 1 paragraph has the code")
    none = measure_column([0] * 41, [0] * 41).codes[0]
    assert none.band_reason == "no variation: every coding is the same"


def test_no_paragraph_coded_twice_is_an_error_with_its_mend():
    codings = [Coding("p1", "ann", frozenset()), Coding("p2", "ben", frozenset())]
    with pytest.raises(AgreementError, match="2 coded, by 2 coders") as raised:
        measure_agreement(codings, CODES)
    assert raised.value.mend == "have a second coder code some of the same paragraphs"


def test_single_coder_and_no_coding_at_all_are_errors():
    with pytest.raises(AgreementError, match=r"by 1 coder\)"):
        measure_agreement([Coding("p1", "ann", frozenset())], CODES)
    with pytest.raises(AgreementError, match="0 coded"):
        measure_agreement([], CODES)


def test_unknown_code_is_an_error_that_names_it():
    codings = [Coding("p1", name, frozenset(["travel"])) for name in ("ann", "ben")]
    with pytest.raises(AgreementError, match="'travel'"):
        measure_agreement(codings, CODES)


def test_paragraph_coded_twice_by_one_coder_is_an_error_that_names_both():
    codings = [Coding("p7", "ann", frozenset())] * 2 + [Coding("p7", "ben", frozenset())]
    with pytest.raises(AgreementError, match="ann coded paragraph p7 2 times"):
        measure_agreement(codings, CODES)


def test_coders_without_common_paragraphs_have_no_kappa_and_say_why():
    agreement = measure_column(
        [1, 0, 1, 0, None, None], [1, 0, 1, 1, 0, 1], [None, None, None, None, 0, 1]
    )
    pairs = {(p.coder_1, p.coder_2): p for p in agreement.codes[0].pairs}
    apart = pairs["coder-0", "coder-2"]
    assert apart.paragraphs == 0
    assert apart.kappa == Figure(None, "these two coders have no paragraph in common")
    assert pairs["coder-1", "coder-2"].kappa.value == 1
    known = [p.kappa.value for p in pairs.values() if p.kappa.value is not None]
    assert agreement.codes[0].mean_kappa.value == pytest.approx(np.mean(known))


def test_fleiss_kappa_is_withheld_where_not_all_coded_all():
    code = measure_column([1, 0, 1, 0], [1, 0, 1, 1], [None, 0, 1, 1]).codes[0]
    assert code.fleiss_kappa.value is None
    assert "same number of coders" in code.fleiss_kappa.reason
    assert code.scott_pi.reason == "defined for two coders; there are 3"


def test_singly_coded_paragraphs_do_not_move_alpha_and_are_counted_in_a_note():
    first, second = [1, 1, 0, 0, 0, 1], [1, 0, 0, 0, 0, 1]
    plain = measure_column(first, second, resamples=100)
    longer = measure_column([*first, 1, 1, 1], [*second, None, None, None], resamples=100)
    assert longer.codes[0].alpha == plain.codes[0].alpha
    assert longer.codes[0].alpha_interval == plain.codes[0].alpha_interval
    assert longer.codes[0].prevalence == plain.codes[0].prevalence
    assert longer.sets.masi == plain.sets.masi
    assert (longer.paragraphs, longer.pairable, longer.codings) == (9, 6, 15)
    assert any("3 of 9 paragraphs were coded by one coder only" in n for n in longer.notes)
    assert not plain.notes


def test_coder_who_shares_no_paragraph_is_named_in_a_note():
    agreement = measure_column([1, 0, None], [1, 0, None], [None, None, 1])
    assert "coder-2 coded no paragraph that another coder coded." in agreement.notes
    shares = {s.coder: (s.paragraphs, s.pairable) for s in agreement.coders}
    assert shares == {"coder-0": (2, 2), "coder-1": (2, 2), "coder-2": (1, 0)}


def annotation(paragraph, coder, codes, minute=0, **fields):
    at = datetime(2024, 5, 1, tzinfo=UTC) + timedelta(minutes=minute)
    key = f"{paragraph}-{coder}-{minute}"
    return Annotation(paragraph, coder, codes, key, "import", at, at, **fields)


def test_skipped_annotations_and_older_duplicates_are_left_out_and_noted():
    annotations = [
        annotation("p1", "ann", ("labor",), minute=5),
        annotation("p1", "ann", ("assembly",), minute=9),
        annotation("p1", "ann", ("expression",), minute=7),
        annotation("p1", "ben", (), skipped=True),
        annotation("p2", "ben", ()),
    ]
    expected = {
        Coding("p1", "ann", frozenset(["assembly"])),
        Coding("p2", "ben", frozenset()),
    }
    assert set(codings_from(annotations)) == expected
    assert set(codings_from(reversed(annotations))) == expected
    notes = notes_on(annotations)
    assert [note.split(":")[1].split()[0] for note in notes] == ["1", "2"]
    assert "skipped" in notes[0]
    assert "newer" in notes[1]
    assert notes_on(annotations[1:2]) == ()


def test_skipped_annotation_does_not_replace_an_older_decision():
    annotations = [
        annotation("p1", "ann", ("labor",), minute=1),
        annotation("p1", "ann", (), minute=2, skipped=True),
    ]
    assert codings_from(annotations) == [Coding("p1", "ann", frozenset(["labor"]))]


def test_notes_given_are_passed_on():
    assert measure_column([1, 0], [1, 0], notes=["two were lost"]).notes == ("two were lost",)


# Intervals


def test_same_seed_gives_the_same_interval_and_another_seed_another():
    rng = np.random.default_rng(5)
    first = rng.integers(0, 2, 60).tolist()
    second = [value if rng.random() < 0.8 else 1 - value for value in first]
    one = measure_column(first, second, seed=1)
    assert one == measure_column(first, second, seed=1)
    other = measure_column(first, second, seed=2).codes[0].alpha_interval
    assert one.codes[0].alpha_interval != other
    assert one.codes[0].alpha_interval.low == pytest.approx(other.low, abs=0.1)
    assert (one.seed, one.resamples, one.level) == (1, 1000, 0.95)


def test_interval_of_a_code_does_not_depend_on_the_other_codes():
    codings = code_column("labor", [1, 1, 0, 0, 1, 0] * 5, [1, 0, 0, 0, 1, 1] * 5)
    alone = measure_agreement(codings, ["labor"])
    among = measure_agreement(codings, ["assembly", "labor"])
    assert among.codes[1] == alone.codes[0]


def test_interval_is_scipys_bca_of_resampling_paragraph_by_paragraph():
    rng = np.random.default_rng(11)
    truth = rng.random(150) < 0.3
    values = np.where(rng.random((150, 3)) < 0.9, truth[:, None], ~truth[:, None]).astype(int)
    measured = measure_column(*values.T.tolist(), resamples=6000).codes[0]

    def of(formula):
        def statistic(rows):
            tally = coefficients.tally_values(values[rows.astype(int)], 2)
            return formula(tally.counts, tally.weights)

        return statistic

    for interval, formula in (
        (measured.alpha_interval, coefficients.krippendorff_alpha),
        (measured.ac1_interval, coefficients.gwet_ac1),
    ):
        level = 2 * ndtr(bootstrap.student_z(150)) - 1
        peer = scipy_bootstrap(
            (np.arange(150),),
            of(formula),
            vectorized=False,
            n_resamples=4000,
            confidence_level=level,
            method="BCa",
            rng=np.random.default_rng(3),
        )
        assert interval.low == pytest.approx(peer.confidence_interval.low, abs=0.012)
        assert interval.high == pytest.approx(peer.confidence_interval.high, abs=0.012)
        assert interval.spread == pytest.approx(peer.standard_error, rel=0.06)


def test_set_interval_equals_that_of_resampling_paragraph_by_paragraph():
    rng = np.random.default_rng(12)
    codings = random_codings(rng, units=80, coders=3)
    agreement = measure_agreement(codings, CODES, resamples=3000)
    by_unit = {}
    for coding in codings:
        by_unit.setdefault(coding.unit, []).append(coding)
    pairable = [group for group in by_unit.values() if len(group) > 1]
    alphas = []
    for _ in range(400):
        chosen = rng.integers(0, len(pairable), len(pairable))
        drawn = [
            Coding(f"{place}", c.coder, c.codes)
            for place, row in enumerate(chosen)
            for c in pairable[row]
        ]
        alphas.append(set_alpha(arrange_codings(drawn, CODES), ("masi",))[0])
    low, high = np.quantile(alphas, [0.025, 0.975])
    assert agreement.sets.masi_interval.low == pytest.approx(low, abs=0.03)
    assert agreement.sets.masi_interval.high == pytest.approx(high, abs=0.03)


def test_interval_covers_the_true_alpha_nine_times_in_ten():
    rng = np.random.default_rng(13)

    def sample(units):
        truth = rng.random((units, 1)) < 0.1
        return (rng.random((units, 2)) < np.where(truth, 0.92, 0.01)).astype(np.int8)

    endless = coefficients.tally_values(sample(2_000_000), 2)
    true = coefficients.krippendorff_alpha(endless.counts, endless.weights)
    covered = []
    for _ in range(300):
        code = measure_column(*sample(250).T.tolist(), resamples=300).codes[0]
        if code.band != "insufficient":
            covered.append(code.alpha_interval.low <= true <= code.alpha_interval.high)
    assert len(covered) > 200
    assert np.mean(covered) >= 0.90


def test_perfect_agreement_on_few_paragraphs_claims_less_than_on_many():
    few = measure_column([1, 0] * 20, [1, 0] * 20).codes[0].alpha_interval
    many = measure_column([1, 0] * 2000, [1, 0] * 2000).codes[0].alpha_interval
    assert few.method == many.method == "exact"
    assert few.high == many.high == 1
    assert 0.7 < few.low < 0.95 < many.low < 1
    # Clopper and Pearson: none of 40 goes with at most 8.8 % disputed.
    assert bootstrap.undisputed_limit(40) == pytest.approx(0.0881, abs=1e-4)


def test_perfect_agreement_on_sets_claims_less_on_few_paragraphs():
    sets = measure_column([1, 0] * 20, [1, 0] * 20).sets
    assert sets.masi_interval.method == "exact"
    assert 0.7 < sets.masi_interval.low < 0.95


def test_resamples_without_the_code_are_left_out_and_counted():
    code = measure_column([1, 1, *[0] * 30], [1, 0, *[0] * 30]).codes[0]
    # (30/32)^32, the chance to draw neither of the two positive paragraphs, is .127.
    assert 80 < code.alpha_interval.left_out < 180
    assert code.alpha_interval.low is not None


def test_interval_is_undefined_where_most_resamples_are():
    values = np.array([0.5, np.nan, np.nan, np.nan])
    one = np.ones(1)
    interval = bootstrap.bca_interval(values, 0.5, one, one, np.zeros(1, dtype=int), 4)
    assert interval.low is None
    assert interval.reason == "undefined in 3 of 4 resamples"
    assert interval.left_out == 3


def test_resampled_weights_keep_the_number_of_paragraphs():
    drawn = bootstrap.draw_weights(np.array([3.0, 40, 7]), 500, np.random.default_rng(0))
    assert (drawn.sum(axis=1) == 50).all()
    assert drawn.mean(axis=0) == pytest.approx([3, 40, 7], rel=0.15)
    assert drawn.std(axis=0)[1] == pytest.approx(np.sqrt(50 * 0.8 * 0.2), rel=0.15)


# Sets of codes


def masi_by_hand(one, other):
    if one == other:
        return 0.0
    jaccard = len(one & other) / len(one | other)
    return 1 - jaccard * (2 / 3 if one <= other or other <= one else 1 / 3)


def dkpro_by_hand(one, other):
    if one == other:
        return 0.0
    inside = one <= other or other <= one
    weight = 1 / 3 if inside else 2 / 3 if one & other else 1.0
    return (1 - len(one & other) / len(one | other)) * weight


def jaccard_by_hand(one, other):
    return 0.0 if one == other else 1 - len(one & other) / len(one | other)


def set_alpha_by_hand(codings, distance):
    by_unit = {}
    for coding in codings:
        by_unit.setdefault(coding.unit, []).append(coding.codes)
    pairable = [group for group in by_unit.values() if len(group) > 1]
    every = [chosen for group in pairable for chosen in group]
    n = len(every)
    observed = sum(
        sum(distance(a, b) for a, b in permutations(group, 2)) / (len(group) - 1)
        for group in pairable
    )
    expected = sum(distance(a, b) for a, b in permutations(every, 2))
    return 1 - (observed / n) / (expected / (n * (n - 1))) if expected else None


def random_codings(rng, units, coders, codes=CODES, missing=0.2):
    truth = rng.random((units, len(codes))) < 0.3
    return [
        Coding(
            f"p{unit:03}",
            f"coder-{coder}",
            frozenset(
                code
                for code, given in zip(codes, truth[unit], strict=True)
                if given != (rng.random() < 0.1)
            ),
        )
        for unit in range(units)
        for coder in range(coders)
        if rng.random() >= missing
    ]


coded_sets = st.dictionaries(
    st.tuples(st.sampled_from("uvwxyz"), st.sampled_from(["ann", "ben", "cy"])),
    st.frozensets(st.sampled_from(CODES)),
    min_size=1,
)


@settings(max_examples=300, deadline=None)
@given(coded_sets)
def test_alpha_over_sets_equals_counting_every_pair(cells):
    codings = [Coding(unit, coder, codes) for (unit, coder), codes in cells.items()]
    masi, jaccard = set_alpha(arrange_codings(codings, CODES), ("masi", "jaccard"))
    for value, distance in ((masi, masi_by_hand), (jaccard, jaccard_by_hand)):
        expected = set_alpha_by_hand(codings, distance)
        if expected is None:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(expected)


@given(
    st.frozensets(st.integers(0, 5)),
    st.frozensets(st.integers(0, 5)),
)
def test_distances_follow_their_definitions(one, other):
    place = (len(one), len(other), len(one & other))
    assert distances("masi", 6)[place] == pytest.approx(masi_by_hand(one, other))
    assert distances("jaccard", 6)[place] == pytest.approx(jaccard_by_hand(one, other))
    assert distances("exact", 6)[place] == float(one != other)


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.frozensets(st.integers(0, 69), max_size=6), min_size=1, max_size=25),
    st.data(),
)
def test_every_way_to_sum_distances_gives_the_same_sums(sets, data):
    members = np.zeros((len(sets), 70), dtype=bool)
    for row, chosen in enumerate(sets):
        members[row, list(chosen)] = True
    used = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(sets), max_size=len(sets))))
    every = np.arange(len(sets))
    ways = (
        sums_by_comparison(members, every, every, used, METRICS),
        sums_by_subsets(members, used, METRICS),
        distance_sums(members, used, METRICS),
    )
    hands = (masi_by_hand, jaccard_by_hand, lambda one, other: float(one != other), dkpro_by_hand)
    for row, by_hand in enumerate(hands):
        expected = [
            sum(n * by_hand(one, other) for other, n in zip(sets, used, strict=True))
            for one in sets
        ]
        for sums in ways:
            assert sums[row] == pytest.approx(expected, abs=1e-8)


def test_large_sets_among_many_small_ones_are_compared_and_the_rest_counted_by_subsets():
    rng = np.random.default_rng(8)
    members = rng.random((3000, 40)) < 0.04
    members[:5] = rng.random((5, 40)) < 0.9
    members = np.unique(members, axis=0)
    used = rng.integers(1, 5, len(members))
    every = np.arange(len(members))
    expected = sums_by_comparison(members, every, every, used, METRICS)
    assert distance_sums(members, used, METRICS) == pytest.approx(expected)


def test_more_codes_than_bits_in_a_word_are_compared_whole():
    codes = [f"code-{number:03}" for number in range(130)]
    codings = random_codings(np.random.default_rng(3), 12, 3, codes)
    measured = measure_agreement(codings, codes, resamples=0)
    assert measured.sets.masi.value == pytest.approx(set_alpha_by_hand(codings, masi_by_hand))
    assert len(measured.codes) == 130


def test_interval_of_very_many_sets_is_that_of_comparing_them_anew(monkeypatch):
    codes = [f"code-{number:02}" for number in range(40)]
    codings = random_codings(np.random.default_rng(4), 300, 3, codes, missing=0.1)
    counts = count_sets(arrange_codings(codings, codes), ("masi", "jaccard"))
    assert len(counts.members) > 700
    exact = set_intervals(counts, 2000, np.random.default_rng(1))
    monkeypatch.setattr(setbootstrap, "MOST_SETS", 10)
    quick = set_intervals(counts, 2000, np.random.default_rng(1))
    for one, other in zip(exact, quick, strict=True):
        width = one.high - one.low
        assert other.low == pytest.approx(one.low, abs=0.03 * width)
        assert other.high == pytest.approx(one.high, abs=0.03 * width)
    monkeypatch.setattr(setbootstrap, "MOST_DRAWN", 10)
    normal = set_intervals(counts, 2000, np.random.default_rng(1))
    assert [interval.method for interval in normal] == ["normal", "normal"]
    assert normal[0].low == pytest.approx(exact[0].low, abs=0.15 * (exact[0].high - exact[0].low))
    assert normal[0].spread == pytest.approx(exact[0].spread, rel=0.1)


@settings(max_examples=60, deadline=None)
@given(coded_sets, st.randoms(use_true_random=False))
def test_order_of_codings_and_names_of_coders_do_not_matter(cells, random):
    codings = [Coding(unit, coder, codes) for (unit, coder), codes in cells.items()]
    if max((sum(c.unit == unit for c in codings) for unit in "uvwxyz"), default=0) < 2:
        with pytest.raises(AgreementError):
            measure_agreement(codings, CODES)
        return
    swap = {"ann": "zoe", "ben": "abe", "cy": "max"}
    shuffled = [Coding(c.unit, swap[c.coder], c.codes) for c in codings]
    random.shuffle(shuffled)
    one = measure_agreement(codings, CODES, resamples=40)
    other = measure_agreement(shuffled, CODES, resamples=40)
    for left, right in zip(one.codes, other.codes, strict=True):
        assert left.alpha_interval == right.alpha_interval
        assert (left.alpha, left.ac1, left.band) == (right.alpha, right.ac1, right.band)
        assert left.positives == right.positives
    assert one.sets.masi.value == pytest.approx(other.sets.masi.value)
    assert one.sets.masi_interval.low == pytest.approx(other.sets.masi_interval.low)


def test_rows_with_the_same_sets_are_one_pattern_whoever_chose_them():
    cells = np.array([[0, 1, -1], [1, 0, -1], [-1, 0, 1], [2, 2, 2], [0, 0, 1]])
    first, counts = distinct_rows(cells)
    assert sorted(counts.tolist()) == [1, 1, 3]
    assert len({tuple(sorted(row)) for row in cells[first].tolist()}) == 3


def test_patterns_of_very_many_coders_do_not_overflow():
    rng = np.random.default_rng(6)
    cells = np.repeat(rng.integers(-1, 5000, (7, 40)), 3, axis=0).astype(np.int32)
    _, counts = distinct_rows(cells)
    assert counts.tolist() == [3] * 7


def test_many_coders_have_a_kappa_for_every_two():
    rng = np.random.default_rng(7)
    columns = rng.integers(0, 2, (6, 30)).tolist()
    pairs = measure_column(*columns, resamples=0).codes[0].pairs
    names = [f"coder-{place}" for place in range(6)]
    assert [(p.coder_1, p.coder_2) for p in pairs] == list(combinations(names, 2))
