"""How long push and pull take beside bare HTTP requests, against a real Label Studio.

    python benchmarks/sync.py [--quick] [--paragraphs 10000] [--like WORKSPACE]

Starts a server in a temporary folder (the first start takes most of a minute; --like copies that of
a workspace instead), ingests invented paragraphs and runs `workbench push` and `workbench pull` as
a user does, processes from start to end. Beside each stands the bare peer of the same run: httpx
posting the very tasks that the push made, in batches of the same size; one export request. Where a
command's start weighs, a command that does nothing is shown too. --quick is a tenth of the size.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.studio.ownserver import OwnServer, make_coders, own_server
from tests.studio.study import CODES, Study
from workbench.annotations.sending import BATCH
from workbench.annotations.tasks import result_of

PORT = 18500
CODERS = 3
PUSH_LIMIT, PULL_LIMIT, AGAIN_LIMIT, NEWS_LIMIT = 1.15, 1.1, 10.0, 2.0


@dataclass(frozen=True)
class Run:
    """A command that has run: seconds, peak memory in MB, what it printed."""

    seconds: float
    peak: float
    answer: dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true")
    options.add_argument("--paragraphs", type=int, default=10_000)
    options.add_argument("--like", type=Path, help="a workspace whose server is copied")
    args = options.parse_args()
    number = args.paragraphs // 10 if args.quick else args.paragraphs
    with (
        tempfile.TemporaryDirectory() as name,
        own_server(Path(name) / "server", PORT, args.like) as server,
    ):
        measure(server, Path(name), number)


def measure(server: OwnServer, folder: Path, number: int) -> None:
    bare = httpx.Client(
        base_url=server.url,
        headers={"Authorization": f"Token {server.token}"},
        timeout=600,
        trust_env=False,
    )
    few = begin(server, folder / "few", number // 4, 1)
    nothing = command(few, "reports")
    print(f"{number:,} paragraphs; a command that does nothing: {nothing.seconds:.1f} s")
    quarter = command(few, "push")
    study = begin(server, folder / "whole", number, 2)
    push = command(study, "push")
    batches = batches_of(study)
    posts = post_tasks(bare, study, batches, "Bare")
    made = sum(map(len, batches))
    print(f"push of {made:,}: {push.seconds:.1f} s; its {len(batches)} posts: {posts:.1f} s")
    show("time, workbench / bare", push.seconds / posts, PUSH_LIMIT)
    print(f"  memory, all / a quarter: {push.peak:.0f} / {quarter.peak:.0f} MB"
          f" = {push.peak / quarter.peak:.2f}")  # fmt: skip
    again = command(study, "push")
    show("push again, nothing to do, seconds", again.seconds, AGAIN_LIMIT)
    check(study, again)

    replace_with_annotated(bare, server, study, batches)
    command(study, "push")
    pull = command(study, "pull")
    exports = [export(bare, study) for _ in range(2)]
    print(f"full pull: {pull.seconds:.1f} s, peak {pull.peak:.0f} MB; "
          f"{coded(study):,} annotations; a bare export: {min(exports):.1f} s")  # fmt: skip
    show("time, workbench / bare", pull.seconds / min(exports), PULL_LIMIT)
    check(study, again)
    work(server, study, 10)
    news = command(study, "pull")
    show("pull after 10 new annotations, seconds", news.seconds, NEWS_LIMIT)
    show("the same once more, seconds", command(study, "pull").seconds, NEWS_LIMIT)
    check(study, again)


def begin(server: OwnServer, folder: Path, number: int, seed: int) -> Study:
    study = Study.begin(folder, server.url, server.token, server.data, f"Sync {seed}")
    study.ingest(number, seed)
    return study


def command(study: Study, name: str) -> Run:
    """Run `workbench NAME --json` as a process of its own."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench", "-w", str(study.folder), name, "--json"],
            env={**os.environ, **study.environment},
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = process.stderr.read() if process.stderr else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        out.seek(0)
        printed = out.read()
    if status:
        sys.exit(f"workbench {name} failed: {said}")
    answer = json.loads(printed)
    return Run(seconds, usage.ru_maxrss / 1024, answer if isinstance(answer, dict) else {})


def batches_of(study: Study) -> list[list[dict[str, Any]]]:
    """The tasks that a push made, with their pre-labels, one list for each of its requests."""
    (project,) = study.projects()
    with closing(sqlite3.connect(study.data)) as db:
        predictions: dict[int, list[dict[str, Any]]] = {}
        for task, version, score, result in db.execute(
            "SELECT task_id, model_version, score, result FROM prediction "
            "WHERE task_id IN (SELECT id FROM task WHERE project_id = ?)",
            (project.studio_id,),
        ):
            body = {"model_version": version, "score": score, "result": json.loads(result)}
            predictions.setdefault(task, []).append(body)
        tasks = [
            {"data": json.loads(data), "predictions": predictions.get(task, [])}
            for task, data in db.execute(
                "SELECT id, data FROM task WHERE project_id = ? ORDER BY id", (project.studio_id,)
            )
        ]
    return [tasks[i : i + BATCH] for i in range(0, len(tasks), BATCH)]


def post_tasks(
    bare: httpx.Client, study: Study, batches: Sequence[Sequence[dict[str, Any]]], title: str
) -> float:
    """Post the tasks into a project of their own; seconds that the posts of tasks take."""
    (own,) = study.projects()
    like = bare.get(f"/api/projects/{own.studio_id}/").json()
    fields = {
        key: like[key] for key in ("label_config", "maximum_annotations", "show_collab_predictions")
    }
    made = bare.post("/api/projects/", json={"title": title, **fields}).json()["id"]
    bodies = [json.dumps(batch).encode() for batch in batches]
    headers = {"Content-Type": "application/json"}
    start = time.perf_counter()
    for body in bodies:
        bare.post(
            f"/api/projects/{made}/import?return_task_ids=true", content=body, headers=headers
        ).raise_for_status()
    seconds = time.perf_counter() - start
    bare.delete(f"/api/projects/{made}/").raise_for_status()
    return seconds


def replace_with_annotated(
    bare: httpx.Client,
    server: OwnServer,
    study: Study,
    batches: Sequence[Sequence[dict[str, Any]]],
) -> None:
    """Put a project with three annotations a task in the place of the study's.

    Label Studio can only be given many annotations together with their tasks. The next push finds
    the project by its mark.
    """
    (own,) = study.projects()
    like = bare.get(f"/api/projects/{own.studio_id}/").json()
    fields = {
        key: like[key]
        for key in (
            "title",
            "description",
            "label_config",
            "expert_instruction",
            "show_instruction",
            "maximum_annotations",
            "show_collab_predictions",
        )
    }
    bare.delete(f"/api/projects/{own.studio_id}/").raise_for_status()
    made = bare.post("/api/projects/", json=fields).json()["id"]
    coders = make_coders(server.url, server.token, CODERS)
    rng = random.Random(1)
    for batch in batches:
        tasks = [
            {
                **task,
                "annotations": [
                    {
                        "result": result_of(rng.sample(CODES, rng.randint(0, 2))),
                        "completed_by": coder.number,
                        "ground_truth": False,
                        "was_cancelled": False,
                        "lead_time": 4.0,
                    }
                    for coder in coders
                ],
            }
            for task in batch
        ]
        bare.post(f"/api/projects/{made}/import", json=tasks).raise_for_status()
    bare.patch(f"/api/projects/{made}/", json={"model_version": like["model_version"]})
    for annotation in annotations_of(study):
        study.coded[annotation.annotation_id] = (
            annotation.paragraph_id,
            annotation.email,
            annotation.codes,
            annotation.skipped,
        )


def annotations_of(study: Study) -> Iterator[Any]:
    return (a for task in study.tasks() for a in task.annotations)


def export(bare: httpx.Client, study: Study) -> float:
    """Seconds that one export request takes, its body read to the end and parsed."""
    (project,) = study.projects()
    start = time.perf_counter()
    answer = bare.get(f"/api/projects/{project.studio_id}/export?exportType=JSON")
    answer.raise_for_status()
    json.loads(answer.content)
    return time.perf_counter() - start


def work(server: OwnServer, study: Study, number: int) -> None:
    """Submit some annotations as a further coder would."""
    coder = make_coders(server.url, server.token, CODERS + 1)[-1]
    rng = random.Random(2)
    for task in rng.sample(study.tasks(), number):
        study.code(coder, task, rng.sample(CODES, 1), skipped=False)


def coded(study: Study) -> int:
    with closing(sqlite3.connect(study.database)) as db:
        return int(db.execute("SELECT count(*) FROM annotations WHERE NOT deleted").fetchone()[0])


def check(study: Study, pushed: Run) -> None:
    """End here where the server and the store do not agree."""
    version = pushed.answer["version"]
    if wrongs := study.wrongs(version):
        sys.exit(f"not right: {wrongs}")


def show(what: str, figure: float, limit: float) -> None:
    word = "" if figure <= limit else "  NOT REACHED"
    print(f"  {what}: {figure:.2f} (at most {limit}){word}", flush=True)


if __name__ == "__main__":
    main()
