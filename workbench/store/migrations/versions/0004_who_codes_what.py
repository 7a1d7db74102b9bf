"""Who codes what, in which project; why coders differed; what a task holds"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "assignment_draws",
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("per_paragraph", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("reports", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("draw", name=op.f("pk_assignment_draws")),
    )
    with op.batch_alter_table("coders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("left", sa.Boolean(), server_default="0", nullable=False))
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("purpose", sa.String(), server_default="coding", nullable=False)
        )
        batch_op.add_column(sa.Column("coder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("pulled_to", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_projects_coder_id_coders"), "coders", ["coder_id"], ["coder_id"]
        )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("hidden", sa.Boolean(), server_default="0", nullable=False))
    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))
    op.create_table(
        "assignments",
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coders.coder_id"], name=op.f("fk_assignments_coder_id_coders")
        ),
        sa.ForeignKeyConstraint(
            ["draw"],
            ["assignment_draws.draw"],
            name=op.f("fk_assignments_draw_assignment_draws"),
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.paragraph_id"],
            name=op.f("fk_assignments_paragraph_id_paragraphs"),
        ),
        sa.PrimaryKeyConstraint("paragraph_id", "coder_id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_draw"), ["draw"], unique=False)
