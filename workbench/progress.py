"""How long work reports its progress: a wrapper around what is worked through.

Rooms take a `track` and stay silent by default; the command line passes one
that draws a bar on a terminal and prints plain lines elsewhere.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Yields the items of `items` unchanged; `total` is their number, `doing` names the work."""

    def __call__(self, items: Iterable[T], doing: str, total: int) -> Iterable[T]: ...


def track_silently(items: Iterable[T], doing: str, total: int) -> Iterable[T]:
    """The default: no progress shown."""
    return items
