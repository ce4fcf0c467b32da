"""The XML of a diagram against what BPMN lets stand where: the whole file, whether or not all of it runs.

`metamodel` holds the table. What is well written but not executed is for `reading`, and whether flows and events fit together for
`checking`. It may never change the document, and never stops at the first fault.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine import vocabulary
from engine.elements import File, attributes_of, text_of
from engine.metamodel import NAMESPACES, TYPES, Part, Type, Value, is_a
from engine.refusals import Findings
from engine.vocabulary import BPMN, WZ, XSI

_NAME = r"[^\W\d][\w.\-·]*"
_FORMS: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    # type: how it is written, and what it must be in English and Chinese
    "id": (re.compile(_NAME), "an id", " id"),
    "idref": (re.compile(_NAME), "an id", " id"),
    "name": (re.compile(rf"(?:{_NAME}:)?{_NAME}"), "the id of something, perhaps with a prefix", " id（可带前缀）"),
    "truth": (re.compile(r"true|false|1|0"), "true or false", " true 或 false"),
    "integer": (re.compile(r"[+-]?\d+"), "a whole number", "整数"),
    "number": (re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN"), "a number", "数"),
}
_OURS = frozenset(NAMESPACES.values())
_PICTURE = _OURS - {BPMN}
_WARNED = frozenset({"element-order", "expression-untyped", "reference-astray"})
"""Faults that change nothing of what happens, and that tools are known to write."""
_READING_SAYS = frozenset(
    {
        ("conditionalEventDefinition", "condition"),
        ("complexBehaviorDefinition", "condition"),
        ("linkEventDefinition", "name"),
    }
)
"""What is missing in the words of the event it is missing in: said by reading. By element and what it lacks."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a document is not written as BPMN asks."""

    rule: str
    element: etree._Element
    facts: Mapping[str, object]


def check_document(file: File, findings: Findings) -> None:
    """Note every fault of a file. What is not executed at all is not examined further."""
    for fault in faults(file.root, without=frozenset(vocabulary.REFUSED)):
        tag, word = fault.facts.get("tag"), fault.facts.get("attribute") or fault.facts.get("child")
        if fault.rule == "element-either" or (tag, word) in _READING_SAYS:
            continue
        picture = etree.QName(fault.element).namespace in _PICTURE
        harmless = fault.rule in _WARNED or (picture and fault.rule in ("element-missing", "element-twice"))
        harmless = harmless or (fault.rule, tag, word) == ("attribute-missing", "definitions", "targetNamespace")
        note = findings.warn if harmless else findings.refuse
        note(fault.rule, file.near(fault.element), **fault.facts)


def faults(root: etree._Element, *, without: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Every fault of a document.

    Args:
        root: `definitions`.
        without: names of elements that are passed over, with all that is in them.
    """
    return _Document(root, without).faults()


@dataclass(slots=True)
class _Document:
    root: etree._Element
    without: frozenset[str]
    ids: dict[str, str] = field(default_factory=dict)
    """Id → the name of the type that it stands at."""
    wrong_ids: set[str] = field(default_factory=set)
    """Those that cannot be one: what refers to them is not to blame."""
    references: list[tuple[etree._Element, str, Value, str]] = field(default_factory=list)

    def faults(self) -> Iterator[Fault]:
        waiting: list[tuple[etree._Element, Type]] = [(self.root, TYPES[f"{{{BPMN}}}definitions"])]
        while waiting:
            element, type_ = waiting.pop()
            type_ = yield from self.typed(element, type_)
            yield from self.attributes(element, type_)
            if type_.name == f"{{{BPMN}}}extension":
                yield from self.understood(element)
            if not type_.anything:
                inside = yield from self.content(element, type_)
                waiting.extend(reversed(inside))
            elif type_.name.endswith("}extensionElements"):
                yield from self.extensions(element)
        yield from self.referred()

    def typed(self, element: etree._Element, type_: Type) -> Generator[Fault, None, Type]:
        """The type that an element says it has (`xsi:type`), where it is one of those it may have."""
        said = element.get(_XSI_TYPE)
        if said is None:
            return type_
        name = said.strip().rpartition(":")[2]
        local = name[1:2].lower() + name[2:] if name.startswith("t") else name
        found = next((TYPES[key] for space in _OURS if (key := f"{{{space}}}{local}") in TYPES), None)
        if found is None or not is_a(found.name, type_.name):
            yield self.malformed(element, "xsi:type", said, f"t{_local(type_.name).capitalize()}", _local(type_.name))
            return type_
        return found

    # Attributes

    def attributes(self, element: etree._Element, type_: Type) -> Iterator[Fault]:
        known, tag = type_.attributes, _local(element.tag)
        given = dict(attributes_of(element))
        for name, value in given.items():
            if name in known:
                wrong = self.valued(element, name, known[name], value, type_)
                if wrong is not None:
                    yield wrong
            elif not name.startswith("{") or name[1:].partition("}")[0] in _OURS:
                if name in ("language", "evaluatesToTypeRef") and is_a(type_.name, _EXPRESSION):
                    yield Fault("expression-untyped", element, {"attribute": name})
                else:
                    yield Fault("attribute-unknown", element, {"tag": tag, "attribute": _local(name)})
            elif not type_.open and name.startswith(f"{{{WZ}}}") and tag != "script":
                yield Fault("extension-unknown", element, {"extension": _local(name), "tag": tag, "known": "—"})
        for name, value_ in known.items():
            if value_.needed and name not in given:
                yield Fault("attribute-missing", element, {"tag": tag, "attribute": name})

    def valued(self, element: etree._Element, name: str, value: Value, text: str, type_: Type) -> Fault | None:
        """What is wrong with the form of a value; where it names something, that is looked for when all is known."""
        text = text.strip()
        if value.kind == "one of":
            choices = value.choices
            return (
                None if text in choices else self.malformed(element, name, text, ", ".join(choices), "、".join(choices))
            )
        if value.kind not in _FORMS:
            return None
        form, expected_en, expected_zh = _FORMS[value.kind]
        if not form.fullmatch(text):
            if value.kind == "id":
                self.wrong_ids.add(text)
                return Fault("id-malformed", element, {"id": text})
            if value.kind not in ("idref", "name"):
                return self.malformed(element, name, text, expected_en, expected_zh)
            self.references.append((element, name, value, text))
        elif value.kind == "id":
            twice = text in self.ids
            self.ids[text] = type_.name
            return Fault("id-duplicate", element, {"id": text}) if twice else None
        elif value.kind == "name" and ":" in text and text.partition(":")[0] not in element.nsmap:
            facts = {"attribute": name, "value": text, "prefix": text.partition(":")[0]}
            return Fault("prefix-undeclared", element, facts)
        elif value.refers:
            self.references.append((element, name, value, text))
        return None

    def malformed(self, element: etree._Element, name: str, text: str, expected_en: str, expected_zh: str) -> Fault:
        facts = {"attribute": name, "value": text, "expected_en": expected_en, "expected_zh": expected_zh}
        return Fault("attribute-value", element, facts)

    # Content

    def content(
        self, element: etree._Element, type_: Type
    ) -> Generator[Fault, None, list[tuple[etree._Element, Type]]]:
        """What an element holds; gives the elements inside that are looked into next, each with its type."""
        tag = _local(element.tag)
        inside: list[tuple[etree._Element, Type]] = []
        seen: dict[int, list[str]] = {}
        last, ordered = 0, True
        if not type_.text and _has_text(element):
            yield Fault("text-here", element, {"tag": tag})
        for child in element.iterchildren("*"):
            name = str(child.tag)
            part = type_.children.get(name)
            if part is None or (not part.value and TYPES[part.type].abstract and _XSI_TYPE not in child.attrib):
                yield Fault("element-unknown", child, {"tag": _shown(name), "parent": tag})
                continue
            if part.place < last:
                ordered = False
            else:
                last = part.place
            before = seen.setdefault(part.place, [])
            if part.most == 1 and before:
                same = before[0] == name
                yield Fault("element-twice" if same else "element-either", child, {"tag": _local(name), "parent": tag})
            before.append(name)
            if part.value is not None:
                yield from self.simple(child, part)
            elif _local(name) not in self.without:
                inside.append((child, TYPES[part.type]))
        if not ordered:
            yield Fault("element-order", element, {"tag": tag})
        for _, part in type_.parts:
            if part.least > len(seen.get(part.place, ())):
                yield Fault("element-missing", element, {"tag": tag, "child": part.name, "least": part.least})
        return inside

    def simple(self, element: etree._Element, part: Part) -> Iterator[Fault]:
        """An element that holds only a value."""
        assert part.value is not None  # noqa: S101 - asked by the caller
        for name in element.attrib:
            if not str(name).startswith(f"{{{XSI}}}"):
                yield Fault("attribute-unknown", element, {"tag": part.name, "attribute": _local(str(name))})
        for child in element.iterchildren("*"):
            yield Fault("element-unknown", child, {"tag": _shown(child.tag), "parent": part.name})
        wrong = self.valued(element, part.name, part.value, text_of(element), TYPES[f"{{{BPMN}}}baseElement"])
        if wrong is not None:
            yield wrong

    def extensions(self, element: etree._Element) -> Iterator[Fault]:
        """Extensions are in a namespace of their own."""
        if _has_text(element):
            yield Fault("text-here", element, {"tag": "extensionElements"})
        for child in element.iterchildren("*"):
            if etree.QName(child).namespace in (None, BPMN):
                yield Fault("element-unknown", child, {"tag": _local(child.tag), "parent": "extensionElements"})

    def understood(self, element: etree._Element) -> Iterator[Fault]:
        """An extension without which the diagram must not be run is one of ours, or the diagram is not run."""
        definition = (element.get("definition") or "").strip()
        namespace = element.nsmap.get(definition.partition(":")[0] if ":" in definition else None)
        if (element.get("mustUnderstand") or "").strip() in ("true", "1") and namespace != WZ:
            yield Fault("must-understand", element, {"extension": definition or "—"})

    # References

    def referred(self) -> Iterator[Fault]:
        target = self.root.get("targetNamespace")
        for element, name, value, text in self.references:
            form, expected_en, expected_zh = _FORMS[value.kind]
            if not form.fullmatch(text):
                if text not in self.wrong_ids:
                    yield self.malformed(element, name, text, expected_en, expected_zh)
                continue
            prefix, _, id = text.rpartition(":")
            if prefix and element.nsmap.get(prefix) != target:
                continue  # in another document
            if id not in self.ids or not is_a(self.ids[id], value.refers):
                kind = _local(value.refers)
                known = kind != "baseElement"
                facts = {
                    "attribute": name,
                    "target": text,
                    "expected_en": f"a <{kind}> of this file" if known else "an element of this file",
                    "expected_zh": f"本文件中的 <{kind}>" if known else "本文件中的元素",
                }
                yield Fault("reference-astray" if value.harmless else "reference-dangling", element, facts)


_EXPRESSION = f"{{{BPMN}}}expression"
_XSI_TYPE = f"{{{XSI}}}type"


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _shown(tag: Any) -> str:
    """An element in a sentence, with the namespace where it is not one of BPMN."""
    namespace, _, name = str(tag).rpartition("}")
    namespace = namespace[1:]
    return (
        name
        if namespace in _OURS
        else f"{vocabulary.ENGINES.get(namespace, 'wz' if namespace == WZ else namespace)}:{name}"
    )


def _has_text(element: etree._Element) -> bool:
    piece = element.text
    if piece and not piece.isspace():
        return True
    for child in element:
        piece = child.tail
        if piece and not piece.isspace():
            return True
    return False
