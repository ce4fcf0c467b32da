"""One running proceeding: its tokens, its scopes, and the loop that moves them.

Tokens, scopes and the proceeding are the library's tasks and workflows with our rules: tokens are numbered in the order they are
made, children are made when a token leaves, a scope ends when no token is left in it, one token runs at a time and a boundary
event that has fired runs first. Nothing of the library's own moving, predicting, event or time handling is used.

A proceeding lives for one move: it is thawed, moved, frozen and thrown away. It may never read a clock or outlive an error.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task

from engine import catching, decisions, handing, timing
from engine.correlation import Correlated, Correlation
from engine.errors import ConversationMixed, EngineError, ErrorUncaught, ProceedingStuck
from engine.limits import COMPACT_EVERY, MAX_EFFORT, MAX_ROOM, MAX_STEPS, MAX_TOKENS
from engine.nodes import Event, Node, named
from engine.scripting import Scripting
from engine.specs import CatchSpec, JoinSpec, ListenerSpec, NodeSpec
from engine.step import Call, Decided, Happening, Message, Trace, Untaken

ROOT = 0
"""The number of the root of each scope's tree: no token of the diagram."""


class Token(Task):
    """A token at a node. Its `id` is a number that is never given again in its proceeding."""

    parent: Any = None
    children: Any = None
    """The tokens themselves; the library would look them up by id each time."""

    def __init__(self, workflow: Scope, task_spec: Any, parent: Token | None, state: int, id: int) -> None:
        """Without the library's constructor, which reads the clock."""
        self.id = id
        self.name = f"t{id}-{workflow.top_workflow.mark}"
        """The id as the outside knows it."""
        self.workflow = workflow
        self.task_spec = task_spec
        self.parent = parent
        self.children = []
        self._state = state
        self.triggered = False
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        workflow.tasks[id] = self
        if parent is not None:
            parent.children.append(self)
            workflow.live[id] = workflow.top_workflow.index[id] = self
            workflow.top_workflow.alive += 1

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> Token:
        top = self.workflow.top_workflow
        if top.alive >= MAX_TOKENS:
            raise stuck(
                task_spec.node,
                f"more than {MAX_TOKENS} tokens at once; the diagram multiplies without end",
                f"同时超过 {MAX_TOKENS} 个令牌，程序图无止境地增殖",
                MAX_TOKENS,
            )
        top.number += 1
        return Token(self.workflow, task_spec, self, state, top.number)

    def _set_state(self, value: int) -> None:
        """Change the state without the library's logging, which collects all data of the token each time."""
        before, spec, top = self._state, self.task_spec, self.workflow.top_workflow
        if value == before:
            return
        self._state = value
        if before == TaskState.WAITING:
            top.waits_no_longer(self)
        if value & TaskState.FINISHED_MASK:
            self.workflow.finished(self)
        elif value == TaskState.WAITING:
            top.waits(self)
        elif value == TaskState.READY and spec.automatic:
            top.runs(self)
        what = spec.told(before, value) if spec.drawn else None
        if what is not None:
            top.note(what, self)

    def cancel(self) -> None:
        """End an unfinished token with everything that runs inside it."""
        if self.has_state(TaskState.NOT_FINISHED_MASK):
            self._set_state(TaskState.CANCELLED)
            self.task_spec._on_cancel(self)

    def cancel_siblings(self, state: int = TaskState.NOT_FINISHED_MASK) -> None:
        """Cancel the other children of the parent that are in one of these states."""
        for sibling in self.parent.children:
            if sibling is not self and sibling.has_state(state):
                sibling.cancel()

    def cancel_children(self) -> None:
        """Cancel the instances of a multi-instance."""
        for child in self.children:
            child.cancel()


class Scope:
    """What a proceeding and the scopes inside it have in common."""

    top_workflow: Proceeding
    script_engine: Scripting

    def __init__(self, spec: Any, owner: Token | None) -> None:
        """Without the library's constructors: to the events that they would make nobody listens."""
        self.spec = spec
        self.completed = False
        self.owner = owner
        self.data: dict[str, Any] = {}
        """The library's; it stays empty."""
        self.variables: dict[str, Any] = {}
        self.written: dict[str, None] = {}
        """Names written since the scope began, in order: what a called process gives back."""
        self.live: dict[int, Token] = {}
        """Unfinished tokens, oldest first."""
        self.path: tuple[str, ...] = ()
        self.is_border = owner is None or owner.task_spec.node.kind == "callActivity"
        """Whether variables end here: a proceeding or a called process, not an embedded sub-process."""
        if owner is not None:
            self.path = owner.task_spec.path_of(owner)
        self.done: list[Any] = []
        """What has completed in it and could be undone (`undoing`)."""
        self.tasks: dict[int, Token] = {}
        self.task_tree = Token(self, spec.start, None, TaskState.COMPLETED, ROOT)
        """The root of the library's tree: no token of the diagram."""

    def enter(self, start: NodeSpec, came: str = "") -> None:
        """Put the first token into the scope; what waits for its event sub-processes is armed before.

        Args:
            came: the event that has begun a process, where it is no start event.
        """
        for listener in self.spec.listeners:
            listener._update(self.task_tree._add_child(listener))
        for spec in self.spec.groups if start in self.spec.groups else [start]:
            child = self.task_tree._add_child(spec)
            if came and spec is start:
                child.internal_data["came"] = came
            spec._update(child)

    # What tokens tell

    def finished(self, token: Token) -> None:
        del self.live[token.id]
        self.top_workflow.alive -= 1

    def arrived(self, token: Token) -> None:
        """A token has come to a node: by which flow."""
        flow = token.parent.task_spec.flows.get(token.task_spec.name) if token.parent.id != ROOT else None
        if flow is not None:
            top = self.top_workflow
            top.trace.append(
                Trace(top.clock, "taken", flow.id, flow.name, None, flow.process, self.path, flow.extensions)
            )

    def cancel_all(self, but: Token | None = None) -> None:
        """End every unfinished token of the scope, but one."""
        for token in list(self.live.values()):
            if token is not but:
                token.cancel()

    # What the library asks

    def _task_completed_notify(self, task: Token) -> None:
        """A token has completed: an instance tells its multi-instance."""
        if task.triggered:
            task.parent.task_spec.instance_done(task.parent, task)


class SubScope(Scope, BpmnSubWorkflow):
    """A sub-process or a called process that runs."""

    def __init__(self, spec: Any, owner: Token) -> None:
        self.top_workflow = owner.workflow.top_workflow
        super().__init__(spec, owner)


class Proceeding(Scope, BpmnWorkflow):
    """The outermost scope: it numbers tokens, keeps the clock and gathers what happens."""

    def __init__(
        self,
        spec: Any,
        scopes: Mapping[str, Any],
        *,
        clock: datetime,
        services: Mapping[str, Callable[..., Any]],
        mark: str = "",
        number: int = 0,
    ) -> None:
        self.subprocess_specs = scopes
        self.subprocesses: dict[int, SubScope] = {}
        self.script_engine = Scripting()
        self.clock = clock
        self.services = services
        self.mark = mark
        """Tells the ids of this proceeding from those of others."""
        self.number = number
        self.index: dict[int, Token] = {}
        self.ready: list[tuple[bool, int]] = []
        self.waiting: dict[int, Token] = {}
        self.joining: dict[int, Token] = {}
        self.watching: dict[int, Token] = {}
        """Tokens that wait for a condition, or for data."""
        self.falling: list[tuple[str, int]] = []
        """When timers of ours fall due, the earliest first; one that waits no longer is passed over."""
        self.touched = False
        """Whether a variable was written, or a condition armed, since conditions were looked at."""
        self.keys: dict[str, Correlated] = {}
        """The keys that a message has fixed, by id."""
        self.writes = 0
        """How often a variable was written in this move."""
        self.asked: dict[int, tuple[int, int]] = {}
        """By the oldest token at a complex gateway: how many waited, and `writes`, when its condition was asked."""
        self.spent = 0
        self.effort = 0
        self.room = 0
        self.alive = 0
        self.trace: list[Trace] = []
        self.calls: list[Call] = []
        self.decided: list[Decided] = []
        self.messages: list[Message] = []
        self.compact: Callable[[Proceeding], None] = _never
        super().__init__(spec, None)

    # Names

    def token_named(self, id: object) -> Token | None:
        """The unfinished token of that id."""
        if not isinstance(id, str) or not id.startswith("t") or not id.endswith(f"-{self.mark}"):
            return None
        number = id[1 : -len(self.mark) - 1]
        if not number.isascii() or not number.isdigit() or (number.startswith("0")) or len(number) > 18:
            return None
        token = self.index.get(int(number))
        return token if token is not None and token.has_state(TaskState.NOT_FINISHED_MASK) else None

    def tokens(self) -> Sequence[Token]:
        """The unfinished tokens of all scopes, oldest first."""
        found = [*self.live.values()]
        for scope in self.subprocesses.values():
            found += scope.live.values()
        return sorted(found, key=_by_age)

    # Scopes

    def begin(self, owner: Token, name: str, values: dict[str, Any]) -> None:
        """Begin the scope of a sub-process or a called process."""
        scope = SubScope(self.subprocess_specs[name], owner)
        scope.variables = values
        handing.declare(values, scope.spec.data, owner.task_spec.node)
        self.subprocesses[owner.id] = scope
        scope.enter(scope.spec.plain_start)

    def begin_undoing(self, owner: Token, step: Mapping[str, Any], values: dict[str, Any]) -> None:
        """Run the handler of an activity in a scope like the one in which the activity ran."""
        scope = SubScope(self.subprocess_specs[step["scope"]], owner)
        scope.variables, scope.done = values, step["done"]
        self.subprocesses[owner.id] = scope
        handler = scope.spec.get_task_spec_from_name(step["enter"])
        handler._update(scope.task_tree._add_child(handler))

    def cancel_around(self, thrower: Token) -> None:
        """A transaction has been cancelled and undone: it is left by the event attached to it."""
        taker = catching.catcher(thrower, "cancel", "")
        if taker is not None:
            taker.task_spec.catch(taker)

    def forget(self, owner: Token) -> None:
        """The scope of a finished token is needed no longer."""
        scope = self.subprocesses.pop(owner.id, None)
        if scope is not None:
            for id in scope.tasks:
                self.index.pop(id, None)

    def _close(self, scope: Scope) -> None:
        """A scope in which no token is left but idle listeners has ended; its token goes on."""
        if scope.completed or (scope.live and not scope.spec.listeners):
            return
        if scope.live:
            if not all(isinstance(t.task_spec, ListenerSpec) and t.task_spec.idle(t) for t in scope.live.values()):
                return
            scope.cancel_all()
        scope.completed = True
        handing.demand(None, scope.spec.name, scope.variables, scope.spec.promised, given=True)
        if scope.owner is not None and scope.owner.has_state(TaskState.NOT_FINISHED_MASK):
            scope.owner._set_state(TaskState.READY)

    # Moving

    def settle(self) -> None:
        """Move until only people, timers and messages are waited for.

        Raises:
            ProceedingStuck: more than `MAX_STEPS` automatic steps.
        """
        while self.advance():
            pass

    def advance(self) -> bool:
        """Run one token: the boundary event that has fired, else the oldest. False when none is ready."""
        if self.watching and self.touched:
            self._look_at_conditions()
        if self.joining:
            self._look_at_joins()
        token = self._next()
        if token is None:
            return False
        self.spent += 1
        if self.spent > MAX_STEPS:
            raise stuck(
                token.task_spec.node,
                f"more than {MAX_STEPS} automatic steps in one move; it loops without a person",
                f"一次推进中自动步骤超过 {MAX_STEPS} 个，程序图在无人处理的情况下循环",
                MAX_STEPS,
            )
        self.run(token)
        if self.spent % COMPACT_EVERY == 0:
            self.compact(self)
        return True

    def spend_effort(self, steps: int) -> None:
        """An expression is about to take as many steps at most."""
        self.effort += steps
        if self.effort > MAX_EFFORT:
            raise ProceedingStuck(
                f"Its expressions take more than {MAX_EFFORT} steps in one move; the diagram asks for too much work.",
                limit=MAX_EFFORT,
                zh=f"一次推进中表达式的计算超过 {MAX_EFFORT} 步，程序图要求的计算过多。",
            )

    def spend_room(self, size: int) -> None:
        """A value has been made."""
        self.room += size
        if self.room > MAX_ROOM:
            raise ProceedingStuck(
                f"It makes values of more than {MAX_ROOM} characters in one move; the diagram asks for too much.",
                limit=MAX_ROOM,
                zh=f"一次推进中产生的值超过 {MAX_ROOM} 个字符，程序图要求过多。",
            )

    def run(self, token: Token) -> None:
        """Run a ready token and close what ends with it."""
        scope = token.workflow
        token.run()
        self._close(scope)

    def _next(self) -> Token | None:
        while self.ready:
            _, id = heapq.heappop(self.ready)
            token = self.index.get(id)
            if token is not None and token.state == TaskState.READY:
                return token
        return None

    def _look_at_joins(self) -> None:
        seen = set()
        for token in sorted(self.joining.values(), key=_by_age):
            join = (token.task_spec, id(token.workflow))
            if join not in seen and token.id in self.joining:
                seen.add(join)
                token.task_spec.look_again(token)

    def _look_at_conditions(self) -> None:
        """Fire the events whose condition has become true since it was last looked at; those that have waited longest first."""
        self.touched = False
        for token in sorted(self.watching.values(), key=_by_age):
            if token.state == TaskState.WAITING:  # one behind the same gateway may have come first
                token.task_spec.look(token)

    def runs(self, token: Token) -> None:
        """A token is ready and needs no person."""
        heapq.heappush(self.ready, (not token.task_spec.urgent, token.id))

    def waits_no_longer(self, token: Token) -> None:
        """A token that has waited goes on, or has ended."""
        for waiting in (self.waiting, self.joining, self.watching):
            waiting.pop(token.id, None)

    def waits(self, token: Token) -> None:
        """A token has begun to wait."""
        if isinstance(token.task_spec, JoinSpec):
            if token.task_spec.patient:
                self.joining[token.id] = token
        elif isinstance(token.task_spec, CatchSpec):
            self.waiting[token.id] = token
            if token.task_spec.event.kind == "condition":
                self.watching[token.id] = token
                self.touched = True
            elif (moment := timing.falls(token)) is not None:
                heapq.heappush(self.falling, (moment, token.id))
        elif token.task_spec.io is not None and "taken" not in token.internal_data:
            self.watching[token.id] = token
            self.touched = True

    # Time

    def fire_due(self, now: str, expired: Mapping[int, str]) -> bool:
        """Fire the timer that falls due first; the caller settles before the next. False when none is due.

        The clock is set to the moment it fell due, so that one late wake gives what many early ones would have given.
        """
        while self.falling and self.falling[0][1] not in self.waiting:
            heapq.heappop(self.falling)
        passed = [
            (falls, id)
            for id, moment in expired.items()
            if id in self.waiting and (falls := timing.falls(self.waiting[id], moment))
        ]
        due = min((*self.falling[:1], *passed), default=None)
        if due is None or due[0] > now:
            return False
        self.clock = datetime.fromisoformat(due[0])
        token = self.waiting[due[1]]
        token.task_spec.catch(token)
        return True

    # Messages and signals

    def waiting_for(self, message: str) -> Token | None:
        """The token that has waited longest for a message of this name."""
        return next(self._hearing("message", message), None)

    def refusal(self, message: str, payload: Any, *, addressed: bool) -> Untaken | None:
        """Why a message that is waited for is not meant for this proceeding; None where it is.

        Any key that agrees is enough. Without a key of its own the proceeding takes only what is addressed to it.
        """
        if not self.correlation.concerns(message):
            return None
        carried = self.correlation.carried(message, payload)
        if not carried:
            return "no_key"
        agrees = self._agrees(carried)
        if agrees is not None:
            return None if agrees else "other_conversation"
        return None if addressed else "no_conversation"

    def _agrees(self, carried: Iterable[Correlated]) -> bool | None:
        """Whether one of these keys is one it has; None where it has no such key yet."""
        own = self.correlated()
        known = [each for each in carried if any(each.key == has.key for has in own)]
        return any(each.digest == has.digest for each in known for has in own) if known else None

    @property
    def correlation(self) -> Correlation:
        return self.spec.correlation  # type: ignore[no-any-return]

    def correlated(self) -> tuple[Correlated, ...]:
        """The keys it has: fixed by a message, or read from its variables as they are."""
        if not self.correlation.keys:
            return ()
        subscribed = [
            each
            for scope in (self, *self.subprocesses.values())
            if scope.is_border and not scope.completed
            for each in self.correlation.subscribed(scope.spec.name, scope.variables)
        ]
        return (*self.keys.values(), *subscribed)

    def join_conversation(self, carried: Iterable[Correlated]) -> None:
        """A message has been sent or received: the keys it carries that are not fixed yet are from now on.

        Those that the process reads from its variables follow these.
        """
        subscribed = {each.key for each in self.correlation.subscriptions}
        for each in carried:
            if each.key not in subscribed:
                self.keys.setdefault(each.key, each)

    def sent(self, thrower: Token, message: str, payload: Any) -> tuple[Correlated, ...]:
        """The keys of a message that is thrown.

        Raises:
            ConversationMixed: they are those of another conversation, or it carries none.
        """
        if not self.correlation.concerns(message):
            return ()
        carried = self.correlation.carried(message, payload)
        if not carried or self._agrees(carried) is False:
            node: Node = thrower.task_spec.node
            raise ConversationMixed(
                f"{named(node)}: the message “{message}” carries no key, or the key of another conversation.",
                node=node.id,
                thrown=message,
                zh=f"{named(node)}：消息“{message}”没有关联键，或带有另一会话的关联键。",
            )
        self.join_conversation(carried)
        return carried

    def _hearing(self, kind: str, name: str) -> Iterator[Token]:
        """The tokens that wait for something of this kind and name, those that have waited longest first."""
        found = [
            token
            for token in self.waiting.values()
            if token.task_spec.event.kind == kind and token.task_spec.event.name == name
        ]
        return iter(sorted(found, key=_by_age))

    def signal(self, name: str, payload: Any) -> bool:
        """A signal has come: everybody who waits for it takes it. Whether anybody did."""
        taken = False
        for token in self._hearing("signal", name):
            if token.state == TaskState.WAITING:  # one behind the same gateway may have come first
                token.task_spec.catch(token, payload)
                taken = True
        return taken

    def broadcast(self, thrower: Token, signal: str, payload: Any) -> None:
        """A signal thrown: everybody inside who waits takes it, and it goes outwards in any case."""
        self.signal(signal, payload)
        node: Node = thrower.task_spec.node
        self.messages.append(Message(kind="signal", name=signal, payload=payload, node=node.id, process=node.process))

    def throw(self, thrower: Token, message: str, payload: Any) -> None:
        """A message goes to the first that waits for it in the proceeding; outwards if nobody does."""
        keys = self.sent(thrower, message, payload)
        taker = self.waiting_for(message)
        if taker is not None:
            taker.task_spec.catch(taker, payload)
            return
        node: Node = thrower.task_spec.node
        self.messages.append(
            Message(kind="message", name=message, payload=payload, node=node.id, process=node.process, keys=keys)
        )

    def emit(self, thrower: Token, event: Event, payload: Any) -> bool:
        """Throw an event at a token. Whether the thrower is interrupted by it and goes no further."""
        match event.kind:
            case "signal":
                self.broadcast(thrower, event.name, payload)
            case "message":
                self.throw(thrower, event.name, payload)
            case "error":
                self.throw_error(thrower, event.name, payload)
                return True
            case "escalation":
                return self.escalate(thrower, event.name, payload)
        return False

    # Errors and escalations

    def throw_error(self, thrower: Token, code: str, payload: Any = None, message: str = "") -> None:
        """An error: the nearest event around that catches it takes over, before anything else moves.

        Raises:
            ErrorUncaught: there is none.
        """
        taker = catching.catcher(thrower, "error", code)
        if taker is not None:
            taker.task_spec.catch(taker, payload)
            return
        self.note("uncaught", thrower)
        node: Node = thrower.task_spec.node
        said = f" {message.rstrip('.')}." if message else ""
        raise ErrorUncaught(
            f"{named(node)}: the error “{code}” was thrown, and no event around it catches it.{said}",
            code=code,
            node=node.id,
            name=node.name,
            process=node.process,
            said=message,
            zh=f"{named(node)}：抛出了错误“{code}”，其外没有事件捕获它。{message}",
        )

    def escalate(self, thrower: Token, code: str, payload: Any = None) -> bool:
        """An escalation: the nearest event around takes it; told and handed out where there is none.

        Returns:
            whether the thrower is interrupted by it and goes no further.
        """
        taker = catching.catcher(thrower, "escalation", code)
        if taker is not None:
            taker.task_spec.catch(taker, payload)
            return bool(taker.task_spec.node.interrupting)
        self.note("uncaught", thrower)
        node: Node = thrower.task_spec.node
        self.messages.append(Message(kind="escalation", name=code, payload=payload, node=node.id, process=node.process))
        return False

    # Decisions

    def decide(self, token: Token, table: Any, inputs: Mapping[str, Any]) -> Any:
        """Ask a decision table, and keep which rules hit."""
        node: Node = token.task_spec.node
        try:
            outcome = decisions.decide(table, inputs)
        except EngineError as failed:
            facts = {**failed.facts, "node": node.id}
            if "zh" in facts:
                facts["zh"] = f"{named(node)}：{facts['zh']}"
            raise type(failed)(f"{named(node)}: {failed}", **facts) from failed
        self.decided.extend(
            Decided(
                node=node.id,
                decision=each.decision,
                inputs=each.inputs,
                result=each.result,
                rules=each.rules,
                process=node.process,
                path=token.workflow.path,
            )
            for each in (*outcome.required, outcome)
        )
        return outcome.result

    # What happened

    def note(self, what: Happening, token: Token) -> None:
        """Add a line to the trace about a token's node."""
        node: Node = token.task_spec.node
        path = token.workflow.path
        self.trace.append(Trace(self.clock, what, node.id, node.name, token.name, node.process, path, node.extensions))


_by_age = attrgetter("id")


def stuck(node: Node, reason: str, zh: str, limit: int) -> ProceedingStuck:
    """The error that ends a move which would not end by itself."""
    return ProceedingStuck(f"{named(node)}: {reason}.", node=node.id, limit=limit, zh=f"{named(node)}：{zh}。")


def _never(proceeding: Proceeding) -> None:
    """Clear nothing away."""
