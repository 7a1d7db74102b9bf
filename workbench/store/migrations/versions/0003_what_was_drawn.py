"""Which paragraphs were drawn for tagging, how, and which at random"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "batches",
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("labeller", sa.String(), nullable=False),
        sa.Column("reports", sa.JSON(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("audit_seed", sa.Integer(), nullable=False),
        sa.Column("audited_to", sa.String(length=16), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("batch", name=op.f("pk_batches")),
    )
    op.create_table(
        "selections",
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("paragraph_id", sa.String(length=220), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("audit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch"], ["batches.batch"], name=op.f("fk_selections_batch_batches")
        ),
        sa.ForeignKeyConstraint(
            ["paragraph_id"],
            ["paragraphs.paragraph_id"],
            name=op.f("fk_selections_paragraph_id_paragraphs"),
        ),
        sa.PrimaryKeyConstraint("batch", "paragraph_id", name=op.f("pk_selections")),
    )
    with op.batch_alter_table("selections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selections_paragraph_id"), ["paragraph_id"], unique=False
        )
