"""One decision as it is drawn: a table of S-FEEL cells or an S-FEEL expression, read into a frozen value or refused.

What a name means is settled here, when the decision is read: a required input, what a required decision gives, or a variable
that a column of the table names. This module decides nothing; `engine.decisions` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from engine.computing import Expression, Step, fits, read_expression, read_output
from engine.coverage import Column, Place, gaps, hidden, overlaps
from engine.dmn_file import WENZE, File, children, content, line_of, text_of
from engine.kinds import CellUnfit, Kind, Value, shown
from engine.regions import Region, everything, sorts
from engine.sfeel import Test, mentions_null, read_test
from engine.tables import Asked, Decision, Gap, HitPolicy, Input, Output, Rule, Type, result_type
from engine.tokens import Name, Scope

MAX_RULES = 500
"""Most rules of one table."""
MAX_COLUMNS = 100
"""Most input columns of one table."""
MAX_ENTRIES = 20_000
"""Most literals and ranges in the input cells of one table."""
MAX_TOLD = 20
"""Most overlaps, gaps and hidden rules that are told of one table."""

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


@dataclass
class Requirements:
    """What a decision may speak of: its required inputs and decisions, by name."""

    types: dict[str, Type] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)

    def names(self) -> Iterator[tuple[Name, Type]]:
        for name, found in self.types.items():
            for path, leaf in found.leaves((name,)):
                yield Name(path, leaf.kind), leaf


def read_decision(
    file: File, element: etree._Element, requirements: Requirements
) -> tuple[Type | None, Decision | None]:
    """Read a decision: what it gives, as far as that is known, and the whole where nothing is wrong with it."""
    bodies = [body for tag in ("decisionTable", "literalExpression") for body in children(element, tag)]
    if len(bodies) != 1:
        file.note(element, "no-table" if not bodies else "two-bodies")
        return None, None
    reader = _Table if bodies[0].tag.endswith("decisionTable") else _Literal
    return reader(file, element, bodies[0], requirements).read()


class _Reader:
    """What tables and expressions have in common: names, sources, what is declared of the result."""

    def __init__(self, file: File, decision: etree._Element, body: etree._Element, requirements: Requirements) -> None:
        self.file = file
        self.decision = decision
        self.body = body
        self.requirements = requirements
        self.note = file.note
        self.types = dict(requirements.names())
        self.scope = Scope(self.types)
        self.asked: dict[Name, Asked] = {}
        self._noted_before = len(file.findings)
        self.declarations = list(self._declarations())
        self.declared = self.declarations[0][2] if self.declarations else None

    def refused(self) -> bool:
        """Whether anything was found wrong with this decision so far."""
        return len(self.file.findings) > self._noted_before

    def _declarations(self) -> Iterator[tuple[etree._Element, str, Type]]:
        """What the decision says it gives: its variable, and what computes it."""
        for at in (next(children(self.decision, "variable"), None), self.body):
            written = "" if at is None else at.get("typeRef", "")
            if at is not None and written and written != "Any" and (found := self.file.type(at, written)):
                yield at, written, found

    def check_result(self, outputs: tuple[Output, ...], policy: HitPolicy) -> None:
        """What is declared is what is given."""
        given = result_type(outputs, policy)
        for at, written, declared in self.declarations:
            if not _agree(declared, given):
                self.note(at, "result-type", type=written[:60])

    def check_source(self, at: etree._Element, source: str, prefix: str, **facts: object) -> None:
        if not self.file.cited:
            return
        if not source:
            self.note(at, f"{prefix}no-source", **facts)
        elif not _MARK.search(source):
            self.note(at, f"{prefix}no-mark", **facts)

    def ask(self, names: Sequence[Name]) -> None:
        """Remember which values are needed."""
        for name in names:
            self.asked.setdefault(name, Asked(name=name, label=name.text, allowed=self.types.get(name, Type()).allowed))

    def check_used(self) -> None:
        """A decision that is required and not spoken of is a misspelt name, more often than not."""
        used = {name.path[0] for name in self.asked}
        for name in self.requirements.decisions:
            if name not in used:
                self.note(self.decision, "requirement-unused", required=name[:60])

    def value(self, cell: etree._Element, column: Output) -> Value | Expression | None:
        value = self.file.cell(cell, lambda: read_output(text_of(cell), column.kind, self.scope))
        if isinstance(value, Value):
            ranked = not column.ranking or value.key in [each.key for each in column.ranking]
            in_set = column.allowed is None or value.key in column.allowed or (not column.ranking and value.key is None)
            if not (ranked and in_set):
                self.note(cell, "not-allowed", text=text_of(cell)[:60], label=column.label or column.name)
        elif value:
            self.ask(value.names)
        return value

    def whole(self, policy: HitPolicy, outputs: tuple[Output, ...], rules: tuple[Rule, ...]) -> Decision:
        return Decision(
            id=self.decision.get("id", ""),
            name=self.decision.get("name", ""),
            name_en=self.decision.get(f"{{{WENZE}}}en", ""),
            source=self.file.name,
            line=line_of(self.decision),
            hit_policy=policy,
            inputs=(),
            outputs=outputs,
            rules=rules,
            default=None,
            asked=tuple(self.asked.values()),
            required=self.requirements.decisions,
        )


class _Literal(_Reader):
    """Reads a literal expression."""

    def read(self) -> tuple[Type | None, Decision | None]:
        expression = self.file.cell(self.body, lambda: read_expression(text_of(self.body), self.scope))
        source, why, why_en = (self.body.get(f"{{{WENZE}}}{part}", "") for part in ("source", "why", "whyEn"))
        self.check_source(self.body, source, "expression-")
        kind = (expression.kind if expression else None) or (self.declared.kind if self.declared else None)
        if expression is None or kind is None:
            if expression:
                self.note(self.body, "type", type=self.body.get("typeRef", ""))
            return self.declared, None
        declared = self.declared or Type()
        wanted = declared.kind if declared.kind and fits(kind, declared.kind) else kind
        output = Output(name="", label="", label_en="", kind=wanted, ranking=(), allowed=declared.allowed)
        self.check_result((output,), "U")
        self.ask(expression.names)
        self.check_used()
        rule = Rule(
            number=0,
            id=self.body.get("id", ""),
            line=line_of(self.body),
            tests=(),
            cells=(),
            outputs=(expression,),
            source=source,
            why=why,
            why_en=why_en,
            description="",
        )
        found = None if self.refused() else replace(self.whole("U", (output,), (rule,)), is_table=False)
        return result_type((output,), "U"), found


class _Table(_Reader):
    """Reads a decision table."""

    def read(self) -> tuple[Type | None, Decision | None]:
        policy = self._policy()
        inputs, outputs = self._inputs(), self._outputs(policy)
        if self.refused():
            return self.declared, None
        given = result_type(outputs, policy)
        self._name_columns(inputs)
        rules = self._rules(inputs, outputs)
        default = self._default(outputs, policy)
        self.check_result(outputs, policy)
        if policy in ("C+", "C<", "C>") and any(
            isinstance(value, Value) and value.key is None for rule in rules for value in rule.outputs
        ):
            self.note(self.body, "aggregation-of-texts")
        if self.refused():
            return given, None
        self.check_used()
        inputs = self._settled(inputs, rules)
        if self.refused():
            return given, None
        for column in inputs:
            if name := column.expression.name:
                self.asked[name] = Asked(name=name, label=column.label, allowed=column.allowed)
        decision = replace(self.whole(policy, outputs, rules), inputs=inputs, default=default)
        return given, self._examined(decision, list(children(self.body, "rule")))

    # Columns

    def _policy(self) -> HitPolicy:
        written, aggregation = self.body.get("hitPolicy", "UNIQUE"), self.body.get("aggregation")
        policy = _POLICIES.get(written)
        if aggregation is not None:
            policy = _AGGREGATIONS.get(aggregation) if policy == "C" else None
        if policy is None:
            self.note(self.body, "hit-policy", policy=f"{written} {aggregation or ''}".strip()[:60])
        return policy or "U"

    def _inputs(self) -> tuple[Input, ...]:
        elements = list(children(self.body, "input"))
        if not elements:
            self.note(self.body, "no-input")
        if len(elements) > MAX_COLUMNS:
            self.note(self.body, "column-count", count=len(elements), most=MAX_COLUMNS)
            return ()
        found = [column for column in map(self._input, elements) if column]
        self._check_twice([column.name for column in found])
        return tuple(found)

    def _input(self, element: etree._Element) -> Input | None:
        at = next(children(element, "inputExpression"), element)
        written = at.get("typeRef", "")
        declared = self.file.type(at, written) if written else None
        if written and declared is None:
            return None
        expression = self._looked_at(element, text_of(at), (declared or Type()).kind)
        if expression is None:
            return None
        kind = (declared or Type()).kind or expression.kind
        if kind is None:
            self.note(at, "type", type=written[:60])
            return None
        if expression.kind and not fits(expression.kind, kind):
            self.note(at, "input-type", text=text_of(at)[:60], type=written[:60], given=expression.kind)
            return None
        self.ask(expression.names)
        known = self.types.get(expression.name, Type()) if expression.name else Type()
        return Input(
            expression=expression,
            label=element.get("label") or text_of(at),
            label_en=element.get(f"{{{WENZE}}}en", ""),
            kind=kind,
            allowed=self._let_in(element, kind, [declared or Type(), known]),
        )

    def _looked_at(self, element: etree._Element, text: str, kind: Kind | None) -> Expression | None:
        """A known name, the path of a variable, or what is computed from known names."""
        name = self.scope.find(text)
        if name is None and len(text) <= 200 and _PATH.fullmatch(text):
            path = tuple(text.split("."))
            if path[0] in self.requirements.types:
                self.note(element, "input-expression", text=text[:60])
                return None
            name = Name(path, kind)
        if name:
            return _only(name, kind)
        try:
            return read_expression(text, self.scope)
        except CellUnfit as unfit:
            if not text or len(text) > 200:
                self.note(element, "input-expression", text=text[:60])
            else:
                self.note(element, "input-computed", text=text[:60], why=unfit, zh=unfit.zh)
            return None

    def _let_in(self, element: etree._Element, kind: Kind, types: Sequence[Type]) -> Region:
        """What may come in: what the column, its type, and the type of its name allow."""
        values = next(children(element, "inputValues"), None)
        read = None if values is None else self.file.allowed(values, kind)
        limits = [read[0]] if read else []
        limits += [found.allowed for found in types if found.allowed and found.allowed.kind == kind]
        allowed = everything(kind) if not limits else limits[0]
        for limit in limits[1:]:
            allowed = allowed.within(limit)
        if allowed.empty:
            self.note(element, "nothing-allowed")
        return allowed

    def _outputs(self, policy: HitPolicy) -> tuple[Output, ...]:
        elements = list(children(self.body, "output"))
        if not elements:
            self.note(self.body, "no-output")
        found = [output for output in (self._output(element, len(elements)) for element in elements) if output]
        self._check_twice([output.name for output in found if output.name])
        if policy in ("P", "O") and not any(output.ranking for output in found):
            self.note(self.body, "no-ranking")
        if policy in ("C+", "C<", "C>", "C#") and len(elements) > 1:
            self.note(self.body, "aggregation-of-many")
        if policy in ("C+", "C<", "C>") and any(output.kind not in ("number", "integer") for output in found):
            self.note(self.body, "aggregation-of-texts")
        return tuple(found)

    def _output(self, element: etree._Element, several: int) -> Output | None:
        name, written = element.get("name", ""), element.get("typeRef", "")
        if several > 1 and not name:
            self.note(element, "output-without-name")
        declared = self.declared or Type()
        inherited = declared.fields.get(name, Type()) if several > 1 else declared
        found = self.file.type(element, written) if written and written != "Any" else inherited
        if found is None:
            return None
        if found.kind is None:
            self.note(element, "type", type=written[:60])
            return None
        values = next(children(element, "outputValues"), None)
        read = None if values is None else self.file.allowed(values, found.kind)
        allowed = [read[0]] if read else []
        allowed += [each.allowed for each in (found, inherited) if each.allowed and each.allowed.kind == found.kind]
        region = allowed[0] if allowed else None
        for limit in allowed[1:]:
            region = region.within(limit) if region else limit
        return Output(
            name=name,
            label=element.get("label") or name,
            label_en=element.get(f"{{{WENZE}}}en", ""),
            kind=found.kind,
            ranking=read[1] if read else found.ranking or inherited.ranking,
            allowed=region,
        )

    def _check_twice(self, names: list[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.note(self.body, "column-twice", name=name[:60])

    def _name_columns(self, inputs: Sequence[Input]) -> None:
        """What a column looks at may be spoken of in the cells, with the kind that the column declares."""
        for column in inputs:
            name = column.expression.name
            if name and name.kind:
                self.types.setdefault(name, Type(kind=name.kind))
        self.scope = Scope(self.types)

    # Rules

    def _rules(self, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[Rule, ...]:
        elements = list(children(self.body, "rule"))
        if not 1 <= len(elements) <= MAX_RULES:
            self.note(self.body, "rule-count", count=len(elements), most=MAX_RULES)
            return ()
        remarks = [annotation.get("name", "") for annotation in children(self.body, "annotation")]
        self._check_twice([name for name in remarks if name])
        read = (self._rule(element, at + 1, inputs, outputs, remarks) for at, element in enumerate(elements))
        return tuple(rule for rule in read if rule)

    def _rule(
        self, element: etree._Element, number: int, inputs: Sequence[Input], outputs: Sequence[Output],
        remarks: list[str],
    ) -> Rule | None:  # fmt: skip
        asked, given, said = (list(children(element, tag)) for tag in ("inputEntry", "outputEntry", "annotationEntry"))
        if (len(asked), len(given), len(said)) != (len(inputs), len(outputs), len(remarks)):
            self.note(element, "cell-count", number=number)
            return None
        told = {name: text_of(cell) for name, cell in zip(remarks, said, strict=True)}
        self.check_source(element, told.get("source", ""), "", number=number)
        tests = [self._test(cell, column) for cell, column in zip(asked, inputs, strict=True)]
        values = [self.value(cell, column) for cell, column in zip(given, outputs, strict=True)]
        return Rule(
            number=number,
            id=element.get("id", ""),
            line=line_of(element),
            tests=tuple(test for test in tests if test),
            cells=tuple(map(text_of, asked)),
            outputs=tuple(value for value in values if value),
            source=told.pop("source", ""),
            why=told.pop("why", ""),
            why_en=told.pop("why_en", ""),
            description=content(next(children(element, "description"), None)),
            remarks=told,
        )

    def _default(self, outputs: Sequence[Output], policy: HitPolicy) -> Rule | None:
        entries = [next(children(output, "defaultOutputEntry"), None) for output in children(self.body, "output")]
        written = [entry for entry in entries if entry is not None]
        source, why, why_en = (self.body.get(f"{{{WENZE}}}default{part}", "") for part in ("Source", "Why", "WhyEn"))
        if not written:
            return None
        if len(written) < len(entries):
            self.note(self.body, "default-incomplete")
            return None
        if policy == "C#":
            self.note(self.body, "default-of-count")
        self.check_source(self.body, source, "default-")
        values = [self.value(entry, column) for entry, column in zip(written, outputs, strict=True)]
        return Rule(
            number=0,
            id=written[0].get("id", ""),
            line=line_of(written[0]),
            tests=(),
            cells=(),
            outputs=tuple(value for value in values if value),
            source=source,
            why=why,
            why_en=why_en,
            description="",
        )

    def _test(self, cell: etree._Element, column: Input) -> Test | None:
        test = self.file.cell(cell, lambda: read_test(text_of(cell), column.kind, self.scope))
        if test is None:
            return None
        if not isinstance(test, Region):
            self.ask(test.names)
            return test
        if column.allowed == everything(column.kind):
            return test
        stray = not column.allowed.others and test.named - column.allowed.named
        stray_null = mentions_null(text_of(cell)) and not column.allowed.null
        if stray or stray_null or not test.meets(column.allowed):
            self.note(cell, "not-allowed", text=text_of(cell)[:60], label=column.label)
        return test

    # The table as a whole

    def _settled(self, inputs: tuple[Input, ...], rules: tuple[Rule, ...]) -> tuple[Input, ...]:
        """What may come in, seen what the cells speak of: null, and moments with an offset or without."""
        settled = []
        for at, column in enumerate(inputs):
            if column.allowed == everything(column.kind):
                spoken = [sort for rule in rules if isinstance(test := rule.tests[at], Region) for sort in sorts(test)]
                if len(set(spoken)) > 1:
                    self.note(self.body, "moments-mixed", label=column.label)
                allowed = spoken[0] if spoken else column.allowed
                null = any(mentions_null(rule.cells[at]) for rule in rules)
                column = replace(column, allowed=replace(allowed, null=null))
            settled.append(column)
        return tuple(settled)

    def _examined(self, decision: Decision, elements: list[etree._Element]) -> Decision | None:
        """Overlaps are refused, gaps and hidden rules told; of rules whose cells speak of names nothing can be said."""
        fixed = [rule for rule in decision.rules if all(isinstance(test, Region) for test in rule.tests)]
        cells = [[test for test in rule.tests if isinstance(test, Region)] for rule in fixed]
        entries = sum(len(test.named) + len(test.spans) for row in cells for test in row)
        if entries > MAX_ENTRIES:
            self.note(self.decision, "too-tangled", count=entries, most=MAX_ENTRIES)
            return None
        columns = [Column(column.allowed, [row[at] for row in cells]) for at, column in enumerate(decision.inputs)]
        for one, other, place in islice(_conflicts(decision, fixed, columns), MAX_TOLD):
            example = _example(decision, place)
            self.note(elements[other.number - 1], "rules-overlap", one=one.number, other=other.number, example=example)
        if self.refused():
            return None
        if len(fixed) < len(decision.rules):
            return replace(decision, gaps_examined=False)
        found, finished = ((), True) if decision.default else gaps(columns, len(fixed), most=MAX_TOLD)
        return replace(
            decision,
            gaps=tuple(_gap(decision, place) for place in found),
            gaps_examined=finished,
            hidden=tuple(row + 1 for row in hidden(columns, len(fixed))) if decision.hit_policy == "F" else (),
        )


def _only(name: Name, kind: Kind | None) -> Expression:
    """The expression that is one name; a column may say what kind it is where nothing else does."""
    known = Name(name.path, kind or name.kind) if kind is None or fits(name.kind or kind, kind) else name
    return Expression(known.text, known.kind, (Step("name", name=known),))


def _agree(declared: Type, given: Type) -> bool:
    if declared.many != given.many or set(declared.fields) != set(given.fields):
        return False
    if not declared.fields:
        return bool(declared.kind and given.kind and fits(declared.kind, given.kind))
    return all(_agree(inner, given.fields[name]) for name, inner in declared.fields.items())


def _conflicts(decision: Decision, rules: Sequence[Rule], columns: list[Column]) -> Iterator[tuple[Rule, Rule, Place]]:
    """Pairs of rules that an input hits both, where the hit policy forbids it."""
    if decision.hit_policy in ("U", "A"):
        for earlier, later, place in overlaps(columns, len(rules)):
            one, other = rules[earlier], rules[later]
            if decision.hit_policy == "U" or _differ(one, other):
                yield one, other, place


def _differ(one: Rule, other: Rule) -> bool:
    """Whether two rules are known to give different results; what is computed is compared when it is."""
    return any(
        isinstance(a, Value) and isinstance(b, Value) and a.comparable != b.comparable
        for a, b in zip(one.outputs, other.outputs, strict=True)
    )


def _example(decision: Decision, place: Place) -> str:
    values = zip(decision.inputs, place.example, strict=True)
    return ", ".join(f"{column.name} = {shown(value)}" for column, value in values)


def _gap(decision: Decision, place: Place) -> Gap:
    example, region = {}, {}
    for column, part, value in zip(decision.inputs, place.regions, place.example, strict=True):
        example[column.name] = value
        region[column.name] = "-" if part == column.allowed else part.text()
    return Gap(example=example, region=region)
