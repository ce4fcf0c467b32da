"""Databases for every test that asks for one: the same test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import databases
from tests.databases import Maker, Postgres, Sqlite


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the tests that kill a server: which moments, and how many."""
    parser.addoption("--seed", type=int, help="seed of the moments at which a server is killed; drawn unless given")
    parser.addoption("--kills", type=int, default=8, help="how often a server is killed while it works")


@pytest.fixture(params=databases.KINDS)
def maker(request: pytest.FixtureRequest) -> Maker:
    """Makes databases of one kind; a test that uses it runs once for each."""
    found: Maker = request.getfixturevalue(f"{request.param}_maker")
    return found


@pytest.fixture
def database_url(maker: Maker) -> Iterator[str]:
    """The address of an empty database of its own."""
    url = maker.make()
    yield url
    maker.drop(url)


@pytest.fixture(scope="session")
def sqlite_maker(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_maker() -> Iterator[Postgres]:
    with databases.postgres() as server:
        if server is None:
            (pytest.fail if databases.IN_CI else pytest.skip)("there is no PostgreSQL here, and none to start")
        yield server
