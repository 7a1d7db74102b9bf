"""What to tag next: the strategies, the audit and the prevalence that rests on it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from workbench.errors import UsageError
from workbench.models.audit import (
    WHOLE,
    bounds_of,
    draw_slice,
    number_of,
    size_audit,
)
from workbench.models.prevalence import Stratum, estimate_prevalence
from workbench.models.selection import (
    STRATEGIES,
    Pool,
    build_space,
    choose_rows,
    measure_doubt,
)


def make_pool(
    scores: list[list[float]],
    *,
    tagged: tuple[int, ...] = (),
    clusters: list[int] | None = None,
    features: np.ndarray | None = None,
    positives: tuple[int, ...] | None = None,
) -> Pool:
    table = np.array(scores, dtype=float)
    rows = len(table)
    open_ = np.ones(rows, dtype=bool)
    open_[list(tagged)] = False
    return Pool(
        open_=open_,
        scores=table,
        thresholds=np.full(table.shape[1], 0.5),
        features=csr_matrix(np.eye(rows) if features is None else features),
        clusters=np.arange(rows) if clusters is None else np.array(clusters),
        positives=np.array(positives or (0,) * table.shape[1]),
    )


def test_uncertain_takes_what_is_nearest_to_a_threshold_first() -> None:
    pool = make_pool([[0.02, 0.01], [0.5, 0.1], [0.99, 0.02], [0.3, 0.02], [0.47, 0.52]])
    assert choose_rows(pool, "uncertain", 3, 0) == [4, 1, 3]


def test_doubt_is_one_at_the_threshold_and_none_at_the_ends() -> None:
    doubt = measure_doubt(np.array([[0.2], [0.0], [1.0], [0.6]]), np.array([0.2]))
    assert doubt == pytest.approx([1, 0, 0, 0.25])


def test_rare_takes_the_likeliest_of_the_code_with_fewest_labels() -> None:
    scores = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.7], [0.1, 0.4]]
    assert choose_rows(make_pool(scores, positives=(0, 30)), "rare", 2, 0) == [0, 1]
    assert choose_rows(make_pool(scores, positives=(30, 0)), "rare", 2, 0) == [2, 3]


def test_rare_goes_on_to_another_code_when_the_first_has_its_share() -> None:
    scores = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    rows = choose_rows(make_pool(scores, positives=(0, 0)), "rare", 2, 0)
    assert {row < 2 for row in rows} == {True, False}


def test_what_is_far_from_the_tagged_comes_before_what_is_near() -> None:
    angles = np.array([0.0, 0.01, 0.02, 0.03, math.pi / 2])
    features = np.column_stack([np.cos(angles), np.sin(angles)])
    pool = make_pool([[0.4]] * 5, tagged=(0,), features=features)
    first = [choose_rows(pool, "diverse", 1, seed)[0] for seed in range(20)]
    assert first == [4] * 20


def test_mixed_takes_doubtful_spread_and_rare_ones() -> None:
    scores = [[0.5, 0.0], [0.45, 0.0], [0.44, 0.0], [0.99, 0.0], [0.0, 0.2], [0.0, 0.0]]
    chosen = choose_rows(make_pool(scores, positives=(50, 0)), "mixed", 4, 0)
    assert chosen[0] == 0
    assert chosen[3] == 4
    assert 5 not in chosen


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_near_duplicates_of_the_chosen_and_the_tagged_are_not_chosen(strategy: str) -> None:
    pool = make_pool([[0.5]] * 6, tagged=(5,), clusters=[0, 0, 0, 1, 2, 2])
    chosen = choose_rows(pool, strategy, 6, 0)
    assert len(chosen) == 2
    assert {pool.clusters[row] for row in chosen} == {0, 1}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=1, max_size=15),
    st.sampled_from(STRATEGIES),
    st.integers(0, 20),
    st.integers(0, 5),
    st.sets(st.integers(0, 14)),
)
def test_a_choice_is_of_open_rows_without_repeats_and_repeatable(
    scores, strategy, number, seed, tagged
) -> None:
    tagged = tuple(row for row in tagged if row < len(scores))
    pool = make_pool(scores, tagged=tagged)
    chosen = choose_rows(pool, strategy, number, seed)
    assert len(chosen) == min(number, len(scores) - len(tagged))
    assert len(set(chosen)) == len(chosen)
    assert set(chosen).isdisjoint(tagged)
    assert choose_rows(pool, strategy, number, seed) == chosen


def test_another_seed_draws_other_rows_at_random() -> None:
    pool = make_pool([[0.5]] * 200)
    assert choose_rows(pool, "random", 20, 1) != choose_rows(pool, "random", 20, 2)


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(UsageError, match="clever"):
        choose_rows(make_pool([[0.5]]), "clever", 1, 0)


def test_the_space_has_rows_of_length_one_and_stands_texts_without_words() -> None:
    space = build_space(["the mill closed", "the harbour opened", "a mill opened late"])
    assert np.asarray(space.multiply(space).sum(axis=1)).ravel() == pytest.approx(1)
    assert build_space(["1", "2 3"]).shape[0] == 2


IDS = {"a": [f"a.{n}" for n in range(40)], "b": [f"b.{n}" for n in range(25)]}


@pytest.mark.parametrize(("number", "size"), [(1, 1), (4, 4), (20, 5), (50, 10), (51, 11)])
def test_one_in_five_is_for_the_audit_and_five_at_least(number: int, size: int) -> None:
    assert size_audit(number) == size


def test_the_audit_grows_by_what_follows_and_never_turns_back() -> None:
    first = draw_slice(IDS, {}, (), 6, 1)
    reached = bounds_of([(("a", "b"), first.reached)])
    second = draw_slice(IDS, reached, first.drawn, 6, 1)
    assert len(first.drawn) == len(second.drawn) == 6
    assert first.drawn + second.drawn == draw_slice(IDS, {}, (), 12, 1).drawn


def test_a_new_report_catches_up_before_the_others_go_on() -> None:
    first = draw_slice({"a": IDS["a"]}, {}, (), 30, 1)
    reached = bounds_of([(("a",), first.reached)])
    second = draw_slice(IDS, reached, first.drawn, 5, 1)
    assert all(key.startswith("b.") for key in second.drawn)


def test_a_paragraph_that_a_correction_brought_is_drawn_if_its_number_is_below_the_bound() -> None:
    whole = draw_slice({"a": IDS["a"]}, {}, (), 20, 1)
    late = whole.drawn[3]
    recorded = set(whole.drawn) - {late}
    more = draw_slice({"a": IDS["a"]}, {"a": whole.reached}, recorded, 0, 1)
    assert more.drawn == (late,)


def test_an_audit_of_everything_reaches_the_end() -> None:
    everything = draw_slice(IDS, {}, (), 1000, 1)
    assert len(everything.drawn) == 65
    assert everything.reached == WHOLE


def test_every_paragraph_is_as_likely_to_be_drawn() -> None:
    """Over seeds, paragraphs fall into the audit equally often, within what chance allows."""
    counts = dict.fromkeys(IDS["a"], 0)
    for seed in range(400):
        for key in draw_slice({"a": IDS["a"]}, {}, (), 10, seed).drawn:
            counts[key] += 1
    assert sum(counts.values()) == 4000
    # Binomial(400, 1/4): mean 100, standard deviation 8.7; five of them either way.
    assert all(57 < count < 143 for count in counts.values())


def test_a_number_depends_on_the_seed_and_the_id_alone() -> None:
    assert number_of("a.1", 1) == number_of("a.1", 1)
    assert len({number_of(key, seed) for key in ("a.1", "a.2") for seed in (1, 2)}) == 4
    assert number_of("a.\ud800", 1)


def test_without_a_finite_population_the_interval_is_wilsons() -> None:
    """Brown, Cai and DasGupta 2001: 10 of 100 gives 0.055 to 0.174."""
    found = estimate_prevalence([Stratum(10**9, 100, 10)])
    assert found.share == 0.1
    assert (found.low, found.high) == pytest.approx((0.0552, 0.1744), abs=1e-4)


def test_a_population_coded_whole_leaves_no_doubt() -> None:
    found = estimate_prevalence([Stratum(40, 40, 7), Stratum(1, 1, 1)])
    assert (found.low, found.share, found.high) == pytest.approx((8 / 41,) * 3)


def test_strata_weigh_by_their_population_not_by_their_sample() -> None:
    found = estimate_prevalence([Stratum(900, 10, 1), Stratum(100, 90, 90)])
    assert found.share == pytest.approx(0.9 * 0.1 + 0.1)


def test_a_stratum_without_a_coded_paragraph_gives_no_figure() -> None:
    assert estimate_prevalence([Stratum(10, 5, 1), Stratum(10, 0, 0)]) is None
    assert estimate_prevalence([]) is None


@given(st.data(), st.integers(1, 4))
def test_the_interval_holds_the_share_and_what_was_counted(data, number: int) -> None:
    strata = []
    for _ in range(number):
        population = data.draw(st.integers(1, 300))
        sample = data.draw(st.integers(1, population))
        strata.append(Stratum(population, sample, data.draw(st.integers(0, sample))))
    found = estimate_prevalence(strata)
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1
    assert found.low * found.population >= found.positives - 1e-6


@pytest.mark.parametrize(("carrying", "size"), [(15, 30), (60, 60), (150, 40)])
def test_intervals_hold_the_truth_as_often_as_they_say(carrying: int, size: int) -> None:
    """300 paragraphs, of which `carrying` carry the code; audits of `size` by 600 seeds."""
    ids = [f"p.{n}" for n in range(300)]
    positive = set(ids[:carrying])
    held, shares = 0, []
    for seed in range(600):
        drawn = draw_slice({"p": ids}, {}, (), size, seed).drawn
        found = estimate_prevalence([Stratum(300, size, len(positive & set(drawn)))])
        held += found.low <= carrying / 300 <= found.high
        shares.append(found.share)
    assert held / 600 > 0.92
    assert np.mean(shares) == pytest.approx(carrying / 300, abs=0.01)
