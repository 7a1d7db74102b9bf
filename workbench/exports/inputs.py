"""Texts to label that are not in the database: JSON Lines of `{text, section}`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

#: No paragraph comes near it, in characters.
LONGEST_TEXT = 1_000_000
#: Bytes of a line. A text of the greatest length fits, spelt in any way JSON allows.
LONGEST_LINE = 16_000_000


@dataclass(frozen=True, slots=True)
class InputText:
    """One text to label. `paragraph_id` is the caller's own, passed through, or None."""

    text: str
    section: tuple[str, ...] = ()
    paragraph_id: str | None = None


def read_input(path: Path) -> Iterator[InputText]:
    """The texts of a JSON Lines file, one at a time; blank lines are passed over.

    Each line is an object with `text`, and if wanted `section` (the heading
    path, a list outermost first, or one heading) and `paragraph_id`; other
    fields are ignored, so that the output of `workbench paragraphs` can be
    read. Raises WorkbenchError, naming file, line and field, and where there
    is no text at all.
    """
    number = texts = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                try:
                    text = _decode(line, number)
                    if not text.strip():
                        continue
                    found = _read_line(text)
                except WorkbenchError as error:
                    raise WorkbenchError(
                        f"{path}, line {number}: {error.message}", error.mend
                    ) from error.__cause__
                texts += 1
                yield found
    except OSError as error:
        raise WorkbenchError(
            f"{path}: cannot be read: {error.strerror}", "check the path given to --input"
        ) from error
    if not texts:
        raise WorkbenchError(
            f"{path}: holds no text to predict", 'write {"text": "..."} on each line'
        )


def _decode(line: bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise WorkbenchError(
            f"has more than {LONGEST_LINE:,} bytes",
            "write one paragraph on each line, as a JSON object",
        )
    try:
        # The mark that some editors put at the start of a file.
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise WorkbenchError("not UTF-8", "save the file as UTF-8") from error


def _read_line(line: str) -> InputText:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WorkbenchError(f"not JSON: {error}", "write one JSON object on each line") from error
    if not isinstance(record, dict):
        raise WorkbenchError("not a JSON object", 'write {"text": "..."} on each line')
    text = _take_text(record.get("text"), "text")
    if not text.strip():
        raise WorkbenchError("text: is empty", "leave the line out")
    if len(text) > LONGEST_TEXT:
        raise WorkbenchError(
            f"text: has {len(text):,} characters, more than {LONGEST_TEXT:,}",
            "cut the text into paragraphs",
        )
    paragraph_id = record.get("paragraph_id")
    if paragraph_id is not None:
        paragraph_id = _take_text(paragraph_id, "paragraph_id")
    return InputText(text, _read_section(record.get("section")), paragraph_id)


def _read_section(section: Any) -> tuple[str, ...]:
    headings = [section] if isinstance(section, str) else section
    if headings is None:
        return ()
    if not isinstance(headings, list):
        raise WorkbenchError("section: is not a list of headings", 'write "section": ["..."]')
    checked = [_take_text(heading, "section") for heading in headings]
    return tuple(heading for heading in checked if heading.strip())


def _take_text(value: Any, field: str) -> str:
    if value is None:
        raise WorkbenchError(f"{field}: is missing", "add the field to the line")
    if not isinstance(value, str):
        raise WorkbenchError(f"{field}: is not text", "put it in quotation marks")
    # JSON can spell half a character (a lone surrogate), which no file can hold.
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise WorkbenchError(
            f"{field}: holds half a character (a surrogate)", "mend the text"
        ) from error
    return value
