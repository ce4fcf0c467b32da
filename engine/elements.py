"""Reading single elements of BPMN: their attributes, their extensions, their expressions, whatever the element is.

Here is decided by the tables of `vocabulary` what may stand at an element, and everything else is noted as a finding with its
place. What an element means in its diagram is for `reading`. It may never skip an attribute or extension that means something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, cast

from lxml import etree

from engine import expressions, metamodel, plain, vocabulary
from engine.errors import EngineError, ExpressionFailed, ExpressionRefused
from engine.nodes import NOTHING, Formula, Place, ValueKind
from engine.refusals import Findings
from engine.vocabulary import BPMN, CAMUNDA, WZ

STAND_IN = Formula(text="null", compiled=expressions.compile("null"))
"""In the place of an expression that was refused, so that nothing else is found missing."""
NAME = re.compile(r"\A[^\W\d]\w*\Z")
"""What may be the name of a variable."""
_GIVES: Mapping[ValueKind, frozenset[str]] = {
    "any": frozenset({"truth", "integer", "number", "text", "list", "map", "moment", "duration", "null", "any"}),
    "truth": frozenset({"truth", "any"}),
    "integer": frozenset({"integer", "any"}),
    "list": frozenset({"list", "any"}),
    "map": frozenset({"map", "any"}),
    "text": frozenset({"text", "moment", "duration", "any"}),
}
"""By what must be given: the kinds an expression may have as far as that is known at load."""
_NEEDED: Mapping[ValueKind, tuple[str, str]] = {
    "any": ("a value", "值"),
    "truth": ("true or false", "真假值"),
    "integer": ("a whole number", "整数"),
    "list": ("a list", "列表"),
    "map": ("a map of variables, such as {'advice': 'accept'},", "变量映射，如 {'advice': 'accept'}"),
    "text": ("an ISO 8601 text", "ISO 8601 文本"),
}


@dataclass(slots=True)
class File:
    """One source that holds BPMN: its definitions, found once."""

    name: str
    root: etree._Element
    processes: dict[str, etree._Element] = field(default_factory=dict)
    tasks: dict[str, etree._Element] = field(default_factory=dict)
    """Global tasks by id."""
    roots: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    """What events refer to, by tag and id: messages, signals, errors, escalations, event definitions."""
    data: dict[str, etree._Element] = field(default_factory=dict)
    """Everything that declares, refers to or types data, by id."""
    associations: dict[str, list[str]] = field(default_factory=dict)
    """By id: what associations join an element with."""
    collaborations: list[etree._Element] = field(default_factory=list)
    language: str = ""

    def called_by(self, process: str) -> list[str]:
        """What the call activities of a process name, as written."""
        calls = self.processes[process].iter(f"{{{BPMN}}}callActivity")
        return [(call.get("calledElement") or "").split(":")[-1] for call in calls]

    def place(self, element: etree._Element) -> Place:
        """Where the element stands."""
        tag = etree.QName(element).localname
        line: Any = element.sourceline
        return Place(source=self.name, line=line, element=element.get("id") or tag, name=element.get("name") or "")

    def near(self, element: etree._Element) -> Place:
        """Where the element stands; one without an id is pointed at by the one that holds it, and keeps its own line."""
        owner = element
        while not owner.get("id"):
            above = owner.getparent()
            if above is None or local(above) == "definitions":
                return self.place(element)
            owner = above
        return replace(self.place(element), element=owner.get("id") or "", name=owner.get("name") or "")


def open_file(name: str, root: etree._Element, findings: Findings) -> File | None:
    """Find the definitions of a source; None (and a finding) where it is not BPMN."""
    file = File(name, root)
    if root.tag != f"{{{BPMN}}}definitions":
        findings.refuse("not-bpmn", file.place(root), tag=etree.QName(root).localname)
        return None
    file.language = (root.get("expressionLanguage") or "").strip()
    for child in root:
        if not isinstance(child.tag, str) or not child.tag.startswith(f"{{{BPMN}}}"):
            continue
        tag, id = etree.QName(child).localname, child.get("id")
        if tag == "process" and id:
            file.processes[id] = child
        elif tag in vocabulary.GLOBAL and id:
            file.tasks[id] = child
        elif tag in vocabulary.REFERRED and id:
            file.roots[tag, id] = child
        elif tag in vocabulary.EVENT_DEFINITIONS and id:
            file.roots["eventDefinition", id] = child
        elif tag == "collaboration":
            file.collaborations.append(child)
    for element in root.iter(*(f"{{{BPMN}}}{tag}" for tag in vocabulary.DATA)):
        if id := element.get("id"):
            file.data[id] = element
    for element in root.iter(f"{{{BPMN}}}association"):
        one, other = element.get("sourceRef") or "", element.get("targetRef") or ""
        file.associations.setdefault(one, []).append(other)
        file.associations.setdefault(other, []).append(one)
    _name_the_nameless(root)
    return file


def _name_the_nameless(root: etree._Element) -> None:
    """Give flows and lanes without an id one: the standard lets them have none, and nobody refers to such a one.

    The same diagram gets the same ids every time, and a flow that has an id of its own keeps it.
    """
    taken = {element.get("id") for element in root.iter(f"{{{BPMN}}}*")}
    many: dict[str, int] = {}
    for element in root.iter(f"{{{BPMN}}}sequenceFlow", f"{{{BPMN}}}lane"):
        if element.get("id") is None:
            ends = [element.get(end, "") for end in ("sourceRef", "targetRef")]
            stem = "_".join(["flow", *ends]) if all(ends) else local(element)
            id = stem
            while id in taken:
                many[stem] = many.get(stem, 1) + 1
                id = f"{stem}_{many[stem]}"
            taken.add(id)
            element.set("id", id)


_OURS = f"{{{WZ}}}"


def attributes_of(element: etree._Element) -> list[tuple[str, str]]:
    """What an element says, by name with the namespace; as `attrib`, but made at once."""
    return cast(list[tuple[str, str]], element.items())


def local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def text_of(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _reasons(refused: EngineError, text: str) -> tuple[str, str]:
    """What is wrong with an expression, in English and Chinese."""
    facts = refused.facts
    why, zh = str(facts.get("why") or refused), str(facts.get("zh") or refused)
    if facts.get("line"):
        why = f"line {facts['line']}, column {facts['column']}: {why}"
        zh = f"第 {facts['line']} 行第 {facts['column']} 列：{zh}"
    if text.startswith(("${", "#{", "=")):
        why, zh = f"{why} Leave out ${{ }}, #{{ }} and the leading =.", f"{zh}请去掉 ${{ }}、#{{ }} 和开头的 =。"
    return why, zh


class Elements:
    """Reads elements of one file and gathers what is wrong with them."""

    def __init__(self, file: File, findings: Findings) -> None:
        self.file = file
        self.findings = findings

    # Children

    def members(self, element: etree._Element, tag: str) -> Iterator[etree._Element]:
        """The children that are read further. Those that are not executed are noted as findings; those that BPMN does not let
        stand here are for `schema`.
        """
        allowed = vocabulary.CHILDREN.get(tag, frozenset({"documentation", "extensionElements"}))
        for child in element.iterchildren(f"{{{BPMN}}}*"):
            kind = local(child)
            if kind in vocabulary.DRAWING and kind in allowed:
                self.drawing(child, kind)
            elif kind in allowed:
                if kind != "extensionElements":
                    yield child
            elif metamodel.holds(tag, kind):
                self.refuse_element(child, kind)

    def drawing(self, element: etree._Element, tag: str) -> None:
        """Pure drawing: only a wz: attribute on it would be a slip."""
        for name in element.attrib:
            qualified = etree.QName(name)
            if qualified.namespace == WZ:
                self.refuse("extension-unknown", element, extension=qualified.localname, tag=tag, known="—")

    # Expressions

    def expression(self, element: etree._Element, text: str, gives: ValueKind) -> Formula:
        """Compile the expression of an element, minding the language it names."""
        language = (element.get("language") or "").strip()
        if language and language.lower() not in vocabulary.CEL_NAMES:
            self.refuse("language-not-supported", element, language=language)
            return STAND_IN
        default = self.file.language
        if not language and default and default != vocabulary.XPATH and default.lower() not in vocabulary.CEL_NAMES:
            self.refuse("language-not-supported", element, language=default)
            return STAND_IN
        return self.compiled(element, text, gives)

    def words(self, element: etree._Element) -> str:
        """The text of an element itself; documentation inside it is not part of it, anything else there is a finding."""
        for _ in self.members(element, local(element)):
            pass
        pieces = [element.text, *(child.tail for child in element)]
        return "".join(piece for piece in pieces if piece).strip()

    def compiled(self, element: etree._Element, text: str, gives: ValueKind) -> Formula:
        """Compile an expression and check what can be known of it. What is refused is stood in for."""
        if not text:
            self.refuse("expression-empty", element)
            return STAND_IN
        shown = text if len(text) <= 200 else f"{text[:200]}…"
        try:
            line: Any = element.sourceline
            formula = Formula(text=text, compiled=expressions.compile(text), gives=gives, line=line)
            if formula.compiled.constant:
                expressions.evaluate(formula.compiled, {})
        except (ExpressionRefused, ExpressionFailed) as refused:
            reason, reason_zh = _reasons(refused, text)
            self.refuse("expression-malformed", element, expression=shown, reason=reason, reason_zh=reason_zh)
            return STAND_IN
        if formula.compiled.kind not in _GIVES[gives]:
            needed_en, needed_zh = _NEEDED[gives]
            self.refuse(
                "expression-kind",
                element,
                expression=shown,
                given=formula.compiled.kind,
                needed_en=needed_en,
                needed_zh=needed_zh,
            )
            return STAND_IN
        return formula

    def variable(self, element: etree._Element, name: str) -> str:
        """The name of a variable, which expressions can write."""
        if name and (not NAME.match(name) or name in plain.RESERVED):
            self.refuse("name-reserved", element, name=name)
        return name

    # Attributes and extensions

    def id(self, element: etree._Element, tag: str) -> str:
        id = element.get("id") or ""
        if not id:
            self.refuse("id-missing", element, tag=tag)
        return id

    def attributes(self, element: etree._Element, tag: str) -> None:
        """Every attribute of BPMN that stands here is executed with its value. Those BPMN does not know are for `schema`."""
        known = vocabulary.ATTRIBUTES[tag]
        for name, value in element.attrib.items():
            if str(name).startswith("{"):
                continue
            if name not in known and metamodel.knows(tag, str(name)):
                self.refuse(
                    "attribute-not-supported",
                    element,
                    attribute=name,
                    value=value,
                    remedy_en="Remove the attribute.",
                    remedy_zh="请删去该属性。",
                )
            elif name in vocabulary.FIXED:
                accepted, remedy_en, remedy_zh = vocabulary.FIXED[str(name)]
                if str(value).strip() not in accepted:
                    self.refuse(
                        "attribute-not-supported",
                        element,
                        attribute=name,
                        value=value,
                        remedy_en=remedy_en,
                        remedy_zh=remedy_zh,
                    )
        if tag not in vocabulary.EXTENSIONS:
            self.foreign(element, tag)

    def boolean(self, element: etree._Element, name: str, *, default: bool) -> bool:
        value = element.get(name)
        return default if value is None else value.strip() in ("true", "1")

    def extensions(self, element: etree._Element, tag: str, known: frozenset[str]) -> Mapping[str, str]:
        """The wz: attributes of an element, with those of Camunda 7 that say the same."""
        says: dict[str, str] = {}
        translated = vocabulary.TRANSLATED.get(tag, NOTHING)
        for name, value in attributes_of(element):
            if name.startswith(_OURS):
                word = name.removeprefix(_OURS)
                if word not in known:
                    self.misspelt(element, tag, word, known)
                else:
                    says[word] = value
        for theirs, ours in translated.items():
            given = element.get(f"{{{CAMUNDA}}}{theirs}")
            if given is None:
                continue
            if ours in says:
                self.refuse("extension-conflict", element, first=f"wz:{ours}", second=f"camunda:{theirs}")
            elif given.lstrip().startswith(("${", "#{")):
                self.foreign_finding(element, f"camunda:{theirs}=“{given}”", theirs)
            else:
                says[ours] = given
        self.foreign(element, tag)
        return MappingProxyType(says) if says else NOTHING

    def foreign(self, element: etree._Element, tag: str) -> None:
        """Attributes and elements in other namespaces: refused where they would be executed elsewhere."""
        translated = vocabulary.TRANSLATED.get(tag, NOTHING)
        for name, value in attributes_of(element):
            if not name.startswith("{"):
                continue
            qualified = etree.QName(name)
            if qualified.namespace is None or qualified.namespace in vocabulary.MODELLER:
                continue
            if qualified.namespace == WZ:
                if tag not in vocabulary.EXTENSIONS:
                    self.misspelt(element, tag, qualified.localname, frozenset())
            elif qualified.namespace == CAMUNDA and qualified.localname in translated:
                continue
            else:
                self.judge(element, qualified.namespace, qualified.localname, value)
        bindings = vocabulary.BINDINGS.get(tag, frozenset())
        for child in self.extension_elements(element):
            qualified = etree.QName(child)
            if qualified.namespace in vocabulary.MODELLER:
                continue
            if qualified.namespace == WZ:
                if qualified.localname not in bindings:
                    self.misspelt(child, tag, qualified.localname, bindings)
            else:
                self.judge(child, qualified.namespace or "", qualified.localname, "")

    def judge(self, element: etree._Element, namespace: str, name: str, value: str) -> None:
        """A word of another tool: refused where that tool would execute it, else a warning."""
        engine = vocabulary.ENGINES.get(namespace)
        word = f"{engine or namespace}:{name}"
        if engine is None:
            self.findings.warn("extension-ignored", self.file.place(element), extension=word)
        elif name not in vocabulary.DESCRIPTIVE:
            self.foreign_finding(element, f"{word}=“{value}”" if value else word, name)

    def foreign_finding(self, element: etree._Element, word: str, name: str) -> None:
        remedy_en, remedy_zh = vocabulary.FOREIGN_ADVICE.get(name, vocabulary.FOREIGN_REMEDY)
        self.refuse("extension-foreign", element, extension=word, remedy_en=remedy_en, remedy_zh=remedy_zh)

    def misspelt(self, element: etree._Element, tag: str, name: str, known: frozenset[str]) -> None:
        words = ", ".join(f"wz:{word}" for word in sorted(known)) or "—"
        self.refuse("extension-unknown", element, extension=name, tag=tag, known=words)

    def extension_elements(self, element: etree._Element) -> Iterator[etree._Element]:
        for holder in element.iterchildren(f"{{{BPMN}}}extensionElements"):
            yield from children(holder)

    def wz(self, element: etree._Element, name: str) -> str | None:
        value = element.get(f"{{{WZ}}}{name}")
        return str(value) if value is not None else None

    # Findings

    def refuse(self, code: str, element: etree._Element, **facts: object) -> None:
        self.findings.refuse(code, self.file.near(element), **facts)

    def refuse_element(self, element: etree._Element, tag: str) -> None:
        advice = vocabulary.REFUSED.get(tag) or vocabulary.Advice(f"<{tag}>", "Remove it.", f" <{tag}>", "请删去。")
        self.refuse(
            "element-not-supported",
            element,
            what_en=advice.what_en,
            remedy_en=advice.remedy_en,
            what_zh=advice.what_zh,
            remedy_zh=advice.remedy_zh,
        )
