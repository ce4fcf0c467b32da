"""What each part of a diagram does with a token: specs of the library, with our behaviour in its hooks.

Specs belong to a definition and are shared by all its proceedings; they may never change while one runs. Everything that
belongs to a proceeding stands on the token or its scope.

The hooks, and when the library calls them:

- `_update` when a token arrives, and again when something may have changed: makes it ready where `arrive` says so.
- `_on_ready` when it becomes ready.
- `_run_hook` when it runs: true completes it, None leaves it started until it is made ready again.
- `_on_complete_hook` when it has completed, before what follows is told. Children are made here and nowhere earlier
  (choosing gateways excepted, which make theirs while they run): nothing is predicted.
- `_on_cancel` when it is cancelled.

To the events that the library would tell of each of these nobody listens.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
from SpiffWorkflow.specs.MultiChoice import MultiChoice

from engine import data_types, handing, timing, undoing, variables, vocabulary
from engine.errors import BpmnError, BpmnEscalation, ProceedingStuck
from engine.limits import MAX_INSTANCES
from engine.nodes import Calling, Datum, Event, Formula, Io, Loop, Node, Operation, Ruling, Script, named

if TYPE_CHECKING:
    from engine.proceeding import Scope, Token
    from engine.step import Happening


_NO_DATA: Mapping[str, Datum] = MappingProxyType({})


class NodeSpec(BpmnTaskSpec):
    """A part of a diagram. By itself it lets the token pass."""

    automatic = True
    """Whether the engine runs it as soon as it is ready."""
    urgent = False
    """Whether it runs before everything else that is ready."""
    drawn = True
    """Whether people see it in the diagram: it has a place in the trace."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, lane=node.lane)
        self.node = node
        self.event = cast(Event, node.event)
        """What it throws or waits for, where it does."""
        self.bpmn_id, self.bpmn_name = node.id, node.name
        self.manual = not self.automatic
        self.following: list[NodeSpec] = []
        """Where the drawn flows lead, in their order."""
        self.flows: dict[str, Any] = {}
        """The drawn sequence flow by which a token gets from here to each following spec."""
        self.undone_by = ""
        """The spec beside it that undoes it when it has completed; empty where there is none."""
        self.io: Io | None = None
        """What it takes and gives, where this part of its node does that."""
        self.keeps = False
        """Whether what it writes stays on its token."""
        self.declared: Mapping[str, Datum] = _NO_DATA
        """What its token has for itself, where that is declared as data."""
        self.concerns = {key: node.extensions[key] for key in sorted(vocabulary.ABOUT & node.extensions.keys())}
        """Which variables say whom the node concerns: read when a token arrives."""

    def arrive(self, token: Token) -> bool:
        """A token has arrived, or something changed while it waits: whether it may go on."""
        return True

    def told(self, before: int, now: int) -> Happening | None:
        """What people are told of a change of state; None where they see nothing of it."""
        if now == TaskState.COMPLETED:
            return "completed"
        if now == TaskState.CANCELLED:
            return None if before == TaskState.FUTURE else "cancelled"
        return "entered" if before == TaskState.FUTURE and now in (TaskState.READY, TaskState.WAITING) else None

    # Hooks of the library

    def _update(self, my_task: Token) -> None:
        state = my_task.state
        if state == TaskState.FUTURE:
            my_task.workflow.arrived(my_task)
            if self.concerns:
                about = {key: variables.value(my_task, name) for key, name in self.concerns.items()}
                my_task.internal_data["about"] = about
            if self.io is not None:
                handing.begin(my_task, self.io)
        elif state != TaskState.WAITING:
            return
        if (self.io is None or self._taken(my_task, self.io)) and self.arrive(my_task):
            my_task._ready()

    def _taken(self, token: Token, io: Io) -> bool:
        """Whether it has what it needs; if not, it waits, and asks again when something has been written."""
        taken = "taken" in token.internal_data or handing.take(token, io)
        if taken:
            token.internal_data["taken"] = True
            token.internal_data.pop("read", None)
        elif token.state == TaskState.FUTURE:
            token._set_state(TaskState.WAITING)
        return taken

    def look(self, token: Token) -> None:
        """Something was written while it watches for that."""
        self._update(token)

    def _on_ready(self, my_task: Token) -> None:
        """Nothing: what the library would check here each time was checked at load."""

    def _run_hook(self, my_task: Token) -> bool | None:
        return True

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing."""

    def _on_complete_hook(self, my_task: Token) -> None:
        if self.io is not None:
            handing.give(my_task, self.io)
        _disarm(my_task)
        if self.undone_by:
            self._note_done(my_task)
        for following in self.following:
            my_task._add_child(following)

    def _note_done(self, token: Token) -> None:
        """It has completed and can be undone from now on."""
        undoing.note(token)


class PersonSpec(NodeSpec):
    """A user or manual task: it stays ready until a person completes it."""

    automatic = False


class ScriptSpec(NodeSpec):
    """A script task: a map of variables."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.script = cast(Script, node.work)

    def _run_hook(self, my_task: Token) -> bool | None:
        engine, top = my_task.workflow.script_engine, my_task.workflow.top_workflow
        engine.execute(my_task, self.script.formula)
        error = engine.code(my_task, self.script.error)
        if error is not None:
            top.throw_error(my_task, error)
            return None
        escalation = engine.code(my_task, self.script.escalation)
        return None if escalation is not None and top.escalate(my_task, escalation) else True


class OperationSpec(NodeSpec):
    """A service task: a registered operation."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.operation = cast(Operation, node.work)

    def _run_hook(self, my_task: Token) -> bool | None:
        top, escalation = my_task.workflow.top_workflow, None
        arguments = variables.bound(my_task, self.operation.inputs)
        if self.io is not None and not self.operation.inputs:
            arguments = handing.given(my_task, self.io)
        try:
            result = my_task.workflow.script_engine.call_service(
                my_task, operation=self.operation.name, arguments=arguments
            )
        except BpmnError as error:
            top.throw_error(my_task, error.code, error.payload, error.message)
            return None
        except BpmnEscalation as raised:
            escalation, result = raised, raised.result
        if self.operation.result:
            variables.assign(my_task, self.operation.result, result)
        elif self.io is not None:
            handing.keep(my_task, self.io, result)
        stopped = escalation is not None and top.escalate(my_task, escalation.code, escalation.payload)
        return None if stopped else True


class RulingSpec(NodeSpec):
    """A business rule task: a decision table."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.ruling = cast(Ruling, node.work)
        self.table: Any = None
        """The table, found at load."""

    def _run_hook(self, my_task: Token) -> bool:
        inputs: Mapping[str, Any] = variables.visible(my_task)
        if self.ruling.inputs:
            inputs = variables.bound(my_task, self.ruling.inputs)
        elif self.io is not None and self.io.inputs:
            inputs = handing.given(my_task, self.io)
        result = my_task.workflow.top_workflow.decide(my_task, self.table, inputs)
        if self.ruling.result:
            variables.assign(my_task, self.ruling.result, result)
        elif self.io is not None:
            handing.keep(my_task, self.io, result)
        return True


class ThrowSpec(NodeSpec):
    """A message, signal, error or escalation thrown: on the way, at the end, or (a message) by a send task."""

    def _run_hook(self, my_task: Token) -> bool:
        payload = variables.value(my_task, self.event.payload) if self.event.payload else None
        if self.io is not None and self.io.inputs:
            payload = my_task.data[self.io.inputs[0].variable]
        for event in self.event.each:
            if my_task.workflow.top_workflow.emit(my_task, event, payload):
                my_task.internal_data["stopped"] = True
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        if "stopped" not in my_task.internal_data:
            super()._on_complete_hook(my_task)


class TerminateSpec(NodeSpec):
    """A terminate end event: everything else in its scope ends."""

    def _run_hook(self, my_task: Token) -> bool:
        my_task.workflow.cancel_all(but=my_task)
        return True


class CatchSpec(NodeSpec):
    """An event that waits in the flow."""

    def arrive(self, token: Token) -> bool:
        if "came" in token.internal_data:
            return True
        if token.state != TaskState.WAITING:
            if self.event.kind == "timer":
                timing.arm(token, self.event)
            elif self.event.kind == "condition":
                token.internal_data.setdefault("was", False)
            token._set_state(TaskState.WAITING)
        return False

    def catch(self, token: Token, payload: Any = None) -> None:
        """What was waited for has happened."""
        if self.event.payload:
            variables.assign(token, self.event.payload, payload)
        elif self.io is not None and self.io.outputs:
            token.data[self.io.outputs[0].variable] = payload
        token.workflow.top_workflow.note("fired", token)
        token._ready()

    def look(self, token: Token) -> None:
        """A condition that is waited for has perhaps become true."""
        was = token.internal_data["was"]
        token.internal_data["was"] = holds = token.workflow.script_engine.evaluate(
            token, cast(Formula, self.event.expression)
        )
        if holds and not was:
            self.catch(token)

    def _on_ready(self, my_task: Token) -> None:
        """One with which the process has begun has come; of those behind an event-based gateway it cancels the others."""
        if "came" in my_task.internal_data:
            my_task.workflow.top_workflow.note("fired", my_task)
        if isinstance(my_task.parent.task_spec, RaceSpec):
            my_task.cancel_siblings()


class ReceiveSpec(CatchSpec):
    """A receive task: an activity that waits for a message."""


class AlertSpec(CatchSpec):
    """An event beside the flow: what it is attached to goes on until it fires."""

    urgent = True

    def _on_ready(self, my_task: Token) -> None:
        """Nothing yet: it acts when it runs, which is before anything else does."""

    def _run_hook(self, my_task: Token) -> bool:
        if self.node.interrupting:
            self.interrupt(my_task)
        elif self.event.kind != "timer" or timing.repeats(my_task):
            again = my_task.parent._add_child(self)
            timing.hand_on(my_task, again)
            if self.event.kind == "condition":
                again.internal_data["was"] = True  # it must become false before it fires again
            self._update(again)
        return True

    def interrupt(self, token: Token) -> None:
        """End what it is attached to."""
        raise NotImplementedError


class BoundarySpec(AlertSpec):
    """An event attached to an activity."""

    def interrupt(self, token: Token) -> None:
        token.cancel_siblings()


class ListenerSpec(AlertSpec):
    """Waits for the trigger of an event sub-process, as long as its scope runs; the start event itself is drawn inside."""

    drawn = False

    def interrupt(self, token: Token) -> None:
        token.workflow.cancel_all(but=token)

    def idle(self, token: Token) -> bool:
        """Whether it still waits: a scope in which nothing else is left has ended."""
        return bool(token.state == TaskState.WAITING)


class CompensateSpec(NodeSpec):
    """Compensation thrown: undoes what has completed, one step after the other, and goes on when all is undone."""

    def _run_hook(self, my_task: Token) -> bool | None:
        run = my_task.internal_data
        if "undo" not in run:
            run["undo"] = undoing.gathered(my_task, self.event.name)
        return None if self._undo_next(my_task) else True

    def _undo_next(self, token: Token) -> bool:
        steps = token.internal_data["undo"]
        if not steps:
            return False
        spec = self._wf_spec.get_task_spec_from_name(f"{self.node.id}/undo")
        child = token._add_child(spec)
        child.triggered = True
        child.internal_data["step"] = step = steps.pop(0)
        child.data = step.pop("values")
        spec._update(child)
        return True

    def instance_done(self, token: Token, instance: Token) -> None:
        """A step has been taken: take the next, or go on."""
        if token.has_state(TaskState.NOT_FINISHED_MASK) and not self._undo_next(token):
            token._set_state(TaskState.READY)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.cancel_children()


class CancelSpec(CompensateSpec):
    """A cancel end event: ends what runs in its transaction, undoes what has completed, and leaves by its cancel event."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if "undo" not in my_task.internal_data:
            my_task.workflow.cancel_all(but=my_task)
        done = super()._run_hook(my_task)
        if done:
            my_task.workflow.top_workflow.cancel_around(my_task)
        return done


class GuardSpec(NodeSpec):
    """Stands in front of an activity with boundary events: its children are the events and the activity."""

    drawn = False


class ExclusiveSpec(ExclusiveChoice, NodeSpec):
    """An exclusive gateway: one way out."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node=node)

    def _run_hook(self, my_task: Token) -> bool:
        taken = self.default_task_spec
        for condition, name in self.cond_task_specs:
            if condition and condition._matches(my_task):
                taken = name
                break
        if taken is None:
            raise _no_way_out(self.node)
        my_task._add_child(self._wf_spec.task_specs[taken])
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        _disarm(my_task)


class ChoiceSpec(NodeSpec):
    """Stands behind an activity whose ways out have conditions: those without are always taken, the default where none holds."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.ways: list[tuple[Formula | None, bool, str]] = []
        """In the order drawn: the condition, whether it is the default, and where it leads."""

    def _run_hook(self, my_task: Token) -> bool:
        taken = self.chosen(my_task)
        if not taken:
            raise _no_way_out(self.node)
        self.leave(my_task, taken)
        return True

    def chosen(self, token: Token, known: Mapping[str, Any] | None = None, *, always: bool = True) -> list[str]:
        """Where the ways lead that are taken now.

        Args:
            known: what the conditions may ask beside the variables.
            always: whether ways without a condition are taken too.
        """
        engine = token.workflow.script_engine
        holds = {name for condition, _, name in self.ways if condition and engine.evaluate(token, condition, known)}
        return [
            name
            for condition, default, name in self.ways
            if name in holds or (condition is None and (not holds if default else always))
        ]

    def leave(self, token: Token, ways: list[str]) -> None:
        """Send a token each way."""
        for name in ways:
            token._add_child(self._wf_spec.task_specs[name])

    def _on_complete_hook(self, my_task: Token) -> None:
        """Nothing: its children were made when it ran."""


class ComplexSpec(ChoiceSpec):
    """A complex gateway, where enough tokens have come (`EnoughSpec`) or, later, the rest (`RestSpec`)."""

    def _run_hook(self, my_task: Token) -> bool:
        ways = my_task.internal_data.get("reset") or self.chosen(my_task, {"waitingForStart": True})
        if not ways:
            raise _no_way_out(self.node)
        self.leave(my_task, ways)
        return True


class JoinSpec(NodeSpec):
    """A gateway where tokens wait for one another. They have entered it when they go on together."""

    patient = False
    """Whether what waits is looked at again whenever a token has moved."""

    def told(self, before: int, now: int) -> Happening | None:
        if now == TaskState.READY:
            return "entered"
        return super().told(before, now) if before == TaskState.READY else None

    def wait(self, token: Token) -> None:
        """Note by which incoming flow the token came."""
        if token.state != TaskState.WAITING:
            token.internal_data["via"] = token.parent.task_spec.name
            token._set_state(TaskState.WAITING)

    def oldest(self, scope: Scope) -> dict[str, Token]:
        """For each incoming flow the token that has waited longest."""
        found: dict[str, Token] = {}
        for token in scope.live.values():
            if token.task_spec is self and token.state == TaskState.WAITING:
                found.setdefault(token.internal_data["via"], token)
        return found

    def join(self, tokens: dict[str, Token], into: Token) -> None:
        """Of the tokens that have come together, one goes on."""
        for token in tokens.values():
            if token is not into:
                token.cancel()

    def look_again(self, token: Token) -> None:
        """Where it is `patient`: whether the token that has waited longest may go on now."""
        raise NotImplementedError


class GatherSpec(JoinSpec):
    """In front of an activity that needs several tokens: waits for so many, whichever way they come."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.concerns = {}  # the activity itself reads whom it concerns

    def arrive(self, token: Token) -> bool:
        self.wait(token)
        waiting = [
            each for each in token.workflow.live.values() if each.task_spec is self and each.state == TaskState.WAITING
        ][: self.node.needs]
        if len(waiting) < self.node.needs:
            return False
        self.join({str(each.id): each for each in waiting}, token)
        return True


class TimesSpec(NodeSpec):
    """Behind an activity that gives several tokens: so many leave by each flow."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.concerns = {}

    def _on_complete_hook(self, my_task: Token) -> None:
        for _ in range(self.node.gives):
            for following in self.following:
                my_task._add_child(following)


class ParallelSpec(JoinSpec):
    """A parallel gateway: waits for one token from each incoming flow; surplus tokens stay."""

    def arrive(self, token: Token) -> bool:
        if len(self._inputs) < 2:
            return True
        self.wait(token)
        together = self.oldest(token.workflow)
        if len(together) < len(self._inputs):
            return False
        self.join(together, token)
        return True


class AwaitingSpec(JoinSpec):
    """A gateway that asks whether a token may still come."""

    patient = True

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self._ways: dict[str, frozenset[str]] | None = None

    def may_still_come(self, scope: Scope, filled: frozenset[str]) -> bool:
        """Whether a token may come by one of the other incoming flows, and not by one of these."""
        empty = frozenset(self._inputs) - filled
        if not empty:
            return False
        ways = self.ways
        for other in scope.live.values():
            if other.task_spec is self and other.state == TaskState.WAITING:
                continue
            reachable = ways.get(other.task_spec.name, _NOWHERE)
            if reachable & empty and not reachable & filled:
                return True
        return False

    @property
    def ways(self) -> dict[str, frozenset[str]]:
        """For each spec: the incoming flows that can be reached from it without passing this gateway.

        A fact of the diagram: found once, the same for every proceeding.
        """
        if self._ways is None:
            self._ways = _ways_to(self)
        return self._ways


class InclusiveSpec(MultiChoice, AwaitingSpec):
    """An inclusive gateway: waits while a token may still come by an empty incoming flow, then takes every way that holds."""

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node=node)

    def arrive(self, token: Token) -> bool:
        if len(self._inputs) < 2:
            return True
        self.wait(token)
        return False

    def look_again(self, token: Token) -> None:
        """Whether the token that has waited longest may go on now: asked whenever a token has moved."""
        together = self.oldest(token.workflow)
        if not self.may_still_come(token.workflow, frozenset(together)):
            self.join(together, token)
            token._ready()

    def _run_hook(self, my_task: Token) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise _no_way_out(self.node)
        for following in matches or defaults:
            my_task._add_child(following)
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        _disarm(my_task)


class EnoughSpec(AwaitingSpec):
    """In front of a complex gateway that waits for its start: until its condition says that enough tokens have come.

    From then on the gateway waits for its reset, and what comes stays here: beside the flow stands a token (`RestSpec`) that
    knows by which flows tokens have come.
    """

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.concerns = {}  # the gateway itself reads whom it concerns
        self.condition = cast(Formula, node.activation)

    @property
    def rest(self) -> RestSpec:
        return cast("RestSpec", self._wf_spec.get_task_spec_from_name(f"{self.node.id}/rest"))

    def arrive(self, token: Token) -> bool:
        self.wait(token)
        return False

    def look_again(self, token: Token) -> None:
        """Whether the tokens that wait are enough: asked when one has come, or a variable was written."""
        scope, top, rest = token.workflow, token.workflow.top_workflow, self.rest
        waiting = 0
        for other in scope.live.values():
            if other.task_spec is rest:
                return
            waiting += other.task_spec is self and other.state == TaskState.WAITING
        if top.asked.get(token.id) == (waiting, top.writes):
            return
        top.asked[token.id] = waiting, top.writes
        if top.script_engine.evaluate(token, self.condition, {"activationCount": waiting}):
            together = self.oldest(scope)
            self.join(together, token)
            token._ready()
            rest.begin(scope, sorted(together))


class RestSpec(JoinSpec):
    """Beside a complex gateway that has been activated: waits for a token by each of the other flows by which one may still come.

    Then it takes them, and what the conditions give now leaves the gateway: perhaps nothing.
    """

    patient = True

    @property
    def gateway(self) -> EnoughSpec:
        return cast(EnoughSpec, self._wf_spec.get_task_spec_from_name(f"{self.node.id}/enough"))

    def begin(self, scope: Scope, came: list[str]) -> None:
        """The gateway waits for its reset; by these flows tokens have come."""
        token = scope.task_tree._add_child(self)
        token.internal_data["came"] = came
        token._set_state(TaskState.WAITING)

    def look_again(self, token: Token) -> None:
        """Whether everything has come that may."""
        scope, gateway = token.workflow, self.gateway
        came = frozenset(token.internal_data["came"])
        together = {via: late for via, late in gateway.oldest(scope).items() if via not in came}
        if not gateway.may_still_come(scope, came.union(gateway.oldest(scope))):
            gateway.join(together, token)
            token._ready()

    def _run_hook(self, my_task: Token) -> bool:
        spec = cast(ComplexSpec, self.gateway.following[0])
        ways = spec.chosen(my_task, {"waitingForStart": False}, always=False)
        if ways:
            child = my_task._add_child(spec)
            child.internal_data["reset"] = ways
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        """Nothing: its child was made when it ran."""


class RaceSpec(NodeSpec):
    """An event-based gateway: the events behind it wait, the first one wins."""


class BeginSpec(NodeSpec):
    """An event-based gateway with which a process begins, by all its events: the one that has come passes, the others wait.

    A token knows which has come (`came`). Of several such gateways the others wait for theirs.
    """

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node)
        self.came: dict[str, Any] = {}
        """By the drawn id of an event behind it: the spec that passes when it has come."""

    def _on_complete_hook(self, my_task: Token) -> None:
        came = my_task.internal_data.get("came")
        for following in self.following:
            if following.node.id == came:
                child = my_task._add_child(self.came[came])
                child.internal_data["came"] = came
            elif came is None or self.node.together:
                my_task._add_child(following)


class BeginByOneSpec(BeginSpec, RaceSpec):
    """An event-based gateway with which a process begins, by one of its events."""


class ScopeSpec(SubWorkflowTask, NodeSpec):
    """An embedded sub-process: a scope of its own inside the scope of its token."""

    def __init__(self, process: Any, name: str, node: Node, inner: str) -> None:
        SubWorkflowTask.__init__(self, process, name, inner, node=node)
        self.undone_inside = ""
        """The spec inside it that undoes it; empty where there is none."""

    def path_of(self, token: Token) -> tuple[str, ...]:
        """Ids of the activities around what runs inside."""
        return (*token.workflow.path, self.node.id)

    def scope_for(self, token: Token) -> str:
        """The name of the scope that runs inside."""
        return cast(str, self.spec)

    def variables_for(self, token: Token) -> dict[str, Any]:
        """The variables its scope begins with."""
        return dict(token.data)

    def take_back(self, token: Token, scope: Scope) -> None:
        """What the scope leaves behind when it has ended."""
        for name in token.data:
            token.data[name] = scope.variables.get(name)

    def _run_hook(self, my_task: Token) -> bool | None:
        scope = my_task.workflow.top_workflow.get_subprocess(my_task)
        if scope is None:
            inner = self.scope_for(my_task)
            my_task.workflow.top_workflow.begin(my_task, inner, self.variables_for(my_task))
            return None
        self.take_back(my_task, scope)
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        if not self.undone_by:
            self._note_done(my_task)
        NodeSpec._on_complete_hook(self, my_task)
        my_task.workflow.top_workflow.forget(my_task)

    def _note_done(self, token: Token) -> None:
        scope = token.workflow.top_workflow.get_subprocess(token)
        lines = scope.done if scope is not None and not scope.is_border else ()
        undoing.note(token, self.undone_inside, self.scope_for(token), lines)

    def _on_cancel(self, my_task: Token) -> None:
        scope = my_task.workflow.top_workflow.get_subprocess(my_task)
        if scope is not None:
            scope.cancel_all()
            my_task.workflow.top_workflow.forget(my_task)


class UndoSpec(ScopeSpec):
    """One step of undoing: a handler runs where the activity ran that it undoes, with the values the activity had."""

    drawn = False

    def __init__(self, process: Any, name: str, node: Node) -> None:
        super().__init__(process, name, node, "")

    def path_of(self, token: Token) -> tuple[str, ...]:
        return tuple(token.internal_data["step"]["path"])

    def take_back(self, token: Token, scope: Scope) -> None:
        """Nothing: the values were those of a token that is gone."""

    def _run_hook(self, my_task: Token) -> bool | None:
        top = my_task.workflow.top_workflow
        if top.get_subprocess(my_task) is None:
            top.begin_undoing(my_task, my_task.internal_data["step"], dict(my_task.data))
            return None
        return True

    def _note_done(self, token: Token) -> None:
        """Nothing: what has been undone is not undone again."""


class HandlerSpec(ScopeSpec):
    """An event sub-process that has been triggered."""


class CallSpec(ScopeSpec):
    """A call activity: a called process with variables of its own."""

    @property
    def calling(self) -> Calling:
        return cast(Calling, self.node.work)

    def scope_for(self, token: Token) -> str:
        calling = self.calling
        if calling.computed is None:
            return calling.process
        if "called" not in token.internal_data:
            given = token.workflow.script_engine.evaluate(token, calling.computed)
            if given not in calling.among:
                raise ProceedingStuck(
                    f"{named(self.node)}: it is to call “{given}”, which is none of {', '.join(calling.among)}.",
                    node=self.node.id,
                    zh=f"{named(self.node)}：要调用的“{given}”不在 {'、'.join(calling.among)} 之中。",
                )
            token.internal_data["called"] = given
        return cast(str, token.internal_data["called"])

    @property
    def mapped(self) -> bool:
        """Whether the diagram says what is handed over; if not, everything is, and what was written comes back."""
        return bool(self.calling.inputs or self.calling.outputs)

    def variables_for(self, token: Token) -> dict[str, Any]:
        node, io = self.node, self.io
        handed: dict[str, Any] = dict(variables.visible(token))
        if io is not None and io.closed:
            handed = handing.given(token, io)
        elif self.mapped:
            handed = variables.bound(token, self.calling.inputs)
        called = token.workflow.top_workflow.subprocess_specs[self.scope_for(token)]
        handing.demand(node, called.name, handed, called.needed, given=False)
        return handed

    def take_back(self, token: Token, scope: Scope) -> None:
        if self.io is not None and self.io.closed:
            token.data.update((datum.variable, scope.variables.get(datum.variable)) for datum in self.io.outputs)
            return
        if self.mapped:
            given = {
                binding.name: scope.top_workflow.script_engine.evaluate(scope.task_tree, binding.formula)
                for binding in self.calling.outputs
            }
        else:
            given = {name: scope.variables[name] for name in scope.written}
        for name, value in given.items():
            variables.assign(token, name, value)


class RepeatSpec(NodeSpec):
    """A multi-instance: a token of its own, whose children are the instances."""

    def __init__(self, process: Any, name: str, node: Node, instance: str) -> None:
        super().__init__(process, name, node)
        self.concerns = {}  # each instance reads whom it concerns: the item is not known here
        self.loop = cast(Loop, node.loop)
        self.instance = instance

    def _run_hook(self, my_task: Token) -> bool | None:
        run = my_task.internal_data
        if "over" not in run:
            self._begin(my_task)
        if not run.get("over"):
            return None
        if self.loop.output:
            given = [value for _, value in sorted(run["out"], key=lambda pair: pair[0])]
            variables.assign(my_task, self.loop.output, given)
        return True

    def _begin(self, token: Token) -> None:
        engine = token.workflow.script_engine
        items: list[Any] | None = None
        if self.loop.collection is not None:
            items = engine.evaluate(token, self.loop.collection)
            total = len(items)
        else:
            total = engine.evaluate(token, cast(Formula, self.loop.cardinality))
        if not 0 <= total <= MAX_INSTANCES:
            raise ProceedingStuck(
                f"{named(self.node)}: {total} instances; from 0 to {MAX_INSTANCES} are possible.",
                node=self.node.id,
                limit=MAX_INSTANCES,
                zh=f"{named(self.node)}：实例数为 {total}，应为 0 到 {MAX_INSTANCES}。",
            )
        token.internal_data.update(total=total, next=0, done=0, out=[], over=total == 0)
        if self.loop.sequential and items is not None:
            token.internal_data["items"] = items
        for index in range(min(total, 1) if self.loop.sequential else total):
            self._launch(token, None if items is None else items[index])

    def _launch(self, token: Token, item: Any) -> None:
        run = token.internal_data
        spec = self._wf_spec.get_task_spec_from_name(self.instance)
        child = token._add_child(spec)
        child.triggered = True
        if self.io is not None:
            child.data.update((datum.variable, token.data[datum.variable]) for datum in self.io.own)
        child.data["loopCounter"] = child.internal_data["index"] = run["next"]
        run["next"] += 1
        if self.loop.element:
            data_types.judge(spec.declared.get(self.loop.element), item, self.node)
            child.data[self.loop.element] = item
        if self.loop.output_element:
            child.data.setdefault(self.loop.output_element, None)
        spec._update(child)

    def instance_done(self, token: Token, instance: Token) -> None:
        """An instance has completed: begin the next, or end."""
        run = token.internal_data
        if token.has_state(TaskState.FINISHED_MASK) or run["over"]:
            return
        run["done"] += 1
        self._bring_back(token, instance)
        if self.loop.output_element:
            run["out"].append([instance.internal_data["index"], instance.data.get(self.loop.output_element)])
        self._throw(token)
        if run["done"] == run["total"] or self._enough(token):
            run["over"] = True
            run.pop("items", None)
            token.cancel_children()
            token._set_state(TaskState.READY)
        elif self.loop.sequential:
            self._launch(token, run["items"][run["next"]] if "items" in run else None)

    def _bring_back(self, token: Token, instance: Token) -> None:
        """What an instance has given stays, until another gives it too."""
        if self.io is not None:
            token.data.update((datum.variable, instance.data.get(datum.variable)) for datum in self.io.outputs)

    def _throw(self, token: Token) -> None:
        """What is thrown when an instance has completed."""
        if self.loop.behavior == "One" and token.internal_data["done"] > 1:
            return
        for condition, event in self.loop.throws:
            if condition is None or self._holds(token, condition):
                token.workflow.top_workflow.emit(token, event, None)

    def _enough(self, token: Token) -> bool:
        return self.loop.until is not None and self._holds(token, self.loop.until)

    def _holds(self, token: Token, condition: Formula) -> bool:
        run = token.internal_data
        counts = {
            "nrOfInstances": run["total"],
            "nrOfCompletedInstances": run["done"],
            "nrOfActiveInstances": run["next"] - run["done"],
        }
        if self.loop.output:
            counts[self.loop.output] = [value for _, value in sorted(run["out"], key=lambda pair: pair[0])]
        return bool(token.workflow.script_engine.evaluate(token, condition, counts))

    def _on_cancel(self, my_task: Token) -> None:
        my_task.cancel_children()


class LoopSpec(RepeatSpec):
    """A standard loop: one round after the other, as long as its condition holds."""

    def _begin(self, token: Token) -> None:
        token.internal_data.update(next=0, done=0, out=[], over=False)
        if self.loop.test_before and not self._again(token):
            token.internal_data["over"] = True
        else:
            self._launch(token, None)

    def instance_done(self, token: Token, instance: Token) -> None:
        """A round has ended: begin the next, or end."""
        run = token.internal_data
        if token.has_state(TaskState.FINISHED_MASK) or run["over"]:
            return
        run["done"] += 1
        self._bring_back(token, instance)
        if run["done"] != self.loop.maximum and self._again(token):
            self._launch(token, None)
        else:
            run["over"] = True
            token._set_state(TaskState.READY)

    def _again(self, token: Token) -> bool:
        if self.loop.again is None:
            return True
        rounds = {"loopCounter": token.internal_data["done"]}
        return bool(token.workflow.script_engine.evaluate(token, self.loop.again, rounds))


_NOWHERE: frozenset[str] = frozenset()


def _disarm(token: Token) -> None:
    """When an activity has completed, the events attached to it wait no longer."""
    if isinstance(token.parent.task_spec, GuardSpec) and not isinstance(token.task_spec, BoundarySpec):
        token.cancel_siblings(TaskState.WAITING)


def _no_way_out(node: Node) -> ProceedingStuck:
    return ProceedingStuck(
        f"{named(node)}: no condition holds, and there is no default flow.",
        node=node.id,
        zh=f"{named(node)}：没有条件成立，也没有默认流。",
    )


def _ways_to(gateway: AwaitingSpec) -> dict[str, frozenset[str]]:
    ways: dict[str, set[str]] = {}
    specs: Mapping[str, Any] = gateway._wf_spec.task_specs
    for source in gateway._inputs:
        reached = {source}
        waiting = [source]
        while waiting:
            name = waiting.pop()
            ways.setdefault(name, set()).add(source)
            if name == gateway.name:
                continue
            for before in specs[name]._inputs:
                if before not in reached:
                    reached.add(before)
                    waiting.append(before)
    return {name: frozenset(flows) for name, flows in ways.items()}
