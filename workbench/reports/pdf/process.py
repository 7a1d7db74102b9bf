"""The worker's process: started for each file, stopped when it takes too long, believed never.

A crash of pdfium, a hang or a bomb ends that process and becomes a ReportError here.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ReportError
from workbench.reports.pdf.words import Page, make_page

#: Seconds after which the worker is stopped; a thousand pages take a tenth of them.
LONGEST = 300.0

_WORKER = Path(__file__).with_name("worker.py")
_AGAIN = "get the file again, or open it and print it to a new PDF"


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a PDF: its pages, and what it says of itself."""

    pages: tuple[Page, ...]
    title: str
    language: str


def read_words(data: bytes, name: str) -> Found:
    """The words of a PDF with their places, read by a process of its own.

    Raises ReportError for a file that is encrypted or damaged, has too many pages, or
    ends the process.
    """
    # -P: modules are not looked for beside the worker, where ours have common names.
    command = [sys.executable, "-P", "-W", "ignore", str(_WORKER)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        raise ReportError(
            f"{name} takes more than {LONGEST:.0f} seconds to read", f"{_AGAIN}, in parts"
        ) from error
    except OSError as error:
        raise ReportError(
            f"{name} cannot be read: no process for it could be started ({error.strerror})",
            "close other programs and try again",
        ) from error
    if done.returncode or not done.stdout:
        raise _ended(name, done)
    found = json.loads(done.stdout)
    if "error" in found:
        raise _refused(name, found["error"], found.get("pages", 0))
    pages = tuple(
        make_page(page["box"], page["words"], page["pictured"]) for page in found["pages"]
    )
    return Found(pages, found["title"], found["language"])


def _ended(name: str, done: subprocess.CompletedProcess[bytes]) -> ReportError:
    if b"ModuleNotFoundError" in done.stderr:
        return ReportError(
            f"{name} cannot be read: pypdfium2 is not installed", "run: pip install pypdfium2"
        )
    return ReportError(f"{name} is a damaged PDF: reading it failed", _AGAIN)


def _refused(name: str, error: str, pages: int) -> ReportError:
    if error == "password":
        return ReportError(
            f"{name} is an encrypted PDF: it opens with a password only",
            "open it with the password and print it to a new PDF",
        )
    if error == "pages":
        return ReportError(
            f"{name} says that it has {pages} pages: it is damaged, or no report",
            "split it into reports",
        )
    if error == "words":
        return ReportError(f"{name} has more words than a report has", "split it into reports")
    if error == "page":
        return ReportError(f"{name} is a damaged PDF: page {pages} cannot be read", _AGAIN)
    return ReportError(f"{name} is a damaged PDF: it cannot be opened", _AGAIN)
