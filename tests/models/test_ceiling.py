from dataclasses import dataclass

import pytest

from workbench.models.ceiling import measure_ceiling


@dataclass(frozen=True)
class Coded:
    unit: str
    coder: str
    codes: frozenset


def code(unit, **decisions):
    return [Coded(unit, coder, frozenset(codes)) for coder, codes in decisions.items()]


def test_coders_of_one_mind_reach_one():
    codings = [
        c
        for i in range(9)
        for c in code(f"p{i}", ada="a" if i < 6 else "", ben="a" if i < 6 else "")
    ]
    ceiling = measure_ceiling(codings, ("a",), 0)
    assert ceiling["codes"]["a"]["f1"]["value"] == 1.0
    assert ceiling["paragraphs"] == 9


def test_each_coder_is_judged_against_the_majority_of_the_others():
    """Cyd misses two of six; against the others' majority his recall is 4/6, theirs is 1."""
    codings = []
    for i in range(6):
        codings += code(f"p{i}", ada="a", ben="a", cyd="a" if i < 4 else "")
    ceiling = measure_ceiling(codings, ("a",), 0)
    # Of p4 and p5 Ada and Ben are judged by one yes and one no: undecided, counted nowhere.
    assert ceiling["codes"]["a"]["f1"]["value"] == pytest.approx(2 * 12 / (12 + 14), abs=1e-4)
    assert ceiling["coders"]["ada"]["micro_f1"]["value"] == 1.0
    assert ceiling["coders"]["cyd"]["micro_f1"]["value"] == pytest.approx(0.8)
    assert ceiling["coders"]["cyd"]["decisions"] == 6


def test_paragraphs_of_one_coder_say_nothing():
    assert measure_ceiling(code("p1", ada="a") + code("p2", ben="a"), ("a",), 0) is None
    both = code("p1", ada="a", ben="") + code("p2", ada="a")
    assert measure_ceiling(both, ("a",), 0)["paragraphs"] == 1


def test_the_order_of_the_codings_changes_nothing():
    codings = [c for i in range(12) for c in code(f"p{i}", ada="a"[: i % 2], ben="a"[: i % 3])]
    assert measure_ceiling(codings, ("a",), 0) == measure_ceiling(codings[::-1], ("a",), 0)
