"""Country codes, languages, readers, and what the user said of a report"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("country_code", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=True))
        # An empty reader makes every report be read again by the next ingest.
        batch_op.add_column(sa.Column("reader", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("given", sa.JSON(), nullable=False, server_default="{}"))
