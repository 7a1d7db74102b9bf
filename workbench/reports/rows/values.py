"""What a cell of a row means: text, a name, a heading path, codes, a year.

Pure. Each function takes a value as CSV (text), JSON or Parquet gives it, and
raises ValueError with the reason where it cannot mean that.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from workbench.reports.words import keep_words_whole

#: What stands between the headings of a path that is given as one text.
PATH_MARK = " > "
#: What may stand between codes given as one text; the first of them that it holds counts.
CODE_MARKS = (";", "|", ",")
#: The word that says "a coder looked, and no code applies"; the taxonomy keeps it free.
NO_CODE = "none"

_WRAPPED_HYPHEN = re.compile(r"(?<=\w-)[ \t]*[\r\n]\s*(?!(?:and|or|to)\s)(?=\w)")
_CONTROL = re.compile("[\x01-\x1f\x7f]")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]")
_PATH = re.compile(r"\s+>\s+")
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_LIST = re.compile(rf"\[\s*(?:(?:{_QUOTED})\s*(?:,\s*(?=['\"])|,?\s*(?=\])))*\]", re.DOTALL)
_ITEM = re.compile(_QUOTED, re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: How many heading paths, and how many sets of codes, are remembered: they repeat row by row.
_REMEMBERED = 2048


def tidy(text: str) -> str:
    """The text that a coder reads: one line, without invisible and control characters.

    Markdown marks stay, unlike in a report: here ``*`` is what the data says.
    A hyphen at a line's end keeps its word together, as `words.clean` has it.
    """
    text = keep_words_whole(text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return " ".join(text.split())


def has_words(text: str) -> bool:
    """Whether a text holds a letter or a digit; without one it is no paragraph."""
    return _WORD.search(text) is not None


def text_of(value: object) -> str:
    """A paragraph's text, as it is; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _checked(value)
    raise ValueError(f"text expected, found {_kind(value)}")


def name_of(value: object) -> str | None:
    """A name (an id, a group, a coder), tidied; None where there is none. 12.0 is "12"."""
    if value is None or isinstance(value, str):
        return tidy(_checked(value or "")) or None
    if isinstance(value, bool):
        raise ValueError("a name expected, found true or false")
    if isinstance(value, float):
        if value != value:  # not a number: how pandas writes an empty cell
            return None
        if value in (float("inf"), float("-inf")):
            raise ValueError("a name expected, found infinity")
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | Decimal | UUID):
        return str(value)
    raise ValueError(f"a name expected, found {_kind(value)}")


def year_of(value: object) -> int | None:
    """A year from 1900 to 2099; None where there is none."""
    name = name_of(value)
    if name is None:
        return None
    if not _YEAR.fullmatch(name):
        raise ValueError(f"{name[:40]!r} is not a year from 1900 to 2099")
    return int(name)


def section_of(value: object) -> tuple[str, ...]:
    """A heading path: a list, a list written as text, or text with " > " between headings.

    " / " and "|" do not part headings: they stand inside many.
    """
    if isinstance(value, str):
        return _split_path(value)
    if isinstance(value, list | tuple):
        return _names(value)
    name = name_of(value)
    return () if name is None else (name,)


@lru_cache(_REMEMBERED)
def _split_path(text: str) -> tuple[str, ...]:
    listed = _listed(_checked(text))
    return _names(_PATH.split(text) if listed is None else listed)


def codes_of(value: object) -> tuple[str, ...] | None:
    """Codes, sorted: a list, a list written as text, or text with ";", "|" or "," between.

    Empty for ``[]`` and ``none``: a coder found no code. None for nothing at
    all, which says nothing of what a coder found.
    """
    if isinstance(value, str):
        return _split_codes(value)
    if isinstance(value, list | tuple):
        return _codes(value)
    name = name_of(value)
    return None if name is None else _codes([name])


@lru_cache(_REMEMBERED)
def _split_codes(value: str) -> tuple[str, ...] | None:
    text = tidy(_checked(value))
    listed = _listed(text)
    if listed is None:
        if not text:
            return None
        mark = next((mark for mark in CODE_MARKS if mark in text), None)
        listed = text.split(mark) if mark else [text]
    return _codes(listed)


def _codes(values: Sequence[object]) -> tuple[str, ...]:
    names = sorted(set(_names(values)))
    return () if [name.casefold() for name in names] == [NO_CODE] else tuple(names)


def _names(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(name for value in values if (name := name_of(value)) is not None)


def _listed(text: str) -> list[object] | None:
    """The items of a list written as text, as JSON or as Python writes one; None if it is none."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    read: Callable[[str], object] = json.loads
    try:
        items = read(text)
    except (ValueError, RecursionError):
        if not _LIST.fullmatch(text):
            return None
        return [_ESCAPE.sub(r"\1", item[1:-1]) for item in _ITEM.findall(text)]
    return items if isinstance(items, list) else None


def _checked(text: str) -> str:
    found = _NO_TEXT.search(text)
    if found:
        what = "NUL" if found[0] == "\x00" else "half of a surrogate pair"
        raise ValueError(f"holds a character that is no text ({what})")
    return text


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float | Decimal):
        return f"the number {str(value)[:40]}"
    if isinstance(value, bytes):
        return "bytes without an encoding"
    names = {list: "a list", tuple: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)
