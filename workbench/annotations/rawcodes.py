"""The codes in one value of a file of codings, whichever way a tool writes them. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.annotations.rawcells import show_value
from workbench.errors import AnnotationError

#: How programs write that a cell of a table has no value: not the same as an empty cell.
NO_VALUE = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "None", "NULL", "null"}
)  # fmt: skip
#: The fields under which tools put the codes in a JSON object.
_HOLDERS = ("choices", "labels", "codes")
_STRONG = re.compile(r"[;|]")


@dataclass(frozen=True, slots=True)
class Separators:
    """What separates codes in the texts of a file.

    `strong` where any text has ; or |: a comma is then part of a code. `found`
    is whether any text has a separator at all.
    """

    strong: bool = False
    found: bool = False

    def split(self, text: str) -> list[str]:
        """The codes of a text that is no JSON."""
        return _STRONG.split(text) if self.strong else text.split(",")


def find_separators(values: Iterable[object]) -> Separators:
    """What separates codes in the `values` of a file."""
    texts = [value for value in values if isinstance(value, str) and not _is_json(value)]
    strong = any(_STRONG.search(text) for text in texts)
    return Separators(strong, strong or any("," in text for text in texts))


def read_codes(value: object, separators: Separators, where: str) -> frozenset[str]:
    """The codes: a text, a list, or an object that holds them under `choices`.

    AnnotationError, which says `where` the value stands, for anything else and
    for a number that is none (nan, infinity).
    """
    if isinstance(value, str):
        if not _is_json(value):
            return _named(separators.split(value))
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise AnnotationError(
                f"{where}: not a JSON list ({error})", 'write ["one", "other"]'
            ) from None
    return _named(_listed(value, where))


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("[", "{"))


def _listed(value: object, where: str) -> list[str]:
    held = (
        next((value[name] for name in _HOLDERS if name in value), None)
        if isinstance(value, Mapping)
        else value
    )
    if isinstance(held, list):
        return [code for item in held for code in _listed(item, where)]
    if isinstance(held, str):
        return [held]
    if isinstance(held, int | float) and not isinstance(held, bool) and (shown := show_value(held)):
        return [shown]
    raise AnnotationError(
        f"{where}: a list of codes, or a text of codes, expected",
        "write [] for none of them; leave the line out where nothing was decided",
    )


def _named(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(shown for code in codes if (shown := show_value(code)))
