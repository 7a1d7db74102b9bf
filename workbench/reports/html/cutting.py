"""The paragraphs of a page's report, each under its headings.

Every block of text is a paragraph, with these exceptions. A list is one
paragraph with the text before it where that ends in a colon. A block that
begins in the middle of the sentence that the one before left open goes on with
it. Labels, lines that are but a link, and what stands before the first or
after the last sentence are no paragraphs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.reports.html.body import Body, link_only
from workbench.reports.html.outline import NUMBER_ALONE, Outline
from workbench.reports.html.page import Page
from workbench.reports.html.scanning import name_set
from workbench.reports.html.tree import Element, Run
from workbench.reports.html.words import ends_whole, is_sentence, words_of
from workbench.reports.layouts.forms import begins_lower, heading_form, menu
from workbench.reports.paragraphs import kind_of

_TEXT_TAGS = name_set("p li blockquote dd pre")
_LISTS = name_set("ul ol")
_BOLD = re.compile(r"<(b|strong|u)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_SECTION = re.compile(r"section\s+(?:\d{1,2}|[ivx]{1,4})\b", re.IGNORECASE)
_LETTER = re.compile(r"\(?[a-z][.)]\s+\S", re.IGNORECASE)
_LEADING = re.compile(r":[\s\"'”’*_)]*$")
#: Headings of what pages add to a text.
_ASIDE = re.compile(
    r"(?:related|recommended|further|more|latest|other)\s+(?:content|articles?|links?|posts?|news|"
    r"stor(?:y|ies)|reading|reports?|resources|documents|publications|pages|topics|countries)"
    r"|most (?:viewed|read|popular)|read (?:more|next)|you (?:may|might) also like|see also"
    r"|share(?: (?:this|on|via).*)?|follow us|stay (?:informed|connected)|sign up.*|subscribe.*"
    r"|donate.*|tags|topics|in this section|(?:table of )?contents|on this page|comments"
    r"|view report by:?|search in (?:this )?.*",
    re.IGNORECASE,
)
#: An aside's heading is not believed if so large a share of the report stands under it.
ASIDE_SHARE = 0.3
#: With so many heading tags in a report, bold lines are no headings.
ENOUGH_HEADINGS = 2
_BOLD_LEVELS = (7, 8, 9)


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


@dataclass(slots=True)
class _Block:
    """A run, or the runs of one heading; `level` is 0 for text."""

    run: Run
    words: str
    level: int


def cut_page(page: Page) -> list[PagePiece]:
    """The paragraphs of the report on a page, in reading order."""
    body = Body(page)
    blocks = _without_asides(list(_blocks(page, body)))
    blocks = _within_sentences(blocks)
    return _pieces(page, blocks)


def _blocks(page: Page, body: Body) -> Iterator[_Block]:
    titles = _titles(page)
    headings = {element.index: words for element, words in page.headings}
    tagged = sum(
        body.root.holds(element) and _key(words) not in titles for element, words in page.headings
    )
    heading: Element | None = None
    for run in body.runs():
        words = page.words(run)
        if not any(character.isalnum() for character in words):
            continue
        element = run.element.heading
        if element is not None and not (len(words) > 200 and is_sentence(words)):
            if element is heading:
                continue
            heading = element
            whole = headings[element.index]
            if _key(whole) not in titles:
                yield _Block(run, whole, int(element.name[1]))
            continue
        level = _bold_level(page, run, words) if tagged < ENOUGH_HEADINGS else 0
        if level or _is_text(page, run, words):
            yield _Block(run, words, level)


def _titles(page: Page) -> set[str]:
    """The headings that name the page and no section of it, in small letters."""
    first = [_key(words) for element, words in page.headings if element.name == "h1"]
    named = _key(page.head.title)
    return {words for words in first if len(first) == 1 or words in named}


def _key(words: str) -> str:
    return words.casefold()


def _is_text(page: Page, run: Run, words: str) -> bool:
    if is_sentence(words) or NUMBER_ALONE.fullmatch(words):
        return True
    if run.element.name not in _TEXT_TAGS or menu(words):
        return False
    return not link_only(run) or kind_of(words) != "text"


def _bold_level(page: Page, run: Run, words: str) -> int:
    """The level of a line that is a heading by being bold and of a heading's form, else 0."""
    if len(words) > 200 or run.element.name in ("li", "blockquote"):
        return 0
    source = page.source[run.start : run.end]
    bold = words_of(" ".join(match[1] for match in _BOLD.findall(source)))
    bare = words.rstrip(".: ")
    if not bare or bold.replace(" ", "").rstrip(".:") != bare.replace(" ", ""):
        return 0
    if _SECTION.match(bare):
        return _BOLD_LEVELS[0]
    if _LETTER.match(bare) and not is_sentence(bare):
        return _BOLD_LEVELS[1]
    return _BOLD_LEVELS[2] if heading_form(bare) else 0


def _without_asides(blocks: list[_Block]) -> list[_Block]:
    """The blocks without those under a heading such as "Related content"."""
    whole = sum(len(block.words) for block in blocks if not block.level)
    kept: list[_Block] = []
    number = 0
    while number < len(blocks):
        block = blocks[number]
        end = number + 1
        if block.level and _ASIDE.fullmatch(block.words.strip()):
            while end < len(blocks) and not 0 < blocks[end].level <= block.level:
                end += 1
            under = sum(len(each.words) for each in blocks[number:end] if not each.level)
            if under <= ASIDE_SHARE * whole:
                number = end
                continue
        kept.append(block)
        number += 1
    return kept


def _within_sentences(blocks: list[_Block]) -> list[_Block]:
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


def _number(block: _Block) -> bool:
    return bool(NUMBER_ALONE.fullmatch(block.words))


def _rounded(block: _Block) -> bool:
    return is_sentence(block.words) or (
        block.run.element.name == "p" and block.words.lower() == "not applicable"
    )


def _in_list_with(block: _Block, following: _Block) -> bool:
    inner = _list_beside(following.run.element, block.run.element)
    if following.level:
        return False
    own = _list_beside(following.run.element, None)
    return own is not None and (inner is not own or bool(_LEADING.search(block.words)))


def _pieces(page: Page, blocks: list[_Block]) -> list[PagePiece]:
    outline = Outline()
    pieces: list[PagePiece] = []
    joined: Element | None = None
    before: PagePiece | None = None
    for number, block in enumerate(blocks):
        run, words = block.run, block.words
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
            if joined is not None or _goes_on(before, run, words):
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


def _goes_on(before: PagePiece, run: Run, words: str) -> bool:
    """Whether a block is the rest of the sentence that the paragraph before it left open."""
    if not begins_lower(words) or ends_whole(before.words[-1]):
        return False
    names = {before.element.name, run.element.name}
    return names == {"p"} and before.element.parent is run.element.parent
