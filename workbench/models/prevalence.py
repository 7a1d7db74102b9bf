"""How often each code occurs in a population of paragraphs, from the audit alone. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The quantile of the standard normal distribution for a 95 % interval.
_Z = 1.959963984540054
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Stratum:
    """Reports audited alike: `population` paragraphs, `sample` of them coded, `positives` carry."""

    population: int
    sample: int
    positives: int


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of paragraphs that carry a code, with its 95 % interval, all from 0 to 1.

    `sample` coded paragraphs of the audit, of which `positives` carry the
    code, stand for `population`.
    """

    share: float
    low: float
    high: float
    positives: int
    sample: int
    population: int


def estimate_prevalence(strata: Sequence[Stratum]) -> Prevalence | None:
    """The share over all `strata`; None where one has no coded paragraph.

    The estimate is that of stratified random sampling, sum of W p with the
    stratum's share W of the population (Cochran 1977, Sampling Techniques,
    5.3). The interval is Wilson's (1927) at the effective sample size n* for
    which p(1 - p) / n* is the variance under a common p with the finite
    population correction, 1 / n* = sum of W^2 (N - n) / ((N - 1) n) (Cochran,
    3.2; effective size after Kish 1965). With one stratum n* = n (N - 1) / (N - n).
    It errs on the wide side where strata differ. A population coded whole has
    no uncertainty of sampling: its interval is the share itself.
    """
    strata = [stratum for stratum in strata if stratum.population]
    if not strata or any(not stratum.sample for stratum in strata):
        return None
    population = sum(stratum.population for stratum in strata)
    share = inverse = 0.0
    for stratum in strata:
        weight, left = stratum.population / population, stratum.population - stratum.sample
        share += weight * stratum.positives / stratum.sample
        if left:
            inverse += weight**2 * left / ((stratum.population - 1) * stratum.sample)
    low, high = _wilson(share, inverse)
    sample = sum(stratum.sample for stratum in strata)
    positives = sum(stratum.positives for stratum in strata)
    # What was counted is certain: the population holds at least these.
    low = max(low, positives / population)
    high = min(high, 1 - (sample - positives) / population)
    return Prevalence(share, low, high, positives, sample, population)


def _wilson(share: float, inverse: float) -> tuple[float, float]:
    """Wilson's interval for a share at the effective sample size 1 / `inverse`."""
    square = _Z * _Z * inverse
    centre = (share + square / 2) / (1 + square)
    spread = _Z * math.sqrt(inverse * share * (1 - share) + square * inverse / 4) / (1 + square)
    return max(0.0, centre - spread), min(1.0, centre + spread)
