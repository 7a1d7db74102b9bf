"""The page's part on how many more paragraphs must be coded twice. Pure."""

from collections.abc import Sequence
from html import escape

from workbench.annotations.figures import Agreement
from workbench.annotations.needs import Need
from workbench.exports.agreement.layout import Section, fold, show_name
from workbench.exports.agreement.phrases import count
from workbench.exports.page import scrolling_table


def render_needs(needs: Sequence[Need], agreement: Agreement) -> list[Section]:
    """One section, or none where nothing was asked."""
    if not needs:
        return []
    by_report = any(need.reports is not None for need in needs)
    head: tuple[str, ...] = ("Code", "Width now", "Needed in all", "Still to be coded")
    rows = [_row(need)[: 5 if by_report else 4] for need in needs]
    caption = (
        f"Paragraphs to be coded by two or more for an interval of alpha {needs[0].wanted:g} wide, "
        f"if what comes is like what was coded so far ({count(agreement.pairable, 'paragraph')})."
    )
    if by_report:
        head = (*head, "Reports needed in all")
        caption += " They are to come from so many reports: whole reports were drawn."
    table = scrolling_table("needs-table", caption, head, rows, numbers_from=1)
    return [Section("needs", "How many more", fold(len(rows), _answer(needs), table))]


def _answer(needs: Sequence[Need]) -> str:
    short = sum(bool(need.more) for need in needs)
    need = "needs" if short == 1 else "need"
    return f"{short} of {count(len(needs), 'code')} {need} more paragraphs: the table"


def _row(need: Need) -> tuple[str, ...]:
    name = show_name(need.code)
    if need.paragraphs is None:
        reason = f'<small class="reason">{escape(need.reason)}</small>'
        return (name, "none", reason, "", "")
    few = "" if need.certain else f'<small class="reason">{escape(need.reason)}</small>'
    least = "" if need.certain else "at least "
    more = f"{least}{need.more:,}" if need.more else "none"
    reports = "" if need.reports is None else f"{need.reports:,}"
    return (
        name,
        "none" if need.width is None else f"{need.width:.3f}",
        f"{least}{need.paragraphs:,}{few}",
        more,
        reports,
    )
