"""Words of a region to lines: raised marks put in their line or left out, edges measured.

Pure. Reference marks of footnotes are left out; a raised "th" or the 2 of "km2" stays.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbench.reports.pdf.columns import Region
from workbench.reports.pdf.words import Line, Word

#: A mark is raised by this share of the line's size, or smaller than this share of it.
RAISED, SMALL = 0.12, 0.85
#: A capital over several lines is at least so many sizes high.
DROP_CAP = 1.8

_MARK = re.compile(r"(?:[\[(]?(?:\d{1,3}|[ivx]{1,5}|[a-z*†‡§¶]{1,2})[\])]?[,;–-]?)+")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|e|o|a|ème)\b", re.IGNORECASE)
_RAISED_DIGITS = re.compile(r"(?<=[.,;:!?”\"’')\]])[¹²³⁰⁴-⁹]+|(?<=[^\W\d_]{3})[¹²³⁰⁴-⁹]+")
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\S{0,6}$|…{2,}\s*\S{0,6}$|_{5,}\s*\S{0,6}$")


def read_lines(pages: Sequence[Sequence[Region]], body: float) -> list[Line]:
    """The lines of a report in reading order, from the regions of its pages.

    Rows of a table of contents, with their leaders, are left out. `body` is the font
    size of most of the text.
    """
    lines: list[Line] = []
    frames: dict[int, tuple[float, float]] = {}
    number = 0
    for page, regions in enumerate(pages):
        for region in regions:
            frames[number] = (region.left, region.right)
            lines += _lines_of(region, page, number)
            number += 1
    lines = [line for line in lines if not _LEADERS.search(line.text)]
    return measure_edges(lines, frames, body)


def _lines_of(region: Region, page: int, number: int) -> list[Line]:
    words = list(region.words)
    sizes = Counter(word.size for word in words)
    usual = max(sizes, key=lambda size: (sizes[size], size))
    caps = [
        word
        for word in words
        if word.size >= DROP_CAP * usual and len(word.text) == 1 and word.text.isupper()
    ]
    rows = _merge_raised(_baselines(word for word in words if word not in caps))
    lines = [line for row in rows if (line := _line(row, page, number)) is not None]
    for cap in caps:
        lines = _put_cap(cap, lines, page, number)
    return lines


def _baselines(words: Iterable[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.y):
        if rows and word.y - rows[-1][-1].y <= RAISED * min(word.size, rows[-1][-1].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _merge_raised(rows: list[list[Word]]) -> list[list[Word]]:
    """The rows with those of raised or lowered marks put into the row that they belong to."""
    merged: list[list[Word]] = []
    sizes = [max(word.size for word in row) for row in rows]
    taken: dict[int, list[Word]] = defaultdict(list)
    gone: set[int] = set()
    for number, row in enumerate(rows):
        if any(not (word.joined or len(word.text) <= 4) for word in row):
            continue
        near = [
            (abs(rows[other][0].y - row[0].y), other)
            for other in (number + 1, number - 1)
            if 0 <= other < len(rows)
            and other not in gone
            and sizes[other] > sizes[number]
            and abs(rows[other][0].y - row[0].y) <= 0.65 * sizes[other]
        ]
        if near:
            taken[min(near)[1]] += row
            gone.add(number)
    for number, row in enumerate(rows):
        if number not in gone:
            merged.append(row + taken[number])
    return merged


def _line(row: list[Word], page: int, region: int) -> Line | None:
    words = sorted(row, key=lambda word: word.x0)
    weights = Counter[float]()
    for word in words:
        weights[word.size] += len(word.text)
    size = max(weights, key=lambda points: (weights[points], points))
    heights = Counter[float]()
    for word in words:
        if word.size >= SMALL * size:
            heights[word.y] += len(word.text)
    y = heights.most_common(1)[0][0]
    kept: list[Word] = []
    for word in words:
        raised = y - word.y >= RAISED * size
        if kept and raised and word.size < SMALL * size and _refers(word.text, kept[-1].text):
            continue
        if kept and word.joined and abs(word.x0 - kept[-1].x1) > 0.5 * size:
            word = replace(word, joined=False)
        text = _RAISED_DIGITS.sub("", word.text)
        if text:
            kept.append(word if text == word.text else replace(word, text=text))
    if not kept:
        return None
    return Line(tuple(kept), page, region, y, kept[0].x0, kept[-1].x1, size)


def _refers(mark: str, before: str) -> bool:
    """Whether a raised mark points to a footnote."""
    if not _MARK.fullmatch(mark):
        return False
    if before[-1:].isdigit() and _ORDINAL.fullmatch(mark):
        return False
    return not (mark in ("2", "3") and before.lower().endswith(("km", "cm", "m", "ft")))


def _put_cap(cap: Word, lines: list[Line], page: int, region: int) -> list[Line]:
    """The lines with a capital that stands over several of them at the first one's beginning."""
    beside = [
        n
        for n, line in enumerate(lines)
        if cap.y - 0.9 * cap.size <= line.y <= cap.y + 0.1 * cap.size and line.x0 >= cap.x1 - 3
    ]
    if not beside:
        return [*lines, Line((cap,), page, region, cap.y, cap.x0, cap.x1, cap.size)]
    for n in beside:
        lines[n] = replace(lines[n], x0=cap.x0)
    first = lines[beside[0]]
    head = replace(first.words[0], joined=True)
    cap = replace(cap, size=first.size, bold=head.bold, italic=head.italic)
    lines[beside[0]] = replace(first, words=(cap, head, *first.words[1:]))
    return lines


def measure_edges(
    lines: Sequence[Line], frames: dict[int, tuple[float, float]], body: float
) -> list[Line]:
    """The lines with the edges between which their region's text is set.

    The left edge is where the most lines of a region begin; the right one where the
    longest lines between the same gutters end, a few overlong ones apart. Left and
    right pages may differ. Only lines of the body's size count where there are any.
    """
    by_region: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_region[line.region].append(line)
    alike: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
    keys: dict[int, tuple[int, int]] = {}
    for region, members in by_region.items():
        left, right = frames[region]
        keys[region] = (round(left / 12), round(right / 12))
        plain = [line for line in members if abs(line.size - body) <= 0.06 * body and not line.bold]
        for parity in (members[0].page % 2, 2):
            alike[(*keys[region], parity)] += plain
    edges: dict[int, tuple[float, float]] = {}
    for region, members in by_region.items():
        same = alike[(*keys[region], members[0].page % 2)]
        every = alike[(*keys[region], 2)]
        if len(same) < 8:
            same = every or members
        edges[region] = (_left_edge(same), _right_edge(same))
    return [
        replace(line, left=edges[line.region][0], right=edges[line.region][1]) for line in lines
    ]


def _left_edge(lines: Sequence[Line]) -> float:
    starts = Counter[float]()
    for line in lines:
        starts[round(line.x0)] += len(line.text)
    most = max(starts.values())
    edge = min(start for start, count in starts.items() if count >= 0.3 * most)
    return min(line.x0 for line in lines if round(line.x0) == edge)


def _right_edge(lines: Sequence[Line]) -> float:
    ends = sorted((line.x1 for line in lines), reverse=True)
    return ends[int(0.02 * len(ends))]
