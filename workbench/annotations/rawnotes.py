"""What there is to remark on the lines of a file of codings, as sentences. Pure."""

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from workbench.annotations.rawcodes import Separators

#: Different values that a remark shows.
_SHOWN = 3


class Remark(Enum):
    """What may be remarked: the sentence for one line, and that for several (`{n}` of them)."""

    SKIPPED = (
        "Left out: 1 skipped, which says nothing about the codes.",
        "Left out: {n} skipped, which say nothing about the codes.",
    )
    IGNORED = (
        "Left out: 1 line answered with ignore: not decided.",
        "Left out: {n} lines answered with ignore: not decided.",
    )
    REJECTED = (
        "Left out: 1 line answered with reject: which code applies instead is not known.",
        "Left out: {n} lines answered with reject: which code applies instead is not known.",
    )
    NO_VALUE = (
        "Left out: 1 line that has {shown} for its codes: not coded.",
        "Left out: {n} lines that have {shown} for their codes: not coded.",
    )
    SETTLED = (
        "Left out: 1 of an adjudicator, who saw what the coders chose; it counts as gold.",
        "Left out: {n} of adjudicators, who saw what the coders chose; they count as gold.",
    )
    EMPTY = (
        "1 line has no code and counts as a decision that none applies.",
        "{n} lines have no code and count as decisions that none applies.",
    )
    NO_TRUTH = (
        "Ignored: 1 value that is neither true nor false ({shown}).",
        "Ignored: {n} values that are neither true nor false ({shown}).",
    )
    NO_TIME = (
        "Ignored: 1 date that cannot be read ({shown}).",
        "Ignored: {n} dates that cannot be read ({shown}).",
    )


class RawRemarks:
    """Counts remarks; `separators` are those by which codes were told apart."""

    def __init__(self, separators: Separators) -> None:
        self._separators = separators
        self._found: dict[Remark, Counter[str]] = {}

    def add(self, remark: Remark, shown: str = "") -> None:
        """Count one line, with the value that is `shown` with the remark."""
        self._found.setdefault(remark, Counter())[shown] += 1

    def sentences(self) -> Iterator[str]:
        """One for each kind of remark, in their order above."""
        if self._separators.strong:
            yield "Codes were told apart by ; or |: a comma is part of a code."
        elif self._separators.found:
            yield "Codes were told apart by commas."
        for remark in Remark:
            if found := self._found.get(remark):
                number = found.total()
                values = [value for value, _ in found.most_common(_SHOWN)]
                shown = ", ".join(values) + (" ..." if len(found) > _SHOWN else "")
                one, several = remark.value
                yield (one if number == 1 else several).format(n=f"{number:,}", shown=shown)
