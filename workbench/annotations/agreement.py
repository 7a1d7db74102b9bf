"""How far the coders agree: everything that the agreement report shows, and nothing else.

The formulas and their sources are in `coefficients.py`, `setagreement.py` and
`answers.py`, the resampling in `bootstrap.py`, `reportdraws.py` and
`setbootstrap.py`, the records in `figures.py`, the bands in `bands.py`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from workbench.annotations import bootstrap, setagreement
from workbench.annotations.answers import measure_answers
from workbench.annotations.bands import FEWEST_POSITIVES, RELIABLE, TENTATIVE
from workbench.annotations.codeagreement import measure_code
from workbench.annotations.codings import Coding, arrange_codings, codings_from, notes_on
from workbench.annotations.coveragenotes import (
    count_of,
    notes_on_coverage,
    notes_on_undisputed,
    why_drawn,
)
from workbench.annotations.figures import (
    NO_VARIATION,
    NOTHING_PAIRABLE,
    Agreement,
    CoderShare,
    Figure,
    SetAgreement,
    as_figure,
)
from workbench.annotations.matrices import MISSING, CodingMatrix
from workbench.annotations.reportdraws import ReportDraws, count_reports, draw_reports
from workbench.annotations.setbootstrap import set_intervals
from workbench.errors import AgreementError

__all__ = [
    "FEWEST_POSITIVES",
    "RELIABLE",
    "TENTATIVE",
    "Agreement",
    "Coding",
    "codings_from",
    "measure_agreement",
    "measure_matrix",
    "notes_on",
]

#: The set distances whose alpha has an interval; the other is for comparison only.
WITH_INTERVAL = ("masi", "jaccard", "exact")


def measure_agreement(
    codings: Iterable[Coding],
    codes: Sequence[str],
    *,
    resamples: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
    reports: Mapping[str, str] | None = None,
) -> Agreement:
    """Measure agreement per code and over sets of codes.

    `notes` (see `notes_on`) are passed on. `reports` maps a unit to its report:
    where there are enough of them, intervals draw reports. Neither the order of
    the codings nor the names of the coders change a figure. Raises
    AgreementError where nothing can be computed: no paragraph was coded by two
    coders, a coding has a code outside `codes`, or a coder coded a paragraph twice.
    """
    matrix = arrange_codings(codings, codes)
    return measure_matrix(matrix, resamples=resamples, seed=seed, notes=notes, reports=reports)


def measure_matrix(
    matrix: CodingMatrix,
    *,
    resamples: int = 1000,
    seed: int = 0,
    notes: Sequence[str] = (),
    reports: Mapping[str, str] | None = None,
) -> Agreement:
    """`measure_agreement` of codings that are arranged already."""
    coded = matrix.cells != MISSING
    per_unit = coded.sum(axis=1)
    pairable = int((per_unit >= 2).sum())
    if not pairable:
        raise AgreementError(
            f"{NOTHING_PAIRABLE} ({len(matrix.units)} coded, by "
            f"{count_of(len(matrix.coders), 'coder')})",
            "have a second coder code some of the same paragraphs",
        )
    shares = tuple(
        CoderShare(coder, int(mine.sum()), int((mine & (per_unit >= 2)).sum()))
        for coder, mine in zip(matrix.coders, coded.T, strict=True)
    )
    draws = draw_reports(matrix, reports, resamples, seed)
    sets = _on_sets(matrix, resamples, seed, draws)
    known = count_reports(matrix, reports)
    codes = tuple(
        measure_code(matrix, index, resamples, seed, draws) for index in range(len(matrix.codes))
    )
    return Agreement(
        codes=codes,
        sets=sets,
        coders=shares,
        paragraphs=len(matrix.units),
        pairable=pairable,
        codings=int(coded.sum()),
        resamples=resamples,
        seed=seed,
        level=bootstrap.LEVEL,
        notes=(
            *notes,
            *notes_on_coverage(len(matrix.units), shares, per_unit),
            *notes_on_undisputed(codes, draws is not None),
        ),
        answers=measure_answers(
            matrix, sets.exact, sets.exact_interval, sets.percent_agreement.value or 0.0
        ),
        reports=known,
        drawn=bootstrap.BY_PARAGRAPH if draws is None else bootstrap.BY_REPORT,
        drawn_reason=why_drawn(draws, known, reports is not None),
    )


def _on_sets(
    matrix: CodingMatrix, resamples: int, seed: int, draws: ReportDraws | None
) -> SetAgreement:
    counts = setagreement.count_sets(matrix)
    figures = {
        metric: as_figure(alpha, NO_VARIATION)
        for metric, alpha in zip(counts.metrics, counts.alpha, strict=True)
    }
    rng = bootstrap.seed_for(seed, "sets of codes")
    intervals = set_intervals(counts.only(WITH_INTERVAL), resamples, rng, draws)
    weights = np.bincount(counts.pattern_of, minlength=len(counts.size))
    differ = counts.only(("exact",)).disagreed[0]
    return SetAgreement(
        masi=figures["masi"],
        masi_interval=intervals[0],
        jaccard=figures["jaccard"],
        jaccard_interval=intervals[1],
        exact=figures["exact"],
        exact_interval=intervals[2],
        percent_agreement=Figure(float(1 - weights @ differ / weights.sum())),
        distinct_sets=len(counts.members),
        masi_weighted=figures["masi_weighted"],
    )
