"""Tries attacks in a process of its own, so that one that succeeds is seen and not suffered.

Run as a program it reads `way id` lines, says `try way id` before each and `way id seconds outcome` after. Each attack
has a second of processor time and a limit on memory. A process that dies names the attack by its last line.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine import decisions, diagrams, expressions, machine, markup
from engine.errors import EngineError
from tests.unit.hostile.corpus import CORPUS, SCOPE

SECONDS = 1.0
"""Processor time for one attack."""
MEGABYTES = 250
"""Memory that one attack may take beyond what the process has when it begins."""

Payload = Any


# --- Straight at one module ---


def evaluate(payload: Payload) -> None:
    expressions.evaluate(expressions.compile(payload), SCOPE)


def read_xml(payload: Payload) -> None:
    markup.read(payload, name="hostile")


def read_table(payload: Payload) -> None:
    decisions.load(payload, name="hostile.dmn")


# --- Inside a diagram ---


def condition(payload: Payload) -> None:
    run(
        '<exclusiveGateway id="choice" default="no"/><sequenceFlow id="a" sourceRef="begin" targetRef="choice"/>'
        f'<sequenceFlow id="yes" sourceRef="choice" targetRef="end"><conditionExpression>{escape(payload)}'
        '</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="choice" targetRef="end"/>'
    )


def script(payload: Payload) -> None:
    run(between(f'<scriptTask id="node"><script>{escape(payload)}</script></scriptTask>'))


def duration(payload: Payload) -> None:
    run(between(timer("timeDuration", payload)))


def moment(payload: Payload) -> None:
    run(between(timer("timeDate", payload)))


def cycle(payload: Payload) -> None:
    boundary = timer("timeCycle", payload).replace("intermediateCatchEvent", "boundaryEvent")
    boundary = boundary.replace('id="node"', 'id="again" attachedToRef="node" cancelActivity="false"')
    run(between('<userTask id="node"/>') + boundary + '<sequenceFlow id="c" sourceRef="again" targetRef="end"/>')


def parameter(payload: Payload) -> None:
    run(
        between(
            '<serviceTask id="node" wz:operation="take"><extensionElements>'
            f'<wz:input name="value" value={quoteattr(payload)}/></extensionElements></serviceTask>'
        )
    )


def rule(payload: Payload) -> None:
    run(between('<businessRuleTask id="node" wz:decision="d" wz:result="found"/>'), {"table.dmn": payload})


def diagram(payload: Payload) -> None:
    diagrams.load({"hostile.bpmn": payload}, "p")


def between(node: str) -> str:
    return (
        f'{node}<sequenceFlow id="a" sourceRef="begin" targetRef="node"/>'
        '<sequenceFlow id="b" sourceRef="node" targetRef="end"/>'
    )


def timer(kind: str, payload: str) -> str:
    return (
        f'<intermediateCatchEvent id="node"><timerEventDefinition><{kind}>{escape(payload)}</{kind}>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )


def run(content: str, files: dict[str, bytes] | None = None) -> None:
    source = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wz="urn:wenze:bpmn:1" '
        'targetNamespace="urn:x"><process id="p" isExecutable="true"><startEvent id="begin"/>'
        f'<endEvent id="end"/>{content}</process></definitions>'
    )
    try:
        encoded = source.encode()
    except UnicodeEncodeError:  # half a character cannot be sent in UTF-8 at all
        encoded = source.encode("utf-8", "surrogatepass")
    definition = diagrams.load({"hostile.bpmn": encoded, **(files or {})}, "p")
    machine.start(definition, data=SCOPE, now=datetime(2026, 1, 1, tzinfo=UTC), services={"take": take})


def take(value: Any = None) -> None:
    """An operation that takes whatever it is given."""


WAYS: dict[str, dict[str, Callable[[Payload], None]]] = {
    "expression": {"evaluate": evaluate, "condition": condition, "parameter": parameter},
    "script": {"evaluate": evaluate, "script": script},
    "timer": {"evaluate": evaluate, "duration": duration, "moment": moment, "cycle": cycle},
    "dmn": {"decisions": read_table, "rule": rule},
    "xml": {"markup": read_xml, "decisions": read_table, "diagram": diagram},
}
"""For each kind of attack, where it is tried."""


def outcome(way: Callable[[Payload], None], payload: Payload) -> str:
    try:
        way(payload)
    except EngineError as refused:
        # Too much memory is noticed by the library only when it is too late: that does not count as refused.
        return "exhausted" if refused.facts.get("reason") == "too-much-memory" else "refused"
    except Exception as escaped:  # noqa: BLE001  (whatever escapes is what is being looked for)
        return f"escaped as {type(escaped).__name__}: {str(escaped)[:200]}"
    return "done"


def main() -> None:
    attacks = {attack.id: attack for attack in CORPUS}
    for line in sys.stdin:
        way, id = line.split()
        attack = attacks[id]
        tried, payload = WAYS[attack.kind][way], attack.payload
        print("try", way, id, flush=True)
        limit_memory()
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends the process, also inside a library
        said = outcome(tried, payload)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(way, id, f"{time.process_time() - began:.3f}", said.replace("\n", " "), flush=True)


def limit_memory() -> None:
    with open("/proc/self/statm") as statm:
        taken = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEGABYTES * 1024 * 1024, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
