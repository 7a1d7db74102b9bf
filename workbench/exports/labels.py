"""The consensus labels as JSON records: what `workbench annotations consensus` writes."""

import json
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from typing import Any

from workbench.annotations.consensus import Consensus, is_moved
from workbench.records import CodedParagraph

SCHEMA_FILE = "label.schema.json"


def label_record(coded: CodedParagraph) -> dict[str, object]:
    """The record of one label, its fields in the order in which they are written.

    `report` is the report's id: `evaluate --gold` and `annotations import` know
    it by that. The shape is that of `label.schema.json`.
    """
    paragraph, provenance = coded.paragraph, coded.provenance
    return {
        "paragraph_id": paragraph.paragraph_id,
        "report": paragraph.report_id,
        "section": list(paragraph.section),
        "text": paragraph.text,
        "codes": list(coded.codes),
        "tied": list(coded.tied),
        "coders": list(coded.coders),
        "provenance": {
            "decided": provenance.decided,
            "carried_over": bool(provenance.sources),
            "sources": list(provenance.sources),
            "adjudicators": list(provenance.adjudicators),
            "reasons": list(provenance.reasons),
            "shares": dict(provenance.shares),
            "support": dict(provenance.support),
        },
    }


def label_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one record."""
    text = resources.files(__package__).joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    return json.loads(text)


def summarise_labels(consensus: Consensus) -> dict[str, object]:
    """How the labels came about, as plain JSON types.

    `decided` counts paragraphs by the way they were decided, `codes` for each
    code those that have it and those that are tied on it. `moved` are those
    whose codes are not the majority's. `coders` is each coder's estimated use of each code,
    empty where it was not estimated.
    """
    coded = consensus.coded
    reliability = consensus.reliability
    return {
        "paragraphs": len(coded),
        "reports": len({item.paragraph.report_id for item in coded}),
        "shared": consensus.shared,
        "decided": _count(item.provenance.decided for item in coded),
        "carried_over": len(consensus.sources),
        "tied": sum(bool(item.tied) for item in coded),
        "moved": sum(map(is_moved, coded)),
        "codes": {
            code: {
                "given": sum(code in item.codes for item in coded),
                "tied": sum(code in item.tied for item in coded),
            }
            for code in sorted({code for item in coded for code in (*item.codes, *item.tied)})
        },
        "coders": [
            {
                "coder": quality.coder,
                "code": quality.code,
                "sensitivity": round(quality.sensitivity, 4),
                "specificity": round(quality.specificity, 4),
                "paragraphs": quality.paragraphs,
            }
            for quality in (reliability.qualities if reliability else ())
        ],
    }


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
