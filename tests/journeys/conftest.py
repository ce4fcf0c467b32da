"""A whole application for each test, on each database: the law in force, an organ with its people, a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.databases import Maker
from tests.journeys.bureau import Bureau
from tests.journeys.premises import BEGINNING, CHEAP, KEYS, LAW
from tests.journeys.visitors import Visitor
from wenze import demo_house, law, schema
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.settings import Settings


@pytest.fixture
def visitor(application: Application) -> Callable[..., Visitor]:
    """Gives a new visitor: nobody, or somebody signed in by browser or by token."""
    return lambda *args, **how: Visitor(application, *args, **how)


@pytest.fixture
def bureau(application: Application, clock: MovableClock) -> Bureau:
    """The whole organ, at work over HTTP."""
    return Bureau(application, clock)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(BEGINNING)


@pytest.fixture
def application(
    built: tuple[Maker, str], clock: MovableClock, settings: Settings, tmp_path: Path
) -> Iterator[Application]:
    """The application on a fresh copy of the database."""
    application = create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)
    yield application
    application.close()


@pytest.fixture
def settings(built: tuple[Maker, str], tmp_path: Path) -> Iterator[Settings]:
    """Settings of this test's own installation."""
    maker, original = built
    url = maker.copy(original)
    yield Settings(instance=tmp_path / "var", database=url, port=0, **KEYS)
    maker.drop(url)


@pytest.fixture(params=databases.KINDS)
def built(request: pytest.FixtureRequest) -> tuple[Maker, str]:
    """A database with the law, the organ and its people; a test that uses it runs once for each kind."""
    found: tuple[Maker, str] = request.getfixturevalue(f"built_on_{request.param}")
    return found


@pytest.fixture(scope="session")
def built_on_sqlite(sqlite_maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Maker, str]]:
    yield from _build(sqlite_maker, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def built_on_postgresql(
    postgresql_maker: Maker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Maker, str]]:
    yield from _build(postgresql_maker, tmp_path_factory.mktemp("built"))


def _build(maker: Maker, instance: Path) -> Iterator[tuple[Maker, str]]:
    url = maker.make()
    settings = Settings(instance=instance, database=url, **KEYS)
    application = create_app(settings, clock=MovableClock(BEGINNING), passwords=CHEAP, releases=LAW)
    schema.metadata().create_all(application.ground.database.engine)
    law.publish(application.ground, law.read(settings.law), BEGINNING)
    (instance / "demo.password").write_text(Visitor.password)
    demo_house.furnish(application)
    application.close()
    yield maker, url
    maker.drop(url)
