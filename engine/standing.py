"""What stands open: a proceeding told as a `Step`, for those who know nothing of tokens.

It only looks. It may never move anything, and nothing of the library leaves through it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow import TaskState

from engine import snapshot as snapshots
from engine import vocabulary
from engine.diagrams import Definition
from engine.errors import ErrorUncaught
from engine.nodes import Node, named
from engine.proceeding import Proceeding, Token
from engine.specs import BoundarySpec, CatchSpec, JoinSpec, ListenerSpec, ReceiveSpec, RepeatSpec, ScopeSpec
from engine.step import Active, Failure, OpenTask, Step, Timer, Untaken, Waiting


def describe(
    proceeding: Proceeding, before: frozenset[str], snapshot: bytes, *, untaken: Untaken | None = None
) -> Step:
    tasks: list[OpenTask] = []
    timers: list[Timer] = []
    waiting: list[Waiting] = []
    active: list[Active] = []
    for token in proceeding.tokens():
        spec = token.task_spec
        if isinstance(spec, CatchSpec):
            if spec.event.kind == "timer":
                timers.append(_timer(token))
            elif spec.event.kind in ("message", "signal", "condition"):
                waiting.append(_event(token))
        elif not spec.automatic and token.state == TaskState.READY:
            tasks.append(_task(token))
        if _is_activity(token):
            active.append(_activity(token))
    return Step(
        snapshot=snapshot,
        open_tasks=tuple(tasks),
        timers=tuple(timers),
        waiting=tuple(waiting),
        active=tuple(active),
        before=before,
        calls=tuple(proceeding.calls),
        decided=tuple(proceeding.decided),
        messages=tuple(proceeding.messages),
        ended=proceeding.completed,
        failed=None if tasks or timers or any(not each.condition for each in waiting) else _deadlock(proceeding),
        variables=proceeding.variables,
        trace=tuple(proceeding.trace),
        taken=untaken is None,
        untaken=untaken,
        keys=proceeding.correlated(),
    )


def failed(
    definition: Definition,
    proceeding: Proceeding,
    before: frozenset[str],
    snapshot: bytes | None,
    uncaught: ErrorUncaught,
) -> Step:
    """A proceeding that has failed by an error nobody caught: everything in it ends, and what is stored stays as it was.

    Args:
        snapshot: as it was before the move; None where it had not begun.
    """
    proceeding.cancel_all()
    proceeding.completed = True
    snapshots.compact(proceeding)
    facts = uncaught.facts
    return Step(
        snapshot=snapshots.freeze(proceeding, definition) if snapshot is None else snapshot,
        open_tasks=(),
        timers=(),
        waiting=(),
        active=(),
        before=before,
        calls=tuple(proceeding.calls),
        decided=tuple(proceeding.decided),
        messages=(),
        ended=True,
        failed=Failure(
            kind="error",
            code=str(facts["code"]),
            node=str(facts["node"]),
            name=str(facts["name"]),
            process=str(facts["process"]),
            said=str(facts["said"]),
        ),
        variables=proceeding.variables,
        trace=tuple(proceeding.trace),
        taken=True,
    )


def _deadlock(proceeding: Proceeding) -> Failure | None:
    """Tokens are left, but nobody and nothing is waited for that could move them: never a silent stop."""
    left: list[Node] = [token.task_spec.node for token in proceeding.tokens() if _waits_for_others(token)]
    if not left:
        return None
    return Failure(
        kind="deadlock",
        code="deadlock",
        node=left[0].id,
        name=left[0].name,
        process=left[0].process,
        waiting=tuple(dict.fromkeys(named(node) for node in left)),
    )


def _waits_for_others(token: Token) -> bool:
    """Whether only other tokens can move it: it waits for them at a gateway, or for what they write."""
    spec = token.task_spec
    if isinstance(spec, CatchSpec):
        return bool(spec.event.kind == "condition")
    return isinstance(spec, JoinSpec) or (spec.io is not None and "taken" not in token.internal_data)


def open_ids(proceeding: Proceeding) -> frozenset[str]:
    return frozenset(
        token.name for token in proceeding.tokens() if isinstance(token.task_spec, CatchSpec) or _is_activity(token)
    )


def _is_activity(token: Token) -> bool:
    """A task a person has, a receive task, or a sub-process, call or multi-instance that runs: not a gateway that waits."""
    spec = token.task_spec
    if spec.io is not None and "taken" not in token.internal_data:
        return False
    return not spec.automatic or (spec.drawn and isinstance(spec, ScopeSpec | RepeatSpec | ReceiveSpec))


def _task(token: Token) -> OpenTask:
    node: Node = token.task_spec.node
    return OpenTask(
        id=token.name,
        node=node.id,
        name=node.name,
        kind="user" if node.kind == "userTask" else "manual",
        lane=node.lane,
        extensions=node.extensions,
        locals=_locals(token),
        about=_about(token),
        process=node.process,
        path=token.workflow.path,
    )


def _timer(token: Token) -> Timer:
    node: Node = token.task_spec.node
    kept = token.internal_data
    return Timer(
        id=token.name,
        node=node.id,
        name=node.name,
        due=datetime.fromisoformat(kept["due"]).astimezone(UTC) if "due" in kept else None,
        deadline=token.task_spec.event.deadline or None,
        trigger=kept.get("from"),
        attached=_attached(token),
        interrupting=node.interrupting,
        process=node.process,
        path=token.workflow.path,
        extensions=node.extensions,
        locals=_locals(token),
        about=_about(token),
    )


def _event(token: Token) -> Waiting:
    node: Node = token.task_spec.node
    event = token.task_spec.event
    return Waiting(
        id=token.name,
        node=node.id,
        name=node.name,
        message=event.name if event.kind == "message" else "",
        signal=event.name if event.kind == "signal" else "",
        condition=event.expression.text if event.kind == "condition" else "",
        attached=_attached(token),
        interrupting=node.interrupting,
        process=node.process,
        path=token.workflow.path,
        extensions=node.extensions,
        locals=_locals(token),
        about=_about(token),
    )


def _activity(token: Token) -> Active:
    node: Node = token.task_spec.node
    return Active(
        id=token.name,
        node=node.id,
        kind=vocabulary.KINDS[node.kind],
        process=node.process,
        path=token.workflow.path,
        extensions=node.extensions,
    )


def _attached(token: Token) -> str | None:
    """The activity an event is attached to: the sibling that is no event; of an event sub-process the one around it."""
    if isinstance(token.task_spec, ListenerSpec) and token.workflow.owner is not None:
        return token.workflow.owner.name
    if not isinstance(token.task_spec, BoundarySpec):
        return None
    sibling: Token
    for sibling in token.parent.children:
        if _is_activity(sibling) and sibling.has_state(TaskState.NOT_FINISHED_MASK):
            return sibling.name
    return None


def _locals(token: Token) -> dict[str, Any]:
    """What the token knows alone, and the instances around it: the items of the multi-instances it runs in."""
    found = dict(token.data)
    scope = token.workflow
    while scope.owner is not None:
        found = {**scope.owner.data, **found}
        scope = scope.owner.workflow
    return found


def _about(token: Token) -> dict[str, Any]:
    """Whom it concerns: as noted when it opened, on it or on the activities around it; the nearest counts."""
    found = dict(token.internal_data.get("about", ()))
    scope = token.workflow
    while scope.owner is not None:
        found = {**scope.owner.internal_data.get("about", {}), **found}
        scope = scope.owner.workflow
    return found
