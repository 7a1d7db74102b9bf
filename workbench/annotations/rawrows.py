"""The lines of a file of codings from any tool, under our names of its fields. Pure.

Column names are read whatever their case and by the names that other tools
give them (`ALIASES`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.annotations.rawcells import is_blank, read_time, show_value
from workbench.annotations.rawlines import FORM, RawFile, RawLine, plain_heading, read_file
from workbench.errors import AnnotationError

#: The fields, and what other tools call them; of several in a file the first named here counts.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "unit": (
        "unit", "unit_id", "item", "item_id", "paragraph", "paragraph_id", "document",
        "document_id", "doc_id", "task", "task_id", "subject", "id", "_input_hash",
    ),
    "annotator": (
        "annotator", "annotator_id", "coder", "coder_id", "rater", "rater_id", "worker",
        "worker_id", "observer", "judge", "user", "username", "completed_by", "_annotator_id",
        "_session_id",
    ),
    "codes": (
        "codes", "code", "labels", "label", "categories", "category", "annotation", "answer",
        "value", "choices", "tags", "rating", "accept",
    ),
    "report": ("report", "report_id"),
    "source": ("source",),
    "section": ("section", "heading"),
    "created_at": ("created_at", "created", "timestamp", "_timestamp", "date", "time"),
    "comment": ("comment", "note", "remark"),
    "text": ("text", "sentence", "content"),
    "prelabel": ("prelabel", "pre_label", "prediction", "suggested", "proposed"),
    "hidden": ("hidden",),
    "skipped": ("skipped", "was_cancelled", "cancelled"),
    "adjudicated": ("adjudicated",),
    "verdict": ("answer",),
}  # fmt: skip
REQUIRED = ("unit", "annotator", "codes")
#: What Prodigy's `answer` says of a line, in place of codes; all but the first leave it undecided.
VERDICTS = ("accept", "reject", "ignore")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of the file: where it stands, for messages, and its fields under our names."""

    where: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RawRows:
    """The rows; `columns` has, for each field that is there, the headings it was read from.

    `notes` say which columns were taken that are not called as we call them.
    """

    rows: Sequence[RawRow]
    columns: Mapping[str, tuple[str, ...]]
    is_table: bool
    notes: tuple[str, ...] = ()

    def values_of(self, *names: str) -> Iterable[object]:
        """Every value of these fields."""
        return (row.fields[name] for row in self.rows for name in names if name in row.fields)


def read_rows(lines: Iterable[str], origin: str) -> RawRows:
    """The rows of `lines`, JSON or a table with a header, told apart by the first of them.

    AnnotationError, which names the file `origin` and the line, for a line that
    cannot be read and for a file without a field that is needed.
    """
    file = read_file(lines, origin)
    aliases = _aliases_for(file)
    known: dict[tuple[str, ...], dict[str, str]] = {}
    if file.header is not None:
        known[tuple(file.header.values)] = _columns(file.header, aliases)
    rows = []
    for line in file.lines:
        header = tuple(line.values)
        if header not in known:
            known[header] = _columns(line, aliases)
        fields = {name: line.values[column] for name, column in known[header].items()}
        rows.append(RawRow(line.where, fields))
    columns = {
        name: taken
        for name in ALIASES
        if (taken := tuple(dict.fromkeys(names[name] for names in known.values() if name in names)))
    }
    return RawRows(rows, columns, file.is_table, tuple(_notes(columns, aliases, file)))


def _aliases_for(file: RawFile) -> dict[str, tuple[str, ...]]:
    """`ALIASES` without those that mean another thing in this file."""
    aliases = dict(ALIASES)
    answers = {show_value(value).casefold() for value in _column(file, "answer")} - {""}
    aside = "codes" if answers and answers <= set(VERDICTS) else "verdict"
    aliases[aside] = tuple(alias for alias in aliases[aside] if alias != "answer")
    times = [value for value in _column(file, "time") if not is_blank(value)]
    if not all(read_time(value) for value in times):
        # How long it took, or the hour.
        aliases["created_at"] = tuple(a for a in aliases["created_at"] if a != "time")
    return aliases


def _column(file: RawFile, plain: str) -> Iterable[object]:
    headers = {tuple(line.values) for line in file.lines}
    headings = {name for header in headers for name in header if plain_heading(name) == plain}
    return (line.values[name] for name in headings for line in file.lines if name in line.values)


def _columns(line: RawLine, aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Our field names to the file's; AnnotationError where one that is needed is missing."""
    known = {plain_heading(column): column for column in line.values}
    names = {}
    for name, others in aliases.items():
        if found := next((known[alias] for alias in others if alias in known), None):
            names[name] = found
    for name in REQUIRED:
        # Without ids, a paragraph is told by its text; what was not decided has no codes.
        instead = {"unit": ("text",), "codes": ("verdict", "skipped")}.get(name, ())
        if name not in names and not any(other in names for other in instead):
            raise lacks(name, line.where, line.values)
    return names


def lacks(name: str, where: str, values: Iterable[str]) -> AnnotationError:
    """That a line, which has `values`, has no field `name`."""
    others = ", ".join(ALIASES[name][1:4])
    has = ", ".join(values)
    return AnnotationError(f"{where}: no field {name} (nor {others} ...); it has {has}", FORM)


def _notes(
    columns: Mapping[str, Sequence[str]], aliases: Mapping[str, Sequence[str]], file: RawFile
) -> Iterable[str]:
    taken = [
        f"{name} from {' and '.join(headings)}"
        for name, headings in columns.items()
        if any(plain_heading(heading) != name for heading in headings)
    ]
    if taken:
        yield f"Columns taken: {', '.join(taken)}."
    if "unit" not in columns and "text" in columns:
        yield "No column names the units: they are told apart by their report and text."
    if aliases["created_at"] != ALIASES["created_at"]:
        yield "The column time was not read: not all of it are dates."
