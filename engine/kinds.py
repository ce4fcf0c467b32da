"""The kinds of value that a decision knows, and how values of each are compared.

A value is plain JSON outside and a key inside: dates are day numbers, moments microseconds, numbers exact decimals. Kinds
are never coerced: a text is not taken for a number, a number never for a truth value. Nothing here knows cells or tables.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from engine.errors import EngineError

Kind = Literal[
    "string", "boolean", "number", "integer", "date", "time", "dateTime", "dayTimeDuration", "yearMonthDuration"
]
KINDS: dict[str, Kind] = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "double": "number",
    "integer": "integer",
    "long": "integer",
    "date": "date",
    "time": "time",
    "dateTime": "dateTime",
    "date and time": "dateTime",
    "dayTimeDuration": "dayTimeDuration",
    "days and time duration": "dayTimeDuration",
    "yearMonthDuration": "yearMonthDuration",
    "years and months duration": "yearMonthDuration",
}
"""`typeRef` as written → kind. `integer`, `long` and `double` are what Camunda 7 tables say."""

KIND_NAMES: dict[Kind, tuple[str, str]] = {
    "string": ("a text", "文本"),
    "boolean": ("a truth value", "真假值"),
    "number": ("a number", "数"),
    "integer": ("an integer", "整数"),
    "date": ("a date such as 2024-09-09", "2024-09-09 这样的日期"),
    "time": ("a time of day such as 08:30:00", "08:30:00 这样的时刻"),
    "dateTime": ("a moment such as 2024-09-09T08:30:00+08:00", "2024-09-09T08:30:00+08:00 这样的日期时间"),
    "dayTimeDuration": ("a duration such as PT36H", "PT36H 这样的时长"),
    "yearMonthDuration": ("a duration such as P1Y6M", "P1Y6M 这样的时长"),
}

Key: TypeAlias = str | bool | int | Decimal
"""What values of a kind are compared by: dates as day numbers, times, moments and durations as microseconds, or months."""

SECOND = 1_000_000
DAY = 86_400 * SECOND
WITH_OFFSET = 10**18
"""Moments with an offset (or Z) are microseconds in UTC beyond this; those without are below it. The two never compare."""
_LAST_DAY = date.max.toordinal()
DOMAINS: dict[Kind, tuple[tuple[int, int], ...]] = {
    "date": ((1, _LAST_DAY + 1),),
    "time": ((0, DAY),),
    "dateTime": ((DAY, (_LAST_DAY + 1) * DAY), (WITH_OFFSET + DAY, WITH_OFFSET + (_LAST_DAY + 1) * DAY)),
}
"""Of kinds that have a first and a last value: from, and up to but not including. Moments have two such stretches."""


class CellUnfit(EngineError):
    """What is written is not S-FEEL of the kind that its column declares."""

    def __init__(self, why: str, zh: str) -> None:
        super().__init__(why, zh=zh)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Value:
    """A value of some kind."""

    plain: Any
    """As it goes into a result: plain JSON."""
    key: Key | None
    """As it is compared; None for null."""

    @property
    def comparable(self) -> tuple[bool, Key | None]:
        """The key told apart from those of other kinds: P1D and PT24H are the same, 1 and true are not."""
        return type(self.key) is bool, self.key


NULL = Value(None, None)


def ordered(kind: Kind) -> bool:
    return kind not in ("string", "boolean")


def discrete(kind: Kind) -> bool:
    """Whether each value has a next one."""
    return kind != "number"


def plain(kind: Kind, key: Key) -> Any:
    """The plain JSON value that is compared by `key`."""
    if isinstance(key, str | bool):
        return key
    if kind == "date":
        return date.fromordinal(int(key)).isoformat()
    if kind == "time":
        return _time_text(int(key))
    if kind == "dateTime":
        return _moment_text(int(key))
    if kind == "dayTimeDuration":
        return _seconds_text(int(key))
    if kind == "yearMonthDuration":
        return _months_text(int(key))
    return key if isinstance(key, int) else float(key)


def key_of(value: Any, kind: Kind) -> Key | None:
    """What a plain value is compared by.

    Raises:
        CellUnfit: it is not of this kind. A text is never taken for a number, a number never for a truth value.
    """
    if value is None:
        return None
    key = _KEYS[kind](value)
    if key is None:
        english, chinese = KIND_NAMES[kind]
        raise CellUnfit(f"{shown(value)} is not {english}.", f"{shown(value)} 不是{chinese}。")
    return key


def exact(key: Fraction, kind: Kind) -> Value:
    """A number as a literal.

    Raises:
        CellUnfit: plain JSON cannot hold it exactly: it is beyond 64 bits, or a decimal that a double would round.
    """
    if key == int(key) and abs(key) < 2**63:
        return Value(int(key), int(key))
    value = float(key) if kind == "number" and abs(key) < 2**63 else math.nan
    if not math.isfinite(value) or Fraction(repr(value)) != key:
        english, chinese = KIND_NAMES[kind]
        raise CellUnfit(f"The number cannot be kept exactly as {english}.", f"该数不能作为{chinese}精确保存。")
    return Value(value, Decimal(repr(value)))


def shown(value: Any) -> str:
    """A plain value for a sentence, cut short."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}…"


# --- Plain values to keys --------------------------------------------------------------------------------------------


def _date_key(value: Any) -> int | None:
    if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return None
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:
        return None


def _time_key(value: Any) -> int | None:
    """Microseconds of `08:30:00`. A time of day has no offset here: on which day would it be counted?"""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    hours, minutes, seconds = int(found["hours"]), int(found["minutes"]), int(found["seconds"] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND + int((found["part"] or "").ljust(6, "0"))


def _moment_key(value: Any) -> int | None:
    found = _MOMENT.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    day, time = (_date_key(found["date"]), _time_key(found["time"])) if found else (None, None)
    if found is None or day is None or time is None:
        return None
    key = day * DAY + time
    if not found["zone"]:
        return key
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if hours > 14 or minutes > 59:
        return None
    key += WITH_OFFSET - (hours * 60 + minutes) * 60 * SECOND * (-1 if found["sign"] == "-" else 1)
    first, after = DOMAINS["dateTime"][1]
    return key if first <= key < after else None


def _number_key(value: Any) -> int | Decimal | None:
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    return _integer_key(value)


def _integer_key(value: Any) -> int | None:
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def _seconds_key(value: Any) -> int | None:
    """Microseconds of `PT36H`, `P1DT0.5S`."""
    found = _DAY_TIME.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if not found or not any(found.group("days", "hours", "minutes", "seconds")) or value.endswith("T"):
        return None
    whole, _, part = (found["seconds"] or "0").partition(".")
    minutes = (int(found["days"] or 0) * 24 + int(found["hours"] or 0)) * 60 + int(found["minutes"] or 0)
    microseconds = (minutes * 60 + int(whole)) * SECOND + int(part.ljust(6, "0"))
    return -microseconds if found["sign"] else microseconds


def _months_key(value: Any) -> int | None:
    found = _YEAR_MONTH.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if not found or not any(found.group("years", "months")):
        return None
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    return -months if found["sign"] else months


_TIME = re.compile(r"(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2})(?:\.(?P<part>[0-9]{1,6}))?)?")
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<time>[0-9:.]{5,15})"
    r"(?P<zone>Z|(?P<sign>[-+])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?"
)
_DAY_TIME = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?"
)
_YEAR_MONTH = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]{1,6})Y)?(?:(?P<months>[0-9]{1,6})M)?")
_KEYS: dict[Kind, Callable[[Any], Key | None]] = {
    "string": lambda value: value if isinstance(value, str) else None,
    "boolean": lambda value: value if isinstance(value, bool) else None,
    "number": _number_key,
    "integer": _integer_key,
    "date": _date_key,
    "time": _time_key,
    "dateTime": _moment_key,
    "dayTimeDuration": _seconds_key,
    "yearMonthDuration": _months_key,
}


# --- Keys to plain values --------------------------------------------------------------------------------------------


def _time_text(microseconds: int) -> str:
    seconds, part = divmod(microseconds, SECOND)
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def _moment_text(key: int) -> str:
    zone = "Z" if key >= WITH_OFFSET else ""
    day, time = divmod(key % WITH_OFFSET, DAY)
    return f"{date.fromordinal(day).isoformat()}T{_time_text(time)}{zone}"


def _seconds_text(microseconds: int) -> str:
    seconds, part = divmod(abs(microseconds), SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    fraction = f".{part:06d}".rstrip("0") if part else ""
    time = "".join(f"{number}{letter}" for number, letter in ((hours, "H"), (minutes, "M")) if number)
    time += f"{seconds}{fraction}S" if seconds or part else ""
    text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{'-' if microseconds < 0 else ''}P{text or 'T0S'}"


def _months_text(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest or not years else "")
    return f"{'-' if months < 0 else ''}P{text}"
