"""How a process begins otherwise than by a start event: with a receive task, or with the events behind a gateway."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import machine
from engine.errors import AnswersRefused, TriggerUnknown
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    condition,
    definitions,
    diagram,
    duration,
    end,
    exclusive,
    files,
    handler,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    signal,
    start,
    sub,
    user,
)
from tests.unit.engine.playing import DAWN, Play, findings, load, refusals


def by_tasks() -> bytes:
    """Two tasks that begin it, each with a message, and a person behind each."""
    tasks = (receive("r", "ask", wz_payload="asked", instantiate="true"), receive("q", "tell", instantiate="true"))
    return definitions(process("p", *tasks, user("a"), user("b"), end(), "r a end", "q b end"))


def by_gateway(kind: str = "Exclusive", *more: str) -> bytes:
    """An event-based gateway with two messages; a person behind each, then the end."""
    events = (catch("m", message("ask"), wz_payload="asked"), catch("n", message("tell"), wz_payload="told"))
    gateway = race("g", instantiate="true", eventGatewayType=kind)
    return definitions(process("p", gateway, *events, user("a"), user("b"), end(), "g m a end", "g n b end", *more))


# A receive task


@pytest.mark.shows("receiveTask", "@instantiate")
def test_a_proceeding_begins_with_a_receive_task_that_has_received():
    play = Play(by_tasks(), trigger="ask")
    assert play.says() == [("entered", "r"), ("fired", "r"), ("completed", "r"), ("taken", "r.a"), ("entered", "a")]
    assert play.complete("a").ended


def test_of_several_tasks_each_begins_it_and_the_others_are_not_waited_for():
    play = Play(by_tasks(), trigger="q")
    assert play.open == ["b"]
    assert play.step.waiting == ()
    assert play.complete("b").ended


def test_what_may_begin_it_is_told_as_start_events_are():
    ways = load(by_tasks()).start_triggers
    assert [(way.node, way.kind, way.message, way.payload) for way in ways] == [
        ("r", "message", "ask", "asked"),
        ("q", "message", "tell", ""),
    ]
    with pytest.raises(TriggerUnknown, match="message ask, message tell"):
        Play(by_tasks())


def test_what_the_message_carries_goes_where_the_beginning_says():
    for source in (by_tasks(), by_gateway()):
        assert Play(source, trigger="ask", payload={"of": 3}).variables == {"asked": {"of": 3}}
    assert Play(by_tasks(), trigger="tell", payload=5).variables == {}
    plain = definitions(process("p", start("s", message("ask"), wz_payload="asked"), user("a"), end(), "s a end"))
    assert Play(plain, trigger="ask", payload=7, asked=1).variables == {"asked": 7}
    with pytest.raises(AnswersRefused, match="The payload cannot be kept"):
        Play(by_tasks(), trigger="ask", payload=object())


def test_start_events_may_stand_beside_it():
    tasks = (start(), receive("r", "ask", instantiate="true"), user("a"), user("b"), end())
    source = definitions(process("p", *tasks, "start a end", "r b end"))
    assert Play(source).open == ["a"]
    assert Play(source, trigger="ask").open == ["b"]
    caller = process("main", start("s"), call("c", "p"), end("e"), "s c e")
    called = process("p", *tasks, "start a end", "r b end")
    assert Play(files(caller, called), "main").open == ["a"]


def test_event_sub_processes_are_armed_before():
    inner = handler("h", signal("stop"), user("x"), end("h9"), "h0 x h9")
    source = definitions(process("p", receive("r", "ask", instantiate="true"), user("a"), end(), inner, "r a end"))
    assert Play(source, trigger="ask").signal("stop").open == ["x"]


def test_the_task_is_undone_and_gives_tokens_as_any_other():
    task = receive("r", "ask", instantiate="true", completionQuantity="2")
    assert Play(definitions(process("p", task, user("a"), end(), "r a end")), trigger="ask").open == ["a", "a"]


# An event-based gateway, one of whose events begins it


@pytest.mark.shows("@eventGatewayType", "@instantiate")
def test_the_event_that_has_come_begins_it_and_the_others_are_over():
    play = Play(by_gateway(), trigger="ask")
    assert play.says() == [
        ("entered", "g"), ("completed", "g"), ("taken", "g.m"), ("entered", "m"), ("fired", "m"), ("completed", "m"),
        ("taken", "m.a"), ("entered", "a"),
    ]  # fmt: skip
    assert play.step.waiting == ()
    assert play.complete("a").ended


def test_it_begins_with_whatever_may_stand_behind_such_a_gateway():
    events = (catch("s", signal("go")), catch("t", duration("P1D")), catch("c", condition("n > 1")),
              receive("r", "ask"), catch("x", message("say") + signal("cry")))  # fmt: skip
    gateway = race("g", instantiate="true")
    flows = (*(f"g {each} a" for each in "stcr"), "a end")
    source = definitions(process("p", gateway, *events[:4], user("a"), end(), *flows))
    ways = load(source).start_triggers
    assert [(way.node, way.kind) for way in ways] == [
        ("s", "signal"), ("t", "timer"), ("c", "condition"), ("r", "message"),
    ]  # fmt: skip
    for trigger in ("s", "go", "t", "c", "r", "ask"):
        play = Play(source, trigger=trigger)
        assert (play.open, play.step.timers, play.step.waiting) == (["a"], (), ())
    many_things = definitions(
        process("p", race("g", instantiate="true"), events[4], events[0], user("a"), end(), "g x a", "g s a", "a end")
    )
    for trigger in ("say", "cry", "x"):
        assert Play(many_things, trigger=trigger).happened("fired") == ["x"]


def test_of_several_gateways_each_waits_for_one_of_its_events():
    """13.5.1: one event out of each group must come; the first begins the proceeding."""
    one = (race("g", instantiate="true"), catch("m", message("ask")), catch("n", message("tell")))
    two = (race("h", instantiate="true"), catch("k", message("pay")), catch("l", message("send")))
    ways = ("g m a end", "g n a", "h k b end", "h l b")
    source = definitions(process("p", *one, *two, user("a"), user("b"), end(), *ways))
    play = Play(source, trigger="tell")
    assert (play.open, [each.node for each in play.step.waiting]) == (["a"], ["k", "l"])
    assert play.complete("a").ended is False
    assert play.deliver("pay").open == ["b"]
    assert (play.step.waiting, play.complete("b").ended) == ((), True)
    assert [each.node for each in Play(source, trigger="pay").step.waiting] == ["m", "n"]


# An event-based gateway, all of whose events must come


def test_the_other_events_are_waited_for_by_the_proceeding():
    play = Play(by_gateway("Parallel"), trigger="tell", payload=2)
    assert (play.open, [each.node for each in play.step.waiting]) == (["b"], ["m"])
    assert play.complete("b").ended is False
    assert play.deliver("ask", 1).open == ["a"]
    assert play.complete("a").variables == {"told": 2, "asked": 1}
    assert play.ended


def test_the_same_message_is_not_taken_twice():
    play = Play(by_gateway("Parallel"), trigger="tell")
    assert play.deliver("tell").step.taken is False
    assert play.deliver("ask").step.taken is True
    assert play.deliver("ask").step.taken is False


def test_a_receive_task_and_an_event_with_several_definitions_may_be_among_them():
    events = (catch("m", message("ask") + message("plead"), wz_payload="asked"), catch("n", message("tell")))
    gateway = race("g", instantiate="true", eventGatewayType="Parallel")
    source = definitions(process("p", gateway, *events, user("a"), end(), "g m a end", "g n a"))
    assert Play(source, trigger="tell").deliver("plead", 4).variables == {"asked": 4}
    play = Play(source, trigger="plead", payload=3)
    assert (play.variables, [each.node for each in play.step.waiting]) == ({"asked": 3}, ["n"])
    assert play.deliver("tell").complete("a").complete("a").ended
    tasks = (receive("m", "ask"), receive("n", "tell"))
    source = definitions(process("p", gateway, *tasks, user("a"), end(), "g m a end", "g n a"))
    assert [each.node for each in Play(source, trigger="ask").step.waiting] == ["n"]


def test_what_they_lead_to_may_meet_again():
    more = (parallel("j"), user("z"))
    events = (catch("m", message("ask")), catch("n", message("tell")))
    gateway = race("g", instantiate="true", eventGatewayType="Parallel")
    source = definitions(process("p", gateway, *events, *more, end(), "g m j z end", "g n j"))
    play = Play(source, trigger="ask")
    assert play.open == []
    assert play.step.failed is None  # a message is waited for
    assert play.deliver("tell").open == ["z"]


def test_a_proceeding_may_go_round_after_its_beginning():
    gateway = race("g", instantiate="true")
    events = (catch("m", message("ask")), catch("n", message("tell")))
    pieces = (script("s", "{'n': n + 1}"), user("a"), exclusive("x", default="x.end"), end())
    source = definitions(process("p", gateway, *events, *pieces, "g m s a x end", "g n s", "x -[n < 40]-> s"))
    play = Play(source, trigger="ask", n=0)
    size = len(play.step.snapshot)
    for number in range(1, 40):
        assert (play.open, play.variables) == (["a"], {"n": number})
        play.complete("a")
    assert len(play.step.snapshot) < size + 10


def test_beginning_changes_nothing_that_others_share():
    definition = load(by_gateway("Parallel"))
    for _ in range(2):
        step = machine.start(definition, data={}, now=DAWN, services={}, trigger="ask")
        assert [each.node for each in step.waiting] == ["n"]
    later = machine.start(definition, data={}, now=DAWN + timedelta(days=1), services={}, trigger="ask")
    assert later.open_tasks[0].id != step.open_tasks[0].id


# Refused


def test_nothing_leads_to_what_a_process_begins_with():
    source = diagram(receive("r", "ask", instantiate="true"), user("a"))
    (finding,) = findings(source)
    assert (finding.rule, finding.element, finding.line) == ("beginning-entered", "r", 5)
    assert "instantiate" in finding.remedy
    gateway = (start(), race("g", instantiate="true"), catch("m", message("x")), catch("n", message("y")), end())
    assert refusals(definitions(process("p", *gateway, "start g m end", "g n end"))) == ["beginning-entered"]


def test_a_sub_process_does_not_begin_so():
    inner = sub("s", receive("r", "ask", instantiate="true"), end("e0"), "r e0")
    assert refusals(diagram(inner)) == ["beginning-inside"]


@pytest.mark.parametrize(
    ("task", "beside"),
    [
        (receive("r", "ask", instantiate="true", startQuantity="2"), ()),
        (receive("r", "ask", instantiate="true", isForCompensation="true"), ()),
        (receive("r", "ask", instantiate="true"), (boundary("b", "r", duration("PT1H")), "b end")),
        (receive("r", "ask", many("2"), instantiate="true"), ()),
    ],
)
def test_what_would_be_over_before_it_began_is_refused(task, beside):
    assert "beginning-guarded" in refusals(definitions(process("p", task, end(), "r end", *beside)))


def test_all_events_are_waited_for_only_at_the_beginning_and_are_messages():
    later = (race("g", eventGatewayType="Parallel"), catch("m", message("x")), catch("n", message("y")))
    assert refusals(diagram(*later, "start g m end", "g n end")) == ["together-later"]
    gateway = race("g", instantiate="true", eventGatewayType="Parallel")
    timed = process("p", gateway, catch("m", message("x")), catch("t", duration("P1D")), end(), "g m end", "g t end")
    (finding,) = findings(definitions(timed))
    assert (finding.rule, finding.element) == ("together-not-messages", "g")
    assert "“t”" in finding.why


def test_a_gateway_that_nothing_leads_to_and_that_does_not_begin_is_unreachable():
    pieces = (start(), race("g"), catch("m", message("x")), catch("n", message("y")), end())
    assert set(refusals(definitions(process("p", *pieces, "start end", "g m end", "g n end")))) == {"unreachable"}
