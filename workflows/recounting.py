"""Counting open limits anew 重新计算 after a calendar was approved: in batches, each whole, begun again where it stopped.

Every open limit that touches the year is counted once by what is in force now. One that ends later moves; one that would end
earlier stays as it is, because its date has stood on somebody's desk since the limit began, and whoever oversees the case
decides. May never shorten a limit by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import EngineError
from workflows import almanac, casework, deadlines, discretion, ledger, policy
from workflows.acting import Acting, Actor, queue
from workflows.casework import Done
from workflows.catalogue import RuleUnknown
from workflows.deadlines import LIVE
from workflows.errors import NotPossible
from workflows.identifiers import new_id
from workflows.records import CalendarEntry, Case, Deadline, Notice, Recount, Shortening
from workflows.releases import Law

OPEN, KEPT, TAKEN, SUPERSEDED = "open", "kept", "taken", "superseded"
CASES = 500
"""Cases counted anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one recounting has come."""

    entry_id: str
    year: int
    total: int
    looked_at: int
    moved: int
    held: int
    ended: bool


@dataclass(slots=True)
class _Found:
    """What counting anew did in one case."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)


def unfinished(session: Session) -> list[str]:
    """Ids of the approved calendars by which limits are still to be counted anew, in the order of approval."""
    query = select(Recount.entry_id).join(CalendarEntry).where(Recount.ended_at.is_(None))
    return list(session.scalars(query.order_by(CalendarEntry.decided_at, CalendarEntry.id)))


def count_batch(acting: Acting, entry_id: str, *, cases: int = CASES) -> Progress:
    """Count the limits of the next cases anew. Called again until it has ended; what is done is not done again.

    On PostgreSQL several nodes may call it: they take turns.
    """
    session = acting.session
    run = session.scalars(select(Recount).where(Recount.entry_id == entry_id).with_for_update()).one()
    entry = session.get_one(CalendarEntry, entry_id)
    if run.ended_at is not None:
        return _progress(run, entry)
    touched = _touched(entry)
    if run.begun_at is None:
        run.begun_at = acting.now
        run.total = session.scalars(select(func.count()).select_from(Deadline).where(touched)).one()
    next_ones = select(Deadline.case_id).where(touched, Deadline.case_id > run.after).distinct()
    ids = list(session.scalars(next_ones.order_by(Deadline.case_id).limit(cases)))
    if ids:
        _count(acting, run, entry, ids, touched)
    else:
        run.ended_at = acting.now
        body = {"year": entry.year, "total": run.total, "moved": run.moved, "held": run.held}
        ledger.enter(acting, None, "calendar.recounted", subject=f"calendar:{entry.id}", body=body)
    session.flush()
    return _progress(run, entry)


def _progress(run: Recount, entry: CalendarEntry) -> Progress:
    return Progress(entry.id, entry.year, run.total, run.looked_at, run.moved, run.held, ended=run.ended_at is not None)


def _touched(entry: CalendarEntry) -> ColumnElement[bool]:
    """Open limits with a day in the year, whichever way they run. Dates are compared as they are written."""
    begin, end = f"{entry.year:04d}", f"{entry.year + 1:04d}"
    where = [
        Deadline.ended_at.is_(None),
        or_(Deadline.due >= begin, Deadline.trigger >= begin),
        or_(Deadline.due < end, Deadline.trigger < end),
    ]
    if entry.unit_id is not None:
        where.append(Deadline.unit_id == entry.unit_id)
    return and_(*where)


def _count(
    acting: Acting, run: Recount, entry: CalendarEntry, ids: Sequence[str], touched: ColumnElement[bool]
) -> None:
    session = acting.session
    # One after the other in the order of their ids: whoever else locks several does the same.
    locked = session.scalars(select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())
    cases = {case.id: case for case in locked}
    clocks = session.scalars(
        select(Deadline).where(touched, Deadline.case_id.in_(ids)).order_by(Deadline.case_id, Deadline.id)
    ).all()
    proposed = _proposed(session, ids)
    found: dict[str, _Found] = defaultdict(_Found)
    for clock in clocks:
        law = acting.releases.law(session, clock.release_id)
        _count_one(acting, law, entry, cases[clock.case_id], clock, found[clock.case_id], proposed)
    session.flush()
    deadlines.put_in_order(session, *(case_id for case_id, each in found.items() if each.moved))
    _enter(acting, entry, cases, found)
    run.after = ids[-1]
    run.looked_at += len(clocks)
    run.moved += sum(len(each.moved) for each in found.values())
    run.held += sum(len(each.held) for each in found.values())


def _proposed(session: Session, case_ids: Sequence[str]) -> dict[str, Shortening]:
    """What is still to be decided in these cases, by limit."""
    query = select(Shortening).where(Shortening.case_id.in_(case_ids), Shortening.state == OPEN)
    return {each.deadline_id: each for each in session.scalars(query)}


def _count_one(
    acting: Acting,
    law: Law,
    entry: CalendarEntry,
    case: Case,
    clock: Deadline,
    found: _Found,
    proposed: dict[str, Shortening],
) -> None:
    calendar = law.almanac.calendar(case.unit_id)
    if clock.calendar == calendar.version:
        return
    facts = {"rule": clock.rule, "deadline": clock.id, "was": clock.due}
    try:
        due = deadlines.count(law, clock, calendar)
    except (EngineError, RuleUnknown, NotPossible) as wrong:
        found.failed.append(facts | {"error": str(wrong)})
        return
    if clock.id in proposed:
        proposed[clock.id].state = SUPERSEDED
    if due.due_at < clock.due_at:
        found.held.append(facts | {"shorter": due.due.isoformat()})
        acting.session.add(
            Shortening(
                id=new_id(acting.now), deadline_id=clock.id, entry_id=entry.id, case_id=case.id, unit_id=case.unit_id,
                due=clock.due, shorter=due.due.isoformat(), state=OPEN, proposed_at=acting.now,
            )
        )  # fmt: skip
        return
    was = (clock.due, clock.provisional)
    deadlines.set_end(acting, law, clock, due, calendar)
    if was != (clock.due, clock.provisional):
        found.moved.append(facts | {"due": clock.due, "provisional": clock.provisional})


def _enter(acting: Acting, entry: CalendarEntry, cases: dict[str, Case], found: dict[str, _Found]) -> None:
    """One entry for each case in which something changed or is to be decided; and tell whoever decides."""
    source = almanac.source_of(entry)
    overseeing = acting.law().roles.that_may("case.oversee")
    entries = []
    for case_id, each in found.items():
        if not (each.moved or each.held or each.failed):
            continue
        case = cases[case_id]
        case.version += 1
        case.changed_at, case.changed_by, case.change = acting.now, acting.by.name, "deadline.recounted"
        what = {"calendar": entry.id, "year": entry.year, "moved": each.moved, "held": each.held, "failed": each.failed}
        body = {"state": case.state, "version": case.version, "what": what}
        entries.append(
            ledger.prepared(acting, case, "deadline.recounted", subject=f"case:{case_id}", body=body, reason=source)
        )
        if each.held:
            acting.session.add_all(_notices(acting, case, overseeing, each.held))
    ledger.append(acting, entries)


def _notices(acting: Acting, case: Case, overseeing: Collection[str], held: list[dict[str, Any]]) -> list[Notice]:
    first = held[0]
    facts = {"deadline_id": first["deadline"], "rule": first["rule"], "due": first["was"], "shorter": first["shorter"]}
    return [
        Notice(
            id=new_id(acting.now), case_id=case.id, person_id=None, queue=queue(role, case.unit_id),
            kind="deadline.shorter", facts=facts, created_at=acting.now,
        )
        for role in sorted(overseeing)
    ]  # fmt: skip


# --- what a person decides --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShorteningView:
    """A shorter date that waits for a decision."""

    id: str
    case_id: str
    case_number: str
    case_version: int
    clock_id: str
    rule: str
    due: str
    shorter: str
    calendar_id: str
    year: int
    proposed_at: datetime


def waiting(
    session: Session, actor: Actor, law: Law, *, after: str | None = None, limit: int = 50
) -> list[ShorteningView]:
    """Shorter dates in the cases this person oversees that nobody has decided on, the oldest first."""
    units = [unit for role, unit in actor.roles if role in law.roles.that_may("case.oversee")]
    query = (
        select(Shortening, Case.number, Case.version, Deadline.rule, CalendarEntry.year)
        .join(Case, Case.id == Shortening.case_id)
        .join(Deadline, Deadline.id == Shortening.deadline_id)
        .join(CalendarEntry, CalendarEntry.id == Shortening.entry_id)
        .where(Shortening.state == OPEN, Shortening.unit_id.in_(units), Deadline.state.in_(LIVE))
        .where(policy.visible_cases(actor, law.roles))
        .order_by(Shortening.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Shortening.id > after)
    return [
        ShorteningView(
            id=row.id, case_id=row.case_id, case_number=number, case_version=version, clock_id=row.deadline_id,
            rule=rule, due=row.due, shorter=row.shorter, calendar_id=row.entry_id, year=year,
            proposed_at=row.proposed_at,
        )
        for row, number, version, rule, year in session.execute(query)
    ]  # fmt: skip


@discretion.about_case
def decide(
    acting: Acting, case_id: str, clock_id: str, *, shorten: bool, reason: str, expected: int | None = None
) -> Done:
    """Keep the longer date of a limit, or take the shorter one that a new calendar gives, as whoever oversees the case.

    Raises:
        NotAllowed: whoever acts does not oversee the cases of the organ.
        NotPossible: no shorter date waits for a decision, or the limit has ended.
    """
    case, _ = casework.open_file(acting, case_id)
    clock = deadlines.in_case(acting.session, case, clock_id)
    facts = {"deadline_id": clock_id, "case_id": case.id}
    law = acting.releases.law(acting.session, clock.release_id)
    policy.may_oversee(acting.by, law.roles, case)
    casework.current(acting, case.version, expected, case)
    waits = acting.session.scalar(
        select(Shortening).where(Shortening.deadline_id == clock_id, Shortening.state == OPEN)
    )
    if waits is None or clock.state not in LIVE:
        raise NotPossible("No shorter date waits for a decision on this limit.", **facts)
    was = clock.due
    waits.state = TAKEN if shorten else KEPT
    waits.decided_by, waits.decided_at, waits.reason = acting.by.person_id, acting.now, reason
    if shorten:
        deadlines.recount(acting, law, clock, law.almanac.calendar(case.unit_id))
        acting.session.flush()
        deadlines.put_in_order(acting.session, case.id)
    act = "deadline.shortened" if shorten else "deadline.kept"
    what = {"rule": clock.rule, "was": was, "due": clock.due, "shorter": waits.shorter, "calendar": waits.entry_id}
    return casework.entered(acting, case, act, subject=f"deadline:{clock.id}", reason=reason, what=what)
