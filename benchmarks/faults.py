"""Push and pull under faults at random: what came of each run.

    python benchmarks/faults.py [--runs 200] [--seed 1] [--study N] [--like WORKSPACE]

Starts a Label Studio server in a temporary folder and puts a proxy before it. A run makes some news
(paragraphs, other pre-labels, coders' work, a task deleted by hand), then lets `workbench sync`
meet a fault: a call that is cut, delayed, dropped or answered with an error; `kill -9` of the
command, or of the server. Coders go on working. After at most one more sync, without a fault,
everything must be right, by Label Studio's own database: each paragraph one task in each project,
each annotation once in the store, one version of pre-labels, a sound database, its snapshot. A sync
that succeeds in spite of a fault must have left everything right itself.

Runs of one study follow from its number and --seed; --study repeats one.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.studio.faultproxy import WRITES_ONLY, Fault, FaultProxy, Strike
from tests.studio.ownserver import Coder, OwnServer, make_coders, own_server
from tests.studio.rounds import (
    DELAY,
    Round,
    last_line,
    play,
    play_killing,
    play_server_killing,
)
from tests.studio.study import Study

PORT = 18520
#: Runs with one study, whose first makes its project.
STUDY_RUNS = 8
KILLED, SERVER_KILLED = "kill -9 of the command", "kill -9 of the server"
#: How often which kind of run.
SHARES = {"fault": 0.65, KILLED: 0.22, SERVER_KILLED: 0.13}
#: A call of a sync, counted from its first, or any of a kind that writes.
LAST_CALL = 16
WRITES = (
    "POST /api/projects",
    "POST /api/projects/N/import",
    "POST /api/projects/N/import",
    "POST /api/projects/N/import/predictions",
    "POST /api/projects/N/import/predictions",
    "PATCH /api/projects/N",
    "DELETE /api/projects/N/model-versions",
)


@dataclass(frozen=True)
class Played:
    """A run: what was done to it, where, and what came of it."""

    what: str
    where: str
    round: Round


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--study", type=int, help="play the runs of this study only")
    options.add_argument("--like", type=Path, help="a workspace whose server is copied")
    args = options.parse_args()
    numbers = range(-(-args.runs // STUDY_RUNS)) if args.study is None else [args.study]
    played: list[Played] = []
    with (
        tempfile.TemporaryDirectory() as name,
        own_server(Path(name) / "server", PORT, args.like) as server,
    ):
        coders = make_coders(server.url, server.token, 3)
        for number in numbers:
            runs = min(STUDY_RUNS, args.runs - number * STUDY_RUNS) if args.study is None else 8
            rng = random.Random(f"{args.seed}/{number}")
            played += play_study(server, coders, Path(name) / f"study-{number}", rng, number, runs)
    table(played)
    if any(p.round.wrongs for p in played):
        sys.exit("not reached: something was lost, doubled or wrongly told")


def play_study(
    server: OwnServer,
    coders: Sequence[Coder],
    folder: Path,
    rng: random.Random,
    number: int,
    runs: int,
) -> list[Played]:
    """The runs of one study, each on what the one before has left."""
    played = []
    with FaultProxy(server.url) as proxy:
        study = Study.begin(folder, proxy.url, server.token, server.data, f"Study {number}")
        study.ingest(rng.randint(5, 40), seed=0)
        if number % 3 == 2:
            study.share_out(coders[:2])
        turn = 0
        while len(played) < runs:
            if turn:
                make_news(study, coders, rng, turn)
            turn += 1
            start = time.perf_counter()
            done = play_one(study, proxy, server, rng)
            if not done.round.met and not done.round.wrongs:
                continue  # the fault fell on no call; the command was as good as without
            played.append(done)
            seconds = time.perf_counter() - start
            print(f"study {number} run {len(played)}: {done.what}, {done.where}: "
                  f"{done.round.told}, {seconds:.1f} s", flush=True)  # fmt: skip
            for wrong in done.round.wrongs:
                print(f"    {wrong}")
                if done.round.first is not None and done.round.first.code:
                    print(f"    first: {last_line(done.round.first.err)}", flush=True)
            if done.round.wrongs:
                break  # what follows would only tell the same again
    return played


def make_news(study: Study, coders: Sequence[Coder], rng: random.Random, run: int) -> None:
    """What happens between two syncs."""
    if rng.random() < 0.7:
        study.ingest(rng.randint(1, 6), seed=run)
        if study.is_assigned:
            study.good("assign")
    if rng.random() < 0.6:
        study.raise_codebook(100 + run)
    study.work(coders, rng.randint(0, 5), rng)
    if rng.random() < 0.2:
        open_ = [task for task in study.tasks() if not task.annotations]
        if open_:
            coders[0].client.delete(f"/api/tasks/{rng.choice(open_).task_id}/")


def play_one(study: Study, proxy: FaultProxy, server: OwnServer, rng: random.Random) -> Played:
    """One run of a kind drawn at random."""
    what = rng.choices(list(SHARES), list(SHARES.values()))[0]
    if rng.random() < 0.5:
        strike = Strike(rng.choice(WRITES), None)
    else:
        strike = Strike(None, None, rng.randint(1, LAST_CALL))
    where = f"{strike.kind or 'call'} {strike.nth}"
    if what == KILLED:
        if rng.random() < 0.4:
            moment = rng.uniform(0.5, 5.0)
            never = Strike("no such call", None)
            return Played(what, f"after {moment:.1f} s", play_killing(study, proxy, never, moment))
        strike = replace(strike, fault=rng.choice([None, Fault.CUT]))
        return Played(what, where, play_killing(study, proxy, strike))
    if what == SERVER_KILLED:
        strike = replace(strike, seconds=rng.choice([0.0, rng.uniform(0.0, 0.3)]))
        return Played(what, where, play_server_killing(study, proxy, server, strike))
    faults = [f for f in Fault if strike.kind is not None or f not in WRITES_ONLY]
    strike = replace(
        strike, fault=rng.choice(faults), more=rng.choice([0, 0, 0, 1, 9]), seconds=DELAY
    )
    assert strike.fault is not None
    return Played(strike.fault.value, where, play(study, proxy, strike))


def table(played: Sequence[Played]) -> None:
    """Runs by what was done and what came of it."""
    outcomes = ("mended by itself", "error, then mended", "killed, then mended", "NOT RIGHT")
    counts = Counter((p.what, p.round.told) for p in played)
    print(f"\n{'':34}{''.join(f'{outcome:>21}' for outcome in outcomes)}")
    for what in [*(fault.value for fault in Fault), KILLED, SERVER_KILLED]:
        print(f"{what:34}{''.join(f'{counts[what, outcome]:>21}' for outcome in outcomes)}")
    totals = Counter(p.round.told for p in played)
    print(f"{f'{len(played)} runs':34}{''.join(f'{totals[outcome]:>21}' for outcome in outcomes)}")


if __name__ == "__main__":
    main()
