"""Texts to label that are not in the database: JSON Lines of `{text, section}`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

#: spaCy refuses longer texts; no paragraph comes near it.
LONGEST_TEXT = 1_000_000


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
    read. Raises WorkbenchError, naming file, line and field.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                where = f"{path}, line {number}"
                try:
                    # The mark that some editors put at the start of a file.
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as error:
                    raise WorkbenchError(f"{where}: not UTF-8", "save the file as UTF-8") from error
                if text.strip():
                    yield _read_line(text, where)
    except OSError as error:
        raise WorkbenchError(
            f"{path}: cannot be read: {error.strerror}", "check the path given to --input"
        ) from error


def _read_line(line: str, where: str) -> InputText:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WorkbenchError(
            f"{where}: not JSON: {error}", "write one JSON object on each line"
        ) from error
    if not isinstance(record, dict):
        raise WorkbenchError(f"{where}: not a JSON object", 'write {"text": "..."} on each line')
    text = _take_text(record.get("text"), f"{where}: text")
    if not text.strip():
        raise WorkbenchError(f"{where}: text: is empty", "leave the line out")
    if len(text) > LONGEST_TEXT:
        raise WorkbenchError(
            f"{where}: text: has {len(text):,} characters, more than {LONGEST_TEXT:,}",
            "cut the text into paragraphs",
        )
    paragraph_id = record.get("paragraph_id")
    if paragraph_id is not None:
        paragraph_id = _take_text(paragraph_id, f"{where}: paragraph_id")
    return InputText(text, _read_section(record.get("section"), where), paragraph_id)


def _read_section(section: Any, where: str) -> tuple[str, ...]:
    headings = [section] if isinstance(section, str) else section
    if headings is None:
        return ()
    if not isinstance(headings, list):
        raise WorkbenchError(
            f"{where}: section: is not a list of headings", 'write "section": ["..."]'
        )
    checked = [_take_text(heading, f"{where}: section") for heading in headings]
    return tuple(heading for heading in checked if heading.strip())


def _take_text(value: Any, where: str) -> str:
    if value is None:
        raise WorkbenchError(f"{where}: is missing", "add the field to the line")
    if not isinstance(value, str):
        raise WorkbenchError(f"{where}: is not text", "put it in quotation marks")
    # JSON can spell half a character (a lone surrogate), which no file can hold.
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise WorkbenchError(f"{where}: holds half a character (a surrogate)", "mend the text")
    return value
