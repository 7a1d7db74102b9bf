"""What the reader of a file format hands on: the text of a report, for a layout to cut."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a report file, in whose characters offsets count.

    `encoding` is the codec that gave it, or for a format that is no text its
    name with ``-text``; extracting the same bytes again gives the same text.
    `pages` holds for each page the offset at which it begins (empty where the
    format has none). `title` and `language` are what the file says of itself,
    outside its text. `warnings` say what the reader doubts.
    """

    text: str
    encoding: str
    pages: tuple[int, ...] = ()
    title: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page, from 1, that the character at `offset` stands on."""
        return bisect_right(self.pages, offset) or None
