"""Figures and intervals as the cells of a page's tables. Pure."""

from collections.abc import Callable
from html import escape

from workbench.annotations.bands import FEWEST_POSITIVES
from workbench.annotations.figures import Figure, Interval
from workbench.exports.agreement.report import show_figure, show_interval

#: What the captions of tables with `few_cell` say.
FEW = (
    f"Too few: fewer than {FEWEST_POSITIVES} of the paragraphs have the code by any coder, or lack "
    "it; the figure then says little."
)


def figure_cell(figure: Figure, show: Callable[[Figure], str] = show_figure, said: str = "") -> str:
    """The figure, with the reason where it has no value, unless that was `said` already."""
    if figure.value is not None or figure.reason == said:
        return show(figure)
    return f'undefined<small class="reason">{escape(figure.reason)}</small>'


def interval_under(figure: Figure, interval: Interval, said: str) -> str:
    """The interval in small print under its figure; the reason where only it is missing."""
    if interval.low is not None:
        return f"<small>{show_interval(interval)}</small>"
    if figure.value is None and interval.reason == said:
        return ""
    return f'<small class="reason">no interval: {escape(interval.reason)}</small>'


def interval_cell(interval: Interval) -> str:
    """The interval, or none with the reason."""
    if interval.low is None:
        return f'none<small class="reason">{escape(interval.reason)}</small>'
    return show_interval(interval)


def few_cell(figure: Figure, positives: int, negatives: int, paragraphs: int) -> str:
    """A figure that rests on too few of its `paragraphs`, in quiet print, or why there is none."""
    if not paragraphs:
        return '<span class="quiet">none coded twice</span>'
    if not positives:
        return '<span class="quiet">never given</span>'
    if not negatives:
        return '<span class="quiet">always given</span>'
    few, what = (positives, "have it") if positives <= negatives else (negatives, "lack it")
    what = what if few != 1 else {"have it": "has it", "lack it": "lacks it"}[what]
    shown = "undefined" if figure.value is None else show_figure(figure)
    return f'<span class="quiet">{shown}</span><small class="reason">too few: {few} {what}</small>'
