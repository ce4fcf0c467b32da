"""Diagrams to measure with, written out as BPMN: what the standard means by them, the library alone understands too.

Values only: may never measure anything itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

PROCESS = "measured"


def plain_loop() -> bytes:
    """A task, done again as long as `again` is true."""
    return _document(_task("work"), _choice(), _flows("begin", "work", "again"), _ways_out("work"))


def parallel_loop() -> bytes:
    """Two tasks at once, joined, done again as long as `again` is true."""
    gateways = '<exclusiveGateway id="round"/><parallelGateway id="fork"/><parallelGateway id="join"/>'
    flows = [*_flows("begin", "round", "fork", "one", "join", "again"), *_flows("fork", "other", "join")]
    return _document(gateways, _task("one"), _task("other"), _choice(), flows, _ways_out("round"))


def instances_loop(number: int) -> bytes:
    """A task for each of so many persons, done again as long as `again` is true."""
    many = f"<multiInstanceLoopCharacteristics><loopCardinality>{number}</loopCardinality></multiInstanceLoopCharacteristics>"
    return _document(_task("work", many), _choice(), _flows("begin", "work", "again"), _ways_out("work"))


def chain(length: int) -> bytes:
    """So many tasks, one after the other."""
    tasks = [f"task_{number}" for number in range(length)]
    return _document(*map(_task, tasks), _flows("begin", *tasks, "end"))


def branched(blocks: int, amount: int) -> bytes:
    """So many choices in a row: a task with a timer attached and a task that deals with it, or two tasks at once.

    Args:
        blocks: of ten nodes each.
        amount: stands in every condition, so that none has been met before.
    """
    pieces = [_block(f"block_{at}", f"sum &gt; {amount} + {at}") for at in range(blocks)]
    ways = (_flow(f"block_{at}_after", f"block_{at + 1}") for at in range(blocks - 1))
    return _document(*pieces, _flows("begin", "block_0"), ways, [_flow(f"block_{blocks - 1}_after", "end")])


def _block(id: str, condition: str) -> str:
    tasks = map(_task, (f"{id}_task", f"{id}_dealt", f"{id}_one", f"{id}_other", f"{id}_after"))
    timer = '<timeDuration xsi:type="tFormalExpression">P5D</timeDuration>'
    return "".join(
        (
            f'<exclusiveGateway id="{id}" default="{id}-{id}_fork"/><exclusiveGateway id="{id}_merge"/>',
            f'<parallelGateway id="{id}_fork"/><parallelGateway id="{id}_join"/>',
            *tasks,
            f'<boundaryEvent id="{id}_late" attachedToRef="{id}_task"><timerEventDefinition id="{id}_timer">{timer}',
            "</timerEventDefinition></boundaryEvent>",
            _flow(id, f"{id}_task", _condition(condition)),
            *_flows(f"{id}_task", f"{id}_merge", f"{id}_after"),
            *_flows(f"{id}_late", f"{id}_dealt", f"{id}_merge"),
            *_flows(id, f"{id}_fork", f"{id}_one", f"{id}_join", f"{id}_merge"),
            *_flows(f"{id}_fork", f"{id}_other", f"{id}_join"),
        )
    )


def nested(stacks: int, depth: int) -> bytes:
    """So many sub-processes in a row, each nested so deep, with a task on each level: four nodes a level."""
    names = [f"stack_{at}" for at in range(stacks)]
    return _document(*(_stack(name, depth) for name in names), _flows("begin", *names, "end"))


def _stack(name: str, depth: int) -> str:
    inside = _task(f"{name}_task") if depth == 1 else _task(f"{name}_task") + _stack(f"{name}_in", depth - 1)
    way = [f"{name}_task"] if depth == 1 else [f"{name}_task", f"{name}_in"]
    flows = "".join(_flows(f"{name}_begin", *way, f"{name}_end"))
    ends = f'<startEvent id="{name}_begin"/><endEvent id="{name}_end"/>'
    return f'<subProcess id="{name}" name="{name}">{ends}{inside}{flows}</subProcess>'


def _task(id: str, inside: str = "") -> str:
    return f'<userTask id="{id}" name="{id}">{inside}</userTask>'


def _choice() -> str:
    return '<exclusiveGateway id="again" default="again-end"/>'


def _ways_out(back: str) -> list[str]:
    return [_flow("again", back, _condition("again")), _flow("again", "end")]


def _condition(text: str) -> str:
    return f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>'


def _flows(*nodes: str) -> list[str]:
    return [_flow(source, target) for source, target in pairwise(nodes)]


def _flow(source: str, target: str, inside: str = "") -> str:
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def _document(*parts: str | Iterable[str]) -> bytes:
    pieces = "".join(part if isinstance(part, str) else "".join(part) for part in parts)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definitions" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:measured">'
        f'<process id="{PROCESS}" name="{PROCESS}" isExecutable="true">'
        f'<startEvent id="begin"/>{pieces}<endEvent id="end"/></process></definitions>'
    ).encode()
