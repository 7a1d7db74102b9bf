"""What coders differ on out to Label Studio, into a project of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.annotations.adjudicating import (
    MAJORITY,
    Case,
    case_data,
    case_predictions,
)
from workbench.annotations.gateway import Gateway, StudioTask
from workbench.annotations.planning import TaskWish, plan_tasks
from workbench.annotations.projects import ADJUDICATION, ProjectPlan, Role
from workbench.annotations.sending import Making, send_tasks
from workbench.annotations.surveying import list_anew, survey
from workbench.annotations.tasks import digest_of
from workbench.progress import Track, track_silently
from workbench.records import Paragraph, Report
from workbench.store.database import Database
from workbench.store.tasks import known_paragraphs
from workbench.taxonomy.codebook import Codebook
from workbench.taxonomy.labelconfig import render_adjudication_config, render_instructions

_SUFFIX = ": adjudication"
_TITLE = 50


@dataclass(frozen=True, slots=True)
class CasesPushed:
    """What became of the cases: numbers of tasks.

    `created` are new, `present` were there and wait, `ruled` are decided.
    `updated` show what coders have changed since, `removed` were settled by
    coders themselves before anybody began them. `studio_id` is None where a dry
    run found no project yet.
    """

    studio_id: int | None
    title: str
    created: int
    present: int
    ruled: int
    updated: int
    removed: int
    dry_run: bool = False


def adjudication_plan(plan: ProjectPlan) -> ProjectPlan:
    """The project for adjudication beside the coders' one of `plan`."""
    title = plan.title[: _TITLE - len(_SUFFIX)].rstrip() + _SUFFIX
    return replace(
        plan,
        title=title,
        role=Role(ADJUDICATION),
        coders_per_paragraph=1,
        page=render_adjudication_config,
        instructions=render_instructions,
    )


def push_cases(
    gateway: Gateway,
    database: Database,
    plan: ProjectPlan,
    cases: Sequence[Case],
    chosen: Sequence[Case],
    held: Mapping[str, tuple[Paragraph, Report]],
    track: Track = track_silently,
    *,
    dry_run: bool = False,
) -> CasesPushed:
    """Make tasks of the `chosen` cases in the project of `plan`, and renew those there.

    `cases` are all that coders differ on now; `held` the store's paragraphs by
    id. The most disputed come first. A task whose coders meanwhile agree goes,
    unless somebody began it. Pushing twice creates nothing. With `dry_run`
    nothing is written.
    """
    (found,) = survey(gateway, database, [plan], MAJORITY, dry_run=dry_run)
    found = list_anew(gateway, found)
    there = {task.paragraph_id for task in found.tasks}
    by_key = {case.paragraph_id: case for case in cases if case.paragraph_id in held}
    keys = {case.paragraph_id for case in chosen} | there
    wishes = [_wish(case, held[key], plan.codebook) for key, case in by_key.items() if key in keys]
    with database.session() as session:
        known = known_paragraphs(session)
    # What is ruled on stays, whatever the coders did since.
    gone = frozenset(known.keys() - by_key.keys() - _ruled(found.tasks))
    tasks = plan_tasks(wishes, found.tasks, known, gone)
    created, updated, removed = len(tasks.create), len(tasks.update), len(tasks.remove)
    if not dry_run and found.project is not None and found.stored is not None:
        making = _making(by_key, held, plan.codebook)
        sent = send_tasks(
            gateway,
            database,
            found.project.studio_id,
            found.stored.project_id,
            tasks,
            wishes,
            making,
            known,
            gone,
            track,
        )
        created, updated, removed = sent.created, sent.updated, sent.removed
    ruled = sum(task.annotated for task in tasks.kept.values())
    return CasesPushed(
        studio_id=None if found.project is None else found.project.studio_id,
        title=plan.title if found.project is None else found.project.title,
        created=created,
        present=len(tasks.kept) - ruled,
        ruled=ruled,
        updated=updated,
        removed=removed,
        dry_run=dry_run,
    )


def _wish(case: Case, item: tuple[Paragraph, Report], codebook: Codebook) -> TaskWish:
    versions = frozenset(body["model_version"] for body in case_predictions(case))
    return TaskWish(case.paragraph_id, digest_of(case_data(case, *item, codebook)), versions)


def _making(
    cases: Mapping[str, Case], held: Mapping[str, tuple[Paragraph, Report]], codebook: Codebook
) -> Making:
    def data(key: str) -> dict[str, Any]:
        return case_data(cases[key], *held[key], codebook)

    def predict(keys: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        return (case_predictions(cases[key]) for key in keys)

    return Making(data, predict, MAJORITY)


def _ruled(tasks: Sequence[StudioTask]) -> set[str]:
    return {task.paragraph_id for task in tasks if task.annotated and task.paragraph_id}
