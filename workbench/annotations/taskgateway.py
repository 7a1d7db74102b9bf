"""Tasks and exports, as plain requests: the part of the gateway that must be fast."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbench.annotations.connection import TIMEOUT, Connection
from workbench.annotations.tasks import KEY, PRELABELS, digest_of
from workbench.errors import StudioRequestError
from workbench.taxonomy.labelconfig import CONTEXT

#: Tasks in one page of a listing, task ids in one address, keys in one look-up.
PAGE, IDS, KEYS = 1000, 500, 2000
#: Tasks in the first page of a listing that may have too many.
_PROBE = 20


@dataclass(frozen=True, slots=True)
class StudioTask:
    """A task as listed: its number, our key in its data, its pre-labels' versions.

    `context` is that of its data, empty where it has none; `annotated` says
    that some coder has submitted or skipped it. `digest` is that of its data
    (see `tasks.digest_of`), `hidden` says that it is shown without pre-labels,
    `drafted` that a coder has begun it.
    """

    task_id: int
    paragraph_id: str | None
    versions: tuple[str, ...]
    context: str
    annotated: bool
    digest: str = ""
    hidden: bool = False
    drafted: bool = False


class TaskGateway:
    """What is asked of Label Studio about tasks; `PredictionGateway` and `Gateway` have the rest.

    Raises the errors of `Connection`.
    """

    def __init__(self, url: str, token: str, timeout: float = TIMEOUT) -> None:
        self._connection = Connection(url, token, timeout)
        self.url = self._connection.url
        self._token = token

    def close(self) -> None:
        """Give back the connections."""
        self._connection.close()

    def tasks(self, studio_id: int, keys: Sequence[str] | None = None) -> list[StudioTask]:
        """The tasks of a project: all, or those whose key is among `keys`."""
        fields = {
            "fields": "all",
            "include": "id,data,predictions_model_versions,total_annotations,"
            "cancelled_annotations,draft_exists",
        }
        parts = [None] if keys is None else [keys[i : i + 100] for i in range(0, len(keys), 100)]
        return [
            _to_task(raw)
            for part in parts
            for raw in self._list(studio_id, fields, None if part is None else _having(part))
        ]

    def count_tasks(self, studio_id: int, tasks: Mapping[str, int]) -> int:
        """How many tasks of a project have one of these keys and one of these numbers.

        At most `KEYS` at once. They are sent as the body of a GET; where something
        on the way drops that, the answer is the number of all tasks.
        """
        chosen = {"selectedItems": {"all": False, "included": list(tasks.values())}}
        params = {"project": studio_id, "page": 1, "page_size": 1, "include": "id"}
        answer = self._connection.request(
            "GET",
            "api/tasks/",
            f"counting tasks of project {studio_id}",
            params=params | {"fields": "task_only"},
            body=_having(list(tasks)) | chosen,
        )
        return int(answer["total"])

    def task_ids(self, studio_id: int) -> list[int]:
        """The numbers of all tasks of a project."""
        fields = {"fields": "task_only", "include": "id"}
        return [raw["id"] for raw in self._list(studio_id, fields)]

    def changed_tasks(
        self, studio_id: int, since: datetime, *, until: datetime | None = None, most: int = 0
    ) -> dict[int, tuple[datetime, bool]]:
        """The tasks that changed after `since`: when they last did, whether any is annotated.

        They were made, edited, annotated, skipped, or an annotation was changed
        or deleted; not later than `until`. The moments are those of the server's
        clock. None are named where there are more than `most` (0: no limit).
        """
        counts = ("total_annotations", "cancelled_annotations")
        fields = {"fields": "task_only", "include": ",".join(("id", "updated_at", *counts))}
        query = task_filter("updated_at", "greater", "Datetime", _at(since))
        if until is not None:
            to = task_filter("updated_at", "less_or_equal", "Datetime", _at(until))
            query["filters"]["items"] += to["filters"]["items"]
        found = (
            self._list_few(studio_id, fields, query, most)
            if most
            else self._list(studio_id, fields, query)
        )
        return {
            raw["id"]: (
                datetime.fromisoformat(raw["updated_at"]),
                any(raw.get(name) for name in counts),
            )
            for raw in found
        }

    def newest_change(self, studio_id: int) -> datetime | None:
        """When a task of a project last changed, by the server's clock; None without tasks."""
        params = {"project": studio_id, "page": 1, "page_size": 1, "fields": "task_only"}
        query = json.dumps({"ordering": ["-tasks:updated_at"]})
        answer = self._connection.request(
            "GET",
            "api/tasks/",
            f"asking for the newest change in project {studio_id}",
            params=params | {"include": "id,updated_at", "query": query},
        )
        newest = answer["tasks"]
        return datetime.fromisoformat(newest[0]["updated_at"]) if newest else None

    def import_tasks(self, studio_id: int, tasks: Sequence[Mapping[str, Any]] | bytes) -> list[int]:
        """Create tasks (`{"data": ..., "predictions": [...]}`); their numbers, in order."""
        answer = self._connection.request(
            "POST",
            f"api/projects/{studio_id}/import",
            f"importing tasks into project {studio_id}",
            params={"return_task_ids": "true"},
            content=tasks if isinstance(tasks, bytes) else json.dumps(list(tasks)).encode(),
        )
        return list(answer.get("task_ids") or ())

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        """Replace a task's data, whole; the same again changes nothing."""
        self._connection.request(
            "PATCH", f"api/tasks/{task_id}/", f"changing task {task_id}", body={"data": dict(data)}
        )

    def delete_task_if_open(self, task_id: int) -> bool:
        """Delete a task that nobody annotated or began; whether it is gone."""
        # Label Studio has no such call: who submits between the question and the removal, within
        # milliseconds, loses that annotation, and nothing tells. Hence only tasks go that the
        # stream serves late or not at all: of doubled ones the newer, and what is not coded here.
        doing = f"removing task {task_id}"
        try:
            task = self._connection.request("GET", f"api/tasks/{task_id}/", doing)
            if task.get("annotations") or task.get("drafts"):
                return False
            if task.get("total_annotations") or task.get("cancelled_annotations"):
                return False
            self._connection.request("DELETE", f"api/tasks/{task_id}/", doing)
        except StudioRequestError as error:
            if error.status != 404:
                raise
        return True

    def export(
        self,
        studio_id: int,
        ids: Sequence[int] = (),
        *,
        annotated: bool = True,
        turn: AbstractContextManager[Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Every task that has annotations, with them, as Label Studio's JSON export.

        With `ids` (at most `IDS`) these tasks only; not just `annotated` ones where that is False.
        `turn` is as in `Connection.request`.
        """
        params: list[tuple[str, str]] = [("exportType", "JSON")]
        if not annotated:
            params.append(("download_all_tasks", "true"))
        address = "&".join(f"{name}={value}" for name, value in params)
        # Written out: httpx would make each bracket three characters.
        address += "".join(f"&ids[]={number}" for number in ids)
        return self._connection.request(
            "GET",
            f"api/projects/{studio_id}/export?{address}",
            f"exporting project {studio_id}",
            turn=turn,
        )

    def _list(
        self,
        studio_id: int,
        fields: Mapping[str, str],
        query: Mapping[str, Any] | None = None,
        page_size: int = PAGE,
    ) -> Iterator[dict[str, Any]]:
        """The tasks that `query` lets through, page by page, in order of number."""
        page, total = 1, 1
        while (page - 1) * page_size < total:
            try:
                answer = self._page(studio_id, fields, query, page, page_size)
            except StudioRequestError as error:
                if error.status == 404 and page > 1:  # tasks went while they were listed
                    return
                raise
            yield from answer["tasks"]
            page, total = page + 1, answer["total"]

    def _list_few(
        self, studio_id: int, fields: Mapping[str, str], query: Mapping[str, Any], most: int
    ) -> Iterable[dict[str, Any]]:
        """The same of at most so many; none where there are more, as a short page tells."""
        answer = self._page(studio_id, fields, query, 1, _PROBE)
        if answer["total"] > most:
            return ()
        if answer["total"] > _PROBE:
            return self._list(studio_id, fields, query)
        return answer["tasks"]

    def _page(
        self,
        studio_id: int,
        fields: Mapping[str, str],
        query: Mapping[str, Any] | None,
        page: int,
        page_size: int,
    ) -> dict[str, Any]:
        params: dict[str, Any] = {"project": studio_id, "page": page, "page_size": page_size}
        if query is not None:
            params["query"] = json.dumps(query)
        doing = f"listing the tasks of project {studio_id}"
        return self._connection.request("GET", "api/tasks/", doing, params=params | dict(fields))


def task_filter(field: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    """The query of a listing that lets through the tasks of which one thing holds."""
    item = {
        "filter": f"filter:tasks:{field}",
        "operator": operator,
        "type": kind,
        "value": value,
    }
    return {"filters": {"conjunction": "and", "items": [item]}}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _having(keys: Sequence[str]) -> dict[str, Any]:
    return task_filter(f"data.{KEY}", "in_list", "String", list(keys))


def _to_task(raw: Mapping[str, Any]) -> StudioTask:
    data = raw.get("data") or {}
    key = data.get(KEY)
    versions = str(raw.get("predictions_model_versions") or "").split(",")
    return StudioTask(
        task_id=raw["id"],
        paragraph_id=str(key) if key else None,
        versions=tuple(sorted({part.strip() for part in versions if part.strip()})),
        context=str(data.get(CONTEXT) or ""),
        annotated=bool(raw.get("total_annotations") or raw.get("cancelled_annotations")),
        digest=digest_of(data),
        hidden=data.get(PRELABELS) is False,
        drafted=bool(raw.get("draft_exists")),
    )
