"""What is measured, as records: figures that may be undefined, their intervals, their sums."""

from dataclasses import dataclass

import numpy as np

NOTHING_PAIRABLE = "no paragraph was coded by two coders"
NO_VARIATION = "no variation: every coding is the same"
UNEVEN = "the paragraphs were not all coded by the same number of coders"
ONE_ALONE = "one paragraph alone varies with nothing"
NO_OVERLAP = "these two coders have no paragraph in common"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or None with the reason why there is none."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a figure; both ends None, with a reason, where there is none.

    `method` is "bootstrap"; "exact" where no paragraph was disputed and
    resampling could therefore show nothing; or "normal", from the jackknife's
    standard error, where resampling would take too long. `left_out` is how many
    resamples had no value of their own (for example because none of their
    paragraphs had the code) and were not counted. `unit` is what was drawn, or
    counted for an exact interval, "paragraph" or "report"; `spread` is the
    standard deviation of what was drawn.
    """

    low: float | None
    high: float | None
    reason: str = ""
    method: str = "bootstrap"
    left_out: int = 0
    unit: str = "paragraph"
    spread: float | None = None


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
    those of them to which at least one coder gave the code, `negatives` those
    to which at least one did not, `disputed` those on which coders differ;
    `prevalence` is the share of the pairable codings that gave the code.
    `band` is reliable, tentative, unreliable (by the lower end of alpha's
    interval), insufficient or undefined, the last two with a `band_reason`.
    `ac1_standard_error` is Gwet's own (paragraphs independent of each other),
    `fleiss_kappa_gwet` his form of Fleiss' kappa for paragraphs that unequal
    numbers of coders coded. Proportions are 0..1.
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
    negatives: int = 0
    band_reason: str = ""
    ac1_standard_error: Figure = Figure(None, "not computed")
    fleiss_kappa_gwet: Figure = Figure(None, "not computed")


@dataclass(frozen=True, slots=True)
class SetAgreement:
    """Agreement on whole sets of codes: alpha by four distances, and the share of equal sets.

    `masi` is Passonneau's, 1 - J * M; `masi_weighted` the other distance of
    that name, (1 - J) weighted, for comparison with tools that use it. `exact`
    is alpha with the distance 1 between any two sets that differ.
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
    masi_weighted: Figure = Figure(None, "not computed")


@dataclass(frozen=True, slots=True)
class AnswerAgreement:
    """Agreement on a coder's whole answer taken as one nominal value.

    Where every coding has exactly one code (`single`), these are the usual
    coefficients over many categories; else two answers are the same when their
    sets of codes are. `values` is how many different answers occur. The other
    fields are those of `CodeAgreement`.
    """

    values: int
    single: bool
    alpha: Figure
    alpha_interval: Interval
    percent_agreement: Figure
    ac1: Figure
    ac1_standard_error: Figure
    scott_pi: Figure
    fleiss_kappa: Figure
    fleiss_kappa_gwet: Figure
    conger_kappa: Figure
    brennan_prediger: Figure
    mean_kappa: Figure
    pairs: tuple[PairAgreement, ...]


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
    counts all decisions. `drawn` is what the intervals draw, "report" or
    "paragraph", and `drawn_reason` why; `reports` is how many known reports
    have a pairable paragraph. `notes` say what was left out and what is missing.
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
    answers: AnswerAgreement | None = None
    reports: int = 0
    drawn: str = "paragraph"
    drawn_reason: str = ""


def as_figure(value: float | np.floating, reason: str) -> Figure:
    """`value` as a Figure; a nan becomes None with `reason`."""
    number = float(value)
    return Figure(None, reason) if np.isnan(number) else Figure(number)


def not_two(coders: int) -> Figure:
    """What a coefficient for two coders is where there are more or fewer."""
    return Figure(None, f"defined for two coders; there are {coders}")
