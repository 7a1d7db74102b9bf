"""Annotations back from Label Studio, into the store and a snapshot."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.annotations.gateway import Gateway
from workbench.annotations.projects import ProjectPlan, find_project
from workbench.annotations.results import read_export
from workbench.errors import StudioError
from workbench.files import open_whole
from workbench.records import Annotation, Coder
from workbench.store.annotations import (
    AnnotationChanges,
    list_annotations,
    save_annotations,
    save_coder,
)
from workbench.store.database import Database
from workbench.store.reports import iterate_paragraphs
from workbench.store.tasks import save_project


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought.

    `on_server` counts the annotations that the server has on our paragraphs,
    `strange` those on tasks that are not ours or whose paragraph is not
    ingested. `remarks` deserve a look; `snapshot` is the file written.
    """

    studio_id: int
    on_server: int
    strange: int
    changes: AnnotationChanges
    remarks: tuple[str, ...]
    snapshot: Path


def pull_annotations(
    gateway: Gateway, database: Database, plan: ProjectPlan, folder: Path, now: datetime
) -> Pulled:
    """Store what coders did in the workspace's project and write the snapshot into `folder`.

    Everything the server has replaces what the store holds of the project; the
    history keeps what was before. StudioError where there is no project yet.
    """
    project = find_project(gateway, database, plan)
    if project is None:
        raise StudioError(
            f"{gateway.url} has no project of this workspace", "run `workbench push` first"
        )
    tasks = gateway.export(project.studio_id)
    users = gateway.users()
    with database.session() as session:
        stored = save_project(session, gateway.url, project.studio_id, project.title)
        known = {p.paragraph_id for p in iterate_paragraphs(session)}
        reading = read_export(tasks, users, plan.codebook.code_names, known)
        for number in _annotators(tasks) & users.keys():
            save_coder(session, Coder(users[number], number))
        changes = save_annotations(
            session, reading.annotations, now, project=stored.project_id, complete=True
        )
        standing = list_annotations(session)
    snapshot = write_snapshot(folder, standing)
    return Pulled(
        project.studio_id,
        len(reading.annotations),
        reading.strange,
        changes,
        reading.remarks,
        snapshot,
    )


def write_snapshot(folder: Path, annotations: Iterable[Annotation]) -> Path:
    """Write the annotations that stand as JSONL, sorted, so that git shows what changed."""
    path = folder / "annotations.jsonl"
    ordered = sorted(annotations, key=lambda a: (a.paragraph_id, a.coder, a.key))
    with open_whole(path) as file:
        for annotation in ordered:
            file.write(json.dumps(snapshot_record(annotation), ensure_ascii=False) + "\n")
    return path


def snapshot_record(annotation: Annotation) -> dict[str, Any]:
    """An annotation as plain JSON types."""
    prelabel = annotation.prelabel
    return {
        "paragraph_id": annotation.paragraph_id,
        "annotator": annotation.coder,
        "codes": list(annotation.codes),
        "skipped": annotation.skipped,
        "comment": annotation.comment,
        "evidence": [
            {"code": e.code, "start": e.start, "end": e.end, "text": e.text}
            for e in annotation.evidence
        ],
        "created_at": annotation.created_at.isoformat(),
        "updated_at": annotation.updated_at.isoformat(),
        "lead_time": annotation.lead_time,
        "prelabel": prelabel and {"version": prelabel.version, "codes": list(prelabel.codes)},
        "origin": annotation.origin,
        "key": annotation.key,
    }


def _annotators(tasks: Iterable[dict[str, Any]]) -> set[int]:
    return {
        annotation["completed_by"]
        for task in tasks
        for annotation in task.get("annotations") or ()
        if isinstance(annotation.get("completed_by"), int)
    }
