"""The backend among a project's model backends in Label Studio.

What Label Studio (1.23) does, and why this goes as it goes:

- A coder's stream shows the predictions whose version is the project's
  `model_version`. Only where that is the title of a backend is the backend
  asked, for paragraphs that have no prediction of its version yet; what is
  stored of that version is shown as it is. So the title is the labeller's
  version, the very name under which push stores pre-labels.
- When a backend's title changes, a project that names it goes along.
- A backend that does not answer hides the stored pre-labels, since the title
  still names it. So it is taken out when it ends, and the project is
  given back to the stored version that most paragraphs have.
- While a title is the project's version, deleting the predictions of whatever
  version empties the project's. So that is looked after.
- A project uses its first backend only. The webhook that it makes of itself, for
  everything that happens, carries no password.
- Everybody who has an account reads the webhooks, headers too (a backend's password
  is not shown). So ours has a key that is good for nothing but a hint.
"""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.annotations.backend.auth import SignIn, hint_header
from workbench.annotations.backend.retraining import COUNTED
from workbench.annotations.gateway import Gateway, StudioProject
from workbench.annotations.projects import CODING, find_projects
from workbench.errors import StudioError

#: The header of our webhooks that names the workspace.
_MARK = "X-Workbench-Serve"
#: Seconds after which a backend that did not answer is asked once more: it may have been busy.
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where Label Studio reaches the backend, and of which workspace it is.

    `hint_key` is what its webhooks carry where there is a sign-in.
    """

    url: str
    sign_in: SignIn | None
    workspace_id: str
    hint_key: str = field(default="", repr=False)

    @property
    def mark(self) -> str:
        """What the registration's description holds, so that it is found again elsewhere."""
        return f"[workbench:{self.workspace_id}]"


def find_served(gateway: Gateway, workspace_id: str) -> list[StudioProject]:
    """The workspace's projects for coding: the one for all, and each coder's own.

    StudioError where there is none. A project to adjudicate in is none of them:
    its pre-labels are what the coders chose.
    """
    projects = find_projects(gateway, workspace_id)
    found = [project for role, project in projects.items() if role.purpose == CODING]
    if not found:
        raise StudioError(
            f"{gateway.url} has no project of this workspace", "run `workbench push` first"
        )
    return found


def connect(gateway: Gateway, project: StudioProject, place: Place, version: str) -> list[str]:
    """Register the backend with a project and show its pre-labels; remarks for the user.

    One that is registered for this address, or by this workspace for another,
    is updated. Raises StudioRequestError where Label Studio cannot reach it.
    """
    studio_id = project.studio_id
    ours, others = _registered(gateway, studio_id, place)
    body = _describe(studio_id, place, version)
    if ours:
        gateway.call("PATCH", f"api/ml/{ours[0]['id']}", body)
        for twin in ours[1:]:
            gateway.call("DELETE", f"api/ml/{twin['id']}")
    else:
        gateway.call("POST", "api/ml", body)
    _ensure_webhook(gateway, studio_id, place, [backend["url"] for backend in ours])
    remarks = []
    first = min((backend["id"] for backend in others), default=None)
    if first is not None and (not ours or first < ours[0]["id"]):
        remarks.append(
            f"project {project.title!r} has another model backend in front, which Label Studio"
            " asks instead; remove it in the project's settings"
        )
    if not project.shows_prelabels:
        remarks.append(f"project {project.title!r} does not show pre-labels, by its settings")
    else:
        show(gateway, studio_id, version)
    return remarks


def follow(gateway: Gateway, studio_id: int, place: Place, version: str) -> None:
    """Change the registration to the `version` that answers now; the project goes along."""
    ours, _ = _registered(gateway, studio_id, place)
    if ours and ours[0]["title"] != version:
        gateway.call("PATCH", f"api/ml/{ours[0]['id']}", _describe(studio_id, place, version))


def disconnect(gateway: Gateway, project: StudioProject, place: Place) -> bool:
    """Take the backend out of a project, which shows stored pre-labels again; whether it was in.

    Shown are those of the version that most tasks have, of equals the one shown.
    """
    studio_id, shown = project.studio_id, project.model_version
    ours, _ = _registered(gateway, studio_id, place)
    if not ours:
        return False
    live = {backend["title"] for backend in ours}
    stored = gateway.model_versions(studio_id)
    best = max(stored, key=lambda version: (stored[version], version == shown), default="")
    following = shown in live or not shown
    if following and best and best not in live:
        show(gateway, studio_id, best)
    for webhook in _webhooks(gateway, studio_id, place, [backend["url"] for backend in ours]):
        gateway.call("DELETE", f"api/webhooks/{webhook['id']}/")
    for backend in ours:
        gateway.call("DELETE", f"api/ml/{backend['id']}")
    if following and best in live:
        show(gateway, studio_id, best)
    return True


def is_forgotten(gateway: Gateway, studio_id: int, place: Place) -> bool:
    """Whether somebody else has disconnected the backend (see `disconnect_silent`)."""
    # Told by the webhook, which goes with it: reading backends has Label Studio ask each of them.
    return not _webhooks(gateway, studio_id, place, [place.url])


def find_silent(
    gateway: Gateway, projects: Iterable[StudioProject], workspace_id: str
) -> list[StudioProject]:
    """Those of `projects` whose backend is ours and does not answer: they show no pre-labels."""
    place = Place("", None, workspace_id)
    silent = []
    for project in projects:
        ours, _ = _registered(gateway, project.studio_id, place)
        # Label Studio asks it when this is read; CO stands for connected.
        if any(backend.get("state") != "CO" for backend in ours):
            silent.append(project)
    return silent


def disconnect_silent(
    gateway: Gateway, projects: Iterable[StudioProject], workspace_id: str
) -> list[StudioProject]:
    """Take ours out where it does not answer, so that stored pre-labels show; those projects.

    One that lives all the same finds out (`is_forgotten`) and connects again.
    """
    silent = find_silent(gateway, projects, workspace_id)
    if silent:
        time.sleep(_PAUSE)
        silent = find_silent(gateway, silent, workspace_id)
    for project in silent:
        disconnect(gateway, project, Place("", None, workspace_id))
    return silent


def show(gateway: Gateway, studio_id: int, version: str) -> None:
    """Make `version` the one that a project's pages show."""
    gateway.call("PATCH", f"api/projects/{studio_id}/", {"model_version": version})


def _describe(studio_id: int, place: Place, version: str) -> dict[str, Any]:
    signed = place.sign_in
    body = {
        "url": place.url,
        "project": studio_id,
        "title": version,
        "description": f"workbench serve {place.mark}",
        "is_interactive": False,
        "auth_method": "BASIC_AUTH" if signed else "NONE",
    }
    if signed:
        body |= {"basic_auth_user": signed.user, "basic_auth_pass": signed.password}
    return body


def _registered(
    gateway: Gateway, studio_id: int, place: Place
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The project's backends, oldest first: ours, by address or mark, and others."""
    found = gateway.call("GET", "api/ml", params={"project": studio_id})
    found = sorted(found, key=lambda backend: backend["id"])
    ours = [backend for backend in found if _is_ours(backend, place)]
    return ours, [backend for backend in found if backend not in ours]


def _is_ours(backend: Mapping[str, Any], place: Place) -> bool:
    same = str(backend.get("url")).rstrip("/") == place.url.rstrip("/")
    return same or place.mark in str(backend.get("description"))


def _ensure_webhook(
    gateway: Gateway, studio_id: int, place: Place, former: Collection[str]
) -> None:
    """One webhook, for what counts only, with this run's key; none at the `former` addresses."""
    headers = {_MARK: place.workspace_id}
    if place.sign_in:
        headers["Authorization"] = hint_header(place.hint_key)
    body = {
        "url": _webhook_url(place.url),
        "project": studio_id,
        "send_payload": True,
        "send_for_all_actions": False,
        "actions": list(COUNTED),
        "headers": headers,
        "is_active": True,
    }
    found = _webhooks(gateway, studio_id, place, [place.url, *former])
    if found:
        gateway.call("PATCH", f"api/webhooks/{found[0]['id']}/", body)
        for twin in found[1:]:
            gateway.call("DELETE", f"api/webhooks/{twin['id']}/")
    else:
        gateway.call("POST", "api/webhooks/", body)


def _webhooks(
    gateway: Gateway, studio_id: int, place: Place, urls: Iterable[str]
) -> list[dict[str, Any]]:
    """The project's webhooks that are ours: by their mark, or to a backend at one of `urls`."""
    found = gateway.call("GET", "api/webhooks/", params={"project": studio_id})
    addresses = {_webhook_url(url) for url in urls}
    return [
        webhook
        for webhook in found
        if webhook.get("project") == studio_id
        and (
            webhook["url"] in addresses
            or (webhook.get("headers") or {}).get(_MARK) == place.workspace_id
        )
    ]


def _webhook_url(url: str) -> str:
    return url.rstrip("/") + "/webhook"
