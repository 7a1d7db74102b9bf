"""Agreement by part: by report, source, section or week, and one part against another. Pure.

A part is a set of paragraphs; its figures are those of `agreement.py`, of its
paragraphs alone. Where a part is too small to say something, its figures stand
with the reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from workbench.annotations import bootstrap, coefficients
from workbench.annotations.bands import judge
from workbench.annotations.codeagreement import alpha_interval, holding
from workbench.annotations.codings import standing
from workbench.annotations.figures import (
    NO_VARIATION,
    NOTHING_PAIRABLE,
    Figure,
    Interval,
    as_figure,
)
from workbench.annotations.matrices import MISSING, CodingMatrix, number_groups
from workbench.annotations.reportdraws import ReportDraws, draw_reports
from workbench.annotations.setagreement import count_sets
from workbench.annotations.setbootstrap import set_intervals
from workbench.records import Annotation, Paragraph, Report

#: A part with fewer paragraphs that two coders coded has no interval over sets.
FEWEST_PAIRABLE = 15
#: The heading of a paragraph that has none.
NO_SECTION = "(no heading)"


@dataclass(frozen=True, slots=True)
class GroupCode:
    """Agreement on one code in one part; the fields are those of `CodeAgreement`.

    `reason` says why `band` is "insufficient" or "undefined". An insufficient
    code has its figure, but no interval.
    """

    code: str
    alpha: Figure
    interval: Interval
    band: str
    reason: str
    positives: int
    negatives: int
    pairable: int
    prevalence: Figure
    percent_agreement: Figure
    positive_agreement: Figure


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """One part: `paragraphs` coded, `pairable` of them by two or more; alpha over sets (MASI)."""

    group: str
    paragraphs: int
    pairable: int
    codes: tuple[GroupCode, ...]
    masi: Figure
    masi_interval: Interval


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All the parts of one kind, in order of their names; `unknown` paragraphs are in none."""

    dimension: str
    groups: tuple[GroupAgreement, ...]
    unknown: int


def break_down(
    matrix: CodingMatrix,
    dimension: str,
    group_of: Mapping[str, str],
    *,
    reports: Mapping[str, str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Breakdown:
    """Agreement of each group of units; `group_of` maps a unit to its group.

    `dimension` names the kind ("report", "week"). `reports` maps a unit to its
    report, for intervals that draw reports.
    """
    names, numbers = number_groups(matrix.units, group_of)
    groups = tuple(
        measure_group(matrix.keep(numbers == number), name, reports, resamples, seed)
        for number, name in enumerate(names)
    )
    return Breakdown(dimension, groups, int((numbers == MISSING).sum()))


def measure_group(
    matrix: CodingMatrix,
    name: str,
    reports: Mapping[str, str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> GroupAgreement:
    """Agreement of one part, which `matrix` holds alone."""
    pairable = int(((matrix.cells != MISSING).sum(axis=1) >= 2).sum())
    if not pairable:
        nothing, none = Figure(None, NOTHING_PAIRABLE), Interval(None, None, NOTHING_PAIRABLE)
        codes = tuple(
            GroupCode(
                code,
                nothing,
                none,
                "undefined",
                NOTHING_PAIRABLE,
                0,
                0,
                0,
                nothing,
                nothing,
                nothing,
            )
            for code in matrix.codes
        )
        return GroupAgreement(name, len(matrix.units), 0, codes, nothing, none)
    draws = draw_reports(matrix, reports, resamples, seed)
    counts = count_sets(matrix, ("masi",))
    interval = Interval(None, None, f"only {_few(pairable)} coded by two coders")
    if pairable >= FEWEST_PAIRABLE:
        rng = bootstrap.seed_for(seed, "sets of codes")
        interval = set_intervals(counts, resamples, rng, draws)[0]
    return GroupAgreement(
        group=name,
        paragraphs=len(matrix.units),
        pairable=pairable,
        codes=tuple(
            _on_code(matrix, index, resamples, seed, draws) for index in range(len(matrix.codes))
        ),
        masi=as_figure(counts.alpha[0], NO_VARIATION),
        masi_interval=interval,
    )


def _few(paragraphs: int) -> str:
    return "1 paragraph was" if paragraphs == 1 else f"{paragraphs} paragraphs were"


def weeks_of(annotations: Iterable[Annotation]) -> dict[str, str]:
    """The ISO week ("2024-W18") of each paragraph's last coding that counts, by paragraph id.

    A paragraph belongs to the week in which the last of its coders coded it
    first; the weeks are those of UTC.
    """
    last: dict[str, Annotation] = {}
    for annotation in standing(annotations):
        other = last.get(annotation.paragraph_id)
        if other is None or annotation.created_at > other.created_at:
            last[annotation.paragraph_id] = annotation
    weeks = {}
    for unit, annotation in last.items():
        year, week, _ = annotation.created_at.isocalendar()
        weeks[unit] = f"{year}-W{week:02}"
    return weeks


def sections_of(paragraphs: Iterable[Paragraph]) -> dict[str, str]:
    """Each paragraph's outermost heading, by paragraph id."""
    return {p.paragraph_id: p.section[0] if p.section else NO_SECTION for p in paragraphs}


def reports_of(paragraphs: Iterable[Paragraph]) -> dict[str, str]:
    """Each paragraph's report, by paragraph id."""
    return {p.paragraph_id: p.report_id for p in paragraphs}


def sources_of(paragraphs: Iterable[Paragraph], reports: Iterable[Report]) -> dict[str, str]:
    """The source of each paragraph's report, by paragraph id, where it is known."""
    sources = {report.report_id: report.source for report in reports}
    return {p.paragraph_id: source for p in paragraphs if (source := sources.get(p.report_id))}


def calibration_units(matrix: CodingMatrix) -> frozenset[str]:
    """The units that every coder coded; none where there is one coder only."""
    if len(matrix.coders) < 2:
        return frozenset()
    by_all = (matrix.cells != MISSING).all(axis=1)
    return frozenset(matrix.units[row] for row in np.flatnonzero(by_all).tolist())


def rows_of(matrix: CodingMatrix, units: Collection[str]) -> np.ndarray:
    """Which rows of the matrix are among these units (Boolean)."""
    wanted = units if isinstance(units, set | frozenset | Mapping) else set(units)
    return np.fromiter((unit in wanted for unit in matrix.units), bool, len(matrix.units))


def _on_code(
    matrix: CodingMatrix, index: int, resamples: int, seed: int, draws: ReportDraws | None
) -> GroupCode:
    values = matrix.values_of(index)
    tally = coefficients.tally_values(values, 2)
    pairable = tally.pairable()
    paired = (pairable.counts, pairable.weights)
    alpha = as_figure(coefficients.krippendorff_alpha(*paired), NO_VARIATION)
    given, withheld = holding(pairable)
    # Judged without an interval first: one that is insufficient needs none drawn.
    verdict = judge(alpha, Interval(0.0, 1.0), given, withheld)
    interval = Interval(None, None, verdict.reason)
    if not verdict.reason:
        rng = bootstrap.seed_for(seed, matrix.codes[index])
        interval = alpha_interval(values, tally, resamples, rng, draws)
        verdict = judge(alpha, interval, given, withheld)
    totals = pairable.weights @ pairable.counts
    positive = coefficients.specific_agreement(*paired, 1)
    return GroupCode(
        code=matrix.codes[index],
        alpha=alpha,
        interval=interval,
        band=verdict.band,
        reason=verdict.reason,
        positives=given,
        negatives=withheld,
        pairable=int(pairable.weights.sum()),
        prevalence=Figure(float(totals[1] / totals.sum())),
        percent_agreement=as_figure(coefficients.percent_agreement(*paired), NOTHING_PAIRABLE),
        positive_agreement=as_figure(positive, "no coder gave the code"),
    )
