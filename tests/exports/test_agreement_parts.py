"""The agreement report's breakdowns, comparisons, tables and appendix."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.as_json import agreement_json
from workbench.exports.agreement.compose import compose_report, subject_of
from workbench.exports.agreement.figure_rows import CSV_HEAD, render_csv
from workbench.exports.agreement.files import NAMES, write_agreement
from workbench.exports.agreement.html import render_agreement_html
from workbench.exports.agreement.html_disputed import choose_shown, filter_rules
from workbench.exports.agreement.references import references_in
from workbench.exports.agreement.tables import latex
from workbench.records import Annotation, Paragraph, PreLabel, Report

CODES = ("assembly", "labor", "torture")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = ("ana", "ben", "chloe")


def make_subject(**changes):
    """Sixty paragraphs of two invented reports, a fifth of them shown without pre-labels."""
    reports = [
        Report(f"veldria-{y}-{s}", f"Veldria {y}", s, "Veldria", y, "f", "", "utf-8", "text")
        for y, s in ((2019, "state"), (2020, "un"))
    ]
    paragraphs, annotations = [], []
    for number in range(120):
        report = reports[number % 2].report_id
        unit = f"{report}.{number:03}"
        paragraphs.append(
            Paragraph(unit, report, number, (f"Section {number % 3}",), "Dockers met.", 0, 12, ())
        )
        hidden = number % 5 == 0
        for place, coder in enumerate(PEOPLE):
            if number % 4 and place == 2:
                continue
            agreed = {"labor"} if number % 3 == 0 else {"assembly"} if number % 3 == 1 else set()
            slip = (number + place) % (5 if hidden else 23) == 0
            when = START + timedelta(days=number // 12, minutes=number)
            annotations.append(
                Annotation(
                    unit,
                    coder,
                    tuple(sorted(agreed ^ {"torture"} if slip else agreed)),
                    f"{unit}/{coder}",
                    "studio",
                    when,
                    when,
                    comment="Is =this= a slip?" if slip else "",
                    prelabel=None if hidden else PreLabel("codebook-1", tuple(sorted(agreed))),
                    hidden=hidden,
                )
            )
    ruling = replace(
        annotations[0], coder="lead", key="gold", origin="adjudication", codes=("torture",)
    )
    subject = subject_of(
        [*annotations, ruling],
        paragraphs,
        reports,
        CODES,
        model={p.paragraph_id: ("labor",) for p in paragraphs[::3]},
    )
    return replace(subject, **changes)


@pytest.fixture(scope="module")
def report():
    return compose_report(make_subject(), "Veldria", START, resamples=200, seed=3)


def test_every_part_has_its_place_on_the_page(report) -> None:
    page = render_agreement_html(report)
    for title in (
        "By report", "By source", "By section", "By week", "Each coder against the others",
        "Calibration set against the rest", "Pre-labels shown and hidden",
        "Coders against the gold", "Coders against the model", "How many more",
    ):  # fmt: skip
        assert f">{title}</h2>" in page, title
    assert "veldria-2019-state" in page
    assert "2026-W10" in page


def test_json_with_every_part_is_what_the_schema_describes(report) -> None:
    schema = json.loads(
        (resources.files("workbench.exports") / "agreement.schema.json").read_text("utf-8")
    )
    data = agreement_json(report)
    Draft202012Validator(schema).validate(data)
    assert [b["dimension"] for b in data["breakdowns"]] == ["report", "source", "section", "week"]
    del data["prelabels"]["kept"]
    assert list(Draft202012Validator(schema).iter_errors(data))


def test_hidden_paragraphs_stand_against_those_with_prelabels(report) -> None:
    effect = report.prelabels
    assert effect.hidden == sum(a.hidden for a in make_subject().annotations if a.coder != "lead")
    assert effect.kept + effect.changed == effect.shown
    assert effect.comparison.differences[-1].verdict == "higher"
    assert "where they were hidden" in (written(report, "agreement.md"))


def test_an_annotation_without_a_prelabel_that_was_not_hidden_is_unknown() -> None:
    subject = make_subject()
    lost = tuple(replace(a, hidden=False) for a in subject.annotations)
    effect = compose_report(replace(subject, annotations=lost), "V", START, resamples=100).prelabels
    assert effect.hidden == 0
    assert effect.unknown > 40
    assert effect.comparison is None


def test_csv_has_a_line_for_every_part_and_no_nan(report) -> None:
    rows = list(csv.DictReader(written(report, "agreement.csv").splitlines()))
    assert tuple(rows[0]) == CSV_HEAD
    parts = {row["part"] for row in rows}
    assert parts == {
        "all", "by coder", "by report", "by source", "by section", "by week", "calibration",
        "pre-labels", "against the gold", "against the model",
    }  # fmt: skip
    for row in rows:
        assert "nan" not in (row["value"], row["low"], row["high"])
        assert row["value"] or row["reason"], row
    alpha = next(
        r for r in rows if (r["part"], r["code"], r["figure"]) == ("all", "labor", "alpha")
    )
    assert float(alpha["value"]) == pytest.approx(report.agreement.codes[1].alpha.value, abs=1e-6)


def test_a_coder_named_like_a_formula_is_text_in_a_spreadsheet() -> None:
    text = render_csv(iter([("all", "=cmd()", "x", "alpha", "-0.5", "", "", "", "", "", "")]))
    row = next(csv.reader(text.splitlines()[1:]))
    assert row[1] == "'=cmd()"
    assert row[4] == "-0.5"


def test_appendix_text_names_method_figures_and_seed(report) -> None:
    text = written(report, "agreement.md")
    assert "Three coders made" in text
    assert "200 resamples (seed 3)" in text
    labor = report.agreement.codes[1]
    assert f"labor (alpha {labor.alpha.value:.3f}" in text
    assert "- Krippendorff, K. (2004)" in text


def test_appendix_text_tells_of_prelabels_gold_and_model(report) -> None:
    text = " ".join(write_appendix(report).split())
    effect = report.prelabels
    assert f"{effect.shown} decisions were made with a pre-label on the page" in text
    assert f"{effect.hidden} (20.0 %) were made on paragraphs shown without one by design" in text
    shown, hidden = effect.comparison.first.masi, effect.comparison.second.masi
    assert f"alpha was {shown.value:.3f} where pre-labels were shown" in text
    assert f"and {hidden.value:.3f} where they were hidden" in text
    assert "agreement was higher with pre-labels, which raises the figures" in text
    assert "1 paragraph was adjudicated" in text
    assert "low by design" in text
    ana = report.standards[1].coders[0]
    assert f"in {ana.exact.value * 100:.1f} % of {ana.paragraphs} (ana)" in text


def test_json_and_page_hold_the_text_for_the_appendix(report) -> None:
    text = write_appendix(report)
    data = agreement_json(report)
    assert data["appendix"] == {"text": text, "references": references_in(text)}
    page = render_agreement_html(report)
    for part in text.split("\n\n"):
        assert f"<p>{escape(part)}</p>" in page


def test_latex_table_closes_what_it_opens_and_has_a_row_for_every_code(report) -> None:
    text = written(report, "agreement.tex")
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    assert re.findall(r"\\end\{(\w+)\}", text) == opened[::-1]
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 1 + len(CODES) + 1
    assert {line.count("&") - line.count(r"\&") for line in rows} == {9}


@given(st.text())
def test_no_text_breaks_out_of_latex(text: str) -> None:
    shown = latex(text)
    bare = shown
    words = ("backslash", "asciitilde", "asciicircum", "less", "greater", "bar")
    safe = (*(rf"\text{word}{{}}" for word in words), "{[}", "{]}", "{*}")
    for mark in safe:
        bare = bare.replace(mark, "")
    assert not re.search(r"(?<!\\)[][*<>|\"&%$#_{}~^]", bare)


def test_filters_choose_by_code_report_and_coder_without_a_script(report) -> None:
    page = render_agreement_html(report)
    assert "<script" not in page
    for name in ("report", "coder"):  # all are about one code
        assert f'<input type="radio" name="{name}" checked>' in page
        assert f"body:has(#{name}-0:checked) article:not(.{name}-0)" in filter_rules(report)


def test_every_code_has_disputed_paragraphs_on_the_page_however_many_others_have(report) -> None:
    item = report.disputed[0]
    many = [replace(item, unit=f"u{n}", codes=("labor",)) for n in range(400)]
    rare = [replace(item, unit=f"r{n}", codes=("assembly",)) for n in range(30)]
    shown = choose_shown([*many, *rare])
    assert sum("assembly" in item.codes for item in shown) == 20
    assert len(shown) == 170


def test_without_text_no_file_has_text_or_comment(tmp_path) -> None:
    report = compose_report(make_subject(), "V", START, resamples=100, with_text=False)
    paths = write_agreement(tmp_path, report)
    assert [path.name for path in paths] == list(NAMES)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert "Dockers met" not in text
        assert "a slip?" not in text


def written(report, name: str) -> str:
    """The text of one of the files."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        paths = {path.name: path for path in write_agreement(Path(folder), report)}
        return paths[name].read_text(encoding="utf-8")
