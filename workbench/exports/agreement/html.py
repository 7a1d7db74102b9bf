"""The agreement report as one self-contained page: no script, no outside request. Pure."""

from html import escape

from workbench.annotations.figures import Agreement
from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.html_breakdowns import render_breakdowns
from workbench.exports.agreement.html_coders import render_coders
from workbench.exports.agreement.html_codes import render_codes
from workbench.exports.agreement.html_comparisons import render_comparisons
from workbench.exports.agreement.html_disputed import filter_rules, render_disputed
from workbench.exports.agreement.html_needs import render_needs
from workbench.exports.agreement.layout import Section, render_page_parts
from workbench.exports.agreement.methods import methods_of
from workbench.exports.agreement.references import references_in
from workbench.exports.agreement.report import AgreementReport
from workbench.exports.page import render_page


def render_agreement_html(report: AgreementReport) -> str:
    """The whole page; every text in it that came from outside is escaped."""
    sections = [
        *render_codes(report.agreement),
        *render_needs(report.needs, report.agreement),
        *render_coders(report),
        *render_comparisons(report),
        *render_breakdowns(report.breakdowns),
        _appendix(report),
        _methods(report.agreement),
        *render_disputed(report),
    ]
    return render_page(
        report.title,
        report.made_at,
        render_page_parts(sections),
        "agreement.css",
        filter_rules(report),
    )


def _appendix(report: AgreementReport) -> Section:
    text = write_appendix(report)
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    cited = "".join(f"<li>{escape(reference)}</li>" for reference in references_in(text))
    body = (
        "<p class='quiet'>Text to copy; the tables for it are in agreement.md and agreement.tex, "
        f"beside this page.</p><blockquote>{paragraphs}<h3>References</h3>"
        f"<ul>{cited}</ul></blockquote>"
    )
    return Section("appendix", "For an appendix", body)


def _methods(agreement: Agreement) -> Section:
    terms = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
        for name, text in methods_of(agreement).items()
    )
    return Section("methods", "How each figure is computed", f'<dl class="methods">{terms}</dl>')
