"""Decision tables as they are drawn: DMN 1.3 XML, read into frozen values or refused.

What the standard offers beyond single tables (decisions that require decisions, literal expressions, invocations, item
definitions, business knowledge) is refused with its place, all findings at once. Nothing is accepted and then ignored,
but for pictures and remarks. This module decides nothing; `engine.decisions` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from lxml import etree

from engine import markup
from engine.coverage import Column, Place, gaps, hidden, overlaps
from engine.errors import DecisionRefused, Finding
from engine.sfeel import (
    KINDS,
    CellUnfit,
    Kind,
    Region,
    Value,
    everything,
    mentions_null,
    read_literal,
    read_literals,
    read_tests,
    read_values,
    shown,
)
from engine.table_findings import WORDS
from engine.tables import SINGLE, Decision, Gap, HitPolicy, Input, Output, Rule

MAX_RULES = 500
"""Most rules of one table."""
MAX_CELLS = 6_000
"""Most cells of one file."""
MAX_TEXT = 200_000
"""Most characters in the cells of one file."""
MAX_ENTRIES = 20_000
"""Most literals and ranges in the input cells of one table."""
MAX_TOLD = 20
"""Most overlaps, gaps and hidden rules that are told of one table."""

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
WENZE = "urn:wenze:bpmn:1"

T = TypeVar("T")


def read(source: bytes, *, name: str) -> dict[str, Decision]:
    """Read the decisions of a file, by id.

    Raises:
        DecisionRefused: with every finding: not DMN 1.3, not a table, a cell that is not S-FEEL of its column's kind,
            rules that overlap under a policy that forbids it, a rule that does not name its source …
    """
    root = markup.read(source, name=name, refusal=DecisionRefused)
    file = _File(name)
    decisions = file.read(root)
    if file.findings:
        raise DecisionRefused(tuple(sorted(file.findings, key=lambda finding: finding.line or 0)))
    return decisions


def keys(rule: Rule) -> tuple[object, ...]:
    """The outputs of a rule, to be compared: P1D and PT24H are the same, 1 and true are not."""
    return tuple((type(value.key) is bool, value.key) for value in rule.outputs)


# --- The file --------------------------------------------------------------------------------------------------------

_ATTRIBUTES = {
    "definitions": "id name namespace expressionLanguage typeLanguage exporter exporterVersion",
    "decision": "id name label",
    "variable": "id name label typeRef",
    "informationRequirement": "id label",
    "requiredInput": "href",
    "decisionTable": "id label hitPolicy aggregation preferredOrientation outputLabel",
    "input": "id label",
    "inputExpression": "id label expressionLanguage typeRef",
    "inputValues": "id label expressionLanguage",
    "output": "id name label typeRef",
    "outputValues": "id label expressionLanguage",
    "defaultOutputEntry": "id label expressionLanguage",
    "annotation": "id name label",
    "rule": "id label",
    "inputEntry": "id label expressionLanguage",
    "outputEntry": "id label expressionLanguage",
    "annotationEntry": "id label",
    "text": "",
}
"""Elements that are read, with the attributes that are read or say nothing about the result."""
_OWN_ATTRIBUTES = {
    "decision": "en",
    "input": "en",
    "output": "en",
    "decisionTable": "defaultSource defaultWhy defaultWhyEn",
}
_SILENT_CAMUNDA = ("historyTimeToLive", "versionTag")
_SILENT_NAMESPACES = (
    "http://bpmn.io/schema/dmn/biodi/",
    "http://camunda.org/schema/modeler/",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
)
_REMARKS = {
    "description", "extensionElements", "question", "allowedAnswers", "authorityRequirement", "supportedObjective",
    "impactedPerformanceIndicator", "decisionMaker", "decisionOwner", "usingProcess", "usingTask", "inputData",
    "knowledgeSource", "textAnnotation", "association", "group", "organizationUnit", "performanceIndicator",
}  # fmt: skip
"""What stands in a file for people only: pictures, remarks, persons."""
_INSTEAD = {
    "requiredDecision": "decision-required",
    "literalExpression": "literal-expression",
    "itemDefinition": "type-defined",
}
_LANGUAGES = ("feel", "s-feel", "https://www.omg.org/spec/DMN/20191111/FEEL/")


@dataclass
class _File:
    """Reads one file, and gathers what is wrong with it."""

    name: str
    findings: list[Finding] = field(default_factory=list)

    def note(self, at: etree._Element, rule: str, **facts: object) -> None:
        words = WORDS[rule]
        self.findings.append(
            Finding(
                source=self.name,
                line=_line(at),
                element=at.get("id") or _tag(at),
                name=at.get("name") or at.get("label") or "",
                rule=rule,
                why=words.why.format(**facts),
                remedy=words.remedy.format(**facts),
                why_zh=words.why_zh.format(**facts),
                remedy_zh=words.remedy_zh.format(**facts),
            )
        )

    def read(self, root: etree._Element) -> dict[str, Decision]:
        if root.tag != f"{{{DMN}}}definitions":
            self.note(root, "not-dmn")
            return {}
        if not self._small_enough(root):
            return {}
        self._check(root)
        decisions: dict[str, Decision] = {}
        for element in _children(root, "decision"):
            if element.get("id") in decisions:
                self.note(element, "id-twice")
            elif decision := _Table(self, element).read():
                decisions[decision.id] = decision
        if not decisions and not self.findings:
            self.note(root, "no-decision")
        return decisions

    def _small_enough(self, root: etree._Element) -> bool:
        cells = [cell for tag in ("inputEntry", "outputEntry") for cell in root.iter(f"{{{DMN}}}{tag}")]
        text = sum(len(_text(cell)) for cell in cells)
        if len(cells) > MAX_CELLS or text > MAX_TEXT:
            self.note(root, "too-large", cells=len(cells), text=text, most_cells=MAX_CELLS, most_text=MAX_TEXT)
            return False
        return True

    def _check(self, element: etree._Element) -> None:
        """Refuse what would be ignored: elements and attributes that nothing here reads."""
        tag = _tag(element)
        self._check_attributes(element, tag)
        language = element.get("expressionLanguage") or element.get("typeLanguage")
        if language and language not in _LANGUAGES:
            self.note(element, "language", language=language[:80])
        for child in element:
            name = etree.QName(child)
            if name.namespace != DMN:
                if tag != "definitions":
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
        tag = _tag(element)
        self.note(element, _INSTEAD.get(tag, "element-not-supported"), tag=tag[:60])


# --- One decision ----------------------------------------------------------------------------------------------------

_POLICIES: dict[str, HitPolicy] = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
_AGGREGATIONS: dict[str, HitPolicy] = {"SUM": "C+", "MIN": "C<", "MAX": "C>", "COUNT": "C#"}
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MARK = re.compile(r"(?<![A-Za-z0-9])(?:V2?:[A-Z]\d+[a-z]*|V2|K|PD)(?![A-Za-z0-9])")
"""Verified in a source, verified in an excerpt, known without a source, default of the product."""


class _Table:
    """Reads one decision table."""

    def __init__(self, file: _File, decision: etree._Element) -> None:
        self.file = file
        self.decision = decision
        self.note = file.note
        self._noted_before = len(file.findings)

    def refused(self) -> bool:
        """Whether anything was found wrong with this table so far."""
        return len(self.file.findings) > self._noted_before

    def read(self) -> Decision | None:
        table = next(_children(self.decision, "decisionTable"), None)
        if table is None or not self.decision.get("id"):
            self.note(self.decision, "no-table")
            return None
        policy = self._policy(table)
        inputs, outputs = self._inputs(table), self._outputs(table, policy)
        if self.refused():
            return None
        rules = self._rules(table, inputs, outputs)
        default = self._default(table, outputs, policy)
        self._check_result(table, outputs, policy)
        if policy in ("C+", "C<", "C>") and any(value.key is None for rule in rules for value in rule.outputs):
            self.note(table, "aggregation-of-texts")
        if self.refused():
            return None
        decision = Decision(
            id=self.decision.get("id", ""),
            name=self.decision.get("name", ""),
            name_en=self.decision.get(f"{{{WENZE}}}en", ""),
            source=self.file.name,
            line=_line(self.decision),
            hit_policy=policy,
            inputs=tuple(_with_null(column, [rule.cells[at] for rule in rules]) for at, column in enumerate(inputs)),
            outputs=outputs,
            rules=rules,
            default=default,
        )
        return self._examined(decision, list(_children(table, "rule")))

    # Columns

    def _policy(self, table: etree._Element) -> HitPolicy:
        written, aggregation = table.get("hitPolicy", "UNIQUE"), table.get("aggregation")
        policy = _POLICIES.get(written)
        if aggregation is not None:
            policy = _AGGREGATIONS.get(aggregation) if policy == "C" else None
        if policy is None:
            self.note(table, "hit-policy", policy=f"{written} {aggregation or ''}".strip()[:60])
        return policy or "U"

    def _inputs(self, table: etree._Element) -> tuple[Input, ...]:
        elements = list(_children(table, "input"))
        if not elements:
            self.note(table, "no-input")
        found = [column for column in map(self._input, elements) if column]
        self._check_twice(table, [column.name for column in found])
        return tuple(found)

    def _input(self, element: etree._Element) -> Input | None:
        expression = next(_children(element, "inputExpression"), None)
        text = _text(expression)
        if not _PATH.fullmatch(text) or len(text) > 200:
            self.note(element, "input-expression", text=text[:60])
            return None
        kind = self._kind(element if expression is None else expression)
        if kind is None:
            return None
        values = next(_children(element, "inputValues"), None)
        allowed = None if values is None else self._cell(values, kind, read_values)
        return Input(
            path=tuple(text.split(".")),
            label=element.get("label") or text,
            label_en=element.get(f"{{{WENZE}}}en", ""),
            kind=kind,
            allowed=allowed or everything(kind),
        )

    def _outputs(self, table: etree._Element, policy: HitPolicy) -> tuple[Output, ...]:
        elements = list(_children(table, "output"))
        if not elements:
            self.note(table, "no-output")
        found = [output for output in (self._output(element, len(elements)) for element in elements) if output]
        self._check_twice(table, [output.name for output in found if output.name])
        if policy in ("P", "O") and not all(output.ranking for output in found):
            self.note(table, "no-ranking")
        if policy in ("C+", "C<", "C>", "C#") and len(elements) > 1:
            self.note(table, "aggregation-of-many")
        if policy in ("C+", "C<", "C>") and any(output.kind not in ("number", "integer") for output in found):
            self.note(table, "aggregation-of-texts")
        return tuple(found)

    def _output(self, element: etree._Element, several: int) -> Output | None:
        kind, name = self._kind(element), element.get("name", "")
        if several > 1 and not name:
            self.note(element, "output-without-name")
        if kind is None:
            return None
        values = next(_children(element, "outputValues"), None)
        ranking = None if values is None else self._cell(values, kind, read_literals)
        return Output(
            name=name,
            label=element.get("label") or name,
            label_en=element.get(f"{{{WENZE}}}en", ""),
            kind=kind,
            ranking=ranking or (),
        )

    def _kind(self, element: etree._Element) -> Kind | None:
        written = element.get("typeRef", "")
        kind = KINDS.get(written)
        if kind is None:
            self.note(element, "type", type=written[:60])
        return kind

    def _check_twice(self, table: etree._Element, names: list[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.note(table, "column-twice", name=name[:60])

    def _check_result(self, table: etree._Element, outputs: tuple[Output, ...], policy: HitPolicy) -> None:
        variable = next(_children(self.decision, "variable"), None)
        written = "Any" if variable is None else variable.get("typeRef", "Any")
        single = len(outputs) == 1 and policy in SINGLE
        if written != "Any" and not (single and KINDS.get(written) == outputs[0].kind):
            self.note(table if variable is None else variable, "result-type", type=written[:60])

    # Rules

    def _rules(self, table: etree._Element, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[Rule, ...]:
        elements = list(_children(table, "rule"))
        if not 1 <= len(elements) <= MAX_RULES:
            self.note(table, "rule-count", count=len(elements), most=MAX_RULES)
            return ()
        remarks = [annotation.get("name", "") for annotation in _children(table, "annotation")]
        read = (self._rule(element, at + 1, inputs, outputs, remarks) for at, element in enumerate(elements))
        return tuple(rule for rule in read if rule)

    def _rule(
        self, element: etree._Element, number: int, inputs: Sequence[Input], outputs: Sequence[Output],
        remarks: list[str],
    ) -> Rule | None:  # fmt: skip
        asked, given, said = (list(_children(element, tag)) for tag in ("inputEntry", "outputEntry", "annotationEntry"))
        if (len(asked), len(given), len(said)) != (len(inputs), len(outputs), len(remarks)):
            self.note(element, "cell-count", number=number)
            return None
        told = {name: _text(cell) for name, cell in zip(remarks, said, strict=True)}
        self._check_source(element, told.get("source", ""), "", number=number)
        tests = [self._test(cell, column) for cell, column in zip(asked, inputs, strict=True)]
        values = [self._value(cell, column) for cell, column in zip(given, outputs, strict=True)]
        return Rule(
            number=number,
            id=element.get("id", ""),
            line=_line(element),
            tests=tuple(test for test in tests if test),
            cells=tuple(map(_text, asked)),
            outputs=tuple(value for value in values if value),
            source=told.get("source", ""),
            why=told.get("why", ""),
            why_en=told.get("why_en", ""),
            description=_content(next(_children(element, "description"), None)),
        )

    def _default(self, table: etree._Element, outputs: Sequence[Output], policy: HitPolicy) -> Rule | None:
        entries = [next(_children(output, "defaultOutputEntry"), None) for output in _children(table, "output")]
        written = [entry for entry in entries if entry is not None]
        source, why, why_en = (table.get(f"{{{WENZE}}}default{part}", "") for part in ("Source", "Why", "WhyEn"))
        if not written:
            return None
        if len(written) < len(entries):
            self.note(table, "default-incomplete")
            return None
        if policy == "C#":
            self.note(table, "default-of-count")
        self._check_source(table, source, "default-")
        values = [self._value(entry, column) for entry, column in zip(written, outputs, strict=True)]
        return Rule(
            number=0,
            id=written[0].get("id", ""),
            line=_line(written[0]),
            tests=(),
            cells=(),
            outputs=tuple(value for value in values if value),
            source=source,
            why=why,
            why_en=why_en,
            description="",
        )

    def _check_source(self, at: etree._Element, source: str, prefix: str, **facts: object) -> None:
        if not source:
            self.note(at, f"{prefix}no-source", **facts)
        elif not _MARK.search(source):
            self.note(at, f"{prefix}no-mark", **facts)

    # Cells

    def _test(self, cell: etree._Element, column: Input) -> Region | None:
        region = self._cell(cell, column.kind, read_tests)
        if region is None or column.allowed == everything(column.kind):
            return region
        stray = not column.allowed.others and region.named - column.allowed.named
        stray_null = mentions_null(_text(cell)) and not column.allowed.null
        if stray or stray_null or not region.meets(column.allowed):
            self.note(cell, "not-allowed", text=_text(cell)[:60], label=column.label)
        return region

    def _value(self, cell: etree._Element, column: Output) -> Value | None:
        value = self._cell(cell, column.kind, read_literal)
        if value and column.ranking and value.key not in [allowed.key for allowed in column.ranking]:
            self.note(cell, "not-allowed", text=_text(cell)[:60], label=column.label)
        return value

    def _cell(self, cell: etree._Element, kind: Kind, read_as: Callable[[str, Kind], T]) -> T | None:
        try:
            return read_as(_text(cell), kind)
        except CellUnfit as unfit:
            self.note(cell, "cell", text=_text(cell)[:60], why=unfit, zh=unfit.zh)
            return None

    # The table as a whole

    def _examined(self, decision: Decision, elements: list[etree._Element]) -> Decision | None:
        entries = sum(len(test.named) + len(test.spans) for rule in decision.rules for test in rule.tests)
        if entries > MAX_ENTRIES:
            self.note(self.decision, "too-tangled", count=entries, most=MAX_ENTRIES)
            return None
        rows = len(decision.rules)
        columns = [
            Column(column.allowed, [rule.tests[at] for rule in decision.rules])
            for at, column in enumerate(decision.inputs)
        ]
        for one, other, place in islice(_conflicts(decision, columns), MAX_TOLD):
            example = _example(decision, place)
            self.note(elements[other.number - 1], "rules-overlap", one=one.number, other=other.number, example=example)
        if self.refused():
            return None
        found, finished = ((), True) if decision.default else gaps(columns, rows, most=MAX_TOLD)
        return replace(
            decision,
            gaps=tuple(_gap(decision, place) for place in found),
            gaps_examined=finished,
            hidden=tuple(row + 1 for row in hidden(columns, rows)) if decision.hit_policy == "F" else (),
        )


def _with_null(column: Input, cells: list[str]) -> Input:
    """Null may come in where a cell speaks of it; where allowed values are listed, only if it is among them."""
    if column.allowed == everything(column.kind) and any(map(mentions_null, cells)):
        return replace(column, allowed=replace(column.allowed, null=True))
    return column


def _conflicts(decision: Decision, columns: list[Column]) -> Iterator[tuple[Rule, Rule, Place]]:
    """Pairs of rules that an input hits both, where the hit policy forbids it."""
    if decision.hit_policy in ("U", "A"):
        for earlier, later, place in overlaps(columns, len(decision.rules)):
            one, other = decision.rules[earlier], decision.rules[later]
            if decision.hit_policy == "U" or keys(one) != keys(other):
                yield one, other, place


def _example(decision: Decision, place: Place) -> str:
    values = zip(decision.inputs, place.example, strict=True)
    return ", ".join(f"{column.name} = {shown(value)}" for column, value in values)


def _gap(decision: Decision, place: Place) -> Gap:
    example, region = {}, {}
    for column, part, value in zip(decision.inputs, place.regions, place.example, strict=True):
        example[column.name] = value
        region[column.name] = "-" if part == column.allowed else part.text()
    return Gap(example=example, region=region)


# --- XML -------------------------------------------------------------------------------------------------------------


def _children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{{DMN}}}{tag}")


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _line(element: etree._Element) -> int | None:
    line: int | None = element.sourceline  # type: ignore[assignment]  # the stubs have it wrong
    return line


def _text(element: etree._Element | None) -> str:
    """What is written in the `text` of a cell."""
    return "" if element is None else _content(next(_children(element, "text"), None))


def _content(element: etree._Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()
