"""The only door to Label Studio: every call of its SDK is in this module.

The SDK is imported when a gateway is made, not before: it costs a second and
100 MB. It silently repeats failed requests, POSTs too, which doubles tasks, so
every write is sent once (`_ONCE`) and reconciled by key by its caller.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from workbench.annotations.tasks import KEY
from workbench.errors import (
    NotLabelStudioError,
    ServerDownError,
    StudioRequestError,
    TokenError,
)
from workbench.taxonomy.labelconfig import CONTEXT

#: Seconds; an import or export of 10,000 tasks takes up to half a minute.
TIMEOUT = 300.0
_ONCE: Any = {"max_retries": 0, "timeout_in_seconds": int(TIMEOUT)}


@dataclass(frozen=True, slots=True)
class StudioProject:
    """What the server says of a project."""

    studio_id: int
    title: str
    description: str
    label_config: str
    model_version: str
    coders_per_paragraph: int


@dataclass(frozen=True, slots=True)
class StudioTask:
    """A task as listed: its number, our key in its data, its pre-labels' versions.

    `context` is that of its data, empty where it has none; `annotated` says
    that some coder has submitted or skipped it.
    """

    task_id: int
    paragraph_id: str | None
    versions: tuple[str, ...]
    context: str
    annotated: bool


class Gateway:
    """Label Studio at `url`, signed in with `token` (a legacy or a personal one).

    Raises ServerDownError, NotLabelStudioError, TokenError or
    StudioRequestError; none of their texts holds the token.
    """

    def __init__(self, url: str, token: str) -> None:
        from label_studio_sdk.client import LabelStudio

        self.url = url.rstrip("/")
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=True)
        self._client = LabelStudio(
            base_url=self.url, api_key=token, timeout=TIMEOUT, httpx_client=self._http
        )

    def close(self) -> None:
        self._http.close()

    def version(self) -> str:
        """The server's version; checks on the way that it is a Label Studio at all."""
        with self._translated("asking for the version"):
            try:
                answer = self._http.get(f"{self.url}/api/version", timeout=15)
                release = answer.json()["release"] if answer.is_success else None
            except (ValueError, KeyError, TypeError):
                release = None
        if not isinstance(release, str):
            raise NotLabelStudioError(
                f"{self.url} answers, but it is not Label Studio",
                "check label_studio.url in workbench.toml",
            )
        return release

    def whoami(self) -> tuple[int, str]:
        """Number and e-mail of the token's owner; TokenError where it is refused."""
        with self._translated("signing in"):
            user = self._client.users.whoami()
        return user.id, user.email

    def users(self) -> dict[int, str]:
        """Every user's e-mail, by number."""
        with self._translated("listing users"):
            return {user.id: user.email for user in self._client.users.list()}

    def invite_path(self) -> str:
        """The path of the sign-up page with which a new coder can make an account."""
        with self._translated("asking for the invite link"):
            return str(self._raw("GET", "api/invite")["invite_url"])

    def projects(self) -> list[StudioProject]:
        """Every project that the token's owner sees."""
        with self._translated("listing projects"):
            return [_to_project(p) for p in self._client.projects.list(page_size=200)]

    def project(self, studio_id: int) -> StudioProject | None:
        """One project, None where the server no longer has it."""
        try:
            with self._translated(f"reading project {studio_id}"):
                return _to_project(self._client.projects.get(studio_id))
        except StudioRequestError as error:
            if error.status == 404:
                return None
            raise

    def create_project(self, **fields: Any) -> StudioProject:
        """Make a project; `fields` as in Label Studio's API."""
        with self._translated("creating a project"):
            made = self._client.projects.create(**fields, request_options=_ONCE)
            return _to_project(self._client.projects.get(made.id))

    def update_project(self, studio_id: int, **fields: Any) -> None:
        """Change fields of a project."""
        with self._translated(f"changing project {studio_id}"):
            self._client.projects.update(studio_id, **fields, request_options=_ONCE)

    def check_label_config(self, studio_id: int, config: str) -> None:
        """StudioRequestError where a new labelling page would orphan annotations."""
        with self._translated(f"checking the labelling page of project {studio_id}"):
            self._client.projects.validate_label_config(
                studio_id, label_config=config, request_options=_ONCE
            )

    def tasks(self, studio_id: int) -> list[StudioTask]:
        """Every task of a project."""
        found: list[StudioTask] = []
        with self._translated(f"listing the tasks of project {studio_id}"):
            for task in self._client.tasks.list(
                project=studio_id,
                fields="all",
                include="id,data,predictions_model_versions,total_annotations,"
                "cancelled_annotations",
                page_size=1000,
            ):
                data = task.data or {}
                key = data.get(KEY)
                versions = getattr(task, "predictions_model_versions", None) or ()
                if isinstance(versions, str):
                    versions = [part.strip() for part in versions.split(",") if part.strip()]
                found.append(
                    StudioTask(
                        task_id=task.id,
                        paragraph_id=str(key) if key else None,
                        versions=tuple(versions),
                        context=str(data.get(CONTEXT) or ""),
                        annotated=bool(task.total_annotations or task.cancelled_annotations),
                    )
                )
        return found

    def import_tasks(self, studio_id: int, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """Create tasks (`{"data": ..., "predictions": [...]}`); their numbers, in order."""
        with self._translated(f"importing {len(tasks)} tasks into project {studio_id}"):
            answer = self._client.projects.import_tasks(
                studio_id, request=list(tasks), return_task_ids=True, request_options=_ONCE
            )
        return list(answer.task_ids or ())

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        """Replace a task's data, whole; the same again changes nothing."""
        with self._translated(f"changing task {task_id}"):
            self._client.tasks.update(str(task_id), data=dict(data), request_options=_ONCE)

    def import_predictions(self, studio_id: int, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Add predictions to tasks; each body names its `task`."""
        with self._translated(f"importing {len(bodies)} pre-labels into project {studio_id}"):
            self._client.projects.import_predictions(
                studio_id, request=list(bodies), request_options=_ONCE
            )

    def delete_model_version(self, studio_id: int, version: str) -> None:
        """Delete the predictions of one model version."""
        with self._translated(f"removing the pre-labels of {version}"):
            self._raw(
                "DELETE", f"api/projects/{studio_id}/model-versions/", {"model_version": version}
            )

    def model_versions(self, studio_id: int) -> list[str]:
        """The model versions whose predictions a project holds."""
        with self._translated(f"listing the model versions of project {studio_id}"):
            answer = self._raw("GET", f"api/projects/{studio_id}/model-versions/")
        return sorted(answer if isinstance(answer, dict | list) else ())

    def export(self, studio_id: int) -> list[dict[str, Any]]:
        """Every task that has annotations, with them, as Label Studio's JSON export."""
        with self._translated(f"exporting project {studio_id}"):
            chunks = self._client.projects.exports.download_sync(studio_id, export_type="JSON")
            return json.loads(b"".join(chunks))

    def create_annotation(self, task_id: int, **fields: Any) -> None:
        """Add an annotation to a task, as the token's owner."""
        with self._translated(f"annotating task {task_id}"):
            self._client.annotations.create(task_id, **fields, request_options=_ONCE)

    def _raw(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A call that the SDK has no method for, with the SDK's own sign-in."""
        wrapper = self._client._client_wrapper
        answer = self._http.request(
            method, f"{self.url}/{path}", json=body, headers=wrapper.get_headers()
        )
        if not answer.is_success:
            from label_studio_sdk.core.api_error import ApiError

            raise ApiError(status_code=answer.status_code, body=answer.text)
        return answer.json() if answer.content else None

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        """Turn the SDK's and the network's errors into ours."""
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield
        except ApiError as error:
            raise self._error(doing, error.status_code or 0, error.body) from None
        except httpx.TimeoutException:
            raise StudioRequestError(
                f"{doing}: no answer within {TIMEOUT:.0f} s",
                "run the same command again: it goes on from what arrived",
            ) from None
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise ServerDownError(
                f"no Label Studio answers at {self.url}",
                "run `workbench studio start`, or check label_studio.url",
            ) from None
        except httpx.TransportError as error:
            raise StudioRequestError(
                f"{doing}: the connection broke ({type(error).__name__})",
                "run the same command again: it goes on from what arrived",
            ) from None

    def _error(self, doing: str, status: int, body: Any) -> Exception:
        if status in (401, 403):
            return TokenError(
                f"{self.url} refuses the token ({status})",
                "take a new one from Label Studio's account page",
            )
        detail = body.get("detail") or body if isinstance(body, Mapping) else body
        text = " ".join(str(detail).split())
        if text.startswith("<"):
            text = "an HTML page"
        return StudioRequestError(
            f"{doing}: Label Studio answered {status}: {text[:300]}",
            "see the server's log",
            status,
        )


def _to_project(project: Any) -> StudioProject:
    return StudioProject(
        studio_id=project.id,
        title=project.title or "",
        description=project.description or "",
        label_config=project.label_config or "",
        model_version=project.model_version or "",
        coders_per_paragraph=project.maximum_annotations or 1,
    )
