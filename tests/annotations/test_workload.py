"""How far coders are: counted from assignments and annotations."""

from datetime import UTC, datetime, timedelta

import pytest

from workbench.annotations.workload import measure_workloads
from workbench.records import Assignment, Coder

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_coders_progress_and_pace_are_counted(make_annotation) -> None:
    def at(days: int, paragraph_id: str, coder: str = "ana", **changes):
        moment = DAY + timedelta(days=days)
        return make_annotation(paragraph_id, coder, created_at=moment, updated_at=moment, **changes)

    annotations = [
        at(0, "p1", lead_time=10.0),
        at(0, "p2", lead_time=30.0),
        at(0, "p3", lead_time=50.0),
        at(2, "p4", lead_time=900.0, skipped=True),
        at(3, "p1", key="corrected"),
        at(1, "p1", "ben", origin="import"),
        at(9, "p2", origin="adjudication", key="ruling"),
    ]
    assignments = [Assignment(f"p{n}", "ana") for n in range(1, 9)]
    coders = [Coder("ana", 1, "ana@example.org"), Coder("ben"), Coder("chloe", left=True)]
    ana, ben, chloe = measure_workloads(coders, assignments, annotations)
    assert (ana.assigned, ana.coded, ana.skipped, ana.to_do) == (8, 3, 1, 4)
    assert (ana.done, ana.share, ana.seconds) == (0.5, 0.75, 30.0)
    assert ana.a_day == pytest.approx(4 / 3, abs=0.05)
    assert ana.last == DAY + timedelta(days=3)
    assert (ben.assigned, ben.coded, ben.to_do, ben.done, ben.share) == (0, 1, 0, None, 0.25)
    assert (ben.seconds, ben.a_day) == (None, None)
    assert (chloe.left, chloe.coded, chloe.share, chloe.last) == (True, 0, 0.0, None)


def test_a_paragraph_skipped_first_and_coded_later_is_coded(make_annotation) -> None:
    given = [
        make_annotation("p1", "ana", key="1", skipped=True),
        make_annotation("p1", "ana", "torture", key="2"),
    ]
    (ana,) = measure_workloads([Coder("ana")], [Assignment("p1", "ana")], given)
    assert (ana.coded, ana.skipped, ana.to_do) == (1, 0, 0)
