"""Bootstrap intervals, exact in what they draw: Efron and Tibshirani 1993, chapters 13 and 14.

Drawing N units with replacement and counting their patterns is, exactly, one
draw from a multinomial distribution over the patterns: a resample costs as
much as there are patterns, not units. The ends are bias-corrected and
accelerated (BCa: Efron 1987, Journal of the American Statistical Association
82), since near perfect agreement the plain percentiles lie too high, and are
widened as Student's t is (Hesterberg 2015, The American Statistician 69,
section 5.3), which matters where few reports are drawn.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from workbench.annotations.figures import Interval

LEVEL = 0.95
#: An interval needs at least this share of resamples in which the figure has a value.
DEFINED_SHARE = 0.5
#: What is drawn.
BY_PARAGRAPH, BY_REPORT = "paragraph", "report"
#: A multinomial draw costs about so many times what drawing one unit by number costs.
_DEARER = 12
#: How many numbers a step holds in memory at once.
_HELD = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Weights of patterns (in units): what was drawn, and what is left without each thing drawn.

    `drawn` (resamples x patterns). `without` (things x patterns) leaves one of
    a kind of thing out, `times` (things,) says how many there are of that kind,
    and `strata` (things,) from which of the sorts that are drawn apart it is.
    `count` things are drawn, `unit` says what a thing is.
    """

    drawn: np.ndarray
    without: np.ndarray
    times: np.ndarray
    strata: np.ndarray
    count: int
    unit: str


def seed_for(seed: int, name: str) -> np.random.Generator:
    """A generator for the figure `name`: what else is computed does not change its draws."""
    return np.random.default_rng([seed, zlib.crc32(name.encode("utf-8"))])


def draw_weights(weights: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Resampled weights (resamples x patterns); every row sums to the number of units."""
    units = int(weights.sum())
    if not units or not resamples:
        return np.zeros((resamples, len(weights)))
    if units > _DEARER * len(weights):
        return rng.multinomial(units, weights / units, size=resamples).astype(float)
    kinds = len(weights)
    pattern = np.repeat(np.arange(kinds), weights.astype(np.intp))
    drawn = np.empty((resamples, kinds))
    step = max(1, _HELD // max(units, kinds))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        chosen = pattern[rng.integers(0, units, (rows, units), dtype=np.int32)]
        # Each resample counts in a stretch of its own.
        chosen += np.arange(0, rows * kinds, kinds)[:, None]
        counted = np.bincount(chosen.ravel(), minlength=rows * kinds)
        drawn[start : start + rows] = counted.reshape(rows, kinds)
    return drawn


def resample_paragraphs(
    strata: Sequence[np.ndarray], resamples: int, rng: np.random.Generator
) -> Resampled:
    """Draw paragraphs, those of each stratum apart; `strata` hold the weights of their patterns."""
    weights = np.concatenate(strata)
    kinds = np.flatnonzero(weights)
    without = np.tile(weights, (len(kinds), 1))
    without[np.arange(len(kinds)), kinds] -= 1
    return Resampled(
        drawn=np.concatenate([draw_weights(w, resamples, rng) for w in strata], axis=1),
        without=without,
        times=weights[kinds],
        strata=np.repeat(np.arange(len(strata)), [len(w) for w in strata])[kinds],
        count=int(strata[0].sum()),
        unit=BY_PARAGRAPH,
    )


def interval_of(
    formula: Callable[[np.ndarray, np.ndarray], np.ndarray],
    counts: np.ndarray,
    weights: np.ndarray,
    resampled: Resampled,
) -> Interval:
    """The interval of `formula` (of counts and weights) from what was resampled."""
    return bca_interval(
        formula(counts, resampled.drawn),
        float(formula(counts, weights)),
        formula(counts, resampled.without),
        resampled.times,
        resampled.strata,
        resampled.count,
        resampled.unit,
    )


def bca_interval(
    values: np.ndarray,
    estimate: float,
    without: np.ndarray,
    times: np.ndarray,
    strata: np.ndarray,
    count: int,
    unit: str = BY_PARAGRAPH,
) -> Interval:
    """The 95 % BCa interval of a figure from its resampled `values` (nan: undefined there).

    `without` are the figure's values with one thing left out, for `times`
    things of each kind; `count` is how many things a resample draws.
    """
    defined = values[~np.isnan(values)]
    left_out = len(values) - len(defined)
    if not len(values):
        return Interval(None, None, "no resamples were drawn", unit=unit)
    if count < 2:
        return Interval(None, None, f"one {unit} alone varies with nothing", unit=unit)
    if len(defined) < DEFINED_SHARE * len(values):
        reason = f"undefined in {left_out} of {len(values)} resamples"
        return Interval(None, None, reason, left_out=left_out, unit=unit)
    # Half of the ties count as below: the figure has few possible values.
    near = np.isclose(defined, estimate, rtol=0, atol=1e-12)
    below = ((defined < estimate) & ~near).mean() + near.mean() / 2
    edge = 1 / (len(defined) + 1)
    bias = ndtri(np.clip(below, edge, 1 - edge))
    acceleration = _acceleration(without, times, strata)
    ends = []
    for z in (-student_z(count), student_z(count)):
        room = 1 - acceleration * (bias + z)
        # Beyond this the correction turns back on itself: take the outermost value.
        ends.append(ndtr(bias + (bias + z) / room) if room > 0 else float(z > 0))
    low, high = np.quantile(defined, ends)
    spread = float(defined.std())
    return Interval(float(low), float(high), left_out=left_out, unit=unit, spread=spread)


def normal_interval(
    estimate: float, without: np.ndarray, times: np.ndarray, count: int, unit: str
) -> Interval:
    """The 95 % interval by the jackknife's standard error, where resampling would take too long."""
    mean = (times * without).sum() / times.sum()
    spread = float(np.sqrt((count - 1) / count * (times * (without - mean) ** 2).sum()))
    reach = student_z(count) * spread
    high = min(estimate + reach, 1.0)
    return Interval(estimate - reach, high, method="normal", unit=unit, spread=spread)


def student_z(count: int) -> float:
    """How many standard deviations a 95 % interval reaches where `count` things are drawn."""
    things = max(count, 2)
    t = stdtrit(things - 1, (1 + LEVEL) / 2)
    return float(t * np.sqrt(things / (things - 1)))


def undisputed_limit(units: float) -> float:
    """The largest share of disputed units that goes with seeing none in `units`.

    The upper end of the exact 95 % interval of Clopper and Pearson 1934 for
    none of N, 1 - 0.025^(1/N), about 3.7 / N. Where no unit is disputed every
    resample agrees perfectly, and the interval would be [1, 1] after five
    paragraphs as after five thousand.
    """
    return 1 - ((1 - LEVEL) / 2) ** (1 / units)


def _acceleration(without: np.ndarray, times: np.ndarray, strata: np.ndarray) -> float:
    """From the jackknife: Efron and Tibshirani 1993, equation 14.15."""
    known = ~np.isnan(without)
    pull = np.zeros(len(without))
    for stratum in np.unique(strata[known]):
        mine = known & (strata == stratum)
        pull[mine] = np.average(without[mine], weights=times[mine]) - without[mine]
    squares = (times * pull**2).sum()
    return float((times * pull**3).sum() / (6 * squares**1.5)) if squares > 1e-24 else 0.0
