"""Agreement by part, and one part against another."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from workbench.annotations.agreement import measure_agreement
from workbench.annotations.breakdowns import (
    NO_SECTION,
    break_down,
    calibration_units,
    reports_of,
    sections_of,
    sources_of,
    weeks_of,
)
from workbench.annotations.codings import Coding, arrange_codings
from workbench.annotations.comparisons import ALL_CODES, compare_groups
from workbench.records import Annotation, Paragraph, Report

CODES = ("assembly", "labor")


def code_paragraphs(rng, prefix, number, noise, coders=3):
    """Codings in which each coder errs with the chance `noise`."""
    codings = []
    for paragraph in range(number):
        truth = rng.random(2) < 0.4
        for coder in range(coders):
            given = truth != (rng.random(2) < noise)
            chosen = frozenset(code for code, g in zip(CODES, given, strict=True) if g)
            codings.append(Coding(f"{prefix}-{paragraph:03}", f"coder-{coder}", chosen))
    return codings


def group_by_prefix(matrix):
    return {unit: unit.split("-")[0] for unit in matrix.units}


def test_each_part_has_the_figures_of_its_paragraphs_alone():
    rng = np.random.default_rng(1)
    one, other = code_paragraphs(rng, "a", 80, 0.02), code_paragraphs(rng, "b", 90, 0.2)
    matrix = arrange_codings([*one, *other], CODES)
    parts = break_down(matrix, "report", group_by_prefix(matrix))
    assert (parts.dimension, [g.group for g in parts.groups]) == ("report", ["a", "b"])
    for group, codings in zip(parts.groups, (one, other), strict=True):
        alone = measure_agreement(codings, CODES)
        assert (group.paragraphs, group.pairable) == (alone.paragraphs, alone.pairable)
        for mine, theirs in zip(group.codes, alone.codes, strict=True):
            assert mine.alpha == theirs.alpha
            assert mine.interval == theirs.alpha_interval
            assert (mine.band, mine.positives, mine.negatives) == (
                theirs.band, theirs.positives, theirs.negatives,
            )  # fmt: skip
            assert mine.prevalence == theirs.prevalence
            assert mine.percent_agreement == theirs.percent_agreement
            assert mine.positive_agreement == theirs.positive_agreement
        assert group.masi.value == pytest.approx(alone.sets.masi.value)
        assert group.masi_interval.low == pytest.approx(alone.sets.masi_interval.low, abs=0.03)


def test_small_part_has_its_figure_and_the_reason_why_it_says_little():
    rng = np.random.default_rng(2)
    matrix = arrange_codings(code_paragraphs(rng, "a", 12, 0.1), CODES)
    group = break_down(matrix, "section", group_by_prefix(matrix)).groups[0]
    assert group.codes[0].alpha.value is not None
    assert group.codes[0].band == "insufficient"
    assert group.codes[0].interval.low is None
    assert group.codes[0].interval.reason == group.codes[0].reason
    assert "12 paragraphs" in group.masi_interval.reason


def test_part_without_a_second_coder_is_undefined_with_the_reason():
    codings = [Coding("a-1", "ann", frozenset()), Coding("a-1", "ben", frozenset(["labor"]))]
    matrix = arrange_codings([*codings, Coding("b-1", "ann", frozenset())], CODES)
    _, alone = break_down(matrix, "report", group_by_prefix(matrix)).groups
    assert (alone.paragraphs, alone.pairable) == (1, 0)
    assert alone.masi.reason == "no paragraph was coded by two coders"
    assert {code.band for code in alone.codes} == {"undefined"}
    assert {code.alpha.value for code in alone.codes} == {None}


def test_paragraphs_of_no_part_are_counted():
    rng = np.random.default_rng(3)
    matrix = arrange_codings(code_paragraphs(rng, "a", 20, 0.1), CODES)
    parts = break_down(matrix, "source", {"a-001": "one", "a-002": "one"}, resamples=50)
    assert parts.unknown == 18
    assert parts.groups[0].paragraphs == 2


def test_part_of_many_reports_draws_reports():
    rng = np.random.default_rng(4)
    matrix = arrange_codings(code_paragraphs(rng, "a", 120, 0.1), CODES)
    reports = {unit: f"r{place % 12}" for place, unit in enumerate(matrix.units)}
    group = break_down(matrix, "source", group_by_prefix(matrix), reports=reports).groups[0]
    assert group.codes[0].interval.unit == "report"
    assert group.masi_interval.unit == "report"


def annotation(paragraph, coder, day, **fields):
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Annotation(paragraph, coder, (), f"{paragraph}{coder}{day}", "studio", at, at, **fields)


def test_paragraph_belongs_to_the_week_of_its_last_coding():
    annotations = [
        annotation("p1", "ann", 0),
        annotation("p1", "ben", 8),
        annotation("p2", "ann", 3),
        annotation("p2", "ben", 20, skipped=True),
        annotation("p3", "ann", -1),
    ]
    expected = {"p1": "2024-W02", "p2": "2024-W01", "p3": "2023-W52"}
    assert weeks_of(annotations) == expected
    assert weeks_of(reversed(annotations)) == expected


def test_parts_are_read_off_paragraphs_and_reports():
    def paragraph(name, report, section):
        return Paragraph(name, report, 0, section, "text", 0, 4, ((0, 4),))

    paragraphs = [
        paragraph("p1", "r1", ("Section 1", "Prisons")),
        paragraph("p2", "r2", ()),
    ]
    reports = [
        Report("r1", "t", "Ministry", "Freedonia", 2020, "f", "0", "utf-8", "x"),
        Report("r2", "t", None, "Freedonia", 2020, "f", "0", "utf-8", "x"),
    ]
    assert sections_of(paragraphs) == {"p1": "Section 1", "p2": NO_SECTION}
    assert reports_of(paragraphs) == {"p1": "r1", "p2": "r2"}
    assert sources_of(paragraphs, reports) == {"p1": "Ministry"}


def test_calibration_set_is_what_every_coder_coded():
    none = frozenset()
    codings = [Coding("p1", c, none) for c in "abc"] + [Coding("p2", c, none) for c in "ab"]
    assert calibration_units(arrange_codings(codings, CODES)) == {"p1"}
    alone = [Coding("p1", "a", none)]
    assert calibration_units(arrange_codings(alone, CODES)) == frozenset()


# One part against another


def compare(noise_1, noise_2, number=200, seed=5):
    rng = np.random.default_rng(seed)
    one, other = (
        code_paragraphs(rng, prefix, number, noise)
        for prefix, noise in (("a", noise_1), ("b", noise_2))
    )
    matrix = arrange_codings([*one, *other], CODES)
    first = {unit for unit in matrix.units if unit.startswith("a")}
    second = set(matrix.units) - first
    return compare_groups(matrix, first, second, ("calibration", "rest"))


def test_part_with_better_agreement_is_higher_and_the_other_way_round_lower():
    for noises, verdict in (((0.02, 0.15), "higher"), ((0.15, 0.02), "lower")):
        compared = compare(*noises)
        assert [d.code for d in compared.differences] == [*CODES, ALL_CODES]
        for difference, left, right in zip(
            compared.differences, compared.first.codes, compared.second.codes, strict=False
        ):
            assert difference.verdict == verdict
            assert difference.value.value == pytest.approx(left.alpha.value - right.alpha.value)
            assert difference.interval.low < difference.value.value < difference.interval.high


def test_interval_of_a_difference_covers_none_nineteen_times_in_twenty():
    verdicts = [
        difference.verdict
        for seed in range(60)
        for difference in compare(0.08, 0.08, number=80, seed=seed).differences[:2]
    ]
    assert 0.88 <= verdicts.count("no clear difference") / len(verdicts) <= 1


def test_difference_of_too_small_parts_says_which_part_is_too_small():
    rng = np.random.default_rng(6)
    codings = code_paragraphs(rng, "a", 100, 0.1) + code_paragraphs(rng, "b", 10, 0.1)
    matrix = arrange_codings(codings, CODES)
    first = {unit for unit in matrix.units if unit.startswith("a")}
    small = compare_groups(matrix, first, set(matrix.units) - first, ("calibration", "rest"))
    assert small.differences[0].verdict == "insufficient"
    assert small.differences[0].reason.startswith("rest: only")
    empty = compare_groups(matrix, first, [], ("calibration", "rest"))
    assert empty.differences[0].verdict == "undefined"
    assert empty.differences[0].reason == "rest: no paragraph was coded by two coders"
