"""Paragraphs and pre-labels out to Label Studio. Pushing twice creates nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.annotations.aims import Aim, aim_at, plan_projects
from workbench.annotations.backend.registration import disconnect_silent, find_silent
from workbench.annotations.desk import Desk, Predict
from workbench.annotations.gateway import Gateway
from workbench.annotations.planning import TaskPlan, is_hidden, plan_tasks
from workbench.annotations.projects import ProjectPlan, find_projects
from workbench.annotations.sending import Sent, send_tasks
from workbench.annotations.surveying import Survey, list_anew, survey
from workbench.annotations.twins import leave_out_twins
from workbench.progress import Track, track_silently
from workbench.records import Assignment, CodedParagraph, Paragraph, Report
from workbench.store.database import Database
from workbench.store.tasks import hidden_tasks, known_paragraphs

#: From the ids that have a task, those that should be tasks.
Narrow = Callable[[Collection[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class ProjectPushed:
    """What a push did in one project: numbers of tasks; `coder` is whose own it is.

    `studio_id` is None where a dry run found no project yet. `created` tasks
    are new, `present` were there, of which `updated` got new data, and
    `relabelled` new pre-labels. `hidden` tasks show none by design. `removed`
    tasks were doubled, or their paragraph is not to be coded here any more, and
    nobody had begun them; `orphaned` ones stay, since somebody has. `strange`
    ones are not ours.
    """

    coder: str | None
    studio_id: int | None
    title: str
    project_made: bool
    created: int
    present: int
    updated: int
    relabelled: int
    removed: int
    orphaned: int
    hidden: int
    strange: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did, or with `dry_run` would do; of several projects the sums.

    `studio_id`, `title` and `project_made` are the first project's; the numbers
    are those of `ProjectPushed`. `repeated` paragraphs have no task, since a
    twin of theirs (see `reports.twins`) has one. `with_context` tasks that wait
    for a coder show the codes of an earlier year; in `context_renewed` of those
    present that changed now. `prelabelled` tasks got pre-labels of `version`
    now; `prelabels` counts those pre-labels by code ("none": no code proposed).
    `doubled` lists paragraphs of which coders annotated two tasks of one project.
    `unassigned` paragraphs are tasks of nobody, though others are assigned.
    `silent` are the titles of projects whose live pre-labels did not answer,
    which hid the stored ones: they were disconnected.
    """

    studio_id: int | None
    title: str
    project_made: bool
    created: int
    present: int
    updated: int
    removed: int
    orphaned: int
    hidden: int
    repeated: int
    unassigned: int
    with_context: int
    context_renewed: int
    version: str
    prelabelled: int
    prelabels: Mapping[str, int]
    doubled: tuple[str, ...]
    strange: int
    projects: tuple[ProjectPushed, ...]
    silent: tuple[str, ...] = ()
    dry_run: bool = False


def push_paragraphs(
    gateway: Gateway,
    database: Database,
    plan: ProjectPlan,
    held: Sequence[tuple[Paragraph, Report]],
    wanted: frozenset[str],
    predict: Predict,
    version: str,
    track: Track = track_silently,
    *,
    coded: Sequence[CodedParagraph] = (),
    all_duplicates: bool = False,
    narrow: Narrow | None = None,
    assignments: Sequence[Assignment] = (),
    hidden_share: float = 0.0,
    dry_run: bool = False,
) -> Pushed:
    """Make the tasks that are missing and give every task pre-labels of `version`.

    `held` are the paragraphs of the store, `wanted` the ids of those that
    should be tasks, which `narrow` may reduce once it is known what has a task;
    of twins one is, unless `all_duplicates` asks for all. The server is asked
    first what it has, so a run that broke off, a lost database, a restored
    server or a task deleted by hand is made good by the next.

    With `assignments` each coder gets a project of their own, with what is
    assigned to them, the calibration set first; else there is one for all. Tasks
    of such a one that nobody has begun go once they are assigned. A share of the paragraphs is
    `hidden`: without pre-labels, for all coders, so that their effect can be
    measured.

    A task whose paragraph was `coded` almost as it is in an earlier year shows
    those codes and what has changed. Tasks that some coder has submitted or
    skipped stay as they are, so that all coders of a paragraph see the same.

    Live pre-labels of ours that do not answer are disconnected first: they hide
    the stored ones. With `dry_run` nothing is written, to the server or the store.
    """
    there = find_projects(gateway, plan.workspace_id)
    plans = plan_projects(plan, assignments, there)
    coded_in = [project for role, project in there.items() if role.purpose == plan.role.purpose]
    look = find_silent if dry_run else disconnect_silent
    silent = look(gateway, coded_in, plan.workspace_id)
    surveys = survey(gateway, database, plans, version, dry_run=dry_run)
    tasks = frozenset(
        task.paragraph_id for found in surveys for task in found.tasks if task.paragraph_id
    )
    if narrow is not None:
        wanted &= narrow(tasks)
    settled = tasks | {assignment.paragraph_id for assignment in assignments}
    repeated = frozenset() if all_duplicates else leave_out_twins(held, wanted, settled)
    unassigned = 0
    if assignments:
        unassigned = len(wanted - settled - repeated)
        wanted &= settled
    with database.session() as session:
        known, hidden = known_paragraphs(session), hidden_tasks(session)
    hidden |= {t.paragraph_id: t.hidden for found in surveys for t in found.tasks if t.paragraph_id}
    desk = Desk(
        plan,
        held,
        coded,
        predict,
        version,
        lambda key: hidden.get(key, is_hidden(plan.workspace_id, key, hidden_share)),
    )
    aims = [aim_at(p.role, wanted - repeated, assignments, known) for p in plans]
    missing = [
        aim.wanted - {task.paragraph_id for task in found.tasks}
        for found, aim in zip(surveys, aims, strict=True)
    ]
    desk.find_contexts(surveys, frozenset().union(*missing))
    results = [
        _push_one(gateway, database, desk, found, aim, known, track, dry_run)
        for found, aim in zip(surveys, aims, strict=True)
    ]
    projects = tuple(result.pushed for result in results)
    return Pushed(
        studio_id=projects[0].studio_id,
        title=projects[0].title,
        project_made=projects[0].project_made,
        created=sum(p.created for p in projects),
        present=sum(p.present for p in projects),
        updated=sum(p.updated for p in projects),
        removed=sum(p.removed for p in projects),
        orphaned=sum(p.orphaned for p in projects),
        hidden=sum(p.hidden for p in projects),
        repeated=len(repeated),
        unassigned=unassigned,
        with_context=sum(result.with_context for result in results),
        context_renewed=sum(result.context_renewed for result in results),
        version=version,
        prelabelled=sum(result.prelabelled for result in results),
        prelabels=dict(desk.counts),
        doubled=tuple(sorted({key for result in results for key in result.plan.doubled})),
        strange=sum(p.strange for p in projects),
        projects=projects,
        silent=tuple(project.title for project in silent),
        dry_run=dry_run,
    )


@dataclass(frozen=True, slots=True)
class _Result:
    """One project's part of a push."""

    pushed: ProjectPushed
    plan: TaskPlan
    with_context: int
    context_renewed: int
    prelabelled: int


def _push_one(
    gateway: Gateway,
    database: Database,
    desk: Desk,
    found: Survey,
    aim: Aim,
    known: Mapping[str, bool],
    track: Track,
    dry_run: bool,
) -> _Result:
    wishes = desk.wish(found, aim)
    plan = plan_tasks(wishes, found.tasks, known, aim.gone)
    if not found.listed and (plan.update or plan.relabel or plan.remove):
        found = list_anew(gateway, found)
        wishes = desk.wish(found, aim)
        plan = plan_tasks(wishes, found.tasks, known, aim.gone)
    sent = Sent(len(plan.create), len(plan.update), len(plan.remove), len(plan.relabel), plan)
    if not dry_run and found.project is not None and found.stored is not None:
        sent = send_tasks(
            gateway,
            database,
            found.project.studio_id,
            found.stored.project_id,
            plan,
            wishes,
            desk.making,
            known,
            aim.gone,
            track,
        )
    present = [wish for wish in wishes if wish.paragraph_id in plan.kept]
    done = {key for key, task in plan.kept.items() if task.annotated}
    waiting = [wish for wish in wishes if wish.paragraph_id not in done]
    hidden = sum(plan.kept[w.paragraph_id].hidden for w in present)
    hidden += sum(wish.hidden for wish in plan.create)
    pushed = ProjectPushed(
        coder=found.plan.role.coder,
        studio_id=None if found.project is None else found.project.studio_id,
        title=found.plan.title if found.project is None else found.project.title,
        project_made=found.made or found.project is None,
        created=sent.created,
        present=sum(wish.paragraph_id in aim.wanted for wish in present),
        updated=sent.updated,
        relabelled=sent.relabelled,
        removed=sent.removed,
        orphaned=len(plan.orphaned),
        hidden=hidden,
        strange=plan.strange,
    )
    renewed = sum(task.context != desk.context(wish.paragraph_id) for task, wish in plan.update)
    return _Result(
        pushed=pushed,
        plan=plan,
        with_context=sum(bool(desk.context(wish.paragraph_id)) for wish in waiting),
        context_renewed=renewed,
        prelabelled=sent.relabelled + sum(not wish.hidden for wish in plan.create),
    )
