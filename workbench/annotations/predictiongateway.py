"""Predictions, as plain requests: what pages show as pre-labels."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.annotations.taskgateway import TaskGateway, task_filter
from workbench.errors import StudioRequestError


class PredictionGateway(TaskGateway):
    """What is asked of Label Studio about predictions. Raises the errors of `Connection`."""

    def prediction(self, number: int) -> dict[str, Any] | None:
        """One prediction as the server has it, None where it is gone."""
        doing = "reading a pre-label"
        try:
            return self._connection.request("GET", f"api/predictions/{number}/", doing)
        except StudioRequestError as error:
            if error.status == 404:
                return None
            raise

    def import_predictions(
        self, studio_id: int, bodies: Sequence[Mapping[str, Any]] | bytes
    ) -> None:
        """Add predictions to tasks; each body names its `task`."""
        self._connection.request(
            "POST",
            f"api/projects/{studio_id}/import/predictions",
            f"importing pre-labels into project {studio_id}",
            content=bodies if isinstance(bodies, bytes) else json.dumps(list(bodies)).encode(),
        )

    def predictions(self, studio_id: int) -> list[tuple[int, int, str]]:
        """Every prediction of a project: its number, its task's and its version."""
        found = self._connection.request(
            "GET",
            "api/predictions/",
            f"listing the pre-labels of project {studio_id}",
            params={"project": studio_id},
        )
        return [(raw["id"], raw["task"], str(raw["model_version"] or "")) for raw in found]

    def delete_prediction(self, number: int) -> None:
        """Delete one prediction; one that is gone already is none to complain of."""
        try:
            self._connection.request("DELETE", f"api/predictions/{number}/", "removing a pre-label")
        except StudioRequestError as error:
            if error.status != 404:
                raise

    def predictions_of(self, studio_id: int, version: str, tasks: int) -> list[int]:
        """The numbers of the predictions of a model version on some tasks, `tasks` at most."""
        # Versions that have this one in their name are let through as well, so all are looked at.
        query = task_filter("predictions_model_versions", "contains", "List", [version])
        fields = {"fields": "all", "include": "id,predictions"}
        found: list[int] = []
        for raw in self._list(studio_id, fields, query, page_size=tasks):
            given = raw.get("predictions") or ()
            found += [item["id"] for item in given if item["model_version"] == version]
            if len(found) >= tasks:
                break
        return found

    def model_versions(self, studio_id: int) -> dict[str, int]:
        """The model versions of a project's predictions, with how many there are of each."""
        return {name: item["count"] for name, item in self._versions(studio_id).items()}

    def newest_predictions(self, studio_id: int) -> dict[str, datetime]:
        """When the newest prediction of each model version was made."""
        found = self._versions(studio_id).items()
        return {name: datetime.fromisoformat(item["latest"]) for name, item in found}

    def _versions(self, studio_id: int) -> dict[str, dict[str, Any]]:
        answer = self._connection.request(
            "GET",
            f"api/projects/{studio_id}/model-versions/",
            f"listing the model versions of project {studio_id}",
            params={"extended": "true"},
        )
        return {str(item["model_version"] or ""): item for item in answer["static"]}
