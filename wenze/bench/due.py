"""When limits end, and why: the engine alone, on the shipped calendar.

`explained` is the whole explanation: every day with its number and its reason, days together of which the same is to be said.
`listed` makes a value of every single day of it, `json` what the API sends; both are made only when somebody looks. The floor is
the same limit walked day by day, without a reason. Nothing waits for a disk or for anybody, so it is the time of the processor
that is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from engine.calendars import Calendar
from engine.periods import Due, Period, count
from wenze import due as shipped

LIMITS = 20_000
LEAST_EXPLAINED = 20_000
FIRST = date(2018, 1, 1)
STARTS = 2_500
"""Days on which the limits begin, one after the other, from `FIRST` on: published years with all their holidays."""
PERIODS = {"working_days": Period(90, "working_days"), "days": Period(90, "days"), "months": Period(6, "months")}
PASSES = 3
"""The best of so many is told: what else the machine does only makes it slower."""


def run(tell: Callable[[str], None], *, limits: int = LIMITS) -> dict[str, Any]:
    """Measure.

    Args:
        tell: is told how far it is.
        limits: how many are counted and explained; of what is dearer, a tenth.
    """
    calendar = shipped.calendar_of()
    told: dict[str, Any] = {"bench": "due", "limits": limits}
    for name, period in PERIODS.items():

        def ends(start: date, period: Period = period) -> Due:
            return count(period, start, calendar=calendar)

        told[name] = {
            "counted_per_second": _rate(ends, limits),
            "explained_per_second": _rate(lambda start: ends(start).explanation.stretches, limits),
            "listed_per_second": _rate(lambda start: ends(start).explanation.days, limits // 10),
            "json_per_second": _rate(lambda start: ends(start).explanation.as_data(), limits // 10),
        }
        tell(name)
    told["walked_per_second"] = _rate(lambda start: _walked(start, calendar), limits // 10)
    told["met"] = told["working_days"]["explained_per_second"] >= LEAST_EXPLAINED
    return told


def _rate(what: Callable[[date], Any], times: int) -> int:
    starts = [FIRST + timedelta(days=at % STARTS) for at in range(max(times, 1))]
    best = 0.0
    for _ in range(PASSES):
        began = time.process_time()
        for start in starts:
            what(start)
        best = max(best, len(starts) / max(time.process_time() - began, 1e-9))
    return round(best)


def _walked(start: date, calendar: Calendar) -> date:
    day, left = start, PERIODS["working_days"].value
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day
