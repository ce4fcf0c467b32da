"""The migrations make exactly the tables that the code knows, and take them away again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, inspect

from api import database
from wenze import schema


def test_the_newest_revision_has_the_tables_of_the_code(engine: Engine) -> None:
    schema.upgrade(engine)

    assert schema.present(engine) == schema.newest()
    assert schema.differences(engine) == []


def test_downgrading_to_the_base_leaves_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.downgrade(engine, "base")

    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.upgrade(engine)

    assert schema.differences(engine) == []


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, **database.engine_options(database_url, 2))
    if made.dialect.name == "sqlite":
        database.tame(made)
    yield made
    made.dispose()
