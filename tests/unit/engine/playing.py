"""A player for tests: one proceeding, moved by node names, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import diagrams, machine
from engine.diagrams import Definition
from engine.errors import DiagramRefused
from engine.step import Step

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
LOADED: list[tuple[bytes, bool]] = []
"""The files that the present test has loaded, and whether they were accepted."""


class Play:
    """Plays a diagram. Keeps the last step and the whole trace."""

    def __init__(
        self,
        source: bytes | Mapping[str, bytes] | Definition,
        process: str = "p",
        *,
        services: Mapping[str, Callable[..., Any]] | None = None,
        trigger: str | None = None,
        payload: Any = None,
        now: datetime = DAWN,
        **data: Any,
    ) -> None:
        self.now = now
        self.services = services or {}
        self.definition = source if isinstance(source, Definition) else load(source, process)
        self.history: list[Any] = []
        self.step: Step
        begun = machine.start(
            self.definition, data=data, now=now, services=self.services, trigger=trigger, payload=payload
        )
        self._take(begun)

    def complete(self, node: str, which: int = 0, **answers: Any) -> Play:
        """Complete the open task of that node (the first, or another where there are several)."""
        return self.finish(self.tasks(node)[which].id, **answers)

    def finish(self, id: str, **answers: Any) -> Play:
        return self._take(
            machine.complete(self.definition, self.step.snapshot, id, answers, now=self.now, services=self.services)
        )

    def wake(self, expired: Mapping[str, datetime] | None = None, **later: float) -> Play:
        """Let time pass, then wake."""
        self.now += timedelta(**later)
        return self._take(
            machine.wake(
                self.definition, self.step.snapshot, now=self.now, services=self.services, expired=expired or {}
            )
        )

    def deliver(self, message: str, payload: Any = None, to: str | None = None) -> Play:
        return self._take(
            machine.deliver(
                self.definition, self.step.snapshot, message, payload, now=self.now, services=self.services, to=to
            )
        )

    def signal(self, name: str, payload: Any = None) -> Play:
        return self._take(
            machine.deliver(
                self.definition,
                self.step.snapshot,
                name,
                payload,
                now=self.now,
                services=self.services,
                kind="signal",
            )
        )

    def look(self) -> Step:
        return machine.look(self.definition, self.step.snapshot, now=self.now)

    def _take(self, step: Step) -> Play:
        self.step = step
        self.history.extend(step.trace)
        return self

    @property
    def open(self) -> list[str]:
        """The nodes of the open tasks, in order."""
        return [task.node for task in self.step.open_tasks]

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.step.variables

    @property
    def ended(self) -> bool:
        return self.step.ended

    def tasks(self, node: str) -> list[Any]:
        return [task for task in self.step.open_tasks if task.node == node]

    def timer(self, node: str) -> Any:
        return next(timer for timer in self.step.timers if timer.node == node)

    def happened(self, what: str, *, all_of_it: bool = False) -> list[str]:
        """The nodes to which this happened, in the last step or in all."""
        return [each.node for each in (self.history if all_of_it else self.step.trace) if each.what == what]

    def says(self) -> list[tuple[str, str]]:
        return [(each.what, each.node) for each in self.step.trace]


def load(source: bytes | Mapping[str, bytes], process: str = "p") -> Definition:
    sources = {"p.bpmn": source} if isinstance(source, bytes) else source
    try:
        definition = diagrams.load(sources, process)
    except DiagramRefused:
        LOADED.extend((file, False) for file in sources.values())
        raise
    LOADED.extend((file, True) for file in sources.values())
    return definition


def refusals(source: bytes | Mapping[str, bytes], process: str = "p") -> list[str]:
    """The rules that a diagram breaks."""
    return [finding.rule for finding in findings(source, process)]


def findings(source: bytes | Mapping[str, bytes], process: str = "p") -> tuple[Any, ...]:
    try:
        load(source, process)
    except DiagramRefused as refused:
        return refused.findings
    return ()
