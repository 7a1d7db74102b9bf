"""The agreement report as plain JSON types, as agreement.schema.json describes them. Pure."""

from dataclasses import fields, is_dataclass

from workbench import __version__
from workbench.annotations.disagreement import DisputedParagraph
from workbench.annotations.figures import (
    CodeAgreement,
    Figure,
    Interval,
    PairAgreement,
    SetAgreement,
)
from workbench.exports.agreement.appendix import write_appendix
from workbench.exports.agreement.methods import methods_of
from workbench.exports.agreement.references import references_in
from workbench.exports.agreement.report import SOFTWARE, AgreementReport

FORMAT, FORMAT_VERSION = "workbench-agreement", 2


def agreement_json(report: AgreementReport) -> dict[str, object]:
    """The report as plain JSON types, as agreement.schema.json describes them."""
    agreement = report.agreement
    appendix = write_appendix(report)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "software": {"name": SOFTWARE, "version": __version__},
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
            "drawn": agreement.drawn,
            "drawn_reason": agreement.drawn_reason,
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
        "answers": _plain(agreement.answers),
        "breakdowns": _plain(report.breakdowns),
        "coders_against_others": _plain(report.coders),
        "calibration": _plain(report.calibration),
        "prelabels": _plain(report.prelabels),
        "standards": _plain(report.standards),
        "needs": _plain(report.needs),
        "notes": list(agreement.notes),
        "methods": methods_of(agreement),
        "appendix": {"text": appendix, "references": references_in(appendix)},
    }


def _code_json(code: CodeAgreement) -> dict[str, object]:
    return {
        "code": code.code,
        "band": code.band,
        "band_reason": code.band_reason,
        "pairable": code.pairable,
        "positives": code.positives,
        "negatives": code.negatives,
        "disputed": code.disputed,
        "prevalence": _figure_json(code.prevalence),
        "alpha": _figure_json(code.alpha, code.alpha_interval),
        "ac1": _figure_json(code.ac1, code.ac1_interval),
        "ac1_standard_error": _figure_json(code.ac1_standard_error),
        "percent_agreement": _figure_json(code.percent_agreement),
        "positive_agreement": _figure_json(code.positive_agreement),
        "negative_agreement": _figure_json(code.negative_agreement),
        "scott_pi": _figure_json(code.scott_pi),
        "fleiss_kappa": _figure_json(code.fleiss_kappa),
        "fleiss_kappa_gwet": _figure_json(code.fleiss_kappa_gwet),
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
        "alpha_masi_weighted": _figure_json(sets.masi_weighted),
        "percent_agreement": _figure_json(sets.percent_agreement),
        "distinct_sets": sets.distinct_sets,
    }


def _figure_json(figure: Figure, interval: Interval | None = None) -> dict[str, object]:
    shown: dict[str, object] = {"value": figure.value}
    if figure.value is None:
        shown["reason"] = figure.reason
    if interval is not None:
        shown["interval"] = _interval_json(interval)
    return shown


def _interval_json(interval: Interval) -> dict[str, object]:
    if interval.low is None:
        return {"low": None, "high": None, "reason": interval.reason}
    return {
        "low": interval.low,
        "high": interval.high,
        "method": interval.method,
        "drawn": interval.unit,
        "left_out": interval.left_out,
    }


def _plain(record: object) -> object:
    """A record, or several, as plain JSON types with the names of its fields."""
    if isinstance(record, Figure):
        return _figure_json(record)
    if isinstance(record, Interval):
        return _interval_json(record)
    if is_dataclass(record):
        return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    if isinstance(record, tuple):
        return [_plain(item) for item in record]
    return record


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
