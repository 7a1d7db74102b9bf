"""Agreement beside other libraries, from the same raw records, and at full size.

    pip install -e '.[bench]' && pip install --no-deps irrCAC
    python benchmarks/agreement.py

Raw records are tuples (unit, coder, codes). Every contender begins with them: what it takes to
arrange them counts. Each task has the size at which its peer takes some seconds. A peer that is
not installed is left out and named. The figures must be the same, else the run fails.
`krippendorff` is GPL: it is compared with here and used nowhere else.
"""

import argparse
import importlib
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
from agreementpeers import (
    Record,
    irrcac_ac1s,
    irrcac_alphas,
    krippendorff_alphas,
    matrices,
    nltk_alphas,
    nltk_masi,
    simpledorff_alphas,
    sklearn_kappas,
    statsmodels_fleiss,
)

from workbench.annotations import bootstrap, coefficients
from workbench.annotations.agreement import measure_matrix
from workbench.annotations.codeagreement import code_intervals
from workbench.annotations.kappas import contingency_tables
from workbench.annotations.matrices import MISSING, CodingMatrix, arrange_columns
from workbench.annotations.setagreement import set_alpha

CODERS = 5


def main() -> None:
    """Time every task, print a table of ratios, then the figures at full size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["peers", "size"])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if options.only != "size":
        against_peers()
    if options.only != "peers":
        at_full_size()


def against_peers() -> None:
    """Print seconds and ratios, one line for each peer and task."""
    heads = ("paragraphs", "codes", "peer s", "ours s", "times")
    print(f"{'task, from raw records':34}{'peer':14}" + "".join(f"{head:>11}" for head in heads))
    for task, peer, ours, theirs, paragraphs, codes, missing in TASKS:
        name = f"{task:34}{peer:14}"
        try:
            importlib.import_module({"scikit-learn": "sklearn"}.get(peer, peer))
        except ImportError:
            print(f"{name}  not installed")
            continue
        records = make_records(paragraphs, codes, missing)
        every = [f"code-{number:02}" for number in range(codes)]
        our_time, mine = clock(partial(ours, records, every), 3)
        their_time, other = clock(partial(theirs, records, every), 2)
        if not np.allclose(mine, other, atol=1e-5):
            raise SystemExit(f"{name}: the figures differ: {mine} and {other}")
        print_ratio(name, paragraphs, codes, their_time, our_time)
    once_arranged()


def once_arranged() -> None:
    """Print the same for one code where both begin from a matrix: no records to walk through.

    From raw records either spends nearly all its time on fetching a few hundred thousand Python
    objects from memory, so that the ratio above says little of the computation.
    """
    try:
        import krippendorff
    except ImportError:
        return
    records = make_records(50_000, 1, 0.3)
    matrix, values = arrange(records, ["code-00"]), next(iter(matrices(records, ["code-00"])))
    theirs = partial(
        krippendorff.alpha, values, level_of_measurement="nominal", value_domain=[0, 1]
    )
    our_time, mine = clock(partial(alpha_of, matrix, 0), 5)
    their_time, other = clock(theirs, 5)
    if not np.isclose(mine, other):
        raise SystemExit(f"alpha, once arranged: the figures differ: {mine} and {other}")
    name = f"{'alpha, one code, once arranged':34}{'krippendorff':14}"
    print_ratio(name, 50_000, 1, their_time, our_time)


def print_ratio(name: str, paragraphs: int, codes: int, theirs: float, ours: float) -> None:
    """One line of the table: seconds of either, and how many times as fast we are."""
    print(
        f"{name}{paragraphs:11,}{codes:11}{theirs:11.3f}{ours:11.4f}{theirs / ours:11.1f}",
        flush=True,
    )


def clock(run: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The fastest of some runs, in seconds of the processor, and what it gave."""
    best, result = np.inf, None
    for _ in range(times):
        began = time.process_time()
        result = run()
        best = min(best, time.process_time() - began)
    return best, result


# What is coded


def make_arrays(
    paragraphs: int, codes: int, missing: float, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Units, coders and given codes (codings x codes), coded with errors, a share missing."""
    rng = np.random.default_rng(seed)
    truth = rng.random((paragraphs, codes)) < 2 / max(codes, 8)
    if codes > 1:
        # One always applies, so that no set is empty: nltk cannot compare two empty ones.
        truth[np.arange(paragraphs), rng.integers(0, codes, paragraphs)] = True
    columns = []
    for coder in range(CODERS):
        units = np.flatnonzero(rng.random(paragraphs) >= missing)
        given = truth[units] & (rng.random((len(units), codes)) < 0.95)
        given |= rng.random(given.shape) < 0.01
        if codes > 1:
            given[~given.any(axis=1), 0] = True
        columns.append((units, np.full(len(units), coder), given))
    units, coders, given = (np.concatenate(column) for column in zip(*columns, strict=True))
    return units, coders, given


def make_records(paragraphs: int, codes: int, missing: float) -> list[Record]:
    """The same as raw records, in no order."""
    units, coders, given = make_arrays(paragraphs, codes, missing)
    names = np.array([f"code-{number:02}" for number in range(codes)])
    records = [
        (f"paragraph-{unit}", f"coder-{coder}", tuple(names[row].tolist()))
        for unit, coder, row in zip(units.tolist(), coders.tolist(), given, strict=True)
    ]
    order = np.random.default_rng(1).permutation(len(records))
    return [records[place] for place in order.tolist()]


# Ours


def arrange(records: Sequence[Record], codes: Sequence[str]) -> CodingMatrix:
    """Raw records as a matrix."""
    columns = [list(map(itemgetter(place), records)) for place in range(3)]
    return arrange_columns(*columns, codes)


def tallies(records: Sequence[Record], codes: Sequence[str]) -> Iterable[coefficients.Tally]:
    """Each code's counts."""
    matrix = arrange(records, codes)
    return (coefficients.tally_values(matrix.values_of(i), 2) for i in range(len(codes)))


def our_alphas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """Krippendorff's alpha of each code."""
    return [
        float(coefficients.krippendorff_alpha(t.counts, t.weights)) for t in tallies(records, codes)
    ]


def our_ac1s(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """Gwet's AC1 of each code."""
    return [float(coefficients.gwet_ac1(t.counts, t.weights)) for t in tallies(records, codes)]


def our_fleiss(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """Fleiss' kappa of each code."""
    return [float(coefficients.fleiss_kappa(t.counts, t.weights)) for t in tallies(records, codes)]


def our_kappas(records: Sequence[Record], codes: Sequence[str]) -> list[float]:
    """Cohen's kappa of every two coders, code by code."""
    matrix = arrange(records, codes)
    found: list[float] = []
    for index in range(len(codes)):
        kappas = coefficients.cohen_kappa(contingency_tables(matrix.values_of(index)))
        found.extend(kappas[np.triu_indices(len(matrix.coders), 1)])
    return found


def our_masi(records: Sequence[Record], codes: Sequence[str]) -> float:
    """Alpha over sets of codes, MASI."""
    return float(set_alpha(arrange(records, codes), ("masi",))[0])


#: What is computed, by whom, ours, theirs, paragraphs, codes, and the share missing.
TASKS = (
    ("alpha per code", "krippendorff", our_alphas, krippendorff_alphas, 10_000, 30, 0.3),
    ("alpha, one code", "krippendorff", our_alphas, krippendorff_alphas, 50_000, 1, 0.3),
    ("alpha per code", "nltk", our_alphas, nltk_alphas, 500, 5, 0.3),
    ("alpha per code", "simpledorff", our_alphas, simpledorff_alphas, 1_000, 5, 0.3),
    ("alpha per code", "irrCAC", our_alphas, irrcac_alphas, 3_000, 30, 0.3),
    ("AC1 per code", "irrCAC", our_ac1s, irrcac_ac1s, 3_000, 30, 0.3),
    ("Fleiss' kappa per code", "statsmodels", our_fleiss, statsmodels_fleiss, 2_000, 30, 0.0),
    ("Cohen's kappa, pairs and codes", "scikit-learn", our_kappas, sklearn_kappas, 3_000, 30, 0.3),
    ("alpha over sets, MASI", "nltk", our_masi, nltk_masi, 400, 30, 0.3),
)  # fmt: skip


# At full size


def at_full_size() -> None:
    """Print seconds and memory of what the report needs of a large project."""
    print(f"\n{'at full size':68}{'seconds':>9}{'limit':>7}")
    codes = [f"code-{number:02}" for number in range(30)]
    columns = make_arrays(1_000_000, 30, 0.3)
    seconds, matrix = clock(partial(arrange_columns, *columns, codes), 1)
    line(f"arranging {len(columns[0]):,} codings of 1,000,000 paragraphs, from columns", seconds)
    del columns
    seconds, _ = clock(lambda: alpha_of(matrix, 0), 3)
    line("alpha of one code, 1,000,000 paragraphs, 5 coders, 30 % missing", seconds, 0.5)
    seconds, _ = clock(lambda: set_alpha(matrix, ("masi",)), 1)
    line(f"MASI alpha of the same, 30 codes, {len(matrix.members):,} sets", seconds, 3)
    tracemalloc.start()
    set_alpha(matrix, ("masi",))
    held = (matrix.cells.nbytes + matrix.members.nbytes + tracemalloc.get_traced_memory()[1]) / 1e6
    tracemalloc.stop()
    print(f"  its memory, the matrix included: {held:.0f} MB (limit 500)")
    part = matrix.keep(np.arange(100_000))
    tallied = [coefficients.tally_values(part.values_of(i), 2) for i in range(30)]
    seconds, _ = clock(lambda: resample(part, tallied), 2)
    line("1,000 resamples of alpha and AC1, 100,000 paragraphs, 30 codes", seconds, 1)
    small = matrix.keep(np.arange(10_000))
    seconds, _ = clock(lambda: measure_matrix(small), 2)
    line("every figure and interval of 10,000 paragraphs, 5 coders, 30 codes", seconds)
    reports = {unit: str(place // 100) for place, unit in enumerate(small.units)}
    seconds, _ = clock(lambda: measure_matrix(small, reports=reports), 2)
    line("the same, drawing 100 reports", seconds)


def line(what: str, seconds: float, limit: float | None = None) -> None:
    """One line of the table."""
    print(f"{what:68}{seconds:9.2f}{'' if limit is None else f'{limit:7.1f}'}", flush=True)


def alpha_of(matrix: CodingMatrix, index: int) -> float:
    """Alpha of one code of an arranged matrix."""
    tally = coefficients.tally_values(matrix.values_of(index), 2)
    return float(coefficients.krippendorff_alpha(tally.counts, tally.weights))


def resample(matrix: CodingMatrix, tallied: Sequence[coefficients.Tally]) -> None:
    """Both intervals of every code from its counts."""
    nothing = np.full((0, len(matrix.coders)), MISSING)
    for index, tally in enumerate(tallied):
        code_intervals(nothing, tally, 1000, bootstrap.seed_for(0, str(index)), None)


if __name__ == "__main__":
    main()
