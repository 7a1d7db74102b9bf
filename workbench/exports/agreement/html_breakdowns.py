"""The page's part on agreement by report, source, section, week. Pure."""

import re
from collections.abc import Sequence

from workbench.annotations.breakdowns import Breakdown, GroupAgreement, GroupCode
from workbench.exports.agreement.cells import FEW, few_cell, figure_cell, interval_under
from workbench.exports.agreement.drift import draw_drift
from workbench.exports.agreement.layout import Grid, Section, draw_grid, show_name
from workbench.exports.agreement.phrases import count

#: Groups in a table; agreement.json and agreement.csv have all of them.
MOST_GROUPS = 40
TITLES = {
    "report": ("By report", "Report"),
    "source": ("By source", "Source"),
    "section": ("By section", "Section"),
    "week": ("By week", "Week"),
}


def render_breakdowns(breakdowns: Sequence[Breakdown]) -> list[Section]:
    """A section for every breakdown that has two groups or more."""
    return [_breakdown(breakdown) for breakdown in breakdowns if len(breakdown.groups) > 1]


def _breakdown(breakdown: Breakdown) -> Section:
    title, part = TITLES.get(breakdown.dimension, (f"By {breakdown.dimension}", "Group"))
    # The largest tell most.
    largest = sorted(breakdown.groups, key=lambda group: -group.pairable)[:MOST_GROUPS]
    shown = sorted(largest, key=lambda group: _natural(group.group))
    caption = (
        "Alpha with its 95 % interval, of each part's paragraphs alone. Coded twice: by two "
        f"coders or more. {FEW}"
    )
    if left := len(breakdown.groups) - len(shown):
        smallest = "The smallest part is" if left == 1 else f"The {left} smallest parts are"
        caption += f" {smallest} in agreement.csv and agreement.json."
    if breakdown.unknown:
        belong = "belongs" if breakdown.unknown == 1 else "belong"
        caption += f" {count(breakdown.unknown, 'paragraph')} {belong} to no part."
    codes = [show_name(code.code) for code in shown[0].codes]
    grid = Grid(
        part,
        [show_name(group.group) for group in shown],
        "Code",
        ["Coded twice", "Sets (MASI)", *codes],
        [_cells(group) for group in shown],
    )
    plot = _drift(shown) if breakdown.dimension == "week" else ""
    body = f"{_range(shown, part)}{plot}{draw_grid(f'of-{breakdown.dimension}', caption, grid)}"
    return Section(f"by-{breakdown.dimension}", title, body)


def _range(groups: Sequence[GroupAgreement], part: str) -> str:
    """The lowest and the highest part in a sentence, of those with enough paragraphs."""
    known = [
        (group.masi.value, group.group)
        for group in groups
        if group.masi.value is not None and group.masi_interval.low is not None
    ]
    if len(known) < 3:
        return ""
    (low, lowest), (high, highest) = min(known), max(known)
    return (
        f"<p>{len(known)} {part.casefold()}s have enough paragraphs for an interval. Alpha on sets "
        f"of codes (MASI) runs from {low:.3f} ({show_name(lowest)}) to {high:.3f} "
        f"({show_name(highest)}).</p>"
    )


def _cells(group: GroupAgreement) -> tuple[str, ...]:
    masi = f'<span class="quiet">{figure_cell(group.masi)}</span>'
    if group.masi_interval.low is not None:
        masi = figure_cell(group.masi) + interval_under(group.masi, group.masi_interval, "")
    return (
        f"{group.pairable:,} of {group.paragraphs:,}",
        masi if group.pairable else '<span class="quiet">none coded twice</span>',
        *map(_code, group.codes),
    )


def _code(code: GroupCode) -> str:
    if code.band == "insufficient" or code.alpha.value is None:
        return few_cell(code.alpha, code.positives, code.negatives, code.pairable)
    return figure_cell(code.alpha) + interval_under(code.alpha, code.interval, "")


def _drift(groups: Sequence[GroupAgreement]) -> str:
    return (
        "<figure><div class='frame'>"
        f"{draw_drift([(g.group, g.masi, g.masi_interval) for g in groups])}</div>"
        "<figcaption>Alpha on sets of codes (MASI) week by week, with its 95 % interval where the "
        "week has enough paragraphs. A paragraph counts in the week of its last coding. Shaded: "
        "tentative from 0.667, reliable from 0.800.</figcaption></figure>"
    )


def _natural(name: str) -> list[tuple[int, str]]:
    """Numbers in a name by their size: r2 before r10."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in pieces]
