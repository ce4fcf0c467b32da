"""Building the library's specs from a rewritten drawing. Done once per definition; afterwards the specs are only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine import vocabulary
from engine.correlation import Correlation
from engine.nodes import Calling, Datum, Io, Node, Ruling
from engine.rewriting import Core, Part, Role, pieces
from engine.specs import (
    BeginByOneSpec,
    BeginSpec,
    BoundarySpec,
    CallSpec,
    CancelSpec,
    CatchSpec,
    ChoiceSpec,
    CompensateSpec,
    ComplexSpec,
    EnoughSpec,
    ExclusiveSpec,
    GatherSpec,
    GuardSpec,
    HandlerSpec,
    InclusiveSpec,
    ListenerSpec,
    LoopSpec,
    NodeSpec,
    OperationSpec,
    ParallelSpec,
    PersonSpec,
    RaceSpec,
    ReceiveSpec,
    RepeatSpec,
    RestSpec,
    RulingSpec,
    ScopeSpec,
    ScriptSpec,
    TerminateSpec,
    ThrowSpec,
    TimesSpec,
    UndoSpec,
)

_SIMPLE: Mapping[Role, Callable[[Any, str, Node], NodeSpec]] = {
    "pass": NodeSpec,
    "person": PersonSpec,
    "script": ScriptSpec,
    "operation": OperationSpec,
    "throw": ThrowSpec,
    "terminate": TerminateSpec,
    "catch": CatchSpec,
    "receive": ReceiveSpec,
    "boundary": BoundarySpec,
    "listener": ListenerSpec,
    "guard": GuardSpec,
    "choice": ChoiceSpec,
    "gather": GatherSpec,
    "times": TimesSpec,
    "compensate": CompensateSpec,
    "cancel": CancelSpec,
    "undo": UndoSpec,
    "exclusive": ExclusiveSpec,
    "inclusive": InclusiveSpec,
    "parallel": ParallelSpec,
    "race": RaceSpec,
    "begin": BeginSpec,
    "begin_by_one": BeginByOneSpec,
    "enough": EnoughSpec,
    "complex": ComplexSpec,
    "rest": RestSpec,
}


class ScopeSpecs(BpmnProcessSpec):
    """The specs of one scope, and how it begins."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.plain_start: NodeSpec | None = None
        """The start event without a trigger; of an event sub-process its only one."""
        self.starts: dict[str, NodeSpec] = {}
        """What it may begin with, by the drawn id of the event: its start event, its receive task, or the gateway before it."""
        self.correlation = Correlation()
        """Of the process that runs: by which keys messages are told apart."""
        self.groups: list[BeginSpec] = []
        """Event-based gateways it begins with: where there are several, each waits for its events."""
        self.drawn = ""
        """Id of the process or sub-process."""
        self.data: dict[str, Datum] = {}
        """The variables it declares."""
        self.needed: tuple[str, ...] = ()
        """Variables without which a process does not begin."""
        self.promised: tuple[str, ...] = ()
        """Variables without which a process has not ended."""
        self.listeners: list[NodeSpec] = []
        """What waits for the triggers of its event sub-processes."""


def build(core: Core, tables: Mapping[str, Any]) -> dict[str, ScopeSpecs]:
    """Build the specs of a scope and of all scopes inside it, by scope name.

    Args:
        core: the scope.
        tables: decision tables by id.
    """
    built: dict[str, ScopeSpecs] = {}
    waiting = [core]
    while waiting:
        scope = waiting.pop()
        built[scope.name] = _build_scope(scope, tables)
        for part in scope.parts.values():
            inner = (part.instance or part).inner
            if inner is not None:
                waiting.append(inner)
    return built


def _build_scope(core: Core, tables: Mapping[str, Any]) -> ScopeSpecs:
    process = ScopeSpecs(core.name)
    process.drawn = core.drawing.id
    io = core.drawing.io or Io()
    process.data = {datum.variable: datum for datum in (*core.drawing.data, *io.own)}
    process.needed, process.promised = io.needed, io.promised
    for part in core.parts.values():
        if part.instance is not None:
            each = _spec(process, part.instance, tables)
            own = (
                *(part.node.io.own if part.node.io is not None else ()),
                *(part.node.loop.items if part.node.loop else ()),
            )
            each.declared = {datum.variable: datum for datum in own}
            each.keeps = part.node.io is not None and part.node.io.closed
            _undone(each, part.instance)
        spec = _spec(process, part, tables)
        if part.drawn and part.role not in ("guard", "undo", "listener") and part.node.kind != "startEvent":
            spec.io = part.node.io
            if spec.io is not None:
                spec.keeps = spec.io.closed
                spec.declared = {datum.variable: datum for datum in spec.io.own}
        if part.instance is None:
            _undone(spec, part)
        if isinstance(spec, BoundarySpec):
            spec.concerns = {**_host_concerns(core, part.node), **spec.concerns}
        if isinstance(spec, ListenerSpec):
            process.listeners.append(spec)
        elif part.node.kind == "startEvent" and part.node.event is not None and spec.drawn:
            process.starts[part.node.id] = spec
            process.start.connect(spec)
            if part.node.event.kind == "none" or core.drawing.by_event:
                process.plain_start = spec
        elif isinstance(spec, BeginSpec):
            process.groups.append(spec)
        elif part.node.begins:
            process.starts[part.node.id] = spec
    for edge in core.edges:
        source, target = process.task_specs[edge.source], process.task_specs[edge.target]
        source.following.append(target)
        if isinstance(source, ExclusiveSpec | InclusiveSpec):
            source.connect_outgoing_if(edge.condition, target)
        else:
            source.connect(target)
            if isinstance(source, ChoiceSpec) and edge.flow is not None:
                source.ways.append((edge.condition, edge.flow.id == source.node.default, target.name))
        if edge.flow is not None:
            source.flows[target.name] = edge.flow
            if isinstance(source, BeginSpec):
                event = core.drawing.nodes[edge.flow.target]
                source.came[event.id] = process.task_specs[pieces(event)[0]]
                source.flows[pieces(event)[0]] = edge.flow
                process.starts[event.id] = source
    return process


def _undone(spec: NodeSpec, part: Part) -> None:
    """An activity knows what undoes it; of a multi-instance each instance does."""
    spec.undone_by = part.undone_by
    if isinstance(spec, ScopeSpec):
        spec.undone_inside = part.undone_inside


def _host_concerns(core: Core, event: Node) -> dict[str, str]:
    """An attached event concerns whom its activity concerns, where that is known before the activity begins."""
    host = core.drawing.nodes[event.attached or ""]
    if host.loop is not None:
        return {}
    return {key: host.extensions[key] for key in vocabulary.ABOUT & host.extensions.keys()}


def _spec(process: ScopeSpecs, part: Part, tables: Mapping[str, Any]) -> NodeSpec:
    node = part.node
    match part.role:
        case "repeat":
            assert part.instance is not None  # noqa: S101 - rewriting gives it
            repeats = LoopSpec if node.loop is not None and node.loop.standard else RepeatSpec
            return repeats(process, part.name, node, part.instance.name)
        case "scope":
            assert part.inner is not None  # noqa: S101 - rewriting gives it
            return ScopeSpec(process, part.name, node, part.inner.name)
        case "handler":
            assert part.inner is not None  # noqa: S101 - rewriting gives it
            return HandlerSpec(process, part.name, node, part.inner.name)
        case "call":
            assert isinstance(node.work, Calling)  # noqa: S101 - rewriting gives it
            return CallSpec(process, part.name, node, node.work.processes[0])
        case "ruling":
            ruling = RulingSpec(process, part.name, node)
            assert isinstance(node.work, Ruling)  # noqa: S101 - rewriting gives it
            ruling.table = tables[node.work.decision]
            return ruling
    spec = _SIMPLE[part.role](process, part.name, node)
    if part.name.endswith("/flow") or not part.drawn:
        spec.drawn = False
    return spec
