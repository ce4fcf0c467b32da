"""The small form a diagram is read into: nodes, flows and scopes as values, with every expression compiled.

What is here is what was drawn, in our words: nothing rewritten, nothing of XML, nothing of the library. Reading makes it,
checking examines it, rewriting turns it into the core that runs. It may never hold anything that changes while a proceeding runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from engine.expressions import Expression

ValueKind = Literal["any", "truth", "integer", "list", "map", "text"]
"""What an expression must give: words of `expressions.Kind`. Moments and durations come out as text."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in a source: what a finding points at."""

    source: str
    line: int | None
    element: str
    """Id of the element; its tag where it has none."""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A compiled expression with its text and the kind of value that it must give."""

    text: str
    compiled: Expression
    gives: ValueKind = "any"
    line: int | None = field(default=None, compare=False)
    """Where it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A value handed over under a name: `<wz:input>` and `<wz:output>`."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What an event throws or waits for."""

    kind: str
    """`none`, `message`, `timer`, `signal`, `condition`, `error`, `escalation`, `compensation`, `cancel`, `link`,
    `terminate`, `multiple`."""
    name: str = ""
    """Name of the message, signal or link; code of the error or escalation, empty where every code is caught.
    Of a compensation that is thrown: the activity to undo; empty for all."""
    code: str = ""
    """`date`, `duration` or `cycle` of a timer; the id of a link's definition."""
    parts: tuple[Event, ...] = ()
    """Of a multiple event: what it holds."""
    together: bool = False
    """Of a multiple event that catches: whether it waits for all of them, not for one."""
    partners: tuple[tuple[str, str], ...] = ()
    """Of a link: `source` or `target`, and the id of the definition it names."""
    expression: Formula | None = None
    """The moment of a timer where it is computed; what a condition waits for to be true."""
    literal: str = ""
    """The moment of a timer where it is written down: ISO 8601."""
    deadline: str = ""
    """`wz:deadline`: the statutory limit whose moment the host keeps."""
    since: Formula | None = None
    """`wz:from`: gives the trigger date of a statutory limit."""
    payload: str = ""
    """`wz:payload`: the variable that a message, signal, error or escalation fills when it is caught, or carries when thrown."""

    @property
    def each(self) -> tuple[Event, ...]:
        """What a multiple event holds; any other holds itself."""
        return self.parts or (self,)

    @property
    def trigger(self) -> tuple[str, str]:
        """Kind and name: what sets it off, where a name does."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A multi-instance: how many instances, what each gets, what they give together. Or a loop: how often it goes round."""

    sequential: bool = True
    standard: bool = False
    """Whether it is a loop of rounds, one after the other."""
    again: Formula | None = None
    """Of a loop: whether there is another round."""
    test_before: bool = False
    """Of a loop: whether that is asked before the first round."""
    maximum: int | None = None
    """Of a loop: how many rounds at most."""
    behavior: str = "All"
    """What is thrown when instances complete: `None` each time, `One` the first time, `Complex` by `throws`, `All` nothing."""
    throws: tuple[tuple[Formula | None, Event], ...] = ()
    """What is thrown, and (`Complex`) when."""
    cardinality: Formula | None = None
    collection: Formula | None = None
    element: str = ""
    output: str = ""
    output_element: str = ""
    items: tuple[Datum, ...] = ()
    """What an instance has for itself, where it is declared as data."""
    until: Formula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script task: a CEL map that is merged into the scope."""

    formula: Formula
    error: Formula | None = None
    """`wz:error`: gives the code of an error that is thrown then; empty for none."""
    escalation: Formula | None = None
    """`wz:escalation`: gives the code of an escalation that is thrown then; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A service task: a registered operation, its arguments, and the variable for what it gives."""

    name: str
    inputs: tuple[Binding, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A business rule task: a decision table, its inputs (none: the variables of the scope), and the variable for the result."""

    decision: str
    inputs: tuple[Binding, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """A call activity: the process it calls and what is handed over. Without any binding everything is."""

    process: str
    """Empty where it is computed."""
    inputs: tuple[Binding, ...] = ()
    outputs: tuple[Binding, ...] = ()
    computed: Formula | None = None
    """`wz:called`: gives the id of the process when the activity begins."""
    among: tuple[str, ...] = ()
    """`wz:among`: the processes that it may give."""
    handed: tuple[str, ...] | None = None
    """Where data associations say what is handed over: the names."""

    @property
    def processes(self) -> tuple[str, ...]:
        """All that it may call."""
        return self.among or ((self.process,) if self.process else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """A data object, property, data input or output: a variable of what declares it."""

    id: str
    variable: str
    place: Place
    kind: str = "any"
    """What it holds (`data_types.KINDS`)."""
    many: bool = False
    """Whether it is a collection of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEnd:
    """What an association reads or writes: a variable, or a data store."""

    variable: str = ""
    scope: str = ""
    """Id of the process or sub-process whose variable it is; empty where it belongs to the activity itself."""
    store: str = ""
    datum: Datum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Data carried from somewhere to somewhere: as they are, transformed, or field by field."""

    sources: tuple[DataEnd, ...]
    target: DataEnd
    transformation: Formula | None = None
    assignments: tuple[tuple[Formula, tuple[str, ...]], ...] = ()
    """A value, and the field of the target that it goes into; no field: the target itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Io:
    """What an activity, event or process takes and gives."""

    inputs: tuple[Datum, ...] = ()
    outputs: tuple[Datum, ...] = ()
    properties: tuple[Datum, ...] = ()
    """What is its own and neither taken nor given."""
    needed: tuple[str, ...] = ()
    """Inputs without which it does not begin."""
    promised: tuple[str, ...] = ()
    """Outputs without which it has not completed."""
    takes: tuple[Association, ...] = ()
    gives: tuple[Association, ...] = ()
    closed: bool = False
    """Whether it says all that it takes and gives: what it writes otherwise stays with it."""

    @property
    def own(self) -> tuple[Datum, ...]:
        """Everything that belongs to it alone."""
        return (*self.properties, *self.inputs, *self.outputs)

    @property
    def stores(self) -> frozenset[str]:
        """The operations of data stores that it calls."""
        read = {f"{end.store}.read" for way in (*self.takes, *self.gives) for end in way.sources if end.store}
        return frozenset(read | {f"{way.target.store}.write" for way in self.gives if way.target.store})


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalTask:
    """A task drawn beside the processes: whoever calls it is that task."""

    kind: str
    """BPMN tag of the task that the call becomes."""
    extensions: Mapping[str, str]
    work: Script | Ruling | None
    io: Io | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node as drawn."""

    id: str
    name: str
    kind: str
    """BPMN tag: `userTask`, `exclusiveGateway`, `boundaryEvent` …"""
    place: Place
    process: str
    lane: str | None = None
    extensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    event: Event | None = None
    attached: str | None = None
    """Of a boundary event: the activity it is attached to."""
    interrupting: bool = True
    """Of a boundary event, and of the start event of an event sub-process: whether it ends what it is attached to."""
    by_event: bool = False
    """Whether it is an event sub-process: not reached by a flow, but begun by its start event."""
    needs: int = 1
    """`startQuantity`: how many tokens must come before the activity begins."""
    gives: int = 1
    """`completionQuantity`: how many tokens leave by each flow."""
    for_compensation: bool = False
    """Whether it is a handler: not reached by a flow, but run to undo an activity."""
    associated: tuple[str, ...] = ()
    """What associations join it with."""
    default: str | None = None
    """Id of the default flow."""
    direction: str = ""
    """`gatewayDirection` as written."""
    begins: bool = False
    """Of an event-based gateway or a receive task: whether the process begins with it (`instantiate`)."""
    together: bool = False
    """Of an event-based gateway with which the process begins: whether all its events must come, not one."""
    activation: Formula | None = None
    """Of a complex gateway: whether the tokens that wait are enough."""
    loop: Loop | None = None
    io: Io | None = None
    work: Script | Operation | Ruling | Calling | None = None
    inner: Drawing | None = None
    """Of a sub-process: what is drawn inside."""
    refused: bool = False
    """Whether it was refused as a whole: it only stands where it was drawn, and its structure is not examined."""
    lists_incoming: tuple[str, ...] = ()
    lists_outgoing: tuple[str, ...] = ()
    """Flows that the element itself lists. The flows are the truth; a list that contradicts them is a finding."""

    @property
    def undoes_inside(self) -> Node | None:
        """Of a sub-process: the event sub-process inside that undoes it."""
        inside = self.inner.nodes.values() if self.inner is not None else ()
        return next((node for node in inside if node.is_undoing), None)

    @property
    def is_undoing(self) -> bool:
        """Whether it is an event sub-process that begins by compensation."""
        starts = self.inner.nodes.values() if self.by_event and self.inner is not None else ()
        return any(node.kind == "startEvent" and node.event and node.event.kind == "compensation" for node in starts)

    @property
    def can_throw(self) -> bool:
        """Whether an error or escalation can come out of it: an operation, a script that says so, or something inside."""
        thrown = isinstance(self.work, Script) and (self.work.error is not None or self.work.escalation is not None)
        return thrown or self.inner is not None or isinstance(self.work, Operation | Calling)

    @property
    def begins_by_one(self) -> bool:
        """Whether it is an event-based gateway with which the process begins, by one of its events."""
        return self.begins and self.kind == "eventBasedGateway" and not self.together

    @property
    def is_link(self) -> bool:
        """Whether it is one end of a link."""
        return self.event is not None and self.event.kind == "link"

    @property
    def throws_link(self) -> bool:
        """Whether it is the end of a link from which the way goes on elsewhere."""
        return self.is_link and self.kind == "intermediateThrowEvent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow as drawn."""

    id: str
    name: str
    source: str
    target: str
    place: Place
    process: str
    condition: Formula | None = None
    extensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane: the role whose nodes it holds."""

    id: str
    name: str
    process: str
    extensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(slots=True, kw_only=True)
class Drawing:
    """One scope as drawn: a process, or the inside of a sub-process."""

    id: str
    name: str
    process: str
    place: Place
    extensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)
    data: tuple[Datum, ...] = ()
    """Its data objects and properties: variables of the scope from its beginning."""
    io: Io | None = None
    """Of a process: what it needs to begin and promises at its end."""
    refused: bool = False
    """Whether what holds it was refused: its structure is not examined."""
    by_event: bool = False
    """Whether it is the inside of an event sub-process."""
    around: Drawing | None = field(default=None, repr=False)
    """The scope that this one stands in."""
    owner: Node | None = field(default=None, repr=False)
    """The activity whose inside it is."""

    @property
    def trigger(self) -> Node:
        """Of an event sub-process: its start event."""
        return next(node for node in self.nodes.values() if node.kind == "startEvent")

    def scopes(self) -> Iterator[Drawing]:
        """This scope and all inside it, outer before inner."""
        waiting = [self]
        while waiting:
            scope = waiting.pop()
            yield scope
            waiting.extend(node.inner for node in reversed(scope.nodes.values()) if node.inner is not None)

    def beginnings(self) -> Iterator[Node]:
        """What a process may begin with: start events, receive tasks, events behind event-based gateways that begin it."""
        for node in self.nodes.values():
            if node.kind == "startEvent" or (node.begins and node.kind == "receiveTask"):
                yield node
            elif node.begins:
                yield from (self.nodes[flow.target] for flow in self.flows.values() if flow.source == node.id)

    def outgoing(self) -> dict[str, list[Flow]]:
        """The flows that leave each node, in the order drawn."""
        leaving: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows.values():
            leaving[flow.source].append(flow)
        return leaving

    def incoming(self) -> dict[str, list[Flow]]:
        """The flows that enter each node, in the order drawn."""
        entering: dict[str, list[Flow]] = {id: [] for id in self.nodes}
        for flow in self.flows.values():
            entering[flow.target].append(flow)
        return entering


def named(node: Node) -> str:
    """A node in a sentence: its id and name."""
    return f"{node.id} {node.name}".strip()
