"""Decisions by table: which rules of a DMN table apply to some values, what comes out, and why.

The law decides by tables (受理、责任划分、从轻从重 …); a table is data, and every rule of it names its article. What
comes out therefore carries the rules that made it, with their sources, and those of the decisions it rests on. A value of
another kind than declared, a value that is not known where a rule depends on it, two rules that contradict each other: each
is an error with words, never a silent "does not apply".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.computing import Expression, leaving
from engine.dmn import read
from engine.errors import InputUnfit, NothingDecided, ResultUnfit, RulesDisagree
from engine.kinds import CellUnfit, Key, Value, exact, key_of, shown
from engine.regions import Region, everything
from engine.sfeel import Test
from engine.tables import SINGLE, Asked, Decision, Gap, HitPolicy, Input, Output, Rule
from engine.tokens import Name

__all__ = ["Decision", "Gap", "HitPolicy", "Input", "Outcome", "Output", "Rule", "decide", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a decision says, and why."""

    decision: str
    """Id of the decision."""
    inputs: Mapping[str, Any]
    """The values that it looked at, by input."""
    result: Any
    """One output: its bare value; several: a map by output; a hit policy that gives lists: a list of these; an
    aggregation: a number."""
    rules: tuple[Mapping[str, Any], ...]
    """The rules that made the result, in its order; plain JSON. For each: `number` (from 1; 0 for the default and for an
    expression), `id`, `source` (article and evidence mark), `why`, `why_en`, `result` (what this rule alone gives), `remarks`
    (other annotations) and `inputs`: for each cell that is not `-`, its `name`, `label`, `label_en`, `value` and `cell`."""
    required: tuple[Outcome, ...] = ()
    """What the decisions said that it rests on, each once, in the order in which they were asked."""


def load(
    source: bytes, *, name: str, beside: Mapping[str, bytes] | None = None, cited: bool = True
) -> Mapping[str, Decision]:
    """Read the decisions of a DMN file, by id.

    Args:
        source: the file.
        name: what to call it in findings.
        beside: other files by name; those whose namespace this one imports are read with it. Others are not looked at.
        cited: whether every rule must name its source with an evidence mark, as the law of a release must.

    Raises:
        DecisionRefused: with all findings at once.
    """
    return read(source, name=name, beside=beside or {}, cited=cited)


def decide(decision: Decision, inputs: Mapping[str, Any]) -> Outcome:
    """Ask a decision; those that it requires are asked before, each once.

    Args:
        inputs: plain JSON values by variable; those that no decision names are not looked at.

    Raises:
        InputUnfit: inputs are missing, of another kind, not allowed, or null where a rule depends on them.
        NothingDecided: no rule applies, and the table has no default.
        RulesDisagree: several rules apply where the hit policy allows one, or their results differ where it wants
            agreement.
        ResultUnfit: what is computed is too large, or not what the output declares.
    """
    given: dict[int, _Given] = {}
    outcomes: list[Outcome] = []
    for each in decision.in_order():
        required = {name: given[id(other)] for name, other in each.required.items()}
        asking = _Asking(each, inputs, required)
        result, made_by = asking.answer()
        row = made_by[0][1] if each.hit_policy in _ROWS else ()
        given[id(each)] = _Given(result, row)
        outcomes.append(asking.told(result, made_by))
    last = outcomes.pop()
    return Outcome(
        decision=last.decision, inputs=last.inputs, result=last.result, rules=last.rules, required=tuple(outcomes)
    )


_ROWS = SINGLE | {"C<", "C>"}
"""The hit policies whose result is one row."""

Row = tuple[Rule, tuple[Value, ...]]
"""A rule that applies, and what it gives."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What a required decision gave: as plain JSON, and as values where it is one row."""

    plain: Any
    values: tuple[Value, ...]


class _Asking:
    """One decision, asked once."""

    def __init__(self, decision: Decision, inputs: Mapping[str, Any], required: Mapping[str, _Given]) -> None:
        """
        Raises:
            InputUnfit: what it needs is missing or unfit.
        """
        self.decision = decision
        self._inputs = inputs
        self._required = required
        self._plain: dict[Name, Any] = {}
        self._keys: dict[Name, Key | None] = {}
        self._look_up()
        self._columns = [self._looked_at(column) for column in decision.inputs]

    def answer(self) -> tuple[Any, list[Row]]:
        """The result, and the rows that made it."""
        rules = self._hits() if self.decision.is_table else list(self.decision.rules)
        if not rules and self.decision.default:
            rules = [self.decision.default]
        return self._result([(rule, self._outputs(rule)) for rule in rules])

    # Values in

    def _look_up(self) -> None:
        unfit = []
        for asked in self.decision.asked:
            try:
                plain, key = self._value_of(asked.name)
            except CellUnfit as problem:
                unfit.append((asked.name.text, asked.label, str(problem), problem.zh))
                continue
            self._plain[asked.name], self._keys[asked.name] = plain, key
            if key is not None and asked.allowed is not None and key not in asked.allowed:
                unfit.append((asked.name.text, asked.label, *_not_allowed(plain, asked)))
        if unfit:
            raise self._unfit(unfit)

    def _value_of(self, name: Name) -> tuple[Any, Key | None]:
        root, *fields = name.path
        if root in self._required:
            return self._value_required(self._required[root], self.decision.required[root], fields)
        value: Any = self._inputs
        for step in name.path:
            if value is None:
                break
            if not isinstance(value, Mapping) or step not in value:
                raise CellUnfit("It is missing.", "缺少该值。")
            value = value[step]
        return value, None if name.kind is None else key_of(value, name.kind)

    def _value_required(self, given: _Given, decision: Decision, fields: Sequence[str]) -> tuple[Any, Key | None]:
        if not given.values:  # a number of rules, or a sum of none
            return given.plain, key_of(given.plain, "number")
        names = [output.name for output in decision.outputs]
        value = given.values[names.index(fields[0]) if fields else 0]
        return value.plain, value.key

    def _looked_at(self, column: Input) -> tuple[Any, Key | None]:
        """The value of a column."""
        name = column.expression.name
        if name:
            return self._plain[name], self._keys[name]
        try:
            value = leaving(column.expression.compute(self._keys), column.kind)
        except CellUnfit as problem:
            raise self._unfit([(column.name, column.label, str(problem), problem.zh)]) from None
        if value.key is not None and value.key not in column.allowed:
            asked = Asked(name=Name((column.name,), column.kind), label=column.label, allowed=column.allowed)
            raise self._unfit([(column.name, column.label, *_not_allowed(value.plain, asked))])
        return value.plain, value.key

    # Rules

    def _hits(self) -> list[Rule]:
        """The rules that apply, as drawn; only the first where that decides.

        A null that the table does not speak of is a value not known. Then only `-` passes for sure; where anything else
        would have to be known, there is no answer.
        """
        hits = []
        for rule in self.decision.rules:
            missing = []
            for column, test, (_, key) in zip(self.decision.inputs, rule.tests, self._columns, strict=True):
                region = self._region(test)
                if region is None:
                    missing += [(name.text, name.text) for name in test.names if self._keys[name] is None]  # type: ignore[union-attr]
                elif key is None and not column.allowed.null:
                    if region != everything(column.kind, null=True):
                        missing.append((column.name, column.label))
                elif key not in region:
                    break
            else:
                if missing:
                    raise self._unfit([(name, label, *_depends(rule)) for name, label in missing])
                hits.append(rule)
                if self.decision.hit_policy == "F":
                    break
        return hits

    def _region(self, test: Test) -> Region | None:
        """What a cell admits; None where it compares with something that is not known."""
        if isinstance(test, Region):
            return test
        keys = {name: self._keys[name] for name in test.names}
        known = {name: key for name, key in keys.items() if key is not None}
        return test.region(known) if len(known) == len(keys) else None

    def _outputs(self, rule: Rule) -> tuple[Value, ...]:
        """What a rule gives."""
        pairs = zip(self.decision.outputs, rule.outputs, strict=True)
        return tuple(self._output(rule, column, output) for column, output in pairs)

    def _output(self, rule: Rule, column: Output, output: Value | Expression) -> Value:
        if isinstance(output, Value):
            return output
        try:
            value = leaving(output.compute(self._keys), column.kind)
        except CellUnfit as problem:
            raise self._result_unfit(rule, column, str(problem), problem.zh) from None
        if value.key is not None and column.allowed is not None and value.key not in column.allowed:
            raise self._result_unfit(rule, column, *_not_allowed(value.plain, column))
        return value

    # The result

    def _result(self, rows: list[Row]) -> tuple[Any, list[Row]]:
        policy = self.decision.hit_policy
        match policy:
            case "U" | "A":
                self._check_agreement(rows)
            case "P":
                rows = self._ranked(rows)[:1]
            case "O":
                rows = self._ranked(rows)
            case "C<" | "C>":
                rows = self._extreme(policy, rows)
            case _:
                pass
        match policy:
            case "R" | "O" | "C":
                return [self._plain_row(values) for _, values in rows], rows
            case "C#":
                return len(rows), rows
            case "C+":
                return self._sum(rows), rows
            case _:
                if not rows:
                    raise self._nothing()
                return self._plain_row(rows[0][1]), rows

    def _check_agreement(self, rows: list[Row]) -> None:
        results = {tuple(value.comparable for value in values) for _, values in rows}
        if len(rows) <= 1 or (self.decision.hit_policy == "A" and len(results) == 1):
            return
        numbers = [rule.number for rule, _ in rows]
        raise RulesDisagree(
            f"Rules {', '.join(map(str, numbers))} of `{self.decision.id}` all apply to {self._shown()}.",
            decision=self.decision.id,
            rules=numbers,
            zh=f"“{self._name}”的第 {'、'.join(map(str, numbers))} 条规则都适用于 {self._shown()}。",
        )

    def _ranked(self, rows: list[Row]) -> list[Row]:
        """Best first, by the order of the allowed values; the first output counts most. Equals stay as drawn."""
        ranks = [
            (at, {value.comparable: rank for rank, value in enumerate(output.ranking)})
            for at, output in enumerate(self.decision.outputs)
            if output.ranking
        ]
        last = max((len(rank) for _, rank in ranks), default=0)
        return sorted(rows, key=lambda row: [rank.get(row[1][at].comparable, last) for at, rank in ranks])

    def _extreme(self, policy: HitPolicy, rows: list[Row]) -> list[Row]:
        numbers = [self._number(row) for row in rows]
        best = min(numbers, default=None) if policy == "C<" else max(numbers, default=None)
        return [row for row, number in zip(rows, numbers, strict=True) if number == best]

    def _sum(self, rows: list[Row]) -> int | float:
        (column,) = self.decision.outputs
        try:
            total: int | float = exact(sum(map(self._number, rows), start=Fraction()), column.kind).plain
        except CellUnfit as unfit:
            english = f"The sum of the rules that apply is too large or too fine. {unfit}"
            raise ResultUnfit(english, decision=self.decision.id, zh=f"适用规则之和过大或过细。{unfit.zh}") from None
        return total

    def _number(self, row: Row) -> Fraction:
        """What a rule adds to an aggregation; nothing can be added for what is not known."""
        rule, (value,) = row
        if value.key is None:
            (column,) = self.decision.outputs
            raise self._result_unfit(rule, column, "It is null.", "其值为空。")
        return Fraction(value.key)  # only numbers are aggregated

    def _plain_row(self, values: Sequence[Value]) -> Any:
        if len(values) == 1:
            return values[0].plain
        return {output.name: value.plain for output, value in zip(self.decision.outputs, values, strict=True)}

    # Telling

    def told(self, result: Any, made_by: Sequence[Row]) -> Outcome:
        """The outcome, with the rows that made it."""
        if self.decision.is_table:
            pairs = zip(self.decision.inputs, self._columns, strict=True)
            names = {column.name: plain for column, (plain, _) in pairs}
        else:
            names = {name.text: plain for name, plain in self._plain.items()}
        rules = tuple(self._told(rule, values) for rule, values in made_by)
        return Outcome(decision=self.decision.id, inputs=names, result=result, rules=rules)

    def _told(self, rule: Rule, values: Sequence[Value]) -> dict[str, Any]:
        asked = zip(self.decision.inputs, self._columns, rule.cells or ["-"] * len(self._columns), strict=True)
        return {
            "number": rule.number,
            "id": rule.id,
            "source": rule.source,
            "why": rule.why,
            "why_en": rule.why_en,
            "result": self._plain_row(values),
            "remarks": dict(rule.remarks),
            "inputs": [
                {"name": column.name, "label": column.label, "label_en": column.label_en, "value": plain, "cell": cell}
                for column, (plain, _), cell in asked
                if cell != "-"
            ],
        }

    @property
    def _name(self) -> str:
        return self.decision.name or self.decision.id

    def _shown(self) -> str:
        pairs = zip(self.decision.inputs, self._columns, strict=True)
        return ", ".join(f"{column.name} = {shown(plain)}" for column, (plain, _) in pairs)

    def _nothing(self) -> NothingDecided:
        return NothingDecided(
            f"No rule of `{self.decision.id}` applies to {self._shown()}.",
            decision=self.decision.id,
            zh=f"“{self._name}”没有规则适用于 {self._shown()}。",
        )

    def _unfit(self, problems: Sequence[tuple[str, str, str, str]]) -> InputUnfit:
        """Each problem: the input's name, its label, and why in both languages."""
        english = " ".join(f"`{name}`: {why}" for name, _, why, _ in problems)
        chinese = "".join(f"“{label}”：{zh}" for _, label, _, zh in problems)
        return InputUnfit(
            f"`{self.decision.id}` cannot be decided. {english}",
            decision=self.decision.id,
            inputs=[name for name, _, _, _ in problems],
            zh=f"“{self._name}”无法判定。{chinese}",
        )

    def _result_unfit(self, rule: Rule, column: Output, why: str, zh: str) -> ResultUnfit:
        output = column.label or column.name or self._name
        by, by_zh = (f", rule {rule.number}", f"第 {rule.number} 条规则的") if rule.number else ("", "")
        return ResultUnfit(
            f"`{self.decision.id}`{by}: the output `{output}` cannot be given. {why}",
            decision=self.decision.id,
            rule=rule.number,
            output=column.name,
            zh=f"“{self._name}”{by_zh}输出“{output}”无法得出。{zh}",
        )


def _not_allowed(plain: Any, column: Asked | Output) -> tuple[str, str]:
    """Why a value is not let in or out."""
    if isinstance(column, Asked) and column.name.kind == "dateTime" and column.allowed and column.allowed.spans:
        return (
            f"{shown(plain)} is not among the allowed values; moments with an offset and without are not compared.",
            f"{shown(plain)} 不在允许值内；带时区偏移与不带偏移的日期时间不能比较。",
        )
    return f"{shown(plain)} is not among the allowed values.", f"{shown(plain)} 不在允许值内。"


def _depends(rule: Rule) -> tuple[str, str]:
    return f"It is null, and rule {rule.number} depends on it.", f"其值为空，而第 {rule.number} 条规则取决于它。"
