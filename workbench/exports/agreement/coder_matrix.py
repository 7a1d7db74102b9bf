"""How far every two coders agree, as a shaded table. Pure."""

from dataclasses import dataclass

from workbench.annotations.figures import Agreement
from workbench.exports.agreement.layout import show_name
from workbench.exports.page import scrolling_table

#: Shades of a square, from no agreement beyond chance to perfect agreement.
SHADES = 10


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
    """A table with a square for every two coders, the darker the more they agree."""
    names = [show_name(coder) for coder in matrix.coders]
    rows = []
    for row, name in enumerate(names[1:], start=1):
        squares = [_square(value) for value in matrix.values[row][:row]]
        rows.append((name, *squares, *[""] * (len(names) - 1 - row)))
    caption = (
        "Kappa of every two coders, the mean over the codes for which it is defined; the darker "
        "the square, the higher."
    )
    table = scrolling_table("matrix", caption, ("Coder", *names[:-1]), rows, numbers_from=1)
    return f'<div class="matrix">{table}</div>'


def _square(value: float | None) -> str:
    if value is None:
        return '<span class="square">none</span>'
    shade = round(min(max(value, 0.0), 1.0) * SHADES)
    return f'<span class="square shade-{shade}">{value:.2f}</span>'
