"""The page's part on the coders: every two of them, and each against the others. Pure."""

from collections.abc import Callable, Sequence
from html import escape

from workbench.annotations.coderagreement import CoderAgreement, CoderOnCode
from workbench.annotations.figures import Agreement
from workbench.exports.agreement.cells import figure_cell
from workbench.exports.agreement.coder_matrix import arrange_matrix, draw_matrix
from workbench.exports.agreement.layout import Grid, Section, draw_grid, fold, show_name
from workbench.exports.agreement.report import AgreementReport, show_percent
from workbench.exports.page import scrolling_table


def render_coders(report: AgreementReport) -> list[Section]:
    """Sections: how much each coded with every two coders' kappas, then each against the others."""
    agreement = report.agreement
    body = _amounts(agreement) + _matrix(agreement) + _kappas(agreement)
    sections = [Section("coders", "Coder by coder", body)]
    if len(report.coders) > 2:
        sections.append(
            Section("each-coder", "Each coder against the others", _each(report.coders))
        )
    return sections


def _amounts(agreement: Agreement) -> str:
    rows = [(show_name(c.coder), f"{c.paragraphs:,}", f"{c.pairable:,}") for c in agreement.coders]
    head = ("Coder", "Paragraphs", "Coded by others too")
    table = scrolling_table("amounts", "How much each coder coded.", head, rows, numbers_from=1)
    return fold(len(rows), f"How much each of the {len(rows)} coders coded", table)


def _matrix(agreement: Agreement) -> str:
    return draw_matrix(arrange_matrix(agreement)) if len(agreement.coders) > 2 else ""


def _kappas(agreement: Agreement) -> str:
    if not agreement.codes:
        return ""
    pairs = list(zip(*(code.pairs for code in agreement.codes), strict=True))
    grid = Grid(
        "Pair of coders",
        [f"{show_name(p[0].coder_1)} and {show_name(p[0].coder_2)}" for p in pairs],
        "Code",
        ["Paragraphs", *(show_name(code.code) for code in agreement.codes)],
        [
            (f"{p[0].paragraphs:,}", *(figure_cell(q.kappa, said=q.kappa.reason) for q in p))
            for p in pairs
        ],
    )
    caption = (
        "Cohen's kappa of every two coders, on the paragraphs that both coded; undefined where "
        "there are none, or where every coding on them is the same."
    )
    return draw_grid("kappas", caption, grid)


def _each(coders: Sequence[CoderAgreement]) -> str:
    return "".join(
        f"<h3>{title}</h3>{_on_codes(name, caption, coders, cell)}"
        for name, title, caption, cell in (
            (
                "with-others",
                "Agreement with the others",
                "Mean of the coder's kappas with every other coder, weighted by the paragraphs "
                "that the two share.",
                _kappa,
            ),
            (
                "given",
                "How often the code was given",
                "By this coder, and in small print by the others, on the same paragraphs. A coder "
                "who gives a code far more or less often than the others reads it differently.",
                _given,
            ),
            (
                "without",
                "Alpha without this coder",
                "In small print the change: above 0, the others agree better among themselves.",
                _without,
            ),
        )
    )


def _on_codes(
    name: str, caption: str, coders: Sequence[CoderAgreement], cell: Callable[[CoderOnCode], str]
) -> str:
    grid = Grid(
        "Coder",
        [show_name(coder.coder) for coder in coders],
        "Code",
        [show_name(code.code) for code in coders[0].codes],
        [tuple(map(cell, coder.codes)) for coder in coders],
    )
    return draw_grid(name, caption, grid)


def _kappa(code: CoderOnCode) -> str:
    if code.status == "ok":
        return figure_cell(code.kappa)
    return _reason(figure_cell(code.kappa, said=code.reason), code)


def _given(code: CoderOnCode) -> str:
    if code.gave.value is None:
        return _reason("undefined", code)
    return f"{show_percent(code.gave)}<small>{show_percent(code.others_gave)}</small>"


def _without(code: CoderOnCode) -> str:
    if code.alpha_without.value is None:
        return figure_cell(code.alpha_without)
    change = "" if code.change.value is None else f"<small>{code.change.value:+.3f}</small>"
    return figure_cell(code.alpha_without) + change


def _reason(shown: str, code: CoderOnCode) -> str:
    return f'<span class="quiet">{shown}</span><small class="reason">{escape(code.reason)}</small>'
