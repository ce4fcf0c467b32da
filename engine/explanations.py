"""Why a limit ends on its day: the facts of the run, and on demand each day, counted or skipped, with its reason.

The days are worked out only when somebody asks, so that counting stays cheap. It may never change a date: it tells of
one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from engine.calendars import Calendar, CalendarDay, DayKind
from engine.runs import Direction, Period, Roll, Run, Span, Unit, local_day, refused
from engine.sheets import Wording

Kind = Literal["start", "counted", "skipped", "excluded", "suspended", "rolled", "due"]
Reason = Literal[
    "event_day", "first_day", "working_day", "make_up", "calendar_day", "hours",
    "weekend", "holiday", "excluded", "suspended", "roll",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a run, and why it counted or did not."""

    date: date
    kind: Kind
    ordinal: int | None
    """Its place in the run, from 1; None for a day that did not count."""
    reason: Reason
    label: Wording
    """The reason in words: the feast, 周末, 调休补班, why time was excluded."""
    calendar: DayKind
    """What the calendar says of it, counted or not."""
    provisional: bool
    """The due day depends on it and its year is not published."""
    extended: bool
    """Counted only because the period was extended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why this date: the facts of the run, and on demand each of its days."""

    period: Period
    extensions: tuple[Period, ...]
    start: date
    """The day of the event (a date-time for hours), in the zone of the count."""
    end: date
    """The last day counted, before rolling (the moment, for hours)."""
    due: date
    """The day on which it ends (the moment, for hours)."""
    size: int
    """How many units the run counts: working days, days (also of months and years), hours."""
    roll: Roll
    direction: Direction
    first_day_counts: bool
    excluded: tuple[Span, ...]
    suspended: tuple[Span, ...]
    calendar: Calendar
    zone: tzinfo

    @property
    def unit(self) -> Unit:
        """The unit of the period."""
        return self.period.unit

    @property
    def run(self) -> Run:
        """The run of days behind it.

        Raises:
            PeriodRefused: the limit runs in hours.
        """
        if self.unit == "hours":
            raise refused("以小时计的期限不逐日计数。", "An hour limit does not count days.")
        spans = (*self.excluded, *self.suspended)
        return Run.over(self.calendar, self.unit, self.start, self.direction, self.first_day_counts, spans, self.zone)

    @property
    def rolls(self) -> bool:
        """Whether an end on a day off would move: working days, hours and backward limits never do."""
        rolling = self.roll == "next_working_day" and self.direction == "forward"
        return rolling and self.unit not in ("working_days", "hours")

    @property
    def rolled(self) -> bool:
        """Whether the end fell on a day off and moved."""
        return self.due != self.end

    @property
    def years(self) -> tuple[tuple[int, str], ...]:
        """The years the run touches, each with its state."""
        first, last = sorted((self.start.year, self.due.year))
        return tuple((year, self.calendar.state(year)) for year in range(first, last + 1))

    @property
    def days(self) -> tuple[Day, ...]:
        """Each day from the event to the due day, in the order of counting. Worked out anew at each call."""
        return tuple(_days(self))

    def counted_through(self, day: date) -> int:
        """How many days of the run (working days, for a limit in those) are counted up to and including `day`.

        Raises:
            PeriodRefused: the limit runs in hours.
        """
        run = self.run
        if self.direction == "backward":
            reached = run.between(max(day.toordinal(), self.end.toordinal()) - 1, run.origin - 1)
        else:
            reached = run.between(run.origin, min(day.toordinal(), self.end.toordinal()))
        return max(reached, 0)

    def counted_day(self, ordinal: int) -> date:
        """The day that is counted as this one of the run, from 1 to `size`; 0 is the day before the first.

        Raises:
            PeriodRefused: the limit runs in hours, or there is no such day.
        """
        if not 0 <= ordinal <= self.size:
            raise refused(f"期限中没有第 {ordinal} 日。", f"The run has no day number {ordinal}.")
        run = self.run
        return date.fromordinal(run.nth(ordinal) if ordinal else run.origin)

    def as_data(self) -> dict[str, Any]:
        """All of it as plain JSON values, days included."""
        return {
            "period": _plain_period(self.period),
            "extensions": [_plain_period(extension) for extension in self.extensions],
            "start": self.start.isoformat(),
            "first_day_counts": self.first_day_counts,
            "direction": self.direction,
            "roll": self.roll,
            "end": self.end.isoformat(),
            "rolled": self.rolled,
            "due": self.due.isoformat(),
            "counted": self.size,
            "excluded": [_plain_span(span) for span in self.excluded],
            "suspended": [_plain_span(span) for span in self.suspended],
            "calendar": {"version": self.calendar.version, "years": {str(year): state for year, state in self.years}},
            "days": [_plain_day(day) for day in self.days],
        }


_WORDS: dict[Reason, Wording] = {
    "event_day": Wording("起算事由发生日，不计入", "Day of the event, not counted"),
    "first_day": Wording("起算日，计入", "Day of the event, counted"),
    "working_day": Wording("工作日", "Working day"),
    "make_up": Wording("调休补班", "Make-up working day"),
    "calendar_day": Wording("自然日", "Calendar day"),
    "hours": Wording("按小时连续计算", "Hours run on"),
    "weekend": Wording("周末", "Weekend"),
    "holiday": Wording("放假", "Holiday"),
    "excluded": Wording("不计入期限", "Does not count"),
    "suspended": Wording("期限中止", "Clock suspended"),
    "roll": Wording("顺延至次一工作日", "Rolled to the next working day"),
}


def _days(explanation: Explanation) -> Iterator[Day]:
    teller = _Teller(explanation)
    start = local_day(explanation.start, explanation.zone)
    due = local_day(explanation.due, explanation.zone)
    step = -1 if explanation.direction == "backward" else 1
    for ordinal in range(start.toordinal(), due.toordinal() + step, step):
        yield teller.day(date.fromordinal(ordinal))


class _Teller:
    """Tells of one day after another why it counted or did not; keeps the number reached."""

    def __init__(self, explanation: Explanation) -> None:
        self._e = explanation
        zone = explanation.zone
        self._start = local_day(explanation.start, zone)
        self._end = local_day(explanation.end, zone)
        self._due = local_day(explanation.due, zone)
        self._hours = explanation.unit == "hours"
        self._working = explanation.unit == "working_days"
        self._spans: list[tuple[Kind, date, date, Span]] = [
            *(("excluded", *_whole_days(span, self._hours, zone), span) for span in explanation.excluded),
            *(("suspended", *_whole_days(span, self._hours, zone), span) for span in explanation.suspended),
        ]
        self._rolling = explanation.rolls
        self._reached = 0
        self._base = explanation.size
        if explanation.extensions and not self._hours:
            self._base = explanation.run.size(explanation.period, (), explanation.start)

    def day(self, day: date) -> Day:
        """The next day of the run."""
        about = self._e.calendar.day(day)
        kind, counts, reason, label = self._verdict(about)
        ordinal = None
        if counts and not self._hours:
            self._reached += 1
            ordinal = self._reached
        return Day(
            date=day,
            kind="due" if day == self._due else kind,
            ordinal=ordinal,
            reason=reason,
            label=label,
            calendar=about.kind,
            provisional=about.state != "published" and self._rests_on(day),
            extended=ordinal is not None and ordinal > self._base,
        )

    def _verdict(self, about: CalendarDay) -> tuple[Kind, bool, Reason, Wording]:
        """Kind, whether it counts, the reason, and the reason in words."""
        day, first = about.date, about.date == self._start
        if first and self._hours:
            return "start", False, "hours", _WORDS["hours"]
        if first and not self._e.first_day_counts:
            return "start", False, "event_day", _WORDS["event_day"]
        for kind, begins, ends, span in self._spans:
            if begins <= day <= ends:
                reason: Reason = "excluded" if kind == "excluded" else "suspended"
                return kind, False, reason, span.reason or _WORDS[reason]
        if self._rolling and day > self._end:
            if day == self._due:
                return "due", False, "roll", _WORDS["roll"]
            return "rolled", False, *_day_off(about)
        if self._hours:
            return "counted", True, "hours", _WORDS["hours"]
        if self._working and not about.is_working:
            return "start" if first else "skipped", False, *_day_off(about)
        if first:
            return "start", True, "first_day", _WORDS["first_day"]
        if not self._working:
            return "counted", True, "calendar_day", _WORDS["calendar_day"]
        return "counted", True, *_worked(about)

    def _rests_on(self, day: date) -> bool:
        if self._working:
            return day != self._start or self._e.first_day_counts
        return self._rolling and day >= self._end


def _whole_days(span: Span, hours: bool, zone: tzinfo) -> tuple[date, date]:
    """The days a span takes out whole: for hours a day that is only partly excluded still runs."""
    if not (hours and isinstance(span.first, datetime) and isinstance(span.last, datetime)):
        return span.days(zone)
    first, last = span.first.astimezone(zone), span.last.astimezone(zone)
    begins = first.date() if first.time() == time() else first.date() + timedelta(days=1)
    return begins, last.date() - timedelta(days=1)


def _day_off(about: CalendarDay) -> tuple[Reason, Wording]:
    if about.kind == "holiday":
        return "holiday", about.name or _WORDS["holiday"]
    return "weekend", _WORDS["weekend"]


def _worked(about: CalendarDay) -> tuple[Reason, Wording]:
    if about.kind != "make_up":
        return "working_day", _WORDS["working_day"]
    words = _WORDS["make_up"]
    feast = about.name
    return "make_up", Wording(f"{words.zh}（{feast.zh}）", f"{words.en} ({feast.en})") if feast else words


def _plain_period(period: Period) -> dict[str, Any]:
    return {"value": period.value, "unit": period.unit}


def _plain_span(span: Span) -> dict[str, Any]:
    reason = {"zh": span.reason.zh, "en": span.reason.en} if span.reason else None
    return {"from": span.first.isoformat(), "to": span.last.isoformat(), "reason": reason}


def _plain_day(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "kind": day.kind,
        "ordinal": day.ordinal,
        "reason": day.reason,
        "label": {"zh": day.label.zh, "en": day.label.en},
        "calendar": day.calendar,
        "provisional": day.provisional,
        "extended": day.extended,
    }
