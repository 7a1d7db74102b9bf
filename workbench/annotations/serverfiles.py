"""Files that the local Label Studio leaves behind: kept from growing without end.

It writes every export, so all that a pull fetches, to its data folder too and never
removes it; its log is written on and on.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

#: Bytes of a log that is put aside at the next start; one older log is kept.
LARGEST_LOG = 5 * 2**20
#: Seconds after which no request is at work on an export any more (the server reads it again).
_AGE = 900.0


def rotate_log(log: Path) -> None:
    """Put a large log aside as `NAME.1`, in place of the one there. The server must be down."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        os.replace(log, log.with_name(f"{log.name}.1"))


def remove_exports(folder: Path, age: float = _AGE) -> None:
    """Remove the exports that the server with its data in `folder` wrote, if `age` seconds old.

    Snapshots that somebody made on Label Studio's page lie elsewhere and stay.
    What cannot be removed stays too.
    """
    old = time.time() - age
    for file in (folder / "export").glob("project-*.json"):
        with suppress(OSError):  # another process removes it as well
            if file.stat().st_mtime <= old:
                file.unlink()
