"""Ending the local server, and what it leaves behind, without a Label Studio."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.annotations import serverfiles
from workbench.annotations.server import stop_server
from workbench.annotations.serverfiles import remove_exports, rotate_log
from workbench.config import read_workspace

#: Listens; a second after it has ended its socket is closed at last.
_SLOW = """
import os, signal, socket, sys, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
parent = os.getpid()
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while os.getppid() == parent:
        time.sleep(0.01)
    time.sleep(1)
    os._exit(0)
time.sleep(600)
"""


def test_a_server_is_stopped_once_its_port_is_free_for_the_next(workspace_folder: Path) -> None:
    workspace = read_workspace(workspace_folder, {})
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW, "label-studio"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        port = int(process.stdout.readline())
        state = {"url": f"http://127.0.0.1:{port}", "port": port, "pid": process.pid}
        folder = workspace.hidden / "studio"
        folder.mkdir(parents=True)
        (folder / "server.json").write_text(json.dumps(state), encoding="utf-8")
        assert stop_server(workspace)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def test_only_exports_that_are_old_enough_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    remove_exports(tmp_path)  # there need be none
    folder.mkdir()
    old, new = folder / "project-1-at-x.json", folder / "project-2-at-y-info.json"
    mine = folder / "notes.json"
    for file in (old, new, mine):
        file.write_text("[]", encoding="utf-8")
    for file in (old, mine):
        os.utime(file, (0, 0))
    remove_exports(tmp_path)
    assert [file.exists() for file in (old, new, mine)] == [False, True, True]
    remove_exports(tmp_path, age=0)
    assert [file.exists() for file in (old, new, mine)] == [False, False, True]


def test_a_large_log_is_put_aside_and_a_small_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, former = tmp_path / "server.log", tmp_path / "server.log.1"
    monkeypatch.setattr(serverfiles, "LARGEST_LOG", 4)
    rotate_log(log)
    for text in ("12345", "123", "67890"):
        log.write_text(text, encoding="utf-8")
        rotate_log(log)
        assert log.exists() == (len(text) <= 4)
        assert former.read_text(encoding="utf-8") == ("67890" if text == "67890" else "12345")
