"""What is measured, as records: figures that may be undefined, their intervals, their sums."""

from dataclasses import dataclass

import numpy as np

NOTHING_PAIRABLE = "no paragraph was coded by two coders"
NO_VARIATION = "no variation: every coding is the same"
NO_OVERLAP = "these two coders have no paragraph in common"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a figure; both ends None, with a reason, where there is none.

    `method` is "bootstrap", or "exact" where no paragraph was disputed and
    resampling could therefore show nothing. `left_out` is how many resamples
    had no value of their own (for example because none of their paragraphs had
    the code) and were not counted.
    """

    low: float | None
    high: float | None
    reason: str = ""
    method: str = "bootstrap"
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two coders on the `paragraphs` that both coded: Cohen's kappa and the share agreed on."""

    coder_1: str
    coder_2: str
    paragraphs: int
    kappa: Figure
    percent_agreement: Figure


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """Agreement on one code: given or not given.

    `pairable` counts the paragraphs with two codings or more, `positives`
    those of them to which at least one coder gave the code, `disputed` those
    on which coders differ; `prevalence` is the share of the pairable codings
    that gave the code. `band` is reliable, tentative, unreliable (by the lower
    end of alpha's interval), insufficient or undefined. Proportions are 0..1.
    """

    code: str
    alpha: Figure
    alpha_interval: Interval
    band: str
    ac1: Figure
    ac1_interval: Interval
    percent_agreement: Figure
    positive_agreement: Figure
    negative_agreement: Figure
    prevalence: Figure
    positives: int
    disputed: int
    pairable: int
    scott_pi: Figure
    fleiss_kappa: Figure
    conger_kappa: Figure
    brennan_prediger: Figure
    mean_kappa: Figure
    pairs: tuple[PairAgreement, ...]


@dataclass(frozen=True, slots=True)
class SetAgreement:
    """Agreement on whole sets of codes: alpha by three distances, and the share of equal sets.

    `exact` is alpha with the distance 1 between any two sets that differ.
    `percent_agreement` is the mean share of a paragraph's pairs of codings
    whose sets are equal.
    """

    masi: Figure
    masi_interval: Interval
    jaccard: Figure
    jaccard_interval: Interval
    exact: Figure
    exact_interval: Interval
    percent_agreement: Figure
    distinct_sets: int


@dataclass(frozen=True, slots=True)
class CoderShare:
    """How many paragraphs a coder coded, and how many of them another coder coded too."""

    coder: str
    paragraphs: int
    pairable: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was measured, on what, and how it was resampled.

    `paragraphs` were coded at all, `pairable` by two coders or more; `codings`
    counts all decisions. `notes` say what was left out and what is missing.
    """

    codes: tuple[CodeAgreement, ...]
    sets: SetAgreement
    coders: tuple[CoderShare, ...]
    paragraphs: int
    pairable: int
    codings: int
    resamples: int
    seed: int
    level: float
    notes: tuple[str, ...]


def as_figure(value: float | np.floating, reason: str) -> Figure:
    """`value` as a Figure; a nan becomes None with `reason`."""
    number = float(value)
    return Figure(None, reason) if np.isnan(number) else Figure(number)
