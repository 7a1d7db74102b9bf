"""`workbench models`."""

from collections.abc import Mapping
from typing import Any

import click

from workbench.cli.app import App
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table
from workbench.models.registry import CARD_FILE, find_model, list_models, read_meta
from workbench.records import ModelInfo

_METHODS = {
    "model": "this model",
    "baseline": "TF-IDF + logistic regression",
    "cold_start": "indicator phrases alone",
}
_PARTS = {"new": "new text", "carried_over": "carried over", "all": "all"}


@click.group(
    short_help="List or show registered models.", epilog="Example: workbench models show latest"
)
def command() -> None:
    """List or show registered models."""


@command.command("list", epilog="Example: workbench models list --json")
@json_option
@click.pass_obj
def list_(app: App, as_json: bool) -> None:
    """List the models, oldest first."""
    infos = list_models(app.workspace.folder("models"))
    if as_json:
        emit_json([read_meta(info) for info in infos])
        return
    if not infos:
        click.echo("no model yet; run `workbench train`")
        return
    rows = []
    for info in infos:
        meta = read_meta(info)
        new = meta["metrics"]["methods"]["model"]["new"]
        rows.append(
            (
                info.model_id,
                meta["data"]["paragraphs"],
                len(meta["data"]["reports"]),
                f"{info.taxonomy_name} {info.taxonomy_version}",
                show(new["micro_f1"]),
                show(new["macro_f1"]),
            )
        )
    header = (
        "model",
        "paragraphs",
        "reports",
        "taxonomy",
        "micro-F1, new text",
        "macro-F1, new text",
    )
    print_table(header, rows)


@command.command("show", epilog="Example: workbench models show latest")
@click.argument("model", default="latest")
@json_option
@click.pass_obj
def show_(app: App, model: str, as_json: bool) -> None:
    """Show a model's honest figures; MODEL is an id, the start of one, or `latest`."""
    info = find_model(app.workspace.folder("models"), model)
    if as_json:
        emit_json(read_meta(info))
    else:
        print_model(info)


def print_model(info: ModelInfo) -> None:
    """A model's figures for a person."""
    meta = read_meta(info)
    metrics = meta["metrics"]
    click.echo(f"model {info.model_id}, taxonomy {info.taxonomy_name} {info.taxonomy_version}")
    click.echo(f"held out: {metrics['scheme']}. {metrics['caveat']}".rstrip())
    for part, title in _PARTS.items():
        figures = metrics["methods"]["model"][part]
        if not figures["paragraphs"]:
            continue
        click.echo(f"\n{title}: {figures['paragraphs']} paragraphs")
        print_table(
            ("code", "support", "precision", "recall", "F1 [95 % interval]"),
            [
                (
                    code,
                    f["support"],
                    *(show(f[name]) for name in ("precision", "recall")),
                    show(f["f1"], True),
                )
                for code, f in figures["codes"].items()
            ],
        )
        print_table(
            ("method", "micro-F1 [95 % interval]", "macro-F1"),
            [
                (
                    name,
                    show(metrics["methods"][method][part]["micro_f1"], True),
                    show(metrics["methods"][method][part]["macro_f1"]),
                )
                for method, name in _METHODS.items()
            ],
        )
    for code, why in meta["insufficient"].items():
        click.echo(f"\n{code}: insufficient ({why}); the model never gives it")
    click.echo(f"\ncard: {info.path}/{CARD_FILE}")


def show(figure: Mapping[str, Any], interval: bool = False) -> str:
    """A figure to two places, with its interval if wanted; "undefined" where it is."""
    if figure["value"] is None:
        return "undefined"
    shown = f"{figure['value']:.2f}"
    if interval and figure["low"] is not None:
        shown += f" [{figure['low']:.2f}, {figure['high']:.2f}]"
    return shown
