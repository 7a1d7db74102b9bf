"""The agreement report as one self-contained page: no script, no outside request. Pure."""

from html import escape

from workbench.annotations.figures import Agreement
from workbench.exports.agreement.html_breakdowns import render_breakdowns
from workbench.exports.agreement.html_codes import render_codes
from workbench.exports.agreement.html_comparisons import render_comparisons
from workbench.exports.agreement.html_disputed import filter_rules, render_disputed
from workbench.exports.agreement.methods import methods_of
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.page import render_page


def render_agreement_html(report: AgreementReport) -> str:
    """The whole page; every text in it that came from outside is escaped."""
    sections = [
        *render_codes(report.agreement),
        *render_comparisons(report),
        *render_breakdowns(report.breakdowns),
        *render_disputed(report),
        _methods(report.agreement),
    ]
    return render_page(
        report.title, report.made_at, sections, "agreement.css", filter_rules(report)
    )


def _methods(agreement: Agreement) -> str:
    terms = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
        for name, text in methods_of(agreement).items()
    )
    return f'<h2>How each figure is computed</h2><dl class="methods">{terms}</dl>'
