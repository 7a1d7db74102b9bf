"""One project for all coders: Label Studio's own overlap, and a set of tasks that all get.

Label Studio gives a task to whoever comes first, until as many have it as its
overlap says. So weights, the balance of reports and who meets whom cannot be
held, and the shared set is not served first. A task that is finished stays
finished when its overlap is raised: one who joins later never sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbench.annotations.assigning import seeded_rank
from workbench.annotations.gateway import Gateway

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a project's tasks are set to: `shared` go to all coders, `changed` of them by now.

    `begun` of the shared ones were begun before and stay as they are.
    """

    tasks: int
    shared: int
    changed: int
    begun: int


def share_tasks(
    gateway: Gateway,
    studio_id: int,
    per_paragraph: int,
    coders: int,
    shared: int,
    seed: int,
    *,
    dry_run: bool = False,
) -> Overlap:
    """Set a project to `per_paragraph` coders a task, and `shared` of its tasks to all `coders`.

    The shared ones are drawn at random among the tasks that nobody began; those
    that are shared already count. The same again changes nothing, `dry_run` neither.
    """
    tasks = list(_tasks(gateway, studio_id))
    project = gateway.project(studio_id)
    # Label Studio sets all tasks anew when this number of the project changes.
    new = project is None or project.coders_per_paragraph != per_paragraph
    held = [] if new else [task for task in tasks if task["overlap"] > per_paragraph]
    numbers = {task["id"] for task in held}
    open_ = sorted(
        (task for task in tasks if task["id"] not in numbers and not _is_begun(task)),
        key=lambda task: seeded_rank(seed, "overlap", str(task["id"])),
    )
    wanted = shared if coders > per_paragraph else 0
    drawn = open_[: max(0, wanted - len(held))]
    stale = [t for t in held if t["overlap"] != coders and not _is_begun(t)] + drawn
    if not dry_run:
        if new:
            gateway.update_project(studio_id, maximum_annotations=per_paragraph)
        for task in stale:
            gateway.call("PATCH", f"api/tasks/{task['id']}/", {"overlap": coders})
    begun = sum(1 for task in held if task["overlap"] != coders and _is_begun(task))
    return Overlap(len(tasks), len(held) + len(drawn), len(stale), begun)


def _tasks(gateway: Gateway, studio_id: int) -> Iterator[dict[str, Any]]:
    page, total = 1, 1
    while (page - 1) * _PAGE < total:  # a page past the end is an error there
        answer = gateway.call(
            "GET",
            "api/tasks/",
            params={
                "project": studio_id,
                "fields": "all",
                "include": "id,overlap,total_annotations,cancelled_annotations",
                "page": page,
                "page_size": _PAGE,
            },
        )
        total = answer["total"]
        yield from answer["tasks"]
        page += 1


def _is_begun(task: dict[str, Any]) -> bool:
    return bool(task.get("total_annotations") or task.get("cancelled_annotations"))
