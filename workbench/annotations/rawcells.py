"""Single values of a file of codings: names and texts, yes or no, times. Pure."""

import math
import re
from datetime import UTC, datetime
from unicodedata import normalize

_YES = frozenset({"true", "yes", "y", "t", "1"})
_NO = frozenset({"false", "no", "n", "f", "0"})
#: Seconds since 1970 in digits; fewer are durations or years, three more are milliseconds.
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?|\d{12,13}")
_EARLIEST, _MILLISECONDS = 1e8, 1e11


def show_value(value: object) -> str:
    """A text or number as text in Unicode's form C, without space around it; else empty.

    The same letters may be written in two ways (é as one sign or as e and an
    accent), which would make two codes of one. 2019.0, as a table program
    writes a whole number, is 2019.
    """
    if isinstance(value, float):
        value = show_number(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return normalize("NFC", str(value)).strip()


def show_number(value: float) -> str:
    """A number in full; empty for infinity and for what is no number."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def read_truth(value: object) -> bool | None:
    """Yes or no, in JSON, in words or as 1 and 0; None where it is neither."""
    if isinstance(value, bool):
        return value
    word = show_value(value).casefold()
    return True if word in _YES else False if word in _NO else None


def read_time(value: object) -> datetime | None:
    """A time by ISO 8601 or in (milli)seconds since 1970, in UTC where it names no zone; else None.

    A number below 100,000,000 (the year 1973) is taken for a duration.
    """
    if isinstance(value, str) and _SECONDS.fullmatch(value.strip()):
        value = float(value)
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
        elif isinstance(value, int | float) and value >= _EARLIEST:
            at = datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS else value, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def is_blank(value: object) -> bool:
    """Whether nothing was written there."""
    return value is None or (isinstance(value, str) and not value.strip())
