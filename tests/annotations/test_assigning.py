"""Sharing out paragraphs: enough coders each, balanced, mixed, repeatable, added to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.annotations.assigning import assign_paragraphs
from workbench.errors import UsageError
from workbench.records import Assignment

NAMES = ("ana", "ben", "chloe", "dora", "emil", "fay", "gus")


def make_reports(*sizes: int) -> dict[str, list[str]]:
    return {f"r{i}": [f"r{i}.p{j}" for j in range(size)] for i, size in enumerate(sizes)}


def coders_of(assignments: Iterable[Assignment]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for assignment in assignments:
        found.setdefault(assignment.paragraph_id, []).append(assignment.coder)
    return found


def loads(assignments: Iterable[Assignment], names: Sequence[str], start: str = "") -> list[int]:
    """Each coder's number of paragraphs that are not shared, of ids that start with `start`."""
    counts = Counter(
        a.coder for a in assignments if not a.shared and a.paragraph_id.startswith(start)
    )
    return [counts[name] for name in names]


def pairs(assignments: Iterable[Assignment]) -> Counter[tuple[str, ...]]:
    sitting = coders_of(a for a in assignments if not a.shared).values()
    return Counter(pair for names in sitting for pair in combinations(sorted(names), 2))


@st.composite
def designs(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, float], int, int, int]:
    """Reports, weights, coders a paragraph, shared, seed."""
    reports = make_reports(*draw(st.lists(st.integers(0, 25), min_size=1, max_size=4)))
    names = NAMES[: draw(st.integers(1, 6))]
    weights = {name: float(draw(st.sampled_from((1, 1, 2, 3, 0.5)))) for name in names}
    k = draw(st.integers(1, len(names)))
    return reports, weights, k, draw(st.integers(0, 12)), draw(st.integers(0, 99))


@given(designs())
@settings(max_examples=60, deadline=None)
def test_every_paragraph_has_just_as_many_different_coders_as_asked_for(design) -> None:
    reports, weights, k, shared, seed = design
    made = assign_paragraphs(reports, weights, k, shared, seed)
    found = coders_of(made)
    everything = {key for keys in reports.values() for key in keys}
    assert found.keys() == everything
    for_all = {a.paragraph_id for a in made if a.shared}
    assert len(for_all) == min(shared, len(everything))
    for key, names in found.items():
        assert len(names) == len(set(names)) == (len(weights) if key in for_all else k)
    assert all(a.shared for a in made if a.paragraph_id in for_all)


@given(designs())
@settings(max_examples=60, deadline=None)
def test_with_equal_weights_numbers_differ_by_one_at_most_in_each_report_and_in_all(design) -> None:
    reports, weights, k, shared, seed = design
    made = assign_paragraphs(reports, dict.fromkeys(weights, 1.0), k, shared, seed)
    for start in ("", *(f"{report_id}." for report_id in reports)):
        numbers = loads(made, list(weights), start)
        assert max(numbers) - min(numbers) <= 1


@given(designs())
@settings(max_examples=60, deadline=None)
def test_each_coder_is_less_than_one_paragraph_from_the_share_by_weight_in_each_report(
    design,
) -> None:
    reports, weights, k, shared, seed = design
    if k * max(weights.values()) > sum(weights.values()):
        k = 1  # else one's share is more than every paragraph
    made = assign_paragraphs(reports, weights, k, shared, seed)
    for report_id in reports:
        numbers = loads(made, list(weights), f"{report_id}.")
        for number, weight in zip(numbers, weights.values(), strict=True):
            assert abs(number - sum(numbers) * weight / sum(weights.values())) < 1


@given(designs(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_neither_the_order_of_reports_nor_of_paragraphs_nor_of_coders_matters(
    design, random
) -> None:
    reports, weights, k, shared, seed = design
    made = assign_paragraphs(reports, weights, k, shared, seed)
    shuffled = {key: random.sample(reports[key], len(reports[key])) for key in reversed(reports)}
    people = dict(random.sample(list(weights.items()), len(weights)))
    assert assign_paragraphs(shuffled, people, k, shared, seed) == made


@given(designs(), designs())
@settings(max_examples=40, deadline=None)
def test_what_is_assigned_stays_and_only_new_paragraphs_are_added(design, later) -> None:
    reports, weights, k, shared, seed = design
    made = assign_paragraphs(reports, weights, k, shared, seed)
    assert assign_paragraphs(reports, weights, k, shared, seed, made) == []
    more = {**reports, **{f"new {key}": [f"new {k}" for k in ks] for key, ks in later[0].items()}}
    added = assign_paragraphs(more, weights, k, shared, seed, made)
    new = {key for keys in more.values() for key in keys} - coders_of(made).keys()
    assert coders_of(added).keys() == new
    assert assign_paragraphs(more, weights, k, shared, seed, [*made, *added]) == []


@given(designs(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_what_a_leaver_leaves_is_filled_up_by_the_others(design, random) -> None:
    reports, weights, k, shared, seed = design
    made = assign_paragraphs(reports, weights, k, shared, seed)
    stay = {name: weight for name, weight in weights.items() if name != "ana"}
    k = min(k, len(stay))
    if not k:
        return
    kept = [a for a in made if a.coder != "ana" or random.random() < 0.4]
    added = assign_paragraphs(reports, stay, k, shared, seed, kept)
    for_all = {a.paragraph_id for a in kept if a.shared}
    for key, names in coders_of([*kept, *added]).items():
        assert len(names) == len(set(names)) >= k
        assert key in for_all or len(names) == max(k, len(coders_of(kept).get(key, ())))


def test_another_seed_draws_another_shared_set_and_other_coders() -> None:
    reports = make_reports(60, 60)
    weights = dict.fromkeys(NAMES[:4], 1.0)
    one, two = (assign_paragraphs(reports, weights, 2, 20, seed) for seed in (1, 2))
    shared = [{a.paragraph_id for a in made if a.shared} for made in (one, two)]
    assert shared[0] != shared[1]
    assert coders_of(one) != coders_of(two)


def test_the_shared_set_is_drawn_over_all_reports() -> None:
    made = assign_paragraphs(make_reports(200, 200), dict.fromkeys("ab", 1.0), 1, 60, 3)
    drawn = Counter(a.paragraph_id[:2] for a in made if a.shared and a.coder == "a")
    assert sum(drawn.values()) == 60
    assert min(drawn["r0"], drawn["r1"]) >= 15


@pytest.mark.parametrize(("number", "k"), [(3, 2), (4, 2), (5, 2), (7, 2), (5, 3), (6, 4)])
def test_every_two_coders_meet_equally_often(number: int, k: int) -> None:
    weights = dict.fromkeys(NAMES[:number], 1.0)
    met = pairs(assign_paragraphs(make_reports(70, 40, 30), weights, k, 0, 5))
    assert len(met) == number * (number - 1) // 2
    assert max(met.values()) - min(met.values()) <= 3


def test_with_unequal_weights_every_two_coders_still_meet() -> None:
    weights = {"ana": 3.0, "ben": 2.0, "chloe": 1.0, "dora": 1.0, "emil": 1.0}
    met = pairs(assign_paragraphs(make_reports(100, 100), weights, 2, 0, 0))
    assert len(met) == 10
    assert max(abs(met["ana", c] - met["ana", "chloe"]) for c in ("dora", "emil")) <= 2


def test_weights_share_out_the_work() -> None:
    made = assign_paragraphs(make_reports(80, 40), {"ana": 2, "ben": 1, "chloe": 1}, 2, 0, 0)
    assert loads(made, ("ana", "ben", "chloe")) == [120, 60, 60]


def test_a_weight_that_asks_for_more_than_every_paragraph_gives_every_paragraph() -> None:
    made = assign_paragraphs(make_reports(40), {"ana": 10, "ben": 1, "chloe": 1}, 2, 0, 0)
    assert loads(made, ("ana", "ben", "chloe")) == [40, 20, 20]


def test_many_small_reports_come_out_as_the_weights_say_all_the_same() -> None:
    made = assign_paragraphs(make_reports(*[1] * 200), {"ana": 2, "ben": 1, "chloe": 1}, 1, 0, 0)
    assert loads(made, ("ana", "ben", "chloe")) == [100, 50, 50]


def test_paragraphs_that_come_one_by_one_are_shared_out_evenly_in_the_long_run() -> None:
    existing: list[Assignment] = []
    weights = {"ana": 2.0, "ben": 1.0, "chloe": 1.0}
    for number in range(1, 41):
        existing += assign_paragraphs(make_reports(number), weights, 1, 0, 0, existing)
    assert loads(existing, ("ana", "ben", "chloe")) == [20, 10, 10]


def test_a_coder_who_joins_gets_the_shared_set_and_a_fair_part_of_what_is_new() -> None:
    team = dict.fromkeys(("ana", "ben"), 1.0)
    made = assign_paragraphs(make_reports(40), team, 2, 10, 0)
    added = assign_paragraphs(make_reports(70), {**team, "chloe": 1.0}, 2, 10, 0, made)
    shared = {a.paragraph_id for a in made if a.shared}
    assert {a.paragraph_id for a in added if a.shared} == shared
    assert {a.coder for a in added if a.shared} == {"chloe"}
    assert loads(added, ("ana", "ben", "chloe")) == [20, 20, 20]


def test_what_somebody_coded_already_counts_as_one_coder() -> None:
    reports = make_reports(10)
    coded = [("r0.p1", "ana"), ("r0.p2", "an importer"), ("r0.p3", "ben"), ("r0.p3", "ana")]
    found = coders_of(
        assign_paragraphs(reports, dict.fromkeys(("ana", "ben"), 1.0), 2, 0, 0, (), coded)
    )
    assert found["r0.p1"] == ["ben"]
    assert len(found["r0.p2"]) == 1
    assert "r0.p3" not in found
    assert sorted(found["r0.p4"]) == ["ana", "ben"]


def test_shared_paragraphs_are_taken_from_those_that_nobody_has() -> None:
    team = dict.fromkeys(("ana", "ben", "chloe"), 1.0)
    first = assign_paragraphs(make_reports(20), team, 1, 0, 0)
    added = assign_paragraphs(make_reports(25), team, 1, 30, 0, first)
    assert {a.paragraph_id for a in added} == {f"r0.p{n}" for n in range(20, 25)}
    assert all(a.shared for a in added)


@pytest.mark.parametrize(
    ("weights", "k", "shared", "word"),
    [
        ({"ana": 1.0}, 2, 0, "only 1"),
        ({"ana": 0.0}, 1, 0, "weight"),
        ({"ana": float("nan")}, 1, 0, "weight"),
        ({"ana": 1.0}, 0, 0, "impossible"),
        ({"ana": 1.0}, 1, -1, "impossible"),
    ],
)
def test_what_cannot_be_is_refused(weights, k: int, shared: int, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        assign_paragraphs(make_reports(3), weights, k, shared, 0)
