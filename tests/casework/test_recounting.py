"""Counting a clock anew: its end follows from the facts in its row, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.calendars import Calendar, Marking
from engine.sheets import Wording
from tests.casework.house import SHANGHAI, House
from tests.casework.storytelling import Story
from workflows import deadlines
from workflows.acting import CLOCK, Acting
from workflows.deadlines import Ending
from workflows.records import Deadline


def test_counting_anew_changes_nothing_while_the_facts_are_the_same(running: House) -> None:
    before = facts(running)
    old, new = recounted(running)
    assert old == new
    assert facts(running) == before
    assert recounted(running) == (new, new)


def test_a_granted_extension_moves_the_end_and_the_rungs(running: House) -> None:
    add(running, "extensions", {"value": 10, "unit": "working_days"})
    old, new = recounted(running)
    # Thirty working days from 2 March 2026, with Qingming off; then ten more.
    assert (old.due if old else None, new.due) == ("2026-04-14", "2026-04-28")
    assert rungs(running) == {"remind": "2026-04-10", "warn": "2026-04-22", "overdue": "2026-04-28"}


def test_what_was_suspended_and_what_does_not_count_is_skipped(running: House) -> None:
    add(running, "suspensions", {"from": "2026-03-09", "to": "2026-03-13", "ground": "appraisal"})
    add(running, "exclusions", {"from": "2026-03-16", "to": "2026-03-16", "kind": "appraisal"})
    _, new = recounted(running)
    assert new.due == "2026-04-22"
    due = running.read(lambda s: deadlines.explain(running.law, s.query(Deadline).filter_by(rule="T-LI-06").one()))
    told = {day.date.isoformat(): (day.kind, day.label.zh) for day in due.explanation.days}
    assert told["2026-03-09"] == ("suspended", "鉴定")
    assert told["2026-03-16"] == ("excluded", "鉴定")


def test_a_rung_that_has_fired_stays_fired(running: House) -> None:
    running.pass_time(datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI))
    add(running, "extensions", {"value": 10, "unit": "working_days"})
    recounted(running)
    (clock,) = running.clocks("T-LI-06")
    assert [rung["kind"] for rung in clock.rungs if rung["fired_at"] is not None] == ["remind"]
    assert clock.next_at == datetime(2026, 4, 23, 0, 0, tzinfo=SHANGHAI), "the next is the warning"


def test_another_calendar_gives_another_end_and_is_kept_with_the_clock(running: House) -> None:
    calendar = running.law.calendar
    year = next(year for year in calendar.years if year.year == 2026)
    closed = Marking(kind="holiday", name=Wording("防汛停工", "Closed for a flood"), notice=year.notices[0].id)
    changed = calendar.with_year(replace(year, days={**year.days, date(2026, 4, 13): closed}))
    old, new = recounted(running, changed)
    assert (old.due if old else None, new.due) == ("2026-04-14", "2026-04-15")
    assert running.clocks("T-LI-06")[0].calendar == changed.version != running.law.calendar.version


def test_a_missed_clock_whose_end_moves_runs_again_and_passes_without_telling_the_diagram_twice(running: House) -> None:
    running.pass_time(datetime(2026, 4, 16, 9, 0, tzinfo=SHANGHAI))
    nodes = running.open_nodes()
    assert running.clocks("T-LI-06")[0].state == "missed"
    add(running, "exclusions", {"from": "2026-03-09", "to": "2026-03-13", "kind": "appraisal"})
    recounted(running)
    assert running.clocks("T-LI-06")[0].state == "running"
    running.pass_time(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    assert running.clocks("T-LI-06")[0].state == "missed"
    assert running.open_nodes() == nodes


@pytest.fixture
def running(house: House) -> House:
    """The limit of an investigation runs from Monday 2 March 2026, thirty working days."""
    Story(house).opened().accepted().inquired().filed()
    return house


def change(house: House, what: Callable[[Session, Deadline], Any]) -> Any:
    with Session(house.engine, expire_on_commit=False) as session:
        result = what(session, session.query(Deadline).filter_by(rule="T-LI-06").one())
        session.commit()
        return result


def add(house: House, which: str, fact: dict[str, Any]) -> None:
    change(house, lambda _, clock: setattr(clock, which, [*getattr(clock, which), fact]))


def recounted(house: House, calendar: Calendar | None = None) -> tuple[Ending | None, Ending]:
    counted: tuple[Ending | None, Ending] = change(
        house,
        lambda session, clock: deadlines.recount(
            Acting(session=session, now=house.now, by=CLOCK, releases=house.releases, vault=house.vault),
            house.law,
            clock,
            calendar or house.law.calendar,
        ),
    )
    return counted


def facts(house: House) -> dict[str, Any]:
    (clock,) = house.clocks("T-LI-06")
    return {column.key: getattr(clock, column.key) for column in Deadline.__table__.columns}


def rungs(house: House) -> dict[str, str]:
    """Kind → the day at whose end it is due."""
    (clock,) = house.clocks("T-LI-06")
    return {
        rung["kind"]: (datetime.fromisoformat(rung["at"]).astimezone(SHANGHAI) - timedelta(days=1)).date().isoformat()
        for rung in clock.rungs
    }
