"""Storing and clearing away change nothing, and what happens is what the standard says: random diagrams, each played in several
ways with the same choices (`scheduling`). The whole trace in order, and before every command what stands open, must be the same.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import machine
from engine import snapshot as snapshots
from engine.errors import ProceedingStuck
from engine.proceeding import Token
from tests.unit.engine.free_diagrams import free_sources, sound
from tests.unit.engine.random_diagrams import random_sources, sources_of
from tests.unit.engine.scheduling import (
    DAWN,
    ByTheStandard,
    Cleared,
    Drawn,
    Over,
    Played,
    Stepwise,
    Stored,
    StoredAlways,
    Whole,
    go_on,
    play,
    played,
    taken_up,
)

SEEDS = range(250)


@cache
def drawn(seed: int) -> Drawn:
    return Drawn(random_sources(seed))


@pytest.mark.parametrize("tens", range(0, len(SEEDS), 25))
def test_however_a_proceeding_is_kept_the_same_happens(tens):
    for seed in SEEDS[tens : tens + 25]:
        whole, *others = [*played(drawn(seed), seed, Whole, Cleared, Stored, StoredAlways)] or [None]
        for other in others:
            assert other == whole, seed


@pytest.mark.parametrize("hundreds", range(0, 500, 100))
def test_what_happens_is_what_the_standard_says(hundreds):
    for seed in range(hundreds, hundreds + 100):
        shown = [each.plain for each in played(drawn(seed), seed, Stepwise, ByTheStandard)]
        assert shown[1:] == shown[:-1], seed


@settings(derandomize=True, max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_what_happens_in_the_least_diagram_is_what_the_standard_says(random):
    """The same once more with choices that can be made smaller: what is found here is found in its simplest form."""
    small = Drawn(sources_of(random, deepest=2))
    seed = random.randint(0, 9999)
    shown = [each.plain for each in played(small, seed, Stepwise, ByTheStandard)]
    assert shown[1:] == shown[:-1]


def test_what_happens_in_free_sound_diagrams_is_what_the_standard_says():
    compared = 0
    for seed in range(250):
        sources = free_sources(seed)
        if sound(sources):
            whole, standard, *others = (
                play(way, Drawn(sources), seed)
                for way in (Whole, ByTheStandard, Cleared, Stored, StoredAlways, Stepwise)
            )
            assert whole.plain == standard.plain, seed
            assert not any(seen.deadlocked for seen in whole.seen), seed
            assert whole.over == "", seed
            for other in others:
                assert other.plain == whole.plain, seed
            compared += 1
    assert compared > 80


def test_another_process_goes_on_as_this_one_would():
    """Nothing depends on the process: not on the hashes of its texts, not on what it has loaded before."""
    stored, expected = [], []
    for seed in SEEDS[:60]:
        kept, before = Stepwise.__new__(Stepwise), Played([], [], [], [])
        with suppress(ProceedingStuck, Over):
            kept.__init__(drawn(seed), {"n": seed % 5, "m": 0})  # type: ignore[misc]
            now = go_on(kept, before, Random(seed), DAWN, 6)
            if not kept.step.ended and not before.over:
                stored.append(f"{seed} {now.isoformat()} {kept.step.snapshot.hex()}")
                done = taken_up(drawn(seed), kept.step.snapshot, now, seed)
                expected.append(hashlib.sha256(done.encode()).hexdigest())
    for hashes in ("1", "2"):
        fresh = subprocess.run(
            [sys.executable, "-m", "tests.unit.engine.scheduling"],
            input="\n".join(stored), env={**os.environ, "PYTHONHASHSEED": hashes}, cwd=Path(__file__).parents[3],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        assert fresh.stdout.split() == expected
    assert len(expected) > 20


def test_one_late_wake_gives_what_many_punctual_ones_give():
    compared = 0
    for seed in SEEDS:
        definition = drawn(seed).definition
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
    """They end, wait, fire, interrupt, repeat, call: else the tests above would show nothing."""
    kinds = dict.fromkeys(("entered", "completed", "cancelled", "fired", "taken", "uncaught"), 0)
    ended, stuck, nested, moved = 0, 0, 0, 0
    for seed in SEEDS[:100]:
        whole = play(Whole, drawn(seed), seed)
        ended += bool(whole.seen and whole.seen[-1].ended)
        stuck += whole.over == "stuck"
        moved += max(len(whole.seen) - 1, 0)
        for each in whole.trace:
            kinds[each.what] += 1
            nested += bool(each.path)
    assert ended > 30
    assert stuck < 25
    assert moved > 600
    assert kinds.pop("uncaught") > 10
    assert min(kinds.values()) > 100, kinds
    assert nested > 1_000


# What is left of the finished past hangs on the root


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


def test_hung_on_the_next_ancestor_that_is_kept_other_things_happen():
    differ = 0
    for seed in SEEDS[:120]:
        try:
            differ += play(HungOnTheNextAncestor, drawn(seed), seed) != play(Whole, drawn(seed), seed)
        except Exception:  # noqa: BLE001 - to fail is to differ
            differ += 1
    assert differ
