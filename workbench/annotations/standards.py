"""Coders against a standard: the adjudicated codes (gold), or what a model says. Pure.

A coder and a standard are two sides of one decision per paragraph and code:
Cohen's kappa treats them alike, precision and recall take the standard for
the truth. Nothing here says that the standard is right.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.annotations import bootstrap
from workbench.annotations.bands import too_few
from workbench.annotations.codings import Coding, adjudications
from workbench.annotations.coefficients import cohen_kappa
from workbench.annotations.figures import NO_VARIATION, Figure, Interval, as_figure
from workbench.records import Annotation

NOT_IN_STANDARD = "no paragraph of this coder is in the standard"
NOBODY_GAVE = "neither gave the code"


@dataclass(frozen=True, slots=True)
class StandardCode:
    """One code: counts of paragraphs, and the figures made of them.

    `both` gave it; `coder_only`, `standard_only`, `neither`. `precision` is
    how many of the coder's are the standard's too, `recall` the reverse. The
    interval of kappa draws paragraphs; `status` is "ok", "insufficient" or
    "undefined", with a `reason`.
    """

    code: str
    both: int
    coder_only: int
    standard_only: int
    neither: int
    kappa: Figure
    kappa_interval: Interval
    precision: Figure
    recall: Figure
    f1: Figure
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgainstStandard:
    """One coder on the `paragraphs` of the standard; `exact` is the share with the same codes."""

    coder: str
    paragraphs: int
    exact: Figure
    codes: tuple[StandardCode, ...]


@dataclass(frozen=True, slots=True)
class StandardComparison:
    """Every coder against the standard `name`, which has `paragraphs`."""

    name: str
    paragraphs: int
    coders: tuple[AgainstStandard, ...]


def compare_with_standard(
    codings: Iterable[Coding],
    standard: Mapping[str, Collection[str]],
    codes: Sequence[str],
    name: str,
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> StandardComparison:
    """Each coder's codings against `standard`, which maps a unit to its codes.

    Units outside the standard are left out. Coders in alphabetical order.
    """
    mine: dict[str, list[Coding]] = {}
    for coding in codings:
        of_coder = mine.setdefault(coding.coder, [])
        if coding.unit in standard:
            of_coder.append(coding)
    columns = {code: column for column, code in enumerate(codes)}
    coders = []
    for coder, given in sorted(mine.items()):
        sides = np.zeros((2, len(given), len(codes)), dtype=bool)
        for row, coding in enumerate(given):
            for side, chosen in enumerate((coding.codes, standard[coding.unit])):
                sides[side, row, [columns[code] for code in chosen if code in columns]] = True
        same = (sides[0] == sides[1]).all(axis=1)
        coders.append(
            AgainstStandard(
                coder,
                len(given),
                as_figure(same.mean() if len(given) else np.nan, NOT_IN_STANDARD),
                tuple(
                    _on_code(code, sides[0, :, column], sides[1, :, column], resamples, seed)
                    for column, code in enumerate(codes)
                ),
            )
        )
    return StandardComparison(name, len(standard), tuple(coders))


def gold_of(annotations: Iterable[Annotation]) -> dict[str, frozenset[str]]:
    """What adjudicators decided, by paragraph id; where several differ, what most of them gave."""
    votes: dict[str, list[frozenset[str]]] = {}
    for annotation in adjudications(annotations):
        votes.setdefault(annotation.paragraph_id, []).append(frozenset(annotation.codes))
    return {
        unit: frozenset(
            code
            for code in frozenset().union(*given)
            if 2 * sum(code in chosen for chosen in given) > len(given)
        )
        for unit, given in votes.items()
    }


def _on_code(
    code: str, coder: np.ndarray, standard: np.ndarray, resamples: int, seed: int
) -> StandardCode:
    both, coder_only = int((coder & standard).sum()), int((coder & ~standard).sum())
    standard_only = int((~coder & standard).sum())
    neither = len(coder) - both - coder_only - standard_only
    # Cells in the order of a table: neither, the standard's only, the coder's only, both.
    cells = np.array([neither, standard_only, coder_only, both], dtype=float)
    kappa = as_figure(
        float(_kappa(cells)) if len(coder) else np.nan,
        NO_VARIATION if len(coder) else NOT_IN_STANDARD,
    )
    either = both + coder_only + standard_only
    status, reason = "ok", too_few(either, len(coder) - both)
    if kappa.value is None:
        status, reason = "undefined", kappa.reason
    elif reason:
        status = "insufficient"
    interval = Interval(None, None, reason)
    if not reason:
        drawn = bootstrap.resample_paragraphs(
            [cells], resamples, bootstrap.seed_for(seed, f"standard {code}")
        )
        interval = bootstrap.interval_of(lambda _, weights: _kappa(weights), cells, cells, drawn)
        if not coder_only + standard_only:
            share = bootstrap.undisputed_limit(len(coder))
            worst = cells * (1 - share) + np.array([0, 0.5, 0.5, 0]) * share * len(coder)
            interval = Interval(float(_kappa(worst)), 1.0, method="exact")
    return StandardCode(
        code=code,
        both=both,
        coder_only=coder_only,
        standard_only=standard_only,
        neither=neither,
        kappa=kappa,
        kappa_interval=interval,
        precision=_share(both, both + coder_only, "the coder never gave the code"),
        recall=_share(both, both + standard_only, "the standard never has the code"),
        f1=_share(2 * both, 2 * both + coder_only + standard_only, NOBODY_GAVE),
        status=status,
        reason=reason,
    )


def _kappa(cells: np.ndarray) -> np.ndarray:
    return cohen_kappa(cells.reshape(*cells.shape[:-1], 2, 2))


def _share(part: int, whole: int, reason: str) -> Figure:
    return Figure(part / whole) if whole else Figure(None, reason)
