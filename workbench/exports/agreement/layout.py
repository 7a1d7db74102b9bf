"""What the sections of the agreement page are built of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.exports.page import scrolling_table

#: A table with more columns than this is turned, if that makes it narrower, and cut into several
#: where it still has more, so that a sheet of paper holds it.
MOST_COLUMNS = 8
#: A table with more rows than this is folded.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its anchor, its heading (plain text), and its HTML."""

    name: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of `parts` (rows) by `fields` (columns), in HTML, and what either is called."""

    part: str
    parts: Sequence[str]
    field: str
    fields: Sequence[str]
    cells: Sequence[Sequence[str]]


def render_page_parts(sections: Sequence[Section]) -> list[str]:
    """The list of contents, then the sections."""
    links = "".join(
        f'<li><a href="#{section.name}">{escape(section.title)}</a></li>' for section in sections
    )
    parts = [
        f'<section aria-labelledby="{section.name}"><h2 id="{section.name}">'
        f"{escape(section.title)}</h2>{section.body}</section>"
        for section in sections
    ]
    first, *others = parts
    return [first, f'<nav aria-label="Contents"><ul>{links}</ul></nav>', *others]


def show_name(name: str) -> str:
    """A name from outside: escaped, and kept from turning the text around it from right to left."""
    return f"<bdi>{escape(name)}</bdi>"


def fold(rows: int, what: str, html: str) -> str:
    """`html` behind a line that opens it, where it has many rows; on paper it is open."""
    if rows <= MOST_ROWS:
        return html
    return f"<details><summary>{what}</summary>{html}</details>"


def draw_grid(name: str, caption: str, grid: Grid) -> str:
    """The table, turned where its fields are too many for columns, cut where they still are."""
    if len(grid.fields) > max(len(grid.parts), MOST_COLUMNS):
        cells = list(zip(*grid.cells, strict=True))
        grid = Grid(grid.field, grid.fields, grid.part, grid.parts, cells)
    tables = []
    for start in range(0, max(len(grid.fields), 1), MOST_COLUMNS):
        part = slice(start, start + MOST_COLUMNS)
        rows = [(one, *cells[part]) for one, cells in zip(grid.parts, grid.cells, strict=True)]
        head = (grid.part, *grid.fields[part])
        label, said = (f"{name}-{start}", "Continued.") if start else (name, caption)
        tables.append(scrolling_table(label, said, head, rows, numbers_from=1))
    return fold(len(grid.parts), f"The table ({len(grid.parts)} rows)", "".join(tables))
