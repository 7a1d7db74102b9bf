"""The page layouts: a module each, behind one Protocol, in one dict.

To add one, write a module with a class of this Protocol and name it in `LAYOUTS`.
"""

from typing import Protocol

from workbench.reports.html.cutting import PagePiece
from workbench.reports.html.hints import Hints
from workbench.reports.html.layouts.amnesty import AmnestyPage
from workbench.reports.html.layouts.generic import GenericPage
from workbench.reports.html.layouts.hrw import HrwPage
from workbench.reports.html.layouts.state import StatePage
from workbench.reports.html.layouts.un import UnPage
from workbench.reports.html.page import Page


class PageLayout(Protocol):
    """A kind of page. `source` is who publishes such pages, None where that is open."""

    name: str
    source: str | None

    def claims(self, page: Page) -> bool:
        """Whether a page is of this kind, told from what stands on it."""
        ...

    def cut(self, page: Page) -> list[PagePiece]:
        """The paragraphs of the report on it, in reading order."""
        ...

    def hints(self, page: Page) -> Hints:
        """The country and the year covered, as far as the page tells."""
        ...


GENERIC: PageLayout = GenericPage()
LAYOUTS: dict[str, PageLayout] = {
    layout.name: layout for layout in (StatePage(), HrwPage(), AmnestyPage(), UnPage())
}


def choose_layout(page: Page) -> tuple[PageLayout, str | None]:
    """The one layout that claims a page, or the generic one and why it reads the page."""
    claiming = [layout for layout in LAYOUTS.values() if layout.claims(page)]
    if len(claiming) == 1:
        return claiming[0], None
    if not claiming:
        return GENERIC, "no page layout claims this report: it is read as a generic page"
    names = " and ".join(layout.name for layout in claiming)
    return GENERIC, f"{names} both claim this report: it is read as a generic page"
