"""State Department country reports, as the department's pages give them since 2016.

The pages number their sections in a line of its own before each heading; in 2024
the seven sections became three. Older pages mark headings by bold type alone.
"""

import re

from workbench.reports.html.cutting import PagePiece, cut_page
from workbench.reports.html.hints import Hints, country_in_title
from workbench.reports.html.page import Page

_TITLE = re.compile(
    r"country reports? on human rights practices|\bhuman rights reports?\b|/hrrpt/", re.IGNORECASE
)
#: The headings that the reports of every year but 2024 have in common.
_SECTIONS = re.compile(
    r"section\s+([1-7])\W+(?:respect for|freedom to|governmental (?:attitude|posture)|"
    r"discrimination|worker rights|elections|corruption)",
    re.IGNORECASE,
)
_DEPARTMENT = re.compile(r"(?:^|\.)(?:state\.gov|usembassy\.gov)$")
_FORM = re.compile(
    r"(?:section\s+\d|executive summary\b|[a-h]\.\s+\S|respect for (?:the integrity|civil))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"U\.?S\.? Department of State|United States Department of State", re.IGNORECASE
)

_YEAR = re.compile(r"\b(?:19[7-9]|20[0-4])\d\b")
_COUNTRY = (
    re.compile(
        r"(?:human rights practices|human rights reports?)(?:\s+for\s+\d{4}|\s+\d{4})?\s*"
        r"[:–—-]\s*(?P<country>[^:|]{3,60})",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<country>[^:|]{3,60}?)\s*[-–—|]\s*(?:U\.?S|United States) Department"),
    re.compile(
        r"^(?P<country>[^:|\d]{3,60}?)\s*(?:\d{4}\s*)?(?:[-–—|:]\s*)?(?:\d{4}\s+)?"
        r"(?:human rights report|country report)",
        re.IGNORECASE,
    ),
    # The older pages have the country's name for a title.
    re.compile(r"^(?P<country>[^:|\d]{3,40})$"),
)


class StatePage:
    """The layout of a State Department report page."""

    name = "state-html"
    source: str | None = "state"

    def claims(self, page: Page) -> bool:
        named = f"{page.title}\n{page.head.title}\n{page.head.address}".replace("-", " ")
        if not _TITLE.search(named):
            return len(self._sections(page)) >= 3
        if _DEPARTMENT.search(page.host) or _NAMED.search(f"{page.head.title} {page.head.site}"):
            return True
        # Older pages have no heading tags: short lines of the same forms count.
        short = (page.words(run) for run in page.tree.runs if run.chars <= 200)
        return sum(bool(_FORM.match(words)) for words in short) >= 2

    def _sections(self, page: Page) -> set[str]:
        short = (page.words(run) for run in page.tree.runs if run.chars <= 200)
        return {match[1] for match in map(_SECTIONS.match, short) if match}

    def cut(self, page: Page) -> list[PagePiece]:
        return cut_page(page)

    def hints(self, page: Page) -> Hints:
        """Country and year as the title and the address name them; the year is the one covered."""
        year = _YEAR.search(page.title) or _YEAR.search(page.path) or _YEAR.search(page.head.title)
        return Hints(country_in_title(page, _COUNTRY), int(year[0]) if year else None)
