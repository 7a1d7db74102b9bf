"""Human Rights Watch, World Report: the page of a country's chapter."""

import re

from workbench.reports.html.cutting import PagePiece, cut_page
from workbench.reports.html.hints import Hints, country_in_title
from workbench.reports.html.page import Page

_TITLE = re.compile(r"world[ -]report\W+(?:19|20)\d\d", re.IGNORECASE)
_COUNTRY = (
    re.compile(r"world report\W+\d{4}\s*[:–—-]\s*(?P<country>[^:|]{3,60})", re.IGNORECASE),
    re.compile(
        r"^(?P<country>[^:|]{3,60}?)\s*(?:[:|–—-]\s*)?(?:events of \d{4}|world report|\|)", re.I
    ),
)
_WATCH = re.compile(r"human rights watch|\bhrw\b", re.IGNORECASE)


class HrwPage:
    """The layout of a World Report chapter."""

    name = "hrw-html"
    source: str | None = "hrw"

    def claims(self, page: Page) -> bool:
        named = f"{page.title}\n{page.head.title}\n{page.path.replace('/', ' ')}"
        watch = page.host.endswith("hrw.org") or _WATCH.search(
            f"{page.head.title} {page.head.site}"
        )
        return bool(watch) and bool(_TITLE.search(named))

    def cut(self, page: Page) -> list[PagePiece]:
        return cut_page(page)

    def hints(self, page: Page) -> Hints:
        """Country as the title names it, and the year before that of the World Report."""
        named = f"{page.title}\n{page.head.title}\n{page.path.replace('/', ' ')}"
        year = _TITLE.search(named)
        return Hints(country_in_title(page, _COUNTRY), int(year[0][-4:]) - 1 if year else None)
