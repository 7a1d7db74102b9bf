"""Agreement coefficients for nominal values, from counts per unit.

All but Cohen's and Conger's kappa need to know of a unit only how many of its
coders gave each value. Units with the same counts are therefore kept as one
pattern with a weight, and every formula here takes weights of shape
(patterns,) or (resamples, patterns): the second is how the bootstrap computes
a thousand resamples at once. A value that a formula leaves undefined is nan
here, and becomes None with a reason in `agreement.py`.

Notation: n_k, a unit's codings with value k; m, a unit's codings; a unit is
pairable when m >= 2; q, the number of values that a coder could give.

Sources: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability;
Fleiss 1971, Psychological Bulletin 76; Scott 1955, Public Opinion Quarterly
19; Cohen 1960, Educational and Psychological Measurement 20; Conger 1980,
Psychological Bulletin 88; Brennan and Prediger 1981, Educational and
Psychological Measurement 41 (for two coders the S of Bennett, Alpert and
Goldstein 1954); Gwet 2008, British Journal of Mathematical and Statistical
Psychology 61, with missing values as in his Handbook of Inter-Rater
Reliability (2014), chapter 2; specific agreement after Fleiss 1975 as
generalised by Uebersax, Raw agreement indices (units of unequal m).
"""

from dataclasses import dataclass

import numpy as np

from workbench.annotations.matrices import MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Patterns of counts: `counts` (patterns x values), `weights` (patterns,), in units.

    Patterns are distinct, sorted, and have at least one coding.
    """

    counts: np.ndarray
    weights: np.ndarray

    def pairable(self) -> "Tally":
        """Only the patterns with two codings or more."""
        return self._where(self.counts.sum(axis=1) >= 2)

    def single(self) -> "Tally":
        """Only the patterns with one coding."""
        return self._where(self.counts.sum(axis=1) == 1)

    def disputed(self) -> "Tally":
        """Only the patterns with more than one value."""
        return self._where((self.counts > 0).sum(axis=1) > 1)

    def _where(self, chosen: np.ndarray) -> "Tally":
        return Tally(self.counts[chosen], self.weights[chosen])


def binary_patterns(values: np.ndarray) -> np.ndarray:
    """Each unit's pattern in a matrix of 0, 1 and MISSING: codings times (coders + 1), plus ones.

    One small number tells a binary pattern: no need to sort the units.
    """
    units, coders = values.shape
    # A byte holds the pattern of fifteen coders.
    kind = np.uint8 if coders < 16 else np.int32
    key = np.zeros(units, dtype=kind)
    for column in values.T:
        key += (column != MISSING) * kind(coders + 1)
        key += column == 1
    return key


def tally_values(values: np.ndarray, q: int) -> Tally:
    """Count patterns in a matrix (units x coders) of values 0..q-1, MISSING where uncoded."""
    coders = values.shape[1]
    if q == 2:
        tallied = np.bincount(binary_patterns(values), minlength=(coders + 1) ** 2)
        keys = np.flatnonzero(tallied)
        m, positive = np.divmod(keys, coders + 1)
        counts, weights = np.stack([m - positive, positive], axis=1), tallied[keys]
    else:
        rows = np.stack([(values == value).sum(axis=1) for value in range(q)], axis=1)
        counts, weights = np.unique(rows, axis=0, return_counts=True)
    coded_at_all = counts.sum(axis=1) > 0
    return Tally(counts[coded_at_all].astype(float), weights[coded_at_all].astype(float))


def krippendorff_alpha(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha, 1 - D_o / D_e; nan without pairable units or without variation.

    D_o = sum over units of (m^2 - sum n_k^2) / (m - 1), over n; D_e =
    (n^2 - sum of squared totals) / (n (n - 1)), n the pairable codings.
    """
    counts, weights, m = _pairable(counts, weights)
    observed = weights @ ((m**2 - (counts**2).sum(axis=1)) / (m - 1))
    totals = weights @ counts
    n = totals.sum(axis=-1)
    expected = n**2 - (totals**2).sum(axis=-1)
    return 1 - _ratio(observed * (n - 1), expected)


def percent_agreement(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mean over pairable units of the share of its pairs of codings that are the same."""
    counts, weights, m = _pairable(counts, weights)
    agreed = (counts * (counts - 1)).sum(axis=1) / (m * (m - 1))
    return _ratio(weights @ agreed, weights.sum(axis=-1))


def fleiss_kappa(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fleiss' kappa; for two coders Scott's pi; nan without variation.

    With units of unequal m it is Gwet's form of it (2014, chapter 2), in which
    singly coded units count towards the chance agreement.
    """
    shares = _mean_shares(counts, weights)
    beyond = _beyond_chance(percent_agreement(counts, weights), (shares**2).sum(axis=-1))
    return np.where(_varied(counts, weights), beyond, np.nan)


def gwet_ac1(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Gwet's AC1; q is the number of columns of `counts`.

    Without variation in the pairable units the formula would give 1 by its own
    convention; what was never seen to vary is nan here, as it is for alpha.
    """
    shares = _mean_shares(counts, weights)
    chance = (shares * (1 - shares)).sum(axis=-1) / max(counts.shape[1] - 1, 1)
    beyond = _beyond_chance(percent_agreement(counts, weights), chance)
    return np.where(_varied(counts, weights), beyond, np.nan)


def ac1_standard_error(counts: np.ndarray, weights: np.ndarray) -> float:
    """The standard error of Gwet's AC1 for units drawn at random; nan where AC1 is.

    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, section 5.3.1, as in his irrCAC:
    singly coded units add to the chance agreement only.
    """
    units, q = weights.sum(), max(counts.shape[1], 2)
    ac1 = gwet_ac1(counts, weights)
    m = counts.sum(axis=1)
    paired = weights[m >= 2].sum()
    if np.isnan(ac1) or units < 2:
        return float("nan")
    shares = counts / m[:, None]
    mean = _mean_shares(counts, weights)
    chance = (mean * (1 - mean)).sum() / (q - 1)
    pairs = np.maximum(m * (m - 1), 1)
    agreed = np.where(m >= 2, (counts * (counts - 1)).sum(axis=1) / pairs, 0.0)
    # A unit's own coefficient, with the singly coded ones at 0, and its pull on the chance.
    own = units / paired * np.where(m >= 2, agreed - chance, 0.0) / (1 - chance)
    pull = (shares * (1 - mean)).sum(axis=1) / (q - 1) - chance
    parts = own - 2 * (1 - ac1) * pull / (1 - chance)
    variance = (weights * (parts - ac1) ** 2).sum() / (units * (units - 1))
    return float(np.sqrt(variance))


def brennan_prediger(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The coefficient of Brennan and Prediger (Bennett's S): chance is 1 / q.

    Without variation nan, as for AC1.
    """
    beyond = _beyond_chance(percent_agreement(counts, weights), np.asarray(1 / counts.shape[1]))
    return np.where(_varied(counts, weights), beyond, np.nan)


def specific_agreement(counts: np.ndarray, weights: np.ndarray, value: int) -> np.ndarray:
    """Given that one coder gave `value`, the chance that another did; nan if nobody gave it."""
    counts, weights, m = _pairable(counts, weights)
    given = counts[:, value]
    return _ratio(weights @ (given * (given - 1)), weights @ (given * (m - 1)))


def cohen_kappa(table: np.ndarray) -> np.ndarray:
    """Cohen's kappa of a contingency table (..., q, q) of two coders' values, in units."""
    n = table.sum(axis=(-2, -1))
    observed = _ratio(np.trace(table, axis1=-2, axis2=-1), n)
    chance = _ratio((table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1), n * n)
    return _beyond_chance(observed, chance)


def conger_kappa(values: np.ndarray, q: int) -> np.ndarray:
    """Conger's kappa, Cohen's for several coders, of a matrix (units x coders) of 0..q-1.

    Without variation nan, as for AC1.
    """
    tally = tally_values(values, q)
    coded = (values != MISSING).sum(axis=0)
    given = np.stack([(values == value).sum(axis=0) for value in range(q)], axis=1)
    shares = given[coded > 0] / coded[coded > 0, None]
    coders = len(shares)
    pairs = shares.sum(axis=0) ** 2 - (shares**2).sum(axis=0)
    chance = _ratio(pairs.sum(), np.asarray(coders * (coders - 1)))
    beyond = _beyond_chance(percent_agreement(tally.counts, tally.weights), chance)
    return np.where(_varied(tally.counts, tally.weights), beyond, np.nan)


def _pairable(counts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    m = counts.sum(axis=1)
    enough = m >= 2
    return counts[enough], weights[..., enough], m[enough]


def _varied(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    # Only pairable units show whether coders agree on more than one value.
    counts, weights, _ = _pairable(counts, weights)
    return ((weights @ counts) > 0).sum(axis=-1) > 1


def _mean_shares(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    shares = counts / counts.sum(axis=1, keepdims=True)
    return _ratio(weights @ shares, weights.sum(axis=-1)[..., None])


def _beyond_chance(observed: np.ndarray, chance: np.ndarray) -> np.ndarray:
    # A remainder below rounding error is none: the coders gave one value only.
    room = 1 - chance
    return 1 - _ratio(1 - observed, np.where(room > 1e-12, room, 0))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below != 0)
