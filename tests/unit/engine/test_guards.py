"""Nothing of what clears away, freezes and thaws can be left out: whatever is, something differs or more is kept (`guards`)."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from engine import snapshot
from engine.errors import SnapshotRefused
from engine.proceeding import Proceeding
from tests.unit.engine.drawing import (
    boundary,
    call,
    diagram,
    duration,
    end,
    exclusive,
    files,
    many,
    process,
    script,
    start,
    sub,
    throw,
    undone,
    user,
)
from tests.unit.engine.drawing import compensation as undo
from tests.unit.engine.guards import mutants
from tests.unit.engine.playing import Play, load
from tests.unit.engine.random_diagrams import random_sources
from tests.unit.engine.scheduling import DAWN, Cleared, Drawn, Played, StoredAlways, Whole, play
from tests.unit.engine.test_correlation import answering

SEEDS = range(30)
SAYS_NOTHING = {
    "_compact_scope: `len(keep) == len(tasks)` is False": "it only saves the work where nothing is to be cleared away",
    "_thaw_token: without `now == TaskState.READY` in `now == TaskState.READY and token.task_spec.automatic`": (
        "what has begun and is named as ready is passed over when its turn comes"
    ),
}
"""Mutants after which nothing is different, and why."""


def test_whatever_is_left_out_is_missed():
    left_over = [name for name, mutant in mutants() if not missed(mutant)]
    assert left_over == list(SAYS_NOTHING)


def test_the_mutants_are_many_and_the_engine_itself_misses_nothing():
    assert len(list(mutants())) > 50
    assert not missed(snapshot)


# How it is noticed


def missed(storing: ModuleType) -> bool:
    """Whether anything differs when this clears away, freezes and thaws instead."""
    try:
        return any(noticed(storing) for noticed in (in_what_is_kept, in_a_long_move, in_what_happens))
    except Exception:  # noqa: BLE001 - to fail is to differ
        return True


def in_what_happens(storing: ModuleType) -> bool:
    """Random diagrams, stored after every token or only cleared away: the same happens, and as much is left."""
    always = type("Always", (StoredAlways,), {"storing": storing})
    return any(
        play(always, drawn(seed), seed) != whole(seed) or cleared(storing, seed) != as_it_is(seed) for seed in SEEDS
    )


def in_what_is_kept(storing: ModuleType) -> bool:
    """Proceedings that hold something of everything are written in the same bytes, and come back the same."""
    begun = Whole(Drawn(everything()), {"n": 1})
    if storing.freeze(begun.proceeding, begun.definition) != snapshot.freeze(begun.proceeding, begun.definition):
        return True
    for definition, frozen in stored():
        thawed = storing.thaw(definition, frozen, clock=DAWN, services={})
        if (
            snapshot.freeze(thawed, definition) != frozen
            or storing.freeze(thaw(definition, frozen), definition) != frozen
        ):
            return True
        try:
            storing.thaw(load(diagram(user("elsewhere"))), frozen, clock=DAWN, services={})
        except SnapshotRefused:
            continue
        return True
    return False


def in_a_long_move(storing: ModuleType) -> bool:
    """In a move of thousands of tokens what has finished is cleared away on the way."""
    count = script("s", "{'n': n + 1}")
    play = Play(
        diagram(
            user("a"), exclusive("m"), count, exclusive("g", default="g.m"), "start a m s g m", "g -[n > 900]-> end"
        ),
        n=0,
    )
    kept = storing.thaw(play.definition, play.step.snapshot, clock=DAWN, services={})
    kept.run(kept.token_named(play.step.open_tasks[0].id))
    most = 0
    while kept.advance():
        most = max(most, len(kept.tasks))
    return most > 500


# What it is tried on


@cache
def drawn(seed: int) -> Drawn:
    return Drawn(random_sources(seed))


@cache
def whole(seed: int) -> Played:
    return play(Whole, drawn(seed), seed)


@cache
def as_it_is(seed: int) -> Any:
    return cleared(snapshot, seed)


def cleared(storing: ModuleType, seed: int) -> Any:
    """What happens when everything is cleared away at once, and how much of it is left before each command."""
    left: list[Any] = []

    class Counting(Cleared):
        def between_commands(self) -> None:
            kept = self.proceeding
            scopes = (kept, *kept.subprocesses.values())
            tokens = [token for scope in scopes for token in scope.tasks.values()]
            left.append((len(tokens), len(kept.index), sum(len(token.children) for token in tokens)))

    Counting.storing = storing
    return play(Counting, drawn(seed), seed), left


@cache
def stored() -> list[tuple[Any, bytes]]:
    """Proceedings with variables and instances inside one another, a call that has written, something to undo, what has ended."""
    play = Play(everything(), n=1)
    found = [play.step.snapshot]
    for moved in (
        lambda: play.complete("a"), lambda: play.wake(hours=2), lambda: play.complete("u", n=3),
        lambda: play.complete("u"), lambda: play.complete("w", n=5), lambda: play.complete("b"),
    ):  # fmt: skip
        moved()
        found.append(play.step.snapshot)
    # One in the middle of a move: a scope has ended, and its token has not yet gone on.
    kept = thaw(play.definition, found[3])
    kept.run(next(token for token in kept.tokens() if token.task_spec.node.id == "u"))
    for _ in range(3):
        kept.advance()
        snapshot.compact(kept)
        found.append(snapshot.freeze(kept, play.definition))
    assert play.ended
    talk = Play(answering(), trigger="ask", payload={"order": 7})
    return [*((play.definition, each) for each in found), (talk.definition, talk.step.snapshot)]


def everything() -> dict[str, bytes]:
    called = process("q", start(), script("s", "{'m': 1}"), user("w"), end(), "start s w end")
    caller = process(
        "p",
        start(),
        user("a", wz_party="n"),
        boundary("v", "a", duration("PT9H")),
        script("h", "{'n': 0}", isForCompensation="true"),
        undone("a", "h"),
        sub("z", many("2"), start("z0"), user("u"), end("z9"), "z0 u z9"),
        boundary("t", "z", duration("PT1H"), interrupting=False),
        user("b"),
        call("c", "q"),
        throw("x", undo()),
        end(),
        *("start a z c x end", "t b end", "v end"),
    )
    return files(caller, called)


def thaw(definition: Any, frozen: bytes) -> Proceeding:
    return snapshot.thaw(definition, frozen, clock=DAWN, services={})
