"""Proceedings that have failed: why, and the way they had come. Reads only; plain values, never rows.

What the engine found is kept as facts (`engine.step.Failure`) and said in the language of whoever reads. Failures kept before
that hold a sentence in English, which is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.step import Failure
from workflows import policy
from workflows.acting import Actor
from workflows.records import Case, Proceeding, StepRecord
from workflows.releases import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One proceeding that has failed."""

    proceeding_id: str
    case_id: str
    case_number: str
    process: str
    name: str
    release_id: str
    started_at: datetime
    failed_at: datetime
    code: str
    """`deadlock`, or the code of the error that nobody caught."""
    node: str
    words: Mapping[str, str]
    """The sentence, by language (`en`, `zh`)."""
    trace: tuple[Mapping[str, Any], ...]
    """What happened in the move that failed, in order: `what`, `node`, `path`, `process`."""


def failures(
    session: Session, actor: Actor, law: Law, *, after: tuple[datetime, str] | None, limit: int
) -> tuple[tuple[Incident, ...], tuple[datetime, str] | None]:
    """The proceedings that have failed, the last first; and where the next page begins.

    Raises:
        NotAllowed: only administrators may see them.
    """
    policy.may_administer(actor, law.roles)
    ends, id = Proceeding.ended_at, Proceeding.id
    wanted = select(Proceeding, Case).join(Case, Case.id == Proceeding.case_id).where(Proceeding.state == "failed")
    if after is not None:
        wanted = wanted.where(or_(ends < after[0], and_(ends == after[0], id < after[1])))
    rows = session.execute(wanted.order_by(ends.desc(), id.desc()).limit(limit + 1)).all()
    found = tuple(_incident(session, proceeding, case) for proceeding, case in rows[:limit])
    onward = (found[-1].failed_at, found[-1].proceeding_id) if len(rows) > limit else None
    return found, onward


def words(kept: Mapping[str, Any]) -> Mapping[str, str]:
    """Why a proceeding failed, by language, as it was kept: facts, or (before) a sentence in English."""
    if "kind" not in kept:
        return {"en": str(kept["message"]), "zh": str(kept["message"])}
    return Failure(**{**kept, "waiting": tuple(kept["waiting"])}).words


def _incident(session: Session, proceeding: Proceeding, case: Case) -> Incident:
    trace = session.scalar(
        select(StepRecord.trace).where(StepRecord.proceeding_id == proceeding.id, StepRecord.number == proceeding.steps)
    )
    assert proceeding.ended_at is not None  # noqa: S101 - it has failed
    return Incident(
        proceeding_id=proceeding.id,
        case_id=case.id,
        case_number=case.number,
        process=proceeding.process,
        name=proceeding.name,
        release_id=proceeding.release_id,
        started_at=proceeding.started_at,
        failed_at=proceeding.ended_at,
        code=str(proceeding.failure["code"]),
        node=str(proceeding.failure["node"]),
        words=words(proceeding.failure),
        trace=tuple(
            {"what": what, "node": node, "path": path, "process": process} for what, node, path, process in trace or ()
        ),
    )
