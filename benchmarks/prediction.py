"""How many paragraphs a second `workbench predict` answers, and how much memory it takes.

    python benchmarks/prediction.py [--paragraphs 40000] [--rounds 5] [--workspace DIR]
        [--input FILE] [--minilm DIR]

Makes paragraphs of an invented vocabulary, about 90 words long, with the codebook's phrases among
them (seeded), learns a model from 400 of them in a workspace of its own, or takes the latest model
of --workspace, and runs the command from JSONL to JSONL. Speed is for a core, in CPU seconds, so
that a busy machine does not count; the seconds until the first answer (imports, the model) are
taken off by the difference between a quarter of the paragraphs and all of them, and printed. The
bare Pipeline is `predict_proba` over rows in memory. All are run in turn, several rounds: for what
is done a second the least seconds count, since other processes only ever add some, for the ratios
the median of the rounds, since a machine is not equally fast all the time.
With --minilm, a folder or name of a sentence model, its embeddings of the same texts are timed
beside (needs `workbench[embeddings]`).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from workbench.models.prediction import BATCH_SIZE
from workbench.models.reading import TextRow
from workbench.models.registry import find_model, load_model, save_model
from workbench.models.training import train_model
from workbench.records import CodedParagraph, Paragraph
from workbench.taxonomy.codebook import Codebook, default_codebook_text, parse_codebook

LEAST_A_SECOND = 5000
LEAST_OF_BARE = 0.8
LEAST_OF_PLAIN = 0.5
LEAST_OF_MINILM = 50
FUNCTION_WORDS = [
    "the",
    "of",
    "and",
    "in",
    "to",
    "a",
    "for",
    "that",
    "with",
    "on",
    "by",
    "was",
    "not",
]
SYLLABLES = [a + b + c for a in "bdfgklmnprstvz" for b in "aeiou" for c in ("", "n", "r", "s", "l")]


@dataclass(frozen=True)
class Run:
    """CPU and wall-clock seconds of a process, and its peak memory in MB."""

    cpu: float
    wall: float
    peak: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--paragraphs", type=int, default=40_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--workspace", type=Path, help="use its latest model and its taxonomy")
    options.add_argument("--input", type=Path, help="use the paragraphs of this JSONL file")
    options.add_argument("--minilm", help="folder or name of a sentence model")
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        codebook = parse_codebook(default_codebook_text(), "rights.yaml")
        source = read_lines(args.input) if args.input else invent(codebook, args.seed)
        lines = list(islice(source, args.paragraphs))
        workspace = args.workspace or learn(folder / "workspace", codebook, args.seed)
        print(f"{len(lines):,} paragraphs; a second and core, from JSONL to JSONL:")
        bare, plain, with_evidence, of_bare, of_plain = [], [], [], [], []
        for _ in range(args.rounds):
            before = alone(time_pipeline, workspace, lines)
            plain.append(time_command(workspace, folder, lines, "--no-evidence"))
            after = alone(time_pipeline, workspace, lines)
            with_evidence.append(time_command(workspace, folder, lines, "--evidence"))
            bare += [before, after]
            took, took_with = (each(*runs[-1], len(lines)) for runs in (plain, with_evidence))
            of_bare.append((before + after) / 2 / took)
            of_plain.append(took / took_with)
        print(f"  bare Pipeline           {1 / min(bare):8,.0f}")
        least = report_command("--no-evidence", *least_of(plain), len(lines))
        report_command("--evidence", *least_of(with_evidence), len(lines))
        missed = [
            check("without evidence", 1 / least, LEAST_A_SECOND),
            check("of the bare Pipeline", median(of_bare), LEAST_OF_BARE),
            check("with evidence, of that", median(of_plain), LEAST_OF_PLAIN),
        ]
        if args.minilm:
            rate = time_sentences(args.minilm, lines[:64])
            print(f"  sentence model          {rate:8,.1f}")
            missed.append(check("of the sentence model", 1 / least / rate, LEAST_OF_MINILM))
        else:
            print("  left out: a sentence model (--minilm)")
    if any(missed):
        sys.exit("not reached: see above")


def least_of(runs: Sequence[tuple[Run, Run]]) -> tuple[Run, Run]:
    """The runs of a quarter and of all with the least CPU seconds."""
    quarters, wholes = zip(*runs, strict=True)
    return min(quarters, key=lambda run: run.cpu), min(wholes, key=lambda run: run.cpu)


def check(name: str, value: float, least: float) -> bool:
    print(f"  {name}: {value:,.2f} (goal {least:,})")
    return value < least


def invent(codebook: Codebook, seed: int) -> Iterator[str]:
    """Lines of input without end; words have the frequencies of a language (Zipf)."""
    draw = random.Random(seed)
    words = [
        "".join(draw.choices(SYLLABLES, k=draw.choice((1, 2, 2, 3, 3)))) for _ in range(20_000)
    ]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    phrases = [phrase for code in codebook.codes for phrase in code.phrases]
    while True:
        text = [
            draw.choice(FUNCTION_WORDS) if draw.random() < 0.4 else word
            for word in draw.choices(
                words, cum_weights=weights, k=max(10, round(draw.gauss(90, 35)))
            )
        ]
        for _ in range(draw.choice((0, 0, 1, 1, 2, 3))):
            phrase = draw.choice(phrases).replace("*", draw.choice(("", "s", "ed")))
            text.insert(draw.randrange(len(text)), phrase)
        text = [word + draw.choice(("",) * 16 + (",", ".", "'s")) for word in text]
        text = [word.capitalize() if draw.random() < 0.06 else word for word in text]
        section = [
            f"Section {draw.randrange(1, 7)}",
            f"a. {draw.choice(words[:60])} {draw.choice(words[:9])}",
        ]
        yield json.dumps({"text": f"{' '.join(text)}.", "section": section}) + "\n"


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file, again and again, so that there are enough."""
    while True:
        with path.open(encoding="utf-8") as file:
            yield from file


def learn(workspace: Path, codebook: Codebook, seed: int) -> Path:
    """A workspace with a model that learned from 400 invented paragraphs what phrases they hold."""
    run_workbench("init", str(workspace))
    coded = []
    for place, line in enumerate(islice(invent(codebook, seed + 1), 400)):
        record = json.loads(line)
        text, report = record["text"], f"norland-{2000 + place % 4}"
        spoken = [
            code.code
            for code in codebook.codes
            if any(phrase.replace("*", "") in text for phrase in code.phrases)
        ]
        span, section = (0, len(text)), tuple(record["section"])
        paragraph = Paragraph(f"p{place}", report, place, section, text, *span, (span,))
        coded.append(CodedParagraph(paragraph, tuple(spoken), (), ("ada",)))
    save_model(workspace / "models", train_model(coded, codebook), codebook)
    return workspace


def alone(time_it: Callable[..., float], *arguments: object) -> float:
    """`time_it` in a process of its own, as a command is: nothing is remembered of earlier ones."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(time_it, arguments)


def time_pipeline(workspace: Path, lines: Sequence[str]) -> float:
    """CPU seconds a paragraph of the fitted Pipeline, in batches as the command makes them."""
    pipeline = load_model(find_model(workspace / "models")).pipeline
    records = map(json.loads, lines)
    rows = [TextRow(r["text"], tuple(r["section"])) for r in records]
    pipeline.predict_proba(rows[: len(rows) // 4])
    rows = rows[len(rows) // 4 :]
    start = time.process_time()
    for first in range(0, len(rows), BATCH_SIZE):
        pipeline.predict_proba(rows[first : first + BATCH_SIZE])
    return (time.process_time() - start) / len(rows)


def time_command(
    workspace: Path, folder: Path, lines: Sequence[str], option: str
) -> tuple[Run, Run]:
    """`workbench predict`, as a user runs it, of a quarter of the paragraphs and of all."""
    runs = []
    for number in (len(lines) // 4, len(lines)):
        source = folder / "texts.jsonl"
        source.write_text("".join(lines[:number]), encoding="utf-8")
        output = folder / "predictions.jsonl"
        runs.append(
            run_workbench(
                "-w", str(workspace), "predict", option, "--input", str(source), "-o", str(output)
            )
        )
        with output.open(encoding="utf-8") as file:
            if sum(1 for _ in file) != number:
                sys.exit("predictions are missing")
    return runs[0], runs[1]


def each(quarter: Run, whole: Run, number: int) -> float:
    """CPU seconds a paragraph, start-up taken off."""
    return (whole.cpu - quarter.cpu) / (number - number // 4)


def report_command(name: str, quarter: Run, whole: Run, number: int) -> float:
    """Print what the runs took; CPU seconds a paragraph, start-up taken off."""
    seconds = each(quarter, whole, number)
    start_up = whole.cpu - seconds * number
    print(
        f"  predict {name:15s} {1 / seconds:8,.0f}; whole run {whole.cpu:.1f} s CPU,"
        f" {whole.wall:.1f} s, start-up {start_up:.1f} s CPU; memory {whole.peak:.0f} MB,"
        f" {whole.peak / quarter.peak:.2f} of that for a quarter"
    )
    return seconds


def run_workbench(*arguments: str) -> Run:
    start = time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    peak = 0.0
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        peak = max(peak, read_peak(process.pid))
        time.sleep(0.02)
    _, status, usage = ended
    if status:
        sys.exit(f"workbench {arguments} failed with status {status}")
    wall = time.perf_counter() - start
    return Run(usage.ru_utime + usage.ru_stime, wall, peak or usage.ru_maxrss / 1024)


def read_peak(process: int) -> float:
    """The most memory of a running process so far, in MB; 0 where the system does not say.

    What it says of a process that has ended counts this one too, from which it was forked.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")),
        0.0,
    )


def time_sentences(model: str, lines: Sequence[str]) -> float:
    """Texts a second and core that the sentence model embeds."""
    from workbench.models.embeddings import SentenceEmbeddings

    rows = [TextRow(json.loads(line)["text"]) for line in lines]
    sentences = SentenceEmbeddings(model).fit(rows)
    start = time.process_time()
    sentences.transform(rows)
    return len(rows) / (time.process_time() - start)


if __name__ == "__main__":
    main()
