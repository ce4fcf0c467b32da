"""Freezing a proceeding to bytes and thawing it again, and clearing away what is no longer needed.

A snapshot is compact JSON: the format's number, a digest over the rest, the definition it belongs to, and per scope its variables
and unfinished tokens with the finished parents they need. The diagram is not in it. Whatever was cut short, altered, written by a
newer version or belongs to another definition is refused. This is the only place that thaws.

What is kept of finished tokens, and why:

- the parent of an unfinished token where siblings find one another through it (an activity and its attached events, the
  events behind an event-based gateway); all other tokens hang on the root;
- the order of tokens: it decides what runs first;
- the scope of a sub-process until its token has completed: its variables are read then;
- of activities that have completed and could be undone, what compensation needs to know.

Nothing else needs the past: joins, multi-instances and cycles count on their own tokens.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import TaskState

from engine.correlation import Correlated
from engine.errors import ProceedingStuck, SnapshotRefused
from engine.limits import MAX_SNAPSHOT
from engine.migration import migrated
from engine.proceeding import ROOT, Proceeding, Scope, SubScope, Token
from engine.specs import GuardSpec, RaceSpec

if TYPE_CHECKING:
    from engine.diagrams import Definition

FORMAT = 2
"""Written. 1 knew no keys of conversations."""
READ = frozenset({1, 2})
"""Every format ever written: proceedings stored by those versions are still open somewhere."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)
"""What is kept was checked when it came in: it holds no circle."""

_HEAD = re.compile(rb'\A\{"wenze":(\d{1,9}),"sha256":"([0-9a-f]{64})","state":')


def freeze(proceeding: Proceeding, definition: Definition) -> bytes:
    """Write a proceeding as it stands.

    Raises:
        ProceedingStuck: it holds more than can be kept.
    """
    return _sealed(_state(proceeding, definition))


def _state(proceeding: Proceeding, definition: Definition) -> dict[str, Any]:
    state: dict[str, Any] = {
        "definition": definition.digest,
        "mark": proceeding.mark,
        "number": proceeding.number,
        "ended": proceeding.completed,
        "scopes": [_frozen(scope) for scope in (proceeding, *proceeding.subprocesses.values())],
    }
    if proceeding.keys:
        state["keys"] = [[each.key, *each.values] for each in proceeding.keys.values()]
    return state


def _sealed(state: dict[str, Any]) -> bytes:
    body = _JSON.encode(state).encode()
    if len(body) > MAX_SNAPSHOT:
        raise ProceedingStuck(
            f"The proceeding holds {len(body)} bytes; at most {MAX_SNAPSHOT} are kept.",
            limit=MAX_SNAPSHOT,
            zh=f"程序数据有 {len(body)} 字节，最多保存 {MAX_SNAPSHOT} 字节。",
        )
    digest = hashlib.sha256(body).hexdigest()
    return b'{"wenze":%d,"sha256":"%s","state":%s}' % (FORMAT, digest.encode(), body)


def thaw(
    definition: Definition,
    snapshot: bytes,
    *,
    clock: datetime,
    services: Mapping[str, Callable[..., Any]],
) -> Proceeding:
    """Bring a proceeding back.

    Raises:
        SnapshotRefused: the snapshot is of an unknown format, of another definition, or was altered.
    """
    body = _opened(snapshot)
    try:
        return _thawed(definition, json.loads(body.decode()), clock, services)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as broken:
        raise SnapshotRefused(
            f"The snapshot contradicts itself: {type(broken).__name__} {broken}.", zh="程序快照自相矛盾。"
        ) from broken


def moved(proceeding: Proceeding, old: Definition, new: Definition, ids: Mapping[str, str]) -> bytes:
    """A proceeding written as the other version of its diagram has it; see `migration`.

    Raises:
        MigrationRefused: it cannot be moved faithfully.
    """
    return _sealed(migrated(old, new, json.loads(_JSON.encode(_state(proceeding, old))), ids))


def compact(proceeding: Proceeding) -> None:
    """Clear finished tokens away, but those that an unfinished one needs."""
    for scope in (proceeding, *proceeding.subprocesses.values()):
        _compact_scope(scope)


def _compact_scope(scope: Scope) -> None:
    root, live, tasks, index = scope.task_tree, scope.live, scope.tasks, scope.top_workflow.index
    keep = {ROOT, *live}
    for token in live.values():
        if _has_siblings(token):
            keep.add(token.parent.id)
    if len(keep) == len(tasks):
        return
    kept = [tasks[id] for id in sorted(keep) if id != ROOT]
    for token in kept:
        if not _has_siblings(token):
            # Not to the next ancestor that is kept: it would become a sibling of tokens it has nothing to do with.
            token.parent = root
    for id in tasks.keys() - keep:
        del tasks[id]
        index.pop(id, None)
    for token in (root, *kept):
        token.children = []
    for token in kept:
        token.parent.children.append(token)


def _has_siblings(token: Token) -> bool:
    """Whether others are found through its parent: it is attached, guarded, behind an event-based gateway, or an instance."""
    return token.triggered or isinstance(token.parent.task_spec, GuardSpec | RaceSpec)


def _frozen(scope: Scope) -> dict[str, Any]:
    frozen: dict[str, Any] = {"spec": scope.spec.name, "variables": scope.variables}
    if scope.owner is not None:
        frozen["owner"] = scope.owner.id
    if scope.owner is not None and scope.is_border:
        frozen["written"] = list(scope.written)
    if scope.done:
        frozen["done"] = scope.done
    if scope.owner is not None and scope.completed:
        frozen["completed"] = True
    frozen["tokens"] = [_token(scope.tasks[id]) for id in sorted(scope.tasks) if id != ROOT]
    return frozen


def _token(token: Token) -> list[Any]:
    written = [token.id, token.parent.id, token.task_spec.name, token.state]
    if token.has_state(TaskState.FINISHED_MASK):
        return written
    if token.data:
        written += [token.internal_data, token.data]
    elif token.internal_data:
        written += [token.internal_data]
    return written


def _opened(snapshot: bytes) -> bytes:
    """The state as it was written, unaltered."""
    if not isinstance(snapshot, bytes | bytearray | memoryview):
        raise SnapshotRefused("A snapshot is bytes.", zh="程序快照应为字节串。")
    snapshot = bytes(snapshot)
    head = _HEAD.match(snapshot)
    if head is None:
        raise SnapshotRefused(
            "The snapshot is of an unknown format, or was cut short.", zh="程序快照格式不明，或已被截断。"
        )
    format = int(head.group(1))
    if format not in READ:
        raise SnapshotRefused(
            f"The snapshot has format {format}; this version reads {min(READ)} to {FORMAT}.",
            format=format,
            zh=f"程序快照为第 {format} 版格式，本版本只读第 {min(READ)} 至 {FORMAT} 版。",
        )
    body = snapshot[head.end() : -1]
    if snapshot[-1:] != b"}" or hashlib.sha256(body).hexdigest().encode() != head.group(2):
        raise SnapshotRefused(
            "The snapshot was altered or cut short: its digest does not fit.", zh="程序快照被改动或截断：摘要不符。"
        )
    return body


def _thawed(
    definition: Definition, state: dict[str, Any], clock: datetime, services: Mapping[str, Callable[..., Any]]
) -> Proceeding:
    if state["definition"] != definition.digest:
        raise SnapshotRefused(
            f"The snapshot belongs to another definition ({state['definition'][:12]}), not to {definition.digest[:12]}.",
            definition=state["definition"],
            zh="程序快照属于另一份程序定义。",
        )
    proceeding = Proceeding(
        definition.specs[state["scopes"][0]["spec"]],
        definition.specs,
        clock=clock,
        services=services,
        mark=state["mark"],
        number=state["number"],
    )
    proceeding.compact = compact
    for frozen in state["scopes"]:
        scope: Scope = proceeding
        if "owner" in frozen:
            owner = proceeding.index[frozen["owner"]]
            scope = SubScope(definition.specs[frozen["spec"]], owner)
            scope.completed = frozen.get("completed", False)
            proceeding.subprocesses[owner.id] = scope
        scope.variables = frozen["variables"]
        scope.done = frozen.get("done", [])
        scope.written = dict.fromkeys(frozen.get("written", ()))
        for token in frozen["tokens"]:
            _thaw_token(scope, *token)
    proceeding.completed = state["ended"]
    proceeding.join_conversation(Correlated(key=key, values=tuple(values)) for key, *values in state.get("keys", ()))
    return proceeding


def _thaw_token(
    scope: Scope,
    id: int,
    parent: int,
    spec: str,
    now: int,
    kept: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    above = scope.tasks[parent]
    token = Token(scope, scope.spec.task_specs[spec], above, now, id)
    token.internal_data = kept or {}
    token.data = data or {}
    # A parent that has not finished is one that waits for its instances, or for what it undoes.
    token.triggered = above.has_state(TaskState.NOT_FINISHED_MASK)
    if now & TaskState.FINISHED_MASK:
        scope.finished(token)
    elif now == TaskState.WAITING:
        scope.top_workflow.waits(token)
    elif now == TaskState.READY and token.task_spec.automatic:
        scope.top_workflow.runs(token)
