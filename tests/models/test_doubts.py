from dataclasses import dataclass, replace

import numpy as np
import pytest

from workbench.models.doubts import find_doubts
from workbench.models.evaluation import HELD_OUT
from workbench.models.heldout import arrange_held_out
from workbench.models.training import train_model


@dataclass(frozen=True)
class Coded:
    unit: str
    coder: str
    codes: frozenset


def flip(item, code="torture"):
    return frozenset({*item.codes} ^ {code})


def held_scores(coded, codebook):
    trained = train_model(coded, codebook)
    held = arrange_held_out(trained.metrics[HELD_OUT], coded, trained.codes)
    return dict(zip(held.paragraph_ids, held.answers.scores.tolist(), strict=True)), trained.codes


def test_planted_wrong_decisions_of_one_coder_head_the_list(coded, codebook):
    """Ben turns torture round in 8 of 80 paragraphs; the consensus is unmoved."""
    scores, codes = held_scores(coded, codebook)
    planted = {item.paragraph.paragraph_id for item in coded[3::20] + coded[5::20]}
    codings = []
    for item in coded:
        paragraph_id = item.paragraph.paragraph_id
        for coder in ("ada", "ben", "cyd"):
            wrong = coder == "ben" and paragraph_id in planted
            codings.append(
                Coded(paragraph_id, coder, flip(item) if wrong else frozenset(item.codes))
            )
    found = find_doubts(codings, scores, codes)
    first = {(d.paragraph_id, d.coder, d.code) for d in found[: len(planted)]}
    caught = first & {(paragraph_id, "ben", "torture") for paragraph_id in planted}
    assert len(planted) == 8
    assert len(caught) >= 7
    assert all(d.agreeing == 0 and d.others == 2 for d in found[: len(caught)])


def test_planted_wrong_labels_are_found_though_the_model_learned_from_them(coded, codebook):
    draw = np.random.default_rng(6)
    places = set(draw.choice(len(coded), 8, replace=False).tolist())
    wrong = [
        replace(item, codes=tuple(sorted(flip(item)))) if i in places else item
        for i, item in enumerate(coded)
    ]
    scores, codes = held_scores(wrong, codebook)
    codings = [Coded(i.paragraph.paragraph_id, "ada", frozenset(i.codes)) for i in wrong]
    found = find_doubts(codings, scores, codes)[:12]
    planted = {wrong[place].paragraph.paragraph_id for place in places}
    assert len({d.paragraph_id for d in found if d.code == "torture"} & planted) >= 6


def test_a_model_that_is_never_sure_doubts_nobody():
    codings = [Coded(f"p{i}", "ada", frozenset("a"[: i % 2])) for i in range(20)]
    assert find_doubts(codings, {c.unit: [0.5] for c in codings}, ("a",)) == []


def test_doubt_needs_the_usual_certainty_of_the_opposite():
    """Those that have the code score 0.9 on average, so 0.6 is no reason to doubt a no."""
    codings = [Coded(f"p{i}", "ada", frozenset("a")) for i in range(5)]
    codings += [Coded("low", "ada", frozenset()), Coded("high", "ada", frozenset())]
    scores = {c.unit: [0.9] for c in codings} | {"low": [0.6], "high": [0.95]}
    (doubt,) = find_doubts(codings, scores, ("a",))
    assert (doubt.paragraph_id, doubt.given, doubt.score) == ("high", False, 0.95)
    assert doubt.confidence == pytest.approx(0.05)
    assert doubt.quality == pytest.approx(0.05)


def test_decisions_on_paragraphs_that_were_not_held_out_are_left_out():
    assert find_doubts([Coded("p", "ada", frozenset("a"))], {}, ("a",)) == []
