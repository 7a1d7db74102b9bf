"""Who changed an annotation in its coder's stead; what coders had chosen when it was ruled on"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    with op.batch_alter_table("annotations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_by", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("choices", sa.JSON(), server_default="{}", nullable=False))
