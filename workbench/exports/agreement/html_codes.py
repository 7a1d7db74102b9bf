"""The page's part on what it comes to, each code, and sets of codes. Pure."""

from collections.abc import Sequence
from html import escape

from workbench.annotations.figures import Agreement, AnswerAgreement, CodeAgreement
from workbench.exports.agreement.cells import figure_cell, interval_cell, interval_under
from workbench.exports.agreement.intervals import draw_intervals
from workbench.exports.agreement.layout import Section, show_name
from workbench.exports.agreement.methods import BANDS
from workbench.exports.agreement.report import show_figure, show_percent
from workbench.exports.page import scrolling_table


def render_codes(agreement: Agreement) -> list[Section]:
    """Sections: what it comes to, per code, sets of codes."""
    return [
        Section("summary", "In short", _summary(agreement)),
        Section("codes", "Per code", _plot(agreement) + _codes(agreement)),
        Section("sets", "Sets of codes", _sets(agreement) + _answers(agreement.answers)),
    ]


def _summary(agreement: Agreement) -> str:
    by_band: dict[str, list[str]] = {band: [] for band in BANDS}
    for code in agreement.codes:
        by_band[code.band].append(show_name(code.code))
    verdicts = "".join(
        f'<li><span class="band {band}">{band}</span> {", ".join(codes)} '
        f'<span class="quiet">({escape(BANDS[band])})</span></li>'
        for band, codes in by_band.items()
        if codes
    )
    sets = agreement.sets
    facts = [
        ("Paragraphs coded", f"{agreement.paragraphs:,}"),
        ("Of these by two or more", f"{agreement.pairable:,}"),
        ("Coders", f"{len(agreement.coders)}"),
        ("Codings", f"{agreement.codings:,}"),
        (
            "Alpha on sets (MASI)",
            show_figure(sets.masi)
            + interval_under(sets.masi, sets.masi_interval, sets.masi.reason),
        ),
    ]
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    drawn = agreement.drawn_reason
    notes = "".join(
        f"<li>{escape(note)}</li>"
        for note in (f"Intervals: {drawn[:1].lower()}{drawn[1:]}", *agreement.notes)
    )
    return (
        f'<dl class="facts">{cards}</dl><ul class="verdict">{verdicts}</ul>'
        f'<ul class="notes">{notes}</ul>'
    )


def _codes(agreement: Agreement) -> str:
    head = (
        "Code", "Band", "Alpha, 95 % interval", "AC1, 95 % interval", "Mean kappa", "Agreement",
        "Positive agreement", "Negative agreement", "Positives and prevalence",
    )  # fmt: skip
    caption = (
        "Agreement per code. Positives: paragraphs to which at least one coder gave the code, of "
        "those that two coders or more coded; prevalence: the share of their codings that gave the "
        "code. AC1 is high for rare codes whatever coders do: read it beside alpha."
    )
    rows = [_code_row(code) for code in agreement.codes]
    return scrolling_table("codes-table", caption, head, rows, numbers_from=2)


def _code_row(code: CodeAgreement) -> Sequence[str]:
    said = code.alpha.reason
    why = f'<small class="reason">{escape(code.band_reason)}</small>' if code.band_reason else ""
    return (
        show_name(code.code),
        f'<span class="band {code.band}">{code.band}</span>{why}',
        figure_cell(code.alpha, said=code.band_reason)
        + interval_under(code.alpha, code.alpha_interval, said),
        figure_cell(code.ac1, said=said) + interval_under(code.ac1, code.ac1_interval, said),
        figure_cell(code.mean_kappa, said=said),
        show_percent(code.percent_agreement),
        figure_cell(code.positive_agreement, show_percent),
        figure_cell(code.negative_agreement, show_percent),
        f"{code.positives:,} of {code.pairable:,}<small>{show_percent(code.prevalence)}</small>",
    )


def _plot(agreement: Agreement) -> str:
    return (
        f"<figure><div class='frame'>{draw_intervals(agreement.codes)}</div><figcaption>Dots are "
        "alpha, lines its 95 % intervals. Shaded: tentative from 0.667, reliable from 0.800. A "
        "code is judged by the left end of its line.</figcaption></figure>"
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
        (
            "Pairs of codings with the same codes, mean over paragraphs",
            show_percent(sets.percent_agreement),
            "",
        ),
    ]
    caption = (
        "All the codes of a paragraph taken together. Two coders who both chose none agree. "
        f"{sets.distinct_sets:,} different sets of codes occur."
    )
    head = ("Figure", "Value", "95 % interval")
    return scrolling_table("sets-table", caption, head, rows, numbers_from=1)


def _answers(answers: AnswerAgreement | None) -> str:
    """The usual coefficients over all codes at once, where every coding has exactly one."""
    if answers is None or not answers.single:
        return ""
    error = answers.ac1_standard_error
    beside = "" if error.value is None else f"<small>standard error {show_figure(error)}</small>"
    rows = [
        (
            "Krippendorff's alpha",
            figure_cell(answers.alpha),
            interval_cell(answers.alpha_interval),
        ),
        ("Fleiss' kappa", figure_cell(answers.fleiss_kappa), ""),
        ("Fleiss' kappa, Gwet's form", figure_cell(answers.fleiss_kappa_gwet), ""),
        ("Cohen's kappa, mean over the pairs", figure_cell(answers.mean_kappa), ""),
        ("Scott's pi", figure_cell(answers.scott_pi), ""),
        ("Conger's kappa", figure_cell(answers.conger_kappa), ""),
        ("Gwet's AC1", figure_cell(answers.ac1) + beside, ""),
        ("Brennan and Prediger", figure_cell(answers.brennan_prediger), ""),
        ("Percent agreement, mean over paragraphs", show_percent(answers.percent_agreement), ""),
    ]
    caption = (
        "Every coding has exactly one code, so that the usual coefficients over the "
        f"{answers.values} codes that occur can be given too."
    )
    head = ("Figure", "Value", "95 % interval")
    return scrolling_table("answers", caption, head, rows, numbers_from=1)
