"""Percentile bootstrap over units: Efron and Tibshirani 1993, chapter 13.

Drawing N units with replacement and counting their patterns is, exactly, one
draw from a multinomial distribution over the patterns: a resample costs as
much as there are patterns, not units.
"""

import zlib

import numpy as np

from workbench.annotations.figures import Interval

LEVEL = 0.95
#: An interval needs at least this share of resamples in which the figure has a value.
DEFINED_SHARE = 0.5


def seed_for(seed: int, name: str) -> np.random.Generator:
    """A generator for the figure `name`: what else is computed does not change its draws."""
    return np.random.default_rng([seed, zlib.crc32(name.encode("utf-8"))])


def draw_weights(weights: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Resampled weights (resamples x patterns); every row sums to the number of units."""
    units = int(weights.sum())
    if not units:
        return np.zeros((resamples, len(weights)))
    return rng.multinomial(units, weights / units, size=resamples).astype(float)


def undisputed_limit(units: float) -> float:
    """The largest share of disputed units that goes with seeing none in `units`.

    The upper end of the exact 95 % interval of Clopper and Pearson 1934 for
    none of N, 1 - 0.025^(1/N), about 3.7 / N. Where no unit is disputed every
    resample agrees perfectly, and the percentile interval would be [1, 1]
    after five paragraphs as after five thousand.
    """
    return 1 - ((1 - LEVEL) / 2) ** (1 / units)


def percentile_interval(values: np.ndarray) -> Interval:
    """The 95 % percentile interval of a figure's resampled `values` (nan: undefined there)."""
    defined = values[~np.isnan(values)]
    left_out = len(values) - len(defined)
    if not len(values):
        return Interval(None, None, "no resamples were drawn")
    if len(defined) < DEFINED_SHARE * len(values):
        reason = f"undefined in {left_out} of {len(values)} resamples"
        return Interval(None, None, reason, left_out=left_out)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(float(low), float(high), left_out=left_out)
