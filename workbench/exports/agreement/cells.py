"""Figures and intervals as the cells of a page's tables. Pure."""

from collections.abc import Callable
from html import escape

from workbench.annotations.figures import Figure, Interval
from workbench.exports.agreement.report import show_figure, show_interval


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
