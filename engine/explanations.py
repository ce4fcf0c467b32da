"""Why a limit ends on its day: the facts of the run, and on demand each day, counted or skipped, with its reason.

That is worked out only when somebody asks, so that counting stays cheap, and by stretches of days of which the same is to be
said: the calendar keeps its own ready, and single days are made of them last. It may never change a date: it tells of one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, Literal, NamedTuple, get_args

from engine import calendars
from engine.calendars import Calendar, DayKind
from engine.runs import Direction, Period, Roll, Run, Span, Unit, local_day, refused
from engine.sheets import Wording

Kind = Literal["start", "counted", "skipped", "excluded", "suspended", "rolled", "due"]
Reason = Literal[
    "event_day", "first_day", "working_day", "make_up", "calendar_day", "hours",
    "weekend", "holiday", "excluded", "suspended", "roll",
]  # fmt: skip


class Day(NamedTuple):
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


class Stretch(NamedTuple):
    """Days of a run, one after another, of which the same is to be said: all of a `Day` but its date, and the number of each."""

    first: int
    """Ordinal (`date.toordinal`) of the day told first; counted backward, the latest one."""
    last: int
    kind: Kind
    number: int | None
    """Place in the run of the day told first, from 1; None where they did not count."""
    reason: Reason
    label: Wording
    calendar: DayKind
    provisional: bool
    extended: bool

    def days(self) -> Iterator[Day]:
        """Each day, in the order of counting."""
        step = 1 if self.last >= self.first else -1
        for place, ordinal in enumerate(range(self.first, self.last + step, step)):
            number = None if self.number is None else self.number + place
            yield Day(date.fromordinal(ordinal), self.kind, number, *self[4:])


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
        return tuple(day for stretch in self.stretches for day in stretch.days())

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The same, days together of which the same is to be said. Nothing is left out, and a month takes a dozen of them."""
        return tuple(_Teller(self).stretches())

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


_ORDINARY: Mapping[bool, Mapping[DayKind, tuple[Kind, bool, Reason]]] = {
    True: {
        "working_day": ("counted", True, "working_day"),
        "make_up": ("counted", True, "make_up"),
        "weekend": ("skipped", False, "weekend"),
        "holiday": ("skipped", False, "holiday"),
    },
    False: dict.fromkeys(get_args(DayKind), ("counted", True, "calendar_day")),
}
"""Whether working days are counted → what a day is, that is neither first nor last nor taken out."""


class _Teller:
    """Tells of the days of a run why they counted or did not, those together of which the same is to be said."""

    def __init__(self, explanation: Explanation) -> None:
        self._e = explanation
        zone = explanation.zone
        self._start = local_day(explanation.start, zone).toordinal()
        self._end = local_day(explanation.end, zone).toordinal()
        self._due = local_day(explanation.due, zone).toordinal()
        self._hours = explanation.unit == "hours"
        self._working = explanation.unit == "working_days"
        self._rolling = explanation.rolls
        self._spans: list[tuple[Kind, int, int, Span]] = [
            *(("excluded", *_whole_days(span, self._hours, zone), span) for span in explanation.excluded),
            *(("suspended", *_whole_days(span, self._hours, zone), span) for span in explanation.suspended),
        ]
        self._base = explanation.size
        """The last number of the period without its extensions."""
        if explanation.extensions and not self._hours:
            self._base = explanation.run.size(explanation.period, (), explanation.start)

    def stretches(self) -> Iterator[Stretch]:
        """All days from the event to the due day, in the order of counting."""
        ordinary = _ORDINARY[self._working]
        backward = self._e.direction == "backward"
        plain = not self._spans and not self._hours
        start, end, due, rolling = self._start, self._end, self._due, self._rolling
        number, base = 0, self._base
        for first, last, kind, name, certain in self._pieces(backward):
            if plain and first not in (start, due) and (first <= end or not rolling):
                told, counts, reason = ordinary[kind]
                label = _WORDS[reason] if name is None else _label(reason, name)
            else:
                told, counts, reason, label = self._verdict(first, kind, name)
            yield Stretch(
                last if backward else first,
                first if backward else last,
                "due" if first == due else told,
                number + 1 if counts else None,
                reason,
                label,
                kind,
                not certain and self._rests_on(first),
                counts and number >= base,
            )
            if counts:
                number += last - first + 1

    def _pieces(self, backward: bool) -> list[calendars.Stretch]:
        """The days of the calendar, cut wherever something else is to be said of the next one."""
        first, last = sorted((self._start, self._due))
        pieces = self._e.calendar.stretches(first, last)
        cuts = {self._start + 1, self._start, self._due, self._due + 1}
        if self._rolling:
            cuts |= {self._end, self._end + 1}
        for _, begins, ends, _ in self._spans:
            cuts |= {begins, ends + 1}
        if self._base < self._e.size:
            reached = self._e.counted_day(self._base).toordinal()
            cuts.add(reached if backward else reached + 1)
        begins_at = [piece.first for piece in pieces]
        for cut in sorted(cuts, reverse=True):
            place = bisect_right(begins_at, cut) - 1
            if place >= 0 and (piece := pieces[place]).first < cut <= piece.last:
                pieces[place : place + 1] = [piece._replace(last=cut - 1), piece._replace(first=cut)]
        return pieces[::-1] if backward else pieces

    def _rests_on(self, day: int) -> bool:
        """Whether the due day depends on how this day is arranged."""
        if self._working:
            return day != self._start or self._e.first_day_counts
        return self._rolling and day >= self._end

    def _verdict(self, day: int, about: DayKind, name: Wording | None) -> tuple[Kind, bool, Reason, Wording]:
        """Kind, whether it has a number, the reason, and the reason in words. Hours are not numbered."""
        first = day == self._start
        if first and self._hours:
            return "start", False, "hours", _WORDS["hours"]
        if first and not self._e.first_day_counts:
            return "start", False, "event_day", _WORDS["event_day"]
        for kind, begins, ends, span in self._spans:
            if begins <= day <= ends:
                reason: Reason = "excluded" if kind == "excluded" else "suspended"
                return kind, False, reason, span.reason or _WORDS[reason]
        off: Reason = "holiday" if about == "holiday" else "weekend"
        if self._rolling and day > self._end:
            if day == self._due:
                return "due", False, "roll", _WORDS["roll"]
            return "rolled", False, off, _label(off, name)
        if self._hours:
            return "counted", False, "hours", _WORDS["hours"]
        told, counts, reason = _ORDINARY[self._working][about]
        if first:
            return (
                ("start", True, "first_day", _WORDS["first_day"])
                if counts
                else ("start", False, off, _label(off, name))
            )
        return told, counts, reason, _label(reason, name)


def _whole_days(span: Span, hours: bool, zone: tzinfo) -> tuple[int, int]:
    """The days a span takes out whole: for hours a day that is only partly excluded still runs."""
    if not (hours and isinstance(span.first, datetime) and isinstance(span.last, datetime)):
        first_day, last_day = span.days(zone)
        return first_day.toordinal(), last_day.toordinal()
    first, last = span.first.astimezone(zone), span.last.astimezone(zone)
    return first.toordinal() + (first.time() != time()), last.toordinal() - 1


def _label(reason: Reason, name: Wording | None) -> Wording:
    """The reason in words: a holiday by its feast, a make-up day with the feast it makes up for."""
    if name is None or reason not in ("holiday", "make_up"):
        return _WORDS[reason]
    if reason == "holiday":
        return name
    words = _WORDS["make_up"]
    return Wording(f"{words.zh}（{name.zh}）", f"{words.en} ({name.en})")


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
