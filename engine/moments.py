"""Moments of timer events: ISO 8601 dates, durations and cycles, and when they fall due.

Statutory limits are not counted here: their moments are kept by the host. Months and years are counted on the calendar in
UTC, and the day of the month clamps to the month's end (31 January + P1M = 28 or 29 February). It may never read a clock or
a zone of the machine.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LOOKS_ISO = re.compile(r"\A\s*(?:R\d*/|[+-]?P(?:T?\d|T?\s*\Z)|\d{4}-?(?:\d\d|W))", re.IGNORECASE)
"""Text that means to be ISO 8601. It is never read as an expression, so that a slip in it is found at load."""

MAX_YEARS = 200
"""No timer waits longer: beyond it is a slip of the pen."""

_NUMBER = r"(\d{1,9}(?:[.,]\d{1,6})?)"
_DURATION = re.compile(
    rf"\AP(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?\Z",
    re.ASCII,
)
_SECONDS = (7 * 86400, 86400, 3600, 60, 1)


class NotAMoment(ValueError):
    """The text is not the ISO 8601 that is asked for. It says what is wrong, in English and Chinese."""

    def __init__(self, why: str, zh: str) -> None:
        super().__init__(why)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: whole months, which depend on the calendar, and a fixed rest."""

    months: int
    rest: timedelta

    def after(self, start: datetime, times: int = 1) -> datetime:
        """The moment `times` durations after `start` (aware; UTC).

        Raises:
            NotAMoment: it lies beyond the calendar.
        """
        try:
            return add_months(start, self.months * times) + self.rest * times
        except (OverflowError, ValueError):
            raise NotAMoment("the moment lies beyond the calendar", "时刻超出历法范围") from None

    @property
    def empty(self) -> bool:
        """Whether it lasts no time."""
        return not self.months and not self.rest


@dataclass(frozen=True, slots=True)
class Cycle:
    """Repeated moments: `rounds` of them (None: without end), one every `period`.

    The first is at `first`; where that is None, one period after arming.
    """

    rounds: int | None
    period: Duration
    first: datetime | None


def stamp(moment: datetime) -> str:
    """Write an aware moment as text in UTC, of fixed length, so that texts compare as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def aware(moment: datetime, what: str = "now") -> datetime:
    """Give the moment in UTC.

    Raises:
        ValueError: it has no zone.
    """
    if not isinstance(moment, datetime) or moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{what} must be a datetime with a zone")
    return moment.astimezone(UTC)


def add_months(start: datetime, months: int) -> datetime:
    """Add months on the calendar; the day clamps to the month's end."""
    if not months:
        return start
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=years, month=month + 1, day=min(start.day, monthrange(years, month + 1)[1]))


def read_date(text: str) -> datetime:
    """Read a date with time and zone.

    Raises:
        NotAMoment: not ISO 8601, or no time, or no zone.
    """
    text = text.strip()
    if "T" not in text.upper():
        raise NotAMoment(
            f"{_shown(text)} is not a date with time and zone, such as 2026-05-01T09:00:00+08:00",
            f"{_shown(text)} 不是带时间和时区的日期，如 2026-05-01T09:00:00+08:00",
        )
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise NotAMoment(
            f"{_shown(text)} is not an ISO 8601 date with time and zone",
            f"{_shown(text)} 不是带时间和时区的 ISO 8601 日期",
        ) from None
    if moment.tzinfo is None:
        raise NotAMoment(
            f"{_shown(text)} has no zone; write +08:00 or Z after the time",
            f"{_shown(text)} 没有时区，请在时间后写 +08:00 或 Z",
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NotAMoment(f"{_shown(text)} lies beyond the calendar", f"{_shown(text)} 超出历法范围") from None


def read_duration(text: str) -> Duration:
    """Read a duration such as `P1M`, `P3DT12H`, `PT2M`.

    Raises:
        NotAMoment: not ISO 8601, a part of a month or year, or too long.
    """
    text = text.strip().upper()
    match = _DURATION.match(text)
    if not match or not any(match.groups()):
        raise NotAMoment(
            f"{_shown(text)} is not an ISO 8601 duration, such as P10D or PT2H",
            f"{_shown(text)} 不是 ISO 8601 时长，如 P10D、PT2H",
        )
    numbers = [part.replace(",", ".") if part else "0" for part in match.groups()]
    if any("." in part for part in numbers[:2]):
        raise NotAMoment(
            f"{_shown(text)} has a part of a month or year, which has no fixed length",
            f"{_shown(text)} 含有不足一月或一年的部分，其长度不确定",
        )
    years, months = int(numbers[0]), int(numbers[1])
    try:
        rest = sum((_part(n, seconds) for n, seconds in zip(numbers[2:], _SECONDS, strict=True)), timedelta())
    except OverflowError:
        raise NotAMoment(f"{_shown(text)} is too long", f"{_shown(text)} 过长") from None
    if years + months / 12 + rest.days / 365 > MAX_YEARS:
        raise NotAMoment(f"{_shown(text)} is longer than {MAX_YEARS} years", f"{_shown(text)} 超过 {MAX_YEARS} 年")
    return Duration(years * 12 + months, rest)


def read_cycle(text: str) -> Cycle:
    """Read a repeated interval: `R3/PT1H`, or `R/2026-05-01T09:00:00+08:00/P1D` whose first moment is the one written.

    Raises:
        NotAMoment: not ISO 8601, no repetition, a period that lasts no time, or an interval given by its end.
    """
    parts = text.strip().upper().split("/")
    if len(parts) not in (2, 3) or not re.fullmatch(r"R[0-9]{0,6}", parts[0]):
        raise NotAMoment(
            f"{_shown(text)} is not an ISO 8601 repeated interval, such as R3/PT1H",
            f"{_shown(text)} 不是 ISO 8601 重复时间间隔，如 R3/PT1H",
        )
    rounds = int(parts[0][1:]) if parts[0] != "R" else None
    if rounds == 0:
        raise NotAMoment(f"{_shown(text)} repeats no time at all", f"{_shown(text)} 的重复次数为零")
    first: datetime | None = None
    if len(parts) == 2:
        period = read_duration(parts[1])
    elif parts[1].startswith("P"):
        raise NotAMoment(
            f"{_shown(text)} is given by its end; write the first moment and the period",
            f"{_shown(text)} 按结束时刻给出，请写首个时刻和周期",
        )
    else:
        first, period = read_date(parts[1]), read_duration(parts[2])
    if period.empty:
        raise NotAMoment(f"{_shown(text)} repeats after no time", f"{_shown(text)} 的周期为零")
    return Cycle(rounds, period, first)


def _part(number: str, seconds: int) -> timedelta:
    return timedelta(microseconds=round(float(number) * seconds * 1_000_000))


def _shown(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
