"""Which columns or keys of a file of rows mean what, and a row as they give it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from workbench.errors import ReportError
from workbench.reports.rows.values import (
    codes_of,
    has_words,
    name_of,
    section_of,
    text_of,
    year_of,
)

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the columns or keys; None for what the file does not give.

    In JSON and Parquet ``meta.section`` is the key ``section`` inside ``meta``,
    unless a key of that whole name is there. `annotator` names the column that
    holds each row's coder, not a coder.
    """

    text: str
    id: str | None = None
    section: str | None = None
    group: str | None = None
    codes: str | None = None
    annotator: str | None = None
    source: str | None = None
    country: str | None = None
    year: str | None = None
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its values checked and converted.

    `place` says where it stands ("line 12", "row 12"), for messages. `text` is
    raw, as the file has it. `codes` is None where the row says nothing of
    codes, empty where it says that none applies. `annotator` is None where the
    file has no such field, and empty where the field is. In a row without words
    all but `place` is left out.
    """

    place: str
    text: str
    id: str | None = None
    section: tuple[str, ...] = ()
    group: str | None = None
    codes: tuple[str, ...] | None = None
    annotator: str | None = None
    source: str | None = None
    country: str | None = None
    year: int | None = None
    title: str | None = None
    language: str | None = None


_CONVERT: Mapping[str, Callable[[object], object]] = {
    "text": text_of,
    "section": section_of,
    "codes": codes_of,
    "year": year_of,
}


class RowMaker:
    """Makes rows of one file from the values of the fields that are asked for.

    `names` are the fields, in the order in which `make` wants their values.
    """

    def __init__(self, wanted: Fields, origin: str) -> None:
        given = [(field.name, getattr(wanted, field.name)) for field in fields(wanted)]
        self._plan = [
            (role, name, _CONVERT.get(role, name_of)) for role, name in given if name is not None
        ]
        self._origin = origin
        self.names: tuple[str, ...] = tuple(name for _, name, _ in self._plan)

    def make(self, values: Sequence[object], place: str) -> Row:
        """The row of `values`; ReportError names the place and the field that is wrong."""
        held: dict[str, object] = {}
        for (role, name, convert), value in zip(self._plan, values, strict=True):
            try:
                held[role] = found = convert(value)
            except ValueError as error:
                raise ReportError(
                    f"{self._origin}, {place}: {name}: {error}", f"mend {name} there"
                ) from None
            if role == "text" and not has_words(str(found)):
                return Row(place, "")
            if found is None and role in ("id", "group"):
                raise ReportError(
                    f"{self._origin}, {place}: {name} is empty",
                    f"give every row its {role}, or leave --{role}-field away",
                )
        if "annotator" in held:
            held["annotator"] = held["annotator"] or ""
            # An empty cell beside a coder's name is that coder's decision for no code.
            if held["annotator"] and held.get("codes", ()) is None and self._is_blank(values):
                held["codes"] = ()
        return Row(place, **held)  # type: ignore[arg-type]

    def _is_blank(self, values: Sequence[object]) -> bool:
        at = next(i for i, (role, _, _) in enumerate(self._plan) if role == "codes")
        return isinstance(values[at], str)


def no_such_field(origin: str, name: str, there: Iterable[str]) -> ReportError:
    """The error for a field that is asked for and not there; it lists those that are."""
    names = [name for name in dict.fromkeys(there) if name]
    shown = ", ".join(repr(name[:60]) for name in names[:_SHOWN]) or "none"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ReportError(
        f"{origin} has no field {name[:60]!r}; it has {shown}{more}",
        "name one of these; inside another field: outer.inner",
    )


def not_once(origin: str, name: str) -> ReportError:
    """The error for a field that is asked for and there twice."""
    return ReportError(
        f"{origin} has the field {name[:60]!r} more than once", "rename one of the two"
    )
