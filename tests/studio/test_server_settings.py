"""The local server bears several people at once."""

import sqlite3
import threading
from contextlib import closing

import httpx
import pytest

pytestmark = pytest.mark.studio


def test_the_servers_database_has_a_write_ahead_log(studio) -> None:
    data = studio.workspace.hidden / "studio" / "label_studio.sqlite3"
    with closing(sqlite3.connect(data)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_and_many_writers_meet_no_locked_database(studio) -> None:
    headers = {"Authorization": f"Token {studio.credentials.token}"}
    statuses: list[int] = []
    made: list[int] = []

    def write(number: int) -> None:
        with httpx.Client(base_url=studio.url, headers=headers, timeout=120) as client:
            for turn in range(4):
                title = f"Many {number} {turn}"
                answer = client.post("/api/projects/", json={"title": title})
                statuses.append(answer.status_code)
                project = answer.json()["id"]
                made.append(project)
                body = {"description": title}
                answer = client.patch(f"/api/projects/{project}/", json=body)
                statuses.append(answer.status_code)

    log = studio.workspace.hidden / "studio" / "server.log"
    before = log.stat().st_size
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {201, 200}
    # One by one: while Label Studio deletes a project all its Django signals are off, and where
    # two deletions overlap they stay off until it is restarted (no counts, no tokens).
    for project in made:
        httpx.delete(
            f"{studio.url}/api/projects/{project}/", headers=headers, timeout=120
        ).raise_for_status()
    with open(log, encoding="utf-8", errors="replace") as file:
        file.seek(before)
        assert "database is locked" not in file.read()
