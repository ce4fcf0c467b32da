"""Every behaviour four times: straight, stored after every token, with the longest delays, and in a loop; as the standard says.

A behaviour is a piece of a diagram with one way in and one way out, and what happens to it from outside. Nothing is expected by
hand: the token game of `oracle` says what must happen. Delays: whatever comes from outside comes years later than it might, and
time is noticed only then. In a loop the piece is gone through three times, and each round is like the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from engine import vocabulary
from tests.unit.engine import shown
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    compensation,
    complex_,
    condition,
    cycle,
    definitions,
    duration,
    element,
    end,
    error,
    escalation,
    exclusive,
    handler,
    inclusive,
    link,
    looped,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    send,
    service,
    signal,
    start,
    sub,
    task,
    terminate,
    throw,
    transaction,
    undone,
    user,
)
from tests.unit.engine.scheduling import (
    DAWN,
    ByTheStandard,
    Command,
    Drawn,
    Played,
    Seen,
    Stepwise,
    StoredAlways,
    Way,
    Whole,
)

YEARS = 3 * 365 * 24.0
CANCEL = "<cancelEventDefinition/>"
Event = tuple[Any, ...]


@dataclass(frozen=True)
class Behaviour:
    """Pieces, the body `first … last` among them, and what happens: `("a", {answers})`, `("message", "x", 1)`, `("signal", "y")`,
    `("after", hours)`. In a body `first … last` the pieces say themselves how one comes from one to the other."""

    pieces: tuple[str, ...]
    body: str
    events: tuple[Event, ...] = ()
    beside: str = ""
    """A process that is called, or what else stands beside."""

    def drawn(self, *, rounds: int = 1) -> Drawn:
        first, last = self.body.split()[0], self.body.split()[-1]
        again = (
            exclusive("again"), script("count", "{'round': round + 1, 'n': 1}"), exclusive("enough", default="enough.again"),
            f"start again {first}", f"{last} count enough again", f"enough -[round >= {rounds}]-> end",
        )  # fmt: skip
        ways = () if first == last or "…" in self.body else (self.body,)
        whole = process("p", start(), *self.pieces, *again, *ways, end())
        return Drawn({"p.bpmn": definitions(whole, self.beside)}, {"double": lambda n: n * 2})


def within(*pieces: str, id: str = "z", **words: object) -> str:
    """A sub-process around pieces that begin at `z0` and end at `z9`."""
    return sub(id, start(f"{id}0"), *pieces, end(f"{id}9"), **words)


AFTER: Event = ("after", 2.0)
BEHAVIOURS: dict[str, Behaviour] = {
    "a person": Behaviour((user("a"),), "a", (("a", {"n": 3}),)),
    "a manual task": Behaviour((element("manualTask", "a"),), "a", (("a", {}),)),
    "a script and a task": Behaviour((script("s", "{'n': n + 1}"), task("t")), "s t"),
    "an operation": Behaviour((service("s", "double", "n", n="n"),), "s"),
    "a parallel split and join": Behaviour(
        (parallel("f"), user("a"), user("b"), parallel("j"), "f b j"), "f a j", (("b", {}), ("a", {}))
    ),
    "an exclusive choice": Behaviour(
        (exclusive("f", default="f.a"), user("a"), user("b"), exclusive("j"), "f -[n > 5]-> b", "b j"), "f a j", (("a", {}),)
    ),
    "an inclusive choice and join": Behaviour(
        (
            inclusive("f", default="f.c"), user("a"), user("b"), user("c"), inclusive("j"), "f -[n >= 1]-> a", "f -[n >= 0]-> b",
            "a j", "b j",
        ),
        "f c j", (("b", {}), ("a", {})),
    ),
    "a complex gateway and its reset": Behaviour(
        (
            parallel("f"), user("a"), user("b"), user("c"), complex_("g", "activationCount >= 2", default="g.late"), user("i"),
            task("late"), end("e9"), "f a g", "f b g", "f c g", "g -[waitingForStart]-> i", "g late e9",
        ),
        "f … i", (("a", {}), ("b", {}), ("c", {}), ("i", {})),
    ),
    "several and conditional ways out of a task": Behaviour(
        (
            user("a", default="a.d"), user("b"), user("c"), user("d"), inclusive("j"), "a -[n > 0]-> b", "a -[n > 9]-> c", "b j",
            "c j",
        ),
        "a d j", (("a", {"n": 10}), ("c", {}), ("b", {})),
    ),
    "quantities": Behaviour(
        (user("a", completionQuantity="2"), user("b", startQuantity="2")), "a b", (("a", {}), ("b", {}))
    ),
    "a race won by a message": Behaviour(
        (race("w"), catch("m", message("x"), wz_payload="n"), catch("t", duration("PT1H")), exclusive("j"), "w t j"),
        "w m j", (("message", "x", 7),),
    ),
    "a race won by a timer": Behaviour(
        (race("w"), receive("m", "x"), catch("t", duration("PT1H")), exclusive("j"), "w t j"), "w m j", (AFTER,),
    ),
    "a timer": Behaviour((catch("t", duration("PT1H")),), "t", (AFTER,)),
    "a signal that is waited for and thrown": Behaviour(
        (
            parallel("f"), catch("c", signal("y"), wz_payload="n"), user("a"), throw("t", signal("y"), wz_payload="n"),
            parallel("j"), "f a t j",
        ),
        "f c j", (("a", {}),),
    ),
    "a message sent and received inside": Behaviour(
        (parallel("f"), receive("r", "x", wz_payload="n"), user("a"), send("s", "x", wz_payload="n"), parallel("j"), "f a s j"),
        "f r j", (("a", {}),),
    ),
    "a message thrown outwards": Behaviour((throw("t", message("out"), wz_payload="n"),), "t"),
    "a condition": Behaviour(
        (parallel("f"), catch("c", condition("n > 4")), user("a"), parallel("j"), "f a j"), "f c j", (("a", {"n": 5}),)
    ),
    "one of several things": Behaviour((catch("c", message("x") + duration("PT1H"), wz_payload="n"),), "c", (AFTER,)),
    "all of several things": Behaviour(
        (catch("c", message("x") + signal("y"), parallelMultiple="true"),), "c", (("signal", "y"), ("message", "x"))
    ),
    "a link": Behaviour(
        (throw("o", link("l")), catch("i", link("l")), user("a"), task("b"), "b o", "i a"), "b … a", (("a", {}),)
    ),
    "a sub-process": Behaviour((within(user("a"), "z0 a z9"),), "z", (("a", {}),)),
    "a terminate end": Behaviour(
        (sub("z", start("z0"), parallel("f"), user("a"), user("b"), terminate("z9"), end("z8"), "z0 f a z9", "f b z8"),),
        "z", (("a", {}),),
    ),
    "a call": Behaviour(
        (call("c", "q", inputs={"n": "n + 1"}, outputs={"n": "n"}),), "c", (("qa", {"n": 4}),),
        process("q", start("q0"), user("qa"), end("q9"), "q0 qa q9"),
    ),
    "a transaction that is cancelled": Behaviour(
        (
            transaction("z", start("z0"), user("a"), script("h", "{'m': m + 1}", isForCompensation="true"), undone("a", "h"),
                        end("z9", CANCEL), "z0 a z9"),
            boundary("x", "z", CANCEL), exclusive("j"), "x j",
        ),
        "z j", (("a", {}),),
    ),
    **{
        f"{kind} instances": Behaviour(
            (
                user("a", many(collection="[3, 1]", element="i", output="got", outputElement="o",
                               sequential=kind == "sequential")),
            ),
            "a", (("a", {"o": 1}), ("a", {"o": 2})),
        )
        for kind in ("sequential", "parallel")
    },
    "instances until enough": Behaviour((user("a", many("3", until="nrOfCompletedInstances >= 1")),), "a", (("a", {}),)),
    "what instances throw": Behaviour(
        (
            user("a", many("2", attributes_={"behavior": "None", "noneBehaviorEventRef": "thrown"})),
            boundary("b", "a", signal("omega"), interrupting=False), user("c"), parallel("f"), parallel("j"), "f k",
            user("k"), "b c e9", end("e9"), "k j",
        ),
        "f a j", (("a", {}), ("c", {}), ("a", {}), ("c", {}), ("k", {})),
        '<signalEventDefinition id="thrown" signalRef="s_omega"/>',
    ),
    "rounds": Behaviour((user("a", looped("loopCounter < 2")),), "a", (("a", {}), ("a", {}))),
    **{
        f"{name} at the border, {'interrupting' if interrupting else 'beside'}": Behaviour(
            (user("a"), boundary("b", "a", definition, interrupting=interrupting), task("c"), exclusive("j"), "b c",
             f"c {'j' if interrupting else 'e9'}", *([] if interrupting else [end("e9")])),
            "a j", (*events, *([] if interrupting else [("a", {})])),
        )
        for name, definition, events in (
            ("a message", message("x"), (("message", "x", 1),)),
            ("a signal", signal("y"), (("signal", "y"),)),
            ("a timer", duration("PT1H"), (AFTER,)),
            ("several things", message("x") + signal("y"), (("signal", "y"),)),
        )
        for interrupting in (True, False)
    },
    "a cycle at the border": Behaviour(
        (user("a"), boundary("b", "a", cycle("R3/PT1H"), interrupting=False), end("e9"), "b e9"), "a", (("after", 9.0), ("a", {}))
    ),
    "a condition at the border": Behaviour(
        (
            within(parallel("f"), user("a"), user("c"), end("y9"), "z0 f a z9", "f c y9"),
            boundary("b", "z", condition("n > 4")), exclusive("j"), "b j",
        ),
        "z j", (("c", {"n": 5}),),
    ),
    "an error out of a sub-process": Behaviour(
        (sub("z", start("z0"), user("a"), end("z9", error("E1")), "z0 a z9"), boundary("b", "z", error("E1")), exclusive("j"),
         "b j"),
        "z j", (("a", {}),),
    ),
    "an escalation on the way": Behaviour(
        (within(throw("t", escalation("U1"), wz_payload="n"), user("a"), "z0 t a z9"),
         boundary("b", "z", escalation("U1"), interrupting=False), end("e9"), "b e9"),
        "z", (("a", {}),),
    ),
    "an escalation at the end": Behaviour(
        (sub("z", start("z0"), user("a"), end("z9", escalation("U1")), "z0 a z9"), boundary("b", "z", escalation("U1")),
         exclusive("j"), "b j"),
        "z j", (("a", {}),),
    ),
    "a message and a signal at the end": Behaviour(
        (sub("z", start("z0"), user("a"), parallel("f"), end("z9", message("out")), end("z8", signal("y")), "z0 a f z9",
             "f z8"),),
        "z", (("a", {}),),
    ),
    "compensation on the way and at the end": Behaviour(
        (within(user("a"), script("h", "{'m': m + 1}", isForCompensation="true"), undone("a", "h"), throw("t", compensation("a")),
                "z0 a t z9"),
         sub("y", start("y0"), user("b"), user("g", isForCompensation="true"), undone("b", "g"), end("y9", compensation()),
             "y0 b y9")),
        "z y", (("a", {}), ("b", {}), ("g", {})),
    ),
    "compensation by an event sub-process": Behaviour(
        (within(within(user("a"), "y0 a y9", handler("v", compensation(), script("h", "{'m': 9}"), end("v9"), "v0 h v9"), id="y"),
                throw("t", compensation("y")), "z0 y t z9"),),
        "z", (("a", {}),),
    ),
    **{
        f"an event sub-process by {name}, {'interrupting' if interrupting else 'beside'}": Behaviour(
            (within(user("a"), "z0 a z9",
                    handler("v", definition, user("h"), end("v9"), "v0 h v9", interrupting=interrupting)),),
            "z", (event, ("h", {}), *([] if interrupting else [("a", {})])),
        )
        for name, definition, event in (
            ("a message", message("x"), ("message", "x", 1)),
            ("a signal", signal("y"), ("signal", "y")),
            ("a timer", duration("PT1H"), AFTER),
        )
        for interrupting in (True, False)
    },
    "an event sub-process by an error": Behaviour(
        (sub("z", start("z0"), user("a"), end("z9", error("E1")), "z0 a z9",
             handler("v", error("E1"), user("h"), end("v9"), "v0 h v9")),),
        "z", (("a", {}), ("h", {})),
    ),
    "an event sub-process by an escalation": Behaviour(
        (within(throw("t", escalation("U1")), user("a"), "z0 t a z9",
                handler("v", escalation("U1"), user("h"), end("v9"), "v0 h v9", interrupting=False)),),
        "z", (("h", {}), ("a", {})),
    ),
    "an event sub-process by a condition": Behaviour(
        (within(user("a"), user("c"), "z0 a c z9", handler("v", condition("n > 4"), user("h"), end("v9"), "v0 h v9")),),
        "z", (("a", {"n": 5}), ("h", {"n": 0})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_straight_and_stored_after_every_token(name):
    behaviour = BEHAVIOURS[name]
    standard = run(ByTheStandard, behaviour)
    assert standard.seen[-1].ended, standard.seen[-1]
    for way in (Whole, Stepwise, StoredAlways):
        assert run(way, behaviour).plain == standard.plain


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_with_the_longest_delays(name):
    behaviour = BEHAVIOURS[name]
    standard = run(ByTheStandard, behaviour, later=YEARS)
    assert standard.seen[-1].ended
    assert standard.plain[1] == run(ByTheStandard, behaviour).plain[1], "a delay changes when, not what"
    for way in (Stepwise, StoredAlways):
        assert run(way, behaviour, later=YEARS).plain == standard.plain


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_in_a_loop(name):
    behaviour = BEHAVIOURS[name]
    standard = run(ByTheStandard, behaviour, rounds=3)
    assert standard.seen[-1].ended
    ends = [at for at, line in enumerate(standard.trace) if (line.what, line.node) == ("completed", "enough")]
    first, second, third = (
        [(line.what, line.node, line.path) for line in standard.trace[begin + 4 : stop]]
        for begin, stop in zip([-1, *ends], ends, strict=False)
    )
    assert second == third
    assert [line for line in first if line in second] == [line for line in second if line in first]
    for way in (Stepwise, StoredAlways):
        assert run(way, behaviour, rounds=3).plain == standard.plain


def test_every_kind_of_node_and_every_event_is_among_them():
    sources = [source for each in BEHAVIOURS.values() for source in each.drawn().sources.values()]
    words = {*vocabulary.FLOW_NODES, *(word for word in shown.events() if not word.startswith("startEvent"))}
    missing = {word for word in words if not any(shown.holds(source, word) for source in sources)}
    assert missing == {"businessRuleTask"}, "the oracle asks no decision tables"
    inside = {word for word in shown.events() if word.startswith("startEvent")}
    assert all(any(shown.holds(source, word) for source in sources) for word in inside)


def run(way: Way, behaviour: Behaviour, *, rounds: int = 1, later: float = 0) -> Played:
    """Play what is written down; from outside things come so many hours later than they might."""
    kept = way(behaviour.drawn(rounds=rounds), {"n": 1, "m": 0, "round": 0})
    played, now = Played([], [], [], []), DAWN
    for event in behaviour.events * rounds:
        seen, _ = kept.look()
        played.seen.append(seen)
        now += timedelta(hours=event[1] + later if event[0] == "after" else later)
        kept.do(_command(event, seen, now))
    played.seen.append(kept.look()[0])
    played.trace, played.messages = kept.trace, kept.messages
    return played


def _command(event: Event, seen: Seen, now: Any) -> Command:
    match event:
        case ("after", _):
            return Command(now, "wake")
        case ("message" | "signal" as kind, name, *payload):
            return Command(now, kind, name=name, value=payload[0] if payload else None)
    which = next(at for at, each in enumerate(seen.tasks) if each[0] == event[0])
    return Command(now, "complete", (which,), value=event[1])
