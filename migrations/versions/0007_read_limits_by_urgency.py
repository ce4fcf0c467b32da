"""Read limits by urgency."""

import sqlalchemy as sa
from alembic import op

from workflows import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=20), nullable=False, server_default="api"))

    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.alter_column("purpose", existing_type=sa.String(length=20), server_default=None)

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("warned_at", columns.Moment(timezone=True), nullable=True))

    op.execute("UPDATE deadline SET unit_id = (SELECT unit_id FROM case_file WHERE case_file.id = deadline.case_id)")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column("unit_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.create_index(
            "ix_deadline_unit",
            ["unit_id", "due_at", "id"],
            unique=False,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_deadline_unit", postgresql_where=sa.text("ended_at IS NULL"), sqlite_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_column("warned_at")
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.drop_column("purpose")
