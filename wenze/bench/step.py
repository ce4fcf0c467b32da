"""One step of a diagram after very many: thawed, a task completed, frozen again. It costs what it cost at the beginning.

The same step is taken from the snapshot of the tenth round and from that of the last, in turns, so that whatever else the machine
does falls on both. Beside it stands SpiffWorkflow alone on the same diagrams, as far as it gets. Nothing waits for a disk or for
anybody, so it is the time of the processor that is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from engine import diagrams, machine
from engine.diagrams import Definition
from engine.step import Step
from wenze.bench import _diagrams, _figures
from wenze.bench._bare import Bare

ROUNDS, CHAIN, INSTANCES, SAMPLES = 3_000, 5_000, 20, 200
EARLY = 10
MOST_GROWTH, MOST_MS, MOST_KB = 1.3, 2.0, 8.0
BARE_EVERY = 50
"""After so many rounds, a step of the library is measured again."""
BARE_SECONDS = 180
"""So long it is waited for on each diagram."""

_NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def run(
    tell: Callable[[str], None], *, rounds: int = ROUNDS, chain: int = CHAIN, samples: int = SAMPLES
) -> dict[str, Any]:
    """Measure.

    Args:
        tell: is told how far it is.
        rounds: how often each loop goes round.
        chain: how many tasks stand one after the other.
        samples: how often each of the two steps is taken.
    """
    shapes = {
        "plain": (_diagrams.plain_loop(), rounds),
        "parallel": (_diagrams.parallel_loop(), rounds),
        "instances": (_diagrams.instances_loop(INSTANCES), rounds),
        "chain": (_diagrams.chain(chain), chain - 1),
    }
    ours = {name: _ours(name, source, last, samples, tell) for name, (source, last) in shapes.items()}
    alone = {name: _alone(name, source, last, tell) for name, (source, last) in shapes.items()}
    plain = ours["plain"]
    flat = all(each["growth"] <= MOST_GROWTH for each in ours.values())
    small = plain[f"ms_{rounds}"] <= MOST_MS and plain[f"kb_{rounds}"] <= MOST_KB
    return {"bench": "step", **ours, "library": alone, "met": flat and small}


# --- Ours ------------------------------------------------------------------------------------------------------------


def _ours(name: str, source: bytes, last: int, samples: int, tell: Callable[[str], None]) -> dict[str, Any]:
    definition = diagrams.load({name: source}, _diagrams.PROCESS)
    step = machine.start(definition, data={}, now=_NOW, services={})
    in_one = len(step.open_tasks)
    early = step
    for number in range(last):
        if number == EARLY:
            early = step
        for _ in range(in_one):
            step = _complete(definition, step)
        if number % 500 == 499:
            tell(f"{name}: {number + 1} of {last} rounds")
    times: tuple[list[float], list[float]] = [], []
    for _ in range(samples):
        for at, kept in zip((early, step), times, strict=True):
            began = time.process_time()
            _complete(definition, at)
            kept.append(time.process_time() - began)
    first, final = (_figures.percentile(each, 0.5) for each in times)
    return {
        f"ms_{EARLY}": round(first * 1000, 3),
        f"ms_{last}": round(final * 1000, 3),
        f"kb_{EARLY}": _kilobytes(early.snapshot),
        f"kb_{last}": _kilobytes(step.snapshot),
        "growth": round(final / first, 2),
    }


def _complete(definition: Definition, step: Step) -> Step:
    return machine.complete(definition, step.snapshot, step.open_tasks[0].id, {"again": True}, now=_NOW, services={})


def _kilobytes(text: bytes) -> float:
    return round(len(text) / 1024, 1)


# --- The library alone -----------------------------------------------------------------------------------------------


def _alone(name: str, source: bytes, last: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """How far the library gets, what a step costs it at the tenth round and at the last that was measured, and what stops it."""
    try:
        bare = Bare(source)
    except Exception as stopped:  # noqa: BLE001 - whatever it is, it is the end
        return {"rounds": 0, "stopped": f"the diagram is not read: {_words(stopped)}"}
    told: dict[str, Any] = {"rounds": 0, "stopped": "not"}
    in_one, began = len(bare.open), time.process_time()
    for number in range(last):
        try:
            if number == EARLY or (number and number % BARE_EVERY == 0):
                told |= _step_alone(bare, number)
                tell(f"{name}, the library alone: {number} of {last} rounds")
            for _ in range(in_one):
                bare.complete()
        except IndexError:
            return told | {"stopped": "no task is open any more, and nothing says why"}
        except Exception as stopped:  # noqa: BLE001 - whatever it is, it is the end
            return told | {"stopped": _words(stopped)}
        told["rounds"] = number + 1
        if time.process_time() - began > BARE_SECONDS:
            return told | {"stopped": f"given up after {BARE_SECONDS} seconds"}
    return told


def _step_alone(bare: Bare, number: int) -> dict[str, Any]:
    text = bare.frozen()
    times = []
    for _ in range(5):
        began = time.process_time()
        bare.step(text)
        times.append(time.process_time() - began)
    at = f"_{EARLY}" if number == EARLY else "_last"
    known = {f"ms{at}": round(_figures.percentile(times, 0.5) * 1000, 3), f"kb{at}": _kilobytes(text.encode())}
    return known if number == EARLY else {"measured_at": number, **known}


def _words(stopped: Exception) -> str:
    return f"{type(stopped).__name__}: {str(stopped)[:80]}"
