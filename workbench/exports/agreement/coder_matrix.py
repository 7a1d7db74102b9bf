"""The plot of how far every two coders agree, as inline SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.annotations.figures import Agreement

CELL, NAME = 64, 120
#: Of more coders the squares would be too small to read; the table has every two.
MOST_CODERS = 12


@dataclass(frozen=True, slots=True)
class CoderMatrix:
    """Mean kappa over the codes of every two coders: `values[i][j]`, None where there is none."""

    coders: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


def arrange_matrix(agreement: Agreement) -> CoderMatrix:
    """The plain mean of the kappas that are defined, over the codes."""
    coders = tuple(share.coder for share in agreement.coders)
    found: dict[tuple[str, str], list[float]] = {}
    for code in agreement.codes:
        for pair in code.pairs:
            if pair.kappa.value is not None:
                found.setdefault((pair.coder_1, pair.coder_2), []).append(pair.kappa.value)

    def mean(one: str, other: str) -> float | None:
        values = found.get((one, other)) or found.get((other, one))
        return sum(values) / len(values) if values else None

    return CoderMatrix(coders, tuple(tuple(mean(a, b) for b in coders) for a in coders))


def draw_matrix(matrix: CoderMatrix) -> str:
    """An SVG element: a square for every two coders, the darker the more they agree."""
    size = len(matrix.coders)
    width, height = NAME + CELL * size, CELL * size + 28
    parts = [
        '<svg class="plot matrix" role="img" aria-labelledby="matrix-title matrix-text" '
        f'viewBox="0 0 {width} {height}" width="{width}">',
        "<title id='matrix-title'>Mean kappa of every two coders</title>",
        f'<desc id="matrix-text">{escape(_described(matrix))}</desc>',
    ]
    for row, name in enumerate(matrix.coders):
        y = row * CELL
        parts.append(
            f'<text class="name" x="{NAME - 8}" y="{y + CELL / 2 + 5}" text-anchor="end">'
            f"{escape(_short(name))}</text>"
        )
        parts += [_square(row, column, matrix) for column in range(row)]
    for column, name in enumerate(matrix.coders[:-1]):
        parts.append(
            f'<text class="axis" x="{NAME + CELL * (column + 0.5)}" y="{CELL * size + 18}" '
            f'text-anchor="middle">{escape(_short(name, 8))}</text>'
        )
    return "\n".join([*parts, "</svg>"])


def _square(row: int, column: int, matrix: CoderMatrix) -> str:
    value = matrix.values[row][column]
    x, y = NAME + column * CELL, row * CELL
    opacity = 0.0 if value is None else 0.08 + 0.62 * min(max(value, 0.0), 1.0)
    shown = "none" if value is None else f"{value:.2f}"
    return (
        f'<rect class="square" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" '
        f'fill-opacity="{opacity:.2f}"/>'
        f'<text x="{x + CELL / 2}" y="{y + CELL / 2 + 5}" text-anchor="middle">{shown}</text>'
    )


def _short(name: str, most: int = 14) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _described(matrix: CoderMatrix) -> str:
    pairs: Sequence[str] = [
        f"{one} and {other} {'none' if value is None else format(value, '.2f')}"
        for row, one in enumerate(matrix.coders)
        for other, value in zip(matrix.coders[:row], matrix.values[row], strict=False)
    ]
    return "; ".join(pairs)
