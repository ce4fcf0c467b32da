"""Link events, signals, send and receive tasks: straight, stored, late and in a loop."""

from __future__ import annotations

import pytest

from engine import machine
from engine.errors import TriggerUnknown
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    definitions,
    diagram,
    duration,
    end,
    exclusive,
    files,
    link,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    send,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load

AGAIN = script("n", "{'n': n + 1}")
"""Counts rounds: what stands in a loop is left after the third."""


def rounds(*nodes: str, body: str) -> bytes:
    """A loop of three rounds around a body `"first … last"`."""
    return diagram(
        exclusive("again"), *nodes, AGAIN, exclusive("enough", default="enough.again"),
        f"start again {body} n enough again", "enough -[n >= 3]-> end",
    )  # fmt: skip


# Links


@pytest.mark.shows("intermediateCatchEvent/linkEventDefinition", "intermediateThrowEvent/linkEventDefinition")
def test_a_link_goes_on_at_its_other_end():
    play = Play(
        diagram(user("a"), throw("out", link("x")), catch("back", link("x")), user("b"), "start a out", "back b end")
    )
    play.complete("a")
    assert play.open == ["b"]
    assert ("completed", "out") in play.says()
    assert ("entered", "back") in play.says()


@pytest.mark.shows("source", "target")
def test_the_ends_of_a_link_may_name_one_another():
    out = throw("out", link("x", "d1", "<target>d2</target>"))
    back = catch("back", link("x", "d2", "<source>d1</source>"))
    assert Play(diagram(out, back, user("a"), "start out", "back a end")).open == ["a"]


def test_several_links_may_lead_to_one_end():
    nodes = (
        parallel("f"),
        user("a"),
        user("b"),
        throw("x1", link("x")),
        throw("x2", link("x")),
        catch("y", link("x")),
        user("c"),
    )
    play = Play(diagram(*nodes, "start f a x1", "f b x2", "y c end"))
    play.complete("a").complete("b")
    assert play.open == ["c", "c"]


def test_a_link_may_lead_back():
    source = diagram(
        exclusive("again"), user("a"), AGAIN, exclusive("g", default="g.out"),
        throw("out", link("x")), catch("back", link("x")),
        "start again a n g out", "g -[n >= 3]-> end", "back again",
    )  # fmt: skip
    play = Play(source, n=0)
    for _ in range(3):
        play.complete("a")
    assert play.ended


def test_links_lead_within_their_own_scope_only():
    inner = sub("s", start("s0"), throw("a", link("x")), catch("b", link("x")), user("u"), end("s1"), "s0 a", "b u s1")
    play = Play(diagram(throw("a2", link("x")), catch("b2", link("x")), inner, "start a2", "b2 s end"))
    assert play.open == ["u"]
    assert play.complete("u").ended


def test_an_inclusive_join_sees_a_token_that_will_come_by_a_link():
    nodes = (
        parallel("f"), user("a"), user("b"), throw("out", link("x")), catch("back", link("x")),
        exclusive("m"), user("c"),
    )  # fmt: skip
    join = '<inclusiveGateway id="j"/>'
    play = Play(diagram(*nodes, join, "start f a j c end", "f b out", "back m j"))
    play.complete("a")
    assert play.open == ["b"]
    assert play.complete("b").open == ["c"]


# Signals


@pytest.mark.shows("@signalRef", "signal", "intermediateCatchEvent/signalEventDefinition")
def test_a_signal_is_taken_by_everybody_who_waits_for_it():
    nodes = (
        parallel("f"),
        catch("a", signal("go"), wz_payload="heard"),
        catch("b", signal("go")),
        catch("c", signal("no")),
    )
    play = Play(diagram(*nodes, user("x"), user("y"), "start f a x end", "f b y end", "f c end"))
    assert {(way.node, way.signal, way.message) for way in play.step.waiting} == {
        ("a", "go", ""),
        ("b", "go", ""),
        ("c", "no", ""),
    }
    play.signal("go", 7)
    assert play.step.taken
    assert play.open == ["x", "y"]
    assert play.variables == {"heard": 7}
    assert not play.signal("go").step.taken


@pytest.mark.shows("intermediateThrowEvent/signalEventDefinition")
def test_a_signal_goes_to_those_inside_and_outwards():
    nodes = (
        parallel("f"),
        catch("a", signal("go"), wz_payload="heard"),
        user("u"),
        throw("t", signal("go"), wz_payload="n"),
    )
    play = Play(diagram(*nodes, user("x"), "start f a x end", "f u t end"), n=5)
    play.complete("u")
    assert play.open == ["x"]
    assert play.variables["heard"] == 5
    assert [(each.kind, each.name, each.payload, each.node) for each in play.step.messages] == [
        ("signal", "go", 5, "t")
    ]


def test_a_signal_reaches_sub_processes_and_called_processes():
    called = process("q", start("q0"), catch("qs", signal("go")), end("q1"), "q0 qs q1")
    inner = sub("s", start("s0"), catch("ss", signal("go")), end("s1"), "s0 ss s1")
    main = process("p", start(), parallel("f"), inner, call("c", "q"), end("e1"), end("e2"), "start f s e1", "f c e2")
    play = Play(files(main, called))
    assert len(play.step.waiting) == 2
    assert play.signal("go").ended


def test_a_signal_that_comes_too_early_is_not_kept():
    play = Play(diagram(user("a"), throw("t", signal("go")), catch("c", signal("go")), user("b")))
    play.complete("a")
    assert [way.node for way in play.step.waiting] == ["c"]
    assert play.signal("go").open == ["b"]


@pytest.mark.shows("endEvent/signalEventDefinition")
def test_an_end_event_throws_a_signal():
    play = Play(
        diagram(parallel("f"), catch("c", signal("go")), user("u"), end("e", signal("go")), "start f c end", "f u e")
    )
    assert play.complete("u").ended
    assert [each.name for each in play.step.messages] == ["go"]


@pytest.mark.shows("boundaryEvent/signalEventDefinition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_at_the_border_of_a_task(interrupting):
    nodes = (user("a"), boundary("b", "a", signal("go"), interrupting=interrupting, wz_payload="why"), user("c"))
    play = Play(diagram(*nodes, "start a end", "b c end"))
    play.signal("go", "late")
    assert play.open == (["c"] if interrupting else ["a", "c"])
    assert play.variables == {"why": "late"}
    play.signal("go", "later")
    assert play.open == (["c"] if interrupting else ["a", "c", "c"])


def test_a_signal_thrown_inside_interrupts_what_is_around_it_at_once():
    inner = sub("s", start("s0"), throw("t", signal("go")), script("x", "{'seen': true}"), end("s1"), "s0 t x s1")
    play = Play(diagram(inner, boundary("b", "s", signal("go")), user("c"), "start s end", "b c end"))
    assert play.open == ["c"]
    assert "seen" not in play.variables


def test_of_two_events_behind_one_gateway_a_signal_decides_once():
    play = Play(
        diagram(
            race("g"),
            catch("a", signal("go")),
            catch("b", signal("go")),
            user("x"),
            user("y"),
            "start g a x end",
            "g b y end",
        )
    )
    assert play.signal("go").open == ["x"]
    assert play.step.waiting == ()


@pytest.mark.shows("startEvent/signalEventDefinition")
def test_a_signal_starts_a_proceeding():
    source = definitions(process("p", start("s", signal("go")), user("a"), end(), "s a end"))
    assert [(way.kind, way.signal, way.message) for way in load(source).start_triggers] == [("signal", "go", "")]
    assert Play(source, trigger="go").open == ["a"]
    assert Play(source, trigger="s").open == ["a"]
    with pytest.raises(TriggerUnknown, match="signal go"):
        Play(source)


def test_a_signal_comes_in_every_round_of_a_loop():
    play = Play(rounds(catch("c", signal("go")), body="c"), n=0)
    for _ in range(3):
        assert not play.ended
        play.signal("go")
    assert play.ended


def test_a_message_and_a_signal_of_one_name_are_told_apart():
    nodes = (parallel("f"), catch("a", signal("go")), catch("b", message("go")), user("x"), user("y"))
    source = diagram(*nodes, "start f a x end", "f b y end")
    assert Play(source).signal("go").open == ["x"]
    assert Play(source).deliver("go").open == ["y"], "a message is preferred where the kind is not said"
    assert Play(source).deliver("go").deliver("go").open == ["y", "x"]
    play = Play(source)
    told = machine.deliver(play.definition, play.step.snapshot, "go", None, now=DAWN, services={}, kind="message")
    assert [task.node for task in told.open_tasks] == ["y"]
    again = machine.deliver(play.definition, told.snapshot, "go", None, now=DAWN, services={}, kind="message")
    assert not again.taken


# Send and receive tasks


@pytest.mark.shows("receiveTask", "@messageRef")
def test_a_receive_task_waits_for_its_message_as_an_activity():
    play = Play(diagram(receive("r", "x", wz_payload="got"), user("a")))
    [way] = play.step.waiting
    assert (way.node, way.message, way.attached) == ("r", "x", None)
    assert [(each.node, each.kind, each.id) for each in play.step.active] == [("r", "receive", way.id)]
    play.deliver("x", {"n": 1}, to=way.id)
    assert play.open == ["a"]
    assert play.variables == {"got": {"n": 1}}


def test_what_a_message_carries_is_dropped_where_no_variable_is_named():
    assert Play(diagram(receive("r", "x")), owner="me").deliver("x", {"owner": "you"}).variables == {"owner": "me"}


@pytest.mark.shows("sendTask", "@messageRef")
def test_a_send_task_sends_to_those_inside_first_else_outwards():
    nodes = (parallel("f"), receive("r", "x", wz_payload="got"), user("u"), send("s", "x", wz_payload="n"))
    play = Play(diagram(*nodes, "start f r end", "f u s end"), n=3)
    play.complete("u")
    assert play.ended
    assert play.variables["got"] == 3
    assert play.step.messages == ()
    [sent] = Play(diagram(send("s", "x", wz_payload="n")), n=3).step.messages
    assert (sent.kind, sent.name, sent.payload, sent.node) == ("message", "x", 3, "s")


def test_a_receive_task_may_be_guarded():
    nodes = (
        receive("r", "x"),
        boundary("t", "r", duration("PT1H")),
        boundary("m", "r", signal("go"), interrupting=False),
    )
    source = diagram(*nodes, user("a"), user("b"), user("c"), "start r a end", "t b end", "m c end")
    play = Play(source)
    activity = play.step.active[0].id
    assert {timer.attached for timer in play.step.timers} == {activity}
    assert [way.attached for way in play.step.waiting if way.signal] == [activity]
    assert play.signal("go").open == ["c"]
    assert play.deliver("x").open == ["c", "a"]
    assert play.step.timers == ()
    assert Play(source).wake(hours=2).open == ["b"]
    assert Play(source).wake(hours=2).step.waiting == ()


@pytest.mark.parametrize("sequential", [True, False])
def test_receive_tasks_may_be_many(sequential):
    loop = many(collection="['a', 'b']", element="who", output="all", outputElement="got", sequential=sequential)
    play = Play(diagram(receive("r", "x", loop, wz_payload="got"), user("u")))
    assert len(play.step.waiting) == (1 if sequential else 2)
    play.deliver("x", 1).deliver("x", 2)
    assert play.open == ["u"]
    assert play.variables == {"all": [1, 2]}


def test_receive_tasks_race_behind_an_event_gateway():
    nodes = (race("g"), receive("r", "x"), catch("t", duration("PT1H")), user("a"), user("b"))
    source = diagram(*nodes, "start g r a end", "g t b end")
    assert Play(source).deliver("x").open == ["a"]
    assert Play(source).wake(hours=1).open == ["b"]
    assert Play(source).wake(hours=1).step.waiting == ()


def test_a_receive_task_waits_in_every_round_of_a_loop():
    play = Play(rounds(receive("r", "x"), body="r"), n=0)
    for _ in range(3):
        assert not play.ended
        play.deliver("x")
    assert play.ended
