"""Every limit of the catalogue as a running clock: where it ends, met, missed, suspended, extended; on each database.

Each clock is begun in a case that is opened once, and taken back with its transaction. Where it ends is found here by walking day
by day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.calendars import Calendar
from engine.periods import Period
from engine.step import Timer
from tests import databases
from tests.casework.conftest import copied
from tests.casework.house import SHANGHAI, Blueprint, House
from tests.casework.storytelling import Story
from tests.unit.time.conftest import sources
from workflows import catalogue, deadlines
from workflows.acting import CLOCK, Acting
from workflows.catalogue import DeadlineRule
from workflows.errors import NotPossible
from workflows.records import Case, Deadline, Proceeding

LAW = catalogue.load(sources("deadlines", "profiles"), profile="REF")
RULES = {key: versions[-1] for key, versions in LAW.rules.items()}
EXTENSIBLE = [key for key, rule in RULES.items() if rule.extension]
STANDING = [(key, ground) for key, rule in RULES.items() for ground in rule.not_counted]

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HELD = datetime(2026, 6, 18, 9, 0, tzinfo=SHANGHAI)
"""What is counted backward leads up to this day, the eve of a feast."""
FIRST, LAST = START + timedelta(days=1), START + timedelta(days=3)


@pytest.mark.parametrize("key", RULES)
def test_it_ends_as_walked_and_is_met_until_then_and_late_from_then_on(clocks: Clocks, key: str) -> None:
    clock = clocks.begin(key)
    assert (clock.due, clock.state) == (walked(RULES[key], clocks.law.calendar), "running")
    assert clock.next_at is not None
    assert clock.next_at <= clock.due_at

    assert clocks.ended(key, clock.due_at - timedelta(seconds=1)) == "met"
    assert clocks.ended(key, clock.due_at) == "met_late"


@pytest.mark.parametrize("key", RULES)
def test_missed_it_waits_for_the_act_and_says_how_late_the_clock_came(clocks: Clocks, key: str) -> None:
    clock = clocks.begin(key)
    deadlines.expire(clock, window=False, now=clock.due_at + timedelta(minutes=3))

    assert (clock.state, clock.late_seconds, clock.ended_at) == ("missed", 180, None)
    deadlines.end(clocks.acting(clock.due_at + timedelta(days=1)), clocks.law, clock, done=True)
    assert (clock.state, clock.next_at) == ("met_late", None)


@pytest.mark.parametrize(("key", "ground"), STANDING)
def test_suspended_it_fires_nothing_and_afterwards_has_left_what_it_had(clocks: Clocks, key: str, ground: str) -> None:
    clock, rule = clocks.begin(key), RULES[key]
    assert deadlines.may_rest(rule, ground)
    deadlines.rest(
        clocks.acting(FIRST), clocks.law, clock, since=FIRST, ground=ground, reason="依法中止", with_case=False
    )
    assert (clock.state, clock.next_at) == ("suspended", None)

    deadlines.run_on(clocks.acting(LAST), clocks.law, clock, on=LAST)
    stood = {FIRST.date() + timedelta(days=day) for day in range((LAST - FIRST).days + 1)}
    assert (clock.due, clock.state) == (walked(rule, clocks.law.calendar, stood=stood), "running")


@pytest.mark.parametrize("key", [key for key, rule in RULES.items() if not rule.not_counted])
def test_what_names_no_reason_is_not_suspended(key: str) -> None:
    assert not any(deadlines.may_rest(RULES[key], ground) for ground in LAW.not_counted)


@pytest.mark.parametrize("key", EXTENSIBLE)
def test_extended_it_ends_as_one_run_and_no_later_than_the_law_allows(clocks: Clocks, key: str) -> None:
    clock, rule, allowed = clocks.begin(key), RULES[key], RULES[key].extension
    assert allowed
    longest = allowed.period or Period((allowed.cap.value if allowed.cap else 45) - rule.period.value, rule.period.unit)
    clocks.extend(clock, longest)
    assert clock.due == walked(rule, clocks.law.calendar, more=longest.value)

    if allowed.cap or allowed.times:
        for _ in range((allowed.times or 1) - 1):
            clocks.extend(clock, longest)
        with pytest.raises(NotPossible) as refused:
            clocks.extend(clock, longest)
        assert rule.citation.zh in refused.value.facts["zh"]


@pytest.mark.parametrize("key", [key for key in RULES if key not in EXTENSIBLE])
def test_what_nobody_may_extend_is_not_extended(clocks: Clocks, key: str) -> None:
    clock, rule = clocks.begin(key), RULES[key]
    with pytest.raises(NotPossible) as refused:
        clocks.extend(clock, Period(1, rule.period.unit))
    assert rule.citation.zh in refused.value.facts["zh"]


class Clocks:
    """Clocks of every rule in one case, within one transaction that is never committed."""

    def __init__(self, house: House, session: Session) -> None:
        self.law = house.law
        self._house, self._session = house, session
        self._begun = 0
        self._case, self._proceeding = session.query(Case).one(), session.query(Proceeding).first()

    def acting(self, now: datetime) -> Acting:
        return Acting(
            session=self._session,
            now=now,
            by=CLOCK,
            releases=self._house.releases,
            vault=self._house.vault,
            request="test",
        )

    def begin(self, key: str) -> Deadline:
        """The clock of a rule, begun when its event happens."""
        rule = RULES[key]
        event = HELD if rule.direction == "backward" else START
        trigger = event.isoformat() if rule.period.unit == "hours" else event.date().isoformat()
        self._begun += 1
        timer = Timer(
            id=f"{key}-{self._begun}", node=key, name=key, due=None, deadline=key, trigger=trigger, attached=None,
            interrupting=False, process="p", path=(), extensions={}, locals={}, about={},
        )  # fmt: skip
        assert self._proceeding
        clock = deadlines.start(self.acting(START), self.law, self._case, self._proceeding, timer, None)
        self._session.flush()
        self._session.refresh(clock)
        return clock

    def ended(self, key: str, now: datetime) -> str:
        clock = self.begin(key)
        deadlines.end(self.acting(now), self.law, clock, done=True)
        return clock.state

    def extend(self, clock: Deadline, by: Period) -> None:
        clock.extensions = [*clock.extensions, {"value": by.value, "unit": by.unit}]
        deadlines.recount(self.acting(START), self.law, clock, self.law.calendar)


def walked(rule: DeadlineRule, calendar: Calendar, *, more: int = 0, stood: Collection[date] = ()) -> str:
    """Where a limit ends, found day by day."""
    size, unit = rule.period.value + more, rule.period.unit
    if unit == "hours":
        return (START + timedelta(hours=size) + (LAST - FIRST if stood else timedelta())).isoformat()
    step = timedelta(days=-1 if rule.direction == "backward" else 1)
    event = (HELD if rule.direction == "backward" else START).date()
    left = size if unit in ("days", "working_days") else months(event, size * (12 if unit == "years" else 1))
    left -= rule.first_day_counts and unit in ("months", "years")
    day = event - step if rule.first_day_counts else event
    while left:
        day += step
        left -= day not in stood and (unit != "working_days" or calendar.is_working(day))
    rolls = rule.roll == "next_working_day" and unit != "working_days" and rule.direction == "forward"
    while rolls and (not calendar.is_working(day) or day in stood):
        day += step
    # Inclusive of its first day it ends the day before the corresponding one: one day fewer is left, and the first one counts.
    return (day + step if rule.first_day_counts and unit in ("months", "years") else day).isoformat()


def months(start: date, number: int) -> int:
    """Days to the corresponding day so many months later."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return (date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])) - start).days


@pytest.fixture(scope="module", params=databases.KINDS)
def opened(request: pytest.FixtureRequest, plots: dict[type, tuple[str, Blueprint]]) -> Iterator[House]:
    maker = request.getfixturevalue(f"{request.param}_maker")
    for engine in copied(maker, plots):
        house = House(engine, plots[type(maker)][1])
        Story(house).opened()
        yield house


@pytest.fixture
def clocks(opened: House) -> Iterator[Clocks]:
    with Session(opened.engine) as session:
        yield Clocks(opened, session)
        session.rollback()
