"""What `workbench models compare` compares two models on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.cli.goldfile import open_gold
from workbench.errors import ModelError
from workbench.models.classifier import UNDECIDED
from workbench.models.comparing import ModelComparison, compare_answers
from workbench.models.judging import tabulate_answers, tabulate_labels, units_of
from workbench.models.memory import find_seen
from workbench.models.reading import TextRow
from workbench.models.registry import load_model, read_held_out, read_meta, read_training
from workbench.models.resampling import choose_units
from workbench.records import ModelInfo
from workbench.taxonomy.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, `on` which text it was made, and what was left out of it."""

    measured: ModelComparison
    on: str
    remarks: tuple[str, ...]


def compare_on_gold(
    first: ModelInfo, second: ModelInfo, gold: Path, codebook: Codebook, seed: int
) -> Compared:
    """Both models on those paragraphs of a file that neither has learned from.

    Raises ModelError where nothing is left, and as loading and reading do.
    """
    held = open_gold(gold, codebook)
    coded = held.coded
    codes = _common_codes(first, second)
    texts = [item.paragraph.text for item in coded]
    seen = find_seen(texts, read_training(first)) | find_seen(texts, read_training(second))
    new = [item for item, old in zip(coded, seen, strict=True) if not old]
    if not new:
        raise ModelError(
            f"{gold}: one of the models has learned from every paragraph of it, edited or not",
            "compare on paragraphs that are new to both",
        )
    labels = tabulate_labels(new, codes)
    rows = [TextRow(item.paragraph.text, item.paragraph.section) for item in new]
    answers = [
        tabulate_answers(labels, load_model(info, codebook).predict(rows, evidence=False), codes)
        for info in (first, second)
    ]
    remarks = [*held.remarks, *_remark_codes(first, second)]
    if seen.any():
        remarks.append(
            f"{int(seen.sum())} of {len(coded)} paragraphs left out: copies, edited ones too, of"
            " what one of the models learned from"
        )
    measured = compare_answers(answers[0], answers[1], codes, units_of(new), seed)
    return Compared(measured, f"gold {gold}", tuple(remarks))


def compare_on_held_out(first: ModelInfo, second: ModelInfo, seed: int) -> Compared:
    """Both on the new text that both have an answer to from while its report was held out.

    Raises ModelError where that is nothing.
    """
    codes = _common_codes(first, second)
    sides = [read_held_out(info) for info in (first, second)]
    new = [
        {i for i, carried in zip(side.paragraph_ids, side.carried, strict=True) if not carried}
        for side in sides
    ]
    common = sorted(new[0] & new[1])
    if not common:
        raise ModelError(
            f"{first.model_id} and {second.model_id} were judged on no paragraph in common",
            "compare them on gold paragraphs: --gold FILE",
        )
    a, b = (side.keep(common, codes) for side in sides)
    decided = (a.answers.labels != UNDECIDED) & (b.answers.labels != UNDECIDED)
    same = ~((a.answers.labels != b.answers.labels) & decided).any(axis=1)
    remarks = _remark_codes(first, second)
    schemes = [read_meta(info)["metrics"]["scheme"] for info in (first, second)]
    if schemes[0] != schemes[1]:
        remarks.append(
            f"not the same test: {first.model_id} by {schemes[0]}, {second.model_id} by"
            f" {schemes[1]}; compare them on gold paragraphs instead"
        )
    if not same.all():
        remarks.append(
            f"{int((~same).sum())} paragraphs left out: their labels have changed between the two"
        )
    if not same.any():
        raise ModelError(
            f"every paragraph was labelled anew between {first.model_id} and {second.model_id}",
            "compare them on gold paragraphs: --gold FILE",
        )
    reports = [report for report, kept in zip(b.reports, same, strict=True) if kept]
    units = choose_units(reports, b.clusters[np.flatnonzero(same)])
    measured = compare_answers(a.answers.keep(same), b.answers.keep(same), codes, units, seed)
    return Compared(measured, "held-out new text", tuple(remarks))


def _common_codes(first: ModelInfo, second: ModelInfo) -> tuple[str, ...]:
    codes = tuple(code for code in second.codes if code in first.codes)
    if not codes:
        raise ModelError(
            f"{first.model_id} and {second.model_id} have no code in common",
            "choose models of the same taxonomy",
        )
    return codes


def _remark_codes(first: ModelInfo, second: ModelInfo) -> list[str]:
    alone = sorted({*first.codes} ^ {*second.codes})
    return [f"only one of the two gives: {', '.join(alone)}; left out"] if alone else []
