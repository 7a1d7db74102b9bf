"""How long coders wait for Label Studio while a push runs, beside the same without one.

    python benchmarks/coders.py [--coders 8] [--paragraphs 2000] [--seconds 30] [--like WORKSPACE]

Starts a server in a temporary folder, pushes some paragraphs and lets coders work as the labelling
page does: each asks for the next task and submits it, again and again, without a pause. First
nothing else happens; then `workbench push` adds paragraphs; then a raised codebook version makes
`workbench push` replace every pre-label. Every page must show exactly one pre-label, or none where
the task is one of those shown without. Ends with an error where a coder met one.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.studio.coding import CodersAtWork, Shift
from tests.studio.ownserver import make_coders, own_server
from tests.studio.study import Study

PORT = 18510
#: Paragraphs that are there before: enough that no coder runs out of work.
BEFORE = 600


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--coders", type=int, default=8)
    options.add_argument("--paragraphs", type=int, default=2000, help="how many the push adds")
    options.add_argument("--seconds", type=float, default=30.0, help="how long without a push")
    options.add_argument("--like", type=Path, help="a workspace whose server is copied")
    args = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        own_server(Path(name) / "server", PORT, args.like) as server,
    ):
        folder = Path(name) / "study"
        study = Study.begin(folder, server.url, server.token, server.data, "Coders")
        study.ingest(BEFORE, 1)
        study.good("push")
        coders = make_coders(server.url, server.token, args.coders)
        with CodersAtWork(coders, study.projects()[0].studio_id) as work:
            time.sleep(args.seconds)
        shifts = [work.shift]
        show("nothing else", work.shift)
        study.ingest(args.paragraphs, 2)
        shifts.append(push(study, coders, f"push of {args.paragraphs:,}"))
        study.raise_codebook(100)
        shifts.append(push(study, coders, "new pre-labels for all"))
    if any(shift.errors or shift.bad_pages for shift in shifts):
        sys.exit("not reached: no coder meets an error or a page with the wrong pre-labels")


def push(study: Study, coders: Sequence, what: str) -> Shift:
    """Push as a process of its own while coders work."""
    start = time.perf_counter()
    with CodersAtWork(coders, study.projects()[0].studio_id) as work:
        process = study.process("push", "--json")
        _, said = process.communicate()
        seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"workbench push failed: {said}")
    show(f"{what}, {seconds:.0f} s", work.shift)
    return work.shift


def show(what: str, shift: Shift) -> None:
    print(f"{what}: {shift.pages} pages, {len(shift.errors)} errors, "
          f"{len(shift.bad_pages)} pages with the wrong pre-labels")  # fmt: skip
    for name, waits in (("next page", shift.asking), ("submit", shift.submitting)):
        ordered = sorted(waits) or [0.0]
        p50, p95 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.95))
        print(f"  {name}: p50 {p50:.2f} s, p95 {p95:.2f} s, longest {ordered[-1]:.2f} s")
    for error in shift.errors[:5] + shift.bad_pages[:5]:
        print(f"  {error}", flush=True)


if __name__ == "__main__":
    main()
