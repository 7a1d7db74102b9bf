"""A paragraph of method text with the figures filled in, ready for an appendix. Pure."""

from collections.abc import Sequence

from workbench.annotations.agreement import FEWEST_POSITIVES, RELIABLE, TENTATIVE
from workbench.annotations.figures import Agreement, CodeAgreement, Figure, Interval
from workbench.exports.agreement.report import (
    AgreementReport,
    show_figure,
    show_interval,
    show_percent,
)

REFERENCES = (
    "Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical "
    "Association 82, 171-185.",
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of "
    "high agreement. British Journal of Mathematical and Statistical Psychology 61, 29-48.",
    "Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed. Sage.",
    "Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of "
    "Pennsylvania.",
    "Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and "
    "pragmatic annotation. LREC 2006.",
)


def write_appendix(report: AgreementReport) -> str:
    """Two paragraphs of plain text: how agreement was measured, and what came out."""
    outcome = [_outcome(report.agreement), _on_prelabels(report), _on_gold(report)]
    return f"{_method(report.agreement)}\n\n{' '.join(part for part in outcome if part)}"


def _method(agreement: Agreement) -> str:
    alone = agreement.paragraphs - agreement.pairable
    single = f"; the other {alone:,} were coded by one coder only" if alone else ""
    return (
        f"{_capital(_count(len(agreement.coders), 'coder'))} made {agreement.codings:,} decisions "
        f"on {_count(agreement.paragraphs, 'paragraph')}, of which {agreement.pairable:,} were "
        f"coded by two coders or more{single}. Each paragraph could be given any number of the "
        f"{_count(len(agreement.codes), 'code')}, or none. For each code, agreement was measured "
        "with Krippendorff's alpha for nominal data (Krippendorff 2011), and Gwet's AC1 (2008) is "
        "given beside it, since alpha is low and AC1 high for rare codes. The 95 % intervals are "
        "from a bias-corrected and accelerated bootstrap (Efron 1987) that draws "
        f"{agreement.drawn}s, with {agreement.resamples:,} resamples (seed {agreement.seed}). "
        f"Following Krippendorff (2004, p. 241), a code is called reliable where the lower end of "
        f"alpha's interval is at least {RELIABLE:.3f} and tentative where it is at least "
        f"{TENTATIVE:.3f}; a code that fewer than {FEWEST_POSITIVES} paragraphs have, or lack, is "
        "not judged. "
        "Agreement on all the codes of a paragraph together was measured with alpha and the "
        "distance MASI (1 - J * M, Passonneau 2006); two coders who both chose no code agree."
    )


def _outcome(agreement: Agreement) -> str:
    sentences = []
    for band, verdict in (
        ("reliable", "reliable"),
        ("tentative", "tentatively reliable"),
        ("unreliable", "not reliable"),
    ):
        if codes := [code for code in agreement.codes if code.band == band]:
            sentences.append(f"{_capital(verdict)}: {_list([_code(code) for code in codes])}.")
    if codes := [c for c in agreement.codes if c.band in ("insufficient", "undefined")]:
        named = [f"{c.code} (given to {c.positives:,} of {c.pairable:,} paragraphs)" for c in codes]
        sentences.append(f"Not judged, since the data are too few: {_list(named)}.")
    sets = agreement.sets
    sentences.append(
        f"Over whole sets of codes alpha was {_with_interval(sets.masi, sets.masi_interval)}; the "
        f"coders gave exactly the same codes in {show_percent(sets.percent_agreement)} of the "
        "pairs of decisions."
    )
    return " ".join(sentences)


def _on_prelabels(report: AgreementReport) -> str:
    effect = report.prelabels
    if effect is None or not effect.shown:
        return ""
    text = (
        f"{effect.shown:,} decisions were made with a pre-label on the page, of which "
        f"{show_percent(effect.kept_share)} kept its codes"
    )
    if effect.comparison is None:
        return f"{text}; whether pre-labels inflate agreement was not measured."
    difference = effect.comparison.differences[-1]
    return (
        f"{text}. Over sets of codes alpha was {show_figure(effect.comparison.first.masi)} where "
        f"they were shown and {show_figure(effect.comparison.second.masi)} where they were hidden "
        f"by design (difference {_with_interval(difference.value, difference.interval)})."
    )


def _on_gold(report: AgreementReport) -> str:
    for standard in report.standards:
        if standard.name == "the gold":
            return f"{_capital(_count(standard.paragraphs, 'paragraph'))} were adjudicated."
    return ""


def _code(code: CodeAgreement) -> str:
    return (
        f"{code.code} (alpha {_with_interval(code.alpha, code.alpha_interval)}, AC1 "
        f"{show_figure(code.ac1)}, positive agreement {show_percent(code.positive_agreement)}, "
        f"{_count(code.positives, 'positive paragraph')})"
    )


def _with_interval(figure: Figure, interval: Interval) -> str:
    if figure.value is None:
        return f"undefined ({figure.reason})"
    return f"{show_figure(figure)} {show_interval(interval)}".strip()


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
