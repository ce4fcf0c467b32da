"""Loading diagrams: from the XML of one release to a definition that every proceeding of it shares.

All sources are read, all findings gathered, and either a definition comes out that is executed exactly as drawn, or one
`DiagramRefused` with every finding. What is supported and what is refused: `vocabulary`; how the standard's sentences are
carried out: `specs`. It may never accept an element or attribute with a meaning and then do nothing about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine import decisions, markup, vocabulary
from engine.building import ScopeSpecs, build
from engine.checking import check_process
from engine.conversations import read_correlation
from engine.correlation import Correlation
from engine.elements import File, open_file
from engine.errors import ArtefactRefused, DiagramRefused, Finding
from engine.limits import MAX_NESTING
from engine.nodes import NOTHING, Calling, Drawing, Event, GlobalTask, Lane, Node, Operation, Place, Ruling
from engine.pools import check_collaborations
from engine.reading import read_beside, read_process, read_task
from engine.refusals import Findings
from engine.rewriting import rewrite
from engine.schema import check_document
from engine.variable_checks import World, check_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTrigger:
    """One way a proceeding may begin."""

    node: str
    """Id of the start event, of the receive task, or of the event behind a gateway that begins the process:
    `machine.start(…, trigger=node)`."""
    name: str
    kind: str
    """`none`, `message`, `signal`, `condition` or `timer`."""
    message: str = ""
    """Name of the message that starts it."""
    signal: str = ""
    """Name of the signal that starts it."""
    condition: str = ""
    """Text of the condition that starts it: the host sees when it becomes true."""
    timer: str = ""
    """Text of the timer that starts it: ISO 8601, or the expression."""
    payload: str = ""
    """The variable in `data` that what the message carries goes to; nothing of it is kept where this is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInfo:
    """A node as drawn."""

    id: str
    name: str
    kind: str
    """`user`, `manual`, `script`, `exclusive`, `subprocess`, `boundary` …: see `vocabulary.KINDS`."""
    lane: str | None
    extensions: Mapping[str, str]
    process: str
    parent: str | None
    """Id of the sub-process that holds it; None at the top of its process."""
    source: str
    line: int | None
    event: str = ""
    """Of an event: `none`, `message`, `timer`, `signal`, `condition`, `error`, `escalation`, `link`,
    `terminate`; of a send or receive task `message`."""
    attached: str | None = None
    """Of a boundary event: the activity it is attached to."""
    interrupting: bool = True
    by_event: bool = False
    """Whether it is an event sub-process."""
    calls: str = ""
    """Of a call activity: the called process."""
    operation: str = ""
    decision: str = ""
    default: str | None = None
    """Id of the default flow."""
    multiple: bool = False
    """Whether it is a multi-instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowInfo:
    """A sequence flow as drawn."""

    id: str
    name: str
    source: str
    target: str
    condition: str
    """Text of the condition; empty where it has none."""
    process: str
    parent: str | None
    extensions: Mapping[str, str]
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """A process with everything it calls, ready to run. Immutable; equal definitions have equal digests."""

    process_id: str
    name: str
    extensions: Mapping[str, str]
    """`wz:` attributes of the process."""
    digest: str
    """SHA-256 over the sources that take part, in hexadecimal."""
    start_triggers: tuple[StartTrigger, ...]
    nodes: tuple[NodeInfo, ...]
    """Of this process and all processes it calls, in the order read."""
    flows: tuple[FlowInfo, ...]
    lanes: tuple[Lane, ...]
    calls: tuple[str, ...]
    """Ids of the processes it calls, directly or not, in the order met."""
    correlation: Correlation
    """By which keys its messages, and those of the processes it calls, are told apart."""
    operations: tuple[str, ...]
    decisions: tuple[str, ...]
    warnings: tuple[Finding, ...]
    """What runs as drawn, but may not be what was meant."""
    specs: Mapping[str, ScopeSpecs] = field(repr=False)
    """For the engine alone: the library's specs by scope. Shared, and never changed by running."""

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and other.digest == self.digest

    def node(self, id: str, process: str | None = None) -> NodeInfo:
        """The node of that id, in this process or the one named.

        Raises:
            KeyError: there is none.
        """
        process = process or self.process_id
        for node in self.nodes:
            if node.id == id and node.process == process:
                return node
        raise KeyError(f"{process}: {id}")


def load(
    sources: Mapping[str, bytes], process_id: str, *, world: World | None = None, published: bool = False
) -> Definition:
    """Read a process and all it calls.

    Args:
        sources: name of the file → its bytes. BPMN 2.0 diagrams, and the DMN tables that business rule tasks ask. Files that the
            process does not need are looked into only to see what they hold.
        process_id: id of the process.
        world: what is known of forms, operations and what a proceeding begins with: expressions are then held against it. Without
            it only their form is checked.
        published: whether these sources were loaded and published before. What examines more than carrying out needs is then a
            warning, so that a new version of the engine does not stop what runs.

    Raises:
        DiagramRefused: something in it cannot be carried out faithfully. All findings at once.
    """
    return _Loading(sources, published=published).load(process_id, world)


def processes(source: bytes, *, name: str) -> tuple[str, ...]:
    """The ids of the processes that a diagram draws, in the order drawn.

    Raises:
        DiagramRefused: it is not a diagram, or draws no process.
    """
    findings = Findings()
    file = open_file(name, markup.read(source, name=name, refusal=DiagramRefused), findings)
    if file is not None and not file.processes:
        findings.refuse("process-none", file.place(file.root))
    if file is None or not file.processes:
        raise DiagramRefused(findings.in_order())
    return tuple(file.processes)


class _Loading:
    """One call of `load`: what has been found so far."""

    def __init__(self, sources: Mapping[str, bytes], *, published: bool) -> None:
        self.sources = sources
        self.findings = Findings(published=published)
        self.files: dict[str, File] = {}
        """By process id: where it is drawn."""
        self.task_files: dict[str, File] = {}
        """By id of a global task: where it is drawn."""
        self.tasks: dict[str, GlobalTask] = {}
        """Those that are called."""
        self.tables: dict[str, tuple[str, Any]] = {}
        """By decision id: the file and the table."""
        self.tables_known = True
        """Whether every file with tables could be read: only then is a table missing."""
        self.drawings: dict[str, Drawing] = {}
        self.correlation = Correlation()

    def load(self, process_id: str, world: World | None) -> Definition:
        self.open()
        self.read(process_id)
        if not self.findings.refusals:
            self.check_calls(process_id)
        if world is not None and all(called in self.drawings for called in self.calls()):
            tables = {id: table for id, (_, table) in self.tables.items()}
            check_variables(process_id, self.drawings, tables, world, self.findings)
        if self.findings.refusals:
            raise DiagramRefused(self.findings.in_order())
        return self.definition(process_id)

    # Sources

    def open(self) -> None:
        for name in sorted(self.sources):
            try:
                root = markup.read(self.sources[name], name=name, refusal=DiagramRefused)
            except DiagramRefused as refused:
                self.findings.refusals.extend(refused.findings)
                continue
            if str(etree.QName(root).namespace).startswith(vocabulary.DMN):
                self.open_tables(name)
                continue
            file = open_file(name, root, self.findings)
            if file is not None:
                self.open_processes(file)

    def open_processes(self, file: File) -> None:
        for id, element in file.processes.items():
            if id in self.files:
                self.findings.refuse("process-duplicate", file.place(element), process=id, other=self.files[id].name)
            else:
                self.files[id] = file
        for id in file.tasks:
            self.task_files.setdefault(id, file)

    def open_tables(self, name: str) -> None:
        try:
            tables = decisions.load(self.sources[name], name=name, beside=self.sources, cited=False)
        except ArtefactRefused as refused:
            self.findings.refusals.extend(refused.findings)
            self.tables_known = False
            return
        for id, table in tables.items():
            if id in self.tables:
                place = Place(source=name, line=None, element=id)
                self.findings.refuse("decision-duplicate", place, decision=id, other=self.tables[id][0])
            else:
                self.tables[id] = name, table

    # Processes

    def read(self, process_id: str) -> None:
        """Read the process and those it calls, each once, in the order met."""
        if process_id not in self.files:
            source = next(iter(sorted(self.sources)), "")
            self.findings.refuse(
                "process-missing", Place(source=source, line=None, element=process_id), process=process_id
            )
            return
        waiting = [process_id]
        seen: dict[str, File] = {}
        while waiting:
            id = waiting.pop(0)
            if id in self.drawings:
                continue
            file = self.files[id]
            self.see(file, seen)
            self.read_tasks(file.called_by(id), seen)
            drawing = self.drawings[id] = read_process(file, id, self.findings, self.tasks)
            check_process(drawing, self.findings)
            for node in _nodes(drawing):
                if isinstance(node.work, Calling):
                    for called in node.work.processes:
                        if called in self.files:
                            waiting.append(called)
                        else:
                            self.findings.refuse("called-unknown", node.place, process=called)
                elif isinstance(node.work, Ruling) and node.work.decision:
                    self.check_ruling(node, node.work)
        for file in seen.values():
            check_collaborations(file, self.drawings, self.findings)
            found = read_correlation(file, self.drawings, self.findings)
            self.correlation = Correlation(
                keys=(*self.correlation.keys, *found.keys),
                subscriptions=(*self.correlation.subscriptions, *found.subscriptions),
            )
        for drawing in self.drawings.values():
            self.check_sent(drawing)

    def read_tasks(self, called: Iterable[str], seen: dict[str, File]) -> None:
        """Read the global tasks among what a process calls, each once."""
        for id in called:
            file = self.task_files.get(id)
            if file is not None and id not in self.tasks:
                self.see(file, seen)
                self.tasks[id] = read_task(file, id, self.findings)

    def see(self, file: File, seen: dict[str, File]) -> None:
        """Examine a file as a whole, once."""
        if file.name not in seen:
            seen[file.name] = file
            check_document(file, self.findings)
            read_beside(file, self.findings)

    def check_sent(self, drawing: Drawing) -> None:
        """A message that is told apart by a key carries something."""
        for node in _nodes(drawing):
            if node.event is not None and node.kind in ("sendTask", "intermediateThrowEvent", "endEvent"):
                for event in node.event.each:
                    carries = event.payload or (node.io is not None and node.io.inputs)
                    if event.kind == "message" and not carries and self.correlation.concerns(event.name):
                        self.findings.refuse("correlation-without-payload", node.place)

    def check_ruling(self, node: Node, ruling: Ruling) -> None:
        """The table exists, and gets what it asks for where the diagram says what it gets."""
        if ruling.decision not in self.tables:
            if self.tables_known:
                self.findings.refuse("decision-unknown", node.place, decision=ruling.decision)
            return
        asked = set(self.tables[ruling.decision][1].variables)
        given = {binding.name for binding in ruling.inputs}
        if node.io is not None:
            given |= {datum.variable for datum in node.io.inputs}
        if given and given != asked:
            self.findings.refuse(
                "decision-inputs",
                node.place,
                decision=ruling.decision,
                asked=", ".join(sorted(asked)),
                given=", ".join(sorted(given)),
            )

    def check_calls(self, process_id: str) -> None:
        """A called process begins plainly, calls never come round, and nest no deeper than can be run."""
        callees = {
            id: [
                (node, called)
                for node in _nodes(drawing)
                if isinstance(node.work, Calling)
                for called in node.work.processes
            ]
            for id, drawing in self.drawings.items()
        }
        for calls in callees.values():
            for node, called in calls:
                if not any(_is_plain_start(start) for start in self.drawings[called].nodes.values()):
                    self.findings.refuse(
                        "start-not-plain", node.place, where_en="called process", where_zh="被调用的流程"
                    )
        if not self.circular(callees):
            self.check_depth(process_id, callees)

    def circular(self, callees: Mapping[str, list[tuple[Node, str]]]) -> bool:
        done: set[str] = set()
        found = False
        for start in callees:
            chain: list[str] = []
            waiting = [(start, 0)]
            while waiting:
                id, depth = waiting.pop()
                del chain[depth:]
                chain.append(id)
                for node, called in callees[id]:
                    if called in chain:
                        found = True
                        circle = " → ".join([*chain[chain.index(called) :], called])
                        self.findings.refuse("process-recursive", node.place, chain=circle)
                    elif called not in done:
                        waiting.append((called, depth + 1))
                if found:
                    return True
            done.add(start)
        return False

    def check_depth(self, process_id: str, callees: Mapping[str, list[tuple[Node, str]]]) -> None:
        depth_of: dict[str, int] = {}
        for id in reversed(_callers_first(process_id, callees)):
            depth_of[id] = max(
                (
                    depth + max((depth_of[called] for called in _called(node)), default=0)
                    for node, depth in _with_depth(self.drawings[id])
                ),
                default=1,
            )
        if depth_of[process_id] > MAX_NESTING:
            self.findings.refuse("nesting-too-deep", self.drawings[process_id].place, limit=MAX_NESTING)

    def calls(self) -> Iterator[str]:
        return (called for drawing in self.drawings.values() for node in _nodes(drawing) for called in _called(node))

    # The definition

    def definition(self, process_id: str) -> Definition:
        tables = {id: table for id, (_, table) in self.tables.items()}
        specs: dict[str, ScopeSpecs] = {}
        for drawing in self.drawings.values():
            specs.update(build(rewrite(drawing), tables))
        specs[process_id].correlation = self.correlation
        drawing = self.drawings[process_id]
        nodes = [
            (scope, node) for top in self.drawings.values() for scope in top.scopes() for node in scope.nodes.values()
        ]
        used = sorted({node.work.decision for _, node in nodes if isinstance(node.work, Ruling)})
        return Definition(
            process_id=process_id,
            name=drawing.name,
            extensions=drawing.extensions,
            digest=self.digest(process_id, used),
            start_triggers=tuple(
                _trigger(node, event)
                for node in drawing.beginnings()
                if node.event is not None
                for event in node.event.each
            ),
            nodes=tuple(_node_info(scope, node) for scope, node in nodes),
            flows=tuple(_flow_info(scope) for top in self.drawings.values() for scope in _flows(top)),
            lanes=tuple(lane for top in self.drawings.values() for scope in top.scopes() for lane in scope.lanes),
            calls=tuple(id for id in self.drawings if id != process_id),
            correlation=self.correlation,
            operations=tuple(sorted(_operations(node for _, node in nodes))),
            decisions=tuple(used),
            warnings=tuple(self.findings.warnings),
            specs=MappingProxyType(specs),
        )

    def digest(self, process_id: str, used: list[str]) -> str:
        """Over the sources that take part, whatever they are called and whatever stands beside them."""
        names = {self.files[id].name for id in self.drawings} | {self.tables[id][0] for id in used}
        names |= {self.task_files[id].name for id in self.tasks}
        parts = sorted(hashlib.sha256(self.sources[name]).hexdigest() for name in names)
        return hashlib.sha256("\n".join([process_id, *parts]).encode()).hexdigest()


def _nodes(drawing: Drawing) -> list[Node]:
    return [node for scope in drawing.scopes() for node in scope.nodes.values()]


def _operations(nodes: Iterable[Node]) -> set[str]:
    """What service tasks and data stores call."""
    called: set[str] = set()
    for node in nodes:
        if isinstance(node.work, Operation):
            called.add(node.work.name)
        if node.io is not None:
            called |= node.io.stores
    return called


def _called(node: Node) -> tuple[str, ...]:
    return node.work.processes if isinstance(node.work, Calling) else ()


def _flows(drawing: Drawing) -> list[tuple[Drawing, Any]]:
    return [(scope, flow) for scope in drawing.scopes() for flow in scope.flows.values()]


def _with_depth(drawing: Drawing) -> list[tuple[Node, int]]:
    """Every node with the number of scopes around it, its process counted."""
    found: list[tuple[Node, int]] = []
    waiting = [(drawing, 1)]
    while waiting:
        scope, depth = waiting.pop()
        for node in scope.nodes.values():
            found.append((node, depth))
            if node.inner is not None:
                waiting.append((node.inner, depth + 1))
    return found


def _callers_first(process_id: str, callees: Mapping[str, list[tuple[Node, str]]]) -> list[str]:
    """Every process before those it calls."""
    entered = dict.fromkeys(callees, 0)
    for calls in callees.values():
        for _, called in calls:
            entered[called] += 1
    order = [process_id]
    for id in order:
        for _, called in callees[id]:
            entered[called] -= 1
            if not entered[called]:
                order.append(called)
    return order


def _is_plain_start(node: Node) -> bool:
    return node.kind == "startEvent" and node.event is not None and node.event.kind == "none"


def _trigger(node: Node, event: Event) -> StartTrigger:
    computed = event.expression.text if event.expression is not None else ""
    return StartTrigger(
        node=node.id,
        name=node.name,
        kind=event.kind,
        message=event.name if event.kind == "message" else "",
        signal=event.name if event.kind == "signal" else "",
        condition=computed if event.kind == "condition" else "",
        timer=event.literal or computed if event.kind == "timer" else "",
        payload=event.payload,
    )


def _node_info(scope: Drawing, node: Node) -> NodeInfo:
    work = node.work
    return NodeInfo(
        id=node.id,
        name=node.name,
        kind=vocabulary.KINDS[node.kind],
        lane=node.lane,
        extensions=node.extensions,
        process=node.process,
        parent=scope.id if scope.id != node.process else None,
        source=node.place.source,
        line=node.place.line,
        event=node.event.kind if node.event is not None else "",
        attached=node.attached,
        interrupting=node.interrupting,
        by_event=node.by_event,
        calls=work.process if isinstance(work, Calling) else "",
        operation=work.name if isinstance(work, Operation) else "",
        decision=work.decision if isinstance(work, Ruling) else "",
        default=node.default,
        multiple=node.loop is not None and not node.loop.standard,
    )


def _flow_info(standing: tuple[Drawing, Any]) -> FlowInfo:
    scope, flow = standing
    return FlowInfo(
        id=flow.id,
        name=flow.name,
        source=flow.source,
        target=flow.target,
        condition=flow.condition.text if flow.condition is not None else "",
        process=flow.process,
        parent=scope.id if scope.id != flow.process else None,
        extensions=flow.extensions or NOTHING,
        line=flow.place.line,
    )
