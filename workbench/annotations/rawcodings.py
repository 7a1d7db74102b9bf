"""Codings from any tool: JSONL, CSV or TSV of `unit, annotator, codes`, as records. Pure.

Further columns are used where they are there: report, source, section,
created_at, comment, text, prelabel. How lines and headings are read:
`rawrows.py`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.annotations.codings import Coding
from workbench.annotations.rawrows import FORM, RawRow, read_rows
from workbench.errors import AnnotationError

_SEPARATORS = re.compile(r"[;|]")


@dataclass(frozen=True, slots=True)
class RawCodings:
    """What a file of codings holds. All mappings but the last two are by unit.

    `codes` are those given or, where none were, those found, in order of name.
    `weeks` is the ISO week of the unit's last coding, `coded_at` the time of
    each. `comments` and `prelabels` (what was on the page; a coding that is not
    there has none known) are by (unit, coder). `notes` say what was left out.
    """

    codings: tuple[Coding, ...]
    codes: tuple[str, ...]
    reports: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    weeks: Mapping[str, str] = field(default_factory=dict, hash=False)
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)
    prelabels: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()


def read_codings(
    lines: Iterable[str], origin: str, *, codes: Sequence[str] | None = None
) -> RawCodings:
    """Read `lines` of the file `origin`, JSONL or a table with a header.

    Without ids of units, a unit is told by its report and text.
    A coder's repeated coding of a unit replaces the earlier one (by created_at
    where both have it, else by its place in the file). Raises AnnotationError,
    which names file, line and field, for anything that cannot be read, and for
    a code outside `codes`.
    """
    kept: dict[tuple[str, str], tuple[Coding, datetime | None]] = {}
    about: dict[str, dict[str, str]] = {"report": {}, "source": {}, "section": {}, "text": {}}
    comments: dict[tuple[str, str], str] = {}
    prelabels: dict[tuple[str, str], frozenset[str]] = {}
    numbers: dict[str, dict[str, int]] = {}
    replaced = 0
    for row in read_rows(lines, origin):
        where = f"{origin}, line {row.line}"
        coder = _name(row, "annotator", where)
        unit = _name(row, "unit", where) if "unit" in row.fields else _number(row, where, numbers)
        chosen = _codes(row, "codes", where, codes)
        at = _time(row, where)
        for name, held in about.items():
            _keep_about(held, unit, _text(row, name), name, where)
        place = (unit, coder)
        if place in kept:
            replaced += 1
            earlier = kept[place][1]
            if earlier is not None and at is not None and at < earlier:
                continue
        kept[place] = (Coding(unit, coder, chosen), at)
        comments.pop(place, None)
        if comment := _text(row, "comment"):
            comments[place] = comment
        prelabels.pop(place, None)
        if row.fields.get("prelabel") is not None:
            prelabels[place] = _codes(row, "prelabel", where, codes)
    if not kept:
        raise AnnotationError(f"{origin}: no codings in it", FORM)
    codings = tuple(coding for coding, _ in kept.values())
    found = frozenset().union(*(coding.codes for coding in codings), *prelabels.values())
    notes = (
        (f"Left out: {replaced} that the same coder replaced by a newer one.",) if replaced else ()
    )
    return RawCodings(
        codings=codings,
        codes=tuple(codes) if codes is not None else tuple(sorted(found)),
        reports=about["report"],
        sources=about["source"],
        sections=about["section"],
        weeks=_weeks((coding.unit, at) for coding, at in kept.values()),
        texts=about["text"],
        comments=comments,
        prelabels=prelabels,
        notes=notes,
    )


def _name(row: RawRow, name: str, where: str) -> str:
    value = row.fields[name]
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise AnnotationError(f"{where}: {name}: a name or number expected", f"give the {name}")
    return str(value).strip()


def _number(row: RawRow, where: str, numbers: dict[str, dict[str, int]]) -> str:
    """A name for a unit that has none: its report, and the turn of its text in that report."""
    text, report = _text(row, "text"), _text(row, "report")
    if not text:
        raise AnnotationError(f"{where}: text: a text expected", "give the text, or a unit")
    held = numbers.setdefault(report, {})
    return f"{report or 'paragraph'} {held.setdefault(text, len(held) + 1)}"


def _text(row: RawRow, name: str) -> str:
    value = row.fields.get(name)
    if name == "section" and isinstance(value, list):
        value = value[0] if value else ""
    return str(value).strip() if isinstance(value, str | int) else ""


def _codes(row: RawRow, name: str, where: str, known: Sequence[str] | None) -> frozenset[str]:
    value = row.fields[name]
    if isinstance(value, str):
        chosen = _split(value, name, where)
    elif isinstance(value, list) and all(isinstance(code, str | int) for code in value):
        chosen = [str(code) for code in value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        chosen = [f"{value:g}"]
    else:
        raise AnnotationError(
            f"{where}: {name}: a list of codes, or a text of codes, expected",
            "write [] for none of them; leave the line out where nothing was decided",
        )
    codes = frozenset(stripped for code in chosen if (stripped := code.strip()))
    if known is not None and (unknown := sorted(codes.difference(known))):
        raise AnnotationError(
            f"{where}: {name}: code {unknown[0]!r} is not in the taxonomy",
            f"the codes are {', '.join(known)}",
        )
    return codes


def _split(value: str, name: str, where: str) -> list[str]:
    """Codes from a text: a JSON list, or separated by ; or | or else by commas."""
    if value.lstrip().startswith("["):
        try:
            listed = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise AnnotationError(
                f"{where}: {name}: not a JSON list ({error})", 'write ["one", "other"]'
            ) from None
        if not all(isinstance(code, str | int) for code in listed):
            raise AnnotationError(f"{where}: {name}: a list of codes expected", "write [] for none")
        return [str(code) for code in listed]
    return _SEPARATORS.split(value) if _SEPARATORS.search(value) else value.split(",")


def _time(row: RawRow, where: str) -> datetime | None:
    value = row.fields.get("created_at")
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(value)
        if isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
        else:
            at = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise AnnotationError(
            f"{where}: created_at: {value!r} is not a time", "write it as 2024-05-01T12:00:00Z"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _keep_about(held: dict[str, str], unit: str, value: str, name: str, where: str) -> None:
    """What is said of a unit must be the same on all its lines."""
    if value and held.setdefault(unit, value) != value:
        raise AnnotationError(
            f"{where}: {name}: unit {unit} has another {name} on an earlier line",
            "give every unit a name of its own",
        )


def _weeks(times: Iterable[tuple[str, datetime | None]]) -> dict[str, str]:
    last: dict[str, datetime] = {}
    for unit, at in times:
        if at is not None and (unit not in last or at > last[unit]):
            last[unit] = at
    weeks = {}
    for unit, at in last.items():
        year, week, _ = at.astimezone(UTC).isocalendar()
        weeks[unit] = f"{year}-W{week:02}"
    return weeks
