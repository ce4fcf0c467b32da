"""A decision as frozen values: a table with its columns and rules, or an expression; and the decisions that it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.computing import Expression
from engine.kinds import Kind, Value
from engine.regions import Region
from engine.sfeel import Test
from engine.tokens import Name

HitPolicy = Literal["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"]
"""Unique, Any, Priority, First; Rule order, Output order, Collect; Collect and sum, least, greatest, count."""
SINGLE: frozenset[HitPolicy] = frozenset(("U", "A", "P", "F"))
"""The hit policies that give one result; the others give a list or a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """What is known of a value: simple, a structure, or a list of either; nothing, where nothing declares it."""

    kind: Kind | None = None
    fields: Mapping[str, Type] = field(default_factory=dict)
    many: bool = False
    allowed: Region | None = None
    """What a simple value may be; None where it may be anything of its kind."""
    ranking: tuple[Value, ...] = ()
    """The allowed values in their order, where each is written out."""

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
        """The simple values in it, with their paths; a list has none, for S-FEEL cannot speak of its members."""
        if self.many:
            return
        if not self.fields:
            yield path, self
        for name, inner in self.fields.items():
            yield from inner.leaves((*path, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A value that a decision needs: a variable, or what a required decision gives."""

    name: Name
    label: str
    allowed: Region | None
    """What it may be; null is always let in, as "not known"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input column."""

    expression: Expression
    """What it looks at: mostly one name."""
    label: str
    label_en: str
    kind: Kind
    allowed: Region
    """What may come in. It holds null only where the table speaks of null; elsewhere null means "not known"."""

    @property
    def name(self) -> str:
        name = self.expression.name
        return name.text if name else self.expression.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An output column, or what an expression gives."""

    name: str
    """Key in the result; may be empty for the only output of a decision."""
    label: str
    label_en: str
    kind: Kind
    ranking: tuple[Value, ...] = ()
    """Allowed values, best first; empty where they are not written out."""
    allowed: Region | None = None
    """What may come out; None where anything of the kind may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: what it asks, what it gives, and by which article."""

    number: int
    """From 1, as drawn; 0 for what applies where no row does, and for an expression."""
    id: str
    line: int | None
    tests: tuple[Test, ...]
    cells: tuple[str, ...]
    """The tests as written."""
    outputs: tuple[Value | Expression, ...]
    source: str
    """Article and evidence mark, such as `处分条例 14 V:S8`."""
    why: str
    """Chinese sentence; may be empty."""
    why_en: str
    description: str
    remarks: Mapping[str, str] = field(default_factory=dict)
    """Other annotations, by the name of their column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Inputs that no rule speaks of."""

    example: Mapping[str, Any]
    """One value for each input."""
    region: Mapping[str, str]
    """All of them, as S-FEEL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that can be carried out as it is drawn: a table, or an expression (one rule of number 0, no inputs)."""

    id: str
    name: str
    name_en: str
    source: str
    """Name of the file."""
    line: int | None
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    default: Rule | None
    """What applies where no rule does; None where then nothing is decided."""
    asked: tuple[Asked, ...]
    """Every value that it needs, each once."""
    required: Mapping[str, Decision] = field(default_factory=dict, repr=False, compare=False)
    """The decisions that it requires, by the name under which their results are spoken of."""
    is_table: bool = True
    gaps: tuple[Gap, ...] = ()
    """Warnings: inputs that no rule speaks of, the first few."""
    gaps_examined: bool = True
    """Whether `gaps` are all there are."""
    hidden: tuple[int, ...] = ()
    """Warnings, first hit policy only: numbers of rules that never apply, because earlier ones always do."""

    def in_order(self) -> tuple[Decision, ...]:
        """This decision after all that it requires, each once."""
        found: dict[int, Decision] = {}
        waiting: list[tuple[Decision, bool]] = [(self, False)]
        while waiting:
            decision, seen = waiting.pop()
            if seen:
                found[id(decision)] = decision
            elif id(decision) not in found:
                waiting.append((decision, True))
                waiting.extend((each, False) for each in decision.required.values() if id(each) not in found)
        return tuple(found.values())

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that must be at hand, those of required decisions among them."""
        roots = {
            asked.name.path[0]
            for decision in self.in_order()
            for asked in decision.asked
            if asked.name.path[0] not in decision.required
        }
        return tuple(sorted(roots))


def result_type(decision_outputs: tuple[Output, ...], policy: HitPolicy) -> Type:
    """What a decision gives, for those that require it."""
    if policy == "C#":
        return Type(kind="number")
    outputs = {output.name: Type(kind=output.kind, allowed=output.allowed) for output in decision_outputs}
    many = policy in ("R", "O", "C")
    if len(decision_outputs) == 1:
        (one,) = outputs.values()
        return Type(kind=one.kind, many=many, allowed=one.allowed)
    return Type(fields=outputs, many=many)
