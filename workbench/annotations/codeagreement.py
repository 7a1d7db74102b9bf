"""Agreement on one code: given or not given."""

import numpy as np

from workbench.annotations import bootstrap, coefficients
from workbench.annotations.bands import judge
from workbench.annotations.bootstrap import Resampled
from workbench.annotations.coefficients import Tally
from workbench.annotations.figures import (
    NO_VARIATION,
    NOTHING_PAIRABLE,
    ONE_ALONE,
    UNEVEN,
    CodeAgreement,
    Figure,
    Interval,
    as_figure,
    not_two,
)
from workbench.annotations.kappas import agreement_of_pairs, mean_kappa
from workbench.annotations.matrices import MISSING, CodingMatrix
from workbench.annotations.reportdraws import ReportDraws


def measure_code(
    matrix: CodingMatrix, index: int, resamples: int, seed: int, draws: ReportDraws | None = None
) -> CodeAgreement:
    """Every figure of the code `index` of a matrix with a pairable unit."""
    code, values = matrix.codes[index], matrix.values_of(index)
    tally = coefficients.tally_values(values, 2)
    pairable = tally.pairable()
    counted, paired = (tally.counts, tally.weights), (pairable.counts, pairable.weights)
    rng = bootstrap.seed_for(seed, code)
    alpha = as_figure(coefficients.krippendorff_alpha(*paired), NO_VARIATION)
    ac1 = as_figure(coefficients.gwet_ac1(*counted), NO_VARIATION)
    alpha_interval, ac1_interval = code_intervals(values, tally, resamples, rng, draws)
    given, withheld = holding(pairable)
    verdict = judge(alpha, alpha_interval, given, withheld)
    totals = pairable.weights @ pairable.counts
    pairs = agreement_of_pairs(values, matrix.coders)
    positive = coefficients.specific_agreement(*paired, 1)
    negative = coefficients.specific_agreement(*paired, 0)
    conger = coefficients.conger_kappa(values, 2)
    pi = as_figure(coefficients.fleiss_kappa(*paired), NO_VARIATION)
    even = len(np.unique(pairable.counts.sum(axis=1))) == 1
    return CodeAgreement(
        code=code,
        alpha=alpha,
        alpha_interval=alpha_interval,
        band=verdict.band,
        band_reason=verdict.reason,
        ac1=ac1,
        ac1_interval=ac1_interval if ac1.value is not None else _no_interval(ac1_interval),
        ac1_standard_error=as_figure(
            coefficients.ac1_standard_error(*counted), ac1.reason or ONE_ALONE
        ),
        percent_agreement=as_figure(coefficients.percent_agreement(*paired), NOTHING_PAIRABLE),
        positive_agreement=as_figure(positive, "no coder gave the code"),
        negative_agreement=as_figure(negative, "every coder gave the code"),
        prevalence=Figure(float(totals[1] / totals.sum())),
        positives=given,
        negatives=withheld,
        disputed=int(pairable.disputed().weights.sum()),
        pairable=int(pairable.weights.sum()),
        scott_pi=pi if len(matrix.coders) == 2 else not_two(len(matrix.coders)),
        fleiss_kappa=pi if even else Figure(None, UNEVEN),
        fleiss_kappa_gwet=as_figure(coefficients.fleiss_kappa(*counted), NO_VARIATION),
        conger_kappa=as_figure(conger, NO_VARIATION),
        brennan_prediger=as_figure(coefficients.brennan_prediger(*paired), NO_VARIATION),
        mean_kappa=mean_kappa(pairs),
        pairs=pairs,
    )


def holding(pairable: Tally) -> tuple[int, int]:
    """In how many pairable units some coder gave the code, and in how many some withheld it."""
    withheld, given = pairable.weights @ (pairable.counts > 0)
    return int(given), int(withheld)


def code_intervals(
    values: np.ndarray,
    tally: Tally,
    resamples: int,
    rng: np.random.Generator,
    draws: ReportDraws | None,
) -> tuple[Interval, Interval]:
    """Alpha's and AC1's; the singly coded paragraphs (AC1 needs them) are drawn apart."""
    pairable, single = tally.pairable(), tally.single()
    if not len(pairable.disputed().weights):
        return _undisputed_intervals(pairable, _drawn(draws))
    counts = np.concatenate([pairable.counts, single.counts])
    weights = np.concatenate([pairable.weights, single.weights])
    if draws is None:
        drawn = bootstrap.resample_paragraphs([pairable.weights, single.weights], resamples, rng)
    else:
        drawn = _draw_reports(values, counts, draws)
    alpha = bootstrap.interval_of(coefficients.krippendorff_alpha, counts, weights, drawn)
    return alpha, bootstrap.interval_of(coefficients.gwet_ac1, counts, weights, drawn)


def alpha_interval(
    values: np.ndarray,
    tally: Tally,
    resamples: int,
    rng: np.random.Generator,
    draws: ReportDraws | None,
) -> Interval:
    """Alpha's alone, the same as of `code_intervals`, in half the time."""
    pairable = tally.pairable()
    if not len(pairable.disputed().weights):
        return _undisputed_intervals(pairable, _drawn(draws))[0]
    paired = (pairable.counts, pairable.weights)
    if draws is None:
        drawn = bootstrap.resample_paragraphs([pairable.weights], resamples, rng)
    else:
        drawn = _draw_reports(values, pairable.counts, draws)
    return bootstrap.interval_of(coefficients.krippendorff_alpha, *paired, drawn)


def _drawn(draws: ReportDraws | None) -> str:
    return bootstrap.BY_PARAGRAPH if draws is None else bootstrap.BY_REPORT


def _draw_reports(values: np.ndarray, counts: np.ndarray, draws: ReportDraws) -> Resampled:
    """Resampled weights of the patterns `counts`; units of other patterns are left out."""
    # A unit's pattern is found again by its number of codings and of ones.
    coders = values.shape[1]
    keys = (counts.sum(axis=1) * (coders + 1) + counts[:, 1]).astype(np.intp)
    places = np.full((coders + 1) ** 2, MISSING)
    places[keys] = np.arange(len(keys))
    return draws.resample(places[coefficients.binary_patterns(values)], len(keys))


def _undisputed_intervals(pairable: Tally, unit: str) -> tuple[Interval, Interval]:
    """As if the largest share of disputed paragraphs that may go unseen had been seen.

    It counts paragraphs, also where reports would be drawn: that no report has
    a disputed one says nothing of how they vary.
    """
    if (pairable.weights @ pairable.counts > 0).sum() < 2:
        nothing = Interval(None, None, NO_VARIATION, unit=unit)
        return nothing, nothing
    share = bootstrap.undisputed_limit(pairable.weights.sum())
    m = pairable.counts.sum(axis=1)[np.argmax(pairable.weights)]
    counts = np.vstack([pairable.counts, [m - m // 2, m // 2]])
    weights = np.append(pairable.weights * (1 - share), pairable.weights.sum() * share)
    lows = (
        coefficients.krippendorff_alpha(counts, weights),
        coefficients.gwet_ac1(counts, weights),
    )
    alpha, ac1 = (Interval(float(low), 1.0, method="exact") for low in lows)
    return alpha, ac1


def _no_interval(interval: Interval) -> Interval:
    return Interval(None, None, NO_VARIATION, unit=interval.unit)
