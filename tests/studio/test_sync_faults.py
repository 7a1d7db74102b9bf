"""Push and pull when calls fail and processes die: nothing is doubled, nothing is lost.

Label Studio's own database is the judge (`Study.wrongs`), not what its API says.
`benchmarks/faults.py` does the same at random, many times.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.faultproxy import Fault, FaultProxy, Strike
from tests.studio.ownserver import Coder, OwnServer, copy_workspace, make_coders
from tests.studio.rounds import (
    SYNC,
    Round,
    finish,
    play,
    play_killing,
    play_server_killing,
    strike_at,
    strikes,
    version_of,
)
from tests.studio.study import AS_ROWS, Study
from workbench.credentials import save_credentials

pytestmark = pytest.mark.studio
#: Kinds of call that a sync with new paragraphs, new pre-labels and new annotations needs.
NEEDED = {
    "GET /api/version",
    "GET /api/tasks",
    "GET /api/projects/N/export",
    "POST /api/projects/N/import",
    "POST /api/projects/N/import/predictions",
    "PATCH /api/projects/N",
}
#: Kinds of call that make something, so that one too many would double it.
CREATING = ("POST /api/projects/N/import", "POST /api/projects/N/import/predictions")
#: Faults that every kind of call meets here: before and after the server did it. The others
#: differ in what a call may have made, or in how an answer cannot be read; `benchmarks/faults.py`
#: has them everywhere.
EVERYWHERE = {Fault.CUT, Fault.DROP}
READING = ("GET /api/tasks", "GET /api/projects/N/export")


@pytest.fixture
def proxy(studio) -> Iterator[FaultProxy]:
    with FaultProxy(studio.url) as made:
        yield made


@pytest.fixture
def study(studio, proxy: FaultProxy, tmp_path: Path) -> Study:
    data = studio.workspace.hidden / "studio" / "label_studio.sqlite3"
    made = Study.begin(tmp_path / "w", proxy.url, studio.credentials.token, data, "Faults")
    made.ingest(10, seed=0)
    return made


@pytest.fixture
def coders(studio) -> list[Coder]:
    return make_coders(studio.url, studio.credentials.token, 2)


def make_news(study: Study, coders: list[Coder], number: int) -> None:
    """Two more paragraphs, other pre-labels, and something that coders did."""
    study.ingest(2, seed=number)
    if study.is_assigned:
        study.good("assign")
    study.raise_codebook(number)
    study.work(coders, 2, random.Random(number))


def kinds_of_a_sync(study: Study, proxy: FaultProxy, coders: list[Coder]) -> list[str]:
    """The kinds of call of a sync that has everything to do."""
    study.good(*SYNC)
    make_news(study, coders, 100)
    proxy.plan(None)
    done = study.good(*SYNC)
    assert study.wrongs(version_of(done)) == []
    kinds = proxy.kinds()
    assert set(kinds) >= NEEDED
    return kinds


def fail_if_wrong(played: dict[str, Round]) -> None:
    wrong = {at: (r.wrongs, r.first and r.first.err) for at, r in played.items() if r.wrongs}
    assert not wrong
    assert [at for at, r in played.items() if not r.met] == []


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name.lower())
def test_a_fault_at_any_call_of_a_sync_doubles_and_loses_nothing(
    study: Study, proxy: FaultProxy, coders: list[Coder], fault: Fault
) -> None:
    kinds = kinds_of_a_sync(study, proxy, coders)
    played = {}
    struck = kinds if fault in EVERYWHERE else (*CREATING, *READING)
    for number, strike in enumerate(strikes(struck, fault), 101):
        make_news(study, coders, number)
        played[str(strike.kind)] = play(study, proxy, strike)
    assert played.keys() >= set(CREATING)
    fail_if_wrong(played)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.LATE], ids=lambda fault: fault.name.lower())
def test_the_same_where_each_coder_has_a_project(
    study: Study, proxy: FaultProxy, coders: list[Coder], fault: Fault
) -> None:
    study.share_out(coders)
    fail_if_wrong({"making": play(study, proxy, strike_at("POST /api/projects", fault, 2))})
    assert len(study.projects()) == 2
    played = {}
    for number, kind in enumerate(CREATING, 101):
        make_news(study, coders, number)
        played[kind] = play(study, proxy, strike_at(kind, fault, 2))
    fail_if_wrong(played)


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name.lower())
def test_a_fault_while_the_project_is_made_makes_no_second_one(
    study: Study, proxy: FaultProxy, fault: Fault
) -> None:
    fail_if_wrong({fault: play(study, proxy, strike_at("POST /api/projects", fault))})
    assert len(study.projects()) == 1
    assert len(study.tasks()) == 10


@pytest.mark.parametrize("delivered", [True, False])
def test_a_sync_that_is_killed_is_finished_by_the_next(
    study: Study, proxy: FaultProxy, coders: list[Coder], delivered: bool
) -> None:
    study.good(*SYNC)
    played = {}
    for number, kind in enumerate(CREATING, 101):
        make_news(study, coders, number)
        strike = strike_at(kind, None if delivered else Fault.CUT)
        played[kind] = play_killing(study, proxy, strike)
    fail_if_wrong(played)


@pytest.fixture
def own(studio, tmp_path: Path) -> Iterator[OwnServer]:
    """A server to be killed."""
    server = OwnServer(
        copy_workspace(studio.workspace, tmp_path / "server", 20100 + os.getpid() % 2000)
    )
    save_credentials(server.workspace.credentials_file, studio.credentials)
    server.start()
    yield server
    server.stop()


def test_a_server_that_is_killed_or_put_back_to_a_backup_is_made_good(
    own: OwnServer, tmp_path: Path
) -> None:
    coders = make_coders(own.url, own.token, 2)
    with FaultProxy(own.url) as proxy:
        study = Study.begin(tmp_path / "w", proxy.url, own.token, own.data, "Killed")
        study.ingest(200, seed=0)
        study.good(*SYNC)
        study.work(coders, 6, random.Random(1))
        study.good(*SYNC)
        backup = own.backup(), dict(study.coded)
        make_news(study, coders, 101)
        strike = Strike("POST /api/projects/N/import/predictions", None, seconds=0.05)
        done = play_server_killing(study, proxy, own, strike)
        fail_if_wrong({"killed": done})
        study.work(coders, 6, random.Random(2))
        study.good(*SYNC)
        own.stop()
        data, study.coded = backup
        for part in own.data.parent.glob("label_studio.sqlite3*"):
            part.unlink()
        own.data.write_bytes(data)
        own.start()
        # Label Studio gives out the same numbers once more, for other annotations.
        study.work(coders, 6, random.Random(3))
        _, wrongs = finish(study)
        assert wrongs == []


def test_a_lost_database_is_made_good(study: Study, coders: list[Coder]) -> None:
    study.good(*SYNC)
    study.work(coders, 6, random.Random(1))
    study.good(*SYNC)
    study.database.unlink()
    study.good("ingest", study.folder / "report-0.jsonl", *AS_ROWS)
    _, wrongs = finish(study)
    assert wrongs == []


def test_the_judge_sees_what_is_wrong(studio, study: Study, coders: list[Coder]) -> None:
    """Each wrong of the world is seen; else the tests above would say nothing."""
    version = version_of(study.good(*SYNC))
    study.work(coders, 4, random.Random(1))
    assert any("not in the store" in wrong for wrong in study.wrongs(version))
    study.good(*SYNC)
    assert study.wrongs(version) == []
    assert any("another version" in wrong for wrong in study.wrongs("other"))
    (project,) = study.projects()
    admin = coders[0].client
    shown = next(task for task in project.tasks if not task.hidden)
    copy = [{"data": admin.get(f"/api/tasks/{shown.task_id}/").json()["data"]}]
    admin.post(f"/api/projects/{project.studio_id}/import", json=copy).raise_for_status()
    wrongs = study.wrongs(version)
    assert "1 of 10 tasks doubled" in wrongs
    assert any("have no pre-label" in wrong for wrong in wrongs)
    bare = next(task for task in project.tasks if not task.annotations)
    admin.delete(f"/api/tasks/{bare.task_id}/").raise_for_status()
    assert any("that the server does not have" in wrong for wrong in study.wrongs(version))
    coded = next(iter(study.coded))
    admin.delete(f"/api/annotations/{coded}/").raise_for_status()
    assert any("coders' work changed" in wrong for wrong in study.wrongs(version))
