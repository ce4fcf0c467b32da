"""Moving a proceeding: the only functions that do.

Each takes a definition, a snapshot and what happened, and gives a new `Step`. They are pure: the snapshot handed in is never
changed, and when one raises, the proceeding stands where it stood. `now` is an argument; no clock is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from SpiffWorkflow import TaskState

from engine import handing, moments, plain, variables
from engine import snapshot as snapshots
from engine.diagrams import Definition, StartTrigger
from engine.errors import AnswersRefused, ErrorUncaught, TaskNotOpen, TimerNotOpen, TriggerUnknown
from engine.nodes import NOTHING
from engine.proceeding import Proceeding, Token
from engine.standing import describe, failed, open_ids
from engine.step import Step, Untaken

Services = Mapping[str, Callable[..., Any]]

_NONE: Mapping[str, datetime] = MappingProxyType({})
_NO_SERVICES: Services = MappingProxyType({})


def start(
    definition: Definition,
    *,
    data: Mapping[str, Any],
    now: datetime,
    services: Services,
    trigger: str | None = None,
    payload: Any = None,
) -> Step:
    """Begin a proceeding.

    Args:
        data: its first variables, plain values.
        now: the moment, aware.
        services: the operations that service tasks may call, by name.
        trigger: id of the event or receive task, or name of the message or signal, that starts it; None for the start event
            without a trigger.
        payload: what the message or signal carries, a plain value: goes into the variable that the event names (`wz:payload`),
            dropped where it names none.

    Raises:
        TriggerUnknown: nothing in the diagram is started so.
        AnswersRefused: `data` is not plain.
        DataMissing, DataUnfit: the process needs data that are not given, or are of another type than declared.
        EngineError: an automatic step failed.
    """
    clock = moments.aware(now)
    values = _plain(data, "The data", "数据")
    way = _beginning(definition, trigger)
    if way.payload and payload is not None:
        values[way.payload] = _carried(payload)
    process = definition.specs[definition.process_id]
    proceeding = Proceeding(
        process,
        definition.specs,
        clock=clock,
        services=services,
        mark=_mark(definition, values, clock),
    )
    proceeding.compact = snapshots.compact
    proceeding.variables = values
    handing.demand(None, definition.process_id, values, process.needed, given=False)
    handing.declare(values, process.data, definition.process_id)

    def move() -> None:
        begins = process.starts[way.node]
        if way.message:
            proceeding.join_conversation(definition.correlation.carried(way.message, payload))
        proceeding.enter(begins, "" if begins.node.kind == "startEvent" else way.node)
        proceeding.settle()

    return _moved(definition, proceeding, frozenset(), None, move)


def complete(
    definition: Definition,
    snapshot: bytes,
    task_id: str,
    answers: Mapping[str, Any],
    *,
    now: datetime,
    services: Services,
) -> Step:
    """Complete an open task.

    Args:
        task_id: `OpenTask.id`.
        answers: what goes into the variables, plain values.

    Raises:
        TaskNotOpen: it was completed, cancelled, is not yet reached, or belongs to another proceeding.
        AnswersRefused: the answers are not plain.
        EngineError: an automatic step behind it failed.
    """
    proceeding = _thaw(definition, snapshot, now, services)
    before = open_ids(proceeding)
    token = proceeding.token_named(task_id)
    if token is None or token.task_spec.automatic or token.state != TaskState.READY:
        raise TaskNotOpen(task=task_id, zh="任务未打开：已完成、已取消、尚未到达，或属于其他程序。")
    given = _plain(answers, "The answers", "答复")

    def move() -> None:
        for name, value in given.items():
            variables.assign(token, name, value)
        proceeding.run(token)
        proceeding.settle()

    return _moved(definition, proceeding, before, snapshot, move)


def wake(
    definition: Definition,
    snapshot: bytes,
    *,
    now: datetime,
    services: Services,
    expired: Mapping[str, datetime] = _NONE,
) -> Step:
    """Fire every timer that is due, in the order they fell due; each as if it had been noticed at its moment.

    Args:
        now: timers due at or before this moment fire; those armed on the way count from the moment they should have been armed.
        expired: statutory timers that have passed: `Timer.id` → the moment. They are never fired otherwise.

    Raises:
        TimerNotOpen: `expired` names a timer that is not open, or that is not a statutory one.
        ValueError: a moment has no zone, or lies after `now`.
        EngineError: an automatic step failed.
    """
    proceeding = _thaw(definition, snapshot, now, services)
    before = open_ids(proceeding)
    latest = moments.stamp(proceeding.clock)
    passed = _passed(proceeding, expired, latest)

    def move() -> None:
        while proceeding.fire_due(latest, passed):
            proceeding.settle()

    return _moved(definition, proceeding, before, snapshot, move)


def deliver(
    definition: Definition,
    snapshot: bytes,
    event: str,
    payload: Any,
    *,
    now: datetime,
    services: Services,
    to: str | None = None,
    kind: Literal["message", "signal"] | None = None,
) -> Step:
    """Tell a proceeding that a message or signal has come. `Step.taken` says whether anybody took it; if not, nothing has
    changed, and `Step.untaken` says why.

    A message is taken by one, a signal by everybody who waits for it. Where the diagram tells a message apart by keys, it is
    taken only if one of the keys that it carries is one of the proceeding's (`Step.keys`); a proceeding without such a key
    takes it only if it is addressed to one who waits (`to`), and has its keys from then on.

    Args:
        event: name of the message or signal.
        payload: what it carries, a plain value: written to the variable the event names (`wz:payload`), dropped where it
            names none.
        to: id of the one `Waiting` that must take the message; None for the one that has waited longest.
        kind: which of the two it is; None: a message if one of that name is waited for, else a signal.

    Raises:
        AnswersRefused: the payload is not plain.
        EngineError: an automatic step failed.
    """
    proceeding = _thaw(definition, snapshot, now, services)
    before = open_ids(proceeding)
    payload = _carried(payload)

    def move() -> Untaken | None:
        untaken = "nobody_waits" if kind == "signal" else _tell(proceeding, event, payload, to)
        if untaken == "nobody_waits" and kind != "message" and to is None and proceeding.signal(event, payload):
            untaken = None
        proceeding.settle()
        return untaken

    return _moved(definition, proceeding, before, snapshot, move)


def migrate(
    old: Definition,
    new: Definition,
    snapshot: bytes,
    *,
    now: datetime,
    services: Services,
    ids: Mapping[str, str] = NOTHING,
) -> Step:
    """Move a proceeding to another version of its diagram. What can go on there now does, as after any other move.

    Ids of tasks, timers and waiting events stay what they were.

    Args:
        old: the version that the snapshot belongs to.
        ids: ids of nodes, processes or lanes that are called otherwise in the new version, old → new.

    Raises:
        MigrationRefused: it cannot be moved faithfully; with every obstacle.
        SnapshotRefused: the snapshot does not belong to the old version.
        EngineError: an automatic step failed.
    """
    moved = snapshots.moved(_thaw(old, snapshot, now, services), old, new, ids)
    proceeding = _thaw(new, moved, now, services)
    return _moved(new, proceeding, open_ids(proceeding), moved, proceeding.settle)


def look(definition: Definition, snapshot: bytes, *, now: datetime) -> Step:
    """What stands open, without a move."""
    proceeding = _thaw(definition, snapshot, now, _NO_SERVICES)
    return describe(proceeding, open_ids(proceeding), bytes(snapshot))


def around(definition: Definition, snapshot: bytes, task_id: str, *, now: datetime) -> Mapping[str, Any]:
    """Every variable around an open task, across the borders of called processes, the nearer hiding the farther.

    For questions about the whole proceeding, such as whether a date lies before its filing. The diagram itself reads only
    what its calls hand over.

    Raises:
        TaskNotOpen: no such task is open.
    """
    proceeding = _thaw(definition, snapshot, now, _NO_SERVICES)
    token = proceeding.token_named(task_id)
    if token is None or token.task_spec.automatic or token.state != TaskState.READY:
        raise TaskNotOpen(task=task_id)
    return variables.across(token)


def _thaw(definition: Definition, snapshot: bytes, now: datetime, services: Services) -> Proceeding:
    return snapshots.thaw(definition, snapshot, clock=moments.aware(now), services=services)


def _plain(values: Mapping[str, Any], what: str, zh: str) -> dict[str, Any]:
    try:
        return plain.variables(dict(values) if isinstance(values, Mapping) else values)
    except plain.NotPlain as wrong:
        raise _not_kept(what, zh, wrong) from None


def _carried(payload: Any) -> Any:
    try:
        return plain.plain(payload)
    except plain.NotPlain as wrong:
        raise _not_kept("The payload", "消息内容", wrong) from None


def _not_kept(what: str, zh: str, wrong: plain.NotPlain) -> AnswersRefused:
    return AnswersRefused(f"{what} cannot be kept: {wrong}.", path=wrong.path, zh=f"{zh}不能保存：{wrong.chinese}。")


def _beginning(definition: Definition, trigger: str | None) -> StartTrigger:
    """The way in which a process begins."""
    ways = definition.start_triggers
    if trigger is None:
        found = next((way for way in ways if way.kind == "none"), None)
        if found is None:
            by = _started_by(definition)
            raise TriggerUnknown(
                f"{definition.process_id} starts only by {by}.", zh=f"{definition.process_id} 只能由 {by} 启动。"
            )
        return found
    found = next((way for way in ways if trigger == way.node), None)
    found = found or next((way for way in ways if trigger and trigger in (way.message, way.signal)), None)
    if found is None:
        raise TriggerUnknown(
            f"{definition.process_id} is not started by “{trigger}”.",
            trigger=trigger,
            zh=f"{definition.process_id} 不能由“{trigger}”启动。",
        )
    return found


def _started_by(definition: Definition) -> str:
    return ", ".join(
        f"{way.kind} {way.message or way.signal or way.condition or way.timer}".strip()
        for way in definition.start_triggers
    )


def _mark(definition: Definition, values: Mapping[str, Any], clock: datetime) -> str:
    """Tells the ids of one proceeding from another's: the same for the same beginning, so that a start can be repeated."""
    beginning = json.dumps([definition.digest, values, moments.stamp(clock)], sort_keys=True)
    return hashlib.sha256(beginning.encode()).hexdigest()[:8]


def _passed(proceeding: Proceeding, expired: Mapping[str, datetime], latest: str) -> dict[int, str]:
    passed: dict[int, str] = {}
    for name, moment in expired.items():
        token = proceeding.token_named(name)
        if token is None or token.id not in proceeding.waiting or not token.task_spec.event.deadline:
            raise TimerNotOpen(
                f"No statutory timer “{name}” is open.", timer=name, zh=f"没有名为“{name}”的法定期限在计时。"
            )
        stamped = moments.stamp(moments.aware(moment, f"the moment of {name}"))
        if stamped > latest:
            raise ValueError(f"the moment of {name} lies after now")
        passed[token.id] = stamped
    return passed


def _moved(
    definition: Definition,
    proceeding: Proceeding,
    before: frozenset[str],
    snapshot: bytes | None,
    move: Callable[[], Untaken | None],
) -> Step:
    """Move, and tell what came of it: also where an error of the diagram was caught by nobody."""
    try:
        untaken = move()
    except ErrorUncaught as uncaught:
        return failed(definition, proceeding, before, None if snapshot is None else bytes(snapshot), uncaught)
    snapshots.compact(proceeding)
    return describe(proceeding, before, snapshots.freeze(proceeding, definition), untaken=untaken)


def _tell(proceeding: Proceeding, message: str, payload: Any, to: str | None) -> Untaken | None:
    taker = proceeding.waiting_for(message) if to is None else _waiting(proceeding, to, message)
    if taker is None:
        return "nobody_waits"
    refusal = proceeding.refusal(message, payload, addressed=to is not None)
    if refusal is None:
        proceeding.join_conversation(proceeding.correlation.carried(message, payload))
        taker.task_spec.catch(taker, payload)
    return refusal


def _waiting(proceeding: Proceeding, to: str, event: str) -> Token | None:
    token = proceeding.token_named(to)
    if token is None or token.id not in proceeding.waiting:
        return None
    waits_for = token.task_spec.event
    return token if waits_for.kind == "message" and waits_for.name == event else None
