"""Texts to label that are not in the database: JSON Lines of `{text, section}`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.jsonlines import parse_json

#: No paragraph comes near it, in characters.
LONGEST_TEXT = 1_000_000
#: Bytes of a line. A text of the greatest length fits, spelt in any way JSON allows.
LONGEST_LINE = 16_000_000
#: The fields that say which report a text is from.
_REPORTED = frozenset(("report", "report_id", "source"))


@dataclass(frozen=True, slots=True)
class InputText:
    """One text to label. `paragraph_id` is the caller's own, passed through, or None.

    `report_id` and `source` say which report it is from and who published that;
    None where the line does not.
    """

    text: str
    section: tuple[str, ...] = ()
    paragraph_id: str | None = None
    report_id: str | None = None
    source: str | None = None


def read_input(path: Path) -> Iterator[InputText]:
    """The texts of a JSON Lines file, one at a time; blank lines are passed over.

    Each line is an object with `text`, and if wanted `section` (the heading
    path, a list outermost first, or one heading) and `paragraph_id`. The report
    is its `report_id`, else its `report`, and the publisher the `source` in that or
    beside it, where they are text. Other fields are ignored, so that the output
    of `workbench paragraphs` can be read. Raises WorkbenchError, naming file,
    line and field, and where there is no text at all.
    """
    number = texts = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                try:
                    text = _decode(line, number)
                    if text.isspace() or not text:
                        continue
                    # Half a character is not UTF-8; only an escape can spell it.
                    found = _read_line(text, b"\\" in line)
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


def _read_line(line: str, halves: bool) -> InputText:
    """The text of a line; `halves` says whether half a character could be in it."""
    try:
        record = parse_json(line)
    except (ValueError, RecursionError) as error:
        reason = error
        if isinstance(error, json.JSONDecodeError):
            reason = f"{error.msg} at character {error.pos + 1}"
        raise WorkbenchError(f"not JSON: {reason}", "write one JSON object on each line") from error
    if not isinstance(record, dict):
        raise WorkbenchError("not a JSON object", 'write {"text": "..."} on each line')
    text = record.get("text")
    if halves or not isinstance(text, str):
        text = _take_text(text, "text", halves)
    if text.isspace() or not text:
        raise WorkbenchError("text: is empty", "leave the line out")
    if len(text) > LONGEST_TEXT:
        raise WorkbenchError(
            f"text: has {len(text):,} characters, more than {LONGEST_TEXT:,}",
            "cut the text into paragraphs",
        )
    paragraph_id = record.get("paragraph_id")
    if paragraph_id is not None:
        paragraph_id = _take_text(paragraph_id, "paragraph_id", halves)
    section = _read_section(record.get("section"), halves)
    if _REPORTED.isdisjoint(record):
        return InputText(text, section, paragraph_id)
    return InputText(text, section, paragraph_id, *_read_report(record, halves))


def _read_section(section: Any, halves: bool) -> tuple[str, ...]:
    headings = [section] if isinstance(section, str) else section
    if headings is None:
        return ()
    if not isinstance(headings, list):
        raise WorkbenchError("section: is not a list of headings", 'write "section": ["..."]')
    for heading in headings:
        if halves or not isinstance(heading, str):
            _take_text(heading, "section", halves)
    return tuple([heading for heading in headings if heading and not heading.isspace()])


def _read_report(record: dict[str, Any], halves: bool) -> tuple[str | None, str | None]:
    """The id of the report and its publisher, where the record has them as text."""
    report, named = record.get("report"), record.get("report_id")
    source = record.get("source")
    if isinstance(report, dict):
        named, source = named or report.get("report_id"), report.get("source") or source
    else:
        named = named or report
    return (
        _take_text(named, "report", halves) if isinstance(named, str) else None,
        _take_text(source, "source", halves) if isinstance(source, str) else None,
    )


def _take_text(value: Any, field: str, halves: bool) -> str:
    if value is None:
        raise WorkbenchError(f"{field}: is missing", "add the field to the line")
    if not isinstance(value, str):
        raise WorkbenchError(f"{field}: is not text", "put it in quotation marks")
    if halves:
        # JSON can spell half a character (a lone surrogate), which no file can hold.
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise WorkbenchError(
                f"{field}: holds half a character (a surrogate)", "mend the text"
            ) from error
    return value
