"""A line chart as one SVG file: no script, no outside request, readable in the dark and in print.

`Chart` says what is to be seen, `draw_chart` draws it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 180, 40, 56
# Okabe and Ito's colours, told apart by the colour-blind; then they repeat, dashed otherwise.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = ("", "7 4", "2 3", "9 3 2 3")
#: More lines than this cannot be told apart; the rest is left out, and the chart says so.
MOST_LINES = len(_COLOURS) * len(_DASHES) // 2
_STYLE = (
    "svg{font:13px system-ui,sans-serif;fill:#1a1a1a;background:#fff}"
    ".grid{stroke:#d9d9d9}.axis{stroke:#555}.quiet{fill:#555}"
    ".guide{stroke:#888;stroke-dasharray:4 4;fill:none}"
    ".line{fill:none;stroke-width:2;stroke-linejoin:round}"
    "@media (prefers-color-scheme:dark){svg{fill:#eee;background:#161616}"
    ".grid{stroke:#383838}.axis{stroke:#aaa}.quiet{fill:#aaa}}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A vertical interval at `x`."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """A named line through `points` (x, y); `dots` marks them, `bars` are their intervals."""

    name: str
    points: tuple[tuple[float, float], ...]
    dots: bool = False
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be seen: y runs from 0 to 1, x from 0 to `x_most`.

    `x_ticks` are the values named below the x axis. `diagonal` draws the line
    from (0, 0) to (x_most, 1). `notes` say what is not drawn, and why.
    """

    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    x_most: float = 1.0
    x_ticks: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    diagonal: bool = False
    notes: tuple[str, ...] = ()


def draw_chart(chart: Chart) -> str:
    """The chart as a whole SVG document."""
    notes = [*chart.notes]
    if len(chart.lines) > MOST_LINES:
        notes.append(f"{len(chart.lines) - MOST_LINES} more are not drawn")
    height = _HEIGHT + 18 * len(notes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="title text" width="{_WIDTH}" height="{height}">',
        f"<style>{_STYLE}</style>",
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="text">{escape(_describe(chart))}</desc>',
        f'<text x="{_LEFT}" y="22" font-weight="600">{escape(chart.title)}</text>',
        *_draw_axes(chart),
    ]
    if chart.diagonal:
        (x1, y1), (x2, y2) = _place(chart, 0, 0), _place(chart, chart.x_most, 1)
        parts.append(f'<line class="guide" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    for number, line in enumerate(chart.lines[:MOST_LINES]):
        parts += _draw_line(chart, line, number)
    for number, note in enumerate(notes):
        y = _HEIGHT + 18 * number + 4
        parts.append(f'<text class="quiet" x="{_LEFT}" y="{y}">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _draw_axes(chart: Chart) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = []
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        _, y = _place(chart, 0, tick)
        kind = "axis" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{_LEFT}" x2="{right}" y1="{y}" y2="{y}"/>')
        parts.append(
            f'<text class="quiet" x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{tick:g}</text>'
        )
    for tick in chart.x_ticks:
        x, _ = _place(chart, tick, 0)
        parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(
            f'<text class="quiet" x="{x}" y="{bottom + 20}" text-anchor="middle">{tick:g}</text>'
        )
    middle = (_LEFT + right) / 2
    across = (_TOP + bottom) / 2
    parts.append(
        f'<text x="{middle}" y="{bottom + 42}" text-anchor="middle">{escape(chart.x_label)}</text>'
    )
    parts.append(
        f'<text x="18" y="{across}" text-anchor="middle" transform="rotate(-90 18 {across})">'
        f"{escape(chart.y_label)}</text>"
    )
    return parts


def _draw_line(chart: Chart, line: Line, number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    dash = _DASHES[number // len(_COLOURS)]
    drawn = f'stroke="{colour}"' + (f' stroke-dasharray="{dash}"' if dash else "")
    parts = []
    for bar in line.bars:
        x, low = _place(chart, bar.x, bar.low)
        _, high = _place(chart, bar.x, bar.high)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{low}" y2="{high}" stroke="{colour}" opacity="0.5"/>'
        )
    places = [_place(chart, x, y) for x, y in line.points]
    joined = " ".join(f"{x},{y}" for x, y in places)
    parts.append(f'<polyline class="line" {drawn} points="{joined}"/>')
    if line.dots:
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in places]
    x, y = _WIDTH - _RIGHT + 16, _TOP + 10 + 22 * number
    parts.append(f'<line class="line" {drawn} x1="{x}" x2="{x + 24}" y1="{y}" y2="{y}"/>')
    parts.append(f'<text x="{x + 32}" y="{y + 4}">{escape(line.name)}</text>')
    return parts


def _place(chart: Chart, x: float, y: float) -> tuple[float, float]:
    across = (_WIDTH - _LEFT - _RIGHT) * min(max(x / chart.x_most, 0.0), 1.0)
    down = (_HEIGHT - _TOP - _BOTTOM) * (1 - min(max(y, 0.0), 1.0))
    return round(_LEFT + across, 2), round(_TOP + down, 2)


def _describe(chart: Chart) -> str:
    return "; ".join(
        [*(f"{line.name}: {_ends(line.points)}" for line in chart.lines), *chart.notes]
    )


def _ends(points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return "no point"
    (x1, y1), (x2, y2) = points[0], points[-1]
    return f"from ({x1:.4g}, {y1:.2f}) to ({x2:.4g}, {y2:.2f})"
