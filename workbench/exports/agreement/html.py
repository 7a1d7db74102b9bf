"""The agreement report as one self-contained page: no script, no outside request."""

from collections.abc import Callable, Sequence
from html import escape

from workbench.annotations.disagreement import Choice, DisputedParagraph
from workbench.annotations.figures import Agreement, CodeAgreement, Figure, Interval
from workbench.exports.agreement.intervals import draw_intervals
from workbench.exports.agreement.methods import BANDS, methods_of
from workbench.exports.agreement.report import (
    AgreementReport,
    show_figure,
    show_interval,
    show_percent,
)
from workbench.exports.page import plain_table, render_page, scrolling_table

#: The page shows this many disputed paragraphs; agreement.json has all of them.
MOST_DISPUTED = 50
MOST_CONFUSED = 20


def render_agreement_html(report: AgreementReport) -> str:
    """The whole page; every text in it that came from outside is escaped."""
    agreement = report.agreement
    sections = [
        _summary(agreement),
        _codes(agreement),
        _plot(agreement),
        _sets(agreement),
        _kappas(agreement),
        _coders(agreement),
        _confused(report),
        _disputed(report),
        _methods(agreement),
    ]
    return render_page(report.title, report.made_at, sections, "agreement.css")


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
        _figure(code.alpha) + _under(code.alpha, code.alpha_interval, said),
        _figure(code.ac1, said=said) + _under(code.ac1, code.ac1_interval, said),
        _figure(code.mean_kappa, said=said),
        show_percent(code.percent_agreement),
        _figure(code.positive_agreement, show_percent),
        _figure(code.negative_agreement, show_percent),
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
        ("Alpha, MASI distance", _figure(sets.masi), _interval(sets.masi_interval)),
        ("Alpha, Jaccard distance", _figure(sets.jaccard), _interval(sets.jaccard_interval)),
        ("Alpha, exact sets only", _figure(sets.exact), _interval(sets.exact_interval)),
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
        figures = (_figure(pair.kappa) for pair in pairs)
        rows.append((names, f"{pairs[0].paragraphs:,}", *figures))
    caption = "Cohen's kappa of every two coders, on the paragraphs that both coded."
    return "<h2>Coder by coder</h2>" + scrolling_table(
        "kappas", caption, head, rows, numbers_from=1
    )


def _coders(agreement: Agreement) -> str:
    rows = [(escape(c.coder), f"{c.paragraphs:,}", f"{c.pairable:,}") for c in agreement.coders]
    head = ("Coder", "Paragraphs", "Coded by others too")
    return scrolling_table("coders", "How much each coder coded.", head, rows, numbers_from=1)


def _confused(report: AgreementReport) -> str:
    if not report.confused:
        return ""
    rows = [
        (
            escape(pair.code),
            escape(pair.other) if pair.other else "<i>nothing in its place</i>",
            f"{pair.paragraphs:,}",
            f"{pair.pairs:,}",
        )
        for pair in report.confused[:MOST_CONFUSED]
    ]
    caption = "Codes that one coder gave where another gave something else, most frequent first."
    head = ("One coder", "The other", "Paragraphs", "Pairs of codings")
    return "<h2>Confused codes</h2>" + scrolling_table(
        "confused", caption, head, rows, numbers_from=2
    )


def _disputed(report: AgreementReport) -> str:
    disputed = report.shown_disputed()
    intro = f"{len(disputed):,} paragraphs are disputed"
    if not disputed:
        return "<h2>Most disputed paragraphs</h2><p>No paragraph is disputed.</p>"
    if len(disputed) > MOST_DISPUTED:
        intro += f"; the {MOST_DISPUTED} most disputed are shown, all are in agreement.json"
    if not report.with_text:
        intro += "; the paragraphs' text and the coders' comments are left out"
    shown = "".join(
        _article(number, item, report)
        for number, item in enumerate(disputed[:MOST_DISPUTED], start=1)
    )
    return f"<h2>Most disputed paragraphs</h2><p>{intro}.</p>{shown}"


def _article(number: int, item: DisputedParagraph, report: AgreementReport) -> str:
    heading, text = escape(item.unit), ""
    where = f"distance {item.distance:.3f}, on {escape(', '.join(item.codes))}"
    if paragraph := report.paragraphs.get(item.unit):
        section = " › ".join((paragraph.report_id, *paragraph.section))
        heading, where = escape(section), f"{where} · {escape(item.unit)}"
        text = f'<p class="text">{escape(paragraph.text)}</p>' if report.with_text else ""
    commented = any(choice.comment for choice in item.choices)
    rows = [_choice_row(choice, commented) for choice in item.choices]
    head = ("Coder", "Codes", "Comment") if commented else ("Coder", "Codes")
    return (
        f'<article><h3>{number}. {heading}</h3><p class="where">{where}</p>{text}'
        f"{plain_table(f'Codes given to {escape(item.unit)}', head, rows)}</article>"
    )


def _choice_row(choice: Choice, commented: bool) -> Sequence[str]:
    chips = "".join(f'<span class="code">{escape(code)}</span>' for code in choice.codes)
    row = (escape(choice.coder), chips or "<i>none of these</i>")
    return (*row, escape(choice.comment)) if commented else row


def _methods(agreement: Agreement) -> str:
    terms = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
        for name, text in methods_of(agreement).items()
    )
    return f'<h2>How each figure is computed</h2><dl class="methods">{terms}</dl>'


def _figure(figure: Figure, show: Callable[[Figure], str] = show_figure, said: str = "") -> str:
    """The figure, with the reason where it has no value, unless that was `said` already."""
    if figure.value is not None or figure.reason == said:
        return show(figure)
    return f'undefined<small class="reason">{escape(figure.reason)}</small>'


def _under(figure: Figure, interval: Interval, said: str) -> str:
    """The interval in small print under its figure; the reason where only it is missing."""
    if interval.low is not None:
        return f"<small>{show_interval(interval)}</small>"
    if figure.value is None and interval.reason == said:
        return ""
    return f'<small class="reason">no interval: {escape(interval.reason)}</small>'


def _interval(interval: Interval) -> str:
    if interval.low is None:
        return f'none<small class="reason">{escape(interval.reason)}</small>'
    return show_interval(interval)
