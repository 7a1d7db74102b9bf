"""What pages put into a report that is no part of it, told by its heading.

Three kinds: what stands under a heading such as "Related content"; a teaser, whose
heading is a link to another page; and the heading of a box with nothing but links.
None is believed if much of the report would go with it.
"""

from workbench.reports.html.blocks import Block
from workbench.reports.html.naming import leads_elsewhere, names_aside
from workbench.reports.html.page import Page
from workbench.reports.html.scanning import name_set
from workbench.reports.html.tree import Element

_LISTS = name_set("ul ol")
#: An aside is not believed if so large a share of the report stands in it.
ASIDE_SHARE = 0.3
#: So many links without a text make a box of links of what is around a heading.
BOX_LINKS = 2


def without_asides(page: Page, blocks: list[Block]) -> list[Block]:
    """The blocks of a report in order without the asides among them."""
    most = ASIDE_SHARE * _size(blocks)
    kept: list[Block] = []
    refused: set[int] = set()
    number = 0
    while number < len(blocks):
        end = _aside_end(page, blocks, number, kept, most, refused)
        if end == number:
            kept.append(blocks[number])
        number = max(end, number + 1)
    return _without_boxes(kept)


def _aside_end(
    page: Page, blocks: list[Block], number: int, kept: list[Block], most: float, refused: set[int]
) -> int:
    """Where the aside ends that begins with the block `number`, which is `number` if none does.

    `refused` remembers by index the elements that hold too much to be an aside.
    """
    heading = blocks[number]
    if not heading.level:
        return number
    named = names_aside(heading.words)
    if not named and not leads_elsewhere(page.source, heading.run):
        return number
    box = _box(blocks, number, kept[-1].element if kept else None)
    if box is not None and box.index not in refused:
        end = number + 1
        while end < len(blocks) and box.holds(blocks[end].element):
            end += 1
        if _size(blocks[number:end]) <= most:
            return end
        refused.add(box.index)
    for end in (_list_end(blocks, number), _level_end(blocks, number)) if named else ():
        if end > number and _size(blocks[number:end]) <= most:
            return end
    return number


def _size(blocks: list[Block]) -> int:
    return sum(len(block.words) for block in blocks if not block.level)


def _box(blocks: list[Block], number: int, before: Element | None) -> Element | None:
    """The element around a heading and what follows it, if nothing kept is in it."""
    box = blocks[number].element
    if number + 1 < len(blocks):
        following = blocks[number + 1].element
        while box.parent is not None and not box.holds(following):
            box = box.parent
    return None if before is not None and box.holds(before) else box


def _list_end(blocks: list[Block], number: int) -> int:
    """The end of the list that follows a heading, `number` if none does."""
    if number + 1 == len(blocks):
        return number
    here: Element | None = blocks[number + 1].element
    outer: Element | None = None
    while here is not None and not here.holds(blocks[number].element):
        outer = here if here.name in _LISTS else outer
        here = here.parent
    end = number + 1
    while outer is not None and end < len(blocks) and outer.holds(blocks[end].element):
        end += 1
    return end if outer is not None else number


def _level_end(blocks: list[Block], number: int) -> int:
    end = number + 1
    while end < len(blocks) and not 0 < blocks[end].level <= blocks[number].level:
        end += 1
    return end


def _without_boxes(blocks: list[Block]) -> list[Block]:
    """The blocks without headings that only links stand under, before a text beyond their box."""
    kept: list[Block] = []
    for block in reversed(blocks):
        after = kept[-1] if kept else None
        box = block.element.parent
        if (
            block.level
            and block.linked >= BOX_LINKS
            and after is not None
            and not after.level
            and not (box is not None and box.holds(after.element))
        ):
            continue
        kept.append(block)
    return kept[::-1]
