"""Blocks to paragraphs: what a page break, a sidebar or a list took apart is put together.

Layouts say what each block is; here it is settled which blocks make one
paragraph, and where the report stops and the page around it goes on.
"""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from workbench.reports.capitals import title_case
from workbench.reports.layouts.blocks import Block
from workbench.reports.layouts.forms import (
    begins_lower,
    bullet,
    dangling,
    finished,
    heading_form,
    menu,
    sentence,
)
from workbench.reports.runins import run_in_of


class Role(Enum):
    """What a block is: firm headings are certain by their form, others by their place too."""

    FIRM = "firm heading"
    HEADING = "heading"
    PROSE = "prose"
    NOISE = "noise"


#: A heading or a paragraph: its role and the blocks that make it.
Woven = tuple[Role, tuple[int, ...]]

#: A block is a menu when this share of its characters are links.
MOSTLY_LINKS = 0.5
#: A paragraph may be cut by a sidebar of at most so many blocks.
LONGEST_SIDEBAR = 8
#: A report shows page cuts when so many sentences go on in the next block.
FEWEST_CUTS = 3
# Weights for finding the end of the report: a stray line and a row of links against a
# sentence and its words.
_STRAY = -3.0
_LINKS = -6.0
_SENTENCE = 8.0
_WORDS_A_POINT = 12


def plain_role(block: Block) -> Role:
    """The role of a block by itself: noise by its form, or prose."""
    if menu(block.text) or (block.links >= MOSTLY_LINKS and not finished(block.text)):
        return Role.NOISE
    return Role.PROSE


def settle_headings(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Tell, in place, the headings among the prose: in form, and with something under them.

    A heading stands above a paragraph that begins a sentence, or above another
    heading. One that stands further from what follows than the report's
    headings do is a sidebar; one that nothing follows is a stray line.
    """
    usual = max(
        [_gap_after(blocks, i) for i, role in enumerate(roles) if role is Role.FIRM]
        + [_usual_gap(blocks)]
    )
    below: Role | None = None
    resumes = False
    doubtful: list[int] = []
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        if roles[number] is not Role.PROSE:
            resumes = resumes and roles[number] is Role.NOISE
        elif not heading_form(block.text):
            resumes = begins_lower(block.text) and not bullet(block.text)
        elif below is None or _stands_apart(blocks, number, usual):
            roles[number] = Role.NOISE
        elif resumes:
            doubtful.append(number)
        elif below is Role.NOISE:
            roles[number] = Role.NOISE
        elif not blocks[number + 1].flows_on:
            roles[number] = Role.HEADING
        below = roles[number]
    above: int | None = None
    seen = 0
    for number in reversed(doubtful):
        # A sentence goes on below: this is its beginning, or a sidebar inside it.
        above = next(
            (n for n in range(number - 1, seen - 1, -1) if roles[n] is not Role.NOISE), above
        )
        seen = number
        if above is not None and roles[above] is Role.PROSE and not finished(blocks[above].text):
            roles[number] = Role.NOISE


def _gap_after(blocks: Sequence[Block], number: int) -> int:
    return blocks[number + 1].gap if number + 1 < len(blocks) else 0


def _stands_apart(blocks: Sequence[Block], number: int, usual: int) -> bool:
    following = blocks[number + 1]
    return following.gap > usual and not following.page_break


def _usual_gap(blocks: Sequence[Block]) -> int:
    gaps = Counter(block.gap for block in blocks[1:])
    return max(gaps, key=lambda gap: (gaps[gap], gap), default=0)


def shows_cuts(blocks: Sequence[Block], roles: Sequence[Role]) -> bool:
    """Whether sentences break off at a block's end so often that page breaks did it."""
    cuts = 0
    for (a, b), (role, following) in zip(pairwise(blocks), pairwise(roles), strict=True):
        if role is Role.PROSE and following is Role.PROSE:
            cuts += not finished(a.text) and begins_lower(b.text) and not bullet(b.text)
    return cuts >= FEWEST_CUTS


def report_part(
    blocks: Sequence[Block], roles: Sequence[Role], woven: Sequence[Woven], first: int
) -> list[Woven]:
    """What is the report's of `woven`; what follows is the page's own.

    Stray lines count against a tail, prose speaks for it by its length, and
    the tail that weighs least is cut off, if it weighs less than nothing. The
    block `first` and those before it stay.
    """
    begins = {members[0]: members for _, members in woven}
    inside = {n for _, members in woven for n in range(members[0] + 1, members[-1] + 1)}
    weight, least, end = 0.0, 0.0, len(blocks)
    for number in range(len(blocks) - 1, first, -1):
        if number in inside:
            continue
        weight += _weight(blocks, roles[number], begins.get(number, (number,)))
        if weight < least:
            least, end = weight, number
    return [group for group in woven if group[1][0] < end]


def _weight(blocks: Sequence[Block], role: Role, members: tuple[int, ...]) -> float:
    text = " ".join(blocks[member].text for member in members)
    if role is Role.PROSE and (sentence(text) or bullet(text)):
        return _SENTENCE + len(text.split()) / _WORDS_A_POINT
    if role is Role.PROSE or role is Role.NOISE:
        return _LINKS if blocks[members[0]].links >= MOSTLY_LINKS else _STRAY
    return 0.0


def weave(blocks: Sequence[Block], roles: Sequence[Role], cuts: bool) -> list[Woven]:
    """Headings and paragraphs in reading order, each with the blocks that make it.

    Noise is left out. `cuts` says that page breaks cut paragraphs in this
    report: a sentence that is not finished then goes on in the next prose
    whatever it begins with; else only where the words show it.
    """
    woven: list[Woven] = []
    widest = widest_cut(blocks, roles)
    number = 0
    while number < len(blocks):
        if roles[number] is Role.NOISE:
            number += 1
            continue
        members = [number]
        if roles[number] is Role.PROSE:
            while (following := _continuation(blocks, roles, members, cuts, widest)) is not None:
                members.append(following)
        woven.append((roles[number], tuple(members)))
        number = members[-1] + 1
    return woven


def _continuation(
    blocks: Sequence[Block],
    roles: Sequence[Role],
    members: list[int],
    cuts: bool,
    widest: int,
) -> int | None:
    """The block in which the paragraph of `members` goes on, None where it ends."""
    last = blocks[members[-1]].text
    broken = False
    for number in range(members[-1] + 1, min(members[-1] + 2 + LONGEST_SIDEBAR, len(blocks))):
        block, role = blocks[number], roles[number]
        broken = broken or block.page_break
        if role is Role.FIRM:
            return None
        if role is Role.PROSE:
            if number == members[-1] + 1 and _list_goes_on(blocks, members, block.text):
                return number
            return number if _goes_on(last, block, broken or cuts, widest) else None
        if finished(last) or (role is Role.HEADING and not _sidebar(blocks, roles, number)):
            return None
    return None


def _goes_on(last: str, block: Block, broken: bool, widest: int) -> bool:
    """Whether prose that ends with `last` goes on in the prose of `block`."""
    if bullet(block.text):
        return False
    if finished(last) and not last.endswith(":"):
        return block.flows_on and block.gap <= widest and not run_in_of(block.text)
    if begins_lower(block.text) or dangling(last):
        return True
    if last.endswith(":"):
        # A run-in heading that stands alone belongs to the paragraph that it heads.
        return title_case(last)
    if run_in_of(block.text):
        return False
    return broken


def widest_cut(blocks: Sequence[Block], roles: Sequence[Role]) -> int:
    """The most blank lines at a page's end in the middle of a sentence, else the fewest at any.

    Where a sentence ends with the page, more of them end its paragraph too.
    """
    breaks = [
        (b.gap, begins_lower(b.text) and not finished(a.text))
        for (a, b), role in zip(pairwise(blocks), roles[1:], strict=True)
        if b.page_break and role is Role.PROSE
    ]
    least = min((gap for gap, _ in breaks), default=0)
    return max((gap for gap, cut in breaks if cut), default=least)


def _list_goes_on(blocks: Sequence[Block], members: list[int], text: str) -> bool:
    """Whether `text` is an item of the list that the paragraph of `members` leads in."""
    if not bullet(text):
        return False
    if any(bullet(blocks[members[n]].text) for n in range(1, len(members))):
        return True
    last = blocks[members[-1]].text
    return last.endswith(":") or not (finished(last) or bullet(last))


def _sidebar(blocks: Sequence[Block], roles: Sequence[Role], number: int) -> bool:
    """Whether headings here are but a sidebar: what comes after them goes on in mid-sentence."""
    for following in range(number + 1, min(number + 1 + LONGEST_SIDEBAR, len(blocks))):
        if roles[following] is Role.FIRM:
            return False
        if roles[following] is Role.PROSE:
            return begins_lower(blocks[following].text)
    return False
