"""Standard loops, what multi-instances throw, and conditions on the ways out of activities."""

from __future__ import annotations

import pytest

from engine.errors import ProceedingStuck
from tests.unit.engine.drawing import (
    boundary,
    call,
    definitions,
    diagram,
    duration,
    element,
    end,
    escalation,
    files,
    inclusive,
    looped,
    many,
    message,
    process,
    receive,
    script,
    service,
    signal,
    start,
    sub,
    user,
)
from tests.unit.engine.playing import Play

COUNT = "{'n': n + 1}"


# Standard loops


@pytest.mark.shows("standardLoopCharacteristics", "loopCondition")
def test_a_loop_goes_round_while_its_condition_holds():
    assert Play(diagram(script("s", COUNT, looped("n < 3"))), n=0).variables == {"n": 3}


@pytest.mark.shows("@testBefore")
def test_a_loop_goes_round_once_before_it_asks_unless_it_asks_before():
    assert Play(diagram(script("s", COUNT, looped("false"))), n=0).variables == {"n": 1}
    assert Play(diagram(script("s", COUNT, looped("false", testBefore="true"))), n=0).variables == {"n": 0}
    assert Play(diagram(script("s", COUNT, looped("n < 2", testBefore="true"))), n=0).variables == {"n": 2}


@pytest.mark.shows("@loopMaximum")
def test_a_loop_has_at_most_so_many_rounds():
    assert Play(diagram(script("s", COUNT, looped(loopMaximum=4))), n=0).variables == {"n": 4}
    assert Play(diagram(script("s", COUNT, looped("true", loopMaximum=2, testBefore="true"))), n=0).variables == {
        "n": 2
    }
    assert Play(diagram(script("s", COUNT, looped("n < 2", loopMaximum=9))), n=0).variables == {"n": 2}


def test_rounds_are_counted_from_0_and_the_counter_is_known_in_a_round_only():
    play = Play(diagram(script("s", "{'seen': seen + [loopCounter]}", looped("loopCounter < 3"))), seen=[])
    assert play.variables == {"seen": [0, 1, 2]}


def test_a_person_goes_round():
    play = Play(diagram(user("a", looped("again")), user("b")))
    for count in range(3):
        assert [task.locals for task in play.step.open_tasks] == [{"loopCounter": count}]
        assert {each.node for each in play.step.active} == {"a"}
        play.complete("a", again=count < 2)
    assert play.open == ["b"]


def test_a_sub_process_a_call_and_a_receive_task_go_round():
    inner = sub("s", looped("n < 3"), start("s0"), script("x", COUNT), end("s9"), "s0 x s9")
    assert Play(diagram(inner), n=0).variables == {"n": 3}
    called = process("q", start("q0"), script("x", COUNT), end("q9"), "q0 x q9")
    main = process("p", start(), call("c", "q", looped("n < 3")), end(), "start c end")
    assert Play(files(main, called), n=0).variables == {"n": 3}
    play = Play(diagram(receive("r", "x", looped("got < 2"), wz_payload="got")))
    assert not play.deliver("x", 1).ended
    assert play.deliver("x", 2).ended


def test_an_event_at_the_border_guards_all_rounds_together():
    source = diagram(
        user("a", looped("true")), boundary("t", "a", duration("PT2H")), user("b"), "start a end", "t b end"
    )
    play = Play(source).wake(hours=1).complete("a").wake(hours=1.5)
    assert play.open == ["b"]


def test_a_loop_in_a_loop_begins_anew_each_time():
    inner = sub(
        "s", looped(loopMaximum=2), start("s0"), script("x", COUNT, looped(loopMaximum=3)), end("s9"), "s0 x s9"
    )
    assert Play(diagram(inner), n=0).variables == {"n": 6}


def test_a_loop_without_an_end_in_sight_is_an_error_with_words():
    with pytest.raises(ProceedingStuck, match="it loops without a person"):
        Play(diagram(script("s", COUNT, looped("true"))), n=0)


def test_a_thousand_rounds_leave_nothing_behind():
    play = Play(diagram(user("a", looped("true"))))
    size = len(play.step.snapshot)
    for _ in range(1_000):
        play.complete("a")
    assert len(play.step.snapshot) < size + 20


# What multi-instances throw


def throwing(loop: str, *events: str, extra: str, ways: list[str]) -> bytes:
    nodes = (user("a", loop), *events, user("c"), user("z"))
    return definitions(process("p", start(), *nodes, end(), "start a z end", *ways), extra=extra)


ESCALATES = '<escalation id="u" escalationCode="U1"/><escalationEventDefinition id="d" escalationRef="u"/>'


@pytest.mark.shows("@behavior")
@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize(
    ("behavior", "times"),
    [
        pytest.param("None", 3, marks=pytest.mark.shows("@noneBehaviorEventRef")),
        pytest.param("One", 1, marks=pytest.mark.shows("@oneBehaviorEventRef")),
    ],
)
def test_an_event_is_thrown_when_instances_complete(behavior, times, sequential):
    loop = many(
        "3", sequential=sequential, attributes_={"behavior": behavior, f"{behavior.lower()}BehaviorEventRef": "d"}
    )
    event = boundary("b", "a", "<escalationEventDefinition/>", interrupting=False)
    play = Play(throwing(loop, event, extra=ESCALATES, ways=["b c end"]))
    play.complete("a")
    assert play.open.count("c") == 1
    play.complete("a").complete("a")
    assert play.open.count("c") == times
    assert "z" in play.open


def test_what_an_instance_throws_may_be_told_to_everybody():
    loop = many("2", attributes_={"behavior": "None", "noneBehaviorEventRef": "d"})
    extra = '<signal id="y" name="done"/><signalEventDefinition id="d" signalRef="y"/>'
    event = boundary("b", "a", '<signalEventDefinition signalRef="y"/>', interrupting=False)
    play = Play(throwing(loop, event, extra=extra, ways=["b c end"])).complete("a")
    assert play.open == ["a", "c"]
    assert [(each.kind, each.name) for each in play.step.messages] == [("signal", "done")]


@pytest.mark.shows("@behavior", "complexBehaviorDefinition", "event")
def test_a_complex_behaviour_throws_what_its_conditions_say():
    def when(condition: str, name: str) -> str:
        held = element("event", f"ev_{name}", message(name))
        return element("complexBehaviorDefinition", None, element("condition", None, condition), held)

    loop = many(
        "3",
        when("nrOfCompletedInstances == 2", "half"),
        when("nrOfCompletedInstances &gt;= 2", "more"),
        attributes_={"behavior": "Complex"},
    )
    play = Play(diagram(user("a", loop)))
    assert play.complete("a").step.messages == ()
    assert [each.name for each in play.complete("a").step.messages] == ["half", "more"]
    assert [each.name for each in play.complete("a").step.messages] == ["more"]


@pytest.mark.shows("@behavior")
def test_no_behaviour_throws_nothing():
    play = Play(diagram(user("a", many("2", attributes_={"behavior": "All"}))))
    assert play.complete("a").complete("a").step.messages == ()
    assert play.ended


# Conditions on the ways out of an activity


def choosing(x: int, *, default: bool = True) -> Play:
    nodes = (user("a", default="a.d" if default else None), user("b"), user("c"), user("d"))
    rest = ["a d end"] if default else ["a -[x > 9]-> d", "d end"]
    return Play(diagram(*nodes, "start a", "a -[x > 1]-> b", "a -[x > 2]-> c", *rest, "b end", "c end"), x=x)


@pytest.mark.shows("@default")
@pytest.mark.parametrize(("x", "taken"), [(0, ["d"]), (2, ["b"]), (3, ["b", "c"])])
def test_every_way_whose_condition_holds_is_taken_else_the_default(x, taken):
    assert choosing(x).complete("a").open == taken


def test_no_way_at_all_is_an_error():
    with pytest.raises(ProceedingStuck, match="a: no condition holds, and there is no default flow"):
        choosing(0, default=False).complete("a")


def test_ways_without_a_condition_are_always_taken_and_do_not_count_for_the_default():
    nodes = (user("a", default="a.d"), user("b"), user("c"), user("d"))
    source = diagram(*nodes, "start a", "a -[x]-> b", "a c end", "a d end", "b end")
    assert Play(source, x=True).complete("a").open == ["b", "c"]
    assert Play(source, x=False).complete("a").open == ["c", "d"]
    assert Play(source, x=True).complete("a").happened("taken") == ["a.b", "a.c"]


def test_ways_are_chosen_behind_every_kind_of_activity():
    ways = ("start a", "a -[x]-> b", "a c end", "b end")
    for node in (
        script("a", "{'x': true}"),
        sub("a", start("s0"), script("y", "{'x': true}"), end("s9"), "s0 y s9"),
        service("a", "o", "x"),
        script("a", "{'x': true}", many("2")),
        script("a", "{'x': true}", looped(loopMaximum=2)),
    ):
        assert Play(diagram(node, user("b"), user("c"), *ways), services={"o": lambda: True}).open == ["b", "c"]


def test_a_guarded_activity_chooses_too_and_its_events_are_over():
    nodes = (user("a", default="a.c"), boundary("t", "a", duration("PT1H")), user("b"), user("c"))
    play = Play(diagram(*nodes, "start a", "a -[x]-> b", "a c end", "b end", "t end"), x=True).complete("a")
    assert play.open == ["b"]
    assert play.step.timers == ()


def test_an_inclusive_join_waits_for_the_ways_that_were_taken():
    nodes = (user("a", default="a.j"), user("b"), user("c"), inclusive("j"), user("z"))
    play = Play(diagram(*nodes, "start a j z end", "a -[x > 1]-> b", "a -[x > 2]-> c", "b j", "c j"), x=3).complete("a")
    assert play.complete("b").open == ["c"]
    assert play.complete("c").open == ["z"]
    again = Play(diagram(*nodes, "start a j z end", "a -[x > 1]-> b", "a -[x > 2]-> c", "b j", "c j"), x=0)
    assert again.complete("a").open == ["z"]


def test_two_ways_to_one_node_count_each():
    nodes = (user("a"), user("b"))
    source = diagram(
        *nodes, "start a", "a -[x]-> b", element("sequenceFlow", "more", sourceRef="a", targetRef="b"), "b end"
    )
    assert Play(source, x=True).complete("a").open == ["b", "b"]
    assert Play(source, x=False).complete("a").open == ["b"]


def test_signals_and_escalations_beside_choices_change_nothing():
    nodes = (
        user("a", default="a.c"),
        boundary("g", "a", signal("go"), interrupting=False),
        boundary("u", "a", escalation(), interrupting=False),
        user("b"),
        user("c"),
    )
    play = Play(diagram(*nodes, "start a", "a -[x]-> b", "a c end", "b end", "g end", "u end"), x=False).signal("go")
    assert play.complete("a").open == ["c"]
