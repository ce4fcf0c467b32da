"""Random schedules of completions, messages, signals and time, and the ways in which a proceeding is kept while it is played.

Every way plays the same choices and shows what happened. `Whole` never clears anything away, in one piece; `Cleared` clears away
after every token; `Stored` is stored and taken up again between commands, `StoredAlways` after every token, whatever is half
done. `Stepwise` is what a host does: one function of `machine` after another, with nothing but the snapshot between them.
`ByTheStandard` is the token game of `oracle`, which is no engine of ours.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, Literal

from engine import diagrams, machine, moments, plain, standing, variables
from engine import snapshot as snapshots
from engine.diagrams import Definition
from engine.errors import ErrorUncaught, ProceedingStuck
from engine.proceeding import Proceeding
from engine.step import Step
from tests.unit.engine import oracle
from tests.unit.engine.random_diagrams import MESSAGES, SIGNALS, random_sources

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
COMMANDS = 25
LINES = 3_000
"""Lines of trace after which a diagram is taken to multiply its tokens."""


@dataclass(frozen=True)
class Command:
    """One thing that happens to a proceeding from outside."""

    at: datetime
    what: Literal["complete", "wake", "message", "signal"]
    which: tuple[int, ...] = ()
    """The open task; the statutory timers that have passed."""
    name: str = ""
    value: Any = None
    """Answers, payload, or the moment that the timers passed."""


@dataclass(frozen=True)
class Seen:
    """What stands open, as far as the standard speaks of it."""

    tasks: list[Any]
    timers: list[Any]
    waiting: list[Any]
    variables: Mapping[str, Any]
    ended: bool
    deadlocked: bool


@dataclass(frozen=True)
class Drawn:
    """A diagram: for the engine loaded once, for the standard its XML."""

    sources: Mapping[str, bytes]
    services: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    @cached_property
    def definition(self) -> Definition:
        return diagrams.load(self.sources, "p")


class Over(Exception):
    """The proceeding can be played no further."""


# --- Choosing --------------------------------------------------------------------------------------------------------


def chosen(random: Random, seen: Seen, now: datetime) -> Command:
    """What happens next: the same for everybody who sees the same."""
    now += timedelta(minutes=random.choice([0, 30, 60, 150]))
    choice = random.random()
    if seen.tasks and choice < 0.6:
        which = random.randrange(len(seen.tasks))
        answers = {"n": random.randint(0, 9)} if random.random() < 0.5 else {}
        if "mine" in seen.tasks[which][2]:
            answers["mine"] = random.randint(0, 2)
        return Command(now, "complete", (which,), value=answers)
    if choice < 0.8:
        limits = tuple(at for at, timer in enumerate(seen.timers) if timer[2] is None and random.random() < 0.5)
        return Command(now, "wake", limits, value=now - timedelta(minutes=random.choice([0, 10])))
    kind: Literal["message", "signal"] = "message" if choice < 0.9 else "signal"
    return Command(
        now, kind, name=random.choice(MESSAGES if kind == "message" else SIGNALS), value=random.randint(0, 9)
    )


# --- Ways ------------------------------------------------------------------------------------------------------------


class Whole:
    """Keeps one proceeding in memory and never clears anything away."""

    def __init__(self, drawn: Drawn, data: Mapping[str, Any]) -> None:
        self.definition = drawn.definition
        process = self.definition.specs["p"]
        self.proceeding = Proceeding(process, self.definition.specs, clock=DAWN, services=drawn.services, mark="m")
        self.proceeding.variables = plain.variables(dict(data))
        self.proceeding.enter(process.plain_start)
        self.settle()

    def settle(self) -> None:
        while self.proceeding.advance():
            self.between_tokens()

    def between_tokens(self) -> None:
        """After each token that moved."""

    def between_commands(self) -> None:
        """Before each command."""

    def look(self) -> tuple[Seen, Any]:
        """What stands open, and what only the engine knows of it: numbers of tokens, what is active."""
        # What `machine` would show of a copy, which it clears up before.
        copy = again(self.definition, self.proceeding)
        snapshots.compact(copy)
        self.step = standing.describe(copy, frozenset(), snapshots.freeze(copy, self.definition))
        return looked_at(self.step)

    def do(self, command: Command) -> None:
        step, kept = self.step, self.proceeding
        kept.clock = command.at
        if command.what == "complete":
            token = kept.token_named(step.open_tasks[command.which[0]].id)
            for name, value in command.value.items():
                variables.assign(token, name, value)
            kept.run(token)
            self.settle()
        elif command.what == "wake":
            names = [step.timers[at].id for at in command.which]
            passed = {kept.token_named(name).id: moments.stamp(command.value) for name in names}
            while self.proceeding.fire_due(moments.stamp(command.at), passed):
                self.settle()
        elif command.what == "signal":
            kept.signal(command.name, command.value)
            self.settle()
        elif (taker := kept.waiting_for(command.name)) is not None:
            taker.task_spec.catch(taker, command.value)
            self.settle()

    @property
    def trace(self) -> list[Any]:
        return self.proceeding.trace

    @property
    def messages(self) -> list[Any]:
        return self.proceeding.messages


class Cleared(Whole):
    """Clears away after every token."""

    storing: Any = snapshots
    """What clears away, freezes and thaws: the engine's module, or a mutant of it."""

    def between_tokens(self) -> None:
        self.storing.compact(self.proceeding)


class Stored(Cleared):
    """Stores and takes up again between commands."""

    def keep(self) -> None:
        self.storing.compact(self.proceeding)
        old, self.proceeding = self.proceeding, again(self.definition, self.proceeding, self.storing)
        self.proceeding.trace, self.proceeding.messages = old.trace, old.messages

    def between_tokens(self) -> None:
        """Not yet."""

    def between_commands(self) -> None:
        self.keep()


class StoredAlways(Stored):
    """Stores and takes up again after every token, whatever is ready or half done."""

    def between_tokens(self) -> None:
        self.keep()


class Stepwise:
    """Nothing but the snapshot is kept from one function of `machine` to the next."""

    def __init__(self, drawn: Drawn, data: Mapping[str, Any]) -> None:
        self.definition, self.services = drawn.definition, drawn.services
        self.trace: list[Any] = []
        self.messages: list[Any] = []
        self.take(machine.start(self.definition, data=data, now=DAWN, services=self.services))

    def take(self, step: Step) -> None:
        self.step = step
        self.trace.extend(step.trace)
        self.messages.extend(step.messages)
        if step.failed and step.failed.code != "deadlock":
            raise Over(f"uncaught {step.failed.code}")

    def between_commands(self) -> None:
        """Everything is stored already."""

    def look(self) -> tuple[Seen, Any]:
        return looked_at(self.step)

    def do(self, command: Command) -> None:
        before, how = self.step, {"now": command.at, "services": self.services}
        if command.what == "complete":
            id = before.open_tasks[command.which[0]].id
            self.take(machine.complete(self.definition, before.snapshot, id, command.value, **how))
        elif command.what == "wake":
            expired = {before.timers[at].id: command.value for at in command.which}
            self.take(machine.wake(self.definition, before.snapshot, expired=expired, **how))
        else:
            told = command.name, command.value
            self.take(machine.deliver(self.definition, before.snapshot, *told, kind=command.what, **how))


class ByTheStandard:
    """The token game of the standard."""

    def __init__(self, drawn: Drawn, data: Mapping[str, Any]) -> None:
        self.game = oracle.Game(drawn.sources.values(), "p", data, DAWN, drawn.services)

    def between_commands(self) -> None:
        """Nothing is ever stored."""

    def look(self) -> tuple[Seen, Any]:
        game = self.game
        timers, waiting = game.waiting("timer"), game.waiting("message", "signal", "condition")
        shown = Seen(
            [(each.node.id, each.scope.path, game.locals_of(each)) for each in game.tasks()],
            [(each.drawn, each.scope.path, each.kept.get("due")) for each in timers],
            [(each.drawn, each.scope.path, each.event.name or each.event.text) for each in waiting if each.event],
            dict(game.top.variables),
            game.ended,
            game.deadlocked,
        )
        return shown, ()

    def do(self, command: Command) -> None:
        game = self.game
        game.clock = command.at
        if command.what == "complete":
            game.complete(game.tasks()[command.which[0]], command.value)
        elif command.what == "wake":
            timers = game.waiting("timer")
            game.wake(command.at, {timers[at].number: command.value for at in command.which})
        else:
            game.tell(command.what, command.name, command.value)

    @property
    def trace(self) -> list[Any]:
        return self.game.trace

    @property
    def messages(self) -> list[Any]:
        return self.game.messages


Way = type[Whole] | type[Stepwise] | type[ByTheStandard]


def again(definition: Definition, proceeding: Proceeding, storing: Any = snapshots) -> Proceeding:
    """A proceeding frozen and thawed."""
    frozen = storing.freeze(proceeding, definition)
    thawed: Proceeding = storing.thaw(definition, frozen, clock=proceeding.clock, services=proceeding.services)
    return thawed


def looked_at(step: Step) -> tuple[Seen, Any]:
    shown = Seen(
        [(each.node, each.path, dict(each.locals)) for each in step.open_tasks],
        [(each.node, each.path, each.due) for each in step.timers],
        [(each.node, each.path, each.message or each.signal or each.condition) for each in step.waiting],
        dict(step.variables),
        step.ended,
        step.failed is not None and step.failed.code == "deadlock",
    )
    return shown, (step.open_tasks, step.timers, step.waiting, step.active)


# --- Playing ---------------------------------------------------------------------------------------------------------


@dataclass
class Played:
    """Everything that could be seen of a proceeding."""

    seen: list[Seen]
    all_of_it: list[Any]
    trace: list[Any]
    messages: list[Any]
    over: str = ""

    @property
    def plain(self) -> tuple[Any, ...]:
        """As far as the standard speaks of it."""
        trace = [(each.what, each.node, each.path) for each in self.trace]
        if self.over.startswith("uncaught"):  # what is cleared away afterwards is no part of it
            ends = [at for at, (what, *_) in enumerate(trace) if what == "uncaught"]
            trace = trace[: ends[-1] + 1] if ends else trace
        sent = [(each.kind, each.name, each.payload, each.node) for each in self.messages]
        # Nothing is sent in a move that failed: what was thrown in it before is not compared.
        return self.seen, trace, [] if self.over else sent, self.over


def play(way: Way, drawn: Drawn, seed: int, commands: int = COMMANDS) -> Played:
    """Play with the choices of a seed."""
    played, random = Played([], [], [], []), Random(seed)
    try:
        kept = way(drawn, {"n": seed % 5, "m": 0})
    except Exception as wrong:  # noqa: BLE001 - what is not known comes out again
        played.over = _over(wrong)
        return played
    go_on(kept, played, random, DAWN, commands)
    return played


def go_on(kept: Any, played: Played, random: Random, now: datetime, commands: int) -> datetime:
    """Play what has begun. Gives the moment of the last command."""
    for _ in range(commands):
        kept.between_commands()
        seen, all_of_it = kept.look()
        played.seen.append(seen)
        played.all_of_it.append(all_of_it)
        if seen.ended or len(kept.trace) > LINES:
            break
        command = chosen(random, seen, now)
        now = command.at
        try:
            kept.do(command)
        except Exception as wrong:  # noqa: BLE001 - what is not known comes out again
            played.over = _over(wrong)
            break
    played.trace, played.messages = kept.trace, kept.messages
    return now


def taken_up(drawn: Drawn, snapshot: bytes, now: datetime, seed: int) -> str:
    """What becomes of a stored proceeding, to the last number."""
    kept = Stepwise.__new__(Stepwise)
    kept.definition, kept.services, kept.trace, kept.messages = drawn.definition, {}, [], []
    kept.take(machine.look(drawn.definition, snapshot, now=now))
    played = Played([], [], [], [])
    go_on(kept, played, Random(seed), now, COMMANDS)
    return repr((played, kept.step.snapshot))


def _over(wrong: Exception) -> str:
    match wrong:
        case ProceedingStuck() | oracle.Stuck():
            return "stuck"
        case ErrorUncaught():
            return f"uncaught {wrong.facts['code']}"
        case oracle.Uncaught():
            return f"uncaught {wrong.code}"
        case Over():
            return str(wrong)
    raise wrong


def played(drawn: Drawn, seed: int, *ways: Way) -> Iterator[Played]:
    """What each way shows. A diagram that multiplies its tokens is left out: playing it would only take long."""
    for way in ways:
        shown = play(way, drawn, seed)
        if len(shown.trace) > LINES:
            return
        yield shown


if __name__ == "__main__":
    # Another process takes proceedings up: lines of seed, moment and snapshot.
    for line in sys.stdin:
        seed, at, snapshot = line.split()
        drawn = Drawn(random_sources(int(seed)))
        done = taken_up(drawn, bytes.fromhex(snapshot), datetime.fromisoformat(at), int(seed))
        print(hashlib.sha256(done.encode()).hexdigest())
