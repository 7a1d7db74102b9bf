"""Writing files whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from workbench.errors import WorkbenchError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def open_whole(path: Path) -> Iterator[IO[str]]:
    """Open `path` for UTF-8 text so that readers see the old file or the whole new one.

    Written to a temporary file in the same folder, then renamed; on an
    exception the temporary file goes and `path` is untouched. A link is
    followed. Raises WorkbenchError where the folder cannot be written, and for
    a folder or a device, which a rename would replace.
    """
    with _open_whole(path, "w", encoding="utf-8", newline="\n") as file:
        yield file


@contextmanager
def open_whole_bytes(path: Path) -> Iterator[IO[bytes]]:
    """As `open_whole`, for bytes."""
    with _open_whole(path, "wb") as file:
        yield file


@contextmanager
def _open_whole(path: Path, mode: str, **how: str) -> Iterator[IO[Any]]:
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise WorkbenchError(
            f"{path} is {'a folder' if path.is_dir() else 'not a regular file'}",
            "name a file; without one the result goes to standard output",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise WorkbenchError(
            f"cannot write {path}: {error.strerror}", "choose a folder that you may write to"
        ) from error
    try:
        with os.fdopen(handle, mode, **how) as file:
            yield file
        # mkstemp makes files private; what we export is meant to be shared.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise WorkbenchError(
                f"cannot write {path}: {error.strerror}", "make room on that disk"
            ) from error
        raise
