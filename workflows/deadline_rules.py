"""What the catalogue says of one limit, and what follows from it: the due day, the rungs on the way, the verdict.

A rule is a value: statute, article, trigger, period, how it rolls, who may extend it, whom it warns and when, what its
lapse means. It may never hold a number of its own: every value comes from an artefact, with its evidence mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil, floor
from typing import Any, Literal, NamedTuple

from engine import periods
from engine.calendars import Calendar
from engine.errors import PeriodRefused
from engine.periods import ZONE, Direction, Due, Period, Roll, Span, Unit
from engine.sheets import Wording
from workflows.errors import NotPossible
from workflows.lapses import KINDS, Lapse

RungKind = Literal["remind", "warn", "overdue", "escalate"]
Binds = Literal["agency", "party"]
Covers = Literal["act", "case"]


@dataclass(frozen=True, slots=True)
class Statute:
    """A legal text, or the profile that fills where there is none."""

    id: str
    name: Wording
    level: str
    """`law`, `regulation`, `local_regulation`, `rule`, `local_rule`, `document`, or `product_default`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which jurisdiction's choices are in force."""

    key: str
    name: Wording
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in a case: what starts a limit, or what meets it."""

    code: str
    name: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Who may extend a limit, and how far."""

    approver: str
    """Role id."""
    period: Period | None
    """The longest single extension; None where the text names none."""
    times: int | None
    """How often; None where the text does not say."""
    cap: Period | None
    """The longest the limit may run in all, extensions included."""
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A moment on the way to the end, or after it, at which somebody is told. Exactly one of the three is set."""

    kind: RungKind
    share: float | None = None
    """So much of the period used up: 0.7 is after seven of ten days, 1.0 is the end."""
    before: Period | None = None
    """So many days before the due day."""
    after: Period | None = None
    """So many days after the due day."""
    to: tuple[str, ...]
    """Role ids."""


class RungMoment(NamedTuple):
    """When a rung of a running limit is due."""

    kind: RungKind
    at: datetime
    """UTC."""
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One limit as the catalogue and the profile have it on a day."""

    key: str
    name: Wording
    statute: Statute
    article: Wording | None
    mark: str
    """Evidence of the number: `V:S1` read, `V2:X7` seen in an excerpt, `K` from knowledge, `PD` product default."""
    trigger: Event
    period: Period
    roll: Roll
    direction: Direction
    first_day_counts: bool
    not_counted: tuple[str, ...]
    """Kinds of time that do not count, such as `appraisal`."""
    extension: Extension | None
    rungs: tuple[Rung, ...]
    consequence: Wording | None
    lapse: tuple[Lapse, ...]
    """What the law attaches to it, as codes; empty where it attaches nothing and the rungs are all."""
    note: Wording | None
    """What a reader must know of how it is counted."""
    met_by: Event
    covers: Covers = "act"
    """`act`: what the diagram draws under it. `case`: everything still to be done in the case, in whatever proceeding."""
    binds: Binds
    """Whose time it is: a longer limit burdens an agency's counterpart, a shorter one the party itself."""
    effective_from: date
    effective_to: date | None
    jurisdiction: str
    profile: str | None
    """The profile that chose the number; None where the catalogue itself gives it."""

    @property
    def counts(self) -> tuple[Any, ...]:
        """What its end is counted by, apart from the facts of a case."""
        return self.period, self.roll, self.direction, self.first_day_counts

    @property
    def citation(self) -> Wording:
        """The text and article, as cited: 行政处罚法第六十条."""
        name = self.statute.name
        if self.article is None:
            return name
        return Wording(f"{name.zh}{self.article.zh}", f"{name.en}, {self.article.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an act came in time."""

    rule: DeadlineRule
    due: Due
    actual: date
    """When it was done (a date-time for hours)."""
    in_time: bool
    late_by_days: int
    """Calendar days after the due day; 0 if in time."""
    late_by_working_days: int
    """Working days after the due day; 0 if in time, and 0 for an act on the days off right after it."""

    @property
    def article(self) -> Wording:
        """The text and article that were kept or missed."""
        return self.rule.citation


def due_for(
    rule: DeadlineRule,
    trigger: date | str,
    calendar: Calendar,
    *,
    excluded: Sequence[Span] = (),
    suspended: Sequence[Span] = (),
    extensions: Sequence[Period] = (),
    zone: tzinfo = ZONE,
) -> Due:
    """The due day of a rule, counted from its trigger.

    Args:
        rule: the rule in force when the limit began.
        trigger: day (for hours: aware moment) of the event that starts it; or its ISO text.
        calendar: which days are worked.
        excluded: time that does not count, both days included.
        suspended: time during which the clock stood, both days included.
        extensions: each as granted.
        zone: whose days are counted.

    Raises:
        NotPossible: the rule does not allow these extensions.
        PeriodRefused: the run cannot be counted (`engine.periods.count`).
    """
    _check_extensions(rule, extensions)
    return periods.count(
        rule.period,
        _read(trigger, zone),
        calendar=calendar,
        roll=rule.roll,
        direction=rule.direction,
        first_day_counts=rule.first_day_counts,
        excluded=excluded,
        suspended=suspended,
        extensions=extensions,
        zone=zone,
    )


def extension_unit(rule: DeadlineRule) -> Unit:
    """The unit in which a limit is extended: that of its extension, else of the limit."""
    allowed = rule.extension
    return (allowed.period or allowed.cap or rule.period).unit if allowed else rule.period.unit


def refuse_ground(rule: DeadlineRule, kinds: Mapping[str, Wording], ground: str) -> None:
    """Refuse a reason for not counting time that the rule does not know.

    Raises:
        NotPossible: with the article, and the reasons that the rule knows.
    """
    if ground in rule.not_counted:
        return
    known = [kinds[kind] for kind in rule.not_counted]
    zh = "、".join(f"{kind}（{words.zh}）" for kind, words in zip(rule.not_counted, known, strict=True)) or "无"
    en = ", ".join(f"{kind} ({words.en})" for kind, words in zip(rule.not_counted, known, strict=True)) or "nothing"
    raise _refused(rule, f"不因“{ground}”停止计算；不计入的有：{zh}", f"`{ground}` stops nothing; not counted: {en}")


def with_article(rule: DeadlineRule, uncountable: PeriodRefused) -> NotPossible:
    """The refusal of a count, with the limit and the article it is about."""
    zh, en = str(uncountable.facts.get("zh", uncountable)), str(uncountable)
    return _refused(rule, zh.removesuffix("。"), en.removesuffix("."))


def refuse_idle(rule: DeadlineRule, due: Due) -> None:
    """Refuse a span that would change nothing: over before the limit began, or begun after it ended.

    Raises:
        NotPossible: with the span and the article.
    """
    run = due.explanation
    first, last = sorted((run.start, due.due))
    for span in (*run.suspended, *run.excluded):
        begins, ends = span.days(run.zone)
        if ends < periods.local_day(first, run.zone) or begins > periods.local_day(last, run.zone):
            raise _refused(
                rule,
                f"{begins} 至 {ends} 不在 {first} 至 {last} 的期限之内",
                f"{begins} to {ends} lies outside the limit, which runs from {first} to {last}",
            )


def rungs_of(rule: DeadlineRule, due: Due, calendar: Calendar) -> tuple[RungMoment, ...]:
    """When each rung of a running limit is due, earliest first.

    A share of the period is reached at the end of the day that completes it; the whole period at `due.due_at`. "Before"
    is the first moment of that day, "after" the end of it. No rung comes before the day of the event.

    Raises:
        PeriodRefused: a rung lies beyond the years that can be counted.
    """
    return tuple(sorted((RungMoment(r.kind, _moment(r, due, calendar), r.to) for r in rule.rungs), key=_order))


def judge(
    rule: DeadlineRule,
    trigger: date | str,
    actual: date | str,
    calendar: Calendar,
    *,
    excluded: Sequence[Span] = (),
    suspended: Sequence[Span] = (),
    extensions: Sequence[Period] = (),
    zone: tzinfo = ZONE,
) -> Judgement:
    """Whether an act came in time, and how late it was.

    Args:
        actual: when the act was done that the rule names (`met_by`); for hours an aware moment.
        Others: as `due_for`.

    Raises:
        NotPossible: the act lies before the event it is measured from, or the extensions are not allowed.
        PeriodRefused: the run cannot be counted, or an hour limit is judged by a day.
    """
    due = due_for(rule, trigger, calendar, excluded=excluded, suspended=suspended, extensions=extensions, zone=zone)
    actual = _read(actual, zone)
    begins = periods.local_day(due.explanation.start, zone)
    if rule.direction == "forward" and periods.local_day(actual, zone) < begins:
        raise NotPossible(
            f"The act of {actual} lies before the event of {trigger} from which {rule.key} is counted.",
            rule=rule.key, zh=f"{actual} 的行为早于期限“{rule.name.zh}”的起算事由（{trigger}）。",
        )  # fmt: skip
    distance = periods.remaining(due.due, actual, calendar=calendar, zone=zone)
    # An hour limit includes its last moment (Civil Code 1259); a day limit its last day.
    late = distance.state == "overdue" and distance.seconds != 0
    return Judgement(
        rule=rule,
        due=due,
        actual=actual,
        in_time=not late,
        late_by_days=distance.days if late else 0,
        late_by_working_days=distance.working_days if late else 0,
    )


def explained(rule: DeadlineRule, due: Due, calendar: Calendar, *, until: date | None = None) -> dict[str, Any]:
    """A rule, its end and why, as plain JSON values: with the article, the rungs, and each day counted or skipped.

    Args:
        until: a day or moment to compare with: how much is left, or how late it is.
    """
    remaining = None
    if until is not None:
        left = periods.remaining(due.due, until, calendar=calendar, zone=due.explanation.zone)
        remaining = {
            "state": left.state, "days": left.days, "working_days": left.working_days, "seconds": left.seconds,
        }  # fmt: skip
    return {
        "rule": {
            "key": rule.key,
            "name": both(rule.name),
            "citation": both(rule.citation),
            "mark": rule.mark,
            "source_level": rule.statute.level,
            "jurisdiction": rule.jurisdiction,
            "profile": rule.profile,
            "trigger": {"event": rule.trigger.code, **both(rule.trigger.name)},
            "met_by": {"event": rule.met_by.code, **both(rule.met_by.name)},
            "consequence": both(rule.consequence) if rule.consequence else None,
            "lapse": [lapse_as_data(lapse) for lapse in rule.lapse],
        },
        "due": due.due.isoformat(),
        "due_at": due.due_at.isoformat(),
        "provisional": due.provisional,
        "rungs": [
            {"kind": rung.kind, "at": rung.at.isoformat(), "to": list(rung.to)}
            for rung in rungs_of(rule, due, calendar)
        ],
        "remaining": remaining,
        "explanation": due.explanation.as_data(),
    }


def both(wording: Wording) -> dict[str, str]:
    """A wording as plain JSON values."""
    return {"zh": wording.zh, "en": wording.en}


def lapse_as_data(lapse: Lapse) -> dict[str, Any]:
    """What the law attaches to a limit, as plain JSON values."""
    return {
        "kind": lapse.kind,
        "name": both(KINDS[lapse.kind].name),
        "parameters": dict(lapse.parameters),
        "article": both(lapse.article) if lapse.article else None,
        "mark": lapse.mark,
    }


def _read(moment: date | str, zone: tzinfo) -> date:
    return periods.read_moment(moment, zone) if isinstance(moment, str) else moment


def is_longer(period: Period, than: Period) -> bool:
    """Whether a period is longer than another: in one unit exactly, between units by plain length, holidays apart.

    A month is taken at its longest on the left and at its shortest on the right, so that in doubt it is longer.
    """
    if period.unit == than.unit:
        return period.value > than.value
    return period.value * _LONGEST_DAYS[period.unit] > than.value * _SHORTEST_DAYS[than.unit]


_SHORTEST_DAYS = {"hours": 1 / 24, "days": 1, "working_days": 7 / 5, "months": 28, "years": 365}
_LONGEST_DAYS = {"hours": 1 / 24, "days": 1, "working_days": 7 / 5, "months": 31, "years": 366}

_SEVERITY: dict[RungKind, int] = {"remind": 0, "warn": 1, "overdue": 2, "escalate": 3}


def _order(rung: RungMoment) -> tuple[datetime, int]:
    return rung.at, _SEVERITY[rung.kind]


def _moment(rung: Rung, due: Due, calendar: Calendar) -> datetime:
    zone = due.explanation.zone
    if rung.share is not None:
        return due.due_at if rung.share >= 1 else _share_used(rung.share, due)
    last_day = periods.local_day(due.due, zone)
    if rung.before:
        if rung.before.unit == "hours":
            at = due.due_at - timedelta(hours=rung.before.value)
        else:
            day = periods.count(rung.before, last_day, calendar=calendar, direction="backward", zone=zone).due
            at = periods.start_of(day, zone)
        return at if due.explanation.direction == "backward" else max(at, _begin(due))
    if rung.after and rung.after.unit != "hours":
        return periods.count(rung.after, last_day, calendar=calendar, roll="none", zone=zone).due_at
    return due.due_at + timedelta(hours=rung.after.value if rung.after else 0)


def _begin(due: Due) -> datetime:
    start, zone = due.explanation.start, due.explanation.zone
    return start.astimezone(UTC) if isinstance(start, datetime) else periods.start_of(start, zone)


def _share_used(share: float, due: Due) -> datetime:
    explanation = due.explanation
    if explanation.unit == "hours":
        begin = _begin(due)
        return begin + (due.due_at - begin) * share
    # Rounded first: 0.7 of 30 is 20.999… to the machine.
    used = floor(round(share * explanation.size, 6))
    return periods.end_of(explanation.counted_day(used), explanation.zone)


def _check_extensions(rule: DeadlineRule, extensions: Sequence[Period]) -> None:
    if not extensions:
        return
    allowed = rule.extension
    if allowed is None:
        raise _refused(rule, "这一期限不得延长", "this limit cannot be extended")
    if allowed.times is not None and len(extensions) > allowed.times:
        raise _refused(
            rule,
            f"最多延长 {allowed.times} 次，现为 {len(extensions)} 次",
            f"it can be extended {allowed.times} time(s), not {len(extensions)}",
        )
    for extension in extensions:
        if allowed.period and is_longer(extension, allowed.period):
            raise _refused(
                rule,
                f"一次最多延长 {allowed.period.words.zh}",
                f"one extension is at most {allowed.period.words.en}",
            )
    if allowed.cap and is_longer(total(rule.period, extensions), allowed.cap):
        raise _refused(
            rule, f"合计不得超过 {allowed.cap.words.zh}", f"in all it may run at most {allowed.cap.words.en}"
        )


def total(period: Period, extensions: Sequence[Period]) -> Period:
    """The sum in the period's unit if all share it, else in days at their longest."""
    if all(extension.unit == period.unit for extension in extensions):
        return replace(period, value=period.value + sum(extension.value for extension in extensions))
    days = sum(part.value * _LONGEST_DAYS[part.unit] for part in (period, *extensions))
    return Period(ceil(days), "days")


def _refused(rule: DeadlineRule, zh: str, en: str) -> NotPossible:
    cited = rule.citation
    return NotPossible(
        f"{rule.key}: {en} ({cited.en}).", rule=rule.key, article=cited.en, zh=f"{rule.name.zh}：{zh}（{cited.zh}）。"
    )
