"""Which days are worked: the years of a calendar, each published, forecast or unknown.

A published year comes from a notice of the State Council's General Office and says which weekdays are holidays and
which weekend days are worked in their place (调休). A forecast year knows only the statutory holidays. Every other year
is unknown and has plain weekends. It may never pass a forecast or an unknown year off as certain: whoever counts asks
`state`. It reads no file: `load` is given their contents.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal, NamedTuple

from engine.errors import CalendarRefused, Finding
from engine.sheets import MARK, MARK_FORM, Entry, Reading, Wording

YearState = Literal["published", "forecast", "unknown"]
DayKind = Literal["working_day", "weekend", "holiday", "make_up"]

_STATES: Mapping[str, YearState] = {"published": "published", "forecast": "forecast"}
"""What a file may say of its year: an unknown year has no file."""

_ENTERED: Mapping[str, YearState] = {"published": "published", "addition": "unknown"}
"""What a file that is entered later may say: the arrangement of a year, or days that are added to it for one place."""

_WEEK = 7
_WORKED = 5
"""Days of a plain week that are worked: Monday to Friday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Where the arrangement of a year comes from."""

    id: str
    title: Wording
    number: str | None
    """Document number; None where it could not be established."""
    issued: date | None
    mark: str
    """Evidence mark: how well the source is established."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What makes a day exceptional: a day off, or a weekend day that is worked."""

    kind: Literal["holiday", "make_up"]
    name: Wording
    """The feast: the one kept, or the one that the worked day makes up for."""
    notice: str
    """Id of the notice within the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year: its state, its notices and its exceptional days."""

    year: int
    state: YearState
    notices: tuple[Notice, ...] = ()
    days: Mapping[date, Marking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day as the calendar has it."""

    date: date
    kind: DayKind
    name: Wording | None
    """The feast of a holiday or of a make-up day."""
    state: YearState

    @property
    def is_working(self) -> bool:
        return self.kind in ("working_day", "make_up")


class Stretch(NamedTuple):
    """Days one after another that are alike, as the calendar has them."""

    first: int
    """Ordinal, as of `date.toordinal`."""
    last: int
    kind: DayKind
    name: Wording | None
    """The feast of holidays or of make-up days."""
    certain: bool
    """Whether their year is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file that is entered after a calendar was loaded."""

    year: Year
    jurisdiction: str
    addition: bool
    """It adds days to a year, for one place; else it is the year, whole."""


class Calendar:
    """Years of working days. Immutable; every answer costs the same however long the span is.

    How: plain weeks are arithmetic; the running sum of what the exceptional days change corrects it; the working days
    of the known years are listed for the way back. Ordinals are those of `date.toordinal` (day 1 is a Monday).
    """

    __slots__ = (
        "_before",
        "_begins",
        "_exceptions",
        "_markings",
        "_stretches",
        "_sums",
        "_worked",
        "_years",
        "version",
    )

    version: str
    """SHA-256 of the years' content: equal content, equal version."""

    def __init__(self, years: Mapping[int, Year] | None = None) -> None:
        """
        Args:
            years: what is known, by year. Must be free of contradictions: `load` checks that.
        """
        self._years: dict[int, Year] = dict(sorted((years or {}).items()))
        self._markings: dict[int, Marking] = {
            day.toordinal(): marking for year in self._years.values() for day, marking in year.days.items()
        }
        changes = {o: (m.kind == "make_up") - _is_weekday(o) for o, m in self._markings.items()}
        self._exceptions = sorted(o for o, change in changes.items() if change)
        self._sums = [0, *accumulate(changes[o] for o in self._exceptions)]
        self._worked = array("i")
        self._stretches: list[Stretch] = []
        self._begins: list[int] = []
        self._before = 0
        if self._years:
            first, last = (date(min(self._years), 1, 1).toordinal(), date(max(self._years), 12, 31).toordinal())
            self._before = self.worked_through(first - 1)
            self._worked.extend(o for o in range(first, last + 1) if self.works(o))
            self._stretches = list(self._alike(first, last))
            self._begins = [stretch.first for stretch in self._stretches]
        self.version = _version(self._years)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        known = [str(year) for year in self._years]
        return f"Calendar({known[0]}-{known[-1]}, {self.version[:12]})" if known else "Calendar()"

    @property
    def years(self) -> tuple[Year, ...]:
        """The years that are published or forecast, in order."""
        return tuple(self._years.values())

    def year(self, year: int) -> Year:
        """One year; an unknown one has no exceptional days."""
        return self._years.get(year) or Year(year=year, state="unknown")

    def state(self, year: int) -> YearState:
        """How certain a year is."""
        known = self._years.get(year)
        return known.state if known else "unknown"

    def is_certain(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` is published."""
        return all(self.state(year) == "published" for year in range(first.year, last.year + 1))

    def with_year(self, year: Year) -> Calendar:
        """The same calendar with one year entered or replaced: a new notice, or a regional day laid over it."""
        return Calendar({**self._years, year.year: year})

    def with_days(self, added: Year) -> Calendar:
        """The same calendar with days laid over one year, which stays as certain as it was."""
        under = self.year(added.year)
        taken = {notice.id for notice in under.notices}
        ids = {notice.id: _free(notice.id, taken) for notice in added.notices}
        notices = tuple(replace(notice, id=ids[notice.id]) for notice in added.notices)
        days = {day: replace(marking, notice=ids[marking.notice]) for day, marking in added.days.items()}
        return self.with_year(replace(under, notices=under.notices + notices, days={**under.days, **days}))

    def day(self, day: date) -> CalendarDay:
        """What kind of day it is."""
        ordinal = day.toordinal()
        marking = self._markings.get(ordinal)
        return CalendarDay(day, self._kind(ordinal), marking.name if marking else None, self.state(day.year))

    def _kind(self, ordinal: int) -> DayKind:
        marking = self._markings.get(ordinal)
        return marking.kind if marking else "working_day" if _is_weekday(ordinal) else "weekend"

    def stretches(self, first: int, last: int) -> list[Stretch]:
        """The days from one ordinal to another, those that are alike together. Those of the known years are kept ready."""
        if not self._begins or first < self._begins[0] or last > self._stretches[-1].last:
            return list(self._alike(first, last))
        found = self._stretches[bisect_right(self._begins, first) - 1 : bisect_right(self._begins, last)]
        found[0] = found[0]._replace(first=first)
        found[-1] = found[-1]._replace(last=last)
        return found

    def _alike(self, first: int, last: int) -> Iterator[Stretch]:
        while first <= last:
            kind, marking, year = self._kind(first), self._markings.get(first), date.fromordinal(first).year
            ends = min(last, date(year, 12, 31).toordinal())
            through = first
            while (
                through < ends and self._kind(through + 1) == kind and _same(marking, self._markings.get(through + 1))
            ):
                through += 1
            yield Stretch(first, through, kind, marking.name if marking else None, self.state(year) == "published")
            first = through + 1

    def is_working(self, day: date) -> bool:
        """Whether the day is worked: a weekday that is no holiday, or a make-up day."""
        return self.works(day.toordinal())

    def works(self, ordinal: int) -> bool:
        """`is_working`, by ordinal."""
        marking = self._markings.get(ordinal)
        return marking.kind == "make_up" if marking else _is_weekday(ordinal)

    def working_days(self, after: date, through: date) -> int:
        """How many working days lie after `after`, up to and including `through`; negative if it lies before."""
        return self.worked_through(through.toordinal()) - self.worked_through(after.toordinal())

    def worked_through(self, ordinal: int) -> int:
        """How many working days there are from day 1 to this one."""
        weeks, rest = divmod(ordinal, _WEEK)
        plain = weeks * _WORKED + min(rest, _WORKED)
        return plain + self._sums[bisect_right(self._exceptions, ordinal)]

    def nth_worked(self, number: int) -> int:
        """Ordinal of the working day with this number, counted from day 1: the inverse of `worked_through`."""
        place = number - self._before
        if place <= 0:
            return _nth_weekday(number)
        if place <= len(self._worked):
            return self._worked[place - 1]
        return _nth_weekday(number - self._sums[-1])

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first working day after it."""
        ordinal = day.toordinal()
        while not self.works(ordinal):
            ordinal += 1
        return date.fromordinal(ordinal)


def _same(one: Marking | None, other: Marking | None) -> bool:
    """Whether two days are days of the same feast, or of none."""
    return (one and one.name) == (other and other.name)


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "+"
    return name


def _is_weekday(ordinal: int) -> bool:
    return (ordinal - 1) % _WEEK < _WORKED


def _nth_weekday(number: int) -> int:
    weeks, rest = divmod(number - 1, _WORKED)
    return weeks * _WEEK + rest + 1


def _version(years: Mapping[int, Year]) -> str:
    content = [
        [year.year, year.state, [[day.isoformat(), m.kind, m.name.zh] for day, m in sorted(year.days.items())]]
        for year in years.values()
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def load(sources: Mapping[str, bytes]) -> Calendar:
    """Read a calendar: one file a year.

    Args:
        sources: file name to content (YAML, UTF-8).

    Raises:
        CalendarRefused: with everything that is wrong in any of the files.
    """
    readings = [_YearReading(source, name=name) for name, source in sorted(sources.items())]
    findings = [finding for reading in readings for finding in reading.findings]
    findings += _across(readings)
    if findings:
        raise CalendarRefused(tuple(findings))
    return Calendar({reading.year.year: reading.year for reading in readings if reading.year})


def read(source: bytes, *, name: str) -> Sheet:
    """Read one file that is entered later: `state: published`, the whole year, or `state: addition`, days of one place.

    Raises:
        CalendarRefused: with everything that is wrong in it.
    """
    reading = _YearReading(source, name=name, states=_ENTERED)
    if reading.findings or reading.year is None or reading.jurisdiction is None:
        raise CalendarRefused(tuple(reading.findings))
    return Sheet(year=reading.year, jurisdiction=reading.jurisdiction, addition=reading.year.state == "unknown")


def _across(readings: list[_YearReading]) -> Iterator[Finding]:
    """What is wrong between files: a year twice, a year left out, calendars of different places."""
    named = [reading for reading in readings if reading.number_of_year is not None]
    for number, times in Counter(reading.number_of_year for reading in named).items():
        if times > 1:
            files = [reading.name for reading in named if reading.number_of_year == number]
            yield _finding(
                files[-1],
                "year-twice",
                Wording(
                    f"{number} 年出现在几个文件里：{'、'.join(files)}。",
                    f"{number} is in several files: {', '.join(files)}.",
                ),
                Wording("只保留一个文件。", "Keep one file."),
            )
    known = {reading.number_of_year for reading in named if reading.number_of_year is not None}
    for missing in sorted(set(range(min(known, default=0), max(known, default=0))) - known):
        yield _finding(
            named[0].name,
            "year-missing",
            Wording(f"日历中断，缺 {missing} 年。", f"The calendar has a gap: {missing} is missing."),
            Wording(f"加上 {missing} 年的文件。", f"Add a file for {missing}."),
        )
    places = {reading.jurisdiction: reading.name for reading in readings if reading.jurisdiction}
    if len(places) > 1:
        yield _finding(
            list(places.values())[-1],
            "jurisdictions-mixed",
            Wording(
                f"文件属于不同辖区：{'、'.join(places)}。", f"The files are of different places: {', '.join(places)}."
            ),
            Wording("分别读取。", "Load them apart."),
        )


def _finding(source: str, rule: str, why: Wording, remedy: Wording) -> Finding:
    return Finding(
        source=source, line=None, element="", name="", rule=rule,
        why=why.en, remedy=remedy.en, why_zh=why.zh, remedy_zh=remedy.zh,
    )  # fmt: skip


class _YearReading(Reading):
    """The file of one year."""

    def __init__(self, source: bytes, *, name: str, states: Mapping[str, YearState] = _STATES) -> None:
        super().__init__(source, name=name)
        self._states = states
        self.number_of_year: int | None = None
        self.jurisdiction: str | None = None
        self.year: Year | None = None
        self._days: dict[date, Marking] = {}
        if self.root:
            self._read(self.root)

    def _read(self, root: Entry) -> None:
        fields = self.fields(root, "calendar", required=("year", "jurisdiction", "state", "notices", "holidays"))
        self.number_of_year = self._number(fields.get("year"))
        self.jurisdiction = self.text(fields.get("jurisdiction"), "jurisdiction")
        state = self._states.get(self.choice(fields.get("state"), "state", self._states) or "")
        notices = tuple(self._notices(fields.get("notices")))
        for entry in self.items(fields.get("holidays"), "holidays"):
            self._holiday(entry, {notice.id for notice in notices}, state)
        if "holidays" in fields and not self._days and not self.findings:
            self.refuse(
                "no-holidays",
                fields["holidays"].line,
                Wording("这一年没有任何放假日。", "The year has no holiday at all."),
                Wording("写入放假安排，或删去这个文件。", "Write the arrangement, or remove the file."),
            )
        if self.number_of_year is not None and state and not self.findings:
            self.year = Year(year=self.number_of_year, state=state, notices=notices, days=self._days)

    def _number(self, entry: Entry | None) -> int | None:
        number = self.whole(entry, "year")
        if entry is None or number is None or 1949 <= number <= 2999:
            return number
        self.refuse(
            "year-out-of-range",
            entry.line,
            Wording(f"年份 {number} 不在 1949 至 2999 之间。", f"The year {number} is not between 1949 and 2999."),
            Wording("改正年份。", "Correct the year."),
        )
        return None

    def _notices(self, entry: Entry | None) -> Iterator[Notice]:
        seen: set[str] = set()
        for item in self.items(entry, "notices"):
            fields = self.fields(item, "notice", required=("id", "title", "mark"), optional=("number", "issued"))
            key = self.text(fields.get("id"), "notice.id")
            title = self.names(fields.get("title"), "notice.title")
            mark = self.matching(fields.get("mark"), "notice.mark", MARK, MARK_FORM)
            number = self.text(fields.get("number"), "notice.number")
            issued = self.day(fields.get("issued"), "notice.issued")
            if key in seen:
                self.refuse(
                    "notice-twice",
                    item.line,
                    Wording(f"通知“{key}”出现两次。", f"The notice `{key}` occurs twice."),
                    Wording("改用另一个标识。", "Give one of them another id."),
                )
            if key and title and mark:
                seen.add(key)
                yield Notice(id=key, title=title, number=number, issued=issued, mark=mark)

    def _holiday(self, entry: Entry, notices: set[str], state: str | None) -> None:
        fields = self.fields(entry, "holiday", required=("name", "from", "to", "notice"), optional=("make_up",))
        name = self.names(fields.get("name"), "holiday.name")
        first = self.day(fields.get("from"), "holiday.from")
        last = self.day(fields.get("to"), "holiday.to")
        notice = self.text(fields.get("notice"), "holiday.notice")
        if notice is not None and notice not in notices:
            self.refuse(
                "notice-unknown",
                fields["notice"].line,
                Wording(f"放假依据“{notice}”没有列在 notices 里。", f"The notice `{notice}` is not among `notices`."),
                Wording("写入该通知，或改正标识。", "Add the notice, or correct the id."),
            )
        if name and first and last and notice:
            for day in self._span(entry, first, last):
                self._mark(entry, day, Marking(kind="holiday", name=name, notice=notice))
        for item in self.items(fields.get("make_up"), "holiday.make_up"):
            day_worked = self.day(item, "holiday.make_up")
            if name and notice and day_worked:
                self._make_up(item, day_worked, Marking(kind="make_up", name=name, notice=notice), state)

    def _span(self, entry: Entry, first: date, last: date) -> Iterator[date]:
        if last < first:
            self.refuse(
                "span-backward",
                entry.line,
                Wording(
                    f"假期止于 {last}，早于开始的 {first}。",
                    f"The holiday ends on {last}, before it begins on {first}.",
                ),
                Wording("对调两个日期。", "Swap the dates."),
            )
            return
        if (last - first).days > 31:
            self.refuse(
                "span-too-long",
                entry.line,
                Wording(f"{first} 至 {last} 超过一个月。", f"{first} to {last} is longer than a month."),
                Wording("改正日期。", "Correct the dates."),
            )
            return
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset)

    def _make_up(self, entry: Entry, day: date, marking: Marking, state: str | None) -> None:
        if state == "forecast":
            self.refuse(
                "make-up-forecast",
                entry.line,
                Wording(f"预测年份不能有补班日（{day}）。", f"A forecast year cannot have a make-up day ({day})."),
                Wording("删去；补班日以正式通知为准。", "Remove it: only a notice sets make-up days."),
            )
        elif _is_weekday(day.toordinal()):
            self.refuse(
                "make-up-on-weekday",
                entry.line,
                Wording(f"补班日 {day} 不是周六或周日。", f"The make-up day {day} is no Saturday or Sunday."),
                Wording("改正日期。", "Correct the date."),
            )
        self._mark(entry, day, marking)

    def _mark(self, entry: Entry, day: date, marking: Marking) -> None:
        if self.number_of_year is not None and day.year != self.number_of_year:
            self.refuse(
                "wrong-year",
                entry.line,
                Wording(f"{day} 不在 {self.number_of_year} 年。", f"{day} is not in {self.number_of_year}."),
                Wording("写到那一年的文件里。", "Write it into the file of its year."),
            )
        elif other := self._days.get(day):
            clash = other.kind != marking.kind
            self.refuse(
                "holiday-and-worked" if clash else "day-twice",
                entry.line,
                Wording(
                    f"{day} 既放假又上班。" if clash else f"{day} 出现两次。",
                    f"{day} is both a holiday and worked." if clash else f"{day} occurs twice.",
                ),
                Wording("对照通知改正。", "Correct it against the notice."),
            )
        else:
            self._days[day] = marking
