"""Where on a page the report stands, and what stands in it that is no part of it.

The report is the element whose text, weighed run by run, is worth most: prose
counts for it, menus, lists of links and loose labels against it. What is left
out of it is told by what an element is, by its links and, only where little
prose is at stake, by the words in its class.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from workbench.reports.html.page import Page
from workbench.reports.html.scanning import attribute, name_set
from workbench.reports.html.tree import HEADINGS, Element, Run
from workbench.reports.html.words import ends_whole

_NOISE_TAGS = name_set("nav footer aside option label legend figcaption dialog")
_NOISE_ROLES = name_set(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar"
)
_NOISE_WORDS = name_set(
    "share sharing sharebar addtoany addthis social socials cookie cookies consent gdpr breadcrumb "
    "breadcrumbs newsletter subscribe signup related recommended caption toc footer navbar nav "
    "menu sidebar promo advert advertisement banner popup modal pagination pager comments comment "
    "tags donate donation toolbar skip byline credit credits teaser teasers feedback"
)
# Consent managers write more than many a page holds; "ipp" is the bar of the Wayback Machine.
_NEVER_WORDS = name_set("cookie cookies consent gdpr onetrust cybot cookiebot didomi ipp")
_NEVER_ROLES = name_set("dialog alertdialog")
_HINTED = re.compile(
    "|".join(sorted(_NOISE_WORDS | _NEVER_WORDS, key=len, reverse=True)), re.IGNORECASE
)
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WORD_SECTION = re.compile(r"(?:Word)?Section\d+")
_NO_BODY = HEADINGS | {"p", "li"}

#: An element that is noise by its tag keeps its prose if it holds this share of the page's.
TAG_SHARE = 0.3
#: The same for one that only its class or its being hidden speaks against.
CLASS_SHARE = 0.1
#: And for consent managers and dialogs: a whole page may be in one.
NEVER_SHARE = 0.8
#: Prose no longer than a notice saves neither, unless it is so much of a short page's.
NOTICE = 400
NOTICE_SHARE = 0.5
#: A sentence shorter than this counts for nothing, so that labels do not either.
SHORTEST_PROSE = 20
#: Runs of this length are prose even without a sentence's end.
LONG_RUN = 140
#: The report's own element holds at least this share of what its parent is worth.
DESCENT_SHARE = 0.85
#: And this share where it holds all of its parent's headings, if there are some.
HEADED_SHARE = 0.5
ENOUGH_HEADINGS = 2
#: The page's main element holds the report if it is worth this share of what is around it.
MAIN_SHARE = 0.25
#: Prose of this length beside it, within the page's main element, is part of the report.
KEPT_PROSE = 150
LINKED = 0.5
#: So much of a tag's attributes is looked at.
MOST_ATTRIBUTES = 4000


class Body:
    """The report's element, `root`, and which runs in it are read."""

    def __init__(self, page: Page) -> None:
        self.page = page
        runs = page.tree.runs
        self._prose = {run.start: _prose(page, run) for run in runs}
        prose = self._sums(runs, lambda run: run.chars if self._prose[run.start] else 0)
        self.dropped = _noise(page.tree.elements, prose)
        self.root = self._root()

    def _sums(self, runs: Iterable[Run], worth: Callable[[Run], float]) -> list[float]:
        elements = self.page.tree.elements
        sums = [0.0] * len(elements)
        for run in runs:
            sums[run.element.index] += worth(run)
        for element in reversed(elements):
            if element.parent is not None:
                sums[element.parent.index] += sums[element.index]
        return sums

    def _worth(self, run: Run) -> float:
        if self.dropped[run.element.index]:
            return -0.5 * run.chars
        if run.element.heading or self._prose[run.start]:
            return float(run.chars)
        if run.linked >= LINKED * run.chars and _of_links(self.page, run):
            return -2.0 * run.chars
        return -0.5 * run.chars

    def _root(self) -> Element:
        """The element worth most, without the wrappings that other small texts share with it."""
        elements = self.page.tree.elements
        worth = self._sums(self.page.tree.runs, self._worth)
        headings = self._heading_counts()
        inner: dict[int, Element] = {}
        for element in elements[1:]:
            best = inner.get(element.parent.index)
            if best is None or worth[element.index] > worth[best.index]:
                inner[element.parent.index] = element
        # Of equals the innermost: it comes last.
        here = max(elements, key=lambda element: (worth[element.index], element.index))
        mains = [element for element in elements if _main(element)]
        if (
            len(mains) == 1
            and here.holds(mains[0])
            and worth[mains[0].index] >= MAIN_SHARE * worth[here.index]
        ):
            here = mains[0]
        while child := inner.get(here.index):
            lost = worth[here.index] - worth[child.index]
            if lost > KEPT_PROSE and _within_main(here):
                break
            headed = headings[child.index] == headings[here.index] >= ENOUGH_HEADINGS
            share = HEADED_SHARE if headed else DESCENT_SHARE
            if worth[child.index] < share * worth[here.index]:
                break
            here = child
        while here.parent is not None and (here.name in _NO_BODY or _part_by_word(here)):
            here = here.parent
        return here

    def _heading_counts(self) -> list[int]:
        elements = self.page.tree.elements
        counts = [0] * len(elements)
        for element, _ in self.page.headings:
            counts[element.index] += not self.dropped[element.index]
        for element in reversed(elements):
            if element.parent is not None:
                counts[element.parent.index] += counts[element.index]
        return counts

    def runs(self) -> list[Run]:
        """The runs of the report in order, noise left out."""
        root = self.root
        return [
            run
            for run in self.page.tree.runs
            if root.holds(run.element) and not self.dropped[run.element.index]
        ]


def _prose(page: Page, run: Run) -> bool:
    if run.chars < SHORTEST_PROSE or run.element.heading:
        return False
    if run.linked >= LINKED * run.chars and _of_links(page, run):
        return False
    return run.chars >= LONG_RUN or ends_whole(page.words(run))


def _of_links(page: Page, run: Run) -> bool:
    """Whether a run, mostly of links, is no sentence with words enough of its own around them."""
    return run.chars - run.linked < SHORTEST_PROSE or not ends_whole(page.words(run))


def _noise(elements: list[Element], prose: list[float]) -> list[bool]:
    """Which elements are noise, their descendants included."""
    dropped = [False] * len(elements)
    whole = max(prose[0], 1.0)
    for element in elements:
        if element.parent is None:
            continue
        index = element.index
        if dropped[element.parent.index]:
            dropped[index] = True
            continue
        share = prose[index] / whole
        notice = share < NOTICE_SHARE and prose[index] <= NOTICE
        names = _names(element)
        dropped[index] = (
            ((notice or share < TAG_SHARE) and _noise_by_nature(element))
            or ((notice or share < CLASS_SHARE) and _noise_by_class(element, names))
            or (share < NEVER_SHARE and _never_report(element, names))
        )
    return dropped


def _noise_by_nature(element: Element) -> bool:
    return element.name in _NOISE_TAGS or _role(element) in _NOISE_ROLES


def _noise_by_class(element: Element, names: frozenset[str]) -> bool:
    attributes = element.attributes[:MOST_ATTRIBUTES]
    if not attributes or element.heading is not None:
        return False
    if "hidden" in attributes and (
        attribute(attributes, "hidden") is not None
        or (attribute(attributes, "aria-hidden") or "").lower() == "true"
    ):
        return True
    return not names.isdisjoint(_NOISE_WORDS) or (
        "style" in attributes and bool(_UNSEEN.search(attributes))
    )


def _never_report(element: Element, names: frozenset[str]) -> bool:
    return _role(element) in _NEVER_ROLES or not names.isdisjoint(_NEVER_WORDS)


def _role(element: Element) -> str | None:
    attributes = element.attributes[:MOST_ATTRIBUTES]
    if "role" not in attributes:
        return None
    return (attribute(attributes, "role") or "").strip().lower()


def _names(element: Element) -> frozenset[str]:
    """The words of an element's class and id that could be those of noise."""
    if not element.attributes:
        return frozenset()
    words = _names_in(element.attributes[:MOST_ATTRIBUTES])
    # A list of contents takes more than a paragraph; this is the number of a section.
    return words - {"toc"} if element.name == "p" else words


@lru_cache(maxsize=4096)
def _names_in(attributes: str) -> frozenset[str]:
    if not _HINTED.search(attributes):
        return frozenset()
    names = f"{attribute(attributes, 'class') or ''} {attribute(attributes, 'id') or ''}"
    return frozenset(word.lower() for word in _CLASS_WORD.findall(names))


def _main(element: Element) -> bool:
    return element.name == "main" or _role(element) == "main"


def _part_by_word(element: Element) -> bool:
    """Whether an element is one of those that Word puts around what has its own page margins."""
    names = attribute(element.attributes[:MOST_ATTRIBUTES], "class") or ""
    return bool(_WORD_SECTION.fullmatch(names))


def _within_main(element: Element) -> bool:
    here: Element | None = element
    while here is not None:
        if here.name == "article" or _main(here):
            return True
        here = here.parent
    return False


def link_only(run: Run) -> bool:
    """Whether a run is a link and no more: a menu's item, a title that leads elsewhere."""
    return run.linked >= 0.8 * run.chars
