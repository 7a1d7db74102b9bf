"""The plot of alpha over weeks, as inline SVG. Pure.

Places along the line are in per cent, so that the plot narrows with the page
and its letters do not.
"""

import math
from collections.abc import Sequence
from html import escape

from workbench.annotations.bands import RELIABLE, TENTATIVE
from workbench.annotations.figures import Figure, Interval
from workbench.exports.agreement.report import show_figure, show_interval

#: Pixels, but LEFT and RIGHT, which are in per cent of the width.
HEIGHT, TOP, AXIS, LEFT, RIGHT = 200, 12, 30, 12, 5
#: More names than this run into each other on a telephone; the others stay in the table.
MOST_NAMES = 4

Point = tuple[str, Figure, Interval]


def draw_drift(points: Sequence[Point]) -> str:
    """An SVG element: a dot on its interval for every point that has a value, in their order."""
    lowest = _lowest(points)
    step = (100 - LEFT - RIGHT) / max(len(points), 1)
    every = -(-len(points) // MOST_NAMES)
    parts = [
        '<svg class="plot" role="img" aria-labelledby="drift-title drift-text" width="100%" '
        f'height="{TOP + HEIGHT + AXIS}">',
        "<title id='drift-title'>Alpha on sets of codes, week by week</title>",
        f'<desc id="drift-text">{escape(_described(points))}</desc>',
        _zone("zone-tentative", TENTATIVE, RELIABLE, lowest),
        _zone("zone-reliable", RELIABLE, 1.0, lowest),
    ]
    for tick in (lowest, TENTATIVE, RELIABLE, 1.0):
        y = _height(tick, lowest)
        shown = f"{tick:.3f}" if tick in (TENTATIVE, RELIABLE) else f"{tick:g}"
        parts.append(
            f'<line class="tick" x1="{LEFT}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="axis" x="{LEFT - 1}%" y="{y + 4:.1f}" text-anchor="end">{shown}</text>'
        )
    for number, (name, figure, interval) in enumerate(points):
        x = f"{LEFT + step * (number + 0.5):.2f}%"
        parts.append(_point(x, figure, interval, lowest))
        if number % every == 0:
            parts.append(
                f'<text class="axis" x="{x}" y="{TOP + HEIGHT + 20}" text-anchor="middle">'
                f"{escape(name)}</text>"
            )
    return "\n".join([*parts, "</svg>"])


def _point(x: str, figure: Figure, interval: Interval, lowest: float) -> str:
    parts = []
    if interval.low is not None and interval.high is not None:
        low, high = _height(interval.low, lowest), _height(interval.high, lowest)
        parts.append(f'<line class="span" x1="{x}" x2="{x}" y1="{low:.1f}" y2="{high:.1f}"/>')
    if figure.value is not None:
        y = _height(figure.value, lowest)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y:.1f}" r="4"/>')
    return "".join(parts)


def _zone(name: str, start: float, end: float, lowest: float) -> str:
    top, bottom = _height(end, lowest), _height(start, lowest)
    return (
        f'<rect class="{name}" x="{LEFT}%" width="{100 - LEFT}%" y="{top:.1f}" '
        f'height="{bottom - top:.1f}"/>'
    )


def _height(value: float, lowest: float) -> float:
    return TOP + (1 - max(value, lowest)) / (1 - lowest) * HEIGHT


def _lowest(points: Sequence[Point]) -> float:
    ends = [end for _, f, i in points for end in (f.value, i.low) if end is not None]
    return min(0.0, math.floor(min(ends, default=0.0) * 10) / 10)


def _described(points: Sequence[Point]) -> str:
    return "; ".join(
        f"{name} {show_figure(figure)} {show_interval(interval)}".strip()
        for name, figure, interval in points
    )
