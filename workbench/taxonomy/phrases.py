"""Indicator phrases of the codebook, matched by spaCy's words, with exact offsets.

A blank English pipeline (tokenizer only) needs no download. Wildcards cost
nothing at match time: each word form is reduced once to a canonical form, the
longest literal or wildcard of the codebook that it fits, kept as the lexeme's
NORM. What spaCy's PhraseMatcher would find among those is found here without a
Doc for every text: the tokenizer cuts each stretch between blanks by itself, so
a stretch is cut once and remembered, and a tree of the phrases follows the words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

import spacy
from spacy.attrs import NORM, ORTH

from workbench.records import Evidence

T = TypeVar("T")

_WORD = re.compile(r"\w+\*?")
# Hyphens and slashes join words that a phrase names apart ("ill-treatment").
_JOINERS = re.compile(r"(?<=\w)[-/\u2010-\u2015](?=\w)")
_LETTERS = re.compile(r"[^\W\d_]+")


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
class _Cut:
    """A stretch of text between blanks, as spaCy cuts it into words.

    `forms` are their canonical forms, `places` their offsets in the stretch,
    `first` the numbers of those with which a phrase can begin.
    """

    forms: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Find:
    """A phrase of `words` words: `start` in the stretch `first` to `end` in the stretch `last`."""

    code: str
    words: int
    first: int
    start: int
    last: int
    end: int


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
        self._leads, self._lead_stems = self._find_leads()
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
        for at, cut in enumerate(cuts):
            if cut:
                for number in cut.first:
                    finds += self._follow(cuts, at, number)
        if not finds:
            return ()
        begins = list(accumulate((len(stretch) + 1 for stretch in stretches), initial=0))
        places = [
            (f.code, f.words, begins[f.first] + f.start, begins[f.last] + f.end) for f in finds
        ]
        return tuple(Evidence(code, a, b, text[a:b]) for code, a, b in _keep_longest(places))

    def _follow(self, cuts: Sequence[_Cut | None], at: int, number: int) -> Iterator[_Find]:
        """The phrases that begin with one word: `number` of the cut `at`."""
        cut = cuts[at]
        first, start, words = at, cut.places[number][0], 1
        node = self._root.following.get(cut.forms[number])
        while node is not None:
            for code in node.codes:
                yield _Find(code, words, first, start, at, cut.places[number][1])
            number += 1
            words += 1
            if number == len(cut.forms):
                at, number = at + 1, 0
                cut = cuts[at] if at < len(cuts) else None
                if cut is None:
                    return
            node = node.following.get(cut.forms[number])

    def _cut(self, stretch: str) -> _Cut | None:
        """The words of `stretch`; None where no word of any phrase is among them."""
        # spaCy keeps every word that it has seen; so it is shown only those that may count.
        if not self._may_count(stretch.lower()):
            return None
        # One character for one: offsets stay those of the text itself.
        doc = self._nlp.make_doc(_JOINERS.sub(" ", stretch))
        forms = tuple(token.norm_ for token in doc)
        if self._forms.isdisjoint(forms):
            return None
        first = tuple(i for i, form in enumerate(forms) if form in self._root.following)
        return _Cut(forms, tuple((t.idx, t.idx + len(t)) for t in doc), first)

    def _may_count(self, stretch: str) -> bool:
        """Whether a lower-case stretch could hold a word with one of the canonical forms."""
        runs = _LETTERS.findall(stretch)
        return any(
            run in self._leads or run.startswith(self._lead_stems.get(run[0], ())) for run in runs
        ) or ("" in self._leads and any(map(str.isdigit, stretch)))

    def _find_leads(self) -> tuple[set[str], dict[str, tuple[str, ...]]]:
        """The letters with which words that count begin: whole runs of them, and stems.

        The stems are under their first letter. An empty run stands for figures.
        """
        words = set(self._literals)
        # spaCy cuts contractions by a list, some into other forms: "n't" stands for "not".
        for contraction, parts in self._nlp.tokenizer.rules.items():
            if any(p.get(NORM, self._canonical(p[ORTH])) in self._forms for p in parts):
                words.add(contraction.lower())
        leads = {(_LETTERS.findall(word) or [""])[0] for word in words}
        stems: dict[str, tuple[str, ...]] = {}
        for stem in self._stems:
            run = (_LETTERS.findall(stem) or [""])[0]
            if run:
                stems[run[0]] = (*stems.get(run[0], ()), run)
            else:
                leads.add("")
        return leads, stems

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


def _keep_longest(finds: Iterable[tuple[str, int, int, int]]) -> list[tuple[str, int, int]]:
    """Of finds (code, words, start, end) of a code that overlap the one with the most words.

    Among equals it is the first. Returns (code, start, end), in this order.
    """
    taken: dict[str, set[int]] = {}
    kept = []
    for code, _, start, end in sorted(finds, key=lambda find: (-find[1], find[2])):
        places = taken.setdefault(code, set())
        # A shorter one can only stick out of a longer one at one end.
        if start not in places and end - 1 not in places:
            places.update(range(start, end))
            kept.append((code, start, end))
    return sorted(kept)


def _split(phrase: str) -> list[str]:
    return _WORD.findall(phrase.lower())
