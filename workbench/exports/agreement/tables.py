"""The agreement report as tables for an appendix: Markdown and LaTeX. Pure."""

import re
from collections.abc import Sequence

from workbench.annotations.bootstrap import BY_REPORT
from workbench.annotations.figures import Agreement, CodeAgreement, Figure, Interval
from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.phrases import count
from workbench.exports.agreement.references import references_in
from workbench.exports.agreement.report import (
    AgreementReport,
    show_figure,
    show_interval,
    show_percent,
)

#: A LaTeX table of more codes than this runs over pages.
MOST_ON_A_PAGE = 40
#: Letters of a code's name that fit on a line of the LaTeX table.
LONG = 12
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    # A bracket or star at the beginning of a row would belong to the line break before it.
    "[": "{[}", "]": "{]}", "*": "{*}",
    # In the old encoding of fonts these are other signs, and a straight quote can be a command.
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    **{mark: "\\" + mark for mark in "&%$#_{}"},
}  # fmt: skip


def render_markdown(report: AgreementReport) -> str:
    """The table per code, the figures on sets, and the text, as GitHub's Markdown."""
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
        name, *cells = _appendix_row(code)
        lines.append(_markdown_line([_markdown(name), *cells]))
    sets = agreement.sets
    appendix = write_appendix(report, _markdown)
    lines += [
        "",
        f"Sets of codes: alpha (MASI) {_shown(sets.masi, sets.masi_interval)}, "
        f"alpha (Jaccard) {_shown(sets.jaccard, sets.jaccard_interval)}.",
        "",
        "## Method and outcome",
        "",
        appendix,
        "",
        "## References",
        "",
        *(f"- {reference}" for reference in references_in(appendix)),
        "",
        "## Notes",
        "",
        *(f"- {_markdown(note)}" for note in (agreement.drawn_reason, *agreement.notes)),
        "",
    ]
    return "\n".join(lines)


def render_latex(report: AgreementReport) -> str:
    r"""A table for `\input`; it needs the package booktabs, and longtable where it is long."""
    agreement = report.agreement
    head = (
        "Code", "Alpha", r"95\,\% interval", "Band", "AC1", "Pos.", "Neg.", "Agr.", "$n_{+}$",
        "Prev.",
    )  # fmt: skip
    # Long names are broken into lines, so that the table is not wider than an article's text.
    longest = max((len(code.code) for code in agreement.codes), default=0)
    first, begin = ("l", "") if longest <= LONG else ("p{5.5em}", r"\raggedright{}")
    rows = [begin + " & ".join(_latex_row(code)) for code in agreement.codes]
    sets = agreement.sets
    rows.append(
        r"\midrule Sets (MASI) & "
        + f"{latex(show_figure(sets.masi))} & {latex(show_interval(sets.masi_interval))}"
        + f" & & & & & {_bare_percent(sets.percent_agreement)} & & "
    )
    caption = rf"\caption{{{_caption(agreement)}}}"
    columns = f"{{@{{}}{first}rllrrrrrr@{{}}}}"
    body = [
        r"\toprule",
        " & ".join(head) + r" \\",
        r"\midrule",
        *(row + r" \\" for row in rows),
        r"\bottomrule",
    ]
    if len(agreement.codes) > MOST_ON_A_PAGE:
        # What stands before \endhead alone is repeated on every page, the caption's number too.
        repeated, rest = body[:3], body[3:]
        lines = [
            r"% \usepackage{booktabs,longtable}",
            r"{\footnotesize\setlength{\tabcolsep}{3pt}",
            rf"\begin{{longtable}}{columns}",
            caption + r"\label{tab:agreement} \\",
            *repeated,
            r"\endfirsthead",
            *repeated,
            r"\endhead",
            *rest,
            r"\end{longtable}}",
        ]
    else:
        lines = [
            r"% \usepackage{booktabs}",
            r"\begin{table}",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            caption,
            r"\label{tab:agreement}",
            rf"\begin{{tabular}}{columns}",
            *body,
            r"\end{tabular}",
            r"\end{table}",
        ]
    return "\n".join([*lines, ""])


def latex(text: str) -> str:
    """`text` with every character that LaTeX reads as a command made harmless."""
    shown = (letter for letter in " ".join(text.split()) if letter.isprintable())
    return "".join(_LATEX.get(letter, letter) for letter in shown)


def _caption(agreement: Agreement) -> str:
    drawn = "reports" if agreement.drawn == BY_REPORT else "paragraphs"
    if any(code.alpha_interval.method == "exact" for code in agreement.codes):
        drawn += " (where no paragraph was disputed an exact one, of paragraphs)"
    return (
        f"Agreement of {count(len(agreement.coders), 'coder')} on "
        f"{count(agreement.pairable, 'paragraph')} that two or more coded. Alpha: Krippendorff's, "
        f"nominal, with a 95\\,\\% bootstrap interval drawing {drawn}; AC1: Gwet's; Pos., Neg. and "
        "Agr.: positive, negative and overall agreement in per cent, not corrected for chance; "
        "$n_{+}$: paragraphs to which at least one coder gave the code; Prev.: share of the "
        "decisions that gave it, in per cent."
    )


def _latex_row(code: CodeAgreement) -> Sequence[str]:
    return (
        latex(code.code),
        show_figure(code.alpha) if code.alpha.value is not None else "--",
        show_interval(code.alpha_interval) or "--",
        code.band,
        show_figure(code.ac1) if code.ac1.value is not None else "--",
        _bare_percent(code.positive_agreement),
        _bare_percent(code.negative_agreement),
        _bare_percent(code.percent_agreement),
        str(code.positives),
        _bare_percent(code.prevalence),
    )


def _bare_percent(figure: Figure) -> str:
    return "--" if figure.value is None else f"{figure.value * 100:.1f}"


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


def _shown(figure: Figure, interval: Interval) -> str:
    return f"{show_figure(figure)} {show_interval(interval)}".strip()


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _markdown_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
