"""How much work an expression can be at most, known before any of it is done.

The CEL library stops an expression after 10,000 rounds of its loops and at 32 levels of nesting. Within that, a
stranger can still ask for gigabytes or minutes: `l.map(x, l + l)`, thirty doublings in a row, a regular expression in a
loop. So each expression is weighed with the sizes of the values it is about to get, and refused when it could be too
much.

The unit is a **step**: about 0.1 µs and at most about 50 bytes, calibrated by measurement (`docs/expressions.md`). A
weight is an upper bound, never an estimate of the usual case. Weighing may never evaluate anything, and it costs less
than what it weighs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.errors import ExpressionFailed
from engine.syntax import Call, Constant, Loop, Name, Node, Select, Sequence, Table

MAX_STEPS = 2_000_000
"""Most steps of one evaluation: at the worst found, 0.2 s and 70 MB; an ordinary condition takes a dozen."""
MAX_INPUT = 100_000
"""Most members and keys, and texts by 16 characters, that one evaluation takes in."""
MAX_DEPTH = 32
"""Deepest nesting of lists and maps, in and out."""
MAX_ROUNDS = 10_000
"""The library ends an expression whose loops make more rounds than this, all together."""

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_UNFIT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a value's size: bounds, where it is not at hand."""

    weight: int
    """Members and keys at all depths, a text as one and one more for each 16 characters."""
    length: int = 0
    """Members of a list or map, characters of a text."""
    member: Shape | None = None
    """A shape that no member exceeds."""
    fields: Mapping[str, Shape] = field(default_factory=dict)
    """The shape of each entry, where it is known apart."""
    longest_key: int = 0
    is_map: bool = False
    is_text: bool = False


LEAF = Shape(1)


@lru_cache(maxsize=1024)
def text_of(length: int) -> Shape:
    return Shape(1 + length // 16, length, is_text=True)


class Taken:
    """Takes plain values in: checks that CEL can hold each of them unchanged, and measures them."""

    def __init__(self) -> None:
        self.weight = 0

    def measure(self, value: Any, path: str, depth: int = 0) -> Shape:
        """Give the shape of a plain value.

        Raises:
            ExpressionFailed: it holds something that is not JSON, an integer beyond 64 bits, a text that CEL would cut
                off at a NUL, or too much in all. `path` names the place.
        """
        kind = type(value)
        if kind is str:
            if _UNFIT.search(value):
                raise _unfit(path, "holds a NUL or half a character", "含有空字符或半个字符")
            return self._count(text_of(len(value)))
        if kind is bool or value is None:
            return self._count(LEAF)
        if kind is int:
            if not _SMALLEST <= value <= _LARGEST:
                raise _unfit(path, "is an integer beyond 64 bits", "是超出 64 位的整数")
            return self._count(LEAF)
        if kind is float:
            if not math.isfinite(value):
                raise _unfit(path, "is not a finite number", "不是有限的数")
            return self._count(LEAF)
        if depth >= MAX_DEPTH:
            raise _unfit(path, f"nests deeper than {MAX_DEPTH} levels", f"嵌套超过 {MAX_DEPTH} 层")
        if kind is list:
            return self._list(value, path, depth)
        if kind is dict:
            return self._map(value, path, depth)
        raise _unfit(path, f"is not a plain value ({kind.__name__})", f"不是普通值（{kind.__name__}）")

    def _list(self, value: list[Any], path: str, depth: int) -> Shape:
        self._count(LEAF)
        members = [self.measure(member, f"{path}[{at}]", depth + 1) for at, member in enumerate(value)]
        weight = 1 + sum(member.weight for member in members)
        return Shape(weight, len(members), _widest(members))

    def _map(self, value: dict[Any, Any], path: str, depth: int) -> Shape:
        self._count(LEAF)
        fields = {}
        for key, member in value.items():
            if type(key) is not str:
                raise _unfit(path, f"has a key that is no text ({key!r})", f"有不是文本的键（{key!r}）")
            self.measure(key, path)
            fields[key] = self.measure(member, f"{path}.{key}", depth + 1)
        weight = 1 + sum(member.weight for member in fields.values()) + sum(1 + len(key) // 16 for key in fields)
        longest = max(map(len, fields), default=0)
        return Shape(weight, len(fields), _widest(list(fields.values())), fields, longest, is_map=True)

    def _count(self, shape: Shape) -> Shape:
        self.weight += shape.weight
        if self.weight > MAX_INPUT:
            raise ExpressionFailed(
                f"The values that the expression looks at are too large (more than {MAX_INPUT} parts).",
                reason="input-too-large",
                zh=f"表达式用到的数据过大（超过 {MAX_INPUT} 项）。",
            )
        return shape


def weigh(tree: Node, shapes: Mapping[str, Shape]) -> int:
    """Give the most steps that evaluating a tree can take.

    Args:
        shapes: the shape of each variable; one that is missing will end the evaluation, so it weighs nothing.

    Raises:
        ExpressionFailed: more than `MAX_STEPS`; or it gathers a list out of a map, whose order is not defined.
    """
    scale = _Scale()
    scale.shape(tree, shapes)
    return scale.steps


def regex_size(pattern: str) -> int:
    """About how many instructions a regular expression becomes: counted repetitions multiply what they repeat."""
    groups, last = [0], 0
    for token in _REGEX.finditer(pattern):
        text = token.group()
        if text == "(":
            groups.append(0)
        elif text == ")" and len(groups) > 1:
            last = groups.pop() + 2
            groups[-1] += last
        elif token["least"]:
            times = max(int(token["most"] or token["least"]), 1)
            groups[-1] += last * (times - 1)
            last *= times
        elif text in ("*", "+", "?"):
            groups[-1] += 1
        else:
            last = 2_000 * len(_CATEGORY.findall(text)) + (8 if len(text) > 1 or text == "." else 1)
            groups[-1] += last
        if groups[-1] > MAX_STEPS:
            return MAX_STEPS
    return sum(groups) + 1


_CATEGORY = re.compile(r"\\[pP]")
_REGEX = re.compile(
    r"\{(?P<least>\d{1,6})(?:,(?P<most>\d{0,6}))?\}"
    r"|\\[pP](?:\{[^}]*\}|.)"
    r"|\\."
    r"|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
    r"|.",
    re.DOTALL,
)


class _Scale:
    def __init__(self) -> None:
        self.steps = 0

    def charge(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise ExpressionFailed(
                f"The expression could take more than {MAX_STEPS} steps with these values.",
                reason="too-much-work",
                zh=f"以这些数据计算该表达式可能超过 {MAX_STEPS} 步。",
            )

    def shape(self, node: Node, scope: Mapping[str, Shape]) -> Shape:
        self.charge(1)
        match node:
            case Constant(value=str() | bytes() as literal):
                return text_of(len(literal))
            case Constant():
                return LEAF
            case Name():
                return scope.get(node.name, LEAF)
            case Select():
                return self._select(node, scope)
            case Sequence():
                return self._sequence(node, scope)
            case Table():
                return self._table(node, scope)
            case Loop():
                return self._loop(node, scope)
            case Call():
                return self._call(node, [self.shape(operand, scope) for operand in node.operands])

    def _select(self, node: Select, scope: Mapping[str, Shape]) -> Shape:
        operand = self.shape(node.operand, scope)
        if node.test:
            return LEAF
        return operand.fields.get(node.field) or (LEAF if operand.fields else operand.member or LEAF)

    def _sequence(self, node: Sequence, scope: Mapping[str, Shape]) -> Shape:
        members = [self.shape(member, scope) for member in node.members]
        self.charge(2 * len(members))
        return self._bounded(Shape(1 + sum(m.weight for m in members), len(members), self._join(*members)))

    def _table(self, node: Table, scope: Mapping[str, Shape]) -> Shape:
        keys = [self.shape(key, scope) for key, _ in node.entries if key is not None]
        members = [self.shape(value, scope) for _, value in node.entries]
        self.charge(4 * len(members) + 2)
        weight = 1 + sum(shape.weight for shape in (*keys, *members))
        longest = max((key.length for key in keys), default=0)
        literal = [key.value for key, _ in node.entries if isinstance(key, Constant) and isinstance(key.value, str)]
        fields = dict(zip(literal, members, strict=True)) if len(literal) == len(members) else {}
        return self._bounded(Shape(weight, len(members), self._join(*members), fields, longest, is_map=True))

    def _loop(self, node: Loop, scope: Mapping[str, Shape]) -> Shape:
        over = self.shape(node.over, scope)
        gathers = isinstance(node.first, Sequence)
        if gathers and over.is_map:
            raise ExpressionFailed(
                "The expression gathers a list out of a map; the order of a map is not defined.",
                reason="order-undefined",
                zh="表达式由映射生成列表，而映射没有确定的顺序。",
            )
        rounds = min(over.length, MAX_ROUNDS)
        element = text_of(over.longest_key) if over.is_map else over.member or LEAF
        inside = {**scope, node.variable: element, node.gathered: Shape(1) if gathers else LEAF}
        before = self.steps
        step = self.shape(node.step, inside)
        self.shape(node.condition, inside)
        self.charge((self.steps - before) * max(rounds - 1, 0))
        if not gathers:
            return LEAF
        # The library copies the list gathered so far in every round.
        self.charge(rounds * rounds // 2)
        member = step.member or LEAF
        return self._bounded(Shape(1 + rounds * member.weight, rounds, member))

    def _call(self, node: Call, operands: list[Shape]) -> Shape:
        match node.function:
            case "_+_":
                return self._sum(*operands)
            case "_?_:_":
                return self._join(*operands[1:]) or LEAF
            case "_[_]":
                return self._index(node, operands[0])
            case "_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_":
                self.charge(min(shape.weight for shape in operands))
                return LEAF
            case "@in":
                self.charge(1 if operands[1].is_map else operands[1].weight)
                return LEAF
            case "matches":
                self._regex(node, operands)
                return LEAF
            case "contains" if len(operands) == 2:
                searched, sought = operands
                self.charge(searched.length // 8 + searched.length * sought.length // 4096)
                return LEAF
            case "dyn" if operands:
                return operands[0]
            case "string" | "bytes":
                length = max([24, *(3 * shape.length for shape in operands)])
                self.charge(10 + length // 16)
                return text_of(length)
            case _:
                self.charge(1 + sum(shape.length // 8 if shape.is_text else 0 for shape in operands))
                self.charge(10 if node.function not in _CHEAP else 0)
                return LEAF

    def _sum(self, left: Shape, right: Shape) -> Shape:
        length = left.length + right.length
        if left.is_text and right.is_text:
            self.charge(length // 16)
            return self._bounded(text_of(length))
        self.charge(length)
        return self._bounded(
            Shape(left.weight + right.weight, length, self._join(*(m for m in (left.member, right.member) if m)))
        )

    def _index(self, node: Call, container: Shape) -> Shape:
        key = node.operands[1]
        if isinstance(key, Constant) and isinstance(key.value, str) and container.fields:
            return container.fields.get(key.value, LEAF)
        return container.member or LEAF

    def _regex(self, node: Call, operands: list[Shape]) -> None:
        pattern = node.operands[-1]
        # That it is a literal text was checked when the expression was compiled.
        literal = pattern.value if isinstance(pattern, Constant) and isinstance(pattern.value, str) else ""
        self.charge(regex_size(literal) * (15 + operands[0].length * 3 // 16))

    def _join(self, *shapes: Shape) -> Shape | None:
        joined: Shape | None = None
        for shape in shapes:
            joined = shape if joined is None else _wider(joined, shape, self.charge)
        return joined

    def _bounded(self, shape: Shape) -> Shape:
        if shape.weight > MAX_STEPS:
            self.charge(shape.weight)
        return shape


_CHEAP = frozenset(
    ("_&&_", "_||_", "!_", "@not_strictly_false", "_-_", "_*_", "_/_", "_%_", "-_", "size", "type", "startsWith")
)  # fmt: skip


def _widest(shapes: list[Shape]) -> Shape | None:
    """A shape that none of these exceeds."""
    joined: Shape | None = None
    for shape in shapes:
        joined = shape if joined is None else _wider(joined, shape)
    return joined


def _wider(one: Shape, other: Shape, charge: Callable[[int], None] = lambda steps: None) -> Shape:
    if one is other or (one.is_text and other.is_text and one.length >= other.length):
        return one
    charge(10)
    if one.member and other.member:
        member: Shape | None = _wider(one.member, other.member, charge)
    else:
        member = one.member or other.member
    return Shape(
        max(one.weight, other.weight),
        max(one.length, other.length),
        member,
        _joined_fields(one, other, charge),
        max(one.longest_key, other.longest_key),
        is_map=one.is_map or other.is_map,
        is_text=one.is_text and other.is_text,
    )


def _joined_fields(one: Shape, other: Shape, charge: Callable[[int], None]) -> dict[str, Shape]:
    if any(shape.is_map and shape.length and not shape.fields for shape in (one, other)):
        return {}
    fields = dict(one.fields)
    for name, shape in other.fields.items():
        fields[name] = _wider(fields[name], shape, charge) if name in fields else shape
    return fields


def _unfit(path: str, why: str, why_zh: str) -> ExpressionFailed:
    return ExpressionFailed(f"`{path}` {why}.", reason="value-unfit", path=path, zh=f"“{path}”{why_zh}。")
