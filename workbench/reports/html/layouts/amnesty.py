"""Amnesty International: a country's entry in the annual report, and its country page."""

import re

from workbench.reports.html.cutting import PagePiece, cut_page
from workbench.reports.html.hints import Hints, country_in_title
from workbench.reports.html.page import Page

_AMNESTY = re.compile(r"amnesty international", re.IGNORECASE)
_ENTRY = re.compile(
    r"/(?:countries|location)/|/report-[a-z]|annual[ -]report"
    r"|\b(?:19|20)\d\d/(?:\d\d)?\d\d\b|human rights in ",
    re.IGNORECASE,
)

_YEAR = re.compile(r"\b(?:19[6-9]|20[0-4])\d(?=\b|/)")
_COUNTRY = (
    re.compile(r"human rights in (?P<country>[^:|\d]{3,60}?)(?=\s*(?:[:|\d–—-]|$|amnesty))", re.I),
    re.compile(
        r"^(?P<country>[^:|\d]{3,60}?)\s*(?:\d{4}(?:/\d+)?)?\s*(?:archives?\b|[:|–—-]|$)", re.I
    ),
)


class AmnestyPage:
    """The layout of an Amnesty International country entry."""

    name = "amnesty-html"
    source: str | None = "amnesty"

    def claims(self, page: Page) -> bool:
        ours = "amnesty" in page.host or _AMNESTY.search(f"{page.head.title} {page.head.site}")
        named = f"{page.title}\n{page.head.title}\n{page.path}"
        return bool(ours) and bool(_ENTRY.search(named))

    def cut(self, page: Page) -> list[PagePiece]:
        return cut_page(page)

    def hints(self, page: Page) -> Hints:
        """Country as the title names it, and the year covered: the first of "2023/24".

        The title may leave the year to the first headings.
        """
        named = f"{page.title}\n{page.head.title}\n{page.path.replace('/', ' ')}"
        year = _YEAR.search(named) or _YEAR.search("\n".join(w for _, w in page.headings[:4]))
        return Hints(country_in_title(page, _COUNTRY), int(year[0]) if year else None)
