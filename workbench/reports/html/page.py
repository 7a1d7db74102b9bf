"""A page as the layouts see it: its tree, its runs' words, and what its head says of it."""

import html
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit

from workbench.reports.html.scanning import attribute, tags
from workbench.reports.html.tree import Element, Run, Tree, build_tree
from workbench.reports.html.words import words_of

_SAVED_FROM = re.compile(r"<!--\s*saved from url=(?:\(\d+\))?\s*(\S+?)\s*-->")
_SINGLE_FILE = re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")
_ARCHIVED = re.compile(r"^.*?/web/\d{4,14}[a-z_]*/(?=https?:)")
_HEAD_END = re.compile(r"</head\b|<body\b", re.IGNORECASE)

#: The head is looked for in so many first characters.
HEAD_CHARS = 400_000


@dataclass(slots=True)
class Head:
    """What a page says of itself: title, address, site and language, "" where it does not."""

    title: str = ""
    address: str = ""
    site: str = ""
    language: str = ""


@dataclass(eq=False)
class Page:
    """A parsed page. `words` gives the text of a run and remembers it."""

    source: str
    tree: Tree
    head: Head
    _words: dict[int, str] = field(default_factory=dict)

    def words(self, run: Run) -> str:
        text = self._words.get(run.start)
        if text is None:
            text = self._words[run.start] = words_of(self.source[run.start : run.end])
        return text

    @cached_property
    def headings(self) -> list[tuple[Element, str]]:
        """The heading elements in order, each with its words; empty ones are left out."""
        found: dict[int, tuple[Element, list[str]]] = {}
        for run in self.tree.runs:
            element = run.element.heading
            if element is not None:
                found.setdefault(element.index, (element, []))[1].append(self.words(run))
        return [(element, " ".join(words)) for element, words in found.values()]

    @cached_property
    def title(self) -> str:
        """The first heading of the first level, or what the head says."""
        first = next((words for element, words in self.headings if element.name == "h1"), "")
        return first or self.head.title

    @cached_property
    def host(self) -> str:
        """The host of the page's own address, without "www."."""
        return _split(self.head.address)[0]

    @cached_property
    def path(self) -> str:
        """The path of the page's own address."""
        return _split(self.head.address)[1]


def parse_page(source: str) -> Page:
    """The page of a source: pure, never raises on any text."""
    return Page(source, build_tree(source), read_head(source))


def read_head(source: str) -> Head:
    """Title, address, site and language as the head of a page states them."""
    end = _HEAD_END.search(source, 0, HEAD_CHARS)
    top = source[: end.start() if end else HEAD_CHARS]
    head = Head()
    saved = _SAVED_FROM.search(top) or _SINGLE_FILE.search(top)
    named: dict[str, str] = {}
    for tag in tags(top):
        attributes = tag.attributes
        if tag.name == "html" and not head.language:
            language = attribute(attributes, "lang") or attribute(attributes, "xml:lang") or ""
            head.language = language.strip().lower().split("-")[0]
        elif tag.name == "title" and not head.title:
            head.title = words_of(top[tag.start : tag.end].partition(">")[2].rpartition("</")[0])
        elif tag.name == "link" and (attribute(attributes, "rel") or "").lower() == "canonical":
            named["canonical"] = html.unescape(attribute(attributes, "href") or "")
        elif tag.name == "meta":
            key = attribute(attributes, "property") or attribute(attributes, "name") or ""
            named.setdefault(key.lower(), html.unescape(attribute(attributes, "content") or ""))
    head.title = head.title or named.get("og:title", "").strip()
    head.site = named.get("og:site_name", "").strip()
    address = named.get("canonical") or named.get("og:url") or (saved[1] if saved else "")
    head.address = _ARCHIVED.sub("", address)
    return head


def _split(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return (parts.hostname or "").removeprefix("www."), unquote(parts.path)
