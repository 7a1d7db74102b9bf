"""The paragraphs of a page's report, each under its headings.

Every block of text is a paragraph, with these exceptions. A list is one
paragraph with the text before it where that ends in a colon. A block that
begins in the middle of the sentence that the one before left open goes on with
it. Labels, lines that are but a link, and what stands before the first or
after the last sentence are no paragraphs.
"""

import re
from dataclasses import dataclass, field

from workbench.reports.html.asides import without_asides
from workbench.reports.html.blocks import Block, find_blocks, goes_on
from workbench.reports.html.body import Body
from workbench.reports.html.outline import NUMBER_ALONE, Outline
from workbench.reports.html.page import Page
from workbench.reports.html.scanning import name_set
from workbench.reports.html.tree import Element
from workbench.reports.html.words import is_sentence

_LISTS = name_set("ul ol")
_LEADING = re.compile(r":[\s\"'”’*_)]*$")


@dataclass(slots=True)
class PagePiece:
    """A paragraph as it stands on a page.

    `spans` are its blocks, as (start, end) character offsets into the source;
    `words` the words of each, `section` the heading path, outermost first.
    `element` is where the last of its blocks stands, or the one that leads in a list.
    """

    spans: list[tuple[int, int]]
    words: list[str]
    section: tuple[str, ...]
    element: Element = field(repr=False)

    @property
    def text(self) -> str:
        """What a coder reads, on one line."""
        return " ".join(self.words)


def cut_page(page: Page) -> list[PagePiece]:
    """The paragraphs of the report on a page, in reading order."""
    blocks = without_asides(page, list(find_blocks(page, Body(page))))
    return _pieces(_within_sentences(blocks))


def _within_sentences(blocks: list[Block]) -> list[Block]:
    """The blocks from the first heading or sentence to the last sentence.

    What heads or ends a page without being a sentence is a date, a name, a label.
    """
    last = max(
        (n for n, block in enumerate(blocks) if not block.level and _rounded(block)), default=-1
    )
    texts = [n for n, block in enumerate(blocks) if not block.level]
    first = next((n for n in texts if _rounded(blocks[n])), 0)
    heading = next((n for n, block in enumerate(blocks) if block.level), first)
    start = min(first, heading)
    while last + 1 < len(blocks) and _in_list_with(blocks[last], blocks[last + 1]):
        last += 1
    return [b for n, b in enumerate(blocks[: last + 1]) if b.level or n >= start or _number(b)]


def _number(block: Block) -> bool:
    return bool(NUMBER_ALONE.fullmatch(block.words))


def _rounded(block: Block) -> bool:
    return is_sentence(block.words) or (
        block.run.element.name == "p" and block.words.lower() == "not applicable"
    )


def _in_list_with(block: Block, following: Block) -> bool:
    inner = _list_beside(following.run.element, block.run.element)
    if following.level:
        return False
    own = _list_beside(following.run.element, None)
    return own is not None and (inner is not own or bool(_LEADING.search(block.words)))


def _pieces(blocks: list[Block]) -> list[PagePiece]:
    outline = Outline()
    pieces: list[PagePiece] = []
    joined: Element | None = None
    before: PagePiece | None = None
    last: Block | None = None
    for number, block in enumerate(blocks):
        run, words = block.run, block.words
        unfinished, last = last, block
        if block.level:
            outline.enter(run.element.heading or run.element, words, block.level)
            before = None
            continue
        if _number(block):
            # Before a heading it is the heading's number, elsewhere a page's or a menu's.
            if number + 1 < len(blocks) and blocks[number + 1].level:
                outline.enter(run.element, words, blocks[number + 1].level)
                before = None
            continue
        if before is not None:
            if joined is None or not joined.holds(run.element):
                leads = _LEADING.search(before.words[-1])
                joined = _list_beside(run.element, before.element) if leads else None
            if joined is not None or goes_on(unfinished, run, words):
                before.spans.append((run.start, run.end))
                before.words.append(words)
                before.element = run.element if joined is None else before.element
                continue
        joined = None
        before = PagePiece([(run.start, run.end)], [words], outline.path(run.element), run.element)
        pieces.append(before)
    return pieces


def _list_beside(element: Element, other: Element | None) -> Element | None:
    """The outermost list around `element` that is not around `other`."""
    found: Element | None = None
    here: Element | None = element
    while here is not None and not (other is not None and here.holds(other)):
        if here.name in _LISTS:
            found = here
        here = here.parent
    return found
