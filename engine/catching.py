"""Who catches an error or an escalation: looked for outwards, from the activity in which it was thrown.

At each level only events attached to that very activity are asked, never a neighbour's, and then the event sub-processes of the
scope around it, unless it is thrown inside one of them; an event that names the code before one
that catches every code. The way leads from a thrower to the activity around it, from an instance to its multi-instance, and from
a called process to the call. It only looks: what is caught is told to the event by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow import TaskState

from engine.specs import BoundarySpec, GuardSpec, HandlerSpec, ListenerSpec

if TYPE_CHECKING:
    from engine.proceeding import Scope, Token


def catcher(thrower: Token, kind: str, code: str) -> Token | None:
    """The waiting event that catches an error or escalation thrown at a token; None where nobody does."""
    for level in _outwards(thrower):
        for wanted in (code, ""):
            for token in level:
                event = token.task_spec.event
                if event.kind == kind and event.name == wanted:
                    return token
    return None


def _outwards(thrower: Token) -> Iterator[list[Token]]:
    at: Token | None = thrower
    while at is not None:
        if at.triggered:
            at = at.parent
        else:
            yield _attached(at)
            if not isinstance(at.task_spec, HandlerSpec):
                yield _listening(at.workflow)
            at = at.workflow.owner


def _attached(activity: Token) -> list[Token]:
    if not isinstance(activity.parent.task_spec, GuardSpec):
        return []
    return [
        sibling
        for sibling in activity.parent.children
        if isinstance(sibling.task_spec, BoundarySpec) and sibling.state == TaskState.WAITING
    ]


def _listening(scope: Scope) -> list[Token]:
    if not scope.spec.listeners:
        return []
    return [
        token
        for token in scope.live.values()
        if isinstance(token.task_spec, ListenerSpec) and token.state == TaskState.WAITING
    ]
