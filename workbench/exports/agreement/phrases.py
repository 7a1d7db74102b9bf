"""Figures and numbers as they stand in sentences. Pure."""

from collections.abc import Callable, Sequence

from workbench.annotations.figures import Figure, Interval
from workbench.exports.agreement.report import show_figure, show_interval

#: Renders a name from outside for where a text goes.
Name = Callable[[str], str]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def plainly(name: str) -> str:
    """A name as it is, for plain text."""
    return " ".join(name.split())


def with_interval(figure: Figure, interval: Interval) -> str:
    """A figure with its interval; the reason where it has no value."""
    if figure.value is None:
        return f"undefined ({figure.reason})"
    if interval.low is None:
        return f"{show_figure(figure)} (no interval)"
    return f"{show_figure(figure)} {show_interval(interval)}"


def count(number: int, what: str) -> str:
    """`number` things, `what` in the singular."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def number_word(number: int, what: str) -> str:
    """`count` with small numbers written out."""
    if number < len(_WORDS):
        return f"{_WORDS[number]} {what}{'' if number == 1 else 's'}"
    return count(number, what)


def capital(text: str) -> str:
    """`text` as it begins a sentence."""
    return text[:1].upper() + text[1:]


def join(parts: Sequence[str]) -> str:
    """A list in a sentence: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
