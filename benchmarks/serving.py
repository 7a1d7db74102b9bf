"""How many single paragraphs a second `workbench serve` predicts, with evidence, and how soon.

    python benchmarks/serving.py [--requests 500] [--coders 8] [--workspace DIR]

Trains a model on the invented reports of examples/ in a workspace of its own, or takes the latest
model of --workspace and the paragraphs there, and runs the command. A request is what Label Studio
sends when a coder opens a paragraph: one task, on a connection of its own. The bare labeller is
the same model in this process, asked for the same paragraphs one by one, in turns with the server,
so that a busy machine slows both. Then several coders ask at once, without a pause between.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from workbench.models.reading import TextRow
from workbench.models.registry import find_model, load_model

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
LEAST_A_SECOND = 50
MOST_MILLISECONDS = 100
#: Requests in a row before the other has its turn.
TURN = 50


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=500)
    options.add_argument("--coders", type=int, default=8)
    options.add_argument("--workspace", type=Path, help="use its latest model and paragraphs")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = args.workspace or learn(Path(name) / "workspace")
        written = run(workspace, "paragraphs").splitlines()
        records = [record for record in map(json.loads, written) if record["kind"] == "text"]
        log = Path(name) / "log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "workbench", "-w", str(workspace), "serve"]
            process = subprocess.Popen(
                [*command, "--port", "0"], stdout=stream, stderr=stream, env=environment()
            )
        try:
            missed = measure(workspace, records, wait_for_url(log, process), args)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    if any(missed):
        sys.exit("not reached: see above")


def measure(
    workspace: Path, records: Sequence[dict], url: str, args: argparse.Namespace
) -> list[bool]:
    model = load_model(find_model(workspace / "models"))
    place = urlsplit(url)
    asked = list(islice(cycle(records), args.requests))
    print(f"{args.requests} single paragraphs with evidence, of {len(records)}:")

    def predict(record: dict) -> object:
        row = TextRow(record["text"], tuple(record["section"]))
        return list(model.predict([row]))

    def post(record: dict) -> object:
        section = " › ".join(record["section"])
        task = {"id": 1, "data": {**record, "section": section}}
        body = {"tasks": [task], "project": "1.1", "label_config": "", "params": {}}
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        connection.request("POST", "/predict", json.dumps(body))
        answer = json.load(connection.getresponse())
        connection.close()
        if not answer["results"][0]["result"]:
            sys.exit("a prediction is missing")
        return answer

    for record in asked[:TURN]:
        predict(record), post(record)
    bare: list[float] = []
    served: list[float] = []
    for first in range(0, args.requests, TURN):
        turn = asked[first : first + TURN]
        bare += time_each(predict, turn)
        served += time_each(post, turn)
    tell("bare labeller", bare, sum(bare))
    tell("served", served, sum(served))
    print(f"  served, of the bare labeller's rate: {sum(bare) / sum(served):.2f}")
    began = time.perf_counter()
    with ThreadPoolExecutor(args.coders) as pool:
        parts = [asked[k :: args.coders] for k in range(args.coders)]
        together = [t for part in pool.map(lambda p: time_each(post, p), parts) for t in part]
    tell(f"served, {args.coders} coders", together, time.perf_counter() - began)
    rate, p95 = len(served) / sum(served), 1000 * quantile(served, 0.95)
    print(f"  goals: {LEAST_A_SECOND} a second, 95th percentile {MOST_MILLISECONDS} ms")
    return [rate < LEAST_A_SECOND, p95 > MOST_MILLISECONDS]


def time_each(work: Callable[[dict], object], records: Sequence[dict]) -> list[float]:
    taken = []
    for record in records:
        began = time.perf_counter()
        work(record)
        taken.append(time.perf_counter() - began)
    return taken


def tell(name: str, taken: Sequence[float], seconds: float) -> None:
    print(
        f"  {name:18s} {len(taken) / seconds:7.0f} a second; median"
        f" {1000 * quantile(taken, 0.5):6.1f} ms, 95th percentile"
        f" {1000 * quantile(taken, 0.95):6.1f} ms"
    )


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def learn(workspace: Path) -> Path:
    """A workspace with the invented reports and a model of their annotations."""
    run(None, "init", str(workspace))
    run(workspace, "ingest", str(EXAMPLES / "reports"))
    labels = EXAMPLES / "annotations" / "tavaria-2015-2021.jsonl"
    run(workspace, "annotations", "import", str(labels))
    run(workspace, "train", "--no-curve")
    return workspace


def run(workspace: Path | None, *arguments: str) -> str:
    place = ["-w", str(workspace)] if workspace else []
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *place, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
    )
    if done.returncode:
        sys.exit(f"workbench {' '.join(arguments)}: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def wait_for_url(log: Path, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        if found := re.search(r"predicting with \S+ at (http://\S+)", log.read_text("utf-8")):
            return found.group(1)
        time.sleep(0.1)
    sys.exit(log.read_text("utf-8"))


if __name__ == "__main__":
    main()
