"""What commands share: workspace, database, codebook, Label Studio, opened when needed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.config import Workspace, find_workspace

if TYPE_CHECKING:
    from workbench.annotations.gateway import Gateway
    from workbench.annotations.projects import ProjectPlan
    from workbench.store.database import Database
    from workbench.taxonomy.codebook import Codebook


class App:
    """One run of the command line. `flags` are settings given as options of the command."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._flags: dict[str, Any] = {}
        self._workspace: Workspace | None = None
        self._database: Database | None = None
        self._gateway: Gateway | None = None
        self._codebook: Codebook | None = None

    def use(self, **flags: str | int | float | None) -> None:
        """Take settings from options; must come before the first use of the workspace."""
        self._flags.update(flags)

    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def workspace(self) -> Workspace:
        if self._workspace is None:
            self._workspace = find_workspace(self._folder, self._flags)
        return self._workspace

    @property
    def database(self) -> "Database":
        if self._database is None:
            from workbench.store.database import Database

            self._database = Database(self.workspace.database_url)
        return self._database

    @property
    def codebook(self) -> "Codebook":
        if self._codebook is None:
            from workbench.taxonomy.codebook import load_codebook

            self._codebook = load_codebook(self.workspace.taxonomy_file)
        return self._codebook

    @property
    def gateway(self) -> "Gateway":
        """Label Studio, checked to be one before the token is sent to it."""
        if self._gateway is None:
            from workbench.annotations.address import studio_address, studio_token
            from workbench.annotations.gateway import Gateway
            from workbench.annotations.server import tidy_server

            tidy_server(self.workspace)
            url = studio_address(self.workspace)
            gateway = Gateway(url, studio_token(self.workspace, url))
            gateway.version()
            self._gateway = gateway
        return self._gateway

    def plan(self) -> "ProjectPlan":
        """The Label Studio project as this workspace wants it."""
        from workbench.annotations.projects import ProjectPlan

        return ProjectPlan(
            title=self.workspace.project_title,
            workspace_id=self.workspace.workspace_id,
            codebook=self.codebook,
            coders_per_paragraph=self.workspace.number("coders_per_paragraph"),
        )

    def close(self) -> None:
        for opened in (self._gateway, self._database):
            if opened is not None:
                opened.close()
