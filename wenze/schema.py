"""The tables of this installation and their changes. May never change a table outside a revision of `migrations/`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, func, select

from api import accounts, idempotency
from api.database import BEGINNING
from wenze import clock
from workflows.records import Record

TABLES_OUTSIDE_THE_CASEWORK = (accounts.Account, idempotency.IdempotencyKey, clock.ClockBeat)
"""Named here so that whoever imports this module has every table in the metadata."""

ONE_AT_A_TIME = 7_100_236_519
"""Key of the advisory lock under which one node migrates PostgreSQL while the others wait."""


def metadata() -> MetaData:
    """Every table of the product."""
    return Record.metadata


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the tables up to a revision. Several nodes may do so at once: one works, the others find it done."""
    with _at_work(engine) as config:
        command.upgrade(config, to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the tables back to a revision; `base` removes them."""
    with _at_work(engine) as config:
        command.downgrade(config, to)


def revise(engine: Engine, message: str) -> None:
    """Write a new revision from the difference between the code and this database. For developers."""
    with _at_work(engine) as config:
        known = len(list(ScriptDirectory.from_config(config).walk_revisions()))
        command.revision(config, message, autogenerate=True, rev_id=f"{known + 1:04d}")


def present(engine: Engine) -> str | None:
    """The revision of this database; None where it has no tables yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision there is."""
    with _config() as config:
        return ScriptDirectory.from_config(config).get_current_head()


def differences(engine: Engine) -> list[object]:
    """What differs between the tables in the code and those of this database; empty when nothing does."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata()))


@contextmanager
def _at_work(engine: Engine) -> Iterator[Config]:
    writing = engine.execution_options(**{BEGINNING: "BEGIN IMMEDIATE"})
    with _config() as config, _alone(engine), writing.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = metadata()
        yield config
        connection.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait until no other node migrates. SQLite needs no more than the lock that a writing transaction takes."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as waiting:
        waiting.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        yield  # the lock ends with the transaction of this connection


@contextmanager
def _config() -> Iterator[Config]:
    with as_file(files("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.set_main_option("path_separator", "os")
        yield config
