"""Storing and clearing away change nothing: random diagrams, each played in several ways with the same choices.

Played: without ever clearing away, in one piece; stored and taken up again between commands; cleared away and stored after every
single token that moved. The whole trace in order, and before every command what stands open, must be the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from SpiffWorkflow import TaskState

from engine import diagrams, machine, moments, plain, standing, variables
from engine import snapshot as snapshots
from engine.diagrams import Definition
from engine.errors import ErrorUncaught, ProceedingStuck
from engine.proceeding import Proceeding, Token
from engine.step import Step
from tests.unit.engine.random_diagrams import MESSAGES, SIGNALS, random_sources

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
COMMANDS = 25
SEEDS = range(250)
TRACE = 3_000
"""Lines of trace after which a diagram is taken to multiply its tokens."""


class Whole:
    """Keeps one proceeding in memory and never clears anything away."""

    def __init__(self, definition: Definition, data: dict[str, Any]) -> None:
        self.definition = definition
        self.proceeding = Proceeding(
            definition.specs[definition.process_id], definition.specs, clock=DAWN, services={}, mark="m"
        )
        self.proceeding.variables = plain.variables(dict(data))
        self.proceeding.enter(definition.specs[definition.process_id].plain_start)
        self.settle()

    def settle(self) -> None:
        while self.proceeding.advance():
            self.between_tokens()

    def between_tokens(self) -> None:
        """After each token that moved."""

    def between_commands(self) -> None:
        """Before each command."""

    def step(self) -> Step:
        """What `machine` would show of a copy, which it clears up before."""
        copy = again(self.definition, self.proceeding)
        snapshots.compact(copy)
        return standing.describe(copy, frozenset(), snapshots.freeze(copy, self.definition))

    def complete(self, id: str, answers: dict[str, Any], now: datetime) -> None:
        self.proceeding.clock = now
        token = self.proceeding.token_named(id)
        for name, value in answers.items():
            variables.assign(token, name, value)
        self.proceeding.run(token)
        self.settle()

    def deliver(self, name: str, payload: Any, now: datetime) -> None:
        self.proceeding.clock = now
        taker = self.proceeding.waiting_for(name)
        if taker is not None:
            taker.task_spec.catch(taker, payload)
            self.settle()

    def signal(self, name: str, payload: Any, now: datetime) -> None:
        self.proceeding.clock = now
        self.proceeding.signal(name, payload)
        self.settle()

    def wake(self, now: datetime, expired: dict[str, datetime]) -> None:
        passed = {self.proceeding.token_named(id).id: moments.stamp(moment) for id, moment in expired.items()}
        while self.proceeding.fire_due(moments.stamp(now), passed):
            self.settle()


class Cleared(Whole):
    """Clears away after every token."""

    def between_tokens(self) -> None:
        snapshots.compact(self.proceeding)


class Stored(Whole):
    """Stores and takes up again between commands."""

    def keep(self) -> None:
        snapshots.compact(self.proceeding)
        old, self.proceeding = self.proceeding, again(self.definition, self.proceeding)
        self.proceeding.trace, self.proceeding.messages = old.trace, old.messages

    def between_commands(self) -> None:
        self.keep()


class StoredAlways(Stored):
    """Stores and takes up again after every token, whatever is ready or half done."""

    def between_tokens(self) -> None:
        self.keep()


def again(definition: Definition, proceeding: Proceeding) -> Proceeding:
    frozen = snapshots.freeze(proceeding, definition)
    return snapshots.thaw(definition, frozen, clock=proceeding.clock, services={})


def play(way: type[Whole], definition: Definition, seed: int) -> list[Any]:
    """Play with the choices of a seed; gives everything that could be seen."""
    random = Random(seed)
    now = DAWN
    seen: list[Any] = []
    kept = way(definition, {"n": seed % 5, "m": 0})
    for _ in range(COMMANDS):
        kept.between_commands()
        step = kept.step()
        seen.append(visible(step))
        if step.ended:
            break
        now += timedelta(minutes=random.choice([0, 30, 60, 150]))
        choice = random.random()
        if step.open_tasks and choice < 0.6:
            task = random.choice(step.open_tasks)
            answers = {"n": random.randint(0, 9)} if random.random() < 0.5 else {}
            if "mine" in task.locals:
                answers["mine"] = random.randint(0, 2)
            kept.complete(task.id, answers, now)
        elif choice < 0.8:
            limits = [timer.id for timer in step.timers if timer.deadline and random.random() < 0.5]
            kept.wake(now, {id: now - timedelta(minutes=random.choice([0, 10])) for id in limits})
        elif choice < 0.9:
            kept.deliver(random.choice(MESSAGES), random.randint(0, 9), now)
        else:
            kept.signal(random.choice(SIGNALS), random.randint(0, 9), now)
    seen.append(kept.proceeding.trace)
    seen.append(kept.proceeding.messages)
    return seen


def visible(step: Step) -> tuple[Any, ...]:
    return (step.open_tasks, step.timers, step.waiting, step.active, dict(step.variables), step.ended)


def played(seed: int, *ways: type[Whole]) -> list[list[Any]]:
    """What each way shows. A diagram that multiplies its tokens is left out: playing it would only take long."""
    definition = diagrams.load(random_sources(seed), "p")
    found: list[list[Any]] = []
    for way in ways:
        try:
            found.append(play(way, definition, seed))
        except ProceedingStuck as stuck:
            found.append([str(stuck)])
        except ErrorUncaught as uncaught:
            found.append(["uncaught", str(uncaught)])
        if len(found[0]) > 2 and len(found[0][-2]) > TRACE:
            return [[]] * len(ways)
    return found


@pytest.mark.parametrize("tens", range(0, len(SEEDS), 25))
def test_however_a_proceeding_is_kept_the_same_happens(tens):
    for seed in SEEDS[tens : tens + 25]:
        whole, cleared, stored, always = played(seed, Whole, Cleared, Stored, StoredAlways)
        assert cleared == whole, seed
        assert stored == whole, seed
        assert always == whole, seed


def test_one_late_wake_gives_what_many_punctual_ones_give():
    compared = 0
    for seed in SEEDS:
        definition = diagrams.load(random_sources(seed), "p")
        begun = machine.start(definition, data={"n": seed % 5, "m": 0}, now=DAWN, services={})
        late = machine.wake(definition, begun.snapshot, now=DAWN + timedelta(hours=6), services={})
        if late.failed and late.failed.code != "deadlock":
            continue  # a failed proceeding is not woken again
        punctual, trace = begun, []
        for quarter in range(1, 25):
            moment = DAWN + timedelta(minutes=15 * quarter)
            punctual = machine.wake(definition, punctual.snapshot, now=moment, services={})
            trace.extend(punctual.trace)
        assert late.trace == tuple(trace), seed
        assert late.snapshot == punctual.snapshot, seed
        compared += bool(late.trace)
    assert compared > 60


def test_the_random_diagrams_do_what_they_are_for():
    """They end, wait, fire, interrupt, repeat, call: else the test above would show nothing."""
    ended, kinds, stuck = 0, dict.fromkeys(("entered", "completed", "cancelled", "fired", "taken", "uncaught"), 0), 0
    nested, moved = 0, 0
    for seed in SEEDS[:100]:
        [whole] = played(seed, Whole)
        if not whole or isinstance(whole[0], str):
            stuck += 1
            continue
        ended += whole[-3][-1]
        moved += len(whole) - 2
        for each in whole[-2]:
            kinds[each.what] += 1
            nested += bool(each.path)
    assert ended > 30
    assert stuck < 25
    assert moved > 600
    assert kinds.pop("uncaught") > 10
    assert min(kinds.values()) > 100, kinds
    assert nested > 1_000


# Mutation: everything that is kept is needed, and the test above would see it missing


class Forgetful(StoredAlways):
    """Stores wrongly: something is taken out of what was written."""

    stored = 0

    def keep(self) -> None:
        self.stored += 1
        if self.stored > TRACE:
            raise RecursionError("what has ended begins again, for ever")
        snapshots.compact(self.proceeding)
        frozen = snapshots.freeze(self.proceeding, self.definition)
        _, _, body = frozen.partition(b'"state":')
        state = json.loads(body[:-1])
        self.forget(state)
        body = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
        digest = hashlib.sha256(body).hexdigest()
        frozen = b'{"wenze":1,"sha256":"%s","state":%s}' % (digest.encode(), body)
        old = self.proceeding
        self.proceeding = snapshots.thaw(self.definition, frozen, clock=old.clock, services={})
        self.proceeding.trace, self.proceeding.messages = old.trace, old.messages

    def forget(self, state: dict[str, Any]) -> None:
        raise NotImplementedError


def tokens(state: dict[str, Any]) -> Iterator[list[Any]]:
    for scope in state["scopes"]:
        yield from scope["tokens"]


class WithoutParents(Forgetful):
    """Boundary events, races and instances cannot find their siblings."""

    def forget(self, state: dict[str, Any]) -> None:
        for scope in state["scopes"]:
            scope["tokens"] = [[id, 0, *rest] for id, _, *rest in scope["tokens"] if rest[1] != TaskState.COMPLETED]


class WithoutWhatTheyKnow(Forgetful):
    """Joins, timers and multi-instances forget what they have counted."""

    def forget(self, state: dict[str, Any]) -> None:
        for token in tokens(state):
            if len(token) > 4:
                token[4] = {}


class WithoutItems(Forgetful):
    """Instances forget their items."""

    def forget(self, state: dict[str, Any]) -> None:
        for token in tokens(state):
            del token[5:]


class WithoutInnerVariables(Forgetful):
    """Sub-processes and called processes forget their variables."""

    def forget(self, state: dict[str, Any]) -> None:
        for scope in state["scopes"][1:]:
            scope["variables"] = {}


class WithoutWhatWasWritten(Forgetful):
    """Called processes forget what they have to give back."""

    def forget(self, state: dict[str, Any]) -> None:
        for scope in state["scopes"]:
            scope.pop("written", None)


class WithoutWhatHasEnded(Forgetful):
    """Scopes that have ended are dropped before their token has gone on."""

    def forget(self, state: dict[str, Any]) -> None:
        state["scopes"] = [scope for scope in state["scopes"] if not scope.get("completed")]


class WithoutWhatCouldBeUndone(Forgetful):
    """Compensation finds nothing to undo."""

    def forget(self, state: dict[str, Any]) -> None:
        for scope in state["scopes"]:
            scope.pop("done", None)


class WithoutTheCount(Forgetful):
    """Numbers of tokens are given again."""

    def forget(self, state: dict[str, Any]) -> None:
        state["number"] = max((token[0] for token in tokens(state)), default=0)


class HungOnTheNextAncestor(StoredAlways):
    """Clears away by hanging tokens on the nearest ancestor that is kept, instead of on the root."""

    def keep(self) -> None:
        ancestors = {
            (scope, token.id): list(lineage(token))
            for scope in (self.proceeding, *self.proceeding.subprocesses.values())
            for token in scope.live.values()
        }
        snapshots.compact(self.proceeding)
        for (scope, id), line in ancestors.items():
            token, above = scope.tasks[id], next(each for each in line if each.id in scope.tasks)
            if token.parent is not above:
                token.parent.children.remove(token)
                token.parent = above
                above.children.append(token)


def lineage(token: Token) -> Iterator[Token]:
    while token.parent is not None:
        token = token.parent
        yield token


@pytest.mark.parametrize(
    "mutant",
    [
        WithoutParents,
        WithoutWhatTheyKnow,
        WithoutItems,
        WithoutInnerVariables,
        WithoutWhatWasWritten,
        WithoutWhatHasEnded,
        WithoutWhatCouldBeUndone,
        WithoutTheCount,
        HungOnTheNextAncestor,
    ],
)
def test_whatever_is_not_kept_is_missed(mutant):
    for seed in SEEDS[:120]:
        [whole] = played(seed, Whole)
        try:
            [other] = played(seed, mutant)
        except Exception:  # noqa: BLE001 - to fail is to differ
            return
        if other != whole:
            return
    pytest.fail("nothing was missed")
