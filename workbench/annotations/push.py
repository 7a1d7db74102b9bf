"""Paragraphs and pre-labels out to Label Studio. Pushing twice creates nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from workbench.annotations.context import find_contexts
from workbench.annotations.gateway import Gateway, StudioTask
from workbench.annotations.projects import ProjectPlan, ensure_project
from workbench.annotations.tasks import prediction_body, prelabel_from, task_data
from workbench.annotations.twins import leave_out_twins
from workbench.progress import Track, track_silently
from workbench.records import CodedParagraph, Paragraph, Prediction, PreLabel, Report
from workbench.store.database import Database
from workbench.store.tasks import replace_tasks

#: Tasks in one request: large enough to be fast, small enough to show progress.
BATCH = 500

T = TypeVar("T")
Predict = Callable[[Sequence[Paragraph]], Iterable[Prediction]]
#: From the ids that have a task, those that should be tasks.
Narrow = Callable[[Collection[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    `created` tasks are new, `present` were there. `repeated` paragraphs have
    none, since a twin of theirs (see `reports.twins`) has one. `with_context`
    tasks that wait for a coder show the codes of an earlier year; in
    `context_renewed` of those present that changed now. `prelabelled` tasks got
    pre-labels of `version` now; `prelabels` counts those pre-labels by code
    ("none": no code proposed). `doubled` lists paragraphs that the server
    holds more than one task for, `strange` counts tasks that are not ours.
    """

    studio_id: int
    title: str
    project_made: bool
    created: int
    present: int
    repeated: int
    with_context: int
    context_renewed: int
    version: str
    prelabelled: int
    prelabels: Mapping[str, int]
    doubled: tuple[str, ...]
    strange: int


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
) -> Pushed:
    """Make the tasks that are missing and give every task pre-labels of `version`.

    `held` are the paragraphs of the store, `wanted` the ids of those that
    should be tasks, which `narrow` may reduce once it is known what has a task;
    of twins one is, unless `all_duplicates` asks for all. The server is asked
    first what it has, so a run that broke off, or a lost
    database, is made good by the next.

    A task whose paragraph was `coded` almost as it is in an earlier year shows
    those codes and what has changed. Tasks that some coder has submitted or
    skipped stay as they are, so that all coders of a paragraph see the same.

    Label Studio shows the pre-labels of one version only. So the new ones are
    imported for all tasks, the project is switched over, and only then are the
    old ones removed: a coder never sees a page without.
    """
    project, stored, made = ensure_project(gateway, database, plan)
    there = gateway.tasks(project.studio_id)
    by_key = _by_key(there)
    if narrow is not None:
        wanted &= narrow(by_key.keys())
    repeated = frozenset() if all_duplicates else leave_out_twins(held, wanted, by_key.keys())
    lacking = wanted - repeated - by_key.keys()
    missing = [(p, r) for p, r in held if p.paragraph_id in lacking]
    waiting = {key for key, tasks in by_key.items() if not all(task.annotated for task in tasks)}
    open_ = [(p, r) for p, r in held if p.paragraph_id in waiting]
    reports = {report.report_id: report for _, report in held}
    contexts = find_contexts([*missing, *open_], coded, reports, plan.codebook)
    counts: Counter[str] = Counter()
    created: dict[str, int] = {}
    for batch in track(_batches(missing), "creating tasks", -(-len(missing) // BATCH)):
        prelabels = _prelabel([p for p, _ in batch], predict, version, counts)
        tasks = [
            {
                "data": task_data(p, r, contexts.get(p.paragraph_id, "")),
                "predictions": [prediction_body(prelabel)],
            }
            for (p, r), prelabel in zip(batch, prelabels, strict=True)
        ]
        ids = gateway.import_tasks(project.studio_id, tasks)
        created |= dict(zip((p.paragraph_id for p, _ in batch), ids, strict=True))
    stale = [
        (p, by_key[p.paragraph_id])
        for p, _ in held
        if p.paragraph_id in by_key
        and any(version not in t.versions for t in by_key[p.paragraph_id])
    ]
    for batch in track(_batches(stale), "renewing pre-labels", -(-len(stale) // BATCH)):
        prelabels = _prelabel([p for p, _ in batch], predict, version, counts)
        gateway.import_predictions(
            project.studio_id,
            [
                {"task": task.task_id, **prediction_body(prelabel)}
                for (_, tasks_of_it), prelabel in zip(batch, prelabels, strict=True)
                for task in tasks_of_it
                if version not in task.versions
            ],
        )
    _switch_version(gateway, project.studio_id, version)
    renewed = _renew_contexts(gateway, open_, by_key, contexts, track)
    known = {p.paragraph_id for p, _ in held}
    tasks_now = {key: tasks[0].task_id for key, tasks in by_key.items() if key in known} | created
    with database.session() as session:
        replace_tasks(session, stored.project_id, tasks_now)
    return Pushed(
        studio_id=project.studio_id,
        title=project.title,
        project_made=made,
        created=len(created),
        present=sum(1 for key in wanted if key in by_key),
        repeated=len(repeated),
        with_context=len(contexts),
        context_renewed=renewed,
        version=version,
        prelabelled=len(created) + len(stale),
        prelabels=dict(counts),
        doubled=tuple(sorted(key for key, tasks in by_key.items() if len(tasks) > 1)),
        strange=sum(1 for task in there if task.paragraph_id not in known),
    )


def _renew_contexts(
    gateway: Gateway,
    paragraphs: Iterable[tuple[Paragraph, Report]],
    by_key: Mapping[str, Sequence[StudioTask]],
    contexts: Mapping[str, str],
    track: Track,
) -> int:
    """Put the context of today into the tasks that nobody annotated yet; how many it changed."""
    stale = []
    for paragraph, report in paragraphs:
        context = contexts.get(paragraph.paragraph_id, "")
        data = task_data(paragraph, report, context)
        stale += [
            (task.task_id, data)
            for task in by_key[paragraph.paragraph_id]
            if not task.annotated and task.context != context
        ]
    for task_id, data in track(stale, "renewing contexts", len(stale)):
        gateway.update_task(task_id, data)
    return len(stale)


def _switch_version(gateway: Gateway, studio_id: int, version: str) -> None:
    """Show `version`, then remove the others."""
    versions = gateway.model_versions(studio_id)
    if version not in versions:
        return
    project = gateway.project(studio_id)
    if project is not None and project.model_version != version:
        gateway.update_project(studio_id, model_version=version)
    for old in versions:
        if old != version:
            gateway.delete_model_version(studio_id, old)


def _prelabel(
    paragraphs: Sequence[Paragraph], predict: Predict, version: str, counts: Counter[str]
) -> list[PreLabel]:
    prelabels = [prelabel_from(prediction, version) for prediction in predict(paragraphs)]
    for prelabel in prelabels:
        counts.update(prelabel.codes or ("none",))
    return prelabels


def _by_key(tasks: Iterable[StudioTask]) -> dict[str, list[StudioTask]]:
    """Tasks by our key, those of one paragraph oldest first."""
    by_key: dict[str, list[StudioTask]] = {}
    for task in sorted(tasks, key=lambda t: t.task_id):
        if task.paragraph_id is not None:
            by_key.setdefault(task.paragraph_id, []).append(task)
    return by_key


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for i in range(0, len(items), BATCH):
        yield items[i : i + BATCH]
