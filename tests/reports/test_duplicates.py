"""Clusters of duplicates: a partition, complete, and the same in any order."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.reports.carried import carried_over
from workbench.reports.duplicates import find_clusters
from workbench.reports.shingles import ShingleTable, shingles
from workbench.reports.words import normalise

LAW = (
    "The law of Veldoria guards the freedom of assembly, yet the harbour police broke up "
    "four peaceful rallies of dockers in Port Amaro during the year and held nine of them."
)
#: Few words, so that texts are often alike; case, quotes and dashes that normalise evens out.
WORDS = st.sampled_from(
    (
        "the",
        "law",
        "Law",
        "of",
        "port",
        "“held”",
        '"held"',
        "police",
        "—",
        "-",
        "nine",
        "it’s",
        "it's",
    )
)
TEXTS = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=14)
THRESHOLDS = st.sampled_from([0.3, 0.5, 0.8, 1.0])


def numbered(texts):
    return [(f"p{number}", text) for number, text in enumerate(texts)]


def sets_of(clusters):
    return {frozenset(member.id for member in cluster.members) for cluster in clusters}


def jaccard(one, other):
    one, other = shingles(one), shingles(other)
    return len(one & other) / len(one | other) if one | other else 0.0


def linked(texts, threshold):
    """The connected components of near duplicates, by comparing every pair."""
    label = list(range(len(texts)))
    for a, b in combinations(range(len(texts)), 2):
        same = normalise(texts[a]) == normalise(texts[b])
        if same or jaccard(texts[a], texts[b]) >= threshold - 1e-9:
            old, new = label[b], label[a]
            label = [new if x == old else x for x in label]
    return label


def mutated(rng, words, vocabulary, changes):
    words = list(words)
    for _ in range(changes):
        words[rng.randrange(len(words))] = rng.choice(vocabulary)
    return words


def series(seed, count=60, years=5):
    """Texts of which each year's is the last one's with a few words changed."""
    rng = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(400)]
    texts = []
    for _ in range(count):
        words = rng.choices(vocabulary, k=rng.randint(2, 70))
        for _ in range(years):
            texts.append(" ".join(words))
            words = mutated(rng, words, vocabulary, rng.choice((0, 0, 1, 2, 5)))
    rng.shuffle(texts)
    return texts


@given(TEXTS, THRESHOLDS)
@example(["", "", "!", "law", "law of", "law of port"], 0.8)
def test_clusters_are_a_partition(texts, threshold):
    clusters = find_clusters(numbered(texts), threshold)
    ids = [member.id for cluster in clusters for member in cluster.members]
    assert sorted(ids) == sorted(key for key, _ in numbered(texts))


@given(TEXTS, THRESHOLDS)
def test_texts_with_the_same_words_are_together_and_share_a_variant(texts, threshold):
    where = {
        member.id: (number, member.variant)
        for number, cluster in enumerate(find_clusters(numbered(texts), threshold))
        for member in cluster.members
    }
    for (one, text), (other, again) in combinations(numbered(texts), 2):
        assert (where[one] == where[other]) == (normalise(text) == normalise(again))


@given(TEXTS, THRESHOLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_texts_decides_nothing(texts, threshold, rng):
    items = numbered(texts)
    shuffled = list(items)
    rng.shuffle(shuffled)
    assert find_clusters(shuffled, threshold) == find_clusters(items, threshold)


@given(TEXTS, THRESHOLDS)
def test_members_are_as_similar_to_the_representative_as_they_say(texts, threshold):
    of = dict(numbered(texts))
    for cluster in find_clusters(numbered(texts), threshold):
        first = of[cluster.members[0].id]
        for member in cluster.members:
            assert member.exact == (normalise(of[member.id]) == normalise(first))
            if member.exact:
                assert member.similarity == 1.0
            else:
                assert member.similarity == pytest.approx(jaccard(of[member.id], first))
                assert member.similarity >= threshold**2 - 1e-9
        assert cluster.exact == all(member.exact for member in cluster.members)


@given(TEXTS, THRESHOLDS)
def test_clusters_stay_within_what_near_duplicates_link(texts, threshold):
    label = linked(texts, threshold)
    for cluster in find_clusters(numbered(texts), threshold):
        assert len({label[int(member.id[1:])] for member in cluster.members}) == 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.7, 0.8, 0.9]))
def test_two_near_duplicates_are_always_together(seed, threshold):
    # Of two variants only, no chain can be cut: together exactly when near.
    rng = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(50)]
    texts = series(seed, 20, 1)
    base = rng.choices(vocabulary, k=40)
    pair = [" ".join(base), " ".join(mutated(rng, base, vocabulary, rng.randint(1, 6)))]
    clusters = find_clusters([*numbered(texts), ("one", pair[0]), ("two", pair[1])], threshold)
    together = any({"one", "two"} <= group for group in sets_of(clusters))
    near = jaccard(*pair) >= threshold or normalise(pair[0]) == normalise(pair[1])
    assert together == near


@pytest.mark.parametrize("seed", range(4))
def test_near_pairs_are_in_one_cluster_but_for_the_ends_of_chains(seed):
    texts = series(seed)
    where = {
        member.id: number
        for number, cluster in enumerate(find_clusters(numbered(texts)))
        for member in cluster.members
    }
    sets = {key: shingles(text) for key, text in numbered(texts)}
    near = [
        (one, other)
        for one, other in combinations(sets, 2)
        if len(sets[one] & sets[other]) >= 0.8 * len(sets[one] | sets[other])
    ]
    assert len(near) > 100
    found = sum(where[one] == where[other] for one, other in near)
    assert found / len(near) >= 0.95


def test_a_cluster_tells_copies_from_near_duplicates():
    styled = LAW.replace("The law", "THE  LAW")
    edited = LAW.replace("nine", "eleven")
    (cluster,) = find_clusters([("a", LAW), ("b", edited), ("c", styled), ("d", edited)])
    kinds = {member.id: (member.exact, member.variant) for member in cluster.members}
    first = cluster.members[0].id
    assert {kinds["a"][0], kinds["b"][0]} == {True, False}
    assert kinds["a"] == kinds["c"]
    assert kinds["b"] == kinds["d"]
    assert kinds[first] == (True, 0)
    assert not cluster.exact


def test_a_chain_of_small_changes_does_not_become_one_cluster():
    vocabulary = [f"word{number}" for number in range(2000)]
    words = vocabulary[:60]
    chain = []
    for year in range(40):
        chain.append((f"y{year:02}", " ".join(words)))
        words[year % 60 : year % 60 + 2] = vocabulary[100 + 2 * year : 102 + 2 * year]
    texts = dict(chain)
    assert all(jaccard(texts[f"y{y:02}"], texts[f"y{y + 1:02}"]) >= 0.8 for y in range(39))
    clusters = find_clusters(chain)
    assert len(clusters) > 1
    for cluster in clusters:
        first = texts[cluster.members[0].id]
        assert all(jaccard(texts[m.id], first) >= 0.64 for m in cluster.members)


def test_many_copies_of_one_template_are_quick_and_together():
    rng = random.Random(3)
    vocabulary = [f"word{number}" for number in range(500)]
    base = rng.choices(vocabulary, k=60)
    items = [(f"p{n}", " ".join(mutated(rng, base, vocabulary, 1))) for n in range(3000)]
    largest = find_clusters(items)[0]
    assert len(largest.members) > 2900


def test_what_carried_over_finds_is_not_left_alone():
    texts = series(7, 40, 2)
    groups = sets_of(find_clusters(numbered(texts)))
    near = carried_over(texts[:30], texts[30:])
    assert any(near)
    for number, found in enumerate(near):
        if found:
            assert {f"p{number}"} not in groups


@given(TEXTS)
def test_similarity_of_the_table_is_jaccard(texts):
    table = ShingleTable.of(normalise(text) for text in texts)
    for a, b in combinations(range(len(texts)), 2):
        found = table.similarity(np.array([a]), np.array([b]))[0]
        assert found == pytest.approx(jaccard(texts[a], texts[b]))


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        find_clusters([("a", LAW)], threshold)


def test_an_id_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="same id"):
        find_clusters([("a", LAW), ("a", LAW)])
