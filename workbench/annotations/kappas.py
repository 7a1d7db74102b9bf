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


def agreement_of_pairs(values: np.ndarray, coders: Sequence[str]) -> tuple[PairAgreement, ...]:
    """Every two coders' agreement in `values` (units x coders: 1, 0, MISSING)."""
    tables = contingency_tables(values)
    kappas = cohen_kappa(tables)
    pairs = []
    for one, other in combinations(range(len(coders)), 2):
        table = tables[one, other]
        shared = int(table.sum())
        pairs.append(
            PairAgreement(
                coders[one],
                coders[other],
                shared,
                as_figure(kappas[one, other], NO_VARIATION if shared else NO_OVERLAP),
                Figure(float(np.trace(table) / shared)) if shared else Figure(None, NO_OVERLAP),
            )
        )
    return tuple(pairs)


def contingency_tables(values: np.ndarray) -> np.ndarray:
    """Coders x coders x 2 x 2: in how many units the first gave 0 or 1 and the second 0 or 1."""
    given = np.stack([values == 0, values == 1]).astype(float)
    return np.einsum("xuc,yud->cdxy", given, given, optimize=True)


def mean_kappa(pairs: Sequence[PairAgreement]) -> Figure:
    """The plain mean of the pairs' kappas, of those that have one."""
    known = [pair.kappa.value for pair in pairs if pair.kappa.value is not None]
    if not known:
        reasons = {pair.kappa.reason for pair in pairs}
        return Figure(None, NO_VARIATION if NO_VARIATION in reasons else NO_OVERLAP)
    return Figure(float(np.mean(known)))
