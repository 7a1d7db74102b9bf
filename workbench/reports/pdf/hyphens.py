"""Words that a line's end parted: joined, or left as the compounds that they are.

Pure. The report's own words decide first: a word that it writes whole elsewhere is
joined, one that it writes with a hyphen keeps it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*", re.UNICODE)
_LAST = re.compile(r"([^\W_]+(?:[-‐‑][^\W_]+)*)[-‐‑]$")
_FIRST = re.compile(r"[^\W_]+(?:[’'][^\W\d_]+)?(?:[-‐‑][^\W_]+)*")
_PREFIXES = frozenset(
    ["self", "ex", "all", "well", "half", "vice", "quasi", "cross", "non", "anti", "pro", "so"]
)
_SUSPENDED = frozenset(["and", "or", "to", "nor"])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a report that no line's end parts, and whether it parts words at all."""

    words: Counter[str]
    hyphenates: bool

    def join(self, before: str, after: str) -> str | None:
        """What stands between two lines in place of a hyphen and the line's end.

        `before` ends with a hyphen. An empty string joins the word, a hyphen keeps it
        as a compound, None says that the hyphen stands before a space ("pre- and").
        """
        last, first = _LAST.search(before), _FIRST.match(after)
        if not last or not first:
            return None if not last else "-"
        head, tail = last[1].rsplit("-", 1)[-1], first[0]
        if tail in _SUSPENDED:
            return None
        if not tail[0].islower() or not head[-1].isalpha():
            return "-"
        whole = f"{last[1]}{tail}".lower()
        parted = f"{last[1]}-{tail}".lower()
        as_word, as_compound = self.words[_bare(whole)], self.words[_bare(parted)]
        if as_word != as_compound:
            return "" if as_word > as_compound else "-"
        if head.lower() in _PREFIXES:
            return "-"
        if not self.hyphenates:
            return "-"
        known = self.words[head.lower()] and self.words[_bare(tail.lower())]
        return "-" if known and len(head) > 2 and len(tail) > 2 else ""


def read_lexicon(lines: Iterable[str]) -> Lexicon:
    """The words of a report from its lines, those at a line's end with a hyphen left out."""
    words: Counter[str] = Counter()
    ends: list[tuple[str, str]] = []
    before: str | None = None
    for line in lines:
        tokens = [match.group() for match in _TOKEN.finditer(line)]
        if before is not None and tokens:
            ends.append((before, tokens.pop(0)))
        last = _LAST.search(line)
        before = last[1] if last else None
        if last and tokens:
            tokens.pop()
        for token in tokens:
            words[token.lower()] += 1
            if "-" in token:
                words.update(token.lower().split("-"))
    small = [(head, tail) for head, tail in ends if tail[0].islower()]
    shown = sum(words[f"{head}{tail}".lower()] > 0 for head, tail in small)
    strange = sum(not words[tail.split("-")[0].lower()] for _, tail in small)
    return Lexicon(words, shown > 0 or strange > 0.5 * len(small))


def _bare(word: str) -> str:
    return word.split("’")[0].split("'")[0]
