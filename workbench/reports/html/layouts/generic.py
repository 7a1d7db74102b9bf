"""Any page: whatever stands in the densest part of it, under its heading tags."""

from workbench.reports.html.cutting import PagePiece, cut_page
from workbench.reports.html.hints import Hints
from workbench.reports.html.page import Page


class GenericPage:
    """The layout for pages that no other layout claims, or two do."""

    name = "generic-html"
    source: str | None = None

    def claims(self, page: Page) -> bool:
        return False

    def cut(self, page: Page) -> list[PagePiece]:
        return cut_page(page)

    def hints(self, page: Page) -> Hints:
        return Hints(None, None)
