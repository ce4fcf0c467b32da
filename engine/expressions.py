"""Expressions in CEL, the Common Expression Language: compiled once, evaluated within budgets.

Conditions, scripts, timers, collections and parameters of a diagram are CEL. What is written here comes from strangers:
it can name values, compare and compute, and nothing else. No clock, no file, no randomness, no side effect; the same
values always give the same result. This is the only module that imports the CEL library, and none of the library's
objects leaves it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from cel_expr_python import cel

from engine import complaints
from engine.effort import MAX_DEPTH, MAX_STEPS, Shape, Taken, regex_size, weigh
from engine.errors import ExpressionFailed, ExpressionRefused
from engine.syntax import Call, Constant, Loop, Name, Node, Select, Table, free_names, read, walk

MAX_SOURCE = 10_000
"""Longest source, in characters."""
MAX_RESULT = 100_000
"""Most members and keys, and texts by 16 characters, of a result."""
EVERYTHING = "vars"
"""The map of all variables of the scope: `has(vars.transfer)`, `vars['金额']`."""

Kind = Literal["truth", "integer", "number", "text", "list", "map", "moment", "duration", "null", "any"]

_LANGUAGE = cel.NewEnv()
_TRY_REGEX = _LANGUAGE.compile("''.matches(pattern)", disable_check=True)
_TYPES = {
    "bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type", "string", "timestamp", "type",
    "uint",
}  # fmt: skip
"""Names that mean a type: only to be compared with `type(x)`."""
_KINDS: dict[str, Kind] = {
    "BOOL": "truth", "INT": "integer", "UINT": "integer", "DOUBLE": "number", "STRING": "text",
    "LIST": "list", "MAP": "map", "TIMESTAMP": "moment", "DURATION": "duration", "NULL": "null",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Two of the same source are equal; it may be shared by threads, copied and pickled."""

    source: str
    names: frozenset[str] = field(compare=False)
    """The variables that it asks for by name; `vars` itself is not among them."""
    looked_up: frozenset[str] | None = field(compare=False)
    """The variables that it asks for through `vars`; None where it asks for the whole map."""
    kind: Kind = field(compare=False)
    """What it gives, as far as that is known before it is evaluated."""
    _tree: Node = field(compare=False, repr=False)
    _program: Any = field(compare=False, repr=False)
    _size: int = field(compare=False, repr=False)
    """Number of its nodes, or 0 where it must be weighed each time: it loops, or searches in texts."""

    @property
    def tree(self) -> Node:
        """What it is made of."""
        return self._tree

    @property
    def constant(self) -> bool:
        """Whether it asks for no variable: then it can be evaluated, and its result checked, before anything runs."""
        return not self.names and self.looked_up == frozenset()

    def __reduce__(self) -> tuple[Any, ...]:
        return compile, (self.source,)


def compile(source: str) -> Expression:
    """Read an expression and check all that can be checked without values.

    Raises:
        ExpressionRefused: with the facts `line` and `column` (from 1), `reason` (a stable code), `why` (the sentence)
            and `zh` (the sentence in Chinese).
    """
    if not isinstance(source, str):
        raise _refused("not-text", "An expression is a text.", "表达式应为文本。")
    if len(source) > MAX_SOURCE:
        raise _refused(
            "source-too-long",
            f"The expression has {len(source)} characters; at most {MAX_SOURCE} are read.",
            f"表达式有 {len(source)} 个字符，最多读取 {MAX_SOURCE} 个。",
        )
    if not source.strip():
        raise _refused("source-empty", "The expression is empty.", "表达式为空。")
    if unfit := _UNREADABLE.search(source):
        why, zh = "The expression holds a control character.", "表达式中含有控制字符。"
        raise _refused("character-unfit", why, zh, source, unfit.start())
    return _compile(source)


def evaluate(expression: Expression, values: Mapping[str, Any], *, meter: Callable[[int], None] | None = None) -> Any:
    """Give the value of an expression: a plain JSON value.

    Timestamps come out as ISO 8601 text in UTC (`2024-09-09T00:00:00Z`), durations as ISO 8601 text in seconds
    (`PT10800S`), maps with their keys in alphabetical order.

    Args:
        values: the variables of the scope, plain JSON values. Names that CEL cannot write (`金额`) are reached by
            `vars['金额']`.
        meter: told before the work is done how many steps (`effort`) it can take at most; may raise to forbid it.

    Raises:
        ExpressionFailed: a variable has no value, the kinds do not fit, a value cannot be held by CEL unchanged, or a
            budget is exceeded. Facts: `expression`, `reason` (a stable code), `why` and `zh` (the sentence in Chinese).
    """
    try:
        given, shapes, weight = _admit(expression, values)
        steps = expression._size * weight
        if not steps or steps * MAX_DEPTH > MAX_STEPS:
            steps = weigh(expression._tree, shapes)
        if meter is not None:
            meter(steps)
        return _plain(_run(expression, given), 0, [MAX_RESULT])
    except ExpressionFailed as failed:
        raise _with_source(failed, expression.source) from None


# --- Before: reading -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _compile(source: str) -> Expression:
    try:
        program = _LANGUAGE.compile(source, disable_check=True)
    except RuntimeError as broken:
        raise _no_compile(str(broken)) from None
    tree = read(program.serialize())
    asked = {node.name for node in free_names(tree)}
    names = asked - _TYPES - {EVERYTHING}
    _check_rules(tree, source)
    kind = _check_types(source, names)
    return Expression(source, frozenset(names), _looked_up(tree), kind, tree, program, _size(tree))


def _check_types(source: str, names: set[str]) -> Kind:
    """Let the library check overloads and function names; every variable may hold anything.

    The checked form holds 90 KB of environment, the unchecked one 3 KB, and both give the same results: the unchecked
    one is kept.
    """
    declared = cel.NewEnv(variables=dict.fromkeys((*names, EVERYTHING), cel.Type.DYN))
    try:
        name = declared.compile(source).return_type().name()
    except RuntimeError as broken:
        raise _no_compile(str(broken)) from None
    return _KINDS.get(name.partition("<")[0].upper(), "any")


def _check_rules(tree: Node, source: str) -> None:
    types_allowed: set[int] = set()
    for node in walk(tree):
        match node:
            case Call(function="_==_" | "_!=_", arguments=(one, other)):
                if _asks_for_a_type(one) or _asks_for_a_type(other):
                    types_allowed |= {id(one), id(other)}
            case Call(function="matches", at=at):
                _check_regex(node.operands[-1], source, at)
            case Call(function=function, arguments=(zone,), at=at) if function.startswith("get"):
                if not (isinstance(zone, Constant) and isinstance(zone.value, str) and _OFFSET.fullmatch(zone.value)):
                    raise _refused(
                        "time-zone",
                        f"`{function}` takes 'UTC' or an offset such as '+08:00'; zones by name are read from files.",
                        f"“{function}”只接受 'UTC' 或 '+08:00' 这样的偏移；按名称的时区要读取文件。",
                        source, at,
                    )  # fmt: skip
            case Table(message=message, at=at) if message:
                raise _refused(
                    "message", f"There is no type `{message}` to build.", f"没有可构造的类型“{message}”。", source, at
                )
            case Table(entries=entries, at=at):
                keys = [key.value for key, _ in entries if isinstance(key, Constant) and isinstance(key.value, str)]
                if len(keys) > len(set(keys)):
                    raise _refused(
                        "key-twice", "A key stands twice in the map.", "映射中有重复的键。", source, at
                    )  # fmt: skip
            case _:
                pass
    for name in free_names(tree):
        if name.name in _TYPES and id(name) not in types_allowed:
            raise _refused(
                "type-as-value",
                f"`{name.name}` is a word of the language; a variable of this name is written vars.{name.name}.",
                f"“{name.name}”是语言的保留词；同名变量请写作 vars.{name.name}。",
                source, name.at,
            )  # fmt: skip


def _check_regex(pattern: Node, source: str, at: int) -> None:
    if not (isinstance(pattern, Constant) and isinstance(pattern.value, str)):
        raise _refused(
            "regex-computed",
            "The regular expression of `matches` must be a literal text.",
            "“matches”的正则表达式必须是字面文本。",
            source, at,
        )  # fmt: skip
    if regex_size(pattern.value) * 15 > MAX_STEPS:
        raise _refused("regex-too-large", "The regular expression is too large.", "正则表达式过大。", source, at)
    if _TRY_REGEX.eval(data={"pattern": pattern.value}).type() == cel.Type.ERROR:
        raise _refused("regex-invalid", "The regular expression is not valid.", "正则表达式无效。", source, at)


def _asks_for_a_type(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "type"


def _looked_up(tree: Node) -> frozenset[str] | None:
    """The keys asked for by `vars.x` and `vars['x']`; None where `vars` is used in another way."""
    keys = set()
    everything = sum(1 for name in free_names(tree) if name.name == EVERYTHING)
    for node in walk(tree):
        match node:
            case Select(operand=Name(name="vars"), field=key):
                keys.add(key)
                everything -= 1
            case Call(function="_[_]", arguments=(Name(name="vars"), Constant(value=str() as key))):
                keys.add(key)
                everything -= 1
            case _:
                pass
    return None if everything else frozenset(keys)


def _size(tree: Node) -> int:
    size = 0
    for node in walk(tree):
        if isinstance(node, Loop) or (isinstance(node, Call) and node.function in ("matches", "contains")):
            return 0
        size += 1
    return size


# --- During ----------------------------------------------------------------------------------------------------------


def _admit(expression: Expression, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Shape], int]:
    """Take from the scope what the expression asks for, and nothing else."""
    taken = Taken()
    given: dict[str, Any] = {}
    shapes: dict[str, Shape] = {}
    for name in expression.names:
        if name in values:
            given[name] = values[name]
            shapes[name] = taken.measure(values[name], name)
    if expression.looked_up != frozenset():
        keys = values.keys() if expression.looked_up is None else expression.looked_up & values.keys()
        given[EVERYTHING] = {key: values[key] for key in keys}
        shapes[EVERYTHING] = taken.measure(given[EVERYTHING], EVERYTHING)
    return given, shapes, taken.weight + 1


def _run(expression: Expression, given: dict[str, Any]) -> Any:
    try:
        result = expression._program.eval(data=given)
    except (RuntimeError, MemoryError) as broken:
        raise _no_result(str(broken)) from None
    return result


# --- After: plain values ---------------------------------------------------------------------------------------------


def _plain(value: Any, depth: int, left: list[int]) -> Any:
    """Take a result out of the library, null by null.

    Its `plain_value()` gives up a reference to None for every null it meets, in lists and maps too; after some thousands of
    them the interpreter aborts. The accessors of lists and maps do not, so those are walked here.
    """
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH:
        raise _failed("result-too-large", "The result is too large or too deep.", "结果过大或嵌套过深。")
    kind = value.type().name()
    if kind == "BOOL":
        return value.plain_value()
    if kind == "ERROR":
        raise _no_result(str(value.plain_value()))
    if kind == "NULL":
        return None
    if kind.startswith("LIST"):
        return [_plain(member, depth + 1, left) for member in value.value()]
    if kind.startswith("MAP"):
        members = value.value()
        return {key: _plain(members[key], depth + 1, left) for key in _keys(members)}
    return _leaf(value.plain_value(), left)


def _leaf(value: Any, left: list[int]) -> Any:
    kind = type(value)
    if kind is str:
        left[0] -= len(value) // 16
        return _text(value)
    if kind is int:
        return _integer(value)
    if kind is float:
        return _number(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return duration_text(value)
    what, what_zh = ("bytes", "字节串") if isinstance(value, bytes | bytearray) else ("a type", "类型")
    raise _failed("result-not-plain", f"The result holds {what}: no plain value.", f"结果含有{what_zh}，不是普通值。")


def duration_text(span: timedelta) -> str:
    """ISO 8601 text of a span, in seconds: `PT10800S`, `-PT0.5S`."""
    microseconds = abs(span) // timedelta(microseconds=1)
    whole, part = divmod(microseconds, 1_000_000)
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if span < timedelta() else ''}PT{whole}{fraction}S"


def _text(value: str) -> str:
    if "\x00" in value:
        raise _failed("result-not-plain", "The result holds a text with a NUL.", "结果含有带空字符的文本。")
    return value


def _integer(value: int) -> int:
    if value > 2**63 - 1:
        raise _failed("result-not-plain", "The result holds an integer beyond 64 bits.", "结果含有超出 64 位的整数。")
    return value


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise _failed("result-not-plain", "The result is not a finite number.", "结果不是有限的数。")
    return value


def _keys(value: dict[Any, Any]) -> list[str]:
    """Alphabetical: the library gives the entries of a map in an order that changes from run to run."""
    for key in value:
        if type(key) is not str:
            raise _failed(
                "result-not-plain", f"The result has the key {key!r}, which is no text.", f"结果的键 {key!r} 不是文本。"
            )
        _text(key)
    return sorted(value)


# --- Sentences -------------------------------------------------------------------------------------------------------

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_OFFSET = re.compile(r"UTC|[+-](0\d|1[0-4]):[0-5]\d")


def _no_compile(raw: str) -> ExpressionRefused:
    said = complaints.at_compile(raw)
    return _refused(said.reason, said.why, said.zh, line=said.line, column=said.column)


def _no_result(raw: str) -> ExpressionFailed:
    said = complaints.at_evaluation(raw)
    return _failed(said.reason, said.why, said.zh)


def _refused(
    reason: str, why: str, zh: str, source: str = "", at: int = 0, *, line: int | None = None, column: int | None = None
) -> ExpressionRefused:
    if line is None:
        before = source[:at]
        line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    return ExpressionRefused(
        f"{why} (line {line}, column {column})", reason=reason, line=line, column=column, why=why, zh=zh
    )  # fmt: skip


def _failed(reason: str, why: str, zh: str) -> ExpressionFailed:
    return ExpressionFailed(why, reason=reason, zh=zh)


def _with_source(failed: ExpressionFailed, source: str) -> ExpressionFailed:
    shown = source if len(source) <= 200 else f"{source[:200]}…"
    return ExpressionFailed(
        f"{failed} Expression: {shown}", **{**failed.facts, "why": str(failed), "expression": shown}
    )
