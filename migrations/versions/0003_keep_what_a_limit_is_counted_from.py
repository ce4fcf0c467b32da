"""Keep what a limit is counted from."""

import sqlalchemy as sa
from alembic import op

from workflows import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    facts = ("extensions", "suspensions", "exclusions", "corrections")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("release_id", sa.String(length=32), nullable=True))
        for fact in facts:
            batch_op.add_column(sa.Column(fact, columns.Json(), nullable=True))

    # Whatever runs already was counted by the release of its proceeding, and was never lengthened or stopped.
    op.execute(
        "UPDATE deadline SET extensions = '[]', suspensions = '[]', exclusions = '[]', corrections = '[]', release_id ="
        " (SELECT release_id FROM proceeding WHERE proceeding.id = deadline.proceeding_id)"
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column("release_id", existing_type=sa.String(length=32), nullable=False)
        for fact in facts:
            batch_op.alter_column(fact, existing_type=columns.Json(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_deadline_release_id"), "release", ["release_id"], ["id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_deadline_release_id"), type_="foreignkey")
        batch_op.drop_column("corrections")
        batch_op.drop_column("exclusions")
        batch_op.drop_column("suspensions")
        batch_op.drop_column("extensions")
        batch_op.drop_column("release_id")
