"""Agreement as files and as rows for the terminal."""

import json
from pathlib import Path

from workbench.annotations.disagreement import DisputedParagraph
from workbench.annotations.figures import (
    Agreement,
    CodeAgreement,
    Figure,
    Interval,
    PairAgreement,
    SetAgreement,
)
from workbench.exports.agreement_html import render_agreement_html
from workbench.exports.agreement_methods import methods_of
from workbench.exports.agreement_report import (
    AgreementReport,
    show_figure,
    show_interval,
    show_percent,
)
from workbench.files import open_whole

FORMAT, FORMAT_VERSION = "workbench-agreement", 1

__all__ = [
    "AgreementReport",
    "agreement_json",
    "agreement_table",
    "render_agreement_html",
    "write_agreement",
]


def write_agreement(folder: Path, report: AgreementReport) -> tuple[Path, Path]:
    """Write agreement.json and agreement.html into `folder`; returns their paths.

    Each is written whole or not at all. Raises WorkbenchError where the folder
    cannot be written.
    """
    data, page = folder / "agreement.json", folder / "agreement.html"
    with open_whole(data) as file:
        json.dump(agreement_json(report), file, ensure_ascii=False, indent=2, allow_nan=False)
        file.write("\n")
    with open_whole(page) as file:
        file.write(render_agreement_html(report))
    return data, page


def agreement_table(agreement: Agreement) -> list[tuple[str, ...]]:
    """Rows for the terminal, the header first, alpha over sets of codes last."""
    rows = [("code", "alpha [95 % interval]", "kappa (range)", "agree", "positives", "band")]
    for code in agreement.codes:
        rows.append(
            (
                code.code,
                f"{show_figure(code.alpha)} {show_interval(code.alpha_interval)}".strip(),
                _kappas(code),
                show_percent(code.percent_agreement),
                f"{code.positives} of {code.pairable}",
                code.band,
            )
        )
    sets = agreement.sets
    alpha = f"{show_figure(sets.masi)} {show_interval(sets.masi_interval)}".strip()
    rows.append(("all (MASI)", alpha, "", show_percent(sets.percent_agreement), "", ""))
    return rows


def agreement_json(report: AgreementReport) -> dict[str, object]:
    """The report as plain JSON types, as agreement.schema.json describes them."""
    agreement = report.agreement
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": report.title,
        "made_at": report.made_at.isoformat(),
        "with_text": report.with_text,
        "paragraphs": agreement.paragraphs,
        "pairable": agreement.pairable,
        "codings": agreement.codings,
        "bootstrap": {
            "resamples": agreement.resamples,
            "seed": agreement.seed,
            "level": agreement.level,
        },
        "coders": [
            {"coder": c.coder, "paragraphs": c.paragraphs, "pairable": c.pairable}
            for c in agreement.coders
        ],
        "codes": [_code_json(code) for code in agreement.codes],
        "sets": _sets_json(agreement.sets),
        "disputed": [_disputed_json(item, report) for item in report.shown_disputed()],
        "confused": [
            {"code": c.code, "other": c.other, "paragraphs": c.paragraphs, "pairs": c.pairs}
            for c in report.confused
        ],
        "notes": list(agreement.notes),
        "methods": methods_of(agreement),
    }


def _kappas(code: CodeAgreement) -> str:
    known = [pair.kappa.value for pair in code.pairs if pair.kappa.value is not None]
    mean = show_figure(code.mean_kappa)
    return f"{mean} ({min(known):.3f} to {max(known):.3f})" if len(known) > 1 else mean


def _code_json(code: CodeAgreement) -> dict[str, object]:
    return {
        "code": code.code,
        "band": code.band,
        "pairable": code.pairable,
        "positives": code.positives,
        "disputed": code.disputed,
        "prevalence": _figure_json(code.prevalence),
        "alpha": _figure_json(code.alpha, code.alpha_interval),
        "ac1": _figure_json(code.ac1, code.ac1_interval),
        "percent_agreement": _figure_json(code.percent_agreement),
        "positive_agreement": _figure_json(code.positive_agreement),
        "negative_agreement": _figure_json(code.negative_agreement),
        "scott_pi": _figure_json(code.scott_pi),
        "fleiss_kappa": _figure_json(code.fleiss_kappa),
        "conger_kappa": _figure_json(code.conger_kappa),
        "brennan_prediger": _figure_json(code.brennan_prediger),
        "mean_kappa": _figure_json(code.mean_kappa),
        "pairs": [_pair_json(pair) for pair in code.pairs],
    }


def _pair_json(pair: PairAgreement) -> dict[str, object]:
    return {
        "coders": [pair.coder_1, pair.coder_2],
        "paragraphs": pair.paragraphs,
        "cohen_kappa": _figure_json(pair.kappa),
        "percent_agreement": _figure_json(pair.percent_agreement),
    }


def _sets_json(sets: SetAgreement) -> dict[str, object]:
    return {
        "alpha_masi": _figure_json(sets.masi, sets.masi_interval),
        "alpha_jaccard": _figure_json(sets.jaccard, sets.jaccard_interval),
        "alpha_exact": _figure_json(sets.exact, sets.exact_interval),
        "percent_agreement": _figure_json(sets.percent_agreement),
        "distinct_sets": sets.distinct_sets,
    }


def _figure_json(figure: Figure, interval: Interval | None = None) -> dict[str, object]:
    shown: dict[str, object] = {"value": figure.value}
    if figure.value is None:
        shown["reason"] = figure.reason
    if interval is not None:
        shown["interval"] = {
            "low": interval.low,
            "high": interval.high,
            "method": interval.method,
            "left_out": interval.left_out,
        }
        if interval.low is None:
            shown["interval"] = {"low": None, "high": None, "reason": interval.reason}
    return shown


def _disputed_json(item: DisputedParagraph, report: AgreementReport) -> dict[str, object]:
    shown: dict[str, object] = {
        "paragraph_id": item.unit,
        "distance": item.distance,
        "codes": list(item.codes),
        "choices": [
            {"coder": c.coder, "codes": list(c.codes), "comment": c.comment} for c in item.choices
        ],
    }
    if paragraph := report.paragraphs.get(item.unit):
        shown["report_id"] = paragraph.report_id
        shown["section"] = list(paragraph.section)
        if report.with_text:
            shown["text"] = paragraph.text
    return shown
