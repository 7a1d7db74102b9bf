"""Reading a text once: its words, its indicator phrases, its headings.

Whatever the features and the evidence need of a text is found here, with
offsets, so that no text is cut into words twice. Nothing is learned here, and
scikit-learn is not needed: it takes seconds to import.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Protocol, TypeVar, overload

import numpy as np

from workbench.models.terms import NumberedWords, add_up, number, number_words, spread
from workbench.records import Evidence
from workbench.taxonomy.phrases import PhraseFinder, Remembered, Stretches, cut_stretches

T = TypeVar("T")

# Letters only: figures and dates belong to one year's report, not to a right.
_WORD = re.compile(r"[^\W\d_]{2,}(?:['\u2019][^\W\d_]+)*")
#: Rows that are read and answered together.
BATCH_SIZE = 1024
#: Longer headings, in characters, are not remembered.
_LONGEST_HEADING = 200
# What stands between two sentences, or before a quotation.
_SENTENCE_BREAK = re.compile(r"[.!?:;\u201c\"(\u2022]")


class Text(Protocol):
    """A text with its heading path: a `TextRow`, a `Paragraph`, a line of a file."""

    @property
    def text(self) -> str: ...
    @property
    def section(self) -> tuple[str, ...]: ...


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
        return _place_words(self.text)

    @property
    def named(self) -> tuple[bool, ...]:
        """Which of `words` have a capital though no sentence begins there."""
        return tuple(_find_capitals(self.text))


class ReadRows(Sequence[ReadRow]):
    """Many `ReadRow`s, read together: as a batch they take a fraction of the time.

    `words` are the words of the texts, `headings` those of their headings;
    `finds` and `heading_codes` are as in `ReadRow`. A row by itself is only
    made when it is asked for. `entities` says which of the words stand in a
    name of a person or a place, Boolean (words,); None where nobody looked.
    """

    def __init__(
        self,
        texts: Sequence[str],
        words: NumberedWords,
        finds: Sequence[tuple[Evidence, ...]],
        headings: NumberedWords,
        heading_codes: Sequence[frozenset[str]],
        stretches: Stretches | None = None,
        whole: tuple["ReadRows", np.ndarray] | None = None,
        entities: np.ndarray | None = None,
    ) -> None:
        self.texts = texts
        self.words = words
        self.finds = finds
        self.headings = headings
        self.heading_codes = heading_codes
        self.entities = entities
        self._stretches = stretches
        # The batch that these rows were taken from, and which of its rows they are.
        self._whole = whole
        self._named: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> ReadRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[ReadRow]: ...
    def __getitem__(self, at: int | slice) -> ReadRow | list[ReadRow]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return ReadRow(
            self.texts[place],
            self.words.words_of(place),
            self.finds[place],
            self.headings.words_of(place),
            self.heading_codes[place],
        )

    def __add__(self, others: Iterable[ReadRow]) -> list[ReadRow]:
        return [*self, *others]

    @property
    def named(self) -> np.ndarray:
        """`ReadRow.named` of all the texts, a Boolean for each of `words`.

        Looked for once, however often parts of the rows are taken.
        """
        if self._named is None:
            if self._whole is None:
                found = chain.from_iterable(map(_find_capitals, self.texts))
                self._named = np.fromiter(found, bool, len(self.words.numbers))
            else:
                rows, numbers = self._whole
                self._named = rows.named[spread(rows.words.ends, numbers)]
        return self._named

    def with_entities(self, entities: np.ndarray) -> "ReadRows":
        """The same, with the names that somebody found."""
        marked = copy(self)
        marked.entities = entities
        return marked

    def take(self, rows: np.ndarray) -> "ReadRows":
        """Some of the rows, by their numbers, as a batch."""
        wanted = rows.tolist()
        entities = None
        if self.entities is not None:
            entities = self.entities[spread(self.words.ends, rows)]
        return ReadRows(
            list(map(self.texts.__getitem__, wanted)),
            self.words.take(rows),
            list(map(self.finds.__getitem__, wanted)),
            self.headings.take(rows),
            list(map(self.heading_codes.__getitem__, wanted)),
            whole=(self, rows),
            entities=entities,
        )

    def without_headings(self) -> "ReadRows":
        """The same paragraphs as a publisher without headings would print them."""
        nothing = NumberedWords([], np.zeros(0, np.int64), np.zeros(len(self) + 1, np.int64))
        no_codes = [frozenset[str]()] * len(self)
        return ReadRows(self.texts, self.words, self.finds, nothing, no_codes)

    def find_spans(self, rows: np.ndarray) -> np.ndarray:
        """Offsets (words, 2), end exclusive, of all words of some texts, by their numbers."""
        cut = cut_stretches(self.texts) if self._stretches is None else self._stretches
        wanted = spread(cut.ends, rows)
        places = list(map(_PLACES.__getitem__, cut.distinct))
        ends = add_up(np.fromiter(map(len, places), np.int64, len(places)))
        flat = np.fromiter(chain.from_iterable(places), np.dtype((np.int64, 2)), ends[-1])
        numbers = cut.numbers[wanted]
        begins = np.repeat(cut.begins[wanted], np.diff(ends)[numbers])
        return flat[spread(ends, numbers)] + begins[:, np.newaxis]


def gather_rows(rows: Sequence[ReadRow]) -> ReadRows:
    """`rows` as a batch."""
    if isinstance(rows, ReadRows):
        return rows
    return ReadRows(
        [row.text for row in rows],
        number_words([row.words for row in rows]),
        [row.finds for row in rows],
        number_words([row.heading_words for row in rows]),
        [row.heading_codes for row in rows],
    )


def count_distinct(finds: Iterable[Evidence]) -> dict[str, int]:
    """How many different wordings speak for each code."""
    return Counter(code for code, _ in {(find.code, find.text.lower()) for find in finds})


def read_rows(
    rows: Iterable[TextRow],
    phrases: Mapping[str, Sequence[str]],
    headings: Mapping[str, Sequence[str]],
) -> ReadRows:
    """Read `rows`; both map each code to its indicator phrases, for the text and for the headings.

    The spaCy matcher is built when first needed, and kept.
    """
    rows = list(rows)
    texts = [row.text for row in rows]
    stretches = cut_stretches(texts)
    of_stretches = number_words(list(map(_WORDS.__getitem__, stretches.distinct)))
    cut = of_stretches.take(stretches.numbers)
    words = NumberedWords(cut.distinct, cut.numbers, cut.ends[stretches.ends])
    finds = _finder(freeze(phrases)).find_in(texts, stretches)
    sections, numbers = number((row.section for row in rows), len(rows))
    parts = _headings(freeze(headings))
    read = [list(map(parts.__getitem__, section)) for section in sections]
    headings = number_words([[word for w, _ in found for word in w] for found in read])
    codes = [frozenset(code for _, c in found for code in c) for found in read]
    return ReadRows(
        texts,
        words,
        finds,
        headings.take(numbers),
        list(map(codes.__getitem__, numbers.tolist())),
        stretches,
    )


def pick_rows(rows: Sequence[T], places: np.ndarray) -> Sequence[T]:
    """Some of `rows`, by their numbers; rows read together stay a batch."""
    if isinstance(rows, ReadRows):
        return rows.take(places)
    return [rows[place] for place in places]


def _find_capitals(text: str) -> list[bool]:
    """Of each word of `text`, whether it has a capital though no sentence begins there."""
    named: list[bool] = []
    last = 0
    for match in _WORD.finditer(text):
        begins = not named or _SENTENCE_BREAK.search(text, last, match.start())
        named.append(not begins and match.group()[0].isupper())
        last = match.end()
    return named


def _cut_words(text: str) -> tuple[str, ...]:
    return tuple(map(str.lower, _WORD.findall(text)))


def _place_words(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(map(re.Match.span, _WORD.finditer(text)))


# No word holds a blank, so a text's words are those of the stretches between its blanks.
_WORDS = Remembered(_cut_words)
_PLACES = Remembered(_place_words)


def freeze(phrases: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Phrases, or other words, by code, as what a cache can be asked by."""
    return tuple((code, tuple(listed)) for code, listed in phrases.items())


# Building a matcher takes a third of a second, and folds clone their reader.
@lru_cache(maxsize=8)
def _finder(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> PhraseFinder:
    return PhraseFinder(dict(phrases))


# A heading stands over many paragraphs: its words and its codes are remembered.
@lru_cache(maxsize=8)
def _headings(
    phrases: tuple[tuple[str, tuple[str, ...]], ...],
) -> Remembered[tuple[tuple[str, ...], frozenset[str]]]:
    finder = _finder(phrases)

    def read(heading: str) -> tuple[tuple[str, ...], frozenset[str]]:
        return _cut_words(heading), frozenset(find.code for find in finder.find(heading))

    return Remembered(read, longest=_LONGEST_HEADING)
