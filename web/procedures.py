"""A running procedure as the pages show it: the way as ordered text, and which nodes of which diagram are done or here.

It reads what a diagram draws and where a proceeding stands in it. It may never tell what comes next: it only puts the
steps that are drawn into an order a person can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.diagrams import Definition, NodeInfo
from web.page_values import Diagram, Stage, StepState
from web.presentation import Wording
from workflows.worklists import ProceedingView

STEPS = frozenset({"user", "manual", "call", "subprocess"})
"""Kinds of nodes that are steps to a person; what the machine does by itself is not one."""
SIDE_BY_SIDE = frozenset({"parallel", "inclusive", "complex"})

Standing = Mapping[str, Sequence[str]]
"""Process → ids of its nodes."""


def outline(definition: Definition, view: ProceedingView, say: Wording) -> tuple[Stage, ...]:
    """The steps of a proceeding in the order of its diagram.

    A step beside the usual way stands there once it is done or open; where a called procedure is open, its own steps
    stand below it.
    """
    return _Telling(definition, view.here, view.done, say).steps(definition.process_id, None, deep=True)


def short_outline(definition: Definition, view: ProceedingView, say: Wording) -> tuple[Stage, ...]:
    """The large steps alone, for whoever only wants to know how far it has come: sub-processes give way to their steps."""
    told = _Telling(definition, view.here, view.done, say).steps(definition.process_id, None, deep=False)
    return tuple(inner for stage in told for inner in (stage.steps or (stage,)))


def diagrams(
    definition: Definition, view: ProceedingView, say: Wording, address: Callable[[str], str]
) -> Iterator[Diagram]:
    """The picture of a proceeding, and one of each procedure it calls in which something is open.

    Args:
        address: where the XML of a process is, by its id.
    """
    told = _Telling(definition, view.here, view.done, say)
    for process in (definition.process_id, *(called for called in definition.calls if view.here.get(called))):
        states = dict.fromkeys(view.done.get(process, ()), StepState.DONE.value)
        states |= dict.fromkeys(view.here.get(process, ()), StepState.HERE.value)
        own = process == definition.process_id
        yield Diagram(
            name=name_of(definition, say) if own else told.name_of_call(process),
            source_href=address(process),
            states=states,
            outline=told.steps(process, None, deep=own),
        )


def name_of(definition: Definition, say: Wording) -> str:
    """The name of a procedure."""
    return _named(definition.name, definition.extensions, say)


def open_steps(definition: Definition, view: ProceedingView, say: Wording) -> tuple[str, ...]:
    """The names of the innermost open steps."""
    return tuple(
        _named(node.name, node.extensions, say)
        for node in definition.nodes
        if node.id in view.here.get(node.process, ()) and node.kind in ("user", "manual")
    )


def rights(definition: Definition, concerned: frozenset[str]) -> tuple[str, ...]:
    """Keys of the limits within which a party may do something: over a task of a party, or in a race with what a party may
    apply for.

    Args:
        concerned: ids of the roles that parties have.
    """
    nodes = {(node.process, node.id): node for node in definition.nodes}
    found: dict[str, None] = {}
    for node in definition.nodes:
        if not node.extensions.get("deadline"):
            continue
        if node.attached:
            host = nodes[node.process, node.attached]
            mine = host.lane in concerned
        else:
            before = {
                flow.source for flow in definition.flows if (flow.process, flow.target) == (node.process, node.id)
            }
            beside = (
                nodes[flow.process, flow.target]
                for flow in definition.flows
                if flow.process == node.process and flow.source in before
            )
            mine = any(concerned.intersection(each.extensions.get("roles", "").split()) for each in beside)
        if mine:
            found.setdefault(node.extensions["deadline"])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """One level of a procedure: a process, or a sub-process within one."""

    process: str
    parent: str | None


class _Telling:
    """Tells of one proceeding."""

    def __init__(self, definition: Definition, here: Standing, done: Standing, say: Wording) -> None:
        self._definition, self._say = definition, say
        self._here = {process: frozenset(nodes) for process, nodes in here.items()}
        self._done = {process: frozenset(nodes) for process, nodes in done.items()}

    def steps(self, process: str, parent: str | None, *, deep: bool) -> tuple[Stage, ...]:
        """The steps of one level, in order."""
        level = _Level(self._definition, _Place(process, parent), self._done.get(process, frozenset()))
        return tuple(
            self._stage(node, deep=deep)
            for node in level.in_order()
            if node.kind in STEPS and (node.id in level.usual or self._state(node) is not StepState.AHEAD)
        )

    def name_of_call(self, process: str) -> str:
        """The name of a called procedure: that of the step which calls it, of the open one if there are several."""
        callers = [node for node in self._definition.nodes if node.calls == process]
        calling = next((node for node in callers if self._state(node) is StepState.HERE), callers[0])
        return _named(calling.name, calling.extensions, self._say)

    def _stage(self, node: NodeInfo, *, deep: bool) -> Stage:
        state = self._state(node)
        inner: tuple[Stage, ...] = ()
        if node.kind == "subprocess":
            inner = self.steps(node.process, node.id, deep=deep)
        elif node.calls and deep and state is StepState.HERE:
            inner = self.steps(node.calls, None, deep=deep)
        return Stage(name=_named(node.name, node.extensions, self._say), state=state, node=node.id, steps=inner)

    def _state(self, node: NodeInfo) -> StepState:
        if node.id in self._here.get(node.process, ()):
            return StepState.HERE
        return StepState.DONE if node.id in self._done.get(node.process, ()) else StepState.AHEAD


class _Level:
    """The nodes of one level and how they follow each other; ways back are left out."""

    def __init__(self, definition: Definition, place: _Place, done: frozenset[str]) -> None:
        own = [node for node in definition.nodes if (node.process, node.parent) == (place.process, place.parent)]
        self._nodes = {node.id: node for node in own}
        self._after: dict[str, list[str]] = {node.id: [] for node in own}
        for flow in definition.flows:
            if flow.process == place.process and flow.source in self._nodes and flow.target in self._nodes:
                self._after[flow.source].append(flow.target)
        self._taken = {(flow.source, flow.target) for flow in definition.flows if flow.id in done}
        self._boundaries = {node.id for node in own if node.attached}
        for node in own:
            if node.attached in self._nodes:
                self._after[node.attached].append(node.id)
        self._order = self._walk()
        self.usual = self._usual()
        """Ids on the way taken so far and on the usual way from there, with everything that runs beside it."""

    def in_order(self) -> Iterator[NodeInfo]:
        """The nodes as they follow each other; what follows a boundary event comes last."""
        beside = self._beyond(self._boundaries) - self._beyond(self._starts())
        yield from (self._nodes[each] for each in self._order if each not in beside)
        yield from (self._nodes[each] for each in self._order if each in beside)

    def _starts(self) -> list[str]:
        plain = [node.id for node in self._nodes.values() if node.kind == "start" and node.event == "none"]
        return plain or [node.id for node in self._nodes.values() if node.kind == "start"]

    def _walk(self) -> list[str]:
        """Every node after those that lead to it; a flow back to an earlier node is taken out."""
        order: list[str] = []
        entered: set[str] = set()
        left: set[str] = set()
        for start in (*self._starts(), *self._nodes):
            if start in entered:
                continue
            entered.add(start)
            path = [(start, iter(reversed(list(self._after[start]))))]
            while path:
                node, following = path[-1]
                target = next(following, None)
                if target is None:
                    left.add(node)
                    order.append(node)
                    path.pop()
                elif target not in entered:
                    entered.add(target)
                    path.append((target, iter(reversed(list(self._after[target])))))
                elif target not in left:
                    self._after[node].remove(target)
        return order[::-1]

    def _usual(self) -> frozenset[str]:
        """From the last node to the first: what follows each, where that can be told."""
        length: dict[str, int] = {}
        usual: dict[str, frozenset[str]] = {}
        for each in reversed(self._order):
            after = self._forward(each)
            length[each] = max((length[one] for one in after), default=0) + (self._nodes[each].kind in STEPS)
            ways = [usual[one] for one in self._ways(each, after, length)]
            certain = frozenset.intersection(*(usual[one] for one in after)) if after and not ways else frozenset()
            usual[each] = certain.union((each,), *ways)
        return frozenset().union(*(usual[start] for start in self._starts()[:1]))

    def _ways(self, node: str, after: list[str], length: Mapping[str, int]) -> list[str]:
        """Which of several ways to tell: all that run side by side, the one taken, the one that is clearly the longest.
        None where that cannot be said: then only what lies on all of them is told."""
        if self._nodes[node].kind in SIDE_BY_SIDE or len(after) < 2:
            return after
        taken = [each for each in after if (node, each) in self._taken]
        if taken:
            return taken
        longest, second = sorted((length[each] for each in after), reverse=True)[:2]
        return [each for each in after if length[each] == longest] if longest > max(second, 1) else []

    def _forward(self, node: str) -> list[str]:
        return [after for after in self._after[node] if after not in self._boundaries]

    def _beyond(self, starts: Iterator[str] | Sequence[str] | set[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self._forward(node)
        return found


def _named(name: str, extensions: Mapping[str, str], say: Wording) -> str:
    return extensions.get("en") or name if say.language == "en" else name
