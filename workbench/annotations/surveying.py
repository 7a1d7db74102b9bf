"""What the server has, found as cheaply as can be relied on.

Listing 10,000 tasks takes the server ten seconds. Where its own counts, and a
count of the tasks that have our keys and numbers, say that it has just what the store
knows, the store's word is taken; before anything is written by task number
the tasks are listed all the same.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.annotations.gateway import Gateway, StudioProject, StudioTask
from workbench.annotations.projects import ProjectPlan, ensure_project, find_projects
from workbench.annotations.taskgateway import KEYS
from workbench.store.database import Database
from workbench.store.tasks import (
    HeldTask,
    Project,
    annotated_paragraphs,
    held_tasks,
    list_projects,
)

#: Fewer tasks than these are listed at once.
_FEW = 300


@dataclass(frozen=True, slots=True)
class Survey:
    """A project as it is: what it should be, what server and store say of it, its tasks.

    `project` and `stored` are None where a dry run found none. `listed` says
    that the server listed the tasks; else they are the store's.
    """

    plan: ProjectPlan
    project: StudioProject | None
    stored: Project | None
    made: bool
    tasks: list[StudioTask]
    listed: bool


def survey(
    gateway: Gateway,
    database: Database,
    plans: Sequence[ProjectPlan],
    version: str,
    *,
    dry_run: bool = False,
) -> list[Survey]:
    """The projects of `plans`, each with its tasks; made where missing, but for a dry run.

    `version` is the one whose pre-labels every task that is not hidden should have.
    """
    return [_survey(gateway, database, plan, version, dry_run) for plan in plans]


def list_anew(gateway: Gateway, found: Survey) -> Survey:
    """The same project with its tasks as the server lists them."""
    if found.listed or found.project is None:
        return found
    return replace(found, tasks=gateway.tasks(found.project.studio_id), listed=True)


def _survey(
    gateway: Gateway, database: Database, plan: ProjectPlan, version: str, dry_run: bool
) -> Survey:
    if dry_run:
        made = False
        project = find_projects(gateway, plan.workspace_id).get(plan.role)
        with database.session() as session:
            stored = next(
                (
                    p
                    for p in list_projects(session, gateway.url)
                    if project is not None and p.studio_id == project.studio_id
                ),
                None,
            )
    else:
        project, stored, made = ensure_project(gateway, database, plan)
    if project is None or made:
        return Survey(plan, project, stored, made, [], listed=True)
    if stored is not None and project.tasks >= _FEW:
        with database.session() as session:
            held = held_tasks(session, stored.project_id)
            annotated = annotated_paragraphs(session, stored.project_id)
        if _is_known(gateway, project, held, version):
            tasks = [
                _remember(task, task.paragraph_id in annotated, version) for task in held.values()
            ]
            return Survey(plan, project, stored, made, tasks, listed=False)
    return Survey(plan, project, stored, made, gateway.tasks(project.studio_id), listed=True)


def _is_known(
    gateway: Gateway, project: StudioProject, held: dict[str, HeldTask], version: str
) -> bool:
    """Whether the server has just the tasks and pre-labels that the store knows, by its counts.

    Pre-labels of other versions, which do not show, are let be. Of a task deleted
    by hand and another's made twice, which is as many, the number of the double is
    none that the store knows, unless the server gave it that of the deleted one:
    so what is counted together differs from time to time. One pre-label lost and
    one doubled are overlooked until something else has the tasks listed.
    """
    if len(held) != project.tasks or project.model_version != version:
        return False
    shown = sum(not task.hidden for task in held.values())
    if gateway.model_versions(project.studio_id).get(version, 0) != shown:
        return False
    keys = random.sample(list(held), len(held))
    # In two parts at least, so that an answer that ignores the keys is seen as such.
    size = min(KEYS, -(-len(keys) // 2))
    parts = [keys[i : i + size] for i in range(0, len(keys), size)]
    return all(
        gateway.count_tasks(project.studio_id, {key: held[key].task_id for key in part})
        == len(part)
        for part in parts
    )


def _remember(task: HeldTask, annotated: bool, version: str) -> StudioTask:
    """A task as the server would list it, by the store's word."""
    return StudioTask(
        task_id=task.task_id,
        paragraph_id=task.paragraph_id,
        versions=() if task.hidden else (version,),
        context="",
        annotated=annotated,
        digest=task.digest,
        hidden=task.hidden,
    )
