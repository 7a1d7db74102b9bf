"""Paragraphs as Label Studio tasks, pre-labels as its predictions. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.records import Evidence, Paragraph, Prediction, PreLabel, Report
from workbench.taxonomy.codebook import NONE
from workbench.taxonomy.labelconfig import CODES, CONTEXT, EVIDENCE, TEXT

#: The key in a task's data by which a paragraph is found again.
KEY = "paragraph_id"
#: False in the data of a task that is shown without pre-labels.
PRELABELS = "prelabels"
#: In the data of an adjudicator's task: the codes that each coder had chosen, by name.
CHOSEN = "chosen"

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def task_data(
    paragraph: Paragraph, report: Report, context: str = "", *, hidden: bool = False
) -> dict[str, Any]:
    """What a task carries: the paragraph's id, and what the page and the filters show.

    `context` is HTML (see `context.find_contexts`). Empty strings stand in for
    what is unknown, since the page's variables must all be there. A `hidden`
    task is shown without pre-labels.
    """
    return {
        KEY: paragraph.paragraph_id,
        "report_id": report.report_id,
        "report": report.title or report.report_id,
        "section": " › ".join(paragraph.section) or "(no heading)",
        "text": paragraph.text,
        "country": report.country or "",
        "year": report.year or "",
        "page": paragraph.page or "",
        CONTEXT: context,
        PRELABELS: not hidden,
    }


def digest_of(data: Mapping[str, Any]) -> str:
    """A hash of a task's data, by which it is seen whether it must be changed.

    What is empty counts as not there, and the mark of a task without
    pre-labels does not count: it stays as it was when the task was made.
    """
    told = {name: value for name, value in data.items() if name != PRELABELS and value != ""}
    return hashlib.sha256(_encode(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def prelabel_from(prediction: Prediction, version: str) -> PreLabel:
    """A prediction as a pre-label of the labeller `version`.

    The score is the certainty of the least certain code, from 0 (a coin toss)
    to 1, so that Label Studio's uncertainty sampling serves doubtful paragraphs
    first.
    """
    margins = [abs(2 * score - 1) for score in prediction.scores.values()]
    score = round(min(margins, default=0.0), 6)
    return PreLabel(version, prediction.codes, score, prediction.evidence)


def prediction_body(prelabel: PreLabel) -> dict[str, Any]:
    """A pre-label as the body of a Label Studio prediction."""
    return {
        "model_version": prelabel.version,
        "score": prelabel.score,
        "result": result_of(prelabel.codes, prelabel.evidence),
    }


def result_of(codes: Iterable[str], evidence: Iterable[Evidence] = ()) -> list[dict[str, Any]]:
    """Codes and evidence as a Label Studio result; no codes is the choice "none"."""
    result: list[dict[str, Any]] = [
        {
            "id": "codes",
            "from_name": CODES,
            "to_name": TEXT,
            "type": "choices",
            "value": {"choices": sorted(codes) or [NONE]},
        }
    ]
    for number, item in enumerate(evidence, 1):
        result.append(
            {
                "id": f"evidence-{number}",
                "from_name": EVIDENCE,
                "to_name": TEXT,
                "type": "labels",
                "value": {
                    "start": item.start,
                    "end": item.end,
                    "text": item.text,
                    "labels": [item.code],
                },
            }
        )
    return result
