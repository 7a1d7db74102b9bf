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
    ONE_ALONE,
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
    ac1 = error = uniform = conger = pi_of_all = np.nan
    # As for alpha: an answer that only singly coded units have shows no variation.
    if np.count_nonzero(paired_shares) > 1:
        ac1 = _beyond_chance(percent, (1 - sureness) / (q - 1))
        error = _ac1_standard_error(cells[m >= 1], shares, q, ac1)
        uniform = _beyond_chance(percent, 1 / q)
        conger = _beyond_chance(percent, _conger_chance(cells, sets))
        pi_of_all = _beyond_chance(percent, sureness)
    return AnswerAgreement(
        values=q,
        single=bool((matrix.members[used].sum(axis=1) == 1).all()),
        alpha=alpha,
        alpha_interval=alpha_interval,
        percent_agreement=Figure(percent),
        ac1=as_figure(ac1, NO_VARIATION),
        ac1_standard_error=as_figure(error, NO_VARIATION if np.isnan(ac1) else ONE_ALONE),
        scott_pi=as_figure(pi, NO_VARIATION) if coders == 2 else not_two(coders),
        fleiss_kappa=as_figure(pi, NO_VARIATION) if even else Figure(None, UNEVEN),
        fleiss_kappa_gwet=as_figure(pi_of_all, NO_VARIATION),
        conger_kappa=as_figure(conger, NO_VARIATION),
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


def _ac1_standard_error(cells: np.ndarray, shares: np.ndarray, q: int, ac1: float) -> float:
    """`coefficients.ac1_standard_error` of units that each have a coding, from the matrix."""
    m = (cells != MISSING).sum(axis=1)
    units, several = len(cells), m >= 2
    if units < 2:
        return float("nan")
    chance = float((shares * (1 - shares)).sum()) / (q - 1)
    same = np.zeros(units)
    for one, other in combinations(cells.T, 2):
        same += (one == other) & (one != MISSING)
    agreed = same / np.maximum(m * (m - 1) / 2, 1)
    own = units / several.sum() * np.where(several, agreed - chance, 0.0) / (1 - chance)
    # The appended 0 is what MISSING finds.
    apart = np.append(1 - shares, 0.0)[cells].sum(axis=1) / m
    pull = apart / (q - 1) - chance
    parts = own - 2 * (1 - ac1) * pull / (1 - chance)
    return float(np.sqrt(((parts - ac1) ** 2).sum() / (units * (units - 1))))


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
