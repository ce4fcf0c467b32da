"""Installations of their own, with real processes; and applications that a whole module knocks at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.databases import Maker
from tests.journeys.premises import BEGINNING, CHEAP, KEYS, LAW
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.settings import Settings

BASE = {name: value for name, value in os.environ.items() if not name.startswith("WENZE_")}
BOUNDLESS = {"sign_in_by_address": "1000000 per minute"}


@pytest.fixture(scope="module", params=databases.KINDS)
def make(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], tuple[Application, MovableClock]]]:
    """Makes applications on one kind of database, each for all tests of a module: they leave it as it was, or do not mind."""
    found: tuple[Maker, str] = request.getfixturevalue(f"built_on_{request.param}")
    maker, original = found
    made: list[tuple[Application, str]] = []

    def make_one() -> tuple[Application, MovableClock]:
        clock, url, instance = MovableClock(BEGINNING), maker.copy(original), tmp_path_factory.mktemp("kept")
        settings = Settings(instance=instance, database=url, **(KEYS | BOUNDLESS))
        application = create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)
        made.append((application, url))
        return application, clock

    yield make_one
    for application, url in made:
        application.close()
        maker.drop(url)


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation whose clock sweeps as often as it can."""
    return BASE | {
        "WENZE_INSTANCE": str(tmp_path / "var"),
        "WENZE_DATABASE": database_url,
        "WENZE_PORT": "0",
        "WENZE_CLOCK_SECONDS": "1",
        "WENZE_LOG_LEVEL": "error",
    }
