"""A study under test: a workspace whose commands are run, coders who work, and what must hold."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.studio.ownserver import Coder, ServerProject, ServerTask, read_server
from tests.studio.running import Outcome, invent, run_quietly, variables
from workbench.config import read_workspace

AS_ROWS = ("--text-field", "text", "--section-field", "section")
CODES = ("assembly", "expression", "labor", "torture")


@dataclass
class Study:
    """A workspace at `folder` that talks to Label Studio at `url`; `data` is the server's database.

    `coded` is what coders have done and not taken back: annotation number to
    paragraph, e-mail, codes, skipped.
    """

    folder: Path
    url: str
    token: str = field(repr=False)
    data: Path
    coded: dict[int, tuple[str, str, tuple[str, ...], bool]] = field(default_factory=dict)

    @classmethod
    def begin(cls, folder: Path, url: str, token: str, data: Path, name: str) -> "Study":
        done = run_quietly(["init", str(folder), "--name", name])
        assert done.code == 0, done.err
        return cls(folder, url, token, data)

    @property
    def workspace_id(self) -> str:
        return read_workspace(self.folder, {}).workspace_id

    @property
    def database(self) -> Path:
        return self.folder / ".workbench" / "workbench.db"

    @property
    def is_assigned(self) -> bool:
        """Whether paragraphs were shared out among coders."""
        with closing(sqlite3.connect(self.database)) as db:
            return bool(db.execute("SELECT count(*) FROM assignments").fetchone()[0])

    @property
    def environment(self) -> dict[str, str]:
        return {"LABEL_STUDIO_URL": self.url, "LABEL_STUDIO_API_KEY": self.token}

    def command(self, *args: str | Path) -> Outcome:
        """Run a command in this process, as the command line does."""
        with variables(self.environment):
            return run_quietly(["-w", str(self.folder), *map(str, args)])

    def process(self, *args: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "workbench", "-w", str(self.folder), *args],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ingest(self, number: int, seed: int, name: str = "report") -> None:
        """Ingest `number` invented paragraphs, all different, as a report of its own."""
        path = self.folder / f"{name}-{seed}.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            for text in invent(number, seed):
                row = {"section": ["Rights"], "text": text}
                file.write(json.dumps(row) + "\n")
        self.good("ingest", path, *AS_ROWS)

    def good(self, *args: str | Path) -> Outcome:
        """Run a command that must succeed."""
        done = self.command(*args)
        assert done.code == 0, f"{' '.join(map(str, args))}: {done.code}\n{done.out}{done.err}"
        return done

    def share_out(self, coders: Sequence[Coder]) -> None:
        """A project of their own for each of the coders, who are named as their e-mail begins."""
        names = {coder.email.partition("@")[0]: coder.email for coder in coders}
        for name, email in names.items():
            self.good("coders", "add", name, "--email", email)
        self.good("assign", "--coders", ",".join(names), "--per-paragraph", "1", "--shared", "4")

    def raise_codebook(self, version: int) -> None:
        """A new version of the codebook: its phrases' pre-labels replace those of the old."""
        path = self.folder / "taxonomy" / "rights.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        place = next(n for n, line in enumerate(lines) if line.startswith("version:"))
        lines[place] = f'version: "{version}"'
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def projects(self) -> list[ServerProject]:
        return read_server(self.data, self.workspace_id)

    def tasks(self) -> list[ServerTask]:
        return [task for project in self.projects() for task in project.tasks]

    # What coders do, past workbench and past the proxy.

    def code(self, coder: Coder, task: ServerTask, codes: Sequence[str], skipped: bool) -> None:
        number = coder.code(task.task_id, codes, skipped=skipped)
        kept = tuple(sorted(codes))
        self.coded[number] = (task.paragraph_id, coder.email, kept, skipped)

    def recode(self, coder: Coder, number: int, codes: Sequence[str]) -> None:
        coder.recode(number, codes)
        paragraph, email, _, _ = self.coded[number]
        self.coded[number] = (paragraph, email, tuple(sorted(codes)), False)

    def delete(self, coder: Coder, number: int) -> None:
        coder.delete(number)
        del self.coded[number]

    def work(self, coders: Sequence[Coder], steps: int, rng: random.Random) -> None:
        """Coders submit, skip, change and delete, each where it is theirs to.

        Of doubled tasks only one is worked on.
        """
        first: dict[tuple[str, str], ServerTask] = {}
        for project in self.projects():
            for task in project.tasks:
                key = (project.mark, task.paragraph_id)
                if key not in first or task.annotations:
                    first[key] = task
        by_email = {coder.email: coder for coder in coders}
        for _ in range(steps if first else 0):
            mine = [n for n, (_, email, _, _) in self.coded.items() if email in by_email]
            codes = rng.sample(CODES, rng.randint(0, 2))
            deed = rng.random()
            if deed < 0.15 and mine:
                number = rng.choice(mine)
                self.delete(by_email[self.coded[number][1]], number)
            elif deed < 0.35 and mine:
                number = rng.choice(mine)
                self.recode(by_email[self.coded[number][1]], number, codes)
            else:
                (mark, _), task = rng.choice(list(first.items()))
                _, _, owner = mark.partition("/coder/")
                coder = by_email.get(f"{owner}@example.org") or rng.choice(list(coders))
                self.code(coder, task, codes, skipped=deed > 0.85)

    # What must hold after a clean `workbench sync`.

    def wrongs(self, version: str) -> list[str]:
        """Whatever is not as it must be, with pre-labels of `version`; empty where all is well."""
        projects = self.projects()
        with closing(sqlite3.connect(self.database)) as db:
            return [
                *self._tasks_wrong(db, projects),
                *_prelabels_wrong(projects, version),
                *self._annotations_wrong(db, projects),
                *self._snapshot_wrong(db),
                *_database_wrong(db),
            ]

    def _wanted(self, db: sqlite3.Connection) -> dict[str, set[str]]:
        """The paragraphs that should be tasks, by the mark of the project."""
        mark = f"workbench:{self.workspace_id}"
        (drawn,) = db.execute("SELECT count(*) FROM assignments").fetchone()
        if not drawn:
            query = "SELECT paragraph_id FROM paragraphs WHERE kind = 'text' AND NOT retired"
            return {mark: {row[0] for row in db.execute(query)}}
        wanted: dict[str, set[str]] = {}
        for name, paragraph in db.execute(
            "SELECT name, paragraph_id FROM assignments JOIN coders USING (coder_id)"
        ):
            wanted.setdefault(f"{mark}/coder/{name}", set()).add(paragraph)
        return wanted

    def _tasks_wrong(
        self, db: sqlite3.Connection, projects: Sequence[ServerProject]
    ) -> Iterator[str]:
        wanted = self._wanted(db)
        marks = Counter(project.mark for project in projects)
        for mark in wanted.keys() | marks.keys():
            if marks[mark] != 1 or mark not in wanted:
                yield f"{marks[mark]} projects {mark!r}"
        held = set(
            db.execute(
                "SELECT p.studio_id, t.task_id, t.paragraph_id FROM tasks t "
                "JOIN projects p USING (project_id) WHERE p.server = ?",
                (self.url,),
            )
        )
        there = {(p.studio_id, t.task_id, t.paragraph_id) for p in projects for t in p.tasks}
        if held - there:
            yield f"{len(held - there)} tasks in the store that the server does not have"
        if there - held:
            yield f"{len(there - held)} tasks on the server that the store does not have"
        for project in projects:
            counts = Counter(task.paragraph_id for task in project.tasks)
            doubled = sum(n > 1 for n in counts.values())
            lost = len(wanted.get(project.mark, set()) - counts.keys())
            strange = len(counts.keys() - wanted.get(project.mark, set()))
            for number, what in ((doubled, "doubled"), (lost, "lost"), (strange, "not wanted")):
                if number:
                    yield f"{number} of {len(counts)} tasks {what}"

    def _annotations_wrong(
        self, db: sqlite3.Connection, projects: Sequence[ServerProject]
    ) -> Iterator[str]:
        there = {
            a.unique_id: (a.paragraph_id, a.email, a.codes, a.skipped)
            for p in projects
            for t in p.tasks
            for a in t.annotations
        }
        kept = Counter(self.coded.values())
        if (on_server := Counter(there.values())) != kept:
            yield f"coders' work changed: lost {kept - on_server}, gained {on_server - kept}"
        held = {}
        for key, paragraph, name, email, codes, skipped in db.execute(
            "SELECT a.key, a.paragraph_id, c.name, c.email, a.codes, a.skipped FROM annotations a "
            "JOIN coders c USING (coder_id) WHERE NOT a.deleted AND a.origin = 'studio'"
        ):
            held[key] = (paragraph, email or name, tuple(json.loads(codes)), bool(skipped))
        if lost := there.keys() - held.keys():
            yield f"{len(lost)} annotations of the server are not in the store"
        if gone := held.keys() - there.keys():
            yield f"{len(gone)} annotations of the store are not on the server"
        if other := [key for key in held.keys() & there.keys() if held[key] != there[key]]:
            yield f"annotation differs: store {held[other[0]]}, server {there[other[0]]}"

    def _snapshot_wrong(self, db: sqlite3.Connection) -> Iterator[str]:
        path = self.folder / "annotations" / "annotations.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        records = [json.loads(line) for line in lines]
        shown = Counter((r["key"], r["paragraph_id"], tuple(r["codes"])) for r in records)
        held = Counter(
            (key, paragraph, tuple(json.loads(codes)))
            for key, paragraph, codes in db.execute(
                "SELECT key, paragraph_id, codes FROM annotations WHERE NOT deleted"
            )
        )
        if shown != held:
            yield f"snapshot and store differ by {len((shown - held) + (held - shown))} lines"
        if order := [p for p in self.folder.rglob("*.part*") if p.is_file()]:
            yield f"unfinished file {order[0].name}"


def _prelabels_wrong(projects: Sequence[ServerProject], version: str) -> Iterator[str]:
    for project in projects:
        if project.tasks and project.model_version != version:
            yield f"project shows {project.model_version!r}, not {version!r}"
        shown = [task for task in project.tasks if not task.hidden]
        for task in project.tasks:
            if task.hidden and task.versions:
                yield f"a task without pre-labels has {task.versions}"
        for what, bad in (
            ("no pre-label", lambda v: not v),
            # Older ones may stay: what shows is the project's version.
            ("several pre-labels", lambda v: v.count(version) > 1),
            ("pre-labels of another version only", lambda v: bool(v) and version not in v),
        ):
            if number := sum(map(bad, (task.versions for task in shown))):
                yield f"{number} of {len(shown)} tasks have {what}"


def _database_wrong(db: sqlite3.Connection) -> Iterator[str]:
    if (good := db.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
        yield f"database: {good[0][0]}"
    if broken := db.execute("PRAGMA foreign_key_check").fetchall():
        yield f"database: {len(broken)} rows refer to nothing, in {broken[0][0]}"
