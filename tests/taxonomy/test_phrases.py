"""Indicator phrases: what they find, with which offsets."""

import itertools
import re

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from workbench.taxonomy.phrases import PhraseFinder, Remembered, cut_stretches

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


def test_finding_in_several_texts_equals_finding_in_each() -> None:
    texts = ["tortured", "", "a strike and a trade union"]
    assert FINDER.find_in(texts, cut_stretches(texts)) == [FINDER.find(text) for text in texts]


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


class Matcher:
    """What `PhraseFinder` stands for: spaCy's PhraseMatcher over the canonical forms of a Doc."""

    def __init__(self, phrases: dict[str, list[str]]) -> None:
        split = {
            code: [re.findall(r"\w+\*?", p) for p in listed] for code, listed in phrases.items()
        }
        words = {word for listed in split.values() for phrase in listed for word in phrase}
        self.literals = {word for word in words if not word.endswith("*")}
        self.stems = sorted((w[:-1] for w in words if w.endswith("*")), key=len, reverse=True)
        self.nlp = spacy.blank("en")
        self.nlp.vocab.lex_attr_getters[NORM] = self.reduce
        for lexeme in self.nlp.vocab:
            lexeme.norm_ = self.reduce(lexeme.orth_)
        self.matcher = PhraseMatcher(self.nlp.vocab, attr="NORM")
        for code, listed in split.items():
            forms = [
                way for phrase in listed for way in itertools.product(*map(self.expand, phrase))
            ]
            self.matcher.add(code, [Doc(self.nlp.vocab, words=way) for way in forms])

    def reduce(self, form: str) -> str:
        lower = form.lower()
        fitting = (stem + "*" for stem in self.stems if lower.startswith(stem))
        return lower if lower in self.literals else next(fitting, lower)

    def expand(self, word: str) -> list[str]:
        if not word.endswith("*"):
            return [word]
        fitting = [*self.literals, *(stem + "*" for stem in self.stems)]
        return [form for form in fitting if form.startswith(word[:-1])]

    def find(self, text: str) -> list[tuple[str, int, int]]:
        doc = self.nlp.make_doc(re.sub(r"(?<=\w)[-/\u2010-\u2015](?=\w)", " ", text))
        spans = self.matcher(doc, as_spans=True)
        return [
            (code, span.start_char, span.end_char)
            for code in sorted({span.label_ for span in spans})
            for span in filter_spans([span for span in spans if span.label_ == code])
        ]


PHRASES = {
    "torture": ["tortur*", "ill treat*", "death* in custody", "death in a cell", "not treated"],
    "labor": ["strike", "strikes", "trade union*", "strike of the union", "10 strikes", "g20*"],
    "assembly": ["a strike", "on a", "marche*", "march", "\u00e9meute*"],
}
ORACLE, SAME = Matcher(PHRASES), PhraseFinder(PHRASES)
SCRAPS = (
    "Torture tortured ill treat treated death deaths in custody a cell strike STRIKES trade union"
    " unions of the on march marches marched \u00e9meutes \u00c9MEUTE 10 10km g20s not isn't cannot"
    " don\u2019t U.S. a.m. \u0130 \u039f\u0394\u039f\u03a3 - \u2013 / . , ; ' \" \u201c ( ) _ : $ %"
    " 's http://a.b/strike me@strike.org"
)
PIECES = st.sampled_from(SCRAPS.split(" "))
GAPS = st.sampled_from(["", " ", " ", " ", " ", "  ", "\n", "\t", "\u00a0", " \n ", "-"])


def places(text: str) -> list[tuple[str, int, int]]:
    return [(find.code, find.start, find.end) for find in SAME.find(text)]


@given(st.lists(st.tuples(PIECES, GAPS), max_size=25))
def test_finds_what_spacys_matcher_finds(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + gap for piece, gap in parts)
    assert places(text) == ORACLE.find(text)


@given(st.text())
def test_finds_what_spacys_matcher_finds_in_any_text(text: str) -> None:
    for around in (text, f"tortured{text}", f"{text}strike of{text}", f"a{text} strike"):
        assert places(around) == ORACLE.find(around)


@settings(max_examples=8, deadline=None)  # each builds two matchers
@given(st.lists(st.text("ab* -", min_size=1), max_size=5), st.text("ab -."))
def test_any_phrases_are_matched_as_spacy_does(phrases: list[str], text: str) -> None:
    listed = {"x": [p for p in phrases if re.search(r"\w", p)]}
    finds = [(find.code, find.start, find.end) for find in PhraseFinder(listed).find(text)]
    assert finds == Matcher(listed).find(text)


def test_a_huge_text_is_searched_in_no_time() -> None:
    text = "a strike of the unions " * 20_000
    assert len(SAME.find(text)) == 40_000


def test_memory_of_what_was_seen_is_bounded() -> None:
    seen = Remembered(str.upper)
    for number in range(Remembered.MOST + 10):
        assert seen[f"w{number}"] == f"W{number}"
    assert len(seen) <= Remembered.MOST
    assert seen["x" * 1000] == "X" * 1000
    assert "x" * 1000 not in seen
