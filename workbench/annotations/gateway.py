"""The door to Label Studio: what the rest of this room asks of it.

What every push and pull asks is plain requests (`connection.py`): the SDK takes
more than a second to import and makes an object of every item. The rest goes
through the SDK, which is imported when first needed. By itself it repeats
failed requests, POSTs too, which doubles tasks, so every write is sent once
(`_once`) and reconciled by key by its caller (`writing.py`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbench.annotations.predictiongateway import PredictionGateway
from workbench.annotations.taskgateway import StudioTask
from workbench.errors import StudioRequestError

__all__ = ["Gateway", "StudioProject", "StudioTask"]

#: What is asked for of a project: counting all that a project has takes ten times longer.
_FIELDS = {
    "include": "id,title,description,label_config,model_version,maximum_annotations,task_number,"
    "total_annotations_number,skipped_annotations_number,show_collab_predictions"
}


@dataclass(frozen=True, slots=True)
class StudioProject:
    """What the server says of a project.

    `tasks` and `annotations` (skipped ones too) are the server's own counts,
    `shows_prelabels` whether the page shows predictions of `model_version`.
    """

    studio_id: int
    title: str
    description: str
    label_config: str
    model_version: str
    coders_per_paragraph: int
    tasks: int = 0
    annotations: int = 0
    shows_prelabels: bool = True


class Gateway(PredictionGateway):
    """Label Studio at `url`, signed in with `token` (a legacy or a personal one).

    `timeout` is in seconds. Raises ServerDownError, NotLabelStudioError,
    TokenError or StudioRequestError; none of their texts holds the token.
    """

    def version(self) -> str:
        """The server's version; checks on the way that it is a Label Studio at all."""
        return self._connection.version()

    def whoami(self) -> tuple[int, str]:
        """Number and e-mail of the token's owner; TokenError where it is refused."""
        user = self._connection.request("GET", "api/current-user/whoami", "signing in")
        return user["id"], user["email"]

    def users(self) -> dict[int, str]:
        """Every user's e-mail, by number."""
        users = self._connection.request("GET", "api/users/", "listing users")
        return {user["id"]: user["email"] for user in users}

    def invite_path(self) -> str:
        """The path of the sign-up page with which a new coder can make an account."""
        answer = self._connection.request("GET", "api/invite", "asking for the invite link")
        return str(answer["invite_url"])

    def projects(self) -> list[StudioProject]:
        """Every project that the token's owner sees."""
        found: list[StudioProject] = []
        page: Any = {"next": True, "results": ()}
        while page["next"]:
            params = {"page": len(found) // 100 + 1, "page_size": 100, **_FIELDS}
            page = self._connection.request(
                "GET", "api/projects/", "listing projects", params=params
            )
            found += [_to_project(raw) for raw in page["results"]]
        return found

    def project(self, studio_id: int) -> StudioProject | None:
        """One project, None where the server no longer has it."""
        doing = f"reading project {studio_id}"
        try:
            path = f"api/projects/{studio_id}/"
            return _to_project(self._connection.request("GET", path, doing, params=_FIELDS))
        except StudioRequestError as error:
            if error.status == 404:
                return None
            raise

    def create_project(self, **fields: Any) -> StudioProject:
        """Make a project; `fields` as in Label Studio's API."""
        doing = "creating a project"
        made = self._connection.request("POST", "api/projects/", doing, body=fields)["id"]
        found = self.project(made)
        if found is None:
            raise StudioRequestError(f"project {made} was made and is gone", "try again")
        return found

    def update_project(self, studio_id: int, **fields: Any) -> None:
        """Change fields of a project."""
        doing = f"changing project {studio_id}"
        self._connection.request("PATCH", f"api/projects/{studio_id}/", doing, body=fields)

    def check_label_config(self, studio_id: int, config: str) -> None:
        """StudioRequestError where a new labelling page would orphan annotations."""
        with self._sdk(f"checking the labelling page of project {studio_id}") as sdk:
            sdk.projects.validate_label_config(
                studio_id, label_config=config, request_options=self._once
            )

    def create_annotation(self, task_id: int, **fields: Any) -> None:
        """Add an annotation to a task, as the token's owner."""
        with self._sdk(f"annotating task {task_id}") as sdk:
            sdk.annotations.create(task_id, **fields, request_options=self._once)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """Any other call: the JSON answered, None where there is none. Writes are sent once.

        `path` is that below the server's address ("api/ml/"). The errors are those of the class.
        """
        return self._connection.request(method, path, f"{method} {path}", params=params, body=body)

    @cached_property
    def _client(self) -> Any:
        from label_studio_sdk.client import LabelStudio

        return LabelStudio(
            base_url=self.url,
            api_key=self._token,
            timeout=self._connection.timeout,
            httpx_client=self._connection.http,
        )

    @property
    def _once(self) -> Any:
        """Options of a request that is sent once."""
        return {"max_retries": 0, "timeout_in_seconds": max(1, int(self._connection.timeout))}

    @contextmanager
    def _sdk(self, doing: str) -> Iterator[Any]:
        """The SDK's client; its errors become ours."""
        from label_studio_sdk.core.api_error import ApiError

        with self._connection.translated(doing, (ApiError,)):
            yield self._client


def _to_project(raw: Mapping[str, Any]) -> StudioProject:
    return StudioProject(
        studio_id=raw["id"],
        title=raw.get("title") or "",
        description=raw.get("description") or "",
        label_config=raw.get("label_config") or "",
        model_version=raw.get("model_version") or "",
        coders_per_paragraph=raw.get("maximum_annotations") or 1,
        tasks=raw.get("task_number") or 0,
        annotations=(raw.get("total_annotations_number") or 0)
        + (raw.get("skipped_annotations_number") or 0),
        shows_prelabels=bool(raw.get("show_collab_predictions", True)),
    )
