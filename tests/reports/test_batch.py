"""Many files at once: the same outcomes in the same order, and one bad file costs only itself."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.records import Given
from workbench.reports.batch import Job, read_job, read_jobs
from workbench.reports.gathering import ReportFile
from workbench.reports.reading import read_document
from workbench.reports.sources import load_source

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.txt"))


@dataclass(frozen=True)
class Killing(ReportFile):
    """A file whose reader goes down, as a library in C does on a damaged file."""

    @property
    def stem(self) -> str:
        os._exit(9)


def jobs_for(paths: list[Path]) -> list[Job]:
    return [Job(ReportFile(path), Given()) for path in paths]


def test_processes_give_the_same_documents_in_the_same_order_as_one() -> None:
    alone = [outcome.document for outcome in read_jobs(jobs_for(FIXTURES), 1)]
    together = [outcome.document for outcome in read_jobs(jobs_for(FIXTURES), 3)]
    assert together == alone == [read_document(path) for path in FIXTURES]


def test_a_reader_that_goes_down_costs_its_file_and_no_other(tmp_path: Path) -> None:
    jobs = jobs_for(FIXTURES * 3)
    bad = Job(Killing(FIXTURES[0]), Given())
    places = (0, 7, len(jobs) + 1)
    for place in places:
        jobs.insert(place, bad)
    outcomes = list(read_jobs(jobs, 2))
    assert [outcome.job for outcome in outcomes] == jobs
    failed = [place for place, outcome in enumerate(outcomes) if outcome.error]
    assert failed == list(places)
    assert FIXTURES[0].name in str(outcomes[0].error)
    assert all(outcome.document for place, outcome in enumerate(outcomes) if place not in places)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_wrong_with_a_file_is_its_outcome(tmp_path: Path, processes: int) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    outcomes = list(read_jobs(jobs_for([bad, FIXTURES[0], tmp_path / "none.txt"]), processes))
    assert [bool(outcome.error) for outcome in outcomes] == [True, False, True]
    assert "bad.txt is empty" in str(outcomes[0].error)


def test_a_file_that_is_held_is_not_read_again_and_another_one_is(tmp_path: Path) -> None:
    document = read_job(Job(ReportFile(FIXTURES[0]), Given())).document
    assert document is not None
    held = document.report.sha256
    assert read_job(Job(ReportFile(FIXTURES[0]), Given(), unless=held)).document is None
    assert read_job(Job(ReportFile(FIXTURES[1]), Given(), unless=held)).document is not None


def test_the_bytes_are_kept_where_a_folder_is_given(tmp_path: Path) -> None:
    document = read_job(Job(ReportFile(FIXTURES[0]), Given(), keep=tmp_path)).document
    assert document is not None
    assert load_source(tmp_path, document.report.sha256) == FIXTURES[0].read_bytes()
