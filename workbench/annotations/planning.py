"""What should be on the server against what is there. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from workbench.annotations.gateway import StudioTask


@dataclass(frozen=True, slots=True)
class TaskWish:
    """A paragraph that should be a task.

    `digest` is that of the data it should have; it may be left empty ("") for a
    paragraph that has no task yet. `versions` are those of the
    pre-labels that it should carry. `hidden` says that a new task is to have
    none; a task that is there stays as it was made.
    """

    paragraph_id: str
    digest: str
    versions: frozenset[str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What a push has to do in one project, and what is left alone.

    `create` and `update` are wishes, the latter each with its task, `relabel`
    tasks that lack pre-labels. `remove` are tasks that nobody annotated or
    began, and which are doubled or orphaned. `doubled` lists paragraphs that
    keep several tasks, since several were annotated, `orphaned` the tasks that
    stay though their paragraph is not to be coded here (any more). `strange`
    counts tasks that are not ours. `kept` has the one task of each paragraph
    that is ours, by its id.
    """

    create: tuple[TaskWish, ...]
    update: tuple[tuple[StudioTask, TaskWish], ...]
    relabel: tuple[tuple[StudioTask, TaskWish], ...]
    remove: tuple[StudioTask, ...]
    doubled: tuple[str, ...]
    orphaned: tuple[StudioTask, ...]
    strange: int
    kept: dict[str, StudioTask]

    @property
    def nothing(self) -> bool:
        """Whether the server has what it should have."""
        return not (self.create or self.update or self.relabel or self.remove)


def plan_tasks(
    wishes: Iterable[TaskWish],
    there: Iterable[StudioTask],
    known: Collection[str],
    gone: Collection[str] = (),
) -> TaskPlan:
    """Compare what should be with what is `there`.

    `known` are the ids of all paragraphs of the workspace, `gone` those whose
    tasks have no business in this project (any more). Tasks of other known
    paragraphs are left as they are. A task that a coder has submitted or
    skipped keeps its data, so that all coders of a paragraph see the same.
    """
    by_key = group_tasks(there)
    strange = sum(len(tasks) for key, tasks in by_key.items() if key not in known)
    kept: dict[str, StudioTask] = {}
    remove: list[StudioTask] = []
    doubled: list[str] = []
    orphaned: list[StudioTask] = []
    for key, tasks in by_key.items():
        if key is None or key not in known:
            continue
        if key in gone:
            stay = [task for task in tasks if not _is_open(task)]
            remove += [task for task in tasks if _is_open(task)]
            orphaned += stay
            if stay:
                kept[key] = choose_task(stay)
            continue
        kept[key] = choose_task(tasks)
        extra = [task for task in tasks if task is not kept[key]]
        remove += [task for task in extra if _is_open(task)]
        if any(not _is_open(task) for task in extra):
            doubled.append(key)
    removed = {task.task_id for task in remove}
    create: list[TaskWish] = []
    update: list[tuple[StudioTask, TaskWish]] = []
    relabel: list[tuple[StudioTask, TaskWish]] = []
    for wish in wishes:
        if wish.paragraph_id not in kept:
            create.append(wish)
            continue
        for task in by_key[wish.paragraph_id]:
            if task.task_id in removed:
                continue
            if not task.annotated and task.digest != wish.digest:
                update.append((task, wish))
            if not task.hidden and not wish.versions <= set(task.versions):
                relabel.append((task, wish))
    return TaskPlan(
        create=tuple(create),
        update=tuple(update),
        relabel=tuple(relabel),
        remove=tuple(remove),
        doubled=tuple(sorted(doubled)),
        orphaned=tuple(orphaned),
        strange=strange,
        kept=kept,
    )


def group_tasks(tasks: Iterable[StudioTask]) -> dict[str | None, list[StudioTask]]:
    """Tasks by our key, those of one paragraph oldest first."""
    by_key: dict[str | None, list[StudioTask]] = {}
    for task in sorted(tasks, key=lambda t: t.task_id):
        by_key.setdefault(task.paragraph_id, []).append(task)
    return by_key


def choose_task(tasks: Sequence[StudioTask]) -> StudioTask:
    """Of several tasks of a paragraph the one to keep.

    The oldest that is annotated, else the oldest that somebody began, else the oldest.
    """
    return min(tasks, key=lambda task: (not task.annotated, not task.drafted, task.task_id))


def is_hidden(workspace_id: str, paragraph_id: str, share: float) -> bool:
    """Whether a paragraph is among the `share` (0 to 1) shown without pre-labels.

    It is the same for all coders, does not depend on the other paragraphs, and
    who is hidden at a smaller share is at a larger one.
    """
    text = f"{workspace_id}/{paragraph_id}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(text).digest()[:8])
    return number < share * 2**64


def _is_open(task: StudioTask) -> bool:
    return not task.annotated and not task.drafted
