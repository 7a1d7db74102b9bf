"""The model card: what a reader of the figures has to know, as Markdown."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from workbench.models.folds import NEAR
from workbench.models.keepsakes import CALIBRATION_FILE, CURVE_FILE, PRECISION_RECALL_FILE
from workbench.models.resampling import BY_PARAGRAPH, BY_REPORT

_METHODS = {
    "model": "this model",
    "baseline": "TF-IDF + logistic regression",
    "cold_start": "indicator phrases alone",
}
_PARTS = {
    "all": "All held-out paragraphs",
    "new": "New text only",
    "carried_over": "Text carried over from a training report",
}
_UNITS = {
    BY_PARAGRAPH: "paragraphs, near duplicates drawn together",
    BY_REPORT: "reports, drawn whole",
}
_CEILING = (
    "Coders: each against the majority of the others, on the {paragraphs} paragraphs that two or"
    " more coded. No model that learns from them can be shown to do better."
)
_LABELS = {
    "majority": "what more than half of a paragraph's coders chose",
    "dawid-skene": "what its coders chose, weighed by how reliable each is (Dawid and Skene)",
}
_FIGURES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average precision",
}


def render_card(meta: Mapping[str, Any]) -> str:
    """The card for the content of a `meta.json`."""
    metrics = meta["metrics"]
    taxonomy, data = meta["taxonomy"], meta["data"]
    lines = [
        f"# Model {meta['model_id']}",
        "",
        f"Gives the codes {', '.join(meta['codes'])} of the taxonomy {taxonomy['name']}"
        f" {taxonomy['version']} (SHA-256 {taxonomy['sha256']}) to paragraphs of human rights"
        " reports.",
        "",
        f"- Trained {meta['trained_at']} on {sum(data['own'].values())} coded paragraphs of"
        f" {len(data['own'])} report(s): {_count(data['own'])}.",
        *_render_carried(data["carried"]),
        f"- Data SHA-256 {data['sha256']}, seed {meta['seed']}.",
        *_render_learning(metrics),
        f"- Model SHA-256 {meta['sha256']}.",
        "",
        "## How it was measured",
        "",
        f"Held out: {metrics['scheme']}. No paragraph was judged by a model trained on it."
        f" {metrics['caveat']}".rstrip(),
        "Thresholds were chosen without the held-out text. In square brackets the"
        f" {metrics['bootstrap']['level']:.0%} bootstrap interval over"
        f" {_UNITS[metrics['bootstrap']['unit']]}"
        f" ({metrics['bootstrap']['samples']} samples): it does not say how the model does on"
        " another publisher's reports. One of [1.00, 1.00] says that no error was seen, not that"
        " there would be none.",
        explain_parts(metrics),
        *list_gaps(metrics),
        "",
    ]
    for part, title in _PARTS.items():
        lines += _render_part(title, part, metrics)
    lines += _render_reports(metrics)
    lines += _render_calibration(metrics["calibration"])
    lines += _render_plots(meta)
    lines += _render_limits(meta)
    return "\n".join(lines) + "\n"


def explain_parts(metrics: Mapping[str, Any]) -> str:
    """What is taken for new text and what for carried over, and what of it was learned from."""
    carried = metrics["methods"]["model"]["carried_over"]["paragraphs"]
    text = (
        f"New text has less than {metrics['new_below']:.0%} of its runs of three words in common"
        " (Jaccard) with any paragraph of the other reports."
    )
    if carried:
        edited = metrics["edited"]
        text += (
            f" {carried} paragraph(s) have more, and are carried over: {carried - edited} of them"
            f" with {NEAR:.0%} or more, whose copies were kept out of training, {edited} edited"
            " ones with less, whose copies were learned from."
        )
    return text


def list_reports(metrics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each held-out report's figure on new text (`figures.compute_micro_f1`), lowest first.

    Of one report, held out in parts, there is none; those without any new text are left out.
    """
    found = {name: f for fold in metrics["folds"] for name, f in fold["reports"].items()}
    if len(found) < 2:
        return {}
    return dict(sorted(found.items(), key=lambda item: (_rank(item[1]), item[0])))


def _rank(figure: Mapping[str, Any]) -> float:
    value = figure["micro_f1"]["value"]
    return 2.0 if figure["insufficient"] or value is None else float(value)


def list_gaps(metrics: Mapping[str, Any]) -> list[str]:
    """Which codes could not be learned while something was held out, a sentence for each fold."""
    return [
        f"While {', '.join(fold['held_out'])} was held out, the rest was too little to learn"
        f" {', '.join(f'{code} ({why})' for code, why in fold['abstained'].items())}: nothing was"
        " given there, and the figures count that as missed."
        for fold in metrics["folds"]
        if fold["abstained"]
    ]


def _render_carried(carried: Mapping[str, int]) -> list[str]:
    if not carried:
        return []
    return [
        f"- It also learned from {sum(carried.values())} paragraphs that nobody coded themselves:"
        f" they have the words of a coded one, and its codes ({_count(carried)})."
    ]


def _count(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in numbers.items())


def _render_learning(metrics: Mapping[str, Any]) -> list[str]:
    """What counted for more or less in learning; models of former versions do not say."""
    lines = []
    if method := _LABELS.get(metrics.get("labels", "")):
        lines.append(f"- A label is {method}; an adjudicator's decision stands over it.")
    if metrics["repeated"]:
        lines.append(
            f"- {metrics['repeated']} of the paragraphs have the words of another, and its codes:"
            f" {metrics['paragraphs']} decisions in {metrics['reports']} report(s) were judged."
        )
    if metrics["undecided"]:
        lines.append(
            f"- {metrics['undecided']} label(s) are tied between the coders: not learned, not"
            " counted in any figure."
        )
    if metrics.get("embeddings"):
        lines.append(
            f"- Learned from sentence embeddings too, by {PurePath(metrics['embeddings']).name}"
            f" (SHA-256 {metrics['embeddings_sha256']}): it cannot answer without that model."
        )
    weights = metrics.get("weights", {"disputed": 0, "publishers": []})
    if weights["disputed"]:
        lines.append(f"- {weights['disputed']} label(s) on which coders disagreed count for less.")
    heavier = [
        f"{publisher['name'] or 'an unknown publisher'} ({publisher['paragraphs']} paragraphs)"
        f" counts {publisher['weight']:.3g} times"
        for publisher in weights["publishers"]
        if publisher["weight"] > 1
    ]
    if heavier:
        lines.append(f"- So that few labels weigh against many, {'; '.join(heavier)}.")
    if metrics.get("names"):
        lines.append(
            "- Names of people and places are no evidence; they were found by the spaCy pipeline"
            f" {metrics['names']}, and by their capitals."
        )
    return lines


def _render_part(title: str, part: str, metrics: Mapping[str, Any]) -> list[str]:
    methods = metrics["methods"]
    # The coders' own figures are of all text.
    ceiling = None if part == "carried_over" else metrics.get("ceiling")
    figures = methods["model"][part]
    lines = [f"## {title}: {figures['paragraphs']} paragraphs", ""]
    if not figures["paragraphs"]:
        return [*lines, "None.", ""]
    if all(of_code["insufficient"] for of_code in figures["codes"].values()):
        return [*lines, "Insufficient: too few of them carry any code.", ""]
    lines += ["| method | micro F1 | macro F1 |", "|---|---|---|"]
    # Models of older versions do not say what their baseline is.
    names = {**_METHODS, "baseline": metrics.get("baseline", _METHODS["baseline"])}
    shown = [(name, methods[method][part]) for method, name in names.items()]
    if ceiling:
        shown.append(("one coder against the others", ceiling))
    for name, of_method in shown:
        lines.append(_row((name, _cell(of_method["micro_f1"]), _cell(of_method["macro_f1"]))))
    header = ("code", "support", *_FIGURES.values(), *(["coders' F1"] if ceiling else []))
    lines += ["", _row(header), "|---" * len(header) + "|"]
    for code, of_code in figures["codes"].items():
        of_names = [_cell(of_code[name]) for name in _FIGURES]
        if of_code["insufficient"]:
            of_names = ["insufficient"] * len(_FIGURES)
        if ceiling:
            of_names.append(_cell(ceiling["codes"][code]["f1"]))
        lines.append(_row((code, str(of_code["support"]), *of_names)))
    if ceiling:
        lines += ["", _CEILING.format(paragraphs=ceiling["paragraphs"])]
    return [*lines, ""]


def _render_reports(metrics: Mapping[str, Any]) -> list[str]:
    reports = list_reports(metrics)
    if not reports:
        return []
    lines = [
        "## Each held-out report, new text only",
        "",
        _row(("report", "paragraphs", "codes they carry", "micro F1")),
        "|---" * 4 + "|",
    ]
    for name, figure in reports.items():
        told = "insufficient" if figure["insufficient"] else _cell(figure["micro_f1"])
        lines.append(_row((name, str(figure["paragraphs"]), str(figure["positives"]), told)))
    return [*lines, ""]


def _render_calibration(calibration: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Calibration on new text",
        "",
        "Brier score: the mean of (score - label)\u00b2, lower is better; beside it what giving"
        " every paragraph the code's share would score. Error: how far scores are from the share"
        " that carries the code, on average.",
        "",
        _row(("code", "Brier score", "of the share alone", "error")),
        "|---" * 4 + "|",
    ]
    for code, of_code in calibration.items():
        cells = [_cell(of_code["brier"], 3), _plain(of_code["brier_of_share"])]
        cells.append(_plain(of_code["error"]))
        lines.append(_row((code, *(["insufficient"] * 3 if of_code["insufficient"] else cells))))
    return [*lines, ""]


def _render_plots(meta: Mapping[str, Any]) -> list[str]:
    titles = {
        PRECISION_RECALL_FILE: "Precision and recall",
        CALIBRATION_FILE: "Calibration",
        CURVE_FILE: "Learning curve",
    }
    lines = ["## Plots", ""]
    lines += [f"![{title}]({name})" for name, title in titles.items() if name in meta["files"]]
    curve = meta["metrics"].get("learning_curve")
    return [*lines, "", *([curve["words"], ""] if curve else [])]


def _render_limits(meta: Mapping[str, Any]) -> list[str]:
    lines = ["## Limits", ""]
    if meta["insufficient"]:
        lines.append(
            "Too few labels, so the model never gives these codes, and no figure above counts them:"
        )
        lines += ["", *(f"- {code}: {why}" for code, why in meta["insufficient"].items()), ""]
    lines += [
        "It knows the reports it was trained on. On another publisher's reports read a sample"
        " of its answers before you count them.",
        "",
        "A code is given from this score on: "
        + ", ".join(f"{code} {value:.2f}" for code, value in meta["thresholds"].items())
        + ". They were chosen on the scores of all held-out text; the figures above are by those of"
        " each fold (meta.json), which its own text had no part in.",
        "",
        "Made with " + ", ".join(f"{name} {v}" for name, v in meta["packages"].items()) + ".",
    ]
    return lines


def _cell(figure: Mapping[str, float | None], places: int = 2) -> str:
    if figure["value"] is None:
        return "\u2013"
    if figure["low"] is None:
        return f"{figure['value']:.{places}f}"
    return f"{figure['value']:.{places}f} [{figure['low']:.{places}f}, {figure['high']:.{places}f}]"


def _plain(value: float | None) -> str:
    return "\u2013" if value is None else f"{value:.3f}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
