"""The plot of alpha's intervals, one line per code, as inline SVG.

Places are in per cent of the width, so that the plot narrows with the page
and its letters do not.
"""

import math
from collections.abc import Sequence
from html import escape
from unicodedata import east_asian_width

from workbench.annotations.agreement import RELIABLE, TENTATIVE
from workbench.annotations.figures import CodeAgreement
from workbench.exports.agreement.report import show_figure, show_interval

#: Heights in pixels: of a code, of its name, and of the axis below all.
ROW, NAME, AXIS = 46, 22, 34
#: A name with its figures of more letters than this does not fit on a telephone.
LONG = 38
#: The marks of the bands, so that colour is not the only sign.
MARKS = {"reliable": "\u25cf", "tentative": "\u25d0", "unreliable": "\u2715"}
NO_MARK = "\u25cb"


def draw_intervals(codes: Sequence[CodeAgreement]) -> str:
    """An SVG element: each code's alpha as a dot on its interval, over the bands."""
    lowest = _lowest(codes)
    height = ROW * len(codes)
    parts = [
        f'<svg class="plot" role="img" aria-labelledby="plot-title plot-text" '
        f'width="100%" height="{height + AXIS}">',
        "<title id='plot-title'>Krippendorff's alpha per code, with its 95 % interval</title>",
        f'<desc id="plot-text">{escape(_described(codes))}</desc>',
    ]
    for tick in _ticks(lowest):
        x = _place(tick, lowest)
        anchor = "start" if tick == lowest else "end" if tick == 1 else "middle"
        parts.append(
            f'<line class="tick" x1="{x}" x2="{x}" y1="{height - 2}" y2="{height + 5}"/>'
            f'<text class="axis" x="{x}" y="{height + 22}" text-anchor="{anchor}">'
            f"{_tick(tick)}</text>"
        )
    for index, code in enumerate(codes):
        parts.append(_row(code, index * ROW, lowest))
    return "\n".join([*parts, "</svg>"])


def _row(code: CodeAgreement, top: int, lowest: float) -> str:
    y = top + NAME + 10
    shown = f"{show_figure(code.alpha)} {show_interval(code.alpha_interval)}".strip()
    name = shorten(code.code, LONG - 4)
    length = "name long" if _wide(name) + len(shown) > LONG else "name"
    parts = [
        f'<text class="{length}" x="0" y="{top + 16}">{MARKS.get(code.band, NO_MARK)} '
        f'{escape(isolate(name))}<tspan class="figure" dx="8">{escape(shown)}</tspan></text>',
        f'<rect class="lane" x="0" width="100%" y="{top + NAME}" height="20"/>',
        _zone("zone-tentative", TENTATIVE, RELIABLE, lowest, top + NAME),
        _zone("zone-reliable", RELIABLE, 1.0, lowest, top + NAME),
    ]
    low, high = code.alpha_interval.low, code.alpha_interval.high
    if low is not None and high is not None:
        left, right = _place(low, lowest), _place(high, lowest)
        parts.append(
            f'<line class="span {code.band}" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
            f'<line class="span {code.band}" x1="{left}" x2="{left}" y1="{y - 5}" y2="{y + 5}"/>'
            f'<line class="span {code.band}" x1="{right}" x2="{right}" y1="{y - 5}" y2="{y + 5}"/>'
        )
    if code.alpha.value is not None:
        x = _place(code.alpha.value, lowest)
        parts.append(f'<circle class="dot {code.band}" cx="{x}" cy="{y}" r="5"/>')
    return "".join(parts)


def isolate(name: str) -> str:
    """`name` kept from turning what stands beside it from right to left, where <bdi> cannot be."""
    return f"\u2068{name}\u2069"


def shorten(name: str, most: int) -> str:
    """`name` with its middle left out where it is wider than `most` letters."""
    if _wide(name) <= most:
        return name
    start, end = name, name
    while _wide(start) > most // 2:
        start = start[:-1]
    while _wide(end) > most // 2 - 1:
        end = end[1:]
    return f"{start}\u2026{end}"


def _wide(text: str) -> int:
    """Letters, those of East Asia twice as wide."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _zone(name: str, start: float, end: float, lowest: float, top: int) -> str:
    left = (start - lowest) / (1 - lowest) * 100
    width = (end - start) / (1 - lowest) * 100
    return f'<rect class="{name}" x="{left:.2f}%" width="{width:.2f}%" y="{top}" height="20"/>'


def _place(value: float, lowest: float) -> str:
    return f"{(max(value, lowest) - lowest) / (1 - lowest) * 100:.2f}%"


def _lowest(codes: Sequence[CodeAgreement]) -> float:
    """Where the axis begins: 0, or the tenth below the lowest end that is drawn."""
    ends = [
        end
        for code in codes
        for end in (code.alpha.value, code.alpha_interval.low)
        if end is not None
    ]
    return min(0.0, math.floor(min(ends, default=0.0) * 10) / 10)


def _ticks(lowest: float) -> list[float]:
    # A zero too near the beginning of the axis would run into its label.
    zero = [0.0] if -lowest / (1 - lowest) > 0.15 else []
    return [lowest, *zero, TENTATIVE, RELIABLE, 1.0]


def _tick(tick: float) -> str:
    return f"{tick:.3f}" if tick in (TENTATIVE, RELIABLE) else f"{tick:g}"


def _described(codes: Sequence[CodeAgreement]) -> str:
    return "; ".join(
        f"{isolate(code.code)} {show_figure(code.alpha)} "
        f"{show_interval(code.alpha_interval)}".strip()
        for code in codes
    )
