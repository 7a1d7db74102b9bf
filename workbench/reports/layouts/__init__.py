"""The layouts: how reports of each kind are cut into paragraphs.

A layout is one module with a class that follows `Layout`, and an entry in
`LAYOUTS`. Layouts are pure: text in, spans and heading paths out.
"""

from typing import Protocol

from workbench.reports.layouts.amnesty import AmnestyText
from workbench.reports.layouts.generic import Generic
from workbench.reports.layouts.hrw_flat import HrwFlat
from workbench.reports.layouts.state import StateText
from workbench.reports.layouts.state_page import StatePage
from workbench.reports.layouts.un import UnText
from workbench.reports.paragraphs import RawParagraph


class Layout(Protocol):
    """What a layout offers.

    `source` is the publisher whose reports have this layout, None for any.
    """

    name: str
    source: str | None

    def claims(self, text: str) -> bool:
        """Whether a report is of this layout, by signs that other layouts do not show."""
        ...

    def cut(self, text: str) -> list[RawParagraph]:
        """The paragraphs of a report, in reading order; their spans never overlap."""
        ...


LAYOUTS: dict[str, Layout] = {
    "state-text": StateText(),
    "state-page": StatePage(),
    "hrw-flat": HrwFlat(),
    "amnesty": AmnestyText(),
    "un": UnText(),
    "generic": Generic(),
}


def choose_layout(text: str) -> tuple[Layout, tuple[str, ...]]:
    """The layout that reads `text`, and what is doubtful about the choice.

    The one that claims it; where none or several do, ``generic``, with a
    warning that says so.
    """
    claiming = [layout for layout in LAYOUTS.values() if layout.claims(text)]
    if len(claiming) == 1:
        return claiming[0], ()
    if claiming:
        names = " and ".join(layout.name for layout in claiming)
        why = f"the layouts {names} both claim this report"
    else:
        why = "no layout claims this report"
    return LAYOUTS["generic"], (f"{why}: it is read as generic, by blank lines and headings",)
