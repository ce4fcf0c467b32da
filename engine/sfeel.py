"""S-FEEL, the small language of decision tables: what stands in a cell, as a set of values.

A cell such as `[1..5), >= 10` or `not("OUT_OF_SCOPE", null)` is read into a `Region`: the set of values that it admits. A
cell that compares with names (`> threshold`) is read into `Bound`, which becomes a region when the names have values. What
is computed (`engine.computing`) cannot stand in an input cell: it would be nobody's set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from engine.kinds import CellUnfit, Key, Kind, Value
from engine.regions import Region, between, compared, everything, nothing, single, sorts, stretch, union
from engine.tokens import NO_NAMES, Name, Scope, Tokens, fitted, other_kind, without_order

Sign = Literal["=", "<", "<=", ">", ">=", ".."]


@dataclass(frozen=True, slots=True)
class Part:
    """One test: equal to a value, compared with it, or in a range."""

    sign: Sign
    low: Value | Name
    high: Value | Name | None = None
    brackets: str = ""
    """Of a range: how it opens and closes."""

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(end for end in (self.low, self.high) if isinstance(end, Name))


@dataclass(frozen=True, slots=True)
class Bound:
    """A cell that speaks of names: what it admits is known when they have values."""

    kind: Kind
    parts: tuple[Part, ...]
    negated: bool

    @property
    def names(self) -> tuple[Name, ...]:
        return tuple(name for part in self.parts for name in part.names)

    def region(self, keys: Mapping[Name, Key]) -> Region:
        """What the cell admits, with the values of its names (none is null)."""
        region = union(_region(part, self.kind, keys) for part in self.parts)
        return _inverse(region) if self.negated else region


Test: TypeAlias = Region | Bound


def read_test(cell: str, kind: Kind, scope: Scope = NO_NAMES) -> Test:
    """Read an input entry (unary tests): `-`, literals, comparisons, ranges, lists of these, `not(...)`.

    Args:
        scope: the names that may be compared with.

    Raises:
        CellUnfit: it is something else, of another kind than the column, or admits nothing.
    """
    tokens = Tokens(cell, scope)
    if tokens.text == "-":
        return everything(kind, null=True)
    negated = tokens.take("not") is not None
    if negated:
        tokens.expect("(")
    parts = _parts(tokens, kind)
    if negated:
        tokens.expect(")")
    tokens.expect_end()
    bound = Bound(kind, parts, negated)
    if bound.names:
        return bound
    region = bound.region({})
    if region.empty:
        raise CellUnfit("No value can pass this test.", "没有任何值能通过此条件。")
    return region


def read_values(cell: str, kind: Kind) -> Region:
    """Read allowed values: like an input entry, but `-` and `not` would say nothing and are refused."""
    tokens = Tokens(cell)
    parts = _parts(tokens, kind)
    tokens.expect_end()
    return Bound(kind, parts, negated=False).region({})


def read_literals(cell: str, kind: Kind) -> tuple[Value, ...]:
    """Read the allowed values of an output, best first: literals."""
    tokens = Tokens(cell)
    values = [_literal(tokens, kind)]
    while tokens.take(","):
        values.append(_literal(tokens, kind))
    tokens.expect_end()
    return tuple(values)


def mentions_null(cell: str) -> bool:
    """Whether a cell speaks of null; `-` and `not("a")` admit null without speaking of it."""
    tokens, found = Tokens(cell), False
    while not found:
        try:
            literal = tokens.literal()
        except CellUnfit:
            return False
        if literal:
            found = literal[0].key is None
        elif not tokens.skip():
            return False
    return found


# --- Tests -----------------------------------------------------------------------------------------------------------


def _parts(tokens: Tokens, kind: Kind) -> tuple[Part, ...]:
    parts = [_part(tokens, kind)]
    while tokens.take(","):
        parts.append(_part(tokens, kind))
    return tuple(parts)


def _part(tokens: Tokens, kind: Kind) -> Part:
    if sign := tokens.take("<=", ">=", "<", ">"):
        return Part(sign, _end(tokens, kind))  # type: ignore[arg-type]  # one of those just named
    if opening := tokens.take("[", "(", "]"):
        return _range(tokens, opening, kind)
    return Part("=", _value(tokens, kind))


def _range(tokens: Tokens, opening: str, kind: Kind) -> Part:
    low = _end(tokens, kind)
    tokens.expect("..")
    high = _end(tokens, kind)
    closing = tokens.take("]", ")", "[")
    if not closing:
        raise tokens.unexpected()
    part = Part("..", low, high, opening + closing)
    if not part.names:
        _check_range(part, kind)
    return part


def _check_range(part: Part, kind: Kind) -> None:
    low, high = _key(part.low, {}), _key(part.high, {})
    if stretch(kind, low) != stretch(kind, high):
        raise CellUnfit("Only one end of the range has an offset.", "区间只有一端带有时区偏移。")
    if _region(part, kind, {}).empty:
        raise CellUnfit("A range is empty: its end lies before its start.", "区间为空：终点在起点之前。")


def _end(tokens: Tokens, kind: Kind) -> Value | Name:
    """The end of a range, or what is compared with."""
    if unfit := without_order(kind):
        raise unfit
    end = _value(tokens, kind)
    if isinstance(end, Value) and end.key is None:
        raise CellUnfit("null cannot be compared or bound a range.", "空值不能用于比较或作为区间端点。")
    return end


def _value(tokens: Tokens, kind: Kind) -> Value | Name:
    name = tokens.name()
    if name is None:
        return _literal(tokens, kind)
    if name.kind is not None and name.kind != kind and {name.kind, kind} != {"number", "integer"}:
        raise other_kind(name.text, kind)
    return name


def _literal(tokens: Tokens, kind: Kind) -> Value:
    found = tokens.literal()
    if found is None:
        raise tokens.unexpected()
    value, of, written = found
    return fitted(value, of, written, kind)


# --- Regions ---------------------------------------------------------------------------------------------------------


def _region(part: Part, kind: Kind, keys: Mapping[Name, Key]) -> Region:
    if part.sign == "=":
        equal = keys[part.low] if isinstance(part.low, Name) else part.low.key
        return nothing(kind, null=True) if equal is None else single(kind, equal)
    low = _key(part.low, keys)
    if part.sign == "..":
        return between(kind, part.brackets[0], low, _key(part.high, keys), part.brackets[1])
    return compared(kind, part.sign, low)


def _key(end: Value | Name | None, keys: Mapping[Name, Key]) -> int | Decimal:
    key = keys[end] if isinstance(end, Name) else end.key if end else None
    assert isinstance(key, int | Decimal)  # noqa: S101 - ends are of a kind that has an order, and none is null
    return key


def _inverse(region: Region) -> Region:
    """All others; of moments those of the same sort, for the other sort compares with nothing here."""
    same = sorts(region)
    return region.inverse().within(union([*same, nothing(region.kind, null=True)])) if same else region.inverse()
