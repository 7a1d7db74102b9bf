"""The tables. Rows stay in this room; what leaves it are records."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Named constraints, so that Alembic can change them later on SQLite too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class ReportRow(Base):
    __tablename__ = "reports"

    report_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    title: Mapped[str]
    source: Mapped[str | None]
    country: Mapped[str | None]
    year: Mapped[int | None]
    file: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    encoding: Mapped[str]
    layout: Mapped[str]
    country_code: Mapped[str | None]
    language: Mapped[str | None]
    reader: Mapped[str] = mapped_column(server_default="")
    given: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    ingested_at: Mapped[datetime]


class ParagraphRow(Base):
    """`retired` marks a paragraph that a corrected file no longer holds; its labels stay."""

    __tablename__ = "paragraphs"

    paragraph_id: Mapped[str] = mapped_column(String(220), primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.report_id"), index=True)
    position: Mapped[int]
    section: Mapped[list[Any]]
    text: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    spans: Mapped[list[Any]]
    page: Mapped[int | None]
    kind: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)


class CoderRow(Base):
    __tablename__ = "coders"

    coder_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    studio_id: Mapped[int | None]
    email: Mapped[str | None]
    left: Mapped[bool] = mapped_column(default=False, server_default="0")


class AssignmentDrawRow(Base):
    """How paragraphs were shared out among coders: enough to do it again."""

    __tablename__ = "assignment_draws"

    draw: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[int]
    weights: Mapped[dict[str, Any]]
    per_paragraph: Mapped[int]
    shared: Mapped[int]
    reports: Mapped[list[Any]]
    drawn_at: Mapped[datetime]


class AssignmentRow(Base):
    """Who is to code what; `shared` marks the calibration set."""

    __tablename__ = "assignments"

    paragraph_id: Mapped[str] = mapped_column(
        ForeignKey("paragraphs.paragraph_id"), primary_key=True
    )
    coder_id: Mapped[int] = mapped_column(ForeignKey("coders.coder_id"), primary_key=True)
    shared: Mapped[bool]
    draw: Mapped[int] = mapped_column(ForeignKey("assignment_draws.draw"), index=True)


class ProjectRow(Base):
    """A Label Studio project; `server` is its address, ids are the server's own.

    `purpose` is "coding" or "adjudication"; `coder_id` is set where the project
    is one coder's own. `pulled_to` is the newest change on the server that a
    pull has stored.
    """

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("server", "studio_id"),)

    project_id: Mapped[int] = mapped_column(primary_key=True)
    server: Mapped[str]
    studio_id: Mapped[int]
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="coding", server_default="coding")
    coder_id: Mapped[int | None] = mapped_column(ForeignKey("coders.coder_id"))
    pulled_to: Mapped[datetime | None]


class TaskRow(Base):
    """Which paragraph is which task in which project.

    `digest` tells whether the task's data is as we would send it now; `hidden`
    says that it is shown without pre-labels.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("project_id", "paragraph_id"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.project_id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(primary_key=True)
    paragraph_id: Mapped[str] = mapped_column(ForeignKey("paragraphs.paragraph_id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    hidden: Mapped[bool] = mapped_column(default=False, server_default="0")


class AnnotationRow(Base):
    """The newest state of an annotation; `deleted` marks one that vanished at its origin."""

    __tablename__ = "annotations"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    paragraph_id: Mapped[str] = mapped_column(ForeignKey("paragraphs.paragraph_id"), index=True)
    coder_id: Mapped[int] = mapped_column(ForeignKey("coders.coder_id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.project_id"), index=True)
    codes: Mapped[list[Any]]
    evidence: Mapped[list[Any]]
    comment: Mapped[str]
    skipped: Mapped[bool]
    origin: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    lead_time: Mapped[float | None]
    prelabel: Mapped[dict[str, Any] | None]
    hidden: Mapped[bool] = mapped_column(default=False, server_default="0")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    changed_by: Mapped[str] = mapped_column(default="", server_default="")
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    deleted: Mapped[bool] = mapped_column(default=False)


class AnnotationEventRow(Base):
    """The history: each state of an annotation as it was seen, never changed afterwards."""

    __tablename__ = "annotation_events"

    event_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("annotations.key"), index=True)
    action: Mapped[str]
    seen_at: Mapped[datetime]
    state: Mapped[dict[str, Any]]


class ModelRow(Base):
    __tablename__ = "models"

    model_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str]
    trained_at: Mapped[datetime]
    taxonomy_name: Mapped[str]
    taxonomy_version: Mapped[str]
    taxonomy_sha256: Mapped[str] = mapped_column(String(64))
    codes: Mapped[list[Any]]
    thresholds: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]


class PredictionRow(Base):
    """What a model last said of a paragraph.

    Where the codebook's phrases had half the say, the model's id ends in "+codebook".
    """

    __tablename__ = "predictions"

    paragraph_id: Mapped[str] = mapped_column(
        ForeignKey("paragraphs.paragraph_id"), primary_key=True
    )
    model_id: Mapped[str] = mapped_column(ForeignKey("models.model_id"), primary_key=True)
    codes: Mapped[list[Any]]
    scores: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    predicted_at: Mapped[datetime]


class BatchRow(Base):
    """One draw of paragraphs to tag: how, and from which reports."""

    __tablename__ = "batches"

    batch: Mapped[int] = mapped_column(primary_key=True)
    strategy: Mapped[str]
    seed: Mapped[int]
    labeller: Mapped[str]
    reports: Mapped[list[Any]]
    population: Mapped[int]
    audit_seed: Mapped[int]
    audited_to: Mapped[str] = mapped_column(String(16))
    drawn_at: Mapped[datetime]


class SelectionRow(Base):
    """A paragraph that a batch drew; `audit` marks those drawn at random."""

    __tablename__ = "selections"

    batch: Mapped[int] = mapped_column(ForeignKey("batches.batch"), primary_key=True)
    paragraph_id: Mapped[str] = mapped_column(
        ForeignKey("paragraphs.paragraph_id"), primary_key=True, index=True
    )
    strategy: Mapped[str]
    audit: Mapped[bool]
