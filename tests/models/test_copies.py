"""Which texts are new and which are copies, edited ones too."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.models.copies import NEW_BELOW, Copies, is_copy
from workbench.reports.carried import carried_over
from workbench.reports.shingles import shingles

WORDS = ("harbour", "closed", "wages", "strike", "guards", "of", "the", "Velm", "mayor", "ban")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=12)


def compare(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    if one.casefold().split() == other.casefold().split():
        return 1.0
    return len(a & b) / len(a | b) if a | b else 0.0


@given(TEXTS, st.integers(0, 12))
def test_a_text_is_as_like_the_others_as_the_likest_of_them(texts, cut) -> None:
    cut = min(cut, len(texts))
    asked, others = np.arange(cut), np.arange(cut, len(texts))
    found = Copies.of(texts).measure(asked, others)
    for place, measured in zip(asked, found, strict=True):
        best = max((compare(texts[place], texts[other]) for other in others), default=0.0)
        assert measured == (best if is_copy(np.array(best)) else 0.0)
    assert is_copy(found).tolist() == carried_over(texts[:cut], texts[cut:], NEW_BELOW)


def test_an_edited_text_is_a_copy_and_a_rewritten_one_is_not() -> None:
    text = "Guards beat the prisoners of Karsk until they signed the papers that the mayor had sent"
    edited = text.replace("mayor", "general")
    rewritten = "In Karsk the guards had beaten prisoners, who signed papers sent by the mayor."
    copies = Copies.of([text, edited, rewritten, text.upper()])
    assert copies.measure(np.array([0, 2]), np.array([1])).round(2).tolist() == [0.65, 0.0]
    assert copies.measure(np.array([0]), np.array([1, 3])).tolist() == [1.0]
    assert copies.measure(np.array([0]), np.array([], dtype=int)).tolist() == [0.0]
