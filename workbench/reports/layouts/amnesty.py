"""Country entries of Amnesty International's annual report, saved as text.

The country, a box of facts ("Head of state: ..."), a summary, then paragraphs
under headings in CAPITALS, in title case or in small letters, which are known by
standing alone above a sentence. Older entries end with a list of documents,
web pages with share labels; neither is part of the entry.
"""

import re
from collections.abc import Sequence

from workbench.reports.layouts.blocks import Block, Known, group_lines
from workbench.reports.layouts.forms import begins_lower, bullet, finished, menu, sentence
from workbench.reports.layouts.lines import Line, read_lines
from workbench.reports.layouts.weaving import Role, plain_role, report_part, shows_cuts, weave
from workbench.reports.paragraphs import RawParagraph

_REPORT = re.compile(
    r"(?:amnesty international(?:[’']s)? (?:annual )?report|"
    r"annual report|the state of the world[’']?s human rights)\W*(?:\d{4}(?:\s?[/–-]\s?\d{2,4})?)?",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(r"\bamnesty(?: international|\.org)\b", re.IGNORECASE)
_ENTRY = re.compile(
    r"(?:19|20)\d\d\s?[/–-]\s?(?:\d\d)?\d\d\b|(?:^|\s)human rights in \S|"
    r"annual report|the state of the world[’']?s human rights|report (?:19|20)\d\d\b",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"(?:\d{1,4}\s+)?amnesty international(?: report)?(?: \d{4}(?:\s?[/–-]\s?\d{2,4})?)?"
    r"(?:\s+\d{1,4})?"
    r"|[A-Z]",
    re.IGNORECASE | re.ASCII,
)
_FACT = re.compile(
    r"(?:heads? of (?:state|government)|death penalty|population|life expectancy|under-5 mortality|"
    r"adult literacy|capital|international criminal court|un women[’']s convention\b.{0,30}|"
    r"optional protocol\b.{0,60})[^:]{0,40}:\s",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\((?:AI )?(?:Index:?\s)?[A-Z]{3} \d\d/\d+/\d{2,4}\)")
_DOCUMENTS = re.compile(
    r"amnesty international (?:visits?|reports?|documents?)(?:/(?:visits?|reports?|documents?))*",
    re.IGNORECASE,
)
_MARKS = "#*_ \t"

_FRONT = 3000
#: An entry has so many headings that stand alone above a sentence.
FEWEST_HEADINGS = 2
#: A heading has at most so many words.
MOST_WORDS = 16

#: So many sentences of a web page's own may stand above the title.
SENTENCES_ABOVE = 2

_AT_CAPITALS, _AT_WORDS = 0, 1
_PLAIN, _CAPITALS, _FACTS = "plain", "capitals", "fact"


class AmnestyText:
    """The layout of an Amnesty International country entry."""

    name = "amnesty"
    source: str | None = "amnesty"

    def claims(self, text: str) -> bool:
        front = text[:_FRONT]
        facts = sum(bool(_FACT.match(line.strip())) for line in front.splitlines())
        if not (_PUBLISHER.search(front) and (_ENTRY.search(front) or facts >= 2)):
            return False
        if not any(_names_report(line.strip(_MARKS)) for line in front.splitlines()):
            return False
        blocks = _blocks_of(text)
        roles = _roles(blocks)
        return roles.count(Role.HEADING) >= FEWEST_HEADINGS

    def cut(self, text: str) -> list[RawParagraph]:
        blocks = _blocks_of(text)
        roles = _roles(blocks)
        prose = [number for number, role in enumerate(roles) if role is Role.PROSE]
        woven = weave(blocks, roles, shows_cuts(blocks, roles))
        path: dict[int, str] = {}
        paragraphs: list[RawParagraph] = []
        for role, members in report_part(blocks, roles, woven, prose[0] if prose else 0):
            if role is Role.PROSE:
                spans = tuple((blocks[n].start, blocks[n].end) for n in members)
                paragraphs.append(RawParagraph(spans, tuple(path[at] for at in sorted(path))))
                continue
            words = blocks[members[0]].text.strip(_MARKS)
            depth = _AT_CAPITALS if words.isupper() else _AT_WORDS
            if depth == _AT_CAPITALS and _second_line(blocks, roles, members[0]):
                words = f"{path[depth]} {words}"
            path = {at: name for at, name in path.items() if at < depth} | {depth: words}
        return paragraphs


def _second_line(blocks: Sequence[Block], roles: Sequence[Role], number: int) -> bool:
    """Whether a heading in CAPITALS goes on with the one on the line above it."""
    if number == 0 or blocks[number].gap or blocks[number].page_break:
        return False
    return roles[number - 1] is Role.HEADING and blocks[number - 1].text.isupper()


def _names_report(line: str) -> bool:
    """Whether a short line names the report or its publisher, as titles and page headers do."""
    return (
        len(line.split()) <= 16
        and not finished(line)
        and bool(_PUBLISHER.search(line) or _REPORT.search(line))
    )


def _blocks_of(text: str) -> list[Block]:
    lines = read_lines(text)
    aside = {
        number for number, line in enumerate(lines) if line.text and _RUNNING.fullmatch(line.text)
    }
    return group_lines(text, lines, Known(aside=frozenset(aside), starts=_starts(lines)))


def _starts(lines: Sequence[Line]) -> frozenset[int]:
    """Each line with a fact, and the first of the lines in CAPITALS and of those below them."""
    starts: set[int] = set()
    above = _PLAIN
    for number, line in enumerate(lines):
        if not line.text:
            continue
        capitals = line.text.isupper() and len(line.text) > 3
        kind = _FACTS if _FACT.match(line.text) else _CAPITALS if capitals else _PLAIN
        if kind != above or kind == _FACTS:
            starts.add(number)
        above = kind
    return frozenset(starts)


def _roles(blocks: Sequence[Block]) -> list[Role]:
    """What each block is. The entry begins with its first sentence, below title and facts."""
    roles = [plain_role(block) for block in blocks]
    for number, block in enumerate(blocks):
        words = block.text.strip(_MARKS)
        if _FACT.match(words) or _DOCUMENT.search(words) or _DOCUMENTS.fullmatch(words):
            roles[number] = Role.NOISE
    first = _first_sentence(blocks, roles)
    for number in range(first):
        roles[number] = Role.NOISE
    for number in range(len(blocks) - 1, first, -1):
        if roles[number] is Role.PROSE and _stands_alone(blocks[number].text):
            below = next((n for n in range(number + 1, len(blocks))), None)
            heads = below is not None and roles[below] in (Role.PROSE, Role.HEADING)
            roles[number] = Role.HEADING if heads else Role.NOISE
    return roles


def _first_sentence(blocks: Sequence[Block], roles: Sequence[Role]) -> int:
    """The first sentence below the title; above it a web page may say something of its own."""
    said = [
        n
        for n, block in enumerate(blocks)
        if roles[n] is Role.PROSE and sentence(block.text) and finished(block.text)
    ]
    above = said[SENTENCES_ABOVE] if len(said) > SENTENCES_ABOVE else len(blocks)
    titles = [n for n in range(above) if _is_title(blocks[n].text.strip(_MARKS))]
    title = titles[-1] if titles else -1
    return next((n for n in said if n > title), len(blocks))


def _is_title(words: str) -> bool:
    return _names_report(words) and bool(_ENTRY.search(words) or _REPORT.fullmatch(words))


def _stands_alone(text: str) -> bool:
    """Whether a few words without a sentence's end stand as a label or a heading does."""
    words = text.strip(_MARKS)
    if len(words.split()) > MOST_WORDS or menu(words) or bullet(words):
        return False
    return (
        words[:1].isalnum() and not begins_lower(words) and not finished(words) and words[-1] != ","
    )
