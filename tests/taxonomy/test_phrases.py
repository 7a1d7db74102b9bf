"""Indicator phrases: what they find, with which offsets."""

import re

from hypothesis import given
from hypothesis import strategies as st

from workbench.taxonomy.phrases import PhraseFinder

FINDER = PhraseFinder(
    {
        "torture": ["tortur*", "ill treat*", "death* in custody", "death in a cell"],
        "labor": ["strike", "strikes", "trade union*"],
    }
)


def found(text: str) -> list[tuple[str, str]]:
    return [(e.code, e.text) for e in FINDER.find(text)]


def test_wildcard_stands_for_any_ending_and_case_does_not_matter() -> None:
    assert found("Tortured men and TORTURE") == [("torture", "Tortured"), ("torture", "TORTURE")]


def test_whole_words_only() -> None:
    assert found("The striker was struck; backstrikes.") == []
    assert found("A strike.") == [("labor", "strike")]


def test_hyphen_is_as_good_as_a_space() -> None:
    assert found("ill-treatment, ill treated") == [
        ("torture", "ill-treatment"),
        ("torture", "ill treated"),
    ]


def test_literal_and_wildcard_of_the_same_word_both_match() -> None:
    assert found("deaths in custody; death in a cell") == [
        ("torture", "deaths in custody"),
        ("torture", "death in a cell"),
    ]


def test_overlapping_finds_of_a_code_are_the_longest() -> None:
    finder = PhraseFinder({"a": ["prison", "prison conditions"]})
    assert [e.text for e in finder.find("prison conditions")] == ["prison conditions"]


def test_find_each_equals_find() -> None:
    texts = ["tortured", "", "a strike and a trade union"]
    assert list(FINDER.find_each(texts)) == [FINDER.find(text) for text in texts]


@given(st.text())
def test_offsets_give_back_the_found_words(text: str) -> None:
    for evidence in FINDER.find(text):
        assert text[evidence.start : evidence.end] == evidence.text


WORDS = st.sampled_from(["police", "tortured", "the", "ill-treated", "a", "strike", "unions", "."])


@given(st.lists(WORDS, max_size=12))
def test_agrees_with_a_regular_expression(words: list[str]) -> None:
    text = " ".join(words)
    expected = re.findall(r"\btortur\w*|\bill[- ]treat\w*", text)
    assert [e.text for e in FINDER.find(text) if e.code == "torture"] == expected
