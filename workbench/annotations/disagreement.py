"""Where the coders disagree: the paragraphs, most disputed first, and the confused codes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from workbench.annotations.codings import Coding, arrange_codings, standing
from workbench.annotations.matrices import MISSING, distinct_rows
from workbench.annotations.setagreement import unit_disagreement
from workbench.records import Annotation


@dataclass(frozen=True, slots=True)
class Choice:
    """What one coder chose for a paragraph (no codes: "none of these"), and their comment."""

    coder: str
    codes: tuple[str, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class DisputedParagraph:
    """A paragraph on which coders differ.

    `distance` is the mean MASI distance of every two of its codings, 0..1;
    `codes` are those that some of its coders gave and others did not.
    """

    unit: str
    distance: float
    codes: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two codes that coders gave in place of each other, and how often.

    `other` None: one coder gave `code`, the other nothing in its place.
    `paragraphs` counts paragraphs, `pairs` every two coders who differed so.
    """

    code: str
    other: str | None
    paragraphs: int
    pairs: int


def rank_disputed(
    codings: Iterable[Coding], comments: Mapping[tuple[str, str], str] | None = None
) -> list[DisputedParagraph]:
    """The paragraphs on which coders differ, most disputed first, then by name.

    `comments` maps (unit, coder) to what the coder wrote.
    """
    given = list(codings)
    matrix = arrange_codings(given, _codes_of(given))
    distance = unit_disagreement(matrix, ("masi",))[0]
    rows = np.flatnonzero(np.nan_to_num(distance) > 0)
    by_unit: dict[str, list[Coding]] = {matrix.units[row]: [] for row in rows}
    for coding in given:
        if coding.unit in by_unit:
            by_unit[coding.unit].append(coding)
    disputed = []
    for row in rows:
        unit = matrix.units[row]
        here = sorted(by_unit[unit], key=lambda coding: coding.coder)
        sets = [coding.codes for coding in here]
        choices = (
            Choice(c.coder, tuple(sorted(c.codes)), (comments or {}).get((unit, c.coder), ""))
            for c in here
        )
        mixed = frozenset.union(*sets) - frozenset.intersection(*sets)
        disputed.append(
            DisputedParagraph(unit, float(distance[row]), tuple(sorted(mixed)), tuple(choices))
        )
    return sorted(disputed, key=lambda paragraph: (-round(paragraph.distance, 9), paragraph.unit))


def find_confused(codings: Iterable[Coding]) -> list[ConfusedPair]:
    """Which codes stand in each other's place, most frequent first.

    Where two coders differ on a paragraph, every code that only the first gave
    is confused with every code that only the second gave; where one of them
    gave nothing of their own, the other's codes are confused with nothing.
    """
    given = list(codings)
    matrix = arrange_codings(given, _codes_of(given))
    sets = [frozenset(np.flatnonzero(row)) for row in matrix.members]
    first, weights = distinct_rows(matrix.cells)
    paragraphs: Counter[tuple[int, int]] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for cells, weight in zip(matrix.cells[first], weights.tolist(), strict=True):
        chosen = [sets[cell] for cell in cells if cell != MISSING]
        here = Counter(
            confusion
            for one, other in combinations(chosen, 2)
            for confusion in _confusions(one, other)
        )
        for confusion, times in here.items():
            paragraphs[confusion] += weight
            pairs[confusion] += weight * times
    found = [
        ConfusedPair(
            matrix.codes[code],
            None if other == MISSING else matrix.codes[other],
            paragraphs[code, other],
            times,
        )
        for (code, other), times in pairs.items()
    ]
    return sorted(found, key=lambda p: (-p.paragraphs, -p.pairs, p.code, p.other or ""))


def comments_from(annotations: Iterable[Annotation]) -> dict[tuple[str, str], str]:
    """Coders' comments by (paragraph, coder), from the annotations that count."""
    return {(a.paragraph_id, a.coder): a.comment for a in standing(annotations) if a.comment}


def _confusions(one: frozenset[int], other: frozenset[int]) -> Iterator[tuple[int, int]]:
    only_one, only_other = one - other, other - one
    if only_one and only_other:
        for left, right in product(only_one, only_other):
            yield (min(left, right), max(left, right))
    else:
        for code in only_one | only_other:
            yield (code, MISSING)


def _codes_of(codings: Iterable[Coding]) -> list[str]:
    return sorted(frozenset().union(*(coding.codes for coding in codings)))
