"""The files of a model's folder besides the model, its description and its card. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.models.charts import draw_chart
from workbench.models.evaluation import HELD_OUT
from workbench.models.heldout import answers_of, arrange_held_out, dump_held_out
from workbench.models.memory import dump_memory, remember
from workbench.models.plots import chart_calibration, chart_learning_curve, chart_precision_recall
from workbench.models.training import TrainedModel
from workbench.records import CodedParagraph

TRAINING_FILE = "training.jsonl"
HELD_OUT_FILE = "heldout.jsonl"
PRECISION_RECALL_FILE = "precision-recall.svg"
CALIBRATION_FILE = "calibration.svg"
CURVE_FILE = "learning-curve.svg"


def render_keepsakes(trained: TrainedModel, coded: Sequence[CodedParagraph]) -> dict[str, str]:
    """The content of each file by its name.

    `training.jsonl` (see `memory`) and `heldout.jsonl` (see `heldout`) need
    `coded`, what `trained` learned from; without it they are left out. The
    learning curve is there where `metrics` has one.
    """
    metrics: Mapping[str, Any] = trained.metrics
    files: dict[str, str] = {}
    listed = metrics[HELD_OUT]
    if coded:
        ordered = sorted(coded, key=lambda item: item.paragraph.paragraph_id)
        files[TRAINING_FILE] = dump_memory(remember(ordered))
        files[HELD_OUT_FILE] = dump_held_out(arrange_held_out(listed, coded, trained.codes))
    answers = answers_of(listed, (len(listed["places"]), len(trained.codes)))
    new = [place for place, carried in enumerate(listed["carried_over"]) if not carried]
    chart = chart_precision_recall(answers.keep(new), trained.codes)
    files[PRECISION_RECALL_FILE] = draw_chart(chart)
    files[CALIBRATION_FILE] = draw_chart(chart_calibration(metrics["calibration"]))
    if "learning_curve" in metrics:
        chart = chart_learning_curve(metrics["learning_curve"]["points"])
        files[CURVE_FILE] = draw_chart(chart)
    return files


def hash_text(text: str) -> str:
    """The SHA-256 of a text as UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
