"""State Department country reports as text.

Sections (``Section 1. ...``), headings with a letter (``a. ...``) and minor
headings, each on a line of its own, whole or with some of them lost. The older
pages, whose paragraphs page breaks and sidebars cut, are read by `state_page`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.layouts.blocks import Block, split_blocks
from workbench.reports.layouts.forms import (
    MOST_HEADING_WORDS,
    begins_lower,
    finished,
    heading_form,
    menu,
    sentence,
    title_case,
)
from workbench.reports.layouts.weaving import (
    Role,
    last_of_report,
    plain_role,
    settle_headings,
    shows_cuts,
    weave,
)
from workbench.reports.paragraphs import RawParagraph

_MARKS = "#*_ \t"
_SUMMARY = re.compile(r"(?:executive )?summary:?", re.IGNORECASE)
_SECTION = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})\b\s*[.:,\-–—]*", re.IGNORECASE)
_LETTER = re.compile(r"\(?[a-z][.)]\s+", re.IGNORECASE)
_TITLE = re.compile(r"country reports? on human rights practices|human rights reports?", re.I)
_FRONT = 3000

#: Prose before the first section belongs to the report from this many words on.
FEWEST_FRONT_WORDS = 25


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's blocks with what each is: its role, and the depth of a firm heading."""

    blocks: Sequence[Block]
    roles: list[Role]
    depths: dict[int, int]


class StateText:
    """The layout of a State Department report whose paragraphs are whole."""

    name = "state-text"
    source: str | None = "state"

    def claims(self, text: str) -> bool:
        outline = outline_of(text)
        return is_state(text, outline) and not is_page(outline)

    def cut(self, text: str) -> list[RawParagraph]:
        return cut_outline(outline_of(text), cuts=False)


def outline_of(text: str) -> Outline:
    """What each block of a State Department report is."""
    blocks = split_blocks(text)
    roles = [plain_role(block) for block in blocks]
    depths: dict[int, int] = {}
    for number, block in enumerate(blocks):
        words = heading_words(block.text)
        following = heading_words(blocks[number + 1].text) if number + 1 < len(blocks) else ""
        depth = _depth(words, following)
        if depth is not None:
            roles[number] = Role.FIRM
            depths[number] = depth
    settle_headings(blocks, roles)
    return Outline(blocks, roles, depths)


def heading_words(text: str) -> str:
    """A heading as it reads, without the Markdown marks around it."""
    return text.strip(_MARKS)


def _depth(words: str, following: str) -> int | None:
    """0 for the summary and a section, 1 for a heading with a letter, None for other blocks."""
    if _SUMMARY.fullmatch(words):
        return 0
    match = _SECTION.match(words)
    if match:
        rest = words[match.end() :].strip().rstrip(".:")
        if not rest:
            return 0 if heading_form(following.rstrip(".:")) else None
        return 0 if _names_something(rest) else None
    match = _LETTER.match(words)
    if match:
        rest = words[match.end() :].strip()
        return 1 if _names_something(rest.rstrip(".:")) and not begins_lower(rest) else None
    return None


def _names_something(rest: str) -> bool:
    short = len(rest.split()) <= MOST_HEADING_WORDS
    return short and bool(rest) and title_case(rest, 0.75) and not finished(rest) and not menu(rest)


def is_state(text: str, outline: Outline) -> bool:
    """Whether a text is a State Department report by its title and its headings."""
    depths = list(outline.depths.values())
    letters = depths.count(1)
    sections = depths.count(0)
    if _TITLE.search(text[:_FRONT]):
        return sections >= 1 or letters >= 2
    numbered = sum(
        bool(_SECTION.match(heading_words(outline.blocks[number].text)))
        for number in outline.depths
    )
    return numbered >= 2 and (sections > numbered or letters >= 2)


def is_page(outline: Outline) -> bool:
    """Whether it is a page that was saved with its menus, or that page breaks cut."""
    first = min(outline.depths, default=0)
    menus = sum(block.links >= 0.5 for block in outline.blocks[:first])
    return menus >= 2 or shows_cuts(outline.blocks, outline.roles)


def cut_outline(outline: Outline, cuts: bool) -> list[RawParagraph]:
    """The paragraphs under their headings, from the first heading to the report's end."""
    blocks, roles, depths = outline.blocks, outline.roles, outline.depths
    first = _first_block(outline)
    last_heading = max(depths, default=first)
    under = (n for n in range(last_heading, len(blocks)) if roles[n] is Role.PROSE)
    end = last_of_report(blocks, roles, next(under, last_heading) + 1)
    path: dict[int, str] = {}
    paragraphs: list[RawParagraph] = []
    unnamed = False
    for role, members in weave(blocks[first:end], roles[first:end], cuts):
        numbers = [first + member for member in members]
        words = heading_words(blocks[numbers[0]].text)
        if role is Role.PROSE:
            spans = tuple((blocks[n].start, blocks[n].end) for n in numbers)
            section = tuple(path[depth] for depth in sorted(path))
            paragraphs.append(RawParagraph(spans, section))
            unnamed = False
            continue
        depth = depths.get(numbers[0], 2)
        if unnamed:
            # "Section 1." stood alone: this heading is its name.
            path = {0: f"{path[0]} {words}"}
            unnamed = False
            continue
        path = {level: name for level, name in path.items() if level < depth} | {depth: words}
        match = _SECTION.match(words)
        unnamed = depth == 0 and match is not None and match.end() == len(words)
    return paragraphs


def _first_block(outline: Outline) -> int:
    """Where the report begins: its first firm heading, or prose right before that.

    Under a summary of its own a report has no prose before it; without one the
    introduction stands between the title and the first section.
    """
    first = min(outline.depths, default=0)
    if outline.depths and _SUMMARY.fullmatch(heading_words(outline.blocks[first].text)):
        return first
    while first > 0:
        before = outline.blocks[first - 1]
        words = len(before.text.split())
        if outline.roles[first - 1] is not Role.PROSE or not sentence(before.text):
            break
        if words < FEWEST_FRONT_WORDS:
            break
        first -= 1
    return first
