"""The page's part on each code and on sets of codes. Pure."""

from collections.abc import Sequence
from html import escape

from workbench.annotations.figures import Agreement, CodeAgreement
from workbench.exports.agreement.cells import figure_cell, interval_cell, interval_under
from workbench.exports.agreement.coder_matrix import MOST_CODERS, arrange_matrix, draw_matrix
from workbench.exports.agreement.intervals import draw_intervals
from workbench.exports.agreement.methods import BANDS
from workbench.exports.agreement.report import show_figure, show_percent
from workbench.exports.page import scrolling_table


def render_codes(agreement: Agreement) -> list[str]:
    """Sections: what it comes to, per code, the plot, sets of codes, coder by coder."""
    return [
        _summary(agreement),
        _codes(agreement),
        _plot(agreement),
        _sets(agreement),
        _kappas(agreement),
        _coders(agreement),
    ]


def _summary(agreement: Agreement) -> str:
    by_band: dict[str, list[str]] = {band: [] for band in BANDS}
    for code in agreement.codes:
        by_band[code.band].append(code.code)
    verdicts = "".join(
        f'<li><span class="band {band}">{band}</span> {escape(", ".join(codes))} '
        f'<span class="quiet">({escape(BANDS[band])})</span></li>'
        for band, codes in by_band.items()
        if codes
    )
    facts = [
        ("Paragraphs coded", f"{agreement.paragraphs:,}"),
        ("Of these by two or more", f"{agreement.pairable:,}"),
        ("Coders", f"{len(agreement.coders)}"),
        ("Codings", f"{agreement.codings:,}"),
        ("Alpha on sets (MASI)", show_figure(agreement.sets.masi)),
    ]
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    notes = "".join(f"<p>{escape(note)}</p>" for note in agreement.notes)
    return f'<dl class="facts">{cards}</dl><ul class="verdict">{verdicts}</ul>{notes}'


def _codes(agreement: Agreement) -> str:
    head = (
        "Code", "Band", "Alpha, 95 % interval", "AC1, 95 % interval", "Mean kappa", "Agreement",
        "Positive agreement", "Negative agreement", "Positives and prevalence",
    )  # fmt: skip
    caption = (
        "Agreement per code. Positives: paragraphs to which at least one coder gave the code, of "
        "those that two coders or more coded; prevalence: the share of their codings that gave the "
        "code. How each figure is computed stands at the end."
    )
    rows = [_code_row(code) for code in agreement.codes]
    return "<h2>Per code</h2>" + scrolling_table("codes", caption, head, rows, numbers_from=2)


def _code_row(code: CodeAgreement) -> Sequence[str]:
    said = code.alpha.reason
    return (
        escape(code.code),
        f'<span class="band {code.band}">{code.band}</span>',
        figure_cell(code.alpha) + interval_under(code.alpha, code.alpha_interval, said),
        figure_cell(code.ac1, said=said) + interval_under(code.ac1, code.ac1_interval, said),
        figure_cell(code.mean_kappa, said=said),
        show_percent(code.percent_agreement),
        figure_cell(code.positive_agreement, show_percent),
        figure_cell(code.negative_agreement, show_percent),
        f"{code.positives:,} of {code.pairable:,}<small>{show_percent(code.prevalence)}</small>",
    )


def _plot(agreement: Agreement) -> str:
    return (
        "<h2>Alpha and its intervals</h2><figure><div class='frame'>"
        f"{draw_intervals(agreement.codes)}</div><figcaption>Dots are alpha, lines its 95 % "
        "intervals. Shaded: tentative from 0.667, reliable from 0.800.</figcaption></figure>"
    )


def _sets(agreement: Agreement) -> str:
    sets = agreement.sets
    rows = [
        ("Alpha, MASI distance", figure_cell(sets.masi), interval_cell(sets.masi_interval)),
        (
            "Alpha, Jaccard distance",
            figure_cell(sets.jaccard),
            interval_cell(sets.jaccard_interval),
        ),
        ("Alpha, exact sets only", figure_cell(sets.exact), interval_cell(sets.exact_interval)),
        ("Pairs of codings with the same codes", show_percent(sets.percent_agreement), ""),
    ]
    caption = (
        "All the codes of a paragraph taken together. Two coders who both chose none agree. "
        f"{sets.distinct_sets} different sets of codes occur."
    )
    head = ("Figure", "Value", "95 % interval")
    return "<h2>Sets of codes</h2>" + scrolling_table("sets", caption, head, rows, numbers_from=1)


def _kappas(agreement: Agreement) -> str:
    if not agreement.codes:
        return ""
    head = ["Coders", "Paragraphs", *(escape(code.code) for code in agreement.codes)]
    rows = []
    for pairs in zip(*(code.pairs for code in agreement.codes), strict=True):
        names = f"{escape(pairs[0].coder_1)} and {escape(pairs[0].coder_2)}"
        figures = (figure_cell(pair.kappa) for pair in pairs)
        rows.append((names, f"{pairs[0].paragraphs:,}", *figures))
    caption = "Cohen's kappa of every two coders, on the paragraphs that both coded."
    return f"<h2>Coder by coder</h2>{_matrix(agreement)}" + scrolling_table(
        "kappas", caption, head, rows, numbers_from=1
    )


def _matrix(agreement: Agreement) -> str:
    if not 2 < len(agreement.coders) <= MOST_CODERS:
        return ""
    return (
        f"<figure><div class='frame'>{draw_matrix(arrange_matrix(agreement))}</div><figcaption>"
        "Kappa of every two coders, the mean over the codes for which it is defined."
        "</figcaption></figure>"
    )


def _coders(agreement: Agreement) -> str:
    rows = [(escape(c.coder), f"{c.paragraphs:,}", f"{c.pairable:,}") for c in agreement.coders]
    head = ("Coder", "Paragraphs", "Coded by others too")
    return scrolling_table("coders", "How much each coder coded.", head, rows, numbers_from=1)
