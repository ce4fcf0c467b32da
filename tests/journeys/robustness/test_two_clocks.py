"""Two thousand limits have passed while no clock went. On PostgreSQL two clocks start at once, on SQLite one: each limit fires
once, none is lost, and how late it was is on record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api import accounts
from api.unit_of_work import Asking
from tests.journeys import matters
from tests.journeys.premises import CHEAP, LAW
from tests.journeys.robustness.afterwards import (
    every_chain_holds,
    every_limit_fired_once,
    every_step_is_on_record,
    no_case_ails,
    nothing_is_due,
)
from tests.journeys.robustness.lives import Life, wait_until
from wenze import demo_house, law, schema
from wenze.application import Application, create_app
from wenze.clock import ClockBeat, MovableClock
from wenze.settings import Settings
from workflows import casework, people
from workflows.acting import Acting, Actor
from workflows.records import Unit

pytestmark = pytest.mark.slow

LIMITS = 2_000
AT_A_TIME = 100
"""Cases that are opened in one transaction: nobody is looking yet."""
LONG_AGO = timedelta(days=40)
ACTS = 3
"""Of the clock for one limit: a warning, the end, and who is told of it."""


def test_two_thousand_passed_limits_fire_once_each(house: Application, home: dict[str, str], tmp_path: Path) -> None:
    logs = [
        tmp_path / f"clock-{number}.log" for number in range(1 if home["WENZE_DATABASE"].startswith("sqlite") else 2)
    ]

    with ExitStack() as stack:
        clocks = [Life(home, log, "clock") for log in logs]
        for clock in clocks:
            stack.callback(clock.kill)
        with house.ground.database.reading() as session:
            wait_until(lambda: nothing_is_due(session))
        assert [clock.terminate() for clock in clocks] == [0] * len(clocks)

    did = [sum(swept["acts"] for swept in sweeps(log)) for log in logs]
    assert sum(did) == ACTS * LIMITS
    assert all(acts > 0 for acts in did), did
    with house.ground.database.reading() as session:
        assert len(session.scalars(select(ClockBeat.node)).all()) == len(clocks)
        every_limit_fired_once(session, LIMITS)
        no_case_ails(session)
        every_chain_holds(session)
        every_step_is_on_record(session)


def sweeps(log: Path) -> list[dict[str, Any]]:
    """What a clock says that it did; and it had nothing to complain of."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line["level"] == "error"] == []
    return [line for line in lines if line["event"] == "swept"]


@pytest.fixture
def home(home: dict[str, str]) -> dict[str, str]:
    """The same, and it tells what it does."""
    return home | {"WENZE_LOG": "json", "WENZE_LOG_LEVEL": "info"}


@pytest.fixture
def house(home: dict[str, str]) -> Iterator[Application]:
    """An organ with so many cases that were opened long ago and left alone."""
    settings, clock = Settings.read(home), MovableClock(datetime.now(UTC) - LONG_AGO)
    with closing(create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)) as house:
        schema.upgrade(house.ground.database.engine)
        law.publish(house.ground, law.read(settings.law), clock.now())
        demo_house.furnish(house)
        for _ in range(LIMITS // AT_A_TIME):
            open_many(house)
        yield house


def open_many(house: Application) -> None:
    ground = house.ground
    with ground.database.reading() as session:
        clerk: Actor = people.actor(session, accounts.of_login(session, "clerk").person_id)
        unit_id = session.scalars(select(Unit.id)).one()
    answers = matters.clue(ground.clock.now().date().isoformat())

    def verb(acting: Acting) -> None:
        for _ in range(AT_A_TIME):
            casework.open_case(acting, unit_id=unit_id, kind="liability", title="处罚决定逾期", answers=answers)

    ground.unit_of_work.run(verb, Asking(by=clerk, now=ground.clock.now(), request="test"))
