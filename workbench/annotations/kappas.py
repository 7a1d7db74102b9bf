"""Agreement of every two coders on one code."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from workbench.annotations.coefficients import cohen_kappa
from workbench.annotations.figures import (
    NO_OVERLAP,
    NO_VARIATION,
    Figure,
    PairAgreement,
    as_figure,
)
from workbench.annotations.matrices import MISSING


def agreement_of_pairs(values: np.ndarray, coders: Sequence[str]) -> tuple[PairAgreement, ...]:
    """Every two coders' agreement in `values` (units x coders: 1, 0, MISSING)."""
    tables = contingency_tables(values)
    kappas = cohen_kappa(tables)
    return tuple(
        pair_agreement(
            (coders[one], coders[other]),
            tables[one, other].sum(),
            np.trace(tables[one, other]),
            kappas[one, other],
        )
        for one, other in combinations(range(len(coders)), 2)
    )


def pair_agreement(
    names: tuple[str, str], shared: float, same: float, kappa: float
) -> PairAgreement:
    """Two coders who coded `shared` units in common and `same` of them alike."""
    return PairAgreement(
        names[0],
        names[1],
        int(shared),
        as_figure(kappa, NO_VARIATION if shared else NO_OVERLAP),
        Figure(float(same / shared)) if shared else Figure(None, NO_OVERLAP),
    )


def contingency_tables(values: np.ndarray) -> np.ndarray:
    """Coders x coders x 2 x 2: in how many units the first gave 0 or 1 and the second 0 or 1."""
    # Single precision counts whole numbers exactly up to 2^24.
    kind = np.float32 if len(values) < 2**24 else np.float64
    coded, given = (values != MISSING).astype(kind), (values == 1).astype(kind)
    both, first, ones = coded.T @ coded, given.T @ coded, given.T @ given
    first_only, other_only = first - ones, first.T - ones
    neither = both - ones - first_only - other_only
    tables = np.array([[neither, other_only], [first_only, ones]], dtype=float)
    return tables.transpose(2, 3, 0, 1)


def mean_kappa(pairs: Sequence[PairAgreement]) -> Figure:
    """The plain mean of the pairs' kappas, of those that have one."""
    known = [pair.kappa.value for pair in pairs if pair.kappa.value is not None]
    if not known:
        reasons = {pair.kappa.reason for pair in pairs}
        return Figure(None, NO_VARIATION if NO_VARIATION in reasons else NO_OVERLAP)
    return Figure(float(np.mean(known)))
