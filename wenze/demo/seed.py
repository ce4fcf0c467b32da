"""The cases with which a new demo installation begins: walked over HTTP like any other, on days counted back from today.

They are walked by an application of their own on the same database, whose clock is moved up to now; the one that then serves
has the time of the machine. May never touch an installation that has accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from engine import periods
from engine.calendars import Calendar
from engine.periods import ZONE, Period
from wenze import demo_house
from wenze.application import Application, create_app
from wenze.clock import MovableClock
from wenze.demo import cases, organ
from wenze.demo.cases import Step
from wenze.demo.colleagues import WentWrong
from wenze.demo.waiting import OFFICE_OPENS
from wenze.demo.walk import Walk

FILE = Path(__file__).parent / "seeds.yaml"


@dataclass(frozen=True, slots=True)
class Seed:
    """One case to begin with, and the stage in which it is left."""

    case: str
    who: str
    """Login of whoever has to do something in it."""
    page: str
    """Where that person finds it: `cases` for those who handle it, `matters` for the respondent."""
    zh: str
    en: str
    days: Sequence[tuple[int, tuple[Step, ...]]]
    """Working days before today → what is done."""


def furnish(application: Application, address: str) -> list[str]:
    """Make the demo organ with its accounts and open its cases, if there are no accounts yet.

    Args:
        address: where the pages will be served.

    Returns:
        Lines for the console: the accounts, and the cases with the pages to open.
    """
    if demo_house.has_accounts(application):
        return demo_house.furnish(application)
    now, law = application.ground.clock.now(), _law(application)
    planned = [(seed, _dated(seed, now.astimezone(ZONE).date(), law.calendar)) for seed in seeds()]
    # What would have begun before the law was in force is left out.
    planned = [(seed, days) for seed, days in planned if days[0][0] >= law.effective_from]
    begins = min((_opens(days[0][0]) for _, days in planned), default=now)
    clock = MovableClock(min(begins, now))
    # The tokens are revoked when the walk ends, so the longest life this installation allows does not matter.
    settings = replace(application.settings, port=0, host="127.0.0.1", token_days=organ.LIFE)
    ground = application.ground
    past = create_app(settings, clock=clock, passwords=ground.passwords, releases=ground.releases)
    try:
        lines = demo_house.furnish(past)
        return lines + _open(past, clock, planned, until=now, address=address)
    except WentWrong as wrong:
        # Another law than the shipped one may ask other things; the installation serves all the same.
        return [*lines, f"演示案件未能全部建立 · Not every demo case could be opened: {wrong}"]
    finally:
        past.close()


def seeds() -> list[Seed]:
    """What the file says, in its order."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [Seed(**each | {"days": cases.chronicle(each["days"])}) for each in told]


def _open(
    application: Application, clock: MovableClock, planned: Sequence[tuple[Seed, Any]], *, until: datetime, address: str
) -> list[str]:
    lines = ["演示案件 · Demo cases:"] if planned else []
    with organ.at_work(application, clock) as at_work:
        walks = [Walk(cases.case(seed.case), at_work.office, at_work.waiting) for seed, _ in planned]
        plan = [(day, walk, steps) for walk, (_, days) in zip(walks, planned, strict=True) for day, steps in days]
        for day, together in groupby(sorted(plan, key=lambda each: each[0]), key=lambda each: each[0]):
            for _, walk, steps in together:
                walk.on(day, steps)
        at_work.waiting.until(until, lambda: None)
        for walk, (seed, _) in zip(walks, planned, strict=True):
            lines.append(f"  {seed.who:14} {walk.number}  {seed.zh} · {seed.en}")
            lines.append(f"  {'':14} {address}/{seed.page}/{walk.id}")
    return lines


def _dated(seed: Seed, today: date, calendar: Calendar) -> list[tuple[date, tuple[Step, ...]]]:
    def before(days: int) -> date:
        return periods.count(Period(days, "working_days"), today, calendar=calendar, direction="backward").due

    return [(before(days), steps) for days, steps in seed.days]


def _opens(day: date) -> datetime:
    return datetime.combine(day, OFFICE_OPENS, tzinfo=ZONE)


def _law(application: Application) -> Any:
    ground = application.ground
    with ground.database.reading() as session:
        return ground.releases.current(session, ground.clock.now().astimezone(ZONE).date())
