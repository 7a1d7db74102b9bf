"""The whole loop, once: run by `make demo`.

Without arguments: the invented sample reports and the invented annotations of
three coders, up to a trained model and its pre-labels. With paths of your own
report files: up to the pre-labelled project, ready for tagging.

Every step that has a command runs that command and shows it, so that the
transcript can be followed by hand.
"""

import hashlib
import hmac
import json
import os
import shlex
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbench.annotations.accounts import ensure_account
from workbench.annotations.gateway import Gateway
from workbench.annotations.matching import match_records, read_records
from workbench.annotations.tasks import result_of
from workbench.cli import run
from workbench.cli.app import App
from workbench.credentials import read_credentials
from workbench.records import Annotation
from workbench.store.reports import iterate_paragraphs, list_reports
from workbench.store.tasks import list_projects, tasks_of

HERE = Path(__file__).resolve().parent
LABELS = HERE / "annotations" / "tavaria-2015-2021.jsonl"
GOLD = HERE / "annotations" / "tavaria-2022-gold.jsonl"
HELD_BACK = "tavaria-2022-state"


def main(paths: Sequence[str]) -> int:
    """Run the demo; the exit code of the first command that fails, else 0."""
    for name in [n for n in os.environ if n.startswith("LABEL_STUDIO_")]:
        del os.environ[name]  # the demo uses a server of its own
    began = time.monotonic()
    folder = Path("demo-own" if paths else "demo")
    os.environ["WORKBENCH_CODERS_PER_PARAGRAPH"] = "3"
    demo = Demo(folder)
    try:
        demo.workbench(
            "init", str(folder), "--name", "Demo, own reports" if paths else "Demo: Tavaria"
        )
        demo.workbench("studio", "start")
        if paths:
            demo.workbench("ingest", *paths)
            demo.workbench("push")
        else:
            demo.run_sample_loop()
        demo.print_end(time.monotonic() - began)
        return 0
    except StepError as error:
        print(f"the demo stops here: `{error}` failed", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    finally:
        if os.environ.get("KEEP") != "1":
            run(["-w", str(folder), "studio", "stop"])


class StepError(Exception):
    """A command of the demo failed; it has said why."""


class Demo:
    """The demo in the workspace `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = App(folder)
        self.step = 0

    def workbench(self, *args: str) -> None:
        """Show and run one command."""
        self.step += 1
        command = [*(() if args[0] == "init" else ("-w", str(self.folder))), *args]
        print(f"\n[{self.step}] $ workbench {shlex.join(command)}", flush=True)
        began = time.monotonic()
        if run(command) != 0:
            raise StepError(f"workbench {shlex.join(command)}")
        print(f"    ({time.monotonic() - began:.1f} s)", flush=True)

    def run_sample_loop(self) -> None:
        """The sample reports, from files to the pre-labels of a trained model."""
        self.workbench("ingest", str(HERE / "reports"))
        with self.app.database.session() as session:
            reports = [report.report_id for report, _ in list_reports(session)]
        training = [word for r in reports if r != HELD_BACK for word in ("--report", r)]
        self.workbench("push", *training)
        self.submit_annotations()
        self.workbench("pull")
        self.workbench("agreement", "-o", str(self.folder / "exports" / "agreement"))
        self.workbench("train")
        predictions = self.folder / "exports" / f"{HELD_BACK}.jsonl"
        self.workbench("predict", "--report", HELD_BACK, "-o", str(predictions))
        self.score(predictions)
        self.workbench("push", "--report", HELD_BACK)

    def submit_annotations(self) -> None:
        """Have three coders, each with an account, submit the sample annotations by the API."""
        self.step += 1
        print(
            f"\n[{self.step}] three coders tag (by Label Studio's API, each as a user)", flush=True
        )
        app, began = self.app, time.monotonic()
        with app.database.session() as session, LABELS.open(encoding="utf-8") as lines:
            matched = match_records(
                read_records(lines, app.codebook.code_names, str(LABELS)),
                [report for report, _ in list_reports(session)],
                iterate_paragraphs(session),
                app.now(),
            )
            project = list_projects(session, app.gateway.url)[0]
            tasks = tasks_of(session, project.project_id)
        for item in matched.unmatched:
            print(f"    unmatched, line {item.record.line}: {item.record.text[:60]!r}")
        users = app.gateway.users()
        done = {
            (task["data"]["paragraph_id"], users.get(annotation["completed_by"]))
            for task in app.gateway.export(project.studio_id)
            for annotation in task["annotations"]
        }
        to_do: dict[str, list[Annotation]] = {a.coder: [] for a in matched.annotations}
        for annotation in matched.annotations:
            # Of paragraphs with the same words one is a task: the others share its codes.
            if annotation.paragraph_id not in tasks:
                continue
            if (annotation.paragraph_id, annotation.coder) not in done:
                to_do[annotation.coder].append(annotation)
        with ThreadPoolExecutor(len(to_do)) as pool:
            for line in pool.map(lambda coder: self.tag(coder, to_do[coder], tasks), to_do):
                print(f"    {line}", flush=True)
        print(f"    ({time.monotonic() - began:.1f} s)", flush=True)

    def tag(self, coder: str, annotations: Sequence[Annotation], tasks: dict[str, int]) -> str:
        """One coder's work; what was done, in a line."""
        app = self.app
        token = ensure_account(
            app.gateway.url, app.gateway.invite_path(), coder, self.password(coder)
        )
        gateway = Gateway(app.gateway.url, token)
        for number, annotation in enumerate(annotations, 1):
            if number % 50 == 0:
                print(f"    {coder}: {number} of {len(annotations)}", flush=True)
            result = result_of(annotation.codes)
            if annotation.comment:
                value = {"text": [annotation.comment]}
                result.append(
                    {
                        "id": "comment",
                        "from_name": "comment",
                        "to_name": "text",
                        "type": "textarea",
                        "value": value,
                    }
                )
            gateway.create_annotation(tasks[annotation.paragraph_id], result=result)
        gateway.close()
        return f"{coder} submitted {len(annotations)} annotations"

    def password(self, coder: str) -> str:
        """A coder's password, made from the server's secret, so that it need not be kept."""
        credentials = read_credentials(self.app.workspace.credentials_file)
        secret = credentials.token if credentials else ""
        return hmac.new(secret.encode(), coder.encode(), hashlib.sha256).hexdigest()[:16]

    def score(self, predictions: Path) -> None:
        """How the predictions compare with the gold labels that the model never saw."""
        gold = {
            " ".join(r["text"].split()): set(r["codes"]) for r in map(json.loads, GOLD.open("rb"))
        }
        right = given = wanted = found = 0
        for record in map(json.loads, predictions.open("rb")):
            codes = gold.get(" ".join(record["text"].split()))
            if codes is None:
                continue
            found += 1
            right += len(codes & set(record["codes"]))
            given += len(record["codes"])
            wanted += len(codes)
        f1 = 2 * right / (given + wanted) if given + wanted else 0.0
        print(
            f"    held-back report against its gold labels: micro-F1 {f1:.2f} ({found} paragraphs)"
        )

    def print_end(self, seconds: float) -> None:
        """Where everything is, and how a person goes on."""
        app, folder = self.app, self.folder
        print(f"\nDone in {seconds:.0f} s. What there is now, in {folder.resolve()}:")
        for pattern, meaning in (
            ("exports/**/agreement.html", "agreement of the three coders; open it in a browser"),
            ("exports/**/agreement.json", "the same for programs"),
            ("models/*/card.md", "the model's card, with its honest figures"),
            ("exports/*.jsonl", "the predictions"),
            ("annotations/annotations.jsonl", "the annotations as pulled"),
            ("taxonomy/rights.yaml", "the codebook"),
            (".workbench/workbench.db", "the database"),
        ):
            for path in sorted(folder.glob(pattern)):
                print(f"  {path}  - {meaning}")
        with app.database.session() as session:
            project = list_projects(session, app.gateway.url)[0]
        credentials = read_credentials(app.workspace.credentials_file)
        print("\nTo go on tagging:")
        if os.environ.get("KEEP") != "1":
            print(f"  .venv/bin/workbench -w {folder} studio start")
        print(f"  open {app.gateway.url}/projects/{project.studio_id}/data?labeling=1")
        if credentials:
            print(f"  sign in as {credentials.username}, password {credentials.password}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
