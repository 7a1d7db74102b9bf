"""Many report files at once: read over the cores, a few in memory at a time.

Documents come back in the order of the files, whatever the number of
processes. A file that brings its reader down, as damaged files can with a
library in C, costs that file and no other.
"""

import hashlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ReportError, WorkbenchError
from workbench.records import Document, Given
from workbench.reports.gathering import ReportFile, load_file
from workbench.reports.reading import build_document
from workbench.reports.sources import keep_source

#: Files in work or waiting, for each process: bounds the memory, keeps the processes busy.
WINDOW = 4
#: Below so many bytes in all, starting processes takes longer than it saves.
SMALL_RUN = 3_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read.

    `unless` is the hash of the bytes that are held already: if the file still has
    it, it is not read. `most_words` is the length at which paragraphs are split.
    `keep` is the folder in which the bytes are kept, None for nowhere.
    """

    file: ReportFile
    given: Given
    unless: str | None = None
    most_words: int | None = None
    keep: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: a document, an error, or neither where it was held already."""

    job: Job
    document: Document | None = None
    error: WorkbenchError | None = None


def read_job(job: Job) -> Outcome:
    """Read one file; never raises for what is wrong with the file."""
    try:
        data = load_file(job.file)
        if job.unless == hashlib.sha256(data).hexdigest():
            if job.keep is not None:
                keep_source(job.keep, data)  # a copy that was lost is made good
            return Outcome(job)
        document = build_document(data, job.file.name, job.file.stem, job.given, job.most_words)
        if job.keep is not None:
            keep_source(job.keep, data)
        return Outcome(job, document)
    except WorkbenchError as error:
        return Outcome(job, error=error)
    except (MemoryError, RecursionError) as error:
        return Outcome(job, error=_too_much(job, type(error).__name__))


def read_jobs(jobs: Iterable[Job], processes: int) -> Iterator[Outcome]:
    """Read files in `processes` processes (1: in this one); outcomes in the jobs' order."""
    if processes <= 1:
        yield from map(read_job, jobs)
        return
    waiting: deque[tuple[Job, Future[Outcome]]] = deque()
    pool = _pool(processes)
    try:
        for job in jobs:
            waiting.append((job, pool.submit(read_job, job)))
            if len(waiting) >= WINDOW * processes:
                outcome, pool = _next(waiting, pool, processes)
                yield outcome
        while waiting:
            outcome, pool = _next(waiting, pool, processes)
            yield outcome
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def choose_processes(jobs: Sequence[Job]) -> int:
    """How many processes to read with: one a core, but one alone for a small run."""
    size = sum(path.stat().st_size for path in {job.file.path for job in jobs} if path.is_file())
    if size < SMALL_RUN:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, len(jobs))


def _pool(processes: int) -> ProcessPoolExecutor:
    # Not forked: the command line has threads and an open database by now.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, context, initializer=_leave_interrupts)


def _leave_interrupts() -> None:
    """Ctrl-C is for the main process, which ends the others in order; they end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _next(
    waiting: deque[tuple[Job, Future[Outcome]]], pool: ProcessPoolExecutor, processes: int
) -> tuple[Outcome, ProcessPoolExecutor]:
    """The outcome of the oldest job, and the pool: a new one where a process went down."""
    job, future = waiting.popleft()
    try:
        return future.result(), pool
    except BrokenProcessPool:
        pool.shutdown(wait=True, cancel_futures=True)
    outcome = _read_alone(job)
    pool = _pool(processes)
    for place, (later, future) in enumerate(waiting):
        if not _is_done(future):
            waiting[place] = (later, pool.submit(read_job, later))
    return outcome, pool


def _is_done(future: Future[Outcome]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _read_alone(job: Job) -> Outcome:
    """Read a file that was in work when a process went down: was it this one?"""
    with _pool(1) as pool:
        try:
            return pool.submit(read_job, job).result()
        except BrokenProcessPool:
            return Outcome(job, error=_too_much(job, "its reader broke down"))


def _too_much(job: Job, what: str) -> ReportError:
    return ReportError(
        f"{job.file.name} cannot be read: {what}",
        "it is damaged or too large: open it in its program and save it anew",
    )
