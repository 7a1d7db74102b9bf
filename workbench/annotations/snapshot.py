"""The annotations that stand, as a file that git can follow."""

import json
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.files import open_whole
from workbench.records import Annotation

#: The file's name in the workspace's folder of annotations.
NAME = "annotations.jsonl"
_encode = json.JSONEncoder(ensure_ascii=False).encode
# A quote within a value is escaped, so that what is looked for here stands in no text.
_LINE = re.compile(
    r'\{"paragraph_id": "([^"\\]*)", "annotator": ("(?:[^"\\]|\\.)*"), .*'
    r'"updated_at": "([^"]*)", .*"key": "([^"\\]*)"\}\n'
)


def write_snapshot(folder: Path, annotations: Iterable[Annotation]) -> Path:
    """Write annotations as JSONL, sorted, so that git shows what changed.

    A file that would stay the same is left alone.
    """
    path = folder / NAME
    ordered = sorted(annotations, key=lambda a: (a.paragraph_id, a.coder, a.key))
    _write(path, "".join(_line(annotation) for annotation in ordered))
    return path


def renew_snapshot(
    folder: Path,
    changed: Iterable[Annotation],
    paragraphs: Collection[str],
    standing: Iterable[tuple[str, str, str, datetime]],
) -> bool:
    """Put what stands on some `paragraphs` (`changed`) into a snapshot that is else as it was.

    `standing` are paragraph, coder, key and last change of all that stands. Where
    the file does not fit that, nothing is written and the answer is False: then
    all of it is to be written. This is much faster than to encode everything anew.
    """
    path = folder / NAME
    if not path.is_file():
        return False
    lines: dict[tuple[str, str, str], str] = {}
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        match = _LINE.match(line)
        if match is None:
            return False
        paragraph, coder, moment, key = match.groups()
        if paragraph not in paragraphs:
            name = json.loads(coder)
            found.add((paragraph, name, key, moment))
            lines[paragraph, name, key] = line
    if found != {
        (paragraph, coder, key, moment.isoformat())
        for paragraph, coder, key, moment in standing
        if paragraph not in paragraphs
    }:
        return False
    lines |= {(a.paragraph_id, a.coder, a.key): _line(a) for a in changed}
    _write(path, "".join(lines[place] for place in sorted(lines)))
    return True


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode():
        with open_whole(path) as file:
            file.write(text)


def _line(annotation: Annotation) -> str:
    return _encode(snapshot_record(annotation)) + "\n"


def snapshot_record(annotation: Annotation) -> dict[str, Any]:
    """An annotation as plain JSON types."""
    prelabel = annotation.prelabel
    return {
        "paragraph_id": annotation.paragraph_id,
        "annotator": annotation.coder,
        "codes": list(annotation.codes),
        "skipped": annotation.skipped,
        "comment": annotation.comment,
        "reason": annotation.reason,
        "evidence": [
            {"code": e.code, "start": e.start, "end": e.end, "text": e.text}
            for e in annotation.evidence
        ],
        "created_at": annotation.created_at.isoformat(),
        "updated_at": annotation.updated_at.isoformat(),
        "lead_time": annotation.lead_time,
        "prelabel": prelabel and {"version": prelabel.version, "codes": list(prelabel.codes)},
        "hidden": annotation.hidden,
        "origin": annotation.origin,
        "key": annotation.key,
    }
