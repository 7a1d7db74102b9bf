"""The workspace's projects on a Label Studio server: found again, made, kept up to date."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.annotations.gateway import Gateway, StudioProject
from workbench.annotations.writing import send_once
from workbench.errors import StudioError
from workbench.store.database import Database
from workbench.store.tasks import Project, forget_project, list_projects, save_project
from workbench.taxonomy.codebook import Codebook
from workbench.taxonomy.labelconfig import render_instructions, render_label_config

#: The purposes of a project.
CODING, ADJUDICATION = "coding", "adjudication"
#: Label Studio's own limits on a title.
TITLE_LENGTH = (3, 50)
#: Of a title, characters that a coder's name may take.
_NAME_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Role:
    """What a project is for: `purpose` is "coding" or "adjudication".

    `coder` is the name of the one whose own project it is, None where it is
    for all.
    """

    purpose: str = CODING
    coder: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What a project should be.

    `workspace_id` and `role` mark it as ours, in its description, so that it is
    found again even without our database. `page` and `instructions` make the
    labelling page and the coders' instructions of the codebook.
    """

    title: str
    workspace_id: str
    codebook: Codebook
    coders_per_paragraph: int
    role: Role = Role()
    page: Callable[[Codebook], str] = render_label_config
    instructions: Callable[[Codebook], str] = render_instructions

    @property
    def mark(self) -> str:
        """What the description holds; with its brackets, so that none is the start of another."""
        parts = ["workbench:" + self.workspace_id]
        if self.role.purpose != CODING:
            parts.append(self.role.purpose)
        if self.role.coder is not None:
            parts += ["coder", _escape(self.role.coder)]
        return f"[{'/'.join(parts)}]"

    @property
    def description(self) -> str:
        book = self.codebook
        return f"Made by workbench; codebook {book.name} {book.version}. {self.mark}"

    def for_coder(self, name: str) -> "ProjectPlan":
        """The plan of a coder's own project, which this one is the pattern of."""
        shown = _shorten(name, _NAME_LENGTH)
        title = _shorten(self.title, TITLE_LENGTH[1] - len(shown) - 3)
        role = Role(self.role.purpose, name)
        return replace(self, title=f"{title} ({shown})", role=role, coders_per_paragraph=1)


def read_role(description: str, workspace_id: str) -> Role | None:
    """The role that a project's description marks it with; None if it is not the workspace's."""
    name = re.escape(workspace_id)
    found = re.search(rf"\[workbench:{name}(/{ADJUDICATION})?(?:/coder/([^\]]+))?\]", description)
    if found is None:
        return None
    coder = found.group(2)
    purpose = ADJUDICATION if found.group(1) else CODING
    return Role(purpose, None if coder is None else _unescape(coder))


def find_projects(gateway: Gateway, workspace_id: str) -> dict[Role, StudioProject]:
    """The workspace's projects on this server, one for each role (see `_choose`)."""
    found: dict[Role, list[StudioProject]] = {}
    for project in sorted(gateway.projects(), key=lambda p: p.studio_id):
        role = read_role(project.description, workspace_id)
        if role is not None:
            found.setdefault(role, []).append(project)
    return {role: _choose(projects) for role, projects in found.items()}


def find_project(gateway: Gateway, database: Database, plan: ProjectPlan) -> StudioProject | None:
    """The project of the plan's role on this server, found by its mark.

    What the store knows of others of the role is forgotten; their annotations stay.
    """
    return _recognise(gateway, database, plan, _marked(gateway, plan))


def _recognise(
    gateway: Gateway, database: Database, plan: ProjectPlan, marked: Sequence[StudioProject]
) -> StudioProject | None:
    """The one of the `marked` that counts; the store forgets the others."""
    found = _choose(marked) if marked else None
    with database.session() as session:
        for project in list_projects(session, gateway.url):
            mine = Role(project.purpose, project.coder) == plan.role
            if mine and (found is None or project.studio_id != found.studio_id):
                forget_project(session, project.project_id)
    return found


def _marked(gateway: Gateway, plan: ProjectPlan) -> list[StudioProject]:
    return [p for p in gateway.projects() if plan.mark in p.description]


def _choose(projects: Sequence[StudioProject]) -> StudioProject:
    """Of several of one role the one with most tasks, of equals the oldest.

    There are several where a request to make one arrived after all, late.
    """
    return min(projects, key=lambda p: (-p.tasks, p.studio_id))


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
    config = plan.page(plan.codebook)
    marked = _marked(gateway, plan)
    found = _recognise(gateway, database, plan, marked)
    made = found is None
    if found is None:
        found = _create(gateway, plan, config)
    else:
        _remove_doubles(gateway, marked, found)
    changed: dict[str, object] = {}
    if (found.label_config, found.description) != (config, plan.description):
        if found.label_config != config:
            gateway.check_label_config(found.studio_id, config)
        changed = {
            "description": plan.description,
            "label_config": config,
            "expert_instruction": plan.instructions(plan.codebook),
        }
    if found.coders_per_paragraph != plan.coders_per_paragraph:
        changed["maximum_annotations"] = plan.coders_per_paragraph
    if not found.shows_prelabels:
        changed["show_collab_predictions"] = True
    if changed and not made:
        # The same again changes nothing, so that a doubt needs no look-up.
        send_once(lambda: gateway.update_project(found.studio_id, **changed), lambda: False)
    with database.session() as session:
        stored = save_project(
            session,
            gateway.url,
            found.studio_id,
            found.title,
            purpose=plan.role.purpose,
            coder=plan.role.coder,
        )
    return found, stored, made


def _remove_doubles(gateway: Gateway, marked: Sequence[StudioProject], kept: StudioProject) -> None:
    """Delete what a late request made beside the project, as long as it is empty."""
    for project in marked:
        if project.studio_id != kept.studio_id and not project.tasks:
            send_once(
                lambda double=project.studio_id: gateway.call(  # type: ignore[misc]
                    "DELETE", f"api/projects/{double}/"
                ),
                lambda double=project.studio_id: gateway.project(double) is None,  # type: ignore[misc]
            )


def _create(gateway: Gateway, plan: ProjectPlan, config: str) -> StudioProject:
    made: list[StudioProject] = []

    def create() -> None:
        made.append(
            gateway.create_project(
                title=plan.title,
                description=plan.description,
                label_config=config,
                expert_instruction=plan.instructions(plan.codebook),
                show_instruction=True,
                show_collab_predictions=True,
                maximum_annotations=plan.coders_per_paragraph,
                color="#1d4ed8",
            )
        )

    def is_there() -> bool:
        made[:] = _marked(gateway, plan)
        return bool(made)

    send_once(create, is_there)
    return _choose(made)


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _escape(name: str) -> str:
    """A coder's name without what would end a mark."""
    return name.replace("%", "%25").replace("[", "%5B").replace("]", "%5D").replace("/", "%2F")


def _unescape(name: str) -> str:
    for sign, code in (("/", "%2F"), ("]", "%5D"), ("[", "%5B"), ("%", "%25")):
        name = name.replace(code, sign)
    return name
