"""Indicator phrases of the codebook, matched by spaCy's words, with exact offsets.

A blank English pipeline (tokenizer only) needs no download. Wildcards cost
nothing at match time: each word form is reduced once to a canonical form, the
longest literal or wildcard of the codebook that it fits, kept as the lexeme's
NORM. What spaCy's PhraseMatcher would find among those is found here without a
Doc for every text: the tokenizer cuts each stretch between blanks by itself, so
each distinct stretch is cut once, and a tree of the phrases follows the words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import spacy
from spacy.attrs import NORM

from workbench.records import Evidence

T = TypeVar("T")

_WORD = re.compile(r"\w+\*?")
# Hyphens and slashes join words that a phrase names apart ("ill-treatment").
_JOINERS = re.compile(r"(?<=\w)[-/\u2010-\u2015](?=\w)")


class Remembered(dict[str, T], Generic[T]):
    """What `make` says of each short string, made once; memory stays bounded."""

    MOST = 1 << 16
    LONGEST = 40

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str) -> T:
        made = self._make(key)
        if len(key) <= self.LONGEST:
            if len(self) >= self.MOST:
                self.clear()
            self[key] = made
        return made


@dataclass(slots=True)
class _Node:
    """A place in the tree of phrases: the codes of which one ends here, the words that follow."""

    codes: set[str] = field(default_factory=set)
    following: dict[str, "_Node"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Find:
    code: str
    words: int
    start: int
    end: int


#: The words of a stretch of text: canonical form, start and end in the stretch.
_Cut = tuple[tuple[str, int, int], ...]


class PhraseFinder:
    """Finds the phrases of several codes in a text.

    `phrases` maps a code to its phrases. Overlapping finds of one code are
    reduced to the longest, so that a stretch of text speaks once for a code.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        words = {w for ps in phrases.values() for p in ps for w in _split(p)}
        self._literals = {w for w in words if not w.endswith("*")}
        self._stems = sorted((w[:-1] for w in words if w.endswith("*")), key=len, reverse=True)
        self._nlp = spacy.blank("en")
        self._nlp.vocab.lex_attr_getters[NORM] = self._canonical
        for lexeme in self._nlp.vocab:  # those that the tokenizer made before
            lexeme.norm_ = self._canonical(lexeme.orth_)
        self._root = _Node()
        for code, code_phrases in phrases.items():
            for phrase in code_phrases:
                for forms in self._expand(_split(phrase)):
                    self._plant(forms, code)
        self._forms = self._literals | {f"{stem}*" for stem in self._stems}
        self._hint = self._hint_at(self._forms)
        self._cuts = Remembered(self._cut)

    def find(self, text: str) -> tuple[Evidence, ...]:
        """The finds in `text`, in order of code and offset."""
        return self.find_between(text, text.split(" "))

    def find_each(self, texts: Iterable[str]) -> Iterator[tuple[Evidence, ...]]:
        """`find` for each of `texts`, lazily."""
        return map(self.find, texts)

    def find_between(self, text: str, stretches: Sequence[str]) -> tuple[Evidence, ...]:
        """`find` for a text that has been split at its blanks."""
        cuts = list(map(self._cuts.__getitem__, stretches))
        finds: list[_Find] = []
        first = self._root.following
        for place, cut in enumerate(cuts):
            for number, (form, start, _) in enumerate(cut):
                if form in first:
                    ends = list(_follow(first[form], cuts, place, number))
                    if ends:
                        start += _offset(stretches, place)
                        finds += [
                            _Find(code, words, start, _offset(stretches, at) + end)
                            for codes, words, at, end in ends
                            for code in codes
                        ]
        return tuple(
            Evidence(find.code, find.start, find.end, text[find.start : find.end])
            for find in _keep_longest(finds)
        )

    def _cut(self, stretch: str) -> _Cut:
        """Its words as spaCy cuts them; none where no word of any phrase is among them."""
        # spaCy keeps every word that it has seen; so it is shown only those that may count.
        if not self._hint.search(stretch.lower()):
            return ()
        # One character for one: offsets stay those of the text itself.
        doc = self._nlp.make_doc(_JOINERS.sub(" ", stretch))
        cut = tuple((token.norm_, token.idx, token.idx + len(token)) for token in doc)
        return cut if any(form in self._forms for form, _, _ in cut) else ()

    def _hint_at(self, forms: Iterable[str]) -> re.Pattern[str]:
        """What is in every stretch that holds a word with one of these canonical forms."""
        hints = {form.removesuffix("*") for form in forms}
        # spaCy gives contractions a form of their own: "n't" stands for "not".
        for contraction, tokens in self._nlp.tokenizer.rules.items():
            if any(token.get(NORM) in self._forms for token in tokens):
                hints.add(contraction.lower())
        return re.compile("|".join(map(re.escape, sorted(hints))) or r"(?!)")

    def _canonical(self, form: str) -> str:
        """The longest literal or wildcard of the codebook that fits `form`, else `form`."""
        lower = form.lower()
        if lower in self._literals:
            return lower
        for stem in self._stems:
            if lower.startswith(stem):
                return stem + "*"
        return lower

    def _expand(self, words: Sequence[str]) -> list[list[str]]:
        """Each way in which the phrase's words can come out canonical."""
        combinations: list[list[str]] = [[]]
        for word in words:
            forms = [word]
            if word.endswith("*"):
                stem = word[:-1]
                forms = [w for w in self._literals if w.startswith(stem)]
                forms += [s + "*" for s in self._stems if s.startswith(stem)]
            combinations = [[*head, form] for head in combinations for form in sorted(forms)]
        return combinations

    def _plant(self, forms: Sequence[str], code: str) -> None:
        node = self._root
        for form in forms:
            node = node.following.setdefault(form, _Node())
        if node is not self._root:
            node.codes.add(code)


def _follow(
    node: _Node | None, cuts: Sequence[_Cut], place: int, number: int
) -> Iterator[tuple[set[str], int, int, int]]:
    """Where phrases that begin at a word end: codes, words, stretch, offset in the stretch."""
    words = 1
    while node is not None:
        if node.codes:
            yield node.codes, words, place, cuts[place][number][2]
        number += 1
        words += 1
        if number == len(cuts[place]):
            place, number = place + 1, 0
            if place == len(cuts) or not cuts[place]:
                return
        node = node.following.get(cuts[place][number][0])


def _offset(stretches: Sequence[str], place: int) -> int:
    return sum(map(len, stretches[:place])) + place


def _keep_longest(finds: Iterable[_Find]) -> list[_Find]:
    """Of finds of one code that overlap the one with the most words, and then the first."""
    kept: list[_Find] = []
    for find in sorted(set(finds), key=lambda f: (-f.words, f.start)):
        if not any(k.code == find.code and k.start < find.end and find.start < k.end for k in kept):
            kept.append(find)
    return sorted(kept, key=lambda find: (find.code, find.start))


def _split(phrase: str) -> list[str]:
    return _WORD.findall(phrase.lower())
