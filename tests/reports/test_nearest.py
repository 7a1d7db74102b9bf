"""Near duplicates of one lot of texts among another."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.nearest import find_near
from workbench.reports.shingles import shingles
from workbench.reports.words import normalise

WORDS = ("mill", "strike", "guard", "press", "rally", "court", "cell", "wage")
lots = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), max_size=12)


def pairs_by_hand(texts: list[str], others: list[str], threshold: float) -> dict:
    found = {}
    for i, one in enumerate(texts):
        for j, other in enumerate(others):
            a, b = shingles(one), shingles(other)
            alike = len(a & b) / len(a | b)
            if normalise(one) != normalise(other) and alike >= threshold - 1e-9:
                found[i, j] = alike
    return found


@given(lots, lots, st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_every_near_pair_is_found_and_no_other(texts, others, threshold) -> None:
    found = {(a, b): s for a, b, s in find_near(texts, others, threshold)}
    assert found == pytest.approx(pairs_by_hand(texts, others, threshold))


def test_more_rows_than_one_block_are_all_compared(monkeypatch) -> None:
    monkeypatch.setattr("workbench.reports.nearest._ROWS_AT_A_TIME", 3)
    draw = random.Random(4)
    texts = [" ".join(draw.choices(WORDS, k=6)) for _ in range(40)]
    others = [f"{text} wage" for text in texts[::2]]
    found = {(a, b): s for a, b, s in find_near(texts, others, 0.6)}
    assert found == pytest.approx(pairs_by_hand(texts, others, 0.6))
    assert len(found) >= 15


def test_equal_words_are_no_near_pair() -> None:
    assert list(find_near(["The “mill” closed down"], ['the "MILL" closed down'])) == []
    assert [p[:2] for p in find_near(["the mill, closed down"], ["the mill closed down"])] == [
        (0, 0)
    ]
