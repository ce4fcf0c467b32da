"""What must be so when everything is over, whatever happened on the way."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows import deadlines, ledger
from workflows.records import Case, Deadline, LedgerEntry, Notice, Proceeding, StepRecord, Task


def nothing_is_due(session: Session) -> bool:
    """Whether the clock has nothing to do at this moment."""
    session.rollback()  # the world has gone on since this session last looked
    return not deadlines.due_cases(session, datetime.now(UTC), 1)


def no_case_ails(session: Session) -> None:
    """None is stalled, none ever was, and every proceeding runs."""
    assert session.scalars(select(Case.stalled_error).where(Case.stalled_error.is_not(None))).all() == []
    assert entries_by_subject(session, "case.stalled") == Counter()
    assert set(session.scalars(select(Proceeding.state))) == {"running"}


def every_chain_holds(session: Session) -> None:
    """The ledger of the house and of every case verifies."""
    broken = [found for chain in ledger.chains(session) if not (found := ledger.verify(session, chain)).holds]
    assert broken == []


def every_limit_fired_once(session: Session, number: int) -> None:
    """So many limits of acceptance had passed: each fired once, with its rungs, its task, and how late it was noticed."""
    passed = session.scalars(select(Deadline).where(Deadline.due_at <= datetime.now(UTC))).all()
    once = Counter(f"deadline:{each.id}" for each in passed)
    assert len(passed) == number
    for each in passed:
        assert each.fired_at is not None
        assert each.late_seconds == int((each.fired_at - each.due_at).total_seconds())
    assert entries_by_subject(session, "deadline.missed") == once
    rungs = Counter(f"deadline:{each.id}" for each in passed for rung in each.rungs if rung["fired_at"])
    assert rungs.total() == sum(len(each.rungs) for each in passed)
    assert entries_by_subject(session, "deadline.warn", "deadline.overdue") == rungs
    supervised = session.scalars(select(Task.case_id).where(Task.node == "supervise_intake")).all()
    assert Counter(supervised) == Counter(each.case_id for each in passed)
    told = session.scalars(select(LedgerEntry.body).where(LedgerEntry.act.in_(("deadline.warn", "deadline.overdue"))))
    notices = session.scalar(select(func.count()).select_from(Notice).where(Notice.kind.startswith("deadline.")))
    assert notices == sum(len(body["what"]["told"]) for body in told)


def every_step_is_on_record(session: Session) -> None:
    """No proceeding has moved more or less often than its record says."""
    recorded = select(StepRecord.proceeding_id, func.count()).group_by(StepRecord.proceeding_id)
    steps = {row[0]: row[1] for row in session.execute(recorded)}
    assert steps == {each.id: each.steps for each in session.scalars(select(Proceeding))}


def entries_by_subject(session: Session, *acts: str) -> Counter[str | None]:
    """How many entries of these acts each subject has."""
    return Counter(session.scalars(select(LedgerEntry.subject).where(LedgerEntry.act.in_(acts))))
