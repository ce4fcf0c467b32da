"""A tiny builder of diagrams for tests: BPMN text from few words.

    diagram(user("a"), user("b"))                      start → a → b → end
    process("p", start(), user("a"), end(), "start a end")      flows named by chains of ids

Every helper gives a piece of XML; a chain `"a b c"` gives the flows a→b and b→c, `"a -[x > 1]-> b"` is one with a condition.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wz="urn:wenze:bpmn:1" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:other="urn:other" targetNamespace="urn:test" id="defs">\n'
)


def attributes(words: dict[str, object]) -> str:
    """Keyword arguments as XML attributes: `wz_form="F"` is wz:form, `from_` is from."""
    text = ""
    for name, value in words.items():
        if value is None:
            continue
        name = name.rstrip("_")
        for prefix in ("wz", "camunda", "zeebe", "xsi", "other"):
            if name.startswith(f"{prefix}_"):
                name = f"{prefix}:{name[len(prefix) + 1 :]}"
        text += f" {name}={quoteattr(str(value))}"
    return text


def element(tag: str, id: str | None = None, *inner: str, **words: object) -> str:
    """Any element."""
    head = f"<{tag}" + (f" id={quoteattr(id)}" if id else "") + attributes(words)
    return f"{head}>{''.join(inner)}</{tag}>\n" if inner else f"{head}/>\n"


def start(id: str = "start", *inner: str, **words: object) -> str:
    return element("startEvent", id, *inner, **words)


def end(id: str = "end", *inner: str, **words: object) -> str:
    return element("endEvent", id, *inner, **words)


def terminate(id: str = "stop") -> str:
    return end(id, "<terminateEventDefinition/>")


def user(id: str, *inner: str, **words: object) -> str:
    return element("userTask", id, *inner, **words)


def task(id: str, *inner: str, **words: object) -> str:
    return element("task", id, *inner, **words)


def script(id: str, source: str, *inner: str, **words: object) -> str:
    return element("scriptTask", id, *inner, element("script", None, escape(source)), **words)


def service(id: str, operation: str, result: str | None = None, /, *inner: str, **inputs: str) -> str:
    given = "".join(element("wz:input", None, name=name, value=value) for name, value in inputs.items())
    held = element("extensionElements", None, given) if given else ""
    return element("serviceTask", id, held, *inner, wz_operation=operation, wz_result=result)


def rule(id: str, decision: str, result: str | None = None, /, **inputs: str) -> str:
    given = "".join(element("wz:input", None, name=name, value=value) for name, value in inputs.items())
    held = [element("extensionElements", None, given)] if given else []
    return element("businessRuleTask", id, *held, wz_decision=decision, wz_result=result)


def exclusive(id: str, **words: object) -> str:
    return element("exclusiveGateway", id, **words)


def inclusive(id: str, **words: object) -> str:
    return element("inclusiveGateway", id, **words)


def complex_(id: str, activation: str | None = None, **words: object) -> str:
    held = [] if activation is None else [element("activationCondition", None, escape(activation))]
    return element("complexGateway", id, *held, **words)


def parallel(id: str, **words: object) -> str:
    return element("parallelGateway", id, **words)


def race(id: str, **words: object) -> str:
    return element("eventBasedGateway", id, **words)


def sub(id: str, *inner: str, **words: object) -> str:
    """A sub-process; chains among the inner pieces are its flows."""
    return element("subProcess", id, *_drawn(inner, id), **words)


def call(
    id: str,
    process: str,
    *inner: str,
    inputs: dict[str, str] | None = None,
    outputs: dict[str, str] | None = None,
    **words: object,
) -> str:
    given = [element("wz:input", None, name=name, value=value) for name, value in (inputs or {}).items()]
    given += [element("wz:output", None, name=name, value=value) for name, value in (outputs or {}).items()]
    held = [element("extensionElements", None, *given)] if given else []
    return element("callActivity", id, *held, *inner, calledElement=process, **words)


def duration(text: str) -> str:
    return element("timerEventDefinition", None, element("timeDuration", None, escape(text)))


def date(text: str) -> str:
    return element("timerEventDefinition", None, element("timeDate", None, escape(text)))


def cycle(text: str) -> str:
    return element("timerEventDefinition", None, element("timeCycle", None, escape(text)))


def limit() -> str:
    return element("timerEventDefinition")


def message(name: str) -> str:
    """The definition of a message event; `process` and `diagram` add the message itself."""
    return element("messageEventDefinition", None, messageRef=f"m_{name}")


def signal(name: str) -> str:
    """The definition of a signal event; the file declares the signal itself."""
    return element("signalEventDefinition", None, signalRef=f"s_{name}")


def condition(text: str) -> str:
    return element("conditionalEventDefinition", None, element("condition", None, escape(text)))


def handler(id: str, definition: str, *pieces: str, interrupting: bool = True, **words: object) -> str:
    """An event sub-process; its start event is `{id}0`."""
    begins = start(f"{id}0", definition, isInterrupting=None if interrupting else "false", **words)
    return sub(id, begins, *pieces, triggeredByEvent="true")


def compensation(activity: str | None = None) -> str:
    return element("compensateEventDefinition", None, activityRef=activity)


def undone(activity: str, handler: str, event: str | None = None) -> str:
    """A compensation event attached to an activity, associated with its handler."""
    event = event or f"{activity}.undo"
    return boundary(event, activity, compensation()) + element(
        "association", f"{event}.to", sourceRef=event, targetRef=handler
    )


def transaction(id: str, *inner: str, **words: object) -> str:
    return element("transaction", id, *_drawn(inner, id), **words)


def error(code: str | None = None) -> str:
    """The definition of an error event; without a code it catches every one."""
    return element("errorEventDefinition", None, errorRef=code and f"e_{code}")


def escalation(code: str | None = None) -> str:
    return element("escalationEventDefinition", None, escalationRef=code and f"u_{code}")


def link(name: str, id: str | None = None, *inner: str) -> str:
    return element("linkEventDefinition", id, *inner, name=name)


def receive(id: str, name: str, *inner: str, **words: object) -> str:
    return element("receiveTask", id, *inner, messageRef=f"m_{name}", **words)


def send(id: str, name: str, *inner: str, **words: object) -> str:
    return element("sendTask", id, *inner, messageRef=f"m_{name}", **words)


def boundary(id: str, on: str, definition: str, *, interrupting: bool = True, **words: object) -> str:
    return element(
        "boundaryEvent",
        id,
        definition,
        attachedToRef=on,
        cancelActivity=None if interrupting else "false",
        **words,
    )


def catch(id: str, definition: str, **words: object) -> str:
    return element("intermediateCatchEvent", id, definition, **words)


def throw(id: str, definition: str, **words: object) -> str:
    return element("intermediateThrowEvent", id, definition, **words)


def many(
    cardinality: str | None = None,
    *within: str,
    until: str | None = None,
    sequential: bool = False,
    attributes_: dict[str, object] | None = None,
    **words: object,
) -> str:
    """Multi-instance characteristics; `collection="…"`, `element="…"`, `output="…"`, `outputElement="…"` are wz: attributes."""
    inner = [element("loopCardinality", None, escape(cardinality))] if cardinality is not None else []
    inner += [element("completionCondition", None, escape(until))] if until is not None else []
    says = {f"wz_{name}": value for name, value in words.items()}
    return element(
        "multiInstanceLoopCharacteristics",
        None,
        *inner,
        *within,
        isSequential="true" if sequential else "false",
        **(attributes_ or {}),
        **says,
    )


def looped(again: str | None = None, **words: object) -> str:
    """A standard loop."""
    inner = [element("loopCondition", None, escape(again))] if again is not None else []
    return element("standardLoopCharacteristics", None, *inner, **words)


def lanes(**members: str) -> str:
    """`lanes(clerk="a b", decider="c")`."""
    return element(
        "laneSet",
        "lanes",
        *[
            element("lane", id, *[f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes.split()], name=id)
            for id, nodes in members.items()
        ],
    )


def flow(source: str, target: str, condition: str | None = None, id: str | None = None, **words: object) -> str:
    inner = [element("conditionExpression", None, escape(condition))] if condition is not None else []
    return element("sequenceFlow", id or f"{source}.{target}", *inner, sourceRef=source, targetRef=target, **words)


_ARROW = re.compile(r"\s*-\[(.*?)\]->\s*")


def _flows(chain: str) -> list[str]:
    pieces = _ARROW.split(chain)
    if len(pieces) > 1:
        return [flow(pieces[0].strip(), pieces[2].strip(), pieces[1])]
    ids = chain.split()
    return [flow(one, other) for one, other in pairwise(ids)]


def _drawn(pieces: tuple[str, ...], owner: str) -> list[str]:
    drawn: list[str] = []
    for piece in pieces:
        drawn += [piece] if piece.lstrip().startswith("<") else _flows(piece)
    return drawn


def process(id: str, *pieces: str, **words: object) -> str:
    """A process; pieces that are not XML are chains of flows."""
    words.setdefault("isExecutable", "true")
    return element("process", id, *_drawn(pieces, id), **words)


def definitions(*processes: str, extra: str = "") -> bytes:
    """A file; what its events name is declared."""
    body = "".join(processes)
    declared = "".join(
        element(tag, f"{letter}_{name}", **{called: name})
        for tag, letter, called in (
            ("message", "m", "name"),
            ("signal", "s", "name"),
            ("error", "e", "errorCode"),
            ("escalation", "u", "escalationCode"),
        )
        for name in sorted(set(re.findall(rf'{tag}Ref="{letter}_([^"]*)"', body + extra)))
        if f'id="{letter}_{name}"' not in extra
    )
    return (HEAD + declared + extra + body + "</definitions>").encode()


def files(*processes: str) -> dict[str, bytes]:
    """Each process in a file of its own."""
    return {f"{number}.bpmn": definitions(process) for number, process in enumerate(processes)}


def diagram(*nodes: str, id: str = "p", **words: object) -> bytes:
    """A file with one process: start, the nodes one after the other, end. Chains may be added."""
    xml = [piece for piece in nodes if piece.lstrip().startswith("<")]
    chains = [piece for piece in nodes if not piece.lstrip().startswith("<")]
    ids = [found.group(1) for piece in xml if (found := re.search(r'id="([^"]*)"', piece))]
    straight = [" ".join(["start", *ids, "end"])] if not chains else []
    return definitions(process(id, start(), *xml, end(), *straight, *chains, **words))
