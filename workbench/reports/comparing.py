"""What one report says that another did not: paragraph by paragraph.

Pure: paragraphs in, a comparison out.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, cast

from workbench.records import Paragraph
from workbench.reports.differing import Step, diff_words
from workbench.reports.pairing import heading_key, pair_alike, pair_equal
from workbench.reports.words import normalise

Status = Literal["carried over", "changed", "new", "dropped"]
STATUSES: tuple[Status, ...] = ("carried over", "changed", "new", "dropped")


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a paragraph.

    "carried over" and "changed" have the paragraph in both reports, "new" has no
    `old`, "dropped" no `new`. `similarity` is the share of the words of both
    that they have in common in the same order, 1 for "carried over" and 0 where
    there is one only. `diff` is empty unless "changed".
    """

    status: Status
    old: Paragraph | None
    new: Paragraph | None
    similarity: float = 0.0
    diff: tuple[Step, ...] = ()

    @property
    def paragraph(self) -> Paragraph:
        """The new paragraph, the old one where that is all there is."""
        return cast(Paragraph, self.new or self.old)

    @property
    def moved(self) -> bool:
        """Whether it stands under other headings than before, not just fewer or more of them."""
        if self.old is None or self.new is None:
            return False
        paths = heading_key(self.old.section), heading_key(self.new.section)
        fewer, more = sorted(paths, key=len)
        rest = iter(more)
        return not all(step in rest for step in fewer)


@dataclass(frozen=True, slots=True)
class Section:
    """The entries under one outermost heading; `heading` is empty above the first."""

    heading: str
    entries: tuple[Entry, ...]

    def count(self, status: Status) -> int:
        return sum(entry.status == status for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every paragraph of two reports exactly once, by section, in reading order.

    Sections and paragraphs follow the new report; what was dropped stands where
    the old one had it. Paragraphs that are in both are under the new heading.
    """

    sections: tuple[Section, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)

    def count(self, status: Status) -> int:
        return sum(section.count(status) for section in self.sections)


def compare_reports(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Comparison:
    """What was carried over, changed, added and dropped between two reports.

    Carried over: the same normalised words; repeated ones pair under the same
    headings first, then in reading order. Changed: of what remains, the most
    similar two, then the next, while the share of words that both have in the
    same order (2·LCS / (|old| + |new|), LCS the longest common subsequence) is
    0.4 or more (three quarters for set phrases: see `pair_alike`). All else is new
    or dropped.
    """
    same = dict(pair_equal(old, new))
    left_old = sorted(set(range(len(old))) - set(same))
    left_new = sorted(set(range(len(new))) - set(same.values()))
    alike = {a: (b, share) for a, b, share in pair_alike(old, new, left_old, left_new)}
    placed: list[tuple[tuple[int, int], Entry]] = []
    place = (-1, 0)  # after which paragraph of the new report, and how many after it
    for a, paragraph in enumerate(old):
        if a in same:
            place = (same[a], 0)
            entry = Entry("carried over", paragraph, new[same[a]], 1.0)
        elif a in alike:
            b, share = alike[a]
            place = (b, 0)
            steps = diff_words(paragraph.text, new[b].text)
            entry = Entry("changed", paragraph, new[b], share, steps)
        else:
            place = (place[0], place[1] + 1)
            entry = Entry("dropped", paragraph, None)
        placed.append((place, entry))
    for b in set(left_new) - {b for b, _ in alike.values()}:
        placed.append(((b, 0), Entry("new", None, new[b])))
    placed.sort(key=lambda item: item[0])
    return Comparison(_by_section([entry for _, entry in placed], old, new))


def _by_section(
    entries: Sequence[Entry], old: Sequence[Paragraph], new: Sequence[Paragraph]
) -> tuple[Section, ...]:
    """Entries under their outermost headings, below those that a whole report stands under.

    A heading that only the old report has counts as the one under which at least
    half of its paragraphs stand now: headings are reworded too.
    """
    above = _steps_above_all(old, new)

    def outermost(paragraph: Paragraph) -> str:
        return next(iter(paragraph.section[above:]), "")

    headings = {normalise(h): h for h in (outermost(p) for p in new)}
    sizes = Counter(normalise(outermost(p)) for p in old)
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        if entry.old is not None and entry.new is not None:
            before = normalise(outermost(entry.old))
            went[before][normalise(outermost(entry.new))] += 1
    now = {
        before: after
        for before, counts in went.items()
        for after, count in counts.most_common(1)
        if before not in headings and 2 * count >= sizes[before]
    }
    gathered: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        heading = outermost(entry.paragraph)
        key = normalise(heading)
        if entry.new is None:
            key = now.get(key, key)
        headings.setdefault(key, heading)
        gathered[key].append(entry)
    return tuple(Section(headings[key], tuple(found)) for key, found in gathered.items())


def _steps_above_all(*reports: Sequence[Paragraph]) -> int:
    """How many headings, from the outermost, say nothing: in each report they are all the same."""
    depths = []
    for report in reports:
        sections = {paragraph.section for paragraph in report}
        shared = takewhile(lambda steps: len(set(steps)) == 1, zip(*sections, strict=False))
        depths.append(sum(1 for _ in shared))
    deepest = max((len(p.section) for report in reports for p in report), default=1)
    return max(min(*depths, deepest - 1), 0)
