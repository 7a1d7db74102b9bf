"""How long a folder of pages takes from files to rows in SQLite, and how much memory.

    python benchmarks/ingest.py [--paragraphs 250000] [--processes 2]

Makes saved pages of an invented country (seeded; 240 paragraphs and about 350 KB
each, as State Department pages have), runs `workbench ingest` on them, then again,
with nothing to do, and then on a quarter of them in a workspace of its own: flat memory is a ratio
near 1. Beside it, in the same run, the least that a script could do on one core:
lxml's parse, the text of every `p` tag, and sqlite3's executemany.
"""

import argparse
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from lxml import html

FIXTURE = Path(__file__).parents[1] / "tests/reports_html/fixtures/state-2018.html"
PAGE_PARAGRAPHS = 240
PAGE_BYTES = 350_000
LIMIT_SECONDS = 240


@dataclass(frozen=True)
class Run:
    """Seconds, and the peak memory of the whole in MB: of the largest process, and of all."""

    seconds: float
    largest: float
    paragraphs: int


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--paragraphs", type=int, default=250_000)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    number = -(-args.paragraphs // PAGE_PARAGRAPHS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = write_pages(folder / "pages", number, args.seed)
        size = sum(page.stat().st_size for page in pages) / number / 1000
        print(
            f"{number} pages of {PAGE_PARAGRAPHS} paragraphs, {size:.0f} KB each, seed {args.seed}"
        )
        whole = ingest(folder / "whole", folder / "pages", args.processes)
        show("workbench ingest", whole)
        show("again, all of it held", ingest(folder / "whole", folder / "pages", args.processes))
        few = folder / "few"
        few.mkdir()
        for page in pages[: number // 4]:
            shutil.copy(page, few)
        quarter = ingest(folder / "quarter", few, args.processes)
        show("a quarter of them", quarter)
        print(f"  memory, all / a quarter: {whole.largest / quarter.largest:.2f}")
        start = time.perf_counter()
        stored = store_plainly(pages, folder / "plain.db")
        seconds = time.perf_counter() - start
        print(f"lxml and sqlite3 alone, one core: {seconds:.1f} s, {stored:,} p tags")
        print(f"  time, workbench / that: {whole.seconds / seconds:.2f}")
        good = whole.seconds < LIMIT_SECONDS or args.paragraphs != 250_000
        if whole.paragraphs != number * PAGE_PARAGRAPHS or not good:
            sys.exit(f"not reached: all paragraphs in under {LIMIT_SECONDS} s")


def write_pages(folder: Path, number: int, seed: int) -> list[Path]:
    """Pages named by country and year, each with words of its own."""
    folder.mkdir()
    rng = random.Random(seed)
    fixture = FIXTURE.read_text(encoding="utf-8")
    begin = fixture.index('<div id="report_content">') + len('<div id="report_content">')
    head, foot = fixture[:begin], fixture[fixture.index('<div class="report__tags">') :]
    vocabulary = ["".join(rng.choices("aeioubcdfghklmnprst", k=rng.randint(2, 11)))
                  for _ in range(20_000)]  # fmt: skip
    pages = []
    for place in range(number):
        year, country = 2000 + place % 24, f"Norland{''.join(chr(97 + int(d)) for d in str(place))}"
        body = []
        for paragraph in range(PAGE_PARAGRAPHS):
            if paragraph % 12 == 0:
                body.append(f"<h3>{chr(97 + paragraph // 12)}. Freedom Number</h3>")
            words = rng.choices(
                vocabulary, k=min(300, max(12, round(rng.lognormvariate(4.4, 0.6))))
            )
            body.append(f"<p>The {' '.join(words)}.</p>")
        own = head.replace("Norland", country).replace("2018", str(year))
        page = own + "<h2>Section 1. Rights</h2>" + "\n".join(body) + foot
        menu = (
            "<nav><ul>"
            + "<li><a href='/countries/another-land/'>Another land</a></li>"
            * (max(0, PAGE_BYTES - len(page)) // 63)
            + "</ul></nav>"
        )
        path = folder / f"{country.lower()}-{year}-state.html"
        path.write_text(re.sub("</footer>", menu + "</footer>", page, count=1), encoding="utf-8")
        pages.append(path)
    return pages


def ingest(workspace: Path, pages: Path, processes: int) -> Run:
    """Run the command as a user does; memory is of the largest of its processes."""
    command = [sys.executable, "-m", "workbench", "-w", str(workspace)]
    if not workspace.exists():
        subprocess.run([*command[:3], "init", str(workspace)], check=True, capture_output=True)
    start = time.perf_counter()
    done = subprocess.Popen(
        [*command, "ingest", str(pages), "--processes", str(processes)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(done.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"workbench ingest failed with status {status}")
    with sqlite3.connect(workspace / ".workbench" / "workbench.db") as database:
        (stored,) = database.execute("SELECT count(*) FROM paragraphs").fetchone()
    return Run(seconds, usage.ru_maxrss / 1024, stored)


def store_plainly(pages: list[Path], path: Path) -> int:
    """The text of every `p` tag into a table, without knowing what a report is."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE paragraphs (page TEXT, position INTEGER, text TEXT)")
        for page in pages:
            root = html.fromstring(page.read_bytes())
            rows = [
                (page.name, place, " ".join(p.text_content().split()))
                for place, p in enumerate(root.iter("p"))
            ]
            database.executemany("INSERT INTO paragraphs VALUES (?, ?, ?)", rows)
        return database.execute("SELECT count(*) FROM paragraphs").fetchone()[0]


def show(name: str, run: Run) -> None:
    print(
        f"{name}: {run.seconds:.1f} s, {run.paragraphs:,} paragraphs, "
        f"{run.paragraphs / run.seconds:,.0f} a second, peak of a process {run.largest:.0f} MB"
    )


if __name__ == "__main__":
    main()
