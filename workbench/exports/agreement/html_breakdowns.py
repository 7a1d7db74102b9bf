"""The page's part on agreement by report, source, section, week. Pure."""

from collections.abc import Sequence
from html import escape

from workbench.annotations.breakdowns import Breakdown, GroupAgreement, GroupCode
from workbench.exports.agreement.cells import figure_cell, interval_under
from workbench.exports.agreement.drift import draw_drift
from workbench.exports.page import scrolling_table

#: Groups in a table; agreement.json and agreement.csv have all of them.
MOST_GROUPS = 40
TITLES = {
    "report": ("By report", "Report"),
    "source": ("By source", "Source"),
    "section": ("By section", "Section"),
    "week": ("By week", "Week"),
}


def render_breakdowns(breakdowns: Sequence[Breakdown]) -> list[str]:
    """A section for every breakdown that has two groups or more."""
    return [_breakdown(breakdown) for breakdown in breakdowns if len(breakdown.groups) > 1]


def _breakdown(breakdown: Breakdown) -> str:
    title, column = TITLES.get(breakdown.dimension, (f"By {breakdown.dimension}", "Group"))
    # The largest tell most; a table of weeks keeps their order.
    largest = sorted(breakdown.groups, key=lambda group: -group.pairable)[:MOST_GROUPS]
    shown = [group for group in breakdown.groups if group in largest]
    codes = [code.code for code in shown[0].codes]
    head = (column, "Coded by two or more", "Sets (MASI)", *map(escape, codes))
    caption = (
        "Alpha with its 95 % interval, of each part's paragraphs alone. In small print why a "
        "part has no figure or no interval."
    )
    left = len(breakdown.groups) - len(shown)
    if left:
        caption += f" The {left} smallest are in agreement.csv and agreement.json."
    if breakdown.unknown:
        caption += f" {breakdown.unknown:,} paragraphs belong to no part."
    table = scrolling_table(
        f"by-{breakdown.dimension}", caption, head, [_row(group) for group in shown], 1
    )
    plot = _drift(shown) if breakdown.dimension == "week" else ""
    return f"<h2>{escape(title)}</h2>{plot}{table}"


def _row(group: GroupAgreement) -> Sequence[str]:
    return (
        escape(group.group),
        f"{group.pairable:,} of {group.paragraphs:,}",
        figure_cell(group.masi) + interval_under(group.masi, group.masi_interval, ""),
        *map(_code, group.codes),
    )


def _code(code: GroupCode) -> str:
    if code.reason:
        shown = "" if code.alpha.value is None else figure_cell(code.alpha)
        return f'{shown}<small class="reason">{escape(code.reason)}</small>'
    return figure_cell(code.alpha) + interval_under(code.alpha, code.interval, "")


def _drift(groups: Sequence[GroupAgreement]) -> str:
    return (
        "<figure><div class='frame'>"
        f"{draw_drift([(g.group, g.masi, g.masi_interval) for g in groups])}</div>"
        "<figcaption>Alpha on sets of codes (MASI) week by week, with its 95 % interval where the "
        "week has enough paragraphs. A paragraph counts in the week of its last coding."
        "</figcaption></figure>"
    )
