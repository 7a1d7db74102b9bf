"""Which paragraph is which task in which Label Studio project."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from workbench.store.tables import AnnotationRow, CoderRow, ParagraphRow, ProjectRow, TaskRow


@dataclass(frozen=True, slots=True)
class Project:
    """A Label Studio project as the store knows it.

    `project_id` is the store's number, `studio_id` the server's. `purpose` is
    "coding" or "adjudication", `coder` the name of the one whose own it is.
    `pulled_to` is the newest change on the server that a pull has stored.
    """

    project_id: int
    server: str
    studio_id: int
    title: str
    purpose: str = "coding"
    coder: str | None = None
    pulled_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task as the store knows it.

    `digest` is that of the data it was last found to have or to need, `hidden`
    says that it is shown without pre-labels.
    """

    paragraph_id: str
    task_id: int
    digest: str = ""
    hidden: bool = False


def save_project(
    session: Session,
    server: str,
    studio_id: int,
    title: str,
    *,
    purpose: str = "coding",
    coder: str | None = None,
) -> Project:
    """Store a project by server and number."""
    row = session.scalars(select(ProjectRow).filter_by(server=server, studio_id=studio_id)).first()
    if row is None:
        row = ProjectRow(server=server, studio_id=studio_id)
        session.add(row)
    row.title, row.purpose = title, purpose
    row.coder_id = None if coder is None else _coder_id(session, coder)
    session.flush()
    return _to_project(row, coder)


def list_projects(session: Session, server: str) -> list[Project]:
    """The projects of a server, oldest first."""
    query = (
        select(ProjectRow, CoderRow.name)
        .outerjoin(CoderRow, CoderRow.coder_id == ProjectRow.coder_id)
        .filter(ProjectRow.server == server)
        .order_by(ProjectRow.project_id)
    )
    return [_to_project(row, coder) for row, coder in session.execute(query)]


def save_pulled_to(session: Session, project_id: int, moment: datetime | None) -> None:
    """Store up to which change a project was pulled; None: nothing is known of it."""
    session.execute(update(ProjectRow).filter_by(project_id=project_id).values(pulled_to=moment))


def forget_project(session: Session, project_id: int) -> None:
    """Forget a project that the server no longer has; its annotations stay."""
    session.execute(delete(TaskRow).filter_by(project_id=project_id))
    session.execute(update(AnnotationRow).filter_by(project_id=project_id).values(project_id=None))
    session.execute(delete(ProjectRow).filter_by(project_id=project_id))


def replace_tasks(session: Session, project_id: int, tasks: Iterable[HeldTask]) -> None:
    """Store what the server has, one task a paragraph, in place of what was stored."""
    session.execute(delete(TaskRow).filter_by(project_id=project_id))
    add_tasks(session, project_id, tasks)


def add_tasks(session: Session, project_id: int, tasks: Iterable[HeldTask]) -> None:
    """Store tasks that were made now."""
    rows = [
        {
            "project_id": project_id,
            "task_id": task.task_id,
            "paragraph_id": task.paragraph_id,
            "digest": task.digest,
            "hidden": task.hidden,
        }
        for task in tasks
    ]
    if rows:
        session.execute(insert(TaskRow), rows)


def held_tasks(session: Session, project_id: int) -> dict[str, HeldTask]:
    """What is stored of a project's tasks, by paragraph id."""
    query = select(TaskRow.paragraph_id, TaskRow.task_id, TaskRow.digest, TaskRow.hidden)
    rows = session.execute(query.filter_by(project_id=project_id))
    return {row.paragraph_id: HeldTask(*row) for row in rows}


def hidden_tasks(session: Session) -> dict[str, bool]:
    """Whether the paragraphs that have a task, in any project, are shown without pre-labels."""
    return dict(session.execute(select(TaskRow.paragraph_id, TaskRow.hidden)).all())


def tasks_of(session: Session, project_id: int) -> dict[str, int]:
    """Paragraph id to task id of a project."""
    query = select(TaskRow.paragraph_id, TaskRow.task_id).filter_by(project_id=project_id)
    return dict(session.execute(query).all())


def annotated_paragraphs(session: Session, project_id: int) -> set[str]:
    """The ids of the paragraphs on which a project has annotations, as far as they were pulled."""
    query = select(AnnotationRow.paragraph_id).filter_by(project_id=project_id, deleted=False)
    return set(session.scalars(query.distinct()))


def known_paragraphs(session: Session) -> dict[str, bool]:
    """The ids of all paragraphs that were ever kept, with whether they are retired."""
    return dict(session.execute(select(ParagraphRow.paragraph_id, ParagraphRow.retired)).all())


def _coder_id(session: Session, name: str) -> int:
    row = session.scalars(select(CoderRow).filter_by(name=name)).first()
    if row is None:
        row = CoderRow(name=name, left=False)
        session.add(row)
        session.flush()
    return row.coder_id


def _to_project(row: ProjectRow, coder: str | None) -> Project:
    return Project(
        row.project_id,
        row.server,
        row.studio_id,
        row.title,
        row.purpose,
        coder,
        row.pulled_to,
    )
