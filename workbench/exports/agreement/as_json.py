"""The agreement report as plain JSON types, as agreement.schema.json describes them. Pure."""

from workbench.annotations.disagreement import DisputedParagraph
from workbench.annotations.figures import (
    CodeAgreement,
    Figure,
    Interval,
    PairAgreement,
    SetAgreement,
)
from workbench.exports.agreement.methods import methods_of
from workbench.exports.agreement.report import AgreementReport

FORMAT, FORMAT_VERSION = "workbench-agreement", 1


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
