"""Reading data: what a diagram declares as data, what an activity takes and gives, and the associations that carry it.

Every datum is a variable: its name where that can name one, else its id. A data object or property belongs to the process or
sub-process that draws it; what an activity takes and gives belongs to the activity alone. A data store is two registered
operations, `NAME.read` and `NAME.write`. It may never let an association reach data that cannot be seen from where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine import plain, vocabulary
from engine.data_types import KINDS, could_be
from engine.elements import NAME, Elements, File, children, local, text_of
from engine.nodes import Association, DataEnd, Datum, Event, Formula, Io
from engine.refusals import Findings
from engine.vocabulary import BPMN

OBJECTS = frozenset({"dataObject", "property"})
"""What belongs to the scope that draws it."""
_ITEMS = frozenset({"inputDataItem", "outputDataItem"})


class Data(Elements):
    """Reads the data of one file."""

    def __init__(self, file: File, findings: Findings) -> None:
        super().__init__(file, findings)
        self._read: dict[etree._Element, Datum] = {}
        """Each datum that has been read: where it is declared, and by every association that names it."""

    def declared(self, element: etree._Element) -> tuple[Datum, ...]:
        """The data objects and properties of a process or sub-process."""
        found: dict[str, Datum] = {}
        for child in element.iterchildren(f"{{{BPMN}}}*"):
            if local(child) in OBJECTS:
                datum = self.datum(child)
                if datum.variable in found:
                    self.refuse("data-twice", child, name=datum.variable)
                found[datum.variable] = datum
            elif local(child) in ("dataObjectReference", "dataStoreReference"):
                self.attributes(child, local(child))
                for _ in self.members(child, local(child)):
                    pass
        return tuple(found.values())

    def datum(self, element: etree._Element) -> Datum:
        """One datum: the variable it is, and its type as far as we know it. Read once, and its findings noted once."""
        if element in self._read:
            return self._read[element]
        tag = local(element)
        self.attributes(element, tag)
        for _ in self.members(element, tag):
            pass
        name = (element.get("name") or "").strip()
        variable = name if NAME.match(name) and name not in plain.RESERVED else (element.get("id") or "").strip()
        self.variable(element, variable)
        self._read[element] = datum = Datum(
            id=element.get("id") or "",
            variable=variable,
            place=self.file.place(element),
            many=self.boolean(element, "isCollection", default=False),
            kind=self.kind(element),
        )
        return datum

    def kind(self, element: etree._Element) -> str:
        """The kind of value that its item definition names; `any` where it names none that we know."""
        reference = (element.get("itemSubjectRef") or "").split(":")[-1]
        item = self.file.data.get(reference)
        structure = "" if item is None else (item.get("structureRef") or "").split(":")[-1]
        kind = KINDS.get(structure.lower(), "any")
        return "list" if item is not None and self.boolean(item, "isCollection", default=False) else kind

    # What an activity or event takes and gives

    def io(self, element: etree._Element, tag: str, event: Event | None) -> Io | None:
        """What an activity, event or process takes and gives; None where it says nothing of it."""
        inside = list(element.iterchildren(f"{{{BPMN}}}*"))
        specified = next((child for child in inside if local(child) == "ioSpecification"), None)
        holder = specified if specified is not None else element
        if specified is not None:
            self.attributes(specified, "ioSpecification")
            inside += list(self.members(specified, "ioSpecification"))
        inputs = self.unlike([self.datum(child) for child in holder.iterchildren(f"{{{BPMN}}}dataInput")])
        outputs = self.unlike([self.datum(child) for child in holder.iterchildren(f"{{{BPMN}}}dataOutput")])
        properties: tuple[Datum, ...] = ()
        if tag not in ("process", "subProcess", "transaction"):
            properties = self.unlike([self.datum(child) for child in element.iterchildren(f"{{{BPMN}}}property")])
        takes = tuple(self.associations(element, "dataInputAssociation"))
        gives = tuple(self.associations(element, "dataOutputAssociation"))
        if not (inputs or outputs or properties or takes or gives or specified is not None):
            return None
        io = Io(
            inputs=inputs,
            outputs=outputs,
            properties=properties,
            needed=self.chosen(holder, "input", inputs),
            promised=self.chosen(holder, "output", outputs),
            takes=takes,
            gives=gives,
            closed=specified is not None or (event is not None and bool(inputs or outputs)),
        )
        self.fitting(element, tag, io, event)
        return io

    def unlike(self, data: list[Datum]) -> tuple[Datum, ...]:
        found: dict[str, Datum] = {}
        for datum in data:
            if datum.variable in found:
                self.findings.refuse("data-twice", datum.place, name=datum.variable)
            found[datum.variable] = datum
        return tuple(found.values())

    def chosen(self, holder: etree._Element, way: str, data: tuple[Datum, ...]) -> tuple[str, ...]:
        """What the one set of inputs or outputs asks for: the variables that must have a value."""
        sets = list(holder.iterchildren(f"{{{BPMN}}}{way}Set"))
        if len(sets) > 1:
            self.refuse("data-sets", sets[1], way=way)
        of = {datum.id: datum.variable for datum in data}
        named: dict[str, bool] = {}
        for one in sets[:1]:
            self.attributes(one, f"{way}Set")
            for child in self.members(one, f"{way}Set"):
                needed = local(child) == f"data{way.capitalize()}Refs"
                if text_of(child) in of:
                    named[text_of(child)] = needed and named.get(text_of(child), True)
                elif text_of(child) in self.file.data:  # else for `schema`
                    self.refuse("data-out-of-reach", child, attribute=local(child), target=text_of(child))
        for datum in data:
            if sets and datum.id not in named:
                self.findings.refuse("data-in-no-set", datum.place, name=datum.id, way=way)
        if not sets:
            return ()  # an event takes or gives what it has
        return tuple(of[id] for id, needed in named.items() if needed)

    def fitting(self, element: etree._Element, tag: str, io: Io, event: Event | None) -> None:
        """Whether what stands here takes and gives data in this way."""
        if io.closed and tag in (*vocabulary.SCOPES, "task"):
            self.refuse("data-not-here", element, tag=tag)
        if tag == "receiveTask" and (io.inputs or len(io.outputs) > 1):
            self.refuse("data-one", element, way_en="give one message", way_zh="给出一条消息")
        if tag == "sendTask" and (io.outputs or len(io.inputs) > 1):
            self.refuse("data-one", element, way_en="take one message", way_zh="取得一条消息")
        if event is None or tag in ("sendTask", "receiveTask"):
            return
        if event.parts or len(io.inputs) + len(io.outputs) > 1:
            self.refuse("data-one", element, way_en="carry one payload", way_zh="携带一项内容")
        if (io.inputs or io.outputs) and event.kind not in ("message", "signal", "error", "escalation"):
            self.refuse("data-not-here", element, tag=f"{event.kind} event")
        if tag == "startEvent" and (io.properties or any(not plainly(given) for given in io.gives)):
            self.refuse("data-at-start", element)

    # Associations

    def associations(self, element: etree._Element, tag: str) -> Iterator[Association]:
        for child in element.iterchildren(f"{{{BPMN}}}{tag}"):
            self.attributes(child, tag)
            read = self.association(child, element)
            if read is not None:
                yield read

    def association(self, element: etree._Element, owner: etree._Element) -> Association | None:
        sources, target, transformation = [], None, None
        assignments: list[tuple[Formula, str]] = []
        for child in self.members(element, local(element)):
            match local(child):
                case "sourceRef":
                    sources.append(self.end(child, owner, element))
                case "targetRef":
                    target = self.end(child, owner, element)
                case "transformation":
                    self.attributes(child, "transformation")
                    transformation = self.expression(child, self.words(child), "any")
                case "assignment":
                    self.attributes(child, "assignment")
                    parts = {local(part): part for part in self.members(child, "assignment")}
                    if parts.keys() == {"from", "to"}:
                        for part in parts.values():
                            self.attributes(part, local(part))
                        value = self.expression(parts["from"], self.words(parts["from"]), "any")
                        assignments.append((value, self.words(parts["to"])))
        if target is None or None in sources:
            return None
        known = [source for source in sources if source is not None]
        if len(known) > 1 and transformation is None and not assignments:
            self.refuse("association-unclear", element)
        if not known and transformation is None and not assignments:
            self.findings.warn("association-empty", self.file.near(element))
            return None
        if transformation is not None and not could_be(target.datum, transformation.compiled.kind):
            self.refuse("data-type", element, name=target.variable, kind=transformation.compiled.kind)
        ways = tuple((value, self.path(element, target, to)) for value, to in assignments)
        return Association(sources=tuple(known), target=target, transformation=transformation, assignments=ways)

    def path(self, element: etree._Element, target: DataEnd, to: str) -> tuple[str, ...]:
        """Where an assignment writes: the target itself, or a field inside it (`report.author`)."""
        first, *fields = to.split(".")
        if target.store or first != target.variable or not all(NAME.match(field) for field in fields):
            self.refuse("assignment-astray", element, to=to, name=target.variable or target.store)
        return tuple(fields)

    def end(self, element: etree._Element, owner: etree._Element, association: etree._Element) -> DataEnd | None:
        """What an association reads or writes, if it can be seen from where it stands."""
        reference = text_of(element)
        found = self.file.data.get(reference)
        if found is not None and local(found) == "dataObjectReference":
            found = self.file.data.get(found.get("dataObjectRef") or "")
        if found is not None and local(found) == "dataStoreReference":
            return self.store(element, found)
        if found is None or not self.reaches(found, owner):
            self.refuse("data-out-of-reach", association, attribute=local(element), target=reference)
            return None
        datum, holder = self.datum(found), _holder(found)
        own = holder is owner and local(owner) not in ("process", *vocabulary.SCOPES)
        scope = "" if own or holder is None else (holder.get("id") or "")
        return DataEnd(variable=datum.variable, scope=scope, datum=datum)

    def reaches(self, datum: etree._Element, owner: etree._Element) -> bool:
        """Whether a datum can be seen from an element: its own, or one of what is around it."""
        holder = _holder(datum)
        if local(datum) in _ITEMS or local(datum) == "itemDefinition":
            return False
        return holder is owner or any(holder is around for around in owner.iterancestors())

    def store(self, element: etree._Element, reference: etree._Element) -> DataEnd | None:
        found = self.file.data.get((reference.get("dataStoreRef") or "").split(":")[-1])
        name = "" if found is None else (found.get("name") or "").strip()
        if not NAME.match(name):
            self.refuse("store-unnamed", element, target=reference.get("id"))
            return None
        return DataEnd(store=name)

    # Multi-instances

    def items(self, element: etree._Element, owner: etree._Element) -> tuple[dict[str, str], tuple[Datum, ...]]:
        """The collection, its item, the output and its item of a multi-instance, as the standard spells them; and the items."""
        says: dict[str, str] = {}
        declared = []
        for child in children(element):
            tag = local(child)
            if tag in _ITEMS:
                datum = self.datum(child)
                declared.append(datum)
                says["element" if tag == "inputDataItem" else "outputElement"] = datum.variable
            elif tag in ("loopDataInputRef", "loopDataOutputRef"):
                end = self.end(child, owner, element)
                if end is not None and end.store:
                    self.refuse("data-out-of-reach", element, attribute=tag, target=text_of(child))
                elif end is not None:
                    ascii = end.variable.isascii()
                    read = end.variable if ascii else f"vars['{end.variable}']"
                    says.update({"collection": read} if tag == "loopDataInputRef" else {"output": end.variable})
        return says, tuple(declared)


def _holder(datum: etree._Element) -> etree._Element | None:
    """What declares a datum: a process or sub-process, or an activity or event."""
    holder = datum.getparent()
    return holder.getparent() if holder is not None and local(holder) == "ioSpecification" else holder


def plainly(association: Association) -> bool:
    """Whether it hands one variable on as it is."""
    return (
        len(association.sources) == 1
        and not association.sources[0].store
        and not association.target.store
        and association.transformation is None
        and not association.assignments
    )
