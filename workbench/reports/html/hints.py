"""What a page says about the report on it, to be checked by whoever knows the countries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.reports.html.page import Page

_EDGES = " \t:|-–—,"


@dataclass(frozen=True, slots=True)
class Hints:
    """The country as the page writes it, and the year that the report covers."""

    country: str | None
    year: int | None


def country_in_title(page: Page, patterns: Iterable[re.Pattern[str]]) -> str | None:
    """The group "country" of the first pattern that fits the page's title or its head's."""
    for pattern in patterns:
        for title in (page.title, page.head.title):
            match = pattern.search(title)
            if match and match["country"].strip(_EDGES):
                return match["country"].strip(_EDGES)
    return None
