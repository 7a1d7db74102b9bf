"""The headings above a paragraph, as the page's heading tags say.

A heading stands under those of a lower number before it. One of the same number
stands under it too where its section element lies in the other's: by this, the
outline of HTML5, the State Department gives a section and its parts one level.
When a section element ends, its headings stand no more above texts or numbered
headings ("Section 2. ..."), unless no text stood in it; above other headings the
numbers of the tags decide alone.
"""

import re
from dataclasses import dataclass

from workbench.reports.html.tree import Element

#: A number that stands alone before the heading that it belongs to.
NUMBER_ALONE = re.compile(
    r"(?:(?:section|chapter|part|article|annex)\s+)?(?:\d{1,3}|x{0,3}(?:ix|iv|vi{0,3}|i{1,3}|x)|[a-z])"
    r"\s*[.:)]?",
    re.IGNORECASE,
)

_NUMBERED = re.compile(r"(?:section|chapter|part)\s+(?:\d{1,3}|[ivx]{1,5})\b", re.IGNORECASE)


@dataclass(slots=True)
class _Step:
    words: str
    level: int
    section: Element | None
    used: bool = False


class Outline:
    """The path of headings at a place; fed with headings and texts in the page's order."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []
        self._number: tuple[Element, str, int] | None = None

    def enter(self, element: Element, words: str, level: int) -> None:
        """A heading; a number alone waits for the heading that it numbers."""
        if self._number is not None:
            words = f"{self._number[1]} {words}"
            self._number = None
        elif NUMBER_ALONE.fullmatch(words):
            self._number = (element, words, level)
            return
        self._push(element, words, level)

    def _push(self, element: Element, words: str, level: int) -> None:
        if _NUMBERED.match(words):
            self._leave(element)
        section = _section_of(element)
        while self._steps:
            top = self._steps[-1]
            if top.level < level or (top.level == level and _contains(top.section, section)):
                break
            self._steps.pop()
        self._steps.append(_Step(words, level, section))

    def path(self, element: Element) -> tuple[str, ...]:
        """The headings above a text in `element`, outermost first."""
        if self._number is not None:
            self._push(*self._number)
            self._number = None
        self._leave(element)
        for step in self._steps:
            step.used = True
        return tuple(step.words for step in self._steps)

    def _leave(self, element: Element) -> None:
        """Ends the sections that `element` is not in, if they had a text of their own."""
        while self._steps:
            step = self._steps[-1]
            if step.section is None or not step.used or step.section.holds(element):
                break
            self._steps.pop()


def _section_of(element: Element) -> Element | None:
    here = element.parent
    while here is not None and here.name != "section":
        here = here.parent
    return here


def _contains(outer: Element | None, inner: Element | None) -> bool:
    return outer is not None and inner is not None and outer is not inner and outer.holds(inner)
