"""What is known of values before anything runs: their kinds, the fields of maps, the codes a text can be.

A form says it of its answers, a decision table of its results; what an expression gives follows from what it is made of. Only
what is certain is said: whatever is not known is `ANY`, and every value may be null. It may never evaluate anything.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.syntax import Call, Constant, Loop, Name, Node, Select, Sequence, Table

KnownKind = Literal["truth", "integer", "number", "text", "list", "map", "null", "any"]
MAX_VALUES = 300
"""Codes beyond which a text is taken for any text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a value."""

    kind: KnownKind = "any"
    values: frozenset[str] | None = None
    """Of a text: all that it can be; None where it can be any."""
    fields: Mapping[str, Known] | None = None
    """Of a map: all fields that it can have; None where it can have any."""
    member: Known | None = None
    """Of a list: what each member is; None where it has none."""


ANY = Known()
NULL = Known(kind="null")
TRUTH = Known(kind="truth")
INTEGER = Known(kind="integer")
NUMBER = Known(kind="number")
TEXT = Known(kind="text")
LIST = Known(kind="list", member=ANY)
EMPTY = Known(kind="list")

Told = Callable[[str, Mapping[str, object]], None]
"""Takes a fault: the code of its rule, and its facts."""


def either(one: Known, other: Known) -> Known:
    """What is known of a value that is the one or the other."""
    if one == other or other.kind == "null":
        return one
    if one.kind == "null":
        return other
    if one.kind != other.kind:
        return NUMBER if {one.kind, other.kind} == {"integer", "number"} else ANY
    if one.kind == "text":
        values = None if one.values is None or other.values is None else one.values | other.values
        return Known(kind="text", values=values if values is not None and len(values) <= MAX_VALUES else None)
    if one.kind == "list":
        members = [each.member for each in (one, other) if each.member is not None]
        return Known(kind="list", member=all_of(members) if members else None)
    if one.kind == "map" and one.fields is not None and other.fields is not None:
        names = one.fields.keys() | other.fields.keys()
        return Known(
            kind="map",
            fields={name: either(one.fields.get(name, NULL), other.fields.get(name, NULL)) for name in names},
        )
    return Known(kind=one.kind)


def all_of(each: Iterable[Known]) -> Known:
    """What is known of a value that is one of these."""
    found: Known | None = None
    for known in each:
        found = known if found is None else either(found, known)
    return found or NULL


def nearest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant; empty where none is near."""
    return next(iter(difflib.get_close_matches(word, sorted(words), n=1, cutoff=0.75)), "")


def of(tree: Node, names: Mapping[str, Known], told: Told) -> Known:
    """What is known of what an expression gives.

    Args:
        tree: the expression.
        names: what is known of its variables; of one that is missing nothing is known.
        told: called for what can only be a slip: a field that a map never has, a code that a text never is, kinds that are
            never equal.
    """
    return _Inference(told).of(tree, names)


_COMPARED = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"})
_CALLS: Mapping[str, Known] = {
    "_&&_": TRUTH, "_||_": TRUTH, "!_": TRUTH, "@in": TRUTH, "matches": TRUTH, "startsWith": TRUTH, "endsWith": TRUTH,
    "contains": TRUTH, "size": INTEGER, "int": INTEGER, "double": NUMBER, "string": TEXT,
    **dict.fromkeys(_COMPARED, TRUTH),
}  # fmt: skip
_CONSTANTS: Mapping[str, Known] = {"null": NULL, "truth": TRUTH, "integer": INTEGER, "number": NUMBER}
_PLAIN = frozenset({"truth", "integer", "number", "text"})
"""Kinds without parts."""


@dataclass(slots=True)
class _Inference:
    told: Told

    def of(self, node: Node, names: Mapping[str, Known]) -> Known:
        # Recursion is safe: the library's parser nests at most 32 deep, macros included.
        match node:
            case Constant(value=str() as text):
                return Known(kind="text", values=frozenset({text}))
            case Constant(kind=kind):
                return _CONSTANTS.get(kind, ANY)
            case Name(name=name):
                return names.get(name, ANY)
            case Select(operand=Name(name="vars"), field=field, test=test):
                return TRUTH if test else names.get(field, ANY)
            case Select(operand=operand, field=field, test=test):
                found = self.field(self.of(operand, names), field)
                return TRUTH if test else found
            case Sequence(members=members):
                return Known(kind="list", member=all_of(self.of(each, names) for each in members)) if members else EMPTY
            case Table():
                return self.table(node, names)
            case Loop():
                return self.loop(node, names)
            case Call():
                return self.call(node, names)

    def field(self, known: Known, name: str) -> Known:
        if known.kind in _PLAIN or known.kind == "list":
            self.told("field-of-none", {"field": name, "kind": known.kind})
        elif known.fields is not None and name not in known.fields:
            near = nearest(name, known.fields)
            listed = ", ".join(sorted(known.fields))
            self.told("field-unknown", {"field": name, "known": listed, "near": near or listed})
        elif known.fields is not None:
            return known.fields[name]
        return ANY

    def table(self, node: Table, names: Mapping[str, Known]) -> Known:
        fields: dict[str, Known] = {}
        whole = True
        for key, value in node.entries:
            known = self.of(value, names)
            if isinstance(key, Constant) and isinstance(key.value, str):
                fields[key.value] = known
            else:
                whole = False
                if key is not None:
                    self.of(key, names)
        return Known(kind="map", fields=fields if whole else None)

    def loop(self, node: Loop, names: Mapping[str, Known]) -> Known:
        over, first = self.of(node.over, names), self.of(node.first, names)
        item = (over.member or NULL) if over.kind == "list" else TEXT if over.kind == "map" else ANY
        inside = {**names, node.variable: item, node.gathered: first}
        self.of(node.condition, inside)
        gathered = either(first, self.of(node.step, inside))
        return self.of(node.result, {**inside, node.gathered: gathered})

    def call(self, node: Call, names: Mapping[str, Known]) -> Known:
        if node.function == "_[_]" and isinstance(key := node.arguments[-1], Constant) and isinstance(key.value, str):
            if isinstance(over := node.arguments[0], Name) and over.name == "vars":
                return names.get(key.value, ANY)
            operand = self.of(over, names)
            return self.field(operand, key.value) if operand.kind == "map" else ANY
        given = [self.of(each, names) for each in node.operands]
        match node.function:
            case "_[_]":
                return (given[0].member or ANY) if given[0].kind == "list" else ANY
            case "_?_:_":
                return either(given[1], given[2])
            case "_+_":
                return self.sum(given[0], given[1])
            case "@in":
                self.among(node, given)
            case function if function in _COMPARED:
                self.compared(node, given)
        return _CALLS.get(node.function, ANY)

    def sum(self, one: Known, other: Known) -> Known:
        if one.kind == other.kind == "text":
            return TEXT
        both = either(one, other)
        return both if both.kind in ("integer", "number", "list") else ANY

    def among(self, node: Call, given: list[Known]) -> None:
        wanted, over = node.operands[0], given[1]
        if over.kind == "list" and over.member is not None:
            self.fit(given[0], over.member)
            if isinstance(node.operands[1], Sequence):
                for each in node.operands[1].members:
                    self.code(given[0], each)
            self.code(over.member, wanted)

    def compared(self, node: Call, given: list[Known]) -> None:
        self.fit(given[0], given[1])
        if node.function in ("_==_", "_!=_"):
            self.code(given[0], node.operands[1])
            self.code(given[1], node.operands[0])

    def fit(self, one: Known, other: Known) -> None:
        kinds = {one.kind, other.kind}
        if len(kinds) == 2 and not kinds & {"any", "null"} and kinds != {"integer", "number"}:
            self.told("kinds-apart", {"one": one.kind, "other": other.kind})

    def code(self, known: Known, node: Node) -> None:
        """A literal text that a value is compared with is one of those it can be."""
        if not (isinstance(node, Constant) and isinstance(node.value, str) and known.values):
            return
        if node.value not in known.values:
            near = nearest(node.value, known.values)
            listed = ", ".join(sorted(known.values)[:12])
            self.told("value-never", {"value": node.value, "known": listed, "near": near or listed})
