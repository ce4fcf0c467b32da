"""Limits by urgency 期限清单: overdue, due today, in three working days, later, suspended, provisional; of one person, of a unit,
of one kind; and how many there are, for those who lead. Plain values, never rows. May never change anything.

A limit of a person is one over a task they hold, or their own as a party. A unit's limits are for those who oversee its cases,
and a case that is closed to one of them stays closed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from engine.calendars import Calendar
from engine.periods import end_of, local_day
from engine.sheets import Wording
from workflows import deadlines, policy, worklists
from workflows.acting import Actor
from workflows.catalogue import RuleUnknown
from workflows.errors import NotAllowed
from workflows.records import Case, Deadline, Party, Person, Task
from workflows.releases import Law, Releases
from workflows.worklists import ClockView, Cursor, Page

OVERDUE, TODAY, SOON, LATER, SUSPENDED, PROVISIONAL = "overdue", "today", "soon", "later", "suspended", "provisional"
URGENCIES = (OVERDUE, TODAY, SOON, LATER, SUSPENDED, PROVISIONAL)
"""`provisional` goes across the others: the date rests on a year whose holidays are not published."""
SOON_DAYS = 3
"""Working days after today that are soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitLine:
    """A line of a list of limits."""

    view: ClockView
    urgency: str
    yellow: bool
    """A warning was given, and it has not ended yet 黄牌."""
    red: bool
    """It is overdue 红牌."""
    case_id: str
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many limits of one kind, or over the tasks of one person, are where."""

    key: str | None
    """Key of the rule, or id of the person; None where nobody has taken the task."""
    name: Wording
    counts: Mapping[str, int]
    """By urgency."""
    yellow: int
    red: int


def of_unit(
    session: Session,
    actor: Actor,
    releases: Releases,
    law: Law,
    unit_id: str,
    now: datetime,
    *,
    urgency: str = "",
    rule: str = "",
    person_id: str = "",
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """The running limits of a unit's cases, the first to end first: for those who oversee them.

    Args:
        urgency, rule, person_id: only these, where given; a person's are those over the tasks they hold.

    Raises:
        NotAllowed: the person does not oversee the cases of this unit.
    """
    _may_lead(actor, law, unit_id)
    moments = Moments.at(now, law.calendar)
    rows = session.execute(
        statement(
            actor, law, unit_id, moments, urgency=urgency, rule=rule, person_id=person_id, after=after, limit=limit
        )
    ).all()
    lines = [_line(releases.law(session, clock.release_id), clock, number, moments) for clock, number in rows]
    if len(lines) <= limit:
        return Page(tuple(lines), None)
    last: Deadline = rows[limit - 1][0]
    return Page(tuple(lines[:limit]), (last.due_at, last.id))


def own(session: Session, actor: Actor, releases: Releases, law: Law, now: datetime) -> tuple[LimitLine, ...]:
    """The running limits of a person, the first to end first: over the tasks they hold, and their own as a party."""
    moments = Moments.at(now, law.calendar)
    over_mine = exists_task(Task.assignee_id == actor.person_id)
    held = select(Task.case_id).where(Task.assignee_id == actor.person_id, Task.state == "open")
    as_party = select(Party.id).where(policy.own_matters(actor))
    rows = session.execute(
        select(Deadline, Case.number)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.ended_at.is_(None),
            or_(and_(Deadline.case_id.in_(held), over_mine), Deadline.party_id.in_(as_party)),
        )
        .order_by(Deadline.due_at, Deadline.id)
    )
    return tuple(_line(releases.law(session, clock.release_id), clock, number, moments) for clock, number in rows)


def counted(
    session: Session, actor: Actor, law: Law, unit_id: str, now: datetime
) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    """How many running limits of a unit's cases are where, by kind and by who is to act: for those who oversee them.

    Raises:
        NotAllowed: the person does not oversee the cases of this unit.
    """
    _may_lead(actor, law, unit_id)
    moments = Moments.at(now, law.calendar)
    sums = [func.sum(case((_where(urgency, moments), 1), else_=0)) for urgency in URGENCIES]
    sums += [func.sum(case((each, 1), else_=0)) for each in (_yellow(moments), _where(OVERDUE, moments))]
    kinds = session.execute(
        _of_unit(select(Deadline.rule, *sums), actor, law, unit_id).group_by(Deadline.rule).order_by(Deadline.rule)
    )
    # A limit over tasks of several people is counted with each of them. Other names for the tables: the policy asks of them too.
    task, person = aliased(Task), aliased(Person)
    persons = session.execute(
        _of_unit(select(task.assignee_id, person.name, *sums), actor, law, unit_id)
        .join(task, and_(task.case_id == Deadline.case_id, task.state == "open", covers(task)))
        .outerjoin(person, person.id == task.assignee_id)
        .group_by(task.assignee_id, person.name)
        .order_by(person.name)
    )
    by_kind = tuple(_count(row[0], _name(law, row[0], now), row[1:]) for row in kinds)
    nobody = Wording("待签收", "not taken")
    by_person = tuple(_count(row[0], Wording(row[1], row[1]) if row[1] else nobody, row[2:]) for row in persons)
    return by_kind, by_person


def statement(
    actor: Actor,
    law: Law,
    unit_id: str,
    moments: Moments,
    *,
    urgency: str = "",
    rule: str = "",
    person_id: str = "",
    after: Cursor | None = None,
    limit: int = 50,
) -> Select[*tuple[Any, ...]]:
    """The statement behind `of_unit`, for looking at its plan: in order from the index of the unit, one more than `limit`."""
    query = _of_unit(select(Deadline, Case.number), actor, law, unit_id)
    if urgency:
        query = query.where(_where(urgency, moments))
    if rule:
        query = query.where(Deadline.rule == rule)
    if person_id:
        query = query.where(exists_task(Task.assignee_id == person_id))
    if after is not None:
        end = tuple_(literal(after[0], Deadline.due_at.type), literal(after[1]))
        query = query.where(tuple_(Deadline.due_at, Deadline.id) > end)
    return query.order_by(Deadline.due_at, Deadline.id).limit(limit + 1)


@dataclass(frozen=True, slots=True)
class Moments:
    """Where today and the next working days end."""

    now: datetime
    today: datetime
    soon: datetime

    @classmethod
    def at(cls, now: datetime, calendar: Calendar) -> Moments:
        """As they are at a moment."""
        day = local_day(now)
        return cls(now, end_of(day), end_of(_working_days_after(day, calendar)))


def covers(task: Any = Task) -> ColumnElement[bool]:
    """Whether a clock is over a task of its case: what `deadlines.covers` asks of rows."""
    beneath = func.substr(task.path, 1, func.length(Deadline.within) + 1) == Deadline.within + "/"
    enclosed = and_(Deadline.within != "", or_(task.path == Deadline.within, beneath))
    own = and_(Deadline.proceeding_id == task.proceeding_id, or_(Deadline.guards == task.token, enclosed))
    return or_(Deadline.whole_case.is_(True), own)


def exists_task(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such an open task under a clock."""
    return select(Task.id).where(Task.case_id == Deadline.case_id, Task.state == "open", which, covers()).exists()


def _of_unit(query: Select[*tuple[Any, ...]], actor: Actor, law: Law, unit_id: str) -> Select[*tuple[Any, ...]]:
    return query.join_from(Deadline, Case, Case.id == Deadline.case_id).where(
        Deadline.unit_id == unit_id, Deadline.ended_at.is_(None), policy.visible_cases(actor, law.roles)
    )


def _may_lead(actor: Actor, law: Law, unit_id: str) -> None:
    if not actor.holds(law.roles.that_may("case.oversee"), unit_id):
        raise NotAllowed("Only whoever oversees the cases of this organ may do this.", wanted="case.oversee")


def _where(urgency: str, moments: Moments) -> ColumnElement[bool]:
    """Whether a clock is there. In ranges of its end, which the index can follow."""
    runs = Deadline.state != deadlines.SUSPENDED
    match urgency:
        case "overdue":
            return and_(runs, Deadline.due_at <= moments.now)
        case "today":
            return and_(runs, Deadline.due_at > moments.now, Deadline.due_at <= moments.today)
        case "soon":
            return and_(runs, Deadline.due_at > moments.today, Deadline.due_at <= moments.soon)
        case "later":
            return and_(runs, Deadline.due_at > moments.soon)
        case "suspended":
            return Deadline.state == deadlines.SUSPENDED
        case _:
            return Deadline.provisional.is_(True)


def _yellow(moments: Moments) -> ColumnElement[bool]:
    return and_(Deadline.warned_at.is_not(None), Deadline.state == deadlines.RUNNING, Deadline.due_at > moments.now)


def _line(law: Law, clock: Deadline, number: str, moments: Moments) -> LimitLine:
    suspended = clock.state == deadlines.SUSPENDED
    red = not suspended and clock.due_at <= moments.now
    ends = ((moments.now, OVERDUE), (moments.today, TODAY), (moments.soon, SOON))
    urgency = SUSPENDED if suspended else next((name for end, name in ends if clock.due_at <= end), LATER)
    return LimitLine(
        view=worklists.clock_view(law, clock),
        urgency=urgency,
        yellow=clock.warned_at is not None and not suspended and not red,
        red=red,
        case_id=clock.case_id,
        case_number=number,
    )


def _count(key: str | None, name: Wording, numbers: Any) -> Count:
    *counts, yellow, red = (int(each or 0) for each in numbers)
    return Count(key=key, name=name, counts=dict(zip(URGENCIES, counts, strict=True)), yellow=yellow, red=red)


def _name(law: Law, key: str, now: datetime) -> Wording:
    try:
        return law.catalogue.rule(key, local_day(now)).name
    except RuleUnknown:
        return Wording(key, key)


def _working_days_after(day: date, calendar: Calendar) -> date:
    for _ in range(SOON_DAYS):
        day += timedelta(days=1)
        while not calendar.is_working(day):
            day += timedelta(days=1)
    return day
