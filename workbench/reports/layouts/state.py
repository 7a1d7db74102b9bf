"""State Department country reports as text.

Sections (``Section 1. ...``), headings with a letter (``a. ...``) and minor
headings, each on a line of its own, whole or with some of them lost. The older
pages, whose paragraphs page breaks and sidebars cut, are read by `state_page`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from workbench.reports.capitals import title_case
from workbench.reports.layouts.blocks import Block, Known, group_lines
from workbench.reports.layouts.contents import (
    LETTER,
    SECTION,
    SUMMARY,
    bare_section,
    contents_of,
    heading_words,
)
from workbench.reports.layouts.forms import (
    MOST_HEADING_WORDS,
    begins_lower,
    finished,
    menu,
    sentence,
)
from workbench.reports.layouts.lines import Line, read_lines
from workbench.reports.layouts.weaving import (
    MOSTLY_LINKS,
    Role,
    plain_role,
    report_part,
    settle_headings,
    shows_cuts,
    weave,
    widest_cut,
)
from workbench.reports.paragraphs import RawParagraph

_MARKDOWN = re.compile(r"#{1,6}\s+\S")
_SECTION_LINE = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})[.:]\s+[A-Z]", re.IGNORECASE)
_TITLE = re.compile(r"country reports? on human rights practices|human rights reports?", re.I)
_FRONT = 3000

# Depths of headings, outermost first.
_AT_SECTION, _AT_LETTER, _AT_WORDS = 0, 1, 2
#: Below menus, prose before the first section is the report's from so many words on.
FEWEST_FRONT_WORDS = 25


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's blocks with what each is: its role, and the depth of a firm heading."""

    blocks: Sequence[Block]
    roles: Sequence[Role]
    depths: Mapping[int, int]


class StateText:
    """The layout of a State Department report whose paragraphs are whole."""

    name = "state-text"
    source: str | None = "state"

    def claims(self, text: str) -> bool:
        outline = outline_of(text)
        return is_state(text, outline) and not is_page(outline)

    def cut(self, text: str) -> list[RawParagraph]:
        return cut_outline(outline_of(text), cuts=False)


@lru_cache(maxsize=1)
def outline_of(text: str) -> Outline:
    """What each block of a State Department report is; asked by claims and by cut, found once."""
    lines = read_lines(text)
    blocks = group_lines(text, lines, Known(starts=_section_lines(lines)))
    roles = [plain_role(block) for block in blocks]
    contents = contents_of(blocks)
    depths: dict[int, int] = {}
    for number, block in enumerate(blocks):
        following = heading_words(blocks[number + 1].text) if number + 1 < len(blocks) else ""
        depth = _depth(heading_words(block.text), following)
        if depth is None and _MARKDOWN.match(block.text):
            depth = _AT_WORDS
        if number in contents:
            roles[number] = Role.NOISE
        elif depth is not None:
            roles[number] = Role.FIRM
            depths[number] = depth
    for title in _titles(blocks, depths):
        roles[title] = Role.NOISE
        del depths[title]
    settle_headings(blocks, roles)
    return Outline(tuple(blocks), tuple(roles), MappingProxyType(depths))


def _titles(blocks: Sequence[Block], depths: Mapping[int, int]) -> list[int]:
    """The headings in Markdown above the first section that are the report's title."""
    first = _first_section(depths)
    above = (number for number in depths if number < first)
    return [n for n in above if n == 0 or _TITLE.search(blocks[n].text)]


def _first_section(depths: Mapping[int, int]) -> int:
    """The first heading with the summary's name, a section's number or a letter, else the first."""
    marked = (number for number, depth in depths.items() if depth < _AT_WORDS)
    return min(marked, default=min(depths, default=0))


def _section_lines(lines: Sequence[Line]) -> frozenset[int]:
    """The lines with which a summary or a section begins after a sentence or a title."""
    return frozenset(
        number
        for number, (above, line) in enumerate(pairwise(lines), 1)
        if SUMMARY.fullmatch(heading_words(line.text))
        or (_SECTION_LINE.match(heading_words(line.text)) and finished(above.text))
    )


def _depth(words: str, following: str) -> int | None:
    """0 for the summary and a section, 1 for a heading with a letter, None for other blocks."""
    if SUMMARY.fullmatch(words):
        return 0
    match = SECTION.match(words)
    if match:
        rest = words[match.end() :].strip().rstrip(".:")
        if not rest:
            return 0 if _names_something(following.rstrip(".:")) else None
        return 0 if _names_something(rest) else None
    match = LETTER.match(words)
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
        bool(SECTION.match(heading_words(outline.blocks[number].text))) for number in outline.depths
    )
    return numbered >= 2 and (sections > numbered or letters >= 2)


def is_page(outline: Outline) -> bool:
    """Whether it is a page that was saved with its menus, or that page breaks cut."""
    first = _first_section(outline.depths)
    menus = sum(block.links >= MOSTLY_LINKS for block in outline.blocks[:first])
    return menus >= 2 or shows_cuts(outline.blocks, outline.roles)


def cut_outline(outline: Outline, cuts: bool) -> list[RawParagraph]:
    """The paragraphs under their headings, from the first heading to the report's end."""
    first = _first_block(outline)
    blocks, roles = outline.blocks[first:], outline.roles[first:]
    depths = {number - first: depth for number, depth in outline.depths.items()}
    marked = (number for number, depth in depths.items() if depth < _AT_WORDS)
    last_heading = max(marked, default=max(depths, default=0))
    under = (n for n in range(last_heading, len(blocks)) if roles[n] is Role.PROSE)
    woven = weave(blocks, roles, cuts)
    report = report_part(blocks, roles, woven, next(under, last_heading))
    path: dict[int, str] = {}
    paragraphs: list[RawParagraph] = []
    unfinished: int | None = None
    # Where headings are marked, one without a mark stands below those.
    unmarked = _AT_WORDS + (_AT_WORDS in depths.values())
    widest = widest_cut(blocks, roles)
    for role, members in report:
        block = blocks[members[0]]
        if role is Role.PROSE:
            spans = tuple((blocks[n].start, blocks[n].end) for n in members)
            section = tuple(path[depth] for depth in sorted(path))
            paragraphs.append(RawParagraph(spans, section))
            unfinished = None
            continue
        words = heading_words(block.text)
        bare = bare_section(words)
        named = depths.get(members[0], _AT_WORDS) == _AT_WORDS
        if unfinished is not None and named:
            path[unfinished] += f" {words}"
            unfinished = None
            continue
        depth = depths.get(members[0], unmarked)
        path = {level: name for level, name in path.items() if level < depth} | {depth: words}
        # "Section 1." alone, and a heading that a page's end cut, go on in the next heading.
        following = blocks[min(members[0] + 1, len(blocks) - 1)]
        cut = following.flows_on and following.gap <= widest
        unfinished = depth if bare or cut else None
    return paragraphs


def _first_block(outline: Outline) -> int:
    """Where the report begins: its first firm heading, or prose right before that.

    Under a summary of its own a report has no prose before it; without one the
    introduction stands between the title and the first section. Where there are
    menus, the short remarks below them are the page's.
    """
    blocks, roles = outline.blocks, outline.roles
    heading = _first_section(outline.depths)
    if outline.depths and SUMMARY.fullmatch(heading_words(blocks[heading].text)):
        return heading
    first = heading
    while first > 0 and (
        first - 1 in outline.depths
        or (roles[first - 1] is Role.PROSE and sentence(blocks[first - 1].text))
    ):
        first -= 1
    if any(block.links >= MOSTLY_LINKS for block in blocks[:first]):
        while first < heading and len(blocks[first].text.split()) < FEWEST_FRONT_WORDS:
            first += 1
    return first
