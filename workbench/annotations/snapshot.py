"""The annotations that stand, as a file that git can follow."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from json.encoder import encode_basestring
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.errors import StudioError
from workbench.files import open_whole
from workbench.records import Annotation

#: The file's name in the workspace's folder of annotations.
NAME = "annotations.jsonl"
_encode = json.JSONEncoder(ensure_ascii=False).encode
_ANNOTATOR = ', "annotator": '
_PARAGRAPHS = re.compile(r'^\{"paragraph_id": "([^"\\]*)"', re.MULTILINE)


def write_snapshot(folder: Path, annotations: Iterable[Annotation]) -> Path:
    """Write annotations as JSONL, sorted, so that git shows what changed.

    A file that would stay the same is left alone.
    """
    path = folder / NAME
    ordered = sorted(annotations, key=_place)
    text = "".join(f"{_encode(snapshot_record(annotation))}\n" for annotation in ordered)
    _write(path, path.read_bytes() if path.is_file() else None, text)
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
    held = path.read_bytes()
    *lines, rest = held.decode().split("\n")
    looked_at = {_begin(paragraph) for paragraph in paragraphs}
    left = [line for line in lines if line.partition(_ANNOTATOR)[0] not in looked_at]
    expected = sorted(place for place in standing if place[0] not in paragraphs)
    if rest or len(left) != len(expected) or not _fit(left, expected):
        return False
    ordered = [(place[:3], line) for place, line in zip(expected, left, strict=True)]
    ordered += [(_place(a), _encode(snapshot_record(a))) for a in changed]
    ordered.sort(key=itemgetter(0))
    _write(path, held, "".join([f"{line}\n" for _, line in ordered]))
    return True


def _begin(paragraph: str) -> str:
    return f'{{"paragraph_id": {encode_basestring(paragraph)}'


def _fit(lines: Iterable[str], places: Iterable[tuple[str, str, str, datetime]]) -> bool:
    """Whether each line is of its paragraph, coder, key and last change."""
    quote = encode_basestring
    # A quote within a value is escaped, so that what is looked for here stands in no text.
    for line, (paragraph, coder, key, moment) in zip(lines, places, strict=True):
        if not (
            line.startswith(f"{_begin(paragraph)}{_ANNOTATOR}{quote(coder)}, ")
            and line.endswith(f', "key": {quote(key)}}}')
            and f', "updated_at": "{moment.isoformat()}", ' in line
        ):
            return False
    return True


def check_snapshot(folder: Path, known: Mapping[str, object]) -> None:
    """StudioError where the file has annotations of paragraphs that are not `known`.

    To write it anew then would lose them: the database that held them is gone.
    """
    path = folder / NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    missing = set(_PARAGRAPHS.findall(text)) - known.keys()
    if missing:
        raise StudioError(
            f"{path} has annotations of {len(missing)} paragraphs that this database does not "
            "know; the file stays as it is",
            "run `workbench ingest` first, of all reports; if those paragraphs are gone for good, "
            "move the file away",
        )


def _write(path: Path, held: bytes | None, text: str) -> None:
    if held != text.encode():
        with open_whole(path) as file:
            file.write(text)


def _place(annotation: Annotation) -> tuple[str, str, str]:
    return annotation.paragraph_id, annotation.coder, annotation.key


def snapshot_record(annotation: Annotation) -> dict[str, Any]:
    """An annotation as plain JSON types."""
    prelabel = annotation.prelabel
    # What few annotations have is left out of the lines of all others.
    told: dict[str, Any] = {"changed_by": annotation.changed_by} if annotation.changed_by else {}
    if annotation.choices:
        told["choices"] = {name: list(codes) for name, codes in annotation.choices}
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
        **told,
        "origin": annotation.origin,
        "key": annotation.key,
    }
