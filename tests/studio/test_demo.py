"""`make demo`, as a user runs it: the whole loop on a server of its own, twice, and own files."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.studio


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def demo(place: Path, *paths: Path) -> str:
    """Run the demo in `place` and return its transcript."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place / "home"),
        "PYTHONUNBUFFERED": "1",
    }
    if "WORKBENCH_STUDIO_ENV" in os.environ:
        environment["WORKBENCH_STUDIO_ENV"] = os.environ["WORKBENCH_STUDIO_ENV"]
    result = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py"), *map(str, paths)],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_demo_runs_the_whole_loop_and_twice_is_safe(place: Path) -> None:
    first = demo(place)
    workspace = place / "demo"
    predictions = [
        json.loads(line)
        for line in (workspace / "exports" / "tavaria-2022-state.jsonl").read_text().splitlines()
    ]
    assert len(predictions) > 25
    assert all(not p["model"]["id"].startswith("codebook") for p in predictions)
    assert (workspace / "exports" / "agreement" / "agreement.html").exists()
    snapshot = workspace / "annotations" / "annotations.jsonl"
    records = [json.loads(line) for line in snapshot.read_text().splitlines()]
    assert len({r["annotator"] for r in records}) == 3
    created = re.findall(r"(\d+) tasks created, (\d+) already there", first)
    assert int(created[0][0]) > 125
    repeated = re.findall(r"(\d+) paragraphs? repeat", first)
    assert int(created[1][0]) + int(repeated[1]) == len(predictions)
    assert "sign in as" in first
    assert "Label Studio stopped" in first
    second = demo(place)
    assert re.findall(r"(\d+) tasks created", second) == ["0", "0"]
    assert f"{len(records)} annotations on the server: 0 new, 0 changed" in second
    assert "are in place" in second


def test_demo_on_own_files_ends_with_a_prelabelled_project(place: Path) -> None:
    report = ROOT / "examples" / "reports" / "tavaria-2021-hrw.txt"
    shown = demo(place, report)
    assert re.search(r"[1-9]\d* tasks created, 0 already there", shown)
    assert "pre-labels of codebook-rights" in shown
    assert "tag at http://127.0.0.1:" in shown
    assert "coders tag" not in shown
