"""The tables of the first part."""

import sqlalchemy as sa
from alembic import op

from workflows import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "artefact",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_artefact")),
    )
    op.create_table(
        "clock_beat",
        sa.Column("node", sa.String(length=64), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_clock_beat")),
    )
    op.create_table(
        "ledger_chain",
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_ledger_chain")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=100), nullable=True),
        sa.Column("body", columns.Json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("chain", "number", name=op.f("uq_ledger_entry_chain_number")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.String(length=10), nullable=False),
        sa.Column("published_at", columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("digest", name=op.f("uq_release_digest")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("jurisdiction", sa.String(length=64), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("secrecy", sa.String(length=64), nullable=False),
        sa.Column("opened_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("closed_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("change", sa.String(length=64), nullable=False),
        sa.Column("ledger_count", sa.Integer(), nullable=False),
        sa.Column("ledger_head", sa.String(length=64), nullable=False),
        sa.Column("stalled_error", sa.Text(), nullable=True),
        sa.Column("retry_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_file_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_case_file_unit_id_number")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_file_unit_id_opened_at_id"), ["unit_id", "opened_at", "id"], unique=False
        )

    op.create_table(
        "case_number",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_number_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "kind", "year", name=op.f("pk_case_number")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("post", sa.String(length=100), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("left_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "release_artefact",
        sa.Column("release_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["artefact.digest"], name=op.f("fk_release_artefact_digest")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_artefact_release_id")),
        sa.PrimaryKeyConstraint("release_id", "path", name=op.f("pk_release_artefact")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("password_set_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("disabled_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_table(
        "duty",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("appointed_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("ended_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("acted_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_duty_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", "kind", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_duty_person_id_kind_case_id"), ["person_id", "kind", "case_id"], unique=False
        )
        batch_op.create_index(
            "ix_duty_standing",
            ["person_id", "ended_at", "case_id", "kind"],
            unique=False,
            postgresql_where=sa.text("appointed_at IS NOT NULL AND ended_at IS NULL"),
            sqlite_where=sa.text("appointed_at IS NOT NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "membership",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id")),
        sa.PrimaryKeyConstraint("person_id", "role", "unit_id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_role_unit_id"), ["role", "unit_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("queue", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("facts", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_person_id_created_at"), ["person_id", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_queue_created_at"), ["queue", "created_at"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=100), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("standing", sa.String(length=64), nullable=False),
        sa.Column("finding", columns.Json(), nullable=True),
        sa.Column("outcome", columns.Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_party_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_person_id"), ["person_id"], unique=False)

    op.create_table(
        "relation",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("declared_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_relation_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relation_person_id")),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_relation")),
    )
    op.create_table(
        "bearer_token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bearer_token_account_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_bearer_token")),
        sa.UniqueConstraint("id", name=op.f("uq_bearer_token_id")),
    )
    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bearer_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "browser_session",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("begun_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_browser_session_account_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_browser_session")),
    )
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_browser_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_browser_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proves", sa.Text(), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=True),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("collected", columns.Json(), nullable=False),
        sa.Column("registered_by", sa.String(length=32), nullable=False),
        sa.Column("registered_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_evidence_case_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_evidence_party_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["person.id"], name=op.f("fk_evidence_registered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_evidence_case_id_number")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("headers", columns.Json(), nullable=False),
        sa.Column("answered_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_idempotency_key_account_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "proceeding",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("release_id", sa.String(length=32), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=True),
        sa.Column("undo", columns.Json(), nullable=True),
        sa.Column("previous_task_id", sa.String(length=32), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("wake_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("started_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("failure", columns.Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_proceeding_case_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["proceeding.id"], name=op.f("fk_proceeding_follows_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_proceeding_party_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_proceeding_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
    )
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proceeding_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_proceeding_wake",
            ["wake_at"],
            unique=False,
            postgresql_where=sa.text("wake_at IS NOT NULL"),
            sqlite_where=sa.text("wake_at IS NOT NULL"),
        )

    op.create_table(
        "deadline",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("timer", sa.String(length=40), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("guards", sa.String(length=40), nullable=True),
        sa.Column("within", sa.String(length=500), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("started_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=False),
        sa.Column("due_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("rungs", columns.Json(), nullable=False),
        sa.Column("next_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("fired_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("late_seconds", sa.Integer(), nullable=True),
        sa.Column("ended_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_deadline_case_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_deadline_party_id")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_deadline_proceeding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_deadline_next",
            ["next_at"],
            unique=False,
            postgresql_where=sa.text("next_at IS NOT NULL"),
            sqlite_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_deadline_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(
            "ix_deadline_timer",
            ["proceeding_id", "timer"],
            unique=True,
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "step",
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("trace", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_step_proceeding_id")),
        sa.PrimaryKeyConstraint("proceeding_id", "number", name=op.f("pk_step")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proceeding_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("node", sa.String(length=100), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=True),
        sa.Column("duty", sa.String(length=64), nullable=True),
        sa.Column("queue", sa.String(length=100), nullable=True),
        sa.Column("by_appointment", sa.Boolean(), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("signing", sa.Boolean(), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=True),
        sa.Column("assignee_id", sa.String(length=32), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("case_state", sa.String(length=64), nullable=False),
        sa.Column("opened_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("due_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("sort_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("urged_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("answers", columns.Json(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("completed_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["completed_by"], ["person.id"], name=op.f("fk_task_completed_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_task_owner_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_task_party_id")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_task_proceeding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_appointed",
            ["case_id", "duty"],
            unique=False,
            postgresql_where=sa.text("state = 'open' AND by_appointment IS TRUE"),
            sqlite_where=sa.text("state = 'open' AND by_appointment IS 1"),
        )
        batch_op.create_index(
            "ix_task_assignee",
            ["assignee_id", "sort_at", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.create_index("ix_task_case", ["case_id", "state", "sort_at"], unique=False)
        batch_op.create_index(
            "ix_task_orphan",
            ["unit_id", "queue", "sort_at", "id"],
            unique=False,
            postgresql_where=sa.text(
                "state = 'open' AND assignee_id IS NULL AND queue IS NULL AND by_appointment IS FALSE"
            ),
            sqlite_where=sa.text("state = 'open' AND assignee_id IS NULL AND queue IS NULL AND by_appointment IS 0"),
        )
        batch_op.create_index(batch_op.f("ix_task_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(
            "ix_task_queue",
            ["queue", "sort_at", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'open' AND assignee_id IS NULL"),
            sqlite_where=sa.text("state = 'open' AND assignee_id IS NULL"),
        )
        batch_op.create_index(
            "ix_task_token",
            ["proceeding_id", "token"],
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "draft",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "protected_value",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_protected_value_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_protected_value_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_value")),
    )
    with op.batch_alter_table("protected_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_protected_value_case_id"), ["case_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("asked_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("signed_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_signature_asked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_signature_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signature_open",
            ["person_id"],
            unique=False,
            postgresql_where=sa.text("signed_at IS NULL"),
            sqlite_where=sa.text("signed_at IS NULL"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_signature_open",
            postgresql_where=sa.text("signed_at IS NULL"),
            sqlite_where=sa.text("signed_at IS NULL"),
        )

    op.drop_table("signature")
    with op.batch_alter_table("protected_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_protected_value_case_id"))

    op.drop_table("protected_value")
    op.drop_table("draft")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_token", postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_task_queue",
            postgresql_where=sa.text("state = 'open' AND assignee_id IS NULL"),
            sqlite_where=sa.text("state = 'open' AND assignee_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_task_proceeding_id"))
        batch_op.drop_index(
            "ix_task_orphan",
            postgresql_where=sa.text(
                "state = 'open' AND assignee_id IS NULL AND queue IS NULL AND by_appointment IS FALSE"
            ),
            sqlite_where=sa.text("state = 'open' AND assignee_id IS NULL AND queue IS NULL AND by_appointment IS 0"),
        )
        batch_op.drop_index("ix_task_case")
        batch_op.drop_index(
            "ix_task_assignee", postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(
            "ix_task_appointed",
            postgresql_where=sa.text("state = 'open' AND by_appointment IS TRUE"),
            sqlite_where=sa.text("state = 'open' AND by_appointment IS 1"),
        )

    op.drop_table("task")
    op.drop_table("step")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_deadline_timer",
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_deadline_proceeding_id"))
        batch_op.drop_index(
            "ix_deadline_next",
            postgresql_where=sa.text("next_at IS NOT NULL"),
            sqlite_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_deadline_case_id"))

    op.drop_table("deadline")
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_proceeding_wake",
            postgresql_where=sa.text("wake_at IS NOT NULL"),
            sqlite_where=sa.text("wake_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_proceeding_case_id"))

    op.drop_table("proceeding")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_answered_at"))

    op.drop_table("idempotency_key")
    op.drop_table("evidence")
    with op.batch_alter_table("browser_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_browser_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_browser_session_account_id"))

    op.drop_table("browser_session")
    with op.batch_alter_table("bearer_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bearer_token_account_id"))

    op.drop_table("bearer_token")
    op.drop_table("relation")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_person_id"))
        batch_op.drop_index(batch_op.f("ix_party_case_id"))

    op.drop_table("party")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_queue_created_at"))
        batch_op.drop_index(batch_op.f("ix_notice_person_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_notice_case_id"))

    op.drop_table("notice")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_role_unit_id"))

    op.drop_table("membership")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_duty_standing",
            postgresql_where=sa.text("appointed_at IS NOT NULL AND ended_at IS NULL"),
            sqlite_where=sa.text("appointed_at IS NOT NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_duty_person_id_kind_case_id"))

    op.drop_table("duty")
    op.drop_table("account")
    op.drop_table("release_artefact")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))

    op.drop_table("person")
    op.drop_table("case_number")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_unit_id_opened_at_id"))

    op.drop_table("case_file")
    op.drop_table("unit")
    op.drop_table("release")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_chain")
    op.drop_table("clock_beat")
    op.drop_table("artefact")
