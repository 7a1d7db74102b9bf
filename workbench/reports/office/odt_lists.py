"""The numbers that an ODT does not write but counts: of lists and headings."""

from dataclasses import dataclass

from lxml import etree

from workbench.reports.office.numbers import as_letters, as_roman, usable_label, whole
from workbench.reports.office.odt_styles import attribute, name_of
from workbench.reports.office.pieces import BULLET

#: ODF knows ten levels of lists and headings.
LEVELS = 10


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level is numbered; `form` "-" stands for a bullet, "" for no number."""

    form: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1
    pattern: str | None = None


class Counter:
    """The numbers of one list, or of the headings, by the element that defines its style."""

    def __init__(self, style: etree._Element | None) -> None:
        self._levels: dict[int, _Level] = {}
        for element in style if style is not None else ():
            level = whole(attribute(element, "level"))
            if 1 <= level <= LEVELS:
                self._levels[level] = _level(element)
        self._counts: dict[int, int] = {}

    def restart(self, level: int, value: int) -> None:
        """Let the next number on a level be `value`."""
        self._counts[level] = value - 1

    def begin(self, level: int) -> None:
        """Let a level, and those below, begin anew."""
        self._counts = {at: count for at, count in self._counts.items() if at < level}

    def next_mark(self, level: int) -> str:
        """The mark of the next item on a level: "-", "12.", "(a)"; "" where it has none."""
        level = min(max(level, 1), LEVELS)
        how = self._levels.get(level, _Level())
        self.begin(level + 1)
        self._counts[level] = self._counts.get(level, how.start - 1) + 1
        if how.form in ("", BULLET):
            return how.form
        if how.pattern is not None:
            label = how.pattern
            for at in range(LEVELS, 0, -1):
                label = label.replace(f"%{at}%", self._number(at))
            return usable_label(label)
        first = max(1, level - how.shown + 1)
        numbers = [self._number(at) for at in range(first, level + 1)]
        return usable_label(how.prefix + ".".join(filter(None, numbers)) + how.suffix)

    def _number(self, level: int) -> str:
        how = self._levels.get(level, _Level())
        count = self._counts.get(level, how.start)
        if how.form in ("a", "A"):
            written = as_letters(count)
        elif how.form in ("i", "I"):
            written = as_roman(count)
        else:
            return "" if how.form in ("", BULLET) else str(count)
        return written.upper() if how.form.isupper() else written


def _level(element: etree._Element) -> _Level:
    kind = name_of(element)
    if kind in ("text:list-level-style-bullet", "text:list-level-style-image"):
        return _Level(BULLET)
    form = attribute(element, "num-format") or ""
    pattern = attribute(element, "num-list-format")
    affixes = [(attribute(element, name) or "")[:100] for name in ("num-prefix", "num-suffix")]
    return _Level(
        form[:1],
        *affixes,
        start=whole(attribute(element, "start-value"), 1),
        shown=whole(attribute(element, "display-levels"), 1),
        pattern=pattern if pattern is not None and len(pattern) <= 100 else None,
    )
