"""Reading BPMN 2.0 XML into the small form of `nodes`, with every finding on the way.

Reading goes on after a finding, so that all of them are known at once; what it gives after a finding is only good for finding
more. It knows words (`vocabulary`), not structure: whether flows and events stand where they may is for `checking`. It may never
skip an element or an attribute that means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from lxml import etree

from engine import vocabulary
from engine.data import Data
from engine.elements import NAME, STAND_IN, Elements, File, children, local, text_of
from engine.events import Events
from engine.limits import MAX_INSTANCES, MAX_NESTING
from engine.nodes import (
    Binding,
    Calling,
    Drawing,
    Event,
    Flow,
    Formula,
    GlobalTask,
    Io,
    Lane,
    Loop,
    Node,
    Operation,
    Ruling,
    Script,
)
from engine.refusals import Findings
from engine.vocabulary import BPMN, WZ

_NO_TASKS: Mapping[str, GlobalTask] = MappingProxyType({})


def read_process(file: File, id: str, findings: Findings, tasks: Mapping[str, GlobalTask] = _NO_TASKS) -> Drawing:
    """Read one process of a file.

    Args:
        tasks: global tasks by id, which it may call.
    """
    return _Reader(file, id, findings, tasks).process()


def read_task(file: File, id: str, findings: Findings) -> GlobalTask:
    """Read one global task of a file."""
    return _Reader(file, id, findings, _NO_TASKS).global_task()


def read_beside(file: File, findings: Findings) -> None:
    """What stands beside the processes of a file says nothing to another engine that would not be honoured here."""
    reader = Elements(file, findings)
    for root in file.root.iterchildren(f"{{{BPMN}}}*"):
        if local(root) not in ("process", *vocabulary.GLOBAL) and local(root) not in vocabulary.EVENT_DEFINITIONS:
            for element in root.iter(f"{{{BPMN}}}*"):
                if local(element) in vocabulary.EXTENSIONS:
                    reader.extensions(element, local(element), vocabulary.EXTENSIONS[local(element)])
                else:
                    reader.foreign(element, local(element))


_LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})


class _Reader(Events, Data):
    """Reads one process."""

    def __init__(self, file: File, process: str, findings: Findings, tasks: Mapping[str, GlobalTask]) -> None:
        super().__init__(file, findings)
        self.process_id = process
        self.tasks = tasks
        self.lane_of: dict[str, str] = {}

    # The process and its scopes

    def process(self) -> Drawing:
        element = self.file.processes[self.process_id]
        if element.get("isExecutable") in ("false", "0"):
            self.refuse("process-not-executable", element)
        self.attributes(element, "process")
        self.boolean(element, "isExecutable", default=True)
        drawing = self.scope(element, "process", 1)
        drawing.extensions = self.extensions(element, "process", vocabulary.EXTENSIONS["process"])
        drawing.io = self.io(element, "process", None)
        return drawing

    def global_task(self) -> GlobalTask:
        element = self.file.tasks[self.process_id]
        tag = local(element)
        self.attributes(element, tag)
        members = list(self.members(element, tag))
        extensions = self.extensions(element, tag, vocabulary.EXTENSIONS[tag])
        self.values(element, extensions)
        io = self.io(element, vocabulary.GLOBAL[tag], None)
        work = self.work(element, vocabulary.GLOBAL[tag], members, extensions, io)
        assert not isinstance(work, Operation | Calling)  # noqa: S101 - there is no such global task
        return GlobalTask(kind=vocabulary.GLOBAL[tag], extensions=extensions, work=work, io=io)

    def scope(self, element: etree._Element, tag: str, depth: int) -> Drawing:
        drawing = Drawing(
            id=element.get("id") or "",
            name=element.get("name") or "",
            process=self.process_id,
            place=self.file.place(element),
        )
        if depth > MAX_NESTING:
            self.refuse("nesting-too-deep", element, limit=MAX_NESTING)
            return drawing
        drawing.data = self.declared(element)
        members = list(self.members(element, tag))
        for child in members:
            if local(child) == "laneSet":
                self.lanes(child, drawing)
        for child in members:
            kind = local(child)
            if kind in vocabulary.FLOW_NODES:
                self.node(child, kind, drawing, depth)
        for child in children(element):
            if local(child) in vocabulary.REFUSED_NODES and child.get("id"):
                self.stand_in(child, drawing)
        for child in members:
            if local(child) == "sequenceFlow":
                self.flow(child, drawing)
        return drawing

    # Lanes

    def lanes(self, element: etree._Element, drawing: Drawing) -> None:
        tag = local(element)
        self.attributes(element, tag)
        for child in self.members(element, tag):
            self.lane(child, drawing)

    def lane(self, element: etree._Element, drawing: Drawing) -> None:
        self.attributes(element, "lane")
        id = self.id(element, "lane")
        drawing.lanes.append(
            Lane(
                id=id,
                name=element.get("name") or "",
                process=self.process_id,
                extensions=self.extensions(element, "lane", vocabulary.EXTENSIONS["lane"]),
            )
        )
        inner = [child for child in self.members(element, "lane") if local(child) == "childLaneSet"]
        for child in inner:
            self.lanes(child, drawing)
        members = {text_of(child) for child in element.iterchildren(f"{{{BPMN}}}flowNodeRef")}
        parent = element.getparent()
        nodes = {child.get("id") for child in self.around(parent)} if parent is not None else set()
        for node in sorted(members):
            if node not in nodes:
                self.refuse(
                    "reference-dangling",
                    element,
                    attribute="flowNodeRef",
                    target=node,
                    expected_en="a node of this process",
                    expected_zh="本流程的节点",
                )
            elif node not in self.lane_of:
                self.lane_of[node] = id
            elif not inner:
                self.refuse("lane-overlap", element, first=self.lane_of[node], second=id)

    def around(self, lane_set: etree._Element) -> Iterator[etree._Element]:
        """Everything in the process or sub-process that a set of lanes divides."""
        owner = lane_set.getparent()
        while owner is not None and local(owner) not in ("process", *vocabulary.SCOPES):
            owner = owner.getparent()
        return owner.iter(f"{{{BPMN}}}*") if owner is not None else iter(())

    # Nodes

    def node(self, element: etree._Element, tag: str, drawing: Drawing, depth: int) -> None:
        id = self.id(element, tag)
        if not id or id in drawing.nodes:
            return
        self.attributes(element, tag)
        members = [] if tag in vocabulary.SCOPES else list(self.members(element, tag))
        event = self.event(element, tag, members) if tag in vocabulary.EVENTS else None
        known = vocabulary.EXTENSIONS[tag]
        if tag in vocabulary.TELLING:
            event = self.of_task(element)
        elif event is not None:
            known = known.union(*(vocabulary.EVENT_EXTENSIONS[part.kind] for part in event.each))
            if event.kind == "message":
                told = vocabulary.MESSAGE_EXTENSIONS.get(tag, frozenset())
                known = known | (told - vocabulary.OTHERWISE[self.triggered(element)] if tag == "startEvent" else told)
        extensions = self.extensions(element, tag, known)
        loops = [child for child in children(element) if local(child) in _LOOPS and child.tag.startswith(f"{{{BPMN}}}")]
        if len({local(child) for child in loops}) > 1:
            self.refuse("loop-kinds", element)
        io = self.io(element, tag, event)
        node = Node(
            id=id,
            name=element.get("name") or "",
            kind=tag,
            place=self.file.place(element),
            process=self.process_id,
            lane=self.lane_of.get(id) or self.lane_of.get(drawing.id),
            extensions=extensions,
            event=self.bound(element, event, extensions, io) if event is not None else None,
            io=io,
            attached=element.get("attachedToRef"),
            interrupting=self.interrupts(element, tag),
            by_event=tag in vocabulary.SCOPES and self.boolean(element, "triggeredByEvent", default=False),
            needs=self.quantity(element, "startQuantity"),
            gives=self.quantity(element, "completionQuantity"),
            for_compensation=self.boolean(element, "isForCompensation", default=False),
            associated=tuple(self.file.associations.get(id, ())),
            default=element.get("default"),
            direction=element.get("gatewayDirection") or "",
            begins=self.boolean(element, "instantiate", default=False),
            together=(element.get("eventGatewayType") or "").strip() == "Parallel",
            activation=self.activation(members),
            loop=self.repeated(loops[0], element) if loops else None,
            work=self.work(element, tag, members, extensions, io),
            lists_incoming=self.listed(element, "incoming"),
            lists_outgoing=self.listed(element, "outgoing"),
        )
        task = self.tasks.get((element.get("calledElement") or "").split(":")[-1])
        if task is not None:
            node = self.as_task(element, node, task)
        if node.lane:
            self.lane_of.setdefault(id, node.lane)
        if tag in vocabulary.SCOPES:
            inner = self.scope(element, tag, depth + 1)
            inner.by_event, inner.around, inner.owner = node.by_event, drawing, node
            node = replace(node, inner=inner)
        self.values(element, extensions)
        drawing.nodes[id] = node

    def as_task(self, element: etree._Element, call: Node, task: GlobalTask) -> Node:
        """A call of a global task is that task, drawn elsewhere. What the task takes and gives the call must carry."""
        if isinstance(call.work, Calling) and (call.work.inputs or call.work.outputs):
            self.refuse("data-and-extension", element, word="wz:input, wz:output")
        declared, carried = task.io or Io(), call.io or Io()
        for needed, names in ((declared.needed, carried.inputs), (declared.promised, carried.outputs)):
            for name in sorted(set(needed) - {datum.variable for datum in names}):
                self.refuse("called-without", element, name=name)
        extensions = {**task.extensions, **call.extensions}
        return replace(call, kind=task.kind, work=task.work, extensions=MappingProxyType(extensions))

    def interrupts(self, element: etree._Element, tag: str) -> bool:
        """Whether an event ends what it is attached to. Only an event sub-process may begin without interrupting."""
        if tag != "startEvent":
            return self.boolean(element, "cancelActivity", default=True)
        interrupts = self.boolean(element, "isInterrupting", default=True)
        if not interrupts and not self.triggered(element):
            self.refuse(
                "attribute-not-supported",
                element,
                attribute="isInterrupting",
                value=element.get("isInterrupting"),
                remedy_en="Only the start event of an event sub-process may be non-interrupting.",
                remedy_zh="只有事件子流程的开始事件可以不中断。",
            )
        return interrupts

    def activation(self, members: list[etree._Element]) -> Formula | None:
        for child in members:
            if local(child) == "activationCondition":
                self.attributes(child, "activationCondition")
                return self.expression(child, self.words(child), "truth")
        return None

    def quantity(self, element: etree._Element, name: str) -> int:
        value = (element.get(name) or "1").strip()
        if not re.fullmatch(r"[+-]?\d+", value):
            return 1  # for `schema`
        if re.fullmatch(r"\+?0*[1-9]\d{0,3}", value) and int(value) <= MAX_INSTANCES:
            return int(value)
        self.refuse(
            "attribute-value",
            element,
            attribute=name,
            value=value,
            expected_en=f"a whole number from 1 to {MAX_INSTANCES}",
            expected_zh=f" 1 到 {MAX_INSTANCES} 的整数",
        )
        return 1

    def stand_in(self, element: etree._Element, drawing: Drawing) -> None:
        """A refused node still stands where it was drawn, so that the rest can be examined."""
        id = element.get("id") or ""
        place = self.file.place(element)
        drawing.nodes[id] = Node(
            id=id, name=place.name, kind="task", place=place, process=self.process_id, refused=True
        )

    def listed(self, element: etree._Element, direction: str) -> tuple[str, ...]:
        return tuple(text_of(child) for child in element.iterchildren(f"{{{BPMN}}}{direction}"))

    def values(self, element: etree._Element, extensions: Mapping[str, str]) -> None:
        """wz: attributes whose value is not free."""
        for name, pattern, expected_en, expected_zh in (
            ("persons", r"[1-9]\d?", "a whole number from 1 to 99", " 1 到 99 的整数"),
            ("action", r"[a-z][a-z0-9_]*", "a word in small letters", "小写字母组成的词"),
            (
                "roles",
                r"[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*",
                "role ids with blanks between them",
                "以空格分隔的角色代号",
            ),
            (
                "others",
                r"[a-z][a-z0-9_]*( [a-z][a-z0-9_]*)*",
                "duties with blanks between them",
                "以空格分隔的职责代号",
            ),
            *((name, NAME.pattern, "the name of a variable", "变量名") for name in sorted(vocabulary.ABOUT)),
        ):
            if name in extensions and not re.fullmatch(pattern, extensions[name]):
                self.refuse(
                    "attribute-value",
                    element,
                    attribute=f"wz:{name}",
                    value=extensions[name],
                    expected_en=expected_en,
                    expected_zh=expected_zh,
                )

    def flow(self, element: etree._Element, drawing: Drawing) -> None:
        self.attributes(element, "sequenceFlow")
        id = self.id(element, "sequenceFlow")
        if not id or not element.get("sourceRef") or not element.get("targetRef"):
            return  # for `schema`
        condition: Formula | None = None
        for child in self.members(element, "sequenceFlow"):
            self.attributes(child, "conditionExpression")
            condition = self.expression(child, self.words(child), "truth")
        drawing.flows[id] = Flow(
            id=id,
            name=element.get("name") or "",
            source=element.get("sourceRef") or "",
            target=element.get("targetRef") or "",
            place=self.file.place(element),
            process=self.process_id,
            condition=condition,
            extensions=self.extensions(element, "sequenceFlow", vocabulary.EXTENSIONS["sequenceFlow"]),
        )

    # Work

    def work(
        self,
        element: etree._Element,
        tag: str,
        members: list[etree._Element],
        extensions: Mapping[str, str],
        io: Io | None,
    ) -> Script | Operation | Ruling | Calling | None:
        if tag == "scriptTask":
            return self.script(element, members, extensions)
        inputs, outputs = (self.bindings(element, tag, way) for way in ("input", "output"))
        for word, said, carried in (
            ("wz:input", inputs, io and io.inputs),
            ("wz:output", outputs, io and io.closed),
            ("wz:result", extensions.get("result"), io and io.outputs),
        ):
            if said and carried:
                self.refuse("data-and-extension", element, word=word)
        if tag == "serviceTask":
            if not extensions.get("operation"):
                self.refuse("operation-missing", element)
            return Operation(
                name=extensions.get("operation", ""),
                inputs=inputs,
                result=self.variable(element, extensions.get("result", "")),
            )
        if tag == "businessRuleTask":
            if not extensions.get("decision"):
                self.refuse("decision-missing", element)
            return Ruling(
                decision=extensions.get("decision", ""),
                inputs=inputs,
                result=self.variable(element, extensions.get("result", "")),
            )
        if tag == "callActivity":
            handed = tuple(datum.variable for datum in io.inputs) if io is not None and io.closed else None
            return replace(self.calling(element, extensions), inputs=inputs, outputs=outputs, handed=handed)
        return None

    def calling(self, element: etree._Element, extensions: Mapping[str, str]) -> Calling:
        """Which process a call activity calls: one that is named, or one of several that an expression chooses."""
        named, computed, among = element.get("calledElement"), extensions.get("called"), extensions.get("among", "")
        if bool(named) == bool(computed) or bool(computed) != bool(among.split()):
            self.refuse("called-missing", element)
        if computed is None:
            return Calling(process=(named or "").split(":")[-1])
        formula = self.compiled(element, computed, "any")
        return Calling(process="", computed=formula, among=tuple(dict.fromkeys(among.split())))

    def script(
        self, element: etree._Element, members: list[etree._Element], extensions: Mapping[str, str]
    ) -> Script | None:
        language = element.get("scriptFormat") or element.get("scriptLanguage")
        if language is not None and language.strip().lower() not in vocabulary.CEL_NAMES:
            self.refuse("language-not-supported", element, language=language)
            return None
        scripts = [child for child in members if local(child) == "script"]
        text = self.words(scripts[0]) if scripts else ""
        if not text:
            self.refuse("script-missing", element)
            return None
        self.attributes(scripts[0], "script")
        thrown = {
            name: self.compiled(element, extensions[name], "any")
            for name in ("error", "escalation")
            if name in extensions
        }
        return Script(formula=self.compiled(element, text, "map"), **thrown)

    def bindings(self, element: etree._Element, tag: str, kind: str) -> tuple[Binding, ...]:
        found: dict[str, Binding] = {}
        for child in self.extension_elements(element):
            if child.tag != f"{{{WZ}}}{kind}":
                continue
            name, value = (child.get("name") or "").strip(), (child.get("value") or "").strip()
            if not name or not value or set(child.attrib) - {"name", "value"} or len(child):
                self.refuse("binding-malformed", child, extension=kind)
                continue
            if name in found:
                self.refuse("binding-duplicate", child, name=name)
            self.variable(child, name)
            found[name] = Binding(name=name, formula=self.compiled(child, value, "any"))
        return tuple(found.values())

    def repeated(self, element: etree._Element, owner: etree._Element) -> Loop:
        return (
            self.loop(element, owner) if local(element) == "multiInstanceLoopCharacteristics" else self.rounds(element)
        )

    def rounds(self, element: etree._Element) -> Loop:
        """A standard loop."""
        tag = "standardLoopCharacteristics"
        self.attributes(element, tag)
        again: Formula | None = None
        for child in self.members(element, tag):
            self.attributes(child, local(child))
            again = self.expression(child, self.words(child), "truth")
        maximum = element.get("loopMaximum")
        if maximum is not None and not re.fullmatch(r"\s*\+?0*[1-9]\d{0,8}\s*", maximum):
            if re.fullmatch(r"\s*[+-]?\d+\s*", maximum):
                self.refuse(
                    "attribute-value",
                    element,
                    attribute="loopMaximum",
                    value=maximum,
                    expected_en="a whole number of at least 1",
                    expected_zh="不小于 1 的整数",
                )
            maximum = None
        elif maximum is None and again is None:
            self.refuse("loop-without-end", element)
        return Loop(
            standard=True,
            again=again,
            test_before=self.boolean(element, "testBefore", default=False),
            maximum=None if maximum is None else int(maximum),
        )

    def loop(self, element: etree._Element, owner: etree._Element) -> Loop:
        tag = "multiInstanceLoopCharacteristics"
        self.attributes(element, tag)
        says = dict(self.extensions(element, tag, vocabulary.EXTENSIONS[tag]))
        carried, declared = self.items(element, owner)
        for word, value in carried.items():
            if word in says:
                self.refuse("data-and-extension", element, word=f"wz:{word}")
            says[word] = value
        cardinality = until = None
        for child in self.members(element, tag):
            if local(child) in vocabulary.ATTRIBUTES and local(child) not in vocabulary.DATA:
                self.attributes(child, local(child))
            if local(child) == "loopCardinality":
                cardinality = self.cardinality(child)
            elif local(child) == "completionCondition":
                until = self.expression(child, self.words(child), "truth")
        collection = self.expression(element, says["collection"], "list") if "collection" in says else None
        otherwise = any(local(child) in vocabulary.REFUSED for child in children(element))
        if cardinality is None and "collection" not in says and not otherwise:
            self.refuse("loop-without-number", element)
        if cardinality is not None and "collection" in says:
            self.refuse("loop-twice", element)
        for first, second in (("element", "collection"), ("output", "outputElement"), ("outputElement", "output")):
            if first in says and second not in says:
                self.refuse("loop-incomplete", element, first=f"wz:{first}", second=f"wz:{second}")
        return Loop(
            sequential=self.boolean(element, "isSequential", default=False),
            cardinality=cardinality,
            collection=collection,
            element=self.variable(element, says.get("element", "")),
            output=self.variable(element, says.get("output", "")),
            output_element=self.variable(element, says.get("outputElement", "")),
            items=declared,
            until=until,
            behavior=(element.get("behavior") or "All").strip(),
            throws=self.behavior(element),
        )

    def behavior(self, element: etree._Element) -> tuple[tuple[Formula | None, Event], ...]:
        """What is thrown when instances complete."""
        behavior = (element.get("behavior") or "All").strip()
        if behavior not in ("None", "One", "All", "Complex"):
            return ()  # for `schema`
        needed = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(behavior)
        for attribute in ("noneBehaviorEventRef", "oneBehaviorEventRef"):
            if (attribute == needed) != (element.get(attribute) is not None):
                self.refuse("behavior-misfit", element, behavior=behavior, word=attribute)
        complex_ = [child for child in children(element) if local(child) == "complexBehaviorDefinition"]
        if (behavior == "Complex") != bool(complex_):
            self.refuse("behavior-misfit", element, behavior=behavior, word="complexBehaviorDefinition")
        if needed is not None and element.get(needed):
            found = self.referenced(element, needed, element.get(needed) or "")
            return () if found is None else ((None, self.thrown_by(element, found)),)
        return tuple(pair for child in complex_ if (pair := self.complex_behavior(element, child)) is not None)

    def complex_behavior(self, element: etree._Element, child: etree._Element) -> tuple[Formula | None, Event] | None:
        members = {local(part): part for part in self.members(child, "complexBehaviorDefinition")}
        if members.keys() != {"condition", "event"}:
            self.refuse("behavior-misfit", element, behavior="Complex", word="condition, event")
            return None
        self.attributes(members["condition"], "condition")
        self.attributes(members["event"], "event")
        definitions = [
            found for part in self.members(members["event"], "event") if (found := self.definition(part)) is not None
        ]
        if len(definitions) != 1:
            self.refuse("behavior-misfit", element, behavior="Complex", word="event")
            return None
        condition = self.expression(members["condition"], self.words(members["condition"]), "truth")
        return condition, self.thrown_by(element, definitions[0])

    def thrown_by(self, element: etree._Element, definition: etree._Element) -> Event:
        return self.allowed(element, local(element), self.defined(element, definition))

    def cardinality(self, element: etree._Element) -> Formula:
        text = self.words(element)
        number = re.fullmatch(r"[+-]?\d+(\.\d*)?", text)
        if number and (not re.fullmatch(r"\d{1,9}", text) or int(text) > MAX_INSTANCES):
            self.refuse("loop-cardinality", element, value=text, limit=MAX_INSTANCES)
            return STAND_IN
        return self.expression(element, text, "integer")
