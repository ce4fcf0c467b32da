"""Let a case rest."""

import sqlalchemy as sa
from alembic import op

from workflows import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspension", columns.Json(), nullable=True))

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("whole_case", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column("whole_case", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("whole_case")

    # Not as a batch: SQLite would make the table anew, and other tables refer to its rows.
    op.drop_column("case_file", "suspension")
