"""Numbers of lists and headings as word processors write them. Pure."""

import re

#: Beyond these, letters and Roman numbers are written as plain numbers.
MOST_LETTERS, MOST_ROMAN = 26 * 4, 3999
#: A longer label is no number.
LONGEST_LABEL = 24

_WHOLE = re.compile(r"\s*(-?[0-9]{1,9})\s*")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def whole(text: str | None, default: int = 0) -> int:
    """A whole number that a file gives, `default` where it is missing or none."""
    match = _WHOLE.fullmatch(text or "")
    return int(match[1]) if match else default


def as_letters(number: int) -> str:
    """1 is a, 26 z, 27 aa, 28 bb."""
    if not 1 <= number <= MOST_LETTERS:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def as_roman(number: int) -> str:
    """1 is i, 4 iv, 9 ix."""
    if not 1 <= number <= MOST_ROMAN:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        written += letters * times
    return written


def usable_label(label: str) -> str:
    """A label in one line, "" where it is too long to be one."""
    label = " ".join(label.split())
    return label if len(label) <= LONGEST_LABEL else ""
