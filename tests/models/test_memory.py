import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ModelFileError
from workbench.models.copies import NEW_BELOW
from workbench.models.memory import dump_memory, find_seen, parse_memory, remember
from workbench.reports.carried import carried_over

LONG = "The harbour of Velm was closed for three weeks after the dockers had asked for their wages"
WORDS = ("harbour", "closed", "wages", "strike", "guards", "of", "the", "Velm", "mayor", "ban")
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)


def kept(make_coded, texts):
    coded = [make_coded(text, (), position=i) for i, text in enumerate(texts)]
    return parse_memory(dump_memory(remember(coded)), "training.jsonl")


@given(st.lists(TEXT, max_size=8), st.lists(TEXT, max_size=8))
def test_what_was_seen_is_what_was_carried_over(make_coded, texts, learned):
    seen = find_seen(texts, kept(make_coded, learned)).tolist()
    assert seen == carried_over(texts, learned, NEW_BELOW)


def test_near_duplicates_and_other_spellings_are_seen_and_strangers_are_not(make_coded):
    memory = kept(make_coded, [LONG, "Guards beat him."])
    asked = [LONG.upper(), f"{LONG} again.", "guards  beat him.", "Guards beat her.", LONG[:40]]
    assert find_seen(asked, memory).tolist() == [True, True, True, False, False]


def test_the_memory_holds_no_words_of_the_text(make_coded):
    text = dump_memory(remember([make_coded(LONG, ())]))
    assert not [word for word in re.findall(r"\w{6,}", LONG) if word in text]


@pytest.mark.parametrize(
    "line",
    ["", "[]", "{}", "nonsense", '{"paragraph_id": "p", "words": "w", "shingles": "%%%%"}',
     '{"paragraph_id": "p", "words": "w", "shingles": "AAA="}'],
)  # fmt: skip
def test_a_damaged_memory_is_named_with_the_line(make_coded, line):
    good = dump_memory(remember([make_coded(LONG, ())]))
    with pytest.raises(ModelFileError, match=r"training\.jsonl, line 2: damaged"):
        parse_memory(good + line + "\n", "training.jsonl")
