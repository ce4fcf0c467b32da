"""Diagrams read and validated: of 200 nodes each in several shapes, and the shipped ones with all that they call.

Every expression of the first kind is new each time, as it is in a diagram that comes in. The floor is the same text parsed as XML
and nothing else. Nothing waits for a disk or for anybody, so it is the time of the processor that is told.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from engine import diagrams
from wenze import law
from wenze.bench import _diagrams, _figures

LOADS = 40
MOST_MS = 100.0
NODES = 200

Sources = Mapping[str, bytes]


def run(tell: Callable[[str], None], folder: Path, *, loads: int = LOADS) -> dict[str, Any]:
    """Measure.

    Args:
        tell: is told how far it is.
        folder: holds the law whose diagrams are loaded.
        loads: how often each is.
    """
    gc.collect()
    gc.freeze()  # as a server does
    try:
        return _run(tell, folder, loads)
    finally:
        gc.unfreeze()


def _run(tell: Callable[[str], None], folder: Path, loads: int) -> dict[str, Any]:
    shapes: dict[str, Callable[[int], bytes]] = {
        "straight": lambda _: _diagrams.chain(NODES - 2),
        "branched": lambda at: _diagrams.branched(NODES // 10, amount=1_000_000 + at),
        "nested": lambda _: _diagrams.nested(10, NODES // 40),
    }
    told: dict[str, Any] = {}
    for name, drawn in shapes.items():
        told[name] = _measured(_diagrams.PROCESS, [{name: drawn(at)} for at in range(loads)])
        tell(name)
    shipped = {path: text for path, text in law.read(folder).items() if path.endswith((".bpmn", ".dmn"))}
    told["shipped"] = {}
    for path in shipped:
        for process in diagrams.processes(shipped[path], name=path) if path.endswith(".bpmn") else ():
            told["shipped"][process] = _measured(process, [shipped] * loads)
            tell(process)
    each = [told["straight"], told["branched"], told["nested"], *told["shipped"].values()]
    return {"bench": "load", **told, "met": all(one["ms_p95"] <= MOST_MS for one in each)}


def _measured(process: str, given: list[Sources]) -> dict[str, Any]:
    times, floor = [], []
    for sources in given:
        gc.collect()  # the definition before: nobody throws one away while loading another
        began = time.process_time()
        definition = diagrams.load(sources, process)
        times.append(time.process_time() - began)
        began = time.process_time()
        for text in sources.values():
            etree.fromstring(text)
        floor.append(time.process_time() - began)
    return {
        "nodes": len(definition.nodes),
        "ms_first": _ms(times[0]),
        "ms_median": _ms(_figures.percentile(times, 0.5)),
        "ms_p95": _ms(_figures.percentile(times, 0.95)),
        "floor_ms": _ms(_figures.percentile(floor, 0.5)),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
