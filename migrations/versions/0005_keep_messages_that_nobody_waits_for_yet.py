"""Keep messages that nobody waits for yet."""

import sqlalchemy as sa
from alembic import op

from workflows import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "kept_message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("payload", columns.Json(), nullable=True),
        sa.Column("kept_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=100), nullable=False),
        sa.Column("taken_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_kept_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_message")),
    )
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kept_message_waiting",
            ["case_id", "name"],
            unique=False,
            postgresql_where=sa.text("taken_at IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("kept_message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_kept_message_waiting",
            postgresql_where=sa.text("taken_at IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL"),
        )

    op.drop_table("kept_message")
