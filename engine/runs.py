"""The ground of counting: periods, spans, days and moments, and runs of days that are numbered instead of walked.

Values and arithmetic only. It may never read a clock, and never decides what rolls or what is provisional: `periods`
does.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from engine.calendars import Calendar
from engine.errors import PeriodRefused
from engine.sheets import Wording

Unit = Literal["working_days", "days", "months", "years", "hours"]
Roll = Literal["next_working_day", "none"]
Direction = Literal["forward", "backward"]

ZONE = ZoneInfo("Asia/Shanghai")
"""Where statutory days are counted, unless the count is told another zone."""

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""No limit starts or ends outside these days: what does is a slip of the pen."""

LONGEST = {"working_days": 26_100, "days": 36_525, "months": 1_200, "years": 100, "hours": 876_600}
"""A hundred years in each unit."""

FIRST, LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()

_MONTHS = {"months": 1, "years": 12}
_WORDS = {
    "working_days": ("个工作日", "working day"),
    "days": ("日", "day"),
    "months": ("个月", "month"),
    "years": ("年", "year"),
    "hours": ("小时", "hour"),
}


def counted(number: int, unit: Unit) -> Wording:
    """So many of a unit, in words: 7 个工作日, 7 working days."""
    zh, en = _WORDS[unit]
    return Wording(f"{number} {zh}", f"{number} {en}{'' if number == 1 else 's'}")


@dataclass(frozen=True, slots=True)
class Period:
    """So many of a unit.

    Raises:
        PeriodRefused: the unit is unknown, or the number is not a whole one between 1 and a hundred years.
    """

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        longest = LONGEST.get(self.unit)
        if longest is None:
            raise refused(
                f"不认识的期限单位：{self.unit}。", f"`{self.unit}` is no unit; use one of {', '.join(get_args(Unit))}."
            )
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 1 <= self.value <= longest:
            raise refused(
                f"期限须为 1 至 {longest} 的整数，现为 {self.value}。",
                f"A period in {self.unit} must be a whole number from 1 to {longest}; it is {self.value}.",
            )

    @property
    def words(self) -> Wording:
        """As said: 90 日, 90 days."""
        return counted(self.value, self.unit)

    @property
    def family(self) -> str:
        """Periods of one family can be added: working days; days, months and years; hours."""
        return self.unit if self.unit in ("working_days", "hours") else "days"


@dataclass(frozen=True, slots=True)
class Span:
    """Time that does not count. Dates: both days are included. Date-times: from the first moment until before the last.

    For limits in days a date-time stands for its day in the zone of the count.

    Raises:
        PeriodRefused: it ends before it begins, its ends differ in kind, a moment has no zone, or it lies beyond the
            years that can be counted.
    """

    first: date
    last: date
    reason: Wording | None = None

    def __post_init__(self) -> None:
        for end in (self.first, self.last):
            if not FIRST_DAY.year <= end.year <= LAST_DAY.year:
                raise out_of_range(end)
            if isinstance(end, datetime) and end.tzinfo is None:
                raise refused(f"时刻 {end} 没有时区。", f"The moment {end} has no time zone.")
        mixed = isinstance(self.first, datetime) != isinstance(self.last, datetime)
        if mixed or self.last < self.first:
            raise refused(
                f"时段止于 {self.last}，早于开始的 {self.first}，或两端写法不同。",
                f"The span ends on {self.last}, before it begins on {self.first}, or its ends differ in kind.",
            )

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first moment that does not count, and the first that counts again."""
        if isinstance(self.first, datetime) and isinstance(self.last, datetime):
            return self.first.astimezone(UTC), self.last.astimezone(UTC)
        return start_of(self.first, zone), end_of(self.last, zone)

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """The first and the last day that do not count."""
        return local_day(self.first, zone), local_day(self.last, zone)


def end_of(day: date, zone: tzinfo = ZONE) -> datetime:
    """The moment a day is over: 24:00 in the zone, in UTC. What happens at that moment belongs to the next day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def start_of(day: date, zone: tzinfo = ZONE) -> datetime:
    """The first moment of a day in the zone, given in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(moment: date, zone: tzinfo = ZONE) -> date:
    """The day of a date or of an aware date-time, in the zone.

    Raises:
        PeriodRefused: a date-time without a time zone, or beyond the years that can be counted.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise refused(f"时刻 {moment} 没有时区。", f"The moment {moment} has no time zone.")
    if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
        raise out_of_range(moment)
    return moment.astimezone(zone).date()


def read_moment(text: str, zone: tzinfo = ZONE) -> date:
    """A day or a moment written in ISO 8601: `2026-05-13`, `2026-05-13T22:30`. Without an offset it is of the zone.

    Raises:
        PeriodRefused: it is neither.
    """
    try:
        if len(text) <= len("2026-05-13"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refused(
            f"“{text}”不是日期（2026-05-13），也不是时刻（2026-05-13T22:30）。",
            f"`{text}` is neither a day (2026-05-13) nor a moment (2026-05-13T22:30).",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (earlier if negative), or that month's last day. Civil Code 202.

    Raises:
        PeriodRefused: the result lies beyond the years that can be counted.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise out_of_range(day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


Blocks = Sequence[tuple[int, int]]
"""Days that do not count, as ordinals: first and last, in order, none touching the next."""


@dataclass(frozen=True, slots=True)
class Run:
    """Counting one day after another, without walking: days are numbered, and the number is looked up."""

    calendar: Calendar
    working: bool
    backward: bool
    origin: int
    """The day before the first that can count (after it, when counting backward)."""
    blocked: Blocks

    @classmethod
    def over(
        cls,
        calendar: Calendar,
        unit: Unit,
        start: date,
        direction: Direction,
        first_day_counts: bool,
        spans: Sequence[Span],
        zone: tzinfo,
    ) -> Run:
        """The run of a limit in days, from the day of its event."""
        backward = direction == "backward"
        shift = (1 if backward else -1) if first_day_counts else 0
        blocked = _merged(spans, zone) if spans else ()
        return cls(calendar, unit == "working_days", backward, start.toordinal() + shift, blocked)

    @property
    def first(self) -> int:
        """The first day that can count."""
        return self.origin - 1 if self.backward else self.origin + 1

    def nth(self, number: int) -> int:
        """The ordinal of the n-th day that counts."""
        through, at = self._numbering()
        return self._before(number, through, at) if self.backward else self._after(number, through, at)

    def between(self, after: int, through: int) -> int:
        """How many days count after one ordinal, up to and including another."""
        numbered, _ = self._numbering()
        counted = numbered(through) - numbered(after)
        for first, last in self.blocked:
            low, high = max(first, after + 1), min(last, through)
            if low <= high:
                counted -= numbered(high) - numbered(low - 1)
        return counted

    def rolled(self, end: int) -> int:
        """The first working day from `end` on that is not blocked."""
        while not self.calendar.works(end) or any(first <= end <= last for first, last in self.blocked):
            end += 1
        return end

    def size(self, period: Period, extensions: Sequence[Period], start: date) -> int:
        """How many days the whole run counts. Months first, then days: the corresponding day is that of the start.

        Raises:
            PeriodRefused: more than a hundred years in all, or beyond the years that can be counted.
        """
        if not extensions and period.unit not in _MONTHS:
            return period.value
        parts = (period, *extensions)
        if sum(part.value / LONGEST[part.unit] for part in parts) > 1:
            raise refused("期限与延长合计超过一百年。", "The period and its extensions exceed a hundred years.")
        single = sum(part.value for part in parts if part.unit not in _MONTHS)
        months = sum(part.value * _MONTHS[part.unit] for part in parts if part.unit in _MONTHS)
        return single if not months else single + self._days_of_months(start, months)

    def _days_of_months(self, start: date, months: int) -> int:
        corresponding = add_months(start, -months if self.backward else months)
        days = abs(corresponding.toordinal() - self.origin)
        inclusive = self.origin != start.toordinal()
        # Inclusive of the first day the run ends the day before the corresponding day. Where there is none, that day
        # would have been after the month's end: so the month's end is the last day.
        return days - 1 if inclusive and corresponding.day == start.day else days

    def _numbering(self) -> tuple[Callable[[int], int], Callable[[int], int]]:
        if self.working:
            return self.calendar.worked_through, self.calendar.nth_worked
        return _itself, _itself

    def _after(self, number: int, through: Callable[[int], int], at: Callable[[int], int]) -> int:
        reached = through(self.origin)
        for first, last in self.blocked:
            if last <= self.origin:
                continue
            free = through(max(first - 1, self.origin)) - reached
            if free >= number:
                break
            number -= free
            reached = through(last)
        return at(reached + number)

    def _before(self, number: int, through: Callable[[int], int], at: Callable[[int], int]) -> int:
        reached = through(self.origin - 1)
        for first, last in reversed(self.blocked):
            if first >= self.origin:
                continue
            free = reached - through(min(last, self.origin - 1))
            if free >= number:
                break
            number -= free
            reached = through(first - 1)
        return at(reached - number + 1)


def _itself(ordinal: int) -> int:
    return ordinal


def _merged(spans: Iterable[Span], zone: tzinfo) -> Blocks:
    blocks: list[tuple[int, int]] = []
    for first, last in sorted(span.days(zone) for span in spans):
        begins, ends = first.toordinal(), last.toordinal()
        if blocks and begins <= blocks[-1][1] + 1:
            blocks[-1] = (blocks[-1][0], max(ends, blocks[-1][1]))
        else:
            blocks.append((begins, ends))
    return blocks


def refused(zh: str, en: str) -> PeriodRefused:
    """A refusal in both languages."""
    return PeriodRefused(en, zh=zh)


def out_of_range(start: date) -> PeriodRefused:
    """The refusal of a day, or of a run from it, beyond the years that can be counted."""
    return refused(
        f"{start} 或自此起算的期限超出可计算的年份（{FIRST_DAY.year} 至 {LAST_DAY.year}）。",
        f"{start}, or the limit from it, leaves the years that can be counted ({FIRST_DAY.year} to {LAST_DAY.year}).",
    )
