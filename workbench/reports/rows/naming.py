"""What the reports and paragraphs of a file of rows are called.

Pure. A slug keeps what an id may hold; where it loses anything that could
tell two names apart, a hash of the name follows it.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePath
from typing import Any

from workbench.records import Given, Report
from workbench.reports.languages import detect_language
from workbench.reports.metadata import Metadata, amend, detect, make_report_id, make_title
from workbench.reports.rows.fields import Row

#: What a report's `encoding` and `layout` say where it comes from rows.
ENCODING, LAYOUT = "rows-text", "rows"

#: What rows, and the user, can say of a report.
SAID = ("source", "country", "year", "title", "language")
#: How much of the text its language is told from, in characters.
_SAMPLE = 4_000
_LONGEST_ID = 60
_LONGEST_GROUP = 40
_DIGITS = 8
_NO_ID = re.compile(r"[^A-Za-z0-9._-]+")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_FILE_ENDING = re.compile(r"\.(?:txt|text|md|html?|pdf|docx?|odt|rtf|xml|csv|tsv|jsonl?)\Z", re.I)


def slug_of_id(name: str) -> str:
    """The part of a paragraph's id that its own id gives: itself where it can be."""
    slug = _NO_ID.sub("-", name)[:_LONGEST_ID]
    return slug if slug == name else f"{slug.strip('-')}-{_hash(name)}".lstrip("-")


def slug_of_group(name: str) -> str:
    """The part of a report's id that the value of the group field gives, in lower case."""
    letters = unicodedata.normalize("NFKD", _FILE_ENDING.sub("", name))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    slug = _NO_SLUG.sub("-", plain.lower()).strip("-")
    lossless = not any(letter.isalnum() and not letter.isascii() for letter in plain)
    if slug and lossless and len(slug) <= _LONGEST_GROUP:
        return slug
    return f"{slug[:_LONGEST_GROUP].strip('-')}-{_hash(name)}".lstrip("-")


def name_report(file: PurePath, group: str | None, given: Given) -> str:
    """The id of the report that a file, or a group of its rows, is.

    A group that names a report file ("veldoria-2018-state.txt"), or a report by
    country, year and publisher, is that report; any other has the file's name
    before its own, so that the same group of another file is another report.
    `given.report_id` stands for the file's name.
    """
    if group is None:
        found = amend(_named(file.stem), **{name: getattr(given, name) for name in SAID})
        return given.report_id or make_report_id(found, file.stem)
    if given.report_id is None:
        found = _named(_FILE_ENDING.sub("", group))
        if found.country and found.year and found.source:
            return make_report_id(found, group)
        if _FILE_ENDING.search(group):
            return slug_of_group(group)
    before = given.report_id or make_report_id(Metadata(), file.stem)
    return f"{before[:_LONGEST_GROUP].strip('-')}-{slug_of_group(group)}"


class Facts:
    """What the rows of one report say of it: up to four values of each field, and some text."""

    def __init__(self) -> None:
        self.values: dict[str, dict[Any, None]] = {name: {} for name in SAID}
        self.sample = ""

    def add(self, row: Row) -> None:
        """Take what a row says."""
        for name, held in self.values.items():
            value = getattr(row, name)
            if value is not None and len(held) < 4:
                held[value] = None
        if len(self.sample) < _SAMPLE:
            self.sample += f"{row.text[:_SAMPLE]}\n\n"


def describe(
    report_id: str, file: PurePath, group: str | None, given: Given, facts: Facts, sha256: str
) -> tuple[Report, tuple[str, ...]]:
    """The report, and what is doubtful: what is given, else what its rows say, else its name."""
    warnings: list[str] = []
    said: dict[str, Any] = {}
    for name, values in facts.values.items():
        if getattr(given, name) is not None:
            said[name] = getattr(given, name)
        elif len(values) == 1:
            said[name] = next(iter(values))
        elif values:
            shown = ", ".join(str(value)[:40] for value in list(values)[:3])
            warnings.append(f"its rows differ in {name} ({shown}, ...): left open")
    stem = file.stem if group is None else _FILE_ENDING.sub("", group)
    found = amend(_named(stem), **said)
    report = Report(
        report_id=report_id,
        title=found.title or make_title(found, stem),
        source=found.source,
        country=found.country,
        year=found.year,
        file=str(file),
        sha256=sha256,
        encoding=ENCODING,
        layout=LAYOUT,
        country_code=found.country_code,
        language=found.language or detect_language(facts.sample),
        given=given,
    )
    return report, tuple(warnings)


def _named(stem: str) -> Metadata:
    return detect("", stem, None)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
