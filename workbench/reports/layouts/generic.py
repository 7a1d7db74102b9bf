"""Any report that no layout knows: paragraphs by blank lines, headings by their form.

Headings are Markdown's (``## ...``), numbered (``2.1 ...``, ``B. ...``), in
CAPITALS, in title case, or a few words without a full stop above a sentence.
Their order of depth is that one.
"""

import re
from collections.abc import Sequence

from workbench.reports.capitals import title_case
from workbench.reports.layouts.blocks import Block, split_blocks
from workbench.reports.layouts.forms import (
    begins_lower,
    bullet,
    finished,
    heading_form,
    menu,
    sentence,
)
from workbench.reports.layouts.weaving import (
    Role,
    plain_role,
    report_part,
    settle_headings,
    shows_cuts,
    weave,
)
from workbench.reports.paragraphs import RawParagraph

_MARKDOWN = re.compile(r"(#{1,6})\s+(?=\S)")
_NUMBERS = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
_ROMAN = re.compile(r"[IVX]{1,5}\.\s+(?=\S)")
_LETTER = re.compile(r"\(?[A-Za-z][.)]\s+(?=\S)")
_MARKS = "#*_ \t"

# Depths, outermost first; Markdown's own levels are 1 to 6.
_AT_ROMAN, _AT_NUMBER, _AT_LETTER, _AT_CAPITALS, _AT_TITLE, _AT_WORDS = 10, 11, 20, 30, 31, 32
#: A heading that is not in title case has at most so many words.
MOST_PLAIN_WORDS = 8


class Generic:
    """The layout that reads what no other claims; it claims nothing itself."""

    name = "generic"
    source: str | None = None

    def claims(self, text: str) -> bool:
        return False

    def cut(self, text: str) -> list[RawParagraph]:
        blocks = split_blocks(text)
        roles, depths = _outline(blocks)
        prose = [number for number, role in enumerate(roles) if role is Role.PROSE]
        woven = weave(blocks, roles, shows_cuts(blocks, roles))
        path: dict[int, str] = {}
        paragraphs: list[RawParagraph] = []
        for role, members in report_part(blocks, roles, woven, prose[0] if prose else 0):
            text_of_first = blocks[members[0]].text
            if role is not Role.PROSE:
                depth = depths[members[0]]
                path = {level: name for level, name in path.items() if level < depth}
                path[depth] = text_of_first.strip(_MARKS)
            elif paragraphs or sentence(text_of_first) or len(members) > 1:
                spans = tuple((blocks[n].start, blocks[n].end) for n in members)
                section = tuple(path[depth] for depth in sorted(path))
                paragraphs.append(RawParagraph(spans, section))
        return paragraphs


def _outline(blocks: Sequence[Block]) -> tuple[list[Role], dict[int, int]]:
    """The role of each block, and the depth of each heading; the title is left out as noise."""
    roles = [plain_role(block) for block in blocks]
    depths: dict[int, int] = {}
    for number, block in enumerate(blocks):
        depth = _firm_depth(block.text)
        if depth is not None and roles[number] is Role.PROSE:
            roles[number] = Role.FIRM
            depths[number] = depth
    settle_headings(blocks, roles)
    for number, block in enumerate(blocks):
        if roles[number] is Role.PROSE and _plain_heading(blocks, roles, number):
            roles[number] = Role.HEADING
        if roles[number] is Role.HEADING:
            depths[number] = _form_depth(block.text)
    title = next((n for n, role in enumerate(roles) if role is not Role.NOISE), None)
    if title is not None and _is_title(roles, depths, title):
        roles[title] = Role.NOISE
        depths.pop(title)
    return roles, depths


def _firm_depth(text: str) -> int | None:
    match = _MARKDOWN.match(text)
    if match:
        return len(match[1])
    for pattern, depth in ((_ROMAN, _AT_ROMAN), (_NUMBERS, _AT_NUMBER), (_LETTER, _AT_LETTER)):
        match = pattern.match(text)
        if match and heading_form(text[match.end() :]):
            return depth + (match[1].count(".") if pattern is _NUMBERS else 0)
    return None


def _form_depth(text: str) -> int:
    if text.isupper():
        return _AT_CAPITALS
    return _AT_TITLE if title_case(text.rstrip(":")) else _AT_WORDS


def _plain_heading(blocks: Sequence[Block], roles: Sequence[Role], number: int) -> bool:
    """Whether a few words stand as a heading above a sentence: no full stop, no list below."""
    text = blocks[number].text
    if number + 1 >= len(blocks) or roles[number + 1] is not Role.PROSE:
        return False
    following = blocks[number + 1].text
    if len(text.split()) > MOST_PLAIN_WORDS or not text[:1].isupper() or menu(text):
        return False
    if bullet(following) or begins_lower(following) or not sentence(following):
        return False
    if number and roles[number - 1] is Role.PROSE and not finished(blocks[number - 1].text):
        return False
    return title_case(text[:-1]) if text.endswith(":") else not finished(text) and text[-1] != ","


def _is_title(roles: Sequence[Role], depths: dict[int, int], first: int) -> bool:
    """Whether the first heading is the report's title: alone at its level, or over another."""
    if first not in depths:
        return False
    if depths[first] == 1:
        return list(depths.values()).count(1) == 1
    following = next((n for n in range(first + 1, len(roles)) if roles[n] is not Role.NOISE), None)
    return following in depths and depths[first] >= _AT_CAPITALS
