"""Indicator phrases of the codebook, matched with spaCy, with exact offsets.

A blank English pipeline (tokenizer only) needs no download. Wildcards cost
nothing at match time: each word form is reduced once to a canonical form, the
longest literal or wildcard of the codebook that it fits, kept as the lexeme's
NORM, and spaCy's PhraseMatcher compares those.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import spacy
from spacy.attrs import NORM
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from workbench.records import Evidence

_WORD = re.compile(r"\w+\*?")
# Hyphens and slashes join words that a phrase names apart ("ill-treatment").
_JOINERS = re.compile(r"(?<=\w)[-/\u2010-\u2015](?=\w)")


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
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="NORM")
        for code, code_phrases in phrases.items():
            docs = [doc for phrase in code_phrases for doc in self._expand(_split(phrase))]
            if docs:
                self._matcher.add(code, docs)

    def find(self, text: str) -> tuple[Evidence, ...]:
        """The finds in `text`, in order of code and offset."""
        return next(self.find_each((text,)))

    def find_each(self, texts: Iterable[str]) -> Iterator[tuple[Evidence, ...]]:
        """`find` for each of `texts`, lazily."""
        for text in texts:
            # One character for one: offsets stay those of the text itself.
            doc = self._nlp.make_doc(_JOINERS.sub(" ", text))
            by_code: dict[str, list] = {}
            for span in self._matcher(doc, as_spans=True):
                by_code.setdefault(span.label_, []).append(span)
            yield tuple(
                Evidence(code, s.start_char, s.end_char, text[s.start_char : s.end_char])
                for code in sorted(by_code)
                for s in filter_spans(by_code[code])
            )

    def _canonical(self, form: str) -> str:
        """The longest literal or wildcard of the codebook that fits `form`, else `form`."""
        lower = form.lower()
        if lower in self._literals:
            return lower
        for stem in self._stems:
            if lower.startswith(stem):
                return stem + "*"
        return lower

    def _expand(self, words: Sequence[str]) -> Iterator[Doc]:
        """A Doc for each way in which the phrase's words can come out canonical."""
        combinations: list[list[str]] = [[]]
        for word in words:
            forms = [word]
            if word.endswith("*"):
                stem = word[:-1]
                forms = [w for w in self._literals if w.startswith(stem)]
                forms += [s + "*" for s in self._stems if s.startswith(stem)]
            combinations = [[*head, form] for head in combinations for form in sorted(forms)]
        for forms in combinations:
            yield Doc(self._nlp.vocab, words=forms)


def _split(phrase: str) -> list[str]:
    return _WORD.findall(phrase.lower())
