"""For which proceeding a message is meant: the keys by which the messages of a conversation belong together.

A key has properties; a diagram says how each is read from each message (`payload`), and a process may say how it is read from
its variables (a subscription). The first message that a proceeding sends or receives fixes its keys. It may never guess: where
a message carries keys, it is taken by a proceeding that has one of them, or by one it is addressed to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine import expressions
from engine.errors import ExpressionFailed
from engine.nodes import Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a conversation, as drawn."""

    id: str
    name: str
    properties: tuple[str, ...]
    """Ids of its properties."""
    messages: Mapping[str, tuple[Formula, ...]]
    """By name of the message: how each property is read from what it carries. Messages that do not give them all are not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A key that a process reads from its variables, and so anew whenever they change."""

    process: str
    key: str
    properties: tuple[Formula, ...]
    """How each property is read, in the order of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """A key with its values: what a proceeding has, or a message carries."""

    key: str
    """Id of the key."""
    values: tuple[Any, ...]
    """Plain values, in the order of its properties."""
    fixed: bool = True
    """Whether a message has fixed them; else they follow the variables of the proceeding."""

    @property
    def digest(self) -> str:
        """SHA-256 over key and values, in hexadecimal: by this a host finds the proceedings that a message is meant for."""
        return hashlib.sha256(_text([self.key, *self.values]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """All keys that concern a process, and its subscriptions."""

    keys: tuple[Key, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    def concerns(self, message: str) -> bool:
        """Whether a message of this name is told apart by a key."""
        return any(message in key.messages for key in self.keys)

    def carried(self, message: str, payload: Any) -> tuple[Correlated, ...]:
        """The keys that a message carries: those of which it gives every property."""
        found = []
        for key in self.keys:
            values = _values(key.messages.get(message, ()), {"payload": payload})
            if values:
                found.append(Correlated(key=key.id, values=values))
        return tuple(found)

    def subscribed(self, process: str, variables: Mapping[str, Any]) -> Iterator[Correlated]:
        """The keys that a process reads from its variables as they are."""
        for subscription in self.subscriptions:
            if subscription.process == process:
                values = _values(subscription.properties, variables)
                if values:
                    yield Correlated(key=subscription.key, values=values, fixed=False)


NONE = Correlation()


def _values(formulas: tuple[Formula, ...], known: Mapping[str, Any]) -> tuple[Any, ...]:
    """The value of each property; nothing where one is missing: such a key says nothing."""
    values = []
    for formula in formulas:
        try:
            value = expressions.evaluate(formula.compiled, known)
        except ExpressionFailed:
            return ()
        if value is None:
            return ()
        values.append(value)
    return tuple(values)


def _text(values: list[Any]) -> str:
    """The same values give the same text, and others another: 1 is not true, and not “1”."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
