"""The backend kept registered while it runs, and taken out when it ends."""

import threading
from collections.abc import Callable

from workbench.annotations.backend.registration import (
    Place,
    connect,
    disconnect,
    find_served,
    follow,
    is_forgotten,
    show,
)
from workbench.annotations.gateway import Gateway, StudioProject
from workbench.errors import StudioError

#: Seconds between two looks at the projects.
INTERVAL = 5.0
#: Every so many looks it is seen whether the registration is still there.
_LOOKS = 6


class Registration:
    """Keeps the backend registered with the workspace's projects while it runs."""

    def __init__(
        self,
        gateway: Gateway,
        place: Place,
        version: Callable[[], str],
        tell: Callable[[str], None],
    ) -> None:
        self._gateway, self._place = gateway, place
        self._version, self._tell = version, tell
        self._known: dict[int, str] = {}
        self._looks = 0

    def hold(self, stop: threading.Event) -> None:
        """Connect, and keep it so until `stop`; the errors of `connect` at first.

        Later ones are told once in a row: Label Studio may be started anew.
        """
        self._keep()
        told = ""
        while not stop.wait(INTERVAL):
            try:
                self._keep()
                told = ""
            except StudioError as error:
                if told != str(error):
                    told = str(error)
                    self._tell(f"Label Studio: {told}; trying on")

    def release(self) -> None:
        """Disconnect from the projects that were connected; errors are told."""
        try:
            for project in self._projects() if self._known else ():
                if project.studio_id in self._known:
                    disconnect(self._gateway, project, self._place)
                    self._tell(f"disconnected from project {project.title!r}")
        except StudioError as error:
            self._tell(f"still registered: {error}; then run `workbench serve --disconnect`")

    def _keep(self) -> None:
        """Connect to new projects, follow the labeller, mend an emptied version."""
        version = self._version()
        self._looks += 1
        for project in self._projects():
            known = self._known.get(project.studio_id)
            if known and self._looks % _LOOKS == 0:
                known = "" if self._is_forgotten(project) else known
            if not known:
                self._known[project.studio_id] = ""  # half done is to be undone too
                remarks = connect(self._gateway, project, self._place, version)
                self._tell(f"connected to project {project.title!r} as {version}")
                for remark in remarks:
                    self._tell(remark)
            elif known != version:
                follow(self._gateway, project.studio_id, self._place, version)
            elif not project.model_version and project.shows_prelabels:
                show(self._gateway, project.studio_id, version)
            self._known[project.studio_id] = version

    def _is_forgotten(self, project: StudioProject) -> bool:
        return is_forgotten(self._gateway, project.studio_id, self._place)

    def _projects(self) -> list[StudioProject]:
        return find_served(self._gateway, self._place.workspace_id)
