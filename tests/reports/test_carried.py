"""Carried-over text: exact Jaccard similarity of word 3-shingles, or the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.reports.carried import carried_over
from workbench.reports.words import normalise

SENTENCE = "Nobody in the valley was asked whether the bridge should be closed in the spring"
WORDS = ["the", "law", "was", "closed.", "River,", "miner’s"]
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), max_size=6)


def shingles_of(text: str) -> set[tuple[str, ...]]:
    words = normalise(text).replace(".", " ").replace(",", " ").split()
    return {tuple(words[n : n + 3]) for n in range(max(1, len(words) - 2))} - {()}


@given(new=texts, earlier=texts, threshold=st.sampled_from([0.25, 0.5, 0.8, 1.0]))
def test_the_flags_are_those_of_comparing_every_pair(
    new: list[str], earlier: list[str], threshold: float
) -> None:
    def alike(a: str, b: str) -> bool:
        if normalise(a) == normalise(b):
            return True
        one, other = shingles_of(a), shingles_of(b)
        return bool(one and other) and len(one & other) >= threshold * len(one | other)

    expected = [any(alike(text, old) for old in earlier) for text in new]
    assert carried_over(new, earlier, threshold) == expected


def test_a_changed_word_in_a_long_text_is_carried_over_and_a_new_sentence_is_not() -> None:
    year = SENTENCE + ", and the prefect of the lower canton had nothing to say about it."
    changed = year.replace("spring", "autumn")
    assert carried_over([year, changed, "Something else came up."], [year], 0.6) == [
        True,
        True,
        False,
    ]
    assert carried_over([changed], [year], 1.0) == [False]


def test_marks_and_case_do_not_hide_the_same_words() -> None:
    assert carried_over(["“NOBODY” came *home*"], ['"Nobody" came home']) == [True]


def test_nothing_is_carried_over_from_nothing() -> None:
    assert carried_over(["A text."], []) == [False]
    assert carried_over([], ["A text."]) == []


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.5])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        carried_over(["a"], ["b"], threshold)
