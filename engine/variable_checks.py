"""The variables of the diagrams against what is known of forms, tables and operations: every expression names what there can be.

Whatever writes a variable says what is known of it: answers of a form, a script's map, the result of an operation or table, what
is handed to and from a called process. A name has one meaning in a process, whatever scope it is written in. It looks at drawings
and compiled expressions only, never evaluates one, and refuses only what can never be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from engine import known as knowledge
from engine import vocabulary
from engine.expressions import EVERYTHING
from engine.known import ANY, EMPTY, INTEGER, NULL, NUMBER, TEXT, TRUTH, Known, either, nearest
from engine.nodes import Calling, Drawing, Formula, Node, Operation, Place, Ruling, Script
from engine.refusals import Findings
from engine.syntax import Constant, Name, Select, Table, walk
from engine.tables import Decision, result_type

ROUNDS = 8
"""How often what is known is followed from expression to variable; of what still grows then nothing is known."""
_DECLARED: Mapping[str, Known] = {
    "text": TEXT,
    "integer": INTEGER,
    "number": NUMBER,
    "truth": TRUTH,
    "date": TEXT,
    "moment": TEXT,
    "duration": TEXT,
}
"""By kind of a datum: what is known of its values."""
_OF_THE_ENGINE: Mapping[str, Known] = {
    "loopCounter": INTEGER,
    "nrOfInstances": INTEGER,
    "nrOfCompletedInstances": INTEGER,
    "nrOfActiveInstances": INTEGER,
    "activationCount": INTEGER,
    "waitingForStart": TRUTH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What whoever runs the diagrams knows of what they name."""

    forms: Mapping[str, Mapping[str, Known]] = field(default_factory=dict)
    """By key of a form: the variables that its answers become. A task without a form gives none."""
    told: Mapping[str, Known] = field(default_factory=dict)
    """What a message told by a person carries beside the answers of its form."""
    operations: Mapping[str, Known] = field(default_factory=dict)
    """By name of an operation: what it gives."""
    given: Mapping[str, Known] | None = None
    """The variables that a proceeding begins with; None where they are not known."""


def check_variables(
    root: str, drawings: Mapping[str, Drawing], tables: Mapping[str, Decision], world: World, findings: Findings
) -> None:
    """Check every expression of a process and those it calls.

    Args:
        root: id of the process that is begun.
        drawings: all of them by id.
    """
    writes = {id: _Process(id, drawing, tables, world) for id, drawing in drawings.items()}
    writes[root].begun(world.given)
    _learn(writes, root, world.given or {})
    _spread_openness(writes)
    for process in writes.values():
        process.check(findings)


@dataclass(slots=True)
class _Process:
    """One process: its variables, and whether there may be others than those known."""

    id: str
    drawing: Drawing
    tables: Mapping[str, Decision]
    world: World
    names: dict[str, Known] = field(default_factory=dict)
    before: dict[str, Known] = field(default_factory=dict)
    """What came in from outside."""
    anything: set[str] = field(default_factory=set)
    """Variables of which nothing can be known: what is known of them never ceased to grow."""
    open: bool = False
    calls: list[tuple[Calling, str]] = field(default_factory=list)
    """Each call with each process that it may call."""

    def __post_init__(self) -> None:
        for node in self.nodes():
            if isinstance(node.work, Calling):
                self.calls.extend((node.work, called) for called in node.work.processes)
            asks = node.extensions.get("form") if node.kind == "userTask" else None
            computed = isinstance(node.work, Script) and _keys(node.work.formula) is None
            if computed or (asks and asks not in self.world.forms):
                self.open = True

    def nodes(self) -> Iterator[Node]:
        return (node for scope in self.drawing.scopes() for node in scope.nodes.values())

    def begun(self, given: Mapping[str, Known] | None) -> None:
        """It is the process that is begun: by whoever knows, or by an event that carries anything."""
        plain = all(
            node.event is None or node.event.kind == "none"
            for node in self.drawing.nodes.values()
            if node.kind == "startEvent"
        )
        if given is None or not plain or any(node.begins for node in self.drawing.nodes.values()):
            self.open = True

    # What is written

    def look(self) -> None:
        """Gather what writes each variable, by what is known so far."""
        found: dict[str, Known] = dict(self.before)
        for name, value in self.written():
            found[name] = either(found[name], value) if name in found else value
        self.names = {**found, **dict.fromkeys(self.anything & found.keys(), ANY)}

    def written(self) -> Iterator[tuple[str, Known]]:
        yield from self.declared()
        for node in self.nodes():
            yield from self.by(node)
            for event in node.event.each if node.event is not None else ():
                if event.payload and node.kind not in ("endEvent", "intermediateThrowEvent", "sendTask"):
                    yield event.payload, self.carried(node, event.kind)

    def declared(self) -> Iterator[tuple[str, Known]]:
        """What the diagram declares as data: without a value until one is written."""
        ios = [self.drawing.io, *(node.io for node in self.nodes())]
        owned = [scope.data for scope in self.drawing.scopes()] + [io.own for io in ios if io is not None]
        for datum in (datum for data in owned for datum in data):
            yield datum.variable, either(NULL, ANY if datum.many else _DECLARED.get(datum.kind, ANY))
        for io in ios:
            for way in (*io.takes, *io.gives) if io is not None else ():
                yield from ((end.store, ANY) for end in way.sources if end.store)

    def by(self, node: Node) -> Iterator[tuple[str, Known]]:
        if node.kind == "userTask":
            yield from self.world.forms.get(node.extensions.get("form", ""), {}).items()
        work = node.work
        if isinstance(work, Script):
            given = self.infer(work.formula)
            yield from (given.fields or {}).items()
        elif isinstance(work, Operation) and work.result:
            yield work.result, self.world.operations.get(work.name, ANY)
        elif isinstance(work, Ruling) and work.result:
            table = self.tables.get(work.decision)
            yield work.result, ANY if table is None else _result(table)
        loop = node.loop
        if loop is not None and loop.element:
            over = self.infer(loop.collection) if loop.collection is not None else ANY
            yield loop.element, (over.member or ANY) if over.kind == "list" else ANY
        if loop is not None and loop.output:
            # Each gives what its variable holds in the end, which may be null; before the first the list is empty.
            yield loop.output, either(EMPTY, Known(kind="list", member=self.names.get(loop.output_element, ANY)))

    def carried(self, node: Node, kind: str) -> Known:
        """What fills the variable of an event: known where a person tells it, with the answers of a form."""
        form = self.world.forms.get(node.extensions.get("form", ""))
        if kind != "message" or form is None or not node.extensions.get("action"):
            return ANY
        return Known(kind="map", fields={**self.world.told, **form})

    def infer(self, formula: Formula, told: Callable[[str, Mapping[str, object]], None] | None = None) -> Known:
        return knowledge.of(formula.compiled.tree, {**_OF_THE_ENGINE, **self.names}, told or (lambda code, facts: None))

    # What is asked

    def check(self, findings: Findings) -> None:
        for scope in self.drawing.scopes():
            for node in scope.nodes.values():
                for formula in _formulas(node):
                    self.check_formula(formula, node.place, findings)
                for attribute in sorted(vocabulary.ABOUT & node.extensions.keys()):
                    self.check_names({node.extensions[attribute]}, f"wz:{attribute}", node.place, findings)
                if isinstance(node.work, Ruling) and not node.work.inputs and node.work.decision in self.tables:
                    self.check_names(
                        set(self.tables[node.work.decision].variables), node.work.decision, node.place, findings
                    )
            for flow in scope.flows.values():
                if flow.condition is not None:
                    self.check_formula(flow.condition, flow.place, findings)

    def check_formula(self, formula: Formula, place: Place, findings: Findings) -> None:
        place = replace(place, line=formula.line or place.line)
        shown = formula.text if len(formula.text) <= 200 else f"{formula.text[:200]}…"

        def told(code: str, facts: Mapping[str, object]) -> None:
            findings.refuse(code, place, expression=shown, **facts)

        self.infer(formula, told)
        asked = formula.compiled.names | ((formula.compiled.looked_up or frozenset()) - _only_asked_for(formula))
        self.check_names(asked, shown, place, findings)

    def check_names(self, asked: AbstractSet[str], shown: str, place: Place, findings: Findings) -> None:
        there = self.names.keys() | _OF_THE_ENGINE.keys()
        for name in sorted(asked - there):
            near = nearest(name, there)
            if not self.open:
                findings.refuse("variable-unknown", place, expression=shown, variable=name, near=near or "—")
            elif near and not any(name in answers for answers in self.world.forms.values()):
                findings.warn("variable-unwritten", place, expression=shown, variable=name, near=near)


def _learn(processes: Mapping[str, _Process], root: str, given: Mapping[str, Known]) -> None:
    """Find what is known of each variable: begin with what nothing says, and add what each writer says until nothing is new."""
    names = -1
    while names != (names := sum(len(process.names) for process in processes.values())):  # first which there are
        _round(processes, root, given)
    for process in processes.values():
        process.names = dict.fromkeys(process.names, NULL)
        process.before = dict.fromkeys(process.before, NULL)
    rounds, growing = 0, True
    while growing:
        was = {id: process.names for id, process in processes.items()}
        _round(processes, root, given)
        growing = False
        for id, process in processes.items():
            grown = {name for name, value in process.names.items() if was[id].get(name) != value}
            growing = growing or bool(grown)
            if rounds >= ROUNDS:
                process.anything |= grown
        rounds += 1


def _round(processes: Mapping[str, _Process], root: str, given: Mapping[str, Known]) -> None:
    for process in processes.values():
        process.look()
    _exchange(processes, {root: dict(given)})


def _exchange(processes: Mapping[str, _Process], before: dict[str, dict[str, Known]]) -> None:
    """Hand over to called processes and take back from them what the calls say.

    Args:
        before: by process, what it begins with whoever calls it.
    """
    for process in processes.values():
        for call, called_id in process.calls:
            called = processes[called_id]
            handed: Mapping[str, Known] = {each.name: process.infer(each.formula) for each in call.inputs}
            back: Mapping[str, Known] = {each.name: called.infer(each.formula) for each in call.outputs}
            if call.handed is not None:
                handed, back = {name: process.names.get(name, ANY) for name in call.handed}, {}
            elif _hands_all(call):
                handed, back = process.names, called.names
            _merge(before.setdefault(called.id, {}), handed)
            _merge(before.setdefault(process.id, {}), back)
    for id, process in processes.items():
        process.before = before.get(id, {})


def _hands_all(call: Calling) -> bool:
    return not call.inputs and not call.outputs and call.handed is None


def _spread_openness(processes: Mapping[str, _Process]) -> None:
    """What may hold unknown variables hands them on where a call hands over everything."""
    changed = True
    while changed:
        changed = False
        for process in processes.values():
            for call, called_id in process.calls:
                called = processes[called_id]
                if _hands_all(call) and process.open != called.open:
                    process.open = called.open = changed = True


def _merge(into: dict[str, Known], more: Mapping[str, Known]) -> None:
    for name, value in more.items():
        into[name] = either(into[name], value) if name in into else value


def _keys(formula: Formula) -> frozenset[str] | None:
    """The variables that a script writes; None where its keys are computed."""
    tree = formula.compiled.tree
    if not isinstance(tree, Table):
        return None
    keys = [key.value for key, _ in tree.entries if isinstance(key, Constant) and isinstance(key.value, str)]
    return frozenset(keys) if len(keys) == len(tree.entries) else None


def _only_asked_for(formula: Formula) -> frozenset[str]:
    """The variables of which an expression asks whether there are any: `has(vars.x)`."""
    return frozenset(
        node.field
        for node in walk(formula.compiled.tree)
        if isinstance(node, Select) and node.test and isinstance(node.operand, Name) and node.operand.name == EVERYTHING
    )


def _formulas(node: Node) -> Iterator[Formula]:
    """Every expression of a node that is evaluated with the variables of its process."""
    for event in node.event.each if node.event is not None else ():
        yield from (formula for formula in (event.expression, event.since) if formula is not None)
    loop, work, io = node.loop, node.work, node.io
    for way in (*io.takes, *io.gives) if io is not None else ():
        if way.transformation is not None:
            yield way.transformation
        yield from (formula for formula, _ in way.assignments)
    if node.activation is not None:
        yield node.activation
    if loop is not None:
        each = (loop.again, loop.cardinality, loop.collection, loop.until, *(condition for condition, _ in loop.throws))
        yield from (formula for formula in each if formula is not None)
    if isinstance(work, Script):
        yield from (formula for formula in (work.formula, work.error, work.escalation) if formula is not None)
    elif isinstance(work, Operation | Ruling | Calling):
        yield from (binding.formula for binding in work.inputs)
    if isinstance(work, Calling) and work.computed is not None:
        yield work.computed


def _result(table: Decision) -> Known:
    """What a decision table gives."""
    declared: Any = result_type(table.outputs, table.hit_policy)
    if declared.fields:
        one = Known(kind="map", fields={name: _of_kind(each.kind) for name, each in declared.fields.items()})
    else:
        one = _of_kind(declared.kind)
    return Known(kind="list", member=one) if declared.many else one


def _of_kind(kind: str | None) -> Known:
    return {"boolean": TRUTH, "integer": INTEGER, "number": NUMBER}.get(kind or "", TEXT)
