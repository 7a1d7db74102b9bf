"""One project's tasks and pre-labels: brought to what they should be, and checked."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from workbench.annotations.gateway import Gateway, StudioTask
from workbench.annotations.planning import TaskPlan, TaskWish, plan_tasks
from workbench.annotations.showing import check_shown, show_version
from workbench.annotations.tasks import PRELABELS, digest_of
from workbench.annotations.writing import Doubts, add_predictions, create_tasks, send_once
from workbench.progress import Track, track_silently
from workbench.store.database import Database
from workbench.store.tasks import HeldTask, add_tasks, replace_tasks

#: Tasks in one request: large enough to be fast, small enough to show progress.
BATCH = 500
#: How often what is there is compared anew after doubtful writes.
_ROUNDS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Making:
    """What tasks are made of.

    `data` gives a paragraph's task data by its id, `predict` the predictions
    of paragraphs (for each, in order, its bodies). `shown` is the model version
    whose pre-labels the page shows; those of other versions go in the end (see
    `showing`), unless a wish names them.
    """

    data: Callable[[str], Mapping[str, Any]]
    predict: Callable[[Sequence[str]], Iterable[Sequence[Mapping[str, Any]]]]
    shown: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done in one project: numbers of tasks.

    `created`, `updated` and `removed` tasks; `relabelled` are those present
    that got pre-labels now. `plan` is what was left at the end.
    """

    created: int
    updated: int
    removed: int
    relabelled: int
    plan: TaskPlan


def send_tasks(
    gateway: Gateway,
    database: Database,
    studio_id: int,
    project_id: int,
    plan: TaskPlan,
    wishes: Sequence[TaskWish],
    making: Making,
    known: Mapping[str, bool],
    gone: frozenset[str] = frozenset(),
    track: Track = track_silently,
) -> Sent:
    """Carry out a plan in project `studio_id` (`project_id` in the store) and check the outcome.

    Tasks that are there get their new pre-labels first; then the page is
    switched over, and only then are new tasks made: the stream shows no page
    without pre-labels and none with those of two versions.
    After doubtful writes what is there is compared anew. StudioError where
    pre-labels are missing in the end.
    """
    sender = _Sender(gateway, studio_id, making, track)
    for turn in range(_ROUNDS):
        doubts = sender.doubts.number
        sender.remove(plan.remove)
        sender.relabel(plan.relabel)
        sender.update(plan.update)
        kept = _held(plan)
        show_version(gateway, studio_id, making.shown, _versions(wishes))
        with database.session() as session:
            replace_tasks(session, project_id, kept)
        for tasks in sender.create(plan.create):
            with database.session() as session:
                add_tasks(session, project_id, tasks)
        if sender.doubts.number == doubts or turn == _ROUNDS - 1:
            break
        # What was made may be there now, so that its digest counts.
        wishes = [
            replace(wish, digest=wish.digest or digest_of(making.data(wish.paragraph_id)))
            for wish in wishes
        ]
        plan = plan_tasks(wishes, gateway.tasks(studio_id), known, gone)
    check_shown(gateway, studio_id, making.shown, _expected(plan, wishes))
    return Sent(sender.created, sender.updated, sender.removed, sender.relabelled, plan)


class _Sender:
    """The writes of one push to one project, counted."""

    def __init__(self, gateway: Gateway, studio_id: int, making: Making, track: Track) -> None:
        self._gateway, self._studio_id = gateway, studio_id
        self._making, self._track = making, track
        self.doubts = Doubts()
        self.created = self.updated = self.removed = self.relabelled = 0

    def remove(self, tasks: Sequence[StudioTask]) -> None:
        # One by one: the call that deletes many deletes all where it is misunderstood.
        for task in self._track(tasks, "removing tasks", len(tasks)):
            gone: list[bool] = []

            def delete(task: StudioTask = task, gone: list[bool] = gone) -> None:
                gone.append(self._gateway.delete_task_if_open(task.task_id))

            send_once(delete, lambda: False, self.doubts)
            self.removed += gone[-1]

    def relabel(self, pairs: Sequence[tuple[StudioTask, TaskWish]]) -> None:
        batches = _batches(pairs)
        for batch in self._track(batches, "renewing pre-labels", len(batches)):
            keys = list(dict.fromkeys(wish.paragraph_id for _, wish in batch))
            made = dict(zip(keys, self._making.predict(keys), strict=True))
            bodies = [
                {"task": task.task_id, **body}
                for task, wish in batch
                for body in made[wish.paragraph_id]
                if body["model_version"] not in task.versions
            ]
            tasks = [task for task, _ in batch]
            add_predictions(self._gateway, self._studio_id, tasks, bodies, self.doubts)
            self.relabelled += len(batch)

    def update(self, pairs: Sequence[tuple[StudioTask, TaskWish]]) -> None:
        for task, wish in self._track(pairs, "renewing tasks", len(pairs)):
            data = {**self._making.data(wish.paragraph_id), PRELABELS: not task.hidden}

            def update(number: int = task.task_id, data: Mapping[str, Any] = data) -> None:
                self._gateway.update_task(number, data)

            send_once(update, lambda: False, self.doubts)
            self.updated += 1

    def create(self, wishes: Sequence[TaskWish]) -> Iterator[list[HeldTask]]:
        """Make the tasks, a batch at a time; the next is made ready while the server works."""
        batches = _batches(wishes)
        with ThreadPoolExecutor(1) as pool:
            ready = [pool.submit(self._encode, first) for first in batches[:1]]
            for number, batch in enumerate(
                self._track(batches, "creating tasks", len(batches)), start=1
            ):
                content, digests = ready.pop().result()
                ready += [pool.submit(self._encode, later) for later in batches[number:][:1]]
                keys = [wish.paragraph_id for wish in batch]
                made = create_tasks(self._gateway, self._studio_id, keys, content, self.doubts)
                self.created += len(made)
                yield [
                    HeldTask(wish.paragraph_id, made[wish.paragraph_id], digest, wish.hidden)
                    for wish, digest in zip(batch, digests, strict=True)
                ]

    def _encode(self, batch: Sequence[TaskWish]) -> tuple[bytes, list[str]]:
        """The body of the request that makes these tasks, and the digests of their data."""
        shown = [wish.paragraph_id for wish in batch if not wish.hidden]
        made = dict(zip(shown, self._making.predict(shown), strict=True))
        tasks = [
            {
                "data": {**self._making.data(wish.paragraph_id), PRELABELS: not wish.hidden},
                "predictions": list(made.get(wish.paragraph_id, ())),
            }
            for wish in batch
        ]
        content = json.dumps(tasks, ensure_ascii=False, separators=(",", ":")).encode()
        return content, [
            wish.digest or digest_of(task["data"]) for wish, task in zip(batch, tasks, strict=True)
        ]


def _held(plan: TaskPlan) -> list[HeldTask]:
    """What the store is to know of the tasks that were there."""
    digests = {task.task_id: wish.digest for task, wish in plan.update}
    return [
        HeldTask(key, task.task_id, digests.get(task.task_id, task.digest), task.hidden)
        for key, task in plan.kept.items()
    ]


def _versions(wishes: Iterable[TaskWish]) -> frozenset[str]:
    return frozenset(version for wish in wishes for version in wish.versions)


def _expected(plan: TaskPlan, wishes: Iterable[TaskWish]) -> dict[str, set[str]]:
    """The paragraphs that should carry pre-labels of each version."""
    expected: dict[str, set[str]] = {}
    for wish in wishes:
        held = plan.kept.get(wish.paragraph_id)
        if held.hidden if held else wish.hidden:
            continue
        for version in wish.versions:
            expected.setdefault(version, set()).add(wish.paragraph_id)
    return expected


def _batches(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[i : i + BATCH] for i in range(0, len(items), BATCH)]
