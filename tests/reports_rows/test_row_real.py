"""The shared files of rows, where they are present."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from workbench.reports.rows.fields import Fields
from workbench.reports.rows.grouping import group_documents
from workbench.reports.rows.reading import read_rows

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CODED = sorted((SHARED / "annotations").glob("*.jsonl"))
ISSUES = sorted((SHARED / "upr").glob("*.jsonl"))


@pytest.mark.skipif(not CODED, reason="the shared annotations are not here")
def test_paragraphs_of_several_coders_come_once_with_every_label() -> None:
    [path] = CODED
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    labels: dict[tuple[str, str], Counter[tuple[str, tuple[str, ...]]]] = defaultdict(Counter)
    for r in records:
        key = (r["report"].removesuffix(".txt"), r["text"])
        labels[key][r["annotator"], tuple(sorted(r["codes"]))] += 1
    fields = Fields("text", section="section", group="report", codes="codes", annotator="annotator")
    made = list(group_documents(read_rows(path, fields), path))
    coders = len({r["annotator"] for r in records})
    paragraphs = {p.paragraph_id: p for item in made for p in item.document.paragraphs}
    assert len(paragraphs) * coders == len(records)
    got: dict[tuple[str, str], Counter[tuple[str, tuple[str, ...]]]] = defaultdict(Counter)
    for item in made:
        for label in item.labels:
            paragraph = paragraphs[label.paragraph_id]
            got[paragraph.report_id, paragraph.text][label.coder, label.codes] += 1
    assert got == labels


@pytest.mark.skipif(not ISSUES, reason="the shared recommendations are not here")
def test_rows_with_ids_are_grouped_by_country() -> None:
    [path] = ISSUES
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    state = "state_under_review"
    fields = Fields("text", id="id", group=state, country=state, codes="codes")
    made = list(group_documents(read_rows(path, fields), path, coder="assigned"))
    assert {item.group: len(item.document.paragraphs) for item in made} == Counter(
        r[state] for r in records
    )
    assert {item.document.report.country for item in made} == {r[state] for r in records}
    codes = {
        label.paragraph_id.rpartition(".")[2].rpartition("-")[0]: label.codes
        for item in made
        for label in item.labels
    }
    assert codes == {r["id"]: tuple(sorted(r["codes"])) for r in records}
