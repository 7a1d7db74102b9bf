"""`workbench evaluate`."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from workbench.annotations.consensus import MAJORITY
from workbench.cli.app import App
from workbench.cli.figuretables import COUNTED, METHODS, print_calibration, print_part
from workbench.cli.goldfile import answer_carefully, open_gold
from workbench.cli.labeller import CODEBOOK, choose_labeller
from workbench.cli.labels import gather_labels
from workbench.cli.options import json_option
from workbench.cli.output import Lines, emit_json, tell
from workbench.errors import UsageError
from workbench.models.answering import name_baseline
from workbench.models.coldstart import ColdStart
from workbench.models.figures import Answers
from workbench.models.judging import (
    answer_baseline,
    judge,
    tabulate_answers,
    tabulate_labels,
    units_of,
)
from workbench.models.memory import find_seen
from workbench.models.reading import TextRow
from workbench.models.registry import LATEST, read_meta, read_training
from workbench.models.training import hash_labels
from workbench.records import CodedParagraph, ModelInfo

_PARTS = {
    "new": "new to the model",
    "seen": "copies, edited ones too, of what the model learned from (not for print)",
}


@click.command(
    short_help="Score a model on gold paragraphs.",
    epilog="Example: workbench evaluate --gold gold.jsonl -o exports/gold-figures.json",
)
@click.option(
    "--gold",
    type=click.Path(path_type=Path),
    required=True,
    help="JSONL of text, codes and, if wanted, section, report, source, annotator.",
)
@click.option(
    "--model", metavar="ID", default=LATEST, help="The model, or `codebook` (else the latest)."
)
@click.option("--baseline", is_flag=True, help="Score a plain TF-IDF model on the same labels too.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="The seed (else train.seed).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the JSON here too.")
@json_option
@click.pass_obj
def command(
    app: App,
    gold: Path,
    model: str,
    baseline: bool,
    seed: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Score a registered model on paragraphs that are coded elsewhere, with intervals.

    The codebook's indicator phrases answer the same paragraphs. Those that the model has learned
    from, edited or not, are scored apart: a model knows its own lessons. Lines that name
    an annotator and have the same text are coded as most of the annotators did. A code on which
    they are tied, or that a line lists as tied, counts neither for nor against there.

    Where the report of a line (report, source) is unlike the training data, `workbench predict`
    gives the codebook's phrases half the say; what it answers then is scored beside the model.
    """
    app.use(seed=seed)
    labeller = choose_labeller(app, model)
    info = labeller.model
    if baseline and info is None:
        raise UsageError(
            f"--baseline learns what a model did, and `{CODEBOOK}` has learned nothing",
            "leave it out, or name a model",
        )
    held = open_gold(gold, app.codebook)
    coded, codes = held.coded, tuple(labeller.thresholds)
    number = app.workspace.number("seed")
    labels = tabulate_labels(coded, codes)
    rows = [TextRow(item.paragraph.text, item.paragraph.section) for item in coded]
    methods = {"model": tabulate_answers(labels, labeller.predict(rows, evidence=False), codes)}
    careful = answer_carefully(app, labeller, held)
    if careful.unlike:
        methods["predict"] = tabulate_answers(labels, careful.predictions, codes)
    seen = np.zeros(len(rows), dtype=bool)
    if info is not None:
        cold = ColdStart(app.codebook).predict(rows, evidence=False)
        methods["cold_start"] = tabulate_answers(labels, cold, codes)
        seen = find_seen([row.text for row in rows], read_training(info))
        if baseline:
            methods["baseline"] = _answer_baseline(app, info, coded, number)
    result: dict[str, Any] = {
        "model": labeller.version,
        "gold": str(gold),
        "abstained": _list_abstained(coded, app.codebook.code_names, codes),
        "undecided": _count_undecided(coded),
        "unlike": [
            {"report": report_id, "reasons": list(likeness.reasons)}
            for report_id, likeness in careful.unlike.items()
        ],
        "remarks": [*held.remarks, *careful.remarks],
        **judge(methods, seen, codes, units_of(coded), number),
    }
    if info is None:
        del result["calibration"]  # the phrases' scores only rank
    elif baseline:
        result["baseline"] = name_baseline([read_meta(info)["data"]["paragraphs"]])
    if output:
        with Lines(output) as file:
            file.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        emit_json(result)
    else:
        _print(result, len(coded), int(np.count_nonzero(seen)))
    if output:
        tell(f"written: {output}")


def _answer_baseline(
    app: App, info: ModelInfo, coded: Sequence[CodedParagraph], seed: int
) -> Answers:
    meta = read_meta(info)
    decided = meta["metrics"].get("labels", MAJORITY)
    reports = sorted({*meta["data"]["own"], *meta["data"]["carried"]})
    found = gather_labels(app, reports, decided)
    learned = found.coded
    if hash_labels(learned, found.sources) != meta["data"]["sha256"]:
        raise UsageError(
            f"--baseline: the labels have changed since {info.model_id} was trained, so a baseline"
            " of today would have learned from other ones",
            "train again, or leave --baseline out",
        )
    return answer_baseline(learned, coded, info.codes, seed)


def _list_abstained(
    coded: Sequence[CodedParagraph], codes: tuple[str, ...], given: tuple[str, ...]
) -> dict[str, int]:
    """The codes that the model never gives, each with the gold paragraphs that carry it."""
    unknown = [code for code in codes if code not in given]
    return {code: sum(1 for item in coded if code in item.codes) for code in unknown}


def _count_undecided(coded: Sequence[CodedParagraph]) -> dict[str, int]:
    """For each code the gold paragraphs on which it is undecided, and is left out."""
    return dict(sorted(Counter(code for item in coded for code in item.tied).items()))


def _print(result: dict[str, Any], paragraphs: int, seen: int) -> None:
    click.echo(f"model {result['model']} on {paragraphs} paragraphs of {result['gold']}")
    for code, number in result["undecided"].items():
        click.echo(f"{code}: undecided on {number} of them; left out there")
    for remark in result["remarks"]:
        click.echo(remark)
    click.echo(f"intervals: bootstrap over {COUNTED[result['bootstrap']['unit']]}")
    if seen == paragraphs:
        click.echo("the model has learned from every one of them: there is no figure for new text")
    name = METHODS["model" if "calibration" in result else "cold_start"]
    for part, title in _PARTS.items():
        print_part(title, part, result, name=name)
    if seen < paragraphs and "calibration" in result:
        print_calibration(result["calibration"])
    for code, support in result["abstained"].items():
        click.echo(
            f"\n{code}: the model never gives it, and no figure above counts it;"
            f" {support} paragraphs carry it"
        )
