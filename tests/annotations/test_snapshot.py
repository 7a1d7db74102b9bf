"""The annotations that stand, as a file: renewed in part it is what it would be written anew."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.annotations.snapshot import NAME, renew_snapshot, write_snapshot
from workbench.records import Annotation

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
#: Names that look like what the file is made of.
NAMES = st.text(alphabet='ab"\\,: {}\u00e9\u2028', min_size=1, max_size=6) | st.sampled_from(
    ['", "annotator": "x', '", "updated_at": "2026', 'x", "key": "k"}']
)


def annotation(
    paragraph: str, coder: str, key: str, minute: int = 0, comment: str = ""
) -> Annotation:
    return Annotation(
        key=key,
        paragraph_id=paragraph,
        coder=coder,
        codes=("torture",),
        comment=comment,
        created_at=MOMENT,
        updated_at=MOMENT + timedelta(minutes=minute),
        origin="studio",
    )


def places(annotations: Sequence[Annotation]) -> list[tuple[str, str, str, datetime]]:
    return [(a.paragraph_id, a.coder, a.key, a.updated_at) for a in annotations]


@given(
    held=st.lists(st.builds(annotation, NAMES, NAMES, NAMES, st.integers(0, 9), NAMES), max_size=6),
    new=st.lists(st.builds(annotation, NAMES, NAMES, NAMES, st.integers(0, 9), NAMES), max_size=3),
    gone=st.integers(0, 5),
)
def test_renewed_in_part_is_the_same_as_written_anew(
    tmp_path_factory: pytest.TempPathFactory,
    held: list[Annotation],
    new: list[Annotation],
    gone: int,
) -> None:
    folder = tmp_path_factory.mktemp("snapshot")
    held = [replace(a, key=f"{a.key}{number}") for number, a in enumerate(held)]
    new = [replace(a, key=f"{a.key}n{number}") for number, a in enumerate(new)]
    write_snapshot(folder, held)
    touched = {a.paragraph_id for a in new} | {a.paragraph_id for a in held[gone : gone + 1]}
    stand = [a for number, a in enumerate(held) if number != gone] + new
    changed = [a for a in stand if a.paragraph_id in touched]
    assert renew_snapshot(folder, changed, touched, places(stand))
    renewed = (folder / NAME).read_bytes()
    (folder / NAME).unlink()
    assert renewed == write_snapshot(folder, stand).read_bytes()


HELD = [annotation("p1", "ana", "k1"), annotation("p2", "ben", "k2"), annotation("p3", "ana", "k3")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[1:],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: ["<<<<<<< ours", *lines],
        lambda lines: [lines[0][:-9], *lines[1:]],
        lambda lines: [lines[0].replace('"ana"', '"eve"'), *lines[1:]],
        lambda lines: [lines[0].replace('"k1"', '"k9"'), *lines[1:]],
        lambda lines: [lines[0].replace("12:00:00", "12:00:01"), *lines[1:]],
    ],
    ids=["lost", "doubled", "moved", "conflict", "cut", "coder", "key", "older"],
)
def test_a_file_that_does_not_fit_is_left_to_be_written_anew(tmp_path: Path, damage) -> None:
    path = write_snapshot(tmp_path, HELD)
    path.write_text("\n".join([*damage(path.read_text().splitlines()), ""]), encoding="utf-8")
    before = path.read_bytes()
    assert not renew_snapshot(tmp_path, HELD[2:], ["p3"], places(HELD))
    assert path.read_bytes() == before


def test_without_a_file_or_a_last_line_end_it_is_written_anew(tmp_path: Path) -> None:
    assert not renew_snapshot(tmp_path, [], [], places(HELD))
    path = write_snapshot(tmp_path, HELD)
    path.write_bytes(path.read_bytes()[:-1])
    assert not renew_snapshot(tmp_path, [], [], places(HELD))


def test_a_file_that_stays_the_same_is_left_alone(tmp_path: Path) -> None:
    path = write_snapshot(tmp_path, HELD)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert renew_snapshot(tmp_path, HELD[:1], ["p1"], places(HELD))
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["k1", "k2", "k3"]
