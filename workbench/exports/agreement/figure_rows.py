"""The agreement report as a table for programs: one figure a line. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from workbench.annotations.breakdowns import GroupAgreement
from workbench.annotations.coderagreement import CoderAgreement
from workbench.annotations.figures import (
    Agreement,
    AnswerAgreement,
    CodeAgreement,
    Figure,
    Interval,
)
from workbench.annotations.needs import Need
from workbench.annotations.prelabelling import PrelabelEffect
from workbench.annotations.standards import StandardComparison
from workbench.exports.agreement.report import AgreementReport

#: agreement.csv has one figure a line. `part` is "all" or what the codings are broken down by.
CSV_HEAD = (
    "part", "group", "code", "figure", "value", "low", "high", "paragraphs", "positives", "band",
    "reason",
)  # fmt: skip
#: The code of the lines on whole sets of codes.
SETS = "(sets of codes)"
#: The code of the lines on all codes as one variable, where every coding has exactly one.
ANSWERS = "(one code each)"
_NO_INTERVAL = Interval(None, None)

CsvRow = tuple[str, ...]


def render_csv(rows: Iterable[CsvRow]) -> str:
    """Lines of `CSV_HEAD`'s columns; text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for row in rows:
        writer.writerow(map(defuse, row))
    return out.getvalue()


def list_figures(report: AgreementReport) -> Iterator[CsvRow]:
    """Every figure, of all paragraphs, then of each part; where one has no value, the reason."""
    yield from _overall(report.agreement)
    yield from _needed(report.needs)
    for coder in report.coders:
        yield from _of_coder(coder)
    for breakdown in report.breakdowns:
        for group in breakdown.groups:
            yield from _of_group(f"by {breakdown.dimension}", group)
    for part, comparison in (
        ("calibration", report.calibration),
        ("pre-labels", report.prelabels.comparison if report.prelabels else None),
    ):
        if comparison is not None:
            yield from _of_group(part, comparison.first)
            yield from _of_group(part, comparison.second)
            for item in comparison.differences:
                place = (part, "difference", item.code, "alpha")
                yield figure_row(place, item.value, item.interval, band=item.verdict)
    if report.prelabels is not None:
        yield from _kept(report.prelabels)
    for standard in report.standards:
        yield from _against(standard)


def _of_group(part: str, group: GroupAgreement) -> Iterator[CsvRow]:
    for code in group.codes:
        yield figure_row(
            (part, group.group, code.code, "alpha"),
            code.alpha,
            code.interval,
            str(code.pairable),
            str(code.positives),
            code.band,
        )
    place = (part, group.group, SETS, "alpha (MASI)")
    yield figure_row(place, group.masi, group.masi_interval, str(group.pairable))


def _overall(agreement: Agreement) -> Iterator[CsvRow]:
    for code in agreement.codes:
        for name, figure, interval in _figures_of(code):
            yield figure_row(
                ("all", "", code.code, name),
                figure,
                interval,
                str(code.pairable),
                str(code.positives),
                code.band,
            )
        for pair in code.pairs:
            name = f"Cohen's kappa of {pair.coder_1} and {pair.coder_2}"
            yield figure_row(
                ("all", "", code.code, name), pair.kappa, paragraphs=str(pair.paragraphs)
            )
    if agreement.answers is not None and agreement.answers.single:
        yield from _of_answers(agreement.answers, agreement.pairable)
    sets = agreement.sets
    for name, figure, interval in (
        ("alpha (MASI)", sets.masi, sets.masi_interval),
        ("alpha (Jaccard)", sets.jaccard, sets.jaccard_interval),
        ("alpha (exact)", sets.exact, sets.exact_interval),
        ("percent agreement", sets.percent_agreement, _NO_INTERVAL),
    ):
        yield figure_row(
            ("all", "", SETS, name), figure, interval, paragraphs=str(agreement.pairable)
        )


def figure_row(
    place: tuple[str, str, str, str],
    figure: Figure,
    interval: Interval = _NO_INTERVAL,
    paragraphs: str = "",
    positives: str = "",
    band: str = "",
) -> CsvRow:
    """A line of agreement.csv; `place` is part, group, code and figure."""
    reason = figure.reason if figure.value is None else interval.reason
    return (
        *place,
        _number(figure.value),
        _number(interval.low),
        _number(interval.high),
        paragraphs,
        positives,
        band,
        reason,
    )


def _of_answers(answers: AnswerAgreement, paragraphs: int) -> Iterator[CsvRow]:
    for name, figure in (
        ("alpha", answers.alpha),
        ("percent agreement", answers.percent_agreement),
        ("AC1", answers.ac1),
        ("standard error of AC1", answers.ac1_standard_error),
        ("mean Cohen's kappa", answers.mean_kappa),
        ("Scott's pi", answers.scott_pi),
        ("Fleiss' kappa", answers.fleiss_kappa),
        ("Fleiss' kappa, Gwet's form", answers.fleiss_kappa_gwet),
        ("Conger's kappa", answers.conger_kappa),
        ("Brennan-Prediger", answers.brennan_prediger),
    ):
        interval = answers.alpha_interval if name == "alpha" else _NO_INTERVAL
        yield figure_row(("all", "", ANSWERS, name), figure, interval, str(paragraphs))


def _needed(needs: Iterable[Need]) -> Iterator[CsvRow]:
    for need in needs:
        place = ("all", "", need.code, f"paragraphs for an interval {need.wanted:g} wide")
        value = None if need.paragraphs is None else float(need.paragraphs)
        yield figure_row(place, Figure(value, need.reason))


def _of_coder(coder: CoderAgreement) -> Iterator[CsvRow]:
    for code in coder.codes:
        for name, figure in (
            ("mean kappa with the others", code.kappa),
            ("gave", code.gave),
            ("the others gave", code.others_gave),
            ("alpha without this coder", code.alpha_without),
        ):
            place = ("by coder", coder.coder, code.code, name)
            yield figure_row(place, figure, paragraphs=str(coder.shared))
    place = ("by coder", coder.coder, SETS, "alpha (MASI) without this coder")
    yield figure_row(place, coder.masi_without, paragraphs=str(coder.shared))


def _kept(effect: PrelabelEffect) -> Iterator[CsvRow]:
    for code in effect.codes:
        yield figure_row(("pre-labels", "shown", code.code, "kept"), code.kept_share)
        yield figure_row(("pre-labels", "shown", code.code, "added"), code.added_share)
    for coder in effect.coders:
        yield figure_row(("pre-labels", coder.coder, SETS, "kept"), coder.kept_share)
    yield figure_row(("pre-labels", "shown", SETS, "kept"), effect.kept_share)


def _against(standard: StandardComparison) -> Iterator[CsvRow]:
    part = f"against {standard.name}"
    for coder in standard.coders:
        paragraphs = str(coder.paragraphs)
        for code in coder.codes:
            for name, figure, interval in (
                ("Cohen's kappa", code.kappa, code.kappa_interval),
                ("precision", code.precision, _NO_INTERVAL),
                ("recall", code.recall, _NO_INTERVAL),
                ("F1", code.f1, _NO_INTERVAL),
            ):
                yield figure_row((part, coder.coder, code.code, name), figure, interval, paragraphs)
        place = (part, coder.coder, SETS, "same codes")
        yield figure_row(place, coder.exact, paragraphs=paragraphs)


def _figures_of(code: CodeAgreement) -> list[tuple[str, Figure, Interval]]:
    return [
        ("alpha", code.alpha, code.alpha_interval),
        ("AC1", code.ac1, code.ac1_interval),
        ("standard error of AC1", code.ac1_standard_error, _NO_INTERVAL),
        ("percent agreement", code.percent_agreement, _NO_INTERVAL),
        ("positive agreement", code.positive_agreement, _NO_INTERVAL),
        ("negative agreement", code.negative_agreement, _NO_INTERVAL),
        ("prevalence", code.prevalence, _NO_INTERVAL),
        ("mean Cohen's kappa", code.mean_kappa, _NO_INTERVAL),
        ("Scott's pi", code.scott_pi, _NO_INTERVAL),
        ("Fleiss' kappa", code.fleiss_kappa, _NO_INTERVAL),
        ("Fleiss' kappa, Gwet's form", code.fleiss_kappa_gwet, _NO_INTERVAL),
        ("Conger's kappa", code.conger_kappa, _NO_INTERVAL),
        ("Brennan-Prediger", code.brennan_prediger, _NO_INTERVAL),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else repr(round(value, 6))


def defuse(cell: str) -> str:
    """`cell` on one line; where it begins as a formula does an apostrophe before it."""
    cell = re.sub(r"[\r\n]+", " ", cell)
    if not cell.startswith(("=", "+", "-", "@", "\t")):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
