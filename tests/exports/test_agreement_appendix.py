"""What the agreement report says in words, and its tables, in every case there is."""

import csv
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.agreement_files import awkward_lines, report_of
from workbench.annotations.figures import Figure, Interval
from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.figure_rows import (
    CSV_HEAD,
    defuse,
    figure_row,
    list_figures,
    render_csv,
)
from workbench.exports.agreement.references import references_in
from workbench.exports.agreement.report import show_figure, show_interval
from workbench.exports.agreement.tables import MOST_ON_A_PAGE, render_latex, render_markdown

LATEX = shutil.which("pdflatex") or shutil.which("lualatex") or shutil.which("tectonic")


def coded(units: int, *coders, reports: int = 0, **extra) -> list[str]:
    """Lines of codings; each of `coders` maps a unit's number to its codes, or None to no line."""
    lines = []
    for number in range(units):
        for place, choose in enumerate(coders):
            codes = choose(number)
            if codes is not None:
                line = {"unit": f"p{number}", "annotator": "abcdefgh"[place], "codes": codes}
                if reports:
                    line["report"] = f"r{number % reports}"
                line |= {name: make(number, place) for name, make in extra.items()}
                lines.append(json.dumps(line))
    return lines


def labor(number: int) -> list[str]:
    return ["labor"] if number % 2 else []


def slipping(number: int) -> list[str]:
    return ["labor"] if (number % 2) ^ (number % 20 == 0) else []


def test_two_coders_have_cohens_kappa_in_the_text() -> None:
    report = report_of(coded(60, labor, slipping))
    text = write_appendix(report)
    assert text.startswith(
        "Two coders made 120 decisions on 60 paragraphs, all of which were coded by two coders or "
        "more. A paragraph was given the code labor or not."
    )
    code = report.agreement.codes[0]
    interval = show_interval(code.alpha_interval)
    assert (
        f"labor (alpha {show_figure(code.alpha)} {interval}, AC1 {show_figure(code.ac1)}, kappa "
        f"{show_figure(code.mean_kappa)}, positive agreement"
    ) in text
    assert any("Cohen, J. (1960)" in reference for reference in references_in(text))


def test_three_coders_have_no_pairwise_kappa_in_the_text() -> None:
    text = write_appendix(report_of(coded(60, labor, slipping, labor)))
    assert "kappa" not in text
    assert "Cohen" not in text


def test_paragraphs_of_one_coder_are_said_to_be_left_out_of_alpha() -> None:
    lines = coded(60, labor, lambda n: slipping(n) if n < 41 else None)
    text = write_appendix(report_of(lines))
    assert (
        "on 60 paragraphs, of which 41 were coded by two coders or more; the other 19 were coded "
        "by one coder only and left out of alpha."
    ) in text


def test_what_cannot_be_judged_is_told_with_its_reason() -> None:
    def choose(slip: int):
        def codes(n: int) -> list[str]:
            given = ["everywhere"]
            given += ["nearly everywhere"] if n > (3 if slip else 2) else []
            given += ["rare"] if n in (7, 8 + slip) else []
            return given

        return codes

    text = write_appendix(report_of(coded(40, choose(0), choose(1))))
    assert "No code could be judged." in text
    assert "nearly everywhere (withheld from 4 of 40 paragraphs)" in text
    assert "rare (given to 3 of 40 paragraphs)" in text
    assert "Given by every coder every time, so that alpha is undefined: everywhere." in text


def test_a_code_that_nobody_gave_has_nothing_to_agree_on() -> None:
    report = report_of(coded(60, labor, slipping))
    missing = replace(
        report.agreement.codes[0],
        code="unused",
        alpha=Figure(None, "no variation: every coding is the same"),
        alpha_interval=Interval(None, None, "no variation: every coding is the same"),
        band="undefined",
        positives=0,
    )
    agreement = replace(report.agreement, codes=(*report.agreement.codes, missing))
    text = write_appendix(replace(report, agreement=agreement))
    assert "Given by no coder, so that there is nothing to agree on: unused." in text


def test_agreement_by_chance_is_called_not_reliable() -> None:
    lines = coded(80, labor, lambda n: ["labor"] if n % 4 < 2 else [])
    text = write_appendix(report_of(lines))
    assert "No code reached either threshold. Not reliable: labor (alpha " in text


def test_perfect_agreement_cites_the_exact_limit_and_no_bootstrap() -> None:
    text = write_appendix(report_of(coded(60, labor, labor)))
    assert "Clopper and Pearson 1934" in text
    assert "bootstrap" not in text
    assert "Reliable: labor (alpha 1.000 [0." in text


@pytest.mark.parametrize(
    ("reports", "said", "cited"),
    [
        (12, "drew whole reports, 12 of them", True),
        (3, "that drew paragraphs. Paragraphs of one report may resemble one another", False),
        (0, "that drew paragraphs. Paragraphs of one report may resemble one another", False),
    ],
)
def test_what_the_bootstrap_drew_is_said(reports: int, said: str, cited: bool) -> None:
    text = write_appendix(report_of(coded(120, labor, slipping, reports=reports)))
    assert "of 100 resamples (seed 0)" in text
    assert said in text
    assert ("Davison and Hinkley 1997" in text) == cited


def test_one_code_each_is_one_nominal_variable() -> None:
    lines = coded(60, lambda n: ["xyz"[n % 3]], lambda n: ["xyz"[(n + (n % 10 == 0)) % 3]])
    report = report_of(lines)
    text = write_appendix(report)
    assert "Every decision named exactly one of 3 codes." in text
    answers = report.agreement.answers
    assert f"taken as one nominal variable, alpha was {show_figure(answers.alpha)} [" in text
    assert "MASI" not in text


def test_prelabels_and_the_share_without_them_are_told() -> None:
    def seen(number: int, place: int) -> list[str] | None:
        return labor(number) if number % 4 else None

    text = write_appendix(report_of(coded(100, labor, slipping, prelabel=seen)))
    assert "150 decisions were made with a pre-label on the page" in text
    assert "of 50 it is not known" in text
    assert "Whether pre-labels inflate agreement was not measured (no coding is known" in text


def test_only_what_is_cited_is_in_the_references() -> None:
    for lines in (awkward_lines(codes=5, coders=3), coded(60, labor, labor)):
        text = write_appendix(report_of(lines))
        cited = references_in(text)
        years = re.findall(r"([A-Z][a-z]+)(?: and [A-Z][a-z]+)? (\d{4})", text)
        assert {f"{name} {year}" for name, year in years} == {
            f"{entry.split(',')[0]} {re.search(r'[(](.{4})[)]', entry)[1]}" for entry in cited
        }


def test_of_many_codes_only_alpha_stands_in_the_text() -> None:
    text = write_appendix(report_of(awkward_lines(codes=20, coders=4)))
    assert "the table has the other figures" in text
    assert "positive paragraphs" not in text


def test_no_case_leaves_nan_or_none_in_the_text() -> None:
    for lines in (
        coded(1, lambda n: ["x"], lambda n: ["y"]),
        coded(2, lambda n: ["x"], lambda n: ["x"]),
        coded(3, lambda n: [], lambda n: []),
        awkward_lines(codes=4, coders=3, paragraphs=5),
    ):
        report = report_of(lines)
        for text in (write_appendix(report), render_markdown(report), render_latex(report)):
            assert not re.search(r"\b(nan|None|inf)\b", text)


def test_markdown_is_one_even_table_and_names_cannot_break_it() -> None:
    lines = coded(40, lambda n: ["a|b *c* <i>"] if n % 2 else ["_d_"], lambda n: ["_d_"])
    text = render_markdown(report_of(lines))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {11}
    assert "<i>" not in text.replace(r"\<i\>", "")
    assert text.count(r"\_d\_") >= 2  # in the table and in the text
    for heading in ("## Method and outcome", "## References", "## Notes"):
        assert heading in text.splitlines()


def test_a_latex_table_of_many_codes_runs_over_pages() -> None:
    report = report_of(awkward_lines(codes=MOST_ON_A_PAGE + 5, coders=4, paragraphs=60))
    text = render_latex(report)
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert r"\begin{table}" not in text
    assert r"\endhead" in text
    few = render_latex(report_of(coded(60, labor, slipping)))
    assert "longtable" not in few


def test_a_latex_row_never_begins_with_a_bracket() -> None:
    lines = coded(40, lambda n: ["[x]"] if n % 2 else [], lambda n: ["[x]"] if n % 3 else [])
    rows = [row for row in render_latex(report_of(lines)).splitlines() if row.endswith(r"\\")]
    assert any(row.startswith("{[}x{]} & ") for row in rows)
    assert not any(row.lstrip().startswith("[") for row in rows)


@pytest.mark.skipif(LATEX is None, reason="no LaTeX here")
@pytest.mark.parametrize("codes", [4, MOST_ON_A_PAGE + 5])
def test_the_latex_table_compiles(codes: int, tmp_path: Path) -> None:
    report = report_of(awkward_lines(codes=codes, coders=4, paragraphs=60))
    (tmp_path / "agreement.tex").write_text(render_latex(report), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage{booktabs,longtable}\n"
        "\\begin{document}\\input{agreement}\\end{document}\n"
    )
    done = subprocess.run(
        [LATEX, "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


names = st.text(max_size=20)
figures = st.one_of(
    st.floats(-1, 1).map(Figure), st.text(min_size=1, max_size=20).map(lambda r: Figure(None, r))
)


@given(st.lists(st.tuples(names, names, names, names, figures), max_size=8))
def test_what_csv_reads_back_is_what_was_written(rows) -> None:
    written = [figure_row(row[:4], row[4]) for row in rows]
    read = list(csv.reader(io.StringIO(render_csv(written), newline="")))
    assert tuple(read[0]) == CSV_HEAD
    assert [tuple(row) for row in read[1:]] == [tuple(map(defuse, row)) for row in written]
    for row, (*place, figure) in zip(read[1:], rows, strict=True):
        for cell, name in zip(row[:4], place, strict=True):
            assert cell.removeprefix("'").split() == name.removeprefix("'").split()
        if figure.value is None:
            assert row[4] == ""
        else:
            assert float(row[4]) == pytest.approx(figure.value, abs=5e-7)


@given(names)
def test_no_cell_of_the_csv_is_a_formula(name: str) -> None:
    cell = defuse(name)
    assert len(f"{cell}.".splitlines()) <= len(f"{name}.".splitlines())
    if cell[:1] in ("=", "+", "-", "@"):
        float(cell)


def test_every_figure_of_the_csv_is_that_of_the_report() -> None:
    report = report_of(awkward_lines(codes=5, coders=3))
    table = list(csv.DictReader(io.StringIO(render_csv(list_figures(report)), newline="")))
    found = {(r["part"], r["group"], r["code"], r["figure"]): r for r in table}
    assert len(found) == len(table)
    for code in report.agreement.codes:
        row = found["all", "", code.code, "alpha"]
        assert float(row["value"] or "nan") == pytest.approx(
            code.alpha.value if code.alpha.value is not None else float("nan"),
            abs=1e-6,
            nan_ok=True,
        )
        assert int(row["positives"]) == code.positives
    for coder in report.coders:
        for on in coder.codes:
            row = found["by coder", coder.coder, on.code, "gave"]
            assert float(row["value"]) == pytest.approx(on.gave.value, abs=1e-6)
    for need in report.needs:
        row = found["all", "", need.code, "paragraphs for an interval 0.2 wide"]
        assert (row["value"] or None) == (
            None if need.paragraphs is None else repr(float(need.paragraphs))
        )
    for row in table:
        assert row["value"] or row["reason"]
