"""The tree behind a CEL expression, read from the form in which the library stores a parse.

The library parses, checks and evaluates, but shows its tree to nobody. Its stored form is the published protocol buffer
`cel.expr.ParsedExpr`; this module reads the few fields that matter, so that names can be found and the work of an
expression be weighed before it is done. It may never evaluate anything, and never imports the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. Texts are given as text, bytes as bytes; a number or truth value only as 0, for nobody asks for it."""

    value: str | bytes | int | None
    kind: str = ""
    """`null`, `truth`, `integer`, `number`, `text` or `bytes`."""


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int
    """Place in the source: code points from the start."""


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`, or `has(operand.field)` where `test`."""

    operand: Node
    field: str
    test: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator (`_+_`, `_&&_`, `_[_]`, `_?_:_`, `@in` …)."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]
    at: int

    @property
    def operands(self) -> tuple[Node, ...]:
        return self.arguments if self.target is None else (self.target, *self.arguments)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list literal."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A map literal, or a message literal where `message` is not empty."""

    message: str
    entries: tuple[tuple[Node | None, Node], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Loop:
    """What `all`, `exists`, `exists_one`, `map` and `filter` are made of."""

    variable: str
    over: Node
    gathered: str
    """Name under which the loop gathers its result."""
    first: Node
    condition: Node
    step: Node
    result: Node


Node: TypeAlias = Constant | Name | Select | Call | Sequence | Table | Loop


def read(stored: bytes) -> Node:
    """Give the tree of a stored parse (`google.protobuf.Any` around `cel.expr.ParsedExpr`)."""
    parsed = _only(stored, 2)
    places = {}
    for entry in _all(_only(parsed, 3), 4):
        pair = dict(_fields(entry))
        places[_number(pair.get(1, 0))] = _number(pair.get(2, 0))
    return _node(_only(parsed, 2), places)


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree, each once, in no particular order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(_children(node))


def free_names(node: Node) -> Iterator[Name]:
    """The names a tree asks its surroundings for: all but the variables of its own loops."""
    waiting: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, Name):
            if node.name not in bound:
                yield node
        elif isinstance(node, Loop):
            inside = bound | {node.variable, node.gathered}
            waiting += [(node.over, bound), (node.first, bound)]
            waiting += [(part, inside) for part in (node.condition, node.step, node.result)]
        else:
            waiting += [(child, bound) for child in _children(node)]


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return node.operands
        case Sequence():
            return node.members
        case Table():
            return tuple(part for entry in node.entries for part in entry if part is not None)
        case Loop():
            return (node.over, node.first, node.condition, node.step, node.result)
        case _:
            return ()


def _node(message: bytes, places: dict[int, int]) -> Node:
    # Recursion is safe: the library's parser nests at most 32 deep, macros included.
    fields = dict(_fields(message))
    at = places.get(_number(fields.get(2, 0)), 0)
    for tag, kind in _KINDS.items():
        if tag in fields:
            return kind(_bytes(fields[tag]), at, places)
    return Constant(None)


def _constant(message: bytes, at: int, places: dict[int, int]) -> Node:
    for tag, value in _fields(message):
        if isinstance(value, bytes):
            return Constant(value.decode() if tag == 6 else value, _CONSTANTS[tag])
        return Constant(None if tag == 1 else 0, _CONSTANTS[tag])
    return Constant(None)


def _name(message: bytes, at: int, places: dict[int, int]) -> Node:
    return Name(_text(dict(_fields(message)), 1), at)


def _select(message: bytes, at: int, places: dict[int, int]) -> Node:
    fields = dict(_fields(message))
    return Select(_node(_bytes(fields[1]), places), _text(fields, 2), bool(fields.get(3, 0)))


def _call(message: bytes, at: int, places: dict[int, int]) -> Node:
    fields = dict(_fields(message))
    target = _node(_bytes(fields[1]), places) if 1 in fields else None
    return Call(_text(fields, 2), target, tuple(_node(part, places) for part in _all(message, 3)), at)


def _sequence(message: bytes, at: int, places: dict[int, int]) -> Node:
    return Sequence(tuple(_node(part, places) for part in _all(message, 1)))


def _table(message: bytes, at: int, places: dict[int, int]) -> Node:
    entries = []
    for entry in _all(message, 2):
        fields = dict(_fields(entry))
        key = _node(_bytes(fields[3]), places) if 3 in fields else None
        entries.append((key, _node(_bytes(fields.get(4, b"")), places)))
    return Table(_text(dict(_fields(message)), 1), tuple(entries), at)


def _loop(message: bytes, at: int, places: dict[int, int]) -> Node:
    fields = dict(_fields(message))
    over, first, condition, step, result = (_node(_bytes(fields.get(tag, b"")), places) for tag in (2, 4, 5, 6, 7))
    return Loop(_text(fields, 1), over, _text(fields, 3), first, condition, step, result)


_CONSTANTS = {1: "null", 2: "truth", 3: "integer", 4: "integer", 5: "number", 6: "text", 7: "bytes"}
_KINDS = {3: _constant, 4: _name, 5: _select, 6: _call, 7: _sequence, 8: _table, 9: _loop}


# --- The wire form of protocol buffers: pairs of field number and value. -------------------------------------------


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        match key & 7:
            case 0:
                value, position = _varint(message, position)
                yield key >> 3, value
            case 1:
                position += 8
                yield key >> 3, 0
            case 2:
                length, position = _varint(message, position)
                yield key >> 3, message[position : position + length]
                position += length
            case 5:
                position += 4
                yield key >> 3, 0
            case other:
                raise ValueError(f"wire type {other} in a stored expression")


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
        shift += 7


def _all(message: bytes, tag: int) -> Iterator[bytes]:
    return (_bytes(value) for found, value in _fields(message) if found == tag)


def _only(message: bytes, tag: int) -> bytes:
    return next(_all(message, tag), b"")


def _text(fields: dict[int, int | bytes], tag: int) -> str:
    return _bytes(fields.get(tag, b"")).decode()


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise TypeError("a number where a message or text was expected in a stored expression")
    return value


def _number(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise TypeError("a message or text where a number was expected in a stored expression")
    return value
