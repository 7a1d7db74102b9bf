"""Annotations back from Label Studio, into the store and a snapshot."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from workbench.annotations.fetching import Reader
from workbench.annotations.gateway import Gateway, StudioProject
from workbench.annotations.origins import STUDIO
from workbench.annotations.projects import ADJUDICATION, CODING, ProjectPlan, Role, find_projects
from workbench.annotations.pulling import ProjectPull
from workbench.annotations.remarks import describe_deleted, describe_lost, describe_others
from workbench.annotations.snapshot import (
    NAME,
    check_snapshot,
    renew_snapshot,
    write_snapshot,
)
from workbench.errors import StudioError
from workbench.progress import Track, track_silently
from workbench.store.annotations import (
    coder_names,
    list_annotations,
    list_coders,
    list_standing,
)
from workbench.store.database import Database
from workbench.store.history import list_deleted
from workbench.store.saving import AnnotationChanges, count_annotations
from workbench.store.tasks import (
    Project,
    forget_project,
    known_paragraphs,
    list_projects,
    save_project,
)

#: So many changed paragraphs are put into the snapshot one by one; for more it is written anew.
_FEW = 300
#: What the annotations of a project are, by its purpose.
ORIGINS = {CODING: STUDIO, ADJUDICATION: ADJUDICATION}


@dataclass(frozen=True, slots=True)
class ProjectPulled:
    """What a pull brought from one project; `coder` is whose own it is.

    `full` says that everything was fetched, not only what changed.
    """

    purpose: str
    coder: str | None
    studio_id: int
    title: str
    on_server: int
    strange: int
    full: bool
    changes: AnnotationChanges


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought, or with `dry_run` would bring; of several projects the sums.

    `studio_id` is the first project's. `on_server` counts the annotations that
    the server has on our paragraphs, `strange` those on tasks that are not ours
    or whose paragraph is not ingested. `remarks` deserve a look; `snapshot` is
    the file with all annotations that stand.
    """

    studio_id: int
    on_server: int
    strange: int
    changes: AnnotationChanges
    remarks: tuple[str, ...]
    snapshot: Path
    projects: tuple[ProjectPulled, ...] = ()
    dry_run: bool = False


def pull_annotations(
    gateway: Gateway,
    database: Database,
    plan: ProjectPlan,
    folder: Path,
    now: datetime,
    track: Track = track_silently,
    *,
    dry_run: bool = False,
) -> Pulled:
    """Store what coders did in the workspace's projects and write the snapshot into `folder`.

    What changed since the last pull is fetched, and everything where that does
    not make up the number of annotations that the server counts. The history
    keeps what was before. StudioError where there is no project yet, where the
    numbers differ in the end, or where paragraphs are missing from the database:
    then the snapshot, which has their annotations, stays. With `dry_run` nothing
    is written.
    """
    projects = find_projects(gateway, plan.workspace_id)
    if not projects:
        raise StudioError(
            f"{gateway.url} has no project of this workspace", "run `workbench push` first"
        )
    with database.session() as session:
        known = known_paragraphs(session)
    if not known:
        raise StudioError(
            "this database has no paragraphs to store annotations of",
            "run `workbench ingest` first, of all reports",
        )
    stored = _stored(gateway, database, projects, dry_run)
    with database.session() as session:
        names = coder_names(session)
        numbers = {c.studio_id: c.name for c in list_coders(session) if c.studio_id is not None}
    pulls: list[ProjectPull] = []
    for role, project in projects.items():
        reader = Reader(
            gateway,
            project.studio_id,
            names,
            known,
            plan.codebook.code_names,
            ORIGINS[role.purpose],
            numbers,
            role.coder,
        )
        pull = ProjectPull(
            gateway, database, stored.get(project.studio_id), reader, now, track, not dry_run
        )
        pull.run()
        pulls.append(pull)
    pulled = [
        _report(role, project, pull)
        for (role, project), pull in zip(projects.items(), pulls, strict=True)
    ]
    if any(pull.strange for pull in pulls):
        check_snapshot(folder, known)
    there = {project.studio_id for project in projects.values()}
    lost = _forget_lost(gateway, database, there, dry_run=dry_run)
    snapshot = folder / NAME
    if not dry_run:
        snapshot = _take_snapshot(database, folder, pulls)
    return Pulled(
        studio_id=pulled[0].studio_id,
        on_server=sum(p.on_server for p in pulled),
        strange=sum(p.strange for p in pulled),
        changes=_sum(pulled),
        remarks=(*lost, *_remark(database, pulls, now)),
        snapshot=snapshot,
        projects=tuple(pulled),
        dry_run=dry_run,
    )


def _take_snapshot(database: Database, folder: Path, pulls: Sequence[ProjectPull]) -> Path:
    touched = sorted({key for pull in pulls for key in pull.touched})
    with database.session() as session:
        if len(touched) <= _FEW and not any(pull.full for pull in pulls):
            changed = list_annotations(session, paragraph_ids=touched) if touched else []
            if renew_snapshot(folder, changed, touched, list_standing(session)):
                return folder / NAME
        return write_snapshot(folder, list_annotations(session))


def _stored(
    gateway: Gateway,
    database: Database,
    projects: dict[Role, StudioProject],
    dry_run: bool,
) -> dict[int, Project]:
    """What the store has of the projects, by their number on the server."""
    with database.session() as session:
        for role, project in () if dry_run else projects.items():
            save_project(
                session,
                gateway.url,
                project.studio_id,
                project.title,
                purpose=role.purpose,
                coder=role.coder,
            )
        return {held.studio_id: held for held in list_projects(session, gateway.url)}


def _forget_lost(
    gateway: Gateway, database: Database, there: Collection[int], *, dry_run: bool
) -> list[str]:
    """Forget the projects that the server has lost; their annotations stay, which is told.

    After all others were pulled, so that what has another project now is not counted.
    """
    lost: list[str] = []
    with database.session() as session:
        for held in list_projects(session, gateway.url):
            if held.studio_id not in there:
                if number := count_annotations(session, held.project_id):
                    lost.append(describe_lost(held.title, held.coder, number))
                if not dry_run:
                    forget_project(session, held.project_id)
    return lost


def _remark(database: Database, pulls: Sequence[ProjectPull], now: datetime) -> Iterator[str]:
    """What deserves a look, project by project: of single tasks, others' work, deletions."""
    for pull in pulls:
        for _, told in sorted(pull.remarks.items()):
            yield from told
        yield from describe_others(pull.reader.coder, pull.others)
        if pull.changes.deleted and pull.write and pull.stored is not None:
            with database.session() as session:
                deleted = list_deleted(session, pull.stored.project_id, now)
            yield from describe_deleted(deleted)


def _report(role: Role, project: StudioProject, pull: ProjectPull) -> ProjectPulled:
    changes = pull.changes
    return ProjectPulled(
        purpose=role.purpose,
        coder=role.coder,
        studio_id=project.studio_id,
        title=project.title,
        on_server=pull.on_server,
        strange=pull.strange,
        full=pull.full,
        changes=replace(
            changes, unchanged=max(0, pull.on_server - changes.created - changes.changed)
        ),
    )


def _sum(pulled: Sequence[ProjectPulled]) -> AnnotationChanges:
    names = [item.name for item in fields(AnnotationChanges)]
    return AnnotationChanges(
        **{name: sum(getattr(p.changes, name) for p in pulled) for name in names}
    )
