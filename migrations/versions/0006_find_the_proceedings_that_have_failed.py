"""Find the proceedings that have failed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proceeding_failed",
            ["ended_at", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'failed'"),
            sqlite_where=sa.text("state = 'failed'"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_proceeding_failed",
            postgresql_where=sa.text("state = 'failed'"),
            sqlite_where=sa.text("state = 'failed'"),
        )
