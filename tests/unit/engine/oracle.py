"""A token game written from chapter 13 of BPMN 2.0.2, to hold the engine against: it shares nothing with `engine/`.

It reads the XML itself, keeps tokens in plain lists, forgets nothing, clears nothing away and stores nothing. Where the standard
leaves open in which order things happen, it follows the rule of the house: one token after another takes a turn, an event beside
the flow that has fired first, else the oldest token; a late wake fires timers in the order they fell due, each at its moment.
Variables belong to scopes (decision 0101).

    game = Game(sources, "p", {"n": 1}, now)       what has happened: game.trace, what stands open: game.tasks() …
    game.complete(game.tasks()[0], {"n": 2}); game.tell("message", "alpha", 5); game.wake(later)

Expressions are the few that test diagrams use, read as Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

_NONE: Mapping[str, Any] = {}
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
WZ = "{urn:wenze:bpmn:1}"


@dataclass(frozen=True)
class Line:
    """Something that happened."""

    what: str
    node: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """Something thrown outwards."""

    kind: str
    name: str
    payload: Any
    node: str


class Stuck(Exception):
    """The move cannot be finished: a gateway has no way out, or it goes on for ever."""


class Uncaught(Exception):
    """An error that nobody catches."""

    def __init__(self, code: str) -> None:
        self.code = code


# --- What is drawn ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Definition:
    """An event definition."""

    kind: str
    name: str = ""
    """Of the message, signal or link; the code of an error or escalation (empty: every code); the activity to be undone."""
    text: str = ""
    """A condition, or a moment."""
    how: str = ""
    """`date`, `duration`, `cycle`, or `limit` of a timer whose moment the host keeps."""


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None


@dataclass(eq=False)
class Node:
    """A flow node. `eq=False`: nodes are told apart by themselves."""

    id: str
    kind: str
    element: Any
    events: tuple[Definition, ...]
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    attached: list[Node] = field(default_factory=list)
    """Boundary events, in the order drawn."""
    inner: Graph | None = None
    handler: Node | None = None
    """What undoes it when it has completed."""
    throws: Definition | None = None
    """What a multi-instance throws when an instance has completed."""

    def __deepcopy__(self, memo: Any) -> Node:
        return self

    def says(self, name: str, default: str = "") -> str:
        return str(self.element.get(name, default))

    @property
    def activity(self) -> bool:
        return self.kind.endswith(("Task", "task", "subProcess", "transaction", "callActivity"))

    @property
    def together(self) -> bool:
        """Whether all its definitions must come."""
        return self.says("parallelMultiple") == "true"

    @property
    def interrupting(self) -> bool:
        return self.says("cancelActivity", "true") == "true" and self.says("isInterrupting", "true") == "true"

    @property
    def payload(self) -> str:
        return self.says(f"{WZ}payload")

    @property
    def loop(self) -> Any:
        return next((child for child in self.element if child.tag.endswith("LoopCharacteristics")), None)

    @property
    def default(self) -> str:
        return self.says("default")


@dataclass(eq=False)
class Graph:
    """A process, or the inside of a sub-process."""

    id: str
    nodes: dict[str, Node]
    beside: list[Node]
    """Event sub-processes."""

    def __deepcopy__(self, memo: Any) -> Graph:
        return self

    @property
    def start(self) -> Node:
        """The start event that needs no trigger; of an event sub-process its only one."""
        starts = [node for node in self.nodes.values() if node.kind == "startEvent"]
        return next((node for node in starts if not node.events), starts[0])

    @property
    def undoing(self) -> Node | None:
        """The event sub-process that undoes what holds it."""
        return next((each for each in self.beside if each.inner and _undoes(each.inner.start)), None)


def _undoes(node: Node) -> bool:
    return any(event.kind == "compensate" for event in node.events)


def read(sources: Iterable[bytes]) -> dict[str, Graph]:
    """The processes of some files."""
    graphs: dict[str, Graph] = {}
    for source in sources:
        root = ElementTree.fromstring(source)
        named = {element.get("id"): element for element in root.iter() if element.get("id")}
        for element in root.iter(f"{MODEL}process"):
            graphs[element.get("id", "")] = _graph(element, named)
    return graphs


def _graph(element: Any, named: Mapping[Any, Any]) -> Graph:
    nodes: dict[str, Node] = {}
    beside: list[Node] = []
    flows = [child for child in element if child.tag == f"{MODEL}sequenceFlow"]
    for child in element:
        kind, id = child.tag.removeprefix(MODEL), child.get("id")
        if kind.endswith(("Event", "Gateway", "ask", "ubProcess", "transaction", "callActivity")):
            node = nodes[id] = Node(id, kind, child, tuple(_definitions(child, named)))
            if kind in ("subProcess", "transaction"):
                node.inner = _graph(child, named)
            if node.says("triggeredByEvent") == "true":
                beside.append(node)
            for name in ("noneBehaviorEventRef", "oneBehaviorEventRef"):
                if node.loop is not None and node.loop.get(name):
                    node.throws = _definition(named[node.loop.get(name)], child, named)
    for child in flows:
        condition = child.find(f"{MODEL}conditionExpression")
        flow = Flow(child.get("id"), child.get("sourceRef"), child.get("targetRef"), _text(condition))
        nodes[flow.source].outgoing.append(flow)
        nodes[flow.target].incoming.append(flow)
    for node in nodes.values():
        host = node.says("attachedToRef")
        if host and not _undoes(node):
            nodes[host].attached.append(node)
        elif host:
            ends = [
                child for child in element if child.tag == f"{MODEL}association" and child.get("sourceRef") == node.id
            ]
            nodes[host].handler = nodes[ends[0].get("targetRef")]
    return Graph(element.get("id"), nodes, beside)


def _definitions(element: Any, named: Mapping[Any, Any]) -> Iterator[Definition]:
    """What an event catches or throws; a send or receive task its message."""
    for child in element:
        tag = child.tag.removeprefix(MODEL)
        if tag == "eventDefinitionRef":
            yield _definition(named[child.text.strip()], element, named)
        elif tag.endswith("EventDefinition"):
            yield _definition(child, element, named)
    if element.get("messageRef"):
        yield Definition("message", named[element.get("messageRef")].get("name"))


def _definition(element: Any, holder: Any, named: Mapping[Any, Any]) -> Definition:
    kind = element.tag.removeprefix(MODEL).removesuffix("EventDefinition")
    if kind == "timer":
        moment = next((child for child in element if child.tag.startswith(f"{MODEL}time")), None)
        if moment is None:
            return Definition(kind, how="limit")
        return Definition(kind, text=moment.text, how=moment.tag.removeprefix(f"{MODEL}time").lower())
    if kind == "conditional":
        return Definition("condition", text=_text(element.find(f"{MODEL}condition")) or "")
    if kind in ("cancel", "terminate"):
        return Definition(kind)
    if kind == "link":
        return Definition(kind, element.get("name"))
    if kind == "compensate":
        return Definition(kind, element.get("activityRef", ""))
    to = named.get(element.get(f"{kind}Ref"))
    called = {"error": "errorCode", "escalation": "escalationCode"}.get(kind, "name")
    return Definition(kind, "" if to is None else to.get(called, ""))


def _text(element: Any) -> str | None:
    return None if element is None else "".join(element.itertext()).strip()


# --- What runs -------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Token:
    """A token at a node. `stage` says which of its turns comes next:

    `gather` until so many have come, `arm` what is attached and then begin, `split` into what a multiple event waits for, `node`
    the node itself, `times` and `choose` behind an activity, `piece` one thing that a multiple event waits for, `listen` for the
    trigger of an event sub-process, `undo` one step of compensation.
    """

    number: int
    node: Node
    scope: Scope
    stage: str = "node"
    state: str = "ready"
    """`ready`, `waiting`, `busy` (something inside it runs), `gone`."""
    local: dict[str, Any] = field(default_factory=dict)
    group: list[Token] = field(default_factory=list)
    """The activity and the events attached to it; the events that race."""
    racing: bool = False
    event: Definition | None = None
    """What it waits for."""
    via: str = ""
    """The flow by which it came to a join."""
    parent: Token | None = None
    """Of an instance, round or step of undoing: whose it is."""
    children: list[Token] = field(default_factory=list)
    inside: Scope | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    """What it counts, and since when it waits."""

    @property
    def beside(self) -> bool:
        """Whether it is an event beside the flow: attached, or of an event sub-process."""
        return self.stage == "listen" or (self.node.kind == "boundaryEvent" and self.event is not None)

    @property
    def told(self) -> bool:
        """Whether the trace tells of it."""
        return self.stage == "node"

    @property
    def drawn(self) -> str:
        """The event that is drawn: of an event sub-process its start event."""
        return self.node.inner.start.id if self.stage == "listen" and self.node.inner else self.node.id


@dataclass(eq=False)
class Scope:
    """A process or sub-process that runs."""

    graph: Graph
    owner: Token | None
    path: tuple[str, ...]
    border: bool
    variables: dict[str, Any]
    tokens: list[Token] = field(default_factory=list)
    """Those that are not gone, the oldest first."""
    written: list[str] = field(default_factory=list)
    done: list[list[Any]] = field(default_factory=list)
    """What has completed and could be undone, the last last."""
    ended: bool = False

    def outwards(self) -> Iterator[Scope]:
        """This scope and those around it, up to the border of the called process."""
        scope = self
        while True:
            yield scope
            if scope.border or scope.owner is None:
                return
            scope = scope.owner.scope


class Game:
    """A proceeding as the standard has it."""

    most = 20_000
    """Turns after which a move is taken to loop for ever."""

    def __init__(
        self,
        sources: Iterable[bytes],
        process: str,
        variables: Mapping[str, Any],
        now: datetime,
        services: Mapping[str, Any] = _NONE,
    ) -> None:
        self.graphs = read(sources)
        self.services = services
        self.clock = now
        self.number = 0
        self.trace: list[Line] = []
        self.messages: list[Sent] = []
        self.turns = 0
        self.watch = False
        """Whether conditions are to be looked at."""
        self.top = Scope(self.graphs[process], None, (), True, dict(variables))
        self.scopes = [self.top]
        self.begin(self.top, self.top.graph.start)
        self.settle()

    # Commands

    def complete(self, token: Token, answers: Mapping[str, Any]) -> None:
        self.turns = 0
        for name, value in answers.items():
            self.assign(token, name, value)
        self.turn(token)
        self.settle()

    def tell(self, kind: str, name: str, payload: Any) -> None:
        """A message is taken by the one that has waited longest, a signal by everybody who waits."""
        self.turns = 0
        self.hear(kind, name, payload)
        self.settle()

    def wake(self, now: datetime, passed: Mapping[int, datetime]) -> None:
        """Fire what is due, the earliest first. `passed`: number of a token → when the host saw its limit pass."""
        self.turns = 0
        while True:
            due = [
                (max(moment, token.kept["armed"]), token.number, token)
                for token in self.waiting("timer")
                if (moment := token.kept.get("due", passed.get(token.number))) is not None
            ]
            first = min(due, key=lambda each: each[:2], default=None)
            if first is None or first[0] > now:
                return
            self.clock = first[0]
            self.catch(first[2], None)
            self.settle()

    # What stands open

    def alive(self) -> list[Token]:
        return sorted((token for scope in self.scopes for token in scope.tokens), key=lambda token: token.number)

    def tasks(self) -> list[Token]:
        return [
            each
            for each in self.alive()
            if each.told and each.node.kind in ("userTask", "manualTask") and not _many(each)
        ]

    def waiting(self, *kinds: str) -> list[Token]:
        """The events that wait for something of these kinds, those that have waited longest first."""
        return [each for each in self.alive() if each.state == "waiting" and each.event and each.event.kind in kinds]

    @property
    def ended(self) -> bool:
        return self.top.ended

    @property
    def deadlocked(self) -> bool:
        """Nobody and nothing is waited for that could move what is left."""
        return bool(self.alive()) and not self.tasks() and not self.waiting("message", "signal", "timer")

    def locals_of(self, token: Token) -> dict[str, Any]:
        """What the token knows alone, and the instances it runs in."""
        found, scope = dict(token.local), token.scope
        while scope.owner is not None:
            found = {**scope.owner.local, **found}
            scope = scope.owner.scope
        return found

    # Turns

    def settle(self) -> None:
        """Turns are taken until only people, messages and moments are waited for."""
        while True:
            if self.watch:
                self.look_at_conditions()
            self.look_at_joins()
            ready = [each for each in self.alive() if each.state == "ready" and (not self.personal(each))]
            if not ready:
                return
            self.turns += 1
            if self.turns > self.most or len(ready) > 2_000:
                raise Stuck
            self.turn(min(ready, key=lambda each: (not each.beside, each.number)))

    def personal(self, token: Token) -> bool:
        return token.told and token.node.kind in ("userTask", "manualTask") and not _many(token)

    def turn(self, token: Token) -> None:
        """One token takes its turn; what it was the last token of ends with it."""
        scope = token.scope
        getattr(self, f"turn_{token.stage}")(token)
        self.close(scope)

    def close(self, scope: Scope) -> None:
        """A scope without tokens has ended; event sub-processes that have not begun do not keep it (13.3.4, 13.5.4)."""
        idle = [each for each in scope.tokens if each.stage == "listen" and each.state == "waiting"]
        if scope.ended or len(idle) < len(scope.tokens):
            return
        for each in idle:
            self.cancel(each)
        scope.ended = True
        self.scopes.remove(scope)
        if scope.owner is not None and scope.owner.state != "gone":
            scope.owner.state = "ready"

    # Tokens come, go and are cancelled

    def token(self, node: Node, scope: Scope, stage: str = "node", **kept: Any) -> Token:
        self.number += 1
        token = Token(self.number, node, scope, stage, **kept)
        scope.tokens.append(token)
        return token

    def note(self, what: str, token: Token) -> None:
        self.trace.append(Line(what, token.node.id, token.scope.path))

    def gone(self, token: Token) -> None:
        token.state = "gone"
        token.scope.tokens.remove(token)

    def cancel(self, token: Token) -> None:
        """A token is taken away, with everything that runs inside."""
        if token.state == "gone":
            return
        if token.told and not (token.state == "waiting" and token.via):
            self.note("cancelled", token)
        self.gone(token)
        for child in token.children:
            self.cancel(child)
        if token.inside is not None and not token.inside.ended:
            for each in list(token.inside.tokens):
                self.cancel(each)
            token.inside.ended = True
            self.scopes.remove(token.inside)

    def cancel_all(self, scope: Scope, but: Token) -> None:
        for each in list(scope.tokens):
            if each is not but:
                self.cancel(each)

    def begin(self, scope: Scope, start: Node) -> None:
        """A scope begins: its event sub-processes listen, then its start event occurs."""
        for node in scope.graph.beside:
            if node.inner is not None and not _undoes(node.inner.start):
                for event in node.inner.start.events:
                    self.listen(self.token(node, scope, "listen", event=event), {})
        self.enter(scope, start)

    def arrive(self, scope: Scope, flow: Flow | None, node: Node) -> None:
        """A token comes to a node by a sequence flow, or from the other end of a link."""
        if flow is not None:
            self.trace.append(Line("taken", flow.id, scope.path))
        if int(node.says("startQuantity", "1")) > 1:
            token = self.token(node, scope, "gather", state="waiting")
            here = [
                each
                for each in scope.tokens
                if each.node is node and each.stage == "gather" and each.state == "waiting"
            ]
            if len(here) >= int(node.says("startQuantity")):
                for each in here[: int(node.says("startQuantity"))]:
                    if each is not token:
                        self.gone(each)
                token.state = "ready"
        elif node.attached:
            self.token(node, scope, "arm")
        elif node.kind == "intermediateCatchEvent" and len(node.events) > 1:
            self.token(node, scope, "split")
        else:
            self.enter(scope, node, via=flow.id if flow else "")

    def enter(self, scope: Scope, node: Node, via: str = "", **kept: Any) -> Token:
        """A token is at the node itself."""
        token = self.token(node, scope, **kept)
        if node.kind == "complexGateway" and _text(node.element.find(f"{MODEL}activationCondition")) and via:
            token.stage, token.via, token.state = "enough", via, "waiting"
            return token
        joins = node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1
        if joins:
            token.via, token.state = via, "waiting"
            if node.kind == "parallelGateway":
                self.synchronise(token)
            return token
        if node.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask") and not _many(token):
            kinds = [event for event in node.events if event.kind != "link"]
            if len(kinds) == 1:
                token.event = kinds[0]
        if token.event is not None:
            self.listen(token, token.kept)
        self.note("entered", token)
        return token

    def turn_gather(self, token: Token) -> None:
        self.gone(token)
        if token.node.attached:
            self.token(token.node, token.scope, "arm")
        else:
            self.enter(token.scope, token.node)

    def turn_arm(self, token: Token) -> None:
        """What is attached to an activity waits as soon as the activity begins (13.5.3)."""
        self.gone(token)
        group: list[Token] = []
        for node in token.node.attached:
            for event in node.events:
                if len(node.events) > 1:
                    piece = self.token(node, token.scope, "piece", event=event, group=group)
                    self.listen(piece, {})
                else:
                    piece = self.enter(token.scope, node, group=group)
                group.append(piece)
        group.append(self.enter(token.scope, token.node, group=group))

    def turn_split(self, token: Token) -> None:
        self.gone(token)
        self.split(token.node, token.scope, [])

    def split(self, node: Node, scope: Scope, group: list[Token]) -> None:
        for event in node.events:
            piece = self.token(node, scope, "piece", event=event, group=group, racing=not node.together)
            self.listen(piece, {})
            group.append(piece)

    # Gateways that join

    def synchronise(self, token: Token) -> None:
        """Parallel gateways (13.4.1): one token from each incoming flow; what is more stays."""
        together = self.waiting_at(token.node, token.scope)
        if len(together) == len(token.node.incoming):
            self.join(together, token)

    def join(self, together: Mapping[str, Token], into: Token) -> None:
        for each in together.values():
            if each is not into:
                self.gone(each)
        into.state, into.via = "ready", ""
        self.note("entered", into)

    def look_at_joins(self) -> None:
        """What waits for tokens that may still come: whether it goes on is asked of the oldest token at each gateway."""
        seen: list[tuple[Scope, Node, str]] = []
        for token in self.alive():
            place = (token.scope, token.node, token.stage)
            if token.state == "waiting" and place not in seen:
                seen.append(place)
                if token.stage == "enough":
                    self.activate(token)
                elif token.stage == "rest":
                    self.reset(token)
                elif token.node.kind == "inclusiveGateway":
                    together = self.waiting_at(token.node, token.scope)
                    if not self.may_still_come(token.node, token.scope, set(together)):
                        self.join(together, token)

    def waiting_at(self, node: Node, scope: Scope) -> dict[str, Token]:
        """By incoming flow: the token that has waited longest at a join."""
        found: dict[str, Token] = {}
        for each in scope.tokens:
            if each.node is node and each.state == "waiting" and each.via:
                found.setdefault(each.via, each)
        return found

    def may_still_come(self, gateway: Node, scope: Scope, filled: set[str]) -> bool:
        """Inclusive gateways (13.4.3): whether a token elsewhere can reach an empty incoming flow, and none that is filled."""
        empty = {flow.id for flow in gateway.incoming} - filled
        for token in scope.tokens:
            if token.node is not gateway or token.state != "waiting":
                reached = _reach(token, gateway)
                if reached & empty and not reached & filled:
                    return True
        return False

    def activate(self, token: Token) -> None:
        """Complex gateways (13.4.5), waiting for start: the activation condition is asked; then the reset is waited for."""
        node, scope = token.node, token.scope
        if any(each.node is node and each.stage == "rest" for each in scope.tokens):
            return
        count = sum(each.node is node and each.state == "waiting" for each in scope.tokens)
        condition = _text(node.element.find(f"{MODEL}activationCondition")) or ""
        if self.holds(condition, token, activationCount=count):
            together = self.waiting_at(node, scope)
            for each in together.values():
                if each is not token:
                    self.gone(each)
            token.state = "ready"
            self.token(node, scope, "rest", state="waiting", kept={"came": set(together)})

    def turn_enough(self, token: Token) -> None:
        self.gone(token)
        self.note("entered", self.token(token.node, token.scope))

    def reset(self, token: Token) -> None:
        """Complex gateways (13.4.5), waiting for reset: one token by each other flow, as long as one may still come."""
        node, scope, came = token.node, token.scope, token.kept["came"]
        here = self.waiting_at(node, scope)
        if not self.may_still_come(node, scope, came | here.keys()):
            for via, each in here.items():
                if via not in came:
                    self.gone(each)
            token.state = "ready"

    def turn_rest(self, token: Token) -> None:
        """What the conditions give now leaves the gateway, perhaps nothing; a flow without condition belongs to the start."""
        ways = self.ways(token, always=False, waitingForStart=False)
        self.gone(token)
        if ways:
            self.note("entered", self.token(token.node, token.scope, kept={"ways": ways}))

    # A node does what it does

    def turn_node(self, token: Token) -> None:
        node, scope = token.node, token.scope
        if _many(token):
            self.repeat(token)
        elif node.kind in ("exclusiveGateway", "inclusiveGateway"):
            self.leave(token, self.chosen(token))
        elif node.kind == "complexGateway":
            ways = token.kept.get("ways") or self.ways(token, waitingForStart=True)
            if not ways:
                raise Stuck
            self.leave(token, ways)
        elif node.kind in ("subProcess", "transaction", "callActivity"):
            self.run_inside(token)
        elif node.kind == "scriptTask":
            self.script(token)
        elif node.kind == "serviceTask":
            given = {name: self.value(text, token) for name, text in self.bindings(node, "input")}
            result = self.services[node.says(f"{WZ}operation")](**given)
            if node.says(f"{WZ}result"):
                self.assign(token, node.says(f"{WZ}result"), result)
            self.leave(token, node.outgoing)
        elif node.kind in ("intermediateThrowEvent", "endEvent", "sendTask"):
            self.throw(token)
        elif node.kind == "boundaryEvent" and token.event is not None:
            self.alert(token)
            self.leave(token, node.outgoing)
        elif node.kind == "eventBasedGateway":
            self.note("completed", token)
            self.gone(token)
            self.race(node, scope)
        else:
            self.leave(token, node.outgoing)

    def leave(self, token: Token, flows: Iterable[Flow]) -> None:
        """A node has completed: what is attached to it waits no longer, and tokens leave by these flows."""
        node, scope = token.node, token.scope
        self.note("completed", token)
        self.gone(token)
        if not token.beside:
            for each in token.group:
                if each.state == "waiting":
                    self.cancel(each)
        self.could_be_undone(token)
        if token.parent is not None:
            self.instance_done(token.parent, token)
        elif int(node.says("completionQuantity", "1")) > 1:
            self.token(node, scope, "times")
        elif node.activity and any(flow.condition is not None for flow in node.outgoing):
            self.token(node, scope, "choose")
        else:
            for flow in flows:
                self.arrive(scope, flow, scope.graph.nodes[flow.target])
            for end in _other_ends(node, scope.graph):
                self.arrive(scope, None, end)

    def turn_times(self, token: Token) -> None:
        node, scope = token.node, token.scope
        self.gone(token)
        for _ in range(int(node.says("completionQuantity"))):
            if any(flow.condition is not None for flow in node.outgoing):
                self.token(node, scope, "choose")
            else:
                for flow in node.outgoing:
                    self.arrive(scope, flow, scope.graph.nodes[flow.target])

    def turn_choose(self, token: Token) -> None:
        """Behind an activity."""
        chosen = self.ways(token)
        if not chosen:
            raise Stuck
        self.gone(token)
        for flow in chosen:
            self.arrive(token.scope, flow, token.scope.graph.nodes[flow.target])

    def ways(self, token: Token, *, always: bool = True, **known: Any) -> list[Flow]:
        """Flows whose condition holds, (always) those without, and the default where no condition holds."""
        flows, default = token.node.outgoing, token.node.default
        holds = [flow for flow in flows if flow.condition is not None and self.holds(flow.condition, token, **known)]
        return [
            flow
            for flow in flows
            if flow in holds or (flow.condition is None and (not holds if flow.id == default else always))
        ]

    def chosen(self, token: Token) -> list[Flow]:
        """Exclusive gateways (13.4.2): the first whose condition holds; inclusive (13.4.3): every one; else the default."""
        node = token.node
        plain = [flow for flow in node.outgoing if flow.condition is None]
        holds = []
        for flow in node.outgoing:
            if flow.condition is not None and self.holds(flow.condition, token):
                holds.append(flow)
                if node.kind == "exclusiveGateway":
                    break
        if not holds and not plain:
            raise Stuck
        return holds or plain

    def race(self, node: Node, scope: Scope) -> None:
        """Event-based gateways (13.4.4): what stands behind the gateway waits together, and the first wins."""
        group: list[Token] = []
        for flow in node.outgoing:
            self.trace.append(Line("taken", flow.id, scope.path))
            behind = scope.graph.nodes[flow.target]
            if len(behind.events) > 1:
                self.split(behind, scope, group)
            else:
                group.append(self.enter(scope, behind, group=group, racing=True))

    # Sub-processes and calls

    def run_inside(self, token: Token) -> None:
        node, scope = token.node, token.scope
        if token.inside is None:
            if node.kind == "callActivity":
                graph = self.graphs[node.says("calledElement")]
                variables = dict(self.visible(token))
                if self.bindings(node, "input") or self.bindings(node, "output"):
                    variables = {name: self.value(text, token) for name, text in self.bindings(node, "input")}
            else:
                assert node.inner is not None
                graph, variables = node.inner, dict(token.local)
            inside = Scope(graph, token, (*scope.path, node.id), node.kind == "callActivity", variables)
            token.inside, token.state = inside, "busy"
            self.scopes.append(inside)
            self.begin(inside, graph.start)
            return
        inside = token.inside
        if node.kind != "callActivity":
            for name in token.local:
                token.local[name] = inside.variables.get(name)
        elif self.bindings(node, "input") or self.bindings(node, "output"):
            given = {name: self.evaluate(text, inside.variables) for name, text in self.bindings(node, "output")}
            for name, value in given.items():
                self.assign(token, name, value)
        else:
            for name in inside.written:
                self.assign(token, name, inside.variables[name])
        self.leave(token, node.outgoing)

    def bindings(self, node: Node, which: str) -> list[tuple[str, str]]:
        return [(each.get("name"), each.get("value")) for each in node.element.iter(f"{WZ}{which}")]

    # Instances and rounds

    def repeat(self, token: Token) -> None:
        """The activity itself: it begins its instances or rounds, and completes when they are done (13.3.6, 13.3.7)."""
        loop, run = token.node.loop, token.kept
        if "total" not in run:
            self.begin_instances(token, loop)
        if not run["over"]:
            token.state = "busy"
            return
        if loop.get(f"{WZ}output"):
            self.assign(token, loop.get(f"{WZ}output"), self.outputs(run))
        self.leave(token, token.node.outgoing)

    def begin_instances(self, token: Token, loop: Any) -> None:
        run = token.kept
        if loop.tag.endswith("standardLoopCharacteristics"):
            run.update(total=None, next=0, done=0, out=[], over=False)
            if loop.get("testBefore") == "true" and not self.again(token, loop):
                run["over"] = True
            else:
                self.launch(token, None)
            return
        items = None
        number = _text(loop.find(f"{MODEL}loopCardinality"))
        if number is not None:
            total = self.value(number, token)
        else:
            items = self.value(loop.get(f"{WZ}collection"), token)
            total = len(items)
        run.update(total=total, next=0, done=0, out=[], over=total == 0, items=items)
        for _ in range(min(total, 1) if loop.get("isSequential") == "true" else total):
            self.launch(token, items)

    def launch(self, token: Token, items: Any) -> None:
        loop, run = token.node.loop, token.kept
        index, run["next"] = run["next"], run["next"] + 1
        local = {"loopCounter": index}
        if loop.get(f"{WZ}element"):
            local[loop.get(f"{WZ}element")] = items[index]
        if loop.get(f"{WZ}outputElement"):
            local.setdefault(loop.get(f"{WZ}outputElement"), None)
        token.children.append(self.enter(token.scope, token.node, local=local, parent=token, kept={"index": index}))

    def again(self, token: Token, loop: Any) -> bool:
        condition = _text(loop.find(f"{MODEL}loopCondition"))
        return condition is None or self.holds(condition, token, loopCounter=token.kept["done"])

    def instance_done(self, token: Token, instance: Token) -> None:
        """An instance, a round or a step of undoing has ended: is it the last?"""
        loop, run = token.node.loop, token.kept
        if token.state == "gone" or run.get("over"):
            return
        if instance.stage == "undo":
            if not self.undo_next(token):
                token.state = "ready"
            return
        run["done"] += 1
        if run["total"] is None:
            most = loop.get("loopMaximum")
            run["over"] = (most is not None and run["done"] == int(most)) or not self.again(token, loop)
        else:
            if loop.get(f"{WZ}outputElement"):
                run["out"].append((instance.kept["index"], instance.local.get(loop.get(f"{WZ}outputElement"))))
            if token.node.throws and (loop.get("behavior") == "None" or run["done"] == 1):
                self.emit(token, token.node.throws, None)
            run["over"] = run["done"] == run["total"] or self.enough(token)
        if run["over"]:
            for each in token.children:
                self.cancel(each)
            token.state = "ready"
        elif run["total"] is None or loop.get("isSequential") == "true":
            self.launch(token, run.get("items"))

    def enough(self, token: Token) -> bool:
        run, condition = token.kept, _text(token.node.loop.find(f"{MODEL}completionCondition"))
        counts = {
            "nrOfInstances": run["total"],
            "nrOfCompletedInstances": run["done"],
            "nrOfActiveInstances": run["next"] - run["done"],
        }
        if token.node.loop.get(f"{WZ}output"):
            counts[token.node.loop.get(f"{WZ}output")] = self.outputs(run)
        return condition is not None and self.holds(condition, token, **counts)

    def outputs(self, run: Mapping[str, Any]) -> list[Any]:
        return [value for _, value in sorted(run["out"], key=lambda each: each[0])]

    # Events that wait

    def listen(self, token: Token, kept: dict[str, Any]) -> None:
        """A token waits for its event from now on."""
        token.state, token.kept, event = "waiting", kept, token.event
        assert event is not None
        if event.kind == "condition":
            kept.setdefault("was", False)
            self.watch = True
        if event.kind != "timer" or "armed" in kept:
            return
        kept["armed"] = self.clock
        if event.how == "cycle":
            rounds, _, period = event.text.partition("/")
            kept.update(period=_period(period), left=int(rounds[1:]) - 1, due=self.clock + _period(period))
        elif event.how == "duration":
            kept["due"] = self.clock + _period(event.text)

    def catch(self, token: Token, payload: Any) -> None:
        """What a token waits for has happened."""
        if token.node.inner is not None and token.stage == "listen":
            start = token.node.inner.start
            if start.payload:
                self.assign(token, start.payload, payload)
            self.trace.append(Line("fired", start.id, token.scope.path))
        else:
            if token.node.payload:
                self.assign(token, token.node.payload, payload)
            self.note("fired", token)
        token.state = "ready"
        if token.racing:
            for each in token.group:
                if each is not token:
                    self.cancel(each)

    def hear(self, kind: str, name: str, payload: Any) -> bool:
        """Whether anybody took it."""
        taken = False
        for token in self.waiting(kind):
            if token.event is not None and token.event.name == name and token.state == "waiting":
                self.catch(token, payload)
                taken = True
                if kind == "message":
                    break
        return taken

    def look_at_conditions(self) -> None:
        """A condition fires when it becomes true (13.5.2)."""
        self.watch = False
        for token in self.waiting("condition"):
            if token.state == "waiting" and token.event is not None:
                was, token.kept["was"] = token.kept["was"], self.holds(token.event.text, token)
                if token.kept["was"] and not was:
                    self.catch(token, None)

    def alert(self, token: Token) -> None:
        """An event beside the flow: it interrupts at once, or waits again (13.5.3, 13.5.4)."""
        start = token.node.inner.start if token.stage == "listen" and token.node.inner else token.node
        if start.interrupting and token.stage == "listen":
            self.cancel_all(token.scope, token)
        elif start.interrupting:
            for each in list(token.group):
                if each is not token:
                    self.cancel(each)
        else:
            self.wait_again(token)

    def wait_again(self, token: Token) -> None:
        event, kept = token.event, {}
        assert event is not None
        if event.kind == "timer":
            if "period" not in token.kept or token.kept["left"] == 0:
                return
            due, period = token.kept["due"], token.kept["period"]
            kept = {"armed": due, "due": due + period, "period": period, "left": token.kept["left"] - 1}
        elif event.kind == "condition":
            kept = {"was": True}
        again = self.token(token.node, token.scope, token.stage, event=event, group=token.group)
        self.listen(again, kept)
        token.group.append(again)
        if again.told:
            self.note("entered", again)

    def turn_piece(self, token: Token) -> None:
        """One of the things that a multiple event waits for has come."""
        node, scope = token.node, token.scope
        if node.kind == "boundaryEvent":
            self.alert(token)
        self.gone(token)
        if node.together:
            self.gather_pieces(token)
        else:
            self.enter_plain(scope, node)

    def gather_pieces(self, token: Token) -> None:
        """Of a parallel multiple event: one of each must have come; they wait for one another as at a parallel gateway."""
        scope, node = token.scope, token.node
        assert token.event is not None
        waits = self.token(node, scope, "came", state="waiting", event=None, via=str(node.events.index(token.event)))
        found: dict[str, Token] = {}
        for each in scope.tokens:
            if each.node is node and each.stage == "came" and each.state == "waiting":
                found.setdefault(each.via, each)
        if len(found) == len(node.events):
            for each in found.values():
                if each is not waits:
                    self.gone(each)
            waits.state = "ready"

    def turn_came(self, token: Token) -> None:
        self.gone(token)
        self.enter_plain(token.scope, token.node)

    def enter_plain(self, scope: Scope, node: Node) -> None:
        """The event itself, when it has been caught: it lets the token pass."""
        self.note("entered", self.token(node, scope))

    def turn_listen(self, token: Token) -> None:
        """The trigger of an event sub-process has come: it begins."""
        self.alert(token)
        self.gone(token)
        self.enter(token.scope, token.node)

    # Events that are thrown

    def throw(self, token: Token) -> None:
        node, scope = token.node, token.scope
        kinds = [event.kind for event in node.events]
        if "terminate" in kinds:
            self.cancel_all(scope, token)
        if ("compensate" in kinds or "cancel" in kinds) and not self.undo(token, kinds[0]):
            return
        stopped = False
        payload = self.visible(token)[node.payload] if node.payload else None
        for event in node.events:
            if event.kind in ("message", "signal", "error", "escalation"):
                stopped |= self.emit(token, event, payload)
        if stopped:
            self.note("completed", token)
            self.gone(token)
        else:
            self.leave(token, node.outgoing)

    def emit(self, token: Token, event: Definition, payload: Any) -> bool:
        """Throw an event. Whether the thrower goes no further."""
        if event.kind == "error":
            self.throw_error(token, event.name, payload)
            return True
        if event.kind == "escalation":
            return self.escalate(token, event.name, payload)
        heard = self.hear(event.kind, event.name, payload)
        if event.kind == "signal" or not heard:
            self.messages.append(Sent(event.kind, event.name, payload, token.node.id))
        return False

    def throw_error(self, token: Token, code: str, payload: Any) -> None:
        """Errors (13.5.3): the innermost event around that catches it interrupts its activity."""
        taker = self.catcher(token, "error", code)
        if taker is None:
            self.note("uncaught", token)
            raise Uncaught(code)
        self.catch(taker, payload)

    def escalate(self, token: Token, code: str, payload: Any) -> bool:
        taker = self.catcher(token, "escalation", code)
        if taker is None:
            self.note("uncaught", token)
            self.messages.append(Sent("escalation", code, payload, token.node.id))
            return False
        self.catch(taker, payload)
        caught = taker.node.inner.start if taker.stage == "listen" and taker.node.inner else taker.node
        return caught.interrupting

    def catcher(self, token: Token, kind: str, code: str) -> Token | None:
        """From the activity outwards: what is attached to it, then the event sub-processes around; a code before every code."""
        at: Token | None = token
        while at is not None:
            while at.parent is not None:
                at = at.parent
            levels = [[each for each in at.group if each.beside]]
            if at.node.says("triggeredByEvent") != "true":
                levels.append([each for each in at.scope.tokens if each.stage == "listen"])
            for level in levels:
                for wanted in (code, ""):
                    for each in level:
                        if each.state == "waiting" and each.event in (Definition(kind, wanted),):
                            return each
            at = at.scope.owner
        return None

    # Scripts

    def script(self, token: Token) -> None:
        node = token.node
        source = _text(node.element.find(f"{MODEL}script")) or ""
        for name, value in self.map(source, token).items():
            self.assign(token, name, value)
        if code := self.code(token, "error"):
            self.throw_error(token, code, None)
            token.state = "busy"
        elif (code := self.code(token, "escalation")) and self.escalate(token, code, None):
            token.state = "busy"
        else:
            self.leave(token, node.outgoing)

    def code(self, token: Token, kind: str) -> str:
        text = token.node.says(f"{WZ}{kind}")
        return str(self.value(text, token)) if text else ""

    # Compensation

    def could_be_undone(self, token: Token) -> None:
        """Compensation (13.5.5): what has completed is remembered with what undoes it, or what completed inside it."""
        node = token.node
        if _many(token) or token.stage == "undo" or not node.activity:
            return
        inside = token.inside if token.inside is not None and not token.inside.border else None
        within = None if node.handler or inside is None else inside.graph.undoing
        lines = [] if node.handler or inside is None else inside.done
        if node.handler or within or lines:
            token.scope.done.append([node, node.handler, within, dict(token.local), lines, inside and inside.graph])

    def undo(self, token: Token, kind: str) -> bool:
        """Undo what has completed, the last first, one after the other. Whether all is undone."""
        if "steps" not in token.kept:
            if kind == "cancel":
                self.cancel_all(token.scope, token)
            token.kept["steps"] = self.steps_from(token)
        if self.undo_next(token):
            token.state = "busy"
            return False
        if kind == "cancel":
            taker = self.catcher(token, "cancel", "")
            if taker is not None:
                self.catch(taker, None)
        return True

    def steps_from(self, token: Token) -> list[Any]:
        activity = token.node.events[0].name
        scopes = [token.scope]
        owner = token.scope.owner
        if owner is not None and owner.node.says("triggeredByEvent") == "true":
            scopes.append(owner.scope)
        steps: list[Any] = []
        for scope in scopes:
            lines = [line for line in scope.done if not activity or line[0].id == activity]
            scope.done = [line for line in scope.done if line not in lines]
            steps += _steps(lines, scope.graph, scope.path, {})
        return steps

    def undo_next(self, token: Token) -> bool:
        if not token.kept["steps"]:
            return False
        step = token.kept["steps"].pop(0)
        token.children.append(self.token(token.node, token.scope, "undo", parent=token, kept={"step": step}))
        return True

    def turn_undo(self, token: Token) -> None:
        """A handler runs in a scope like the one its activity ran in."""
        if token.inside is not None:
            self.gone(token)
            if token.parent is not None:
                self.instance_done(token.parent, token)
            return
        graph, handler, path, values, done = token.kept["step"]
        token.local = dict(values)
        token.inside = Scope(graph, token, path, False, dict(values), done=done)
        token.state = "busy"
        self.scopes.append(token.inside)
        self.enter(token.inside, handler)

    # Variables

    def visible(self, token: Token) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for scope in reversed(list(token.scope.outwards())):
            found.update(scope.variables)
        return {**found, **token.local}

    def assign(self, token: Token, name: str, value: Any) -> None:
        """Into the innermost scope that knows the name, else into the process."""
        self.watch = True
        if name in token.local:
            token.local[name] = value
            return
        for scope in token.scope.outwards():
            if name in scope.variables or scope.border:
                scope.variables[name] = value
                if scope.border and name not in scope.written:
                    scope.written.append(name)
                return

    def value(self, text: str, token: Token, **more: Any) -> Any:
        return self.evaluate(text, {**self.visible(token), **more})

    def holds(self, text: str, token: Token, **more: Any) -> bool:
        return bool(self.value(text, token, **more))

    def map(self, text: str, token: Token) -> dict[str, Any]:
        variables = self.visible(token)
        pairs = re.split(r", (?=')", text.strip()[1:-1])
        return {
            name.strip(" '"): self.evaluate(each, variables) for name, each in (pair.split(":", 1) for pair in pairs)
        }

    def evaluate(self, text: str, variables: Mapping[str, Any]) -> Any:
        if choice := re.fullmatch(r"(.+?) \? (.+?) : (.+)", text.strip()):
            return self.evaluate(choice[2 if self.evaluate(choice[1], variables) else 3], variables)
        text = re.sub(r"has\(vars\.(\w+)\)", r"('\1' in vars)", text)
        text = re.sub(r"vars\.(\w+)", r"vars['\1']", text)
        text = re.sub(r"(\w+)\.exists\((\w+), (.+)\)", r"any(\3 for \2 in \1)", text)
        text = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
        text = re.sub(r"\bnull\b", "None", re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", text)))
        return eval(text.strip(), {"any": any, "vars": dict(variables), **variables})


# --- Of the drawing alone --------------------------------------------------------------------------------------------


def _many(token: Token) -> bool:
    """Whether it is the activity around its instances or rounds, not one of them."""
    return token.node.loop is not None and token.parent is None


def _other_ends(node: Node, graph: Graph) -> list[Node]:
    """From a throwing link the catching one."""
    if node.kind != "intermediateThrowEvent" or not node.events or node.events[0].kind != "link":
        return []
    caught = (
        each for each in graph.nodes.values() if each.kind == "intermediateCatchEvent" and each.events == node.events
    )
    return list(caught)


def _reach(token: Token, gateway: Node) -> set[str]:
    """The incoming flows of a gateway that can be reached from a token without passing the gateway.

    A token on its way to an activity may also leave it by what is attached; one inside waits beside the tokens that are attached.
    """
    graph, seen, found = token.scope.graph, set(), set()
    waiting = [] if token.parent is not None or token.stage == "rest" else [token.node]
    if token.stage in ("gather", "arm"):
        waiting += token.node.attached
    while waiting:
        node = waiting.pop()
        for flow in node.outgoing:
            if flow.target == gateway.id:
                found.add(flow.id)
        for each in [graph.nodes[flow.target] for flow in node.outgoing] + _other_ends(node, graph):
            if each is not gateway and each not in seen:
                seen.add(each)
                waiting += [each, *each.attached]
    return found


def _steps(lines: list[list[Any]], graph: Graph, path: tuple[str, ...], values: Mapping[str, Any]) -> list[Any]:
    steps: list[Any] = []
    for node, handler, within, local, inner, inside in reversed(lines):
        known = {**values, **local}
        if handler is not None:
            steps.append((graph, handler, path, known, []))
        elif within is not None:
            steps.append((inside, within, (*path, node.id), known, inner))
        else:
            steps += _steps(inner, inside, (*path, node.id), known)
    return steps


def _period(text: str) -> timedelta:
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", text.strip())
    assert found is not None, text
    days, hours, minutes = (int(each or 0) for each in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
