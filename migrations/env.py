"""Runs revisions on the connection that `wenze.schema` hands over. May never read a setting or the environment itself."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    # SQLite cannot alter a table: the change is made on a copy that takes its place.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,
    user_module_prefix="columns.",
)
with context.begin_transaction():
    context.run_migrations()
