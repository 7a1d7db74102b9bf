"""Paragraphs to tasks, annotations to records: the conversions alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.results import read_annotation, read_export
from workbench.annotations.tasks import prediction_body, prelabel_from, result_of, task_data
from workbench.errors import AnnotationError
from workbench.records import Evidence, Prediction, PreLabel

CODES = ("torture", "assembly", "expression", "labor")


def raw(result: list[dict], **changes: object) -> dict:
    return {
        "id": 7,
        "completed_by": 3,
        "unique_id": "u-7",
        "result": result,
        "was_cancelled": False,
        "created_at": "2026-01-02T03:04:05.000001Z",
        "updated_at": "2026-01-02T03:05:05Z",
        "lead_time": 12.5,
    } | changes


evidence = st.builds(
    lambda code, start, words: Evidence(code, start, start + len(words), words),
    st.sampled_from(CODES),
    st.integers(0, 500),
    st.text(min_size=1, max_size=20),
)


@given(st.sets(st.sampled_from(CODES)), st.lists(evidence, max_size=5))
def test_codes_and_evidence_survive_the_round_trip(codes: set[str], spans: list[Evidence]) -> None:
    annotation, remark = read_annotation(raw(result_of(codes, spans)), "p", "ana", CODES)
    assert annotation.codes == tuple(sorted(codes))
    assert sorted(annotation.evidence, key=repr) == sorted(spans, key=repr)
    assert remark == ""


def test_an_annotation_keeps_who_when_and_how_long() -> None:
    annotation, _ = read_annotation(raw(result_of(["labor"])), "p", "ana", CODES)
    assert annotation.coder == "ana"
    assert annotation.key == "u-7"
    assert annotation.lead_time == 12.5
    assert annotation.created_at == datetime(2026, 1, 2, 3, 4, 5, 1, tzinfo=UTC)


def test_the_prelabel_that_was_on_the_page_is_kept() -> None:
    shown = PreLabel("model-1", ("torture",), 0.25, (Evidence("torture", 0, 3, "abc"),))
    annotation, _ = read_annotation(
        raw(result_of([]), prediction=prediction_body(shown)), "p", "ana", CODES
    )
    assert annotation.prelabel == shown
    assert annotation.codes == ()


def test_no_code_travels_as_the_choice_none() -> None:
    assert result_of([])[0]["value"]["choices"] == ["none"]


def test_none_together_with_a_code_is_read_as_the_code_and_remarked() -> None:
    result = result_of(["labor"])
    result[0]["value"]["choices"] = ["none", "labor"]
    annotation, remark = read_annotation(raw(result), "p", "ana", CODES)
    assert annotation.codes == ("labor",)
    assert "none" in remark


def test_an_empty_result_is_remarked_unless_skipped() -> None:
    assert read_annotation(raw([]), "p", "ana", CODES)[1]
    annotation, remark = read_annotation(raw([], was_cancelled=True), "p", "ana", CODES)
    assert annotation.skipped
    assert remark == ""


def test_a_comment_is_kept() -> None:
    result = [*result_of(["labor"]), {"from_name": "comment", "value": {"text": ["why", "so"]}}]
    assert read_annotation(raw(result), "p", "ana", CODES)[0].comment == "why\nso"


def test_a_code_that_the_taxonomy_lacks_is_named_with_paragraph_and_coder() -> None:
    with pytest.raises(AnnotationError, match=r"an annotation of p by ana has the code 'health'"):
        read_annotation(raw(result_of(["health"])), "p", "ana", CODES)


def test_annotations_on_foreign_tasks_are_counted_and_left_out() -> None:
    tasks = [
        {"id": 1, "data": {"paragraph_id": "p"}, "annotations": [raw(result_of([]))]},
        {"id": 2, "data": {"text": "no key"}, "annotations": [raw(result_of([]))]},
        {"id": 3, "data": {"paragraph_id": "elsewhere"}, "annotations": [raw([])]},
    ]
    reading = read_export(tasks, {3: "ana@example.org"}, CODES, {"p"})
    assert [a.coder for a in reading.annotations] == ["ana@example.org"]
    assert reading.strange == 2


def test_two_annotations_of_one_coder_on_a_task_are_both_read_and_remarked() -> None:
    given = [raw(result_of(["labor"])), raw(result_of(["labor"]), unique_id="u-8")]
    skipped = raw([], unique_id="u-9", was_cancelled=True)
    task = {"id": 4, "data": {"paragraph_id": "p"}, "annotations": [*given, skipped]}
    reading = read_export([task], {3: "ana"}, CODES, {"p"})
    assert [a.key for a in reading.annotations] == ["u-7", "u-8", "u-9"]
    assert reading.remarks == ("task 4 (ana): 2 annotations; the newest counts",)
    once = read_export([task | {"annotations": [given[0], skipped]}], {3: "ana"}, CODES, {"p"})
    assert once.remarks == ()


def test_who_else_changed_or_made_an_annotation_is_remarked() -> None:
    given = [raw(result_of(["labor"]), updated_by=4), raw(result_of([]), completed_by=5)]
    task = {"id": 4, "data": {"paragraph_id": "p"}, "annotations": given}
    reading = read_export([task], {3: "ana", 4: "ben"}, CODES, {"p"}, owner="ana")
    assert [a.changed_by for a in reading.annotations] == ["ben", ""]
    assert reading.remarks == ("task 4 (ana): last changed by ben, 2026-01-02 03:05 UTC",)
    assert reading.others == ("user 5",)
    own = {"id": 4, "data": {"paragraph_id": "p"}, "annotations": [raw([], updated_by=3)]}
    assert read_export([own], {3: "ana"}, CODES, {"p"}, owner="ana").others == ()
    assert read_export([task], {3: "ana"}, CODES, {"p"}).others == ()


def test_a_ruling_knows_what_each_coder_had_chosen() -> None:
    data = {"paragraph_id": "p", "chosen": {"ben": [], "ana": ["labor"]}}
    task = {"id": 4, "data": data, "annotations": [raw(result_of(["labor"]))]}
    (ruling,) = read_export([task], {}, CODES, {"p"}, "adjudication").annotations
    assert ruling.choices == (("ana", ("labor",)), ("ben", ()))
    (coded,) = read_export([task], {}, CODES, {"p"}).annotations
    assert coded.choices == ()


def test_the_task_carries_what_the_page_shows(make_document) -> None:
    document = make_document(["Some words."])
    data = task_data(document.paragraphs[0], document.report)
    assert data["text"] == "Some words."
    assert data["section"] == "Section 1 › a. Heading"
    assert data["report"] == "Veldoria 2020"
    assert data["paragraph_id"] == document.paragraphs[0].paragraph_id
    assert data["context"] == ""  # Label Studio refuses a task without it
    told = task_data(document.paragraphs[0], document.report, "<details></details>")
    assert told == data | {"context": "<details></details>"}


def test_score_of_a_prelabel_is_the_certainty_of_the_least_certain_code() -> None:
    prediction = Prediction(("torture",), {"torture": 0.9, "labor": 0.4})
    assert prelabel_from(prediction, "m").score == pytest.approx(0.2)
