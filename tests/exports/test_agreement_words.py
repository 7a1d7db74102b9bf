"""What the report says of its figures: their meaning, their limits, and what made them."""

import csv
import io
import json
import re
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from tests.exports.agreement_files import awkward_lines, report_of
from workbench import __version__
from workbench.annotations.rawcodings import read_codings
from workbench.errors import AgreementError
from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.compose import subject_of_raw
from workbench.exports.agreement.figure_rows import list_figures, render_csv
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.html_disputed import MOST_BUTTONS, filter_rules
from workbench.exports.agreement.report import show_figure, show_interval
from workbench.exports.agreement.tables import MOST_ON_A_PAGE, latex, render_latex


def line(unit, coder, codes, **fields):
    return json.dumps({"unit": unit, "annotator": coder, "codes": codes, **fields})


def one_code_each(units=60):
    """Three coders, one code each; a third of the paragraphs has only two of them."""
    return [
        line(f"p{n}", coder, ["xyz"[(n + (place == 1 and n % 10 == 0)) % 3]])
        for n in range(units)
        for place, coder in enumerate("abc")
        if place < 2 or n % 3
    ]


def agreed(units=60):
    """Two coders who agree on all paragraphs, of twelve reports."""
    return [
        line(f"p{n}", coder, ["labor"] if n % 2 else [], report=f"r{n % 12}")
        for n in range(units)
        for coder in "ab"
    ]


def test_the_share_of_same_codes_is_told_as_the_mean_over_paragraphs_that_it_is() -> None:
    # Of three coders two agree in one paragraph, of two both in the other: 1/3 and 1, not 2/4.
    lines = [line("p", c, codes) for c, codes in (("a", ["x"]), ("b", ["x"]), ("c", ["y"]))]
    lines += [line("q", c, ["x", "y"]) for c in "ab"]
    report = report_of(lines)
    text = write_appendix(report)
    assert (
        "on average over paragraphs, 66.7 % of the pairs of decisions gave exactly the same codes."
        in text
    )
    page = render_agreement_html(report)
    assert "Pairs of codings with the same codes, mean over paragraphs" in page


def test_of_one_code_each_the_share_is_a_mean_over_paragraphs_too() -> None:
    text = write_appendix(report_of(one_code_each()))
    assert re.search(
        r"on average over paragraphs, [\d.]+ % of the pairs of decisions named the same", text
    )


def test_an_exact_interval_is_not_said_to_draw_reports_and_the_text_warns() -> None:
    report = report_of(agreed())
    assert report.agreement.drawn == "report"
    shown = agreement_json(report)["codes"][0]["alpha"]["interval"]
    assert (shown["method"], shown["drawn"]) == ("exact", "paragraph")
    text = write_appendix(report)
    assert "paragraphs of one report resemble one another" in text
    assert "an exact one, of paragraphs" in render_latex(report)


def test_name_and_version_of_the_software_stand_in_json_and_text() -> None:
    data = agreement_json(report_of(agreed()))
    assert data["software"] == {"name": "workbench", "version": __version__}
    method = data["appendix"]["text"].split("\n\n")[0]
    assert f"computed with workbench {__version__}." in method


def test_one_code_each_has_gwets_kappa_his_standard_error_and_alphas_interval() -> None:
    report = report_of(one_code_each())
    answers = report.agreement.answers
    assert answers.single
    assert answers.fleiss_kappa.value is None  # some have two codings, some three
    data = agreement_json(report)
    schema = json.loads(
        (resources.files("workbench.exports") / "agreement.schema.json").read_text("utf-8")
    )
    assert list(Draft202012Validator(schema).iter_errors(data)) == []
    assert data["answers"]["fleiss_kappa_gwet"]["value"] == answers.fleiss_kappa_gwet.value
    assert data["answers"]["ac1_standard_error"]["value"] == answers.ac1_standard_error.value
    table = render_agreement_html(report).partition('id="answers"')[2].partition("</table>")[0]
    assert show_interval(answers.alpha_interval) in table
    assert f"standard error {show_figure(answers.ac1_standard_error)}" in table
    assert show_figure(answers.fleiss_kappa_gwet) in table
    rows = csv.DictReader(io.StringIO(render_csv(list_figures(report))))
    found = {row["figure"]: row["value"] for row in rows if row["code"] == "(one code each)"}
    assert float(found["standard error of AC1"]) == pytest.approx(
        answers.ac1_standard_error.value, abs=1e-6
    )
    assert found["Fleiss' kappa, Gwet's form"]


def test_a_filter_of_many_codes_is_folded_and_works() -> None:
    report = report_of(awkward_lines(codes=MOST_BUTTONS + 15, coders=4))
    page = render_agreement_html(report)
    fieldset = page.partition("<legend>Disputed code</legend>")[2].partition("</fieldset>")[0]
    buttons = fieldset.count('<input type="radio"')
    assert buttons > MOST_BUTTONS + 1
    every, _, folded = fieldset.partition("<details>")
    assert every.count("<input") == 1
    assert folded.count("<input") == buttons - 1
    last = f"body:has(#code-{buttons - 2}:checked) article:not(.code-{buttons - 2})"
    assert last in filter_rules(report)


def test_a_filter_of_few_codes_is_not_folded() -> None:
    page = render_agreement_html(report_of(awkward_lines(codes=6, coders=4)))
    fieldset = page.partition("<legend>Disputed code</legend>")[2].partition("</fieldset>")[0]
    assert "<input" in fieldset
    assert "<details>" not in fieldset


def test_names_from_right_to_left_do_not_turn_the_figures_of_the_plot() -> None:
    name = "تعذيب"
    lines = [line(f"p{n}", c, [name] if n % 2 else []) for n in range(40) for c in "ab"]
    page = render_agreement_html(report_of(lines))
    plot = page.partition("<svg")[2].partition("</svg>")[0]
    assert plot.count(name) == plot.count(f"\u2068{name}\u2069") == 2  # drawn, and described


def test_the_caption_of_a_long_latex_table_is_not_repeated() -> None:
    text = render_latex(report_of(awkward_lines(codes=MOST_ON_A_PAGE + 5, coders=4)))
    first, _, rest = text.partition(r"\endfirsthead")
    repeated, _, rows = rest.partition(r"\endhead")
    assert first.count(r"\caption") == first.count(r"\label") == 1
    assert r"\caption" not in repeated + rows
    assert r"\label" not in repeated + rows
    assert "Code & Alpha" in first
    assert "Code & Alpha" in repeated


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("*starred", "{*}starred"),
        ("a<b>c", r"a\textless{}b\textgreater{}c"),
        ("a|b", r"a\textbar{}b"),
        ('a"b', "a''b"),
    ],
)
def test_signs_that_latex_reads_otherwise_are_written_out(name: str, shown: str) -> None:
    assert latex(name) == shown


def test_a_file_that_says_what_was_hidden_measures_whether_prelabels_inflate() -> None:
    lines = [
        line(
            f"p{n}",
            coder,
            ["labor"] if (n + (place and n % 7 == 0)) % 2 else [],
            hidden=n % 3 == 0,
            prelabel=["labor"],
        )
        for n in range(120)
        for place, coder in enumerate("ab")
    ]
    effect = report_of(lines).prelabels
    assert (effect.shown, effect.hidden, effect.unknown) == (160, 80, 0)
    assert effect.comparison.first.pairable == 80
    assert effect.comparison.second.pairable == 40


def test_what_an_adjudicator_decided_in_a_file_is_the_gold_and_no_coding() -> None:
    lines = [*agreed(), line("p1", "lead", ["other"], adjudicated=True)]
    report = report_of(lines)
    assert {share.coder for share in report.agreement.coders} == {"a", "b"}
    (gold,) = report.standards
    assert (gold.name, gold.paragraphs) == ("the gold", 1)
    assert gold.coders[0].exact.value == 0
    assert "1 paragraph was adjudicated" in write_appendix(report)


def test_where_nothing_was_coded_twice_the_column_of_the_ids_is_named() -> None:
    lines = [json.dumps({"id": n, "coder": "ab"[n % 2], "codes": []}) for n in range(4)]
    with pytest.raises(AgreementError, match="no paragraph was coded by two coders") as raised:
        subject_of_raw(read_codings(lines, "x"))
    assert "another value in the column id," in raised.value.message
    assert "4 codings by 2 coders" in raised.value.message
    with pytest.raises(AgreementError, match="1 coding by 1 coder "):
        subject_of_raw(read_codings(lines[:1], "x"))


def test_one_of_a_thing_is_told_in_the_singular() -> None:
    lines = [line(f"p{n}", c, ["x"] if n else [], report="r") for n in range(2) for c in "ab"]
    lines[0] = line("p0", "a", [], report="r", prelabel=["x"])
    lines.append(line("alone", "a", [], report="r"))
    report = report_of(lines)
    page = render_agreement_html(report)
    text = f"{page} {write_appendix(report)} {render_latex(report)}"
    assert "1 decision was made with a pre-label" in page
    assert "1 report has paragraphs that two coders coded" in page
    assert "1 of 3 paragraphs was coded by one coder only: it counts" in page
    plural = r"\b1 (decisions|reports|coders|paragraphs|codes|codings|annotations|resamples)\b"
    assert not re.search(rf"(?<!of ){plural}", text)
