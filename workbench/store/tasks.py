"""Which paragraph is which task in which Label Studio project."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from workbench.store.tables import AnnotationRow, ProjectRow, TaskRow


@dataclass(frozen=True, slots=True)
class Project:
    """A Label Studio project as the store knows it.

    `project_id` is the store's number, `studio_id` the server's.
    """

    project_id: int
    server: str
    studio_id: int
    title: str


def save_project(session: Session, server: str, studio_id: int, title: str) -> Project:
    """Store a project by server and number."""
    row = session.scalars(select(ProjectRow).filter_by(server=server, studio_id=studio_id)).first()
    if row is None:
        row = ProjectRow(server=server, studio_id=studio_id, title=title)
        session.add(row)
    row.title = title
    session.flush()
    return _to_project(row)


def list_projects(session: Session, server: str) -> list[Project]:
    """The projects of a server, oldest first."""
    query = select(ProjectRow).filter_by(server=server).order_by(ProjectRow.project_id)
    return [_to_project(row) for row in session.scalars(query)]


def forget_project(session: Session, project_id: int) -> None:
    """Forget a project that the server no longer has; its annotations stay."""
    session.execute(delete(TaskRow).filter_by(project_id=project_id))
    for row in session.scalars(select(AnnotationRow).filter_by(project_id=project_id)):
        row.project_id = None
    session.flush()
    session.execute(delete(ProjectRow).filter_by(project_id=project_id))


def replace_tasks(session: Session, project_id: int, tasks: Mapping[str, int]) -> None:
    """Store what the server has: paragraph id to task id, in place of what was stored."""
    session.execute(delete(TaskRow).filter_by(project_id=project_id))
    rows = [
        {"project_id": project_id, "task_id": task_id, "paragraph_id": paragraph_id}
        for paragraph_id, task_id in tasks.items()
    ]
    if rows:
        session.execute(insert(TaskRow), rows)


def tasks_of(session: Session, project_id: int) -> dict[str, int]:
    """Paragraph id to task id of a project."""
    query = select(TaskRow.paragraph_id, TaskRow.task_id).filter_by(project_id=project_id)
    return dict(session.execute(query).all())


def _to_project(row: ProjectRow) -> Project:
    return Project(row.project_id, row.server, row.studio_id, row.title)
