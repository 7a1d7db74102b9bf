"""The plot of alpha's intervals, one line per code, as inline SVG.

Places are in per cent of the width, so that the plot narrows with the page
and its letters do not.
"""

import math
from collections.abc import Sequence
from html import escape

from workbench.annotations.agreement import RELIABLE, TENTATIVE
from workbench.annotations.figures import CodeAgreement
from workbench.exports.agreement.report import show_figure, show_interval

ROW, AXIS = 44, 34
#: A name with its figures of more letters than this does not fit on a telephone.
LONG = 40


def draw_intervals(codes: Sequence[CodeAgreement]) -> str:
    """An SVG element: each code's alpha as a dot on its interval, over the bands."""
    lowest = _lowest(codes)
    height = ROW * len(codes)
    parts = [
        f'<svg class="plot" role="img" aria-labelledby="plot-title plot-text" '
        f'width="100%" height="{height + AXIS}">',
        "<title id='plot-title'>Krippendorff's alpha per code, with its 95 % interval</title>",
        f'<desc id="plot-text">{escape(_described(codes))}</desc>',
        _zone("zone-tentative", TENTATIVE, RELIABLE, lowest, height),
        _zone("zone-reliable", RELIABLE, 1.0, lowest, height),
    ]
    for tick in _ticks(lowest):
        x = _place(tick, lowest)
        anchor = "start" if tick == lowest else "end" if tick == 1 else "middle"
        parts.append(
            f'<line class="tick" x1="{x}" x2="{x}" y1="0" y2="{height + 6}"/>'
            f'<text class="axis" x="{x}" y="{height + 22}" text-anchor="{anchor}">'
            f"{_tick(tick)}</text>"
        )
    for index, code in enumerate(codes):
        parts.append(_row(code, index * ROW, lowest))
    return "\n".join([*parts, "</svg>"])


def _row(code: CodeAgreement, top: int, lowest: float) -> str:
    y = top + 31
    shown = f"{show_figure(code.alpha)} {show_interval(code.alpha_interval)}".strip()
    length = "name long" if len(code.code) + len(shown) > LONG else "name"
    parts = [
        f'<text class="{length}" x="0" y="{top + 17}">{escape(code.code)}'
        f'<tspan class="figure" dx="8">{escape(shown)}</tspan></text>'
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


def _zone(name: str, start: float, end: float, lowest: float, height: int) -> str:
    left = (start - lowest) / (1 - lowest) * 100
    width = (end - start) / (1 - lowest) * 100
    return f'<rect class="{name}" x="{left:.2f}%" width="{width:.2f}%" y="0" height="{height}"/>'


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
        f"{code.code} {show_figure(code.alpha)} {show_interval(code.alpha_interval)}".strip()
        for code in codes
    )
