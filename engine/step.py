"""What comes out of a move: frozen values, and nothing of the library behind them.

A `Step` is complete: whoever holds it can store the proceeding (`snapshot`), show what is open, keep the clocks and tell
what happened, without asking the engine again. It may never hold a task, a spec or any other object of the library.

They are tuples because a step has dozens of them, and a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from engine.correlation import Correlated

TaskKind = Literal["user", "manual"]
Happening = Literal["entered", "completed", "cancelled", "fired", "taken", "uncaught"]
"""What is told of a node; `taken` of a flow; `uncaught` of a node that threw an error or escalation that nobody caught."""


class OpenTask(NamedTuple):
    """A task that waits for a person."""

    id: str
    """Names this task within its proceeding; stable until it ends; never given to another token of the proceeding."""
    node: str
    """BPMN id, as drawn."""
    name: str
    """BPMN name, as drawn."""
    kind: TaskKind
    lane: str | None
    """Id of the lane that holds it: the role that may do it."""
    extensions: Mapping[str, str]
    """`wz:` attributes by local name (form, persons, party, stage, state, en …), Camunda 7 twins already translated."""
    locals: Mapping[str, Any]
    """Values that belong to this token alone: the item of a multi-instance, `loopCounter`."""
    about: Mapping[str, Any]
    """Whom it concerns, read in its scope when it opened: `wz:party` and `wz:person` name variables; here are their values
    under `party` and `person`. Empty where the diagram names neither, on the node or on an activity around it."""
    process: str
    """Id of the process that draws the node."""
    path: tuple[str, ...]
    """BPMN ids of the activities that enclose it, outermost first: sub-processes and call activities."""


class Timer(NamedTuple):
    """A timer event that waits."""

    id: str
    node: str
    name: str
    due: datetime | None
    """Aware, UTC. None for a statutory limit (`deadline`): its moment is kept by the host, which says when it has passed."""
    deadline: str | None
    """`wz:deadline`: key of the rule in the catalogue."""
    trigger: str | None
    """Result of `wz:from` when the timer was armed: ISO date or date-time; None means the moment of arming."""
    attached: str | None
    """Id (in `Step.active`) of the activity it guards; None where it stands in the flow."""
    interrupting: bool
    process: str
    path: tuple[str, ...]
    extensions: Mapping[str, str]
    locals: Mapping[str, Any]
    about: Mapping[str, Any]
    """As in `OpenTask`."""


class Waiting(NamedTuple):
    """An event or receive task that waits to be told, or for a condition."""

    id: str
    node: str
    name: str
    message: str
    """Name of the message that it takes; empty where it takes none."""
    signal: str
    """Name of the signal that it takes; empty where it takes none."""
    condition: str
    """The condition that it waits for to become true; nobody can tell it. Empty where it waits for none."""
    attached: str | None
    """Id (in `Step.active`) of the activity it is attached to; None where it stands in the flow."""
    interrupting: bool
    process: str
    path: tuple[str, ...]
    extensions: Mapping[str, str]
    locals: Mapping[str, Any]
    about: Mapping[str, Any]
    """As in `OpenTask`."""


class Active(NamedTuple):
    """An activity that has begun and not ended: open and receive tasks, and the sub-processes and call activities around."""

    id: str
    node: str
    kind: str
    process: str
    path: tuple[str, ...]
    extensions: Mapping[str, str]


class Call(NamedTuple):
    """A service operation that was called in this step, with what it was given and what it gave."""

    node: str
    operation: str
    arguments: Mapping[str, Any]
    result: Any
    process: str
    path: tuple[str, ...]
    raised: str = ""
    """Code of the error or escalation that it threw."""


class Decided(NamedTuple):
    """A decision table that was asked in this step: which rules hit, and what came out."""

    node: str
    decision: str
    inputs: Mapping[str, Any]
    result: Any
    rules: tuple[Mapping[str, Any], ...]
    """For each rule that hit: its number (from 1), annotation and source."""
    process: str
    path: tuple[str, ...]


class Message(NamedTuple):
    """Something thrown outwards: a message or escalation that nobody inside took, or a signal, which is for everybody."""

    kind: Literal["message", "signal", "escalation"]
    name: str
    payload: Any
    node: str
    process: str
    keys: tuple[Correlated, ...] = ()
    """Of a message: the keys that it carries, by which the proceeding it is meant for is found."""


class Trace(NamedTuple):
    """One thing that happened, in order."""

    at: datetime
    what: Happening
    node: str
    """BPMN id of the node; of the sequence flow for `taken`."""
    name: str
    id: str | None
    process: str
    path: tuple[str, ...]
    extensions: Mapping[str, str]


Untaken = Literal["nobody_waits", "no_key", "other_conversation", "no_conversation"]
"""Why nobody took a message or signal: nobody waits for it (or not the one it was addressed to); it carries none of the keys by
which it is told apart; the proceeding takes part in another conversation than its keys say; the proceeding has no such key yet,
and it was not addressed to one who waits."""


class Failure(NamedTuple):
    """Why a proceeding ended as failed, in facts; `words` says it.

    By a deadlock: the step is as it stands. By an error that nobody caught: nothing is open any more, nothing was sent, and the
    snapshot is the one handed in.
    """

    kind: Literal["deadlock", "error"]
    code: str
    """`deadlock`, or the code of the error."""
    node: str
    name: str
    process: str
    waiting: tuple[str, ...] = ()
    """Of a deadlock: the nodes at which tokens wait for what cannot come, by id and name."""
    said: str = ""
    """Of an error: what the operation that threw it said."""

    @property
    def words(self) -> Mapping[str, str]:
        """The sentence, by language (`en`, `zh`)."""
        if self.kind == "deadlock":
            return {
                "en": f"Nothing can happen any more: tokens wait at {', '.join(self.waiting)} for what cannot come.",
                "zh": f"程序无法继续：令牌在{'、'.join(self.waiting)}等待不会到来的事情。",
            }
        where, said = f"{self.node} {self.name}".strip(), self.said.rstrip(".。")
        return {
            "en": f"{where}: the error “{self.code}” was thrown, and no event around it catches it.{f' {said}.' if said else ''}",
            "zh": f"{where}：抛出了错误“{self.code}”，其外没有事件捕获它。{f'{said}。' if said else ''}",
        }

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.words["en"]


class Step(NamedTuple):
    """A proceeding after a move."""

    snapshot: bytes
    open_tasks: tuple[OpenTask, ...]
    timers: tuple[Timer, ...]
    waiting: tuple[Waiting, ...]
    active: tuple[Active, ...]
    before: frozenset[str]
    """Ids of the tasks, timers, waiting events and activities that stood open before this move."""
    calls: tuple[Call, ...]
    decided: tuple[Decided, ...]
    messages: tuple[Message, ...]
    ended: bool
    failed: Failure | None
    variables: Mapping[str, Any]
    """Variables of the proceeding itself (not those inside sub-processes or called processes)."""
    trace: tuple[Trace, ...]
    taken: bool
    """For `deliver`: whether anybody took the event. For other moves: True."""
    untaken: Untaken | None = None
    """For `deliver`: why nobody took it."""
    keys: tuple[Correlated, ...] = ()
    """The keys the proceeding has: a message that carries one of them is meant for it."""
