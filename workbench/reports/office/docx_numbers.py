"""The numbers that a DOCX does not write but counts: of lists, headings and paragraphs."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from workbench.reports.office.docx_names import attribute, child, children, switch, value
from workbench.reports.office.numbers import as_letters, as_roman, usable_label, whole
from workbench.reports.office.pieces import BULLET

_PLACE = re.compile(r"%([1-9])")
LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    pattern: str = ""
    start: int = 1
    restarts_after: int | None = None
    plain: bool = False


class Numbering:
    """The lists of one document and where they stand; asked for each paragraph in order.

    `root` is that of ``numbering.xml``, None where the document has none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._styles: dict[tuple[str, str], int] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        linked: dict[str, str] = {}
        links: dict[str, str] = {}
        for element in children(root, "w:abstractNum"):
            name = attribute(element, "abstractNumId") or ""
            self._levels[name] = _levels_in(element)
            for level in children(element, "w:lvl"):
                if style := value(level, "w:pStyle"):
                    self._styles[name, style] = whole(attribute(level, "ilvl"))
            if style := value(element, "w:styleLink"):
                linked[style] = name
            if style := value(element, "w:numStyleLink"):
                links[name] = style
        for element in children(root, "w:num"):
            base = value(element, "w:abstractNumId") or ""
            base = linked.get(links.get(base, ""), base)
            own: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for override in children(element, "w:lvlOverride"):
                depth = whole(attribute(override, "ilvl"))
                own |= _levels_in(override)
                start = value(override, "w:startOverride")
                if start is not None:
                    starts[depth] = whole(start, 1)
            self._lists[attribute(element, "numId") or ""] = (base, own, starts)

    def depth_of_style(self, number: str, style: str) -> int | None:
        """The level of a list that a style of paragraphs stands for, None for none."""
        base = self._lists.get(number, ("", {}, {}))[0]
        return self._styles.get((base, style))

    def next_mark(self, number: str | None, depth: int) -> str:
        """The mark of the next paragraph in a list: "-", "12.", "(a)"; "" where it has none."""
        if number is None or number not in self._lists or not 0 <= depth < LEVELS:
            return ""
        base, own, starts = self._lists[number]
        levels = self._levels.get(base, {}) | own
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(base, [None] * LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for place in starts:
                counts[place % LEVELS] = None
            levels |= {
                place: replace(levels[place], start=start)
                for place, start in starts.items()
                if place in levels
            }
            own |= {place: levels[place] for place in starts if place in levels}
        self._count(counts, levels, depth)
        return _written(levels, counts, depth)

    def _count(self, counts: list[int | None], levels: dict[int, _Level], depth: int) -> None:
        before = counts[depth]
        counts[depth] = levels[depth].start if before is None else before + 1
        for deeper in range(depth + 1, LEVELS):
            after = levels[deeper].restarts_after if deeper in levels else None
            # By default a level begins anew after any above it; 0 says never.
            if after is None or (after > 0 and depth < after):
                counts[deeper] = None


def _levels_in(element: etree._Element) -> dict[int, _Level]:
    return {whole(attribute(lvl, "ilvl")): _level(lvl) for lvl in children(element, "w:lvl")}


def _level(element: etree._Element) -> _Level:
    restart = value(element, "w:lvlRestart")
    form = value(element, "w:numFmt")
    if form is None:
        # Word writes forms of later versions in an alternative.
        form = value(element, "mc:AlternateContent", "mc:Fallback", "w:numFmt") or "decimal"
    if child(element, "w:lvlPicBulletId") is not None:
        form = "bullet"
    return _Level(
        form=form,
        pattern=value(element, "w:lvlText") or "",
        start=whole(value(element, "w:start"), 1),
        restarts_after=None if restart is None else whole(restart),
        plain=bool(switch(element, "w:isLgl")),
    )


def _written(levels: dict[int, _Level], counts: list[int | None], depth: int) -> str:
    level = levels[depth]
    if level.form == "bullet":
        return BULLET
    if level.form == "none" or len(level.pattern) > 100:
        return ""

    def place(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        of = levels.get(at, _Level())
        count = counts[at]
        form = "decimal" if level.plain else of.form
        return _number(of.start if count is None else count, form)

    label = usable_label(_PLACE.sub(place, level.pattern))
    return label if any(c.isalnum() for c in label) else BULLET if label else ""


def _number(number: int, form: str) -> str:
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    written = str(number)
    if form.endswith("Letter"):
        written = as_letters(number)
    elif form.endswith("Roman"):
        written = as_roman(number)
    return written.upper() if form.startswith("upper") else written
