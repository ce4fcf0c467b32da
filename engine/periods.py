"""How long a limit runs and on which day it ends: working days, days, months, years, hours.

Pure arithmetic over a calendar: it is told the number, the unit and the rules of counting, and knows no statute. Every
result carries its explanation, from which each day counted or skipped can be listed when somebody asks. It may never
read a clock, and never gives a date as certain where the calendar is not (`Due.provisional`).

The rules, in short (`docs/time.md` has them with their articles):

- The day of the event is not counted, unless the rule says so.
- Working days: only worked days count, and the last one needs no rolling.
- Days, months, years: every day counts; months and years end on the corresponding day, or at the month's end where
  there is none; an end on a day off rolls to the next working day if the rule rolls.
- Hours run through nights and holidays.
- An extension is one run with its period from the original start, rolled once.
- Excluded and suspended days are skipped, both ends included; what remained before a suspension remains after it.
- Backward ("seven days before the hearing"): the n-th day before, never rolled.
- A day ends at 24:00 of the zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from operator import itemgetter
from typing import Literal

from engine.calendars import Calendar
from engine.explanations import Day, Explanation
from engine.runs import (
    FIRST,
    FIRST_DAY,
    LAST,
    LAST_DAY,
    LONGEST,
    ZONE,
    Direction,
    Period,
    Roll,
    Run,
    Span,
    Unit,
    add_months,
    end_of,
    local_day,
    out_of_range,
    read_moment,
    refused,
    start_of,
)  # fmt: skip
from engine.sheets import Wording

__all__ = [
    "FIRST_DAY", "LAST_DAY", "ZONE", "Day", "Direction", "Due", "Explanation", "Period", "Remaining", "Roll", "Span",
    "Unit", "Wording", "add_months", "count", "end_of", "local_day", "read_moment", "remaining", "start_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends."""

    due: date
    """The last day on which the act is in time; for hours the moment, in the zone of the count."""
    due_at: datetime
    """UTC. The moment the limit has passed: 24:00 of the due day, which is the next day's 00:00; for hours, `due`."""
    provisional: bool
    """The date rests on a year whose holidays are not published; it will be counted again when they are."""
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far it is to a due day, or how long past it."""

    state: Literal["left", "today", "overdue"]
    days: int
    """Calendar days between the two, never negative."""
    working_days: int
    """Working days between the two: the earlier day is not counted, the later one is."""
    seconds: int | None
    """For hours: seconds between the two moments. None for limits in days."""


def count(
    period: Period,
    start: date,
    *,
    calendar: Calendar,
    roll: Roll = "next_working_day",
    direction: Direction = "forward",
    first_day_counts: bool = False,
    excluded: Sequence[Span] = (),
    suspended: Sequence[Span] = (),
    extensions: Sequence[Period] = (),
    zone: tzinfo = ZONE,
) -> Due:
    """Count a period from an event to the day on which it ends.

    Args:
        period: how long. Civil Code 201, 202.
        start: the day of the event, or its moment (aware). Hours need the moment; all else takes its day in `zone`.
        calendar: which days are worked.
        roll: whether an end on a day off moves to the next working day (Civil Code 203). Working days and hours never
            roll, and nothing rolls that is counted backward.
        direction: forward from the event, or backward to the last day before it.
        first_day_counts: whether the day of the event is the first one counted.
        excluded: time that does not count, such as an appraisal. May overlap; a day is skipped once.
        suspended: time during which the clock stood. May not overlap.
        extensions: added to the period, counted in one run from `start`.
        zone: whose days are counted.

    Raises:
        PeriodRefused: units that cannot be added, an hour limit without a moment, a naive moment, overlapping
            suspensions, a suspension or extension counted backward, or a date beyond the years that can be counted.
    """
    if extensions or suspended or direction == "backward":
        _check_combination(period, extensions, suspended, direction, zone)
    if period.unit == "hours":
        return _count_hours(
            period, start, calendar, roll, direction, first_day_counts,
            tuple(excluded), tuple(suspended), tuple(extensions), zone,
        )  # fmt: skip
    day = local_day(start, zone)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise out_of_range(day)
    run = Run.over(calendar, period.unit, day, direction, first_day_counts, (*excluded, *suspended), zone)
    size = run.size(period, extensions, day)
    end = run.nth(size)
    rolling = roll == "next_working_day" and not run.working and not run.backward
    due = run.rolled(end) if rolling else end
    if not FIRST <= due <= LAST:
        raise out_of_range(day)
    due_day = date.fromordinal(due)
    explanation = Explanation(
        period=period,
        extensions=tuple(extensions),
        start=day,
        end=due_day if due == end else date.fromordinal(end),
        due=due_day,
        size=size,
        roll=roll,
        direction=direction,
        first_day_counts=first_day_counts,
        excluded=tuple(excluded),
        suspended=tuple(suspended),
        calendar=calendar,
        zone=zone,
    )
    rests_from = run.first if run.working else end if rolling else None
    certain = rests_from is None or calendar.is_certain(*sorted((date.fromordinal(rests_from), due_day)))
    return Due(due_day, end_of(due_day, zone), not certain, explanation)


def remaining(due: date, now: date, *, calendar: Calendar, zone: tzinfo = ZONE) -> Remaining:
    """How far it is from now to a due day, for words: today is not counted, the due day is.

    Args:
        due: the due day; for an hour limit the moment (aware).
        now: the day or moment (aware) of asking.
        calendar: which days are worked.
        zone: whose days are counted.

    Raises:
        PeriodRefused: a naive moment, or an hour limit asked with a day only.
    """
    day, today = local_day(due, zone), local_day(now, zone)
    first, last = sorted((day, today))
    days, working_days = (last - first).days, calendar.working_days(first, last)
    if isinstance(due, datetime):
        if not isinstance(now, datetime):
            raise refused("以小时计的期限须以时刻比较。", "An hour limit is compared with a moment, not a day.")
        seconds = int((due - now).total_seconds())
        return Remaining("left" if seconds > 0 else "overdue", days, working_days, abs(seconds))
    state: Literal["left", "today", "overdue"] = "today" if day == today else "left" if today < day else "overdue"
    return Remaining(state, days, working_days, None)


def _check_combination(
    period: Period, extensions: Sequence[Period], suspended: Sequence[Span], direction: Direction, zone: tzinfo
) -> None:
    if direction == "backward" and (extensions or suspended):
        raise refused(
            "倒计的期限不能延长，也不能中止。", "A limit counted backward can be neither extended nor suspended."
        )
    for extension in extensions:
        if extension.family != period.family:
            raise refused(
                f"{period.words.zh}的期限不能以{extension.words.zh}延长。",
                f"A period of {period.words.en} cannot be extended by {extension.words.en}.",
            )
    moments = sorted(((*span.moments(zone), span) for span in suspended), key=itemgetter(0))
    for (_, ends, earlier), (begins, _, later) in pairwise(moments):
        if begins < ends:
            raise refused(
                f"两次中止重叠：{earlier.first} 至 {earlier.last}，{later.first} 至 {later.last}。",
                f"Two suspensions overlap: {earlier.first} to {earlier.last} and {later.first} to {later.last}.",
            )


def _count_hours(
    period: Period, start: date, calendar: Calendar, roll: Roll, direction: Direction, first_day_counts: bool,
    excluded: tuple[Span, ...], suspended: tuple[Span, ...], extensions: tuple[Period, ...], zone: tzinfo,
) -> Due:  # fmt: skip
    if not isinstance(start, datetime):
        raise refused("以小时计的期限须从一个时刻起算。", "An hour limit needs the moment it starts, not only the day.")
    if first_day_counts:
        raise refused("以小时计的期限没有首日。", "An hour limit has no first day to count.")
    if not FIRST_DAY <= local_day(start, zone) <= LAST_DAY:
        raise out_of_range(start)
    hours = period.value + sum(extension.value for extension in extensions)
    if hours > LONGEST["hours"]:
        raise refused("期限与延长合计超过一百年。", "The period and its extensions exceed a hundred years.")
    blocked = sorted(span.moments(zone) for span in (*excluded, *suspended))
    moment = _after_hours(start.astimezone(UTC), timedelta(hours=hours), blocked, backward=direction == "backward")
    due = moment.astimezone(zone)
    if not FIRST_DAY <= due.date() <= LAST_DAY:
        raise out_of_range(start)
    explanation = Explanation(
        period=period,
        extensions=extensions,
        start=start.astimezone(zone),
        end=due,
        due=due,
        size=hours,
        roll=roll,
        direction=direction,
        first_day_counts=False,
        excluded=excluded,
        suspended=suspended,
        calendar=calendar,
        zone=zone,
    )
    return Due(due, moment, False, explanation)


def _after_hours(
    start: datetime, hours: timedelta, blocked: Sequence[tuple[datetime, datetime]], *, backward: bool
) -> datetime:
    at = start
    if backward:
        for first, last in sorted(blocked, key=itemgetter(1), reverse=True):
            free = at - min(last, at)
            if free >= hours:
                break
            hours -= free
            at = min(first, at)
        return at - hours
    for first, last in blocked:
        free = max(first, at) - at
        if free >= hours:
            break
        hours -= free
        at = max(last, at)
    return at + hours
