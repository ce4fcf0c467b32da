"""A DMN file before its decisions are read: its version, what stands in it, its types, its input data, what it imports.

Every element and attribute is either read, or known to say nothing about the result, or refused with its place. Nothing
here reads a cell's meaning but allowed values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lxml import etree

from engine import markup
from engine.errors import DecisionRefused, Finding
from engine.kinds import KINDS, CellUnfit, Kind, Value
from engine.regions import Region, single, union
from engine.sfeel import read_literals, read_values
from engine.table_findings import WORDS
from engine.tables import Type

MAX_CELLS = 6_000
"""Most cells of one file."""
MAX_TEXT = 200_000
"""Most characters in the cells of one file."""
MAX_POWERS = 2_000
"""Most `**` in the cells of one file: a power takes a hundred times as long as a sum."""
MAX_DECISIONS = 500
"""Most decisions of one file."""
MAX_TYPES = 300
"""Most item definitions of one file."""
MAX_FIELDS = 300
"""Most simple values in one structure."""
MAX_LEVELS = 20
"""Most levels of structures that hold structures."""

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
WENZE = "urn:wenze:bpmn:1"
VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    DMN: "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The versions that are read: what is read of them means the same in each."""
_FEEL = {
    "http://www.omg.org/spec/FEEL/20140401",
    "http://www.omg.org/spec/FEEL/20140401/",
    "http://www.omg.org/spec/DMN/20180521/FEEL/",
    "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "https://www.omg.org/spec/DMN/20211108/FEEL/",
    "https://www.omg.org/spec/DMN/20230324/FEEL/",
}
_LANGUAGES = {"feel", "s-feel", *(address.lower() for address in _FEEL)}

_ATTRIBUTES = {
    "definitions": "id name label namespace expressionLanguage typeLanguage exporter exporterVersion",
    "import": "id name label namespace locationURI importType",
    "itemDefinition": "id name label isCollection typeLanguage",
    "itemComponent": "id name label isCollection typeLanguage",
    "typeRef": "",
    "allowedValues": "id label expressionLanguage constraintType",
    "inputData": "id name label",
    "decision": "id name label",
    "variable": "id name label typeRef",
    "informationRequirement": "id label",
    "requiredInput": "href",
    "requiredDecision": "href",
    "literalExpression": "id label typeRef expressionLanguage",
    "decisionTable": "id label hitPolicy aggregation preferredOrientation outputLabel typeRef",
    "input": "id label",
    "inputExpression": "id label expressionLanguage typeRef",
    "inputValues": "id label expressionLanguage constraintType",
    "output": "id name label typeRef",
    "outputValues": "id label expressionLanguage constraintType",
    "defaultOutputEntry": "id label expressionLanguage typeRef",
    "annotation": "id name label",
    "rule": "id label",
    "inputEntry": "id label expressionLanguage",
    "outputEntry": "id label expressionLanguage typeRef",
    "annotationEntry": "id label",
    "text": "",
}
"""Elements that are read, with the attributes that are read or say nothing about the result."""
_OWN_ATTRIBUTES = {
    "decision": "en",
    "input": "en",
    "output": "en",
    "literalExpression": "source why whyEn",
    "decisionTable": "defaultSource defaultWhy defaultWhyEn",
}
_SILENT_CAMUNDA = ("historyTimeToLive", "versionTag")
_SILENT_NAMESPACES = (
    "http://bpmn.io/schema/dmn/biodi/",
    "http://camunda.org/schema/modeler/",
    "http://www.trisotech.com/",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
)
_REMARKS = {
    "description", "extensionElements", "question", "allowedAnswers", "authorityRequirement", "supportedObjective",
    "impactedPerformanceIndicator", "decisionMaker", "decisionOwner", "usingProcess", "usingTask", "knowledgeSource",
    "textAnnotation", "association", "group", "organizationUnit", "performanceIndicator", "elementCollection",
}  # fmt: skip
"""What stands in a file for people only: pictures, remarks, persons."""
_BEYOND = {
    "businessKnowledgeModel": "business-knowledge",
    "knowledgeRequirement": "business-knowledge",
    "decisionService": "beyond-level-2",
    "invocation": "beyond-level-2",
    "context": "beyond-level-2",
    "relation": "beyond-level-2",
    "list": "beyond-level-2",
    "functionDefinition": "beyond-level-2",
    "functionItem": "beyond-level-2",
    "conditional": "beyond-level-2",
    "filter": "beyond-level-2",
    "for": "beyond-level-2",
    "every": "beyond-level-2",
    "some": "beyond-level-2",
    "typeConstraint": "beyond-level-2",
    "importedValues": "beyond-level-2",
}


T = TypeVar("T")


@dataclass
class File:
    """One file, and what is wrong with it."""

    name: str
    root: etree._Element
    findings: list[Finding] = field(default_factory=list)
    types: dict[str, Type] = field(default_factory=dict)
    inputs: dict[str, tuple[str, Type]] = field(default_factory=dict)
    """Input data by id: its name, and its type."""
    decisions: dict[str, etree._Element] = field(default_factory=dict)
    imports: dict[str, tuple[str, etree._Element]] = field(default_factory=dict)
    """The namespaces that are imported: the name that each is given here, and where."""
    cited: bool = True
    """Whether every rule must name its source."""

    @property
    def namespace(self) -> str:
        return str(self.root.get("namespace", ""))

    def note(self, at: etree._Element, rule: str, **facts: object) -> None:
        """Find something wrong."""
        words = WORDS[rule]
        self.findings.append(
            Finding(
                source=self.name,
                line=line_of(at),
                element=at.get("id") or tag_of(at),
                name=at.get("name") or at.get("label") or "",
                rule=rule,
                why=words.why.format(**facts),
                remedy=words.remedy.format(**facts),
                why_zh=words.why_zh.format(**facts),
                remedy_zh=words.remedy_zh.format(**facts),
            )
        )

    # What stands in it

    def open(self) -> None:
        """Check every element and attribute, and read all but the decisions."""
        if not self._small_enough():
            return
        self._check(self.root)
        for element in children(self.root, "import"):
            self._import(element)
        definitions = list(children(self.root, "itemDefinition"))
        _Types(self, definitions).read()
        for element in children(self.root, "inputData"):
            self._input(element)
        for element in children(self.root, "decision"):
            id = str(element.get("id", ""))
            if not id:
                self.note(element, "no-table")
            elif id in self.decisions:
                self.note(element, "id-twice")
            else:
                self.decisions[id] = element

    def _small_enough(self) -> bool:
        cells = [
            cell
            for tag in ("inputEntry", "outputEntry", "literalExpression")
            for cell in self.root.iter(f"{{{DMN}}}{tag}")
        ]
        text = sum(len(text_of(cell)) for cell in cells)
        powers = sum(text_of(cell).count("**") for cell in cells)
        decisions = sum(1 for _ in children(self.root, "decision"))
        if powers > MAX_POWERS:
            self.note(self.root, "too-many-powers", count=powers, most=MAX_POWERS)
        if len(cells) > MAX_CELLS or text > MAX_TEXT:
            self.note(self.root, "too-large", cells=len(cells), text=text, most_cells=MAX_CELLS, most_text=MAX_TEXT)
        types = sum(1 for _ in children(self.root, "itemDefinition"))
        if types > MAX_TYPES:
            self.note(self.root, "too-many-types", count=types, most=MAX_TYPES)
        if decisions > MAX_DECISIONS:
            self.note(self.root, "too-many-decisions", count=decisions, most=MAX_DECISIONS)
        return not self.findings

    def _check(self, element: etree._Element) -> None:
        """Refuse what would be ignored: elements and attributes that nothing here reads."""
        tag = tag_of(element)
        self._check_attributes(element, tag)
        for attribute in ("expressionLanguage", "typeLanguage"):
            language = element.get(attribute)
            if language and language.lower() not in _LANGUAGES:
                self.note(element, "language", language=language[:80])
        for child in element:
            name = etree.QName(child)
            if name.namespace != DMN:
                if tag != "definitions" or name.namespace in VERSIONS:
                    self._refuse_element(child)
            elif name.localname in _ATTRIBUTES:
                self._check(child)
            elif name.localname not in _REMARKS:
                self._refuse_element(child)
            else:
                for own in child.iter(f"{{{WENZE}}}*"):
                    self._refuse_element(own)

    def _check_attributes(self, element: etree._Element, tag: str) -> None:
        for attribute in element.attrib:
            name = etree.QName(attribute)
            space, local = name.namespace or "", name.localname
            if not space:
                known = local in _ATTRIBUTES[tag].split()
            elif space == WENZE:
                known = local in _OWN_ATTRIBUTES.get(tag, "").split()
            else:
                known = space.startswith(_SILENT_NAMESPACES) or local in _SILENT_CAMUNDA
            if not known:
                self.note(element, "attribute-not-supported", tag=tag, attribute=local[:60])

    def _refuse_element(self, element: etree._Element) -> None:
        tag = tag_of(element)
        self.note(element, _BEYOND.get(tag, "element-not-supported"), tag=tag[:60])

    def _import(self, element: etree._Element) -> None:
        namespace = element.get("namespace", "")
        if element.get("importType", "") not in VERSIONS:
            self.note(element, "import-other", type=element.get("importType", "")[:80])
        elif not namespace or namespace in self.imports or namespace == self.namespace:
            self.note(element, "import-namespace", namespace=namespace[:80])
        else:
            self.imports[namespace] = element.get("name", ""), element

    def _input(self, element: etree._Element) -> None:
        id, variable = element.get("id", ""), next(children(element, "variable"), None)
        if id in self.inputs:
            self.note(element, "id-twice")
        name = str(element.get("name", "") if variable is None else variable.get("name") or element.get("name", ""))
        written = "" if variable is None else variable.get("typeRef", "")
        self.inputs[id] = name, (self.type(variable, written) if variable is not None and written else None) or Type()

    # Types

    def type(self, at: etree._Element, written: str) -> Type | None:
        """The type of a name; None, and noted, where it is not known."""
        name = self.local(at, " ".join(written.split()))
        if name in KINDS:
            return Type(kind=KINDS[name])
        if name == "Any":
            return Type()
        found = self.types.get(name)
        if found is None:
            self.note(at, "type", type=written[:60])
        return found

    def local(self, at: etree._Element, written: str) -> str:
        """A type's own name. DMN 1.1 writes types with a prefix: that of FEEL, or of the file itself."""
        prefix, colon, local = written.partition(":")
        space = at.nsmap.get(prefix) if colon else None
        return local if space in _FEEL or (space and space == self.namespace) else written

    def allowed(self, at: etree._Element, kind: Kind) -> tuple[Region, tuple[Value, ...]] | None:
        """Allowed values: as a set, and in their order where each is written out."""
        text = text_of(at)
        try:
            return _written_out(text, kind)
        except CellUnfit:
            pass
        region = self.cell(at, lambda: read_values(text, kind))
        return (region, ()) if region else None

    def cell(self, at: etree._Element, read: Callable[[], T]) -> T | None:
        """What a cell says; None, and noted, where it is unfit."""
        try:
            return read()
        except CellUnfit as unfit:
            self.note(at, "cell", text=text_of(at)[:60], why=unfit, zh=unfit.zh)
            return None


def open_file(source: bytes, name: str) -> File:
    """Read a file but for its decisions.

    Raises:
        DecisionRefused: it is no XML of ours. What else is wrong with it is in its findings.
    """
    file = File(name, markup.read(source, name=name, refusal=DecisionRefused))
    space, tag = etree.QName(file.root).namespace or "", tag_of(file.root)
    if tag != "definitions" or space not in VERSIONS:
        unknown_version = tag == "definitions" and "omg.org/spec/DMN/" in space
        file.note(file.root, "version" if unknown_version else "not-dmn", namespace=space[:80])
        return file
    if space != DMN:
        for element in file.root.iter(f"{{{space}}}*"):
            element.tag = f"{{{DMN}}}{tag_of(element)}"
    file.open()
    return file


class _Types:
    """Reads item definitions: simple types with allowed values, structures of these, lists of either."""

    def __init__(self, file: File, definitions: list[etree._Element]) -> None:
        self.file = file
        self.note = file.note
        self._waiting: dict[str, etree._Element] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        for element in definitions:
            name = element.get("name", "")
            if name in KINDS or name in self._waiting:
                self.note(element, "type-twice", type=name[:60])
            else:
                self._waiting[name] = element

    def read(self) -> None:
        """Definitions in the order in which they need each other; what is left goes in a circle."""
        while self._waiting:
            ready = [name for name, element in self._waiting.items() if not self._needs(element)]
            if not ready:
                for element in self._waiting.values():
                    self.note(element, "type-circle")
                return
            for name in ready:
                element = self._waiting.pop(name)
                size, depth = self._size(element)
                if size > MAX_FIELDS or depth > MAX_LEVELS:
                    self.note(element, "type-large", most=MAX_FIELDS, levels=MAX_LEVELS)
                elif found := self._type(element):
                    self.file.types[name] = found
                    self._sizes[name] = size, depth

    def _needs(self, element: etree._Element) -> bool:
        refs = (reference for reference in element.iter(f"{{{DMN}}}typeRef"))
        return any(self.file.local(reference, content(reference)) in self._waiting for reference in refs)

    def _size(self, element: etree._Element) -> tuple[int, int]:
        """How many simple values a definition comes to, and how many levels of structures, before it is made."""
        refs = [self.file.local(reference, content(reference)) for reference in element.iter(f"{{{DMN}}}typeRef")]
        sizes = [self._sizes.get(name, (1, 0)) for name in refs]
        nested = sum(1 for _ in element.iter(f"{{{DMN}}}itemComponent"))
        return sum(size for size, _ in sizes), max((depth for _, depth in sizes), default=0) + min(nested, 1)

    def _type(self, element: etree._Element) -> Type | None:
        reference = next(children(element, "typeRef"), None)
        components = list(children(element, "itemComponent"))
        if (reference is None) is not bool(components):
            self.note(element, "type-empty")
            return None
        found = self._structure(components) if reference is None else self.file.type(reference, content(reference))
        values = next(children(element, "allowedValues"), None)
        if found and values is not None:
            found = self._restricted(values, found)
        many = element.get("isCollection", "false").strip() in ("true", "1")
        return replace(found, many=found.many or many) if found else None

    def _structure(self, components: list[etree._Element]) -> Type | None:
        fields: dict[str, Type] = {}
        for component in components:
            name = component.get("name", "")
            if not name or name in fields:
                self.note(component, "type-twice", type=name[:60])
                continue
            found = self._type(component)
            if found:
                fields[name] = found
        return Type(fields=fields) if len(fields) == len(components) else None

    def _restricted(self, values: etree._Element, found: Type) -> Type | None:
        if found.kind is None:
            self.note(values, "type-values")
            return None
        allowed = self.file.allowed(values, found.kind)
        if allowed is None:
            return None
        region = allowed[0].within(found.allowed) if found.allowed else allowed[0]
        return replace(found, allowed=region, ranking=allowed[1])


def _written_out(text: str, kind: Kind) -> tuple[Region, tuple[Value, ...]]:
    values = read_literals(text, kind)
    regions = [Region(kind, null=True) if value.key is None else single(kind, value.key) for value in values]
    return union(regions), values


# --- XML -------------------------------------------------------------------------------------------------------------


def children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{{DMN}}}{tag}")


def tag_of(element: etree._Element) -> str:
    return etree.QName(element).localname


def line_of(element: etree._Element) -> int | None:
    line: int | None = element.sourceline  # type: ignore[assignment]  # the stubs have it wrong
    return line


def text_of(element: etree._Element | None) -> str:
    """What is written in the `text` of a cell."""
    return "" if element is None else content(next(children(element, "text"), None))


def content(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()
