"""A statutory limit as the pages show it: its badge, the card that counts its days, its bar in the picture of all limits.

It arranges what the casework counted. It never counts a period, and never decides whether a limit is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from engine import explanations, periods
from engine.calendars import Calendar
from engine.periods import Due, Remaining
from web.page_values import (
    Act,
    Clock,
    ClockState,
    Day,
    DayKind,
    DeadlineCard,
    LimitBar,
    LimitFact,
    LimitPage,
    Link,
    OtherLimit,
    Source,
    Span,
    SpanKind,
    Unit,
)
from web.presentation import Wording
from workflows import deadlines
from workflows.reckonings import Fact, Proof, Reckoning
from workflows.worklists import ClockView

SOON_FROM = 3
"""Working days left from which a badge is yellow, where no rung of the limit has come before."""
LATE_DAYS_SHOWN = 60
"""A limit that is missed for longer shows no more days after its due day: the badge has the number."""

_ENDED = {
    deadlines.MET: ClockState.MET,
    deadlines.MET_LATE: ClockState.MET_LATE,
    deadlines.PASSED: ClockState.PASSED,
    deadlines.CANCELLED: ClockState.STOPPED,
}
WARNING = "warn"
"""The rung that is a yellow card."""
_KINDS: dict[explanations.Reason, DayKind] = {
    "event_day": DayKind.START,
    "make_up": DayKind.MAKEUP,
    "weekend": DayKind.WEEKEND,
    "holiday": DayKind.HOLIDAY,
    "excluded": DayKind.PAUSED,
    "suspended": DayKind.PAUSED,
}
"""Reasons for which a day is shown as something else than counted."""


# --- the page of one limit


def page(
    found: Reckoning,
    now: datetime,
    say: Wording,
    calendar: Calendar,
    *,
    crumbs: tuple[Link, ...],
    task: Callable[[str], str] = lambda _: "",
    acts: tuple[Act, ...] = (),
) -> LimitPage:
    """A limit with every day of its count, what was done to it, who is to act, and what follows when it is missed.

    Args:
        task: id of a task → its address.
        acts: what the person may do to the limit.
    """
    view = found.view
    return LimitPage(
        name=say.of(view.name),
        crumbs=crumbs,
        card=card(view, found.due, now, say, calendar),
        consequence=say.of(view.consequence) if view.consequence is not None else "",
        told=tuple(say.of(sentence) for sentence in found.text),
        facts=tuple(_fact(fact, say) for fact in found.facts),
        proof=_proof(found.proof, say),
        waiting=tuple(
            Link(label=_waits(say.of(each.name), each.assignee, say), href=task(each.task_id)) for each in found.waiting
        ),
        acts=acts,
    )


def _fact(fact: Fact, say: Wording) -> LimitFact:
    people = (
        say.phrase("%(person)s提请", person=fact.asked_by) if fact.asked_by else "",
        say.phrase("%(person)s决定", person=fact.by) if fact.by else "",
        say.phrase("%(person)s恢复", person=fact.resumed_by) if fact.resumed_by else "",
    )
    who = say.phrase("，").join(each for each in people if each)
    ground = say.of(fact.ground) if fact.ground is not None else ""
    why = (ground, fact.basis or "", fact.reason or "", fact.resumed_because or "")
    return LimitFact(
        words=say.of(fact.words),
        pause=fact.kind == "suspension",
        at=fact.at,
        who=who,
        why=tuple(dict.fromkeys(each for each in why if each)),
    )


def _proof(proof: Proof | None, say: Wording) -> str:
    if proof is None:
        return ""
    step = say.phrase("%(day)s办结的“%(task)s”", day=say.day(proof.at.astimezone(say.zone)), task=say.of(proof.name))
    if not proof.exhibits:
        return step
    numbers = say.phrase("、").join(str(number) for number in proof.exhibits)
    return say.phrase("%(step)s，送达回证是证据%(numbers)s", step=step, numbers=numbers)


def _waits(task: str, person: str | None, say: Wording) -> str:
    if person is None:
        return say.phrase("%(task)s（待签收）", task=task)
    return say.phrase("%(task)s（%(person)s）", task=task, person=person)


# --- the badge


def clock(view: ClockView, now: datetime, say: Wording, calendar: Calendar) -> Clock:
    """A limit as it stands now.

    Args:
        now: the moment of asking; aware.
        calendar: which days are worked, for the number of days left.
    """
    ended = _ENDED.get(view.state)
    until = view.ended_at if ended is not None and view.ended_at is not None else _measured_from(view, now)
    distance = periods.remaining(due_of(view), until, calendar=calendar, zone=say.zone)
    state = ended or _running(view, distance, now)
    unit, count = _count(view, distance)
    return Clock(
        rule=view.rule,
        name=say.of(view.name),
        state=state,
        due=last_moment(view),
        unit=unit,
        count=count,
        provisional=view.provisional,
        met_on=until.astimezone(say.zone).date() if ended is not None else None,
    )


def due_of(view: ClockView) -> date:
    """The last day in time; for a limit in hours the moment."""
    return datetime.fromisoformat(view.due) if _in_hours(view) else date.fromisoformat(view.due)


def last_moment(view: ClockView) -> datetime:
    """The last moment in time: of a limit in days the last second of its day, so that it is shown as that day."""
    return view.due_at if _in_hours(view) else view.due_at - timedelta(seconds=1)


def most_urgent(clocks: Iterable[Clock]) -> Clock | None:
    """The running limit that ends first."""
    live = [each for each in clocks if each.state in LIVE]
    return min(live, key=lambda each: each.due, default=None)


LIVE = (ClockState.OVERDUE, ClockState.TODAY, ClockState.SOON, ClockState.LATER, ClockState.SUSPENDED)
"""States of a limit that still runs."""


def _measured_from(view: ClockView, now: datetime) -> datetime:
    """From when what is left is measured: while it is suspended from the end of the last day that counted."""
    if view.suspended_from is None:
        return now
    begins = periods.read_moment(view.suspended_from)
    if isinstance(begins, datetime):
        return begins
    event = periods.local_day(periods.read_moment(view.trigger))
    return periods.start_of(max(begins - timedelta(days=1), event))


def _running(view: ClockView, distance: Remaining, now: datetime) -> ClockState:
    if view.state == deadlines.SUSPENDED:
        return ClockState.SUSPENDED
    if view.state == deadlines.MISSED or distance.state == "overdue":
        return ClockState.OVERDUE
    if distance.state == "today":
        return ClockState.TODAY
    warned = any(datetime.fromisoformat(rung["at"]) <= now for rung in view.rungs if rung["kind"] == WARNING)
    return ClockState.SOON if warned or distance.working_days <= SOON_FROM else ClockState.LATER


def _count(view: ClockView, distance: Remaining) -> tuple[Unit, int]:
    if _in_hours(view):
        return Unit.HOURS, (distance.seconds or 0) // 60
    if view.unit == Unit.WORKING_DAYS and distance.working_days:
        return Unit.WORKING_DAYS, distance.working_days
    return Unit.DAYS, distance.days


def _in_hours(view: ClockView) -> bool:
    return view.unit == Unit.HOURS


# --- the card


def card(
    view: ClockView,
    due: Due,
    now: datetime,
    say: Wording,
    calendar: Calendar,
    *,
    others: Iterable[ClockView] = (),
    extension: Act | None = None,
) -> DeadlineCard:
    """A limit with every day that counts or does not, and why.

    Args:
        due: the count behind it, as the casework explains it.
        others: further limits over the same act.
    """
    found = clock(view, now, say, calendar)
    explanation = due.explanation
    days = () if _in_hours(view) else tuple(_days(due, found, say, calendar))
    today = next((day.ordinal for day in days if day.on == say.today), None)
    rolled = explanation.rolled and not _in_hours(view)
    return DeadlineCard(
        clock=found,
        trigger=say.of(view.event),
        started=periods.local_day(explanation.start, say.zone),
        length=_length(view),
        length_unit=Unit(view.unit),
        today_is=today if found.state in LIVE else None,
        days=days,
        why=tuple(_why(view, due, say)),
        rolled_from=explanation.end if rolled else None,
        sources=(source(view, say),),
        others=tuple(
            OtherLimit(words=say.of(other.name), due=due_of(other), provisional=other.provisional) for other in others
        ),
        extension=extension,
    )


def source(view: ClockView, say: Wording) -> Source:
    """Where a limit stands, with its evidence mark."""
    words = f"{say.of(view.note)}{'。' if say.language == 'zh' else '.'}" if view.note is not None else ""
    return Source(text=say.of(view.citation), key=view.rule, words=words, mark=view.mark)


def _days(due: Due, found: Clock, say: Wording, calendar: Calendar) -> Iterator[Day]:
    """Every day of the run; where it is missed, also the days since."""
    reached = 0
    for day in due.explanation.days:
        reached = day.ordinal or reached
        feast = say.of(day.label) if day.reason == "holiday" else ""
        kind = _KINDS.get(day.reason, DayKind.COUNTED)
        yield Day(
            on=day.date,
            kind=kind,
            ordinal=day.ordinal,
            feast=feast,
            extended=day.extended,
            due=day.kind == "due",
            unknown=day.provisional,
        )
    if found.state is not ClockState.OVERDUE:
        return
    last = say.due_day(found)
    working = due.explanation.unit == "working_days"
    for offset in range(1, min((say.today - last).days, LATE_DAYS_SHOWN) + 1):
        about = calendar.day(last + timedelta(days=offset))
        counts = about.is_working or not working
        reached += counts
        yield Day(on=about.date, kind=_late_kind(about.kind, counts), ordinal=reached if counts else None)


def _late_kind(kind: str, counts: bool) -> DayKind:
    if counts:
        return DayKind.MAKEUP if kind == "make_up" else DayKind.COUNTED
    return DayKind.HOLIDAY if kind == "holiday" else DayKind.WEEKEND


def _why(view: ClockView, due: Due, say: Wording) -> Iterator[str]:
    """Two or three sentences: from when, what counts, and what on the way did not."""
    explanation = due.explanation
    begins, event = say.day(explanation.start), say.of(view.event)
    if _in_hours(view):
        yield say.phrase(
            "%(moment)s%(event)s，期限从这一刻起连续计算。", moment=say.moment(explanation.start), event=event
        )
        return
    if explanation.direction == "backward":
        yield say.phrase("%(day)s%(event)s，期限从前一日起倒着计算。", day=begins, event=event)
    elif view.unit == Unit.WORKING_DAYS:
        yield say.phrase("%(day)s%(event)s，期限从次日起算，只算工作日。", day=begins, event=event)
    elif view.unit == Unit.DAYS:
        yield say.phrase("%(day)s%(event)s，期限从次日起算，每一天都算。", day=begins, event=event)
    else:
        yield say.phrase("%(day)s%(event)s，期限算到期满月份的同一日。", day=begins, event=event)
    if view.unit == Unit.WORKING_DAYS:
        yield from _on_the_way(due, say)
    if view.provisional:
        yield say.phrase("期间有放假安排尚未公布的年份，届满日是暂定的。")


def _on_the_way(due: Due, say: Wording) -> Iterator[str]:
    days = due.explanation.days
    comma = say.phrase("、")
    feasts = comma.join(dict.fromkeys(say.of(day.label) for day in days if day.reason == "holiday"))
    if feasts:
        yield say.phrase("中间的假期不计入：%(feasts)s。", feasts=feasts)
    worked = comma.join(say.day(day.date) for day in days if day.reason == "make_up")
    if worked:
        yield say.phrase("%(days)s是调休上班日，计入。", days=worked)


def _length(view: ClockView) -> int:
    """The period as `Wording.length` says it: hours are given in minutes."""
    return view.length * 60 if _in_hours(view) else view.length


# --- the bar


def bar(view: ClockView, now: datetime, say: Wording, calendar: Calendar, *, href: str = "") -> LimitBar:
    """A limit as a row of the picture of all limits; `href` leads to the count of its days."""
    found = clock(view, now, say, calendar)
    started = periods.local_day(periods.read_moment(view.trigger, say.zone), say.zone)
    return LimitBar(
        clock=found,
        length=_length(view),
        length_unit=Unit(view.unit),
        started=started,
        spans=tuple(_spans(found, started, say)),
        source=say.of(view.citation),
        href=href,
    )


def _spans(found: Clock, started: date, say: Wording) -> Iterator[Span]:
    """What has been counted, what is over, what is left. The day of the event is not in it, unless the act was done on it."""
    due = say.due_day(found)
    reached = found.met_on or say.today
    first = min(started + timedelta(days=1), due)
    if found.met_on == started < first:
        yield Span(kind=SpanKind.RUN, first=started, last=started)
    if first <= min(reached, due):
        yield Span(kind=SpanKind.RUN, first=first, last=min(reached, due))
    if reached > due and found.state in (ClockState.OVERDUE, ClockState.MET_LATE):
        yield Span(kind=SpanKind.OVER, first=due + timedelta(days=1), last=reached)
    if found.state in LIVE and reached < due:
        yield Span(kind=SpanKind.LEFT, first=max(first, reached + timedelta(days=1)), last=due)


def unpublished_from(bars: Iterable[LimitBar], calendar: Calendar, say: Wording) -> date | None:
    """The first day of the first year that a limit touches and whose days off are not published."""
    years = {year for each in bars for year in range(each.started.year, say.due_day(each.clock).year + 1)}
    unknown = [year for year in sorted(years) if calendar.state(year) != "published"]
    return date(unknown[0], 1, 1) if unknown else None
