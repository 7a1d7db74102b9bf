"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "coders",
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("studio_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("coder_id", name=op.f("pk_coders")),
        sa.UniqueConstraint("name", name=op.f("uq_coders_name")),
    )
    op.create_table(
        "models",
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("trained_at", sa.DateTime(), nullable=False),
        sa.Column("taxonomy_name", sa.String(), nullable=False),
        sa.Column("taxonomy_version", sa.String(), nullable=False),
        sa.Column("taxonomy_sha256", sa.String(length=64), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_models")),
    )
    op.create_table(
        "projects",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("studio_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_projects")),
        sa.UniqueConstraint("server", "studio_id", name=op.f("uq_projects_server")),
    )
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("ingested_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_sha256"), ["sha256"], unique=False)

    op.create_table(
        "paragraphs",
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.Column("report_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.report_id"], name=op.f("fk_paragraphs_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("paragraph_id", name=op.f("pk_paragraphs")),
    )
    with op.batch_alter_table("paragraphs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paragraphs_report_id"), ["report_id"], unique=False)

    op.create_table(
        "annotations",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("lead_time", sa.Double(), nullable=True),
        sa.Column("prelabel", sa.JSON(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coders.coder_id"], name=op.f("fk_annotations_coder_id_coders")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.paragraph_id"],
            name=op.f("fk_annotations_paragraph_id_paragraphs"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.project_id"], name=op.f("fk_annotations_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_annotations")),
    )
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotations_coder_id"), ["coder_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_annotations_paragraph_id"), ["paragraph_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_annotations_project_id"), ["project_id"], unique=False)

    op.create_table(
        "predictions",
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("predicted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.model_id"], name=op.f("fk_predictions_model_id_models")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.paragraph_id"],
            name=op.f("fk_predictions_paragraph_id_paragraphs"),
        ),
        sa.PrimaryKeyConstraint("paragraph_id", "model_id", name=op.f("pk_predictions")),
    )
    op.create_table(
        "tasks",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.paragraph_id"],
            name=op.f("fk_tasks_paragraph_id_paragraphs"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.project_id"], name=op.f("fk_tasks_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", "task_id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("project_id", "paragraph_id", name=op.f("uq_tasks_project_id")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_paragraph_id"), ["paragraph_id"], unique=False)

    op.create_table(
        "annotation_events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"], ["annotations.key"], name=op.f("fk_annotation_events_key_annotations")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_annotation_events")),
    )
    with op.batch_alter_table("annotation_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annotation_events_key"), ["key"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("annotation_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotation_events_key"))

    op.drop_table("annotation_events")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_paragraph_id"))

    op.drop_table("tasks")
    op.drop_table("predictions")
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annotations_project_id"))
        batch_op.drop_index(batch_op.f("ix_annotations_paragraph_id"))
        batch_op.drop_index(batch_op.f("ix_annotations_coder_id"))

    op.drop_table("annotations")
    with op.batch_alter_table("paragraphs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paragraphs_report_id"))

    op.drop_table("paragraphs")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_sha256"))

    op.drop_table("reports")
    op.drop_table("projects")
    op.drop_table("models")
    op.drop_table("coders")
