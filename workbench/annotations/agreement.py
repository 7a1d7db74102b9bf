"""How far the coders agree: everything that the agreement report shows, and nothing else.

The formulas and their sources are in `coefficients.py` and `setagreement.py`,
the resampling in `bootstrap.py`, the records in `figures.py`.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.annotations import bootstrap, coefficients, setagreement
from workbench.annotations.codings import (
    MISSING,
    Coding,
    CodingMatrix,
    arrange_codings,
    codings_from,
    notes_on,
)
from workbench.annotations.figures import (
    NO_VARIATION,
    NOTHING_PAIRABLE,
    Agreement,
    CodeAgreement,
    CoderShare,
    Figure,
    Interval,
    SetAgreement,
    as_figure,
)
from workbench.annotations.kappas import agreement_of_pairs, mean_kappa
from workbench.annotations.setbootstrap import set_intervals
from workbench.errors import AgreementError

__all__ = ["Agreement", "Coding", "band_of", "codings_from", "measure_agreement", "notes_on"]

#: Krippendorff 2004, Content Analysis, p. 241: rely on .800, tentatively on .667.
RELIABLE, TENTATIVE = 0.800, 0.667
#: Below this many positive paragraphs an interval says little: the code is insufficient.
FEWEST_POSITIVES = 15


def measure_agreement(
    codings: Iterable[Coding],
    codes: Sequence[str],
    *,
    resamples: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
) -> Agreement:
    """Measure agreement per code and over sets of codes.

    `notes` (see `notes_on`) are passed on. Neither the order of the codings
    nor the names of the coders change a figure. Raises AgreementError where
    nothing can be computed: no paragraph was coded by two coders, a coding has
    a code outside `codes`, or a coder coded a paragraph twice.
    """
    matrix = arrange_codings(codings, codes)
    coded = matrix.cells != MISSING
    per_unit = coded.sum(axis=1)
    pairable = int((per_unit >= 2).sum())
    if not pairable:
        raise AgreementError(
            f"{NOTHING_PAIRABLE} ({len(matrix.units)} coded, by {len(matrix.coders)} coders)",
            "have a second coder code some of the same paragraphs",
        )
    shares = tuple(
        CoderShare(coder, int(mine.sum()), int((mine & (per_unit >= 2)).sum()))
        for coder, mine in zip(matrix.coders, coded.T, strict=True)
    )
    return Agreement(
        codes=tuple(_on_code(matrix, index, resamples, seed) for index in range(len(codes))),
        sets=_on_sets(matrix, resamples, seed),
        coders=shares,
        paragraphs=len(matrix.units),
        pairable=pairable,
        codings=int(coded.sum()),
        resamples=resamples,
        seed=seed,
        level=bootstrap.LEVEL,
        notes=(*notes, *_notes_on_coverage(len(matrix.units), pairable, shares)),
    )


def band_of(alpha: Figure, interval: Interval, positives: int) -> str:
    """How far a code can be relied on, judged at the lower end of alpha's interval."""
    if alpha.value is None:
        return "undefined"
    if positives < FEWEST_POSITIVES:
        return "insufficient"
    if interval.low is None:
        return "undefined"
    if interval.low >= RELIABLE:
        return "reliable"
    return "tentative" if interval.low >= TENTATIVE else "unreliable"


def _on_code(matrix: CodingMatrix, index: int, resamples: int, seed: int) -> CodeAgreement:
    code, values = matrix.codes[index], matrix.values_of(index)
    tally = coefficients.tally_values(values, 2)
    pairable = tally.pairable()
    counted, paired = (tally.counts, tally.weights), (pairable.counts, pairable.weights)
    rng = bootstrap.seed_for(seed, code)
    alpha = as_figure(coefficients.krippendorff_alpha(*paired), NO_VARIATION)
    ac1 = as_figure(coefficients.gwet_ac1(*counted), NO_VARIATION)
    alpha_interval, ac1_interval = _intervals(tally, resamples, rng)
    positives = int(pairable.weights[pairable.counts[:, 1] > 0].sum())
    totals = pairable.weights @ pairable.counts
    pairs = agreement_of_pairs(values, matrix.coders)
    given = coefficients.specific_agreement(*paired, 1)
    withheld = coefficients.specific_agreement(*paired, 0)
    percent = coefficients.percent_agreement(*paired)
    conger = coefficients.conger_kappa(values, 2)
    uniform = coefficients.brennan_prediger(*paired)
    return CodeAgreement(
        code=code,
        alpha=alpha,
        alpha_interval=_with_figure(alpha, alpha_interval),
        band=band_of(alpha, alpha_interval, positives),
        ac1=ac1,
        ac1_interval=_with_figure(ac1, ac1_interval),
        percent_agreement=as_figure(percent, NOTHING_PAIRABLE),
        positive_agreement=as_figure(given, "no coder gave the code"),
        negative_agreement=as_figure(withheld, "every coder gave the code"),
        prevalence=Figure(float(totals[1] / totals.sum())),
        positives=positives,
        disputed=int(pairable.disputed().weights.sum()),
        pairable=int(pairable.weights.sum()),
        scott_pi=_scott_pi(pairable, len(matrix.coders)),
        fleiss_kappa=_fleiss_kappa(pairable),
        conger_kappa=as_figure(conger, NO_VARIATION),
        brennan_prediger=as_figure(uniform, NO_VARIATION),
        mean_kappa=mean_kappa(pairs),
        pairs=pairs,
    )


def _intervals(
    tally: coefficients.Tally, resamples: int, rng: np.random.Generator
) -> tuple[Interval, Interval]:
    """Alpha's and AC1's; the singly coded paragraphs (AC1 needs them) are drawn apart."""
    pairable, single = tally.pairable(), tally.single()
    if not len(pairable.disputed().weights):
        return _undisputed_intervals(pairable)
    drawn = bootstrap.draw_weights(pairable.weights, resamples, rng)
    alone = bootstrap.draw_weights(single.weights, resamples, rng)
    counts = np.concatenate([pairable.counts, single.counts])
    alphas = coefficients.krippendorff_alpha(pairable.counts, drawn)
    ac1s = coefficients.gwet_ac1(counts, np.concatenate([drawn, alone], axis=1))
    return bootstrap.percentile_interval(alphas), bootstrap.percentile_interval(ac1s)


def _undisputed_intervals(pairable: coefficients.Tally) -> tuple[Interval, Interval]:
    """As if the largest share of disputed paragraphs that may go unseen had been seen."""
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


def _on_sets(matrix: CodingMatrix, resamples: int, seed: int) -> SetAgreement:
    metrics = setagreement.METRICS
    masi, jaccard, exact = (
        as_figure(alpha, NO_VARIATION) for alpha in setagreement.set_alpha(matrix, metrics)
    )
    rng = bootstrap.seed_for(seed, "sets of codes")
    intervals = set_intervals(matrix, metrics, resamples, rng)
    differ = setagreement.unit_disagreement(matrix, ("exact",))[0]
    return SetAgreement(
        masi=masi,
        masi_interval=_with_figure(masi, intervals[0]),
        jaccard=jaccard,
        jaccard_interval=_with_figure(jaccard, intervals[1]),
        exact=exact,
        exact_interval=_with_figure(exact, intervals[2]),
        percent_agreement=Figure(float(1 - np.nanmean(differ))),
        distinct_sets=int((setagreement.pairable_use(matrix) > 0).sum()),
    )


def _with_figure(figure: Figure, interval: Interval) -> Interval:
    """No interval where there is no figure."""
    return interval if figure.value is not None else Interval(None, None, figure.reason)


def _scott_pi(pairable: coefficients.Tally, coders: int) -> Figure:
    if coders != 2:
        return Figure(None, f"defined for two coders; there are {coders}")
    pi = coefficients.fleiss_kappa(pairable.counts, pairable.weights)
    return as_figure(pi, NO_VARIATION)


def _fleiss_kappa(pairable: coefficients.Tally) -> Figure:
    if len(np.unique(pairable.counts.sum(axis=1))) > 1:
        return Figure(None, "the paragraphs were not all coded by the same number of coders")
    kappa = coefficients.fleiss_kappa(pairable.counts, pairable.weights)
    return as_figure(kappa, NO_VARIATION)


def _notes_on_coverage(paragraphs: int, pairable: int, shares: Sequence[CoderShare]) -> list[str]:
    notes = []
    if alone := paragraphs - pairable:
        notes.append(
            f"{alone} of {paragraphs} paragraphs were coded by one coder only: they count "
            "only towards the chance agreement of AC1 and of Conger's kappa."
        )
    for share in shares:
        if not share.pairable:
            notes.append(f"{share.coder} coded no paragraph that another coder coded.")
    return notes
