"""The marks that a browser sets before the items of a list."""

import re

from workbench.reports.html.scanning import attribute
from workbench.reports.html.tree import Element

_ROMANS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_NUMBER = re.compile(r"\d{1,3}")
_MOST = 999
_LETTERS = 26


def mark_of(element: Element, items: dict[int, int]) -> str:
    """The mark of the list item whose first text stands in `element`, "" for any other text.

    Numbers as "12.", letters and small Roman numbers as "(a)", capital ones as "A.".
    The mark of a list within another, unless its type says more, is a bullet:
    its numbers count nothing but that list. `items` remembers how far each
    list is, by the index of its element, and the items that have had their mark.
    """
    item: Element | None = element
    while item is not None and item.name != "li":
        item = item.parent
    if item is None or item.index in items or item.parent is None:
        return ""
    above = item.parent
    items[item.index] = 1
    if above.name != "ol":
        return "•"
    said = attribute(item.attributes, "value")
    if said is None and above.index not in items:
        said = attribute(above.attributes, "start")
    number = int(said) if said and _NUMBER.fullmatch(said) else items.get(above.index, 0) + 1
    items[above.index] = number
    kind = attribute(above.attributes, "type") or ("•" if _in_item(above) else "1")
    return _written(kind, number)


def _in_item(element: Element) -> bool:
    here = element.parent
    while here is not None and here.name != "li":
        here = here.parent
    return here is not None


def _written(kind: str, number: int) -> str:
    if kind == "1" and number <= _MOST:
        return f"{number}."
    if kind in ("a", "A") and 0 < number <= _LETTERS:
        letter = chr(ord(kind) + number - 1)
    elif kind in ("i", "I") and 0 < number <= _MOST:
        letter = _roman(number) if kind == "i" else _roman(number).upper()
    else:
        return "•"
    return f"({letter})" if letter.islower() else f"{letter}."


def _roman(number: int) -> str:
    written = ""
    for worth, letters in _ROMANS:
        written += letters * (number // worth)
        number %= worth
    return written
