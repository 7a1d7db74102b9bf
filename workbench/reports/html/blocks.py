"""The blocks of a report: its headings, and the runs of text that are read as paragraphs.

Where a page marks headings by no tags, a line of its own that is emphasised or
lettered and has a heading's form is one. Labels and lines that are but a link are
neither headings nor text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.reports.html.body import Body, link_only
from workbench.reports.html.naming import leads_elsewhere, names_aside
from workbench.reports.html.outline import NUMBER_ALONE
from workbench.reports.html.page import Page
from workbench.reports.html.scanning import name_set
from workbench.reports.html.tree import Element, Run
from workbench.reports.html.words import ends_whole, is_sentence, words_of
from workbench.reports.kinds import kind_of
from workbench.reports.layouts.forms import begins_lower, bullet, dangling, heading_form, menu

_TEXT_TAGS = name_set("p li blockquote dd pre")
_EMPHASISED = re.compile(r"<(b|strong|u|i|em)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_BOLD = re.compile(r"<(b|strong)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_SECTION = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})\b", re.IGNORECASE)
_LETTER = re.compile(r"\(?[a-z][.)]\s+(?=\S)", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]{1,5}\.\s+(?=[A-Z])")
#: With so many heading tags in a report, emphasised lines are no headings.
ENOUGH_HEADINGS = 2
#: The levels of headings by form: a section's, a lettered one's, any other's.
_FORM_LEVELS = (7, 8, 9)
LONGEST_LINE = 200
LONGEST_LABEL = 80
#: With so much mark-up in it a line is no heading.
LONGEST_SOURCE = 1000


@dataclass(slots=True)
class Block:
    """A run, or the runs of one heading; `level` is 0 for text.

    `linked` counts the lines that are but a link between a heading and the next block.
    """

    run: Run
    words: str
    level: int
    linked: int = 0

    @property
    def element(self) -> Element:
        """Where the block stands: a heading's own element, a text's innermost one."""
        return self.run.element.heading or self.run.element


def find_blocks(page: Page, body: Body) -> Iterator[Block]:
    """The headings and texts of the report in order; titles of the page are left out."""
    titles = _titles(page)
    headings = {element.index: words for element, words in page.headings}
    runs = body.runs()
    tagged = len(_own_headings(page, runs, headings, titles))
    heading: Element | None = None
    before: Block | None = None
    for run in runs:
        words = page.words(run)
        if not words[:1].isalnum() and not any(character.isalnum() for character in words):
            continue
        element = run.element.heading
        if element is not None and not (len(words) > LONGEST_LINE and is_sentence(words)):
            if element is heading:
                continue
            heading = element
            whole = headings[element.index]
            if _key(whole) not in titles:
                before = Block(run, whole, int(element.name[1]))
                yield before
            continue
        level = _level_by_form(page, run, words) if tagged < ENOUGH_HEADINGS else 0
        if level or _is_text(page, run, words) or goes_on(before, run, words):
            before = Block(run, words, level)
            yield before
        elif before is not None and link_only(run):
            before.linked += 1


def _own_headings(
    page: Page, runs: list[Run], headings: dict[int, str], titles: set[str]
) -> set[int]:
    """The heading elements that are the report's own: no titles, asides or links elsewhere."""
    found = {run.element.heading.index: run for run in runs if run.element.heading is not None}
    return {
        index
        for index, run in found.items()
        if _key(headings[index]) not in titles
        and not names_aside(headings[index])
        and not leads_elsewhere(page.source, run)
    }


def goes_on(before: Block | None, run: Run, words: str) -> bool:
    """Whether a run is the rest of the sentence that the text before it left open.

    What stands in a paragraph without belonging there, a picture or a table, ends it:
    the rest is another paragraph, or stands between paragraphs.
    """
    if before is None or before.level or before.run.element.name != "p":
        return False
    if not begins_lower(words) or bullet(words) or ends_whole(before.words):
        return False
    around = before.run.element.parent
    here = run.element
    return here is around or (here.name == "p" and here.parent is around)


def _titles(page: Page) -> set[str]:
    """The headings that name the page and no section of it, in small letters."""
    first = [_key(words) for element, words in page.headings if element.name == "h1"]
    named = _key(page.head.title)
    return {words for words in first if len(first) == 1 or words in named}


def _key(words: str) -> str:
    return words.casefold()


def _is_text(page: Page, run: Run, words: str) -> bool:
    if is_sentence(words):
        return run.element.name in _TEXT_TAGS or _has_sentence(page, run)
    if NUMBER_ALONE.fullmatch(words):
        return True
    if run.element.name not in _TEXT_TAGS or menu(words):
        return False
    return not link_only(run) or kind_of(words) == "cross-reference"


def _has_sentence(page: Page, run: Run) -> bool:
    """Whether a line of the run is a sentence: labels in many lines are none together."""
    lines = _BREAK.split(page.source[run.start : run.end])
    return len(lines) == 1 or any(is_sentence(words_of(line)) for line in lines)


def _level_by_form(page: Page, run: Run, words: str) -> int:
    """The level of a line that is a heading by its form and emphasis, else 0."""
    if len(words) > LONGEST_LINE or run.element.name in ("li", "blockquote"):
        return 0
    bare = words.rstrip(".: ")
    letter = _LETTER.match(bare)
    lettered = bool(letter) and words[-1] not in ".:" and heading_form(bare[letter.end() :])
    if not bare or not (lettered or emphasised(page, run, bare)):
        return 0
    if _SECTION.match(bare) or _ROMAN.match(bare):
        return _FORM_LEVELS[0]
    if lettered or (letter and not is_sentence(bare)):
        return _FORM_LEVELS[1]
    if heading_form(bare) or (_label(words) and _shown(page, run, _BOLD, bare)):
        return _FORM_LEVELS[2]
    return 0


def emphasised(page: Page, run: Run, bare: str) -> bool:
    """Whether all of a line is bold, in italics or underlined; `bare` its words without a stop."""
    return _shown(page, run, _EMPHASISED, bare)


def _shown(page: Page, run: Run, emphasis: re.Pattern[str], bare: str) -> bool:
    """Whether all of a line is emphasised."""
    source = page.source[run.start : run.end]
    if len(source) > LONGEST_SOURCE:
        return False
    shown = words_of(" ".join(match[1] for match in emphasis.findall(source)))
    return shown.replace(" ", "").rstrip(".:") == bare.replace(" ", "")


def _label(words: str) -> bool:
    """Whether a line is as short and as open as a heading in sentence case is."""
    return (
        len(words) <= LONGEST_LABEL
        and words[0].isupper()
        and words[-1] not in ".,;?!…"
        and not menu(words)
        and not dangling(words)
        and not is_sentence(words.rstrip(":"))
    )
