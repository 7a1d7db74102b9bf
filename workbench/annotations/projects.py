"""The workspace's project on a Label Studio server: found again, made, kept up to date."""

from dataclasses import dataclass

from workbench.annotations.gateway import Gateway, StudioProject
from workbench.errors import StudioError
from workbench.store.database import Database
from workbench.store.tasks import Project, forget_project, list_projects, save_project
from workbench.taxonomy.codebook import Codebook
from workbench.taxonomy.labelconfig import render_instructions, render_label_config

#: Label Studio's own limits on a title.
TITLE_LENGTH = (3, 50)


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What the project should be.

    `workspace_id` marks it as ours, in its description, so that it is found
    again even without our database.
    """

    title: str
    workspace_id: str
    codebook: Codebook
    coders_per_paragraph: int

    @property
    def mark(self) -> str:
        return f"workbench:{self.workspace_id}"

    @property
    def description(self) -> str:
        book = self.codebook
        return f"Made by workbench; codebook {book.name} {book.version}. [{self.mark}]"


def find_project(gateway: Gateway, database: Database, plan: ProjectPlan) -> StudioProject | None:
    """The workspace's project on this server, known to the store or found by its mark.

    A project that the store knows and the server has lost is forgotten; its
    annotations stay.
    """
    with database.session() as session:
        held = list_projects(session, gateway.url)
    for project in held:
        found = gateway.project(project.studio_id)
        if found is not None and plan.mark in found.description:
            return found
        with database.session() as session:
            forget_project(session, project.project_id)
    marked = [p for p in gateway.projects() if plan.mark in p.description]
    return min(marked, key=lambda p: p.studio_id, default=None)


def ensure_project(
    gateway: Gateway, database: Database, plan: ProjectPlan
) -> tuple[StudioProject, Project, bool]:
    """The project as the server and as the store have it, and whether it was made now.

    An edited codebook reaches an existing project here. StudioError where the
    title is too short or long for Label Studio.
    """
    low, high = TITLE_LENGTH
    if not low <= len(plan.title) <= high:
        raise StudioError(
            f"project title {plan.title!r} has {len(plan.title)} characters, "
            f"Label Studio takes {low} to {high}",
            "set label_studio.project in workbench.toml",
        )
    config = render_label_config(plan.codebook)
    found = find_project(gateway, database, plan)
    made = found is None
    if found is None:
        found = gateway.create_project(
            title=plan.title,
            description=plan.description,
            label_config=config,
            expert_instruction=render_instructions(plan.codebook),
            show_instruction=True,
            show_collab_predictions=True,
            maximum_annotations=plan.coders_per_paragraph,
            color="#1d4ed8",
        )
    elif (found.label_config, found.description) != (config, plan.description):
        gateway.check_label_config(found.studio_id, config)
        gateway.update_project(
            found.studio_id,
            description=plan.description,
            label_config=config,
            expert_instruction=render_instructions(plan.codebook),
        )
    if found.coders_per_paragraph != plan.coders_per_paragraph:
        gateway.update_project(found.studio_id, maximum_annotations=plan.coders_per_paragraph)
    with database.session() as session:
        stored = save_project(session, gateway.url, found.studio_id, found.title)
    return found, stored, made
