"""The decisions in the rows of a file of codings, and what is said of the units. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from workbench.annotations.rawcells import is_blank, read_time, read_truth, show_value
from workbench.annotations.rawcodes import NO_VALUE, find_separators, read_codes
from workbench.annotations.rawfold import RawDecision
from workbench.annotations.rawnotes import RawRemarks, Remark
from workbench.annotations.rawrows import RawRow, RawRows, lacks
from workbench.errors import AnnotationError

_ABOUT = ("report", "source", "section", "text")
#: Prodigy's answers that decide nothing of the codes.
_UNDECIDED = {"ignore": Remark.IGNORED, "reject": Remark.REJECTED}


class RawReader:
    """Reads row by row, and keeps what is said of the units and what there is to remark.

    `codes` are those that there may be, or None for any. `about` maps report,
    source, section and text to what they are by unit.
    """

    def __init__(self, rows: RawRows, codes: Sequence[str] | None) -> None:
        self._rows, self._known = rows, codes
        self._separators = find_separators(rows.values_of("codes", "prelabel"))
        self._numbers: dict[str, dict[str, int]] = {}
        self.about: dict[str, dict[str, str]] = {name: {} for name in _ABOUT}
        self.remarks = RawRemarks(self._separators)

    def decisions(self) -> Iterator[tuple[bool, RawDecision]]:
        """Whether an adjudicator decided, and the decision, of every row that has one.

        AnnotationError, which names file, line and field, for what is needed and
        cannot be read.
        """
        for row in self._rows.rows:
            coder = _name(row, "annotator")
            unit = _name(row, "unit") if "unit" in row.fields else self._number(row)
            for name, held in self.about.items():
                _keep_about(held, unit, _text(row, name), name, row.where)
            if self._truth(row, "skipped"):
                self.remarks.add(Remark.SKIPPED)
                continue
            verdict = show_value(row.fields.get("verdict")).casefold()
            if verdict in _UNDECIDED:
                self.remarks.add(_UNDECIDED[verdict])
                continue
            if "codes" not in row.fields:
                raise lacks("codes", row.where, row.fields)
            chosen = self._codes(row, "codes")
            if chosen is None:
                self.remarks.add(Remark.NO_VALUE, str(row.fields["codes"]).strip())
                continue
            settled = self._truth(row, "adjudicated")
            if settled:
                self.remarks.add(Remark.SETTLED)
            elif is_blank(row.fields["codes"]):
                self.remarks.add(Remark.EMPTY)
            hidden = self._truth(row, "hidden")
            yield (
                settled,
                RawDecision(
                    unit=unit,
                    coder=coder,
                    codes=chosen,
                    at=self._time(row),
                    comment=_text(row, "comment"),
                    # What is hidden was not on the page, whatever the file says of it.
                    prelabel=None if hidden else self._prelabel(row),
                    hidden=hidden,
                ),
            )

    def _number(self, row: RawRow) -> str:
        """A name for a unit that has none: its report, and the turn of its text in that report."""
        text, report = _text(row, "text"), _text(row, "report")
        if not text:
            raise AnnotationError(f"{row.where}: text: a text expected", "give the text, or a unit")
        held = self._numbers.setdefault(report, {})
        return f"{report or 'paragraph'} {held.setdefault(text, len(held) + 1)}"

    def _codes(self, row: RawRow, name: str) -> frozenset[str] | None:
        """The row's codes; None where a table says that there is no value."""
        value, known = row.fields[name], self._known
        word = str(value).strip() if self._rows.is_table else ""
        if word in NO_VALUE and (known is None or word not in known):
            return None
        codes = read_codes(value, self._separators, f"{row.where}: {name}")
        if known is not None and (unknown := sorted(codes.difference(known))):
            raise AnnotationError(
                f"{row.where}: {name}: code {unknown[0]!r} is not in the taxonomy",
                f"the codes are {', '.join(known)}",
            )
        return codes

    def _prelabel(self, row: RawRow) -> frozenset[str] | None:
        value = row.fields.get("prelabel")
        # A table cannot tell "none shown" from "nothing proposed": it says nothing.
        if value is None or (self._rows.is_table and is_blank(value)):
            return None
        return self._codes(row, "prelabel")

    def _truth(self, row: RawRow, name: str) -> bool:
        value = row.fields.get(name)
        said = read_truth(value)
        if said is None and not is_blank(value):
            self.remarks.add(Remark.NO_TRUTH, f"{name} {value!r}")
        return bool(said)

    def _time(self, row: RawRow) -> datetime | None:
        value = row.fields.get("created_at")
        at = read_time(value)
        if at is None and not is_blank(value):
            self.remarks.add(Remark.NO_TIME, repr(value))
        return at


def _name(row: RawRow, name: str) -> str:
    value = row.fields[name]
    whole = isinstance(value, float) and value.is_integer()
    if not whole and (isinstance(value, bool) or not isinstance(value, str | int)):
        value = ""
    if not (shown := show_value(value)):
        raise AnnotationError(f"{row.where}: {name}: a name or number expected", f"give the {name}")
    return shown


def _text(row: RawRow, name: str) -> str:
    value = row.fields.get(name)
    if name == "section" and isinstance(value, list):
        value = value[0] if value else ""
    return show_value(value)


def _keep_about(held: dict[str, str], unit: str, value: str, name: str, where: str) -> None:
    """What is said of a unit must be the same on all its lines."""
    if value and held.setdefault(unit, value) != value:
        raise AnnotationError(
            f"{where}: {name}: unit {unit} has another {name} on an earlier line",
            "give every unit a name of its own",
        )
