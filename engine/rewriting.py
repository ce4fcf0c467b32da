"""Rewriting a drawing into the core that runs: fewer kinds of parts, each with one simple behaviour.

What is rewritten here needs no code of its own when tokens move. Every part keeps the node it was drawn as, so that tasks, trace
and errors name what people see. Names that rewriting makes hold a “/”, which no id in a diagram can. It is done on a drawing
without findings and may never refuse anything.

| drawn | core |
|---|---|
| activity with boundary events | a guard in front: it leads first to the events, so that they are armed, then to the activity |
| conditions on flows out of an activity | a choice behind it, which the flows leave |
| multi-instance, loop | a part that repeats, with the activity as its instance, outside the flow |
| second flow between the same two nodes | a pass-through in it, so that a join knows its incoming flows by where they come from |
| event sub-process | a listener beside the flow, armed when its scope begins, that leads to the sub-process |
| event-based gateway that begins the process | a part that leads to the event that has come, or arms its events |
| event that catches several things | a part for each, that leads to the event: attached, raced for, or split and joined |
| compensation event attached to an activity | nothing: the activity knows its handler, which stands outside the flow |
| compensation thrown, cancel | a part that runs one step of undoing after the other, each in a scope of its own |
| start quantity | a part in front that gathers so many tokens |
| completion quantity | a part behind that passes on so many |
| complex gateway | a part in front that waits for enough tokens, a choice, and beside the flow what waits for the rest |
| link | both ends let the token pass, with a way between them |
| ids `Start`, `End`, `*.EndJoin` | another name: the library has parts of these names |
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from engine import vocabulary
from engine.nodes import Calling, Drawing, Flow, Formula, Node, Operation, Ruling, Script
from engine.undo_checks import undoes

Role = Literal[
    "pass", "person", "script", "operation", "ruling", "throw", "terminate", "catch", "receive", "boundary",
    "listener", "handler", "guard", "choice", "gather", "times", "compensate", "cancel", "undo",
    "exclusive", "inclusive", "parallel", "race", "begin", "begin_by_one", "enough", "complex", "rest", "scope", "call", "repeat",
]  # fmt: skip

_GATEWAYS: dict[str, Role] = {
    "exclusiveGateway": "exclusive",
    "inclusiveGateway": "inclusive",
    "parallelGateway": "parallel",
    "eventBasedGateway": "race",
    "complexGateway": "complex",
}


@dataclass(slots=True, kw_only=True)
class Part:
    """One part of the core: it becomes one spec of the library."""

    name: str
    role: Role
    node: Node
    instance: Part | None = None
    """Of a part that repeats: what it repeats."""
    inner: Core | None = None
    """Of a sub-process: its inside."""
    drawn: bool = True
    """Whether people see it: it stands for the node itself."""
    undone_by: str = ""
    """Of an activity: the part beside it that undoes it."""
    undone_inside: str = ""
    """Of a sub-process: the part inside it that undoes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way from part to part. `flow` is the sequence flow as drawn; None where none was."""

    source: str
    target: str
    flow: Flow | None = None
    condition: Formula | None = None


@dataclass(slots=True, kw_only=True)
class Core:
    """One scope, rewritten."""

    name: str
    drawing: Drawing
    parts: dict[str, Part] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)


def rewrite(drawing: Drawing, name: str | None = None) -> Core:
    """Rewrite a checked drawing and everything inside it."""
    core = Core(name=name or drawing.id, drawing=drawing)
    guarded = {node.attached for node in _events(drawing)}
    undone = _undone(drawing)
    for node in drawing.nodes.values():
        if undoes(node):
            continue
        part = _part(node, core, undone.get(node.id, ""))
        core.parts[part.name] = part
        if part.role in ("compensate", "cancel"):
            core.parts[f"{node.id}/undo"] = Part(name=f"{node.id}/undo", role="undo", node=node)
        if node.id in guarded:
            core.parts[_guard(node.id)] = Part(name=_guard(node.id), role="guard", node=node)
    entries = _divide(core, drawing)
    entries.update(_gather(core, drawing, guarded))
    entries.update(_activate(core, drawing))
    choosing = _choose(core, drawing)
    joined: set[tuple[str, str]] = set()
    for flow in drawing.flows.values():
        source, target = choosing.get(flow.source) or part_name(flow.source), part_name(flow.target)
        if flow.target in guarded and flow.target not in entries:
            target = _guard(flow.target)
        elif flow.target in entries and _races(drawing.nodes[flow.source]):
            for number, name in enumerate(pieces(drawing.nodes[flow.target])):
                core.edges.append(Edge(source=source, target=name, flow=None if number else flow))
            continue
        else:
            target = entries.get(flow.target, target)
        if (source, target) in joined:
            middle = f"{flow.id}/flow"
            core.parts[middle] = Part(name=middle, role="pass", node=drawing.nodes[flow.target])
            core.edges.append(Edge(source=source, target=middle, flow=flow, condition=flow.condition))
            core.edges.append(Edge(source=middle, target=target))
        else:
            joined.add((source, target))
            core.edges.append(Edge(source=source, target=target, flow=flow, condition=flow.condition))
    _listen(core, drawing)
    _arm(core, drawing)
    _link(core, drawing)
    return core


def _races(node: Node) -> bool:
    """Whether the events behind it race one another from where they stand."""
    return node.kind == "eventBasedGateway" and not node.begins


def part_name(id: str) -> str:
    """The name of the part that a drawn node becomes."""
    reserved = id in ("Start", "End", "Root") or id.endswith(".EndJoin")
    return f"{id}/" if reserved else id


def _choose(core: Core, drawing: Drawing) -> dict[str, str]:
    """Behind an activity what multiplies tokens, and a choice where ways out have conditions: the parts that flows leave from."""
    choosing: dict[str, str] = {}
    for node in drawing.nodes.values():
        if node.gives > 1:
            times = choosing[node.id] = f"{node.id}/times"
            core.parts[times] = Part(name=times, role="times", node=node, drawn=False)
            core.edges.append(Edge(source=part_name(node.id), target=times))
    chosen: set[str] = set()
    for flow in drawing.flows.values():
        node = drawing.nodes[flow.source]
        if flow.condition is not None and node.kind in vocabulary.ACTIVITIES and node.id not in chosen:
            before, choice = choosing.get(node.id, part_name(node.id)), f"{node.id}/out"
            chosen.add(node.id)
            choosing[node.id] = choice
            core.parts[choice] = Part(name=choice, role="choice", node=node, drawn=False)
            core.edges.append(Edge(source=before, target=choice))
    return choosing


def _gather(core: Core, drawing: Drawing, guarded: set[str | None]) -> dict[str, str]:
    """In front of each activity that needs several tokens: where they are gathered."""
    entries: dict[str, str] = {}
    for node in drawing.nodes.values():
        if node.needs > 1:
            gather = entries[node.id] = f"{node.id}/gather"
            core.parts[gather] = Part(name=gather, role="gather", node=node, drawn=False)
            begins = _guard(node.id) if node.id in guarded else part_name(node.id)
            core.edges.append(Edge(source=gather, target=begins))
    return entries


def _activate(core: Core, drawing: Drawing) -> dict[str, str]:
    """In front of each complex gateway that has a condition: where tokens wait until they are enough."""
    entries: dict[str, str] = {}
    for node in drawing.nodes.values():
        if node.activation is not None:
            enough, rest = entries[node.id], _ = f"{node.id}/enough", f"{node.id}/rest"
            core.parts[enough] = Part(name=enough, role="enough", node=node, drawn=False)
            core.parts[rest] = Part(name=rest, role="rest", node=node, drawn=False)
            core.edges.append(Edge(source=enough, target=part_name(node.id)))
    return entries


def _guard(id: str) -> str:
    return f"{id}/guard"


def _arm(core: Core, drawing: Drawing) -> None:
    """From each guard to its boundary events, in the order drawn, and then to the activity."""
    hosts: dict[str, list[str]] = {}
    for node in _events(drawing):
        hosts.setdefault(node.attached or "", []).extend(pieces(node))
    for host, events in hosts.items():
        for target in (*events, part_name(host)):
            core.edges.append(Edge(source=_guard(host), target=target))


def _events(drawing: Drawing) -> list[Node]:
    """The events attached to activities that wait; one that only names what undoes the activity does not."""
    return [node for node in drawing.nodes.values() if node.kind == "boundaryEvent" and not undoes(node)]


def _undone(drawing: Drawing) -> dict[str, str]:
    """By activity, the part that undoes it."""
    return {
        event.attached or "": part_name(next(id for id in event.associated if drawing.nodes[id].for_compensation))
        for event in drawing.nodes.values()
        if undoes(event)
    }


def pieces(node: Node) -> list[str]:
    """The parts of an event that catches one of several things; the part of a single one."""
    if node.event is None or not node.event.parts:
        return [part_name(node.id)]
    return [f"{node.id}/{number}" for number in range(1, len(node.event.parts) + 1)]


def _divide(core: Core, drawing: Drawing) -> dict[str, str]:
    """Events that catch several things: a part for each, that leads to the event itself. Where flows enter them instead."""
    entries: dict[str, str] = {}
    for node in drawing.nodes.values():
        if node.event is None or not node.event.parts or node.kind not in ("intermediateCatchEvent", "boundaryEvent"):
            continue
        caught: Role = "boundary" if node.kind == "boundaryEvent" else "catch"
        after = part_name(node.id)
        if node.kind != "boundaryEvent":
            before = entries[node.id] = f"{node.id}/before"
            core.parts[before] = Part(
                name=before, role="pass" if node.event.together else "race", node=node, drawn=False
            )
        if node.event.together:
            after = f"{node.id}/join"
            core.parts[after] = Part(name=after, role="parallel", node=node, drawn=False)
            core.edges.append(Edge(source=after, target=part_name(node.id)))
        for name, event in zip(pieces(node), node.event.parts, strict=True):
            core.parts[name] = Part(name=name, role=caught, node=replace(node, event=event), drawn=False)
            core.edges.append(Edge(source=name, target=after))
            if node.kind != "boundaryEvent":
                core.edges.append(Edge(source=before, target=name))
    return entries


def _listen(core: Core, drawing: Drawing) -> None:
    """Beside the flow, for each event sub-process: what waits for its trigger."""
    for node in drawing.nodes.values():
        if node.by_event and node.inner is not None and not node.is_undoing:
            begins = node.inner.trigger
            for number, event in enumerate(begins.event.each if begins.event is not None else (), 1):
                name = f"{node.id}/event{number}"
                core.parts[name] = Part(name=name, role="listener", node=replace(begins, event=event))
                core.edges.append(Edge(source=name, target=part_name(node.id)))


def _link(core: Core, drawing: Drawing) -> None:
    """From each throwing end of a link to the catching one."""
    caught = {
        n.event.name: n for n in drawing.nodes.values() if n.is_link and not n.throws_link and n.event is not None
    }
    for node in drawing.nodes.values():
        if node.throws_link and node.event is not None:
            core.edges.append(Edge(source=part_name(node.id), target=part_name(caught[node.event.name].id)))


def _part(node: Node, core: Core, undone_by: str) -> Part:
    part = Part(name=part_name(node.id), role=_role(node), node=node)
    part.undone_by = undone_by
    if node.undoes_inside is not None:
        part.undone_inside = part_name(node.undoes_inside.id)
    if node.inner is not None:
        part.inner = rewrite(node.inner, f"{core.name}/{node.id}")
    if node.loop is None:
        return part
    part.name = f"{node.id}/each"
    return Part(name=part_name(node.id), role="repeat", node=node, instance=part)


def _role(node: Node) -> Role:
    if node.begins_by_one:
        return "begin_by_one"
    if node.together:
        return "begin"
    if node.kind in _GATEWAYS:
        return _GATEWAYS[node.kind]
    if node.kind in vocabulary.PERSONAL:
        return "person"
    if node.kind in vocabulary.EVENTS:
        return _event_role(node)
    if node.kind in vocabulary.TELLING:
        return "throw" if node.kind == "sendTask" else "receive"
    if node.kind in vocabulary.SCOPES:
        return "handler" if node.by_event else "scope"
    match node.work:
        case Script():
            return "script"
        case Operation():
            return "operation"
        case Ruling():
            return "ruling"
        case Calling():
            return "call"
    return "pass"


def _event_role(node: Node) -> Role:
    kind = node.event.kind if node.event is not None else "none"
    if kind == "link" or (kind == "multiple" and node.kind not in ("intermediateThrowEvent", "endEvent")):
        return "pass"
    if node.kind == "boundaryEvent":
        return "boundary"
    if node.kind == "intermediateCatchEvent":
        return "catch"
    if kind in ("message", "signal", "error", "escalation", "multiple") and node.kind in (
        "intermediateThrowEvent",
        "endEvent",
    ):
        return "throw"
    if kind == "compensation" and node.kind != "startEvent":
        return "compensate"
    if kind == "cancel":
        return "cancel"
    if kind == "terminate":
        return "terminate"
    return "pass"
