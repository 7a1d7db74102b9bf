"""Of several lines by one coder on one unit, what counts. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.annotations.codings import Coding

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RawDecision:
    """One line's decision; `prelabel` None where it is not known what was on the page.

    `hidden`: the unit was shown without pre-labels by design.
    """

    unit: str
    coder: str
    codes: frozenset[str]
    at: datetime | None = None
    comment: str = ""
    prelabel: frozenset[str] | None = None
    hidden: bool = False

    @property
    def place(self) -> Place:
        """Whose decision it is, on what."""
        return (self.unit, self.coder)

    @property
    def coding(self) -> Coding:
        """What agreement is measured on."""
        return Coding(self.unit, self.coder, self.codes)


@dataclass(frozen=True, slots=True)
class Folded:
    """One decision for each unit and coder, and how many lines became part of another or fell out.

    `joined` lines gave a further code, `outdated` ones were replaced by one of a
    later time, `overwritten` ones by one further down, for want of times.
    """

    decisions: tuple[RawDecision, ...]
    joined: int = 0
    outdated: int = 0
    overwritten: int = 0

    def notes(self, column: str) -> Iterator[str]:
        """What happened, a sentence each; `column` is the codes' heading."""
        if self.joined:
            lines = "1 line gives" if self.joined == 1 else f"{self.joined} lines give"
            yield (
                f"Joined: {lines} a further code of the same coder to the same unit, as the "
                f"column {column} has one code a line."
            )
        if self.outdated:
            yield f"Left out: {self.outdated} that the same coder replaced by a newer one."
        if self.overwritten:
            yield (
                f"Left out: {self.overwritten} that a later line of the same coder on the same "
                "unit replaced, as there are no times to go by."
            )


def fold_decisions(decisions: Iterable[RawDecision], one_code_a_line: bool) -> Folded:
    """One decision for each unit and coder.

    Where the file has `one_code_a_line`, lines without different times are
    joined; else the newest counts, or without times the last.
    """
    kept: dict[Place, RawDecision] = {}
    joined = outdated = overwritten = 0
    for line in decisions:
        held = kept.get(line.place)
        if held is None:
            kept[line.place] = line
        elif one_code_a_line and held.at == line.at and held.codes != line.codes:
            joined += 1
            kept[line.place] = _join(held, line)
        elif held.at is not None and line.at is not None and held.at != line.at:
            outdated += 1
            if line.at > held.at:
                kept[line.place] = line
        else:
            overwritten += 1
            kept[line.place] = line
    return Folded(tuple(kept.values()), joined, outdated, overwritten)


def _join(one: RawDecision, other: RawDecision) -> RawDecision:
    prelabel = one.prelabel
    if other.prelabel is not None:
        prelabel = other.prelabel | (prelabel or frozenset())
    return replace(
        one,
        codes=one.codes | other.codes,
        comment=other.comment or one.comment,
        prelabel=prelabel,
        hidden=one.hidden or other.hidden,
    )
