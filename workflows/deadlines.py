"""Running statutory clocks 期限: started by a diagram, counted by the catalogue, kept in a row, met or missed.

The row is the truth: it keeps the facts (trigger, extensions, suspensions, time that does not count), and its end is counted
from these alone (`recount`). The diagram says which limit, the release's catalogue how long and by which article,
`engine.periods` counts. May never hold a number of days or an article, and never decides what a missed limit means: the
diagram does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session

from engine.calendars import Calendar
from engine.errors import EngineError
from engine.periods import ZONE, Due, Period, Span, read_moment
from engine.sheets import Wording
from engine.step import Active, Timer
from workflows import catalogue
from workflows.acting import Acting, queue
from workflows.catalogue import DeadlineRule, RungMoment
from workflows.errors import NotFound, NotPossible
from workflows.identifiers import new_id
from workflows.records import Case, Deadline, Duty, Notice, Party, Proceeding, Task
from workflows.releases import Law

RUNNING, SUSPENDED, MISSED = "running", "suspended", "missed"
"""`missed`: what it guards is still to be done. `suspended`: it stands; what was left is left when it is resumed."""
MET, MET_LATE, PASSED, CANCELLED = "met", "met_late", "passed", "cancelled"
"""`passed`: a window closed or a period ended, as the diagram awaits."""
WARNING = "warn"
"""The kind of rung that is a yellow card 黄牌."""
LIVE = (RUNNING, SUSPENDED, MISSED)
"""States of a clock whose act is still to be done."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a clock ends, as counted from its facts by one calendar."""

    due: str
    """ISO date on which it ends; ISO date-time of an hour limit."""
    due_at: datetime
    provisional: bool
    calendar: str
    """Version of the calendar."""


def start(
    acting: Acting, law: Law, case: Case, proceeding: Proceeding, timer: Timer, guarded: Active | None
) -> Deadline:
    """Start the clock of a statutory timer that the diagram has armed.

    Args:
        guarded: the activity it guards; None where the timer stands in the flow.

    Raises:
        NotPossible: the trigger the diagram gives is no date, or lies after today.
    """
    assert timer.deadline is not None  # noqa: S101 - the caller sends statutory timers only
    trigger = timer.trigger or acting.now.astimezone(ZONE).isoformat(timespec="seconds")
    _day(trigger, timer)
    deadline = Deadline(
        id=new_id(acting.now),
        case_id=case.id,
        proceeding_id=proceeding.id,
        timer=timer.id,
        node=timer.node,
        guards=timer.attached,
        within="/".join((*guarded.path, guarded.node)) if guarded else "",
        party_id=timer.about.get("party"),
        unit_id=case.unit_id,
        rule=timer.deadline,
        release_id=law.release_id,
        trigger=trigger,
        extensions=[],
        suspensions=[],
        exclusions=[],
        corrections=[],
        started_at=acting.now,
        state=RUNNING,
        rungs=[],
    )
    try:
        recount(acting, law, deadline, law.almanac.calendar(case.unit_id))
        rule = rule_of(law, deadline)
        deadline.whole_case = rule.covers == "case"
        if case.suspension is not None and may_rest(rule, case.suspension["ground"]):
            rest(acting, law, deadline, since=acting.now, **_why(case.suspension), with_case=True)
    except (EngineError, catalogue.RuleUnknown) as wrong:
        raise NotPossible(str(wrong), node=timer.node, rule=timer.deadline, case_id=case.id) from wrong
    acting.session.add(deadline)
    return deadline


def may_rest(rule: DeadlineRule, ground: str) -> bool:
    """Whether the law lets a limit stand for this reason: its row names it among what is not counted."""
    return ground in rule.not_counted and rule.direction == "forward"


def rest(
    acting: Acting, law: Law, deadline: Deadline, *, since: datetime, ground: str, reason: str, with_case: bool
) -> None:
    """Let a clock stand from a day (for hours: a moment) on. Nothing of it fires until it is resumed."""
    fact = {
        "from": stamp(rule_of(law, deadline), since),
        "to": None,
        "ground": ground,
        "reason": reason,
        "with_case": with_case,
        **_signed(acting),
    }
    deadline.suspensions = [*deadline.suspensions, fact]
    deadline.state = SUSPENDED
    recount(acting, law, deadline, calendar_of(law, deadline))


def run_on(acting: Acting, law: Law, deadline: Deadline, *, on: datetime, **how: Any) -> None:
    """Let a suspended clock run on, with what was left when it was suspended. One that was missed before stays missed.

    Args:
        on: the last day that does not count; for hours the moment.
        how: what is kept beside it.
    """
    *before, last = deadline.suspensions
    deadline.suspensions = [*before, {**last, "to": stamp(rule_of(law, deadline), on), **how}]
    deadline.state = MISSED if deadline.fired_at is not None else RUNNING
    recount(acting, law, deadline, calendar_of(law, deadline))


def stamp(rule: DeadlineRule, moment: datetime) -> str:
    """A moment as a rule counts it: its day, or for hours itself."""
    local = moment.astimezone(ZONE)
    return local.isoformat(timespec="seconds") if rule.period.unit == "hours" else local.date().isoformat()


def _why(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fact[key] for key in ("ground", "reason")}


def _signed(acting: Acting) -> dict[str, Any]:
    return {"by": acting.by.person_id, "at": acting.now.isoformat()}


def recount(acting: Acting, law: Law, deadline: Deadline, calendar: Calendar) -> tuple[Ending | None, Ending]:
    """Count a live clock anew from the facts in its row, and set what follows from them. Doing it twice changes nothing.

    Rungs that have fired stay fired. A missed clock whose end moves beyond this moment runs again; whatever the diagram did
    when it was missed stays done.

    Args:
        law: the release of `deadline.release_id`.
        calendar: which days are worked; its version is kept with the clock.

    Returns:
        Where it ended before (None for one that has just begun) and where it ends now.

    Raises:
        EngineError, RuleUnknown, NotPossible: the facts do not allow a count; the row is left as it was.
    """
    old = _ending(deadline) if deadline.calendar else None
    set_end(acting, law, deadline, count(law, deadline, calendar), calendar)
    return old, _ending(deadline)


def set_end(acting: Acting, law: Law, deadline: Deadline, due: Due, calendar: Calendar) -> None:
    """Let a clock end as it was counted, with everything that follows from that."""
    rungs = catalogue.rungs_of(rule_of(law, deadline), due, calendar)
    deadline.rungs = _carried_over(deadline.rungs, rungs)
    deadline.due, deadline.due_at, deadline.provisional = due.due.isoformat(), due.due_at, due.provisional
    deadline.calendar = calendar.version
    if deadline.state == MISSED and deadline.due_at > acting.now:
        deadline.state = RUNNING
    deadline.next_at = _next(deadline)


def count(law: Law, deadline: Deadline, calendar: Calendar) -> Due:
    """The count behind a clock, with every fact in its row. A suspension that lasts is not in it: nobody knows its end."""
    not_counted = law.catalogue.not_counted
    return catalogue.due_for(
        rule_of(law, deadline),
        deadline.trigger,
        calendar,
        extensions=[Period(each["value"], each["unit"]) for each in deadline.extensions],
        suspended=[_span(each, not_counted.get(each["ground"])) for each in deadline.suspensions if each["to"]],
        excluded=[_span(each, not_counted.get(each["kind"])) for each in deadline.exclusions],
    )


def _span(fact: Mapping[str, Any], reason: Wording | None) -> Span:
    return Span(read_moment(fact["from"]), read_moment(fact["to"]), reason)


def _ending(deadline: Deadline) -> Ending:
    return Ending(deadline.due, deadline.due_at, deadline.provisional, deadline.calendar)


def _carried_over(before: Iterable[Mapping[str, Any]], rungs: Iterable[RungMoment]) -> list[dict[str, Any]]:
    """The rungs at their new moments. Of several that tell the same people the same, those that fired come first."""
    fired: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for rung in before:
        if rung["fired_at"] is not None:
            fired.setdefault((rung["kind"], tuple(rung["to"])), []).append(rung["fired_at"])
    return [
        {
            "kind": rung.kind,
            "at": rung.at.astimezone(UTC).isoformat(),
            "to": list(rung.to),
            "fired_at": spent.pop(0) if (spent := fired.get((rung.kind, rung.to))) else None,
        }
        for rung in rungs
    ]


def end(acting: Acting, law: Law, deadline: Deadline, *, done: bool) -> None:
    """The guarded act is done, or no longer to be done: the clock stops. What was done while it stood is in time."""
    if deadline.state == SUSPENDED:
        run_on(acting, law, deadline, on=acting.now, ended=True)
    if not done:
        deadline.state = CANCELLED
    elif deadline.state == MISSED or acting.now >= deadline.due_at:
        deadline.state = MET_LATE
    else:
        deadline.state = MET
    deadline.ended_at = acting.now
    deadline.next_at = None


def expire(deadline: Deadline, *, window: bool, now: datetime) -> None:
    """The moment has passed.

    Args:
        window: True where the expiry itself is what the diagram awaits (a window closes, a period ends); False where
            the guarded act is overdue and still to be done.
    """
    deadline.state = PASSED if window else MISSED
    deadline.fired_at = now
    deadline.late_seconds = max(0, int((now - deadline.due_at).total_seconds()))
    deadline.next_at = _next(deadline)
    if window:
        deadline.ended_at = now
        deadline.next_at = None


def revive(acting: Acting, law: Law, deadline: Deadline) -> None:
    """Let a clock go on that was stopped by an act now taken back: as if it had never stopped."""
    deadline.state = MISSED if deadline.fired_at is not None else RUNNING
    deadline.ended_at = None
    if deadline.suspensions and deadline.suspensions[-1].get("ended"):
        *before, last = deadline.suspensions
        deadline.suspensions = [*before, {**{key: last[key] for key in last if key != "ended"}, "to": None}]
        deadline.state = SUSPENDED
    recount(acting, law, deadline, calendar_of(law, deadline))


def due_rung(deadline: Deadline, now: datetime) -> Mapping[str, Any] | None:
    """The earliest rung that is due and has not fired; while the clock runs, only one that lies before its end."""
    waiting = [
        rung
        for rung in deadline.rungs
        if rung["fired_at"] is None
        and (at := _moment(rung["at"])) <= now
        and (deadline.state != RUNNING or at < deadline.due_at)
    ]
    return min(waiting, key=lambda rung: _moment(rung["at"]), default=None)


def climb(acting: Acting, law: Law, case: Case, deadline: Deadline, rung: Mapping[str, Any]) -> list[str]:
    """Fire one rung: tell those it names. Fired once, kept on the row.

    Returns:
        Whom it was told to: person ids and group keys.
    """
    deadline.rungs = [{**each, "fired_at": acting.now.isoformat()} if each == rung else each for each in deadline.rungs]
    deadline.next_at = _next(deadline)
    if rung["kind"] == WARNING:
        deadline.warned_at = acting.now
    return tell(acting, case, deadline, rung["kind"], rung["to"])


def tell(acting: Acting, case: Case, deadline: Deadline, kind: str, roles: Iterable[str]) -> list[str]:
    """Tell those whom roles name something about a clock.

    Args:
        kind: of a rung, or `changed`.

    Returns:
        Whom it was told to: person ids and group keys.
    """
    told: list[str] = []
    for role in roles:
        for person_id, key in _recipients(acting.session, case, deadline, role):
            acting.session.add(
                Notice(
                    id=new_id(acting.now),
                    case_id=case.id,
                    person_id=person_id,
                    queue=key,
                    kind=f"deadline.{kind}",
                    facts={"deadline_id": deadline.id, "rule": deadline.rule, "due": deadline.due},
                    created_at=acting.now,
                )
            )
            told.append(person_id or key or "")
    return told


def due_cases(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of cases with something due, the longest overdue first. Costs what is due, never what is open."""
    seen: dict[str, None] = {}
    for case_id in session.scalars(what_is_due(now, limit)):
        seen.setdefault(case_id)
    return list(seen)[:limit]


def what_is_due(now: datetime, limit: int) -> Select[str]:
    """The statement behind `due_cases`, for looking at its plan. A case with several things due comes several times."""

    def due(case_id: Any, at: Any) -> Any:
        # A stalled case is left out before the cut: many of them must not hide the others.
        return (
            select(case_id.label("case_id"), at.label("at"))
            .join(Case, Case.id == case_id)
            .where(at.is_not(None), at <= now, or_(Case.retry_at.is_(None), Case.retry_at <= now))
            .order_by(at)
            .limit(limit)
            .subquery()
        )

    limits, timers = due(Deadline.case_id, Deadline.next_at), due(Proceeding.case_id, Proceeding.wake_at)
    both = union_all(select(limits.c.case_id, limits.c.at), select(timers.c.case_id, timers.c.at)).subquery()
    return select(both.c.case_id).order_by(both.c.at)


def in_case(session: Session, case: Case, clock_id: str) -> Deadline:
    """A clock of a case, by its id.

    Raises:
        NotFound: the case has no such clock.
    """
    clock = session.get(Deadline, clock_id)
    if clock is None or clock.case_id != case.id:
        raise NotFound("There is no such limit in this case.", clock=clock_id, case=case.id)
    return clock


def of_case(session: Session, case_id: str) -> list[Deadline]:
    """All clocks of a case, in the order in which they began."""
    return list(
        session.scalars(select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.started_at, Deadline.id))
    )


def explain(law: Law, deadline: Deadline) -> Due:
    """How the due date of a clock is counted from its own facts, day by day, by the calendar it keeps."""
    return count(law, deadline, calendar_of(law, deadline))


def calendar_of(law: Law, deadline: Deadline) -> Calendar:
    """The calendar a clock was counted by. Whatever is done to the clock, that one counts until the clock is counted anew
    because of a new calendar."""
    return law.almanac.version(deadline.calendar, deadline.unit_id)


def rule_of(law: Law, deadline: Deadline) -> DeadlineRule:
    """The rule of the catalogue a clock runs by."""
    return law.catalogue.rule(deadline.rule, date.fromisoformat(deadline.trigger[:10]))


def covers(deadline: Deadline, task: Task) -> bool:
    """Whether a clock is over a task: over its own act, over what encloses it, or over all that is to be done in the case."""
    if deadline.whole_case:
        return deadline.case_id == task.case_id
    if deadline.proceeding_id != task.proceeding_id:
        return False
    enclosed = bool(deadline.within) and f"{task.path}/".startswith(f"{deadline.within}/")
    return deadline.guards == task.token or enclosed


def put_in_order(session: Session, *case_ids: str) -> None:
    """Let the open tasks of some cases follow the clocks over them, after one of these was changed."""
    if not case_ids:
        return
    clocks: dict[str, list[Deadline]] = defaultdict(list)
    running = select(Deadline).where(Deadline.case_id.in_(case_ids), Deadline.state.in_((RUNNING, MISSED)))
    for clock in session.scalars(running.order_by(Deadline.started_at, Deadline.id)):
        clocks[clock.case_id].append(clock)
    for task in session.scalars(select(Task).where(Task.case_id.in_(case_ids), Task.state == "open")):
        first = governing(clock for clock in clocks[task.case_id] if covers(clock, task))
        task.due_at = first.due_at if first is not None else None
        task.sort_at = task.due_at or NEVER


NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Sorts after every deadline."""


def governing(deadlines: Iterable[Deadline]) -> Deadline | None:
    """Of several clocks over the same act the one that ends first: it governs. One that stands does not."""
    live = [deadline for deadline in deadlines if deadline.state in (RUNNING, MISSED)]
    return min(live, key=lambda deadline: deadline.due_at, default=None)


def _recipients(session: Session, case: Case, deadline: Deadline, role: str) -> list[tuple[str | None, str | None]]:
    """Who is told when a rung names a role: `holder` has the guarded task, `party` the limit is about; else the group."""
    if role == "party":
        party = session.get(Party, deadline.party_id) if deadline.party_id else None
        return [(party.person_id, None)] if party and party.person_id else []
    if role != "holder":
        return [(None, queue(role, case.unit_id))]
    holders = session.execute(
        select(Task.assignee_id, Task.queue, Task.by_appointment, Task.duty).where(
            Task.proceeding_id == deadline.proceeding_id,
            Task.state == "open",
            or_(
                Task.token == deadline.guards,
                Task.path == deadline.within,
                Task.path.startswith(deadline.within + "/", autoescape=True),
            ),
        )
    ).all()
    told: dict[tuple[str | None, str | None], None] = {}
    for person, key, by_appointment, duty in holders:
        if person is None and by_appointment:
            # Nobody has taken it up yet: all who are appointed to it are told.
            told |= dict.fromkeys((each, None) for each in _appointed(session, case, duty))
        elif person or key:
            told[person, None if person else key] = None
    return list(told)


def _appointed(session: Session, case: Case, duty: str | None) -> list[str]:
    stands = (Duty.appointed_at.is_not(None), Duty.ended_at.is_(None))
    named = select(Duty.person_id).where(Duty.case_id == case.id, Duty.kind == duty, *stands)
    return list(session.scalars(named.order_by(Duty.person_id)))


def _next(deadline: Deadline) -> datetime | None:
    if deadline.state == SUSPENDED:
        return None
    moments = [_moment(rung["at"]) for rung in deadline.rungs if rung["fired_at"] is None]
    if deadline.state == RUNNING:
        moments.append(deadline.due_at)
    return min(moments, default=None)


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _day(trigger: str, timer: Timer) -> date:
    try:
        return date.fromisoformat(trigger[:10])
    except ValueError:
        raise NotPossible(
            f"The limit {timer.deadline} should run from “{trigger}”, which is no date.",
            node=timer.node,
            rule=timer.deadline,
        ) from None


def late_by(deadline: Deadline) -> timedelta:
    """How long after its due moment the clock of a missed limit came."""
    return timedelta(seconds=deadline.late_seconds or 0)
