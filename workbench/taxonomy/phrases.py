"""Indicator phrases of the codebook, matched by spaCy's words, with exact offsets.

A blank English pipeline (tokenizer only) needs no download. Wildcards cost
nothing at match time: each word form is reduced once to a canonical form, the
longest literal or wildcard of the codebook that it fits, kept as the lexeme's
NORM. What spaCy's PhraseMatcher would find among those is found here without a
Doc for every text: the tokenizer cuts each stretch between blanks by itself, so
a stretch is cut once and remembered, and a tree of the phrases follows the words.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Generic, TypeVar

import numpy as np

from workbench.records import Evidence

T = TypeVar("T")

_WORD = re.compile(r"\w+\*?")
# Hyphens and slashes join words that a phrase names apart ("ill-treatment").
_JOINERS = re.compile(r"(?<=\w)[-/\u2010-\u2015](?=\w)")
_LETTERS = re.compile(r"[^\W\d_]+")


class Remembered(dict[str, T], Generic[T]):
    """What `make` says of each short string, made once; memory stays bounded."""

    MOST = 1 << 17
    LONGEST = 40

    def __init__(self, make: Callable[[str], T], longest: int = LONGEST) -> None:
        super().__init__()
        self._make = make
        self._longest = longest

    def __missing__(self, key: str) -> T:
        made = self._make(key)
        if len(key) <= self._longest:
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
    `first` the numbers of those with which a phrase can begin. `kind` is 1 where
    there are none, 2 where a phrase needs the next stretch too, with one of the
    words `after` first, 3 where it may not.
    """

    forms: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    first: tuple[int, ...]
    kind: int
    after: Mapping[str, "_Node"]


# A phrase found: code, words, first stretch, start in it, last stretch, end in that.
_Find = tuple[str, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Texts cut at their blanks.

    `distinct` are the different stretches; `numbers` says which of them the
    texts consist of, one text after the other, and `begins` at which of its
    text's characters each begins. `ends` (texts + 1) starts with 0 and says
    where among the numbers each text ends.
    """

    distinct: list[str]
    numbers: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


def cut_stretches(texts: Sequence[str]) -> Stretches:
    """`texts` cut at their blanks; a text has one stretch more than blanks."""
    cut = [text.split(" ") for text in texts]
    ends = np.zeros(len(cut) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, cut), np.int64, len(cut)), out=ends[1:])
    numbered: defaultdict[str, int] = defaultdict(count().__next__)
    every = map(numbered.__getitem__, chain.from_iterable(cut))
    numbers = np.fromiter(every, np.int64, ends[-1])
    distinct = list(numbered)
    lengths = np.fromiter(map(len, distinct), np.int64, len(distinct))[numbers] + 1
    begins = np.cumsum(lengths) - lengths
    return Stretches(distinct, numbers, begins - np.repeat(begins[ends[:-1]], np.diff(ends)), ends)


class PhraseFinder:
    """Finds the phrases of several codes in a text.

    `phrases` maps a code to its phrases. Overlapping finds of one code are
    reduced to the longest, so that a stretch of text speaks once for a code.
    """

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        words = {w for ps in phrases.values() for p in ps for w in _split(p)}
        self._literals = {w for w in words if not w.endswith("*")}
        self._stems = sorted((w[:-1] for w in words if w.endswith("*")), key=len, reverse=True)
        # Imported here: it takes a second, and much that knows of phrases looks for none.
        import spacy
        from spacy.attrs import NORM

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
        return self.find_in([text], cut_stretches([text]))[0]

    def find_in(self, texts: Sequence[str], stretches: Stretches) -> list[tuple[Evidence, ...]]:
        """`find` for each of `texts`, which have been cut into `stretches`."""
        found: list[tuple[Evidence, ...]] = [()] * len(texts)
        cuts = list(map(self._cuts.__getitem__, stretches.distinct))
        kinds = np.fromiter((cut.kind if cut else 0 for cut in cuts), np.int8, len(cuts))
        kinds = np.append(kinds[stretches.numbers], 0)
        # Most words with which a phrase could begin stand before one that is in no phrase.
        leading = np.flatnonzero((kinds[:-1] > 2) | ((kinds[:-1] > 1) & (kinds[1:] > 0)))
        rows = np.searchsorted(stretches.ends, leading, side="right") - 1
        numbers, ends = stretches.numbers.tolist(), stretches.ends.tolist()
        finds: dict[int, list[_Find]] = {}
        for row, at in zip(rows.tolist(), leading.tolist(), strict=True):
            cut, stop = cuts[numbers[at]], ends[row + 1]
            if cut.kind == 2:
                next_cut = cuts[numbers[at + 1]] if at + 1 < stop else None
                if next_cut is None or next_cut.forms[0] not in cut.after:
                    continue
            for find in self._follow(cuts, numbers, at, stop):
                finds.setdefault(row, []).append(find)
        begins = stretches.begins
        for row, of_row in finds.items():
            text = texts[row]
            places = [
                (f[0], f[1], int(begins[f[2]]) + f[3], int(begins[f[4]]) + f[5]) for f in of_row
            ]
            kept = (
                _keep_longest(places) if len(places) > 1 else [(p[0], p[2], p[3]) for p in places]
            )
            found[row] = tuple([Evidence(code, a, b, text[a:b]) for code, a, b in kept])
        return found

    def _follow(
        self, cuts: Sequence[_Cut | None], numbers: Sequence[int], first: int, stop: int
    ) -> list[_Find]:
        """The phrases that begin in the stretch `first`; their text ends before `stop`."""
        begun = cuts[numbers[first]]
        finds: list[_Find] = []
        for number in begun.first:
            cut, at, words = begun, first, 1
            start = cut.places[number][0]
            node = self._root.following.get(cut.forms[number])
            while node is not None:
                for code in node.codes:
                    finds.append((code, words, first, start, at, cut.places[number][1]))
                if not node.following:
                    break
                number += 1
                words += 1
                if number == len(cut.forms):
                    at, number = at + 1, 0
                    cut = cuts[numbers[at]] if at < stop else None
                    if cut is None:
                        break
                node = node.following.get(cut.forms[number])
        return finds

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
        nodes = [self._root.following.get(form) for form in forms]
        first = tuple(i for i, node in enumerate(nodes) if node)
        whole = any(nodes[i].codes or i + 1 < len(forms) for i in first)
        kind = 1 + bool(first) + whole
        after = nodes[-1].following if nodes[-1] else {}
        return _Cut(forms, tuple((t.idx, t.idx + len(t)) for t in doc), first, kind, after)

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
        from spacy.attrs import NORM, ORTH

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
