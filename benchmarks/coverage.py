"""How often the 95 % intervals of agreement hold the true value, on simulated coding.

    python benchmarks/coverage.py [--runs 500] [--part paragraphs|reports|sets]

Paragraphs have a code or not; each coder sees it with a sensitivity and imagines it with a rate
of false alarms; a share of the codings is missing. The true alpha and AC1 are those of two million
paragraphs of the same kind. Data sets in which fewer than 15 paragraphs have (or lack) the code
are left out, as the report calls them insufficient. In the second part reports differ in how
often they have the code and in how hard they are, and whole reports are drawn; the third covers
alpha over sets of codes.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.annotations import coefficients
from workbench.annotations.bands import too_few
from workbench.annotations.codeagreement import code_intervals, holding
from workbench.annotations.figures import Interval
from workbench.annotations.matrices import MISSING, CodingMatrix, arrange_columns
from workbench.annotations.reportdraws import draw_reports
from workbench.annotations.setagreement import count_sets, set_alpha
from workbench.annotations.setbootstrap import set_intervals

RESAMPLES = 1000
ENDLESS = 2_000_000


@dataclass(frozen=True)
class Coding:
    """How paragraphs are coded: `coders` of them, each with the same errors."""

    name: str
    paragraphs: int
    coders: int
    prevalence: float
    seen: float
    imagined: float
    missing: float = 0.0
    reports: int = 0


SINGLE = (
    Coding("usual", 250, 2, 0.10, 0.92, 0.010),
    Coding("near perfect", 300, 2, 0.10, 0.985, 0.0005),
    Coding("near perfect, few", 60, 2, 0.40, 0.97, 0.010),
    Coding("rare", 1000, 2, 0.02, 0.90, 0.001),
    Coding("very rare", 5000, 2, 0.004, 0.90, 0.0001),
    Coding("poor", 200, 2, 0.10, 0.60, 0.050),
    Coding("near universal", 300, 2, 0.90, 0.98, 0.300),
    Coding("three coders", 150, 3, 0.12, 0.95, 0.005),
    Coding("five, 30 % missing", 200, 5, 0.12, 0.90, 0.010, 0.3),
)
CLUSTERED = (
    Coding("10 reports", 250, 3, 0.20, 0.90, 0.02, reports=10),
    Coding("12 reports, good", 300, 2, 0.20, 0.97, 0.005, reports=12),
    Coding("15 reports, missing", 450, 4, 0.15, 0.90, 0.02, 0.3, reports=15),
    Coding("30 reports", 600, 3, 0.15, 0.90, 0.02, reports=30),
    Coding("60 reports, rare", 1800, 2, 0.03, 0.90, 0.003, reports=60),
)
SETS = (
    Coding("sets", 100, 3, 0.15, 0.90, 0.02),
    Coding("sets, good", 150, 2, 0.15, 0.97, 0.004),
    Coding("sets, 30 % missing", 300, 4, 0.10, 0.85, 0.02, 0.3),
    Coding("sets, 12 reports", 360, 3, 0.15, 0.90, 0.02, reports=12),
)
#: How many codes the sets are drawn from.
CODES = 8


def main() -> None:
    """Run the simulations and print coverage and mean width."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500, help="data sets of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", choices=["paragraphs", "reports", "sets"])
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    print(f"{'':28}{'true':>8}{'positives':>11}{'covered':>9}{'low side':>10}{'width':>8}")
    lowest = 1.0
    for part, codings in (("paragraphs", SINGLE), ("reports", CLUSTERED), ("sets", SETS)):
        for coding in codings if options.part in (None, part) else ():
            cover = cover_sets if part == "sets" else cover_codes
            lowest = min(lowest, *report(coding, cover(coding, rng, options.runs)))
    error = np.sqrt(0.95 * 0.05 / options.runs)
    print(f"\nlowest coverage: {lowest:.3f} (standard error of each, at .95: {error:.3f})")


Found = dict[str, tuple[float, list[Interval], float]]


def report(coding: Coding, found: Found) -> Iterator[float]:
    """Print each figure's coverage; gives it."""
    for figure, (true, intervals, positives) in found.items():
        ends = np.array([(i.low, i.high) for i in intervals if i.low is not None], dtype=float)
        covered = ((ends[:, 0] <= true) & (true <= ends[:, 1])).mean()
        print(
            f"{coding.name + ', ' + figure:28.40}{true:8.3f}{positives:11.0f}{covered:9.3f}"
            f"{(ends[:, 0] <= true).mean():10.3f}{np.diff(ends).mean():8.3f}",
            flush=True,
        )
        yield covered


def cover_codes(coding: Coding, rng: np.random.Generator, runs: int) -> Found:
    """Intervals of alpha and AC1 in data sets that are large enough to judge."""
    endless, _ = simulate(coding, rng, scale=ENDLESS // coding.paragraphs)
    tally = coefficients.tally_values(endless, 2)
    kept: list[tuple[Interval, Interval]] = []
    positives = []
    for _ in range(4 * runs):
        values, report_of = simulate(coding, rng)
        tallied = coefficients.tally_values(values, 2)
        given, withheld = holding(tallied.pairable())
        if not too_few(given, withheld):
            draws = None
            if coding.reports:
                matrix = as_matrix(values[:, :, None])
                draws = draw_reports(matrix, report_of, RESAMPLES, int(rng.integers(2**32)))
            kept.append(code_intervals(values, tallied, RESAMPLES, rng, draws))
            positives.append(given)
        if len(kept) == runs:
            break
    alphas, ac1s = zip(*kept, strict=True)
    mean = float(np.mean(positives))
    alpha = coefficients.krippendorff_alpha(tally.counts, tally.weights)
    ac1 = coefficients.gwet_ac1(tally.counts, tally.weights)
    return {"alpha": (float(alpha), list(alphas), mean), "AC1": (float(ac1), list(ac1s), mean)}


def cover_sets(coding: Coding, rng: np.random.Generator, runs: int) -> Found:
    """Intervals of alpha over sets of CODES codes, MASI and Jaccard."""
    metrics = ("masi", "jaccard")
    endless, _ = simulate(coding, rng, scale=300_000 // coding.paragraphs, codes=CODES)
    true = set_alpha(as_matrix(endless), metrics)
    kept, positives = [], []
    for _ in range(runs):
        values, report_of = simulate(coding, rng, codes=CODES)
        matrix = as_matrix(values)
        draws = None
        if coding.reports:
            draws = draw_reports(matrix, report_of, RESAMPLES, int(rng.integers(2**32)))
        kept.append(set_intervals(count_sets(matrix, metrics), RESAMPLES, rng, draws))
        positives.append((values == 1).any(axis=(1, 2)).sum())
    mean = float(np.mean(positives))
    return {
        metric: (float(true[place]), [intervals[place] for intervals in kept], mean)
        for place, metric in enumerate(metrics)
    }


def simulate(
    coding: Coding, rng: np.random.Generator, scale: int = 1, codes: int = 0
) -> tuple[np.ndarray, dict[str, str]]:
    """Values (paragraphs x coders, and x codes if asked for), and each paragraph's report."""
    n, width = coding.paragraphs * scale, max(codes, 1)
    prevalence, ease = np.full((n, 1), coding.prevalence), np.ones((n, 1))
    place, report_of = np.zeros(n, dtype=int), {}
    if coding.reports:
        reports = coding.reports * scale
        place = np.arange(n) * reports // n
        # Half as often to twice as often; errors from a tenth to three times the usual.
        prevalence = prevalence * rng.choice([0.5, 1.0, 1.5], (reports, width))[place]
        ease = rng.choice([0.1, 0.9, 2.0], (reports, 1))[place]
    truth = (rng.random((n, width)) < prevalence)[:, None, :]
    missed = np.clip((1 - coding.seen) * ease, 0, 0.6)[:, None, :]
    imagined = np.clip(coding.imagined * ease, 0, 0.6)[:, None, :]
    chances = np.where(truth, 1 - missed, imagined)
    values = (rng.random((n, coding.coders, width)) < chances).astype(np.int8)
    values[rng.random((n, coding.coders)) < coding.missing] = MISSING
    coded = (values[:, :, 0] != MISSING).any(axis=1)
    if coding.reports and scale == 1:
        report_of = {str(row): f"report-{p}" for row, p in enumerate(place[coded])}
    values = values[coded]
    return (values if codes else values[:, :, 0]), report_of


def as_matrix(values: np.ndarray) -> CodingMatrix:
    """Values (paragraphs x coders x codes) as a matrix, units named by their row."""
    units, coders = np.nonzero(values[:, :, 0] != MISSING)
    names: Sequence[str] = [f"code-{number}" for number in range(values.shape[2])]
    return arrange_columns(units, coders, values[units, coders] == 1, names)


if __name__ == "__main__":
    main()
