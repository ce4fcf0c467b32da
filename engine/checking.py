"""Structure: whether what was read fits together as BPMN asks, before anything is rewritten.

It looks at drawn nodes and flows only. It may never change them, and never stops at the first finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine import vocabulary
from engine.elements import STAND_IN
from engine.nodes import Drawing, Event, Flow, Node
from engine.refusals import Findings
from engine.soundness import check_soundness
from engine.undo_checks import check_undoing, undoes

_DIRECTIONS = {
    # gatewayDirection: (may have several incoming, may have several outgoing)
    "Converging": (True, False),
    "Diverging": (False, True),
    "Mixed": (True, True),
}


def check_process(drawing: Drawing, findings: Findings) -> None:
    """Check a process and all sub-processes in it."""
    scopes = list(drawing.scopes())
    anywhere = {id for scope in scopes for id in scope.nodes}
    for scope in scopes:
        if scope.refused:
            continue
        _Checker(scope, anywhere, findings, top=scope is drawing).check()
    check_soundness(drawing, findings)


class _Checker:
    """One scope. `anywhere` tells a flow across a border from a dangling reference."""

    def __init__(self, scope: Drawing, anywhere: set[str], findings: Findings, *, top: bool) -> None:
        self.scope = scope
        self.anywhere = anywhere
        self.findings = findings
        self.top = top
        self.into: dict[str, list[Flow]] = {id: [] for id in scope.nodes}
        self.out: dict[str, list[Flow]] = {id: [] for id in scope.nodes}

    def check(self) -> None:
        self.flows()
        self.starts()
        for node in self.scope.nodes.values():
            if node.refused:
                continue
            self.listed(node)
            self.default(node)
            if node.kind == "boundaryEvent":
                self.boundary(node)
            elif node.kind == "endEvent":
                self.end(node)
            elif node.kind in vocabulary.GATEWAYS:
                self.gateway(node)
            elif node.is_link:
                self.link(node)
            elif node.by_event:
                self.event_sub_process(node)
            if (node.for_compensation or node.by_event) and (node.needs, node.gives) != (1, 1):
                self.findings.refuse("quantity-beside", node.place)
            if node.loop is not None and node.loop.throws:
                self.behavior(node)
            ends = node.kind == "endEvent" or node.throws_link or node.by_event or _undoes(node)
            if not ends and not self.out[node.id]:
                self.findings.refuse("dead-end", node.place)
        check_undoing(self.scope, self.into, self.out, self.findings)
        self.conditions()
        self.reachable()

    # Flows

    def flows(self) -> None:
        for flow in list(self.scope.flows.values()):
            ends = (("sourceRef", flow.source), ("targetRef", flow.target))
            here = [self.stands_here(flow, attribute, end) for attribute, end in ends]  # both, for both findings
            if all(here):
                self.out[flow.source].append(flow)
                self.into[flow.target].append(flow)
            else:
                del self.scope.flows[flow.id]

    def stands_here(self, flow: Flow, attribute: str, end: str) -> bool:
        if end in self.scope.nodes:
            return True
        if end in self.anywhere:
            self.findings.refuse("flow-across-scope", flow.place, target=end)
        else:
            self.findings.refuse(
                "reference-dangling",
                flow.place,
                attribute=attribute,
                target=end,
                expected_en="a node of this process",
                expected_zh="本流程的节点",
            )
        return False

    def listed(self, node: Node) -> None:
        """What a node lists as its flows must be its flows."""
        for ids, flows, direction_en, direction_zh in (
            (node.lists_incoming, self.into[node.id], "enter", "进入"),
            (node.lists_outgoing, self.out[node.id], "leave", "离开"),
        ):
            known = [flow.id for flow in flows]
            for id in ids:
                if id.split(":")[-1] not in known:
                    self.findings.refuse(
                        "flow-mismatch",
                        node.place,
                        tag=node.kind,
                        flow=id,
                        direction_en=direction_en,
                        direction_zh=direction_zh,
                    )
        chooses = node.kind == "exclusiveGateway" and len(self.out[node.id]) > 1
        drawn = [flow.id for flow in self.out[node.id]]
        same = bool(node.lists_outgoing) and set(node.lists_outgoing) == set(drawn)
        if chooses and same and list(node.lists_outgoing) != drawn:
            self.findings.warn("flow-order", node.place)

    def conditions(self) -> None:
        for flow in self.scope.flows.values():
            source = self.scope.nodes[flow.source]
            if flow.condition is None or source.refused or source.kind in vocabulary.CHOOSING:
                continue
            if source.kind not in vocabulary.ACTIVITIES:
                what_en, what_zh = _called(source)
                self.findings.refuse("condition-here", flow.place, what_en=what_en, what_zh=what_zh)
            elif len(self.out[source.id]) == 1:
                self.findings.refuse("condition-alone", flow.place)
        for flow in self.scope.flows.values():
            if flow.condition is not None and flow.condition.compiled.constant and flow.condition is not STAND_IN:
                self.findings.warn("condition-constant", flow.place, expression=flow.condition.text)
        for node in self.scope.nodes.values():
            out = self.out[node.id]
            if node.kind in vocabulary.ACTIVITIES and len(out) > 1 and all(flow.condition is not None for flow in out):
                self.findings.warn("default-absent", node.place)

    # Events

    def starts(self) -> None:
        starts = [node for node in self.scope.nodes.values() if node.kind == "startEvent"]
        for node in starts:
            if self.into[node.id]:
                self.findings.refuse("start-entered", node.place)
        if self.scope.by_event:
            if len(starts) != 1 or (starts[0].event is not None and starts[0].event.kind == "none"):
                self.findings.refuse("event-sub-process-start", self.scope.place)
            return
        begins = [node for node in self.scope.nodes.values() if node.begins]
        for node in begins:
            self.begins(node)
        if not starts and not begins:
            self.findings.refuse("start-missing", self.scope.place)
        plain = [node for node in starts if node.event is not None and node.event.kind == "none"]
        for extra in plain[1:]:
            self.findings.refuse("start-ambiguous", extra.place)
        for node in starts:
            kind = node.event.kind if node.event is not None else ""
            if not self.top and kind != "none":
                self.findings.refuse("start-not-plain", node.place, where_en="sub-process", where_zh="子流程")
            elif kind not in vocabulary.BEGINNING:
                self.findings.refuse(
                    "event-not-here",
                    node.place,
                    event=kind,
                    tag="startEvent",
                    remedy_en="It may only begin an event sub-process.",
                    remedy_zh="它只能作为事件子流程的开始。",
                )

    def begins(self, node: Node) -> None:
        """A process begins with it: nothing leads to it, and nothing about it would be over before it began."""
        if self.into[node.id]:
            self.findings.refuse("beginning-entered", node.place)
        if not self.top:
            self.findings.refuse("beginning-inside", node.place)
        guarded = any(other.attached == node.id for other in self.scope.nodes.values())
        if guarded or node.loop is not None or node.needs != 1 or node.for_compensation:
            self.findings.refuse("beginning-guarded", node.place)

    def event_sub_process(self, node: Node) -> None:
        """It hangs on nothing, and no other one of the scope begins by the same error or escalation."""
        for wrong, what_en, what_zh in (
            (self.into[node.id], "a flow leads into it", "有顺序流进入"),
            (self.out[node.id], "a flow leaves it", "有顺序流引出"),
            (node.loop is not None, "it is repeated", "又设为多实例"),
        ):
            if wrong:
                self.findings.refuse("event-sub-process-connected", node.place, what_en=what_en, what_zh=what_zh)
        begins = _begins(node)
        if begins is None or begins.event is None:
            return
        event = begins.event
        if event.kind == "compensation":
            first = next(other for other in self.scope.nodes.values() if other.is_undoing)
            if self.top:
                self.findings.refuse("undone-at-top", begins.place)
            elif first is not node:
                self.findings.refuse("undone-twice", node.place, other=first.id)
        if event.kind in vocabulary.INTERRUPTING and not begins.interrupting:
            self.findings.refuse("always-interrupting", begins.place, event=event.kind)
        for other in self.scope.nodes.values():
            if other is node:
                break
            its = _begins(other)
            if event.kind in vocabulary.THROWN and its and its.event and its.event.trigger == event.trigger:
                self.findings.refuse("caught-twice", begins.place, other=its.id, event=event.kind)
                break

    def end(self, node: Node) -> None:
        if self.out[node.id]:
            self.findings.refuse("end-left", node.place)

    def boundary(self, node: Node) -> None:
        if self.into[node.id]:
            self.findings.refuse("boundary-entered", node.place)
        if node.attached is None:
            return
        host = self.scope.nodes.get(node.attached)
        if host is None:
            self.findings.refuse(
                "reference-dangling",
                node.place,
                attribute="attachedToRef",
                target=node.attached,
                expected_en="an activity beside it",
                expected_zh="同一层的活动",
            )
        elif host.kind not in vocabulary.ACTIVITIES or host.by_event:
            self.findings.refuse("boundary-on", node.place, tag="event subProcess" if host.by_event else host.kind)
        elif node.event is not None and node.event.kind in vocabulary.THROWN:
            self.catching(node, node.event, host)
        elif node.extensions.get("action") == "return" and not (node.interrupting and host.kind in vocabulary.PERSONAL):
            self.findings.refuse(
                "extension-unknown",
                node.place,
                extension="action",
                tag="boundaryEvent",
                known="wz:action on an interrupting message event of a user or manual task",
            )

    def catching(self, node: Node, event: Event, host: Node) -> None:
        """An event that waits for an error or escalation out of its activity."""
        if event.kind in vocabulary.INTERRUPTING and not node.interrupting:
            self.findings.refuse("always-interrupting", node.place, event=event.kind)
        for other in self.scope.nodes.values():
            if other is node:
                break
            if other.attached == node.attached and other.event is not None and other.event.trigger == event.trigger:
                self.findings.refuse("caught-twice", node.place, other=other.id, event=event.kind)
                break
        if not host.can_throw:
            self.findings.warn("never-thrown", node.place, event=event.kind)

    def behavior(self, node: Node) -> None:
        """What a multi-instance throws is not caught by an event that would end it: the standard does not say what that means."""
        assert node.loop is not None  # noqa: S101 - asked by the caller
        for other in self.scope.nodes.values():
            event = other.event
            if other.attached != node.id or event is None or not other.interrupting:
                continue
            if any(event.kind == thrown.kind and event.name in ("", thrown.name) for _, thrown in node.loop.throws):
                self.findings.refuse("behavior-interrupting", node.place, other=other.id)

    # Links

    def link(self, node: Node) -> None:
        """Both ends stand in one scope; several may throw, one catches, and no flow goes on where the link does."""
        assert node.event is not None  # noqa: S101 - a link is an event
        others = [other for other in self.scope.nodes.values() if other.is_link and self.same_link(node, other)]
        partners = [other for other in others if other.throws_link != node.throws_link]
        beside = self.out if node.throws_link else self.into
        ways = ("leaves", "引出") if node.throws_link else ("enters", "进入")
        if beside[node.id]:
            self.findings.refuse("link-connected", node.place, direction_en=ways[0], direction_zh=ways[1])
        if not partners and node.event.name:
            needed = ("catches", "捕获") if node.throws_link else ("throws", "抛出")
            self.findings.refuse(
                "link-partner", node.place, link=node.event.name, direction_en=needed[0], direction_zh=needed[1]
            )
        if not node.throws_link and next(other for other in others if not other.throws_link) is not node:
            self.findings.refuse("link-twice", node.place, link=node.event.name)
        known = {other.event.code for other in partners if other.event is not None}
        for attribute, id in node.event.partners:
            if id not in known:
                self.findings.refuse(
                    "reference-dangling",
                    node.place,
                    attribute=attribute,
                    target=id,
                    expected_en="the definition of a link of the same name",
                    expected_zh="同名链接的定义",
                )

    def same_link(self, one: Node, other: Node) -> bool:
        return one.event is not None and other.event is not None and one.event.name == other.event.name

    # Gateways

    def gateway(self, node: Node) -> None:
        into, out = self.into[node.id], self.out[node.id]
        if node.direction in _DIRECTIONS:
            several_in, several_out = _DIRECTIONS[node.direction]
            fits = (several_in or len(into) <= 1) and (several_out or len(out) <= 1)
            fits = fits and (not several_in or len(into) > 1) and (not several_out or len(out) > 1)
            if not fits:
                self.findings.refuse(
                    "gateway-direction",
                    node.place,
                    direction=node.direction,
                    incoming=len(into),
                    outgoing=len(out),
                )
        if node.kind == "eventBasedGateway":
            self.event_gateway(node)
        elif len(into) == 1 and len(out) == 1:
            self.findings.warn("gateway-without-effect", node.place)
        if node.kind == "complexGateway":
            self.complex_gateway(node)
        if node.kind in vocabulary.CHOOSING and len(out) > 1:
            self.choice(node)

    def choice(self, node: Node) -> None:
        for flow in self.out[node.id]:
            if flow.id != node.default and flow.condition is None:
                self.findings.refuse("condition-missing", flow.place)
        if node.default is None:
            self.findings.warn("default-absent", node.place)

    def complex_gateway(self, node: Node) -> None:
        """It says when enough tokens have come, and each way out whether it is for then or for the rest."""
        if node.activation is None:
            if len(self.into[node.id]) > 1:
                self.findings.refuse("activation-missing", node.place)
            return
        for flow in self.out[node.id]:
            asks = flow.condition is not None and "waitingForStart" in flow.condition.text
            if flow.id == node.default or (flow.condition is not None and not asks):
                self.findings.warn("taken-at-reset", flow.place)

    def default(self, node: Node) -> None:
        if node.default is None:
            return
        chooses = node.kind in vocabulary.ACTIVITIES and any(flow.condition is not None for flow in self.out[node.id])
        if node.kind not in vocabulary.CHOOSING and not chooses:
            what_en, what_zh = _called(node)
            self.findings.refuse("default-here", node.place, what_en=what_en.capitalize(), what_zh=what_zh)
            return
        flow = next((flow for flow in self.out[node.id] if flow.id == node.default), None)
        if flow is None:
            self.findings.refuse("default-elsewhere", node.place, flow=node.default)
        elif flow.condition is not None:
            self.findings.refuse("default-with-condition", flow.place)

    def event_gateway(self, node: Node) -> None:
        out = self.out[node.id]
        if node.together and not node.begins:
            self.findings.refuse("together-later", node.place)
        if len(out) == 1:
            self.wrong_choice(node, "only", "唯一的", out[0].target)
        targets = [target for flow in out if not (target := self.scope.nodes[flow.target]).refused]
        guarded = {other.attached for other in self.scope.nodes.values() if other.kind == "boundaryEvent"}
        told = any(
            target.kind == "intermediateCatchEvent" and target.event is not None and part.kind == "message"
            for target in targets
            for part in (target.event.each if target.event is not None else ())
        )
        for target in targets:
            if node.together and target.event is not None and any(e.kind != "message" for e in target.event.each):
                self.findings.refuse("together-not-messages", node.place, target=target.id)
            if target.event is not None and target.event.together:
                self.wrong_choice(node, "an event that waits for several together,", "须同时等待多项的事件", target.id)
            elif target.is_link or target.kind not in ("intermediateCatchEvent", "receiveTask"):
                self.wrong_choice(node, *_called(target), target.id)
            elif len(self.into[target.id]) > 1:
                self.wrong_choice(node, "an event that other flows enter too,", "另有入口的事件", target.id)
            elif target.kind == "receiveTask" and (
                target.id in guarded or target.loop is not None or target.needs != 1
            ):
                self.wrong_choice(
                    node, "a receive task with boundary events or instances,", "带边界事件或多实例的接收任务", target.id
                )
            elif target.kind == "receiveTask" and told:
                self.wrong_choice(
                    node, "message events and to the receive task", "消息事件，又连到了接收任务", target.id
                )

    def wrong_choice(self, node: Node, what_en: str, what_zh: str, target: str) -> None:
        self.findings.refuse("event-gateway-choice", node.place, what_en=what_en, what_zh=what_zh, target=target)

    # Ways

    def reachable(self) -> None:
        events_of: dict[str, list[str]] = {}
        for node in self.scope.nodes.values():
            if node.kind == "boundaryEvent" and node.attached is not None:
                events_of.setdefault(node.attached, []).append(node.id)
        starts = [
            node.id for node in self.scope.nodes.values() if node.kind == "startEvent" or node.by_event or node.begins
        ]
        starts += [node.id for node in self.scope.nodes.values() if _undoes(node)]
        forward = {
            id: [flow.target for flow in flows] + events_of.get(id, []) for id, flows in self.out.items()
        }  # fmt: skip
        for node in self.scope.nodes.values():
            if node.throws_link:
                caught = (o for o in self.scope.nodes.values() if o.is_link and not o.throws_link)
                forward[node.id].extend(other.id for other in caught if self.same_link(node, other))
        reached = _closure(starts, forward)
        for node in self.scope.nodes.values():
            astray = node.kind == "boundaryEvent" and node.attached not in self.scope.nodes
            if node.id not in reached and not astray and not node.refused:
                self.findings.refuse("unreachable", node.place)
        idle = {id for id, node in self.scope.nodes.items() if _is_idle(node)}
        round_ = {id: [target for target in forward[id] if target in idle] for id in idle}
        for id in self.scope.nodes:
            if id in idle and id in _closure(round_[id], round_):
                self.findings.warn("loop-idle", self.scope.nodes[id].place)
                break
        backward: dict[str, list[str]] = {id: [] for id in self.scope.nodes}
        for id, targets in forward.items():
            for target in targets:
                backward[target].append(id)
        ends = [id for id, node in self.scope.nodes.items() if node.kind == "endEvent" or not forward[id]]
        ending = _closure(ends, backward)
        for node in self.scope.nodes.values():
            if node.id in reached and node.id not in ending and self.out[node.id]:
                if _may_be_ended(self.scope):
                    self.findings.warn("no-way-to-an-end", node.place)
                else:
                    self.findings.refuse("loop-without-exit", node.place)


def _may_be_ended(scope: Drawing) -> bool:
    """Whether anything drawn in the process could end a scope from beside or outside."""
    around: Drawing | None = scope
    while around is not None:
        for node in around.nodes.values():
            kind = node.event.kind if node.event is not None else ""
            begins = _begins(node)
            if node.kind == "endEvent" and kind in ("terminate", "error", "cancel"):
                return True
            if (begins is not None and begins.interrupting) or (around is not scope and node.kind == "boundaryEvent"):
                return True
        around = around.around
    return False


def _closure(starts: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for target in ways[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _is_idle(node: Node) -> bool:
    """Whether it passes a token on without waiting for anything, and without writing a variable that a condition could ask."""
    passes = node.kind == "intermediateThrowEvent" and node.event is not None and node.event.kind in ("none", "link")
    plain = node.kind == "task" and node.io is None and node.loop is None and node.needs == 1
    return plain or passes or node.kind in ("exclusiveGateway", "inclusiveGateway")


def _undoes(node: Node) -> bool:
    """Whether it stands beside the flow: a handler, or the event that names one."""
    return node.for_compensation or undoes(node)


def _begins(node: Node) -> Node | None:
    """What an event sub-process begins with."""
    if not node.by_event or node.inner is None:
        return None
    return next((inner for inner in node.inner.nodes.values() if inner.kind == "startEvent"), None)


def _called(node: Node) -> tuple[str, str]:
    """What a node is called in a sentence."""
    if node.kind in vocabulary.ACTIVITIES:
        return "an activity", "活动"
    if node.kind in vocabulary.GATEWAYS:
        return "a gateway that does not choose", "不作选择的网关"
    return "an event", "事件"
