"""Reading a text once: its words, its indicator phrases, its headings.

Whatever the features and the evidence need of a text is found here, with
offsets, so that no text is cut into words twice. Nothing is learned here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any, Self

from sklearn.base import BaseEstimator, TransformerMixin

from workbench.records import Evidence
from workbench.taxonomy.codebook import Codebook
from workbench.taxonomy.phrases import PhraseFinder, Remembered

# Letters only: figures and dates belong to one year's report, not to a right.
_WORD = re.compile(r"[^\W\d_]{2,}(?:['\u2019][^\W\d_]+)*")
# What stands between two sentences, or before a quotation.
_SENTENCE_BREAK = re.compile(r"[.!?:;\u201c\"(\u2022]")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text to label, with its heading path, outermost first."""

    text: str
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A `TextRow` read once.

    `words` are the lower-case words of `text`, `finds` its indicator phrases,
    `heading_codes` the codes for which a heading of the path speaks. Where
    words stand is only worked out when it is asked for.
    """

    text: str
    words: tuple[str, ...]
    finds: tuple[Evidence, ...]
    heading_words: tuple[str, ...]
    heading_codes: frozenset[str]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The offsets of `words` in `text`, end exclusive."""
        return tuple(map(re.Match.span, _WORD.finditer(self.text)))

    @property
    def named(self) -> tuple[bool, ...]:
        """Which of `words` have a capital though no sentence begins there."""
        named: list[bool] = []
        last = 0
        for match in _WORD.finditer(self.text):
            begins = not named or _SENTENCE_BREAK.search(self.text, last, match.start())
            named.append(not begins and match.group()[0].isupper())
            last = match.end()
        return tuple(named)

    def without_heading(self) -> "ReadRow":
        """The same paragraph as a publisher without headings would print it."""
        return replace(self, heading_words=(), heading_codes=frozenset())


class RowReader(TransformerMixin, BaseEstimator):
    """Reads `TextRow`s into `ReadRow`s.

    `phrases` and `headings` map each code to its indicator phrases, for the
    text and for the headings. The spaCy matcher is built when first needed,
    outside the object, so that its state stays plain data.
    """

    def __init__(self, phrases: dict[str, list[str]], headings: dict[str, list[str]]) -> None:
        self.phrases = phrases
        self.headings = headings

    def fit(self, rows: Sequence[TextRow], y: Any = None) -> Self:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, rows: Iterable[TextRow]) -> list[ReadRow]:
        rows = list(rows)
        finder = _finder(_freeze(self.phrases))
        sections = {section: self._read_section(section) for section in {r.section for r in rows}}
        read = []
        for row in rows:
            stretches = row.text.split(" ")
            words = tuple(chain.from_iterable(map(_WORDS.__getitem__, stretches)))
            finds = finder.find_between(row.text, stretches)
            read.append(ReadRow(row.text, words, finds, *sections[row.section]))
        return read

    def _read_section(self, section: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
        finder = _finder(_freeze(self.headings))
        codes = {find.code for found in finder.find_each(section) for find in found}
        words = tuple(word for part in section for word in _cut_words(part))
        return words, frozenset(codes)


def reader_for(codebook: Codebook) -> RowReader:
    """The reader with the indicator phrases of `codebook`."""
    return RowReader(
        phrases={code.code: list(code.phrases) for code in codebook.codes},
        headings={code.code: list(code.headings) for code in codebook.codes},
    )


def _cut_words(text: str) -> tuple[str, ...]:
    return tuple(map(str.lower, _WORD.findall(text)))


# No word holds a blank, so a text's words are those of the stretches between its blanks.
_WORDS = Remembered(_cut_words)


def _freeze(phrases: dict[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((code, tuple(listed)) for code, listed in phrases.items())


# Building a matcher takes a third of a second, and folds clone their reader.
@lru_cache(maxsize=8)
def _finder(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> PhraseFinder:
    return PhraseFinder(dict(phrases))
