"""What is refused at load: each rule once, with its place and both languages. And what is only drawing, and is not."""

from __future__ import annotations

import pytest

from engine import diagrams, vocabulary
from engine import refusals as catalogue
from engine.errors import DiagramRefused
from tests.unit.engine.drawing import (
    HEAD,
    boundary,
    call,
    catch,
    compensation,
    condition,
    cycle,
    date,
    definitions,
    diagram,
    duration,
    element,
    end,
    error,
    escalation,
    exclusive,
    files,
    flow,
    handler,
    inclusive,
    lanes,
    limit,
    link,
    looped,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    rule,
    script,
    service,
    signal,
    start,
    sub,
    task,
    throw,
    transaction,
    undone,
    user,
)
from tests.unit.engine.playing import Play, findings, load, refusals
from tests.unit.engine.shown import refused_in

TERMINATE = "<terminateEventDefinition/>"


PLAIN = process("p", start(), end(), "start end")
PICTURE = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane id="plane" bpmnElement="p">{}'
    'x="1" y="2" height="3"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
)


def named(what: str, name: str) -> bytes:
    waits = catch("a", element(f"{what}EventDefinition", None, **{f"{what}Ref": "x"}))
    return definitions(process("p", start(), waits, end(), "start a end"), extra=element(what, "x", name=name))


def held(*inner: str) -> str:
    return element("extensionElements", None, *inner)


def pools(*flows: str, **participants: str | None) -> str:
    return element(
        "collaboration",
        "talk",
        *[element("participant", id, processRef=process) for id, process in participants.items()],
        *flows,
    )


def prop(path: str, message: str) -> str:
    """A property `of` of messages, and how it is read from one."""
    read = element("messagePath", None, path, xsi_type="tFormalExpression")
    return element(
        "correlationProperty", "of", element("correlationPropertyRetrievalExpression", None, read, messageRef=message)
    )


def key(*properties: str) -> str:
    return element("correlationKey", "k", *[element("correlationPropertyRef", None, each) for each in properties])


def event(definition: str) -> str:
    return element(definition)


def behaving(loop: str, extra: str, *beside: str) -> bytes:
    flows = ["start a end", *(["b end"] if beside else [])]
    return definitions(process("p", start(), user("a", loop), *beside, end(), *flows), extra=extra)


def complex_behavior(condition: str, event: str) -> str:
    return element(
        "complexBehaviorDefinition", None, element("condition", None, condition), element("event", "ev", event)
    )


def undoing(*beside: str, flows: str) -> bytes:
    return diagram(user("a"), user("h", isForCompensation="true"), undone("a", "h"), *beside, flows)


def transacting(*beside: str, flows: str = "") -> bytes:
    inside = transaction("t", start("s0"), user("u"), end("s9", "<cancelEventDefinition/>"), "s0 u s9")
    return diagram(inside, *beside, "start t end", *([flows] if flows else []))


def timed(**words: object) -> str:
    return element("timeDuration", None, "PT1H", **words)


def partitioned(*inner: str, **words: object) -> str:
    return element("laneSet", "lanes", element("lane", "clerk", *inner, "<flowNodeRef>start</flowNodeRef>", **words))


REFUSED: dict[str, tuple[str, bytes]] = {
    # Flow nodes
    "a send task that names no message": ("trigger-missing", diagram(element("sendTask", "a"))),
    "a receive task that names no message": ("trigger-missing", diagram(element("receiveTask", "a"))),
    "a receive task with which the process begins, after a start event": (
        "beginning-entered",
        diagram(receive("a", "x", instantiate="true")),
    ),
    "a receive task with which a sub-process begins": (
        "beginning-inside",
        diagram(sub("s", receive("a", "x", instantiate="true"), end("e"), "a e")),
    ),
    "a receive task with which the process begins, and which is guarded": (
        "beginning-guarded",
        definitions(
            process(
                "p",
                receive("a", "x", instantiate="true"),
                boundary("b", "a", duration("PT1H")),
                end(),
                "a end",
                "b end",
            )
        ),
    ),
    "a complex gateway that does not say when enough tokens have come": (
        "activation-missing",
        diagram(parallel("s"), element("complexGateway", "a"), "start s a end", flow("s", "a", id="more")),
    ),
    "a choreography inside": ("element-not-supported", diagram(element("subChoreography", "a"))),
    "a task of a choreography": ("element-not-supported", diagram(element("choreographyTask", "a"))),
    "a choreography that is called": ("element-not-supported", diagram(element("callChoreography", "a"))),
    "an event thrown without being drawn": ("element-not-supported", diagram(element("implicitThrowEvent", "a"))),
    "an ad-hoc sub-process": ("element-not-supported", diagram(element("adHocSubProcess", "a"))),
    "an event sub-process without a trigger": (
        "event-sub-process-start",
        diagram(user("a"), sub("e", start("s"), end("f"), "s f", triggeredByEvent="true"), "start a end"),
    ),
    "an event sub-process with two starts": (
        "event-sub-process-start",
        diagram(
            user("a"), handler("e", message("x"), start("s", message("y")), end("f"), "e0 f", "s f"), "start a end"
        ),
    ),
    "an event sub-process in the flow": (
        "event-sub-process-connected",
        diagram(user("a"), handler("e", message("x"), end("f"), "e0 f"), "start a e end"),
    ),
    "an event sub-process that is repeated": (
        "event-sub-process-connected",
        diagram(user("a"), handler("e", message("x"), many("2"), end("f"), "e0 f"), "start a end"),
    ),
    "an event at the border of an event sub-process": (
        "boundary-on",
        diagram(
            user("a"),
            handler("e", message("x"), end("f"), "e0 f"),
            boundary("b", "e", duration("PT1H")),
            "start a end",
            "b end",
        ),
    ),
    "an error that begins without interrupting": (
        "always-interrupting",
        diagram(user("a"), handler("e", error("E1"), end("f"), "e0 f", interrupting=False), "start a end"),
    ),
    "an error for which two begin": (
        "caught-twice",
        diagram(
            user("a"),
            handler("e", error("E1"), end("f"), "e0 f"),
            handler("g", error("E1"), end("h"), "g0 h"),
            "start a end",
        ),
    ),
    "an error at the start of a process": (
        "event-not-here",
        definitions(process("p", start("start", error("E1")), end(), "start end")),
    ),
    "a verb at the start of a process": (
        "extension-unknown",
        definitions(process("p", start("start", message("x"), wz_action="go"), end(), "start end")),
    ),
    "duties at the start of an event sub-process": (
        "extension-unknown",
        diagram(user("a"), handler("e", message("x"), end("f"), "e0 f", wz_others="clerk"), "start a end"),
    ),
    # Events
    "a signal without a reference": ("trigger-missing", diagram(catch("a", event("signalEventDefinition")))),
    "a signal that is not declared": (
        "reference-dangling",
        diagram(catch("a", '<signalEventDefinition signalRef="no"/>')),
    ),
    "a signal with a computed name": ("trigger-computed", named("signal", "${x}")),
    "an error end without a reference": (
        "trigger-missing",
        diagram(user("a"), end("b", event("errorEventDefinition")), "start a b", "a end"),
    ),
    "an error without a code at the end": (
        "trigger-nameless",
        definitions(
            process("p", start(), end("b", '<errorEventDefinition errorRef="n"/>'), "start b"),
            extra=element("error", "n", name="no code"),
        ),
    ),
    "an error thrown on the way": ("event-not-here", diagram(throw("a", error("E1")))),
    "an error waited for on the way": ("event-not-here", diagram(catch("a", error("E1")))),
    "an error that does not interrupt": (
        "always-interrupting",
        diagram(service("a", "o"), boundary("b", "a", error("E1"), interrupting=False), "start a end", "b end"),
    ),
    "an error caught twice": (
        "caught-twice",
        diagram(
            service("a", "o"),
            boundary("b", "a", error("E1")),
            boundary("c", "a", error("E1")),
            "start a end",
            "b end",
            "c end",
        ),
    ),
    "an escalation that names none": ("trigger-missing", diagram(throw("a", event("escalationEventDefinition")))),
    "an escalation waited for on the way": ("event-not-here", diagram(catch("a", escalation("U1")))),
    "an escalation that is not declared": (
        "reference-dangling",
        diagram(throw("a", '<escalationEventDefinition escalationRef="no"/>')),
    ),
    "a condition without one": ("condition-absent", diagram(catch("a", event("conditionalEventDefinition")))),
    "a condition that gives a number": ("expression-kind", diagram(catch("a", condition("1 + x")))),
    "a condition thrown": ("event-not-here", diagram(throw("a", condition("x")))),
    "a link without a name": (
        "link-nameless",
        diagram(
            throw("a", event("linkEventDefinition")), catch("b", link("x")), throw("c", link("x")), "start a", "b c"
        ),
    ),
    "a link that leads nowhere": ("link-partner", diagram(user("a"), throw("b", link("x")), "start a end", "a b")),
    "a link that comes from nowhere": (
        "link-partner",
        diagram(user("a"), catch("b", link("x")), "start a end", "b end"),
    ),
    "a link caught twice": (
        "link-twice",
        diagram(throw("a", link("x")), catch("b", link("x")), catch("c", link("x")), "start a", "b end", "c end"),
    ),
    "a flow out of the end of a link": (
        "link-connected",
        diagram(throw("a", link("x")), catch("b", link("x")), "start a end", "b end"),
    ),
    "a flow into the beginning of a link": (
        "link-connected",
        diagram(user("u"), throw("a", link("x")), catch("b", link("x")), "start u a", "u b end"),
    ),
    "a link across a border": (
        "link-partner",
        diagram(
            sub("s", start("s0"), throw("a", link("x")), "s0 a"),
            user("u"),
            catch("b", link("x")),
            "start s u end",
            "b end",
        ),
    ),
    "a link whose partner is another": (
        "reference-dangling",
        diagram(
            throw("a", link("x", "d1", "<target>d9</target>")),
            catch("b", link("x", "d2", "<source>d1</source>")),
            "start a",
            "b end",
        ),
    ),
    "a link at the border": (
        "event-not-here",
        diagram(user("a"), throw("t", link("x")), boundary("b", "a", link("x")), "start a t", "b end"),
    ),
    "a compensation of what is not there": ("undoes-nothing", diagram(throw("a", compensation("nobody")))),
    "a compensation of what has no handler": ("undoes-nothing", diagram(user("u"), throw("a", compensation("u")))),
    "a compensation that is not waited for": (
        "attribute-not-supported",
        undoing(
            throw("t", element("compensateEventDefinition", None, waitForCompletion="false")), flows="start a t end"
        ),
    ),
    "a compensation waited for on the way": ("event-not-here", diagram(catch("a", compensation()))),
    "a handler that nobody names": (
        "handler-alone",
        diagram(user("a"), user("h", isForCompensation="true"), "start a end"),
    ),
    "a handler in the flow": ("handler-connected", undoing(flows="start a h end")),
    "a compensation event in the flow": (
        "handler-connected",
        undoing(flows="start a end").replace(b"</process>", flow("a.undo", "end").encode() + b"</process>"),
    ),
    "a compensation event without a handler": (
        "handler-missing",
        diagram(user("a"), boundary("b", "a", compensation()), "start a end"),
    ),
    "an activity undone twice": (
        "undone-twice",
        undoing(user("k", isForCompensation="true"), undone("a", "k", "again"), flows="start a end"),
    ),
    "a sub-process undone inside and outside": (
        "undone-twice",
        diagram(
            sub("a", start("s0"), end("s9"), "s0 s9", handler("e", compensation(), end("f"), "e0 f")),
            user("h", isForCompensation="true"),
            undone("a", "h"),
            "start a end",
        ),
    ),
    "a process that would be undone": (
        "undone-at-top",
        diagram(user("a"), handler("e", compensation(), end("f"), "e0 f"), "start a end"),
    ),
    "an activity named where it is undone": (
        "attribute-not-supported",
        diagram(
            user("a"),
            boundary("b", "a", compensation("a")),
            user("h", isForCompensation="true"),
            element("association", "as", sourceRef="b", targetRef="h"),
            "start a end",
        ),
    ),
    "a cancel end outside a transaction": (
        "cancel-not-here",
        diagram(user("a"), end("b", event("cancelEventDefinition")), "start a b", "a end"),
    ),
    "a cancel event on a task": (
        "cancel-not-here",
        diagram(user("a"), boundary("b", "a", event("cancelEventDefinition")), "start a end", "b end"),
    ),
    "a cancel event that does not interrupt": (
        "always-interrupting",
        transacting(boundary("b", "t", event("cancelEventDefinition"), interrupting=False), flows="b end"),
    ),
    "a transaction that cannot be left when it is cancelled": ("cancel-uncaught", transacting()),
    "a transaction by another method": (
        "attribute-not-supported",
        diagram(transaction("t", start("s0"), end("s9"), "s0 s9", method="##Store")),
    ),
    "a definition by reference to nothing": (
        "reference-dangling",
        diagram(catch("a", "<eventDefinitionRef>x</eventDefinitionRef>")),
    ),
    "a definition by reference that is wrong": (
        "timer-malformed",
        definitions(
            process("p", start(), catch("a", "<eventDefinitionRef>d</eventDefinitionRef>"), end(), "start a end"),
            extra='<timerEventDefinition id="d"><timeDuration>P1X</timeDuration></timerEventDefinition>',
        ),
    ),
    "an error and a message at once": (
        "event-many",
        diagram(service("a", "o"), boundary("b", "a", error("E1") + message("x")), "start a end", "b end"),
    ),
    "a terminate and a message at once": (
        "event-many",
        diagram(user("a"), end("b", TERMINATE + message("x")), "start a b", "a end"),
    ),
    "two links at once": (
        "event-many",
        diagram(throw("a", link("x") + link("y")), catch("b", link("x")), "start a end", "b end"),
    ),
    "all of several at the border": (
        "attribute-not-supported",
        diagram(
            user("a"), boundary("b", "a", message("x") + signal("y"), parallelMultiple="true"), "start a end", "b end"
        ),
    ),
    "an event gateway before all of several": (
        "event-gateway-choice",
        diagram(
            race("g"),
            catch("m", message("x")),
            catch("n", message("y") + signal("z"), parallelMultiple="true"),
            "start g m end",
            "g n end",
        ),
    ),
    "a parallel multiple event": (
        "attribute-not-supported",
        diagram(catch("a", message("x"), parallelMultiple="true")),
    ),
    "a catch event without a definition": ("event-not-here", diagram(element("intermediateCatchEvent", "a"))),
    "a timer thrown": ("event-not-here", diagram(throw("a", duration("PT1H")))),
    "a terminate on the way": ("event-not-here", diagram(throw("a", TERMINATE))),
    "a terminate at the start": (
        "event-not-here",
        definitions(process("p", start("start", TERMINATE), end(), "start end")),
    ),
    "a message without a reference": ("trigger-missing", diagram(catch("a", "<messageEventDefinition/>"))),
    "a message that is not declared": (
        "reference-dangling",
        diagram(catch("a", '<messageEventDefinition messageRef="no"/>')),
    ),
    "a message without a name": (
        "trigger-nameless",
        definitions(
            process("p", start(), catch("a", '<messageEventDefinition messageRef="n"/>'), end(), "start a end"),
            extra=element("message", "n", name=" "),
        ),
    ),
    "a message with a computed name": ("trigger-computed", named("message", "${x}")),
    "an element in a condition": (
        "element-unknown",
        diagram(
            exclusive("g", default="g.end"),
            user("a"),
            "start g end",
            element(
                "sequenceFlow", "f", "<conditionExpression>x<b/></conditionExpression>", sourceRef="g", targetRef="a"
            ),
            "a end",
        ),
    ),
    "an operation of a message": (
        "element-not-supported",
        diagram(
            catch("a", element("messageEventDefinition", None, "<operationRef>o</operationRef>", messageRef="m_x")),
            catch("b", message("x")),
        ),
    ),
    # Timers
    "a timer without a moment": ("timer-missing", diagram(catch("a", limit()))),
    "a timer with two": (
        "timer-twice",
        diagram(
            catch(
                "a",
                element(
                    "timerEventDefinition",
                    None,
                    "<timeDate>2026-01-01T00:00:00Z</timeDate><timeDuration>P1D</timeDuration>",
                ),
            )
        ),
    ),
    "a moment beside a limit": ("timer-twice", diagram(catch("a", duration("P1D"), wz_deadline="T"))),
    "a limit at the start": (
        "event-not-here",
        definitions(process("p", start("start", limit(), wz_deadline="T"), end(), "start end")),
    ),
    "a trigger without a limit": ("timer-from-alone", diagram(catch("a", duration("P1D"), wz_from="x"))),
    "a duration in words": ("expression-malformed", diagram(catch("a", duration("2 days")))),
    "a duration misspelt": ("timer-malformed", diagram(catch("a", duration("P1X")))),
    "a duration of part of a month": ("timer-malformed", diagram(catch("a", duration("P1.5M")))),
    "a constant duration that is none": ("timer-malformed", diagram(catch("a", duration("'2 days'")))),
    "a date without a zone": ("timer-malformed", diagram(catch("a", date("2026-01-01T00:00:00")))),
    "a date without a time": ("timer-malformed", diagram(catch("a", date("2026-01-01")))),
    "a cycle without a period": ("timer-malformed", diagram(catch("a", cycle("R3/PT0S")))),
    "a duration where a cycle should be": ("timer-malformed", diagram(catch("a", cycle("PT1H")))),
    "an empty timer": ("expression-empty", diagram(catch("a", duration(" ")))),
    "a timer that gives a number": ("expression-kind", diagram(catch("a", duration("1 + x")))),
    # Quantities, loops
    "a start quantity of nothing": ("attribute-value", diagram(user("a", startQuantity="0"))),
    "a huge start quantity": ("attribute-value", diagram(user("a", startQuantity="1001"))),
    "a completion quantity that is no number": ("attribute-value", diagram(user("a", completionQuantity="two"))),
    "a quantity of what tokens do not reach": (
        "quantity-beside",
        diagram(user("a"), user("h", isForCompensation="true", startQuantity="2"), undone("a", "h"), "start a end"),
    ),
    "a loop without an end": ("loop-without-end", diagram(user("a", looped()))),
    "a loop of no round": ("attribute-value", diagram(user("a", looped("x", loopMaximum="0")))),
    "a loop of part of a round": ("attribute-value", diagram(user("a", looped("x", loopMaximum="1.5")))),
    "a loop whose condition gives text": ("expression-kind", diagram(user("a", looped("'yes'")))),
    "a loop and a multi-instance": ("loop-kinds", diagram(user("a", looped("x"), many("2")))),
    "a behaviour of a multi-instance that is none": (
        "attribute-value",
        diagram(user("a", many("2", attributes_={"behavior": "Some"}))),
    ),
    "a behaviour without its event": (
        "behavior-misfit",
        diagram(user("a", many("2", attributes_={"behavior": "One"}))),
    ),
    "an event without its behaviour": (
        "behavior-misfit",
        diagram(user("a", many("2", attributes_={"noneBehaviorEventRef": "d"}))),
    ),
    "a behaviour whose event is not there": (
        "reference-dangling",
        diagram(user("a", many("2", attributes_={"behavior": "None", "noneBehaviorEventRef": "d"}))),
    ),
    "a behaviour that throws a timer": (
        "event-not-here",
        behaving(
            many("2", attributes_={"behavior": "None", "noneBehaviorEventRef": "d"}),
            '<timerEventDefinition id="d"><timeDuration>PT1H</timeDuration></timerEventDefinition>',
        ),
    ),
    "a behaviour that would end the other instances": (
        "behavior-interrupting",
        behaving(
            many("2", attributes_={"behavior": "None", "noneBehaviorEventRef": "d"}),
            '<escalation id="u_U1" escalationCode="U1"/><escalationEventDefinition id="d" escalationRef="u_U1"/>',
            boundary("b", "a", "<escalationEventDefinition/>"),
        ),
    ),
    "a complex behaviour without a condition": (
        "behavior-misfit",
        diagram(user("a", many("2", "<complexBehaviorDefinition/>", attributes_={"behavior": "Complex"}))),
    ),
    "a complex behaviour that is not asked for": (
        "behavior-misfit",
        diagram(user("a", many("2", complex_behavior("true", signal("x"))))),
    ),
    "a complex behaviour without an event": (
        "behavior-misfit",
        diagram(user("a", many("2", complex_behavior("true", ""), attributes_={"behavior": "Complex"}))),
    ),
    "a multi-instance without a number": ("loop-without-number", diagram(user("a", many()))),
    "a multi-instance with number and collection": ("loop-twice", diagram(user("a", many("2", collection="xs")))),
    "a negative number of instances": ("loop-cardinality", diagram(user("a", many("-1")))),
    "a fractional number of instances": ("loop-cardinality", diagram(user("a", many("1.5")))),
    "a huge number of instances": ("loop-cardinality", diagram(user("a", many("1001")))),
    "a number of instances that is text": ("expression-kind", diagram(user("a", many("'two'")))),
    "a collection that is no list": ("expression-kind", diagram(user("a", many(collection="1")))),
    "an element without a collection": ("loop-incomplete", diagram(user("a", many("2", element="x")))),
    "an output without its element": ("loop-incomplete", diagram(user("a", many("2", output="xs")))),
    "an output element without its list": ("loop-incomplete", diagram(user("a", many("2", outputElement="x")))),
    "a completion condition that gives no truth": ("expression-kind", diagram(user("a", many("2", until="1")))),
    # Data and people
    "a data state": ("element-not-supported", diagram(user("a", '<property id="x"><dataState id="s"/></property>'))),
    **{
        f"{word} of a set": (
            "element-not-supported",
            diagram(
                user(
                    "a",
                    '<ioSpecification><dataInput id="i"/><dataOutput id="o"/>'
                    f'<inputSet id="is"><dataInputRefs>i</dataInputRefs>{first}</inputSet>'
                    f'<outputSet id="os"><dataOutputRefs>o</dataOutputRefs>{second}</outputSet></ioSpecification>',
                )
            ),
        )
        for word, first, second in (
            ("an input taken on the way", "<whileExecutingInputRefs>i</whileExecutingInputRefs>", ""),
            ("an output given on the way", "", "<whileExecutingOutputRefs>o</whileExecutingOutputRefs>"),
            ("the outputs", "<outputSetRefs>os</outputSetRefs>", ""),
            ("the inputs", "", "<inputSetRefs>is</inputSetRefs>"),
        )
    },
    "a data binding": (
        "element-not-supported",
        definitions(process("p", element("ioBinding"), start(), end(), "start end")),
    ),
    "a performer": ("element-not-supported", diagram(user("a", element("performer")))),
    "a human performer": ("element-not-supported", diagram(user("a", element("humanPerformer")))),
    "a resource role": ("element-not-supported", diagram(user("a", element("resourceRole")))),
    "a potential owner": ("element-not-supported", diagram(user("a", element("potentialOwner")))),
    "a rendering": ("element-not-supported", diagram(user("a", element("rendering")))),
    "a key that no message gives": (
        "correlation-without-message",
        definitions(PLAIN, extra=pools(element("correlationKey", "k"), one="p")),
    ),
    "a property of a message that is read from somewhere else": (
        "correlation-path",
        definitions(PLAIN, extra=element("message", "m", name="m") + prop("n.of", "m")),
    ),
    "a message that is told apart and carries nothing": (
        "correlation-without-payload",
        definitions(
            process("p", start(), throw("t", message("x")), end(), "start t end"),
            extra=prop("payload.of", "m_x") + pools(key("of"), one="p"),
        ),
    ),
    "a subscription that binds nothing": (
        "subscription-misfit",
        definitions(
            process("p", start(), end(), "start end", element("correlationSubscription", correlationKeyRef="k")),
            extra=element("message", "m", name="m") + prop("payload.of", "m") + pools(key("of"), one="p"),
        ),
    ),
    "a rule of auditing": ("element-not-supported", diagram(user("a", element("auditing")))),
    "a rule of monitoring": ("element-not-supported", diagram(user("a", element("monitoring")))),
    # Attributes
    "an unknown attribute": ("attribute-unknown", diagram(user("a", candidates="x"))),
    "an attribute of another element": ("attribute-unknown", diagram(user("a", scriptFormat="cel"))),
    "an implementation": ("attribute-not-supported", diagram(user("a", implementation="http://example"))),
    "an operation by reference": (
        "attribute-not-supported",
        diagram(element("serviceTask", "a", operationRef="x", wz_operation="y")),
    ),
    "a gateway all of whose events begin the process, and one is a timer": (
        "together-not-messages",
        definitions(
            process(
                "p",
                race("g", instantiate="true", eventGatewayType="Parallel"),
                catch("a", message("x")),
                catch("b", duration("P1D")),
                end(),
                "g a end",
                "g b end",
            )
        ),
    ),
    "a parallel event gateway on the way": (
        "together-later",
        diagram(
            race("g", eventGatewayType="Parallel"),
            catch("a", message("x")),
            catch("b", message("y")),
            "start g a end",
            "g b end",
        ),
    ),
    "a flow that is not immediate": (
        "attribute-not-supported",
        diagram(user("a"), "start a", flow("a", "end", isImmediate="false")),
    ),
    "a truth value that is none": (
        "attribute-value",
        diagram(
            user(
                "a",
                element(
                    "multiInstanceLoopCharacteristics", None, "<loopCardinality>2</loopCardinality>", isSequential="yes"
                ),
            )
        ),
    ),
    "an event that is not interrupting at the start": (
        "attribute-not-supported",
        definitions(process("p", start(isInterrupting="false"), end(), "start end")),
    ),
    "a boundary event on nothing": (
        "attribute-missing",
        diagram(user("a"), element("boundaryEvent", "b", duration("PT1H")), "start a end", "b end"),
    ),
    # Ids and references
    "an element without id": ("id-missing", diagram(element("userTask"), "start end")),
    "an id that cannot be one": ("id-malformed", diagram(user("a/b"), "start a/b end")),
    "an id twice": ("id-duplicate", diagram(user("a"), sub("s", start("s0"), user("a"), end("s1"), "s0 a s1"))),
    "a flow to nothing": ("reference-dangling", diagram(user("a"), "start a end", "a nowhere")),
    "a flow without a target": (
        "attribute-missing",
        diagram(user("a"), "start a end", element("sequenceFlow", "f", sourceRef="a")),
    ),
    "a flow into a sub-process": (
        "flow-across-scope",
        diagram(user("a"), sub("s", start("s0"), user("b"), end("s1"), "s0 b s1"), "start a s end", "a b"),
    ),
    "a flow out of a sub-process": (
        "flow-across-scope",
        diagram(sub("s", start("s0"), user("b"), end("s1"), "s0 b s1"), user("a"), "start s a end", "b a"),
    ),
    "a boundary event on another scope": (
        "reference-dangling",
        diagram(
            sub("s", start("s0"), user("b"), end("s1"), "s0 b s1"),
            boundary("e", "b", duration("PT1H")),
            "start s end",
            "e end",
        ),
    ),
    "a boundary event on a gateway": (
        "boundary-on",
        diagram(exclusive("g"), boundary("e", "g", duration("PT1H")), "start g end", "e end"),
    ),
    "a list of flows that is wrong": ("flow-mismatch", diagram(user("a", "<incoming>a.end</incoming>"), "start a end")),
    "a lane of nothing": (
        "reference-dangling",
        definitions(process("p", lanes(x="a nobody"), start(), user("a"), end(), "start a end")),
    ),
    "a node in two lanes": (
        "lane-overlap",
        definitions(process("p", lanes(x="a", y="a"), start(), user("a"), end(), "start a end")),
    ),
    # Structure
    "no start": ("start-missing", definitions(process("p", user("a"), end(), "a end"))),
    "no start inside": ("start-missing", diagram(sub("s", user("a"), end("s1"), "a s1"))),
    "two plain starts": (
        "start-ambiguous",
        definitions(process("p", start(), start("other"), end(), "start end", "other end")),
    ),
    "a triggered start inside": ("start-not-plain", diagram(sub("s", start("s0", message("x")), end("s1"), "s0 s1"))),
    "a flow into the start": ("start-entered", diagram(user("a"), "start a end", "a start")),
    "a flow out of the end": ("end-left", diagram(user("a"), "start a end a")),
    "a dead end": ("dead-end", diagram(user("a"), user("b"), "start a end", "a b")),
    "a node nobody reaches": ("unreachable", diagram(user("a"), user("b"), "start a end", "b end")),
    "a loop nobody reaches": ("unreachable", diagram(user("a"), user("b"), user("c"), "start a end", "b c b")),
    "a flow into a boundary event": (
        "boundary-entered",
        diagram(user("a"), boundary("b", "a", duration("PT1H")), "start a end", "b end", "a b"),
    ),
    "a condition on the only way out of a task": ("condition-alone", diagram(user("a"), "start a", "a -[x]-> end")),
    "a condition behind an event": (
        "condition-here",
        diagram(catch("a", message("x")), user("b"), "start a", "a -[x]-> end", "a b end"),
    ),
    "a condition behind a parallel gateway": ("condition-here", diagram(parallel("g"), "start g", "g -[x]-> end")),
    "a default behind a task": ("default-here", diagram(user("a", default="a.end"))),
    "a way without a condition": (
        "condition-missing",
        diagram(exclusive("g"), user("a"), "start g a end", "g -[x]-> end"),
    ),
    "an inclusive way without a condition": (
        "condition-missing",
        diagram(inclusive("g"), user("a"), "start g a end", "g -[x]-> end"),
    ),
    "a default with a condition": (
        "default-with-condition",
        diagram(exclusive("g", default="g.end"), user("a"), "start g", "g -[y]-> a", "a end", "g -[x]-> end"),
    ),
    "a default that leaves elsewhere": (
        "default-elsewhere",
        diagram(exclusive("g", default="start.g"), user("a"), "start g", "g -[y]-> a", "a end", "g -[x]-> end"),
    ),
    "a gateway against its direction": ("gateway-direction", diagram(parallel("g", gatewayDirection="Diverging"))),
    "an event gateway before a task": (
        "event-gateway-choice",
        diagram(race("g"), catch("m", message("x")), user("a"), "start g m end", "g a end"),
    ),
    "an event gateway before a link": (
        "event-gateway-choice",
        diagram(
            race("g"),
            catch("m", message("x")),
            catch("n", signal("y")),
            catch("l", link("z")),
            throw("t", link("z")),
            "start g m t",
            "g n end",
            "g l end",
        ),
    ),
    "an event gateway before messages and receive tasks": (
        "event-gateway-choice",
        diagram(race("g"), catch("m", message("x")), receive("r", "y"), "start g m end", "g r end"),
    ),
    "an event gateway before a guarded receive task": (
        "event-gateway-choice",
        diagram(
            race("g"),
            receive("m", "x"),
            receive("r", "y"),
            boundary("b", "r", duration("PT1H")),
            "start g m end",
            "g r end",
            "b end",
        ),
    ),
    "an event gateway with one way": (
        "event-gateway-choice",
        diagram(race("g"), catch("m", message("x")), "start g m end"),
    ),
    "an event gateway whose event has another way in": (
        "event-gateway-choice",
        diagram(
            race("g"),
            catch("m", message("x")),
            catch("n", message("y")),
            user("a"),
            "start g m a end",
            "g n end",
            "a m",
        ),
    ),
    "a condition behind an event gateway": (
        "condition-here",
        diagram(race("g"), catch("m", message("x")), catch("n", message("y")), "start g n end", "m end", "g -[x]-> m"),
    ),
    # Expressions, scripts, work
    "a condition that cannot be read": (
        "expression-malformed",
        diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -[x >]-> a", "a end"),
    ),
    "a condition of another engine": (
        "expression-malformed",
        diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -[${x}]-> a", "a end"),
    ),
    "a condition that gives text": (
        "expression-kind",
        diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -['yes']-> a", "a end"),
    ),
    "an empty condition": (
        "expression-empty",
        diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -[]-> a", "a end"),
    ),
    "a condition in Python": (
        "language-not-supported",
        diagram(
            exclusive("g", default="g.end"),
            user("a"),
            "start g end",
            element(
                "sequenceFlow",
                "f",
                '<conditionExpression language="python">x</conditionExpression>',
                sourceRef="g",
                targetRef="a",
            ),
            "a end",
        ),
    ),
    "a file in another language": (
        "language-not-supported",
        diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -[x]-> a", "a end").replace(
            b'id="defs"', b'expressionLanguage="python"'
        ),
    ),
    "a script in Python": ("language-not-supported", diagram(script("a", "x = 1", scriptFormat="python"))),
    "a script that is Python": ("expression-malformed", diagram(script("a", "x = 1"))),
    "a script that gives a number": ("expression-kind", diagram(script("a", "1 + 1"))),
    "a script that divides by nothing": ("expression-malformed", diagram(script("a", "{'x': 1 / 0}"))),
    "no script": ("script-missing", diagram(element("scriptTask", "a"))),
    "no operation": ("operation-missing", diagram(element("serviceTask", "a"))),
    "no decision": ("decision-missing", diagram(element("businessRuleTask", "a"))),
    "an unknown decision": ("decision-unknown", diagram(rule("a", "no_such_table"))),
    "no called process": ("called-missing", diagram(element("callActivity", "a"))),
    "an unknown called process": ("called-unknown", diagram(call("a", "nobody"))),
    "an input without a value": (
        "binding-malformed",
        diagram(element("serviceTask", "a", held(element("wz:input", None, name="x")), wz_operation="o")),
    ),
    "an input twice": (
        "binding-duplicate",
        diagram(
            element(
                "serviceTask",
                "a",
                held(element("wz:input", None, name="x", value="1"), element("wz:input", None, name="x", value="2")),
                wz_operation="o",
            )
        ),
    ),
    "an input that cannot be read": ("expression-malformed", diagram(service("a", "o", x="1 +"))),
    "a reserved name": ("name-reserved", diagram(service("a", "o", "vars"))),
    "a name with a blank": ("name-reserved", diagram(catch("a", message("x"), wz_payload="the answer"))),
    # Extensions
    "a misspelt extension": ("extension-unknown", diagram(user("a", wz_froms="F"))),
    "an extension that does nothing here": ("extension-unknown", diagram(user("a", wz_deadline="T"))),
    "an extension of a flow": ("extension-unknown", diagram(user("a"), "start a", flow("a", "end", wz_form="F"))),
    "an extension of a drawing": (
        "extension-unknown",
        diagram(user("a"), element("textAnnotation", "t", wz_form="F"), "start a end"),
    ),
    "an extension of a definition": (
        "extension-unknown",
        diagram(catch("a", element("timerEventDefinition", None, wz_deadline="T"), wz_deadline="T")),
    ),
    "an extension element that does nothing here": (
        "extension-unknown",
        diagram(user("a", held(element("wz:input", None, name="x", value="1")))),
    ),
    "an extension element in the wrong place": (
        "element-unknown",
        diagram(user("a", element("wz:input", None, name="x", value="1"))),
    ),
    "a return on a timer": (
        "extension-unknown",
        diagram(user("a"), boundary("b", "a", duration("P1D"), wz_action="return"), "start a end", "b end"),
    ),
    "a return that does not interrupt": (
        "extension-unknown",
        diagram(
            user("a"), boundary("b", "a", message("x"), interrupting=False, wz_action="return"), "start a end", "b end"
        ),
    ),
    "a return of a sub-process": (
        "extension-unknown",
        diagram(
            sub("s", start("s0"), end("s1"), "s0 s1"),
            boundary("b", "s", message("x"), wz_action="return"),
            "start s end",
            "b end",
        ),
    ),
    "an action that is none": (
        "attribute-value",
        diagram(user("a"), boundary("b", "a", message("x"), wz_action="Zurück!"), "start a end", "b end"),
    ),
    "persons that are none": ("attribute-value", diagram(user("a", wz_persons="two"))),
    "a party that is no variable": ("attribute-value", diagram(user("a", wz_party="the party"))),
    "an asynchronous task": ("extension-foreign", diagram(user("a", camunda_asyncBefore="true"))),
    "a class": ("extension-foreign", diagram(element("serviceTask", "a", camunda_class="x.Y", wz_operation="o"))),
    "a listener": (
        "extension-foreign",
        diagram(user("a", held(element("camunda:taskListener", None, event="create")))),
    ),
    "an input of Camunda": ("extension-foreign", diagram(user("a", held(element("camunda:inputOutput"))))),
    "an input of a call": (
        "extension-foreign",
        diagram(call("a", "p", held(element("camunda:in", None, variables="all")))),
    ),
    "a due date": ("extension-foreign", diagram(user("a", camunda_dueDate="P1D"))),
    "an assignee that is computed": ("extension-foreign", diagram(user("a", camunda_assignee="${who}"))),
    "a task of Zeebe": (
        "extension-foreign",
        diagram(element("serviceTask", "a", held(element("zeebe:taskDefinition", None, type="x")), wz_operation="o")),
    ),
    "a script resource": ("extension-foreign", diagram(script("a", "{'x': 1}", camunda_resource="file"))),
    "a listener of an event": (
        "extension-foreign",
        diagram(
            catch("a", element("messageEventDefinition", None, messageRef="m_x", camunda_type="external")),
            catch("b", message("x")),
        ),
    ),
    "a form said twice": ("extension-conflict", diagram(user("a", wz_form="F", camunda_formKey="G"))),
    # Elements out of place
    "a task in a lane": (
        "element-unknown",
        definitions(process("p", element("laneSet", "l", user("z")), start(), end(), "start end")),
    ),
    "a foreign element in the process": (
        "element-unknown",
        definitions(process("p", "<other:thing/>", start(), end(), "start end")),
    ),
    "a script in a user task": ("element-unknown", diagram(user("a", element("script", None, "x")))),
    "two conditions": (
        "element-twice",
        diagram(
            exclusive("g", default="g.end"),
            user("a"),
            "start g end",
            element(
                "sequenceFlow",
                "f",
                "<conditionExpression>x</conditionExpression><conditionExpression>y</conditionExpression>",
                sourceRef="g",
                targetRef="a",
            ),
            "a end",
        ),
    ),
    "two scripts": ("element-twice", diagram(script("a", "{'x': 1}", "<script>{'x': 2}</script>"))),
    "two multi-instances": ("element-twice", diagram(user("a", many("2"), many("3")))),
    "two numbers of instances": (
        "element-twice",
        diagram(
            user(
                "a",
                element(
                    "multiInstanceLoopCharacteristics",
                    None,
                    "<loopCardinality>2</loopCardinality><loopCardinality>3</loopCardinality>",
                ),
            )
        ),
    ),
    "an operation of an interface that takes no message": (
        "element-missing",
        definitions(PLAIN, extra='<interface id="i" name="x"><operation id="o" name="y"/></interface>'),
    ),
    "a message with a key of another engine": (
        "extension-foreign",
        definitions(
            PLAIN, extra=element("message", "m", held(element("zeebe:subscription", None, correlationKey="=x")))
        ),
    ),
    "a message with an extension of ours that has none": (
        "extension-unknown",
        definitions(PLAIN, extra=element("message", "m", wz_form="F")),
    ),
    "a loop without a way out": (
        "loop-without-exit",
        diagram(exclusive("g", default="g.end"), user("a"), user("b"), "start g end", "g -[x]-> a", "a b a"),
    ),
    "a parallel join of what an exclusive gateway parted": (
        "join-never",
        diagram(
            exclusive("g", default="g.b"),
            user("a"),
            user("b"),
            parallel("j"),
            "start g b j end",
            "g -[x]-> a",
            "a j",
        ),
    ),
    "an activity that waits for more tokens than come": (
        "quantity-never",
        diagram(user("a", startQuantity="2")),
    ),
    "text where none is read": ("text-here", diagram(user("a", "Read the file."))),
    "an extension that must be understood": (
        "must-understand",
        definitions(PLAIN, extra='<extension definition="other:thing" mustUnderstand="true"/>'),
    ),
    "a prefix that nothing declares": (
        "prefix-undeclared",
        diagram(element("sequenceFlow", "f", sourceRef="start", targetRef="end"), user("a"), "start a end").replace(
            b'<userTask id="a"/>', b'<userTask id="a"><incoming>x:start.a</incoming></userTask>'
        ),
    ),
    "a type that does not stand beside the processes": (
        "reference-dangling",
        definitions(PLAIN, extra=element("message", "m", itemRef="nothing")),
    ),
    "a type that is something else": (
        "reference-dangling",
        definitions(PLAIN, extra=element("message", "m", itemRef="m")),
    ),
    "a picture with a word of no meaning": (
        "attribute-unknown",
        definitions(PLAIN, extra=PICTURE.format('<bpmndi:BPMNShape id="s" shown="true"><dc:Bounds width="4" ')),
    ),
    "a picture at no place": (
        "attribute-value",
        definitions(PLAIN, extra=PICTURE.format('<bpmndi:BPMNShape id="s"><dc:Bounds width="wide" ')),
    ),
    "an element BPMN does not know": (
        "element-unknown",
        definitions(process("p", "<thing/>", start(), end(), "start end")),
    ),
    # Files
    "not BPMN": ("not-bpmn", b"<definitions/>"),
    "a process marked as not executable": (
        "process-not-executable",
        definitions(process("p", start(), end(), "start end", isExecutable="false")),
    ),
    "no such process": ("process-missing", definitions(process("q", start(), end(), "start end"))),
    "a document type": (
        "document-type",
        b'<!DOCTYPE x><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    ),
    "broken XML": ("not-xml", b"<definitions"),
}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        pytest.param(rule, source, id=id, marks=pytest.mark.shows(*refused_in(rule, source)))
        for id, (rule, source) in REFUSED.items()
    ],
)
def test_it_is_refused_with_its_rule_and_nothing_else(rule, source):
    found = findings(source)
    assert rule in {finding.rule for finding in found}
    noise = {finding.rule for finding in found} - {rule} - TOLERATED.get(rule, set())
    assert noise == set(), found
    for finding in found:
        assert finding.why.endswith(".")
        assert finding.why_zh
        assert finding.remedy
        assert finding.remedy_zh
        assert finding.source == "p.bpmn"


TOLERATED = {
    # A file that cannot be read has no process either.
    "not-bpmn": {"process-missing"},
    "document-type": {"process-missing"},
    "not-xml": {"process-missing"},
    # What is broken here breaks something else by itself.
    "start-missing": {"unreachable"},
    "link-nameless": {"link-partner", "unreachable"},
    "link-partner": {"unreachable"},
    "link-connected": {"gateway-direction"},
    "event-not-here": {"unreachable", "link-partner"},
    "event-gateway-choice": {"link-connected"},
    "event-many": {"link-partner", "unreachable"},
}


@pytest.mark.parametrize("code", sorted(catalogue.RULES))
def test_every_rule_says_its_sentence_in_both_languages(code):
    rule = catalogue.RULES[code]
    assert rule.why
    assert rule.remedy
    assert any("\u4e00" <= sign <= "\u9fff" for sign in rule.why_zh + rule.remedy_zh)


def test_every_rule_that_refuses_has_a_diagram_that_breaks_it():
    warnings = {
        "element-order",
        "expression-untyped",
        "reference-astray",
        "extension-ignored",
        "gateway-without-effect",
        "default-absent",
        "flow-order",
        "condition-constant",
        "loop-idle",
        "join-stuck",
        "runs-twice",
        "variable-unwritten",
        "no-way-to-an-end",
        "never-thrown",
        "nothing-to-undo",
        "taken-at-reset",
        "association-empty",
    }
    elsewhere = {
        "field-of-none",
        "field-unknown",
        "kinds-apart",
        "value-never",
        "variable-unknown",
        "process-none",
        "message-flow-end",
        "process-duplicate",
        "process-recursive",
        "nesting-too-deep",
        "decision-duplicate",
        "decision-inputs",
        "message-flow",
        "migration-ended",
        "migration-mapping",
        "migration-gone",
        "migration-differs",
    }
    data = {  # in test_data and test_calls
        "called-without",
        "data-twice",
        "data-sets",
        "data-in-no-set",
        "data-out-of-reach",
        "data-not-here",
        "data-one",
        "data-at-start",
        "data-and-extension",
        "data-type",
        "association-unclear",
        "assignment-astray",
        "store-unnamed",
    }
    assert catalogue.RULES.keys() - {rule for rule, _ in REFUSED.values()} - warnings == elsewhere | data


def test_what_was_published_before_a_rule_was_there_still_runs():
    source = diagram(exclusive("g", default="g.end"), user("a"), user("b"), "start g end", "g -[x]-> a", "a b a")
    definition = diagrams.load({"p.bpmn": source}, "p", published=True)
    assert {warning.rule for warning in definition.warnings} == {"loop-without-exit"}
    assert Play(definition, x=True).complete("a").open == ["b"]


def test_what_cannot_be_carried_out_is_refused_though_it_was_published():
    with pytest.raises(DiagramRefused):
        diagrams.load({"p.bpmn": diagram(script("s", "1 +"))}, "p", published=True)


def test_all_findings_come_at_once_each_with_its_place():
    source = diagram(
        user("a", name="Look", wz_froms="F"),
        script("s", "1 +"),
        catch("t", duration("2 days")),
        user("z", startQuantity="0"),
    )
    found = findings(source)
    assert [(each.rule, each.element) for each in found] == [
        ("extension-unknown", "a"),
        ("expression-malformed", "s"),
        ("expression-malformed", "t"),
        ("attribute-value", "z"),
    ]
    assert found[0].name == "Look"
    assert all(each.line for each in found)
    lines = source.decode().splitlines()
    assert 'id="a"' in lines[found[0].line - 1]


def test_the_error_says_every_finding_in_words():
    with pytest.raises(DiagramRefused) as refused:
        load(diagram(user("a", wz_froms="F"), user("b", startQuantity="0")))
    assert "p.bpmn:" in str(refused.value)
    assert "wz:froms" in str(refused.value)
    assert "startQuantity" in str(refused.value)


# Several files


def test_a_process_drawn_twice_is_refused():
    one = definitions(process("p", start(), end(), "start end"))
    assert refusals({"a": one, "b": one}) == ["process-duplicate"]


def test_a_process_that_calls_itself_is_refused_with_the_way_round():
    p = process("p", start(), call("c", "q"), end(), "start c end")
    q = process("q", start(), call("c", "r"), end(), "start c end")
    r = process("r", start(), call("c", "q"), end(), "start c end")
    found = findings(files(p, q, r))
    assert [each.rule for each in found] == ["process-recursive"]
    assert "q → r → q" in found[0].why


def test_a_process_called_twice_is_no_circle():
    p = process("p", start(), call("c", "q"), call("d", "r"), end(), "start c d end")
    q = process("q", start(), call("c", "r"), end(), "start c end")
    r = process("r", start(), end(), "start end")
    assert refusals(files(p, q, r)) == []


def test_a_called_process_must_begin_plainly():
    called = process("q", start("start", message("x")), end(), "start end")
    assert refusals(files(process("p", start(), call("c", "q"), end(), "start c end"), called)) == ["start-not-plain"]


def test_findings_of_a_called_process_name_its_file():
    called = process("q", start(), user("a", startQuantity="0"), end(), "start a end")
    found = findings(files(process("p", start(), call("c", "q"), end(), "start c end"), called))
    assert [(each.rule, each.source) for each in found] == [("attribute-value", "1.bpmn")]


def test_what_a_process_does_not_need_is_not_held_against_it():
    other = process("q", start(), user("a", startQuantity="0"), end(), "start a end")
    assert refusals(files(process("p", start(), end(), "start end"), other)) == []


def test_sub_processes_nest_only_so_deep():
    inner = user("deepest")
    for depth in range(60):
        name = "deepest" if depth == 0 else f"s{depth - 1}"
        inner = sub(f"s{depth}", start(f"a{depth}"), inner, end(f"e{depth}"), f"a{depth} {name} e{depth}")
    assert "nesting-too-deep" in refusals(diagram(inner))


def test_calls_nest_only_so_deep():
    chain = [process(f"p{n}", start(), call("c", f"p{n + 1}"), end(), "start c end") for n in range(60)]
    sources = files(*chain, process("p60", start(), end(), "start end"))
    assert refusals(sources, "p0") == ["nesting-too-deep"]
    assert refusals(sources, "p20") == []


# Pools


def message_flow(source: str, target: str) -> str:
    return element("messageFlow", "mf", sourceRef=source, targetRef=target)


def two_pools(flow: str, sends: str, takes: str) -> bytes:
    caller = process("p", start(), call("c", "q"), throw("t", message(sends)), end(), "start c t end")
    called = process("q", start("s2"), catch("m", message(takes)), user("u"), end("e2"), "s2 m u e2")
    return definitions(caller, called, extra=pools(flow, one="p", two="q", out=None))


@pytest.mark.shows("collaboration", "participant", "messageFlow")
def test_a_message_flow_between_processes_that_run_joins_events_of_one_message():
    assert refusals(two_pools(message_flow("t", "m"), "x", "x")) == []
    assert refusals(two_pools(message_flow("t", "m"), "x", "y")) == ["message-flow"]
    assert refusals(two_pools(message_flow("t", "u"), "x", "x")) == ["message-flow"]
    assert refusals(two_pools(message_flow("one", "m"), "x", "x")) == ["message-flow"]
    assert refusals(two_pools(message_flow("c", "u"), "x", "x")) == ["message-flow"]


def test_a_message_flow_to_a_closed_pool_is_only_a_picture():
    assert refusals(two_pools(message_flow("out", "u"), "x", "y")) == []
    assert refusals(two_pools(message_flow("t", "out"), "x", "y")) == []


@pytest.mark.parametrize(("source", "target"), [("out", "e2"), ("m", "out"), ("s2", "out"), ("one", "e2")])
def test_a_message_flow_has_ends_that_can_send_and_take(source, target):
    assert refusals(two_pools(message_flow(source, target), "x", "x")) == ["message-flow-end"]


def test_a_message_flow_to_nothing_is_refused():
    assert refusals(two_pools(message_flow("t", "nowhere"), "x", "x")) == ["reference-dangling"]


@pytest.mark.shows("event=refused")
def test_an_event_of_no_kind_is_refused_and_told_what_to_draw():
    assert set(refusals(diagram(element("event", "a")))) == {"element-unknown", "element-not-supported"}


@pytest.mark.shows("participantMultiplicity=refused")
def test_a_number_of_participants_is_refused_for_the_process_that_runs():
    pool = element("participant", "one", "<participantMultiplicity/>", processRef="p")
    plain = process("p", start(), end(), "start end")
    assert refusals(definitions(plain, extra=element("collaboration", "c", pool))) == ["element-not-supported"]


# Only drawing


def shown(word: str, drawn: object) -> object:
    return pytest.param(drawn, marks=pytest.mark.shows(word))


@pytest.mark.parametrize(
    "drawn",
    [
        shown("textAnnotation", element("textAnnotation", "t", "<text>why</text>")),
        shown("group", element("group", "g", categoryValueRef="c")),
        shown("association", element("association", "as", sourceRef="a", targetRef="t")),
        shown("dataObject", element("dataObject", "d")),
        shown("dataObjectReference", element("dataObjectReference", "dr", dataObjectRef="d")),
        shown("dataStoreReference", element("dataStoreReference", "ds")),
        shown("supports", "<supports>i</supports>"),
        shown("supportedInterfaceRef", "<supportedInterfaceRef>i</supportedInterfaceRef>"),
        shown("documentation", "<documentation>About.</documentation>"),
        element(
            "extensionElements",
            None,
            element("camunda:properties", None, element("camunda:property", None, name="x", value="y")),
        ),
    ],
)
def test_pure_drawing_is_accepted(drawn):
    assert refusals(definitions(process("p", drawn, start(), user("a"), end(), "start a end"))) == []


RACE = (catch("m", message("x")), catch("n", message("y")), "start g m end", "g n end")


@pytest.mark.parametrize(
    "source",
    [
        shown("@eventGatewayType", diagram(race("g", eventGatewayType="Exclusive"), *RACE)),
        shown("@instantiate", diagram(race("g", instantiate="false"), *RACE)),
        shown("@implementation", diagram(user("a", implementation="##unspecified"))),
        shown("@isImmediate", diagram(user("a"), "start a", flow("a", "end", isImmediate="true"))),
        shown("@method", diagram(transaction("t", start("s0"), end("s9"), "s0 s9", method="##Compensate"))),
        shown(
            "@waitForCompletion",
            undoing(
                throw("t", element("compensateEventDefinition", None, waitForCompletion="true")), flows="start a t end"
            ),
        ),
        shown("@scriptFormat", diagram(script("a", "{'x': 1}", scriptFormat="cel"))),
        shown("@language", diagram(catch("a", element("timerEventDefinition", None, timed(language="CEL"))))),
        shown(
            "@evaluatesToTypeRef",
            diagram(catch("a", element("timerEventDefinition", None, timed(evaluatesToTypeRef="x")))),
        ),
        shown(
            "@definitionalCollaborationRef",
            definitions(process("p", start(), end(), "start end", definitionalCollaborationRef="c")),
        ),
        shown(
            "@partitionElementRef",
            definitions(process("p", partitioned(partitionElementRef="x"), start(), end(), "start end")),
        ),
        shown(
            "partitionElement",
            definitions(
                process("p", partitioned('<partitionElement xsi:type="tGroup"/>'), start(), end(), "start end")
            ),
        ),
    ],
)
def test_what_says_only_how_things_are_anyway_is_accepted(source):
    assert refusals(source) == []


@pytest.mark.shows(
    "@camunda:assignee",
    "@camunda:candidateGroups",
    "@camunda:formKey",
    "@gatewayDirection",
    "@isClosed",
    "@processType",
    "childLaneSet",
    "incoming",
    "outgoing",
    "documentation",
)
def test_a_diagram_as_modelers_save_it_is_accepted():
    source = (
        HEAD.replace(
            'id="defs"',
            'id="defs" exporter="bpmn-js" exporterVersion="18" expressionLanguage="http://www.w3.org/1999/XPath"',
        )
        + """
      <collaboration id="c"><participant id="pool" name="Office" processRef="p"/><participant id="citizen" name="Citizen"/>
        <messageFlow id="mf" sourceRef="citizen" targetRef="s"/></collaboration>
      <message id="m1" name="filed"/><category id="cat"><categoryValue id="cv"/></category>
      <process id="p" isExecutable="true" camunda:versionTag="1" camunda:historyTimeToLive="180" processType="None"
        isClosed="false">
        <laneSet id="ls"><lane id="clerk" name="Clerk"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef>
          <childLaneSet id="inner"><lane id="junior"><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>
        <startEvent id="s"><outgoing>f1</outgoing></startEvent>
        <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
        <userTask id="a" name="Read" camunda:formKey="F-READ" camunda:candidateGroups="clerks" camunda:assignee="li">
          <documentation>Reads it.</documentation><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
        <exclusiveGateway id="g" default="f4" gatewayDirection="Diverging">
          <incoming>f2</incoming><outgoing>f3</outgoing><outgoing>f4</outgoing></exclusiveGateway>
        <sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
        <sequenceFlow id="f3" name="yes" sourceRef="g" targetRef="e">
          <conditionExpression xsi:type="tFormalExpression">accepted</conditionExpression></sequenceFlow>
        <sequenceFlow id="f4" name="no" sourceRef="g" targetRef="a2"/>
        <manualTask id="a2"/><sequenceFlow id="f5" sourceRef="a2" targetRef="e"/>
        <endEvent id="e"><incoming>f3</incoming><incoming>f5</incoming></endEvent>
        <textAnnotation id="ta"><text>note</text></textAnnotation>
        <association id="as" associationDirection="None" sourceRef="a" targetRef="ta"/>
      </process>
      <bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d">
        <bpmndi:BPMNPlane id="pl" bpmnElement="c"/></bpmndi:BPMNDiagram>
    </definitions>"""
    )
    play = Play(source.encode(), accepted=False)
    task_ = play.step.open_tasks[0]
    assert dict(task_.extensions) == {"form": "F-READ", "candidateGroups": "clerks", "assignee": "li"}
    assert task_.lane == "junior"
    assert play.complete("a").open == ["a2"]


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("extension-ignored", diagram(user("a", other_colour="red"))),
        (
            "condition-constant",
            diagram(exclusive("g", default="g.end"), user("a"), "start g end", "g -[1 > 2]-> a", "a end"),
        ),
        (
            "loop-idle",
            diagram(exclusive("m"), exclusive("g", default="g.end"), task("a"), "start m g end", "g -[x]-> a", "a m"),
        ),
        ("element-order", definitions(process("p", start(), end(), "start end", lanes(clerk="start end")))),
        (
            "reference-astray",
            definitions(process("p", start(), end(), "start end", element("group", "g", categoryValueRef="c"))),
        ),
        (
            "expression-untyped",
            diagram(
                exclusive("g", default="g.end"),
                user("a"),
                "start g end",
                element(
                    "sequenceFlow",
                    "f",
                    element("conditionExpression", None, "x", language="cel"),
                    sourceRef="g",
                    targetRef="a",
                ),
                "a end",
            ),
        ),
        ("gateway-without-effect", diagram(parallel("g"))),
        ("nothing-to-undo", diagram(user("a"), throw("t", compensation()), "start a t end")),
        (
            "never-thrown",
            diagram(
                transaction("a", start("s0"), end("s9"), "s0 s9"),
                boundary("b", "a", event("cancelEventDefinition")),
                "start a end",
                "b end",
            ),
        ),
        ("never-thrown", diagram(user("a"), boundary("b", "a", error()), "start a end", "b end")),
        ("default-absent", diagram(user("a"), user("b"), "start a", "a -[x]-> b", "a -[!x]-> end", "b end")),
        ("default-absent", diagram(exclusive("g"), user("a"), "start g", "g -[x]-> a", "g -[!x]-> end", "a end")),
        (
            "no-way-to-an-end",
            diagram(
                exclusive("g", default="g.end"),
                user("a"),
                user("b"),
                handler("h", message("stop"), end("h9"), "h0 h9"),
                "start g end",
                "g -[x]-> a",
                "a b a",
            ),
        ),
        (
            "flow-order",
            diagram(
                exclusive("g", default="g.end").replace(
                    "/>", "><outgoing>g.end</outgoing><outgoing>g.a</outgoing></exclusiveGateway>"
                ),
                user("a"),
                "start g",
                "g -[x]-> a",
                "g end",
                "a end",
            ),
        ),
    ],
)
def test_what_may_not_be_meant_is_a_warning_and_runs(rule, source):
    assert {warning.rule for warning in load(source).warnings} == {rule}


def test_documentation_inside_an_expression_is_not_part_of_it():
    condition = (
        "<conditionExpression><documentation>about x</documentation>x &gt; 1<extensionElements/></conditionExpression>"
    )
    source = diagram(
        exclusive("g", default="g.end"),
        user("a"),
        "start g end",
        element("sequenceFlow", "f", condition, sourceRef="g", targetRef="a"),
        "a end",
    )
    assert Play(source, x=2).open == ["a"]


def test_every_word_that_is_read_is_in_one_table_only():
    accepted = set(vocabulary.FLOW_NODES) | set(vocabulary.DRAWING)
    assert not accepted & vocabulary.REFUSED.keys()
    assert vocabulary.REFUSED.keys() >= vocabulary.REFUSED_NODES
    assert set(vocabulary.KINDS) == set(vocabulary.FLOW_NODES)
    assert vocabulary.ATTRIBUTES.keys() >= vocabulary.FLOW_NODES
    assert vocabulary.CHILDREN.keys() >= vocabulary.FLOW_NODES


def test_a_diagram_tells_which_processes_it_draws():
    source = definitions(process("p", start(), end(), "start end"), process("q", start("s"), end("e"), "s e"))
    assert diagrams.processes(source, name="x") == ("p", "q")
    with pytest.raises(DiagramRefused):
        diagrams.processes(b"<x/>", name="x")


@pytest.mark.parametrize(
    "node", [task("a"), user("a"), script("a", "{'x': 1}"), sub("a", start("s0"), end("s1"), "s0 s1")]
)
def test_every_activity_may_carry_boundary_events_and_be_repeated(node):
    assert refusals(diagram(node, boundary("b", "a", duration("PT1H")), "start a end", "b end")) == []
