"""The page's part on one set of codings against another. Pure.

Calibration against the rest, pre-labels shown against hidden, each coder
against the others, the gold and a model; how many more must be coded twice.
"""

from collections.abc import Iterable, Sequence
from html import escape

from workbench.annotations.coderagreement import CoderAgreement, CoderOnCode
from workbench.annotations.comparisons import Difference, GroupComparison
from workbench.annotations.needs import Need
from workbench.annotations.prelabelling import PrelabelEffect
from workbench.annotations.standards import StandardCode, StandardComparison
from workbench.exports.agreement.cells import figure_cell, interval_under
from workbench.exports.agreement.report import AgreementReport, show_percent
from workbench.exports.page import scrolling_table


def render_comparisons(report: AgreementReport) -> list[str]:
    """Sections, each only where there is something to compare."""
    return [
        _coders(report.coders),
        _calibration(report.calibration),
        _prelabels(report.prelabels),
        *(_standard(standard) for standard in report.standards),
        _needs(report.needs),
    ]


def _coders(coders: Sequence[CoderAgreement]) -> str:
    if len(coders) < 3:
        return ""
    head = ("Coder", "Shared", *(escape(code.code) for code in coders[0].codes))
    rows = [
        (
            escape(coder.coder),
            f"{coder.shared:,} of {coder.paragraphs:,}",
            *map(_on_code, coder.codes),
        )
        for coder in coders
    ]
    caption = (
        "Each coder's mean kappa with the others. In small print: how often the coder gave the "
        "code and how often the others did on the same paragraphs, and what alpha would gain "
        "(above 0) or lose without this coder."
    )
    table = scrolling_table("each-coder", caption, head, rows, numbers_from=1)
    return f"<h2>Each coder against the others</h2>{table}"


def _on_code(code: CoderOnCode) -> str:
    if code.status == "undefined":
        return f'undefined<small class="reason">{escape(code.reason)}</small>'
    change = "" if code.change.value is None else f"<br>alpha {code.change.value:+.3f}"
    few = f"<br>{escape(code.reason)}" if code.reason else ""
    return (
        f"{figure_cell(code.kappa)}<small>gave {show_percent(code.gave)}, others "
        f"{show_percent(code.others_gave)}{change}{few}</small>"
    )


def _calibration(comparison: GroupComparison | None) -> str:
    if comparison is None:
        return ""
    return (
        "<h2>Calibration set against the rest</h2><p>Paragraphs that every coder coded, and all "
        f"others.</p>{_compared('calibration', comparison)}"
    )


def _prelabels(effect: PrelabelEffect | None) -> str:
    if effect is None or not effect.shown:
        return ""
    intro = (
        f"{effect.shown:,} decisions were made with a pre-label on the page: "
        f"{show_percent(effect.kept_share)} kept its codes as they were, {effect.changed:,} "
        f"changed them. {effect.hidden:,} were made on paragraphs shown without one by design."
    )
    if effect.unknown:
        intro += f" Of {effect.unknown:,} it is not known."
    rows = [
        (
            escape(code.code),
            f"{code.proposed:,}",
            f"{code.kept:,}<small>{show_percent(code.kept_share)}</small>",
            f"{code.removed:,}",
            f"{code.added:,}<small>{show_percent(code.added_share)}</small>",
        )
        for code in effect.codes
    ]
    kept = scrolling_table(
        "kept",
        "What coders did with each pre-labelled code. Added: to paragraphs that it was not "
        "proposed for.",
        ("Code", "Proposed", "Kept", "Removed", "Added"),
        rows,
        numbers_from=1,
    )
    people = scrolling_table(
        "keepers",
        "How often each coder left a pre-label as it was.",
        ("Coder", "Decisions", "Kept"),
        [(escape(c.coder), f"{c.shown:,}", show_percent(c.kept_share)) for c in effect.coders],
        numbers_from=1,
    )
    against = (
        _compared("shown", effect.comparison)
        if effect.comparison
        else f"<p>Whether they inflate agreement cannot be said: {escape(effect.reason)}.</p>"
    )
    return f"<h2>Pre-labels shown and hidden</h2><p>{intro}</p>{against}{kept}{people}"


def _compared(name: str, comparison: GroupComparison) -> str:
    first, second = comparison.first, comparison.second
    alphas = [
        (left.alpha, right.alpha) for left, right in zip(first.codes, second.codes, strict=True)
    ]
    alphas.append((first.masi, second.masi))
    rows = [
        (
            escape(difference.code),
            figure_cell(left),
            figure_cell(right),
            _difference(difference),
            escape(difference.verdict),
        )
        for difference, (left, right) in zip(comparison.differences, alphas, strict=True)
    ]
    head = (
        "Code",
        f"{escape(first.group)} ({first.pairable:,})",
        f"{escape(second.group)} ({second.pairable:,})",
        "Difference, 95 % interval",
        "The first is",
    )
    caption = (
        "Alpha in both sets of paragraphs (how many two or more coded), and how far they differ. "
        "Without an interval that leaves out 0 no difference is shown."
    )
    return scrolling_table(name, caption, head, rows, numbers_from=1)


def _difference(difference: Difference) -> str:
    if difference.value.value is None:
        return f'<small class="reason">{escape(difference.reason)}</small>'
    return f"{difference.value.value:+.3f}" + interval_under(
        difference.value, difference.interval, ""
    )


def _standard(standard: StandardComparison) -> str:
    coders = [coder for coder in standard.coders if coder.paragraphs]
    if not coders:
        return ""
    head = ("Coder", "Paragraphs", "Same codes", *(escape(code.code) for code in coders[0].codes))
    rows = [
        (
            escape(coder.coder),
            f"{coder.paragraphs:,}",
            show_percent(coder.exact),
            *map(_against, coder.codes),
        )
        for coder in coders
    ]
    caption = (
        f"Cohen's kappa of each coder with {escape(standard.name)}, with its 95 % interval; below "
        "it precision and recall, as if that were the truth."
    )
    title = f"Coders against {escape(standard.name)}"
    name = f"against-{'-'.join(standard.name.split())}"
    return f"<h2>{title}</h2>" + scrolling_table(escape(name), caption, head, rows, numbers_from=1)


def _against(code: StandardCode) -> str:
    few = f'<small class="reason">{escape(code.reason)}</small>' if code.reason else ""
    if code.kappa.value is None:
        return f"undefined{few}"
    shown = few or interval_under(code.kappa, code.kappa_interval, "")
    return (
        f"{figure_cell(code.kappa)}{shown}<small>{show_percent(code.precision)}, "
        f"{show_percent(code.recall)}</small>"
    )


def _needs(needs: Iterable[Need]) -> str:
    rows = [
        (
            escape(need.code),
            "none" if need.width is None else f"{need.width:.3f}",
            _needed(need),
            "" if need.reports is None else f"{need.reports:,}",
        )
        for need in needs
    ]
    if not rows:
        return ""
    wanted = next(iter(needs)).wanted  # the same for all
    caption = (
        f"Paragraphs to be coded by two or more for an interval of alpha {wanted:g} wide, if what "
        "comes is like what was coded so far."
    )
    head = ("Code", "Width now", "Paragraphs, and how many more", "Reports")
    return "<h2>How many more</h2>" + scrolling_table("needs", caption, head, rows, numbers_from=1)


def _needed(need: Need) -> str:
    if need.paragraphs is None:
        return f'<small class="reason">{escape(need.reason)}</small>'
    few = "" if need.certain else f'<small class="reason">at least: {escape(need.reason)}</small>'
    more = "enough" if not need.more else f"{need.more:,} more"
    return f"{need.paragraphs:,}<small>{more}</small>{few}"
