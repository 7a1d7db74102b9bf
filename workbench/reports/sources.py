"""The bytes of ingested report files, kept as they were: `.workbench/sources/`.

A file is kept under its hash, so that the same bytes are kept once and a copy
can always be checked.
"""

import hashlib
from pathlib import Path

from workbench.errors import ReportError
from workbench.files import open_whole_bytes

FOLDER = "sources"


def keep_source(folder: Path, data: bytes) -> str:
    """Keep the bytes of a report file in `folder`, unless they are there; their SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _place(folder, sha256)
    if not path.exists() or path.stat().st_size != len(data):
        with open_whole_bytes(path) as file:
            file.write(data)
    return sha256


def load_source(folder: Path, sha256: str) -> bytes:
    """The bytes that were kept under a hash.

    Raises ReportError where they are not there, or no longer have that hash.
    """
    path = _place(folder, sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(
            f"{path} cannot be read: {error.strerror}", "ingest the report's file again"
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReportError(
            f"{path} is damaged: its hash is no longer its name",
            "delete it and ingest the report's file again",
        )
    return data


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256
