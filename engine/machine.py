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

from engine import moments, plain, variables
from engine import snapshot as snapshots
from engine.diagrams import Definition
from engine.errors import AnswersRefused, ErrorUncaught, TaskNotOpen, TimerNotOpen, TriggerUnknown
from engine.proceeding import Proceeding, Token
from engine.specs import NodeSpec
from engine.standing import describe, failed, open_ids
from engine.step import Step

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
) -> Step:
    """Begin a proceeding.

    Args:
        data: its first variables, plain values.
        now: the moment, aware.
        services: the operations that service tasks may call, by name.
        trigger: id of the start event, or name of the message or signal, that starts it; None for the start event without a
            trigger.

    Raises:
        TriggerUnknown: nothing in the diagram is started so.
        AnswersRefused: `data` is not plain.
        EngineError: an automatic step failed.
    """
    clock = moments.aware(now)
    values = _plain(data, "The data", "数据")
    event = _start_event(definition, trigger)
    proceeding = Proceeding(
        definition.specs[definition.process_id],
        definition.specs,
        clock=clock,
        services=services,
        mark=_mark(definition, values, clock),
    )
    proceeding.compact = snapshots.compact
    proceeding.variables = values

    def move() -> None:
        proceeding.enter(event)
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
    """Tell a proceeding that a message or signal has come. `Step.taken` says whether anybody waited for it; if not, nothing
    has changed.

    A message is taken by one, a signal by everybody who waits for it.

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
    try:
        payload = plain.plain(payload)
    except plain.NotPlain as wrong:
        raise _not_kept("The payload", "消息内容", wrong) from None

    def move() -> bool:
        taken = kind != "signal" and _tell(proceeding, event, payload, to)
        if not taken and kind != "message" and to is None:
            taken = proceeding.signal(event, payload)
        proceeding.settle()
        return taken

    return _moved(definition, proceeding, before, snapshot, move)


def look(definition: Definition, snapshot: bytes, *, now: datetime) -> Step:
    """What stands open, without a move."""
    proceeding = _thaw(definition, snapshot, now, _NO_SERVICES)
    return describe(definition, proceeding, open_ids(proceeding))


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


def _not_kept(what: str, zh: str, wrong: plain.NotPlain) -> AnswersRefused:
    return AnswersRefused(f"{what} cannot be kept: {wrong}.", path=wrong.path, zh=f"{zh}不能保存：{wrong.chinese}。")


def _start_event(definition: Definition, trigger: str | None) -> NodeSpec:
    process = definition.specs[definition.process_id]
    if trigger is None:
        if process.plain_start is None:
            by = _started_by(definition)
            raise TriggerUnknown(
                f"{definition.process_id} starts only by {by}.", zh=f"{definition.process_id} 只能由 {by} 启动。"
            )
        return process.plain_start
    found = process.starts.get(trigger) or next(
        (
            process.starts[way.node]
            for way in definition.start_triggers
            if trigger and trigger in (way.message, way.signal)
        ),
        None,
    )
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
    move: Callable[[], bool | None],
) -> Step:
    """Move, and tell what came of it: also where an error of the diagram was caught by nobody."""
    try:
        taken = move()
    except ErrorUncaught as uncaught:
        return failed(definition, proceeding, before, None if snapshot is None else bytes(snapshot), uncaught)
    return describe(definition, proceeding, before, taken=taken is not False)


def _tell(proceeding: Proceeding, message: str, payload: Any, to: str | None) -> bool:
    taker = proceeding.waiting_for(message) if to is None else _waiting(proceeding, to, message)
    if taker is not None:
        taker.task_spec.catch(taker, payload)
    return taker is not None


def _waiting(proceeding: Proceeding, to: str, event: str) -> Token | None:
    token = proceeding.token_named(to)
    if token is None or token.id not in proceeding.waiting:
        return None
    waits_for = token.task_spec.event
    return token if waits_for.kind == "message" and waits_for.name == event else None
