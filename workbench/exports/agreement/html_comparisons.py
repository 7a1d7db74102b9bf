"""The page's part on one set of codings against another. Pure.

Calibration against the rest, pre-labels shown against hidden, the gold and a
model.
"""

from html import escape

from workbench.annotations.comparisons import HIGHER, LOWER, Difference, GroupComparison
from workbench.annotations.figures import Figure
from workbench.annotations.prelabelling import PrelabelEffect
from workbench.annotations.standards import StandardCode, StandardComparison
from workbench.exports.agreement.cells import FEW, few_cell, figure_cell, interval_under
from workbench.exports.agreement.layout import Grid, Section, draw_grid, fold, show_name
from workbench.exports.agreement.phrases import count
from workbench.exports.agreement.report import AgreementReport, show_percent
from workbench.exports.page import scrolling_table


def render_comparisons(report: AgreementReport) -> list[Section]:
    """Sections, each only where there is something to compare."""
    found = [
        _calibration(report.calibration),
        _prelabels(report.prelabels),
        *(_standard(standard) for standard in report.standards),
    ]
    return [section for section in found if section is not None]


def _calibration(comparison: GroupComparison | None) -> Section | None:
    if comparison is None:
        return None
    body = (
        "<p>Paragraphs that were meant for every coder, and all others.</p>"
        f"{_compared('calibration-table', comparison)}"
    )
    return Section("calibration", "Calibration set against the rest", body)


def _prelabels(effect: PrelabelEffect | None) -> Section | None:
    if effect is None or not effect.shown:
        return None
    intro = (
        f"{count(effect.shown, 'decision')} {_were(effect.shown)} made with a pre-label on the "
        f"page: {effect.kept:,} ({show_percent(effect.kept_share)}) kept its codes as they were, "
        f"{effect.changed:,} changed them. {effect.hidden:,} {_were(effect.hidden)} made on "
        "paragraphs shown without one by design."
    )
    if effect.unknown:
        intro += f" Of {effect.unknown:,} it is not known."
    against = (
        f"<p>{_inflated(effect.comparison)}</p>{_compared('shown', effect.comparison)}"
        if effect.comparison
        else f"<p>Whether they inflate agreement cannot be said: {escape(effect.reason)}.</p>"
    )
    body = f"<p>{intro}</p>{against}{_kept(effect)}"
    return Section("prelabels", "Pre-labels shown and hidden", body)


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _inflated(comparison: GroupComparison) -> str:
    """What the comparison comes to, over sets of codes."""
    overall = comparison.differences[-1]
    if overall.verdict == HIGHER:
        return (
            "<b>Agreement is higher where pre-labels were shown.</b> Take the figures of the "
            "paragraphs shown without them for how far coders agree by themselves."
        )
    if overall.verdict == LOWER:
        return "Agreement is lower where pre-labels were shown: they do not inflate it."
    if overall.reason:
        return f"Whether they inflate agreement cannot be said: {escape(overall.reason)}."
    return (
        "No clear difference between paragraphs shown with and without pre-labels; the interval "
        "of the difference says how large one may have gone unseen."
    )


def _kept(effect: PrelabelEffect) -> str:
    rows = [
        (
            show_name(code.code),
            f"{code.proposed:,}",
            f"{code.kept:,}{_share(code.kept_share)}",
            f"{code.removed:,}",
            f"{code.added:,}{_share(code.added_share)}",
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
        [(show_name(c.coder), f"{c.shown:,}", show_percent(c.kept_share)) for c in effect.coders],
        numbers_from=1,
    )
    return fold(len(rows), f"What was done with each of the {len(rows)} codes", kept) + fold(
        len(effect.coders), f"What each of the {len(effect.coders)} coders did", people
    )


def _share(figure: Figure) -> str:
    return "" if figure.value is None else f"<small>{show_percent(figure)}</small>"


def _compared(name: str, comparison: GroupComparison) -> str:
    first, second = comparison.first, comparison.second
    sides = [
        (
            figure_cell(left.alpha)
            if left.band not in ("insufficient", "undefined")
            else few_cell(left.alpha, left.positives, left.negatives, left.pairable)
            for left in group.codes
        )
        for group in (first, second)
    ]
    alphas = [*zip(*sides, strict=True), (figure_cell(first.masi), figure_cell(second.masi))]
    rows = [
        (
            show_name(difference.code),
            left,
            right,
            _difference(difference),
            f"the first is {difference.verdict}"
            if difference.verdict in (HIGHER, LOWER)
            else "not judged"
            if difference.reason
            else escape(difference.verdict),
        )
        for difference, (left, right) in zip(comparison.differences, alphas, strict=True)
    ]
    head = (
        "Code",
        f"{escape(first.group)} ({first.pairable:,})",
        f"{escape(second.group)} ({second.pairable:,})",
        "Difference, 95 % interval",
        "Judged",
    )
    caption = (
        "Alpha in both sets of paragraphs (in brackets how many two or more coded), and how far "
        f"they differ. Without an interval that leaves out 0 no difference is shown. {FEW}"
    )
    table = scrolling_table(name, caption, head, rows, numbers_from=1)
    return fold(len(rows), f"The table ({len(rows)} rows)", table)


def _difference(difference: Difference) -> str:
    if difference.value.value is None:
        return '<span class="quiet">none</span>'
    shown = f"{difference.value.value:+.3f}"
    if difference.interval.low is None:
        return f'<span class="quiet">{shown}</span>'
    return shown + interval_under(difference.value, difference.interval, "")


def _standard(standard: StandardComparison) -> Section | None:
    coders = [coder for coder in standard.coders if coder.paragraphs]
    if not coders:
        return None
    grid = Grid(
        "Coder",
        [show_name(coder.coder) for coder in coders],
        "Code",
        ["Paragraphs", "Same codes", *(show_name(code.code) for code in coders[0].codes)],
        [
            (f"{coder.paragraphs:,}", show_percent(coder.exact), *map(_against, coder.codes))
            for coder in coders
        ],
    )
    caption = (
        f"Cohen's kappa of each coder with {escape(standard.name)}, with its 95 % interval; below "
        f"it precision and recall, as if {escape(standard.name)} were the truth. {FEW}"
    )
    name = f"against-{'-'.join(standard.name.split())}"
    return Section(name, f"Coders against {standard.name}", draw_grid(f"{name}-t", caption, grid))


def _against(code: StandardCode) -> str:
    given = code.both + code.coder_only + code.standard_only
    lacking = code.neither + code.coder_only + code.standard_only
    if code.status != "ok":
        return few_cell(code.kappa, given, lacking, code.neither + given)
    return (
        f"{figure_cell(code.kappa)}{interval_under(code.kappa, code.kappa_interval, '')}"
        f"<small>precision {show_percent(code.precision)}</small>"
        f"<small>recall {show_percent(code.recall)}</small>"
    )
