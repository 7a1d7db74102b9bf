"""Each coder against the others, and the agreement that would be without them. Pure."""

from dataclasses import dataclass, replace

import numpy as np

from workbench.annotations.bands import too_few
from workbench.annotations.coefficients import cohen_kappa, krippendorff_alpha, tally_values
from workbench.annotations.figures import (
    NO_VARIATION,
    NOTHING_PAIRABLE,
    Figure,
    as_figure,
)
from workbench.annotations.kappas import contingency_tables
from workbench.annotations.matrices import MISSING, CodingMatrix
from workbench.annotations.setagreement import set_alpha

NOT_SHARED = "no paragraph of this coder was coded by another"


@dataclass(frozen=True, slots=True)
class CoderOnCode:
    """One coder's use of a code on the paragraphs that others coded too.

    `kappa` is the mean of Cohen's kappas with each other coder, weighted by
    the paragraphs that the two share, `percent_agreement` likewise. `gave` is
    how often the coder gave the code, `others_gave` how often the others did
    on the same paragraphs. `alpha_without` is alpha of the other coders alone,
    `change` that less the alpha of all: above 0, agreement is better without
    this coder. `status` is "ok", "insufficient" or "undefined", with a `reason`.
    """

    code: str
    kappa: Figure
    percent_agreement: Figure
    gave: Figure
    others_gave: Figure
    alpha_without: Figure
    change: Figure
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CoderAgreement:
    """One coder: `paragraphs` coded, `shared` of them coded by others too.

    `masi_without` is alpha over sets of codes (MASI) of the other coders alone.
    """

    coder: str
    paragraphs: int
    shared: int
    codes: tuple[CoderOnCode, ...]
    masi_without: Figure


def measure_coders(matrix: CodingMatrix) -> tuple[CoderAgreement, ...]:
    """Every coder's figures, in the matrix' order of coders."""
    coded = matrix.cells != MISSING
    shared = coded & (coded.sum(axis=1) >= 2)[:, None]
    by_code = [_on_code(matrix, index, shared) for index in range(len(matrix.codes))]
    found = []
    for place, coder in enumerate(matrix.coders):
        cells = matrix.cells.copy()
        cells[:, place] = MISSING
        found.append(
            CoderAgreement(
                coder=coder,
                paragraphs=int(coded[:, place].sum()),
                shared=int(shared[:, place].sum()),
                codes=tuple(code[place] for code in by_code),
                masi_without=_without(
                    float(set_alpha(replace(matrix, cells=cells), ("masi",))[0]), cells
                ),
            )
        )
    return tuple(found)


def _on_code(matrix: CodingMatrix, index: int, shared: np.ndarray) -> list[CoderOnCode]:
    values = matrix.values_of(index)
    tables = contingency_tables(values)
    kappas, together = cohen_kappa(tables), tables.sum(axis=(2, 3))
    same = np.trace(tables, axis1=2, axis2=3)
    m = (values != MISSING).sum(axis=1)
    ones = (values == 1).sum(axis=1)
    alpha = _alpha(values)
    found = []
    for place in range(len(matrix.coders)):
        rows = shared[:, place]
        number = int(rows.sum())
        mine = values[rows, place] == 1
        others = (ones[rows] - mine) / (m[rows] - 1)
        rest = values.copy()
        rest[:, place] = MISSING
        without = _without(_alpha(rest), rest)
        status, reason = _status(number, ones[rows], m[rows])
        peers = np.arange(len(matrix.coders)) != place
        known = peers & ~np.isnan(kappas[place]) & (together[place] > 0)
        weights = np.where(known, together[place], 0)
        kappa = np.nan
        if weights.sum():
            kappa = np.average(kappas[place][known], weights=weights[known])
        change = Figure(None, without.reason or NO_VARIATION)
        if without.value is not None and not np.isnan(alpha):
            change = Figure(without.value - alpha)
        pairs = together[place][peers].sum()
        agreed = same[place][peers].sum() / pairs if pairs else np.nan
        found.append(
            CoderOnCode(
                code=matrix.codes[index],
                kappa=as_figure(kappa, NO_VARIATION if number else NOT_SHARED),
                percent_agreement=as_figure(agreed, NOT_SHARED),
                gave=as_figure(mine.mean() if number else np.nan, NOT_SHARED),
                others_gave=as_figure(others.mean() if number else np.nan, NOT_SHARED),
                alpha_without=without,
                change=change,
                status=status,
                reason=reason,
            )
        )
    return found


def _alpha(values: np.ndarray) -> float:
    tally = tally_values(values, 2)
    return float(krippendorff_alpha(tally.counts, tally.weights))


def _without(alpha: float, cells: np.ndarray) -> Figure:
    paired = ((cells != MISSING).sum(axis=1) >= 2).any()
    return as_figure(alpha, NO_VARIATION if paired else f"without this coder {NOTHING_PAIRABLE}")


def _status(shared: int, ones: np.ndarray, m: np.ndarray) -> tuple[str, str]:
    if not shared:
        return "undefined", NOT_SHARED
    if not ones.any() or (ones == m).all():
        return "undefined", NO_VARIATION
    reason = too_few(int((ones > 0).sum()), int((ones < m).sum()))
    return ("insufficient", reason) if reason else ("ok", "")
