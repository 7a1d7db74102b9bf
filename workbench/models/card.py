"""The model card: what a reader of the figures has to know, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

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
        f"- Trained {meta['trained_at']} on {data['paragraphs']} coded paragraphs of"
        f" {len(data['reports'])} report(s): {', '.join(data['reports'])}.",
        f"- Data SHA-256 {data['sha256']}, seed {meta['seed']}.",
        f"- Model SHA-256 {meta['sha256']}.",
        "",
        "## How it was measured",
        "",
        f"Held out: {metrics['scheme']}. No paragraph was judged by a model trained on it."
        f" {metrics['caveat']}".rstrip(),
        "Thresholds were chosen without the held-out text. In square brackets the"
        f" {metrics['bootstrap']['level']:.0%} bootstrap interval over paragraphs"
        f" ({metrics['bootstrap']['samples']} samples): it does not say how the model does on"
        " another publisher's reports.",
        "",
    ]
    for part, title in _PARTS.items():
        lines += _render_part(title, part, metrics["methods"])
    lines += _render_limits(meta)
    return "\n".join(lines) + "\n"


def _render_part(title: str, part: str, methods: Mapping[str, Any]) -> list[str]:
    figures = methods["model"][part]
    lines = [f"## {title}: {figures['paragraphs']} paragraphs", ""]
    if not figures["paragraphs"]:
        return [*lines, "None.", ""]
    lines += ["| method | micro F1 | macro F1 |", "|---|---|---|"]
    for method, name in _METHODS.items():
        of_method = methods[method][part]
        cells = (name, _cell(of_method["micro_f1"]), _cell(of_method["macro_f1"]))
        lines.append(_row(cells))
    lines += ["", _row(("code", "support", *_FIGURES.values())), "|---" * 6 + "|"]
    for code, of_code in figures["codes"].items():
        of_names = [_cell(of_code[name]) for name in _FIGURES]
        lines.append(_row((code, str(of_code["support"]), *of_names)))
    return [*lines, ""]


def _render_limits(meta: Mapping[str, Any]) -> list[str]:
    lines = ["## Limits", ""]
    if meta["insufficient"]:
        lines.append("Too few labels, so the model never gives these codes:")
        lines += ["", *(f"- {code}: {why}" for code, why in meta["insufficient"].items()), ""]
    lines += [
        "It knows the reports it was trained on. On another publisher's reports read a sample"
        " of its answers before you count them.",
        "",
        "Thresholds: "
        + ", ".join(f"{code} {value:.2f}" for code, value in meta["thresholds"].items())
        + ".",
        "",
        "Made with " + ", ".join(f"{name} {v}" for name, v in meta["packages"].items()) + ".",
    ]
    return lines


def _cell(figure: Mapping[str, float | None]) -> str:
    if figure["value"] is None:
        return "\u2013"
    if figure["low"] is None:
        return f"{figure['value']:.2f}"
    return f"{figure['value']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
