"""What has completed and could be undone, and in which order compensation undoes it.

A scope keeps one line for each completed activity that has a handler, or something inside that has one:

    [activity, handler beside it, handler inside it, scope inside it, values of its token, lines of the scope inside it]

Compensation takes lines out (nothing is undone twice) and turns them into steps, last completed first. A sub-process without a
handler of its own is undone by undoing what completed inside it. Everything is plain values: it is stored with the proceeding.
It may never run a handler; the throwing event does, one step after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.proceeding import Token


def note(token: Token, inside: str = "", inner: str = "", lines: Iterable[Any] = ()) -> None:
    """Note that an activity has completed, if there is something to undo.

    Args:
        inside: spec of the handler inside it (a compensation event sub-process).
        inner: name of the scope inside it.
        lines: what that scope has noted.
    """
    spec = token.task_spec
    kept = [] if spec.undone_by else list(lines)
    if spec.undone_by or inside or kept:
        token.workflow.done.append([spec.node.id, spec.undone_by, inside, inner, dict(token.data), kept])


def gathered(thrower: Token, activity: str) -> list[dict[str, Any]]:
    """The steps that a compensation thrown here takes: of one activity, or (empty) of all that completed in its scope.

    Thrown in an event sub-process it undoes what completed in the scope around it too.
    """
    scope = thrower.workflow
    scopes = [scope]
    if scope.owner is not None and scope.owner.task_spec.node.by_event:
        scopes.append(scope.owner.workflow)
    found: list[dict[str, Any]] = []
    for each in scopes:
        lines = [line for line in each.done if not activity or line[0] == activity]
        each.done = [line for line in each.done if activity and line[0] != activity]
        found.extend(_steps(lines, each.spec.name, list(each.path), {}))
    return found


def _steps(lines: list[Any], scope: str, path: list[str], values: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for activity, undone_by, inside, inner, data, within in reversed(lines):
        known = {**values, **data}
        deeper = [*path, activity]
        if undone_by:
            steps.append({"scope": scope, "enter": undone_by, "path": path, "values": known, "done": []})
        elif inside:
            steps.append({"scope": inner, "enter": inside, "path": deeper, "values": known, "done": within})
        else:
            steps.extend(_steps(within, inner, deeper, known))
    return steps
