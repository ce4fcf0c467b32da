"""How things are said: dates, counts and limits in the words people use, in Chinese and in English.

Pure: `today` and the zone are given, and nothing is computed that has legal weight; the numbers arrive counted. The
source language is Chinese, so a sentence's name in the catalogue is the Chinese sentence. Blanks between Han
characters and digits are the style sheet's work and are never typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Protocol

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from web.page_values import Clock, ClockState, FindingState, Moment, StepState, Unit

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}
"""Language of a page → its BCP 47 tag."""

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_UNBROKEN = re.compile(r"[\u3400-\u9fff]{0,6}〔\d{4}〕\d+号?|(?:\d{4}年)?\d{1,2}月\d{1,2}日")
"""Case numbers and dates: what does not break across lines."""
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "number": "d日",
        "day": "M月d日",
        "full": "y年M月d日",
        "month": "M月",
        "month_year": "y年M月",
        "weekday": "EEEE",
        "narrow": "EEEEE",
    },
    "en": {
        "number": "d",
        "day": "d MMM",
        "full": "d MMMM y",
        "month": "MMM",
        "month_year": "MMM y",
        "weekday": "EEEE",
        "narrow": "EEEEEE",
    },
}
_LOCALES: Mapping[str, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}


class Catalogue(Protocol):
    """Gives the translation of a sentence."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, singular: str, plural: str, number: int) -> str: ...


class TwoLanguages(Protocol):
    """A name or sentence in Chinese and in English, as the artefacts have it."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@cache
def catalogue(language: str) -> Catalogue:
    """The compiled catalogue of a language; Chinese is the source and needs none."""
    if language == "zh":
        return NullTranslations()
    return Translations.load(str(TRANSLATIONS), [language])


@dataclass(frozen=True, slots=True)
class Badge:
    """Icon and words on one ground; `tone` is the class that colours it."""

    tone: str
    icon: str
    words: str


_BADGE_ICONS: Mapping[ClockState, str] = {
    ClockState.OVERDUE: "cards",
    ClockState.TODAY: "bell-ringing",
    ClockState.SOON: "cards",
    ClockState.LATER: "clock",
    ClockState.SUSPENDED: "player-pause",
    ClockState.MET: "circle-check",
    ClockState.MET_LATE: "clock-x",
    ClockState.PASSED: "clock",
    ClockState.STOPPED: "circle-dashed",
}
_STEP_ICONS: Mapping[StepState, str] = {
    StepState.DONE: "circle-check",
    StepState.HERE: "circle-dot",
    StepState.AHEAD: "circle-dashed",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Says values in one language, on one day, in one zone."""

    language: str
    today: date
    zone: tzinfo

    def phrase(self, sentence: str, **values: object) -> str:
        """The sentence in this language, its places filled."""
        return catalogue(self.language).gettext(sentence) % values

    def counted(self, one: str, many: str, number: int, **values: object) -> str:
        """The sentence for this number. Chinese has one form and gives it twice."""
        return catalogue(self.language).ngettext(one, many, number) % {"n": number, **values}

    # --- days and times

    def day(self, on: Moment) -> str:
        """10月14日, 14 Oct; with the year if it is not this one."""
        on = self._day_of(on)
        return self._date(on, "day") if on.year == self.today.year else self.full_day(on)

    def short_day(self, on: date) -> str:
        """10月14日, 14 Oct: where the year is plain from what stands around it."""
        return self._date(on, "day")

    def full_day(self, on: Moment) -> str:
        """2026年10月14日, 14 October 2026: for documents and for other years."""
        return self._date(self._day_of(on), "full")

    def weekday(self, on: Moment) -> str:
        """星期三, Wednesday."""
        return self._date(self._day_of(on), "weekday")

    def weekday_head(self, number: int) -> str:
        """Head of a column of days, Monday = 0: 一, Mo."""
        return self._date(date(2024, 1, 1 + number), "narrow")

    def day_and_weekday(self, on: Moment) -> str:
        """10月14日 星期三, Wednesday 14 Oct."""
        pair = (self.day(on), self.weekday(on))
        return " ".join(pair if self.language == "zh" else reversed(pair))

    def month(self, on: date, *, with_year: bool = False) -> str:
        """10月, Oct; 2027年1月, Jan 2027."""
        return self._date(on, "month_year" if with_year else "month")

    def days(self, first: date, last: date) -> str:
        """10月26日至30日, 26 to 30 Oct."""
        if first == last:
            return self.day(first)
        start, end = self.day(first), self.day(last)
        if (first.year, first.month) == (last.year, last.month):
            if self.language == "zh":
                end = self._date(last, "number")
            else:
                start = self._date(first, "number")
        return self.phrase("%(first)s至%(last)s", first=start, last=end)

    def time(self, at: datetime) -> str:
        """14:32 in the zone of the jurisdiction."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def moment(self, at: Moment) -> str:
        """10月13日 16:05; a day alone stays a day."""
        return f"{self.day(at)} {self.time(at)}" if isinstance(at, datetime) else self.day(at)

    def iso(self, at: Moment) -> str:
        """For machines: the `datetime` attribute of a time element."""
        return at.astimezone(self.zone).isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()

    # --- lengths and limits

    def length(self, number: int, unit: Unit) -> str:
        """30个工作日, 6个月, 26天, 5小时20分 (hours are given in minutes)."""
        match unit:
            case Unit.WORKING_DAYS:
                return self.counted("%(n)d个工作日", "%(n)d个工作日", number)
            case Unit.DAYS:
                return self.counted("%(n)d天", "%(n)d天", number)
            case Unit.MONTHS:
                return self.counted("%(n)d个月", "%(n)d个月", number)
            case Unit.YEARS:
                return self.counted("%(n)d年", "%(n)d年", number)
            case Unit.HOURS:
                return self._hours(number)

    def unit_name(self, unit: Unit) -> str:
        """A unit alone: 工作日, 天."""
        names = {
            Unit.WORKING_DAYS: self.phrase("工作日"),
            Unit.DAYS: self.phrase("天"),
            Unit.MONTHS: self.phrase("月"),
            Unit.YEARS: self.phrase("年"),
            Unit.HOURS: self.phrase("小时"),
        }
        return names[unit]

    def _hours(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        parts = [self.counted("%(n)d小时", "%(n)d小时", hours)] if hours else []
        if rest or not hours:
            parts.append(
                self.counted("%(n)d分", "%(n)d分", rest) if hours else self.counted("%(n)d分钟", "%(n)d分钟", rest)
            )
        return ("" if self.language == "zh" else " ").join(parts)

    def wait(self, seconds: int) -> str:
        """How long to wait, rounded up: 40秒, 15分钟."""
        if seconds < 60:
            return self.counted("%(n)d秒", "%(n)d秒", seconds)
        return self._hours(-(-seconds // 60))

    def remaining(self, clock: Clock) -> str:
        """The words on the badge: 还有3个工作日, 逾期2个工作日, 今日到期, 期限中止, 按期办结."""
        length = self.length(clock.count, clock.unit)
        match clock.state:
            case ClockState.OVERDUE:
                return self.phrase("逾期%(length)s", length=length)
            case ClockState.TODAY:
                return self.phrase("今日到期")
            case ClockState.SOON | ClockState.LATER:
                return self.phrase("还有%(length)s", length=length)
            case ClockState.SUSPENDED:
                return self.phrase("期限中止")
            case ClockState.MET:
                return self.phrase("按期办结")
            case ClockState.MET_LATE:
                return self.phrase("逾期%(length)s办结", length=length)
            case ClockState.PASSED:
                return self.phrase("已期满")
            case ClockState.STOPPED:
                return self.phrase("不再计算")

    def badge(self, clock: Clock, *, named: bool = False) -> Badge:
        """The badge of a limit; `named` puts the limit's name before the words, for places where it stands alone."""
        words = self.remaining(clock)
        if named:
            words = self.phrase("%(limit)s：%(words)s", limit=clock.name, words=words)
        return Badge(clock.state, _BADGE_ICONS[clock.state], words)

    def provisional(self) -> Badge:
        """The badge of a date that runs into an unpublished year."""
        return Badge("provisional", "help-circle", self.phrase("暂定"))

    def under_badge(self, clock: Clock) -> str:
        """The small line under a badge in a list."""
        match clock.state:
            case ClockState.OVERDUE:
                return self.phrase("应于%(day)s办结", day=self.day(clock.due))
            case ClockState.TODAY:
                return self.phrase("%(time)s前", time=self._end_of(clock.due))
            case ClockState.SOON | ClockState.LATER if clock.unit is Unit.HOURS:
                return self.phrase("%(time)s到期", time=f"{self.day(clock.due)} {self._end_of(clock.due)}")
            case ClockState.SOON | ClockState.LATER:
                return self.phrase("%(day)s到期", day=self.day(clock.due))
            case ClockState.SUSPENDED:
                return self.phrase("恢复后余%(length)s", length=self.length(clock.count, clock.unit))
            case ClockState.MET | ClockState.MET_LATE:
                return self.phrase("%(day)s办结", day=self.day(clock.met_on or clock.due))
            case ClockState.PASSED:
                return self.phrase("%(day)s期满", day=self.day(clock.due))
            case ClockState.STOPPED:
                return self.phrase("%(day)s起不再计算", day=self.day(clock.met_on or clock.due))

    def lateness(self, clock: Clock) -> str:
        """已逾期，自10月13日起第2个工作日."""
        if clock.unit is Unit.HOURS:
            return self.phrase("已逾期%(length)s", length=self.length(clock.count, clock.unit))
        since = self.day(self.due_day(clock) + timedelta(days=1))
        if clock.unit is Unit.WORKING_DAYS:
            return self.phrase("已逾期，自%(day)s起第%(n)d个工作日", day=since, n=clock.count)
        return self.phrase("已逾期，自%(day)s起第%(n)d天", day=since, n=clock.count)

    def due_day(self, clock: Clock) -> date:
        """The last day of the limit in the zone of the jurisdiction."""
        return self._day_of(clock.due)

    def end_of_day(self, clock: Clock) -> str:
        """24:00 for a limit that ends with its day, else the time."""
        return self._end_of(clock.due)

    def outcome(self, clock: Clock) -> str:
        """The words at the end of a bar in the picture of all deadlines."""
        match clock.state:
            case ClockState.MET:
                return self.phrase("%(day)s办结", day=self.day(clock.met_on or clock.due))
            case ClockState.MET_LATE:
                length = self.length(clock.count, clock.unit)
                return self.phrase(
                    "%(day)s办结，逾期%(length)s", day=self.day(clock.met_on or clock.due), length=length
                )
            case ClockState.LATER:
                return self.phrase("%(day)s，%(words)s", day=self.day(clock.due), words=self._outlook(clock))
            case ClockState.PASSED | ClockState.STOPPED:
                return self.under_badge(clock)
            case _:
                return self.remaining(clock)

    def _outlook(self, clock: Clock) -> str:
        return self.phrase("暂定") if clock.provisional else self.remaining(clock)

    def position(self, number: int) -> str:
        """第27日."""
        return self.phrase("第%(n)d日", n=number)

    # --- people, cases, findings

    def step_icon(self, state: StepState) -> str:
        """The icon of a step that is done, here, or ahead."""
        return _STEP_ICONS[state]

    def step_word(self, state: StepState) -> str:
        """The same in words, for those who do not see the icon."""
        match state:
            case StepState.DONE:
                return self.phrase("已完成")
            case StepState.HERE:
                return self.phrase("正在办理")
            case StepState.AHEAD:
                return self.phrase("尚未到")

    def finding(self, state: FindingState, finding: str, *, unit: bool = False) -> Badge:
        """Proposed and decided never look the same."""
        match state:
            case FindingState.PROPOSED:
                return Badge("here", "building" if unit else "pencil", self.phrase("拟：%(finding)s", finding=finding))
            case FindingState.FOUND:
                return Badge("found", "gavel", self.phrase("认定：%(finding)s", finding=finding))
            case FindingState.NONE:
                return Badge("none", "circle-check", self.phrase("不予追究"))
            case FindingState.PENDING:
                return Badge("soon", "scale", self.phrase("待复核"))

    def of(self, both: TwoLanguages) -> str:
        """A name or sentence that the law has in both languages, in the one of the page."""
        return both.en if self.language == "en" else both.zh

    def text(self, words: str) -> Markup:
        """A person's own words. On an English page Chinese ones are marked as Chinese, for voices and fonts."""
        if self.language == "en" and _HAN.search(words):
            return Markup('<span lang="zh-CN">{}</span>').format(self._unbroken(words))
        return self._unbroken(words)

    def _unbroken(self, words: str) -> Markup:
        """Case numbers and dates do not break across lines."""
        return Markup(_UNBROKEN.sub(r'<span class="no">\g<0></span>', str(escape(words))))  # noqa: S704 - escaped above

    # --- inner

    def _day_of(self, on: Moment) -> date:
        return on.astimezone(self.zone).date() if isinstance(on, datetime) else on

    def _end_of(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return "24:00" if (local.hour, local.minute) == (23, 59) else local.strftime("%H:%M")

    def _date(self, on: date, pattern: str) -> str:
        return format_date(on, _PATTERNS[self.language][pattern], locale=_LOCALES[self.language])
