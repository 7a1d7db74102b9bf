"""JSON in many short texts: lines of a file, columns of a table. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from workbench.errors import AnnotationError

_DECODER = json.JSONDecoder()


def parse_json(text: str) -> Any:
    """What json.loads makes of `text`, in half the time; ValueError or RecursionError as it."""
    try:
        value, end = _DECODER.scan_once(text, 0)
        if end == len(text) or text[end:].isspace():
            return value
    except (ValueError, StopIteration):
        pass
    # Blanks before the value, or something wrong, which it names.
    return _DECODER.decode(text)


def read_object(line: str, where: str) -> Mapping[str, Any]:
    """The line's JSON object; AnnotationError, which says `where` it stands, for anything else."""
    try:
        data = parse_json(line)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{where}: not JSON ({error})", "write one object a line") from None
    if not isinstance(data, Mapping):
        raise AnnotationError(f"{where}: not a JSON object", "write one object a line")
    return data
