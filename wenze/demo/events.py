"""What can be told of a walk: each as the API answered it. May never hold a number of the walk's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Both = Mapping[str, str]
"""A wording: zh and en."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """The clock was moved."""

    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """Somebody did a step."""

    names: tuple[str, ...]
    role: Both | None
    what: Both
    parties: tuple[str, ...] = ()
    """Whom it is about."""
    said: tuple[str, ...] = ()
    """What was answered, in the words of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Somebody wanted to do a step and was refused."""

    name: str
    what: Both
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A decision table advised something."""

    decision: str
    result: Any
    rules: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A limit of the act under examination was judged."""

    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A limit of this case began, was met or passed."""

    rule: Mapping[str, Any]
    due: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A rung of a limit was reached: somebody was told."""

    kind: str
    rule: Mapping[str, Any]
    at: str
    told: tuple[str, ...]


Event = Waited | Did | TurnedAway | Advised | Checked | Ran | Warned
