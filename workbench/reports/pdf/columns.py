"""The columns of a page in reading order, whatever headings stand across them.

Pure. The page is cut at the tallest empty strip that has text on both sides: what is
above it is read first, then what is left of it, right of it, and below it, each cut in
the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.reports.pdf.words import Page, Word, rows_of

#: A gutter is at least this wide, in sizes of the text, and has so many rows on both sides.
NARROWEST_GUTTER = 0.8
FEWEST_ROWS = 6
#: A column is at least this wide, in sizes of the text: marks and numbers of lists are not.
NARROWEST_COLUMN = 5.0
#: A gutter of another page is known again when it is within so many points.
SAME_GUTTER = 6.0


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that is read line by line, and the gutters (or edges) beside it."""

    words: tuple[Word, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Gutter:
    x: float
    start: int
    end: int
    fewest: int


def read_columns(pages: Sequence[Page], body: float) -> list[list[Region]]:
    """For each page its regions, in reading order.

    A gutter that one page has clearly is looked for on all, where fewer rows
    then show it.
    """
    rows = [rows_of(page.words) for page in pages]
    found: list[float] = []
    cut = [_cut(these, 0.0, page.width, body, (), found) for these, page in _pair(rows, pages)]
    if not found:
        return cut
    known = _places(found)
    return [
        [
            region
            for band in _bands(these, known, body)
            for region in _cut(band, 0.0, page.width, body, known, [])
        ]
        for these, page in _pair(rows, pages)
    ]


def _pair(
    rows: Sequence[list[list[Word]]], pages: Sequence[Page]
) -> list[tuple[list[list[Word]], Page]]:
    return list(zip(rows, pages, strict=True))


def _bands(rows: list[list[Word]], known: Sequence[float], body: float) -> list[list[list[Word]]]:
    """The rows of a page, parted at those that stand across its columns."""
    bands: list[list[list[Word]]] = []
    before: bool | None = None
    for number, row in enumerate(rows):
        across = not _parted(row, known, body) and (
            _crosses(rows, number, known) or _stands_alone(rows, number, known, body)
        )
        if across != before:
            bands.append([])
            before = across
        bands[-1].append(row)
    return bands


def _parted(row: list[Word], known: Sequence[float], body: float) -> bool:
    """Whether a row has text on both sides of a gutter and none in it."""
    for x in known:
        if row[0].x0 < x < row[-1].x1:
            end = max((word.x1 for word in row if word.x0 < x), default=x)
            start = min((word.x0 for word in row if word.x0 >= x), default=x)
            if start - end >= NARROWEST_GUTTER * body:
                return True
    return False


def _crosses(rows: list[list[Word]], number: int, known: Sequence[float]) -> bool:
    """Whether a row goes over a gutter, with no text beside it in another column."""
    row = rows[number]
    if not any(row[0].x0 < x < row[-1].x1 for x in known):
        return False
    beside = [x for x in known if not row[0].x0 < x < row[-1].x1]
    near = [
        word
        for other in rows[max(0, number - 3) : number + 4]
        for word in other
        if other is not row and abs(word.y - row[0].y) < 0.9 * row[0].size
    ]
    return not any(
        (x >= row[-1].x1 and word.x0 >= x) or (x <= row[0].x0 and word.x1 <= x)
        for x in beside
        for word in near
    )


def _stands_alone(rows: list[list[Word]], number: int, known: Sequence[float], body: float) -> bool:
    """Whether a row is a heading with no text near its height, and columns above and below it."""
    row = rows[number]
    if not all(word.bold or word.size > 1.1 * body for word in row):
        return False
    above = row[0].y - rows[number - 1][0].y if number else body * 9
    below = rows[number + 1][0].y - row[0].y if number + 1 < len(rows) else body * 9
    if min(above, below) <= 1.1 * row[0].size or above <= 1.7 * body:
        return False
    gutter = min((x for x in known if x >= row[-1].x1), default=None)
    if gutter is None:
        return False
    higher = any(word.x0 >= gutter for other in rows[:number] for word in other)
    lower = any(word.x0 >= gutter for other in rows[number + 1 :] for word in other)
    return lower or not higher


def _cut(
    rows: list[list[Word]],
    left: float,
    right: float,
    body: float,
    known: Sequence[float],
    found: list[float],
) -> list[Region]:
    rows = [row for row in rows if row]
    gutter = _best_gutter(rows, body, known) if len(rows) > 1 else None
    if gutter is None:
        words = tuple(word for row in rows for word in row)
        return [_region(words, left, right, known)] if words else []
    found.append(gutter.x)
    x = gutter.x
    beside = rows[gutter.start : gutter.end]
    on_left = [[word for word in row if word.x0 < x] for row in beside]
    on_right = [[word for word in row if word.x0 >= x] for row in beside]
    return [
        *_cut(rows[: gutter.start], left, right, body, known, found),
        *_cut(on_left, left, x, body, known, found),
        *_cut(on_right, x, right, body, known, found),
        *_cut(rows[gutter.end :], left, right, body, known, found),
    ]


def _region(words: tuple[Word, ...], left: float, right: float, known: Sequence[float]) -> Region:
    """A region between the gutters nearest to its words, though no text is beyond them."""
    first, last = min(word.x0 for word in words), max(word.x1 for word in words)
    left = max((x for x in known if x <= first + 1), default=left)
    right = min((x for x in known if x >= last - 1), default=right)
    return Region(words, left, right)


def _places(found: Sequence[float]) -> tuple[float, ...]:
    """The gutters' places, those that are the same within `SAME_GUTTER` as one."""
    places: list[list[float]] = []
    for x in sorted(found):
        if places and x - places[-1][-1] < SAME_GUTTER:
            places[-1].append(x)
        else:
            places.append([x])
    return tuple(place[len(place) // 2] for place in places)


def _best_gutter(rows: list[list[Word]], body: float, known: Sequence[float]) -> _Gutter | None:
    low = min(word.x0 for row in rows for word in row)
    high = max(word.x1 for row in rows for word in row)
    width = max(int(NARROWEST_GUTTER * body), 5)
    bins = int(high - low) + 2
    if high - low < 2 * NARROWEST_COLUMN * body or bins > 5000:
        return None
    taken = np.zeros((len(rows), bins + 1), dtype=np.int32)
    for number, row in enumerate(rows):
        for word in row:
            taken[number, min(max(int(word.x0 - low), 0), bins)] += 1
            taken[number, min(max(int(word.x1 - low) + 1, 1), bins)] -= 1
    filled = np.cumsum(taken, axis=1) > 0
    sums = np.concatenate(
        [np.zeros((len(rows), 1), dtype=np.int32), np.cumsum(filled, axis=1)], axis=1
    )
    clear = (sums[:, width:] - sums[:, :-width]) == 0
    heights = np.concatenate(
        [np.zeros((1, clear.shape[1]), dtype=np.int32), np.cumsum(clear, axis=0)]
    )
    tall = (heights[FEWEST_ROWS:] - heights[:-FEWEST_ROWS] == FEWEST_ROWS).any(axis=0)
    edge = int(NARROWEST_COLUMN * body)
    # Of equal places the last one counts: the right column's edge is sharp, the left's ragged.
    best: _Gutter | None = None
    for at in range(edge, clear.shape[1] - edge):
        x = low + at + width / 2
        least = 2 if any(abs(x - other) < SAME_GUTTER for other in known) else FEWEST_ROWS
        if least == FEWEST_ROWS and not tall[at]:
            continue
        for start, end in _runs(clear[:, at]):
            if end - start < least or (best and end - start < best.fewest):
                continue
            gutter = _trim(rows, _Gutter(x, start, end, 0), body)
            if gutter and gutter.fewest >= least and (not best or gutter.fewest >= best.fewest):
                best = gutter
    return best


def _runs(column: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], column.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _trim(rows: list[list[Word]], gutter: _Gutter, body: float) -> _Gutter | None:
    """The rows that the gutter parts, and on how many of them at least each side has text."""
    x, start, end = gutter.x, gutter.start, gutter.end
    on_left = [n for n in range(start, end) if rows[n][0].x0 < x]
    on_right = [n for n in range(start, end) if rows[n][-1].x0 >= x]
    if not on_left or not on_right:
        return None
    wide = NARROWEST_COLUMN * body
    if x - min(rows[n][0].x0 for n in on_left) < wide:
        return None
    if max(rows[n][-1].x1 for n in on_right) - x < wide:
        return None
    if end < len(rows):
        end = _end_of_columns(rows, [n for n in on_left if n > on_right[-1]], end)
    on_left = [n for n in on_left if n < end]
    return _Gutter(x, start, end, min(len(on_left), len(on_right))) if on_left else None


def _end_of_columns(rows: list[list[Word]], trailing: list[int], end: int) -> int:
    """Where the columns end above a row that crosses them.

    Of the rows below the right column's last one, `trailing`, the lowest may be the heading
    of what comes after the columns: it is nearer to that than to what stands above it.
    """
    if len(trailing) < 2:
        return end
    above = rows[trailing[-1]][0].y - rows[trailing[-2]][0].y
    below = rows[end][0].y - rows[trailing[-1]][0].y
    return trailing[-1] if above > 1.2 * below else end
