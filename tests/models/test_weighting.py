"""How much each label counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.models.classifier import UNDECIDED
from workbench.models.weighting import (
    LEAST,
    MOST,
    describe_weights,
    weigh_agreement,
    weigh_labels,
    weigh_publishers,
)
from workbench.records import Provenance

CODES = ("torture", "labor")


@pytest.fixture
def supported(make_coded):
    """A coded paragraph by how far its codes are borne out."""

    def make(support, report_id="ostravia-2031", decided="majority"):
        codes = tuple(code for code, share in support.items() if share > 0.5)
        item = make_coded("Guards beat them.", codes, report_id)
        return replace(item, provenance=Provenance(decided, support))

    return make


def test_a_label_counts_by_how_many_more_stand_for_it_than_against(supported) -> None:
    cases = [
        ({"torture": 1.0}, [1, 1]),
        ({"torture": 2 / 3}, [1 / 3, 1]),
        ({"torture": 1 / 3, "labor": 1.0}, [1 / 3, 1]),
        ({"torture": 0.75}, [0.5, 1]),
        ({"torture": 0.5}, [LEAST, 1]),
        ({}, [1, 1]),
    ]
    weights = weigh_agreement([supported(support) for support, _ in cases], CODES)
    assert weights == pytest.approx(np.array([expected for _, expected in cases]))


def test_a_code_that_the_adjudicator_took_away_counts_in_full(supported) -> None:
    item = supported({"torture": 0.0}, decided="adjudicated")
    assert weigh_agreement([item], CODES).tolist() == [[1, 1]]


def test_labels_of_unknown_provenance_count_in_full(coded) -> None:
    assert (weigh_labels(coded, CODES) == 1).all()


def test_few_paragraphs_of_a_publisher_count_more_up_to_a_limit() -> None:
    publishers = ["state"] * 400 + ["ngo"] * 200 + ["un"] * 50
    assert weigh_publishers(publishers) == {"state": 1, "ngo": 2, "un": MOST}
    assert weigh_publishers(["state"] * 3) == {"state": 1}
    assert weigh_publishers([None, None, "un"]) == {None: 1, "un": 2}
    assert weigh_publishers([]) == {}


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1))
def test_no_publisher_counts_more_than_the_largest(publishers) -> None:
    weights = weigh_publishers(publishers)
    totals = {name: publishers.count(name) * weight for name, weight in weights.items()}
    assert max(totals.values()) <= max(map(publishers.count, publishers)) + 1e-9
    assert all(1 <= weight <= MOST for weight in weights.values())


def test_trust_and_publisher_are_multiplied(supported) -> None:
    coded = [
        supported({"torture": 1.0}),
        supported({"torture": 1.0}),
        supported({"torture": 2 / 3}, report_id="brief"),
    ]
    weights = weigh_labels(coded, CODES, {"ostravia-2031": "state", "brief": "ngo"})
    assert weights == pytest.approx(np.array([[1, 1], [1, 1], [2 / 3, 2]]))


def test_what_the_weights_rest_on_is_described(supported) -> None:
    coded = [supported({"torture": 2 / 3, "labor": 2 / 3}), supported({"labor": 1.0}, "brief")]
    labels = np.array([[1, UNDECIDED], [0, 1]])
    assert describe_weights(coded, labels, CODES, {"brief": "ngo"}) == {
        "disputed": 1,
        "publishers": [
            {"name": None, "paragraphs": 1, "weight": 1.0},
            {"name": "ngo", "paragraphs": 1, "weight": 1.0},
        ],
    }


def test_a_twins_label_makes_no_publisher_weigh_more(supported) -> None:
    coded = [
        replace(
            supported({"torture": 1.0}),
            paragraph=replace(supported({}).paragraph, paragraph_id=f"p{n}"),
        )
        for n in range(5)
    ]
    brief = supported({"torture": 1.0}, report_id="brief")
    carried = {brief.paragraph.paragraph_id}
    sources = {"ostravia-2031": "state", "brief": "ngo"}
    weights = weigh_labels([*coded, brief], CODES, sources, carried)
    assert (weights == 1).all()
    labels = np.ones(weights.shape, dtype=int)
    described = describe_weights([*coded, brief], labels, CODES, sources, carried)
    assert described["publishers"] == [{"name": "state", "paragraphs": 5, "weight": 1.0}]
