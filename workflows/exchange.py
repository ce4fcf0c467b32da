"""What goes between the proceedings of a case: messages and signals that one throws, and others take or begin by.

They are carried one after the other, in the order thrown, and only so many for one act: two proceedings that tell each other
things without end are an error in words, and nothing of the act is kept. May never pass over in silence what nobody took.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import machine
from engine.errors import EngineError, TaskNotOpen
from engine.step import Message, Step, Waiting
from workflows import findings, operations, taking
from workflows.acting import Acting
from workflows.errors import NotOpen, NotPossible
from workflows.identifiers import new_id
from workflows.records import Case, KeptMessage, Proceeding
from workflows.releases import Law
from workflows.taking import Facts

MOST = 200
"""Messages and signals between the proceedings of a case that one act may set going."""
NOBODY_WAITS = "nobody_waits"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or signal on its way."""

    message: Message
    law: Law
    facts: Facts
    """Of the move that threw it."""
    sender: Proceeding | None = None
    """None where it comes from outside."""
    kept: KeptMessage | None = None
    """Where it was kept from before."""


def take(acting: Acting, law: Law, case: Case, proceeding: Proceeding, step: Step, **how: Any) -> Facts:
    """Take what came out of a move, and carry on what it set going between proceedings of the case.

    An escalation that nobody inside took stays in the trace: no other proceeding is above this one.

    Raises:
        NotPossible: it sets going more than `MOST` messages and signals.
    """
    facts, sent = _taken(acting, law, case, proceeding, step, **how)
    carry(acting, case, sent)
    return facts


def begin(
    acting: Acting,
    law: Law,
    case: Case,
    process: str,
    data: Mapping[str, Any],
    *,
    follows: Proceeding | None = None,
    party_id: str | None = None,
) -> tuple[Proceeding, Facts]:
    """Begin a proceeding in a case. Not a command by itself: the verb that calls it enters the ledger."""
    proceeding, facts, sent = _begun(acting, law, case, process, data, follows=follows, party_id=party_id)
    carry(acting, case, sent)
    return proceeding, facts


def deliver(acting: Acting, law: Law, case: Case, proceeding: Proceeding, event: Waiting, payload: Any) -> Facts:
    """Tell one event that waits what it waits for.

    Raises:
        NotPossible: the message belongs to another conversation than the proceeding.
    """
    step = _told(acting, law, case, proceeding, event.message, payload, to=event.id)
    if not step.taken:
        raise NotPossible(
            "The message belongs to another matter than this procedure.", why=step.untaken, case_id=case.id
        )
    return take(acting, law, case, proceeding, step)


def carry(acting: Acting, case: Case, sent: list[Sent]) -> None:
    """Carry messages and signals to the other proceedings of the case, and what these throw then, until nothing is on its way.

    What nobody took stands in the facts of the move that threw it.

    Raises:
        NotPossible: there are more than `MOST`.
    """
    on_its_way = deque(sent)
    carried = 0
    while on_its_way:
        each = on_its_way.popleft()
        carried += 1
        if carried > MOST:
            raise NotPossible(
                f"The procedures of the case tell one another more than {MOST} things without a person; last was "
                f"“{each.message.name}”, thrown at {each.message.node}.",
                zh=f"本案各程序无人处理时相互通知超过 {MOST} 次，最后是 {each.message.node} 发出的“{each.message.name}”。",
                limit=MOST,
                node=each.message.node,
                case_id=case.id,
            )
        on_its_way.extend(
            _signal(acting, case, each) if each.message.kind == "signal" else _message(acting, case, each)
        )


def waiting(acting: Acting, case: Case) -> list[tuple[Proceeding, Law, Waiting]]:
    """Every event that waits to be told in a running proceeding of the case."""
    running = acting.session.scalars(
        select(Proceeding)
        .where(Proceeding.case_id == case.id, Proceeding.state == "running")
        .order_by(Proceeding.started_at, Proceeding.id)
    )
    found = []
    for proceeding in running:
        law = acting.releases.law(acting.session, proceeding.release_id)
        here = machine.look(law.definition(proceeding.process), proceeding.snapshot, now=acting.now)
        found += [(proceeding, law, event) for event in here.waiting]
    return found


def moved(case: Case, move: Callable[[], Step]) -> Step:
    """Carry out a move; what the engine refuses becomes a refusal of the casework."""
    try:
        return move()
    except TaskNotOpen as refused:
        raise NotOpen(case_id=case.id, **_plain(refused)) from refused
    except EngineError as refused:
        raise NotPossible(str(refused), case_id=case.id, **_plain(refused)) from refused


def _plain(refused: EngineError) -> dict[str, Any]:
    return {key: str(value) for key, value in refused.facts.items() if key != "case_id"}


def _message(acting: Acting, case: Case, sent: Sent) -> list[Sent]:
    """The first proceeding that waits takes it, where it is meant for it; else it may begin one."""
    message, why = sent.message, NOBODY_WAITS
    if sent.kept is not None and sent.kept.taken_at is not None:
        return []
    for proceeding, law, event in waiting(acting, case):
        if proceeding is sent.sender or event.message != message.name or not _concerns(event, message.payload):
            continue
        # Where keys tell messages apart, whom it is meant for is said by them and not by who waits first.
        keyed = law.definition(proceeding.process).correlation.concerns(message.name)
        step = _told(acting, law, case, proceeding, message.name, message.payload, to=None if keyed else event.id)
        if step.taken:
            facts, further = _taken(acting, law, case, proceeding, step)
            sent.facts.include(facts)
            if sent.kept is not None:
                sent.kept.taken_at = acting.now
            return further
        why = step.untaken or why
    if sent.kept is not None:
        return []
    process = sent.law.started_by(message.name)
    if process is not None:
        return _begin_by(acting, case, sent, process)
    sent.facts.untaken.append({"message": message.name, "why": why})
    return []


def _signal(acting: Acting, case: Case, sent: Sent) -> list[Sent]:
    """Every other proceeding that waits takes it, and every process that begins by it does. It is nobody's in particular."""
    name, payload = sent.message.name, sent.message.payload
    hearing = {each.id: (each, law) for each, law, event in waiting(acting, case) if event.signal == name}
    further: list[Sent] = []
    for proceeding, law in hearing.values():
        if proceeding is not sent.sender:
            step = _told(acting, law, case, proceeding, name, payload, kind="signal")
            facts, thrown = _taken(acting, law, case, proceeding, step)
            sent.facts.include(facts)
            further += thrown
    for process in sent.law.begun_by_signal(name):
        further += _begin_by(acting, case, sent, process)
    return further


def _begin_by(acting: Acting, case: Case, sent: Sent, process: str) -> list[Sent]:
    """A message or signal begins a proceeding, which follows from the one that threw it."""
    carried = sent.message.payload if isinstance(sent.message.payload, dict) else {}
    data = {"parties": carried.get("parties", []), "case_id": case.id, **carried}
    _, facts, further = _begun(
        acting, sent.law, case, process, data,
        follows=sent.sender, party_id=carried.get("appellant"), trigger=sent.message.name, payload=sent.message.payload,
    )  # fmt: skip
    sent.facts.include(facts)
    return further


def _begun(
    acting: Acting,
    law: Law,
    case: Case,
    process: str,
    data: Mapping[str, Any],
    *,
    follows: Proceeding | None = None,
    party_id: str | None = None,
    trigger: str | None = None,
    payload: Any = None,
) -> tuple[Proceeding, Facts, list[Sent]]:
    definition = law.definition(process)
    for way in definition.start_triggers:
        if trigger is not None and way.message == trigger:
            findings.begin_anew(acting, case, definition.node(way.node).extensions.get("others", "").split())
    step = moved(
        case,
        lambda: machine.start(
            definition,
            data=dict(data),
            now=acting.now,
            services=operations.registered(law),
            trigger=trigger,
            payload=payload,
        ),
    )
    proceeding = Proceeding(
        id=new_id(acting.now),
        case_id=case.id,
        release_id=law.release_id,
        process=process,
        name=definition.name,
        follows_id=follows.id if follows else None,
        party_id=party_id,
        state="running",
        snapshot=step.snapshot,
        started_at=acting.now,
        steps=0,
    )
    acting.session.add(proceeding)
    acting.session.flush()
    facts, sent = _taken(acting, law, case, proceeding, step)
    facts.begun = True
    return proceeding, facts, sent


def _taken(
    acting: Acting, law: Law, case: Case, proceeding: Proceeding, step: Step, **how: Any
) -> tuple[Facts, list[Sent]]:
    facts = taking.take(acting, law, case, proceeding, step, **how)
    sent = [Sent(each, law, facts, proceeding) for each in step.messages if each.kind != "escalation"]
    if proceeding.state == "running":
        sent += _kept(acting, law, case, facts, {each.message for each in step.waiting if each.id not in step.before})
    if step.messages or sent:
        proceeding.previous, proceeding.previous_task_id, proceeding.undo = None, None, None
    return facts, sent


def _kept(acting: Acting, law: Law, case: Case, facts: Facts, awaited: set[str]) -> list[Sent]:
    """The messages kept from before that a proceeding has begun to wait for."""
    if not awaited - {""}:
        return []
    rows = acting.session.scalars(
        select(KeptMessage)
        .where(KeptMessage.case_id == case.id, KeptMessage.name.in_(awaited), KeptMessage.taken_at.is_(None))
        .order_by(KeptMessage.kept_at, KeptMessage.id)
    )
    return [Sent(Message("message", each.name, each.payload, "", ""), law, facts, kept=each) for each in rows]


def _told(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    name: str,
    payload: Any,
    *,
    to: str | None = None,
    kind: Any = "message",
) -> Step:
    definition = law.definition(proceeding.process)
    return moved(
        case,
        lambda: machine.deliver(
            definition,
            proceeding.snapshot,
            name,
            payload,
            now=acting.now,
            services=operations.registered(law),
            to=to,
            kind=kind,
        ),
    )


def _concerns(event: Waiting, payload: Any) -> bool:
    """Whether an event that waits for one party is meant by a message about one."""
    waits_for = event.about.get("party")
    about = payload.get("party") if isinstance(payload, dict) else None
    return waits_for is None or about is None or waits_for == about
