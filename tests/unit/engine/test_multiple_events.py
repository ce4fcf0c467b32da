"""Events with several definitions: caught when one comes, or when all have come; thrown all at once."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    boundary,
    catch,
    condition,
    definitions,
    diagram,
    duration,
    end,
    escalation,
    exclusive,
    handler,
    message,
    parallel,
    process,
    race,
    script,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.unit.engine.playing import Play, load

ANY = message("x") + signal("y") + duration("PT1H")


def told(play: Play, how: str) -> Play:
    return {
        "message": lambda: play.deliver("x", 1),
        "signal": lambda: play.signal("y", 2),
        "timer": lambda: play.wake(hours=1),
    }[how]()


HOW = pytest.mark.parametrize("how", ["message", "signal", "timer"])


@HOW
def test_one_of_several_is_enough_in_the_flow(how):
    play = Play(diagram(catch("a", ANY, wz_payload="heard"), user("z")))
    assert {way.node for way in play.step.waiting} == {"a"}
    assert [timer.node for timer in play.step.timers] == ["a"]
    told(play, how)
    assert play.open == ["z"]
    assert (play.step.waiting, play.step.timers) == ((), ())
    assert [what for what, node in play.says() if node == "a"] == ["fired", "entered", "completed"]
    if how != "timer":
        assert "heard" in play.variables


def test_two_timers_of_one_event_do_not_share_a_moment():
    play = Play(diagram(catch("a", duration("PT3H") + duration("PT1H")), user("z")))
    assert len({timer.due for timer in play.step.timers}) == 2
    assert play.wake(hours=1).open == ["z"]


@HOW
def test_one_of_several_is_enough_behind_an_event_gateway(how):
    nodes = (race("g"), catch("a", ANY), catch("b", signal("no")), user("z"), user("w"))
    play = told(Play(diagram(*nodes, "start g a z end", "g b w end")), how)
    assert play.open == ["z"]
    assert play.step.waiting == ()
    assert play.happened("taken", all_of_it=True).count("g.a") == 1


@HOW
@pytest.mark.parametrize("interrupting", [True, False])
def test_one_of_several_is_enough_at_the_border(how, interrupting):
    nodes = (user("a"), boundary("b", "a", ANY, interrupting=interrupting), user("z"))
    play = told(Play(diagram(*nodes, "start a end", "b z end")), how)
    assert play.open == (["z"] if interrupting else ["a", "z"])
    assert bool(play.step.waiting) != interrupting
    if not interrupting:
        assert told(play, "signal").open == ["a", "z", "z"]


@HOW
@pytest.mark.parametrize("interrupting", [True, False])
def test_one_of_several_begins_an_event_sub_process(how, interrupting):
    play = Play(
        diagram(user("a"), handler("h", ANY, user("b"), end("h9"), "h0 b h9", interrupting=interrupting), "start a end")
    )
    assert told(play, how).open == (["b"] if interrupting else ["a", "b"])
    play.complete("b")
    assert play.ended == interrupting


def test_one_of_several_begins_a_process():
    source = definitions(process("p", start("s", message("x") + signal("y")), user("a"), end(), "s a end"))
    assert [(way.kind, way.node) for way in load(source).start_triggers] == [("message", "s"), ("signal", "s")]
    assert Play(source, trigger="x").open == ["a"]
    assert Play(source, trigger="y").open == ["a"]


@pytest.mark.shows("@parallelMultiple")
def test_all_of_several_are_waited_for_in_any_order():
    source = diagram(catch("a", ANY, parallelMultiple="true"), user("z"))
    for order in (("message", "signal", "timer"), ("timer", "message", "signal")):
        play = Play(source)
        for how in order[:-1]:
            assert not told(play, how).open
        assert told(play, order[-1]).open == ["z"]
    assert not told(told(Play(source), "message"), "message").step.taken


def test_all_of_several_are_waited_for_in_every_round_of_a_loop():
    both = catch("a", message("x") + signal("y"), parallelMultiple="true")
    nodes = (exclusive("again"), both, script("n", "{'n': n + 1}"), exclusive("g", default="g.again"))
    play = Play(diagram(*nodes, "start again a n g again", "g -[n >= 3]-> end"), n=0)
    for _ in range(3):
        play.signal("y").deliver("x")
    assert play.ended


def test_each_token_that_comes_waits_for_itself():
    nodes = (
        parallel("f"),
        user("u"),
        user("v"),
        catch("a", message("x") + condition("done"), parallelMultiple="true"),
        user("z"),
    )
    play = Play(diagram(*nodes, "start f u a z end", "f v a"), done=True).complete("u").complete("v")
    assert len(play.step.waiting) == 2
    assert play.deliver("x").open == ["z"]
    assert play.deliver("x").open == ["z", "z"]


def test_each_of_several_is_thrown():
    inner = sub(
        "s",
        start("s0"),
        throw("t", message("m") + signal("y") + escalation("U1"), wz_payload="n"),
        end("s9"),
        "s0 t s9",
    )
    nodes = (
        parallel("f"),
        inner,
        boundary("b", "s", escalation("U1"), interrupting=False),
        catch("c", signal("y")),
        user("z"),
        user("w"),
    )
    play = Play(diagram(*nodes, "start f c z end", "f s end", "b w end"), n=5)
    assert sorted(play.open) == ["w", "z"]
    assert [(each.kind, each.name, each.payload) for each in play.step.messages] == [
        ("message", "m", 5),
        ("signal", "y", 5),
    ]


def test_each_of_several_is_thrown_at_the_end():
    source = definitions(process("p", start(), end("e", message("m") + signal("y")), "start e"))
    play = Play(source)
    assert play.ended
    assert [each.name for each in play.step.messages] == ["m", "y"]
