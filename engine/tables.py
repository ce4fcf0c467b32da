"""A decision table as frozen values: its columns, its rules with their articles, and what it does not speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.sfeel import Kind, Region, Value

HitPolicy = Literal["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"]
"""Unique, Any, Priority, First; Rule order, Output order, Collect; Collect and sum, least, greatest, count."""
SINGLE: frozenset[HitPolicy] = frozenset(("U", "A", "P", "F"))
"""The hit policies that give one result; the others give a list or a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input column."""

    path: tuple[str, ...]
    """The variable, and the fields below it: `party.role` is ("party", "role")."""
    label: str
    label_en: str
    kind: Kind
    allowed: Region
    """What may come in. It holds null only where the table speaks of null; elsewhere null means "not known"."""

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """An output column."""

    name: str
    """Key in the result; may be empty for the only output of a table."""
    label: str
    label_en: str
    kind: Kind
    ranking: tuple[Value, ...]
    """Allowed values, best first; empty where any is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: what it asks, what it gives, and by which article."""

    number: int
    """From 1, as drawn; 0 for what applies where no row does."""
    id: str
    line: int | None
    tests: tuple[Region, ...]
    cells: tuple[str, ...]
    """The tests as written."""
    outputs: tuple[Value, ...]
    source: str
    """Article and evidence mark, such as `处分条例 14 V:S8`."""
    why: str
    """Chinese sentence; may be empty."""
    why_en: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Inputs that no rule speaks of."""

    example: Mapping[str, Any]
    """One value for each input."""
    region: Mapping[str, str]
    """All of them, as S-FEEL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision table that can be carried out as it is drawn."""

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
    gaps: tuple[Gap, ...] = ()
    """Warnings: inputs that no rule speaks of, the first few."""
    gaps_examined: bool = True
    """Whether `gaps` are all there are."""
    hidden: tuple[int, ...] = ()
    """Warnings, first hit policy only: numbers of rules that never apply, because earlier ones always do."""
