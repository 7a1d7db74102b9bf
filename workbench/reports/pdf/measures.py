"""How a report marks its paragraphs: the pitch of its lines, and the space or indent between.

Pure. Everything is measured on the report itself; nothing is known of its typesetting.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.reports.layouts.forms import finished
from workbench.reports.pdf.words import Line

#: Lines are set justified where this share of them reaches the right edge.
JUSTIFIED = 0.5
#: A sign counts as the report's own where so many of the certain paragraph ends show it.
USUAL = 0.6


@dataclass(frozen=True, slots=True)
class Setting:
    """`pitch` is the distance of a paragraph's baselines and `space` the least between two

    paragraphs, both in sizes of the text. `spaced` and `indented` say that the report marks
    paragraphs so, `justified` that its lines reach the right edge. `roomy_pages` are those
    at whose foot there was room for another line.
    """

    body: float
    pitch: float
    space: float
    spaced: bool
    indented: bool
    justified: bool
    roomy_pages: frozenset[int] = frozenset()


def room(line: Line) -> float:
    """The room left at the end of a line."""
    return line.right - line.x1


def first_word(line: Line) -> float:
    """The width of what a line could not have been broken before: its first word, a space."""
    end = line.words[0].x1
    for before, word in pairwise(line.words):
        if not word.joined:
            break
        end = max(before.x1, word.x1)
    return end - line.words[0].x0 + 0.22 * line.size


def was_ended(line: Line, following: Line, justified: bool) -> bool:
    """Whether a line was ended on purpose: the next word had room in it."""
    if justified and room(line) > 1.2 * line.size and room(line) > 0.02 * (line.right - line.left):
        return True
    return room(line) > first_word(following) + 0.1 * line.size


def measure_setting(lines: Sequence[Line], body: float) -> Setting:
    """The setting of a report from its lines; `body` is the font size of most of the text."""
    plain = [line for line in lines if abs(line.size - body) <= 0.06 * body and not line.bold]
    plain = plain or list(lines)
    pairs = [
        (a, b) for a, b in pairwise(plain) if a.region == b.region and 0 < b.y - a.y < 6 * body
    ]
    steps = Counter(round((b.y - a.y) / a.size * 20) / 20 for a, b in pairs)
    pitch = _smallest_usual(steps)
    reach = sum(room(line) < 0.1 * body for line in plain)
    justified = reach >= JUSTIFIED * max(len(plain), 1) and len(plain) > 3
    ends = [(a, b) for a, b in pairs if was_ended(a, b, justified) and finished(a.text)]
    gaps = sorted((b.y - a.y) / a.size for a, b in ends)
    wide = [gap for gap in gaps if gap > 1.12 * pitch]
    spaced = len(wide) >= USUAL * max(len(gaps), 1) and bool(wide)
    space = pitch * 1.4
    if spaced:
        # Of ten the third-smallest, so that a few odd ones do not set the measure.
        space = min(pitch + 0.55 * (wide[int(0.2 * len(wide))] - pitch), pitch * 1.6)
    indents = [b.x0 - b.left > 0.6 * body for _, b in ends]
    indented = sum(indents) >= USUAL * max(len(indents), 1) and bool(indents)
    return Setting(body, pitch, max(space, pitch + 0.08), spaced, indented, justified)


def roomy_pages(lines: Sequence[Line], pitch: float) -> frozenset[int]:
    """The pages that end so far above the others that they had room for another line.

    `lines` are all of them, footnotes too; `pitch` is the distance of two, in points.
    """
    lowest: dict[int, float] = {}
    for line in lines:
        lowest[line.page] = max(lowest.get(line.page, 0.0), line.y)
    ends = sorted(lowest.values())
    # The foot is where two pages end at least: a single line further down may be anything.
    foot = next((b for a, b in reversed(list(pairwise(ends))) if b - a < 0.5 * pitch), None)
    if foot is None:
        return frozenset()
    return frozenset(page for page, y in lowest.items() if y + pitch <= foot)


def _smallest_usual(steps: Counter[float]) -> float:
    """The smallest distance that is usual; what differs by a rounding counts together."""
    total = sum(steps.values())
    for step in sorted(steps):
        near = sum(steps[other] for other in steps if abs(other - step) < 0.11)
        if step >= 0.85 and near >= max(0.15 * total, 1):
            return max(
                (other for other in steps if abs(other - step) < 0.11),
                key=lambda other: steps[other],
            )
    return 1.2
