"""Walking a diagram: every answer, every passed limit and every message tried in turn, until nothing new can happen.

A walk is a tree of moves. What a person may answer is enumerated in `answers`; limits and messages are moves as they stand open.
So that loops end, an answer that competes with others is given once in a walk (when all have been given, the first again: it
is the one that leads on), and limits and messages that disturb what goes on anyway are counted. Nothing is random: two walks
of one diagram are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from engine import diagrams, machine
from engine.diagrams import Definition
from engine.step import OpenTask, Step, Timer, Waiting

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOURCES = {
    path.as_posix(): path.read_bytes() for path in sorted(Path("bpmn").rglob("*")) if path.suffix in (".bpmn", ".dmn")
}
Services = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that happens from outside."""

    how: Literal["answer", "expire", "tell"]
    node: str
    token: str
    values: str
    """Answers or payload, as JSON."""
    about: str = ""
    competes: bool = False
    """Whether there are other answers at this node."""
    disturbs: bool = False
    """Whether the diagram would go on without it."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.node, self.about, self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A whole way from the beginning to an end."""

    data: Mapping[str, Any]
    trigger: str | None
    moves: tuple[Move, ...]
    traces: tuple[tuple[Any, ...], ...]
    """What happened in each step."""
    last: Step

    @property
    def happened(self) -> list[tuple[str, str, str]]:
        """(what, process, node), in order."""
        return [entry for trace in self.traces for entry in trace]

    @property
    def told(self) -> str:
        """The walk in one line, for a failing test."""
        return " → ".join(f"{move.node}({move.values})" for move in self.moves)


@dataclass(slots=True, kw_only=True)
class Walker:
    """How one diagram is walked."""

    definition: Definition
    answers: Callable[[OpenTask], Sequence[Mapping[str, Any]]]
    payloads: Callable[[Waiting], Sequence[Any]]
    services: Services = field(default_factory=dict)
    disturbances: int = 2
    """How many limits and messages may disturb one walk."""

    def walks(self, data: Mapping[str, Any], trigger: str | None = None) -> Iterator[Walk]:
        """Every way, depth first."""
        first = machine.start(self.definition, data=data, now=NOW, services=self.services, trigger=trigger)
        stack: list[tuple[Step, tuple[Move, ...], tuple[Any, ...]]] = [(first, (), (trace_of(first),))]
        while stack:
            step, moves, traces = stack.pop()
            ways = list(self.ways(step, moves))
            if not ways:
                yield Walk(data=data, trigger=trigger, moves=moves, traces=traces, last=step)
            for move in reversed(ways):
                after = self.make(step.snapshot, move)
                stack.append((after, (*moves, move), (*traces, trace_of(after))))

    def ways(self, step: Step, moves: tuple[Move, ...]) -> Iterator[Move]:
        """What may happen next. Of several open tasks the first is done first: their order makes no difference here."""
        made = {move.key for move in moves}
        disturbed = sum(move.disturbs for move in moves)
        for task in step.open_tasks[:1]:
            given = list(self.answered(task))
            yield from [move for move in given if not (move.competes and move.key in made)] or given[:1]
        for event in (*step.timers, *step.waiting):
            for move in self.happening(event, bool(step.open_tasks)):
                again = (move.competes or move.disturbs) and move.key in made
                if not again and not (move.disturbs and disturbed >= self.disturbances):
                    yield move

    def answered(self, task: OpenTask) -> Iterator[Move]:
        answers = self.answers(task)
        for values in answers:
            yield Move(
                how="answer",
                node=task.node,
                token=task.id,
                values=_text(values),
                about=_text([task.about, task.locals]),
                competes=len(answers) > 1,
            )

    def happening(self, event: Timer | Waiting, busy: bool) -> Iterator[Move]:
        disturbs = event.attached is not None and busy
        if isinstance(event, Timer):
            about = _text([event.about, event.locals])
            yield Move(how="expire", node=event.node, token=event.id, values="null", about=about, disturbs=disturbs)
            return
        payloads = self.payloads(event)
        for payload in payloads:
            yield Move(
                how="tell",
                node=event.node,
                token=event.id,
                values=_text(payload),
                about=_text([event.about, event.locals]),
                competes=len(payloads) > 1,
                disturbs=disturbs,
            )

    def make(self, snapshot: bytes, move: Move) -> Step:
        """Let it happen."""
        definition, services, values = self.definition, self.services, json.loads(move.values)
        if move.how == "answer":
            return machine.complete(definition, snapshot, move.token, values, now=NOW, services=services)
        if move.how == "expire":
            return machine.wake(definition, snapshot, now=NOW, services=services, expired={move.token: NOW})
        message = next(w.message for w in machine.look(definition, snapshot, now=NOW).waiting if w.id == move.token)
        return machine.deliver(definition, snapshot, message, values, now=NOW, services=services, to=move.token)

    def again(self, walk: Walk) -> tuple[tuple[Any, ...], ...]:
        """The same moves once more; between any two the proceeding is nothing but a copy of its bytes."""
        step = machine.start(
            self.definition, data=dict(walk.data), now=NOW, services=self.services, trigger=walk.trigger
        )
        traces = [trace_of(step)]
        for move in walk.moves:
            step = self.make(bytes(bytearray(step.snapshot)), move)
            traces.append(trace_of(step))
        return tuple(traces)


def trace_of(step: Step) -> tuple[Any, ...]:
    """What happened in a step, and what stood open after it."""
    return tuple((each.what, each.process, each.node) for each in step.trace)


def load(process: str, sources: Mapping[str, bytes] | None = None) -> Definition:
    """A shipped process with everything it calls."""
    return diagrams.load(SOURCES if sources is None else sources, process)


def alone(process: str) -> dict[str, bytes]:
    """The sources with one process as drawn; each process it calls is replaced by a single task of the same name."""
    kept = next(text for text in SOURCES.values() if f'<bpmn:process id="{process}"'.encode() in text)
    sources = {name: text for name, text in SOURCES.items() if name.endswith(".dmn")}
    sources[process] = kept
    for called in sorted({node.calls for node in load(process).nodes if node.calls and node.process == process}):
        sources[called] = _STUB.format(id=called).encode()
    return sources


_STUB = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wz="urn:wenze:bpmn:1" id="d_{id}">
  <process id="{id}" name="{id}" isExecutable="true">
    <startEvent id="begin_{id}" /><userTask id="{id}_done" name="{id}" /><endEvent id="end_{id}" />
    <sequenceFlow id="a_{id}" sourceRef="begin_{id}" targetRef="{id}_done" />
    <sequenceFlow id="b_{id}" sourceRef="{id}_done" targetRef="end_{id}" />
  </process>
</definitions>"""


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = dict(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=dict)
