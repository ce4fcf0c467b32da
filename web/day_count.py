"""The day count: every day of a period in weeks, counted or not, and why not.

It arranges days that were counted elsewhere; it never decides whether a day counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from web.page_values import Day, DayKind
from web.presentation import Wording

LONG = 60
"""From more days than this the middle of a period folds into months."""
OPEN_WEEKS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One day as it is printed: classes, the word under the number, and the whole of it as one says it."""

    on: date
    classes: str
    word: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Week:
    """Seven places from Monday; None where the period has no day."""

    monday: date
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A month of a long period in one line."""

    words: str


def rows(days: Sequence[Day], say: Wording) -> tuple[Week | Folded, ...]:
    """The rows of the table: weeks, the middle of a long period by month."""
    due = next((day.on for day in days if day.due), None)
    weeks = list(_weeks(days))
    if len(days) <= LONG or len(weeks) <= 2 * OPEN_WEEKS:
        return tuple(_week(week, say, due) for week in weeks)
    opening, middle, ending = weeks[:OPEN_WEEKS], weeks[OPEN_WEEKS:-OPEN_WEEKS], weeks[-OPEN_WEEKS:]
    hidden = [day for week in middle for day in week]
    folded = [_fold(list(month), say) for _, month in groupby(hidden, key=lambda day: (day.on.year, day.on.month))]
    return (*(_week(week, say, due) for week in opening), *folded, *(_week(week, say, due) for week in ending))


def _weeks(days: Sequence[Day]) -> Iterator[list[Day]]:
    for _, week in groupby(days, key=lambda day: _monday(day.on)):
        yield list(week)


def _week(days: Sequence[Day], say: Wording, due: date | None) -> Week:
    places: list[Cell | None] = [None] * 7
    for day in days:
        places[day.on.weekday()] = _cell(day, say, late=due is not None and day.on > due)
    return Week(_monday(days[0].on), tuple(places))


def _fold(days: Sequence[Day], say: Wording) -> Folded:
    counted = [day.ordinal for day in days if day.ordinal is not None]
    span = say.days(days[0].on, days[-1].on)
    if not counted:
        return Folded(say.phrase("%(span)s：没有计入的日子", span=span))
    first, last, off = counted[0], counted[-1], len(days) - len(counted)
    if not off:
        return Folded(say.phrase("%(span)s：计入第%(first)d日至第%(last)d日", span=span, first=first, last=last))
    return Folded(
        say.phrase(
            "%(span)s：计入第%(first)d日至第%(last)d日，另有%(off)d日不计",
            span=span, first=first, last=last, off=off,
        )
    )  # fmt: skip


def _cell(day: Day, say: Wording, *, late: bool) -> Cell:
    word = _word(day, say)
    spoken = [say.day(day.on), word if day.due else day.feast or _kind_word(day, say)]
    if day.ordinal is not None:
        spoken.append(say.position(day.ordinal))
    elif day.kind in (DayKind.WEEKEND, DayKind.HOLIDAY):
        spoken.append(say.phrase("不计入"))
    if day.on == say.today:
        spoken.append(say.phrase("今天"))
    return Cell(
        day.on,
        " ".join(_classes(day, say.today, late=late)),
        word,
        say.phrase("，").join(part for part in spoken if part),
    )


def _classes(day: Day, today: date, *, late: bool) -> Iterator[str]:
    if day.due:
        yield "due"
    elif day.kind is DayKind.PAUSED:
        yield "paused"
    elif day.kind is DayKind.START:
        yield "start"
    elif day.ordinal is None:
        yield "skipped"
    elif late:
        yield "late"
    else:
        yield "counted" if day.on <= today else "ahead"
        if day.extended:
            yield "extended"
        if day.kind is DayKind.MAKEUP:
            yield "makeup"
    if day.unknown:
        yield "unknown"
    if day.on == today:
        yield "today"


def _word(day: Day, say: Wording) -> str:
    if day.due:
        return say.phrase("届满")
    if day.ordinal is not None:
        return say.phrase("班%(n)d", n=day.ordinal) if day.kind is DayKind.MAKEUP else str(day.ordinal)
    return day.feast if day.feast and say.language == "zh" else _kind_word(day, say)


def _kind_word(day: Day, say: Wording) -> str:
    match day.kind:
        case DayKind.START:
            return say.phrase("起")
        case DayKind.WEEKEND:
            return say.phrase("休")
        case DayKind.HOLIDAY:
            return say.phrase("假")
        case DayKind.PAUSED:
            return say.phrase("停")
        case DayKind.MAKEUP:
            return say.phrase("班")
        case DayKind.COUNTED:
            return ""


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
