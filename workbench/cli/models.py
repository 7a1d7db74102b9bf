"""`workbench models`."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Any

import click

from workbench.annotations.consensus import MAJORITY
from workbench.cli.app import App
from workbench.cli.comparing import compare_on_gold, compare_on_held_out
from workbench.cli.figuretables import (
    COUNTED,
    print_calibration,
    print_part,
    print_reports,
    show,
)
from workbench.cli.options import json_option
from workbench.cli.output import emit_json, print_table, tell
from workbench.errors import ModelFileError
from workbench.models.card import explain_parts, list_gaps, list_reports
from workbench.models.comparing import explain_difference
from workbench.models.registry import (
    CARD_FILE,
    check_model,
    find_model,
    read_meta,
)
from workbench.models.shelf import survey_models
from workbench.records import ModelInfo

_NO_MODEL = "no model yet; run `workbench train`"
_PARTS = {"new": "new text", "carried_over": "carried over", "all": "all"}


@click.group(
    short_help="List, show or compare registered models.",
    epilog="Example: workbench models show latest",
)
def command() -> None:
    """List, show or compare registered models."""


@command.command("list", epilog="Example: workbench models list --json")
@json_option
@click.pass_obj
def list_(app: App, as_json: bool) -> None:
    """List the models, oldest first; damaged ones are named on standard error."""
    shelf = survey_models(app.workspace.folder("models"))
    errors = list(shelf.broken.values())
    sound: list[tuple[ModelInfo, dict[str, Any]]] = []
    for info in shelf.models:
        try:
            check_model(info)
            sound.append((info, read_meta(info)))
        except ModelFileError as error:
            errors.append(error)
    for error in errors:
        tell(f"not listed: {error.message}; {error.mend}")
    if as_json:
        emit_json([meta for _, meta in sound])
        return
    if not sound:
        click.echo("no sound model; run `workbench train`" if errors else _NO_MODEL)
        return
    rows = []
    for info, meta in sound:
        new = meta["metrics"]["methods"]["model"]["new"]
        rows.append(
            (
                info.model_id,
                sum(meta["data"]["own"].values()),
                len(meta["data"]["reports"]),
                f"{info.taxonomy_name} {info.taxonomy_version}",
                show(new["micro_f1"]),
                show(new["macro_f1"]),
                _name_needs(meta["metrics"]),
            )
        )
    header = (
        "model",
        "coded",
        "reports",
        "taxonomy",
        "micro-F1, new text",
        "macro-F1, new text",
        "made with",
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


@command.command(
    "compare", epilog="Example: workbench models compare 2031-05 latest --gold g.jsonl"
)
@click.argument("first")
@click.argument("second")
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    help="Compare on this JSONL file of text, section and codes (else on held-out text).",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="The seed (else train.seed).")
@json_option
@click.pass_obj
def compare_(
    app: App, first: str, second: str, gold: Path | None, seed: int | None, as_json: bool
) -> None:
    """Say whether the model SECOND is really better than FIRST, on the same paragraphs.

    With --gold both answer the paragraphs of that file that neither has learned from. Without, what
    was said of each paragraph while its report was held out is compared: that is the two ways of
    learning, not the two files. The interval is a paired bootstrap: both get the same resamples.
    """
    app.use(seed=seed)
    folder = app.workspace.folder("models")
    infos = find_model(folder, first), find_model(folder, second)
    number = app.workspace.number("seed")
    compared = (
        compare_on_gold(*infos, gold, app.codebook, number)
        if gold
        else compare_on_held_out(*infos, number)
    )
    ids = infos[0].model_id, infos[1].model_id
    measured = compared.measured
    sentences = [
        explain_difference(name, figure, *ids)
        for name, figure in (("micro-F1", measured.micro_f1), ("macro-F1", measured.macro_f1))
    ]
    if measured.identical:
        sentences = ["Both give every paragraph the same codes with the same scores."]
    elif len(measured.insufficient) == len(measured.codes):
        sentences = ["Too few of these paragraphs carry any code to say which model is better."]
    if as_json:
        figures: dict[str, Any] = asdict(measured) | {"insufficient": measured.insufficient}
        for name in ("micro_f1", "macro_f1"):
            figures[name]["verdict"] = getattr(measured, name).verdict
        told = {"remarks": compared.remarks, "words": sentences}
        emit_json({"first": ids[0], "second": ids[1], "on": compared.on, **figures, **told})
        return
    for remark in compared.remarks:
        click.echo(remark)
    click.echo(
        f"{measured.paragraphs} paragraphs, {compared.on}; B - A over {COUNTED[measured.unit]}"
    )
    rows = {"micro-F1": measured.micro_f1, "macro-F1": measured.macro_f1}
    rows |= {f"F1 of {code}": figure for code, figure in measured.codes.items()}
    thin = {f"F1 of {code}" for code in measured.insufficient}
    print_table(
        ("figure", f"A {ids[0]}", f"B {ids[1]}", "B - A [95 % interval]"),
        [
            (name, "insufficient", "", "")
            if name in thin
            else (name, _two(f.first), _two(f.second), show(f.difference, True, 3))
            for name, f in rows.items()
        ],
    )
    for sentence in sentences:
        click.echo(sentence)


def print_model(info: ModelInfo) -> None:
    """A model's figures for a person."""
    meta = read_meta(info)
    metrics = meta["metrics"]
    click.echo(f"model {info.model_id}, taxonomy {info.taxonomy_name} {info.taxonomy_version}")
    click.echo(f"held out: {metrics['scheme']}. {metrics['caveat']}".rstrip())
    click.echo(f"intervals: bootstrap over {COUNTED[metrics['bootstrap']['unit']]}")
    if (needs := _name_needs(metrics)) != "-":
        click.echo(f"made with: {needs}")
    click.echo(explain_parts(metrics))
    for gap in list_gaps(metrics):
        click.echo(gap)
    for part, title in _PARTS.items():
        # Without any carried over, all is the new text again.
        if part != "all" or metrics["methods"]["model"]["carried_over"]["paragraphs"]:
            # The coders' own figures are of all text.
            ceiling = None if part == "carried_over" else metrics.get("ceiling")
            print_part(title, part, metrics, ceiling)
    print_reports(list_reports(metrics))
    print_calibration(metrics["calibration"])
    if "learning_curve" in metrics:
        click.echo(f"\n{metrics['learning_curve']['words']}")
    for code, why in meta["insufficient"].items():
        click.echo(f"\n{code}: insufficient ({why}); the model never gives it, no figure counts it")
    click.echo(f"\ncard: {info.path}/{CARD_FILE}")


def _name_needs(metrics: Mapping[str, Any]) -> str:
    """What a model needs to answer, and how its labels were decided where not by majority."""
    needs = []
    if metrics.get("embeddings"):
        needs.append(f"embeddings {PurePath(metrics['embeddings']).name}")
    if metrics.get("labels", MAJORITY) != MAJORITY:
        needs.append(f"{metrics['labels']} labels")
    if metrics.get("names"):
        needs.append(f"names by {metrics['names']}")
    return ", ".join(needs) or "-"


def _two(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
