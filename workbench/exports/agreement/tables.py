"""The agreement report as tables: CSV for programs, Markdown and LaTeX for an appendix. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from workbench.annotations.breakdowns import GroupAgreement
from workbench.annotations.figures import Agreement, CodeAgreement, Figure, Interval
from workbench.exports.agreement.report import (
    AgreementReport,
    show_figure,
    show_interval,
    show_percent,
)

#: agreement.csv has one figure a line. `part` is "all" or what the codings are broken down by.
CSV_HEAD = (
    "part", "group", "code", "figure", "value", "low", "high", "paragraphs", "positives", "band",
    "reason",
)  # fmt: skip
#: The code of the lines on whole sets of codes.
SETS = "(sets of codes)"
_NO_INTERVAL = Interval(None, None)
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{mark: "\\" + mark for mark in "&%$#_{}"},
}  # fmt: skip

CsvRow = tuple[str, ...]


def render_csv(rows: Iterator[CsvRow]) -> str:
    """Lines of `CSV_HEAD`'s columns; text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for row in rows:
        writer.writerow(_defused(cell) for cell in row)
    return out.getvalue()


def list_figures(report: AgreementReport) -> Iterator[CsvRow]:
    """Every figure, of all paragraphs, then of each part; where one has no value, the reason."""
    yield from _overall(report.agreement)
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
    for standard in report.standards:
        for coder in standard.coders:
            for code in coder.codes:
                part = f"against {standard.name}"
                place = (part, coder.coder, code.code, "Cohen's kappa")
                paragraphs = str(coder.paragraphs)
                yield figure_row(place, code.kappa, code.kappa_interval, paragraphs)


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


def render_markdown(report: AgreementReport, appendix: str) -> str:
    """The table per code, the figures on sets, and the `appendix` text, as GitHub's Markdown."""
    agreement = report.agreement
    head = (
        "code", "alpha", "95 % interval", "band", "AC1", "positive agreement",
        "negative agreement", "agreement", "positives", "prevalence",
    )  # fmt: skip
    lines = [
        f"# {_markdown(report.title)}",
        "",
        f"Made {report.made_at:%Y-%m-%d}.",
        "",
        _markdown_line(head),
        _markdown_line(["---"] * len(head)),
    ]
    for code in agreement.codes:
        lines.append(_markdown_line([_markdown(cell) for cell in _appendix_row(code)]))
    sets = agreement.sets
    lines += [
        "",
        f"Sets of codes: alpha (MASI) {_shown(sets.masi, sets.masi_interval)}, "
        f"alpha (Jaccard) {_shown(sets.jaccard, sets.jaccard_interval)}.",
        "",
        appendix,
        "",
        *(f"- {_markdown(note)}" for note in agreement.notes),
        "",
    ]
    return "\n".join(lines)


def render_latex(report: AgreementReport) -> str:
    r"""A `table` for `\input`; it needs the package booktabs and nothing else."""
    agreement = report.agreement
    head = (
        "Code", "Alpha", r"95\,\% interval", "Band", "AC1", "Pos. agr.", "Neg. agr.",
        "Agreement", "Positives", "Prevalence",
    )  # fmt: skip
    rows = [" & ".join(latex(cell) for cell in _appendix_row(code)) for code in agreement.codes]
    sets = agreement.sets
    rows.append(
        r"\midrule Sets of codes (MASI) & "
        + f"{latex(show_figure(sets.masi))} & {latex(show_interval(sets.masi_interval))}"
        + " & & & & & "
        + f"{latex(show_percent(sets.percent_agreement))} & & "
    )
    caption = (
        f"Agreement of {len(agreement.coders)} coders on {agreement.pairable} paragraphs that two "
        "or more coded. Alpha: Krippendorff's, nominal. Positives: paragraphs to which at least "
        "one coder gave the code."
    )
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering\small",
            rf"\caption{{{latex(caption)}}}",
            r"\label{tab:agreement}",
            r"\begin{tabular}{lrllrrrrrr}",
            r"\toprule",
            " & ".join(head) + r" \\",
            r"\midrule",
            *(row + r" \\" for row in rows),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def latex(text: str) -> str:
    """`text` with every character that LaTeX reads as a command made harmless."""
    return "".join(_LATEX.get(character, character) for character in " ".join(text.split()))


def _appendix_row(code: CodeAgreement) -> Sequence[str]:
    return (
        code.code,
        show_figure(code.alpha),
        show_interval(code.alpha_interval) or "none",
        code.band,
        show_figure(code.ac1),
        show_percent(code.positive_agreement),
        show_percent(code.negative_agreement),
        show_percent(code.percent_agreement),
        f"{code.positives} of {code.pairable}",
        show_percent(code.prevalence),
    )


def _figures_of(code: CodeAgreement) -> list[tuple[str, Figure, Interval]]:
    return [
        ("alpha", code.alpha, code.alpha_interval),
        ("AC1", code.ac1, code.ac1_interval),
        ("percent agreement", code.percent_agreement, _NO_INTERVAL),
        ("positive agreement", code.positive_agreement, _NO_INTERVAL),
        ("negative agreement", code.negative_agreement, _NO_INTERVAL),
        ("prevalence", code.prevalence, _NO_INTERVAL),
        ("mean Cohen's kappa", code.mean_kappa, _NO_INTERVAL),
        ("Scott's pi", code.scott_pi, _NO_INTERVAL),
        ("Fleiss' kappa", code.fleiss_kappa, _NO_INTERVAL),
        ("Conger's kappa", code.conger_kappa, _NO_INTERVAL),
        ("Brennan-Prediger", code.brennan_prediger, _NO_INTERVAL),
    ]


def _shown(figure: Figure, interval: Interval) -> str:
    return f"{show_figure(figure)} {show_interval(interval)}".strip()


def _number(value: float | None) -> str:
    return "" if value is None else repr(round(value, 6))


def _defused(cell: str) -> str:
    """Numbers as they are; other text that begins as a formula gets an apostrophe before it."""
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[\d.e+-]+", cell):
        return "'" + cell
    return cell


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _markdown_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
