"""Decisions by table: which rules of a DMN table apply to some values, what comes out, and why.

The law decides by tables (受理、责任划分、从轻从重 …); a table is data, and every rule of it names its article. What
comes out therefore carries the rules that made it, with their sources. A value of another kind than declared, a value
that is not known where a rule depends on it, two rules that contradict each other: each is an error with words, never a
silent "does not apply".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.dmn import keys, read
from engine.errors import EngineError, InputUnfit, NothingDecided, RulesDisagree
from engine.sfeel import CellUnfit, Key, Kind, everything, exact, key_of, shown
from engine.tables import Decision, Gap, HitPolicy, Input, Output, Rule

__all__ = ["Decision", "Gap", "HitPolicy", "Input", "Outcome", "Output", "Rule", "decide", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a table says, and why."""

    decision: str
    """Id of the decision."""
    inputs: Mapping[str, Any]
    """The values that it looked at, by input."""
    result: Any
    """One output: its bare value; several: a map by output; a hit policy that gives lists: a list of these; an
    aggregation: a number."""
    rules: tuple[Mapping[str, Any], ...]
    """The rules that made the result, in its order; plain JSON. For each: `number` (from 1; 0 for the default), `id`,
    `source` (article and evidence mark), `why`, `why_en`, `result` (what this rule alone gives) and `inputs`: for
    each cell that is not `-`, its `name`, `label`, `label_en`, `value` and `cell`."""


def load(source: bytes, *, name: str) -> Mapping[str, Decision]:
    """Read the decisions of a DMN 1.3 file, by id.

    Args:
        source: the file.
        name: what to call it in findings.

    Raises:
        DecisionRefused: with all findings at once.
    """
    return read(source, name=name)


def decide(decision: Decision, inputs: Mapping[str, Any]) -> Outcome:
    """Ask a table.

    Args:
        inputs: plain JSON values by variable; those the table does not name are not looked at.

    Raises:
        InputUnfit: inputs are missing, of another kind, not allowed, or null where a rule depends on them.
        NothingDecided: no rule applies, and the table has no default.
        RulesDisagree: several rules apply where the hit policy allows one, or their results differ where it wants
            agreement.
    """
    values, known = _look_up(decision, inputs)
    hits = list(_hits(decision, known))
    if not hits and decision.default:
        hits = [decision.default]
    result, made_by = _result(decision, hits, values)
    names = {column.name: value for column, value in zip(decision.inputs, values, strict=True)}
    told = tuple(_told(decision, rule, values) for rule in made_by)
    return Outcome(decision=decision.id, inputs=names, result=result, rules=told)


# --- Values in -------------------------------------------------------------------------------------------------------


def _look_up(decision: Decision, inputs: Mapping[str, Any]) -> tuple[list[Any], list[Key | None]]:
    values, known, unfit = [], [], []
    for column in decision.inputs:
        try:
            value = _value_at(column, inputs)
            key = key_of(value, column.kind)
        except CellUnfit as problem:
            unfit.append((column, str(problem), problem.zh))
            continue
        if key is not None and key not in column.allowed:
            unfit.append((column, f"{shown(value)} is not among the allowed values.", f"{shown(value)} 不在允许值内。"))
        values.append(value)
        known.append(key)
    if unfit:
        raise _unfit(decision, unfit)
    return values, known


def _value_at(column: Input, inputs: Mapping[str, Any]) -> Any:
    value: Any = inputs
    for step in column.path:
        if value is None:
            return None
        if not isinstance(value, Mapping) or step not in value:
            raise CellUnfit("It is missing.", "缺少该值。")
        value = value[step]
    return value


# --- Rules -----------------------------------------------------------------------------------------------------------


def _hits(decision: Decision, known: list[Key | None]) -> Iterator[Rule]:
    """The rules that apply, as drawn; only the first where that decides.

    A null that the table does not speak of is a value not known. Then only `-` passes for sure; where anything else
    would have to be known, there is no answer.
    """
    for rule in decision.rules:
        missing = []
        for column, test, key in zip(decision.inputs, rule.tests, known, strict=True):
            if key is None and not column.allowed.null:
                if test != everything(column.kind, null=True):
                    missing.append(column)
            elif key not in test:
                break
        else:
            if missing:
                english = f"It is null, and rule {rule.number} depends on it."
                raise _unfit(
                    decision, [(c, english, f"其值为空，而第 {rule.number} 条规则取决于它。") for c in missing]
                )
            yield rule
            if decision.hit_policy == "F":
                return


def _result(decision: Decision, hits: list[Rule], values: list[Any]) -> tuple[Any, list[Rule]]:
    match decision.hit_policy:
        case "U" | "A":
            _check_agreement(decision, hits, values)
        case "P":
            hits = _ranked(decision, hits)[:1]
        case "O":
            hits = _ranked(decision, hits)
        case "C<" | "C>":
            hits = _extreme(decision.hit_policy, hits)
        case _:
            pass
    match decision.hit_policy:
        case "R" | "O" | "C":
            return [_given(decision, rule) for rule in hits], hits
        case "C#":
            return len(hits), hits
        case "C+":
            return _sum(decision.outputs[0].kind, hits), hits
        case _:
            if not hits:
                raise _nothing(decision, values)
            return _given(decision, hits[0]), hits


def _check_agreement(decision: Decision, hits: list[Rule], values: list[Any]) -> None:
    differ = len(hits) > 1 if decision.hit_policy == "U" else len({keys(rule) for rule in hits}) > 1
    if differ:
        numbers = [rule.number for rule in hits]
        looked_at = _shown(decision, values)
        raise RulesDisagree(
            f"Rules {', '.join(map(str, numbers))} of `{decision.id}` all apply to {looked_at}.",
            decision=decision.id,
            rules=numbers,
            zh=f"“{decision.name or decision.id}”的第 {'、'.join(map(str, numbers))} 条规则都适用于 {looked_at}。",
        )


def _ranked(decision: Decision, hits: list[Rule]) -> list[Rule]:
    """Best first, by the order of the allowed values; the first output counts most. Equals stay as drawn."""
    ranks = [{value.key: rank for rank, value in enumerate(output.ranking)} for output in decision.outputs]
    return sorted(hits, key=lambda rule: [rank[v.key] for rank, v in zip(ranks, rule.outputs, strict=True)])


def _extreme(policy: HitPolicy, hits: list[Rule]) -> list[Rule]:
    numbers = [_number(rule) for rule in hits]
    best = min(numbers, default=None) if policy == "C<" else max(numbers, default=None)
    return [rule for rule, number in zip(hits, numbers, strict=True) if number == best]


def _sum(kind: Kind, hits: list[Rule]) -> int | float:
    try:
        total: int | float = exact(sum(map(_number, hits), start=Fraction()), kind).plain
    except CellUnfit as unfit:
        raise EngineError(f"The sum of the rules that apply is too large or too fine. {unfit}", zh=unfit.zh) from None
    return total


def _number(rule: Rule) -> Fraction:
    return Fraction(rule.outputs[0].key)  # type: ignore[arg-type]  # null and texts are refused when the table is read


def _given(decision: Decision, rule: Rule) -> Any:
    if len(decision.outputs) == 1:
        return rule.outputs[0].plain
    return {output.name: value.plain for output, value in zip(decision.outputs, rule.outputs, strict=True)}


# --- Telling ---------------------------------------------------------------------------------------------------------


def _told(decision: Decision, rule: Rule, values: list[Any]) -> dict[str, Any]:
    asked = zip(decision.inputs, values, rule.cells or ["-"] * len(values), strict=True)
    return {
        "number": rule.number,
        "id": rule.id,
        "source": rule.source,
        "why": rule.why,
        "why_en": rule.why_en,
        "result": _given(decision, rule),
        "inputs": [
            {"name": column.name, "label": column.label, "label_en": column.label_en, "value": value, "cell": cell}
            for column, value, cell in asked
            if cell != "-"
        ],
    }


def _shown(decision: Decision, values: list[Any]) -> str:
    return ", ".join(f"{column.name} = {shown(value)}" for column, value in zip(decision.inputs, values, strict=True))


def _nothing(decision: Decision, values: list[Any]) -> NothingDecided:
    looked_at = _shown(decision, values)
    return NothingDecided(
        f"No rule of `{decision.id}` applies to {looked_at}.",
        decision=decision.id,
        zh=f"“{decision.name or decision.id}”没有规则适用于 {looked_at}。",
    )


def _unfit(decision: Decision, problems: list[tuple[Input, str, str]]) -> InputUnfit:
    english = " ".join(f"`{column.name}`: {why}" for column, why, _ in problems)
    chinese = "".join(f"“{column.label}”：{zh}" for column, _, zh in problems)
    return InputUnfit(
        f"`{decision.id}` cannot be decided. {english}",
        decision=decision.id,
        inputs=[column.name for column, _, _ in problems],
        zh=f"“{decision.name or decision.id}”无法判定。{chinese}",
    )
