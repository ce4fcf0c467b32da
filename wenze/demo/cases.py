"""The published cases as files: what was published, in our own words; whom our invented organ meets; the chronicle of how it
handles the matter; and what has to come out. May never name a real place, organ or person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "cases"

Step = tuple[str, Mapping[str, Any]]
"""A node of the diagram, or another thing to do, and what is answered otherwise than usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A person or unit that the clue names."""

    name: str
    kind: str = "person"
    post: str = ""
    account: str | None = None
    """Login, where they can sign in."""
    respondent: bool = True
    handling_role: str = "HANDLER"
    conduct_pattern: str = "OVERLOOKED"
    conduct: str = ""
    fault: str = "ORDINARY_NEGLIGENCE"
    liability: str = "DIRECT"
    share: str = "FULL"
    outcome: str = "CRITICISM_EDUCATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One published case and its chronicle."""

    name: str
    title: Mapping[str, str]
    published: Mapping[str, str]
    """What was published."""
    invented: Mapping[str, str]
    """What the chronicle adds to it."""
    clue: Mapping[str, Any]
    """Answers to the first form."""
    concerned: tuple[Concerned, ...]
    words: Mapping[str, str]
    """What is written into the forms of this case, by what it is about."""
    limits: tuple[Mapping[str, str], ...]
    """Limits of the act under examination that the investigators check."""
    story: tuple[tuple[Any, tuple[Step, ...]], ...]
    """Day → what is done on it."""
    expected: tuple[Mapping[str, Any], ...]
    """What has to come out."""
    ends: Mapping[str, str]
    """The state in which it is left, with its words."""

    def named(self, name: str) -> Concerned:
        """What is known of a party by its name."""
        return next(each for each in self.concerned if each.name == name)


def names() -> list[str]:
    """Names of the cases there are, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def case(name: str) -> Case:
    """The case of this name.

    Raises:
        KeyError: there is none.
    """
    if name not in names():
        raise KeyError(name)
    told = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Case(
        name=name,
        title=told["title"],
        published=told["published"],
        invented=told["invented"],
        clue=plain(told["clue"]),
        concerned=tuple(Concerned(**each) for each in told["concerned"]),
        words=told.get("words", {}),
        limits=tuple(plain(told.get("limits", []))),
        story=chronicle(told["story"]),
        expected=tuple(plain(told["expected"])),
        ends=told["ends"],
    )


def chronicle(told: Mapping[Any, Any]) -> tuple[tuple[Any, tuple[Step, ...]], ...]:
    """Days with their steps: a step is a name, or a name with its own answers."""
    return tuple((day, tuple(_step(step) for step in steps)) for day, steps in told.items())


def plain(value: Any) -> Any:
    """As JSON has it: days become text."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _step(told: Any) -> Step:
    if isinstance(told, str):
        return told, {}
    ((name, own),) = told.items()
    return name, plain(own)
