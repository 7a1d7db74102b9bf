"""Coders work while a push runs: they meet no error, and every page shows its pre-label."""

from pathlib import Path

import pytest

from tests.studio.coding import CodersAtWork
from tests.studio.ownserver import make_coders
from tests.studio.rounds import SYNC, version_of
from tests.studio.study import Study

pytestmark = pytest.mark.studio


def test_coders_meet_no_error_while_paragraphs_and_new_prelabels_are_pushed(
    studio, tmp_path: Path
) -> None:
    data = studio.workspace.hidden / "studio" / "label_studio.sqlite3"
    study = Study.begin(tmp_path / "w", studio.url, studio.credentials.token, data, "At work")
    study.ingest(60, seed=1)
    study.good(*SYNC)
    coders = make_coders(studio.url, studio.credentials.token, 3)
    (project,) = study.projects()
    study.ingest(150, seed=2)
    with CodersAtWork(coders, project.studio_id, pause=0.5) as work:
        study.good("push")
        study.raise_codebook(101)
        study.good("push")
    assert work.shift.errors == []
    assert work.shift.bad_pages == []
    assert work.shift.pages > 3
    study.coded.update(work.shift.submitted)
    assert study.wrongs(version_of(study.good(*SYNC))) == []
