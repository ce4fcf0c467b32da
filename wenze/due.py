"""What `wenze due` prints: when a limit ends and why, and whether a file of worked examples comes out as it says.

Words and files only: the counting is the engine's, the limits are the catalogue's. It may never hold a rule, and never
prints a date without saying where the calendar is not certain.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any, Literal, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date

from engine import calendars, periods
from engine.calendars import Calendar
from engine.errors import EngineError, PeriodRefused
from engine.periods import ZONE, Day, Due, Period, Span
from engine.runs import counted
from engine.sheets import Reading, Wording
from workflows import catalogue
from workflows.catalogue import Catalogue, DeadlineRule
from workflows.deadline_rules import explained, extension_unit, refuse_ground, refuse_idle, with_article
from workflows.errors import CaseworkError
from workflows.lapses import KINDS

Language = Literal["zh", "en"]

_COLLAPSED_FROM = 120
"""A run longer than this many days shows its plain stretches as one line each."""


class VectorsRefused(Exception):
    """The file of worked examples cannot be read."""

    def __init__(self, zh: str, en: str) -> None:
        self.wording = Wording(zh, en)
        super().__init__(en)


def calendar_of(folder: Traversable | None = None) -> Calendar:
    """The calendar of an artefact folder; without one, of the shipped `bpmn/`.

    Raises:
        CalendarRefused: the calendar contradicts itself.
    """
    return calendars.load(_sources(folder, "calendars"))


def catalogue_of(folder: Traversable | None = None, *, profile: str | None = None) -> Catalogue:
    """The catalogue of an artefact folder with a profile; without a folder, of the shipped `bpmn/`.

    Args:
        profile: key of the profile; without it, the one that the release of the folder names.

    Raises:
        ArtefactsRefused: the catalogue cannot be carried out faithfully, or there is no such profile.
    """
    return catalogue.load(_sources(folder, "deadlines", "profiles"), profile=profile or _profile_of(folder))


def explain_lines(
    rule: DeadlineRule, due: Due, calendar: Calendar, *, language: Language = "zh", until: date | None = None
) -> list[str]:
    """Why this date, in words: the rule and its article, the event, each day counted or skipped, the calendar.

    Args:
        rule: the limit.
        due: its end, as counted (`catalogue.due_for`).
        calendar: the calendar it was counted with.
        language: of the words.
        until: a day or moment to compare with: how much is left, or how late it is.
    """
    say = _Words(language)
    return [
        f"{rule.key}  {say(rule.name)}",
        *say.basis(rule),
        *say.run(rule, due),
        *say.end(due),
        *([say.compared(due, until, calendar)] if until is not None else []),
        *([say.pick("说明：", "Note: ") + say(rule.note)] if rule.note else []),
        *say.consequences(rule),
        say.pick("逐日：", "Day by day:"),
        *say.days(due),
        *say.calendar(due),
    ]


def due_lines(
    key: str,
    start: str,
    *,
    until: str | None = None,
    language: Language = "zh",
    as_json: bool = False,
    folder: Traversable | None = None,
    profile: str | None = None,
    suspended: Sequence[str] = (),
    excluded: Sequence[str] = (),
    extended: Sequence[int] = (),
) -> list[str]:
    """What `wenze due RULE --from WHEN` prints.

    Args:
        until: a day or moment to compare with.
        profile: key of a profile; without it, that of the release.
        suspended: spans `A..B` during which the clock stands, both days included; `GROUND:A..B` names one of the grounds
            that the rule knows (`not_counted`).
        excluded: spans that do not count, written alike.
        extended: each extension, as a number in the unit of the rule's extension.

    Raises:
        RuleUnknown: there is no such rule in force on that day.
        NotPossible: the rule does not allow an extension, a ground or a span, or it cannot be counted; with its article.
        PeriodRefused: the start is no date.
        CalendarRefused, ArtefactsRefused: the artefacts cannot be read.
    """
    calendar = calendar_of(folder)
    begins = periods.read_moment(start)
    law = catalogue_of(folder, profile=profile)
    rule = law.rule(key, periods.local_day(begins))
    try:
        due = catalogue.due_for(
            rule,
            begins,
            calendar,
            suspended=[_span(rule, law.not_counted, each) for each in suspended],
            excluded=[_span(rule, law.not_counted, each) for each in excluded],
            extensions=[Period(number, extension_unit(rule)) for number in extended],
        )
    except PeriodRefused as uncountable:
        raise with_article(rule, uncountable) from uncountable
    refuse_idle(rule, due)
    compared = periods.read_moment(until) if until else None
    if as_json:
        return [json.dumps(explained(rule, due, calendar, until=compared), ensure_ascii=False, indent=2)]
    return explain_lines(rule, due, calendar, language=language, until=compared)


def sentence(problem: Exception, language: Language = "zh") -> str:
    """One line for a person, in the language asked for."""
    if isinstance(problem, VectorsRefused):
        return _pick(problem.wording, language)
    if language == "zh" and isinstance(problem, EngineError | CaseworkError) and "zh" in problem.facts:
        return str(problem.facts["zh"])
    return str(problem)


def run_vectors(
    path: Traversable, *, calendar: Calendar | None = None, language: Language = "zh"
) -> tuple[list[str], int, int]:
    """Count every worked example of a file and compare.

    Args:
        path: the file: JSON with `vectors`, each with `id`, `start`, `period` and `expected_due`; optional `roll`,
            `direction`, `first_day_counts`, `excluded`, `suspended` (lists of inclusive `{from, to}`), `extensions`
            (list of periods) and `expected_provisional`. `defaults` may set `roll` and `direction`, `timezone` the
            zone. A field that is not read is named in the line.
        calendar: which days are worked; the shipped calendar without it.
        language: of the words.

    Returns:
        A line for each and the last line `N of M`; how many came out; how many there are.

    Raises:
        VectorsRefused: the file is no such file; says where.
    """
    file = _read_vectors(path)
    zone = _zone(file)
    counted_with = calendar or calendar_of()
    vectors = [_Vector(raw, file, zone, number) for number, raw in enumerate(file["vectors"], start=1)]
    ids = [vector.id for vector in vectors]
    for twice in {name for name in ids if ids.count(name) > 1}:
        raise VectorsRefused(f"算例“{twice}”出现两次。", f"The vector `{twice}` occurs twice.")
    results = [vector.result(counted_with, language) for vector in vectors]
    passed = sum(ok for ok, _ in results)
    return [*(line for _, line in results), f"{passed} of {len(results)}"], passed, len(results)


def _sources(folder: Traversable | None, *parts: str) -> dict[str, bytes]:
    root = folder if folder is not None else resources.files("bpmn")
    return {
        f"{part}/{file.name}": file.read_bytes()
        for part in parts
        for file in sorted(root.joinpath(part).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml")
    }


def _profile_of(folder: Traversable | None) -> str | None:
    """The profile that the release of a folder names."""
    release = (folder if folder is not None else resources.files("bpmn")).joinpath("release.yaml")
    root = Reading(release.read_bytes(), name=release.name).root if release.is_file() else None
    named = root.value.get("profile") if root and isinstance(root.value, dict) else None
    return str(named.value) if named else None


def _span(rule: DeadlineRule, kinds: Mapping[str, Wording], text: str) -> Span:
    """`A..B` or `GROUND:A..B`."""
    named, colon, days = text.rpartition(":") if ".." in text.rpartition(":")[2] and "T" not in text else ("", "", text)
    first, dots, last = days.partition("..")
    if not dots:
        raise PeriodRefused(
            f"`{text}` is no span; write A..B, such as 2026-05-06..2026-05-12.",
            zh=f"“{text}”不是时段，应写作 起..止，如 2026-05-06..2026-05-12。",
        )
    if colon:
        refuse_ground(rule, kinds, named)
    return Span(periods.read_moment(first), periods.read_moment(last), kinds.get(named))


def _pick(wording: Wording, language: Language) -> str:
    return wording.zh if language == "zh" else wording.en


class _Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, wording: Wording) -> str:
        return _pick(wording, self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def on(self, day: date) -> str:
        words = format_date(day, self.pick("y年M月d日 EEEE", "EEEE, d MMMM y"), locale=self.pick("zh", "en"))
        return f"{words}{self.pick(' ', ', ')}{day:%H:%M}" if isinstance(day, datetime) else words

    def basis(self, rule: DeadlineRule) -> Iterator[str]:
        yield self.pick(
            f"依据：{rule.citation.zh}（证据等级 {rule.mark}）", f"Basis: {rule.citation.en} (evidence {rule.mark})"
        )
        if rule.profile:
            yield self.pick(f"规则包：{rule.profile}", f"Profile: {rule.profile}")
        whose = self(_WHOSE[rule.binds])
        yield self.pick(f"应办：{rule.met_by.name.zh}（{whose}）", f"To be done: {rule.met_by.name.en} ({whose})")

    def run(self, rule: DeadlineRule, due: Due) -> Iterator[str]:
        run = due.explanation
        yield self.pick(
            f"起算：{self.on(run.start)}，{rule.trigger.name.zh}",
            f"From: {self.on(run.start)}, {rule.trigger.name.en}",
        )
        how = [self(run.period.words), *(f"+ {self(extension.words)}" for extension in run.extensions)]
        if run.direction == "backward":
            how.append(self.pick("倒计", "counted backward"))
        if run.first_day_counts:
            how.append(self.pick("首日计入", "the first day counts"))
        if run.unit not in ("working_days", "hours") and run.direction == "forward":
            rolls = run.roll == "next_working_day"
            how.append(self.pick(*(("遇休息日顺延", "rolls to a working day") if rolls else ("不顺延", "never rolls"))))
        yield self.pick("期限：", "Limit: ") + self.pick("，", ", ").join(how)

    def end(self, due: Due) -> Iterator[str]:
        run = due.explanation
        hour = "" if run.unit == "hours" else self.pick(" 24:00", ", 24:00")
        unsure = self.pick("（暂定）", " (provisional)") if due.provisional else ""
        label = self.pick(
            "最迟：" if run.direction == "backward" else "届满：",
            "Latest: " if run.direction == "backward" else "Ends: ",
        )
        yield f"{label}{self.on(due.due)}{hour}{unsure}"
        if run.rolled:
            yield self.pick(
                f"  最后一日 {self.on(run.end)} 不是工作日，顺延至次一工作日",
                f"  The last day, {self.on(run.end)}, is no working day; it rolls to the next one",
            )

    def consequences(self, rule: DeadlineRule) -> Iterator[str]:
        if rule.consequence:
            yield self.pick("逾期后果：", "If missed: ") + self(rule.consequence)
        for lapse in rule.lapse:
            facts = "".join(f" {name}={value}" for name, value in lapse.parameters.items())
            basis = [
                *([self(lapse.article)] if lapse.article else []),
                self.pick("证据等级 ", "evidence ") + lapse.mark,
            ]
            joined = self.pick("，", ", ").join(basis)
            words = f"{self(KINDS[lapse.kind].name)} [{lapse.kind}{facts}]"
            yield "  " + self.pick(f"{words}（{joined}）", f"{words} ({joined})")

    def compared(self, due: Due, until: date, calendar: Calendar) -> str:
        run = due.explanation
        left = periods.remaining(due.due, until, calendar=calendar, zone=run.zone)
        head = self.pick(f"至 {self.on(until)}：", f"On {self.on(until)}: ")
        if left.seconds is not None:
            hours, minutes = divmod(left.seconds // 60, 60)
            much = self.pick(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")
        elif run.unit == "working_days" and left.working_days:
            much = self(counted(left.working_days, "working_days"))
        else:
            much = self(counted(left.days, "days"))
        if left.state == "today":
            return head + self.pick("今日到期", "due today")
        if left.state == "left":
            return head + self.pick(f"还有 {much}", f"{much} left")
        return head + self.pick(f"逾期 {much}", f"{much} late")

    def days(self, due: Due) -> Iterator[str]:
        run = due.explanation
        for plain, stretch in groupby(run.days, key=_is_plain):
            days = list(stretch)
            if plain and run.size > _COLLAPSED_FROM and len(days) > 2:
                yield self.stretch(days)
            else:
                yield from (self.day(day) for day in days)

    def stretch(self, days: Sequence[Day]) -> str:
        first, last = days[0], days[-1]
        numbers = f"{first.ordinal}–{last.ordinal}" if first.ordinal is not None else ""
        return f"  {first.date} … {last.date}  {numbers:>7}  {self(first.label)}"

    def day(self, day: Day) -> str:
        weekday = format_date(day.date, "EEE", locale=self.pick("zh", "en"))
        marks = [self(_MARKS[day.kind])] if day.kind in _MARKS else []
        number = "" if day.ordinal is None else str(day.ordinal)
        unsure = self.pick("（暂定）", " (provisional)") if day.provisional else ""
        extended = self.pick("（延长）", " (extended)") if day.extended else ""
        mark = "  ".join(["", *marks])
        return f"  {day.date} {weekday}  {number:>3}  {self(day.label)}{extended}{unsure}{mark}"

    def calendar(self, due: Due) -> Iterator[str]:
        run = due.explanation
        states = self.pick("、", ", ").join(f"{year} {self(_STATES[state])}" for year, state in run.years)
        version = run.calendar.version[:12]
        yield self.pick(f"日历：{states}；版本 {version}", f"Calendar: {states}; version {version}")
        if due.provisional:
            yield self.pick(
                "放假安排公布后重新计算。", "It will be counted again when the holiday arrangement is published."
            )


def _is_plain(day: Day) -> bool:
    return day.kind == "counted" and day.reason in ("calendar_day", "hours") and not day.extended


_MARKS = {
    "start": Wording("← 起", "← from here"),
    "due": Wording("← 届满", "← due"),
}
_WHOSE = {"agency": Wording("机关", "by the agency"), "party": Wording("当事人", "by the party")}
_STATES = {
    "published": Wording("已公布", "published"),
    "forecast": Wording("预测", "forecast"),
    "unknown": Wording("未知", "unknown"),
}


_READ = {
    "id", "start", "period", "expected_due", "roll", "direction", "first_day_counts", "excluded", "suspended",
    "extensions", "expected_provisional",
}  # fmt: skip
_TOLD = {"statute", "article", "trigger_event", "note"}
"""Fields of a vector that only tell a reader where it comes from."""


class _Vector:
    """One worked example."""

    def __init__(self, raw: object, file: Mapping[str, Any], zone: tzinfo, number: int) -> None:
        if not isinstance(raw, Mapping):
            raise VectorsRefused(f"第 {number} 个算例不是对象。", f"Vector number {number} is not an object.")
        self._raw = raw
        self._zone = zone
        self._defaults = file.get("defaults") or {}
        self.id = str(raw.get("id") or number)
        self.expected = self._moment("expected_due")
        self.start = self._moment("start")
        self.period = self._period(raw.get("period"), "period")
        self.excluded = self._spans("excluded")
        self.suspended = self._spans("suspended")
        self.extensions = [self._period(item, "extensions") for item in self._list("extensions")]
        self._unread = sorted(raw.keys() - _READ - _TOLD)

    def result(self, calendar: Calendar, language: Language) -> tuple[bool, str]:
        """Whether it comes out, and its line."""
        say = _Words(language)
        try:
            due = periods.count(
                self.period,
                self.start,
                calendar=calendar,
                roll=self._word("roll", "next_working_day", ("next_working_day", "none")),
                direction=self._word("direction", "forward", ("forward", "backward")),
                first_day_counts=bool(self._raw.get("first_day_counts", False)),
                excluded=self.excluded,
                suspended=self.suspended,
                extensions=self.extensions,
                zone=self._zone,
            )
        except PeriodRefused as refused:
            return False, self._failed(say, sentence(refused, language)) + self._not_read(say)
        expected = self._raw.get("expected_provisional", due.provisional)
        got = f"{_iso(due.due)}{say.pick('（暂定）', ' (provisional)') if due.provisional else ''}"
        if due.due != self.expected or due.provisional is not expected:
            return False, self._failed(say, got) + self._not_read(say)
        return True, say.pick(f"{self.id}  符合  {got}", f"{self.id}  ok  {got}") + self._not_read(say)

    def _not_read(self, say: _Words) -> str:
        fields = ", ".join(self._unread)
        return say.pick(f"  （未读取：{fields}）", f"  (not read: {fields})") if fields else ""

    def _failed(self, say: _Words, got: str) -> str:
        expected = _iso(self.expected)
        return say.pick(
            f"{self.id}  不符  应为 {expected}，得到 {got}", f"{self.id}  FAILED  expected {expected}, got {got}"
        )

    def _moment(self, field: str, of: Mapping[str, Any] | None = None) -> date:
        raw = (of or self._raw).get(field)
        if not isinstance(raw, str):
            self._refuse(field)
        try:
            return periods.read_moment(raw, self._zone)
        except PeriodRefused:
            self._refuse(field)

    def _period(self, raw: object, field: str) -> Period:
        if not isinstance(raw, Mapping) or raw.keys() != {"value", "unit"}:
            self._refuse(field)
        try:
            return Period(raw["value"], raw["unit"])
        except (PeriodRefused, TypeError):
            self._refuse(field)

    def _spans(self, field: str) -> list[Span]:
        spans = []
        for item in self._list(field):
            if not isinstance(item, Mapping):
                self._refuse(field)
            try:
                spans.append(Span(self._moment("from", item), self._moment("to", item)))
            except PeriodRefused:
                self._refuse(field)
        return spans

    def _list(self, field: str) -> Iterable[Any]:
        raw = self._raw.get(field) or []
        if not isinstance(raw, list):
            self._refuse(field)
        return raw

    def _word(self, field: str, otherwise: str, known: Sequence[str]) -> Any:
        word = self._raw.get(field, self._defaults.get(field, otherwise))
        if word not in known:
            self._refuse(field)
        return word

    def _refuse(self, field: str) -> NoReturn:
        raise VectorsRefused(
            f"算例 {self._raw.get('id', '?')} 的“{field}”缺失或写法不对。",
            f"`{field}` of vector {self._raw.get('id', '?')} is missing or malformed.",
        )


def _iso(moment: date) -> str:
    """As the files write it: a moment without its offset, for it is one of the file's zone."""
    return moment.replace(tzinfo=None).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _read_vectors(path: Traversable) -> dict[str, Any]:
    try:
        file = json.loads(path.read_bytes())
    except OSError:
        raise VectorsRefused(f"读不到文件 {path}。", f"The file {path} cannot be read.") from None
    except (ValueError, RecursionError):
        raise VectorsRefused(f"{path.name} 不是 JSON 文件。", f"{path.name} is not JSON.") from None
    if not isinstance(file, dict) or not isinstance(file.get("vectors"), list):
        raise VectorsRefused(f"{path.name} 里没有 vectors 列表。", f"{path.name} has no list `vectors`.")
    if not isinstance(file.get("defaults") or {}, dict):
        raise VectorsRefused(f"{path.name} 的 defaults 不是对象。", f"`defaults` of {path.name} is not an object.")
    return file


def _zone(file: Mapping[str, Any]) -> tzinfo:
    name = file.get("timezone", str(ZONE))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise VectorsRefused(f"没有时区“{name}”。", f"There is no time zone `{name}`.") from None
