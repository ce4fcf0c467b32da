"""Taking a step: the one way a proceeding changes. What the engine gave becomes rows: tasks, clocks, state, trace.

A task completed, a deadline passed, a message delivered and a taking back all end here. May never decide: the diagram has
decided already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from engine import machine
from engine.step import OpenTask, Step
from workflows import deadlines, findings, policy
from workflows.acting import Acting, queue
from workflows.identifiers import new_id
from workflows.policy import Parts
from workflows.records import Case, Deadline, Duty, Party, Proceeding, ProtectedValue, StepRecord, Task
from workflows.releases import Law

TASKS = frozenset({"user", "manual"})
"""Kinds of nodes that open a task for a person."""


@dataclass(slots=True)
class Facts:
    """What one move changed, for the ledger."""

    process: str = ""
    opened: list[Task] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    ended: bool = False
    begun: bool = False
    """Whether the proceeding began by it."""
    untaken: list[dict[str, Any]] = field(default_factory=list)
    """Messages that nobody took, each with the reason (`engine.step.Untaken`)."""
    final: bool = False
    """Something outside the proceeding was set going: the step cannot be taken back."""
    answered: str | None = None
    """Digest of the answers."""
    further: list[Facts] = field(default_factory=list)

    def include(self, other: Facts | None) -> None:
        """Add what another proceeding did because of this move."""
        if other is not None:
            self.further.append(other)

    def entry(self) -> dict[str, Any]:
        """As it stands in the ledger: plain values, nothing empty."""
        plain = {
            "process": self.process,
            "opened": [task.node for task in self.opened],
            "closed": self.closed,
            "clocks": self.clocks,
            "calls": self.calls,
            "decided": self.decided,
            "states": self.states,
            "ended": self.ended,
            "begun": self.begun,
            "untaken": self.untaken,
            "answers": self.answered,
            "further": [facts.entry() for facts in self.further],
        }
        return {key: value for key, value in plain.items() if value}

    def take_up(
        self, acting: Acting, law: Law, case: Case, task: Task, parts: Parts, *, also: Collection[str] = ()
    ) -> None:
        """Enter that the acting person, and whoever signed with them, has the duty of this task in the case from now on.

        A party has none.
        """
        duty = task.duty
        if duty is None or acting.by.person_id is None or law.roles[duty].concerned:
            return
        persons = {acting.by.person_id, *also}
        known = {person for person in persons if (person, duty) in parts.on_record}
        first = {person for person in known if not parts.on_record[person, duty]}
        if first:
            acting.session.execute(_duty(case.id, first, duty).values(acted_at=acting.now))
        acting.session.add_all(
            Duty(case_id=case.id, person_id=person, kind=duty, acted_at=acting.now)
            for person in sorted(persons - known)
        )


def take(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    step: Step,
    *,
    completed: Task | None = None,
    fired: Deadline | None = None,
    staffed: frozenset[str] | None = None,
    live: list[Deadline] | None = None,
    undo: Mapping[str, Any] | None = None,
) -> Facts:
    """Turn a step into rows.

    Args:
        completed: the task whose completion it was (its row is the caller's).
        fired: the clock whose expiry it was (its row is the caller's).
        staffed: duties that somebody is appointed to by name; read when not given.
        live: clocks of the proceeding whose act was still to be done before the step; read when not given.
        undo: what the answers changed about the people of the case, as it was before.
    """
    facts = Facts(process=proceeding.process)
    before = proceeding.snapshot
    _keep(acting, proceeding, step, before if completed is not None else None, completed, undo)
    _close_tasks(acting, law, proceeding, step, facts)
    if live is None:
        live = live_clocks(acting, proceeding) if step.before else []
    live = _clocks(acting, law, case, proceeding, step, fired, live, facts)
    _open_tasks(acting, law, case, proceeding, step, live, staffed, facts)
    for happening in step.trace:
        state = happening.extensions.get("state")
        if state and happening.what == "entered":
            case.state = state
            facts.states.append(state)
    if step.ended or step.failed:
        _end(acting, case, proceeding, step, facts)
    facts.calls = [
        {"operation": call.operation, "arguments": dict(call.arguments), "result": call.result} for call in step.calls
    ]
    facts.decided = [
        {"decision": asked.decision, "result": asked.result, "rules": [dict(rule) for rule in asked.rules]}
        for asked in step.decided
    ]
    return facts


def restore(acting: Acting, law: Law, case: Case, proceeding: Proceeding, task: Task) -> Facts:
    """Go back to before the last step: what it opened is withdrawn, what it closed stands open again."""
    assert proceeding.previous is not None  # noqa: S101 - the caller has checked
    definition = law.definition(proceeding.process)
    now_open = machine.look(definition, proceeding.snapshot, now=acting.now)
    then_open = machine.look(definition, proceeding.previous, now=acting.now)
    session, since = acting.session, task.completed_at
    facts = Facts(process=proceeding.process)
    withdrawn = {each.id for each in now_open.open_tasks} - {each.id for each in then_open.open_tasks}
    reopened = {each.id for each in then_open.open_tasks} - {each.id for each in now_open.open_tasks}
    for row in session.scalars(_tasks(proceeding).where(Task.state == "open", Task.token.in_(withdrawn))):
        row.state, row.completed_at = "taken_back", acting.now
        facts.closed.append(row.node)
    session.flush()
    for row in session.scalars(_tasks(proceeding).where(Task.completed_at == since, Task.token.in_(reopened))):
        row.state, row.completed_at, row.completed_by = "open", None, None
        row.version += 1
        facts.opened.append(row)
    timers = {timer.id for timer in then_open.timers}
    for clock in session.scalars(select(Deadline).where(Deadline.proceeding_id == proceeding.id)):
        if clock.state in (deadlines.RUNNING, deadlines.SUSPENDED) and clock.timer not in timers:
            deadlines.end(acting, law, clock, done=False)
            facts.clocks.append({"rule": clock.rule, "due": clock.due, "state": clock.state})
        elif clock.ended_at == since and clock.timer in timers | {clock.timer if clock.fired_at else ""}:
            deadlines.revive(acting, law, clock)
            facts.clocks.append({"rule": clock.rule, "due": clock.due, "state": clock.state})
    findings.recall(session, case, proceeding.undo or {})
    step = then_open._replace(trace=())
    _keep(acting, proceeding, step, None, None, None)
    case.state = task.case_state or case.state
    return facts


def seal_protected(acting: Acting, case: Case, task: Task | None, protected: Mapping[str, Any]) -> None:
    """Keep personal data apart from the answers, sealed."""
    for name, value in protected.items():
        if value in (None, "", []):
            continue
        acting.session.add(
            ProtectedValue(
                id=new_id(acting.now),
                case_id=case.id,
                task_id=task.id if task else None,
                field=name,
                sealed=acting.vault.seal(value),
                created_at=acting.now,
            )
        )


def _keep(
    acting: Acting,
    proceeding: Proceeding,
    step: Step,
    previous: bytes | None,
    completed: Task | None,
    undo: Mapping[str, Any] | None,
) -> None:
    proceeding.snapshot = step.snapshot
    proceeding.previous, proceeding.undo = previous, undo
    proceeding.previous_task_id = completed.id if completed is not None else None
    proceeding.steps += 1
    proceeding.wake_at = min((timer.due for timer in step.timers if timer.due is not None), default=None)
    trace = [[each.what, each.node, list(each.path), each.process] for each in step.trace]
    acting.session.connection().execute(
        _STEP, {"proceeding_id": proceeding.id, "number": proceeding.steps, "at": acting.now, "trace": trace}
    )


_STEP = insert(StepRecord).inline()
_WORK = ("user", "manual")
"""Kinds of node that open a task."""


def _close_tasks(acting: Acting, law: Law, proceeding: Proceeding, step: Step, facts: Facts) -> None:
    """Tasks that the move cancelled: their activity was interrupted, or their scope left."""
    definition = law.definition(proceeding.process)
    gone = {
        each.id
        for each in step.trace
        if each.what == "cancelled"
        and each.id in step.before
        and definition.node(each.node, each.process).kind in _WORK
    }
    if not gone:
        return
    rows = acting.session.execute(
        update(Task)
        .where(Task.proceeding_id == proceeding.id, Task.state == "open", Task.token.in_(gone))
        .values(state="cancelled", completed_at=acting.now, version=Task.version + 1)
        .returning(Task.node)
    )
    facts.closed.extend(sorted(rows.scalars()))


def _clocks(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    step: Step,
    fired: Deadline | None,
    before: list[Deadline],
    facts: Facts,
) -> list[Deadline]:
    """Stop the clocks whose act is done, start those the diagram has armed; give those that run."""
    armed = {timer.id for timer in step.timers}
    active = {activity.id: activity for activity in step.active}
    finished = {each.id for each in step.trace if each.what in ("completed", "fired")}
    outrun = _outrun(law, proceeding, step)
    live: list[Deadline] = []
    for clock in before:
        if clock.proceeding_id != proceeding.id:
            live.append(clock)
            continue
        over = clock.guards not in active if clock.guards is not None else clock.timer not in armed
        if not over:
            live.append(clock)
            continue
        if clock is fired and clock.ended_at is not None:
            continue
        done = clock.guards in finished if clock.guards is not None else clock.node in outrun
        deadlines.end(acting, law, clock, done=done)
        facts.clocks.append({"rule": clock.rule, "due": clock.due, "state": clock.state})
    for timer in step.timers:
        if timer.deadline is not None and timer.id not in step.before:
            clock = deadlines.start(acting, law, case, proceeding, timer, active.get(timer.attached or ""))
            facts.clocks.append({"rule": clock.rule, "due": clock.due, "state": clock.state})
            live.append(clock)
    return live


def _outrun(law: Law, proceeding: Proceeding, step: Step) -> set[str]:
    """Events that waited at a gateway where another one came first: what a window was open for has happened."""
    came = {(each.process, each.node) for each in step.trace if each.what == "fired"}
    if not came:
        return set()
    definition = law.definition(proceeding.process)
    gateways = {(flow.process, flow.source) for flow in definition.flows if (flow.process, flow.target) in came}
    return {flow.target for flow in definition.flows if (flow.process, flow.source) in gateways}


def live_clocks(acting: Acting, proceeding: Proceeding) -> list[Deadline]:
    """Clocks over a proceeding whose act is still to be done: its own, and those of other proceedings over the whole case."""
    return list(acting.session.scalars(_LIVE, {"case_id": proceeding.case_id, "proceeding_id": proceeding.id}))


_LIVE = select(Deadline).where(
    Deadline.case_id == bindparam("case_id"),
    or_(Deadline.proceeding_id == bindparam("proceeding_id"), Deadline.whole_case.is_(True)),
    Deadline.state.in_(deadlines.LIVE),
)


def _open_tasks(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    step: Step,
    live: list[Deadline],
    staffed: frozenset[str] | None,
    facts: Facts,
) -> None:
    new = [task for task in step.open_tasks if task.id not in step.before]
    if not new:
        return
    if staffed is None:
        staffed = frozenset(
            acting.session.scalars(
                select(Duty.kind).where(
                    Duty.case_id == case.id, Duty.appointed_at.is_not(None), Duty.ended_at.is_(None)
                )
            )
        )
    for opened in new:
        task = _row(acting, law, case, proceeding, opened, staffed)
        clock = deadlines.governing(each for each in live if deadlines.covers(each, task))
        task.due_at = clock.due_at if clock else None
        task.sort_at = task.due_at or deadlines.NEVER
        acting.session.add(task)
        facts.opened.append(task)


def _row(
    acting: Acting, law: Law, case: Case, proceeding: Proceeding, opened: OpenTask, staffed: frozenset[str]
) -> Task:
    role = opened.lane
    duty = opened.extensions.get("duty") or role
    party_id = opened.about.get("party")
    named = opened.about.get("person")
    if role is not None and law.roles[role].concerned:
        party = acting.session.get(Party, party_id) if party_id else None
        named = named or (party.person_id if party else None)
        by_group, by_appointment = False, False
    else:
        if named is not None:
            policy.may_take_up(law.roles, duty, policy.parts_of(acting.session, case.id, named), case_id=case.id)
        by_appointment = named is None and duty in staffed
        by_group = named is None and role is not None and not by_appointment
    return Task(
        id=new_id(acting.now),
        case_id=case.id,
        proceeding_id=proceeding.id,
        unit_id=case.unit_id,
        token=opened.id,
        node=opened.node,
        process=opened.process,
        path="/".join(opened.path),
        name=opened.name,
        name_en=opened.extensions.get("en") or opened.name,
        role=role,
        duty=duty,
        queue=queue(role, case.unit_id) if by_group and role is not None else None,
        by_appointment=by_appointment,
        form=opened.extensions.get("form"),
        persons=int(opened.extensions.get("persons") or 1),
        signing=False,
        party_id=party_id,
        assignee_id=named,
        state="open",
        case_state=case.state,
        opened_at=acting.now,
        version=1,
    )


def _end(acting: Acting, case: Case, proceeding: Proceeding, step: Step, facts: Facts) -> None:
    proceeding.state = "failed" if step.failed else "ended"
    proceeding.ended_at = acting.now
    proceeding.wake_at = None
    proceeding.previous, proceeding.previous_task_id, proceeding.undo = None, None, None
    if step.failed:
        proceeding.failure = step.failed._asdict()
    facts.ended = True
    others = acting.session.scalar(
        select(Proceeding.id)
        .where(Proceeding.case_id == case.id, Proceeding.id != proceeding.id, Proceeding.state == "running")
        .limit(1)
    )
    if others is None:
        case.closed_at = acting.now


def _tasks(proceeding: Proceeding) -> Any:
    return select(Task).where(Task.proceeding_id == proceeding.id)


def _duty(case_id: str, person_ids: Collection[str], kind: str) -> Any:
    return update(Duty).where(Duty.case_id == case_id, Duty.person_id.in_(person_ids), Duty.kind == kind)
