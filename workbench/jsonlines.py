"""One line of a JSONL file of labels. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from workbench.errors import AnnotationError


def read_object(line: str, where: str) -> Mapping[str, Any]:
    """The line's JSON object; AnnotationError, which says `where` it stands, for anything else."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{where}: not JSON ({error})", "write one object a line") from None
    if not isinstance(data, Mapping):
        raise AnnotationError(f"{where}: not a JSON object", "write one object a line")
    return data
