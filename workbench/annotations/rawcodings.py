"""Codings from any tool: JSON lines or a table of `unit, annotator, codes`, as records. Pure.

Further columns are used where they are there. How lines and headings are read:
`rawlines.py` and `rawrows.py`; codes: `rawcodes.py`; other values: `rawcells.py`;
a row's decision: `rawdecisions.py`; what counts of several by one coder on one
unit: `rawfold.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workbench.annotations.codings import Coding
from workbench.annotations.rawdecisions import RawReader
from workbench.annotations.rawfold import Place, fold_decisions
from workbench.annotations.rawlines import FORM, plain_heading
from workbench.annotations.rawrows import read_rows
from workbench.errors import AnnotationError

#: Headings of a column that may hold one code a line, a coder having several lines on a unit.
SINGULAR = frozenset({"code", "label", "category"})


@dataclass(frozen=True, slots=True)
class RawCodings:
    """What a file of codings holds.

    `codes` are those given or, where none were, those found, in order of name.
    `settled` is what adjudicators decided, who are no coders. `reports`,
    `sources`, `sections` and `texts` are by unit; `weeks` is the ISO week of
    the unit's last coding. `comments` and `prelabels` (what was on the page; a
    coding that is not there has none known) are by (unit, coder); `hidden` are
    those shown without pre-labels by design. `columns` has the file's headings
    by field, `notes` say what was taken for what, and what was left out.
    """

    codings: tuple[Coding, ...]
    codes: tuple[str, ...]
    settled: tuple[Coding, ...] = ()
    reports: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    weeks: Mapping[str, str] = field(default_factory=dict, hash=False)
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    comments: Mapping[Place, str] = field(default_factory=dict, hash=False)
    prelabels: Mapping[Place, frozenset[str]] = field(default_factory=dict, hash=False)
    hidden: frozenset[Place] = frozenset()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()


def read_codings(
    lines: Iterable[str], origin: str, *, codes: Sequence[str] | None = None
) -> RawCodings:
    """Read `lines` of the file `origin`, JSON or a table with a header.

    Without ids of units, a unit is told by its report and text. What was
    skipped or has no value for its codes was not decided, and is left out.
    Raises AnnotationError, which names file, line and field, for anything that
    is needed and cannot be read, and for a code outside `codes`.
    """
    rows = read_rows(lines, origin)
    reader = RawReader(rows, codes)
    decided = list(reader.decisions())
    single = all(plain_heading(heading) in SINGULAR for heading in rows.columns.get("codes", ()))
    single = single and all(len(line.codes) <= 1 for _, line in decided)
    coded = fold_decisions((line for settled, line in decided if not settled), single)
    ruled = fold_decisions((line for settled, line in decided if settled), single)
    heading = " and ".join(rows.columns.get("codes", ()))
    notes = (*rows.notes, *reader.remarks.sentences(), *coded.notes(heading))
    if not coded.decisions:
        why = f" ({' '.join(notes)})" if notes else ""
        raise AnnotationError(f"{origin}: no codings in it{why}", FORM)
    decisions = (*coded.decisions, *ruled.decisions)
    found = frozenset().union(*(line.codes | (line.prelabel or frozenset()) for line in decisions))
    return RawCodings(
        codings=tuple(line.coding for line in coded.decisions),
        codes=tuple(codes) if codes is not None else tuple(sorted(found)),
        settled=tuple(line.coding for line in ruled.decisions),
        reports=reader.about["report"],
        sources=reader.about["source"],
        sections=reader.about["section"],
        weeks=_weeks((line.unit, line.at) for line in coded.decisions),
        texts=reader.about["text"],
        comments={line.place: line.comment for line in coded.decisions if line.comment},
        prelabels={
            line.place: line.prelabel for line in coded.decisions if line.prelabel is not None
        },
        hidden=frozenset(line.place for line in coded.decisions if line.hidden),
        columns=rows.columns,
        notes=notes,
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
