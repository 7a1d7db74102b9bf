"""Figures of models as tables on the terminal."""

from collections.abc import Mapping
from typing import Any

import click

from workbench.cli.output import print_table
from workbench.models.resampling import BY_PARAGRAPH, BY_REPORT

#: What the methods are called.
METHODS = {
    "model": "this model",
    "predict": "as predict answers (codebook half the say on unlike reports)",
    "baseline": "TF-IDF + logistic regression",
    "cold_start": "indicator phrases alone",
}
#: Reports that are shown one by one.
_MOST_REPORTS = 12
COUNTED = {BY_PARAGRAPH: "paragraphs (near duplicates together)", BY_REPORT: "whole reports"}


def print_part(
    title: str,
    part: str,
    figures_of: Mapping[str, Any],
    ceiling: Mapping[str, Any] | None = None,
    name: str = METHODS["model"],
) -> None:
    """A part of the paragraphs: the model's figures per code, then the methods side by side.

    `figures_of` has `methods` and, where there is one, says what the `baseline` is. `ceiling` is
    what `measure_ceiling` returned, `name` what the method `model` is called. Nothing is
    printed of a part without paragraphs.
    """
    methods = figures_of["methods"]
    figures = methods["model"][part]
    if not figures["paragraphs"]:
        return
    click.echo(f"\n{title}: {figures['paragraphs']} paragraphs")
    header = ["code", "support", "precision", "recall", "F1 [95 % interval]", "avg. precision"]
    rows = []
    for code, f in figures["codes"].items():
        row = [code, f["support"], show(f["precision"]), show(f["recall"]), show(f["f1"], True)]
        row.append(show(f["average_precision"]))
        if f["insufficient"]:
            row[2:] = ["insufficient", "", "", ""]
        if ceiling:
            row.append(show(ceiling["codes"][code]["f1"]))
        rows.append(row)
    if all(f["insufficient"] for f in figures["codes"].values()):
        click.echo("insufficient: too few of them carry any code")
        return
    print_table([*header, *(["coders' F1"] if ceiling else [])], rows)
    names = {**METHODS, "model": name, "baseline": figures_of.get("baseline", METHODS["baseline"])}
    compared = [(called, methods[m][part]) for m, called in names.items() if m in methods]
    if ceiling:
        compared.append(("one coder against the others", ceiling))
    click.echo("")
    print_table(
        ("method", "micro-F1 [95 % interval]", "macro-F1 [95 % interval]"),
        [(called, show(f["micro_f1"], True), show(f["macro_f1"], True)) for called, f in compared],
    )


def print_reports(reports: Mapping[str, Mapping[str, Any]]) -> None:
    """The figure of each held-out report (see `card.list_reports`); of many the lowest."""
    if not reports:
        return
    click.echo("\neach held-out report, new text only")
    rows = []
    for name, f in list(reports.items())[:_MOST_REPORTS]:
        told = "insufficient" if f["insufficient"] else show(f["micro_f1"], True)
        rows.append((name, f["paragraphs"], f["positives"], told))
    header = ("report", "paragraphs", "codes they carry", "micro-F1 [95 % interval]")
    print_table(header, rows)
    if len(reports) > len(rows):
        click.echo(f"... and {len(reports) - len(rows)} more, on the model's card")


def print_calibration(calibration: Mapping[str, Any]) -> None:
    """Brier scores and the calibration error per code."""
    click.echo("\ncalibration on new text (Brier score: lower is better)")
    rows = []
    for code, f in calibration.items():
        row = [code, show(f["brier"], True, 3), *map(_plain, (f["brier_of_share"], f["error"]))]
        rows.append([code, "insufficient", "", ""] if f["insufficient"] else row)
    header = ("code", "Brier score [95 % interval]", "of the share alone", "calibration error")
    print_table(header, rows)


def show(figure: Mapping[str, Any], interval: bool = False, places: int = 2) -> str:
    """A figure, with its interval if wanted; "undefined" where it is."""
    if figure["value"] is None:
        return "undefined"
    shown = f"{figure['value']:.{places}f}"
    if interval and figure["low"] is not None:
        shown += f" [{figure['low']:.{places}f}, {figure['high']:.{places}f}]"
    return shown


def _plain(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
