"""Agreement on whole answers: the set of codes that a coder gave, as one nominal value.

The formulas are those of `coefficients.py` for many categories, computed from
the matrix itself, since a table of counts by unit and value would grow with
the number of different answers. q, where a formula asks for it, is the number
of answers that occur.
"""

from itertools import combinations

import numpy as np

from workbench.annotations.figures import (
    NO_VARIATION,
    UNEVEN,
    AnswerAgreement,
    Figure,
    Interval,
    PairAgreement,
    as_figure,
    not_two,
)
from workbench.annotations.kappas import mean_kappa, pair_agreement
from workbench.annotations.matrices import MISSING, CodingMatrix


def measure_answers(
    matrix: CodingMatrix, alpha: Figure, alpha_interval: Interval, percent: float
) -> AnswerAgreement:
    """Every coefficient over whole answers, of a matrix with a pairable unit.

    `alpha` (with the exact distance between sets) and `percent`, the mean
    share of a unit's pairs of codings that are equal, are known already.
    """
    cells, coders = matrix.cells, len(matrix.coders)
    m = (cells != MISSING).sum(axis=1)
    sets = len(matrix.members)
    used = np.unique(cells[cells != MISSING])
    q = len(used)
    shares = _mean_shares(cells[m >= 1], sets)
    sureness = float((shares**2).sum())
    paired_shares = _mean_shares(cells[m >= 2], sets)
    pi = _beyond_chance(percent, float((paired_shares**2).sum()))
    even = len(np.unique(m[m >= 2])) == 1
    pairs = answer_pairs(matrix)
    ac1 = uniform = np.nan
    if q > 1:
        ac1 = _beyond_chance(percent, (1 - sureness) / (q - 1))
        uniform = _beyond_chance(percent, 1 / q)
    return AnswerAgreement(
        values=q,
        single=bool((matrix.members[used].sum(axis=1) == 1).all()),
        alpha=alpha,
        alpha_interval=alpha_interval,
        percent_agreement=Figure(percent),
        ac1=as_figure(ac1, NO_VARIATION),
        scott_pi=as_figure(pi, NO_VARIATION) if coders == 2 else not_two(coders),
        fleiss_kappa=as_figure(pi, NO_VARIATION) if even else Figure(None, UNEVEN),
        conger_kappa=as_figure(_beyond_chance(percent, _conger_chance(cells, sets)), NO_VARIATION),
        brennan_prediger=as_figure(uniform, NO_VARIATION),
        mean_kappa=mean_kappa(pairs),
        pairs=pairs,
    )


def answer_pairs(matrix: CodingMatrix) -> tuple[PairAgreement, ...]:
    """Cohen's kappa of every two coders on whole answers."""
    sets, found = len(matrix.members), []
    columns = [np.ascontiguousarray(column) for column in matrix.cells.T]
    for one, other in combinations(range(len(columns)), 2):
        both = (columns[one] != MISSING) & (columns[other] != MISSING)
        left, right = columns[one][both], columns[other][both]
        shared, same = len(left), int((left == right).sum())
        kappa = np.nan
        if shared:
            first, second = (np.bincount(side, minlength=sets) / shared for side in (left, right))
            kappa = _beyond_chance(same / shared, float(first @ second))
        names = (matrix.coders[one], matrix.coders[other])
        found.append(pair_agreement(names, shared, same, kappa))
    return tuple(found)


def _mean_shares(cells: np.ndarray, sets: int) -> np.ndarray:
    """The mean over units of each answer's share of the unit's codings."""
    coded = cells != MISSING
    each = 1 / coded.sum(axis=1)
    total = np.zeros(sets)
    for column, present in zip(cells.T, coded.T, strict=True):
        total += np.bincount(column[present], each[present], sets)
    return total / len(cells)


def _conger_chance(cells: np.ndarray, sets: int) -> float:
    """The mean over every two coders of the chance that both give the same answer."""
    coded = [column[column != MISSING] for column in cells.T]
    shares = [np.bincount(mine, minlength=sets) / len(mine) for mine in coded if len(mine)]
    everyone = np.sum(shares, axis=0)
    within = sum(float(mine @ mine) for mine in shares)
    return (float(everyone @ everyone) - within) / (len(shares) * (len(shares) - 1))


def _beyond_chance(observed: float, chance: float) -> float:
    # A remainder below rounding error is none: the coders gave one answer only.
    return 1 - (1 - observed) / (1 - chance) if 1 - chance > 1e-12 else float("nan")
