"""Lines to paragraphs: which line goes on in the next, over columns and pages too.

Pure. A paragraph ends where the report's own signs say so: a space, an indent, a line
that ended with room for the next word, a list's mark, a change of font.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.reports.layouts.forms import begins_lower, bullet, finished, heading_form
from workbench.reports.pdf.measures import Setting, room, was_ended
from workbench.reports.pdf.words import Line
from workbench.reports.runins import run_in_of

_GLYPHS = frozenset("•‣▪◦·●○■□▶➢►✓❖*§–—-")
#: Cells of a table are at least so many sizes of the text apart.
CELL_GAP = 2.5


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one paragraph, heading or row of a table (`cells`)."""

    lines: tuple[Line, ...]
    cells: bool = False


def group_lines(lines: Sequence[Line], setting: Setting) -> list[Group]:
    """The paragraphs and headings of a report, in order."""
    groups: list[list[Line]] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if groups and _goes_on(groups[-1], line, following, setting):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Group(tuple(group), len(group) == 1 and is_row(group[0])) for group in groups]


def is_row(line: Line) -> bool:
    """Whether a line is the row of a table: gaps part its cells that are no justified spaces."""
    words = line.words
    if len(words) > 1 and _is_mark(words[0].text):
        words = words[1:]
    gaps = [b.x0 - a.x1 for a, b in pairwise(words) if not b.joined]
    wide = sum(gap > CELL_GAP * line.size for gap in gaps)
    if not wide:
        return False
    if room(line) < 0.2 * line.size and min(gaps) > 0.3 * max(gaps):
        return wide > 1 and line.right - line.left > 20 * line.size
    return True


def _goes_on(group: Sequence[Line], line: Line, after: Line | None, setting: Setting) -> bool:
    """Whether `line` goes on with the paragraph whose lines so far are `group`."""
    last = group[-1]
    if is_row(last) or is_row(line) or _style_changes(group, line, setting):
        return False
    ended = was_ended(last, line, setting.justified)
    text = " ".join(each.text for each in group)
    broken_off = not finished(text) and begins_lower(line.text)
    same = last.region == line.region and line.y > last.y
    gap = (line.y - last.y) / max(last.size, line.size) if same else 0.0
    if _begins_item(group, line, ended, gap > setting.space, setting):
        return False
    if gap > setting.space:
        return broken_off and not ended and gap < 2.5 * setting.pitch
    if broken_off and not (ended and room(last) > 0.4 * (last.right - last.left)):
        return True
    if _centred(last) and _centred(line):
        return True
    if _indent_changes(group, line, after, setting):
        return False
    if not ended:
        if last.page != line.page and last.page in setting.roomy_pages and finished(text):
            return False
        return same or not (finished(text) and run_in_of(line.text))
    if setting.spaced and same and finished(text):
        # Space parts the paragraphs here: a line may end early for another reason.
        return room(last) < 0.25 * (last.right - last.left)
    if finished(text) or text.endswith(";"):
        return False
    return not (heading_form(text) or room(last) > 0.35 * (last.right - last.left))


def _style_changes(group: Sequence[Line], line: Line, setting: Setting) -> bool:
    last = group[-1]
    if abs(last.size - line.size) > 0.07 * max(last.size, line.size):
        return True
    ended = was_ended(last, line, False)
    if last.bold != line.bold:
        if last.bold and not ended and line.words[0].bold:
            return False
        if line.bold and not ended and not finished(last.text):
            return False
        return ended or all(each.bold for each in group) or finished(last.text)
    if last.italic != line.italic and len(line.words) + len(last.words) > 2:
        if last.italic:
            return ended and all(each.italic for each in group) and not finished(last.text)
        return ended and heading_form(line.text)
    if last.bold and line.bold and setting.pitch:
        caps = last.text.isupper(), line.text.isupper()
        return caps[0] != caps[1] and ended
    return False


def _is_mark(text: str) -> bool:
    return text in _GLYPHS or bullet(f"{text} x")


def _begins_item(
    group: Sequence[Line], line: Line, ended: bool, parted: bool, setting: Setting
) -> bool:
    if len(line.words) < 2 and line.words[0].text not in _GLYPHS:
        return False
    mark = line.words[0].text
    if not _is_mark(mark) or (line.words[1:2] and line.words[1].joined):
        return False
    if mark in "•‣▪◦●○■□▶➢►✓❖":
        return True
    text = group[-1].text
    if parted or ended or finished(text) or text.endswith((";", ":", ", and", "; and", "; or")):
        return True
    first = group[0]
    return (
        _is_mark(first.words[0].text)
        and first.region == line.region
        and abs(first.x0 - line.x0) < 0.3 * line.size
        and len(group) > 1
        and abs(group[-1].x0 - line.x0) > 0.5 * line.size
    )


def _centred(line: Line) -> bool:
    before, behind = line.x0 - line.left, room(line)
    return before > 1.5 * line.size and abs(before - behind) < 0.5 * line.size


def _indent_changes(
    group: Sequence[Line], line: Line, after: Line | None, setting: Setting
) -> bool:
    """Whether a line begins further in, or further out, than its paragraph's lines do."""
    step = 0.6 * line.size
    first, last = group[0], group[-1]
    here, there = line.x0 - line.left, last.x0 - last.left
    if len(group) > 1:
        return abs(here - there) > step and (here > there or last.region == line.region)
    if abs(here - there) <= step:
        return setting.indented and here > step and finished(last.text)
    if here < there:
        # The first line was indented, or it was a paragraph of its own in a narrower column.
        return there - here > 6 * line.size
    if _is_mark(first.words[0].text) and len(first.words) > 1:
        return abs(line.x0 - first.words[1].x0) > step and here - there > 4 * line.size
    hanging = (
        after is not None
        and after.region == line.region
        and abs(after.x0 - line.x0) <= 0.3 * line.size
        and not finished(last.text)
        and not setting.indented
    )
    return not hanging
